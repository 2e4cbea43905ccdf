/* Items are made while the bytes come in, so that a document of any length needs only
   the memory of its items, and one that breaks off keeps what came before. They are
   handed on at the end: only then are the feed's title (RSS may put it last), the hash of
   the body and the time it took known, which every item carries. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "document.h"

#define ARENA_FACTOR   4 /* items of a document may take so many times max_bytes */
#define ARENA_MIN      ((size_t)1024 * 1024)
#define TEXT_BYTES_MAX ((size_t)512 * 1024) /* of one item; cut there, and said so */

static struct label *labels_of(const struct config_feed *f, struct arena *a)
{
    struct label *l = arena_alloc(a, f->n_labels * sizeof *l);

    for (size_t i = 0; l != NULL && i < f->n_labels; i++)
        l[i] = (struct label){str_of(f->labels[i].key), str_of(f->labels[i].value)};
    return l;
}

void document_init(struct document *d, const struct config_feed *f, bool keep_html)
{
    size_t max = f->max_bytes < SIZE_MAX / ARENA_FACTOR ? f->max_bytes * ARENA_FACTOR : 0;

    *d = (struct document){.feed = f, .keep_html = keep_html};
    d->arena.max = d->scratch.max = max < ARENA_MIN ? ARENA_MIN : max;
    d->item_feed = (struct item_feed){
        .id = str_of(f->id),
        .url = str_of(f->url),
        .group = str_of(f->group),
        .labels = f->n_labels > 0 ? labels_of(f, &d->arena) : NULL,
        .n_labels = f->n_labels,
    };
    if (d->item_feed.labels == NULL)
        d->item_feed.n_labels = 0;
}

/* ---- from the parser ---- */

static int take_entry(void *ctx, const struct feed_entry *entry)
{
    struct document *d = ctx;
    struct item it = {.feed = d->item_feed, .fetch = d->item_fetch}, kept;
    struct item_open open, kept_open;
    struct normalise_options o = {
        .alt = d->feed->text_alt,
        .links = d->feed->text_links,
        .max_text_bytes = TEXT_BYTES_MAX,
        .keep_html = d->keep_html,
        .language = str_of(d->feed->language),
    };
    struct err e = {0};

    arena_reset(&d->scratch);
    if (item_from_entry(entry, feed_parser_meta(d->parser), &o, &d->scratch, &it, &open,
                        &e) < 0) {
        d->n_empty++;
        return 0;
    }
    if (!item_keep(&it, &d->arena, &kept) ||
        !item_open_keep(&open, &d->arena, &kept_open)) {
        d->n_left_out++;
        return 0;
    }
    d->items = mem_grow(d->items, &d->cap_items, d->n_items + 1, sizeof *d->items);
    d->open = mem_grow(d->open, &d->cap_open, d->n_items + 1, sizeof *d->open);
    d->open[d->n_items] = kept_open;
    d->items[d->n_items++] = kept;
    return 0;
}

static void take_warning(void *ctx, struct str text)
{
    struct document *d = ctx;
    struct str copy;

    if (d->n_warnings == DOCUMENT_WARNINGS_MAX)
        return;
    copy = arena_dup(&d->arena, str_head(text, 200));
    if (copy.p != NULL)
        d->warnings[d->n_warnings++] = copy;
}

/* ---- from the transfer ---- */

static struct str keep_text(struct document *d, const char *z)
{
    return z != NULL ? arena_dup(&d->arena, str_of(z)) : (struct str){0};
}

static void note_fetch(struct document *d, const struct transfer_answer *a)
{
    struct item_fetch *f = &d->item_fetch;

    f->time_ms = clock_wall_ms();
    f->url = keep_text(d, a->url);
    f->http_status = a->http_status;
    f->http_version = keep_text(d, a->http_version);
    f->etag = keep_text(d, a->etag);
    f->last_modified = keep_text(d, a->last_modified);
    f->content_type = keep_text(d, a->content_type);
}

int document_start(void *ctx, const struct transfer_answer *a, struct err *e)
{
    struct document *d = ctx;
    struct feed_receiver to = {d, take_entry, take_warning};
    struct feed_options o = {
        .content_type = str_of(a->content_type),
        .content_location = str_of(a->content_location),
        .content_language = str_of(a->content_language),
        .max_entries = d->feed->max_items,
        .max_entry_bytes = d->feed->max_bytes,
        .max_bytes = d->feed->max_bytes,
    };

    note_fetch(d, a);
    o.url = d->item_fetch.url;
    d->hash = EVP_MD_CTX_new();
    if (d->hash == NULL || EVP_DigestInit_ex(d->hash, EVP_sha256(), NULL) != 1)
        return err_set(e, -ENOMEM, "no SHA-256");
    d->parser = feed_parser_new(&o, &to);
    return 0;
}

static void keep_head(struct document *d, struct str bytes)
{
    size_t n = sizeof d->head - d->n_head;

    if (n > bytes.n)
        n = bytes.n;
    if (n > 0)
        memcpy(d->head + d->n_head, bytes.p, n);
    d->n_head += n;
}

int document_push(void *ctx, struct str bytes, struct err *e)
{
    struct document *d = ctx;

    keep_head(d, bytes);
    if (EVP_DigestUpdate(d->hash, bytes.p, bytes.n) != 1)
        return err_set(e, -ENOMEM, "no SHA-256");
    return feed_parser_push(d->parser, bytes, e);
}

/* ---- the end ---- */

static void write_body_hash(struct document *d)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char *to = d->body_hash;

    if (d->hash == NULL || EVP_DigestFinal_ex(d->hash, sum, &n) != 1)
        return;
    to += sprintf(to, "sha256:");
    for (unsigned i = 0; i < n && i < SHA256_BYTES; i++)
        to += sprintf(to, "%02x", sum[i]);
}

static struct str keep_copy(struct document *d, struct str s)
{
    return s.p != NULL ? arena_dup(&d->arena, s) : s;
}

static void complete_items(struct document *d, const struct transfer_answer *a,
                           bool is_whole)
{
    const struct feed_meta *m = feed_parser_meta(d->parser);
    struct item_fetch *f = &d->item_fetch;
    char id[128];

    d->item_feed.title = keep_copy(d, m->title);
    d->item_feed.site = keep_copy(d, m->link);
    d->item_feed.format = keep_copy(d, m->format);
    f->charset = keep_copy(d, m->encoding);
    f->body_sha256 = is_whole ? str_of(d->body_hash) : (struct str){0};
    f->bytes = a->bytes;
    f->duration_ms = a->duration_ms;
    f->parse_warnings = d->warnings;
    f->n_parse_warnings = d->n_warnings;
    snprintf(id, sizeof id, "%s/%lld", d->feed->id, (long long)f->time_ms);
    f->id = keep_text(d, id);
    for (size_t i = 0; i < d->n_items; i++) {
        d->items[i].feed = d->item_feed;
        d->items[i].fetch = d->item_fetch;
        d->items[i].date_seen_ms =
            f->time_ms; /* of a new one: the hub knows the others */
    }
}

static void settle(struct document *d)
{
    const struct feed_meta *m = feed_parser_meta(d->parser);
    struct settle_options o = {
        .identity = (enum identity_policy)d->feed->identity,
        .dates = {m->published.date, m->updated.date},
        .habits = &d->habits,
    };
    struct settled said = items_settle(d->items, d->open, &d->n_items, &o, &d->arena);
    char text[120];

    if (said.n_repeated > 0) {
        (void)snprintf(text, sizeof text,
                       "%zu entries are older versions of others and are left out",
                       said.n_repeated);
        take_warning(d, str_of(text));
    }
    if (said.n_shared > 0)
        take_warning(d, STR("several entries have the same id or link, and are told by "
                            "what differs"));
}

int document_finish(struct document *d, const struct transfer_answer *a, bool is_whole,
                    struct err *e)
{
    int rc;

    if (d->parser == NULL)
        return 0;
    rc = feed_parser_finish(d->parser, is_whole ? e : NULL); /* what is buffered counts */
    if (!is_whole)
        rc = 0;
    d->n_left_out += feed_parser_dropped(d->parser);
    if (is_whole)
        write_body_hash(d);
    settle(d);
    complete_items(d, a, is_whole);
    return rc;
}

const struct feed_meta *document_meta(const struct document *d)
{
    return d->parser != NULL ? feed_parser_meta(d->parser) : NULL;
}

void document_fini(struct document *d)
{
    feed_parser_free(d->parser);
    EVP_MD_CTX_free(d->hash);
    free(d->items);
    free(d->open);
    arena_fini(&d->scratch);
    arena_fini(&d->arena);
    *d = (struct document){0};
}
