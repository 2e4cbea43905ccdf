/* Records come in at one end and leave at the other. */
#include <assert.h>
#include <stdlib.h>

#include "newsmq/hash.h"

#include "private.h"

#define RECORDS_DEFAULT  20000
#define BYTES_DEFAULT    ((size_t)256 << 20)
#define ENTITIES_DEFAULT 200000
#define RECORDS_MOST     ((size_t)1 << 24)

struct digest *digest_new(const struct digest_limits *limits)
{
    struct digest *d = mem_new(sizeof *d);

    if (limits != NULL)
        d->limits = *limits;
    if (d->limits.max_records == 0)
        d->limits.max_records = RECORDS_DEFAULT;
    if (d->limits.max_records > RECORDS_MOST)
        d->limits.max_records = RECORDS_MOST;
    if (d->limits.max_bytes == 0)
        d->limits.max_bytes = BYTES_DEFAULT;
    if (d->limits.max_entities == 0)
        d->limits.max_entities = ENTITIES_DEFAULT;
    d->seed = (uint64_t)(uintptr_t)d * UINT64_C(0x9E3779B97F4A7C15);
    d->ring = mem_new_array(d->limits.max_records + 1, sizeof(struct rec *));
    for (d->n_ids = 256; d->n_ids < d->limits.max_records && d->n_ids < 1 << 18;)
        d->n_ids *= 2;
    d->by_id = mem_new_array(d->n_ids, sizeof(struct rec *));
    d->bytes = (d->limits.max_records + 1 + d->n_ids) * sizeof(void *);
    d->draft = mem_new(sizeof *d->draft);
    d->work = mem_new(sizeof *d->work);
    return d;
}

/* ---- one record leaves ---- */

static struct rec **id_bucket(const struct digest *d, struct str id)
{
    return &d->by_id[hash_xxh64(id, d->seed) & (d->n_ids - 1)];
}

static void drop_json(struct digest *d, struct rec *r)
{
    if (r->json == NULL)
        return;
    d->bytes -= r->n_json + 17;
    free(r->json);
    r->json = NULL;
    r->n_json = 0;
}

static void forget_oldest(struct digest *d)
{
    struct rec *r = rec_at(d, 0), **at = id_bucket(d, r->id);

    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    for (size_t i = 0; i < r->n_claims; i++) {
        claim_drop(&r->claims[i]);
        node_give(d, r->claims[i].shorter);
        node_give(d, r->claims[i].whole);
    }
    for (size_t i = 0; i < r->n_quotes; i++)
        if (r->quotes[i].speaker != NULL)
            node_give(d, r->quotes[i].speaker);
    for (size_t i = 0; i < r->n_postings; i++) {
        struct node *node = r->postings[i].node;

        assert(node->first == &r->postings[i]);
        node->first = r->postings[i].next;
        if (node->first == NULL)
            node->last = NULL;
        node_give(d, node);
    }
    source_give(d, r->source);
    drop_json(d, r);
    d->bytes -= r->bytes;
    d->first = (d->first + 1) % (d->limits.max_records + 1);
    d->n--;
    free(r);
}

void digest_free(struct digest *d)
{
    if (d == NULL)
        return;
    while (d->n > 0)
        forget_oldest(d);
    free(d->work->nodes);
    free(d->work->postings);
    free(d->work);
    free(d->draft);
    free(d->by_id);
    free(d->nodes);
    free(d->ring);
    free(d);
}

/* ---- one record comes ---- */

static struct str put(char **at, struct str s)
{
    struct str copy = {*at, s.n};

    if (s.p == NULL)
        return s;
    memcpy(*at, s.p, s.n);
    *at += s.n;
    return copy;
}

/* Room for the record, its lists at their largest and its text, in one piece. */
static struct rec *rec_new(const struct draft *f, char **ret_text)
{
    size_t claims = 0, text = f->id.n + f->title.n + f->url.n + f->lead.n + f->language.n;
    size_t bytes;
    struct rec *r;
    char *p;

    for (size_t i = 0; i < f->n_entities; i++)
        claims += f->entities[i].n_aliases;
    for (size_t i = 0; i < f->n_quotes; i++)
        text += f->quotes[i].text.n + f->quotes[i].cue.n;
    bytes = sizeof *r + f->n_entities * sizeof(struct posting) +
            claims * sizeof(struct claim) + f->n_quotes * sizeof(struct said) + text;
    r = mem_new(bytes);
    p = (char *)(r + 1);
    r->bytes = bytes + 16;
    r->postings = (struct posting *)(void *)p;
    p += f->n_entities * sizeof(struct posting);
    r->claims = (struct claim *)(void *)p;
    p += claims * sizeof(struct claim);
    r->quotes = (struct said *)(void *)p;
    *ret_text = p + f->n_quotes * sizeof(struct said);
    return r;
}

/* Two names of a record that fold alike are one entity with the mentions of both. */
static void add_posting(struct digest *d, struct rec *r, struct draft_entity *en)
{
    struct posting *p;

    en->node = node_take(d, en->type, en->name);
    if (en->node == NULL)
        return;
    node_learn(d, en->node, en);
    if (en->node->last != NULL && en->node->last->rec == r) {
        en->node->last->mentions += en->mentions;
        node_give(d, en->node);
        return;
    }
    p = &r->postings[r->n_postings++];
    *p = (struct posting){NULL, r, en->node, en->mentions};
    if (en->node->last != NULL)
        en->node->last->next = p;
    else
        en->node->first = p;
    en->node->last = p;
}

static void add_claims(struct digest *d, struct rec *r, const struct draft_entity *en)
{
    for (size_t i = 0; i < en->n_aliases; i++) {
        struct claim c = {NULL, en->node, false};

        if (en->node == NULL || en->type == ENTITY_PER ||
            !is_short_for(en->aliases[i], en->name))
            continue;
        c.shorter = node_take(d, en->type, en->aliases[i]);
        if (c.shorter == NULL)
            continue;
        if (c.shorter == en->node) {
            node_give(d, c.shorter);
            continue;
        }
        c.is_counted = claim_add(c.shorter, en->node);
        en->node->refs++;
        r->claims[r->n_claims++] = c;
    }
}

static struct node *speaker_of(const struct draft *f, struct str id)
{
    for (size_t i = 0; id.n > 0 && i < f->n_entities; i++)
        if (str_eq(f->entities[i].id, id))
            return f->entities[i].node;
    return NULL;
}

static void fill(struct digest *d, struct rec *r, struct draft *f, char *text)
{
    r->id = put(&text, f->id);
    r->title = put(&text, f->title);
    r->url = put(&text, f->url);
    r->lead = put(&text, f->lead);
    r->language = put(&text, f->language);
    r->seen_ms = f->seen_ms != 0 ? f->seen_ms : f->published_ms;
    r->published_ms = f->published_ms;
    r->news_ms = f->published_ms != 0 && f->published_ms <= r->seen_ms ? f->published_ms
                                                                       : r->seen_ms;
    r->revision = f->revision;
    r->text_chars = f->text_chars;
    r->is_duplicate = f->is_duplicate;
    r->is_failed = f->is_failed;
    r->source = source_take(d, f);
    for (size_t i = 0; i < f->n_entities; i++)
        add_posting(d, r, &f->entities[i]);
    for (size_t i = 0; i < f->n_entities; i++)
        add_claims(d, r, &f->entities[i]);
    for (size_t i = 0; i < f->n_quotes; i++) {
        struct node *speaker = speaker_of(f, f->quotes[i].speaker);

        if (speaker != NULL)
            speaker->refs++;
        r->quotes[r->n_quotes++] = (struct said){put(&text, f->quotes[i].text),
                                                 put(&text, f->quotes[i].cue), speaker};
    }
}

static struct rec *find(const struct digest *d, struct str id)
{
    struct rec *r = *id_bucket(d, id);

    while (r != NULL && (r->is_replaced || !str_eq(r->id, id)))
        r = r->next;
    return r;
}

static void keep_json(struct digest *d, struct rec *r, struct str json)
{
    size_t most = d->limits.keep_json;

    if (most == 0)
        return;
    r->json = mem_dup(json);
    r->n_json = json.n;
    d->bytes += json.n + 17;
    if (d->n > most)
        drop_json(d, rec_at(d, d->n - 1 - most));
}

static void add(struct digest *d, struct draft *f, struct str json, uint64_t seq)
{
    char *text;
    struct rec *r = rec_new(f, &text), **to = id_bucket(d, f->id);

    d->ring[(d->first + d->n++) % (d->limits.max_records + 1)] = r;
    r->serial = ++d->serial;
    r->seq = seq;
    d->bytes += r->bytes;
    fill(d, r, f, text);
    r->next = *to;
    *to = r;
    keep_json(d, r, json);
    if (seq > d->newest_seq)
        d->newest_seq = seq;
    while (d->n > 1 && (d->n > d->limits.max_records || d->bytes > d->limits.max_bytes ||
                        d->n_nodes > d->limits.max_entities)) {
        forget_oldest(d);
        d->left++;
    }
}

int digest_add(struct digest *d, struct str json, uint64_t seq, struct err *e)
{
    struct draft *f = d->draft;
    int rc = draft_read(f, json, e);

    if (rc < 0) {
        d->refused++;
    } else {
        struct rec *there = find(d, f->id);

        if (there == NULL || there->revision < f->revision) {
            if (there != NULL) {
                there->is_replaced = true;
                drop_json(d, there);
            }
            add(d, f, json, seq != 0 ? seq : f->seq);
            d->added++;
        }
    }
    draft_fini(f);
    return rc < 0 ? rc : 0;
}

/* ---- what is there ---- */

bool digest_find(const struct digest *d, struct str id, struct digest_item *ret)
{
    const struct rec *r = find(d, id);

    if (r != NULL)
        item_of(r, ret);
    return r != NULL;
}

static size_t count_entities(const struct digest *d)
{
    size_t n = 0;

    for (size_t b = 0; b < d->n_buckets; b++)
        for (struct node *at = d->nodes[b]; at != NULL; at = at->next)
            n += at->first != NULL && node_whole(at) == at;
    return n;
}

void digest_totals(const struct digest *d, struct digest_totals *ret)
{
    *ret = (struct digest_totals){
        .feeds = d->n_sources,
        .entities = count_entities(d),
        .added = d->added,
        .refused = d->refused,
        .left = d->left,
        .bytes = d->bytes,
        .newest_seq = d->newest_seq,
    };
    for (size_t i = 0; i < d->n; i++) {
        const struct rec *r = rec_at(d, i);

        if (r->is_replaced)
            continue;
        ret->records++;
        ret->quotes += r->n_quotes;
        ret->duplicates += r->is_duplicate;
        ret->failed += r->is_failed;
        ret->text_chars += r->text_chars;
        for (size_t p = 0; p < r->n_postings; p++)
            ret->mentions += r->postings[p].mentions;
        if (ret->first_ms == 0 || r->seen_ms < ret->first_ms)
            ret->first_ms = r->seen_ms;
        if (r->seen_ms > ret->last_ms)
            ret->last_ms = r->seen_ms;
    }
}
