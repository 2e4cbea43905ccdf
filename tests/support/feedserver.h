/* feedserver.h - a local HTTP server that answers as its script says */
#ifndef TEST_FEEDSERVER_H
#define TEST_FEEDSERVER_H

#include "newsmq/str.h"

#define FEEDSERVER_HEADERS_MAX 8

struct feedserver_page {
    const char *path; /* "/feed.xml"; NULL at the end of a script */
    unsigned status;  /* 0: 200 */
    const char *headers[FEEDSERVER_HEADERS_MAX][2];
    struct str body;
    unsigned times;    /* the body so many times; 0: once */
    unsigned delay_ms; /* before the answer */
    size_t cut_after;  /* the connection ends after so many bytes; 0: it does not */
    bool conditional;  /* 304 when If-None-Match is the page's ETag, byte for byte */
};

struct feedserver;

/* Listens on a free port of 127.0.0.1. The script is borrowed. NULL: cannot. */
struct feedserver *feedserver_open(const struct feedserver_page *script);
void feedserver_close(struct feedserver *s);

unsigned feedserver_port(const struct feedserver *s);
char *feedserver_url(const struct feedserver *s, const char *path); /* caller frees */

/* The script may change between requests. */
void feedserver_set(struct feedserver *s, const struct feedserver_page *script);

unsigned feedserver_count(struct feedserver *s, const char *path); /* of requests */

/* A header of the last request of path, "" when it had none; valid until the next. */
const char *feedserver_header(struct feedserver *s, const char *path, const char *name);

#endif
