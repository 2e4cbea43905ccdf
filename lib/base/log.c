/* The log is the only global state of a program: its name, level and form. A line is
   built in one buffer and leaves in one write, so lines of several processes that share
   a stderr do not mix. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/log.h"

static struct {
    char program[32];
    enum log_level level;
    enum log_format format;
} the_log = {"newsmq", LOG_LEVEL_INFO, LOG_TEXT};

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static const char *const syslog_prefix[] = {"<3>", "<4>", "<6>", "<7>"};

void log_open(const char *program, enum log_level level, enum log_format format)
{
    (void)snprintf(the_log.program, sizeof the_log.program, "%s", program);
    if (format == LOG_AUTO)
        format = getenv("JOURNAL_STREAM") != NULL ? LOG_SYSTEMD : LOG_TEXT;
    the_log.level = level;
    the_log.format = format;
}

void log_set_level(enum log_level level)
{
    the_log.level = level;
}

static void add_json_text(struct strbuf *b, const char *z)
{
    for (; *z != '\0'; z++) {
        unsigned char c = (unsigned char)*z;

        if (c == '"' || c == '\\')
            (void)strbuf_addf(b, "\\%c", c);
        else if (c < 0x20)
            (void)strbuf_addf(b, "\\u%04x", c);
        else
            (void)strbuf_add_char(b, (char)c);
    }
}

static void write_line(enum log_level level, const char *message, const char *pairs)
{
    struct strbuf b = {.max = 8192};
    char when[CLOCK_TEXT_MAX];

    (void)clock_text(clock_wall_ms(), when);
    if (the_log.format == LOG_JSON) {
        (void)strbuf_addf(
            &b,
            "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"pid\":%d,"
            "\"message\":\"",
            when, level_names[level], the_log.program, (int)getpid());
        add_json_text(&b, message);
        (void)strbuf_add_text(&b, "\",\"pairs\":\"");
        add_json_text(&b, pairs);
        (void)strbuf_add_text(&b, "\"}\n");
    } else if (the_log.format == LOG_SYSTEMD) {
        (void)strbuf_addf(&b, "%s%s: %s %s\n", syslog_prefix[level], the_log.program,
                          message, pairs);
    } else {
        (void)strbuf_addf(&b, "%s %-5s %s[%d]: %s%s%s\n", when, level_names[level],
                          the_log.program, (int)getpid(), message,
                          pairs[0] != '\0' ? ": " : "", pairs);
    }
    (void)!write(STDERR_FILENO, b.p, b.n); /* no place left to complain to */
    strbuf_fini(&b);
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
