/* demo_server.h - the feeds of the demo, served on a free port of 127.0.0.1 */
#ifndef NEWSMQ_CLI_DEMO_SERVER_H
#define NEWSMQ_CLI_DEMO_SERVER_H

#include "newsmq/err.h"
#include "newsmq/str.h"

struct demo_feed {
    const char *id;    /* in the configuration */
    const char *file;  /* in the folder, and the path of its URL */
    const char *type;  /* Content-Type */
    const char *group; /* in the configuration */
    bool grows;        /* one entry more at every tick */
};

extern const struct demo_feed demo_feeds[]; /* id NULL at the end */

struct demo_server;

/* Reads the files of folder and serves them in a thread of its own. A feed that grows
   shows its first entry to the first who asks, and one more each pace_ms. */
int demo_server_open(const char *folder, int64_t pace_ms, struct demo_server **ret,
                     struct err *e);
unsigned demo_server_port(const struct demo_server *s);

/* How many whole entries a feed has in the end; 0: no such feed. */
size_t demo_server_entries(const struct demo_server *s, struct str feed);
void demo_server_close(struct demo_server *s);

#endif
