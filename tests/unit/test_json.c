#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include "newsmq/json.h"

static void jsonw_puts_commas_where_they_belong(void **state)
{
    struct strbuf out = {.max = 1024};
    struct jsonw j = jsonw_to(&out);

    (void)state;
    jsonw_object(&j);
    jsonw_member_i64(&j, "a", -1);
    jsonw_key(&j, "b");
    jsonw_array(&j);
    jsonw_array(&j);
    jsonw_array_end(&j);
    jsonw_object(&j);
    jsonw_object_end(&j);
    jsonw_u64(&j, UINT64_MAX);
    jsonw_bool(&j, true);
    jsonw_null(&j);
    jsonw_raw(&j, STR("{\"x\":1}"));
    jsonw_array_end(&j);
    jsonw_member_cstr(&j, "c", NULL);
    jsonw_member_str(&j, "d", STR(""));
    jsonw_member_bool(&j, "e", false);
    jsonw_object_end(&j);

    assert_int_equal(j.rc, 0);
    assert_string_equal(
        strbuf_cstr(&out),
        "{\"a\":-1,\"b\":[[],{},18446744073709551615,true,null,{\"x\":1}],"
        "\"c\":null,\"d\":\"\",\"e\":false}");
    strbuf_fini(&out);
}

static void jsonw_str_escapes_what_json_asks_for(void **state)
{
    struct strbuf out = {.max = 1024};
    struct jsonw j = jsonw_to(&out);

    (void)state;
    jsonw_object(&j);
    jsonw_key_str(&j, STR("k\"\n"));
    jsonw_str(&j, STR("\"\\/\b\f\n\r\t\0\x1f\x7f é 😀"));
    jsonw_object_end(&j);

    assert_string_equal(strbuf_cstr(&out),
                        "{\"k\\\"\\n\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000"
                        "\\u001f\x7f é 😀\"}");
    strbuf_fini(&out);
}

static void jsonw_str_makes_any_bytes_valid(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            char bytes[] = {'x', (char)a, (char)b, (char)0x80, 'y'};
            struct strbuf out = {.max = 256};
            struct jsonw j = jsonw_to(&out);
            json_t *read;

            jsonw_array(&j);
            jsonw_str(&j, (struct str){bytes, sizeof bytes});
            jsonw_array_end(&j);
            read = json_loadb(out.p, out.n, JSON_ALLOW_NUL, NULL);

            assert_non_null(read);
            json_decref(read);
            strbuf_fini(&out);
        }
    }
}

static void jsonw_keeps_its_first_error(void **state)
{
    struct strbuf out = {.max = 4};
    struct jsonw j = jsonw_to(&out);

    (void)state;
    jsonw_array(&j);
    jsonw_str(&j, STR("too long"));
    jsonw_null(&j);
    jsonw_array_end(&j);

    assert_int_equal(j.rc, -E2BIG);
    strbuf_fini(&out);
}

static void jsonw_refuses_to_go_too_deep(void **state)
{
    struct strbuf out = {.max = 1024};
    struct jsonw j = jsonw_to(&out);

    (void)state;
    for (int i = 0; i < 63; i++)
        jsonw_array(&j);
    assert_int_equal(j.rc, 0);
    jsonw_array(&j);
    jsonw_object(&j);

    assert_int_equal(j.rc, ERR_LIMIT);
    strbuf_fini(&out);
}

static void jsonw_writes_numbers_and_times_that_json_has(void **state)
{
    struct strbuf out = {.max = 1024};
    struct jsonw j = jsonw_to(&out);

    (void)state;
    jsonw_array(&j);
    jsonw_f(&j, 1.25, 1);
    jsonw_f(&j, -0.5, 3);
    jsonw_f(&j, NAN, 2);
    jsonw_f(&j, INFINITY, 2);
    jsonw_i64(&j, INT64_MIN);
    jsonw_time(&j, 0);
    jsonw_time(&j, 1588403289123);
    jsonw_array_end(&j);

    assert_string_equal(strbuf_cstr(&out),
                        "[1.2,-0.500,null,null,-9223372036854775808,null,"
                        "\"2020-05-02T07:08:09.123Z\"]");
    strbuf_fini(&out);
}

static void jsonw_f_writes_what_printf_would(void **state)
{
    static const double steps[] = {0.0005, 0.001, 1.0 / 3, 0.37, 977.0 / 7, 1e5 / 3};
    struct strbuf out = {.max = 1024};
    char want[512];

    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(steps); s++)
        for (int i = -1500; i < 1500; i++)
            for (int decimals = 0; decimals < 9; decimals++) {
                double v = i * steps[s];
                struct jsonw j = jsonw_to(&out);

                strbuf_reset(&out);
                jsonw_f(&j, v, decimals);
                jsonw_f(&j, (double)(float)v, decimals);

                (void)snprintf(want, sizeof want, "%.*f%.*f", decimals, v, decimals,
                               (double)(float)v);
                assert_string_equal(strbuf_cstr(&out), want);
            }
    strbuf_fini(&out);
}

static void jsonw_str_finds_what_to_escape_at_any_place(void **state)
{
    (void)state;
    for (unsigned c = 1; c < 128; c++)
        for (size_t at = 0; at < 19; at++) {
            char text[] = "abcdefghijklmnopqrs";
            struct strbuf out = {.max = 256};
            struct jsonw j = jsonw_to(&out);
            json_t *read;

            text[at] = (char)c;
            jsonw_cstr(&j, text);
            read = json_loadb(out.p, out.n, JSON_DECODE_ANY, NULL);

            assert_string_equal(json_string_value(read), text);
            assert_int_equal(c < 0x20 || c == '"' || c == '\\', out.n > 21);
            json_decref(read);
            strbuf_fini(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jsonw_puts_commas_where_they_belong),
        cmocka_unit_test(jsonw_str_escapes_what_json_asks_for),
        cmocka_unit_test(jsonw_str_makes_any_bytes_valid),
        cmocka_unit_test(jsonw_keeps_its_first_error),
        cmocka_unit_test(jsonw_refuses_to_go_too_deep),
        cmocka_unit_test(jsonw_writes_numbers_and_times_that_json_has),
        cmocka_unit_test(jsonw_f_writes_what_printf_would),
        cmocka_unit_test(jsonw_str_finds_what_to_escape_at_any_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
