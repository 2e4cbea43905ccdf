/* Before the sink is told to stop: does it have everything? The hub knows. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "newsmq/bus.h"
#include "newsmq/log.h"

#include "private.h"

#define ASK_EVERY_MS 100
#define ASK_MS       300
#define ASK_IN_VAIN  3
/* Per cent of the time: the sink needs some to end as well. */
#define CAUGHT_UP_UNTIL 75

static bool is_sink_of_ours(const struct supervisor *s, const char *name)
{
    for (size_t i = 0; name != NULL && i < s->config->n_sinks; i++)
        if (strcmp(s->config->sinks[i].name, name) == 0)
            return true;
    return false;
}

static bool has_lag(const struct supervisor *s, const char *status)
{
    json_t *answer = json_loads(status, 0, NULL), *consumer;
    bool lags = false;
    size_t i;

    json_array_foreach(json_object_get(answer, "consumers"), i, consumer)
    {
        const char *name = json_string_value(json_object_get(consumer, "name"));

        lags = lags || (is_sink_of_ours(s, name) &&
                        json_integer_value(json_object_get(consumer, "lag")) > 0);
    }
    json_decref(answer);
    return lags;
}

static bool is_alive(const struct supervisor *s, enum kind kind)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->kind == kind && s->programs[i]->pid > 0)
            return true;
    return false;
}

/* Blocks for ASK_MS at most: nothing else is urgent now. */
static void ask(struct supervisor *s)
{
    char *status = NULL;
    struct err e = {0};

    if (bus_call(&s->config->bus, "status", "{}", ASK_MS, &status, &e) < 0) {
        s->n_unanswered++;
        if (s->n_unanswered == ASK_IN_VAIN)
            log_warn("the hub does not say what the sink still lacks", "cause='%s'",
                     e.text);
        return;
    }
    s->is_caught_up = !has_lag(s, status);
    free(status);
}

bool catchup_is_over(struct supervisor *s, struct mono now)
{
    if (s->is_caught_up || s->n_asked > 1 || s->n_unanswered >= ASK_IN_VAIN ||
        !is_alive(s, KIND_HUB) || !is_alive(s, KIND_SINK) ||
        mono_is_due(drain_share(s, CAUGHT_UP_UNTIL), now))
        return true;
    if (mono_is_due(s->ask_due, now)) {
        ask(s);
        s->ask_due = mono_add_ms(now, ASK_EVERY_MS);
    }
    return s->is_caught_up;
}
