/* The head of the front page: in one word, what is wrong, and the numbers. */
#include "newsmq/ask.h"
#include "newsmq/words.h"

#include "page.h"
#include "ready.h"

/* ---- alarms ---- */

struct alarms {
    struct html *html;
    size_t n;
};

static void alarm_open(struct alarms *a, const char *class, const char *what)
{
    if (a->n++ == 0)
        html_raw(a->html, "<ul class=\"alarms\">");
    html_f(a->html, "<li class=\"%s\"><b>%s</b> ", class, what);
}

static void alarm_text(struct alarms *a, const char *class, const char *what,
                       struct str why)
{
    alarm_open(a, class, what);
    html_text(a->html, why);
    html_raw(a->html, "</li>");
}

/* What /healthz says; of programs, put_program_alarms has more. */
static void put_reasons(struct alarms *a, const struct ready *r)
{
    for (int i = 0; i < UNREADY_REASONS; i++)
        if (r->has[i] && i != UNREADY_PROGRAM_RED)
            alarm_text(a, i == UNREADY_DRAINING ? "warn" : "bad",
                       "Not ready:", str_of(r->text[i]));
}

static void put_program_alarms(struct alarms *a, const json_t *newsmqd)
{
    const json_t *p;
    size_t i;

    json_array_foreach(json_object_get(newsmqd, "programs"), i, p)
    {
        struct str says = ask_text(p, "says");

        if (!json_is_true(json_object_get(p, "red")))
            continue;
        alarm_open(a, "bad", "A program keeps ending:");
        html_text(a->html, ask_text(p, "name"));
        html_raw(a->html, " (");
        html_text(a->html, says.n > 0 ? says : ask_text(p, "last_exit"));
        html_raw(a->html, ")</li>");
    }
}

static void put_consumer_alarms(struct alarms *a, const json_t *hub)
{
    const json_t *c;
    size_t i;

    json_array_foreach(json_object_get(hub, "consumers"), i, c)
    {
        int64_t lag = ask_number(c, "lag");

        if (json_is_true(json_object_get(c, "connected")) || lag <= 0)
            continue;
        alarm_open(a, "warn", "A consumer is away:");
        html_text(a->html, ask_text(c, "name"));
        html_raw(a->html, " lags ");
        html_number(a->html, (uint64_t)lag);
        html_raw(a->html, " records. Where it is given up: <code>newsmq forget ");
        html_text(a->html, ask_text(c, "name"));
        html_raw(a->html, "</code></li>");
    }
}

static void put_alarms(struct page *p, struct http *h, const struct ready *ready)
{
    const struct known *hub = http_known(h, SOURCE_STATUS);
    const struct follow_state *follows = http_follows(h);
    struct alarms a = {&p->html, 0};
    int64_t dead = ask_number(hub->json, "dead");

    put_reasons(&a, ready);
    put_program_alarms(&a, http_known(h, SOURCE_NEWSMQD)->json);
    if (ask_text(hub->json, "full").n > 0)
        alarm_text(&a, "warn", "Fetching pauses:", ask_text(hub->json, "full"));
    put_consumer_alarms(&a, hub->json);
    if (dead > 0) {
        alarm_open(&a, "warn", "Items were given up:");
        html_raw(a.html, "<a href=\"/dead\">");
        html_number(a.html, (uint64_t)dead);
        html_raw(a.html, " dead letters</a></li>");
    }
    if (hub->fault.code == 0 && follows->fault.code != 0)
        alarm_text(&a, "warn", "Records are not followed:", str_of(follows->fault.text));
    html_raw(a.html, a.n > 0 ? "</ul>" : "");
}

/* ---- in one word ---- */

static void put_word(struct page *p, struct http *h, const struct feed_list *feeds,
                     const struct ready *ready)
{
    struct str state = ask_text(http_known(h, SOURCE_NEWSMQD)->json, "state");
    size_t failing = feeds->counts[HEALTH_FAILING] + feeds->counts[HEALTH_GONE];
    const char *class = "ok", *word = "All is well";

    if (ready->has[UNREADY_DRAINING] || str_eq(state, STR("draining"))) {
        class = "warn";
        word = "Stopping";
    } else if (!ready->is_ready) {
        class = "bad";
        word = "Something is wrong";
    } else if (str_eq(state, STR("starting"))) {
        class = "warn";
        word = "Starting";
    } else if (failing > 0) {
        class = "warn";
        word = failing == 1 ? "It runs; a feed fails" : "It runs; some feeds fail";
    }
    html_f(&p->html, "<h1 class=\"state %s\">%s</h1>", class, word);
}

/* ---- numbers ---- */

static void tile_open(struct html *w, const char *name)
{
    html_f(w, "<div><dt>%s</dt><dd>", name);
}

static void tile_close(struct html *w, const char *note)
{
    if (note != NULL)
        html_f(w, "<small>%s</small>", note);
    html_raw(w, "</dd></div>");
}

static void put_rate(struct html *w, double a_minute)
{
    if (a_minute < 0)
        html_raw(w, "–");
    else if (a_minute < 10 && a_minute > 0)
        html_f(w, "%.1f", a_minute);
    else
        html_number(w, (uint64_t)(a_minute + 0.5));
}

static int64_t largest_lag(const json_t *hub)
{
    const json_t *c;
    int64_t max = 0;
    size_t i;

    json_array_foreach(json_object_get(hub, "consumers"), i, c)
    {
        if (ask_number(c, "lag") > max)
            max = ask_number(c, "lag");
    }
    return max;
}

static void put_queue(struct html *w, const json_t *hub, const json_t *metrics)
{
    const json_t *oldest = json_object_get(metrics, "oldest_pending_ms");
    char words[WORDS_MAX];

    tile_open(w, "Queue");
    html_number(w, (uint64_t)ask_number(hub, "pending"));
    if (json_is_integer(oldest))
        html_f(w, "<small>oldest %s, %lld in hand</small>",
               words_length(json_integer_value(oldest), words),
               (long long)ask_number(hub, "in_flight"));
    else
        html_f(w, "<small>%lld in hand</small>", (long long)ask_number(hub, "in_flight"));
    tile_close(w, NULL);
}

static void put_feeds(struct html *w, const struct feed_list *feeds)
{
    size_t failing = feeds->counts[HEALTH_FAILING] + feeds->counts[HEALTH_GONE];

    tile_open(w, "Feeds");
    html_number(w, feeds->n - feeds->counts[HEALTH_FORMER]);
    html_raw(w, "<small>");
    if (failing > 0)
        html_f(w, "<span class=\"bad\">%zu failing</span>", failing);
    if (feeds->counts[HEALTH_STALE] > 0)
        html_f(w, "%s<span class=\"warn\">%zu stale</span>", failing > 0 ? ", " : "",
               feeds->counts[HEALTH_STALE]);
    if (failing + feeds->counts[HEALTH_STALE] == 0)
        html_raw(w, "none fails");
    html_raw(w, "</small>");
    tile_close(w, NULL);
}

static void put_tiles(struct page *p, struct http *h, const struct feed_list *feeds)
{
    const json_t *hub = http_known(h, SOURCE_STATUS)->json;
    const json_t *metrics = http_known(h, SOURCE_METRICS)->json;
    struct rates rates = http_rates(h);
    struct html *w = &p->html;

    html_raw(w, "<dl class=\"tiles\">");
    put_feeds(w, feeds);
    tile_open(w, "New items a minute");
    put_rate(w, rates.items);
    tile_close(w, "over the last minute");
    tile_open(w, "Records a minute");
    put_rate(w, rates.records);
    tile_close(w, "over the last minute");
    put_queue(w, hub, metrics);
    tile_open(w, "Lag of the sinks");
    html_number(w, (uint64_t)largest_lag(hub));
    tile_close(w, "records not written yet");
    tile_open(w, "Records");
    html_number(w, (uint64_t)ask_number(hub, "records"));
    html_raw(w, "<small>of ");
    html_number(w, (uint64_t)ask_number(hub, "items"));
    html_raw(w, " items</small>");
    tile_close(w, NULL);
    tile_open(w, "Seen again");
    html_number(w, (uint64_t)ask_number(hub, "duplicates"));
    tile_close(w, "entries that were known");
    html_raw(w, "</dl>");
}

void part_state(struct page *p, struct http *h, const struct feed_list *feeds)
{
    struct facts facts;
    struct ready ready;

    facts_take(&facts, h);
    ready_judge(&ready, &facts);
    put_word(p, h, feeds, &ready);
    put_alarms(p, h, &ready);
    put_tiles(p, h, feeds);
    facts_fini(&facts);
}
