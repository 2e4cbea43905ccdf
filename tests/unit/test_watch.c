#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/mem.h"
#include "newsmq/watch.h"

struct finds {
    struct str text;
    struct strbuf all; /* "|find|find" */
    size_t n_all;
};

static void note(void *ctx, const struct watch_hit *hit)
{
    struct finds *f = ctx;

    assert_true(hit->start < hit->end && hit->end <= f->text.n);
    f->n_all += hit->is_all;
    (void)strbuf_addf(&f->all, "|" STR_FMT,
                      STR_ARG(str_slice(f->text, hit->start, hit->end)));
}

/* What one query finds in a text. */
static char *finds(const char *query, const char *text)
{
    struct watch *w = watch_new();
    struct finds f = {.text = str_of(text), .all = {.max = 10000}};
    struct tokens t = {0};
    struct err e = {0};

    if (watch_add(w, str_of(query), 7, &e) < 0)
        fail_msg("%s: %s", query, e.text);
    tokens_read(&t, f.text);
    watch_find(w, &t, note, &f);
    tokens_fini(&t);
    watch_free(w);
    return f.all.p != NULL ? strbuf_take(&f.all) : mem_strdup("");
}

struct row {
    const char *query, *text, *expected;
};

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *found = finds(rows[i].query, rows[i].text);

        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("'%s' in '%s': found '%s', not '%s'", rows[i].query, rows[i].text,
                     found, rows[i].expected);
        free(found);
    }
}

static void words_are_found_whole_and_in_any_case(void **state)
{
    static const struct row rows[] = {
        {"interpol", "Interpol said; INTERPOL's men, interpolated.",
         "|Interpol|INTERPOL"},
        {"Interpol", "an interpol office", "|interpol"},
        {"climate", "Climate-related (climate) #climate acclimate",
         "|Climate|climate|climate"},
        {"3", "3 of 30", "|3"},
        {"obrien", "O'Brien and O’Brien", "|O'Brien|O’Brien"},
        {"un", "The U.N. and the UN-led UNO", "|U.N.|UN"},
        {"word", "www.word.example/word word@example.org", ""},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void capitals_are_found_in_capitals_only(void **state)
{
    static const struct row rows[] = {
        {"WHO", "Who? The WHO, W.H.O. and who.", "|WHO|W.H.O."},
        {"US Navy", "us navy, US Navy, US navy", "|US Navy|US navy"},
        {"A", "a plan, A plan", "|a|A"},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void accents_count_where_the_query_has_them(void **state)
{
    static const struct row rows[] = {
        {"zurich", "Zürich, Zurich, ZÜRICH", "|Zürich|Zurich|ZÜRICH"},
        {"zürich", "Zürich, Zurich, Zu\xCC\x88rich", "|Zürich|Zu\xCC\x88rich"},
        {"schon", "schön schon", "|schön|schon"},
        {"schön*", "Schönheit Schonheit", "|Schönheit"},
        {"straße", "STRASSE Straße", "|STRASSE|Straße"},
        {"киев", "Киев, КИЕВ", "|Киев|КИЕВ"},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void phrases_stay_in_their_paragraph(void **state)
{
    static const struct row rows[] = {
        {"climate change", "Climate change, climate\nchange; climate, change.",
         "|Climate change|climate\nchange|climate, change"},
        {"climate change", "the climate\n\nchange", ""},
        {"climate change", "the climate\n\n“change”", ""},
        {"\"climate change\"", "climate change", "|climate change"},
        {"climate-change", "climate change", "|climate change"},
        {"change climate change", "climate change climate change change",
         "|change climate change"},
        {"a b c", "a b", ""},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void a_star_stands_for_the_rest_of_a_word(void **state)
{
    static const struct row rows[] = {
        {"attentat*", "Attentat, attentats; Attentäter, attentate",
         "|Attentat|attentats|Attentäter|attentate"},
        {"natur* reserv*", "nature reserves, natural reserve, nature",
         "|nature reserves|natural reserve"},
        {"nature reserv*", "natural reserve", ""},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void two_phrases_are_near_each_other_in_either_order(void **state)
{
    static const struct row rows[] = {
        {"UN ~3 Brussels", "the UN meets again in Brussels",
         "|UN meets again in Brussels"},
        {"UN ~2 Brussels", "the UN meets again in Brussels", ""},
        {"UN ~3 Brussels", "in Brussels, the UN", "|Brussels, the UN"},
        {"UN ~3 Brussels", "the UN.\n\nBrussels", ""},
        {"UN ~3 Brussels", "the UN. Brussels", "|UN. Brussels"},
        {"prime minister ~1 resign*", "the prime minister has resigned",
         "|prime minister has resigned"},
        {"UN ~9 Brussels", "UN UN Brussels UN", "|UN Brussels|Brussels UN"},
    };

    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void mistakes_are_told(void **state)
{
    static const struct {
        const char *query, *text;
    } rows[] = {
        {"", "no word"},
        {" !? ", "no word"},
        {"*", "two letters"},
        {"a*", "two letters"},
        {"at*at", "only at the"},
        {"~3 a", "missing beside"},
        {"a ~3", "missing beside"},
        {"a ~0 b", "from 1 to"},
        {"a ~ b", "from 1 to"},
        {"a ~99 b", "from 1 to"},
        {"a ~2 b ~2 c", "twice"},
        {"a b c d e f g h i j k l m n o p q", "more than 16"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e = {0};

        assert_int_equal(watch_check(str_of(rows[i].query), &e), ERR_FORMAT);
        if (strstr(e.text, rows[i].text) == NULL)
            fail_msg("'%s': %s", rows[i].query, e.text);
    }
    assert_int_equal(watch_check(STR("UN ~3 Brussels"), NULL), 0);
}

static void count(void *ctx, const struct watch_hit *hit)
{
    ((unsigned *)ctx)[hit->number]++;
}

static void a_thousand_queries_are_found_in_one_pass(void **state)
{
    static unsigned counts[1000];
    struct watch *w = watch_new();
    struct strbuf text = {.max = 1 << 20};
    struct tokens t = {0};
    char query[32];

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        (void)snprintf(query, sizeof query, "w%u x%u", i, i % 10);
        assert_int_equal(watch_add(w, str_of(query), i, NULL), 0);
        (void)strbuf_addf(&text, "w%u x%u ", i, i % 2 == 0 ? i % 10 : 99);
    }
    tokens_read(&t, strbuf_str(&text));
    watch_find(w, &t, count, counts);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(counts[i], i % 2 == 0);
    tokens_fini(&t);
    strbuf_fini(&text);
    watch_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_whole_and_in_any_case),
        cmocka_unit_test(capitals_are_found_in_capitals_only),
        cmocka_unit_test(accents_count_where_the_query_has_them),
        cmocka_unit_test(phrases_stay_in_their_paragraph),
        cmocka_unit_test(a_star_stands_for_the_rest_of_a_word),
        cmocka_unit_test(two_phrases_are_near_each_other_in_either_order),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(a_thousand_queries_are_found_in_one_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
