#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "websub_state.h"

#define VERIFY_MS      (10 * MINUTE_MS) /* how long a hub may take to verify */
#define FAILED_MS      MINUTE_MS        /* then twice that, and so on */
#define FAILED_MAX_MS  DAY_MS
#define DENIED_MS      DAY_MS
#define LEASE_MIN_MS   SECOND_MS
#define LEASE_MAX_MS   (365 * DAY_MS)
#define RENEW_PART     10 /* renewed in the second last tenth of the lease */
#define TEXT_MAX_BYTES 4096

static const char *const phase_names[] = {"none", "wanted", "asked", "active", "denied"};

/* The members that are text, for copying, reading and writing alike. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {
    {"hub", offsetof(struct websub_state, hub)},
    {"topic", offsetof(struct websub_state, topic)},
    {"token", offsetof(struct websub_state, token)},
    {"secret", offsetof(struct websub_state, secret)},
    {"callback", offsetof(struct websub_state, callback)},
    {"reason", offsetof(struct websub_state, reason)},
};

static char **text_at(struct websub_state *s, size_t i)
{
    return (char **)(void *)((char *)s + texts[i].at);
}

static void set(char **at, struct str value)
{
    char *copy =
        value.n <= TEXT_MAX_BYTES && utf8_is_valid(value) ? mem_dup(value) : NULL;

    free(*at);
    *at = copy;
}

static bool is_same(const char *z, struct str s)
{
    return z == NULL ? s.p == NULL : s.p != NULL && str_eq(str_of(z), s);
}

/* ---- what happened ---- */

bool websub_found(struct websub_state *s, struct str hub, struct str topic,
                  const char *token, const char *secret, int64_t now_ms)
{
    if (hub.p == NULL || topic.p == NULL || hub.n > TEXT_MAX_BYTES ||
        topic.n > TEXT_MAX_BYTES)
        hub = topic = (struct str){0};
    if (is_same(s->hub, hub) && is_same(s->topic, topic))
        return false;
    websub_state_fini(s);
    if (hub.p == NULL)
        return true;
    set(&s->hub, hub);
    set(&s->topic, topic);
    set(&s->token, str_of(token));
    set(&s->secret, str_of(secret));
    if (s->hub == NULL || s->topic == NULL) { /* not UTF-8 */
        websub_state_fini(s);
        return true;
    }
    s->phase = WEBSUB_WANTED;
    s->next_ms = now_ms;
    return true;
}

bool websub_is_active(const struct websub_state *s, int64_t now_ms)
{
    return s->phase == WEBSUB_ACTIVE && now_ms < s->lease_ms;
}

bool websub_is_due(const struct websub_state *s, int64_t now_ms)
{
    return s->phase != WEBSUB_NONE && s->asked_ms == 0 && s->next_ms <= now_ms;
}

void websub_asked(struct websub_state *s, const char *callback, int64_t now_ms)
{
    set(&s->callback, str_of(callback));
    s->asked_ms = now_ms;
    s->next_ms = now_ms + VERIFY_MS;
    if (s->phase != WEBSUB_ACTIVE)
        s->phase = WEBSUB_ASKED;
}

void websub_failed(struct websub_state *s, const char *why, uint64_t dice, int64_t now_ms)
{
    int64_t pause = FAILED_MS;

    for (unsigned i = 0; i < s->failures && pause < FAILED_MAX_MS; i++)
        pause *= 2;
    if (pause > FAILED_MAX_MS)
        pause = FAILED_MAX_MS;
    s->failures += s->failures < UINT16_MAX;
    s->asked_ms = 0;
    s->next_ms = now_ms + pause - pause / 4 + (int64_t)(dice % (uint64_t)(pause / 2));
    if (s->phase != WEBSUB_ACTIVE)
        s->phase = WEBSUB_WANTED;
    set(&s->reason, str_of(why));
}

void websub_verified(struct websub_state *s, int64_t lease_s, uint64_t dice,
                     int64_t now_ms)
{
    int64_t lease = lease_s < 1                          ? LEASE_MIN_MS
                    : lease_s > LEASE_MAX_MS / SECOND_MS ? LEASE_MAX_MS
                                                         : lease_s * SECOND_MS;
    int64_t part = lease / RENEW_PART;

    s->phase = WEBSUB_ACTIVE;
    s->asked_ms = 0;
    s->failures = 0;
    s->lease_ms = now_ms + lease;
    s->next_ms = s->lease_ms - part - (int64_t)(dice % (uint64_t)part);
    set(&s->reason, (struct str){0});
}

void websub_denied(struct websub_state *s, struct str why, int64_t now_ms)
{
    s->phase = WEBSUB_DENIED;
    s->asked_ms = s->lease_ms = 0;
    s->next_ms = now_ms + DENIED_MS;
    set(&s->reason, why.n > 0 ? str_head(why, 200) : STR("the hub gives no reason"));
}

bool websub_passed(struct websub_state *s, uint64_t dice, int64_t now_ms)
{
    bool has_ended = s->phase == WEBSUB_ACTIVE && now_ms >= s->lease_ms;

    if (has_ended) {
        s->phase = WEBSUB_WANTED;
        s->lease_ms = 0;
        if (s->asked_ms == 0 && s->failures == 0)
            s->next_ms = now_ms;
        set(&s->reason, STR("the lease has ended"));
    }
    if (s->asked_ms == 0 || now_ms < s->next_ms)
        return has_ended;
    websub_failed(s, "the hub was asked and did not verify", dice, now_ms);
    return true;
}

/* ---- as text ---- */

const char *websub_phase_name(enum websub_phase p)
{
    return phase_names[p];
}

void websub_state_copy(struct websub_state *to, const struct websub_state *from)
{
    struct websub_state copy = *from, source = *from;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *text_at(&copy, i) = mem_strdup(*text_at(&source, i));
    websub_state_fini(to);
    *to = copy;
}

void websub_state_fini(struct websub_state *s)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(*text_at(s, i));
    *s = (struct websub_state){0};
}

static int64_t time_of(const json_t *json, const char *name)
{
    int64_t v = json_integer_value(json_object_get(json, name)); /* 0 when it is none */

    return v > 0 ? v : 0;
}

void websub_state_read(const json_t *json, struct websub_state *ret)
{
    const char *phase = json_string_value(json_object_get(json, "state"));
    struct websub_state s = {0};

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        set(text_at(&s, i),
            str_of(json_string_value(json_object_get(json, texts[i].name))));
    for (size_t i = 0; phase != NULL && i < ARRAY_LEN(phase_names); i++)
        if (strcmp(phase, phase_names[i]) == 0)
            s.phase = (enum websub_phase)i;
    s.asked_ms = time_of(json, "asked_ms");
    s.lease_ms = time_of(json, "lease_ms");
    s.next_ms = time_of(json, "next_ms");
    s.failures = (unsigned)(time_of(json, "failures") % UINT16_MAX);
    if (s.hub == NULL || s.topic == NULL || s.token == NULL || s.secret == NULL)
        websub_state_fini(&s); /* the next poll finds the hub again */
    websub_state_fini(ret);
    *ret = s;
}

void websub_state_write(const struct websub_state *s, struct jsonw *j)
{
    struct websub_state source = *s;

    if (s->phase == WEBSUB_NONE)
        return;
    jsonw_key(j, "websub");
    jsonw_object(j);
    jsonw_member_cstr(j, "state", phase_names[s->phase]);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (*text_at(&source, i) != NULL)
            jsonw_member_cstr(j, texts[i].name, *text_at(&source, i));
    jsonw_member_i64(j, "asked_ms", s->asked_ms);
    jsonw_member_i64(j, "lease_ms", s->lease_ms);
    jsonw_member_i64(j, "next_ms", s->next_ms);
    jsonw_member_u64(j, "failures", s->failures);
    jsonw_object_end(j);
}
