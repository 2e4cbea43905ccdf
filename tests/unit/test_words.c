/* The forms of tokens: what is the same, how it is written, what is looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "newsmq/str.h"

#include "../../workers/tagger/attributes.h"

static struct word read_form(struct str token)
{
    char plain[FORM_BYTES_MAX], small[FORM_BYTES_MAX];
    struct word w = {.exact = 0};

    (void)form_read(form_plain(token, plain), &w, small);
    return w;
}

static void capitals_of_a_token_are_told_apart(void **state)
{
    static const struct {
        const char *token;
        enum word_case is;
    } rows[] = {
        {"vote", CASE_SMALL},   {"Ana", CASE_FIRST},   {"A", CASE_FIRST},
        {"UN", CASE_ALL},       {"U.N.", CASE_ALL},    {"McFane", CASE_MIXED},
        {"iPhone", CASE_MIXED}, {"2024", CASE_DIGITS}, {"3.5", CASE_DIGITS},
        {"...", CASE_MARKS},    {"g7", CASE_ALNUM},    {"G7", CASE_FIRST},
        {"Élan", CASE_FIRST},   {"élan", CASE_SMALL},  {"ÉLAN", CASE_ALL},
        {"Москва", CASE_FIRST}, {"東京", CASE_SMALL},  {"\xFF", CASE_MARKS},
        {"🙂", CASE_MARKS},   {"", CASE_MARKS},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (read_form(str_of(rows[i].token)).is != rows[i].is)
            fail_msg("'%s' is %d", rows[i].token, read_form(str_of(rows[i].token)).is);
}

static void marks_that_mean_the_same_are_one(void **state)
{
    static const struct {
        const char *a, *b;
    } rows[] = {
        {"“", "\""},
        {"”", "\""},
        {"``", "\""},
        {"''", "\""},
        {"’s", "'s"},
        {"n’t", "n't"},
        {"—", "--"},
        {"–", "--"},
        {"…", "..."},
        {"O’Neil", "O'Neil"},
        {"re\xC2\xADport", "report"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct word a = read_form(str_of(rows[i].a)), b = read_form(str_of(rows[i].b));

        if (a.exact != b.exact || a.small != b.small || a.shape != b.shape)
            fail_msg("'%s' is not as '%s'", rows[i].a, rows[i].b);
    }
}

static void small_form_has_no_capitals_and_one_digit(void **state)
{
    (void)state;

    assert_true(read_form(STR("ÉLAN")).small == read_form(STR("élan")).small);
    assert_true(read_form(STR("G7")).small == read_form(STR("g8")).small);
    assert_true(read_form(STR("G7")).exact != read_form(STR("G8")).exact);
    assert_true(word_key(STR("G7")) != word_key(STR("G8")));
    assert_true(word_key(STR("Paris")) == word_key(STR("PARIS")));
}

static void beginnings_and_ends_are_of_longer_words(void **state)
{
    struct word w = read_form(STR("abcd")), hyphen = read_form(STR("ab-cd"));

    (void)state;

    assert_true(w.prefix[2] != 0 && w.suffix[2] != 0);
    assert_true(w.prefix[3] == 0 && w.suffix[3] == 0);
    assert_true(w.front == 0 && w.behind == 0);
    assert_true(hyphen.front != 0 && hyphen.behind != 0);
    assert_true(read_form(STR("-cd")).front == 0);
}

static void small_letters_stop_at_the_room_there_is(void **state)
{
    char out[5];

    (void)state;

    assert_int_equal(word_small(STR("ABÉÉÉ"), out, sizeof out), 4);
    assert_memory_equal(out, "ab\xC3\xA9", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_of_a_token_are_told_apart),
        cmocka_unit_test(marks_that_mean_the_same_are_one),
        cmocka_unit_test(small_form_has_no_capitals_and_one_digit),
        cmocka_unit_test(beginnings_and_ends_are_of_longer_words),
        cmocka_unit_test(small_letters_stop_at_the_room_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
