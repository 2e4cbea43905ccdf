/* page.h - what all pages have: the frame around them, and parts that several show */
#ifndef NEWSMQ_HTTP_PAGE_H
#define NEWSMQ_HTTP_PAGE_H

#include "newsmq/view.h"

#include "feedlist.h"
#include "route.h"

/* The now of parts whose words of times a script will find: a row is another one only
   when something happened. */
#define PAGE_WORDS_MS 1
#define PAGE_TYPE     "text/html; charset=utf-8"

struct page {
    struct html html;
    struct view view; /* its html is the one above */
};

/* Everything up to <main>; tab: the path of the part of the menu, or NULL; live: it is
   kept up to date by /events. title is a stranger's, maybe. */
void page_open(struct page *p, struct http *h, struct strbuf *out, struct str title,
               const char *tab, bool live);
/* Answers status, or 500 when it did not fit. */
unsigned page_close(struct page *p, struct http *h, unsigned status);

/* A whole page that says what is not there. */
unsigned page_error(struct http *h, struct strbuf *out, unsigned status,
                    const char *title, const char *text);

/* ---- parts; words_ms is the now of "3 min ago" ---- */

/* How it does, what is wrong, in numbers. */
void part_state(struct page *p, struct http *h, const struct feed_list *feeds);
void part_newest(struct page *p, struct http *h);
void part_feed_row(struct page *p, const struct feed_list *list,
                   const struct feed_line *line);

const char *health_class(enum health health); /* "ok", "warn", "bad", "dim" */

#endif
