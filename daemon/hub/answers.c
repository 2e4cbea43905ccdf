/* What the control calls answer. */
#include <stdio.h>
#include <unistd.h>

#include "newsmq/hash.h"
#include "newsmq/json.h"

#include "door.h"
#include "hub.h"

void answer_add_streams(const struct hub *h, struct jsonw *j)
{
    jsonw_key(j, "streams");
    jsonw_object(j);
    for (int i = 0; i < STREAMS; i++) {
        jsonw_key(j, stream_name((enum stream)i));
        jsonw_object(j);
        jsonw_member_u64(j, "first", store_first(h->store, (enum stream)i));
        jsonw_member_u64(j, "head", store_head(h->store, (enum stream)i));
        jsonw_object_end(j);
    }
    jsonw_object_end(j);
}

static void write_consumers(const struct hub *h, struct jsonw *j)
{
    jsonw_key(j, "consumers");
    jsonw_array(j);
    for (const struct consumer *c = h->consumers; c != NULL; c = c->next) {
        uint64_t head = store_head(h->store, c->stream);

        jsonw_object(j);
        jsonw_member_cstr(j, "name", c->name);
        jsonw_member_cstr(j, "stream", stream_name(c->stream));
        jsonw_member_u64(j, "acked", c->acked);
        jsonw_member_u64(j, "lag", head > c->acked ? head - c->acked : 0);
        jsonw_member_bool(j, "connected", c->tap != NULL);
        jsonw_member_time(j, "last", c->last_ms);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void write_workers(const struct hub *h, struct jsonw *j)
{
    jsonw_key(j, "workers");
    jsonw_array(j);
    for (const struct worker *w = h->workers; w != NULL; w = w->next) {
        jsonw_object(j);
        jsonw_member_cstr(j, "name", w->name);
        jsonw_member_i64(j, "pid", w->pid);
        jsonw_member_u64(j, "in_flight", w->hand.n);
        jsonw_member_u64(j, "credit", w->credit);
        jsonw_member_u64(j, "done", w->n_done);
        jsonw_member_i64(j, "silent_ms", mono_ms_between(w->heard, h->now));
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

void answer_add_totals(const struct hub *h, const struct store_totals *t, struct jsonw *j)
{
    jsonw_member_u64(j, "items", t->items);
    jsonw_member_u64(j, "records", t->records);
    jsonw_member_u64(j, "dead", t->dead);
    jsonw_member_u64(j, "pending", t->pending);
    jsonw_member_u64(j, "in_flight", h->jobs.n_in_hand);
    jsonw_member_u64(j, "redelivered", h->jobs.n_redelivered);
    jsonw_member_u64(j, "duplicates", t->duplicates);
    jsonw_member_u64(j, "updates", t->updates);
    jsonw_member_u64(j, "dropped", t->dropped);
    jsonw_member_bool(j, "accounts_ok", t->accounts_ok);
    jsonw_member_cstr(j, "holding", h->is_holding ? h->hold.text : NULL);
    jsonw_member_cstr(j, "full", h->full[0] != '\0' ? h->full : NULL);
    jsonw_member_bool(j, "draining", h->is_draining || h->is_stopping);
    jsonw_member_u64(j, "commits", t->commits);
}

int answer_status(struct hub *h, struct strbuf *out, struct err *e)
{
    struct store_totals t;
    struct jsonw j = jsonw_to(out);
    int rc = store_totals(h->store, &t, e);

    if (rc < 0)
        return rc;
    jsonw_object(&j);
    jsonw_member_cstr(&j, "version", NEWSMQ_VERSION);
    jsonw_member_cstr(&j, "epoch", store_epoch(h->store));
    jsonw_member_i64(&j, "pid", getpid());
    jsonw_member_time(&j, "started", h->started_ms);
    jsonw_member_i64(&j, "uptime_s", mono_ms_between(h->started, h->now) / SECOND_MS);
    answer_add_totals(h, &t, &j);
    answer_add_streams(h, &j);
    write_consumers(h, &j);
    write_workers(h, &j);
    watch_add_hits(h, &j);
    door_write(h, &j);
    jsonw_object_end(&j);
    return j.rc;
}

/* ---- feeds ---- */

static void write_feed(struct jsonw *j, const struct store_feed_row *row)
{
    struct str state = row->state;

    if (state.n <= 2) { /* "{}" or never stored: at least its id */
        jsonw_object(j);
        jsonw_member_str(j, "feed", row->id);
    } else { /* the object without its end, ours go on */
        jsonw_raw(j, str_slice(state, 0, state.n - 1));
        j->depth++;
        j->has_items |= UINT64_C(1) << j->depth;
    }
    jsonw_member_u64(j, "items", row->items);
    jsonw_member_u64(j, "duplicates", row->duplicates);
    jsonw_member_i64(j, "last_new_ms", row->last_new_ms);
    jsonw_object_end(j);
}

static void write_feed_row(void *ctx, const struct store_feed_row *row)
{
    write_feed(ctx, row);
}

int answer_feeds(struct hub *h, struct strbuf *out, struct err *e)
{
    struct jsonw j = jsonw_to(out);
    int rc;

    jsonw_object(&j);
    jsonw_key(&j, "feeds");
    jsonw_array(&j);
    rc = store_each_feed(h->store, write_feed_row, &j, e);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return rc < 0 ? rc : j.rc;
}

static void write_feed_state(void *ctx, const struct store_feed_row *row)
{
    if (row->state.p == NULL)
        return;
    jsonw_key_str(ctx, row->id);
    jsonw_raw(ctx, row->state);
}

int answer_feed_states(struct hub *h, struct strbuf *out, struct err *e)
{
    struct jsonw j = jsonw_to(out);
    int rc;

    jsonw_object(&j);
    jsonw_key(&j, "feeds");
    jsonw_object(&j);
    rc = store_each_feed(h->store, write_feed_state, &j, e);
    jsonw_object_end(&j);
    jsonw_object_end(&j);
    return rc < 0 ? rc : j.rc;
}

static void write_head(void *ctx, const char *topic, uint64_t head)
{
    jsonw_member_u64(ctx, topic, head);
}

/* The durable names that the caller can go on under. */
static void write_own_consumers(const struct hub *h, struct jsonw *j)
{
    jsonw_key(j, "consumers");
    jsonw_array(j);
    for (const struct consumer *c = h->consumers; c != NULL; c = c->next) {
        struct str name = str_of(c->name), key = h->caller;

        if (key.p != NULL) {
            if (!str_has_prefix(name, key) || name.p[key.n] != '/')
                continue;
            name = str_slice(name, key.n + 1, name.n);
        }
        jsonw_str(j, name);
    }
    jsonw_array_end(j);
}

int answer_heads(struct hub *h, struct strbuf *out, struct err *e)
{
    struct jsonw j = jsonw_to(out);

    (void)e;
    jsonw_object(&j);
    jsonw_member_cstr(&j, "epoch", store_epoch(h->store));
    jsonw_key(&j, "heads");
    jsonw_object(&j);
    for (int i = 0; i < STREAMS; i++)
        jsonw_member_u64(&j, stream_name((enum stream)i),
                         store_head(h->store, (enum stream)i));
    jsonw_object_end(&j);
    jsonw_key(&j, "topics");
    jsonw_object(&j);
    (void)store_each_topic(h->store, false, write_head, &j); /* how many: no matter */
    jsonw_object_end(&j);
    write_own_consumers(h, &j);
    jsonw_object_end(&j);
    return j.rc;
}

/* ---- one item ---- */

static void write_core_members(struct jsonw *j, struct str core, const char *const *names,
                               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct str key = str_of(names[i]);
        struct str value = {NULL, 0};

        if (core.p != NULL)
            (void)json_scan(core, &key, 1, &value, NULL); /* none is null */
        jsonw_key(j, names[i]);
        if (value.p != NULL)
            jsonw_raw(j, value);
        else
            jsonw_null(j);
    }
}

static void write_found(void *ctx, const struct store_found *f)
{
    static const char *const names[] = {"url", "title", "date_seen"};
    struct jsonw *j = ctx;
    char id[STORE_ID_CHARS + 1];

    jsonw_object(j);
    jsonw_member_cstr(j, "id", store_id_text(f->id, id));
    jsonw_member_cstr(j, "id_basis", basis_name(f->basis));
    jsonw_member_str(j, "feed", f->feed);
    jsonw_member_u64(j, "revision", f->revision);
    jsonw_member_u64(j, "first_seq", f->first_seq);
    jsonw_member_u64(j, "last_seq", f->last_seq);
    write_core_members(j, f->core, names, ARRAY_LEN(names));
    jsonw_key(j, "record_seq");
    if (f->record_seq > 0)
        jsonw_u64(j, f->record_seq);
    else
        jsonw_null(j);
    jsonw_member_cstr(j, "state", f->state);
    jsonw_member_cstr(j, "duplicate_of",
                      f->is_copy ? store_id_text(f->copy_of, id) : NULL);
    jsonw_key(j, "also_in");
    jsonw_array(j);
    for (size_t i = 0; i < f->n_also; i++)
        jsonw_cstr(j, store_id_text(f->also[i], id));
    jsonw_array_end(j);
    jsonw_object_end(j);
}

static int find_url(struct hub *h, struct str url, struct jsonw *j, struct err *e)
{
    return store_find(h->store, NULL, hash_xxh64(url, 0) | 1, write_found, j, e);
}

int answer_why(struct hub *h, struct str id_text, struct str url, struct strbuf *out,
               struct err *e)
{
    struct jsonw j = jsonw_to(out);
    struct store_id id;
    int rc;

    if (id_text.p != NULL && !store_id_read(id_text, &id))
        return err_set(e, ERR_FORMAT, "an id has 26 characters of a-z and 2-7");
    jsonw_object(&j);
    jsonw_key(&j, "found");
    jsonw_array(&j);
    rc = id_text.p != NULL ? store_find(h->store, &id, 0, write_found, &j, e)
                           : find_url(h, url, &j, e);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return rc < 0 ? rc : j.rc;
}

static void write_dead(void *ctx, const struct store_dead_row *row)
{
    static const char *const names[] = {"title"};
    struct jsonw *j = ctx;
    char id[STORE_ID_CHARS + 1];

    jsonw_object(j);
    jsonw_member_u64(j, "seq", row->seq);
    jsonw_member_cstr(j, "id", store_id_text(row->id, id));
    jsonw_member_str(j, "feed", row->feed);
    write_core_members(j, row->core, names, ARRAY_LEN(names));
    jsonw_member_u64(j, "attempts", row->attempts);
    jsonw_member_str(j, "reason", row->reason);
    jsonw_member_time(j, "time", row->time_ms);
    jsonw_object_end(j);
}

int answer_dead(struct hub *h, unsigned limit, struct strbuf *out, struct err *e)
{
    struct jsonw j = jsonw_to(out);
    int rc;

    jsonw_object(&j);
    jsonw_key(&j, "dead");
    jsonw_array(&j);
    rc = store_each_dead(h->store, limit, write_dead, &j, e);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return rc < 0 ? rc : j.rc;
}
