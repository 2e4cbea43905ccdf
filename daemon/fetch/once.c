#include <stdlib.h>

#include "newsmq/fetch.h"

#include "document.h"
#include "transfer.h"

/* The document's arena and items change hands, so all slices stay as they are. */
static void take_document(struct document *d, struct fetch_answer *to)
{
    const struct feed_meta *m = document_meta(d);

    to->n_left_out = d->n_left_out;
    to->format = d->item_feed.format;
    to->title = d->item_feed.title;
    to->site = d->item_feed.site;
    if (m != NULL && m->language.p != NULL)
        to->language = arena_dup(&d->arena, m->language);
    if (d->body_hash[0] != '\0')
        to->body_sha256 = arena_dup(&d->arena, str_of(d->body_hash));
    for (size_t i = 0; i < d->n_warnings; i++)
        to->warnings[i] = d->warnings[i];
    to->n_warnings = d->n_warnings;
    for (size_t i = 0; i < d->n_items; i++) { /* these lay in the document itself */
        d->items[i].fetch.parse_warnings = to->warnings;
        d->items[i].fetch.body_sha256 = to->body_sha256;
    }
    to->items = d->items;
    to->n_items = d->n_items;
    to->arena = d->arena;
    d->items = NULL;
    d->arena = (struct arena){0};
}

static struct str keep(struct arena *a, const char *z)
{
    return z != NULL ? arena_dup(a, str_of(z)) : (struct str){0};
}

static void take_answer(const struct transfer_answer *a, struct fetch_answer *to)
{
    to->http_status = a->http_status;
    to->url = keep(&to->arena, a->url);
    to->content_type = keep(&to->arena, a->content_type);
    to->etag = keep(&to->arena, a->etag);
    to->last_modified = keep(&to->arena, a->last_modified);
    to->moved_to = keep(&to->arena, a->permanent_url);
    to->bytes = a->bytes;
    to->duration_ms = a->duration_ms;
}

int fetch_once(const struct config_feed *feed, const struct config_politeness *politeness,
               bool keep_html, struct fetch_answer *ret, struct err *e)
{
    struct document d;
    struct transfer_receiver to = {&d, document_start, document_push};
    struct transfer_request ask = {.feed = feed, .politeness = politeness};
    struct transfer *t = NULL;
    const struct transfer_answer *a;
    int rc;

    *ret = (struct fetch_answer){0};
    rc = transfer_new(&ask, &to, &t, e);
    if (rc < 0)
        return rc;
    document_init(&d, feed, keep_html);
    transfer_run(t);
    a = transfer_get_answer(t);
    rc = document_finish(&d, a, a->outcome == TRANSFER_DOCUMENT, e);
    if (a->outcome != TRANSFER_DOCUMENT) {
        *e = a->reason;
        rc = a->reason.code;
    }
    take_document(&d, ret);
    take_answer(a, ret);
    document_fini(&d);
    transfer_free(t);
    return rc;
}

static int keep_bytes(void *ctx, struct str bytes, struct err *e)
{
    if (strbuf_add(ctx, bytes) < 0)
        return err_set(e, ERR_LIMIT, "larger than is read of a page");
    return 0;
}

int fetch_bytes(const struct config_feed *feed,
                const struct config_politeness *politeness, const char *url,
                struct strbuf *body, struct fetch_answer *ret, struct err *e)
{
    struct transfer_receiver to = {.ctx = body, .bytes = keep_bytes};
    struct transfer_request ask = {.feed = feed, .url = url, .politeness = politeness};
    struct transfer *t = NULL;
    const struct transfer_answer *a;
    int rc;

    *ret = (struct fetch_answer){0};
    rc = transfer_new(&ask, &to, &t, e);
    if (rc < 0)
        return rc;
    transfer_run(t);
    a = transfer_get_answer(t);
    take_answer(a, ret);
    if (a->outcome != TRANSFER_DOCUMENT) {
        *e = a->reason;
        rc = a->reason.code;
    }
    transfer_free(t);
    return rc;
}

void fetch_answer_fini(struct fetch_answer *a)
{
    free(a->items);
    arena_fini(&a->arena);
    *a = (struct fetch_answer){0};
}
