/* html.h - writing HTML and SVG: strangers' text is escaped, our own markup is not

   What strangers wrote goes through html_text and html_attr, always; html_raw and html_f
   take constants of ours, and numbers. No styles and scripts stand in what is written, so
   that a strict Content-Security-Policy holds (style.css: view_css). */
#ifndef NEWSMQ_HTML_H
#define NEWSMQ_HTML_H

#include "newsmq/str.h"

struct html {
    struct strbuf *out;
    int rc; /* the first error of out (-E2BIG), kept; later calls do nothing */
};

static inline struct html html_to(struct strbuf *out)
{
    return (struct html){.out = out};
}

void html_raw(struct html *h, const char *ours);
/* Only numbers and constants. */
void html_f(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Escaped. Bad UTF-8 is U+FFFD; controls are left out, \t and \n stay. */
void html_text(struct html *h, struct str s);
void html_cstr(struct html *h, const char *z); /* nothing for NULL */

/* The same, and what stands between `backticks` is <code>. */
void html_words(struct html *h, struct str s);

/* ` name="value"`, escaped; \t and \n become spaces. */
void html_attr(struct html *h, const char *name, struct str value);

/* ` href="PREFIX…"` with key percent-encoded as one segment of a path. */
void html_href(struct html *h, const char *prefix, struct str key);

/* Whether it may stand in a link: http or https, and nothing else. */
bool html_url_is_fit(struct str url);

/* <a> to another site that learns nothing of this page, or only the text where the URL is
   not fit. class may be NULL. */
void html_link(struct html *h, struct str url, struct str text, const char *class);

/* The name of a URL's site for people: "www.example.org"; absent when it is not fit. */
struct str html_site(struct str url);

/* ---- numbers and times ---- */

/* "12,345" */
void html_number(struct html *h, uint64_t n);

/* <time> with the words of words_ago; "never" for 0. */
void html_ago(struct html *h, int64_t then_ms, int64_t now_ms);

/* <time> with day and minute, UTC; a dash for 0. */
void html_moment(struct html *h, int64_t ms);

/* ---- pictures; label says in words what they show ---- */

/* n columns, small, for a row of a table. */
void html_spark(struct html *h, const uint32_t *counts, size_t n, const char *label);

/* The same, large, with a scale; names: of each column, NULL: none. */
void html_columns(struct html *h, const uint32_t *counts, const char *const *names,
                  size_t n, const char *label);

/* A bar of value to max, for a cell; nothing is said of it. */
void html_bar(struct html *h, double value, double max);

struct html_point {
    double lat, lon;
    uint64_t weight; /* its size, among the others */
    struct str name;
    struct str href; /* absent: no link; a path of ours, percent-encoded */
};

/* A map of the world with points; nothing when there are none. */
void html_map(struct html *h, const struct html_point *points, size_t n,
              const char *label);

/* The style sheet of all of this. */
extern const struct str view_css;

#endif
