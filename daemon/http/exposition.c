/* What the hub did not answer is left out, and newsmq_up says so: old numbers would look
   like a standstill. Ages are told in place of times, so that rules need no clock. */
#include <stdio.h>

#include "newsmq/ask.h"
#include "newsmq/mem.h"

#include "exposition.h"
#include "prom.h"
#include "route.h"

static double number(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    return json_is_boolean(v) ? json_is_true(v) : json_number_value(v);
}

/* ---- members of one value ---- */

static const struct simple {
    const char *name, *type, *member;
    double unit; /* what one is in base units */
    const char *help;
} simples[] = {
    {"newsmq_hub_start_time_seconds", "gauge", "started_ms", 1e-3,
     "When the hub started, since 1970 UTC."},
    {"newsmq_items_total", "counter", "items", 1, "Items taken in."},
    {"newsmq_records_total", "counter", "records", 1, "Items done: records made."},
    {"newsmq_dead_letters_total", "counter", "dead", 1,
     "Items given up after too many attempts."},
    {"newsmq_duplicates_total", "counter", "duplicates", 1,
     "Entries of feeds that had come before."},
    {"newsmq_updates_total", "counter", "updates", 1,
     "Items that are a new revision of an earlier one."},
    {"newsmq_copies_dropped_total", "counter", "dropped", 1,
     "Articles of which another feed was first, and no item was made."},
    {"newsmq_redelivered_total", "counter", "redelivered", 1,
     "Jobs that were given out again."},
    {"newsmq_commits_total", "counter", "commits", 1, "Transactions of the state."},
    {"newsmq_pending_items", "gauge", "pending", 1,
     "Items that wait for their record, those with workers included."},
    {"newsmq_pending_limit_items", "gauge", "max_pending", 1,
     "bus.max_pending: with so many no more are taken."},
    {"newsmq_in_flight_items", "gauge", "in_flight", 1, "Items that are with workers."},
    {"newsmq_oldest_pending_seconds", "gauge", "oldest_pending_ms", 1e-3,
     "How long the oldest pending item waits; 0 when none does."},
    {"newsmq_accounts_ok", "gauge", "accounts_ok", 1,
     "1 when items = records + dead letters + pending, each counted by itself."},
    {"newsmq_draining", "gauge", "draining", 1, "1 while the hub stops."},
    {"newsmq_workers", "gauge", "workers", 1, "Workers that are connected."},
    {"newsmq_taps", "gauge", "taps", 1, "Ordered readers that are connected."},
    {"newsmq_unacknowledged_limit_records", "gauge", "max_unacked", 1,
     "bus.max_unacked: a consumer that lags so much holds back new work."},
    {"newsmq_fetched_bytes_total", "counter", "fetch_bytes", 1,
     "Bytes of documents, unpacked."},
    {"newsmq_tokens_total", "counter", "tokens", 1, "Tokens of text that workers read."},
};

static void write_simples(struct prom *p, const json_t *m)
{
    for (size_t i = 0; i < ARRAY_LEN(simples); i++) {
        const struct simple *s = &simples[i];

        prom_metric(p, s->name, s->type, s->help);
        prom_value(p, number(m, s->member) * s->unit);
    }
    prom_metric(p, "newsmq_holding", "gauge", "1 while the state cannot be written.");
    prom_value(p, json_is_string(json_object_get(m, "holding")));
    prom_metric(p, "newsmq_full", "gauge", "1 while the hub takes no more items.");
    prom_value(p, json_is_string(json_object_get(m, "full")));
}

static void write_histograms(struct prom *p, const json_t *m)
{
    static const struct {
        const char *name, *member, *help;
    } all[] = {
        {"newsmq_commit_seconds", "commit_seconds",
         "What it took to make a transaction durable."},
        {"newsmq_item_seconds", "item_seconds",
         "From an item's being taken in to its record."},
        {"newsmq_fetch_seconds", "fetch_seconds", "What a poll of a feed took."},
        {"newsmq_fetch_lateness_seconds", "fetch_late_seconds",
         "How much later than it was due a poll began."},
    };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        prom_histogram(p, all[i].name, all[i].help, json_object_get(m, all[i].member));
}

/* ---- objects of label and value, lists of objects ---- */

static const struct by_label {
    const char *name, *type, *member, *label, *help;
} by_labels[] = {
    {"newsmq_published_messages_total", "counter", "published", "stream",
     "Messages published."},
    {"newsmq_publish_drops_total", "counter", "publish_drops", "stream",
     "Times that the queue of a subscriber was full: from then on it loses messages "
     "until it reads again."},
    {"newsmq_subscribers", "gauge", "subscribers", "topic",
     "Subscriptions, by two levels of their topic."},
    {"newsmq_refused_messages_total", "counter", "refused", "cause",
     "Messages of peers that were refused."},
    {"newsmq_auth_failures_total", "counter", "auth_failures", "reason",
     "Peers that were not let in."},
    {"newsmq_watch_hits_total", "counter", "watch_hits", "rule",
     "Records that a rule of watch: found."},
};

static void write_by_labels(struct prom *p, json_t *m)
{
    for (size_t i = 0; i < ARRAY_LEN(by_labels); i++) {
        const struct by_label *b = &by_labels[i];
        json_t *values = json_object_get(m, b->member), *v;
        const char *key;

        prom_metric(p, b->name, b->type, b->help);
        json_object_foreach(values, key, v)
            prom_by(p, b->label, str_of(key), json_number_value(v));
    }
}

/* One metric of a member of each object in a list. */
static void write_list(struct prom *p, const json_t *list, const struct by_label *b,
                       const char *name_of)
{
    const json_t *one;
    size_t i;

    prom_metric(p, b->name, b->type, b->help);
    json_array_foreach(list, i, one) if (json_object_get(one, b->member) != NULL)
        prom_by(p, b->label, ask_text(one, name_of), number(one, b->member));
}

static void write_fetches(struct prom *p, const json_t *m)
{
    const json_t *list = json_object_get(m, "fetches"), *one;
    size_t i;

    prom_metric(p, "newsmq_fetches_total", "counter",
                "Polls of feeds, by HTTP status (0: none) and by code of the problem.");
    json_array_foreach(list, i, one)
    {
        const struct prom_label labels[] = {{"status", ask_text(one, "status")},
                                            {"cause", ask_text(one, "cause")}};

        prom_sample(p, labels, ARRAY_LEN(labels), number(one, "n"));
    }
}

static const struct by_label of_extractors[] = {
    {"newsmq_extractor_seconds_total", "counter", "seconds", "extractor",
     "Time that workers spent in an extractor."},
    {"newsmq_extractor_runs_total", "counter", "runs", "extractor",
     "Items that an extractor looked at."},
    {"newsmq_extractor_errors_total", "counter", "errors", "extractor",
     "Items that an extractor failed at."},
};

static const struct by_label of_consumers[] = {
    {"newsmq_consumer_lag_records", "gauge", "lag", "consumer",
     "Messages that a durable consumer has not acknowledged."},
    {"newsmq_consumer_connected", "gauge", "connected", "consumer",
     "1 while the consumer is there."},
    {"newsmq_sink_writes_total", "counter", "writes", "consumer",
     "Batches that a sink made durable."},
    {"newsmq_sink_write_seconds_total", "counter", "write_seconds", "consumer",
     "Time that a sink spent in writing and syncing."},
    {"newsmq_sink_written_bytes_total", "counter", "bytes", "consumer",
     "Bytes of records that a sink wrote."},
    {"newsmq_sink_disk_free_bytes", "gauge", "disk_free_bytes", "consumer",
     "Room on the disk that a sink writes to."},
    {"newsmq_sink_disk_size_bytes", "gauge", "disk_size_bytes", "consumer",
     "Size of the disk that a sink writes to."},
};

static void write_consumers(struct prom *p, const json_t *m)
{
    const json_t *list = json_object_get(m, "consumers"), *one;
    double now_ms = number(m, "now_ms");
    size_t i;

    for (i = 0; i < ARRAY_LEN(of_consumers); i++)
        write_list(p, list, &of_consumers[i], "name");
    prom_metric(p, "newsmq_consumer_acknowledged_age_seconds", "gauge",
                "How long ago a durable consumer acknowledged last.");
    json_array_foreach(list, i, one) if (number(one, "last_ms") > 0) prom_by(
        p, "consumer", ask_text(one, "name"), (now_ms - number(one, "last_ms")) / 1e3);
}

static void write_store(struct prom *p, const json_t *m)
{
    static const struct simple all[] = {
        {"newsmq_state_bytes", "gauge", "bytes", 1, "Size of the state's files."},
        {"newsmq_state_disk_free_bytes", "gauge", "disk_free_bytes", 1,
         "Room on the disk of the state."},
        {"newsmq_state_disk_size_bytes", "gauge", "disk_size_bytes", 1,
         "Size of the disk of the state."},
    };
    const json_t *store = json_object_get(m, "store");

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (json_object_get(store, all[i].member) == NULL)
            continue;
        prom_metric(p, all[i].name, all[i].type, all[i].help);
        prom_value(p, number(store, all[i].member));
    }
}

static void write_streams(struct prom *p, json_t *m)
{
    json_t *streams = json_object_get(m, "streams"), *one;
    const char *name;

    prom_metric(p, "newsmq_stream_head", "gauge", "The newest number of a stream.");
    json_object_foreach(streams, name, one)
        prom_by(p, "stream", str_of(name), number(one, "head"));
    prom_metric(p, "newsmq_stream_first", "gauge",
                "The oldest number of a stream that is kept for replay.");
    json_object_foreach(streams, name, one)
        prom_by(p, "stream", str_of(name), number(one, "first"));
}

static void write_hub(struct prom *p, json_t *m)
{
    const json_t *extractors = json_object_get(m, "extractors");

    write_simples(p, m);
    write_histograms(p, m);
    write_fetches(p, m);
    write_by_labels(p, m);
    for (size_t i = 0; i < ARRAY_LEN(of_extractors); i++)
        write_list(p, extractors, &of_extractors[i], "name");
    write_consumers(p, m);
    write_store(p, m);
    write_streams(p, m);
}

/* ---- feeds ---- */

static bool is_down(const struct feed_row *r)
{
    return r->health == HEALTH_FAILING || r->health == HEALTH_GONE;
}

static double age_s(const struct feed_row *r, const char *member, int64_t now_ms)
{
    return (double)(now_ms - ask_number(r->state, member)) / 1e3;
}

/* The values of a feed; absent: not known. */
static bool feed_up(const struct feed_row *r, int64_t now_ms, double *ret)
{
    (void)now_ms;
    *ret = !is_down(r);
    return r->state != NULL && r->health != HEALTH_NEW;
}

static bool feed_stale(const struct feed_row *r, int64_t now_ms, double *ret)
{
    (void)now_ms;
    *ret = r->health == HEALTH_STALE;
    return r->state != NULL;
}

static bool feed_failures(const struct feed_row *r, int64_t now_ms, double *ret)
{
    (void)now_ms;
    *ret = number(r->state, "failures");
    return r->state != NULL;
}

static bool feed_items(const struct feed_row *r, int64_t now_ms, double *ret)
{
    (void)now_ms;
    *ret = number(r->state, "items");
    return r->state != NULL;
}

static bool feed_duplicates(const struct feed_row *r, int64_t now_ms, double *ret)
{
    (void)now_ms;
    *ret = number(r->state, "duplicates");
    return r->state != NULL;
}

static bool feed_staleness(const struct feed_row *r, int64_t now_ms, double *ret)
{
    *ret = age_s(r, "last_new_ms", now_ms);
    return ask_number(r->state, "last_new_ms") > 0;
}

static bool feed_polled(const struct feed_row *r, int64_t now_ms, double *ret)
{
    *ret = age_s(r, "last_fetch_ms", now_ms);
    return ask_number(r->state, "last_fetch_ms") > 0;
}

static bool feed_overdue(const struct feed_row *r, int64_t now_ms, double *ret)
{
    *ret = age_s(r, "next_due_ms", now_ms);
    *ret = *ret > 0 ? *ret : 0;
    return ask_number(r->state, "next_due_ms") > 0;
}

static const struct {
    const char *name, *type;
    bool (*value)(const struct feed_row *r, int64_t now_ms, double *ret);
    const char *help;
} of_feeds[] = {
    {"newsmq_feed_up", "gauge", feed_up, "1 when its last poll was good."},
    {"newsmq_feed_stale", "gauge", feed_stale,
     "1 when it answers and has had nothing new for stale_after."},
    {"newsmq_feed_staleness_seconds", "gauge", feed_staleness,
     "How long ago it had something new."},
    {"newsmq_feed_polled_age_seconds", "gauge", feed_polled,
     "How long ago it was polled."},
    {"newsmq_feed_overdue_seconds", "gauge", feed_overdue,
     "How long it should have been polled already."},
    {"newsmq_feed_failures", "gauge", feed_failures, "Failed polls in a row."},
    {"newsmq_feed_items_total", "counter", feed_items, "Its items."},
    {"newsmq_feed_duplicates_total", "counter", feed_duplicates,
     "Its entries that had come before."},
};

/* In the same room each time: labels last as long as their sample. */
static void label_feed(const struct feed_row *r, struct prom_label labels[2])
{
    labels[0] = (struct prom_label){"feed", str_of(r->id)};
    labels[1] = (struct prom_label){
        "group", r->feed->group != NULL ? str_of(r->feed->group) : STR("none")};
}

static void write_problems(struct prom *p, const struct facts_feeds *feeds, size_t n)
{
    struct prom_label labels[3];

    prom_metric(p, "newsmq_feed_problem", "gauge",
                "1 for a feed that fails or is gone, with the code of why.");
    for (size_t i = 0; i < n; i++) {
        if (!is_down(&feeds->list[i]))
            continue;
        label_feed(&feeds->list[i], labels);
        labels[2] =
            (struct prom_label){"cause", str_of(problem_code(feeds->list[i].problem))};
        prom_sample(p, labels, 3, 1);
    }
}

static void write_sums(struct prom *p, const struct facts_feeds *feeds)
{
    size_t n[HEALTHS] = {0};

    for (size_t i = 0; i < feeds->n; i++)
        n[feeds->list[i].health]++;
    prom_metric(p, "newsmq_feeds", "gauge", "Feeds of the configuration, by state.");
    for (int i = 0; i < HEALTHS; i++)
        if (i != HEALTH_FORMER)
            prom_by(p, "state", str_of(health_name((enum health)i)), (double)n[i]);
}

static void write_feeds(struct prom *p, const struct facts_feeds *feeds, int64_t now_ms)
{
    size_t n = feeds->n < EXPOSITION_FEEDS_MAX ? feeds->n : EXPOSITION_FEEDS_MAX;
    struct prom_label labels[2];

    write_sums(p, feeds);
    for (size_t k = 0; k < ARRAY_LEN(of_feeds); k++) {
        prom_metric(p, of_feeds[k].name, of_feeds[k].type, of_feeds[k].help);
        for (size_t i = 0; i < n; i++) {
            double value;

            label_feed(&feeds->list[i], labels);
            if (of_feeds[k].value(&feeds->list[i], now_ms, &value))
                prom_sample(p, labels, ARRAY_LEN(labels), value);
        }
    }
    write_problems(p, feeds, n);
    prom_metric(p, "newsmq_feeds_left_out", "gauge",
                "Feeds that are over the bound and have no lines of their own.");
    prom_value(p, (double)(feeds->n - n));
}

/* ---- newsmqd, and all of it ---- */

static const struct by_label of_programs[] = {
    {"newsmq_program_red", "gauge", "red", "program", "1 when a program keeps ending."},
    {"newsmq_program_restarts_total", "counter", "restarts", "program",
     "How often a program was started again."},
};

static void write_programs(struct prom *p, const json_t *newsmqd)
{
    const json_t *list = json_object_get(newsmqd, "programs"), *one;
    size_t i;

    prom_metric(p, "newsmq_program_up", "gauge", "1 while a program runs.");
    json_array_foreach(list, i, one)
        prom_by(p, "program", ask_text(one, "name"),
                str_eq(ask_text(one, "state"), STR("running")));
    for (i = 0; i < ARRAY_LEN(of_programs); i++)
        write_list(p, list, &of_programs[i], "name");
}

static void write_ready(struct prom *p, const struct ready *r)
{
    prom_metric(p, "newsmq_up", "gauge", "1 when the hub answers.");
    prom_value(p, r->is_live);
    prom_metric(p, "newsmq_ready", "gauge", "1 when /healthz says ready.");
    prom_value(p, r->is_ready);
    prom_metric(p, "newsmq_unready", "gauge", "1 for each reason why it is not ready.");
    for (int i = 0; i < UNREADY_REASONS; i++)
        prom_by(p, "reason", str_of(unready_code((enum unready)i)), r->has[i]);
}

/* This program's own. */
static void write_own(struct prom *p, const struct http_counts *c)
{
    prom_metric(p, "newsmq_http_requests_total", "counter", "Requests to this program.");
    prom_value(p, (double)c->requests);
    prom_metric(p, "newsmq_http_answers_total", "counter",
                "Its answers, by hundreds of the status.");
    for (size_t i = 1; i < ARRAY_LEN(c->answers); i++) {
        char status[] = {(char)('0' + i), 'x', 'x', '\0'};

        prom_by(p, "status", str_of(status), (double)c->answers[i]);
    }
    prom_metric(p, "newsmq_http_refused_total", "counter",
                "Requests and streams that were refused or cut, by cause.");
    prom_by(p, "cause", STR("host"), (double)c->refused_host);
    prom_by(p, "cause", STR("rate"), (double)c->refused_rate);
    prom_by(p, "cause", STR("streams"), (double)c->refused_streams);
    prom_by(p, "cause", STR("slow"), (double)c->cut_slow);
    prom_by(p, "cause", STR("unread"), (double)c->cut_streams);
    prom_metric(p, "newsmq_http_connections", "gauge", "Connections that are open.");
    prom_value(p, c->connections);
    prom_metric(p, "newsmq_http_streams", "gauge", "Pages that are shown live.");
    prom_value(p, c->streams);
}

int exposition_write(const struct facts *f, const struct ready *r, struct strbuf *out)
{
    struct prom p = {.out = out};

    prom_metric(&p, "newsmq_build_info", "gauge", "1, with the version.");
    prom_by(&p, "version", STR(NEWSMQ_VERSION), 1);
    write_ready(&p, r);
    if (f->own != NULL)
        write_own(&p, f->own);
    if (f->newsmqd != NULL)
        write_programs(&p, f->newsmqd);
    if (f->metrics != NULL) {
        write_hub(&p, (json_t *)f->metrics);
        write_feeds(&p, &f->feeds, f->now_ms);
    }
    return p.rc;
}
