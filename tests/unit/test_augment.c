/* Sentences as others would write them: names stay names when their tokens are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "augment.h"
#include "examples.h"
#include "tagger/labels.h"
#include "toymodel.h"

struct kit {
    struct model *model;
    struct words *words;
    char *path, *text;
};

static int open_kit(void **state)
{
    struct kit *k = mem_new(sizeof *k);
    struct err e;

    k->path = toy_model();
    k->text = toy_path("augment");
    toy_must(model_open(k->path, &k->model, &e), &e);
    toy_must(words_open(k->model, 0, NULL, NULL, &k->words, &e), &e);
    *state = k;
    return 0;
}

static int close_kit(void **state)
{
    struct kit *k = *state;

    words_close(k->words);
    model_close(k->model);
    unlink(k->path);
    unlink(k->text);
    free(k->path);
    free(k->text);
    free(k);
    return 0;
}

static bool has_token(const struct corpus *c, const struct corpus_sentence *s,
                      const char *t)
{
    for (uint32_t i = s->from; i < s->to; i++)
        if (str_eq(c->tokens[i].text, str_of(t)))
            return true;
    return false;
}

/* The labels of the copy that has a token that only cutting makes: as "token/label …". */
static void read_cut(struct kit *k, const char *lines, const char *part, char ret[256])
{
    struct corpus c, more;
    struct err e;
    FILE *f = fopen(k->text, "w");

    assert_non_null(f);
    for (int i = 0; i < 50; i++)
        fprintf(f, "%s\n", lines);
    fclose(f);
    toy_must(corpus_read(k->text, &c, &e), &e);
    augment(&c, k->words, 0.25, 1, &more);
    ret[0] = 0;
    for (size_t s = 0; s < more.n_sentences && ret[0] == 0; s++) {
        const struct corpus_sentence *at = &more.sentences[s];
        size_t n = 0;

        if (!has_token(&more, at, part))
            continue;
        for (uint32_t i = at->from; i < at->to; i++)
            n +=
                (size_t)snprintf(ret + n, 256 - n, "%.*s/%u ", (int)more.tokens[i].text.n,
                                 more.tokens[i].text.p, more.tokens[i].label);
    }
    corpus_fini(&more);
    corpus_fini(&c);
}

static void check_cut(struct kit *k, const char *lines, const char *part,
                      const char *wanted)
{
    char got[256];

    read_cut(k, lines, part, got);
    assert_string_equal(got, wanted);
}

#define O   "/0 "
#define PER "/1 "
#define PE2 "/2 "
#define LOC "/5 "
#define LO2 "/6 "
#define ANY "/11 "

static void labels_are_numbered_as_the_test_thinks(void **state)
{
    (void)state;
    assert_int_equal(LABEL_O, 0);
    assert_int_equal(label_inside(ENTITY_PER), 2);
    assert_int_equal(label_inside(ENTITY_LOC), 6);
    assert_int_equal(LABEL_ANY, 11);
}

static void names_with_hyphens_stay_one(void **state)
{
    check_cut(*state, "Lau\tB-PER\nSuk-han\tI-PER\nleft\tO\n", "han",
              "Lau" PER "Suk" PE2 "-" PE2 "han" PE2 "left" O);
    check_cut(*state, "in\tO\nBanpo-dong\tB-LOC\n", "dong",
              "in" O "Banpo" LOC "-" LO2 "dong" LO2);
}

static void pairs_of_places_and_halves_of_words_are_left_open(void **state)
{
    check_cut(*state, "the\tO\nChad-Sudan\tB-LOC\nborder\tO\n", "Sudan",
              "the" O "Chad" ANY "-" ANY "Sudan" ANY "border" O);
    check_cut(*state, "U.S.-led\tO\ntroops\tO\n", "led",
              "U.S." ANY "-" O "led" O "troops" O);
}

static void dots_of_abbreviations_belong_to_the_name(void **state)
{
    check_cut(*state, "Memphis\tB-LOC\n,\tO\nTenn.\tB-LOC\nMr.\tO\n", "Tenn",
              "Memphis" LOC "," O "Tenn" LOC "." LO2 "Mr." O);
}

static void what_has_nothing_to_cut_has_no_such_copy(void **state)
{
    char got[256];

    read_cut(*state, "Ana\tB-PER\nleft\tO\nat\tO\n9-\tO\n.\tO\n", "-", got);
    assert_string_equal(got, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_numbered_as_the_test_thinks),
        cmocka_unit_test(names_with_hyphens_stay_one),
        cmocka_unit_test(pairs_of_places_and_halves_of_words_are_left_open),
        cmocka_unit_test(dots_of_abbreviations_belong_to_the_name),
        cmocka_unit_test(what_has_nothing_to_cut_has_no_such_copy),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
