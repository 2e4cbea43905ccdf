/* What the tokenizer makes of texts as feeds have them: "|" between tokens, "||" between
   sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "newsmq/tokens.h"

struct row {
    const char *text, *expected;
};

static void write_tokens(const struct tokens *t, struct strbuf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0)
            strbuf_add_text(out,
                            t->list[i].sentence != t->list[i - 1].sentence ? "||" : "|");
        strbuf_add(out, token_text(t, i));
    }
}

static void assert_rows(const struct row *rows, size_t n)
{
    struct tokens t = {0};
    struct strbuf out = {.max = 1 << 16};
    size_t faults = 0;

    for (size_t i = 0; i < n; i++) {
        strbuf_reset(&out);
        tokens_read(&t, str_of(rows[i].text));
        write_tokens(&t, &out);
        if (strcmp(strbuf_cstr(&out), rows[i].expected) == 0)
            continue;
        print_error("%s\n  is    %s\n  not   %s\n", rows[i].text, strbuf_cstr(&out),
                    rows[i].expected);
        faults++;
    }
    assert_int_equal(faults, 0);
    strbuf_fini(&out);
    tokens_fini(&t);
}

static void words_are_divided_as_in_corpora(void **state)
{
    static const struct row rows[] = {
        {"He doesn't know Mary's dog.", "He|does|n't|know|Mary|'s|dog|."},
        {"They'll say I'm CAN'T-do, who'd know",
         "They|'ll|say|I|'m|CAN'T-do|,|who|'d|know"},
        {"U.S.-led forces, Mr. Khan said.", "U.S.-led|forces|,|Mr.|Khan|said|."},
        {"the U.N.'s H.I.V. panel at 5 p.m. today",
         "the|U.N.|'s|H.I.V.|panel|at|5|p.m.|today"},
        {"J.P. Morgan rose 1,000.5 points (3%)",
         "J.P.|Morgan|rose|1,000.5|points|(|3|%|)"},
        {"J.P.Morgan and S.Africa", "J.P.|Morgan|and|S.|Africa"},
        {"$40 million, US$5, C$ 3 and -5 or .5",
         "$|40|million|,|US$|5|,|C$|3|and|-5|or|.5"},
        {"9/11, 10:30, 1/2, 2007-08, B.1.1.7, H5N1",
         "9/11|,|10:30|,|1/2|,|2007-08|,|B.1.1.7|,|H5N1"},
        {"O'Brien of Kipng'etich, N'Djamena, L'Aquila, d'Ivoire and Sa'd",
         "O'Brien|of|Kipng'etich|,|N'Djamena|,|L'Aquila|,|d'Ivoire|and|Sa'd"},
        {"O\342\200\231Brien\342\200\231s can\342\200\231t",
         "O\342\200\231Brien|\342\200\231s|ca|n\342\200\231t"},
        {"AT&T, S&P and R&D; AT&amp;T", "AT&T|,|S&P|and|R&D|;|AT&amp;T"},
        {"two- and three-year-old al-Qaida-linked",
         "two-|and|three-year-old|al-Qaida-linked"},
        {"the '90s, 1980's", "the|'90s|,|1980|'s"},
        {"A Ph.D. from St. Louis Univ. now", "A|Ph.D.|from|St.|Louis|Univ.|now"},
        {"Ajoy Kr. Chatterjee and Sk. Sahil", "Ajoy|Kr.|Chatterjee|and|Sk.|Sahil"},
        {"McDonald's iPhone eBay's YouTube", "McDonald|'s|iPhone|eBay|'s|YouTube"},
    };

    (void)state;
    assert_rows(rows, ARRAY_LEN(rows));
}

static void news_has_a_form_of_its_own(void **state)
{
    static const struct row rows[] = {
        {"BRUSSELS, Nov 23 (Reuters) \342\200\224 The EU",
         "BRUSSELS|,|Nov|23|(|Reuters|)|\342\200\224|The|EU"},
        {"NAIROBI (Reuters)-Kenya", "NAIROBI|(|Reuters|)|-|Kenya"},
        {"ROME--(BUSINESS WIRE)--Acme", "ROME|--|(|BUSINESS|WIRE|)|--|Acme"},
        {"SOCCER-Braga win; Alpine Skiing-Norway's Haug",
         "SOCCER|-|Braga|win|;|Alpine|Skiing-Norway|'s|Haug"},
        {"beat 12-Liew Chee Fatt 6-4, 6-Feb", "beat|12|-|Liew|Chee|Fatt|6-4|,|6-Feb"},
        {"Idah/Igalamela and/or km/h", "Idah|/|Igalamela|and/or|km/h"},
        {"it said.The Khan,who", "it|said|.||The|Khan|,|who"},
        {"By Jane Doe\nLAGOS", "By|Jane|Doe||LAGOS"},
        {"Read more \302\273", "Read|more|\302\273"},
        {"<b>Khan</b> &nbsp;said <br />", "<b>|Khan|</b>|&nbsp;|said|<br />"},
        {"a <3 b & c; x < y", "a|<|3|b|&|c|;|x|<|y"},
        {"see https://a.example/b?c=(d).", "see|https://a.example/b?c=(d)|."},
        {"(www.a.example), x.y@mail.example.org!",
         "(|www.a.example|)|,|x.y@mail.example.org|!"},
        {"Amazon.com's shop, bbc.co.uk/news, said.com",
         "Amazon.com|'s|shop|,|bbc.co.uk/news|,|said.com"},
        {"#BBNaija @UN_Women, C# # 5 @ 3", "#BBNaija|@UN_Women|,|C|#|#|5|@|3"},
        {"well...er \342\200\246 so..", "well|...|er|\342\200\246|so|.."},
        {"``Go,'' he said 'no'", "``|Go|,|''|he|said|'|no|'"},
        {"\342\200\234Go,\342\200\235 he said", "\342\200\234|Go|,|\342\200\235|he|said"},
        {"Dunkin' Donuts, voters' rights", "Dunkin|'|Donuts|,|voters|'|rights"},
    };

    (void)state;
    assert_rows(rows, ARRAY_LEN(rows));
}

static void all_scripts_are_read(void **state)
{
    static const struct row rows[] = {
        {"Kofi\302\240Annan", "Kofi|Annan"},
        {"An\302\255nan\342\200\213 Ko\342\200\215fi\357\273\277",
         "An\302\255nan|Ko\342\200\215fi"},
        {"\342\200\217Kofi\342\200\216.", "Kofi|."},
        {"Jose\314\201 N\314\203o", "Jose\314\201|N\314\203o"},
        {"\345\256\211\345\215\227\343\200\202\345\256\211",
         "\345\256\211|\345\215\227|\343\200\202||\345\256\211"},
        {"\343\202\263\343\203\225\343\202\243\343\203\273\343\202\242\343\203\212\343"
         "\203\263",
         "\343\202\263\343\203\225\343\202\243\343\203\273\343\202\242\343\203\212\343"
         "\203\263"},
        {"\320\277\321\200\320\270\320\262\320\265\321\202, \320\234\320\270\321\200!",
         "\320\277\321\200\320\270\320\262\320\265\321\202|,|\320\234\320\270\321\200|!"},
        {"\331\203\331\210\331\201\331\212\330\214 "
         "\330\271\331\206\330\247\331\206\330\237",
         "\331\203\331\210\331\201\331\212|\330\214|\330\271\331\206\330\247\331\206|"
         "\330\237"},
        {"ok \360\237\221\215\360\237\217\275\360\237\207\263\360\237\207\254 "
         "\342\235\244\357\270\217",
         "ok|\360\237\221\215\360\237\217\275|\360\237\207\263\360\237\207\254|"
         "\342\235\244\357\270\217"},
        {"Hawai\312\273i Hawai\342\200\230i Caf\357\277\275",
         "Hawai\312\273i|Hawai\342\200\230i|Caf\357\277\275"},
        {"", ""},
        {" \n\t\342\200\213\302\240", ""},
        {"\314\201", "\314\201"},
    };

    (void)state;
    assert_rows(rows, ARRAY_LEN(rows));
}

static void sentences_end_where_they_do(void **state)
{
    static const struct row rows[] = {
        {"He ran. She won! Why? \"No.\" It",
         "He|ran|.||She|won|!||Why|?||\"|No|.|\"||It"},
        {"\"Why?\" he asked. (So.) Then", "\"|Why|?|\"|he|asked|.||(|So|.|)||Then"},
        {"\342\200\234Go.\342\200\235 They did.",
         "\342\200\234|Go|.|\342\200\235||They|did|."},
        {"Dr. A. Khan met Gen. Lee. No. 5 won", "Dr.|A.|Khan|met|Gen.|Lee|.||No.|5|won"},
        {"He said no. He left.", "He|said|no|.||He|left|."},
        {"in the U.S. The bank, in the U.S. Senate",
         "in|the|U.S.||The|bank|,|in|the|U.S.|Senate"},
        {"Acme Inc. The firm, Acme Inc. said Acme Ltd.",
         "Acme|Inc.||The|firm|,|Acme|Inc.|said|Acme|Ltd."},
        {"in Macon, Ga.\n\nHer dept. etc.", "in|Macon|,|Ga.||Her|dept.|etc|."},
        {"vitamin C. The rest, Plan B.", "vitamin|C|.||The|rest|,|Plan|B|."},
        {"World War I. The end", "World|War|I|.||The|end"},
        {"- one\n- two\n1. Three", "-|one||-|two||1.|Three"},
        {"now \342\200\242 Item \342\200\242 More",
         "now||\342\200\242|Item||\342\200\242|More"},
        {"up 3.5. 12 people", "up|3.5|.||12|people"},
        {"TITLE HERE\n\nText.", "TITLE|HERE||Text|."},
        {"so... He", "so|...||He"},
        {"so... he", "so|...|he"},
    };

    (void)state;
    assert_rows(rows, ARRAY_LEN(rows));
}

static void flags_say_what_a_token_is(void **state)
{
    static const struct {
        const char *text;
        uint32_t flags;
    } rows[] = {
        {"Khan", TOKEN_WORD},
        {"H5N1", TOKEN_WORD},
        {"1,000", TOKEN_NUMBER},
        {"-5", TOKEN_NUMBER},
        {"(", 0},
        {"...", 0},
        {"#tag", TOKEN_TAG},
        {"<b>", TOKEN_MARKUP},
        {"http://a.example", TOKEN_ADDRESS},
        {"Amazon.com", TOKEN_WORD},
    };
    struct tokens t = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tokens_read(&t, str_of(rows[i].text));
        assert_int_equal(t.n, 1);
        if (t.list[0].flags !=
            (rows[i].flags | TOKEN_SPACE | TOKEN_LINE | TOKEN_PARAGRAPH))
            fail_msg("%s: flags %u", rows[i].text, t.list[0].flags);
    }
    tokens_fini(&t);
}

static void breaks_are_kept_as_flags(void **state)
{
    struct tokens t = {0};

    (void)state;
    tokens_read(&t, STR("a b,\nc\n\nd"));

    assert_int_equal(t.n, 5);
    assert_int_equal(t.list[1].flags, TOKEN_WORD | TOKEN_SPACE);
    assert_int_equal(t.list[2].flags, 0);
    assert_int_equal(t.list[3].flags, TOKEN_WORD | TOKEN_SPACE | TOKEN_LINE);
    assert_int_equal(t.list[4].flags,
                     TOKEN_WORD | TOKEN_SPACE | TOKEN_LINE | TOKEN_PARAGRAPH);
    tokens_fini(&t);
}

static void wrapped_lines_are_one_paragraph(void **state)
{
    struct tokens t = {0};

    (void)state;
    tokens_read(&t,
                STR("The harbour of Lower Zembla was closed on Monday after Captain Ann\n"
                    "Marie Lee of the coast guard found oil. Nobody was hurt there, she\n"
                    "said, and the Zembla Maritime Board will open the harbour again on\n"
                    "Friday.\n"
                    "Photo: Jo Rae\n\n"
                    "Next."));
    assert_int_equal(t.n_sentences, 4);
    assert_true(str_eq(token_text(&t, 12), STR("Marie")));
    assert_int_equal(t.list[12].sentence, 0);
    assert_int_equal(t.list[12].flags, TOKEN_WORD | TOKEN_SPACE);

    tokens_read(&t, STR("Markets close lower in Tokyo, Osaka and Nagoya on weak exports\n"
                        "Storm leaves thousands without power in the north of Zembla\n"
                        "Harbour of Lower Zembla opens again after the oil was found"));
    assert_int_equal(t.n_sentences, 3); /* lines by themselves */
    tokens_read(&t, STR("milk\neggs\nbread\n"));
    assert_int_equal(t.n_sentences, 3);
    tokens_fini(&t);
}

static void a_language_that_is_not_known_has_no_abbreviations(void **state)
{
    struct tokens t = {.language = STR_INIT("xx")};

    (void)state;
    tokens_read(&t, STR("Prof. Khan"));
    assert_int_equal(t.n, 3);
    assert_int_equal(t.n_sentences, 2);

    t.language = STR("en-GB");
    tokens_read(&t, STR("Prof. Khan"));
    assert_int_equal(t.n, 2);
    tokens_fini(&t);
}

static void long_texts_are_bounded(void **state)
{
    static const char *const parts[] = {"a",  ". ", "\xC2\xAD", "A.", "a@",  "<a",
                                        "&a", "'",  "a.b",      "1-", "\xFF"};
    struct tokens t = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct strbuf b = {.max = 2 << 20};
        size_t at = 0;

        while (strbuf_add_text(&b, parts[i]) == 0)
            ;
        tokens_read(&t, strbuf_str(&b));
        assert_true(t.n <= TOKENS_MAX);
        for (size_t k = 0; k < t.n; k++) {
            assert_true(t.list[k].start >= at && t.list[k].end > t.list[k].start);
            at = t.list[k].end;
        }
        for (size_t k = 0; k < t.n_sentences; k++)
            assert_true(t.sentences[k].to - t.sentences[k].from <= SENTENCE_TOKENS_MAX);
        strbuf_fini(&b);
    }
    tokens_fini(&t);
}

static void a_token_is_found_by_its_place(void **state)
{
    struct tokens t = {0};

    (void)state;
    tokens_read(&t, STR("ab cd, e"));

    assert_int_equal(tokens_find(&t, 0), 0);
    assert_int_equal(tokens_find(&t, 2), 1);
    assert_int_equal(tokens_find(&t, 5), 2);
    assert_int_equal(tokens_find(&t, 8), 4);
    tokens_fini(&t);
}

static void given_tokens_stay_as_they_are(void **state)
{
    struct tokens t = {0};

    (void)state;
    tokens_given(&t, STR("don't U.S .\nA b\n\n"));

    assert_int_equal(t.n, 5);
    assert_int_equal(t.n_sentences, 2);
    assert_int_equal(t.sentences[1].from, 3);
    assert_int_equal(t.sentences[1].to, 5);
    tokens_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_divided_as_in_corpora),
        cmocka_unit_test(news_has_a_form_of_its_own),
        cmocka_unit_test(all_scripts_are_read),
        cmocka_unit_test(sentences_end_where_they_do),
        cmocka_unit_test(flags_say_what_a_token_is),
        cmocka_unit_test(breaks_are_kept_as_flags),
        cmocka_unit_test(wrapped_lines_are_one_paragraph),
        cmocka_unit_test(a_language_that_is_not_known_has_no_abbreviations),
        cmocka_unit_test(long_texts_are_bounded),
        cmocka_unit_test(a_token_is_found_by_its_place),
        cmocka_unit_test(given_tokens_stay_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
