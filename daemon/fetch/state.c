#include <limits.h>
#include <stdlib.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "state.h"

#define TEXT_MAX 4096

static const char *const health_names[] = {"new", "ok", "failing", "gone"};
static const char *const ask_names[] = {NULL, "enable", "unmove"};

/* The members that are text, for copying, reading and writing alike. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {
    {"url", offsetof(struct feed_state, url)},
    {"title", offsetof(struct feed_state, title)},
    {"site", offsetof(struct feed_state, site)},
    {"format", offsetof(struct feed_state, format)},
    {"etag", offsetof(struct feed_state, etag)},
    {"last_modified", offsetof(struct feed_state, last_modified)},
    {"body_hash", offsetof(struct feed_state, body_hash)},
    {"reason", offsetof(struct feed_state, reason)},
    {"habits", offsetof(struct feed_state, habits)},
    {"moved_to", offsetof(struct feed_state, moved_to)},
    {"move_url", offsetof(struct feed_state, move_url)},
    {"move_refused", offsetof(struct feed_state, move_refused)},
};

/* The members that are times or durations in milliseconds, or counts. */
static const struct {
    const char *name;
    size_t at;
} numbers[] = {
    {"last_fetch_ms", offsetof(struct feed_state, last_fetch_ms)},
    {"last_ok_ms", offsetof(struct feed_state, last_ok_ms)},
    {"next_due_ms", offsetof(struct feed_state, next_due_ms)},
    {"new_ms", offsetof(struct feed_state, new_ms)},
    {"last_full_ms", offsetof(struct feed_state, last_full_ms)},
    {"moved_ms", offsetof(struct feed_state, moved_ms)},
    {"move_first_ms", offsetof(struct feed_state, move_first_ms)},
    {"ttl_ms", offsetof(struct feed_state, hints.ttl_ms)},
    {"period_ms", offsetof(struct feed_state, hints.period_ms)},
};

static char **text_at(struct feed_state *s, size_t i)
{
    return (char **)(void *)((char *)s + texts[i].at);
}

static const char *text_of(const struct feed_state *s, size_t i)
{
    return *(char *const *)(const void *)((const char *)s + texts[i].at);
}

static int64_t *number_at(struct feed_state *s, size_t i)
{
    return (int64_t *)(void *)((char *)s + numbers[i].at);
}

static int64_t number_of(const struct feed_state *s, size_t i)
{
    return *(const int64_t *)(const void *)((const char *)s + numbers[i].at);
}

void state_set(char **member, struct str value)
{
    char *copy = value.n <= TEXT_MAX ? mem_dup(value) : NULL;

    free(*member);
    *member = copy;
}

void state_copy(struct feed_state *to, const struct feed_state *from)
{
    struct feed_state copy = *from;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *text_at(&copy, i) = mem_strdup(text_of(from, i));
    copy.websub = (struct websub_state){0};
    websub_state_copy(&copy.websub, &from->websub);
    state_fini(to);
    *to = copy;
}

void state_drop_validators(struct feed_state *s)
{
    state_set(&s->etag, (struct str){0});
    state_set(&s->last_modified, (struct str){0});
    state_set(&s->body_hash, (struct str){0});
}

void state_fini(struct feed_state *s)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(*text_at(s, i));
    websub_state_fini(&s->websub);
    *s = (struct feed_state){0};
}

/* ---- reading ---- */

static int64_t number(const json_t *json, const char *name, int64_t max)
{
    int64_t v = json_integer_value(json_object_get(json, name)); /* 0 when it is none */

    return v < 0 || v > max ? 0 : v;
}

static size_t name_at(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; name != NULL && i < n; i++)
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return i;
    return 0;
}

static struct problem_set read_notes(const json_t *list)
{
    struct problem_set set = {0};
    const json_t *v;
    size_t i;

    json_array_foreach(list, i, v)
    {
        enum problem p = problem_find(str_of(json_string_value(v)));

        if (p >= PROBLEM_FIRST_NOTE)
            problem_add(&set, p);
    }
    return set;
}

void state_read(const json_t *json, struct feed_state *ret)
{
    struct feed_state s = {0};
    const char *health = json_string_value(json_object_get(json, "state"));

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        state_set(text_at(&s, i),
                  str_of(json_string_value(json_object_get(json, texts[i].name))));
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        *number_at(&s, i) = number(json, numbers[i].name, INT64_MAX / 4);
    s.health = (enum feed_health)name_at(health_names, ARRAY_LEN(health_names), health);
    s.problem = problem_find(str_of(json_string_value(json_object_get(json, "problem"))));
    s.notes = read_notes(json_object_get(json, "notes"));
    s.http_status = (int)number(json, "http_status", 999);
    s.failures = (unsigned)number(json, "failures", INT_MAX);
    s.polls = (uint64_t)number(json, "polls", INT64_MAX);
    s.move_seen = (unsigned)number(json, "move_seen", INT_MAX);
    s.hints.skip_hours = (uint32_t)number(json, "skip_hours", UINT32_MAX);
    s.hints.skip_days = (uint8_t)number(json, "skip_days", UINT8_MAX);
    s.plan.by = schedule_wish_find(
        str_of(json_string_value(json_object_get(json_object_get(json, "next"), "by"))));
    s.has_begun = json_is_true(json_object_get(json, "begun"));
    websub_state_read(json_object_get(json, "websub"), &s.websub);
    state_fini(ret);
    *ret = s;
}

enum feed_ask state_read_ask(const json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "ask"));

    return (enum feed_ask)name_at(ask_names, ARRAY_LEN(ask_names), name);
}

/* ---- writing ---- */

/* JSON cannot hold bytes that are not UTF-8: such a validator is kept in memory only,
   and the first poll after a restart is a full one. */
static void write_text(struct jsonw *j, const char *name, const char *text)
{
    if (text != NULL && utf8_is_valid(str_of(text)))
        jsonw_member_cstr(j, name, text);
}

static void write_notes(struct jsonw *j, struct problem_set notes)
{
    jsonw_key(j, "notes");
    jsonw_array(j);
    for (int p = PROBLEM_FIRST_NOTE; p < PROBLEMS; p++)
        if (problem_has(notes, (enum problem)p))
            jsonw_cstr(j, problem_code((enum problem)p));
    jsonw_array_end(j);
}

static void write_plan(struct jsonw *j, const struct schedule_plan *plan)
{
    jsonw_key(j, "next");
    jsonw_object(j);
    jsonw_member_i64(j, "from_ms", plan->from_ms);
    jsonw_member_cstr(j, "by", schedule_wish_name(plan->by));
    jsonw_key(j, "wishes_ms");
    jsonw_object(j);
    for (int w = 0; w < WISHES; w++)
        if (plan->wish_ms[w] > 0)
            jsonw_member_i64(j, schedule_wish_name((enum wish)w), plan->wish_ms[w]);
    jsonw_object_end(j);
    jsonw_member_i64(j, "jitter_ms", plan->jitter_ms);
    if (plan->skips_by != SKIP_NONE) {
        jsonw_member_cstr(j, "skipped", schedule_skip_name(plan->skips_by));
        jsonw_member_i64(j, "skipped_ms", plan->skipped_ms);
    }
    jsonw_object_end(j);
}

/* What tells how the feed does. */
static void write_health(struct jsonw *j, const struct feed_state *s)
{
    jsonw_member_cstr(j, "state", health_names[s->health]);
    jsonw_member_cstr(j, "problem",
                      s->problem != PROBLEM_NONE ? problem_code(s->problem) : NULL);
    write_notes(j, s->notes);
    jsonw_member_i64(j, "http_status", s->http_status);
    jsonw_member_u64(j, "failures", s->failures);
    jsonw_member_u64(j, "polls", s->polls);
}

static void write_cost(struct jsonw *j, const struct poll_cost *c)
{
    jsonw_key(j, "poll");
    jsonw_object(j);
    jsonw_member_u64(j, "bytes", c->bytes);
    jsonw_key(j, "ms");
    jsonw_f(j, c->ms, 1);
    jsonw_member_i64(j, "late_ms", c->late_ms);
    jsonw_object_end(j);
}

int state_write(const struct feed_state *s, const struct config_feed *f, bool partial,
                struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    jsonw_member_cstr(&j, "feed", f->id);
    if (f->group != NULL)
        jsonw_member_cstr(&j, "group", f->group);
    jsonw_member_cstr(&j, "on_update", f->emit_updates ? "emit" : "ignore");
    if (partial)
        jsonw_member_bool(&j, "partial", true);
    jsonw_member_i64(&j, "stale_after_ms", f->stale_after_ms);
    write_health(&j, s);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        write_text(&j, texts[i].name, text_of(s, i));
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (number_of(s, i) != 0)
            jsonw_member_i64(&j, numbers[i].name, number_of(s, i));
    if (s->move_seen > 0)
        jsonw_member_u64(&j, "move_seen", s->move_seen);
    if (s->hints.skip_hours != 0)
        jsonw_member_u64(&j, "skip_hours", s->hints.skip_hours);
    if (s->hints.skip_days != 0)
        jsonw_member_u64(&j, "skip_days", s->hints.skip_days);
    jsonw_member_bool(&j, "begun", s->has_begun);
    websub_state_write(&s->websub, &j);
    if (s->plan.from_ms > 0)
        write_plan(&j, &s->plan);
    if (s->cost.is_known)
        write_cost(&j, &s->cost);
    if (s->asked != ASK_NOTHING)
        jsonw_member_cstr(&j, "asked", ask_names[s->asked]);
    jsonw_object_end(&j);
    return j.rc;
}
