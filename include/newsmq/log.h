/* log.h - the log: one constant sentence a line, then key=value */
#ifndef NEWSMQ_LOG_H
#define NEWSMQ_LOG_H

#include <stdnoreturn.h>
#include "newsmq/str.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format {
    LOG_AUTO, /* under systemd fields of its journal, or "<N>" prefixes where stderr goes
                 elsewhere; else text */
    LOG_TEXT,
    LOG_JSON,
    LOG_SYSTEMD,
};

/* Before the first call: program name "newsmq", level info, text on stderr. */
void log_open(const char *program, enum log_level level, enum log_format format);
void log_set_level(enum log_level level);

/* fmt describes the pairs: "feed=%s status=%d cause='%s'". One write a line. Warnings and
   errors about one feed (extractor) that repeat are left out after the first few,
   counted, and the count is told. */
void log_write(enum log_level level, const char *message, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
noreturn void log_fatal(const char *message, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

/* Text from strangers, made fit for a log line or a terminal: control characters and
   quotes replaced by '?', cut to 200 bytes. buf holds LOG_SAFE_MAX; answers buf. */
#define LOG_SAFE_MAX 208
const char *log_safe(struct str s, char buf[LOG_SAFE_MAX]);

#endif
