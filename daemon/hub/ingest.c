/* Batches of the fetcher. A batch is judged whole before anything of it is stored: one
   bad item refuses all of it, so that the sender never wonders what was taken. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "newsmq/hash.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "feed_part.h"
#include "hub.h"

#define LONG_TEXT_BYTES 64 /* shorter texts are alike without being the same article */
#define RETRY_MS        1000

struct put {
    struct feed_part feed;
    struct store_key *keys;
    size_t n_keys, *index;
    char (*langs)[LANG_MAX];
    struct store_fed fed;
};

void put_free(struct put *p)
{
    if (p == NULL)
        return;
    free(p->keys);
    free(p->index);
    free(p->langs);
    feed_part_fini(&p->feed);
    free(p);
}

static void refuse(struct hub *h, const struct unit *u, int code, const char *text)
{
    peer_err(h, h->ingest, peer_of(u), code, text, nmq1_get(&u->msg, 3));
}

static void say_full(struct hub *h, const struct unit *u, const char *why)
{
    char retry[24];

    (void)peer_say(h->ingest, peer_of(u), STR("FULL"), nmq1_get(&u->msg, 3),
                   nmq1_number(RETRY_MS, retry), str_of(why)); /* it sends again */
}

/* ---- items ---- */

enum {
    AT_ID,
    AT_HASH,
    AT_FEED_HASH,
    AT_URL,
    AT_CANONICAL,
    AT_LANGUAGE,
    AT_BASIS,
    AT_TEXT,
    AT_BANNED
};

static const struct str members[] = {
    STR_INIT("id"),       STR_INIT("content_hash"),  STR_INIT("feed_hash"),
    STR_INIT("url"),      STR_INIT("canonical_url"), STR_INIT("language"),
    STR_INIT("id_basis"), STR_INIT("content_text"),  STR_INIT("schema"),
    STR_INIT("revision"), STR_INIT("nlp"),           STR_INIT("dedup"),
    STR_INIT("sink"),
};

static const char *const basis_names[] = {"guid", "link", "title_date", "content"};

const char *basis_name(uint8_t basis)
{
    return basis < ARRAY_LEN(basis_names) ? basis_names[basis] : NULL;
}

static uint8_t read_basis(struct str name)
{
    uint8_t i = 0;

    while (i < ARRAY_LEN(basis_names) && !str_eq(name, str_of(basis_names[i])))
        i++;
    return i;
}

static uint64_t content_of(struct str hash)
{
    return hash_xxh64(hash, 0) | 1; /* never 0: not known */
}

/* "<id>", then words of a letter and 16 digits, of which those that are not known are for
   later hubs. */
static const char *read_key(struct store_key *k, struct str key, struct str *ret_id)
{
    struct str rest = key;

    *ret_id = str_cut(&rest, ' ');
    if (!store_id_read(*ret_id, &k->id))
        return "a key is not an item id (26 characters of a-z2-7)";
    while (rest.p != NULL) {
        struct str word = str_cut(&rest, ' ');
        uint64_t v;

        if (word.n < 2 || !str_hex_to_u64(str_slice(word, 1, word.n), &v))
            return "a key has a word that is not a letter and 16 hexadecimal digits";
        if (word.p[0] == 'k' || word.p[0] == 'x') {
            k->alias = v;
            k->alias_is_shared = word.p[0] == 'x';
        } else if (word.p[0] == 's') {
            k->steady = v;
        }
    }
    return NULL;
}

static const char *read_item(struct store_key *k, struct str key, struct str item,
                             char lang[LANG_MAX])
{
    struct str v[ARRAY_LEN(members)], link;
    struct err e;

    if (json_scan(item, members, ARRAY_LEN(members), v, &e) < 0)
        return "an item is not one valid JSON object";
    for (size_t i = AT_BANNED; i < ARRAY_LEN(members); i++)
        if (v[i].p != NULL)
            return "an item must not have schema, revision, nlp, dedup or sink";
    if (v[AT_ID].p != NULL && !str_eq(json_plain(v[AT_ID]), key))
        return "an item's id is not its key";
    if (v[AT_ID].p != NULL) /* in the frame, which is ours: the store may write there */
        k->id_in_core = (char *)k->core.p + (json_plain(v[AT_ID]).p - k->core.p);
    if (json_plain(v[AT_HASH]).n == 0)
        return "an item has no content_hash";
    k->content = content_of(json_plain(v[AT_HASH]));
    k->is_long = v[AT_TEXT].n >= LONG_TEXT_BYTES;
    if (json_plain(v[AT_FEED_HASH]).n > 0) {
        /* The text of a page is not what the next poll brings. What the feed has may be
           a summary, and equal summaries are not yet the same article. */
        k->content = content_of(json_plain(v[AT_FEED_HASH]));
        k->is_long = false;
    }
    link = json_plain(v[AT_CANONICAL]);
    if (link.n == 0)
        link = json_plain(v[AT_URL]);
    k->url = link.n > 0 ? hash_xxh64(link, 0) | 1 : 0;
    k->basis = read_basis(json_plain(v[AT_BASIS]));
    k->lang = str_of(lang_level(json_plain(v[AT_LANGUAGE]), lang));
    if (k->lang.n == 0)
        k->lang = STR("und");
    return NULL;
}

static const char *read_keys(struct put *p, const struct nmq1_msg *m, bool emit)
{
    for (size_t i = 0; i < p->n_keys; i++) {
        struct store_key *k = &p->keys[i];
        struct str id;
        const char *why = read_key(k, nmq1_get(m, 5 + 2 * i), &id);

        k->core = str_trim(nmq1_get(m, 6 + 2 * i));
        k->emit_updates = emit;
        if (why == NULL && k->core.n > 0)
            why = read_item(k, id, k->core, p->langs[i]);
        if (why != NULL)
            return why;
    }
    return NULL;
}

static const char *full_reason(const struct hub *h, size_t n_more)
{
    if (h->is_stopping || h->is_draining)
        return "the hub is stopping";
    if (h->jobs.n + h->inbox.n_items + n_more > h->bus.max_pending && h->jobs.n > 0)
        return h->full[0] != '\0' ? h->full : "as many items as may wait for workers do";
    return NULL;
}

static void read_put(struct hub *h, struct unit *u)
{
    const char *why;
    bool emit = true;
    struct put *p;

    if (!nmq1_get_u64(&u->msg, 3, &u->seq) || u->msg.n < 5 || (u->msg.n - 5) % 2 != 0) {
        refuse(h, u, 422, "PUT <batch> <feedstate> {<key> <item>}*");
        return;
    }
    p = u->put = mem_new(sizeof *p);
    p->n_keys = (u->msg.n - 5) / 2;
    p->keys = mem_new_array(p->n_keys, sizeof *p->keys);
    p->index = mem_new_array(p->n_keys, sizeof *p->index);
    p->langs = mem_new_array(p->n_keys, sizeof *p->langs);
    why = feed_part_read(&p->feed, nmq1_get(&u->msg, 4), &emit);
    if (why == NULL)
        why = read_keys(p, &u->msg, emit);
    if (why != NULL)
        refuse(h, u, 422, why);
    else if ((why = full_reason(h, p->n_keys)) != NULL)
        say_full(h, u, why);
    else
        u->verb = VERB_PUT;
    if (u->verb == VERB_PUT) {
        h->inbox.n_items += p->n_keys;
    } else {
        put_free(p);
        u->put = NULL;
    }
}

/* Nothing is changed, so it is answered at once. */
static const char *find_seen(struct hub *h, const struct nmq1_msg *m, size_t n,
                             char *letters)
{
    static const char letter[] = {
        [STORE_NEW] = 'n', [STORE_SAME] = 's', [STORE_CHANGED] = 'c'};

    for (size_t i = 0; i < n; i++) {
        const char *why;
        struct store_key k = {0};
        enum store_seen seen;
        struct str id;
        struct err e;

        why = read_key(&k, nmq1_get(m, 4 + 2 * i), &id);
        if (why != NULL)
            return why;
        if (store_find_seen(h->store, &k.id, content_of(nmq1_get(m, 5 + 2 * i)), &seen,
                            &e) < 0)
            return "the state cannot be read now";
        letters[i] = letter[seen];
    }
    return NULL;
}

static void answer_seen(struct hub *h, const struct unit *u)
{
    char letters[NMQ1_FRAMES_MAX];
    size_t n = u->msg.n >= 4 ? (u->msg.n - 4) / 2 : 0;
    const char *why = "SEEN <ask> {<key> <content_hash>}*";
    uint64_t ask;

    if (nmq1_get_u64(&u->msg, 3, &ask) && u->msg.n % 2 == 0)
        why = find_seen(h, &u->msg, n, letters);
    if (why != NULL)
        refuse(h, u, 422, why);
    else
        (void)peer_say(h->ingest, peer_of(u), STR("SAW"), nmq1_get(&u->msg, 3),
                       (struct str){letters, n}); /* it asks again */
}

void ingest_read(struct hub *h, struct unit *u)
{
    struct str verb = nmq1_get(&u->msg, 2);

    if (str_eq(verb, STR("PUT")))
        read_put(h, u);
    else if (str_eq(verb, STR("SEEN")))
        answer_seen(h, u);
    else
        refuse(h, u, 400, "unknown verb; this socket takes PUT and SEEN");
}

int ingest_apply(struct hub *h, struct unit *u, struct err *e)
{
    struct put *p = u->put;
    int rc;

    p->feed.feed.copies = !h->dedup.exact ? COPIES_IGNORE
                          : h->dedup.drop ? COPIES_DROP
                                          : COPIES_MARK;
    rc = store_put(h->store, &p->feed.feed, p->keys, p->n_keys, p->index, &p->fed, e);

    return rc < 0 ? rc : feed_part_apply(h, &p->feed, &p->fed, e);
}

void ingest_finish(struct hub *h, struct unit *u)
{
    struct put *p = u->put;
    size_t n_made;
    const struct store_made *made = store_made(h->store, &n_made);
    char a[24], b[24], c[24];

    for (size_t i = p->fed.made_from; i < p->fed.made_to; i++) {
        size_t k = p->index[i - p->fed.made_from];
        struct job *job = jobs_add(&h->jobs, made[i].seq, 0);

        job->since = h->now;
        emit_item(h, &made[i], p->keys[k].core);
        jobs_keep_body(&h->jobs, job, made[i].revision, &u->msg.frames[6 + 2 * k]);
    }
    feed_part_emit(h, &p->feed, &made[p->fed.made_to]);
    feed_part_count(h, &p->feed);
    (void)peer_say(h->ingest, peer_of(u), STR("OK"), nmq1_get(&u->msg, 3),
                   nmq1_number(p->fed.n_new, a), nmq1_number(p->fed.n_dup, b),
                   nmq1_number(p->fed.last_seq, c)); /* a batch sent again is harmless */
}

void ingest_refuse(struct hub *h)
{
    struct unit u = {.source = FROM_INGEST};
    char why[300];

    (void)snprintf(why, sizeof why, "holding: %.250s", h->hold.text);
    while (nmq1_recv(h->ingest, &u.msg, ZMQ_DONTWAIT) > 0) {
        uint64_t batch;

        if (str_eq(nmq1_get(&u.msg, 2), STR("PUT")) && nmq1_get_u64(&u.msg, 3, &batch))
            say_full(h, &u, why);
        else if (str_eq(nmq1_get(&u.msg, 2), STR("SEEN")))
            answer_seen(h, &u);
        else
            refuse(h, &u, 422, "PUT <batch> <feedstate> {<key> <item>}*");
    }
    nmq1_fini(&u.msg);
}

/* What an operator should read when nothing moves; logged when it changes to and fro. */
void ingest_update_full(struct hub *h)
{
    const struct consumer *c = consumer_lagging(h);
    bool was = h->full[0] != '\0';

    if (h->jobs.n < h->bus.max_pending && c == NULL) {
        h->full[0] = '\0';
    } else if (c != NULL) {
        (void)snprintf(h->full, sizeof h->full,
                       "consumer '%s' has %llu records not acknowledged", c->name,
                       (unsigned long long)(store_head(h->store, c->stream) - c->acked));
    } else {
        (void)snprintf(h->full, sizeof h->full, "%zu items wait for %s", h->jobs.n,
                       h->workers != NULL ? "the workers"
                                          : "a worker; none is connected");
    }
    if (was != (h->full[0] != '\0')) {
        if (was)
            log_info("room again", "pending=%zu", h->jobs.n);
        else
            log_warn("full, holding back", "cause='%s'", h->full);
    }
}
