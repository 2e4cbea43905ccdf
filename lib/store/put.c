/* What the fetcher hands in: which keys are new, which are updates, which are copies. */
#include <stdio.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "private.h"

struct feed_place {
    int64_t n, day;
};

static const char *const stream_names[STREAMS] = {"item", "record", "event"};

const char *stream_name(enum stream s)
{
    return stream_names[s];
}

bool stream_find(struct str name, enum stream *ret)
{
    for (int i = 0; i < STREAMS; i++) {
        if (str_eq(name, str_of(stream_names[i]))) {
            *ret = (enum stream)i;
            return true;
        }
    }
    return false;
}

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

bool store_id_read(struct str text, struct store_id *ret)
{
    struct store_id id = {{0}};
    unsigned bits = 0, n_bits = 0;
    size_t at = 0;

    if (text.n != STORE_ID_CHARS)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        const char *c = text.p[i] != '\0' ? strchr(base32, text.p[i]) : NULL;

        if (c == NULL)
            return false;
        bits = (bits << 5 | (unsigned)(c - base32)) & 0xfff;
        n_bits += 5;
        if (n_bits >= 8 && at < sizeof id.b) {
            n_bits -= 8;
            id.b[at++] = (uint8_t)(bits >> n_bits & 0xff);
        }
    }
    if ((bits & 3) != 0) /* 26 characters hold two bits more than 16 bytes */
        return false;
    *ret = id;
    return true;
}

const char *store_id_text(struct store_id id, char buf[STORE_ID_CHARS + 1])
{
    unsigned bits = 0, n_bits = 0;
    size_t at = 0;

    for (size_t i = 0; i < sizeof id.b; i++) {
        bits = (bits << 8 | id.b[i]) & 0xfff;
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            buf[at++] = base32[bits >> (n_bits - 5) & 31];
    }
    buf[at++] = base32[bits << 2 & 31];
    buf[at] = '\0';
    return buf;
}

struct store_made *made_add(struct store *s, enum stream stream, struct topic *topic)
{
    struct store_made *m;

    s->made = mem_grow(s->made, &s->cap_made, s->n_made + 1, sizeof *s->made);
    m = &s->made[s->n_made++];
    *m = (struct store_made){.stream = stream,
                             .seq = ++s->now.head[stream],
                             .prev = topic->head,
                             .topic = topic->name};
    topic_move(&s->topics, topic, m->seq);
    return m;
}

const struct store_made *store_made(const struct store *s, size_t *ret_n)
{
    *ret_n = s->n_made;
    return s->made;
}

static int find_feed(struct store *s, const struct store_feed *f, struct feed_place *ret,
                     struct store_fed *fed, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FEED_GET, "t", f->id);
    int rc = sql_step(s, SQL_FEED_GET, e);

    if (rc < 0)
        return rc;
    if (rc == 1) {
        struct str status = column_blob(st, 1), moved_to = column_blob(st, 4);

        *ret =
            (struct feed_place){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 2)};
        (void)snprintf(fed->was, sizeof fed->was, STR_FMT, STR_ARG(status));
        fed->last_new_ms = sqlite3_column_int64(st, 3);
        fed->has_moved = f->state.p != NULL && !str_eq(moved_to, f->moved_to);
        sql_reset(s, SQL_FEED_GET);
        return 0;
    }
    rc = sql_run(s, SQL_FEED_ADD, e, "t", f->id);
    if (rc < 0)
        return rc;
    fed->has_moved = f->moved_to.n > 0;
    *ret = (struct feed_place){sqlite3_last_insert_rowid(s->db), 0};
    return 0;
}

/* A feed that answers is stale when the last new item is old. */
static struct str status_of(const struct store_feed *f, const struct store_fed *fed)
{
    bool is_stale = str_eq(f->status, STR("ok")) && fed->n_new == 0 &&
                    fed->last_new_ms > 0 && fed->last_new_ms < f->stale_before_ms;

    return is_stale ? STR("stale") : f->status;
}

static int put_state(struct store *s, const struct store_feed *f,
                     const struct feed_place *feed, struct store_fed *fed, struct err *e)
{
    struct str status;
    int rc;

    if (fed->n_new > 0)
        fed->last_new_ms = s->now_ms;
    if (f->state.p == NULL)
        return 0;
    status = status_of(f, fed);
    (void)snprintf(fed->is, sizeof fed->is, STR_FMT, STR_ARG(status));
    rc = sql_run(s, SQL_FEED_STATE, e, "itti", feed->n, f->state, status,
                 (int64_t)f->has_asked);
    return rc < 0 ? rc : 0;
}

int store_ask_feed(struct store *s, const char *id, const char *ask, struct err *e)
{
    return sql_run(s, SQL_FEED_ASK, e, "tt", str_of(id), str_of(ask));
}

/* The earliest item of another feed with the same content. A short text alone is no
   article: then the link must be the same, too. 1 or 0. */
static int find_copy(struct store *s, const struct store_feed *f,
                     const struct store_key *k, int64_t feed, const struct store_id *id,
                     struct store_id *ret, struct err *e)
{
    sqlite3_stmt *st;
    bool found;
    int rc;

    if (f->copies == COPIES_IGNORE || (!k->is_long && k->url == 0))
        return 0;
    st = sql_bind(s, SQL_SEEN_COPY, "uiku", k->content, feed, id,
                  k->is_long ? UINT64_C(0) : k->url);
    rc = sql_step(s, SQL_SEEN_COPY, e);
    found = rc == 1 && column_id(st, 0, ret);
    if (rc == 1)
        sql_reset(s, SQL_SEEN_COPY);
    return rc < 0 ? rc : found;
}

/* The entry that k brings, as its row in `seen` has it. */
struct entry {
    struct store_id id; /* k's, or that by which the entry was known before */
    bool is_known;
    uint64_t content, steady, last;
    uint32_t revision;
    int64_t day;
};

#define DROPPED \
    UINT64_MAX /* in place of the last seq: a copy of which no item was made */

static int add_item(struct store *s, const struct store_feed *f,
                    const struct store_key *k, const struct entry *entry,
                    const struct store_id *copy_of, struct err *e)
{
    char name[256], id[STORE_ID_CHARS + 1];
    struct topic *topic;
    struct store_made *m;
    int rc;

    (void)snprintf(name, sizeof name, "item/" STR_FMT "/" STR_FMT "/" STR_FMT "/",
                   STR_ARG(f->group), STR_ARG(f->id), STR_ARG(k->lang));
    topic = topic_get(&s->topics, name);
    m = made_add(s, STREAM_ITEM, topic);
    m->id = entry->id;
    m->item_seq = m->seq;
    m->revision = entry->revision;
    m->is_copy = copy_of != NULL;
    if (copy_of != NULL)
        m->copy_of = *copy_of;
    if (k->id_in_core != NULL)
        memcpy(k->id_in_core, store_id_text(entry->id, id), STORE_ID_CHARS);
    rc = sql_run(s, SQL_ITEM_ADD, e, "ukiikib", m->seq, &m->id, (int64_t)m->revision,
                 topic->row, copy_of, s->now_ms, k->core);
    if (rc >= 0)
        rc = sql_run(s, SQL_PENDING_ADD, e, "u", m->seq);
    return rc < 0 ? rc : 0;
}

/* Makes the item, or leaves it as a copy. 1 = made, 0 = dropped. */
static int make_item(struct store *s, const struct store_feed *f,
                     const struct store_key *k, const struct feed_place *feed,
                     const struct entry *entry, struct err *e)
{
    struct store_id copy_of;
    int rc = find_copy(s, f, k, feed->n, &entry->id, &copy_of, e);

    if (rc < 0)
        return rc;
    if (rc == 1 && f->copies == COPIES_DROP) {
        s->now.counters[COUNTER_DROPPED]++;
        return 0;
    }
    rc = add_item(s, f, k, entry, rc == 1 ? &copy_of : NULL, e);
    return rc < 0 ? rc : 1;
}

/* What only counts by itself is no change, where both say what is left without it. */
static bool is_changed(const struct store_key *k, const struct entry *entry)
{
    if (k->core.n == 0 || entry->content == 0 || k->content == entry->content)
        return false;
    return k->steady == 0 || entry->steady == 0 || k->steady != entry->steady;
}

/* 1 = a new item, 0 = nothing new. A key that was only remembered adopts the first
   content that comes with it: it is the entry that was to be passed over. */
static int put_known(struct store *s, const struct store_feed *f,
                     const struct store_key *k, const struct feed_place *feed,
                     struct entry *entry, struct err *e)
{
    int64_t today = s->now_ms / DAY_MS;
    bool is_new = is_changed(k, entry) && k->emit_updates;
    bool adopts = entry->content == 0 && k->core.n > 0;
    int made = 0, rc = 0;

    entry->revision += is_new;
    if (is_new)
        made = rc = make_item(s, f, k, feed, entry, e);
    if (rc < 0)
        return rc;
    if (is_new || adopts) {
        uint64_t last = made == 1 ? s->now.head[STREAM_ITEM] : entry->last;

        rc = sql_run(s, SQL_SEEN_CHANGE, e, "kuuiuiiu", &entry->id, k->content, k->url,
                     (int64_t)entry->revision, last, (int64_t)k->basis, today, k->steady);
        s->now.counters[COUNTER_UPDATES] += made == 1;
    } else if (entry->day != today) {
        rc = sql_run(s, SQL_SEEN_TOUCH, e, "kiu", &entry->id, today, k->steady);
    }
    if (rc >= 0 && (is_new || adopts || entry->day != today || k->alias_is_shared))
        rc = alias_note(s, k, feed->n, &entry->id, e);
    return rc < 0 ? rc : made;
}

static int put_unknown(struct store *s, const struct store_feed *f,
                       const struct store_key *k, const struct feed_place *feed,
                       struct entry *entry, struct err *e)
{
    bool is_item = k->core.n > 0;
    uint64_t seq = 0;
    int made = 0, rc = 0;

    entry->revision = 1;
    if (is_item)
        made = rc = make_item(s, f, k, feed, entry, e);
    if (rc < 0)
        return rc;
    if (is_item)
        seq = made == 1 ? s->now.head[STREAM_ITEM] : DROPPED;
    rc = sql_run(s, SQL_SEEN_ADD, e, "kuuuiiiuu", &entry->id, is_item ? k->content : 0,
                 k->url, made == 1 ? seq : UINT64_C(0), feed->n, (int64_t)k->basis,
                 s->now_ms / DAY_MS, is_item ? k->steady : UINT64_C(0), seq);
    if (rc >= 0)
        rc = alias_note(s, k, feed->n, &entry->id, e);
    return rc < 0 ? rc : made;
}

static int get_entry(struct store *s, const struct store_id *id, struct entry *ret,
                     struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_SEEN_GET, "k", id);
    int rc = sql_step(s, SQL_SEEN_GET, e);

    if (rc < 0)
        return rc;
    *ret = (struct entry){.id = *id, .is_known = rc == 1};
    if (rc == 0)
        return 0;
    ret->content = column_u64(st, 0);
    ret->revision = (uint32_t)sqlite3_column_int64(st, 1);
    ret->day = sqlite3_column_int64(st, 2);
    ret->steady = column_u64(st, 3);
    ret->last = column_u64(st, 4);
    sql_reset(s, SQL_SEEN_GET);
    return 0;
}

/* The entry by its id, else by what else it is known by. Where updates are not wanted, an
   unknown id with another text is rather a new entry than an update that nobody sees. */
static int find_entry(struct store *s, const struct store_key *k, int64_t feed,
                      struct entry *ret, struct err *e)
{
    struct entry by_alias;
    struct store_id id;
    int rc = get_entry(s, &k->id, ret, e);

    if (rc < 0 || ret->is_known)
        return rc;
    rc = alias_find(s, k, feed, &id, e);
    if (rc == 1)
        rc = get_entry(s, &id, &by_alias, e);
    else
        return rc;
    if (rc == 0 && by_alias.is_known && (k->emit_updates || !is_changed(k, &by_alias)))
        *ret = by_alias;
    return rc;
}

int store_find_seen(struct store *s, const struct store_id *id, uint64_t content,
                    enum store_seen *ret, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_SEEN_GET, "k", id);
    int rc = sql_step(s, SQL_SEEN_GET, e);

    if (rc < 0)
        return rc;
    *ret = STORE_NEW;
    if (rc == 1) { /* a key that was only remembered adopts any content */
        uint64_t had = column_u64(st, 0);

        *ret = had == 0 || had == content ? STORE_SAME : STORE_CHANGED;
    }
    sql_reset(s, SQL_SEEN_GET);
    return 0;
}

static int put_key(struct store *s, const struct store_feed *f, const struct store_key *k,
                   const struct feed_place *feed, struct err *e)
{
    struct entry entry;
    int rc = find_entry(s, k, feed->n, &entry, e);

    if (rc < 0)
        return rc;
    return entry.is_known ? put_known(s, f, k, feed, &entry, e)
                          : put_unknown(s, f, k, feed, &entry, e);
}

int store_put(struct store *s, const struct store_feed *f, const struct store_key *keys,
              size_t n, size_t *ret_index, struct store_fed *ret, struct err *e)
{
    struct store_fed fed = {.made_from = s->n_made};
    struct feed_place feed;
    int rc = find_feed(s, f, &feed, &fed, e);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = put_key(s, f, &keys[i], &feed, e);
        if (rc == 1)
            ret_index[fed.n_new++] = i;
        else if (keys[i].core.n > 0)
            fed.n_dup++;
    }
    if (rc >= 0 && n > 0)
        rc = sql_run(s, SQL_FEED_COUNT, e, "iuuii", feed.n, fed.n_new, fed.n_dup,
                     fed.n_new > 0 ? s->now_ms : INT64_C(0), s->now_ms / DAY_MS);
    if (rc >= 0)
        rc = put_state(s, f, &feed, &fed, e);
    if (rc < 0)
        return rc;
    s->now.counters[COUNTER_DUPLICATES] += fed.n_dup;
    fed.made_to = s->n_made;
    fed.last_seq = s->now.head[STREAM_ITEM];
    *ret = fed;
    return 0;
}
