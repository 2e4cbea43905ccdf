#include <stdio.h>

#include "newsmq/ask.h"
#include "newsmq/clock.h"
#include "newsmq/url.h"

#include "push.h"

static bool is_state(const json_t *push, const char *name)
{
    return str_eq(ask_text(push, "state"), str_of(name));
}

void push_words(const json_t *state, int64_t now_ms, char *out, size_t max)
{
    const json_t *push = json_object_get(state, "websub");
    struct str host = url_host(ask_text(push, "hub")), why = ask_text(push, "reason");
    int64_t lease_ms = ask_number(push, "lease_ms");
    char until[CLOCK_TEXT_MAX];

    if (host.n == 0)
        return;
    if (is_state(push, "active") && lease_ms > now_ms)
        (void)snprintf(out, max,
                       "pushed by " STR_FMT ", lease until %.16sZ", /* cut is fine */
                       STR_ARG(host), clock_text(lease_ms, until));
    else if (is_state(push, "denied"))
        (void)snprintf(out, max, "polled: the hub " STR_FMT " denies (" STR_FMT ")",
                       STR_ARG(host), STR_ARG(str_head(why, 80)));
    else if (ask_number(push, "failures") > 0)
        (void)snprintf(out, max, "polled: the hub " STR_FMT " fails (" STR_FMT ")",
                       STR_ARG(host), STR_ARG(str_head(why, 80)));
}

json_t *push_json(const json_t *state)
{
    static const char *const same[] = {"state", "hub", "topic", "reason"};
    const json_t *push = json_object_get(state, "websub");
    int64_t lease_ms = ask_number(push, "lease_ms");
    char until[CLOCK_TEXT_MAX];
    json_t *o;

    if (push == NULL)
        return json_null();
    o = json_object();
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        json_t *v = json_object_get(push, same[i]);

        (void)json_object_set(o, same[i], v != NULL ? v : json_null());
    }
    (void)json_object_set_new(o, "lease_until",
                              lease_ms > 0 ? json_string(clock_text(lease_ms, until))
                                           : json_null());
    return o;
}
