/* document.h - one feed document: bytes in as they arrive, items out at the end */
#ifndef NEWSMQ_FETCH_DOCUMENT_H
#define NEWSMQ_FETCH_DOCUMENT_H

#include <openssl/evp.h>

#include "newsmq/config.h"
#include "newsmq/feed.h"
#include "newsmq/hash.h"
#include "newsmq/item.h"

#include "transfer.h"

#define DOCUMENT_WARNINGS_MAX 8
#define DOCUMENT_HEAD_MAX     4096

struct document {
    const struct config_feed *feed; /* borrowed */
    bool keep_html;
    struct feed_parser *parser;   /* NULL: no byte has come */
    char head[DOCUMENT_HEAD_MAX]; /* the first bytes, for judging what it is */
    size_t n_head;
    EVP_MD_CTX *hash;
    struct arena arena;   /* the items and all they point to */
    struct arena scratch; /* one entry under way */
    struct item *items;   /* as they stand in the document */
    size_t n_items, cap_items;
    struct item_open *open; /* beside items */
    size_t cap_open;
    struct feed_habits habits; /* set before the first byte; grown at the end */
    size_t n_left_out;         /* over a limit */
    size_t n_empty;            /* neither title, link, id nor text */
    struct str warnings[DOCUMENT_WARNINGS_MAX];
    size_t n_warnings;
    struct item_feed item_feed;
    struct item_fetch item_fetch;
    char body_hash[SHA256_TEXT_MAX]; /* "" before document_finish */
};

void document_init(struct document *d, const struct config_feed *f, bool keep_html);

/* The two calls of a transfer_receiver; ctx is the document. A fault in the document
   ends the transfer, and what was found before it stays. */
int document_start(void *ctx, const struct transfer_answer *a, struct err *e);
int document_push(void *ctx, struct str bytes, struct err *e);

/* The end of the bytes, whatever ended them: items become complete. is_whole says that
   all came: then 0, or ERR_FORMAT when this was no feed. */
int document_finish(struct document *d, const struct transfer_answer *a, bool is_whole,
                    struct err *e);

/* Valid from start to fini; NULL when nothing has come. */
const struct feed_meta *document_meta(const struct document *d);

void document_fini(struct document *d);

#endif
