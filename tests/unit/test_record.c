#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/record.h"
#include "newsmq/text.h"

static struct entity *add(struct result *r, const char *name, uint32_t start,
                          uint32_t end, enum field field)
{
    struct entity *en = result_add_entity(r);

    en->name = str_of(name);
    (void)result_add_mention(r, en, (struct span){start, end, field}, -1);
    return en;
}

static json_t *written(const struct result *r, const struct item *it)
{
    struct strbuf out = {.max = 1 << 20};
    struct err e = {0};
    json_error_t je;
    json_t *j;

    if (result_write_nlp(r, it, &out, &e) < 0)
        fail_msg("%s", e.text);
    j = json_loadb(out.p, out.n, 0, &je);
    if (j == NULL)
        fail_msg("%s in %s", je.text, out.p);
    strbuf_fini(&out);
    return j;
}

static json_t *mention_at(json_t *nlp, size_t entity, size_t i)
{
    json_t *en = json_array_get(json_object_get(nlp, "entities"), entity);

    return json_array_get(json_object_get(en, "mentions"), i);
}

static json_int_t number(json_t *o, const char *key)
{
    assert_true(json_is_integer(json_object_get(o, key)));
    return json_integer_value(json_object_get(o, key));
}

static void an_empty_result_is_an_object_with_a_status(void **state)
{
    struct result r = {0};
    struct item it = {.content_text = STR_INIT("x")};
    struct strbuf out = {.max = 1000};
    struct err e;

    (void)state;
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), 0);
    assert_string_equal(strbuf_cstr(&out),
                        "{\"status\":\"ok\",\"error\":null,\"language\":null,"
                        "\"entities\":[],\"quotes\":[],\"workers\":[]}");
    strbuf_fini(&out);
    result_fini(&r);
}

static void a_result_is_written_with_all_its_members(void **state)
{
    struct str aliases[] = {STR_INIT("UN")};
    struct item it = {.title = STR_INIT("The UN"),
                      .content_text = STR_INIT("“UN”, he said")};
    struct result r = {.status = NLP_PARTIAL,
                       .error = STR_INIT("x: no"),
                       .language = STR_INIT("en"),
                       .language_score = 0.5F,
                       .attempt = 2};
    struct entity *en = add(&r, "United Nations", 3, 5, FIELD_CONTENT_TEXT);
    struct strbuf out = {.max = 10000};
    struct err e;

    (void)state;
    (void)result_add_mention(&r, en, (struct span){4, 6, FIELD_TITLE}, 0.75F);
    en->type = ENTITY_ORG;
    en->subtype = STR("X");
    en->aliases = aliases;
    en->n_aliases = 1;
    en->uri = STR("urn:x");
    en->is_about = true;
    en->salience = 1.5F;
    en->score = 0.25F;
    en->has_geo = true;
    en->lat = -1.5;
    en->lon = 30;
    en->country = STR("CH");
    en->admin1 = STR("CH-GE");
    en->link_score = 0.75F;
    en->wikidata = STR("Q71");
    en->precision = STR("city");
    *result_add_quote(&r) = (struct quote){{3, 5, FIELD_CONTENT_TEXT}, 0, STR("said")};
    *result_add_run(&r) = (struct extractor_run){.name = "a",
                                                 .version = "1",
                                                 .model = STR("m"),
                                                 .model_sha256 = STR("sha256:00"),
                                                 .error = STR("no"),
                                                 .skipped = STR("cannot read"),
                                                 .duration_ms = 1.5};
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), 0);
    assert_string_equal(
        strbuf_cstr(&out),
        "{\"status\":\"partial\",\"error\":\"x: no\",\"language\":{\"code\":\"en\","
        "\"score\":0.500},\"entities\":[{\"id\":\"e1\",\"type\":\"ORG\",\"subtype\":"
        "\"X\","
        "\"name\":\"United "
        "Nations\",\"aliases\":[\"UN\"],\"uri\":\"urn:x\",\"link_score\":0.750,"
        "\"wikidata\":\"Q71\",\"rel\":\"about\","
        "\"salience\":1.000,\"score\":0.250,\"geo\":{\"lat\":-1.5000,\"lon\":30.0000,"
        "\"country\":\"CH\",\"admin1\":\"CH-GE\",\"precision\":\"city\"},\"mentions\":[{"
        "\"start\":1,\"end\":3,"
        "\"start_byte\":3,\"end_byte\":5,\"text\":\"UN\"},{\"start\":4,\"end\":6,"
        "\"start_byte\":4,\"end_byte\":6,\"text\":\"UN\",\"field\":\"title\",\"score\":0."
        "750}]}],"
        "\"quotes\":[{\"start\":1,\"end\":3,\"start_byte\":3,\"end_byte\":5,\"text\":"
        "\"UN\","
        "\"speaker\":\"e1\",\"cue\":\"said\"}],\"workers\":[{\"name\":\"a\",\"version\":"
        "\"1\","
        "\"model\":\"m\",\"model_sha256\":\"sha256:00\",\"duration_ms\":1.500,"
        "\"attempts\":2,"
        "\"error\":\"no\",\"skipped\":\"cannot read\"}]}");
    strbuf_fini(&out);
    result_fini(&r);
}

/* Characters of one to four bytes in a changing mix, longer than the index's block. */
static void offsets_are_code_points_in_any_script(void **state)
{
    static const char *const chars[] = {"a", "é", "日", "😀", " ", "\n", "Ж"};
    struct strbuf text = {.max = 100000};
    struct result r = {0};
    struct item it = {0};
    uint32_t starts[1001];
    json_t *nlp;

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        starts[i] = (uint32_t)text.n;
        assert_int_equal(
            strbuf_add_text(&text, chars[(i * i / 3 + i / 64) % ARRAY_LEN(chars)]), 0);
    }
    starts[1000] = (uint32_t)text.n;
    it.content_text = strbuf_str(&text);
    for (unsigned i = 0; i < 1000; i++)
        (void)add(&r, "x", starts[i], starts[i + 1 + i % (1000 - i)], FIELD_CONTENT_TEXT);
    nlp = written(&r, &it);
    for (unsigned i = 0; i < 1000; i++) {
        json_t *m = mention_at(nlp, i, 0);

        assert_int_equal(number(m, "start"), i);
        assert_int_equal(number(m, "end"), i + 1 + i % (1000 - i));
        assert_int_equal(number(m, "start_byte"), starts[i]);
    }
    json_decref(nlp);
    result_fini(&r);
    strbuf_fini(&text);
}

static const struct {
    const char *text;
    uint32_t start, end;
    enum field field;
    const char *says; /* NULL: fine */
} spans[] = {
    {"abc", 0, 3, FIELD_CONTENT_TEXT, NULL},
    {"abc", 2, 3, FIELD_CONTENT_TEXT, NULL},
    {"abc", 0, 4, FIELD_CONTENT_TEXT, "entity 1: the span 0–4 is outside of its text"},
    {"abc", 3, 3, FIELD_CONTENT_TEXT, "entity 1: the span 3–3 is outside of its text"},
    {"abc", 2, 1, FIELD_CONTENT_TEXT, "entity 1: the span 2–1 is outside of its text"},
    {"abc", 4000000000, 4000000001, FIELD_CONTENT_TEXT,
     "entity 1: the span 4000000000–4000000001 is outside of its text"},
    {"abc", 0, 3, FIELD_TITLE, "entity 1: the span 0–3 is outside of its text"},
    {"aéb", 1, 3, FIELD_CONTENT_TEXT, NULL},
    {"aéb", 2, 3, FIELD_CONTENT_TEXT, "entity 1: the span 2–3 cuts a character"},
    {"aéb", 0, 2, FIELD_CONTENT_TEXT, "entity 1: the span 0–2 cuts a character"},
    {"😀", 0, 4, FIELD_CONTENT_TEXT, NULL},
    {"😀", 0, 3, FIELD_CONTENT_TEXT, "entity 1: the span 0–3 cuts a character"},
};

static void a_span_that_is_no_text_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        struct result r = {0};
        struct item it = {.content_text = str_of(spans[i].text)};
        struct strbuf out = {.max = 10000};
        struct err e = {0};
        int rc;

        (void)add(&r, "x", spans[i].start, spans[i].end, spans[i].field);
        rc = result_write_nlp(&r, &it, &out, &e);
        assert_int_equal(rc, spans[i].says != NULL ? ERR_FORMAT : 0);
        assert_string_equal(e.text, spans[i].says != NULL ? spans[i].says : "");
        assert_true(rc == 0 || out.n == 0);
        strbuf_fini(&out);
        result_fini(&r);
    }
}

static void what_an_extractor_must_not_leave_behind_is_refused(void **state)
{
    struct item it = {.content_text = STR_INIT("abc"), .title = STR_INIT("abc")};
    struct result r = {0};
    struct strbuf out = {.max = 10000};
    struct err e;

    (void)state;
    (void)result_add_entity(&r);
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), ERR_FORMAT);
    assert_string_equal(e.text, "entity 1: has no mention");
    result_reset(&r);
    result_add_quote(&r)->span = (struct span){0, 1, FIELD_TITLE};
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), ERR_FORMAT);
    assert_string_equal(e.text, "quote 1: is not in the text");
    r.quotes[0].span.field = FIELD_CONTENT_TEXT;
    r.quotes[0].speaker = 0;
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), ERR_FORMAT);
    assert_string_equal(e.text, "quote 1: entity 1 does not exist");
    r.quotes[0].speaker = -1;
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), 0);
    strbuf_fini(&out);
    result_fini(&r);
}

static void a_result_over_the_bound_is_not_written_in_part(void **state)
{
    struct item it = {.content_text = STR_INIT("abc")};
    struct result r = {0};
    struct strbuf out = {.max = 200};
    struct err e;

    (void)state;
    assert_int_equal(strbuf_add_char(&out, '#'), 0);
    (void)add(&r, "x", 0, 3, FIELD_CONTENT_TEXT);
    (void)add(&r, "y", 0, 3, FIELD_CONTENT_TEXT);
    assert_int_equal(result_write_nlp(&r, &it, &out, &e), -E2BIG);
    assert_string_equal(e.text, "the result is larger than 200 bytes");
    assert_string_equal(strbuf_cstr(&out), "#");
    strbuf_fini(&out);
    result_fini(&r);
}

static void a_reset_result_is_empty_and_keeps_working(void **state)
{
    struct item it = {.content_text = STR_INIT("abc")};
    struct result r = {0};

    (void)state;
    for (int i = 0; i < 100; i++) {
        json_t *nlp;

        for (int k = 0; k < i; k++)
            (void)add(&r, "x", 0, 1, FIELD_CONTENT_TEXT);
        nlp = written(&r, &it);
        assert_int_equal(json_array_size(json_object_get(nlp, "entities")), i);
        json_decref(nlp);
        result_reset(&r);
    }
    result_fini(&r);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_result_is_an_object_with_a_status),
        cmocka_unit_test(a_result_is_written_with_all_its_members),
        cmocka_unit_test(offsets_are_code_points_in_any_script),
        cmocka_unit_test(a_span_that_is_no_text_is_refused),
        cmocka_unit_test(what_an_extractor_must_not_leave_behind_is_refused),
        cmocka_unit_test(a_result_over_the_bound_is_not_written_in_part),
        cmocka_unit_test(a_reset_result_is_empty_and_keeps_working),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
