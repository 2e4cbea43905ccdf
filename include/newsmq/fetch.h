/* fetch.h - one feed fetched once: no schedule, no state, no bus */
#ifndef NEWSMQ_FETCH_H
#define NEWSMQ_FETCH_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/item.h"

/* What was got. Strings are valid until fetch_answer_fini, absent where not known. */
struct fetch_answer {
    struct arena arena;
    struct item *items; /* as they stand in the document */
    size_t n_items;
    size_t n_left_out;   /* over a limit */
    int http_status;     /* 0: not http */
    struct str url;      /* after redirects */
    struct str moved_to; /* where permanent redirects alone led; absent */
    struct str content_type, etag, last_modified, body_sha256;
    struct str format, title, site, language;
    struct str warnings[8];
    size_t n_warnings;
    uint64_t bytes;
    double duration_ms;
};

/* Fetches and reads feed->url (http, https or file) as newsmq-fetch does. Blocks. 0, or
   negative with the reason in words; *ret is filled as far as it came, items found before
   a fault included, and wants fetch_answer_fini either way. feed must outlive *ret. */
int fetch_once(const struct config_feed *feed, const struct config_politeness *politeness,
               bool keep_html, struct fetch_answer *ret, struct err *e);

/* Fetches url, be it a feed or not: body (with its maximum) gets the bytes. For feed's
   credentials and addresses url is one that feed->url led to; it may be that itself. The
   answer as above, without what a parser finds. */
int fetch_bytes(const struct config_feed *feed,
                const struct config_politeness *politeness, const char *url,
                struct strbuf *body, struct fetch_answer *ret, struct err *e);

/* Cuts user and password, decoded, out of a URL that a person typed; each NULL when it is
   not there. The caller frees all three. What is no URL stays as it is. */
void fetch_split_user(const char *url, char **ret_url, char **ret_user,
                      char **ret_password);

/* Takes the text of the first max items from their pages where feed->full_text wants it,
   robots.txt and gaps kept; each item's fetch.page says what came of it. Blocks. */
void fetch_pages(const struct config_feed *feed,
                 const struct config_politeness *politeness, bool keep_html,
                 struct fetch_answer *a, size_t max);

void fetch_answer_fini(struct fetch_answer *a);

#endif
