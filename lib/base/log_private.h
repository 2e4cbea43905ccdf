/* log_private.h - what the files of the log share */
#ifndef NEWSMQ_BASE_LOG_PRIVATE_H
#define NEWSMQ_BASE_LOG_PRIVATE_H

#include "newsmq/log.h"

/* log_fields.c: the pairs of a line, "feed=bbc cause='it failed'", one by one. False at
   the end. A quoted value ends where the next pair begins, so it may hold quotes. */
struct log_field {
    struct str key, value;
};
bool log_next_field(struct str *rest, struct log_field *ret);

/* log_journal.c: the native protocol of systemd's journal, whose socket is at path. False
   when it cannot be reached: the line is to be written elsewhere. */
#define LOG_JOURNAL_SOCKET "/run/systemd/journal/socket"
bool log_is_journal_behind(int fd); /* $JOURNAL_STREAM names what fd is */
bool log_to_journal(const char *path, const char *program, enum log_level level,
                    const char *message, struct str pairs);

/* log_limit.c: at most LOG_BURST lines of one kind, then one each LOG_EVERY_MS. A kind is
   a message and the feed (extractor) that it is about; lines about none, and those
   that are no trouble, are not limited. */
#define LOG_BURST    5
#define LOG_EVERY_MS (10 * INT64_C(60000))
struct log_kind {
    char text[160]; /* "feed fails: feed=bbc"; "" nobody's */
    int64_t since_ms, n_tokens;
    uint64_t n_left_out;
};
struct log_limit {
    struct log_kind kinds[128];
};

/* Whether the line is to be written. */
bool log_limit_takes(struct log_limit *l, enum log_level level, const char *message,
                     struct str pairs, int64_t now_ms);
/* A kind of which lines were left out long enough ago (at_once: at all); NULL: none. Its
   count is the caller's to tell; it begins anew. */
const struct log_kind *log_limit_due(struct log_limit *l, int64_t now_ms, bool at_once,
                                     uint64_t *ret_n);

#endif
