/* The fetcher keeps with each feed who wished for which pause (docs/wire.md "feed state",
   next); here that becomes one sentence. */
#include <string.h>

#include "newsmq/ask.h"
#include "newsmq/feed_row.h"
#include "newsmq/words.h"

/* Who wished, as the beginning of a clause that ends in the pause. */
static const char *wish_words(const char *by)
{
    static const char *const rows[][2] = {
        {"every", "your `every` is"},
        {"busy", "half of its last items were new, so the pause is"},
        {"quiet", "it brings little, so the pause (adaptive) is"},
        {"failures", "after its failures the pause is"},
        {"first", "after its first poll it goes to its own place in the interval, in"},
        {"ttl", "the feed's ttl is"},
        {"update_period", "the feed says by sy:updatePeriod that it changes every"},
        {"expires", "the server says by Expires that its answer stays fresh for"},
        {"max_age", "the server says by Cache-Control that its answer stays fresh for"},
        {"pushed", "its WebSub hub tells what is new, so the pause is"},
        {"retry_after", "the server asked by Retry-After for a pause of"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(by, rows[i][0]) == 0)
            return rows[i][1];
    return "something that was not written down wants";
}

/* ---- the sentence ---- */

static void add_bounds(struct strbuf *out, const json_t *wishes, const char *by,
                       const struct config_feed *feed)
{
    char buf[WORDS_MAX];
    int64_t mine_ms = ask_number(wishes, by);

    if (strcmp(by, "every") != 0 && strcmp(by, "busy") != 0 && strcmp(by, "first") != 0 &&
        mine_ms >= feed->every_ms)
        (void)strbuf_addf(out, "%s your `every` of %s",
                          mine_ms > feed->every_ms ? ", later than" : ", as long as",
                          words_span(feed->every_ms, buf));
    if (mine_ms == feed->max_every_ms && mine_ms > feed->every_ms)
        (void)strbuf_addf(out, ", and not longer than your `max_every`");
}

/* What was wished for as well and did not decide. */
static void add_losers(struct strbuf *out, json_t *wishes, const char *by)
{
    bool is_first = true;
    const char *name;
    const json_t *v;
    char buf[WORDS_MAX];

    json_object_foreach(wishes, name, v)
    {
        if (strcmp(name, by) == 0 || strcmp(name, "every") == 0)
            continue;
        (void)strbuf_addf(out, "%s %s %s", is_first ? "; not longer are the wishes" : ",",
                          name, words_span(json_integer_value(v), buf));
        is_first = false;
    }
}

static void add_skip(struct strbuf *out, const json_t *next)
{
    struct str skipped = ask_text(next, "skipped");
    char buf[WORDS_MAX];

    if (skipped.n == 0)
        return;
    (void)strbuf_addf(out, "; the feed's %s would then be on, so it is %s later",
                      str_eq(skipped, STR("days")) ? "skipDays" : "skipHours",
                      words_span(ask_number(next, "skipped_ms"), buf));
}

static void add_reason(struct strbuf *out, const json_t *next,
                       const struct config_feed *feed, int64_t now_ms)
{
    json_t *wishes = json_object_get(next, "wishes_ms");
    const char *by = json_string_value(json_object_get(next, "by"));
    int64_t jitter_ms = ask_number(next, "jitter_ms");
    char buf[WORDS_MAX], when[WORDS_MAX];

    (void)strbuf_addf(out, "%s %s", wish_words(by),
                      words_span(ask_number(wishes, by), buf));
    (void)strbuf_addf(out, " from %s on",
                      words_moment(ask_number(next, "from_ms"), now_ms, when));
    add_bounds(out, wishes, by, feed);
    add_losers(out, wishes, by);
    if (jitter_ms != 0)
        (void)strbuf_addf(out, "; %s %s are jitter",
                          words_span(jitter_ms < 0 ? -jitter_ms : jitter_ms, buf),
                          jitter_ms < 0 ? "less" : "more");
    add_skip(out, next);
}

void feed_row_next(const struct feed_row *r, int64_t now_ms, struct strbuf *out)
{
    const json_t *next = json_object_get(r->state, "next");
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    char when[WORDS_MAX], ago[WORDS_MAX];

    if (r->health == HEALTH_GONE) {
        (void)strbuf_addf(out,
                          "It is not polled any more, since its publisher has ended "
                          "it; newsmq feeds --enable %s tries again.",
                          r->id);
        return;
    }
    if (json_object_get(r->state, "ask") != NULL || due_ms == 0) {
        (void)strbuf_addf(out, "It is polled as soon as its turn comes.");
        return;
    }
    (void)strbuf_addf(out, "%s %s UTC (%s)", due_ms > now_ms ? "Next at" : "Due since",
                      words_moment(due_ms, now_ms, when), words_ago(due_ms, now_ms, ago));
    if (json_string_value(json_object_get(next, "by")) != NULL) {
        (void)strbuf_addf(out, ": ");
        add_reason(out, next, r->feed, now_ms);
    }
    if (due_ms <= now_ms)
        (void)strbuf_addf(out, "; it waits for its turn at its host, or for the hub");
    (void)strbuf_addf(out, ".");
}

json_t *feed_row_why_json(const struct feed_row *r, int64_t now_ms)
{
    struct strbuf next = {.max = FEED_NEXT_MAX};
    json_t *o = feed_row_json(r), *plan = json_object_get(r->state, "next");

    feed_row_next(r, now_ms, &next);
    (void)json_object_set_new(o, "next_why", json_string(strbuf_cstr(&next)));
    (void)json_object_set_new(o, "next", plan != NULL ? json_incref(plan) : json_null());
    strbuf_fini(&next);
    return o;
}
