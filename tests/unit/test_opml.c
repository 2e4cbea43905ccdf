#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "newsmq/opml.h"
#include "newsmq/os.h"

static int read_bytes(struct str bytes, struct opml *ret, struct err *e)
{
    return opml_read(bytes, ret, e);
}

static int read_file(const char *name, struct opml *ret, struct err *e)
{
    struct strbuf path = {.max = 4096}, bytes = {.max = 1 << 20};
    int rc;

    assert_int_equal(strbuf_addf(&path, "%s/opml/%s", TEST_DATA, name), 0);
    assert_int_equal(os_read_file(path.p, bytes.max, &bytes, NULL), 0);
    rc = read_bytes(strbuf_str(&bytes), ret, e);
    strbuf_fini(&path);
    strbuf_fini(&bytes);
    return rc;
}

static void titles_become_ids(void **state)
{
    static const struct {
        const char *title, *slug;
    } rows[] = {
        {"BBC News - World", "bbc-news-world"},
        {"Le Monde – Économie", "le-monde-economie"},
        {"Łódź", "lodz"},
        {"Straße & Søn Æther", "strasse-son-aether"},
        {"l'Équipe d’Or", "lequipe-dor"},
        {"  ...Ars!!  Technica...  ", "ars-technica"},
        {"Ελληνικά BBC", "bbc"},
        {"ＦＵＬＬ １２", "full-12"},
        {"Новости", NULL},
        {"", NULL},
        {"---", NULL},
        {"123456789 123456789 123456789 123456789 123456789 x",
         "123456789-123456789-123456789-123456789-12345678"},
        {"\xFF\xFE"
         "ab\xC3",
         "ab"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *slug = opml_slug(str_of(rows[i].title));

        if (rows[i].slug == NULL ? slug != NULL
                                 : slug == NULL || strcmp(slug, rows[i].slug) != 0)
            fail_msg("'%s' gave '%s'", rows[i].title, slug != NULL ? slug : "(none)");
        free(slug);
    }
}

static void outlines_become_feeds_and_folders_groups(void **state)
{
    struct opml o;

    (void)state;
    assert_int_equal(read_file("nested.opml", &o, NULL), 0);
    assert_int_equal(o.n_feeds, 5);
    assert_string_equal(o.feeds[0].id, "le-matin-economie");
    assert_string_equal(o.feeds[0].url, "https://matin.example/rss?a=1&b=2");
    assert_string_equal(o.feeds[0].group, "world-news");
    assert_int_equal(o.feeds[0].line, 6);
    assert_string_equal(o.feeds[1].id, "strasse-example");
    assert_string_equal(o.feeds[1].url, "http://www.straße.example/rss");
    assert_string_equal(o.feeds[1].group, "world-news-sub");
    assert_string_equal(o.feeds[2].id, "lodz-dzis");
    assert_string_equal(o.feeds[2].url, "https://lodz.example/x");
    assert_null(o.feeds[3].group);
    assert_string_equal(o.feeds[3].id, "le-matin-economie-2");
    assert_string_equal(o.feeds[4].id, "news-example-8080");
    opml_fini(&o);
}

static void what_is_left_out_is_noted(void **state)
{
    struct opml o;

    (void)state;
    assert_int_equal(read_file("nested.opml", &o, NULL), 0);
    assert_int_equal(o.n_notes, 4);
    assert_int_equal(o.notes[0].line, 12);
    assert_string_equal(o.notes[0].text,
                        "left out: https://lodz.example/x is on line 9 already");
    assert_string_equal(o.notes[1].text, "left out: 'Nothing here' has no xmlUrl");
    assert_non_null(strstr(o.notes[2].text, "scheme"));
    assert_non_null(strstr(o.notes[3].text, "user or password"));
    opml_fini(&o);
}

static void a_broken_document_gives_what_it_has(void **state)
{
    struct opml o;

    (void)state;
    assert_int_equal(read_file("broken.opml", &o, NULL), 0);
    assert_true(o.n_feeds >= 2);
    assert_string_equal(o.feeds[1].id, "second");
    assert_true(o.n_notes >= 1);
    assert_non_null(strstr(o.notes[0].text, "broken XML"));
    opml_fini(&o);
}

static void other_encodings_are_read(void **state)
{
    struct opml o;

    (void)state;
    assert_int_equal(read_file("latin1.opml", &o, NULL), 0);
    assert_int_equal(o.n_feeds, 1);
    assert_string_equal(o.feeds[0].id, "cafe");
    assert_string_equal(o.feeds[0].title, "Café");
    opml_fini(&o);
}

static void a_document_type_is_refused(void **state)
{
    struct opml o;
    struct err e;

    (void)state;
    assert_int_equal(read_file("bomb.opml", &o, &e), ERR_FORMAT);
    assert_string_equal(e.text, "a DTD has no place in OPML");
}

static void what_is_no_opml_is_refused(void **state)
{
    static const char *const rows[] = {
        "", " ", "hello", "<html><body/></html>", "<rss version='2.0'/>", "{}", "<opm"};
    struct opml o;
    struct err e;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (read_bytes(str_of(rows[i]), &o, &e) != ERR_FORMAT)
            fail_msg("'%s' was taken", rows[i]);
}

static void deep_folders_are_survived(void **state)
{
    struct strbuf text = {.max = 1 << 20};
    struct opml o;

    (void)state;
    assert_int_equal(strbuf_add_text(&text, "<opml><body>"), 0);
    for (int i = 0; i < 200; i++)
        assert_int_equal(strbuf_addf(&text, "<outline text='f%d'>", i), 0);
    assert_int_equal(strbuf_add_text(&text, "<outline xmlUrl='https://x.example/'/>"), 0);
    assert_int_equal(read_bytes(strbuf_str(&text), &o, NULL), 0);
    assert_int_equal(o.n_feeds, 1);
    assert_true(strlen(o.feeds[0].group) <= 63);
    opml_fini(&o);
    strbuf_fini(&text);
}

static void an_import_reads_as_a_configuration_and_exports_again(void **state)
{
    char path[] = "/tmp/newsmq-test-opml-XXXXXX";
    struct strbuf yaml = {.max = 1 << 20}, xml = {.max = 1 << 20};
    struct config_faults faults = {0};
    struct config *c = NULL;
    struct opml o, again;
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(read_file("nested.opml", &o, NULL), 0);
    assert_int_equal(opml_write_yaml(&o, &yaml), 0);
    assert_int_equal(os_write_all(fd, strbuf_str(&yaml), NULL), 0);
    assert_int_equal(config_load(path, NULL, &c, &faults), 0);
    assert_int_equal(c->n_feeds, o.n_feeds);
    assert_int_equal(opml_write(c, &xml), 0);
    assert_int_equal(read_bytes(strbuf_str(&xml), &again, NULL), 0);
    assert_int_equal(again.n_feeds, o.n_feeds);
    assert_int_equal(again.n_notes, 0);
    for (size_t i = 0; i < again.n_feeds; i++)
        for (size_t j = 0; j < o.n_feeds; j++)
            if (strcmp(again.feeds[i].id, o.feeds[j].id) == 0) {
                assert_string_equal(again.feeds[i].url, o.feeds[j].url);
                if (o.feeds[j].group != NULL)
                    assert_string_equal(again.feeds[i].group, o.feeds[j].group);
            }
    close(fd);
    unlink(path);
    opml_fini(&o);
    opml_fini(&again);
    config_free(c);
    config_faults_fini(&faults);
    strbuf_fini(&yaml);
    strbuf_fini(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_become_ids),
        cmocka_unit_test(outlines_become_feeds_and_folders_groups),
        cmocka_unit_test(what_is_left_out_is_noted),
        cmocka_unit_test(a_broken_document_gives_what_it_has),
        cmocka_unit_test(other_encodings_are_read),
        cmocka_unit_test(a_document_type_is_refused),
        cmocka_unit_test(what_is_no_opml_is_refused),
        cmocka_unit_test(deep_folders_are_survived),
        cmocka_unit_test(an_import_reads_as_a_configuration_and_exports_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
