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
                     char was[16], struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FEED_GET, "t", f->id);
    int rc = sql_step(s, SQL_FEED_GET, e);

    was[0] = '\0';
    if (rc < 0)
        return rc;
    if (rc == 1) {
        struct str status = column_blob(st, 1);

        *ret =
            (struct feed_place){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 2)};
        (void)snprintf(was, 16, STR_FMT, STR_ARG(status));
        sql_reset(s, SQL_FEED_GET);
        return 0;
    }
    rc = sql_run(s, SQL_FEED_ADD, e, "t", f->id);
    if (rc < 0)
        return rc;
    *ret = (struct feed_place){sqlite3_last_insert_rowid(s->db), 0};
    return 0;
}

static int find_copy(struct store *s, const struct store_key *k, int64_t feed,
                     struct store_made *m, struct err *e)
{
    sqlite3_stmt *st;
    int rc;

    if (!k->is_long)
        return 0;
    st = sql_bind(s, SQL_SEEN_COPY, "uik", k->content, feed, &k->id);
    rc = sql_step(s, SQL_SEEN_COPY, e);
    if (rc == 1) {
        m->is_copy = column_id(st, 0, &m->copy_of);
        sql_reset(s, SQL_SEEN_COPY);
    }
    return rc < 0 ? rc : 0;
}

static int add_item(struct store *s, const struct store_feed *f,
                    const struct store_key *k, const struct feed_place *feed,
                    uint32_t revision, struct err *e)
{
    char name[256];
    struct topic *topic;
    struct store_made *m;
    int rc;

    (void)snprintf(name, sizeof name, "item/" STR_FMT "/" STR_FMT "/" STR_FMT "/",
                   STR_ARG(f->group), STR_ARG(f->id), STR_ARG(k->lang));
    topic = topic_get(&s->topics, name);
    m = made_add(s, STREAM_ITEM, topic);
    m->id = k->id;
    m->item_seq = m->seq;
    m->revision = revision;
    rc = find_copy(s, k, feed->n, m, e);
    if (rc == 0)
        rc = sql_run(s, SQL_ITEM_ADD, e, "ukiikib", m->seq, &m->id, (int64_t)revision,
                     topic->row, m->is_copy ? &m->copy_of : NULL, s->now_ms, k->core);
    if (rc >= 0)
        rc = sql_run(s, SQL_PENDING_ADD, e, "u", m->seq);
    return rc < 0 ? rc : 0;
}

/* 1 = a new item, 0 = nothing new. A key that was only remembered adopts the first
   content that comes with it: it is the entry that was to be passed over. */
static int put_seen(struct store *s, const struct store_feed *f,
                    const struct store_key *k, const struct feed_place *feed,
                    sqlite3_stmt *st, struct err *e)
{
    uint64_t content = column_u64(st, 0);
    uint32_t revision = (uint32_t)sqlite3_column_int64(st, 1);
    int64_t day = sqlite3_column_int64(st, 2), today = s->now_ms / DAY_MS;
    bool is_new = k->core.n > 0 && k->content != content && content != 0;
    int rc = 0;

    sql_reset(s, SQL_SEEN_GET);
    if (is_new && !k->emit_updates)
        is_new = false;
    else if (is_new)
        rc = add_item(s, f, k, feed, ++revision, e);
    if (rc < 0)
        return rc;
    if (is_new || (content == 0 && k->core.n > 0)) {
        rc = sql_run(s, SQL_SEEN_CHANGE, e, "kuuiuii", &k->id, k->content, k->url,
                     (int64_t)revision, is_new ? s->now.head[STREAM_ITEM] : UINT64_C(0),
                     (int64_t)k->basis, today);
        s->now.counters[COUNTER_UPDATES] += is_new;
    } else if (day != today) {
        rc = sql_run(s, SQL_SEEN_TOUCH, e, "ki", &k->id, today);
    }
    return rc < 0 ? rc : is_new;
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
    sqlite3_stmt *st = sql_bind(s, SQL_SEEN_GET, "k", &k->id);
    int rc = sql_step(s, SQL_SEEN_GET, e);
    bool is_item = k->core.n > 0;

    if (rc < 0)
        return rc;
    if (rc == 1)
        return put_seen(s, f, k, feed, st, e);
    if (is_item)
        rc = add_item(s, f, k, feed, 1, e);
    if (rc < 0)
        return rc;
    rc = sql_run(s, SQL_SEEN_ADD, e, "kuuuiii", &k->id, is_item ? k->content : 0, k->url,
                 is_item ? s->now.head[STREAM_ITEM] : UINT64_C(0), feed->n,
                 (int64_t)k->basis, s->now_ms / DAY_MS);
    return rc < 0 ? rc : is_item;
}

int store_put(struct store *s, const struct store_feed *f, const struct store_key *keys,
              size_t n, size_t *ret_index, struct store_fed *ret, struct err *e)
{
    struct store_fed fed = {.made_from = s->n_made};
    struct feed_place feed;
    int rc = find_feed(s, f, &feed, fed.was, e);

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
    if (rc >= 0 && f->state.p != NULL)
        rc = sql_run(s, SQL_FEED_STATE, e, "itt", feed.n, f->state, f->status);
    if (rc < 0)
        return rc;
    s->now.counters[COUNTER_DUPLICATES] += fed.n_dup;
    fed.made_to = s->n_made;
    fed.last_seq = s->now.head[STREAM_ITEM];
    *ret = fed;
    return 0;
}
