/* The log is the only global state of a program: its name, level and form, and what was
   said lately. A line is built in one buffer and leaves in one write, so lines of several
   processes that share a stderr do not mix. Timers log from threads of their own. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/clock.h"

#include "log_private.h"

static struct {
    char program[32];
    enum log_level level;
    enum log_format format;
    bool tells_journal;
    bool is_told_at_exit;
    pthread_mutex_t lock; /* of limit */
    struct log_limit limit;
} the_log = {.program = "newsmq",
             .level = LOG_LEVEL_INFO,
             .format = LOG_TEXT,
             .lock = PTHREAD_MUTEX_INITIALIZER};

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static const char *const syslog_prefix[] = {"<3>", "<4>", "<6>", "<7>"};

static void tell_left_out(int64_t now_ms, bool at_once);

static void tell_at_exit(void)
{
    tell_left_out(clock_wall_ms(), true);
}

void log_open(const char *program, enum log_level level, enum log_format format)
{
    bool is_auto = format == LOG_AUTO;

    (void)snprintf(the_log.program, sizeof the_log.program, "%s", program);
    if (is_auto)
        format = getenv("JOURNAL_STREAM") != NULL ? LOG_SYSTEMD : LOG_TEXT;
    the_log.level = level;
    the_log.format = format;
    the_log.tells_journal = is_auto && log_is_journal_behind(STDERR_FILENO);
    if (!the_log.is_told_at_exit)
        (void)atexit(tell_at_exit); /* without it the last count is not told */
    the_log.is_told_at_exit = true;
}

void log_set_level(enum log_level level)
{
    the_log.level = level;
}

static void add_json_text(struct strbuf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '"' || c == '\\')
            (void)strbuf_addf(b, "\\%c", c);
        else if (c < 0x20)
            (void)strbuf_addf(b, "\\u%04x", c);
        else
            (void)strbuf_add_char(b, (char)c);
    }
}

static void add_json(struct strbuf *b, const char *when, enum log_level level,
                     const char *message, struct str pairs)
{
    struct log_field f;
    const char *comma = "";

    (void)strbuf_addf(b,
                      "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"pid\":%d,"
                      "\"message\":\"",
                      when, level_names[level], the_log.program, (int)getpid());
    add_json_text(b, str_of(message));
    (void)strbuf_add_text(b, "\",\"fields\":{");
    while (log_next_field(&pairs, &f)) {
        (void)strbuf_addf(b, "%s\"" STR_FMT "\":\"", comma, STR_ARG(f.key));
        add_json_text(b, f.value);
        (void)strbuf_add_char(b, '"');
        comma = ",";
    }
    (void)strbuf_add_text(b, "}}\n");
}

static void write_line(enum log_level level, const char *message, const char *pairs)
{
    struct strbuf b = {.max = 16384};
    char when[CLOCK_TEXT_MAX];

    if (the_log.tells_journal && log_to_journal(LOG_JOURNAL_SOCKET, the_log.program,
                                                level, message, str_of(pairs)))
        return;
    (void)clock_text(clock_wall_ms(), when);
    if (the_log.format == LOG_JSON)
        add_json(&b, when, level, message, str_of(pairs));
    else if (the_log.format == LOG_SYSTEMD)
        (void)strbuf_addf(&b, "%s%s: %s %s\n", syslog_prefix[level], the_log.program,
                          message, pairs);
    else
        (void)strbuf_addf(&b, "%s %-5s %s[%d]: %s%s%s\n", when, level_names[level],
                          the_log.program, (int)getpid(), message,
                          pairs[0] != '\0' ? ": " : "", pairs);
    (void)!write(STDERR_FILENO, b.p, b.n); /* no place left to complain to */
    strbuf_fini(&b);
}

/* ---- lines that repeat ---- */

static void tell_left_out(int64_t now_ms, bool at_once)
{
    for (;;) {
        char pairs[sizeof the_log.limit.kinds[0].text + 64];
        const struct log_kind *k;
        uint64_t n = 0;

        (void)pthread_mutex_lock(&the_log.lock); /* a plain lock cannot fail */
        k = log_limit_due(&the_log.limit, now_ms, at_once, &n);
        if (k != NULL)
            (void)snprintf(pairs, sizeof pairs, "n=%llu like='%s'", (unsigned long long)n,
                           k->text);
        (void)pthread_mutex_unlock(&the_log.lock);
        if (k == NULL)
            return;
        write_line(LOG_LEVEL_WARN, "more like it, left out", pairs);
    }
}

static bool is_taken(enum log_level level, const char *message, const char *pairs)
{
    int64_t now_ms = clock_wall_ms();
    bool takes;

    tell_left_out(now_ms, false);
    (void)pthread_mutex_lock(&the_log.lock);
    takes = log_limit_takes(&the_log.limit, level, message, str_of(pairs), now_ms);
    (void)pthread_mutex_unlock(&the_log.lock);
    return takes;
}

__attribute__((format(printf, 3, 0))) static void write_pairs(enum log_level level,
                                                              const char *message,
                                                              const char *fmt, va_list ap)
{
    char pairs[4096];

    (void)vsnprintf(pairs, sizeof pairs, fmt, ap); /* cut lines are still useful */
    for (char *p = pairs; *p != '\0'; p++)
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    if (is_taken(level, message, pairs))
        write_line(level, message, pairs);
}

void log_write(enum log_level level, const char *message, const char *fmt, ...)
{
    va_list ap;

    if (level > the_log.level)
        return;
    va_start(ap, fmt);
    write_pairs(level, message, fmt, ap);
    va_end(ap);
}

void log_fatal(const char *message, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    write_pairs(LOG_LEVEL_ERROR, message, fmt, ap);
    va_end(ap);
    exit(1);
}

const char *log_safe(struct str s, char buf[LOG_SAFE_MAX])
{
    struct str cut = str_head(s, 200);

    for (size_t i = 0; i < cut.n; i++) {
        unsigned char c = (unsigned char)cut.p[i];

        buf[i] = c < 0x20 || c == 0x7f || c == '\'' || c == '"' ? '?' : (char)c;
        if (i > 0 && c >= 0x80 && c < 0xA0 && (unsigned char)cut.p[i - 1] == 0xC2)
            buf[i - 1] = buf[i] = '?'; /* C1: a terminal may take U+009B for ESC [ */
    }
    (void)snprintf(buf + cut.n, LOG_SAFE_MAX - cut.n, "%s", cut.n < s.n ? "…" : "");
    return buf;
}
