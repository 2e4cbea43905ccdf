#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/discovery.h"
#include "newsmq/os.h"

#define PAGE "https://news.example.org/world/index.html"

/* The URLs that the page names, one a line, '?' before the minor ones. */
static char *found_in(struct str page, struct str url)
{
    struct discovery l = {0};
    struct strbuf out = {.max = 1 << 20};

    discovery_read(page, url, &l);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(strbuf_addf(&out, "%s%s" STR_FMT, i > 0 ? "\n" : "",
                                     l.list[i].is_minor ? "?" : "",
                                     STR_ARG(l.list[i].url)),
                         0);
    discovery_fini(&l);
    return out.p != NULL ? strbuf_take(&out) : mem_strdup("");
}

static const struct {
    const char *page, *found;
} rows[] = {
    {"<link rel=alternate type=application/rss+xml href=/feed.xml>",
     "https://news.example.org/feed.xml"},
    {"<LINK HREF='a.xml' REL='Alternate' TYPE='Application/Atom+XML'/>",
     "https://news.example.org/world/a.xml"},
    {"<link rel=\" home  alternate\t\" type=\"application/feed+json; charset=utf-8\" "
     "href=\"f.json#x\">",
     "https://news.example.org/world/f.json"},
    {"<link rel='feed' href='/all'>", "https://news.example.org/all"},
    {"<link rel='feed' type='text/html' href='/all'>", ""},
    {"<link rel='alternate stylesheet' type='application/rss+xml' href='/all'>", ""},
    {"<link rel='stylesheet' type='text/css' href='/feed.css'>", ""},
    {"<link rel='alternate' type='text/html' href='/en' hreflang='en'>", ""},
    {"<link rel='alternate' hreflang='en' href='/rss'>", ""},
    {"<link rev='alternate' type='application/rss+xml' href='/rss'>", ""},
    {"<link rel=alternate type='application/rss+xml'>", ""},
    {"<link rel=alternate type='application/rss+xml' href=''>", ""},
    {"<link rel=alternate type='application/rss+xml' href='?a=1&amp;b=2&copy=3'>",
     "https://news.example.org/world/index.html?a=1&b=2&copy=3"},
    {"<link rel=alternate type='application/rss+xml' href='//cdn.example/r s.xml '>",
     "https://cdn.example/r%20s.xml"},
    {"<link rel=alternate type='application/rss+xml' href='ftp://a.example/x'>"
     "<link rel=alternate type='application/rss+xml' href='javascript:alert(1)'>"
     "<link rel=alternate type='application/rss+xml' href='http://'>",
     ""},
    {"<link rel=alternate type='application/rss+xml' href='feed://a.example/x'>"
     "<link rel=alternate type='application/rss+xml' href='feed:https://b.example/x'>",
     "http://a.example/x\nhttps://b.example/x"},
    /* the base, wherever it stands, and only the first */
    {"<link rel=alternate type='application/rss+xml' href='x.xml'><base href='/b/'>"
     "<base href='/c/'>",
     "https://news.example.org/b/x.xml"},
    {"<base target=_top><base href='https://b.example/'>"
     "<link rel=alternate type='application/rss+xml' href='x.xml'>",
     "https://b.example/x.xml"},
    {"<base href='data:x'><link rel=alternate type='application/rss+xml' href='x.xml'>",
     "https://news.example.org/world/x.xml"},
    /* not markup */
    {"<!-- <link rel=alternate type='application/rss+xml' href='x.xml'> -->", ""},
    {"<script>'<link rel=alternate type=application/rss+xml href=x.xml>'</script>"
     "<style><link rel=alternate type=application/rss+xml href=y.xml></style>"
     "<textarea><a href=/feed></textarea><a href=/rss>",
     "https://news.example.org/rss"},
    {"<link rel=alternate type='application/rss+xml' href='x.xml' <p <a href=/atom",
     ""}, /* cut off */
    /* order: declared, linked, minor; each once */
    {"<a href=/rss.xml>RSS</a>"
     "<link rel=alternate type=application/json href=/wp-json/1>"
     "<link rel=alternate type=application/rss+xml href=/comments/feed>"
     "<link rel=alternate type=application/rss+xml href=/feed title=News>"
     "<link rel=alternate type=application/atom+xml href=/feed/atom>"
     "<a href=/feed>again</a>",
     "https://news.example.org/feed\nhttps://news.example.org/feed/atom\n"
     "https://news.example.org/rss.xml\n?https://news.example.org/wp-json/1\n"
     "?https://news.example.org/comments/feed"},
    /* anchors */
    {"<a href='/news/feed/'>1</a><a href='x.rdf'>2</a><a href='/?feed=rss2'>3</a>"
     "<a href='http://feeds.example.net/abc'>4</a><a href='/en/rss-world.xml'>5</a>"
     "<a href='index.xml'>6</a><area href='/a.atom'>",
     "https://news.example.org/news/feed/\nhttps://news.example.org/world/x.rdf\n"
     "https://news.example.org/?feed=rss2\nhttp://feeds.example.net/abc\n"
     "https://news.example.org/en/rss-world.xml\n"
     "https://news.example.org/world/index.xml\nhttps://news.example.org/a.atom"},
    {"<a href='/feedback'>1</a><a href='/sitemap.xml'>2</a><a href='/atomic'>3</a>"
     "<a href='https://reader.example/i/https%3A%2F%2Fnews.example.org%2Ffeed'>4</a>"
     "<a href='https://reader.example/?u=https://news.example.org/feed'>5</a>"
     "<a href='mailto:rss@example.org'>6</a><a href='#rss'>7</a><a name=rss>8</a>"
     "<a href='https://feeds.example.net/'>9</a><a href='javascript:rss()'>10</a>",
     ""},
    {"", ""},
    {"<", ""},
    {"<link", ""},
    {"<a href=\"/feed", ""},
    {"<a href='/feed>one</a><a href=/rss>two</a>",
     "https://news.example.org/feed\nhttps://news.example.org/rss"},
};

static void feeds_are_found_in_pages(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *found = found_in(str_of(rows[i].page), STR(PAGE));

        if (strcmp(found, rows[i].found) != 0) {
            fprintf(stderr, "%s\n  found: %s\n  not: %s\n", rows[i].page, found,
                    rows[i].found);
            wrong++;
        }
        free(found);
    }
    assert_int_equal(wrong, 0);
}

static void titles_are_plain_text(void **state)
{
    struct discovery l = {0};

    (void)state;
    discovery_read(STR("<link rel=alternate type=application/rss+xml href=/f "
                       "title='Q &amp; A&#10;daily'>"),
                   STR(PAGE), &l);
    assert_int_equal(l.n, 1);
    assert_true(str_has_prefix(l.list[0].title, STR("Q & A")));
    assert_string_equal(discovery_basis_name(l.list[0].basis), "declared");
    discovery_fini(&l);
}

static void no_page_names_more_than_can_be_asked(void **state)
{
    struct strbuf page = {.max = 1 << 22};
    struct discovery l = {0};

    (void)state;
    for (unsigned i = 0; i < 10000; i++)
        assert_int_equal(strbuf_addf(&page, "<a href=/%u/feed>", i), 0);
    assert_int_equal(strbuf_add_text(&page, "<link rel=feed href=/best>"), 0);
    discovery_read(strbuf_str(&page), STR(PAGE), &l);
    assert_int_equal(l.n, DISCOVERY_MAX);
    assert_true(str_eq(l.list[0].url, STR("https://news.example.org/best")));
    discovery_fini(&l);
    strbuf_fini(&page);
}

static void well_known_places_are_guessed_in_the_folder_and_the_root(void **state)
{
    struct discovery l = {0};

    (void)state;
    discovery_guess(STR(PAGE), &l);
    assert_true(l.n > 8 && l.n <= 24);
    assert_true(str_eq(l.list[0].url, STR("https://news.example.org/world/feed")));
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.list[i].basis, DISCOVERY_GUESS);
    discovery_fini(&l);

    discovery_guess(STR("https://news.example.org"), &l);
    assert_true(l.n > 4 && l.n <= 12);
    assert_true(str_eq(l.list[0].url, STR("https://news.example.org/feed")));
    discovery_fini(&l);
}

/* Each page of the suite declares the one feed of its own number. */
static void the_pages_of_the_suite_name_their_feed(void **state)
{
    glob_t pages = {0};

    (void)state;
    if (glob(TEST_SHARED "/corpus/feeds/autodiscovery/*-*.html", 0, NULL, &pages) != 0)
        skip();
    for (size_t i = 0; i < pages.gl_pathc; i++) {
        const char *path = pages.gl_pathv[i], *name = strrchr(path, '/') + 1;
        char *wanted = mem_printf("%.*s.xml", (int)strcspn(name, "."), name);
        struct strbuf bytes = {.max = 1 << 20};
        struct discovery l = {0};

        assert_int_equal(os_read_file(path, 1 << 20, &bytes, NULL), 0);
        discovery_read(strbuf_str(&bytes),
                       STR("http://diveintomark.org/tests/client/autodiscovery/"), &l);
        if (l.n == 0 || !str_has_suffix(l.list[0].url, str_of(wanted)))
            fail_msg("%s: %zu found, the first is " STR_FMT, name, l.n,
                     STR_ARG(l.list[0].url));
        assert_true(l.n == 1 || l.list[1].basis != DISCOVERY_DECLARED);
        discovery_fini(&l);
        strbuf_fini(&bytes);
        free(wanted);
    }
    globfree(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeds_are_found_in_pages),
        cmocka_unit_test(titles_are_plain_text),
        cmocka_unit_test(no_page_names_more_than_can_be_asked),
        cmocka_unit_test(well_known_places_are_guessed_in_the_folder_and_the_root),
        cmocka_unit_test(the_pages_of_the_suite_name_their_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
