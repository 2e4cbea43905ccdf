/* demo_place.h - where a demo runs: a temporary folder, and the folder of its records */
#ifndef NEWSMQ_CLI_DEMO_PLACE_H
#define NEWSMQ_CLI_DEMO_PLACE_H

#include "newsmq/err.h"

struct demo_place {
    char *run;    /* temporary: configuration, state, sockets, log */
    char *out;    /* records; absolute */
    char *config; /* files in run */
    char *log;
};

/* Makes both folders. out NULL: ./demo-out, or ./demo-out-2, … when that has something in
   it. -ENOTEMPTY when out was named and has something in it. */
int demo_place_make(const char *out, struct demo_place *ret, struct err *e);

/* A port of 127.0.0.1 that nobody has now; 0: there is none. */
unsigned demo_place_free_port(void);

/* Writes the configuration of all demo_feeds, served on feeds_port, with the status page
   on page_port; 0: no page. */
int demo_place_write_config(const struct demo_place *p, unsigned feeds_port,
                            unsigned page_port, struct err *e);

/* Removes the temporary folder unless it is to be kept, and the folder of the records
   when there is nothing in it. */
void demo_place_fini(struct demo_place *p, bool keep);

#endif
