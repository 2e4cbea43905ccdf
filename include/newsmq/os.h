/* os.h - small things the programs ask of the system */
#ifndef NEWSMQ_OS_H
#define NEWSMQ_OS_H

#include "newsmq/clock.h"
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

/* A reload began (READY=1 ends it): systemd wants to know when. */
void os_notify_reloading(void);

/* From within work that takes long, as often as one likes: more time for the start, and
   the watchdog is fed. *due starts zeroed. */
void os_notify_busy(struct mono *due, const char *what);

/* The watchdog of whoever started this process, when it is meant for it; 0: none. */
int64_t os_watchdog_ms(void);

/* What a program keeps saying of itself while it runs. Starts zeroed. */
struct os_report {
    bool is_open;
    int64_t feed_ms; /* the watchdog wants to be fed so often; 0: never */
    struct mono feed_due, tell_due;
    char told[240];
};

/* Once a second, and when the watchdog is to be fed; never when nobody listens. */
bool os_report_is_due(struct os_report *r, struct mono now);

/* Feeds the watchdog when is_well and tells the words as STATUS when they are others.
   Call it from a loop that gets on, when it is due. */
void os_report(struct os_report *r, struct mono now, bool is_well, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* One step of this program may take ms: the watchdog waits longer when it must. */
void os_report_slow(struct os_report *r, int64_t ms);

#endif
