/* Rising entities, by the formula in digest.h; and what was said. */
#include <math.h>

#include "private.h"

#define RECORDS_LEAST  3
#define SURPRISE_LEAST 3.84 /* chi-squared with one degree of freedom, p = 0.05 */

static double part(double found, double row, double column, double all)
{
    return found > 0 ? found * log(found * all / (row * column)) : 0;
}

static double surprise_of(double a, double b, double c, double d)
{
    double with = a + b, without = c + d - with;

    return 2 * (part(a, with, c, c + d) + part(b, with, d, c + d) +
                part(c - a, without, c, c + d) + part(d - b, without, d, c + d));
}

static int by_surprise(const void *a, const void *b)
{
    const struct node *p = *(struct node *const *)a, *q = *(struct node *const *)b;

    if (p->surprise != q->surprise)
        return p->surprise < q->surprise ? 1 : -1;
    return by_records(a, b);
}

static void keep_rising(struct work *w, size_t now, size_t before)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_nodes; i++) {
        struct node *node = w->nodes[i];

        if (node->now < RECORDS_LEAST ||
            (double)node->now * (double)before <= (double)node->before * (double)now)
            continue;
        node->surprise =
            surprise_of(node->now, node->before, (double)now, (double)before);
        if (node->surprise >= SURPRISE_LEAST)
            w->nodes[n++] = node;
    }
    w->n_nodes = n;
}

size_t digest_trends(const struct digest *d, const struct digest_axis *axis,
                     struct digest_entity *ret, size_t max)
{
    size_t now = 0, before = 0;

    tally_start(d);
    for (size_t i = 0; i < d->n; i++) {
        const struct rec *r = rec_at(d, i);
        size_t step = axis_step(axis, r->news_ms);

        if (r->is_replaced || r->is_duplicate || step == SIZE_MAX)
            continue;
        tally(d, r, step + 1 < axis->n);
        now += step + 1 == axis->n;
        before += step + 1 < axis->n;
    }
    if (now == 0 || before == 0)
        return 0;
    keep_rising(d->work, now, before);
    return tally_top(d, by_surprise, ret, max);
}

/* ---- quotes ---- */

static void quote_of(const struct rec *r, const struct said *q, struct digest_quote *ret)
{
    *ret = (struct digest_quote){.text = q->text, .cue = q->cue};
    if (q->speaker != NULL) {
        const struct node *whole = node_whole(q->speaker);

        ret->speaker = str_of(whole->name);
        ret->speaker_key = str_of(whole->key);
    }
    item_of(r, &ret->item);
}

size_t digest_quotes(const struct digest *d, struct str key, struct digest_quote *ret,
                     size_t max)
{
    const struct node *wanted = key.p != NULL ? node_asked(d, key) : NULL;
    size_t n = 0;

    if (key.p != NULL && wanted == NULL)
        return 0;
    for (size_t i = d->n; i > 0 && n < max; i--) {
        const struct rec *r = rec_at(d, i - 1);

        if (r->is_replaced || r->is_duplicate)
            continue;
        for (size_t q = 0; q < r->n_quotes && n < max; q++) {
            const struct said *s = &r->quotes[q];

            if (wanted == NULL ||
                (s->speaker != NULL && node_whole(s->speaker) == wanted))
                quote_of(r, s, &ret[n++]);
        }
    }
    return n;
}
