/* sandbox.h - a program's wall around itself: what it may touch from now on

   Two walls. Of files and TCP ports (the kernel's Landlock): what the paths do not name
   cannot be opened, made, renamed or removed, even where the user could. Of system calls
   (seccomp): what the role needs; all else answers EPERM, so that it is an error like
   others and no death. Nobody can exec, trace, signal others, or have memory that is both
   written and run; what only reads cannot open anything for writing.

   Landlock holds for the thread that asks for it and for those that are started after.
   ZeroMQ, curl and timers have threads, so the wall comes before all of them: when the
   configuration has been read, and long before anything that a stranger wrote. Sockets
   are bound and models are mapped behind it. The filter is put on every thread anyway.

   A wall never becomes wider: a new configuration that names more is answered by ending
   and starting anew (startup_wall_covers in startup.h). */
#ifndef NEWSMQ_SANDBOX_H
#define NEWSMQ_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newsmq/err.h"

enum sandbox_role {
    SANDBOX_HUB,       /* writes the state and makes sockets */
    SANDBOX_FETCH,     /* speaks to the whole network; writes nothing */
    SANDBOX_WORKER,    /* reads its models; writes nothing, no network */
    SANDBOX_SINK,      /* writes its output folders; no network */
    SANDBOX_HTTP,      /* listens; writes nothing */
    SANDBOX_SUPERVISE, /* starts the others: only what no program needs is shut */
};

enum sandbox_mode { SANDBOX_TRY, SANDBOX_REQUIRE, SANDBOX_OFF };

/* Starts zeroed. Folders stand for all below them. What is not there is left out; of a
   folder to be written the nearest one above it that is there counts. "/" never does. */
struct sandbox_paths {
    char **read, **write;
    size_t n_read, n_write, cap_read, cap_write;
    uint16_t *bind, *connect; /* TCP ports; 0: any free one */
    size_t n_bind, n_connect, cap_bind, cap_connect;
    bool connects_anywhere;
};

/* Paths are copied; NULL is none. `beside` counts the folder of a file, since files are
   replaced by renaming, and that of what it is a link to; `below` the folder above the
   first part of a path that has one of * ? [ %. */
void sandbox_may_read(struct sandbox_paths *p, const char *path);
void sandbox_may_read_beside(struct sandbox_paths *p, const char *path);
void sandbox_may_read_below(struct sandbox_paths *p, const char *pattern);
void sandbox_may_write(struct sandbox_paths *p, const char *path);
void sandbox_may_write_below(struct sandbox_paths *p, const char *pattern);
void sandbox_may_bind(struct sandbox_paths *p, uint16_t port);
void sandbox_may_connect(struct sandbox_paths *p, uint16_t port);
void sandbox_paths_fini(struct sandbox_paths *p);

/* NULL: all of `more` is inside `p`. Else the first that is not, borrowed from `more`; ""
   for a port. */
const char *sandbox_paths_miss(const struct sandbox_paths *p,
                               const struct sandbox_paths *more);

struct sandbox_walls {
    int abi; /* of Landlock; 0: none */
    bool has_files, has_ports, has_calls;
    char
        missing[200]; /* which walls this kernel does not give, in words; "" all are up */
};

/* 0 with what is up, or a negative code: with SANDBOX_REQUIRE when a wall is missing, and
   always when there are threads already. For SANDBOX_SUPERVISE paths is not looked at. */
int sandbox_enter(enum sandbox_role role, enum sandbox_mode mode,
                  const struct sandbox_paths *paths, struct sandbox_walls *ret,
                  struct err *e);

#endif
