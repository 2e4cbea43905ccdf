/* Documents as they are found, not as they are specified: what is in them is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <zlib.h>

#include "feed_dump.h"

#define RSS(inside) \
    "<rss version=\"2.0\"><channel><title>t</title>" inside "</channel></rss>"

struct row {
    const char *document;
    size_t n_entries;
    const char *has; /* in the dump */
};

static const struct row rows[] = {
    {"<?xml version=\"1.0\" encoding='utf-8' ?? >" RSS("<item><title>a</title></item>"),
     1, "title a"},
    {"<?xml version=1.0 encoding=utf-8>" RSS("<item><title>a</title></item>"), 1,
     "well formed no"},
    {"<?xml version=\"1.0\" encoding=\"iso-8859-1\">" RSS(
         "<item><title>caf\xE9</title></item>"),
     1, "title café"},
    {"<rss><?xml version=\"1.0\"?><channel><item><title>a</title></item></channel></rss>",
     1, "title a"},
    {RSS("<item><title>a</title></item>") RSS("<item><title>second</title></item>"), 2,
     "another document in the same body"},
    {"<?xml version=\"1.0\"?>" RSS("<item/>") "\n<?xml version=\"1.0\"?>" RSS(
         "<item><title>second</title></item>"),
     2, "title second"},
    {"<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>a</title></entry></feed>"
     "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>b</title></entry></feed>",
     2, "title b"},
    {RSS("<item><title><![CDATA[open</title><link>http://a.example/1</link></item>"
         "<item><title>b</title></item>"),
     2, "title open"},
    {RSS("<item><description><![CDATA[open &amp; <b>bold</b></description></item>"
         "<item><title><![CDATA[closed]]></title></item>"),
     2, "a CDATA section that is never closed"},
    {RSS("<item><description><![CDATA[an </title></item> in it]]></description></item>"
         " & <item/>"),
     2, "summary an </title></item> in it"},
    {RSS("<item><title>a &nbsp;b &hellip; &nothing; AT&T</title></item>"), 1,
     "title a \xC2\xA0"
     "b … &nothing; AT&T"},
    {RSS("<item><title>a\x01\x02\x0B</title></item>"), 1, "title a\n"},
    {"<rss version=2.0><channel><item><enclosure url=http://a.example/x.mp3 length=5 "
     "type=audio/mpeg></item></channel></rss>",
     1, "file http://a.example/x.mp3 audio/mpeg 5 B"},
    {"<x:rss><x:channel><x:item><x:title>a</x:title></x:item></x:channel></x:rss>", 1,
     "title a"},
    {RSS("<item><title>one</title><item><title>two</title>"), 2, "title two"},
    {RSS("<item><TITLE>a</title></ITEM><item/>"), 2, "title a"},
    {"<?xml version=\"1.1\"?>" RSS("<item><title>a</title></item>"), 1, "title a"},
    {"\xEF\xBB\xBF\xEF\xBB\xBF \n<?xml version=\"1.0\"?>" RSS("<item/>"), 1, "title t"},
    {"<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:entry>"
     "<atom:title>prefixed</atom:title></atom:entry></atom:feed>",
     1, "title prefixed"},
    {"<feed><title>bare</title><entry><title>e</title></entry></feed>", 1, "title bare"},
    {"<RSS VERSION=\"2.0\"><CHANNEL><ITEM><TITLE>loud</TITLE></ITEM></CHANNEL></RSS>", 1,
     "title loud"},
    {"<rss "
     "xmlns=\"urn:nobody:knows\"><channel><item><title>a</title></item></channel></rss>",
     1, "title a"},
    {"<rss><channel><channel><item><title>twice</title></item></channel></channel></rss>",
     1, "title twice"},
    {"<rss><channel><title>t</title></channel><item><title>beside</title></item></rss>",
     1, "title beside"},
    {RSS("<item><dc:creator>No Namespace</dc:creator></item>"), 1, "author No Namespace"},
    {RSS("<item a=\"1\" a=\"2\"><title>a</title></item><item/>"), 2, "title a"},
    {"<br />\n<b>Warning</b>: on line <b>3</b>\n<?xml version=\"1.0\"?>" RSS("<item/>"),
     1, "bytes before the markup"},
    {RSS("<item/>") "\n<script>junk</script> & more", 1, "well formed no"},
    {RSS("<item><description><p>Hi<br>there</p> & more</description></item><item/>"), 2,
     "summary <p>Hi<br />there</p> & more"},
    {RSS("<item><title>a</title><guid isPermaLink=\"true\">/p/1</guid></item>"), 1,
     "link from id http://feed.example/p/1"},
    {RSS("<item><guid>12345</guid></item>"), 1, "id 12345"},
    {RSS("<item><title>&lt;tag&gt; &amp;amp; text</title></item>"), 1,
     "title <tag> &amp; text"},
    {RSS("<item><link href=\"/x\"/></item>"), 1, "link http://feed.example/x"},
    {RSS("<item><link>\n  http://a.example/ü ber\n</link></item>"), 1,
     "link http://a.example/%C3%BC%20ber"},
    {RSS("<item><author>me@a.example (My Name)</author></item>"), 1,
     "author My Name <me@a.example>"},
    {RSS("<item><author>My Name &lt;me@a.example&gt;</author></item>"), 1,
     "author My Name <me@a.example>"},
    {RSS("<item><media:title "
         "xmlns:media='http://search.yahoo.com/mrss/'>second</media:title>"
         "<title>first</title></item>"),
     1, "title first"},
};

static void odd_documents_are_read(void **state)
{
    static const struct feed_options o = {.url = STR_INIT("http://feed.example/f")};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed_dump d = feed_dump(str_of(rows[i].document), SIZE_MAX / 2, &o);

        if (d.n_entries != rows[i].n_entries ||
            strstr(strbuf_cstr(&d.text), rows[i].has) == NULL)
            fail_msg("'%s' and %zu entries expected of\n%s\nfound\n%s", rows[i].has,
                     rows[i].n_entries, rows[i].document, strbuf_cstr(&d.text));
        feed_dump_fini(&d);
    }
}

/* A receiver that wants no more gets no more. */
static int stop_at_second(void *ctx, const struct feed_entry *e)
{
    size_t *n = ctx;

    (void)e;
    return ++*n == 2 ? -1 : 0;
}

static void a_receiver_can_stop_the_parser(void **state)
{
    struct feed_options o = {0};
    size_t n = 0;
    struct feed_receiver r = {&n, stop_at_second, NULL};
    struct feed_parser *p = feed_parser_new(&o, &r);

    (void)state;
    (void)feed_parser_push(p, str_of(RSS("<item/><item/><item/><item/>")), NULL);

    assert_int_equal(feed_parser_finish(p, NULL), -1);
    assert_int_equal(n, 2);
    feed_parser_free(p);
}

/* ---- compressed, and nobody says so ---- */

static const struct feed_options packed_options = {
    .url = STR_INIT("http://feed.example/"), .max_bytes = 100000};

/* window: 31 gzip, 15 zlib. Free .p with free(). */
static struct str packed(const char *text, int window)
{
    z_stream z = {0};
    size_t room = strlen(text) + 100;
    char *out = malloc(room);

    assert_non_null(out);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, 0), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)strlen(text);
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&z);
    return (struct str){out, room - z.avail_out};
}

static void a_compressed_document_is_read(void **state)
{
    static const int windows[] = {31, 15};
    static const size_t pieces[] = {1, 7, 100000};

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct str body =
            packed(RSS("<item><title>inside</title></item>"), windows[i / 3]);
        struct feed_dump d = feed_dump(body, pieces[i % 3], &packed_options);

        assert_int_equal(d.rc, 0);
        assert_int_equal(d.n_entries, 1);
        assert_int_equal(d.n_warnings, 0);
        feed_dump_fini(&d);
        free((void *)(uintptr_t)body.p);
    }
}

static void members_behind_each_other_are_one_document(void **state)
{
    struct str a = packed("<rss><channel><item><title>a</title></item>", 31);
    struct str b = packed("<item><title>b</title></item></channel></rss>", 31);
    struct strbuf both = {.max = 4096};
    struct feed_dump d;

    (void)state;
    (void)strbuf_add(&both, a);
    (void)strbuf_add(&both, b);
    (void)strbuf_add_text(&both, "junk of the server");
    d = feed_dump(strbuf_str(&both), 64, &packed_options);

    assert_int_equal(d.rc, 0);
    assert_int_equal(d.n_entries, 2);
    feed_dump_fini(&d);
    strbuf_fini(&both);
    free((void *)(uintptr_t)a.p);
    free((void *)(uintptr_t)b.p);
}

/* Entries of text that does not compress to nothing. */
static void fill(struct strbuf *b, unsigned entries)
{
    unsigned v = 1;

    (void)strbuf_add_text(b, "<rss><channel>");
    for (unsigned i = 0; i < entries; i++) {
        (void)strbuf_addf(b, "<item><title>%u ", i);
        for (int k = 0; k < 40; k++)
            (void)strbuf_addf(b, "%x", v = v * 1103515245U + 12345U);
        (void)strbuf_add_text(b, "</title></item>");
    }
    (void)strbuf_add_text(b, "</channel></rss>");
}

static void a_compressed_document_cut_off_keeps_its_entries(void **state)
{
    struct strbuf b = {.max = 1 << 20};
    struct feed_dump d;
    struct str body;

    (void)state;
    fill(&b, 100);
    body = packed(strbuf_cstr(&b), 31);
    d = feed_dump(str_slice(body, 0, body.n / 2), 1000, &packed_options);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries > 10 && d.n_entries < 100);
    assert_non_null(
        strstr(strbuf_cstr(&d.text), "the compressed document ends too early"));
    feed_dump_fini(&d);
    free((void *)(uintptr_t)body.p);
    strbuf_fini(&b);
}

static void damage_in_a_compressed_document_keeps_what_came_before(void **state)
{
    struct strbuf b = {.max = 1 << 20};
    struct feed_dump d;
    struct str body;

    (void)state;
    fill(&b, 100);
    body = packed(strbuf_cstr(&b), 31);
    memset((char *)(uintptr_t)body.p + body.n / 2, 0xFF, 200);
    d = feed_dump(body, 1000, &packed_options);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries > 10 && d.n_entries < 100);
    assert_non_null(strstr(strbuf_cstr(&d.text), "the compressed document is damaged"));
    feed_dump_fini(&d);
    free((void *)(uintptr_t)body.p);
    strbuf_fini(&b);
}

static void the_bound_holds_for_what_was_unpacked(void **state)
{
    struct strbuf b = {.max = 1 << 20};
    struct feed_dump d;
    struct str body;

    (void)state;
    fill(&b, 500);
    body = packed(strbuf_cstr(&b), 31);
    d = feed_dump(body, 1000, &packed_options);

    assert_int_equal(d.rc, ERR_LIMIT);
    assert_non_null(strstr(strbuf_cstr(&d.text), "more than 0.1 MB when unpacked"));
    assert_true(d.n_entries > 10);
    feed_dump_fini(&d);
    free((void *)(uintptr_t)body.p);
    strbuf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_documents_are_read),
        cmocka_unit_test(a_receiver_can_stop_the_parser),
        cmocka_unit_test(a_compressed_document_is_read),
        cmocka_unit_test(members_behind_each_other_are_one_document),
        cmocka_unit_test(a_compressed_document_cut_off_keeps_its_entries),
        cmocka_unit_test(damage_in_a_compressed_document_keeps_what_came_before),
        cmocka_unit_test(the_bound_holds_for_what_was_unpacked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
