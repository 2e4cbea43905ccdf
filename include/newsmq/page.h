/* page.h - the main text of a web page: which part of it is the article

   Scores blocks by their paragraphs, commas and share of links, as readers' modes of
   browsers do (Arc90's Readability and what came of it), helped by what pages say of
   themselves: article, main, itemprop, JSON-LD (schema.org Article). */
#ifndef NEWSMQ_PAGE_H
#define NEWSMQ_PAGE_H

#include "newsmq/date.h"
#include "newsmq/err.h"
#include "newsmq/mem.h"

struct page_options {
    struct str url;          /* after redirects: base of relative links */
    struct str content_type; /* the HTTP header, absent when none */
    size_t max_text_bytes;   /* over it the text is cut; 0: no bound but the arena's */
};

/* What is not known is absent. All of it lives in the arena. */
struct page {
    bool is_article;  /* text and html are the article's; else both are absent */
    bool is_teaser;   /* the page says that this is only the beginning (a paywall) */
    bool is_cut;      /* max_text_bytes */
    const char *why;  /* when it is no article, in words; never NULL then */
    struct str title; /* these four are one line of plain text */
    struct str byline, site, language;
    struct str canonical;  /* absolute, http or https */
    struct str text, html; /* as text_from_html makes it, and safe to show */
    struct date published;
};

/* Reads a whole page, in any encoding and however broken. 0, also for a page without an
   article, or negative for bytes that are no page at all: ERR_FORMAT (not HTML), -E2BIG
   (the arena is full). Time and memory grow with the bytes; beyond 4 MiB of text or
   50,000 tags the rest is not looked at. */
int page_read(struct str bytes, const struct page_options *o, struct arena *a,
              struct page *ret, struct err *e);

#endif
