#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "marked_kit.h"

static struct kit kit;
static struct marked marked;

static int open_kit(void **state)
{
    static const char *const names[] = {"aliases", "quotes", NULL};

    (void)state;
    kit_open(&kit, names);
    return 0;
}

static int close_kit(void **state)
{
    (void)state;
    kit_close(&kit);
    marked_fini(&marked);
    return 0;
}

static const struct {
    const char *text;
    const char *quotes; /* "Speaker/cue: quotation", one a line; "-" for nobody, none */
} texts[] = {
    {"“We have a moral duty to help them,” said Mr. [Jehangir Khan|PER].",
     "Jehangir Khan/said: We have a moral duty to help them,\n"},
    {"\"We have a moral duty to help them,\" [Jehangir Khan|PER] told reporters in "
     "[Rome|GPE].",
     "Jehangir Khan/told: We have a moral duty to help them,\n"},
    {"[Jehangir Khan|PER] said: “We have a moral duty to help them.”",
     "Jehangir Khan/said: We have a moral duty to help them.\n"},
    {"‘We have a moral duty to help them,’ [Jehangir Khan|PER] said.",
     "Jehangir Khan/said: We have a moral duty to help them,\n"},
    {"«We have a moral duty to help», said [Maria Okonkwo|PER].",
     "Maria Okonkwo/said: We have a moral duty to help\n"},
    /* it goes on */
    {"“We listened to all of them,” said [Maria Okonkwo|PER]. “We have a duty to help,” "
     "she said, "
     "adding that “there is no other way to do it” in [Lagos|GPE].",
     "Maria Okonkwo/said: We listened to all of them,\n"
     "Maria Okonkwo/said: We have a duty to help,\n"
     "Maria Okonkwo/adding: there is no other way to do it\n"},
    {"“We listened to all of them,” said [Maria Okonkwo|PER]. “And we shall come back "
     "tomorrow.”",
     "Maria Okonkwo/said: We listened to all of them,\n"
     "Maria Okonkwo/-: And we shall come back tomorrow.\n"},
    {"“This quotation goes on in the next paragraph.\n\n“And here it ends for good,” "
     "said "
     "[Maria Okonkwo|PER].",
     "-/-: This quotation goes on in the next paragraph.\n"
     "Maria Okonkwo/said: And here it ends for good,\n"},
    /* pronouns and roles */
    {"[Maria Okonkwo|PER] came home late. “I am very tired of it all,” she said.",
     "Maria Okonkwo/said: I am very tired of it all,\n"},
    {"[Maria Okonkwo|PER] came home late with Mr. [Peter Anderson|PER]. “I am very tired "
     "of it,” she "
     "said. “So am I, of all of it,” he said.",
     "Maria Okonkwo/said: I am very tired of it,\n"
     "Peter Anderson/said: So am I, of all of it,\n"},
    {"Judge [Ann Lee|PER] heard [Peter Anderson|PER]. He wept. “You will go to prison,” "
     "the judge said.",
     "Ann Lee/said: You will go to prison,\n"},
    {"“I am very tired of it all,” said [Maria Okonkwo|PER].\n\n“So are we, all of us,” "
     "answered "
     "[Peter Anderson|PER].",
     "Maria Okonkwo/said: I am very tired of it all,\n"
     "Peter Anderson/answered: So are we, all of us,\n"},
    /* who is not the speaker */
    {"“We shall not pay for it,” said [Peter Anderson|PER]'s lawyer, [Ann Lee|PER].",
     "Ann Lee/said: We shall not pay for it,\n"},
    {"[Ann Lee|PER], who runs [Bonn Steel|ORG], said it was “a very bad day for all”.",
     "Ann Lee/said: a very bad day for all\n"},
    {"“We shall not pay for it,” her lawyer said in [Bonn|GPE].",
     "-/said: We shall not pay for it,\n"},
    {"A sign read “Do not feed the animals here”. Nobody cared.",
     "-/read: Do not feed the animals here\n"},
    {"[Ann Lee|PER] left. “Do not feed the animals here,” said a sign.",
     "-/said: Do not feed the animals here,\n"},
    /* partial ones */
    {"The charter is under “direct assault”, said Mr. [Khan|PER].",
     "Khan/said: direct assault\n"},
    {"They are “champions” of our work. “We need them very much,” Mr. [Khan|PER] said.",
     "Khan/-: champions\nKhan/said: We need them very much,\n"},
    {"They are “champions” and this is “good” for us.", ""},
    {"[Ann Lee|PER] called it \"a setback for all of us\".",
     "Ann Lee/called: a setback for all of us\n"},
    {"[Ann Lee|PER] shrugs. “It was a very long day.”",
     "Ann Lee/-: It was a very long day.\n"},
    {"\"An opening mark without an end\n\nis no quotation.", ""},
    {"“”\"\"“", ""},
};

static void what_was_said_has_its_speaker_and_cue(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct strbuf out = {.max = 10000};

        marked_run(&kit, &marked, NULL, texts[i].text);
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
