#include <stdio.h>
#include <string.h>

#include "newsmq/ask.h"
#include "newsmq/feed_row.h"
#include "newsmq/words.h"

#include "push.h"

static const char *const healths[HEALTHS] = {
    [HEALTH_FAILING] = "failing", [HEALTH_GONE] = "gone", [HEALTH_STALE] = "stale",
    [HEALTH_NEW] = "new",         [HEALTH_OK] = "ok",     [HEALTH_FORMER] = "former",
};

const char *health_name(enum health h)
{
    return healths[h];
}

/* ---- judging ---- */

static struct problem_set notes_of(const json_t *state)
{
    const json_t *list = json_object_get(state, "notes"), *v;
    struct problem_set notes = {0};
    size_t i;

    json_array_foreach(list, i, v)
    {
        enum problem p = problem_find(str_of(json_string_value(v)));

        if (p != PROBLEM_NONE)
            problem_add(&notes, p);
    }
    if (ask_text(state, "moved_to").n > 0)
        problem_add(&notes, PROBLEM_MOVED);
    return notes;
}

static enum problem problem_of(const json_t *state)
{
    enum problem p = problem_find(ask_text(state, "problem"));

    return p != PROBLEM_NONE ? p : PROBLEM_OTHER;
}

static void judge_ok(struct feed_row *r, int64_t now_ms)
{
    int64_t last_ms = ask_number(r->state, "last_new_ms");
    struct str moved_to = ask_text(r->state, "moved_to");
    char since[WORDS_MAX], limit[WORDS_MAX];

    r->health = HEALTH_OK;
    if (last_ms > 0 && now_ms - last_ms > r->feed->stale_after_ms) {
        r->health = HEALTH_STALE;
        r->problem = PROBLEM_STALE;
        (void)snprintf(r->why, sizeof r->why, "nothing new for %s (stale_after is %s)",
                       words_length(now_ms - last_ms, since),
                       words_length(r->feed->stale_after_ms, limit));
    } else if (moved_to.n > 0) {
        (void)snprintf(r->why, sizeof r->why, "moved to " STR_FMT,
                       STR_ARG(str_head(moved_to, 140)));
    } else if (ask_number(r->state, "items") == 0) {
        (void)snprintf(r->why, sizeof r->why, "answers, but had no items so far");
    } else {
        push_words(r->state, now_ms, r->why, sizeof r->why);
    }
}

void feed_row_init(struct feed_row *r, const char *id, const struct config_feed *feed,
                   const json_t *state, int64_t now_ms)
{
    struct str health = ask_text(state, "state"), reason = ask_text(state, "reason");
    bool is_gone = str_eq(health, STR("gone"));

    *r = (struct feed_row){.id = id, .feed = feed, .state = state};
    r->also = notes_of(state);
    if (feed == NULL) {
        r->health = HEALTH_FORMER;
        (void)snprintf(r->why, sizeof r->why, "no longer in the configuration");
    } else if (is_gone || str_eq(health, STR("failing"))) {
        r->health = is_gone ? HEALTH_GONE : HEALTH_FAILING;
        r->problem = problem_of(state);
        (void)snprintf(r->why, sizeof r->why, STR_FMT, STR_ARG(str_head(reason, 150)));
    } else if (state == NULL || ask_number(state, "last_fetch_ms") == 0) {
        r->health = HEALTH_NEW;
        (void)snprintf(r->why, sizeof r->why, "not polled yet");
    } else {
        judge_ok(r, now_ms);
    }
}

bool feed_row_has_problem(const struct feed_row *r)
{
    return r->feed != NULL && (r->problem != PROBLEM_NONE || r->also.bits != 0);
}

/* ---- for programs ---- */

static json_t *time_json(int64_t ms)
{
    char buf[CLOCK_TEXT_MAX];

    return ms > 0 ? json_string(clock_text(ms, buf)) : json_null();
}

static json_t *problem_json(enum problem p)
{
    return json_pack("{s:s,s:s,s:s}", "problem", problem_code(p), "cause",
                     problem_cause(p), "remedy", problem_remedy(p));
}

static json_t *problems_json(const struct feed_row *r)
{
    json_t *list = json_array();

    if (r->problem != PROBLEM_NONE)
        (void)json_array_append_new(list, problem_json(r->problem));
    for (int p = 0; p < PROBLEMS; p++)
        if (problem_has(r->also, (enum problem)p))
            (void)json_array_append_new(list, problem_json((enum problem)p));
    return list;
}

static json_t *text_or_null(const char *z)
{
    return z != NULL && z[0] != '\0' ? json_string(z) : json_null();
}

json_t *feed_row_json(const struct feed_row *r)
{
    static const char *const times[][2] = {{"last_new", "last_new_ms"},
                                           {"last_fetch", "last_fetch_ms"},
                                           {"last_ok", "last_ok_ms"},
                                           {"next_due", "next_due_ms"}};
    static const char *const same[] = {"title",    "site",  "format",     "http_status",
                                       "failures", "items", "duplicates", "moved_to"};
    json_t *o = json_object();

    (void)json_object_set_new(o, "feed", json_string(r->id));
    (void)json_object_set_new(o, "url",
                              r->feed != NULL
                                  ? json_string(r->feed->url)
                                  : json_deep_copy(json_object_get(r->state, "url")));
    (void)json_object_set_new(o, "group",
                              text_or_null(r->feed != NULL ? r->feed->group : NULL));
    (void)json_object_set_new(o, "state", json_string(healths[r->health]));
    (void)json_object_set_new(o, "why", text_or_null(r->why));
    (void)json_object_set_new(
        o, "problem",
        r->problem != PROBLEM_NONE ? json_string(problem_code(r->problem)) : json_null());
    (void)json_object_set_new(o, "problems", problems_json(r));
    for (size_t i = 0; i < ARRAY_LEN(times); i++)
        (void)json_object_set_new(o, times[i][0],
                                  time_json(ask_number(r->state, times[i][1])));
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        json_t *v = json_object_get(r->state, same[i]);

        (void)json_object_set(o, same[i], v != NULL ? v : json_null());
    }
    (void)json_object_set_new(o, "push", push_json(r->state));
    return o;
}
