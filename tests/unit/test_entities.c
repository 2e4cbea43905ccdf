#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include <unistd.h>

#include "extract_kit.h"
#include "newsmq/os.h"
#include "newsmq/text.h"

static struct kit kit;

static int open_kit(void **state)
{
    static const char *const names[] = {"entities", "acronyms", "aliases", "quotes",
                                        NULL};

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

static void names_have_their_type_and_kind(void **state)
{
    (void)state;
    assert_entities("Nairobi floods grow",
                    "Floods in Nairobi grew on Monday, officials in Kenya said.",
                    "LOC/GPE Nairobi x2|LOC/GPE Kenya x1|!Floods|!Monday");
    assert_entities(NULL,
                    "The director, Jehangir Khan, spoke in Brussels. Mr. Khan said that "
                    "Khan was his name.",
                    "PER Jehangir Khan (Khan) x3|LOC/GPE Brussels x1|!director");
    assert_entities(NULL,
                    "The United Nations and the European Union agreed with Reuters about "
                    "the Middle East.",
                    "ORG United Nations x1|ORG European Union x1|ORG Reuters x1|"
                    "LOC/LOC Middle East x1");
}

static void acronyms_are_one_with_what_they_stand_for(void **state)
{
    (void)state;
    assert_entities(
        NULL,
        "The Counter-Terrorism Implementation Task Force (CTITF) met on Friday. "
        "CTITF officials said little.",
        "ORG Counter-Terrorism Implementation Task Force (CTITF) x3");
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
}

static void months_and_titles_are_no_names(void **state)
{
    (void)state;
    assert_entities(NULL, "In December the President and Dr. Amina Yusuf met on Tuesday.",
                    "PER Amina Yusuf x1|!December|!President|!Tuesday|!Dr");
}

static void texts_in_other_languages_are_left_alone(void **state)
{
    struct item it = {.content_text = STR_INIT("Der Regen in Berlin war stark."),
                      .language = STR_INIT("de-AT")};

    (void)state;
    chain_run(kit.chain, &it, &kit.result);

    assert_int_equal(kit.result.status, NLP_SKIPPED);
    assert_int_equal(kit.result.n_entities, 0);
    assert_non_null(memmem(kit.result.error.p, kit.result.error.n, "language de-AT", 14));
    assert_true(str_eq(kit.result.runs[0].skipped, kit.result.error));
    it.language = STR("en-GB");
    chain_run(kit.chain, &it, &kit.result);
    assert_int_equal(kit.result.status, NLP_OK);
}

static void the_record_says_which_model_it_was(void **state)
{
    (void)state;
    kit_run(&kit, NULL, "Floods in Nairobi grew.");

    assert_true(kit.result.runs[0].model.n > 0);
    assert_true(str_has_prefix(kit.result.runs[0].model_sha256, STR("sha256:")));
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

static int open_with(char *model, char *mode, struct err *e)
{
    static char name[] = "entities", key[] = "mode";
    struct config_pair pair = {key, mode};
    struct config_extractor c = {
        .name = name, .model = model, .options = &pair, .n_options = mode != NULL};
    struct chain *chain = NULL;
    int rc = chain_open(&c, 1, &chain, e);

    if (rc == 0)
        chain_close(chain);
    return rc;
}

static void what_is_no_model_or_mode_is_told(void **state)
{
    static char klingon[] = "klingon", here[] = "./none.model", fast[] = "fast";
    static char quick[] = "quick";
    struct err e;

    (void)state;
    assert_int_equal(open_with(NULL, fast, &e), 0);
    assert_int_equal(open_with(NULL, quick, &e), ERR_CONFIG);
    assert_non_null(strstr(e.text, "no mode 'quick'; it is fast or accurate"));
    assert_int_equal(open_with(klingon, NULL, &e), ERR_CONFIG);
    assert_non_null(strstr(e.text, "no model 'klingon': models/klingon.model is not"));
    assert_int_equal(open_with(here, NULL, &e), -ENOENT);
    assert_non_null(strstr(e.text, "./none.model"));
}

/* A mapped file that is cut off would end the process with the next item. */
static void a_model_that_is_written_to_while_in_use_fails_the_item(void **state)
{
    static char name[] = "entities", path[] = "/tmp/nmq-model-XXXXXX";
    struct item it = {.content_text = STR_INIT("Floods in Nairobi grew.")};
    struct config_extractor c = {.name = name, .model = path};
    struct strbuf bytes = {.max = 256 << 20};
    struct result r = {0};
    struct chain *chain = NULL;
    struct err e;
    char *en = os_data_path("models/en.model");
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(os_read_file(en, bytes.max, &bytes, &e), 0);
    assert_int_equal(os_write_all(fd, strbuf_str(&bytes), &e), 0);
    assert_int_equal(chain_open(&c, 1, &chain, &e), 0);
    chain_run(chain, &it, &r);
    assert_int_equal(r.status, NLP_OK);
    assert_int_equal(ftruncate(fd, 100), 0);
    chain_run(chain, &it, &r);

    assert_int_equal(r.status, NLP_FAILED);
    assert_non_null(memmem(r.error.p, r.error.n, path, strlen(path)));
    chain_close(chain);
    result_fini(&r);
    strbuf_fini(&bytes);
    free(en);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_their_type_and_kind),
        cmocka_unit_test(acronyms_are_one_with_what_they_stand_for),
        cmocka_unit_test(the_first_word_of_a_sentence_is_not_a_name_for_its_capital),
        cmocka_unit_test(a_headline_in_capitals_is_not_one_long_name),
        cmocka_unit_test(months_and_titles_are_no_names),
        cmocka_unit_test(texts_in_other_languages_are_left_alone),
        cmocka_unit_test(the_record_says_which_model_it_was),
        cmocka_unit_test(spans_are_whole_characters_of_the_text),
        cmocka_unit_test(an_article_seen_before_gives_the_same_again),
        cmocka_unit_test(long_runs_of_anything_are_read_in_time),
        cmocka_unit_test(types_that_are_not_wanted_are_left_out),
        cmocka_unit_test(what_is_no_model_or_mode_is_told),
        cmocka_unit_test(a_model_that_is_written_to_while_in_use_fails_the_item),
    };

    return cmocka_run_group_tests_name("entities", tests, open_kit, close_kit);
}
