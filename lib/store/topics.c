/* All topics by name, in memory: every message needs the seq before it of its topic. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "private.h"

static uint64_t hash_name(const char *name)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

static void rebuild(struct topics *t)
{
    t->n_buckets = t->n_buckets > 0 ? t->n_buckets * 2 : 256;
    free(t->buckets);
    t->buckets = mem_new_array(t->n_buckets, sizeof(struct topic *));
    for (size_t i = 0; i < t->n; i++) {
        struct topic **b = &t->buckets[hash_name(t->all[i]->name) & (t->n_buckets - 1)];

        t->all[i]->next = *b;
        *b = t->all[i];
    }
}

static struct topic *add(struct topics *t, const char *name, int64_t row)
{
    struct topic *topic = mem_new(sizeof *topic);

    topic->name = mem_strdup(name);
    topic->row = row;
    t->all = mem_grow(t->all, &t->cap, t->n + 1, sizeof(struct topic *));
    t->all[t->n++] = topic;
    if (t->n > t->n_buckets) {
        rebuild(t);
    } else {
        struct topic **b = &t->buckets[hash_name(name) & (t->n_buckets - 1)];

        topic->next = *b;
        *b = topic;
    }
    return topic;
}

struct topic *topic_get(struct topics *t, const char *name)
{
    if (t->n_buckets > 0) {
        struct topic *at = t->buckets[hash_name(name) & (t->n_buckets - 1)];

        for (; at != NULL; at = at->next)
            if (strcmp(at->name, name) == 0)
                return at;
    }
    return add(t, name, (int64_t)t->n + 1);
}

/* Rows are given in order from 1, so a row is a place in the list. */
struct topic *topic_by_row(const struct topics *t, int64_t row)
{
    return row >= 1 && (uint64_t)row <= t->n ? t->all[row - 1] : NULL;
}

void topic_load(struct topics *t, const char *name, int64_t row, uint64_t head)
{
    struct topic *topic = add(t, name, row);

    topic->head = topic->saved = head;
    topic->in_db = true;
}

void topic_move(struct topics *t, struct topic *topic, uint64_t seq)
{
    topic->head = seq;
    if (topic->dirty)
        return;
    topic->dirty = true;
    t->dirty = mem_grow(t->dirty, &t->cap_dirty, t->n_dirty + 1, sizeof(struct topic *));
    t->dirty[t->n_dirty++] = topic;
}

static int save_new(struct store *s, int64_t upto, struct err *e)
{
    for (int64_t row = upto; row >= 1; row--) {
        const struct topic *topic = s->topics.all[row - 1];
        int rc;

        if (topic->in_db)
            return 0;
        rc = sql_run(s, SQL_TOPIC_ADD, e, "itu", row, str_of(topic->name), topic->head);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Topics that a rolled-back transaction made are saved with the next one, so that rows
   have no holes. */
int topics_save(struct store *s, struct err *e)
{
    struct topics *t = &s->topics;
    int rc = save_new(s, (int64_t)t->n, e);

    for (size_t i = 0; rc >= 0 && i < t->n_dirty; i++)
        if (t->dirty[i]->in_db)
            rc = sql_run(s, SQL_TOPIC_SET, e, "iu", t->dirty[i]->row, t->dirty[i]->head);
    return rc < 0 ? rc : 0;
}

void topics_saved(struct topics *t)
{
    for (size_t i = t->n; i > 0 && !t->all[i - 1]->in_db; i--)
        t->all[i - 1]->in_db = true;
    for (size_t i = 0; i < t->n_dirty; i++) {
        t->dirty[i]->saved = t->dirty[i]->head;
        t->dirty[i]->moved = t->beat;
        t->dirty[i]->dirty = false;
    }
    t->n_dirty = 0;
}

void topics_undo(struct topics *t)
{
    for (size_t i = 0; i < t->n_dirty; i++) {
        t->dirty[i]->head = t->dirty[i]->saved;
        t->dirty[i]->dirty = false;
    }
    t->n_dirty = 0;
}

void topics_fini(struct topics *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->all[i]->name);
        free(t->all[i]);
    }
    free(t->all);
    free(t->buckets);
    free(t->dirty);
    *t = (struct topics){0};
}

int store_each_topic(const struct store *s, bool only_moved,
                     void (*fn)(void *ctx, const char *topic, uint64_t head), void *ctx)
{
    const struct topics *t = &s->topics;
    int n = 0;

    for (size_t i = 0; i < t->n; i++) {
        const struct topic *topic = t->all[i];

        if (topic->saved == 0 || (only_moved && topic->moved + 1 < t->beat))
            continue;
        fn(ctx, topic->name, topic->saved);
        n++;
    }
    return n;
}

void store_topics_beat(struct store *s)
{
    s->topics.beat++;
}
