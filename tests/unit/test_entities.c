#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "extract_kit.h"
#include "newsmq/text.h"

static struct kit kit;

static int open_kit(void **state)
{
    static const char *const names[] = {"language", "entities", NULL};

    (void)state;
    kit_open(&kit, names);
    return 0;
}

static int close_kit(void **state)
{
    (void)state;
    kit_close(&kit);
    return 0;
}

/* Each part of `expected` (cut at '|') is among the entities; a part that begins with '!'
   is a name that no entity has. */
static void assert_entities(const char *title, const char *text, const char *expected)
{
    struct str rest = str_of(expected);
    char *found;

    kit_run(&kit, title, text);
    assert_int_equal(kit.result.status, NLP_OK);
    found = kit_entities(&kit);
    while (rest.p != NULL) {
        struct str part = str_cut(&rest, '|');
        struct strbuf bars = {.max = 1000}, all = {.max = 1 << 20};
        bool absent = part.p[0] == '!', there;

        (void)strbuf_addf(&all, "|%s|", found);
        if (absent)
            part = str_slice(part, 1, part.n);
        (void)strbuf_addf(&bars, absent ? STR_FMT : "|" STR_FMT "|", STR_ARG(part));
        there = str_find(strbuf_str(&all), strbuf_str(&bars), 0) != SIZE_MAX;
        if (there == absent)
            fail_msg("%s'" STR_FMT "' in: %s\nof: %s", absent ? "there is " : "no ",
                     STR_ARG(part), found, text);
        strbuf_fini(&bars);
        strbuf_fini(&all);
    }
    free(found);
}

static void a_surname_is_the_person_named_in_full(void **state)
{
    (void)state;
    assert_entities(NULL,
                    "The director, Jehangir Khan, spoke in Brussels. Mr. Khan said that "
                    "Khan was his name.",
                    "PER Jehangir Khan (Khan) x3|LOC/GPE Brussels x1");
    assert_entities(NULL,
                    "Maria Okonkwo met Peter Okonkwo in Lagos. Peter Okonkwo smiled and "
                    "Okonkwo left.",
                    "PER Maria Okonkwo x1|PER Peter Okonkwo (Okonkwo) x3");
}

static void a_surname_in_the_title_is_the_person_of_the_text(void **state)
{
    (void)state;
    assert_entities(
        "Guterres calls for peace",
        "United Nations Secretary-General Antonio Guterres called for peace on "
        "Monday.",
        "PER Antonio Guterres (Guterres) x2|ORG United Nations x1");
}

static void an_acronym_in_parentheses_is_its_long_form(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "The Counter-Terrorism Implementation Task Force (CTITF) met on Friday. "
        "CTITF officials said little.",
        "ORG Counter-Terrorism Implementation Task Force (CTITF) x3");
    assert_entities(
        NULL,
        "The United Nations Counter-Terrorism Centre (UNCCT) is in New York. The "
        "Centre (UNCCT) was set up by the UN.",
        "ORG United Nations Counter-Terrorism Centre (UNCCT, Centre) x4");
    assert_entities(
        NULL,
        "A report by the ZKMA (Zembla Kinetic Motor Agency) was late. The ZKMA "
        "apologised.",
        "ORG Zembla Kinetic Motor Agency (ZKMA) x3");
}

static void a_short_form_after_the_is_the_body_whose_name_ends_so(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "The Zembla Fisheries Commission voted on Monday. Later the Commission "
        "said that the Zembla Fisheries Commission was right.",
        "ORG Zembla Fisheries Commission (Commission) x3");
}

static void what_the_lists_know_by_several_names_is_one_thing(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "The UN sent aid. The United Nations said that the U.N. would stay in the "
        "U.S. and that the United States agreed.",
        "ORG United Nations (UN, U.N.) x3|LOC/GPE United States (U.S.) x2");
}

static void a_place_is_called_as_the_text_calls_it_unless_by_letters(void **state)
{
    (void)state;
    assert_entities(NULL,
                    "The ship sailed from Gothenburg on Monday. In Geneva the UN and the "
                    "U.S. were told.",
                    "LOC/GPE Gothenburg x1|LOC/GPE Geneva x1|"
                    "LOC/GPE United States (U.S.) x1|ORG United Nations (UN) x1");
}

static void peoples_laws_and_events_have_their_kind(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "Most of the victims are Muslims in the Middle East, says the Universal "
        "Declaration of Human Rights. After World War II the Kenyan team won "
        "the World Cup.",
        "MISC/NORP Muslims x1|LOC/LOC Middle East x1|EVENT World War II x1|"
        "MISC/LAW Universal Declaration of Human Rights x1|EVENT World Cup x1|"
        "MISC/NORP Kenyan x1");
}

static void the_first_word_of_a_sentence_is_not_a_name_for_its_capital(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "Yesterday was cold. Prevention is better. However, nobody came. Markets "
        "fell in London.",
        "LOC/GPE London x1|!Yesterday|!Prevention|!However|!Markets");
}

static void a_headline_in_capitals_is_not_one_long_name(void **state)
{
    (void)state;
    assert_entities("MINISTER QUITS AFTER FLOODS IN NAIROBI",
                    "The minister quit in Nairobi.",
                    "LOC/GPE Nairobi (NAIROBI) x2|!MINISTER|!FLOODS");
    assert_entities("Minister Quits After Heavy Floods Hit Nairobi Suburbs",
                    "The minister quit in Nairobi.", "!Minister|!Quits|!Floods");
}

static void months_and_titles_are_no_names(void **state)
{
    (void)state;
    assert_entities(NULL, "In December the President and Dr. Amina Yusuf met on Tuesday.",
                    "PER Amina Yusuf x1|!December|!President|!Tuesday|!Dr");
}

static void a_text_is_about_who_runs_through_it(void **state)
{
    (void)state;
    kit_run(&kit, NULL,
            "Brussels was quiet.\n\nJehangir Khan spoke. Mr. Khan left, and Khan came "
            "back. Then Khan sat down.");
    for (size_t i = 0; i < kit.result.n_entities; i++) {
        const struct entity *en = &kit.result.entities[i];

        if (en->type == ENTITY_PER)
            assert_true(en->is_about);
    }
    assert_int_equal(kit.result.n_entities, 2);
}

static void what_a_text_is_about_stands_first(void **state)
{
    const struct entity *first;

    (void)state;
    assert_entities(
        "Nairobi floods grow",
        "Floods in Nairobi grew. Nairobi is wet, and Nairobi is cold.\n\nPeople in "
        "Berlin watched.",
        "LOC/GPE Nairobi x4|LOC/GPE Berlin x1");
    first = &kit.result.entities[0];
    assert_true(str_eq(first->name, STR("Nairobi")));
    assert_true(first->is_about && !kit.result.entities[1].is_about);
    assert_true(first->salience > kit.result.entities[1].salience);
    assert_true(first->salience <= 1 && kit.result.entities[1].salience >= 0);
    assert_true(first->score > 0 && first->score <= 1);
}

static void other_languages_give_places_and_bodies_that_are_known(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "Die Minister sagten am Montag in Berlin, dass die NATO und die Europäische "
        "Union nicht für das neue Gesetz sind. Der Regen war stark.",
        "LOC/GPE Berlin x1|ORG NATO x1|!Minister|!Regen|!Montag|!Gesetz");
    assert_true(str_eq(kit.result.runs[1].model, STR("places")));
}

static void spans_are_whole_characters_of_the_text(void **state)
{
    (void)state;
    kit_run(&kit, "Ñusta Ángel in Málaga",
            "“Zoë Müller–Lüdenscheidt” met Óscar Iván Tobón (日本) in São Paulo… – said "
            "Łukasz Żółć of the Świętokrzyskie Agency (ŚA).");
    assert_true(kit.result.n_entities >= 3);
    for (size_t i = 0; i < kit.result.n_entities; i++) {
        const struct entity *en = &kit.result.entities[i];

        for (size_t k = 0; k < en->n_mentions; k++)
            assert_true(utf8_is_valid(kit_text(&kit, en->mentions[k].span)));
    }
}

static void an_article_seen_before_gives_the_same_again(void **state)
{
    static const char text[] =
        "Jehangir Khan of the United Nations (UN) spoke. Khan left.";
    char *first, *second;

    (void)state;
    kit_run(&kit, "A", text);
    first = kit_entities(&kit);
    kit_run(&kit, "Something Else Entirely About Berlin", "Boris Example lives in Rome.");
    kit_run(&kit, "A", text);
    second = kit_entities(&kit);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static const char *const unfriendly[] = {
    "A. ",
    "(",
    "THE UNITED NATIONS OF KHAN ",
    "A",
    "(AB)",
    "Aa (AA) ",
    "Aa Ab of the ",
    "O'",
    "\"",
    "\xCC\x81",
    "“He” said Xx. ",
    "J. ",
    "Mr. ",
    "\xFF",
    "Xx's ",
};

/* A megabyte of each: the work must grow with the text and not faster, or this would not
   end before the test's time is over. */
static void long_runs_of_anything_are_read_in_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unfriendly); i++) {
        struct strbuf text = {.max = 1 << 21};

        while (text.n < 1 << 20)
            assert_int_equal(strbuf_add_text(&text, unfriendly[i]), 0);
        kit_run(&kit, unfriendly[i], strbuf_cstr(&text));
        assert_int_equal(kit.result.status, NLP_OK);
        strbuf_fini(&text);
    }
}

static void types_that_are_not_wanted_are_left_out(void **state)
{
    static char name[] = "entities", per[] = "PER", wrong[] = "PERSON";
    char *types[] = {per};
    struct config_extractor c = {.name = name, .types = types, .n_types = 1};
    struct item it = {.content_text = STR_INIT("Jehangir Khan lives in Rome.")};
    struct result r = {0};
    struct chain *chain = NULL;
    struct err e;

    (void)state;
    assert_int_equal(chain_open(&c, 1, &chain, &e), 0);
    chain_run(chain, &it, &r);
    assert_int_equal(r.n_entities, 1);
    assert_int_equal(r.entities[0].type, ENTITY_PER);
    chain_close(chain);
    result_fini(&r);
    types[0] = wrong;
    assert_int_equal(chain_open(&c, 1, &chain, &e), ERR_CONFIG);
    assert_string_equal(e.text,
                        "extractor 'entities': no type 'PERSON'; types are PER, ORG, "
                        "LOC, EVENT and MISC");
}

static void missing_data_is_an_error_that_says_where_it_was_looked_for(void **state)
{
    static char name[] = "entities";
    struct config_extractor c = {.name = name};
    struct chain *chain = NULL;
    struct err e;

    (void)state;
    assert_int_equal(setenv("NEWSMQ_DATA", "/nonexistent", 1), 0);
    assert_int_equal(chain_open(&c, 1, &chain, &e), -ENOENT);
    assert_int_equal(unsetenv("NEWSMQ_DATA"), 0);
    assert_non_null(strstr(e.text, "no gazetteer/names.txt in $NEWSMQ_DATA"));
    assert_non_null(strstr(e.text, "share/newsmq"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_surname_is_the_person_named_in_full),
        cmocka_unit_test(a_surname_in_the_title_is_the_person_of_the_text),
        cmocka_unit_test(an_acronym_in_parentheses_is_its_long_form),
        cmocka_unit_test(a_short_form_after_the_is_the_body_whose_name_ends_so),
        cmocka_unit_test(what_the_lists_know_by_several_names_is_one_thing),
        cmocka_unit_test(a_place_is_called_as_the_text_calls_it_unless_by_letters),
        cmocka_unit_test(peoples_laws_and_events_have_their_kind),
        cmocka_unit_test(the_first_word_of_a_sentence_is_not_a_name_for_its_capital),
        cmocka_unit_test(a_headline_in_capitals_is_not_one_long_name),
        cmocka_unit_test(months_and_titles_are_no_names),
        cmocka_unit_test(what_a_text_is_about_stands_first),
        cmocka_unit_test(a_text_is_about_who_runs_through_it),
        cmocka_unit_test(other_languages_give_places_and_bodies_that_are_known),
        cmocka_unit_test(spans_are_whole_characters_of_the_text),
        cmocka_unit_test(an_article_seen_before_gives_the_same_again),
        cmocka_unit_test(long_runs_of_anything_are_read_in_time),
        cmocka_unit_test(types_that_are_not_wanted_are_left_out),
        cmocka_unit_test(missing_data_is_an_error_that_says_where_it_was_looked_for),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
