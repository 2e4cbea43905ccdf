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

    for (size_t i = 0; i < n; i++) {
        strbuf_reset(&out);
        tokens_read(&t, str_of(rows[i].text));
        write_tokens(&t, &out);
        if (strcmp(strbuf_cstr(&out), rows[i].expected) != 0)
            fail_msg("%s\n  is    %s\n  not   %s", rows[i].text, strbuf_cstr(&out),
                     rows[i].expected);
    }
    strbuf_fini(&out);
    tokens_fini(&t);
}

static void tokens_are_divided_as_in_corpora(void **state)
{
    static const struct row rows[] = {
        {"He doesn't know Mary's dog.", "He|does|n't|know|Mary|'s|dog|."},
        {"U.S.-led forces, Mr. Khan said.", "U.S.-led|forces|,|Mr.|Khan|said|."},
        {"J.P. Morgan rose 1,000.5 points (3%)",
         "J.P.|Morgan|rose|1,000.5|points|(|3|%|)"},
        {"O'Brien of Kipng'etich and Sa'd", "O'Brien|of|Kipng'etich|and|Sa'd"},
        {"BRUSSELS, Nov 23 (Reuters) — The", "BRUSSELS|,|Nov|23|(|Reuters|)|—|The"},
    };

    (void)state;
    assert_rows(rows, ARRAY_LEN(rows));
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
        cmocka_unit_test(tokens_are_divided_as_in_corpora),
        cmocka_unit_test(given_tokens_stay_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
