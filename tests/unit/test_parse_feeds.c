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

/* Cut anywhere: no crash, and never an entry that the whole does not have. */
static void a_cut_document_keeps_the_entries_before_the_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct strbuf bytes = {0};
        struct feed_options o = options(&documents[i]);
        struct str all = read_data(documents[i].name, &bytes);
        struct feed_dump whole = feed_dump(all, SIZE_MAX / 2, &o);
        size_t before = 0;

        for (size_t n = 0; n < all.n; n++) {
            struct feed_dump d = feed_dump(str_slice(all, 0, n), SIZE_MAX / 2, &o);

            if (d.n_entries < before || d.n_entries > whole.n_entries)
                fail_msg("%s cut after %zu bytes has %zu entries", documents[i].name, n,
                         d.n_entries);
            before = d.n_entries;
            feed_dump_fini(&d);
        }
        feed_dump_fini(&whole);
        strbuf_fini(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read_as_expected),
        cmocka_unit_test(where_the_network_cuts_does_not_matter),
        cmocka_unit_test(a_cut_document_keeps_the_entries_before_the_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
