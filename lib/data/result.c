/* A result while it is filled. Which bytes of a text are part of a mention is a bit each;
   the mentions by place are sorted when they are asked for. Both are made anew after
   something was changed otherwise than by an addition. */
#include <stdlib.h>

#include "newsmq/record.h"

#define TOKENS_KEPT 65536 /* room for as many is kept for the next item */

struct bits {
    uint64_t *words;
    size_t n, cap; /* words */
};

struct seats {
    struct bits taken[2]; /* by enum field */
    struct seat *list;
    size_t n, cap;
    bool has_taken, is_sorted;
};

static void forget_seats(struct result *r)
{
    if (r->seats != NULL)
        r->seats->has_taken = r->seats->is_sorted = false;
}

static void free_seats(struct seats *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < 2; i++)
        free(s->taken[i].words);
    free(s->list);
    free(s);
}

void result_reset(struct result *r)
{
    struct result keep = {.arena = r->arena, .seats = r->seats};

    for (int i = 0; i < 2; i++) {
        if (r->tokens[i].cap > TOKENS_KEPT)
            tokens_fini(&r->tokens[i]); /* one large item is no reason to stay large */
        keep.tokens[i] = r->tokens[i];
        keep.tokens[i].n = keep.tokens[i].n_sentences = 0;
        if (r->forms_cap[i] > TOKENS_KEPT) {
            free(r->forms[i]);
            r->forms[i] = NULL;
            r->forms_cap[i] = 0;
        }
        keep.forms[i] = r->forms[i];
        keep.forms_cap[i] = r->forms_cap[i];
    }
    arena_reset(&keep.arena);
    *r = keep;
    forget_seats(r);
}

void result_fini(struct result *r)
{
    arena_fini(&r->arena);
    free_seats(r->seats);
    for (int i = 0; i < 2; i++) {
        tokens_fini(&r->tokens[i]);
        free(r->forms[i]);
    }
    *r = (struct result){0};
}

/* ---- tokens ---- */

const struct tokens *result_tokens(struct result *r, const struct item *it,
                                   enum field field)
{
    struct tokens *t = &r->tokens[field];

    if (!r->has_tokens[field]) {
        t->language = r->language.n > 0 ? r->language : it->language;
        tokens_read(t, field == FIELD_TITLE ? it->title : it->content_text);
        r->has_tokens[field] = true;
    }
    return t;
}

void result_give_tokens(struct result *r, enum field field, struct str text)
{
    tokens_given(&r->tokens[field], text);
    r->has_tokens[field] = true;
    r->has_forms[field] = false;
}

/* ---- adding ---- */

/* Room for one more in a list in the arena; what it had before stays there unused, so a
   list costs at most twice its room. */
static void *one_more(struct arena *a, void *list, size_t n, size_t *cap, size_t each)
{
    size_t want = *cap > 0 ? *cap * 2 : 4;
    void *p;

    if (n < *cap)
        return list;
    p = arena_alloc(a, want * each);
    if (n > 0)
        memcpy(p, list, n * each);
    *cap = want;
    return p;
}

struct entity *result_add_entity(struct result *r)
{
    r->entities = one_more(&r->arena, r->entities, r->n_entities, &r->cap_entities,
                           sizeof *r->entities);
    r->entities[r->n_entities] = (struct entity){0};
    return &r->entities[r->n_entities++];
}

struct quote *result_add_quote(struct result *r)
{
    r->quotes =
        one_more(&r->arena, r->quotes, r->n_quotes, &r->cap_quotes, sizeof *r->quotes);
    r->quotes[r->n_quotes] = (struct quote){.speaker = -1};
    return &r->quotes[r->n_quotes++];
}

struct watch_note *result_add_watch(struct result *r)
{
    r->watch = one_more(&r->arena, r->watch, r->n_watch, &r->cap_watch, sizeof *r->watch);
    r->watch[r->n_watch] = (struct watch_note){0};
    return &r->watch[r->n_watch++];
}

void result_add_watch_span(struct result *r, struct watch_note *w, struct span span)
{
    w->spans = one_more(&r->arena, w->spans, w->n_spans, &w->cap_spans, sizeof *w->spans);
    w->spans[w->n_spans++] = span;
}

struct extractor_run *result_add_run(struct result *r)
{
    r->runs = one_more(&r->arena, r->runs, r->n_runs, &r->cap_runs, sizeof *r->runs);
    return &r->runs[r->n_runs++];
}

void result_skip(struct result *r, struct str reason)
{
    r->runs[r->n_runs - 1].skipped = reason;
}

/* ---- which bytes are taken ---- */

static uint64_t mask(size_t word, struct span s)
{
    uint64_t from = ~UINT64_C(0), to = ~UINT64_C(0);

    if (word == s.start / 64)
        from <<= s.start % 64;
    if (word == (s.end - 1) / 64)
        to >>= 63 - (s.end - 1) % 64;
    return from & to;
}

static void take_bytes(struct seats *seats, struct span s)
{
    struct bits *b = &seats->taken[s.field];
    size_t need;

    if (s.start >= s.end)
        return; /* a fault of its extractor; it is told when the result is written */
    need = (s.end - 1) / 64 + 1;
    b->words = mem_grow(b->words, &b->cap, need, sizeof *b->words);
    for (; b->n < need; b->n++)
        b->words[b->n] = 0;
    for (size_t i = s.start / 64; i < need; i++)
        b->words[i] |= mask(i, s);
}

static struct seats *seats_of(struct result *r)
{
    if (r->seats == NULL)
        r->seats = mem_new(sizeof *r->seats);
    return r->seats;
}

static struct seats *taken(struct result *r)
{
    struct seats *s = seats_of(r);

    if (s->has_taken)
        return s;
    s->taken[0].n = s->taken[1].n = 0;
    for (size_t i = 0; i < r->n_entities; i++)
        for (size_t k = 0; k < r->entities[i].n_mentions; k++)
            take_bytes(s, r->entities[i].mentions[k].span);
    s->has_taken = true;
    return s;
}

bool result_is_free(struct result *r, struct span s)
{
    const struct bits *b = &taken(r)->taken[s.field];

    for (size_t i = s.start / 64; s.start < s.end && i <= (s.end - 1) / 64; i++)
        if (i < b->n && (b->words[i] & mask(i, s)) != 0)
            return false;
    return true;
}

struct mention *result_add_mention(struct result *r, struct entity *en, struct span span,
                                   float score)
{
    en->mentions = one_more(&r->arena, en->mentions, en->n_mentions, &en->cap_mentions,
                            sizeof *en->mentions);
    en->mentions[en->n_mentions] = (struct mention){span, score};
    if (r->seats != NULL && r->seats->has_taken)
        take_bytes(r->seats, span);
    if (r->seats != NULL)
        r->seats->is_sorted = false;
    return &en->mentions[en->n_mentions++];
}

bool result_mention_free(struct result *r, size_t entity, struct span span, float score)
{
    if (span.start >= span.end || !result_is_free(r, span))
        return false;
    (void)result_add_mention(r, &r->entities[entity], span, score);
    return true;
}

/* ---- who sits where ---- */

static int by_place(const void *a, const void *b)
{
    const struct seat *x = a, *y = b;

    if (x->span.field != y->span.field)
        return x->span.field < y->span.field ? -1 : 1;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    if (x->span.end != y->span.end)
        return x->span.end < y->span.end ? -1 : 1;
    return x->entity < y->entity ? -1 : x->entity > y->entity;
}

const struct seat *result_seats(struct result *r, size_t *ret_n)
{
    struct seats *s = seats_of(r);

    if (!s->is_sorted) {
        s->n = 0;
        for (size_t i = 0; i < r->n_entities; i++) {
            const struct entity *en = &r->entities[i];

            s->list =
                mem_grow(s->list, &s->cap, s->n + en->n_mentions + 1, sizeof *s->list);
            for (size_t k = 0; k < en->n_mentions; k++)
                s->list[s->n++] =
                    (struct seat){en->mentions[k].span, en->mentions[k].score,
                                  (uint32_t)i, (uint32_t)k};
        }
        if (s->n > 1)
            qsort(s->list, s->n, sizeof *s->list, by_place);
        s->is_sorted = true;
    }
    *ret_n = s->n;
    return s->list;
}

/* The number of the first seat that begins at or behind a place. */
static size_t seat_from(const struct seats *s, enum field field, uint32_t start)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct span *at = &s->list[mid].span;

        if (at->field < field || (at->field == field && at->start < start))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static uint32_t shared(struct span a, struct span b)
{
    uint32_t from = a.start > b.start ? a.start : b.start;
    uint32_t to = a.end < b.end ? a.end : b.end;

    return a.field == b.field && from < to ? to - from : 0;
}

size_t result_seat_at(struct result *r, struct span span)
{
    size_t n, best = SIZE_MAX;
    const struct seat *list = result_seats(r, &n);
    size_t i = seat_from(r->seats, span.field, span.start);
    uint32_t most = 0;

    if (i > 0)
        i--; /* the one that began before may reach into it */
    for (; i < n; i++) {
        uint32_t by = shared(list[i].span, span);

        if (by > most) {
            most = by;
            best = i;
        }
        if (list[i].span.field > span.field ||
            (list[i].span.field == span.field && list[i].span.start >= span.end))
            break;
    }
    return best;
}

/* ---- changing ---- */

void result_join(struct result *r, size_t a, size_t b)
{
    struct entity *x = &r->entities[a], *y = &r->entities[b];

    if (a == b)
        return;
    for (size_t k = 0; k < y->n_mentions; k++) {
        x->mentions = one_more(&r->arena, x->mentions, x->n_mentions, &x->cap_mentions,
                               sizeof *x->mentions);
        x->mentions[x->n_mentions++] = y->mentions[k];
    }
    y->n_mentions = 0;
    if (y->score > x->score)
        x->score = y->score;
    for (size_t i = 0; i < r->n_quotes; i++)
        if (r->quotes[i].speaker == (int)b)
            r->quotes[i].speaker = (int)a;
    if (r->seats != NULL)
        r->seats->is_sorted = false;
}

static void take_out(struct entity *en, size_t mention)
{
    en->n_mentions--;
    memmove(&en->mentions[mention], &en->mentions[mention + 1],
            (en->n_mentions - mention) * sizeof *en->mentions);
}

void result_move_mention(struct result *r, size_t from, size_t mention, size_t to)
{
    struct mention m = r->entities[from].mentions[mention];

    take_out(&r->entities[from], mention);
    (void)result_add_mention(r, &r->entities[to], m.span, m.score);
}

void result_drop_mention(struct result *r, size_t entity, size_t mention)
{
    take_out(&r->entities[entity], mention);
    forget_seats(r);
}

void result_tidy(struct result *r)
{
    int *now = mem_new_array(r->n_entities + 1, sizeof *now); /* by former number */
    size_t n = 0;

    forget_seats(r);
    for (size_t i = 0; i < r->n_entities; i++) {
        now[i] = r->entities[i].n_mentions > 0 ? (int)n : -1;
        if (now[i] >= 0)
            r->entities[n++] = r->entities[i];
    }
    for (size_t i = 0; i < r->n_quotes; i++) {
        int speaker = r->quotes[i].speaker;

        if (speaker >= 0 && (size_t)speaker < r->n_entities)
            r->quotes[i].speaker = now[speaker];
    }
    r->n_entities = n;
    free(now);
}
