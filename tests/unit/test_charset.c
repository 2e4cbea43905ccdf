/* Which encoding a document is taken to be in, seen through its title. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "newsmq/feed.h"

struct row {
    const char *content_type, *declared, *title; /* title: raw bytes */
    const char *encoding, *expected;
    bool well_formed;
};

static const struct row rows[] = {
    {NULL, NULL, "caf\xC3\xA9", "utf-8", "café", true},
    {NULL, "iso-8859-1", "caf\xE9", "iso-8859-1", "café", true},
    {NULL, "ISO-8859-1", "\x93quoted\x94", "iso-8859-1", "“quoted”", true},
    {NULL, "windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251", "Привет", true},
    {NULL, "gb2312", "\xC4\xE3\xBA\xC3", "gb18030", "你好", true},
    {NULL, "Shift_JIS", "\x83\x6E\x83\x8D\x81\x5B", "shift_jis", "ハロー", true},
    {NULL, "iso-2022-jp", "\x1B$B%O%m!<\x1B(B", "iso-2022-jp", "ハロー", true},
    {NULL, "iso-2022-jp", "\xC3\xA9", "utf-8", "é", false},
    {NULL, "euc-kr", "\xC7\xD1\xB1\xB9", "euc-kr", "한국", true},
    /* The header outranks the declaration, the bytes outrank both. */
    {"text/xml; charset=\"windows-1252\"", "utf-8", "caf\xE9", "windows-1252", "café",
     true},
    {"text/xml; charset=iso-8859-1", "utf-8", "caf\xC3\xA9", "utf-8", "café", false},
    {"application/xml; charset=utf-8", "windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2",
     "windows-1251", "Привет", false},
    {NULL, "utf-8", "caf\xE9", "windows-1252", "café", false},
    {NULL, "utf-16", "plain", "utf-8", "plain", true},
    {NULL, "iso646-no", "[plain]", "utf-8", "[plain]", false},
    {NULL, "ebcdic-us", "[plain]", "utf-8", "[plain]", false},
    {NULL, "klingon", "plain", "utf-8", "plain", false},
    {"text/xml", NULL, "plain", "us-ascii", "plain", true},
    {"text/xml", NULL, "caf\xC3\xA9", "utf-8", "café", true},
    {NULL, "utf-16", "caf\xC3\xA9", "utf-8", "café", true},
    {"text/xml; charset=utf-16", "utf-8", "caf\xC3\xA9", "utf-8", "café", true},
    {NULL, "gb2312", "\xC4\xE3\x81\x39\xEE\x39", "gb18030", "你㐀", true},
    {NULL, NULL, "it\x92s \x80 5", "windows-1252", "it’s € 5", false},
    {NULL, "utf-8", "e\xCC\x81 \xE2\x80\x94", "utf-8", "\xC3\xA9 \xE2\x80\x94", true},
    /* Mostly UTF-8, with a byte of another source. */
    {NULL, "utf-8", "\xC3\xA9\xC3\xA9 \xE9", "utf-8", "éé é", false},
};

static int ignore_entry(void *ctx, const struct feed_entry *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

static void the_encoding_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed_options o = {.content_type = str_of(rows[i].content_type)};
        struct feed_receiver r = {NULL, ignore_entry, NULL};
        struct feed_parser *p = feed_parser_new(&o, &r);
        struct strbuf b = {.max = 4096};
        const struct feed_meta *m;

        if (rows[i].declared != NULL)
            (void)strbuf_addf(&b, "<?xml version=\"1.0\" encoding='%s'?>",
                              rows[i].declared);
        (void)strbuf_addf(&b, "<rss><channel><title>%s</title></channel></rss>",
                          rows[i].title);
        assert_int_equal(feed_parser_push(p, strbuf_str(&b), NULL), 0);
        assert_int_equal(feed_parser_finish(p, NULL), 0);
        m = feed_parser_meta(p);
        if (!str_eq(m->encoding, str_of(rows[i].encoding)) ||
            !str_eq(m->title, str_of(rows[i].expected)) ||
            m->well_formed != rows[i].well_formed)
            fail_msg("row %zu: " STR_FMT " as " STR_FMT ", %s", i, STR_ARG(m->title),
                     STR_ARG(m->encoding), m->well_formed ? "well-formed" : "not");
        feed_parser_free(p);
        strbuf_fini(&b);
    }
}

static void bytes_of_utf16_and_utf32_are_recognised(void **state)
{
    static const char le16[] =
        "<\0r\0s\0s\0>\0<\0c\0h\0a\0n\0n\0e\0l\0>\0<\0t\0i\0t\0l\0e\0>"
        "\0\xE9\0<\0/\0t\0i\0t\0l\0e\0>\0";
    struct feed_options o = {0};
    struct feed_receiver r = {NULL, ignore_entry, NULL};
    struct feed_parser *p = feed_parser_new(&o, &r);

    (void)state;
    assert_int_equal(feed_parser_push(p, (struct str){le16, sizeof le16 - 1}, NULL), 0);
    assert_int_equal(feed_parser_finish(p, NULL), 0);
    assert_true(str_eq(feed_parser_meta(p)->encoding, STR("utf-16le")));
    assert_true(str_eq(feed_parser_meta(p)->title, STR("é")));
    feed_parser_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_encoding_is_found),
        cmocka_unit_test(bytes_of_utf16_and_utf32_are_recognised),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
