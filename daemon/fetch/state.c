#include <limits.h>
#include <stdlib.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "state.h"

#define TEXT_MAX 4096

static const char *const health_names[] = {"new", "ok", "failing"};

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
};

static char **text_at(struct feed_state *s, size_t i)
{
    return (char **)(void *)((char *)s + texts[i].at);
}

static const char *text_of(const struct feed_state *s, size_t i)
{
    return *(char *const *)(const void *)((const char *)s + texts[i].at);
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
    *s = (struct feed_state){0};
}

/* ---- reading ---- */

static int64_t number(const json_t *json, const char *name, int64_t max)
{
    int64_t v = json_integer_value(json_object_get(json, name)); /* 0 when it is none */

    return v < 0 || v > max ? 0 : v;
}

void state_read(const json_t *json, struct feed_state *ret)
{
    struct feed_state s = {0};
    const char *health = json_string_value(json_object_get(json, "state"));

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        state_set(text_at(&s, i),
                  str_of(json_string_value(json_object_get(json, texts[i].name))));
    for (size_t i = 0; health != NULL && i < ARRAY_LEN(health_names); i++)
        if (strcmp(health, health_names[i]) == 0)
            s.health = (enum feed_health)i;
    s.http_status = (int)number(json, "http_status", 999);
    s.failures = (unsigned)number(json, "failures", INT_MAX);
    s.last_fetch_ms = number(json, "last_fetch_ms", INT64_MAX);
    s.last_ok_ms = number(json, "last_ok_ms", INT64_MAX);
    s.next_due_ms = number(json, "next_due_ms", INT64_MAX);
    s.new_ms = number(json, "new_ms", INT64_MAX);
    s.has_begun = json_is_true(json_object_get(json, "begun"));
    state_fini(ret);
    *ret = s;
}

/* ---- writing ---- */

/* JSON cannot hold bytes that are not UTF-8: such a validator is kept in memory only,
   and the first poll after a restart is a full one. */
static void write_text(struct jsonw *j, const char *name, const char *text)
{
    if (text != NULL && utf8_is_valid(str_of(text)))
        jsonw_member_cstr(j, name, text);
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
    jsonw_member_cstr(&j, "state", health_names[s->health]);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        write_text(&j, texts[i].name, text_of(s, i));
    jsonw_member_i64(&j, "http_status", s->http_status);
    jsonw_member_u64(&j, "failures", s->failures);
    jsonw_member_i64(&j, "last_fetch_ms", s->last_fetch_ms);
    jsonw_member_i64(&j, "last_ok_ms", s->last_ok_ms);
    jsonw_member_i64(&j, "next_due_ms", s->next_due_ms);
    jsonw_member_i64(&j, "new_ms", s->new_ms);
    jsonw_member_bool(&j, "begun", s->has_begun);
    jsonw_object_end(&j);
    return j.rc;
}
