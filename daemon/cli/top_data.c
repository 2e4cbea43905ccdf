#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "newsmq/words.h"

#include "ask.h"
#include "top_data.h"

#define SUPERVISOR_MS 2000

/* ---- alarms ---- */

static void alarm_add(struct top_data *d, bool is_bad, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void alarm_add(struct top_data *d, bool is_bad, const char *fmt, ...)
{
    struct top_alarm *a;
    va_list ap;

    if (d->n_alarms == TOP_ALARMS)
        return;
    a = &d->alarms[d->n_alarms++];
    a->is_bad = is_bad;
    va_start(ap, fmt);
    (void)vsnprintf(a->text, sizeof a->text, fmt, ap); /* cut is fine */
    va_end(ap);
}

static void judge_programs(struct top_data *d)
{
    const json_t *program;
    char buf[WORDS_MAX];
    size_t i;

    if (d->newsmqd == NULL && d->no_newsmqd.code != ERR_CLOSED)
        alarm_add(d, true, "newsmqd does not answer: %s", d->no_newsmqd.text);
    json_array_foreach(json_object_get(d->newsmqd, "programs"), i, program)
    {
        int64_t next_ms = ask_number(program, "next_start_ms");
        struct str name = ask_text(program, "name");

        if (next_ms > 0)
            alarm_add(d, true, STR_FMT " has ended (" STR_FMT "), tried again %s",
                      STR_ARG(name), STR_ARG(ask_text(program, "last_exit")),
                      words_ago(next_ms, d->now_ms, buf));
        else if (json_is_true(json_object_get(program, "red")))
            alarm_add(d, true, STR_FMT " is unsteady, started again %lld times",
                      STR_ARG(name), (long long)ask_number(program, "restarts"));
    }
}

static void judge_consumers(struct top_data *d)
{
    const json_t *consumer;
    size_t i;

    json_array_foreach(json_object_get(d->hub, "consumers"), i, consumer)
    {
        int64_t lag = ask_number(consumer, "lag");
        struct str name = ask_text(consumer, "name");

        if (!json_is_true(json_object_get(consumer, "connected")))
            alarm_add(d, lag > 0, STR_FMT " is not connected, %lld behind", STR_ARG(name),
                      (long long)lag);
    }
}

static void judge_hub(struct top_data *d)
{
    struct str holding = ask_text(d->hub, "holding"), full = ask_text(d->hub, "full");
    int64_t dead = ask_number(d->hub, "dead");

    if (d->hub == NULL) {
        alarm_add(d, true, "the hub does not answer: %s", d->no_hub.text);
        return;
    }
    if (!json_is_true(json_object_get(d->hub, "accounts_ok")))
        alarm_add(d, true, "items = done + dead + pending does not add up");
    if (holding.n > 0)
        alarm_add(d, true, "the hub holds, nothing is lost: " STR_FMT, STR_ARG(holding));
    if (full.n > 0)
        alarm_add(d, true, "fetching pauses: " STR_FMT, STR_ARG(full));
    if (json_is_true(json_object_get(d->hub, "draining")))
        alarm_add(d, true, "draining: no new items, no new jobs");
    if (json_array_size(json_object_get(d->hub, "workers")) == 0)
        alarm_add(d, true, "no workers are connected");
    judge_consumers(d);
    if (dead > 0)
        alarm_add(d, false, "%lld item%s given up: newsmq dead", (long long)dead,
                  dead == 1 ? "" : "s");
}

static void judge_feeds(struct top_data *d)
{
    const size_t *n = d->rows.counts;

    if (d->feeds != NULL && n[HEALTH_FAILING] + n[HEALTH_GONE] + n[HEALTH_STALE] > 0)
        alarm_add(d, false,
                  "feeds: %zu failing, %zu gone, %zu stale: "
                  "newsmq feeds --problems",
                  n[HEALTH_FAILING], n[HEALTH_GONE], n[HEALTH_STALE]);
}

bool top_data_is_well(const struct top_data *d)
{
    for (size_t i = 0; i < d->n_alarms; i++)
        if (d->alarms[i].is_bad)
            return false;
    return true;
}

/* ---- asking ---- */

static void forget(struct top_data *d)
{
    feed_rows_fini(&d->rows);
    json_decref(d->newsmqd);
    json_decref(d->hub);
    json_decref(d->metrics);
    json_decref(d->feeds);
    d->newsmqd = d->hub = d->metrics = d->feeds = NULL;
    d->n_alarms = 0;
}

void top_data_fini(struct top_data *d)
{
    forget(d);
}

/* A hub whose store is another, or that gave no answer, has no rate. */
static double rate(int64_t now, int64_t before, int64_t ms)
{
    return ms > 0 && now >= before ? (double)(now - before) * 1000 / (double)ms : -1;
}

static void count_rates(struct top_data *d)
{
    int64_t items = ask_number(d->hub, "items"), records = ask_number(d->hub, "records");
    int64_t ms = mono_ms_between(d->before, d->at);

    d->items_s = d->records_s = -1;
    if (d->hub == NULL) {
        d->before = (struct mono){0};
        return;
    }
    if (d->before.ns != 0) {
        d->items_s = rate(items, d->items_before, ms);
        d->records_s = rate(records, d->records_before, ms);
    }
    d->before = d->at;
    d->items_before = items;
    d->records_before = records;
}

void top_data_read(struct top_data *d, const struct config *c)
{
    struct err e; /* the first call to the hub tells all there is to tell */

    forget(d);
    d->config = c;
    (void)ask_supervisor_within(c->bus.dir, "status", SUPERVISOR_MS, &d->newsmqd,
                                &d->no_newsmqd);
    d->at = clock_mono();
    if (ask_hub(c, "status", "{}", &d->hub, &d->no_hub) == 0) {
        (void)ask_hub(c, "metrics", "{}", &d->metrics, &e);
        (void)ask_hub(c, "feeds", "{}", &d->feeds, &e);
    }
    d->now_ms = clock_wall_ms();
    feed_rows_init(&d->rows, c, json_object_get(d->feeds, "feeds"), d->now_ms);
    count_rates(d);
    judge_programs(d);
    judge_hub(d);
    judge_feeds(d);
}

/* ---- for programs ---- */

static json_t *alarms_json(const struct top_data *d)
{
    json_t *list = json_array();

    for (size_t i = 0; i < d->n_alarms; i++) {
        json_t *alarm = json_object();

        (void)json_object_set_new(alarm, "bad", json_boolean(d->alarms[i].is_bad));
        (void)json_object_set_new(alarm, "text", json_string(d->alarms[i].text));
        (void)json_array_append_new(list, alarm);
    }
    return list;
}

json_t *top_data_json(const struct top_data *d)
{
    json_t *all = json_object(), *feeds = json_array();
    char time[CLOCK_TEXT_MAX];

    for (size_t i = 0; i < d->rows.n; i++)
        (void)json_array_append_new(feeds, feed_row_json(&d->rows.list[i]));
    (void)json_object_set_new(all, "time", json_string(clock_text(d->now_ms, time)));
    (void)json_object_set_new(all, "ok", json_boolean(top_data_is_well(d)));
    (void)json_object_set_new(all, "alarms", alarms_json(d));
    (void)json_object_set(all, "newsmqd", d->newsmqd != NULL ? d->newsmqd : json_null());
    (void)json_object_set(all, "hub", d->hub != NULL ? d->hub : json_null());
    (void)json_object_set(all, "metrics", d->metrics != NULL ? d->metrics : json_null());
    (void)json_object_set_new(all, "feeds", feeds);
    return all;
}
