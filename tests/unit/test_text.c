#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <utf8proc.h>

#include "newsmq/text.h"

struct row {
    const char *in, *want;
};

static void check_rows(const struct row *rows, size_t n,
                       int (*convert)(struct str, struct strbuf *))
{
    for (size_t i = 0; i < n; i++) {
        struct strbuf out = {.max = 4096};

        assert_int_equal(convert(str_of(rows[i].in), &out), 0);
        if (strcmp(strbuf_cstr(&out), rows[i].want) != 0)
            print_message("row %zu: %s\n", i, rows[i].in);
        assert_string_equal(strbuf_cstr(&out), rows[i].want);
        strbuf_fini(&out);
    }
}

static void text_clean_repairs_what_is_not_text(void **state)
{
    static const struct row rows[] = {
        {"plain, nothing to do", "plain, nothing to do"},
        {"line\r\nline\rline\n", "line\nline\nline\n"},
        {"a\x01"
         "b\x7F"
         "c\tno bell\a",
         "abc\tno bell"},
        {"C1\xC2\x85"
         "control",
         "C1control"},
        {"cut \xE2\x82", "cut \xEF\xBF\xBD"},
        {"bad \xFF\xFE bytes", "bad \xEF\xBF\xBD\xEF\xBF\xBD bytes"},
        {"over \xC0\xAF long", "over \xEF\xBF\xBD\xEF\xBF\xBD long"},
        {"surrogate \xED\xA0\x80", "surrogate \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"re\xCC\x81sume\xCC\x81", "r\xC3\xA9sum\xC3\xA9"},
        {"e\x01\xCC\x81", "\xC3\xA9"}, /* the control between them goes first */
        {"a\xCC\xA3\xCC\x81", "\xE1\xBA\xA1\xCC\x81"},
        {"a\xCC\x81\xCC\xA3", "\xE1\xBA\xA1\xCC\x81"},
        {"\xE2\x84\xAB", "\xC3\x85"}, /* the ångström sign */
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"}, /* jamo of 한 */
        {"\xCC\x81", "\xCC\x81"},
        {"й Ελλάς 漢字 한국 ที่นี่ हिन्दी", "й Ελλάς 漢字 한국 ที่นี่ हिन्दी"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_clean);
}

/* Every code point, alone and after a letter, must come out as utf8proc's NFC. */
static void text_clean_agrees_with_the_standard_on_every_code_point(void **state)
{
    static const char *const before[] = {"", "a", "\xE0\xA4\xA8", "\xE1\x84\x80",
                                         "a\xCC\xA3"};

    (void)state;
    for (uint32_t cp = 0xA0; cp < 0x110000; cp++) {
        for (size_t i = 0; i < ARRAY_LEN(before); i++) {
            char in[16];
            size_t n = strlen(before[i]);
            struct strbuf out = {.max = 256};
            utf8proc_uint8_t *want;

            if (cp >= 0xD800 && cp < 0xE000)
                continue;
            memcpy(in, before[i], n);
            n += utf8_encode(cp, in + n);
            in[n++] = 'z';
            in[n] = '\0';
            want = utf8proc_NFC((const utf8proc_uint8_t *)in);
            assert_int_equal(text_clean((struct str){in, n}, &out), 0);
            if (strcmp(strbuf_cstr(&out), (const char *)want) != 0)
                print_message("U+%04X after row %zu\n", cp, i);
            assert_string_equal(strbuf_cstr(&out), (const char *)want);
            free(want);
            strbuf_fini(&out);
        }
    }
}

static void text_clean_stops_at_the_bound_of_the_buffer(void **state)
{
    struct strbuf out = {.max = 4};

    (void)state;
    assert_int_equal(text_clean(STR("abc"), &out), 0);
    assert_int_equal(text_clean(STR("de"), &out), -E2BIG);
    assert_int_equal(text_from_html(STR("<p>de"), &out), -E2BIG);
    assert_string_equal(strbuf_cstr(&out), "abc");
    strbuf_fini(&out);
}

static void text_from_html_keeps_the_shape_of_a_text(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {"  just   text\n here ", "just text here"},
        {"<p>One</p><p>Two</p>", "One\n\nTwo"},
        {"<p>One<p>Two", "One\n\nTwo"},
        {"<div><div><p>deep</p></div></div>after", "deep\n\nafter"},
        {"<h1>Title</h1>text<hr>text", "Title\n\ntext\n\ntext"},
        {"one<br>two<BR/>three", "one\ntwo\nthree"},
        {"one<br><br>two<br><br><br>three", "one\n\ntwo\n\nthree"},
        {"<b>bo</b>ld <i>it</i>alic", "bold italic"},
        {"<p>a <b> b </b> c</p>", "a b c"},
        {"list:<ul><li>one</li><li>two</li></ul>end", "list:\n\n- one\n- two\n\nend"},
        {"<ul><li>one<li>two</ul>", "- one\n- two"},
        {"<ul><li><p>one</p></li><li><p>two</p></li></ul>", "- one\n- two"},
        {"<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n- b\n- c"},
        {"<ul><li></li></ul><p>x", "x"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d",
         "a\tb\nc\n\nd"},
        {"<p>see:</p><pre>\n  if (x)\n    y();\n</pre>ok",
         "see:\n\n  if (x)\n    y();\n\nok"},
        {"<pre>a\n\nb<br>c</pre>", "a\n\nb\nc"},
        {"<table><tr><td></td><td> a </td><td></td><td>b</td></tr></table>", "a\tb"},
        {"<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\n\nc"},
        {"<select><option>a</option><option>b</option></select>", "a b"},
        {"a&nbsp;&nbsp;b\xC2\xA0 c\xE2\x80\xA8"
         "d",
         "a b c d"},
        {"<dl><dt>t</dt><dd>d</dd></dl>", "t\n\nd"},
        {"<figure><img src=x><figcaption>cap</figcaption></figure>", "cap"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_from_html);
}

static void text_from_html_drops_what_is_not_read(void **state)
{
    static const struct row rows[] = {
        {"a<script>if (a<b) '</div>'</script>b", "ab"},
        {"a<SCRIPT type='x'>x</sCript >b", "ab"},
        {"a<script src=x />b", "ab"},
        {"a<script>never closed", "a"},
        {"a<style>p{}</style>b", "ab"},
        {"a<template>x<template>y</template>z</template>b", "ab"},
        {"a<noscript>x</noscript>b", "ab"},
        {"a<svg><title>x</title></svg>b", "ab"},
        {"a<iframe src=x>old</iframe>b", "ab"},
        {"a<iframe src=x>b", "ab"},
        {"a<span hidden>x</span>b", "ab"},
        {"a<span style=\"color: red; DISPLAY : None\">x<span>y</span></span>b", "ab"},
        {"a<span data-x=hidden title='hidden'>x</span>b", "axb"},
        {"<p hidden>x<p>y", "y"},
        {"a<input hidden>b", "ab"},
        {"a<span aria-hidden=true>x</span><span aria-hidden='false'>b</span>", "ab"},
        {"a<p style='visibility:hidden'>x</p>b", "a\n\nb"},
        {"a<div hidden>never closed", "a\n\nnever closed"},
        {"a<!-- x > y -->b<!---->c<!-->d", "abcd"},
        {"a<!-- never closed > b", "a b"},
        {"a<?xml version='1.0'?>b<!DOCTYPE html>c", "abc"},
        {"a<![CDATA[b <b>c</b>]]>d ]]> e", "ab cd ]]> e"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_from_html);
}

static void text_from_html_survives_broken_markup(void **state)
{
    static const struct row rows[] = {
        {"1 < 2 and <3 and a<", "1 < 2 and <3 and a<"},
        {"</3 <> < b", "</3 <> < b"},
        {"<a href=\"x>y\">z</a>", "z"},
        {"<a title='a>b' href=x>z", "z"},
        {"<a href=\"x>never closed</a> text", "never closed text"},
        {"<a href=x\">it's</a>", "it's"},
        {"text <a href=\"http://example.org/", "text"},
        {"</p></div>text</li></ul>", "text"},
        {"<o:p>office</o:p> <foo-bar>own</foo-bar>", "office own"},
        {"<p<b>x</b>", "x"},
        {"a]]b]", "a]]b]"},
        {"x\x01y \x02", "xy"},
        {"cut \xE2\x82", "cut \xEF\xBF\xBD"},
        {"e&#x301; end \xC2\x85", "\xC3\xA9 end"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_from_html);
}

static void text_from_html_decodes_references_once(void **state)
{
    static const struct row rows[] = {
        {"Q&amp;A &lt;b&gt; &amp;lt;", "Q&A <b> &lt;"},
        {"&eacute;&Eacute;&hellip;&#8217;&#x2019;", "éÉ…’’"},
        {"caf&eacute &copy2024 &notit; &ampamp;", "café ©2024 ¬it; &amp;"},
        {"AT&T R&D a&b &unknown; &#; &#x; & &", "AT&T R&D a&b &unknown; &#; &#x; & &"},
        {"&#150;&#x80;&#0;&#xD800;&#x110000;&#99999999999;", "–€\xEF\xBF\xBD\xEF\xBF\xBD"
                                                             "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"&NotEqualTilde;&CounterClockwiseContourIntegral;&zwnj;",
         "\xE2\x89\x82\xCC\xB8"
         "\xE2\x88\xB3\xE2\x80\x8C"},
        {"a&#10;b&#32;&#32;c&Tab;d", "a b c d"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_from_html);
}

static void text_line_from_html_is_one_line(void **state)
{
    static const struct row rows[] = {
        {"<p>One</p><p>Two<br>Three", "One Two Three"},
        {"<ul><li>a<li>b</ul>", "a b"},
        {"<pre>a\n  b</pre>", "a b"},
        {" Caf&eacute;\n <b>noir</b> ", "Café noir"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_line_from_html);
}

static void text_from_plain_folds_blank_lines(void **state)
{
    static const struct row rows[] = {
        {"\n\n a\r\n \t\r\n\r\n\r\nb  \n  c <b>&amp;\n\n", "a\n\nb\n  c <b>&amp;"},
        {"", ""},
        {" \n ", ""},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), text_from_plain);
}

static void text_looks_like_html_wants_a_known_tag_or_reference(void **state)
{
    static const char *const yes[] = {"a <b>b",  "x</p>", "a&nbsp;b",
                                      "&#8217;", "<br/>", "<IMG src=x>"};
    static const char *const no[] = {"",       "a < b > c", "AT&T",       "<foo>",
                                     "R&D; x", "I <b you",  "&copy 2020", "List<String>"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        assert_true(text_looks_like_html(str_of(yes[i])));
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        assert_false(text_looks_like_html(str_of(no[i])));
}

/* What a browser would read in quadratic time, or swallow. */
static void text_from_html_reads_hostile_markup_in_linear_time(void **state)
{
    static const char *const pieces[] = {"<",        "<a b=\"",   "<!--",  "<template>",
                                         "<iframe>", "<script",   "</",    "<p hidden>",
                                         "&",        "<![CDATA[", "<pre> "};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        struct strbuf in = {.max = 1 << 21}, out = {.max = 1 << 21};

        while (strbuf_add_text(&in, pieces[i]) == 0 && in.n < (1 << 20))
            ;
        assert_int_equal(text_from_html(strbuf_str(&in), &out), 0);
        (void)text_looks_like_html(strbuf_str(&in));
        strbuf_fini(&in);
        strbuf_fini(&out);
    }
}

static void text_steady_hash_ignores_what_counts_by_itself(void **state)
{
    static const char *const same[][2] = {
        {"Rain (12 comments)", "Rain (1 comment)"},
        {"Rain. Comments: 12", "Rain. Comments: 1,013"},
        {"Rain Comments (12)", "Rain Comments (3)"},
        {"Rain – no comments", "Rain – 7 comments"},
        {"3,412 views | Rain", "1.2M views | Rain"},
        {"Posted 5 minutes ago", "Posted 2 hours ago"},
        {"Posted just now", "Posted an hour ago"},
        {"vor 5 Minuten", "vor 2 Stunden"},
        {"il y a 5 minutes", "il y a 2 heures"},
        {"hace 5 minutos", "hace 2 horas"},
        {"5分钟前", "2小时前"},
        {"5 минут назад", "2 часа назад"},
        {"12 Kommentare", "13 Kommentare"},
        {"see <https://a.example/x?utm_source=1> there",
         "see <https://a.example/x?utm_source=2> there"},
        {"Rain\n\nand  wind", "Rain and\twind"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        uint64_t a = text_steady_hash(str_of(same[i][0]), 0);

        if (a != text_steady_hash(str_of(same[i][1]), 0))
            print_message("row %zu: %s\n", i, same[i][0]);
        assert_int_equal(a, text_steady_hash(str_of(same[i][1]), 0));
    }
}

static void text_steady_hash_takes_what_is_absent(void **state)
{
    (void)state;
    assert_int_equal(text_steady_hash((struct str){NULL, 0}, 1),
                     text_steady_hash(STR(" "), 1));
}

static void text_steady_hash_sees_what_somebody_wrote(void **state)
{
    static const char *const differ[][2] = {
        {"12 people died", "13 people died"},
        {"won by 5 points", "won by 6 points"},
        {"1,234 votes", "1,235 votes"},
        {"sold 500 shares", "sold 600 shares"},
        {"founded 5 years ago", "founded 6 years ago"},
        {"Rain at 5", "Rain at 6"},
        {"Comments are open", "Comments are closed"},
        {"see https://a.example/x?id=1", "see https://a.example/x?id=2"},
        {"Rain (12 comments)", "Snow (12 comments)"},
        {"after 5 minutes", "after 6 minutes"},
        {"", "a"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(differ); i++) {
        uint64_t a = text_steady_hash(str_of(differ[i][0]), 0);

        if (a == text_steady_hash(str_of(differ[i][1]), 0))
            print_message("row %zu: %s\n", i, differ[i][0]);
        assert_int_not_equal(a, text_steady_hash(str_of(differ[i][1]), 0));
    }
}

static int with_extras(struct str html, struct strbuf *out)
{
    static const struct html_options o = {true, true,
                                          STR_INIT("https://f.example/news/")};

    return text_from_html_with(html, &o, out);
}

static void text_from_html_adds_pictures_and_links_where_asked(void **state)
{
    static const struct row rows[] = {
        {"<p>a<img src=x alt='The &quot;sea&quot; '>b</p>", "a [The \"sea\"] b"},
        {"a<img src=x>b<img alt=''>c<img hidden alt=x>d", "abcd"},
        {"see <a href='/x?a=1&amp;b=2'>the report</a>.",
         "see the report <https://f.example/x?a=1&b=2>."},
        {"<a href=\"x\">here</a>", "here <https://f.example/news/x>"},
        {"<a href='https://a.example/'>a.example</a>", "a.example"},
        {"<a href='https://a.example/x'> https://a.example/x </a>",
         "https://a.example/x"},
        {"<a href='mailto:x@a.example'>write</a>, <a href='javascript:x()'>do</a>",
         "write, do"},
        {"<a href='/1'>one <a href='/2'>two</a>",
         "one <https://f.example/1> two <https://f.example/2>"},
        {"<a name=x>anchor</a> <a href='/x'></a>end</a>", "anchor end"},
        {"<a href='/x'><img src=x alt=Map></a>", "[Map] <https://f.example/x>"},
        {"<a href='/x'>never closed", "never closed"},
        {"<span hidden><a href='/x'>x</a></span>b", "b"},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows), with_extras);
}

/* Addresses that fill more than is allowed are left out, the words stay. */
static void text_from_html_bounds_the_addresses(void **state)
{
    struct strbuf in = {.max = 1 << 24}, out = {.max = 1 << 24};
    size_t n = 40000, n_words = 0;

    (void)state;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(strbuf_add_text(&in, "<a href=/x>w</a> "), 0);
    assert_int_equal(with_extras(strbuf_str(&in), &out), 0);
    for (size_t i = 0; i < out.n; i++)
        n_words += out.p[i] == 'w';
    assert_int_equal(n_words, n);
    assert_true(out.n < n * 2 + HTML_LINK_BYTES * 2);
    strbuf_fini(&in);
    strbuf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_steady_hash_ignores_what_counts_by_itself),
        cmocka_unit_test(text_steady_hash_takes_what_is_absent),
        cmocka_unit_test(text_steady_hash_sees_what_somebody_wrote),
        cmocka_unit_test(text_clean_repairs_what_is_not_text),
        cmocka_unit_test(text_clean_agrees_with_the_standard_on_every_code_point),
        cmocka_unit_test(text_clean_stops_at_the_bound_of_the_buffer),
        cmocka_unit_test(text_from_html_keeps_the_shape_of_a_text),
        cmocka_unit_test(text_from_html_adds_pictures_and_links_where_asked),
        cmocka_unit_test(text_from_html_bounds_the_addresses),
        cmocka_unit_test(text_from_html_drops_what_is_not_read),
        cmocka_unit_test(text_from_html_survives_broken_markup),
        cmocka_unit_test(text_from_html_decodes_references_once),
        cmocka_unit_test(text_line_from_html_is_one_line),
        cmocka_unit_test(text_from_plain_folds_blank_lines),
        cmocka_unit_test(text_looks_like_html_wants_a_known_tag_or_reference),
        cmocka_unit_test(text_from_html_reads_hostile_markup_in_linear_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
