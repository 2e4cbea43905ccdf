/* os.h - small things the programs ask of the system */
#ifndef NEWSMQ_OS_H
#define NEWSMQ_OS_H

#include "newsmq/err.h"
#include "newsmq/str.h"

/* The folder of the running program's file; the caller frees. */
char *os_program_dir(void);

/* A file of the project's data ("models/en.model"): $NEWSMQ_DATA, beside the program
   (../share/newsmq), or the installed place. The caller frees; NULL when nowhere. */
char *os_data_path(const char *name);

int os_make_dirs(const char *path, struct err *e); /* mkdir -p, mode 0750 */
int os_read_file(const char *path, size_t max, struct strbuf *out, struct err *e);
int os_write_all(int fd, struct str bytes, struct err *e);

/* SIGTERM and SIGINT ask to stop, SIGHUP to read the configuration again; SIGPIPE is
   ignored. Handlers without SA_RESTART, so that waiting calls answer -EINTR. */
void os_catch_signals(void);
bool os_should_stop(void);
void os_stop(void);        /* as if SIGTERM had come */
bool os_take_hangup(void); /* true once per SIGHUP */

/* sd_notify(3) protocol; does nothing without $NOTIFY_SOCKET. */
void os_notify(const char *state);

#endif
