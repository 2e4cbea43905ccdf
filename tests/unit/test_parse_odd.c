/* Documents as they are found, not as they are specified: what is in them is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "feed_dump.h"

#define RSS(inside) \
    "<rss version=\"2.0\"><channel><title>t</title>" inside "</channel></rss>"

struct row {
    const char *document;
    size_t n_entries;
    const char *has; /* in the dump */
};

static const struct row rows[] = {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_documents_are_read),
        cmocka_unit_test(a_receiver_can_stop_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
