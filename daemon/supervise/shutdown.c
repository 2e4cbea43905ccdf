/* Stopping is the mirror of starting: fetch hands over what it has, workers finish what
   they hold, the sink writes all of it, the hub goes last. Each stage has its share of
   the time; what a stage leaves goes to the next. */
#include <string.h>

#include "newsmq/log.h"

#include "private.h"

#define HURRY_MS (3 * SECOND_MS)

/* Per cent of the time after which a stage is over in any case. The fetcher itself takes
   up to 8 s: 5 for transfers, 3 for the hub to answer. */
static const int64_t until[KINDS] = {
    [KIND_FETCH] = 45, [KIND_WORKER] = 65, [KIND_SINK] = 85, [KIND_HUB] = 100};

struct mono shutdown_share(const struct supervisor *s, int64_t per_cent)
{
    return mono_add_ms(s->drain_since, s->options->stop_within_ms * per_cent / 100);
}

void shutdown_begin(struct supervisor *s)
{
    s->is_draining = true;
    s->is_hub_drained = false;
    memset(s->has_caught_up, 0, sizeof s->has_caught_up);
    s->n_unanswered = 0;
    s->drain_stage = KIND_FETCH;
    s->drain_since = s->ask_due = clock_mono();
    log_info(s->next != NULL ? "stopping all programs for the new configuration"
                             : "stopping",
             "within_s=%lld", (long long)(s->options->stop_within_ms / SECOND_MS));
    supervisor_wake(s);
}

/* ---- stage by stage ---- */

/* True when nothing of the kind is left. */
static bool stop_kind(struct supervisor *s, enum kind kind, int64_t within_ms)
{
    bool is_over = true;

    for (size_t i = 0; i < s->n_programs; i++) {
        if (s->programs[i]->kind != kind &&
            !(kind == KIND_HUB && program_is_aside(s->programs[i])))
            continue;
        program_stop(s->programs[i], within_ms);
        is_over = is_over && s->programs[i]->phase == PHASE_STOPPED;
    }
    return is_over;
}

static void finish(struct supervisor *s)
{
    s->is_draining = false;
    if (s->next != NULL && reload_take_next(s, &s->fault) == 0)
        return;
    s->is_over = true;
    uv_stop(&s->loop);
}

void shutdown_tick(struct supervisor *s, struct mono now)
{
    while (s->is_draining) {
        int64_t left_ms = mono_ms_between(now, shutdown_share(s, until[s->drain_stage]));

        if (!catchup_is_over(s, s->drain_stage, now))
            return;
        if (!stop_kind(s, s->drain_stage, left_ms > 0 ? left_ms : 0))
            return;
        if (s->drain_stage == KIND_HUB)
            finish(s);
        else
            s->drain_stage--;
    }
}

/* Asked a second time: all at once, and soon. A third time: now. */
void shutdown_hurry(struct supervisor *s)
{
    struct mono due = mono_add_ms(clock_mono(), HURRY_MS);

    log_warn(s->n_asked > 2 ? "asked to stop again, killing what is left"
                            : "asked to stop again, being quick",
             "times=%u", s->n_asked);
    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];

        program_stop(p, HURRY_MS);
        if (p->phase != PHASE_STOPPING)
            continue;
        if (s->n_asked > 2)
            program_kill(p, "asked to stop three times");
        else if (mono_ms_between(due, p->due) > 0)
            p->due = due;
    }
}
