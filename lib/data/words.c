#include "newsmq/words.h"

#include <stdio.h>
#include <string.h>

#include "newsmq/str.h"

const char *words_ago(int64_t then_ms, int64_t now_ms, char buf[WORDS_MAX])
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{DAY_MS, "d"}, {HOUR_MS, "h"}, {MINUTE_MS, "min"}, {SECOND_MS, "s"}};
    int64_t d = now_ms - then_ms, size = d < 0 ? -d : d;

    (void)snprintf(buf, WORDS_MAX, "%s", then_ms == 0 ? "never" : "now");
    for (size_t i = 0; then_ms != 0 && i < ARRAY_LEN(units); i++) {
        if (size < units[i].ms)
            continue;
        (void)snprintf(buf, WORDS_MAX, d < 0 ? "in %lld %s" : "%lld %s ago",
                       (long long)(size / units[i].ms), units[i].name);
        break;
    }
    return buf;
}

const char *words_length(int64_t ms, char buf[WORDS_MAX])
{
    char *ago;

    (void)words_ago(1, 1 + ms, buf);
    ago = strstr(buf, " ago");
    if (ago != NULL)
        *ago = '\0';
    return buf;
}

const char *words_moment(int64_t ms, int64_t now_ms, char buf[WORDS_MAX])
{
    char text[CLOCK_TEXT_MAX];

    if (clock_text(ms, text)[0] == '\0')
        (void)snprintf(buf, WORDS_MAX, "an odd time");
    else if (ms / DAY_MS == now_ms / DAY_MS)
        (void)snprintf(buf, WORDS_MAX, "%.8s", text + 11);
    else
        (void)snprintf(buf, WORDS_MAX, "%.10s %.8s", text, text + 11);
    return buf;
}

const char *words_span(int64_t ms, char buf[WORDS_MAX])
{
    int64_t s = (ms + SECOND_MS / 2) / SECOND_MS, d = s / 86400, h = s / 3600 % 24;
    int64_t m = s / 60 % 60;

    if (ms < 10 * SECOND_MS)
        (void)snprintf(buf, WORDS_MAX, "%.3g s", (double)ms / SECOND_MS);
    else if (s < 60)
        (void)snprintf(buf, WORDS_MAX, "%lld s", (long long)s);
    else if (s < 3600)
        (void)snprintf(buf, WORDS_MAX, s % 60 != 0 ? "%lld min %lld s" : "%lld min",
                       (long long)m, (long long)(s % 60));
    else if (d == 0)
        (void)snprintf(buf, WORDS_MAX, m != 0 ? "%lld h %lld min" : "%lld h",
                       (long long)h, (long long)m);
    else
        (void)snprintf(buf, WORDS_MAX, h != 0 ? "%lld d %lld h" : "%lld d", (long long)d,
                       (long long)h);
    return buf;
}
