/* A text is read as words (document.h), each token gets a score for each label (sums of
   small integers: the parts that depend on one word alone are kept with the word), the
   best row of labels is found, and the names in it get a score and a subtype. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "document.h"
#include "feature.h"
#include "network.h"
#include "rows.h"
#include "score.h"
#include "subtypes.h"
#include "tagger.h"
#include "viterbi.h"
#include "votes.h"

#define TOKENS_KEPT 65536 /* arrays for longer texts are given back */
#define NEAR        2     /* tokens farther from all that may be names are in none */
#define SURE        (13 * LABEL_UNIT / 4) /* in no name, by so much: no more is asked */

struct word_sums {
    _Alignas(32) int16_t of[PARTS][ROW_LANES];
};

struct tagger {
    struct viterbi viterbi;
    struct model *model;
    struct words *words;
    struct document document;
    enum tagger_mode mode;
    struct rows rows, subtypes;
    bool has_subtypes, portable;
    uint8_t near; /* how far from what may be names is looked; UINT8_MAX: everywhere */
    struct network *network; /* NULL: not asked for */
    struct scorer scorer;
    struct votes votes;
    int32_t (*scores)[LABEL_LANES]; /* of the tokens of a text */
    uint8_t *labels;
    size_t scores_cap, labels_cap;
    int32_t others[PIECE_MAX][LABEL_LANES];
    bool asked[PIECE_MAX]; /* by the network */
    struct name_span *spans;
    size_t n, cap;
    tagger_watch_fn *watch; /* NULL: nobody */
    void *watch_ctx;
};

/* ---- scores of labels ---- */

static void fill_sums(const struct tagger *t, struct word *w)
{
    struct word_sums *sums = (struct word_sums *)(void *)w->extra;

    for (unsigned part = 0; part < PARTS; part++) {
        struct features f;

        f.n = 0;
        if (part != PART_SELF || w->is != CASE_NONE)
            features_of_word(w, (enum features_part)part, &f);
        if (part == PART_SELF && w->is != CASE_NONE)
            features_of_word(w, PART_IDENTITY, &f);
        rows_add(&t->rows, f.hash, f.n, sums->of[part]);
    }
}

/* The network's part stands behind that of the linear model. */
static void fill_word(void *ctx, struct word *w)
{
    const struct tagger *t = ctx;

    if (t->mode != TAGGER_NETWORK)
        fill_sums(t, w);
    if (t->network != NULL)
        network_fill(t->network, w, w->extra + sizeof(struct word_sums));
}

static inline const int16_t *sums_of(const struct spot *s, enum features_part part)
{
    return ((const struct word_sums *)(const void *)s->word->extra)->of[part];
}

/* What is known of a token on its way to its scores. */
struct step {
    int32_t scores[LABEL_LANES];
    struct features f;
    size_t n_rows;
    uint32_t rows[FEATURES_MAX];
};

/* What the words around it say, each by itself. */
static void add_words(const struct tagger *t, const struct spot *s,
                      int32_t scores[LABEL_LANES])
{
    const int16_t *self = sums_of(s, PART_SELF), *before = sums_of(s - 1, PART_BEFORE),
                  *behind = sums_of(s + 1, PART_BEHIND),
                  *before2 = sums_of(s - 2, PART_BEFORE2),
                  *behind2 = sums_of(s + 2, PART_BEHIND2);

    for (int y = 0; y < LABEL_LANES; y++)
        scores[y] =
            (self[y] + before[y] + behind[y] + before2[y] + behind2[y]) * t->rows.unit;
}

/* That no name is there. */
static bool is_sure(const int32_t scores[LABEL_LANES], int32_t by)
{
    int32_t most = scores[LABEL_O + 1];

    for (int y = LABEL_O + 2; y < LABELS; y++)
        most = scores[y] > most ? scores[y] : most;
    return scores[LABEL_O] - most >= by;
}

/* Names may go through it: "and" in "Ministry of Energy and Water". */
static bool is_between(const struct spot *s)
{
    return (word_is_capital(s[-1].word) || word_is_capital(s[-2].word)) &&
           (word_is_capital(s[1].word) || word_is_capital(s[2].word));
}

static void find_features(const struct tagger *t, const struct sentence *s, size_t i,
                          struct step *step)
{
    step->f.n = 0;
    add_words(t, &s->spots[i], step->scores);
    if (is_sure(step->scores, SURE) && !is_between(&s->spots[i]))
        return;
    features_of_spot(s, i, &step->f);
    features_of_pairs(s, i, &step->f);
    for (size_t k = 0; k < step->f.n; k++)
        rows_ahead(&t->rows, step->f.hash[k]);
}

static void find_rows(const struct tagger *t, struct step *step)
{
    step->n_rows = rows_find(&t->rows, step->f.hash, step->f.n, step->rows);
}

static void sum_up(const struct tagger *t, const struct step *step,
                   int32_t scores[LABEL_LANES])
{
    _Alignas(32) int16_t sums[ROW_LANES] = {0};

    rows_sum(&t->rows, step->rows, step->n_rows, sums);
    for (int y = 0; y < LABEL_LANES; y++) {
        int32_t sum = step->scores[y] + sums[y] * t->rows.unit;

        scores[y] = sum > SCORE_MAX ? SCORE_MAX : sum < -SCORE_MAX ? -SCORE_MAX : sum;
    }
}

/* Of the tokens [from, to). Three tokens are on their way at once, so that nothing waits
   for memory: the features of one are made, the rows of the one before it looked up, and
   those of the one before that are added. */
static void score_linear(struct tagger *t, const struct sentence *s, size_t from,
                         size_t to, int32_t (*scores)[LABEL_LANES])
{
    struct step steps[3];

    for (size_t i = from; i < to + 2; i++) {
        if (i < to)
            find_features(t, s, i, &steps[i % 3]);
        if (i > from && i - 1 < to)
            find_rows(t, &steps[(i - 1) % 3]);
        if (i > from + 1)
            sum_up(t, &steps[(i - 2) % 3], scores[i - 2 - from]);
    }
}

/* Tokens [from, to) of a sentence that are looked at together. */
struct piece {
    const struct sentence *s;
    size_t from, n;
    int32_t (*scores)[LABEL_LANES];
    uint8_t *labels;
};

/* A run of its tokens that may be in names. Those between two runs have the label O. */
struct run {
    size_t from, to;
};

/* The network says of tokens that are far from capitals that they are in no names, also
   where the linear model alone would think of one. */
static bool is_near(const struct tagger *t, const struct spot *s)
{
    return (t->network != NULL ? s->from_capital : s->from_name) <= t->near;
}

/* The next run behind `run`; false: there is none. */
static bool run_next(const struct tagger *t, const struct piece *p, struct run *run)
{
    const struct spot *s = &p->s->spots[p->from];

    run->from = run->to;
    while (run->from < p->n && !is_near(t, &s[run->from]))
        run->from++;
    run->to = run->from;
    while (run->to < p->n && is_near(t, &s[run->to]))
        run->to++;
    return run->to > run->from;
}

static void score_far(const struct piece *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        for (int y = 0; y < LABEL_LANES; y++)
            p->scores[i][y] = y == LABEL_O ? 0 : -SCORE_MAX;
        p->labels[i] = LABEL_O;
    }
}

static void average(int32_t scores[LABEL_LANES], const int32_t others[LABEL_LANES])
{
    for (size_t y = 0; y < LABEL_LANES; y++)
        scores[y] = (scores[y] + others[y]) >> 1;
}

/* Most tokens beside names are in none, and the linear model is sure of it: the network
   is not asked for them. */
static void add_network(struct tagger *t, const struct piece *p)
{
    const struct spot *s = &p->s->spots[p->from];

    for (size_t i = 0; i < p->n; i++)
        t->asked[i] =
            is_near(t, &s[i]) && (!is_sure(p->scores[i], SURE) || is_between(&s[i]));
    network_scores(t->network, p->s, p->from, p->from + p->n, sizeof(struct word_sums),
                   t->asked, t->others, t->portable);
    for (size_t i = 0; i < p->n; i++)
        if (t->asked[i])
            average(p->scores[i], t->others[i]);
}

static void score_piece(struct tagger *t, const struct piece *p)
{
    bool alone = t->mode == TAGGER_NETWORK;
    struct run run = {0, 0};
    size_t done = 0;

    if (alone)
        network_scores(t->network, p->s, p->from, p->from + p->n,
                       sizeof(struct word_sums), NULL, p->scores, t->portable);
    for (; run_next(t, p, &run); done = run.to) {
        score_far(p, done, run.from);
        if (!alone)
            score_linear(t, p->s, p->from + run.from, p->from + run.to,
                         p->scores + run.from);
    }
    score_far(p, done, p->n);
    if (t->mode == TAGGER_ACCURATE)
        add_network(t, p);
}

/* ---- names ---- */

static void span_add(struct tagger *t, const struct piece *p, size_t from, size_t to)
{
    enum entity_type type = label_type(p->labels[from]);
    const struct rows *rows = t->has_subtypes ? &t->subtypes : NULL;

    t->spans = mem_grow(t->spans, &t->cap, t->n + 1, sizeof *t->spans);
    t->spans[t->n++] = (struct name_span){
        .from = (uint32_t)(p->s->first + p->from + from),
        .to = (uint32_t)(p->s->first + p->from + to),
        .type = type,
        .subtype = subtypes_choose(rows, p->s, p->from + from, p->from + to, type),
        .score = scorer_run(&t->scorer, (const int32_t(*)[LABEL_LANES])p->scores,
                            p->labels, p->n, from, to),
    };
}

static void read_labels(struct tagger *t, const struct piece *p)
{
    for (size_t i = 0, to; i < p->n; i = to) {
        to = i + 1;
        if (p->labels[i] == LABEL_O)
            continue;
        while (to < p->n && p->labels[to] == label_inside(label_type(p->labels[i])))
            to++;
        span_add(t, p, i, to);
    }
}

/* Where a piece of a long sentence may end: behind a token that is hardly in a name. */
static size_t piece_end(const struct sentence *s, size_t from)
{
    size_t most = from + PIECE_MAX;

    if (s->n <= most)
        return s->n;
    for (size_t end = most; end > from + PIECE_MAX / 2; end--) {
        enum word_case is = (enum word_case)s->spots[end - 1].word->is;

        if (is == CASE_SMALL || is == CASE_MARKS)
            return end;
    }
    return most;
}

static struct piece piece_at(const struct tagger *t, const struct sentence *s,
                             size_t from)
{
    return (struct piece){
        .s = s,
        .from = from,
        .n = piece_end(s, from) - from,
        .scores = &t->scores[s->first + from],
        .labels = &t->labels[s->first + from],
    };
}

static void find_labels(struct tagger *t, const struct piece *p, const struct run *r)
{
    unsigned edges =
        (r->from > 0 ? VITERBI_BEHIND_O : 0U) | (r->to < p->n ? VITERBI_BEFORE_O : 0U);

    viterbi_run(&t->viterbi, (const int32_t(*)[LABEL_LANES])p->scores + r->from,
                r->to - r->from, edges, p->labels + r->from);
}

/* At first sight, each sentence by itself. */
static void run_sentence(struct tagger *t, const struct sentence *s)
{
    struct piece p;

    for (size_t from = 0; from < s->n; from += p.n) {
        struct run run = {0, 0};

        p = piece_at(t, s, from);
        score_piece(t, &p);
        if (t->watch != NULL)
            t->watch(t->watch_ctx, &t->viterbi.t, (const int32_t(*)[LABEL_LANES])p.scores,
                     p.n);
        while (run_next(t, &p, &run))
            find_labels(t, &p, &run);
        votes_count(&t->votes, &s->spots[from], p.labels, p.n);
    }
}

/* Knowing what the words are elsewhere in the text. */
static void run_again(struct tagger *t, const struct sentence *s)
{
    struct piece p;

    for (size_t from = 0; from < s->n; from += p.n) {
        struct run run = {0, 0};

        p = piece_at(t, s, from);
        while (run_next(t, &p, &run))
            if (votes_apply(&t->votes, &s->spots[from + run.from], p.labels + run.from,
                            p.scores + run.from, run.to - run.from))
                find_labels(t, &p, &run);
        read_labels(t, &p);
    }
}

static void make_room(struct tagger *t, size_t n)
{
    if (t->document.spots_cap > (size_t)2 * TOKENS_KEPT) {
        tagger_document_fini(&t->document);
        votes_fini(&t->votes);
        free(t->scores);
        free(t->labels);
        t->scores = NULL;
        t->labels = NULL;
        t->scores_cap = t->labels_cap = 0;
    }
    t->scores = mem_grow(t->scores, &t->scores_cap, n, sizeof *t->scores);
    t->labels = mem_grow(t->labels, &t->labels_cap, n, sizeof *t->labels);
}

size_t tagger_run(struct tagger *t, const struct str *tokens, size_t n,
                  const uint32_t *ends, size_t n_ends, const struct name_span **ret)
{
    t->n = 0;
    words_trim(t->words);
    make_room(t, n);
    tagger_document_read(&t->document, t->words, tokens, n, ends, n_ends);
    votes_begin(&t->votes, words_forms(t->words));
    for (size_t k = 0; k < t->document.n; k++)
        run_sentence(t, &t->document.sentences[k]);
    for (size_t k = 0; k < t->document.n; k++)
        run_again(t, &t->document.sentences[k]);
    *ret = t->spans;
    return t->n;
}

/* ---- life ---- */

static int open_network(struct tagger *t, struct err *e)
{
    struct transitions own, linear = t->viterbi.t;
    int rc = network_open(t->model, &t->network, e);

    if (rc == 0 && t->network == NULL)
        return model_fault(t->model, NETWORK_SECTION, "is missing", e);
    if (rc == 0)
        rc = transitions_open(t->model, NETWORK_STEPS, &own, e);
    if (rc == 0 && t->mode == TAGGER_NETWORK)
        t->viterbi.t = own;
    else if (rc == 0)
        transitions_average(&linear, &own, &t->viterbi.t);
    return rc;
}

static int open_labels(struct tagger *t, struct err *e)
{
    int rc = 0;

    if (t->mode != TAGGER_NETWORK)
        rc = rows_open(t->model, "crf", &t->rows, e);
    if (rc == 0 && t->mode != TAGGER_NETWORK)
        rc = transitions_open(t->model, "transitions", &t->viterbi.t, e);
    if (rc == 0 && t->mode != TAGGER_FAST)
        rc = open_network(t, e);
    return rc;
}

static int open_parts(struct tagger *t, struct err *e)
{
    size_t extra = sizeof(struct word_sums);
    int rc = open_labels(t, e);

    t->has_subtypes = rc == 0 && model_section(t->model, "subtypes").p != NULL;
    if (t->has_subtypes)
        rc = rows_open(t->model, "subtypes", &t->subtypes, e);
    if (rc == 0 && t->network != NULL)
        extra += network_extra_bytes(t->network);
    if (rc == 0)
        rc = words_open(t->model, extra, fill_word, t, &t->words, e);
    return rc;
}

int tagger_open_model(struct model *m, enum tagger_mode mode, struct tagger **ret,
                      struct err *e)
{
    struct tagger *t = mem_new(sizeof *t);
    int rc;

    t->mode = mode;
    t->model = m;
    rc = open_parts(t, e);
    if (rc < 0) {
        tagger_close(t);
        return rc;
    }
    viterbi_init(&t->viterbi);
    scorer_init(&t->scorer, &t->viterbi.t);
    t->near = network_near(m);
    if (t->network == NULL && t->near < NEAR)
        t->near = NEAR;
    *ret = t;
    return 0;
}

int tagger_open(const char *path, enum tagger_mode mode, struct tagger **ret,
                struct err *e)
{
    struct model *m;
    int rc = model_open(path, &m, e);

    return rc < 0 ? rc : tagger_open_model(m, mode, ret, e);
}

void tagger_close(struct tagger *t)
{
    if (t == NULL)
        return;
    tagger_document_fini(&t->document);
    votes_fini(&t->votes);
    free(t->scores);
    free(t->labels);
    words_close(t->words);
    network_close(t->network);
    model_close(t->model);
    free(t->spans);
    free(t);
}

const struct model_about *tagger_about(const struct tagger *t)
{
    return model_about(t->model);
}

void tagger_watch(struct tagger *t, tagger_watch_fn *fn, void *ctx)
{
    t->watch = fn;
    t->watch_ctx = ctx;
    t->near = UINT8_MAX; /* all tokens are looked at */
}

void tagger_be_portable(struct tagger *t)
{
    t->portable = t->viterbi.portable = true;
    rows_be_portable(&t->rows);
    rows_be_portable(&t->subtypes);
}
