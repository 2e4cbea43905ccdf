#include "examples.h"

#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "counts.h"
#include "tagger/labels.h"
#include "tagger/mix.h"

/* ---- sources ---- */

static int read_trait(struct source *s, struct str trait)
{
    if (str_eq(trait, STR("no-misc")))
        s->no_misc = true;
    else if (str_eq(trait, STR("events-in-misc")))
        s->event_is_misc = true;
    else if (str_eq(trait, STR("ours")))
        s->set = 0;
    else
        return -1;
    return 0;
}

int source_read(const char *text, uint32_t set, struct source *ret, struct err *e)
{
    struct str rest = str_of(text), path = str_cut(&rest, ':'), weight;
    struct source s = {.weight = 1, .set = set};

    if (path.n >= sizeof s.path)
        return err_set(e, ERR_CONFIG, "'%s': the path is too long", text);
    memcpy(s.path, path.p, path.n);
    if (rest.p != NULL) {
        weight = str_cut(&rest, ':');
        s.weight = strtof(weight.p, NULL); /* the whole is NUL-terminated */
    }
    while (rest.p != NULL)
        if (read_trait(&s, str_cut(&rest, ',')) < 0)
            return err_set(e, ERR_CONFIG,
                           "'%s': behind the weight stand no-misc, events-in-misc, ours",
                           text);
    *ret = s;
    return 0;
}

uint16_t source_mask(const struct source *s, int label)
{
    unsigned mask = 1U << label;
    bool misc = label == label_begin(ENTITY_MISC) || label == label_inside(ENTITY_MISC);

    if (label == LABEL_ANY)
        return (1U << LABELS) - 1;
    if (label == LABEL_O && s->no_misc)
        mask |= 1U << label_begin(ENTITY_MISC) | 1U << label_inside(ENTITY_MISC) |
                1U << label_begin(ENTITY_EVENT) | 1U << label_inside(ENTITY_EVENT);
    if (misc && s->event_is_misc)
        mask |= label_is_inside(label) ? 1U << label_inside(ENTITY_EVENT)
                                       : 1U << label_begin(ENTITY_EVENT);
    return (uint16_t)mask;
}

/* ---- going through the texts ---- */

struct making {
    struct words *words;
    const struct source *source;
    const struct examples_plan *plan;
    struct counts counts;
    struct examples *ret;
    bool counting;
};

/* What only one corpus does is learned by features of its own, so that it does not go
   into the others; the tagger has none of them. */
static void features_of_set(const struct sentence *s, size_t i, uint32_t set,
                            struct features *out)
{
    enum { FIRST = 300 };
    const struct spot *at = &s->spots[i];
    const struct word *w = at->word;
    uint64_t values[][2] = {
        {0, 0},
        {w->is, at[-1].word->is},
        {w->small, 0},
        {w->shape, i == 0},
        {at[-1].word->small, 0},
        {at[1].word->small, 0},
        {(uint64_t)(w->class64 + 1), w->is},
    };

    for (size_t k = 0; set != 0 && k < ARRAY_LEN(values); k++)
        out->hash[out->n++] = mix_feature(FIRST + k, set, values[k][0], values[k][1]);
}

static void count(struct making *m, const struct features *f)
{
    for (size_t k = 0; k < f->n; k++)
        ++*counts_at(&m->counts, f->hash[k]);
}

/* Numbers are given to features in the order in which they come. */
static uint8_t take(struct making *m, const struct features *f, bool of_set)
{
    struct examples *x = m->ret;
    size_t before = x->n_ids;

    x->ids = mem_grow(x->ids, &x->ids_cap, x->n_ids + f->n, sizeof *x->ids);
    for (size_t k = 0; k < f->n; k++) {
        uint32_t number = counts_get(&m->counts, f->hash[k]);

        if (number == 0)
            continue;
        x->of_set[number - 1] = of_set;
        x->ids[x->n_ids++] = number - 1;
    }
    return (uint8_t)(x->n_ids - before);
}

static void features_of_token(const struct sentence *s, size_t i, struct features *out)
{
    const struct spot *at = &s->spots[i];

    features_of_word(at->word, PART_SELF, out);
    features_of_word(at[-1].word, PART_BEFORE, out);
    features_of_word(at[1].word, PART_BEHIND, out);
    features_of_word(at[-2].word, PART_BEFORE2, out);
    features_of_word(at[2].word, PART_BEHIND2, out);
    features_of_spot(s, i, out);
}

static void token_read(struct making *m, const struct sentence *s, size_t i, int label)
{
    struct examples *x = m->ret;
    struct features plain = {.n = 0}, set = {.n = 0}, identity = {.n = 0};
    struct example_token *t;

    features_of_token(s, i, &plain);
    features_of_set(s, i, m->source->set, &set);
    features_of_word(s->spots[i].word, PART_IDENTITY, &identity);
    features_of_pairs(s, i, &identity);
    if (m->counting) {
        count(m, &plain);
        count(m, &set);
        count(m, &identity);
        return;
    }
    x->tokens = mem_grow(x->tokens, &x->tokens_cap, x->n_tokens + 1, sizeof *x->tokens);
    t = &x->tokens[x->n_tokens++];
    t->at = x->n_ids;
    t->mask = source_mask(m->source, label);
    t->plain = take(m, &plain, false);
    t->plain = (uint8_t)(t->plain + take(m, &set, true));
    t->identity = take(m, &identity, false);
}

void document_text_read(const struct corpus *c, size_t document,
                        struct document_text *ret)
{
    const struct corpus_document *d = &c->documents[document];

    ret->n = ret->n_ends = 0;
    for (uint32_t k = d->from; k < d->to; k++) {
        const struct corpus_sentence *s = &c->sentences[k];

        ret->tokens = mem_grow(ret->tokens, &ret->tokens_cap, ret->n + s->to - s->from,
                               sizeof *ret->tokens);
        ret->ends =
            mem_grow(ret->ends, &ret->ends_cap, ret->n_ends + 1, sizeof *ret->ends);
        for (uint32_t i = s->from; i < s->to; i++)
            ret->tokens[ret->n++] = c->tokens[i].text;
        ret->ends[ret->n_ends++] = (uint32_t)ret->n;
    }
}

void document_text_fini(struct document_text *d)
{
    free(d->tokens);
    free(d->ends);
    *d = (struct document_text){0};
}

static void sentence_read(struct making *m, const struct sentence *s,
                          const struct corpus_token *tokens)
{
    struct examples *x = m->ret;

    if (!m->counting) {
        x->list = mem_grow(x->list, &x->cap, x->n + 1, sizeof *x->list);
        x->list[x->n++] =
            (struct example){x->n_tokens, (uint32_t)s->n, m->source->weight};
    }
    for (size_t i = 0; i < s->n; i++)
        token_read(m, s, i, tokens[i].label);
}

static void corpus_go(struct making *m, const struct corpus *c)
{
    struct document d = {0};
    struct document_text text = {0};

    for (size_t k = 0; k < c->n_documents; k++) {
        const struct corpus_token *tokens =
            &c->tokens[c->sentences[c->documents[k].from].from];

        words_trim(m->words);
        document_text_read(c, k, &text);
        tagger_document_read(&d, m->words, text.tokens, text.n, text.ends, text.n_ends);
        for (size_t i = 0; i < d.n; i++)
            sentence_read(m, &d.sentences[i], tokens + d.sentences[i].first);
    }
    tagger_document_fini(&d);
    document_text_fini(&text);
}

static void both_go(struct making *m, const struct corpus *c)
{
    struct corpus more;

    corpus_go(m, c);
    augment(c, m->words, m->plan->augment, m->plan->seed, &more);
    corpus_go(m, &more);
    corpus_fini(&more);
}

static void number_features(struct making *m)
{
    struct examples *x = m->ret;
    uint32_t n = counts_number(&m->counts, m->plan->least);

    x->n_features = n;
    x->hashes = mem_new_array(n + 1, sizeof *x->hashes);
    x->of_set = mem_new_array(n + 1, sizeof *x->of_set);
    for (size_t i = 0; i < m->counts.size; i++)
        if (m->counts.values[i] != 0)
            x->hashes[m->counts.values[i] - 1] = m->counts.hashes[i];
}

static int read_all(const struct source *sources, size_t n, struct corpus *ret,
                    struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (corpus_read(sources[i].path, &ret[i], e) < 0)
            return e->code;
    return 0;
}

int examples_make(const struct model *model, const struct source *sources, size_t n,
                  const struct examples_plan *plan, struct examples *ret, struct err *e)
{
    struct corpus *all = mem_new_array(n + 1, sizeof *all);
    struct making m = {.plan = plan, .ret = ret};
    int rc = read_all(sources, n, all, e);

    if (rc == 0)
        rc = words_open(model, 0, NULL, NULL, &m.words, e);
    for (int turn = 0; rc == 0 && turn < 2; turn++) {
        m.counting = turn == 0;
        for (size_t i = 0; i < n; i++) {
            m.source = &sources[i];
            both_go(&m, &all[i]);
        }
        if (turn == 0)
            number_features(&m);
    }
    counts_fini(&m.counts);
    words_close(m.words);
    for (size_t i = 0; i < n; i++)
        corpus_fini(&all[i]);
    free(all);
    return rc;
}

void examples_fini(struct examples *x)
{
    free(x->list);
    free(x->ids);
    free(x->tokens);
    free(x->hashes);
    free(x->of_set);
    *x = (struct examples){0};
}
