/* The control call `metrics`: what the store knows, what was counted since the start. */
#include <sys/statvfs.h>
#include <unistd.h>

#include "door.h"
#include "hub.h"

static void write_consumer(const struct hub *h, const struct consumer *c, struct jsonw *j)
{
    uint64_t head = store_head(h->store, c->stream);

    jsonw_object(j);
    jsonw_member_cstr(j, "name", c->name);
    jsonw_member_cstr(j, "stream", stream_name(c->stream));
    jsonw_member_u64(j, "acked", c->acked);
    jsonw_member_u64(j, "lag", head > c->acked ? head - c->acked : 0);
    jsonw_member_bool(j, "connected", c->tap != NULL);
    jsonw_member_i64(j, "last_ms", c->last_ms);
    counts_write_sink(&c->counts, j);
    jsonw_object_end(j);
}

static void write_consumers(const struct hub *h, struct jsonw *j)
{
    uint64_t n_taps = 0;

    jsonw_key(j, "consumers");
    jsonw_array(j);
    for (const struct consumer *c = h->consumers; c != NULL; c = c->next)
        write_consumer(h, c, j);
    jsonw_array_end(j);
    for (const struct tap *t = h->taps; t != NULL; t = t->after)
        n_taps++;
    jsonw_member_u64(j, "taps", n_taps);
}

static void write_workers(const struct hub *h, struct jsonw *j)
{
    uint64_t n = 0;

    for (const struct worker *w = h->workers; w != NULL; w = w->next)
        n += w->gone_why == NULL;
    jsonw_member_u64(j, "workers", n);
}

static void write_store(const struct hub *h, struct jsonw *j)
{
    struct statvfs fs;

    jsonw_key(j, "store");
    jsonw_object(j);
    jsonw_member_i64(j, "bytes", store_bytes(h->store));
    if (statvfs(h->state.path, &fs) == 0) {
        jsonw_member_u64(j, "disk_free_bytes", (uint64_t)fs.f_bavail * fs.f_frsize);
        jsonw_member_u64(j, "disk_size_bytes", (uint64_t)fs.f_blocks * fs.f_frsize);
    }
    jsonw_object_end(j);
}

/* Null when nothing waits. */
static int write_oldest(struct hub *h, struct jsonw *j, struct err *e)
{
    int64_t since_ms = 0;
    int rc = store_oldest_pending(h->store, &since_ms, e);

    if (rc < 0)
        return rc;
    jsonw_key(j, "oldest_pending_ms");
    if (rc == 0)
        jsonw_null(j);
    else
        jsonw_i64(j, h->now_ms > since_ms ? h->now_ms - since_ms : 0);
    return 0;
}

int answer_metrics(struct hub *h, struct strbuf *out, struct err *e)
{
    struct jsonw j = jsonw_to(out);
    struct store_totals t;
    int rc = store_totals(h->store, &t, e);

    if (rc < 0)
        return rc;
    jsonw_object(&j);
    jsonw_member_cstr(&j, "version", NEWSMQ_VERSION);
    jsonw_member_cstr(&j, "epoch", store_epoch(h->store));
    jsonw_member_i64(&j, "pid", getpid());
    jsonw_member_i64(&j, "started_ms", h->started_ms);
    jsonw_member_i64(&j, "now_ms", h->now_ms);
    answer_add_totals(h, &t, &j);
    rc = write_oldest(h, &j, e);
    if (rc < 0)
        return rc;
    jsonw_member_u64(&j, "max_pending", h->bus.max_pending);
    jsonw_member_u64(&j, "max_unacked", h->bus.max_unacked);
    answer_add_streams(h, &j);
    write_consumers(h, &j);
    write_workers(h, &j);
    counts_write(&h->counts, &j);
    write_store(h, &j);
    door_write(h, &j);
    jsonw_object_end(&j);
    return j.rc;
}
