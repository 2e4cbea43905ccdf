/* Counting where things happen costs additions. What other programs count comes in their
   own words once a second or with a poll, so that reading it costs nothing per item; it
   is a stranger's word, and bounded as such. */
#include <stdio.h>

#include "newsmq/problem.h"

#include "counts.h"

#define REPORT_MAX   ((size_t)64 * 1024)
#define REPORTED_MAX 1e12 /* nobody does more in a second */

static const double commit_bounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                       0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                       1,      2.5,     5,      10};
static const double item_bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                     0.1,   0.25,   0.5,   1,    2.5,   5,
                                     10,    30,     60,    300,  1800,  7200};
static const double fetch_bounds[] = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                      2.5,  5,     10,   20,  30,   60,  120};
static const double late_bounds[] = {0.1, 0.5, 1,   2.5, 5,    10,   30,
                                     60,  120, 300, 900, 1800, 3600, 14400};

static const struct {
    int code;
    struct str cause;
} refusals[] = {
    {400, STR_INIT("unknown_verb")},   {403, STR_INIT("forbidden")},
    {404, STR_INIT("unknown_method")}, {409, STR_INIT("conflict")},
    {413, STR_INIT("too_large")},      {422, STR_INIT("malformed")},
    {429, STR_INIT("too_many")},       {503, STR_INIT("not_now")},
    {505, STR_INIT("version")},
};

void counts_init(struct counts *c)
{
    *c = (struct counts){
        .commit_s = HISTOGRAM(commit_bounds),
        .item_s = HISTOGRAM(item_bounds),
        .fetch_s = HISTOGRAM(fetch_bounds),
        .late_s = HISTOGRAM(late_bounds),
        .fetches = TALLY(c->rows.fetches),
        .extractor_s = TALLY(c->rows.extractors[0]),
        .extractor_runs = TALLY(c->rows.extractors[1]),
        .extractor_errors = TALLY(c->rows.extractors[2]),
        .subscribers = TALLY(c->rows.subscribers),
        .refused = TALLY(c->rows.refused),
        .auth_failures = TALLY(c->rows.auth_failures),
        .watch_hits = TALLY(c->rows.watch_hits),
    };
    /* What is there from the start can be seen to grow. */
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        tally_add(&c->refused, refusals[i].cause, 0);
}

/* ---- what happens here ---- */

void counts_refused(struct counts *c, int code)
{
    size_t i = 0;

    while (i < ARRAY_LEN(refusals) && refusals[i].code != code)
        i++;
    tally_add(&c->refused, i < ARRAY_LEN(refusals) ? refusals[i].cause : STR("other"), 1);
}

/* "record/un/" of what begins so, "record/" of "record/u", "all" of "". */
void counts_subscription(struct counts *c, struct str topic, bool came)
{
    static const struct str heads[] = {STR_INIT("item/"), STR_INIT("record/"),
                                       STR_INIT("feed/"), STR_INIT("watch/"),
                                       STR_INIT("sys/")};
    struct str label = topic.n == 0 ? STR("all") : STR("other");

    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        size_t end;

        if (!str_has_prefix(topic, heads[i]))
            continue;
        end = str_find_char(topic, '/', heads[i].n);
        label = str_slice(topic, 0, end == SIZE_MAX ? heads[i].n : end + 1);
    }
    if (came)
        tally_add(&c->subscribers, label, 1);
    else
        tally_take(&c->subscribers, label, 1);
}

/* ---- what others say ---- */

/* 0 when it is missing, or no number that can be. */
static double number(const json_t *o, const char *name)
{
    double v = json_number_value(json_object_get(o, name));

    return v > 0 && v < REPORTED_MAX ? v : 0;
}

void counts_poll(struct counts *c, const json_t *state)
{
    const json_t *poll = json_object_get(state, "poll");
    const char *code = json_string_value(json_object_get(state, "problem"));
    enum problem problem = problem_find(str_of(code));
    int status = (int)number(state, "http_status") % 1000;
    char label[TALLY_LABEL_MAX];

    if (!json_is_object(poll))
        return;
    (void)snprintf(label, sizeof label, "%d %s", status,
                   problem != PROBLEM_NONE ? problem_code(problem)
                   : code != NULL          ? problem_code(PROBLEM_OTHER)
                                           : "none");
    tally_add(&c->fetches, str_of(label), 1);
    histogram_add(&c->fetch_s, number(poll, "ms") / 1e3);
    histogram_add(&c->late_s, number(poll, "late_ms") / 1e3);
    c->fetch_bytes += (uint64_t)number(poll, "bytes");
}

static json_t *read_report(struct str report)
{
    return report.p != NULL && report.n <= REPORT_MAX
               ? json_loadb(report.p, report.n, JSON_REJECT_DUPLICATES, NULL)
               : NULL;
}

void counts_work(struct counts *c, struct str report)
{
    json_t *root = read_report(report), *one;
    const char *name;

    c->tokens += (uint64_t)number(root, "tokens");
    json_object_foreach(json_object_get(root, "extractors"), name, one)
    {
        tally_add(&c->extractor_s, str_of(name), number(one, "seconds"));
        tally_add(&c->extractor_runs, str_of(name), number(one, "runs"));
        tally_add(&c->extractor_errors, str_of(name), number(one, "errors"));
    }
    json_decref(root);
}

static int64_t size_of(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    return json_is_integer(v) ? json_integer_value(v) : -1;
}

void counts_sink(struct sink_counts *s, struct str report)
{
    json_t *root = read_report(report);

    if (json_is_object(root)) {
        s->has_any = true;
        s->writes += (uint64_t)number(root, "writes");
        s->bytes += (uint64_t)number(root, "bytes");
        s->write_s += number(root, "seconds");
        s->disk_free = size_of(root, "disk_free_bytes");
        s->disk_size = size_of(root, "disk_size_bytes");
    }
    json_decref(root);
}

/* ---- as JSON ---- */

static void write_histogram(struct jsonw *j, const char *key, const struct histogram *h)
{
    jsonw_key(j, key);
    histogram_write(h, j);
}

static void write_tally(struct jsonw *j, const char *key, const struct tally *t)
{
    jsonw_key(j, key);
    tally_write(t, j);
}

static void write_fetches(const struct tally *t, struct jsonw *j)
{
    jsonw_key(j, "fetches");
    jsonw_array(j);
    for (size_t i = 0; i < t->n; i++) {
        struct str cause = str_of(t->rows[i].label), status = str_cut(&cause, ' ');

        jsonw_object(j);
        jsonw_member_str(j, "status", status);
        jsonw_member_str(j, "cause", cause.p != NULL ? cause : status);
        jsonw_member_u64(j, "n", (uint64_t)t->rows[i].sum);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void write_extractors(const struct counts *c, struct jsonw *j)
{
    jsonw_key(j, "extractors");
    jsonw_array(j);
    for (size_t i = 0; i < c->extractor_s.n; i++) {
        struct str name = str_of(c->extractor_s.rows[i].label);

        jsonw_object(j);
        jsonw_member_str(j, "name", name);
        jsonw_key(j, "seconds");
        jsonw_f(j, c->extractor_s.rows[i].sum, 6);
        jsonw_member_u64(j, "runs", (uint64_t)tally_get(&c->extractor_runs, name));
        jsonw_member_u64(j, "errors", (uint64_t)tally_get(&c->extractor_errors, name));
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void write_by_stream(struct jsonw *j, const char *key, const uint64_t *n)
{
    jsonw_key(j, key);
    jsonw_object(j);
    for (int i = 0; i < STREAMS; i++)
        jsonw_member_u64(j, stream_name((enum stream)i), n[i]);
    jsonw_member_u64(j, "heartbeat", n[STREAMS]);
    jsonw_object_end(j);
}

void counts_write(const struct counts *c, struct jsonw *j)
{
    write_histogram(j, "commit_seconds", &c->commit_s);
    write_histogram(j, "item_seconds", &c->item_s);
    write_histogram(j, "fetch_seconds", &c->fetch_s);
    write_histogram(j, "fetch_late_seconds", &c->late_s);
    write_fetches(&c->fetches, j);
    jsonw_member_u64(j, "fetch_bytes", c->fetch_bytes);
    write_extractors(c, j);
    jsonw_member_u64(j, "tokens", c->tokens);
    write_by_stream(j, "published", c->published);
    write_by_stream(j, "publish_drops", c->drops);
    write_tally(j, "subscribers", &c->subscribers);
    write_tally(j, "refused", &c->refused);
    write_tally(j, "auth_failures", &c->auth_failures);
    write_tally(j, "watch_hits", &c->watch_hits);
}

void counts_write_sink(const struct sink_counts *s, struct jsonw *j)
{
    if (!s->has_any)
        return;
    jsonw_member_u64(j, "writes", s->writes);
    jsonw_member_u64(j, "bytes", s->bytes);
    jsonw_key(j, "write_seconds");
    jsonw_f(j, s->write_s, 6);
    if (s->disk_free >= 0)
        jsonw_member_i64(j, "disk_free_bytes", s->disk_free);
    if (s->disk_size >= 0)
        jsonw_member_i64(j, "disk_size_bytes", s->disk_size);
}
