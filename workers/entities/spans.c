/* Names are looked for in runs of capitalised words and the small words between them.
   Each part of a run is a candidate; the weights of its features say how much speaks for
   each class against "no name". The best set of candidates that do not overlap is found
   by going through the tokens once (a shortest path). */
#include <math.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "spans.h"

#define LINKS_MAX 3    /* small words in a row inside a name */
#define LEANING   0.7F /* towards taking a name when in doubt, in log-odds */

struct span_cell {
    float best;    /* of the tokens before this one */
    uint32_t from; /* of the name that ends here; none when equal to the place */
    enum name_class is;
    float gain;
};

/* ---- headlines, and what was seen ---- */

static void set_bit(uint64_t *bits, uint64_t hash)
{
    size_t i = (size_t)(hash % SEEN_BITS);

    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static char mode_of(const struct words *t, size_t from, size_t to)
{
    size_t words = 0, capital = 0, caps = 0;

    for (size_t i = from; i < to; i++) {
        const struct word *k = &t->list[i];

        if ((k->flags & WORD_LETTERS) == 0 || k->key_n < 4)
            continue; /* small words are small in Title Case too */
        words++;
        capital += (k->flags & WORD_CAP) != 0;
        caps += (k->flags & WORD_CAPS) != 0;
    }
    if (words >= 3 && caps * 10 >= words * 7)
        return 'A';
    return words >= 4 && capital * 10 >= words * 8 ? 'T' : 'n';
}

static void mark_modes(struct words *t)
{
    for (size_t from = 0, to; from < t->n; from = to) {
        char mode;

        for (to = from + 1; to < t->n; to++)
            if ((t->list[to].flags & WORD_PARAGRAPH) != 0)
                break;
        mode = mode_of(t, from, to);
        for (size_t i = from; i < to; i++)
            t->list[i].mode = mode;
    }
}

void spans_prepare(struct words *t, struct seen *seen)
{
    mark_modes(t);
    for (size_t i = 0; i < t->n; i++) {
        const struct word *k = &t->list[i];

        if ((k->flags & WORD_LETTERS) == 0 || k->mode != 'n')
            continue;
        if ((k->flags & WORD_CAP) == 0)
            set_bit(seen->small, k->hash);
        else if ((k->flags & WORD_START) == 0)
            set_bit(seen->capital, k->hash);
    }
}

/* ---- candidates ---- */

static bool may_begin(const struct word *k)
{
    return (k->flags & WORD_CAP) != 0 && (k->flags & WORD_LETTERS) != 0;
}

static bool may_link(const struct words *t, const struct word *k)
{
    return (k->flags & WORD_POSSESSIVE) != 0 || (k->lists & LIST_LINK) != 0 ||
           (k->end - k->start == 1 && t->text.p[k->start] == '&');
}

/* Calls fn with each end of a candidate that begins at from. */
static void each_end(const struct words *t, size_t from,
                     void (*fn)(void *ctx, size_t from, size_t to), void *ctx)
{
    size_t max = t->list[from].mode == 'n' ? SPAN_TOKENS_MAX : SPAN_HEADLINE_MAX;
    size_t links = 0;

    for (size_t i = from; i < t->n && i - from < max; i++) {
        const struct word *k = &t->list[i];

        if (i > from && (k->flags & WORD_PARAGRAPH) != 0)
            return;
        if (may_begin(k) || (i > from && (k->flags & WORD_NUMBER) != 0)) {
            links = 0;
            fn(ctx, from, i + 1);
        } else if (i == from && (k->flags & WORD_NUMBER) != 0) {
            continue; /* "76 Trombones": as a beginning, never alone */
        } else if (!may_link(t, k) || ++links > LINKS_MAX) {
            return;
        }
    }
}

static bool may_start(const struct words *t, size_t i)
{
    const struct word *k = &t->list[i];

    if (may_begin(k))
        return true;
    return (k->flags & WORD_NUMBER) != 0 && i + 1 < t->n && may_begin(&t->list[i + 1]) &&
           (t->list[i + 1].flags & WORD_PARAGRAPH) == 0;
}

void spans_each(const struct words *t, void (*fn)(void *ctx, size_t from, size_t to),
                void *ctx)
{
    for (size_t i = 0; i < t->n; i++)
        if (may_start(t, i))
            each_end(t, i, fn, ctx);
}

/* ---- the best ones ---- */

struct finding {
    const struct lexicon *l;
    const struct words *t;
    const struct seen *seen;
    struct spans *s;
    struct features f;
};

static void weigh(void *ctx, size_t from, size_t to)
{
    struct finding *w = ctx;
    struct span_cell *cell = &w->s->cells[to];
    int sums[CLASSES] = {0};
    enum name_class best = CLASS_PER;
    float gain, total;

    features_of(w->l, w->t, w->seen, from, to, &w->f);
    for (size_t i = 0; i < w->f.n; i++) {
        const struct weights *x = lexicon_weights(w->l, w->f.hash[i]);

        for (size_t c = 0; x != NULL && c < CLASSES; c++)
            sums[c] += x->of[c];
    }
    for (unsigned c = CLASS_PER; c < CLASSES; c++)
        if (sums[c] > sums[best])
            best = (enum name_class)c;
    gain = (float)(sums[best] - sums[CLASS_NONE]) / WEIGHT_SCALE + LEANING;
    total = w->s->cells[from].best + gain;
    if (gain > 0 && total > cell->best) {
        cell->best = total;
        cell->from = (uint32_t)from;
        cell->is = best;
        cell->gain = gain;
    }
}

static void take_found(struct spans *s, size_t n)
{
    size_t at;

    s->n = 0;
    for (size_t i = n; i > 0;) {
        const struct span_cell *cell = &s->cells[i];

        if (cell->from == i) {
            i--;
            continue;
        }
        s->list = mem_grow(s->list, &s->cap, s->n + 1, sizeof *s->list);
        s->list[s->n++] = (struct found){cell->from, (uint32_t)i, cell->is,
                                         1 / (1 + expf(-cell->gain))};
        i = cell->from;
    }
    at = s->n;
    for (size_t i = 0; i < s->n / 2; i++) {
        struct found swap = s->list[i];

        s->list[i] = s->list[--at];
        s->list[at] = swap;
    }
}

void spans_find(const struct lexicon *l, const struct words *t, const struct seen *seen,
                struct spans *s)
{
    struct finding w = {.l = l, .t = t, .seen = seen, .s = s};

    s->cells = mem_grow(s->cells, &s->cells_cap, t->n + 1, sizeof *s->cells);
    for (size_t i = 0; i <= t->n; i++)
        s->cells[i] = (struct span_cell){.best = -1e30F, .from = (uint32_t)i};
    s->cells[0].best = 0;
    for (size_t i = 0; i < t->n; i++) {
        /* What is known up to i is final; a token may also be no part of a name. */
        if (may_start(t, i))
            each_end(t, i, weigh, &w);
        if (s->cells[i].best >= s->cells[i + 1].best) {
            s->cells[i + 1].best = s->cells[i].best;
            s->cells[i + 1].from = (uint32_t)i + 1;
        }
    }
    take_found(s, t->n);
}

void spans_fini(struct spans *s)
{
    free(s->list);
    free(s->cells);
    *s = (struct spans){0};
}
