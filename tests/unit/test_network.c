/* The network: the same bits on any processor, what it learns, and files that are none.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "lexicon.h"
#include "net.h"
#include "net_read.h"

#include "tagger/network.h"
#include "tagger/network_format.h"
#include "tagger/network_kernel.h"
#include "tagger/viterbi.h"

/* ---- random numbers of the worst kind ---- */

static int16_t any16(struct chance *c)
{
    uint32_t x = chance_next(c);

    if (x % 50 == 0)
        return x & 64 ? INT16_MIN : INT16_MAX;
    return (int16_t)(chance_next(c) % 4001 - 2000);
}

static void fill16(struct chance *c, int16_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = any16(c);
}

static void fill32(struct chance *c, int32_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (int32_t)chance_next(c);
}

#define WIDTH  NETWORK_WIDTH_MAX
#define TOKENS 11

static const uint32_t every_other[] = {0, 2, 4, 6, 8, 10};

static const struct network_kernel *fast_or_skip(void)
{
    const struct network_kernel *fast = network_avx2();

    if (fast == NULL) {
        print_message("no AVX2 here\n");
        skip();
    }
    return fast;
}

static void tokens_are_the_same_bits_with_avx2(void **state)
{
    const struct network_kernel *fast = fast_or_skip();
    struct chance c = chance_of(1);
    int8_t rows[32 * WIDTH];
    int16_t sum[WIDTH], a[WIDTH], b[WIDTH];
    uint64_t features[40];

    (void)state;
    for (size_t i = 0; i < sizeof rows; i++)
        rows[i] = (int8_t)chance_next(&c);
    for (uint32_t width = 16; width <= WIDTH; width += 16) {
        struct network_rows r = {rows, width, 31};
        size_t n = width % 40;

        fill16(&c, sum, width);
        for (size_t i = 0; i < n; i++)
            features[i] = chance_next(&c);
        network_portable.token(&r, sum, features, n, a);
        fast->token(&r, sum, features, n, b);
        assert_memory_equal(a, b, width * sizeof *a);
    }
}

static void layers_are_the_same_bits_with_avx2(void **state)
{
    const struct network_kernel *fast = fast_or_skip();
    struct chance c = chance_of(2);
    int16_t *weights = mem_new_array((size_t)6 * WIDTH * WIDTH, sizeof *weights);
    int16_t in[(TOKENS + 2) * WIDTH], a[(TOKENS + 2) * WIDTH] = {0},
                                                       b[ARRAY_LEN(a)] = {0};
    int32_t bias[2 * WIDTH];

    (void)state;
    for (size_t width = 16; width <= WIDTH; width += 16)
        for (size_t tokens = 1; tokens <= TOKENS; tokens++) {
            struct network_layer l = {weights, bias, 1 + (uint32_t)(tokens + width) % 20};

            fill16(&c, weights, 6 * width * width);
            fill16(&c, in, (tokens + 2) * width);
            fill32(&c, bias, 2 * width);
            network_portable.layer(&l, width, in, every_other, (tokens + 1) / 2, a);
            fast->layer(&l, width, in, every_other, (tokens + 1) / 2, b);
            assert_memory_equal(a, b, sizeof a);
        }
    free(weights);
}

static void scores_are_the_same_bits_with_avx2(void **state)
{
    const struct network_kernel *fast = fast_or_skip();
    struct chance c = chance_of(3);
    int16_t weights[WIDTH * LABEL_LANES], in[(TOKENS + 2) * WIDTH];
    int32_t bias[LABEL_LANES], a[TOKENS][LABEL_LANES] = {0}, b[TOKENS][LABEL_LANES] = {0};

    (void)state;
    for (size_t width = 16; width <= WIDTH; width += 16)
        for (size_t tokens = 1; tokens <= TOKENS; tokens++) {
            struct network_layer l = {weights, bias, 1 + (uint32_t)tokens};

            fill16(&c, weights, width * LABEL_LANES);
            fill16(&c, in, (tokens + 2) * width);
            fill32(&c, bias, LABEL_LANES);
            network_portable.output(&l, width, in, every_other, (tokens + 1) / 2, a);
            fast->output(&l, width, in, every_other, (tokens + 1) / 2, b);
            assert_memory_equal(a, b, sizeof a);
        }
}

/* ---- models ---- */

struct folder {
    char path[64], model[96], corpus[96], vectors[96];
};

static int folder_make(void **state)
{
    struct folder *f = mem_new(sizeof *f);

    (void)snprintf(f->path, sizeof f->path, "/tmp/test_network.XXXXXX");
    if (mkdtemp(f->path) == NULL)
        return -1;
    (void)snprintf(f->model, sizeof f->model, "%s/a.model", f->path);
    (void)snprintf(f->corpus, sizeof f->corpus, "%s/a.tsv", f->path);
    (void)snprintf(f->vectors, sizeof f->vectors, "%s/a.f32", f->path);
    *state = f;
    return 0;
}

static int folder_remove(void **state)
{
    struct folder *f = *state;

    (void)unlink(f->model);
    (void)unlink(f->corpus);
    (void)unlink(f->vectors);
    (void)rmdir(f->path);
    free(f);
    return 0;
}

/* A model of empty lists and, when there are any, of these sections. */
static struct model *model_of(const struct folder *f, struct str network,
                              struct str steps)
{
    struct lexicon_sources nothing = {0};
    struct parts p = {.head = {"test", "1", "en"}};
    struct model *m;
    struct err e;

    assert_int_equal(lexicon_make(&nothing, &p, &e), 0);
    if (network.p != NULL)
        parts_set(&p, NETWORK_SECTION, network);
    if (steps.p != NULL)
        parts_set(&p, NETWORK_STEPS, steps);
    assert_int_equal(parts_write(&p, f->model, &e), 0);
    parts_fini(&p);
    assert_int_equal(model_open(f->model, &m, &e), 0);
    return m;
}

static struct model *model_of_net(const struct folder *f, const struct net *n,
                                  const struct net_data *d)
{
    return model_of(f, net_pack(n, d, d->n_vectors, 0), net_pack_steps(n));
}

struct reading {
    struct model *model;
    struct network *network;
    struct words *words;
    struct document document;
    int32_t (*scores)[LABEL_LANES];
    size_t n;
};

static void fill(void *ctx, struct word *w)
{
    const struct reading *r = ctx;

    network_fill(r->network, w, w->extra);
}

static void reading_open(struct reading *r, struct model *m)
{
    struct err e;

    *r = (struct reading){.model = m};
    assert_int_equal(network_open(m, &r->network, &e), 0);
    assert_non_null(r->network);
    assert_int_equal(
        words_open(m, network_extra_bytes(r->network), fill, r, &r->words, &e), 0);
}

static void reading_close(struct reading *r)
{
    free(r->scores);
    tagger_document_fini(&r->document);
    words_close(r->words);
    network_close(r->network);
    model_close(r->model);
}

/* The scores of one sentence, in pieces of at most `piece` tokens. */
static void read_sentence(struct reading *r, const struct str *tokens, size_t n,
                          size_t piece, bool portable)
{
    uint32_t end = (uint32_t)n;

    tagger_document_read(&r->document, r->words, tokens, n, &end, 1);
    assert_int_equal(r->document.n, 1);
    free(r->scores);
    r->scores = mem_new_array(n, sizeof *r->scores);
    r->n = n;
    for (size_t from = 0; from < n; from += piece) {
        size_t to = n - from > piece ? from + piece : n;

        network_scores(r->network, &r->document.sentences[0], from, to, 0, NULL,
                       r->scores + from, portable);
    }
}

static const struct net_shape small_shape = {
    .width = 48, .layers = 3, .rows = 1024, .dimensions = 4};

static struct model *random_model(const struct folder *f, uint32_t near)
{
    struct net_data none = {0};
    struct model *m;
    struct net n;

    net_init(&n, &small_shape, 7);
    m = model_of(f, net_pack(&n, &none, 0, near), net_pack_steps(&n));
    net_fini(&n);
    return m;
}

static struct str *many_tokens(size_t n)
{
    static const struct str some[] = {STR_INIT("Anna"), STR_INIT("said"),
                                      STR_INIT("U.N."), STR_INIT("x-ray"),
                                      STR_INIT("("),    STR_INIT("42")};
    struct str *tokens = mem_new_array(n, sizeof *tokens);

    for (size_t i = 0; i < n; i++)
        tokens[i] = some[i * 5 % ARRAY_LEN(some)];
    return tokens;
}

static void assert_same_scores(const struct folder *f, uint32_t near)
{
    struct reading whole, pieces, portable;
    const size_t n = 700;
    struct str *tokens = many_tokens(n);

    reading_open(&whole, random_model(f, near));
    reading_open(&pieces, random_model(f, near));
    reading_open(&portable, random_model(f, near));
    read_sentence(&whole, tokens, n, n, false);
    read_sentence(&pieces, tokens, n, 13, false);
    read_sentence(&portable, tokens, n, n, true);
    assert_memory_equal(whole.scores, pieces.scores, n * sizeof *whole.scores);
    assert_memory_equal(whole.scores, portable.scores, n * sizeof *whole.scores);
    reading_close(&whole);
    reading_close(&pieces);
    reading_close(&portable);
    free(tokens);
}

static void scores_do_not_depend_on_pieces_or_processor(void **state)
{
    for (uint32_t near = 0; near < 4; near++)
        assert_same_scores(*state, near);
}

static void who_is_not_asked_for_changes_nobody_else(void **state)
{
    const size_t n = 700;
    struct str *tokens = many_tokens(n);
    int32_t(*scores)[LABEL_LANES] = mem_new_array(n, sizeof *scores);
    bool *asked = mem_new_array(n, sizeof *asked);
    struct reading all;

    for (size_t i = 0; i < n; i++)
        asked[i] = i * 7 % 3 == 0;
    reading_open(&all, random_model(*state, 1));
    read_sentence(&all, tokens, n, n, false);
    network_scores(all.network, &all.document.sentences[0], 0, n, 0, asked, scores,
                   false);

    for (size_t i = 0; i < n; i++)
        assert_memory_equal(scores[i], asked[i] ? all.scores[i] : scores[1],
                            sizeof *scores);
    reading_close(&all);
    free(tokens);
    free(scores);
    free(asked);
}

static void tokens_near_capitals_score_as_if_all_were_looked_at(void **state)
{
    static const struct str tokens[] = {
        STR_INIT("a"),    STR_INIT("b"), STR_INIT("c"), STR_INIT("d"), STR_INIT("e"),
        STR_INIT("Anna"), STR_INIT("f"), STR_INIT("g"), STR_INIT("h"), STR_INIT("i"),
    };
    const int32_t far[LABEL_LANES] = {0}; /* no text told what they score */
    struct reading all, near;

    reading_open(&all, random_model(*state, 0));
    reading_open(&near, random_model(*state, 2));
    read_sentence(&all, tokens, ARRAY_LEN(tokens), PIECE_MAX, false);
    read_sentence(&near, tokens, ARRAY_LEN(tokens), PIECE_MAX, false);
    assert_memory_equal(near.scores + 3, all.scores + 3, 5 * sizeof far);
    assert_memory_equal(near.scores[2], far, sizeof far);
    assert_memory_equal(near.scores[8], far, sizeof far);
    reading_close(&all);
    reading_close(&near);
}

/* ---- what is no network ---- */

static void a_model_without_a_network_says_so(void **state)
{
    struct model *m = model_of(*state, (struct str){0}, (struct str){0});
    struct network *n;
    struct err e;

    assert_int_equal(network_open(m, &n, &e), 0);
    assert_null(n);
    model_close(m);
}

static void assert_no_network(const struct folder *f, struct str bytes)
{
    struct model *m = model_of(f, bytes, (struct str){0});
    struct network *n = NULL;
    struct err e = {0};

    assert_int_equal(network_open(m, &n, &e), ERR_FORMAT);
    assert_null(n);
    assert_non_null(strstr(e.text, NETWORK_SECTION));
    model_close(m);
}

static struct str bytes_of(const void *p, size_t n)
{
    char *copy = mem_new(n);

    memcpy(copy, p, n);
    return (struct str){copy, n};
}

static void sections_that_do_not_fit_their_sizes_are_refused(void **state)
{
    static const struct network_head bad[] = {
        {.version = 99, .width = 16, .layers = 1, .rows = 16, .output_shift = 1},
        {.version = NETWORK_VERSION, .width = 17, .layers = 1, .rows = 16},
        {.version = NETWORK_VERSION, .width = 4096, .layers = 1, .rows = 16},
        {.version = NETWORK_VERSION, .width = 16, .layers = 0, .rows = 16},
        {.version = NETWORK_VERSION, .width = 16, .layers = 1000, .rows = 16},
        {.version = NETWORK_VERSION, .width = 16, .layers = 1, .rows = 17},
        {.version = NETWORK_VERSION, .width = 16, .layers = 1, .rows = UINT32_MAX},
        {.version = NETWORK_VERSION,
         .width = 16,
         .layers = 1,
         .rows = 16,
         .output_shift = 8,
         .shift = {99}},
        {.version = NETWORK_VERSION,
         .width = 16,
         .layers = 1,
         .rows = 16,
         .output_shift = 8,
         .shift = {8},
         .vectors = UINT32_MAX},
        {.version = NETWORK_VERSION,
         .width = 16,
         .layers = 1,
         .rows = 16,
         .output_shift = 8,
         .shift = {8}},
    };
    struct net_data none = {0};
    struct net n;
    struct str whole;

    assert_no_network(*state, bytes_of("short", 5));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_no_network(*state, bytes_of(&bad[i], sizeof bad[i]));
    net_init(&n, &small_shape, 7);
    whole = net_pack(&n, &none, 0, 0);
    assert_no_network(*state, bytes_of(whole.p, whole.n - 64));
    free((char *)(uintptr_t)whole.p);
    net_fini(&n);
}

/* ---- learning ---- */

static const char *const givens[] = {"Anna", "Carl", "Mira", "Otto", "Lena", "Hugo"};
static const char *const places[] = {"Oslo", "Bern", "Lima", "Doha", "Kyiv", "Baku"};

static const char *any_of(struct chance *c, const char *const list[6])
{
    return list[chance_next(c) % 6];
}

/* Persons speak, and things happen in places. */
static void write_corpus(const struct folder *f, size_t sentences)
{
    struct chance c = chance_of(5);
    FILE *out = fopen(f->corpus, "w");

    assert_non_null(out);
    for (size_t i = 0; i < sentences; i++)
        if (i % 2 == 0)
            fprintf(out, "Then\tO\n%s\tB-PER\n%s\tI-PER\nsaid\tO\nso\tO\n.\tO\n\n",
                    any_of(&c, givens), any_of(&c, places));
        else
            fprintf(out, "It\tO\nrained\tO\nin\tO\n%s\tB-LOC\n.\tO\n\n",
                    any_of(&c, places));
    assert_int_equal(fclose(out), 0);
}

static void write_vectors(const struct folder *f)
{
    static const float some[] = {1, 2, 3, 4, -4, 3, 2, 1};
    FILE *out = fopen(f->vectors, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(some, sizeof some[0], ARRAY_LEN(some), out), ARRAY_LEN(some));
    assert_int_equal(fclose(out), 0);
}

static void learn(const struct folder *f, unsigned threads, struct net *n,
                  struct net_data *d)
{
    struct net_plan plan = {.epochs = 6,
                            .averaged = 2,
                            .batch = 8,
                            .threads = threads,
                            .rate = 0.003F,
                            .row_rate = 0.05F,
                            .drop = 0.1F,
                            .drop_name = 0.3F,
                            .drop_set = 0.5F,
                            .seed = 3};
    struct net_shape shape = {.width = 16, .layers = 2, .rows = 4096, .dimensions = 4};
    struct source source;
    struct model *m = model_of(f, (struct str){0}, (struct str){0});
    struct err e;

    write_corpus(f, 240);
    write_vectors(f);
    assert_int_equal(source_read(f->corpus, 0, &source, &e), 0);
    assert_int_equal(net_read_vectors(d, f->vectors, 4, &e), 0);
    assert_int_equal(net_read(m, &source, 1, 0.03, 1, shape.rows, d, &e), 0);
    model_close(m);
    net_init(n, &shape, 3);
    net_fit(n, d, &plan);
}

static void names_are_told_apart_by_what_stands_beside_them(void **state)
{
    static const struct str tokens[] = {STR_INIT("Then"), STR_INIT("Lena"),
                                        STR_INIT("Lima"), STR_INIT("said"),
                                        STR_INIT("so"),   STR_INIT(".")};
    static const uint8_t expected[] = {0, 1, 2, 0, 0, 0}; /* B-PER I-PER */
    struct viterbi *v = mem_new(sizeof *v);
    struct net_data d = {0};
    struct net n;
    struct reading r;
    uint8_t labels[ARRAY_LEN(tokens)];
    struct err e;

    learn(*state, 1, &n, &d);
    reading_open(&r, model_of_net(*state, &n, &d));
    assert_int_equal(transitions_open(r.model, NETWORK_STEPS, &v->t, &e), 0);
    viterbi_init(v);
    read_sentence(&r, tokens, ARRAY_LEN(tokens), PIECE_MAX, false);
    viterbi_run(v, (const int32_t(*)[LABEL_LANES])r.scores, r.n, 0, labels);
    assert_memory_equal(labels, expected, sizeof expected);
    reading_close(&r);
    net_data_fini(&d);
    net_fini(&n);
    free(v);
}

static float largest_difference(const struct reading *r, const struct net *n,
                                const struct net_data *d, size_t sentence)
{
    const struct sentence *s = &r->document.sentences[sentence];
    float floats[NET_TOKENS_MAX * LABEL_LANES], most = 0;
    int32_t scores[NET_TOKENS_MAX][LABEL_LANES];

    assert_int_equal(s->n, d->sentences[sentence].n);
    net_scores(n, d, &d->sentences[sentence], floats);
    network_scores(r->network, s, 0, s->n, 0, NULL, scores, false);
    for (size_t i = 0; i < s->n; i++)
        for (size_t y = 0; y < LABELS; y++)
            most = fmaxf(most, fabsf((float)scores[i][y] / LABEL_UNIT -
                                     floats[i * LABEL_LANES + y]));
    return most;
}

static void integers_score_as_floats_do(void **state)
{
    const struct folder *f = *state;
    struct document_text text = {0};
    struct net_data d = {0};
    struct corpus corpus;
    struct reading r;
    struct net n;
    struct err e;

    learn(f, 1, &n, &d);
    assert_int_equal(corpus_read(f->corpus, &corpus, &e), 0);
    document_text_read(&corpus, 0, &text);
    reading_open(&r, model_of_net(f, &n, &d));
    tagger_document_read(&r.document, r.words, text.tokens, text.n, text.ends,
                         text.n_ends);
    for (size_t i = 0; i < 20; i++)
        assert_true(largest_difference(&r, &n, &d, i) < 0.2F);
    reading_close(&r);
    document_text_fini(&text);
    corpus_fini(&corpus);
    net_data_fini(&d);
    net_fini(&n);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    struct str bytes[2];

    for (unsigned i = 0; i < 2; i++) {
        struct net_data d = {0};
        struct net n;

        learn(*state, 2, &n, &d);
        bytes[i] = net_pack(&n, &d, d.n_vectors, 2);
        net_data_fini(&d);
        net_fini(&n);
    }
    assert_true(str_eq(bytes[0], bytes[1]));
    free((char *)(uintptr_t)bytes[0].p);
    free((char *)(uintptr_t)bytes[1].p);
}

#define ON_DISK(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_the_same_bits_with_avx2),
        cmocka_unit_test(layers_are_the_same_bits_with_avx2),
        cmocka_unit_test(scores_are_the_same_bits_with_avx2),
        ON_DISK(scores_do_not_depend_on_pieces_or_processor),
        ON_DISK(who_is_not_asked_for_changes_nobody_else),
        ON_DISK(tokens_near_capitals_score_as_if_all_were_looked_at),
        ON_DISK(a_model_without_a_network_says_so),
        ON_DISK(sections_that_do_not_fit_their_sizes_are_refused),
        ON_DISK(names_are_told_apart_by_what_stands_beside_them),
        ON_DISK(integers_score_as_floats_do),
        ON_DISK(the_same_seed_gives_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
