/* The sd_notify(3) protocol: one datagram to $NOTIFY_SOCKET, which is systemd's or
   newsmqd's. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "newsmq/os.h"

#define BUSY_EVERY_MS (2 * SECOND_MS)
#define BUSY_MORE_US  "60000000" /* until the next word */
#define TELL_EVERY_MS SECOND_MS

void os_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n;
    int fd;

    if (path == NULL || (path[0] != '/' && path[0] != '@'))
        return;
    n = strlen(path);
    if (n >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, n);
    if (path[0] == '@')
        to.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                             n)); /* nobody listening is no fault of ours */
    close(fd);
}

void os_notify_reloading(void)
{
    char text[64];

    (void)snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
                   (long long)(clock_mono().ns / 1000));
    os_notify(text);
}

void os_notify_busy(struct mono *due, const char *what)
{
    struct mono now = clock_mono();
    char text[200];

    if (!mono_is_due(*due, now))
        return;
    *due = mono_add_ms(now, BUSY_EVERY_MS);
    (void)snprintf(text, sizeof text,
                   "EXTEND_TIMEOUT_USEC=" BUSY_MORE_US "\nWATCHDOG=1\nSTATUS=%s", what);
    os_notify(text);
}

int64_t os_watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    uint64_t us = 0, who = 0;

    if (usec == NULL || !str_to_u64(str_of(usec), &us) || us > INT64_MAX)
        return 0;
    if (pid != NULL && (!str_to_u64(str_of(pid), &who) || who != (uint64_t)getpid()))
        return 0;
    return (int64_t)(us / 1000);
}

/* ---- reports ---- */

static bool has_listener(void)
{
    return getenv("NOTIFY_SOCKET") != NULL;
}

static void open_report(struct os_report *r, struct mono now)
{
    if (r->is_open)
        return;
    r->is_open = true;
    r->feed_ms = has_listener() ? os_watchdog_ms() / 2 : 0;
    r->feed_due = now;
    r->tell_due = has_listener() ? now : (struct mono){INT64_MAX};
}

bool os_report_is_due(struct os_report *r, struct mono now)
{
    open_report(r, now);
    return mono_is_due(r->tell_due, now) ||
           (r->feed_ms > 0 && mono_is_due(r->feed_due, now));
}

static void tell(struct os_report *r, const char *words)
{
    char text[sizeof r->told + 8];

    if (strcmp(words, r->told) == 0)
        return;
    (void)snprintf(r->told, sizeof r->told, "%s", words);
    (void)snprintf(text, sizeof text, "STATUS=%s", words);
    os_notify(text);
}

void os_report(struct os_report *r, struct mono now, bool is_well, const char *fmt, ...)
{
    char words[sizeof r->told];
    va_list ap;

    open_report(r, now);
    if (r->tell_due.ns == INT64_MAX)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof words, fmt, ap); /* cut is fine */
    va_end(ap);
    r->tell_due = mono_add_ms(now, TELL_EVERY_MS);
    tell(r, words);
    if (r->feed_ms <= 0 || !mono_is_due(r->feed_due, now))
        return;
    r->feed_due = mono_add_ms(now, r->feed_ms);
    if (is_well)
        os_notify("WATCHDOG=1");
}

void os_report_slow(struct os_report *r, int64_t ms)
{
    char text[64];

    open_report(r, clock_mono());
    if (r->feed_ms <= 0 || ms < r->feed_ms)
        return;
    (void)snprintf(text, sizeof text, "WATCHDOG_USEC=%lld",
                   (long long)(ms * 2 + r->feed_ms * 2) * 1000);
    os_notify(text);
}
