#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "extract_kit.h"

static struct kit kit;

static int open_kit(void **state)
{
    static const char *const names[] = {"language", "entities", "quotes", NULL};

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

static const struct {
    const char *text;
    const char *quotes; /* "Speaker/cue: quotation", one a line; "-" for nobody, none */
} texts[] = {
    {"“We have a moral duty to help them,” said Mr. Jehangir Khan.",
     "Jehangir Khan/said: We have a moral duty to help them,\n"},
    {"\"We have a moral duty to help them,\" Jehangir Khan told reporters in Brussels.",
     "Jehangir Khan/told: We have a moral duty to help them,\n"},
    {"Jehangir Khan said: “We have a moral duty to help them.”",
     "Jehangir Khan/said: We have a moral duty to help them.\n"},
    {"“We listened to all of them,” said Maria Okonkwo. “We have a duty to help,” she "
     "said, "
     "adding that “there is no other way to do it” in Lagos.",
     "Maria Okonkwo/said: We listened to all of them,\n"
     "Maria Okonkwo/said: We have a duty to help,\n"
     "Maria Okonkwo/adding: there is no other way to do it\n"},
    {"“We listened to all of them,” said Maria Okonkwo. “And we shall come back "
     "tomorrow.”",
     "Maria Okonkwo/said: We listened to all of them,\n"
     "Maria Okonkwo/said: And we shall come back tomorrow.\n"},
    {"Maria Okonkwo came home late. “I am very tired of it all,” she said.",
     "Maria Okonkwo/said: I am very tired of it all,\n"},
    {"“I am very tired of it all,” said Maria Okonkwo.\n\n“So are we, all of us,” "
     "answered "
     "Peter Anderson.",
     "Maria Okonkwo/said: I am very tired of it all,\n"
     "Peter Anderson/answered: So are we, all of us,\n"},
    {"They are “champions” and this is a “direct assault” on it, Maria Okonkwo said.",
     ""},
    {"A sign read “Do not feed the animals here”. Nobody cared.",
     "-/read: Do not feed the animals here\n"},
    {"“This quotation goes on in the next paragraph.\n\n“And here it ends for good,” "
     "said "
     "Maria Okonkwo.",
     "-/-: This quotation goes on in the next paragraph.\n"
     "Maria Okonkwo/said: And here it ends for good,\n"},
    {"«We have a moral duty to help», said Maria Okonkwo.",
     "Maria Okonkwo/said: We have a moral duty to help\n"},
    {"\"An opening mark without an end\n\nis no quotation.", ""},
    {"“”\"\"“", ""},
};

static void what_was_said_has_its_speaker_and_cue(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct strbuf out = {.max = 10000};

        kit_run(&kit, NULL, texts[i].text);
        for (size_t k = 0; k < kit.result.n_quotes; k++) {
            const struct quote *q = &kit.result.quotes[k];
            struct str who =
                q->speaker >= 0 ? kit.result.entities[q->speaker].name : STR("-");

            (void)strbuf_addf(&out, STR_FMT "/" STR_FMT ": " STR_FMT "\n", STR_ARG(who),
                              STR_ARG(q->cue.p != NULL ? q->cue : STR("-")),
                              STR_ARG(kit_text(&kit, q->span)));
        }
        if (strcmp(strbuf_cstr(&out), texts[i].quotes) != 0)
            fail_msg("%s\ngave\n%s", texts[i].text, strbuf_cstr(&out));
        strbuf_fini(&out);
    }
}

static void without_entities_a_quotation_has_no_speaker(void **state)
{
    static char name[] = "quotes";
    struct config_extractor c = {.name = name};
    struct item it = {.content_text = STR_INIT("“We have a moral duty,” said Mr. Khan.")};
    struct result r = {0};
    struct chain *chain = NULL;
    struct err e;

    (void)state;
    assert_int_equal(chain_open(&c, 1, &chain, &e), 0);
    chain_run(chain, &it, &r);
    assert_int_equal(r.n_quotes, 1);
    assert_int_equal(r.quotes[0].speaker, -1);
    chain_close(chain);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_has_its_speaker_and_cue),
        cmocka_unit_test(without_entities_a_quotation_has_no_speaker),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
