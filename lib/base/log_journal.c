/* systemd.journal-fields(7), and the protocol of its socket: a datagram of KEY=value
   lines. Our values have no line breaks, which makes it that simple. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "log_private.h"

#define ENTRY_MAX 16384

static const int priorities[] = {3, 4, 6, 7};

bool log_is_journal_behind(int fd)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char mine[64];
    struct stat st;

    if (stream == NULL || fstat(fd, &st) < 0)
        return false;
    (void)snprintf(mine, sizeof mine, "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino);
    return strcmp(mine, stream) == 0;
}

static void add_field(struct strbuf *b, const struct log_field *f)
{
    (void)strbuf_add_text(b, "NEWSMQ_"); /* what has no room is in MESSAGE anyway */
    for (size_t i = 0; i < f->key.n; i++) {
        char c = f->key.p[i];

        (void)strbuf_add_char(b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    (void)strbuf_addf(b, "=" STR_FMT "\n", STR_ARG(f->value));
}

static bool send_entry(const char *path, struct str entry)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ssize_t n = -1;

    if (fd < 0)
        return false;
    if (strlen(path) < sizeof to.sun_path) {
        memcpy(to.sun_path, path, strlen(path) + 1);
        n = sendto(fd, entry.p, entry.n, MSG_NOSIGNAL, (const struct sockaddr *)&to,
                   sizeof to);
    }
    close(fd);
    return n == (ssize_t)entry.n;
}

bool log_to_journal(const char *path, const char *program, enum log_level level,
                    const char *message, struct str pairs)
{
    struct strbuf b = {.max = ENTRY_MAX};
    struct log_field f;
    bool sent;

    (void)strbuf_addf(&b, "PRIORITY=%d\nSYSLOG_IDENTIFIER=%s\nMESSAGE=%s%s" STR_FMT "\n",
                      priorities[level], program, message, pairs.n > 0 ? ": " : "",
                      STR_ARG(pairs));
    while (log_next_field(&pairs, &f))
        add_field(&b, &f);
    sent = send_entry(path, strbuf_str(&b));
    strbuf_fini(&b);
    return sent;
}
