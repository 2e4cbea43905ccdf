/* Every document of tests/data/feeds with a NAME.expected beside it, in pieces of all
   sizes: where the network cuts must not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "newsmq/os.h"

#include "feed_dump.h"

struct document {
    const char *name, *content_type;
};

static const struct document documents[] = {
    {"rss20.xml", NULL},       {"rss092.xml", NULL},
    {"rdf10.xml", NULL},       {"atom10.xml", NULL},
    {"atom03.xml", NULL},      {"json11.json", NULL},
    {"podcast.xml", NULL},     {"broken_tags.xml", NULL},
    {"cut_off.xml", NULL},     {"latin1.xml", NULL},
    {"mixed_bytes.xml", NULL}, {"utf16.xml", NULL},
    {"koi8r.xml", NULL},       {"utf8_called_latin1.xml", "text/xml; charset=ISO-8859-1"},
};

static struct str read_data(const char *name, struct strbuf *out)
{
    char path[300];

    (void)snprintf(path, sizeof path, TEST_DATA "/feeds/%s", name);
    out->max = 1 << 20;
    if (os_read_file(path, 1 << 20, out, NULL) < 0)
        fail_msg("cannot read %s", path);
    return strbuf_str(out);
}

static struct feed_options options(const struct document *doc)
{
    return (struct feed_options){.url = STR_INIT("https://feed.example/dir/feed.xml"),
                                 .content_type = str_of(doc->content_type)};
}

static void a_document_is_read_as_expected(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct strbuf bytes = {0}, expected = {0};
        struct feed_options o = options(&documents[i]);
        char name[100];
        struct feed_dump d;

        (void)snprintf(name, sizeof name, "%.*s.expected",
                       (int)strcspn(documents[i].name, "."), documents[i].name);
        d = feed_dump(read_data(documents[i].name, &bytes), SIZE_MAX / 2, &o);
        read_data(name, &expected);
        if (strcmp(strbuf_cstr(&d.text), strbuf_cstr(&expected)) != 0)
            fail_msg("%s is read as\n%s", documents[i].name, strbuf_cstr(&d.text));
        feed_dump_fini(&d);
        strbuf_fini(&bytes);
        strbuf_fini(&expected);
    }
}

static void where_the_network_cuts_does_not_matter(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 7, 64, 1000};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct strbuf bytes = {0};
        struct feed_options o = options(&documents[i]);
        struct str all = read_data(documents[i].name, &bytes);
        struct feed_dump whole = feed_dump(all, SIZE_MAX / 2, &o);

        for (size_t k = 0; k < ARRAY_LEN(pieces); k++) {
            struct feed_dump d = feed_dump(all, pieces[k], &o);

            if (strcmp(strbuf_cstr(&d.text), strbuf_cstr(&whole.text)) != 0)
                fail_msg("%s in pieces of %zu is read as\n%s", documents[i].name,
                         pieces[k], strbuf_cstr(&d.text));
            feed_dump_fini(&d);
        }
        feed_dump_fini(&whole);
        strbuf_fini(&bytes);
    }
}

/* How many entries stand whole in the text, by their end tags. */
static size_t whole_entries(struct str text)
{
    static const struct str ends[] = {STR_INIT("</item>"), STR_INIT("</entry>")};
    size_t n = 0;

    for (size_t k = 0; k < ARRAY_LEN(ends); k++)
        for (size_t at = 0; (at = str_find(text, ends[k], at)) != SIZE_MAX; at++)
            n++;
    return n;
}

/* The lines of the entries alone. Free with strbuf_fini. */
static struct strbuf entry_lines(const struct feed_dump *d)
{
    struct strbuf lines = {.max = 1 << 20};
    struct str rest = strbuf_str(&d->text);

    while (rest.p != NULL) {
        struct str line = str_cut(&rest, '\n');

        if (str_has_prefix(line, STR("entry")) || str_has_prefix(line, STR("  "))) {
            (void)strbuf_add(&lines, line);
            (void)strbuf_add_char(&lines, '\n');
        }
    }
    return lines;
}

static void expect_the_start_of(const struct feed_dump *whole, const struct feed_dump *d,
                                const char *name, size_t cut)
{
    struct strbuf all = entry_lines(whole), some = entry_lines(d);

    if (!str_has_prefix(strbuf_str(&all), strbuf_str(&some)))
        fail_msg("%s cut after %zu bytes has\n%s", name, cut, strbuf_cstr(&some));
    strbuf_fini(&all);
    strbuf_fini(&some);
}

/* Where the document's last '>' or '}' is. */
static size_t last_mark(struct str all)
{
    size_t at = all.n;

    while (at > 0 && all.p[at - 1] != '>' && all.p[at - 1] != '}')
        at--;
    return at > 0 ? at - 1 : 0;
}

static void expect_cut(const struct document *doc, struct str all, size_t cut,
                       const struct feed_dump *whole, size_t piece)
{
    struct feed_options o = options(doc);
    struct str part = str_slice(all, 0, cut);
    struct feed_dump d = feed_dump(part, piece, &o);

    expect_the_start_of(whole, &d, doc->name, cut);
    if (d.n_entries < whole_entries(part))
        fail_msg("%s cut after %zu bytes has lost an entry", doc->name, cut);
    if (d.rc == 0 && cut <= last_mark(all) && d.n_warnings == 0)
        fail_msg("%s cut after %zu bytes: no word of it", doc->name, cut);
    if (d.rc < 0 && d.n_entries > 0)
        fail_msg("%s cut after %zu bytes is no feed", doc->name, cut);
    feed_dump_fini(&d);
}

/* Cut anywhere and pushed in any pieces: each entry that was whole is there as it is in
   the whole document, none else, and a warning says that something is missing. */
static void a_document_cut_at_any_byte_keeps_what_was_whole(void **state)
{
    static const size_t pieces[] = {SIZE_MAX / 2, 5, 1300};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct strbuf bytes = {0};
        struct feed_options o = options(&documents[i]);
        struct str all = read_data(documents[i].name, &bytes);
        struct feed_dump whole = feed_dump(all, SIZE_MAX / 2, &o);

        for (size_t cut = 0; cut < all.n; cut++)
            expect_cut(&documents[i], all, cut, &whole, pieces[cut % ARRAY_LEN(pieces)]);
        feed_dump_fini(&whole);
        strbuf_fini(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read_as_expected),
        cmocka_unit_test(where_the_network_cuts_does_not_matter),
        cmocka_unit_test(a_document_cut_at_any_byte_keeps_what_was_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
