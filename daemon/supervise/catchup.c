/* Before a kind of program is told to stop: has it finished? The hub knows. It is told to
   drain, so that the workers get nothing more and give back what they hold; then the sink
   is waited for until it has every record. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "newsmq/bus.h"
#include "newsmq/log.h"

#include "private.h"

#define ASK_EVERY_MS 100
#define ASK_MS       300
#define ASK_IN_VAIN  3

/* Per cent of the time: ending takes some too, before shutdown.c's bounds. */
static const int64_t until[KINDS] = {[KIND_WORKER] = 60, [KIND_SINK] = 80};

static bool is_sink_of_ours(const struct supervisor *s, const char *name)
{
    for (size_t i = 0; name != NULL && i < s->config->n_sinks; i++)
        if (strcmp(s->config->sinks[i].name, name) == 0)
            return true;
    return false;
}

static bool has_lag(const struct supervisor *s, const json_t *status)
{
    const json_t *consumers = json_object_get(status, "consumers");

    for (size_t i = 0; i < json_array_size(consumers); i++) {
        const json_t *consumer = json_array_get(consumers, i);
        const char *name = json_string_value(json_object_get(consumer, "name"));

        if (is_sink_of_ours(s, name) &&
            json_integer_value(json_object_get(consumer, "lag")) > 0)
            return true;
    }
    return false;
}

static bool is_finished(const struct supervisor *s, enum kind kind, const char *text)
{
    json_t *status = json_loads(text, 0, NULL);
    bool finished = kind == KIND_WORKER
                        ? json_integer_value(json_object_get(status, "in_flight")) == 0
                        : !has_lag(s, status);

    json_decref(status);
    return finished;
}

static bool is_alive(const struct supervisor *s, enum kind kind)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->kind == kind && s->programs[i]->pid > 0)
            return true;
    return false;
}

/* Blocks for ASK_MS at most: nothing else is urgent now. */
static bool ask(struct supervisor *s, const char *method, char **ret)
{
    struct err e = {0};

    if (bus_call(&s->config->bus, method, "{}", ASK_MS, ret, &e) == 0)
        return true;
    s->n_unanswered++;
    if (s->n_unanswered == ASK_IN_VAIN)
        log_warn("the hub does not say what is still to be done", "cause='%s'", e.text);
    return false;
}

bool catchup_is_over(struct supervisor *s, enum kind kind, struct mono now)
{
    char *answer = NULL;

    if (s->has_caught_up[kind] || (kind != KIND_WORKER && kind != KIND_SINK) ||
        s->n_asked > 1 || s->n_unanswered >= ASK_IN_VAIN || !is_alive(s, KIND_HUB) ||
        !is_alive(s, kind) || mono_is_due(shutdown_share(s, until[kind]), now))
        return true;
    if (!mono_is_due(s->ask_due, now))
        return false;
    s->ask_due = mono_add_ms(now, ASK_EVERY_MS);
    if (!s->is_hub_drained && ask(s, "drain", &answer))
        s->is_hub_drained = true;
    free(answer);
    answer = NULL;
    if (!s->is_hub_drained || !ask(s, "status", &answer))
        return false;
    s->has_caught_up[kind] = is_finished(s, kind, answer);
    free(answer);
    return s->has_caught_up[kind];
}
