/* The tagger on a model that the test trains: names, the same everywhere, any input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tagger/tagger.h"
#include "augment.h"
#include "toymodel.h"

struct kit {
    char *path;
    struct tagger *tagger;
};

static int open_kit(void **state)
{
    struct kit *k = mem_new(sizeof *k);
    struct err e;

    k->path = toy_model();
    toy_must(tagger_open(k->path, TAGGER_FAST, &k->tagger, &e), &e);
    *state = k;
    return 0;
}

static int close_kit(void **state)
{
    struct kit *k = *state;

    tagger_close(k->tagger);
    unlink(k->path);
    free(k->path);
    free(k);
    return 0;
}

/* Words between single spaces. */
static size_t split(const char *text, struct str *ret)
{
    struct str rest = str_of(text);
    size_t n = 0;

    while (rest.p != NULL)
        ret[n++] = str_cut(&rest, ' ');
    return n;
}

static void check_order(const struct name_span *s, size_t n, size_t tokens)
{
    for (size_t i = 0; i < n; i++) {
        assert_true(s[i].from < s[i].to && s[i].to <= tokens);
        assert_true(i == 0 || s[i - 1].to <= s[i].from);
        assert_true(s[i].score >= 0 && s[i].score <= 1);
        assert_true(s[i].type <= ENTITY_MISC && s[i].subtype < SUBTYPES);
    }
}

/* ---- names ---- */

static void tagger_finds_names_like_those_it_learned_from(void **state)
{
    struct kit *k = *state;
    struct str tokens[32];
    size_t n = split("Hugo Sato of Amora saw Rolf Berg in Vesk .", tokens);
    uint32_t end = (uint32_t)n;
    const struct name_span *s;

    assert_int_equal(tagger_run(k->tagger, tokens, n, &end, 1, &s), 4);

    assert_int_equal(s[0].from, 0);
    assert_int_equal(s[0].to, 2);
    assert_int_equal(s[0].type, ENTITY_PER);
    assert_int_equal(s[0].subtype, SUBTYPE_NONE);
    assert_true(s[0].score > 0.5F);
    assert_int_equal(s[1].type, ENTITY_LOC);
    assert_int_equal(s[1].subtype, SUBTYPE_GPE);
    assert_int_equal(s[2].from, 5);
    assert_int_equal(s[2].to, 7);
    assert_int_equal(s[2].type, ENTITY_PER);
    assert_int_equal(s[3].type, ENTITY_LOC);
}

static void tagger_tells_subtypes_by_the_words_of_a_name(void **state)
{
    struct kit *k = *state;
    struct str tokens[32];
    size_t n = split("The Pell Party won the Vesk River vote .", tokens);
    uint32_t end = (uint32_t)n;
    const struct name_span *s;

    assert_int_equal(tagger_run(k->tagger, tokens, n, &end, 1, &s), 2);

    assert_int_equal(s[0].type, ENTITY_ORG);
    assert_int_equal(s[1].type, ENTITY_LOC);
    assert_int_equal(s[1].subtype, SUBTYPE_LOC);
}

static void a_word_is_doubted_that_the_text_calls_otherwise_elsewhere(void **state)
{
    struct kit *k = *state;
    struct str tokens[64];
    size_t n = split("in Quorr left . Ana Quorr of Dorin met Hugo Quorr in Vesk . Gina "
                     "Quorr of Pell saw Ana Bolt in Lurat .",
                     tokens);
    uint32_t ends[] = {4, 14, 24};
    const struct name_span *s;
    float alone;

    assert_true(tagger_run(k->tagger, tokens, 4, ends, 1, &s) == 1);
    assert_int_equal(s[0].type, ENTITY_LOC);
    alone = s[0].score;

    assert_true(tagger_run(k->tagger, tokens, n, ends, 3, &s) > 1);
    assert_true(s[0].from != 1 || s[0].type != ENTITY_LOC || s[0].score < alone);
}

static void names_do_not_cross_the_ends_of_sentences(void **state)
{
    struct kit *k = *state;
    struct str tokens[32];
    size_t n = split("Ana Bolt met Hugo Sato of Vesk", tokens);
    uint32_t ends[] = {4, 7};
    const struct name_span *s;
    size_t found = tagger_run(k->tagger, tokens, n, ends, 2, &s);

    check_order(s, found, n);
    for (size_t i = 0; i < found; i++)
        assert_false(s[i].from < 4 && s[i].to > 4);
}

static void tokens_behind_the_last_end_are_read_too(void **state)
{
    struct kit *k = *state;
    struct str tokens[32];
    size_t n = split("Ana Bolt met Hugo Sato in Vesk .", tokens);
    const struct name_span *s;

    assert_int_equal(tagger_run(k->tagger, tokens, n, NULL, 0, &s), 3);
    assert_int_equal(s[2].from, 6);
}

static void tagger_says_what_the_model_is(void **state)
{
    struct kit *k = *state;
    const struct model_about *about = tagger_about(k->tagger);

    assert_true(str_eq(about->name, STR("toy")));
    assert_true(str_eq(about->version, STR("7")));
    assert_true(str_eq(about->language, STR("en")));
    assert_int_equal(strncmp(about->sha256, "sha256:", 7), 0);
    assert_int_equal(strlen(about->sha256), 7 + 64);
}

/* ---- the same everywhere ---- */

static size_t any_tokens(struct chance *c, struct str *tokens, size_t n)
{
    static const char *const words[] = {
        "Ana",    "Bolt",   "of",     "Dorin", "the",      "River", "Party",  ",",
        ".",      "(",      ")",      "said",  "IN",       "U.N.",  "al-Din", "2024",
        "“",      "Müller", "Москва", "東京",  "\xFF\xFE", "",      "'s",     "-",
        "McFane", "vote",   "Lurat",  "SATO",  "🙂",     "x1"};

    for (size_t i = 0; i < n; i++)
        tokens[i] = str_of(words[chance_next(c) % ARRAY_LEN(words)]);
    return n;
}

static void names_and_scores_are_the_same_without_avx2(void **state)
{
    struct kit *k = *state;
    struct chance c = chance_of(3);
    struct tagger *portable;
    struct err e;

    toy_must(tagger_open(k->path, TAGGER_FAST, &portable, &e), &e);
    tagger_be_portable(portable);
    for (int round = 0; round < 300; round++) {
        struct str tokens[300];
        size_t n = any_tokens(&c, tokens, 1 + chance_next(&c) % 300), found;
        uint32_t end = (uint32_t)(n / 2);
        const struct name_span *a, *b;

        found = tagger_run(k->tagger, tokens, n, &end, 1, &a);
        assert_int_equal(tagger_run(portable, tokens, n, &end, 1, &b), found);
        check_order(a, found, n);
        for (size_t i = 0; i < found; i++) {
            assert_int_equal(a[i].from, b[i].from);
            assert_int_equal(a[i].to, b[i].to);
            assert_int_equal(a[i].type, b[i].type);
            assert_int_equal(a[i].subtype, b[i].subtype);
            assert_memory_equal(&a[i].score, &b[i].score, sizeof a[i].score);
        }
    }
    tagger_close(portable);
}

static void names_do_not_depend_on_what_was_read_before(void **state)
{
    struct kit *k = *state;
    struct chance c = chance_of(4);
    struct str *many = mem_new_array(120000, sizeof *many), tokens[32];
    char *names = mem_new(120000 * 8);
    size_t n = split("Hugo Sato of Amora saw Rolf Berg in Vesk .", tokens), found;
    const struct name_span *s;
    struct name_span before[8];

    found = tagger_run(k->tagger, tokens, n, NULL, 0, &s);
    assert_true(found <= 8);
    memcpy(before, s, found * sizeof *s);
    for (size_t i = 0; i < 120000; i++) {
        many[i] = (struct str){names + i * 8, 7};
        (void)snprintf(names + i * 8, 8, "W%06x", chance_next(&c) & 0xFFFFFF);
    }
    for (int i = 0; i < 3; i++) /* more words than are kept */
        (void)tagger_run(k->tagger, many, 120000, NULL, 0, &s);

    assert_int_equal(tagger_run(k->tagger, tokens, n, NULL, 0, &s), found);
    assert_memory_equal(before, s, found * sizeof *s);
    free(many);
    free(names);
}

static void training_again_gives_the_same_bytes(void **state)
{
    struct parts a, b;

    (void)state;
    toy_parts(&a, 3);
    toy_parts(&b, 3);

    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++) {
        assert_string_equal(a.list[i].name, b.list[i].name);
        assert_true(str_eq(a.list[i].bytes, b.list[i].bytes));
    }
    parts_fini(&a);
    parts_fini(&b);
}

/* ---- any input ---- */

static void no_tokens_have_no_names(void **state)
{
    struct kit *k = *state;
    uint32_t ends[] = {0, 0, 0};
    const struct name_span *s;

    assert_int_equal(tagger_run(k->tagger, NULL, 0, NULL, 0, &s), 0);
    assert_int_equal(tagger_run(k->tagger, NULL, 0, ends, 3, &s), 0);
}

static void ends_that_make_no_sense_are_put_right(void **state)
{
    struct kit *k = *state;
    struct str tokens[32];
    size_t n = split("Ana Bolt met Hugo Sato in Vesk .", tokens);
    uint32_t ends[] = {3, 1, 3, 99, UINT32_MAX};
    const struct name_span *s;
    size_t found = tagger_run(k->tagger, tokens, n, ends, 5, &s);

    check_order(s, found, n);
}

static void a_token_of_a_million_bytes_is_read(void **state)
{
    struct kit *k = *state;
    char *bytes = mem_new(1 << 20);
    struct str tokens[3] = {STR("Ana"), {bytes, 1 << 20}, STR("met")};
    const struct name_span *s;
    size_t found;

    memset(bytes, 'A', 1 << 20);
    found = tagger_run(k->tagger, tokens, 3, NULL, 0, &s);
    check_order(s, found, 3);
    free(bytes);
}

static void bytes_that_are_no_text_are_read(void **state)
{
    static const char *const odd[] = {"\xFF",         "\xC3",  "\xE2\x80", "\xF0\x9F\x99",
                                      "\xED\xA0\x80", "A\xCC", "\x80Z",    "\xC0\x80"};
    struct kit *k = *state;
    struct str tokens[ARRAY_LEN(odd) + 1];
    const struct name_span *s;
    size_t found;

    for (size_t i = 0; i < ARRAY_LEN(odd); i++)
        tokens[i] = str_of(odd[i]);
    tokens[ARRAY_LEN(odd)] = (struct str){"A\0B", 3};

    found = tagger_run(k->tagger, tokens, ARRAY_LEN(tokens), NULL, 0, &s);
    check_order(s, found, ARRAY_LEN(tokens));
}

static void a_sentence_of_many_names_is_read_to_its_end(void **state)
{
    enum { N = 100000 };
    struct kit *k = *state;
    struct str *tokens = mem_new_array(N, sizeof *tokens), name[10];
    size_t n = split("Ana Bolt of Dorin met Hugo Sato in Vesk ,", name), found;
    const struct name_span *s;

    for (size_t i = 0; i < N; i++)
        tokens[i] = name[i % n];
    found = tagger_run(k->tagger, tokens, N, NULL, 0, &s);

    check_order(s, found, N);
    assert_true(found > N / 10 * 3);
    for (size_t i = 0; i < N; i++)
        tokens[i] = STR("Ana");
    found = tagger_run(k->tagger, tokens, N, NULL, 0, &s);
    check_order(s, found, N);
    free(tokens);
}

/* ---- models that do not fit ---- */

static void expect_no(const char *path, enum tagger_mode mode, const char *says)
{
    struct tagger *t = NULL;
    struct err e = {0};

    assert_true(tagger_open(path, mode, &t, &e) < 0);
    assert_null(t);
    if (strstr(e.text, says) == NULL || strstr(e.text, path) == NULL)
        fail_msg("'%s' does not say '%s'", e.text, says);
}

static void a_model_without_a_network_is_not_for_accurate(void **state)
{
    struct kit *k = *state;

    expect_no(k->path, TAGGER_ACCURATE, "section 'network' is missing");
}

static void a_model_without_a_section_is_told(void **state)
{
    static const char *const needed[] = {"crf",   "transitions", "words",
                                         "lists", "gazetteer",   "classes"};
    char *path = toy_path("part");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        struct parts p, some = {.head = {"toy", "7", "en"}};
        char says[64];
        struct err e;

        toy_parts(&p, 1);
        for (size_t k = 0; k < p.n; k++)
            if (strcmp(p.list[k].name, needed[i]) != 0)
                some.list[some.n++] = p.list[k];
        toy_must(parts_write(&some, path, &e), &e);
        (void)snprintf(says, sizeof says, "section '%s' is missing", needed[i]);
        expect_no(path, TAGGER_FAST, says);
        parts_fini(&p);
    }
    unlink(path);
    free(path);
}

static void a_section_that_is_cut_off_is_told(void **state)
{
    static const char *const cut[] = {"crf", "transitions", "words", "subtypes"};
    char *path = toy_path("cut");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cut); i++) {
        struct parts p;
        char says[64];
        struct err e;

        toy_parts(&p, 1);
        for (size_t k = 0; k < p.n; k++)
            if (strcmp(p.list[k].name, cut[i]) == 0)
                p.list[k].bytes.n -= 8;
        toy_must(parts_write(&p, path, &e), &e);
        (void)snprintf(says, sizeof says, "section '%s'", cut[i]);
        expect_no(path, TAGGER_FAST, says);
        parts_fini(&p);
    }
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tagger_finds_names_like_those_it_learned_from),
        cmocka_unit_test(tagger_tells_subtypes_by_the_words_of_a_name),
        cmocka_unit_test(a_word_is_doubted_that_the_text_calls_otherwise_elsewhere),
        cmocka_unit_test(names_do_not_cross_the_ends_of_sentences),
        cmocka_unit_test(tokens_behind_the_last_end_are_read_too),
        cmocka_unit_test(tagger_says_what_the_model_is),
        cmocka_unit_test(names_and_scores_are_the_same_without_avx2),
        cmocka_unit_test(names_do_not_depend_on_what_was_read_before),
        cmocka_unit_test(training_again_gives_the_same_bytes),
        cmocka_unit_test(no_tokens_have_no_names),
        cmocka_unit_test(ends_that_make_no_sense_are_put_right),
        cmocka_unit_test(a_token_of_a_million_bytes_is_read),
        cmocka_unit_test(bytes_that_are_no_text_are_read),
        cmocka_unit_test(a_sentence_of_many_names_is_read_to_its_end),
        cmocka_unit_test(a_model_without_a_network_is_not_for_accurate),
        cmocka_unit_test(a_model_without_a_section_is_told),
        cmocka_unit_test(a_section_that_is_cut_off_is_told),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
