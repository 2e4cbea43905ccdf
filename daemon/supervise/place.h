/* place.h - the folders that belong to one newsmqd at a time

   bus.dir holds its process id (newsmqd.pid, locked), its control socket and the one its
   programs report to; the state folder is locked as well, since two configurations with
   different bus.dir may name the same one. */
#ifndef NEWSMQ_SUPERVISE_PLACE_H
#define NEWSMQ_SUPERVISE_PLACE_H

#include "newsmq/config.h"
#include "newsmq/err.h"

struct place {
    char *dir, *state;
    char *pid_path, *control_path, *notify_path;
    int dir_lock, state_lock; /* descriptors */
};

/* Makes the folders and takes the locks. before (may be NULL) is a place that this
   process has already: a folder that stays the same is shared with it. -EBUSY with a
   sentence when another newsmqd has one of them. */
int place_open(const struct config *c, const struct place *before, struct place *ret,
               struct err *e);

/* after (may be NULL): the place that is kept instead; what both share stays. */
void place_close(struct place *p, const struct place *after);

#endif
