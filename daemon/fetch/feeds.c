#include <stdlib.h>

#include "newsmq/mem.h"

#include "feeds.h"
#include "move.h"

/* ---- generations ---- */

struct generation *generation_new(struct config *c)
{
    struct generation *g = mem_new(sizeof *g);

    *g = (struct generation){.config = c, .users = 1};
    for (size_t i = 0; i < c->n_sinks; i++)
        g->keep_html = g->keep_html || c->sinks[i].include_html;
    return g;
}

struct generation *generation_use(struct generation *g)
{
    g->users++;
    return g;
}

void generation_drop(struct generation *g)
{
    if (g == NULL || --g->users > 0)
        return;
    config_free(g->config);
    free(g);
}

/* ---- one feed ---- */

struct feed *feed_of_due(struct heap_entry *e)
{
    return (struct feed *)(void *)((char *)e - offsetof(struct feed, due));
}

struct feed *feed_of_host(struct host_entry *e)
{
    return (struct feed *)(void *)((char *)e - offsetof(struct feed, host));
}

struct schedule_rule feed_rule(const struct feed *f)
{
    const struct config_feed *c = f->config;

    return (struct schedule_rule){c->every_ms, c->min_every_ms, c->max_every_ms,
                                  c->adaptive};
}

int64_t feed_due(const struct feed *f, size_t n_new, int64_t now_ms)
{
    struct schedule_rule rule = feed_rule(f);

    if (f->state.health == FEED_GONE)
        return INT64_MAX; /* never, unless somebody wants it */
    if (f->state.next_due_ms == 0)
        return schedule_first(&rule, str_of(f->config->id), n_new, now_ms);
    return schedule_resume(&rule, &f->state.hints, f->state.next_due_ms, now_ms);
}

void feed_check_url(struct feed *f)
{
    struct feed_state *s = &f->state;

    if (s->url != NULL && strcmp(s->url, f->config->url) == 0)
        return;
    state_drop_validators(s);
    move_forget(s);
    websub_state_fini(&s->websub);
    s->hints = (struct schedule_hints){0};
    s->notes = (struct problem_set){0};
    s->problem = PROBLEM_NONE;
    s->failures = 0;
    s->last_full_ms = s->next_due_ms = 0;
    if (s->health == FEED_GONE)
        s->health = FEED_FAILING; /* until the new one answers */
    state_set(&s->url, str_of(f->config->url));
}

void feed_free(struct feed *f)
{
    if (f == NULL)
        return;
    state_fini(&f->state);
    free(f);
}

/* ---- all of them ---- */

/* Where id is or belongs. */
static size_t place_of(const struct feeds *fs, const char *id)
{
    size_t low = 0, high = fs->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(fs->list[mid]->config->id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct feed *feeds_find(const struct feeds *fs, const char *id)
{
    size_t at = place_of(fs, id);

    if (at == fs->n || strcmp(fs->list[at]->config->id, id) != 0)
        return NULL;
    return fs->list[at];
}

struct feed *feeds_add(struct feeds *fs, const struct config_feed *c)
{
    size_t at = place_of(fs, c->id);
    struct feed *f = mem_new(sizeof *f);

    f->config = c;
    fs->list = mem_grow(fs->list, &fs->cap, fs->n + 1, sizeof(struct feed *));
    memmove(fs->list + at + 1, fs->list + at, (fs->n - at) * sizeof(struct feed *));
    fs->list[at] = f;
    fs->n++;
    return f;
}

void feeds_remove(struct feeds *fs, struct feed *f)
{
    size_t at = place_of(fs, f->config->id);

    fs->n--;
    memmove(fs->list + at, fs->list + at + 1, (fs->n - at) * sizeof(struct feed *));
}
