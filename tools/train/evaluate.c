#include "evaluate.h"

#include <stdlib.h>
#include <time.h>

#include "newsmq/mem.h"

#include "examples.h"

double tally_f1(const struct tally *t)
{
    return t->right == 0 ? 0 : 200.0 * (double)t->right / (double)(t->found + t->there);
}

/* A name of the corpus, tokens counted in the document. */
struct gold {
    uint32_t from, to;
    enum entity_type type;
    struct str fine; /* "GPE" */
};

struct golds {
    struct gold *list;
    size_t n, cap;
};

static void read_gold(const struct corpus *c, const struct corpus_document *d,
                      struct golds *g)
{
    uint32_t first = c->sentences[d->from].from;

    g->n = 0;
    for (uint32_t k = d->from; k < d->to; k++) {
        const struct corpus_sentence *s = &c->sentences[k];

        for (uint32_t i = s->from, to; i < s->to; i = to) {
            const struct corpus_token *t = &c->tokens[i];

            to = i + 1;
            if (t->label == LABEL_O)
                continue;
            while (to < s->to &&
                   c->tokens[to].label == label_inside(label_type(t->label)))
                to++;
            g->list = mem_grow(g->list, &g->cap, g->n + 1, sizeof *g->list);
            g->list[g->n++] = (struct gold){
                i - first, to - first, label_type(t->label),
                t->fine.n > 2 ? str_slice(t->fine, 2, t->fine.n) : (struct str){0}};
        }
    }
}

static enum entity_type fold(enum entity_type t)
{
    return t == ENTITY_EVENT ? ENTITY_MISC : t;
}

static struct str fine_of(const struct name_span *s)
{
    static const struct str types[LABEL_TYPES] = {
        [ENTITY_PER] = STR_INIT("PER"),   [ENTITY_ORG] = STR_INIT("ORG"),
        [ENTITY_LOC] = STR_INIT("LOC"),   [ENTITY_EVENT] = STR_INIT("EVENT"),
        [ENTITY_MISC] = STR_INIT("MISC"),
    };

    return s->subtype == SUBTYPE_NONE ? types[s->type] : str_of(subtype_name(s->subtype));
}

static void tally_names(struct evaluation *ev, const struct name_span *s, size_t n,
                        const struct golds *g)
{
    for (size_t i = 0; i < n; i++) {
        ev->types[s[i].type].found++;
        ev->three.found += s[i].type <= ENTITY_LOC;
    }
    for (size_t i = 0; i < g->n; i++) {
        ev->types[g->list[i].type].there++;
        ev->three.there += g->list[i].type <= ENTITY_LOC;
        ev->fine.there += g->list[i].fine.n > 0;
    }
    ev->five.found += n;
    ev->five.there += g->n;
    ev->fine.found += n;
    ev->folded.found += n;
    ev->folded.there += g->n;
}

/* A name that was found and one that is there, on the same tokens. */
static void tally_pair(struct evaluation *ev, const struct name_span *s,
                       const struct gold *g)
{
    size_t tenth = s->score >= 1 ? 9 : (size_t)(s->score * 10);

    ev->folded.right += fold(s->type) == fold(g->type);
    ev->fine.right += str_eq(fine_of(s), g->fine);
    if (s->type != g->type)
        return;
    ev->types[s->type].right++;
    ev->three.right += s->type <= ENTITY_LOC;
    ev->five.right++;
    ev->certain[tenth].right++;
}

static void compare(struct evaluation *ev, const struct name_span *s, size_t n,
                    const struct golds *g)
{
    size_t k = 0;

    tally_names(ev, s, n, g);
    for (size_t i = 0; i < n; i++) {
        ev->certain[s[i].score >= 1 ? 9 : (size_t)(s[i].score * 10)].found++;
        while (k < g->n && g->list[k].from < s[i].from)
            k++;
        if (k < g->n && g->list[k].from == s[i].from && g->list[k].to == s[i].to)
            tally_pair(ev, &s[i], &g->list[k]);
    }
}

static void write_tag(FILE *out, const struct name_span *s, uint32_t i, bool fine)
{
    static const char *const types[LABEL_TYPES] = {"PER", "ORG", "LOC", "EVENT", "MISC"};

    if (s == NULL)
        fputs("\tO", out);
    else
        fprintf(out, "\t%c-" STR_FMT, i == s->from ? 'B' : 'I',
                STR_ARG(fine ? fine_of(s) : str_of(types[s->type])));
}

static void write_document(const struct document_text *d, const struct name_span *s,
                           size_t n, FILE *out)
{
    size_t k = 0, end = 0;

    fputs("-DOCSTART-\tO\tO\n\n", out);
    for (uint32_t i = 0; i < d->n; i++) {
        const struct name_span *in;

        while (k < n && s[k].to <= i)
            k++;
        in = k < n && s[k].from <= i ? &s[k] : NULL;
        fprintf(out, STR_FMT, STR_ARG(d->tokens[i]));
        write_tag(out, in, i, false);
        write_tag(out, in, i, true);
        fputc('\n', out);
        if (end < d->n_ends && i + 1 == d->ends[end]) {
            fputc('\n', out);
            end++;
        }
    }
}

static double processor_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void evaluate(struct tagger *t, const struct corpus *c, FILE *out, struct evaluation *ret)
{
    struct document_text d = {0};
    struct golds g = {0};

    *ret = (struct evaluation){.tokens = c->n_tokens};
    for (size_t k = 0; k < c->n_documents; k++) {
        const struct name_span *spans;
        double began;
        size_t n;

        document_text_read(c, k, &d);
        read_gold(c, &c->documents[k], &g);
        began = processor_seconds();
        n = tagger_run(t, d.tokens, d.n, d.ends, d.n_ends, &spans);
        ret->seconds += processor_seconds() - began;
        compare(ret, spans, n, &g);
        if (out != NULL)
            write_document(&d, spans, n, out);
    }
    document_text_fini(&d);
    free(g.list);
}
