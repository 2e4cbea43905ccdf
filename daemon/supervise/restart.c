#include "restart.h"

static void note_death(struct restart *r, struct mono now)
{
    struct mono oldest;

    r->deaths[r->n_deaths++ % RESTART_RED_DEATHS] = now;
    if (r->n_deaths < RESTART_RED_DEATHS)
        return;
    oldest = r->deaths[r->n_deaths % RESTART_RED_DEATHS];
    if (mono_ms_between(oldest, now) <= MINUTE_MS)
        r->is_red = true;
}

int64_t restart_died(struct restart *r, struct mono now)
{
    int64_t longest_ms = r->longest_ms > 0 ? r->longest_ms : RESTART_LONGEST_MS;

    note_death(r, now);
    r->pause_ms = r->pause_ms == 0 ? RESTART_FIRST_MS : r->pause_ms * 2;
    if (r->pause_ms > longest_ms)
        r->pause_ms = longest_ms;
    return r->pause_ms;
}

void restart_runs(struct restart *r, struct mono since, struct mono now)
{
    if (mono_ms_between(since, now) < RESTART_WELL_MS)
        return;
    *r = (struct restart){.longest_ms = r->longest_ms};
}

void restart_forgive(struct restart *r)
{
    *r = (struct restart){.longest_ms = r->longest_ms, .is_red = r->is_red};
}
