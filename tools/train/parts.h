/* parts.h - a model in the making: the sections of one that is there, and new ones */
#ifndef NEWSMQ_TRAIN_PARTS_H
#define NEWSMQ_TRAIN_PARTS_H

#include "tagger/model.h"

struct parts {
    struct model_head head;
    struct model_part list[MODEL_SECTIONS_MAX];
    size_t n;
};

/* Adds the sections of a model, and takes over its name, version and language when p has
   none. What is there under the same name is replaced. */
int parts_read(struct parts *p, const char *path, struct err *e);
/* The same, but what is there stays. */
int parts_read_below(struct parts *p, const char *path, struct err *e);
/* Takes bytes over; they are from the heap. */
void parts_set(struct parts *p, const char *name, struct str bytes);
int parts_write(const struct parts *p, const char *path, struct err *e);
void parts_fini(struct parts *p);

#endif
