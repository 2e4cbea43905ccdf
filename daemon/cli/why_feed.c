/* The fetcher keeps with each feed who wished for which pause (docs/wire.md "feed state",
   next); here that becomes one sentence. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/clock.h"

#include "ask.h"
#include "feed_row.h"
#include "why_feed.h"

#define SENTENCE_MAX 1024

const struct config_feed *why_feed_find(const struct config *c, const char *id)
{
    for (size_t i = 0; i < c->n_feeds; i++)
        if (strcmp(c->feeds[i].id, id) == 0)
            return &c->feeds[i];
    return NULL;
}

/* ---- words ---- */

/* "14:35:10" on the day of now, else with the date; UTC. */
static const char *moment(int64_t ms, int64_t now_ms, char buf[CLOCK_TEXT_MAX])
{
    char text[CLOCK_TEXT_MAX];

    if (clock_text(ms, text)[0] == '\0')
        (void)snprintf(buf, CLOCK_TEXT_MAX, "an odd time");
    else if (ms / DAY_MS == now_ms / DAY_MS)
        (void)snprintf(buf, CLOCK_TEXT_MAX, "%.8s", text + 11);
    else
        (void)snprintf(buf, CLOCK_TEXT_MAX, "%.10s %.8s", text, text + 11);
    return buf;
}

/* "1 h 30 min": exact enough to add up. */
static const char *span(int64_t ms, char buf[48])
{
    int64_t s = (ms + SECOND_MS / 2) / SECOND_MS, d = s / 86400, h = s / 3600 % 24;
    int64_t m = s / 60 % 60;

    if (ms < 10 * SECOND_MS)
        (void)snprintf(buf, 48, "%.3g s", (double)ms / SECOND_MS);
    else if (s < 60)
        (void)snprintf(buf, 48, "%lld s", (long long)s);
    else if (s < 3600)
        (void)snprintf(buf, 48, s % 60 != 0 ? "%lld min %lld s" : "%lld min",
                       (long long)m, (long long)(s % 60));
    else if (d == 0)
        (void)snprintf(buf, 48, m != 0 ? "%lld h %lld min" : "%lld h", (long long)h,
                       (long long)m);
    else
        (void)snprintf(buf, 48, h != 0 ? "%lld d %lld h" : "%lld d", (long long)d,
                       (long long)h);
    return buf;
}

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
    char buf[48];
    int64_t mine_ms = ask_number(wishes, by);

    if (strcmp(by, "every") != 0 && strcmp(by, "busy") != 0 && strcmp(by, "first") != 0 &&
        mine_ms >= feed->every_ms)
        (void)strbuf_addf(out, "%s your `every` of %s",
                          mine_ms > feed->every_ms ? ", later than" : ", as long as",
                          span(feed->every_ms, buf));
    if (mine_ms == feed->max_every_ms && mine_ms > feed->every_ms)
        (void)strbuf_addf(out, ", and not longer than your `max_every`");
}

/* What was wished for as well and did not decide. */
static void add_losers(struct strbuf *out, json_t *wishes, const char *by)
{
    bool is_first = true;
    const char *name;
    const json_t *v;
    char buf[48];

    json_object_foreach(wishes, name, v)
    {
        if (strcmp(name, by) == 0 || strcmp(name, "every") == 0)
            continue;
        (void)strbuf_addf(out, "%s %s %s", is_first ? "; not longer are the wishes" : ",",
                          name, span(json_integer_value(v), buf));
        is_first = false;
    }
}

static void add_skip(struct strbuf *out, const json_t *next)
{
    struct str skipped = ask_text(next, "skipped");
    char buf[48];

    if (skipped.n == 0)
        return;
    (void)strbuf_addf(out, "; the feed's %s would then be on, so it is %s later",
                      str_eq(skipped, STR("days")) ? "skipDays" : "skipHours",
                      span(ask_number(next, "skipped_ms"), buf));
}

static void add_reason(struct strbuf *out, const json_t *next,
                       const struct config_feed *feed, int64_t now_ms)
{
    json_t *wishes = json_object_get(next, "wishes_ms");
    const char *by = json_string_value(json_object_get(next, "by"));
    int64_t jitter_ms = ask_number(next, "jitter_ms");
    char buf[48], when[CLOCK_TEXT_MAX];

    (void)strbuf_addf(out, "%s %s", wish_words(by), span(ask_number(wishes, by), buf));
    (void)strbuf_addf(out, " from %s on",
                      moment(ask_number(next, "from_ms"), now_ms, when));
    add_bounds(out, wishes, by, feed);
    add_losers(out, wishes, by);
    if (jitter_ms != 0)
        (void)strbuf_addf(out, "; %s %s are jitter",
                          span(jitter_ms < 0 ? -jitter_ms : jitter_ms, buf),
                          jitter_ms < 0 ? "less" : "more");
    add_skip(out, next);
}

/* Why it is polled next when it is, in one sentence. */
static void next_sentence(struct strbuf *out, const struct feed_row *r, int64_t now_ms)
{
    const json_t *next = json_object_get(r->state, "next");
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    char when[CLOCK_TEXT_MAX], ago[32];

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
                      moment(due_ms, now_ms, when), term_ago(due_ms, now_ms, ago));
    if (json_string_value(json_object_get(next, "by")) != NULL) {
        (void)strbuf_addf(out, ": ");
        add_reason(out, next, r->feed, now_ms);
    }
    if (due_ms <= now_ms)
        (void)strbuf_addf(out, "; it waits for its turn at its host, or for the hub");
    (void)strbuf_addf(out, ".");
}

/* ---- telling ---- */

static void say_url(const struct feed_row *r)
{
    struct str moved_to = ask_text(r->state, "moved_to");
    int64_t seen = ask_number(r->state, "move_seen");

    printf("  ");
    (void)term_text(stdout, str_of(r->feed->url), 0, false); /* any length */
    if (moved_to.n > 0) {
        printf("\n  It has moved for good, and this is asked: ");
        (void)term_text(stdout, moved_to, 0, false);
    } else if (seen > 0) {
        printf("\n  It redirects for good (seen %lld times; believed after 5 times and a "
               "day) to ",
               (long long)seen);
        (void)term_text(stdout, ask_text(r->state, "move_url"), 0, false);
    }
    printf("\n");
}

static void say_last(const struct feed_row *r, int64_t now_ms)
{
    int64_t last_ms = ask_number(r->state, "last_fetch_ms");
    int64_t status = ask_number(r->state, "http_status");
    char when[CLOCK_TEXT_MAX], ago[32];

    if (last_ms == 0)
        return;
    printf("  Last asked at %s UTC (%s)", moment(last_ms, now_ms, when),
           term_ago(last_ms, now_ms, ago));
    if (status > 0)
        printf(": HTTP %lld", (long long)status);
    printf(".\n  %lld items so far, the last new one %s.\n",
           (long long)ask_number(r->state, "items"),
           term_ago(ask_number(r->state, "last_new_ms"), now_ms, ago));
}

static int tell(const char *who, const struct feed_row *r, int64_t now_ms)
{
    struct strbuf next = {.max = SENTENCE_MAX};

    feed_row_print(r, now_ms, term_has_colour(stdout));
    say_url(r);
    say_last(r, now_ms);
    next_sentence(&next, r, now_ms);
    printf("  %s\n", strbuf_cstr(&next));
    strbuf_fini(&next);
    if (fflush(stdout) == 0)
        return EX_OK;
    perror(who);
    return EX_IOERR;
}

static int tell_json(const char *who, const struct feed_row *r, int64_t now_ms)
{
    struct strbuf next = {.max = SENTENCE_MAX};
    json_t *o = feed_row_json(r), *plan = json_object_get(r->state, "next");
    int rc;

    next_sentence(&next, r, now_ms);
    (void)json_object_set_new(o, "next_why", json_string(strbuf_cstr(&next)));
    (void)json_object_set_new(o, "next", plan != NULL ? json_incref(plan) : json_null());
    rc = ask_print(who, o);
    json_decref(o);
    strbuf_fini(&next);
    return rc;
}

static const json_t *state_of(const json_t *answer, const char *id)
{
    const json_t *v;
    size_t i;

    json_array_foreach(json_object_get(answer, "feeds"), i, v)
    {
        if (str_eq(ask_text(v, "feed"), str_of(id)))
            return v;
    }
    return NULL;
}

int why_feed(const char *who, const struct config *c, const struct config_feed *feed,
             bool as_json)
{
    int64_t now_ms = clock_wall_ms();
    struct feed_row row;
    json_t *answer = NULL;
    int rc = ask_or_tell(who, c, "feeds", "{}", &answer);

    if (rc != 0)
        return rc;
    feed_row_init(&row, feed->id, feed, state_of(answer, feed->id), now_ms);
    rc = as_json ? tell_json(who, &row, now_ms) : tell(who, &row, now_ms);
    json_decref(answer);
    return rc;
}
