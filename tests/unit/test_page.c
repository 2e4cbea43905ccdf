/* The main text of pages, against what a person took for it (tests/data/pages): each page
   NAME.html has NAME.txt, the text or NOT CERTAIN. How near is told by the words of both:
   F1, the harmonic mean of what is right and of what was found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/page.h"
#include "newsmq/text.h"

#define F1_LEAST  0.97
#define WORDS_MAX 20000
#define URL       "https://news.example.org/2026/story"

static char *read_file(const char *name, const char *suffix, size_t *ret_n)
{
    char path[512];
    char *bytes = malloc(1 << 20);
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/pages/%s%s", TEST_DATA, name, suffix);
    f = fopen(path, "rb");
    if (f == NULL || bytes == NULL)
        fail_msg("%s", path);
    *ret_n = fread(bytes, 1, (1 << 20) - 1, f);
    bytes[*ret_n] = '\0';
    fclose(f);
    return bytes;
}

static int read_with(struct str bytes, const char *type, size_t max, struct arena *a,
                     struct page *ret, struct err *e)
{
    struct page_options o = {
        .url = STR(URL), .content_type = str_of(type), .max_text_bytes = max};

    return page_read(bytes, &o, a, ret, e);
}

static struct page read_text(const char *html, struct arena *a)
{
    struct page p = {0};
    struct err e = {0};

    if (read_with(str_of(html), "text/html; charset=utf-8", 0, a, &p, &e) < 0)
        fail_msg("%s", e.text);
    return p;
}

/* ---- the measure ---- */

static int by_number(const void *pa, const void *pb)
{
    const uint64_t *a = pa, *b = pb;

    return *a < *b ? -1 : *a > *b;
}

static bool is_word_end(uint32_t cp)
{
    return cp <= ' ' || cp == 0xA0 || cp == 0x3001 || cp == 0x3002 || cp == 0xFF0C;
}

/* Words as hashes, sorted; in scripts without spaces each character is one. */
static size_t words_of(struct str s, uint64_t *out)
{
    size_t n = 0, from = 0;

    for (size_t i = 0, len = 1; i <= s.n && n + 1 < WORDS_MAX; i += len) {
        uint32_t cp = ' ';

        len = 1;
        if (i < s.n)
            cp = utf8_decode(s.p + i, s.p + s.n, &len);
        if (cp >= 0x3040 && cp < 0xFB00)
            out[n++] = hash_xxh64(str_slice(s, i, i + len), 1);
        if (!is_word_end(cp) && !(cp >= 0x3040 && cp < 0xFB00))
            continue;
        if (i > from)
            out[n++] = hash_xxh64(str_slice(s, from, i), 0);
        from = i + len;
    }
    qsort(out, n, sizeof *out, by_number);
    return n;
}

static double f1_of(struct str got, struct str wanted)
{
    static uint64_t a[WORDS_MAX], b[WORDS_MAX];
    size_t n_a = words_of(got, a), n_b = words_of(wanted, b), both = 0;

    for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
        if (a[i] == b[k]) {
            both++;
            i++;
            k++;
        } else if (a[i] < b[k]) {
            i++;
        } else {
            k++;
        }
    }
    return n_a + n_b > 0 ? 2.0 * (double)both / (double)(n_a + n_b) : 0;
}

static double measure(const char *name)
{
    size_t n_html, n_text;
    char *html = read_file(name, ".html", &n_html),
         *text = read_file(name, ".txt", &n_text);
    struct str wanted = str_trim((struct str){text, n_text});
    struct arena a = {0};
    struct page p = {0};
    struct err e = {0};
    bool is_none = str_eq(wanted, STR("NOT CERTAIN"));
    double f1;

    if (read_with((struct str){html, n_html}, "text/html", 0, &a, &p, &e) < 0)
        fail_msg("%s: %s", name, e.text);
    f1 = is_none ? !p.is_article : f1_of(p.text, wanted);
    print_message("    %-14s %s F1 %.3f%s%s\n", name, is_none ? "none " : "found", f1,
                  p.is_article ? "" : ": ", p.is_article ? "" : p.why);
    if (f1 < F1_LEAST)
        print_message("%s: got\n" STR_FMT "\n", name, STR_ARG(p.text));
    arena_fini(&a);
    free(html);
    free(text);
    return f1;
}

static void pages_of_all_kinds_give_their_article_or_none(void **state)
{
    DIR *dir = opendir(TEST_DATA "/pages");
    double sum = 0, least = 1;
    unsigned n = 0;

    (void)state;
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir)) != NULL;) {
        char name[256];
        size_t len = strlen(d->d_name);
        double f1;

        if (len < 6 || len >= sizeof name || strcmp(d->d_name + len - 5, ".html") != 0)
            continue;
        memcpy(name, d->d_name, len - 5);
        name[len - 5] = '\0';
        f1 = measure(name);
        sum += f1;
        n++;
        least = f1 < least ? f1 : least;
    }
    closedir(dir);
    print_message("    %u pages, mean F1 %.3f, least %.3f\n", n, sum / n, least);

    assert_in_range(n, 12, 1000);
    assert_true(least >= F1_LEAST);
}

/* ---- what a page says of itself ---- */

static void assert_text(struct str got, const char *wanted)
{
    if (!str_eq(got, str_of(wanted)))
        fail_msg("wanted '%s', got '" STR_FMT "'", wanted, STR_ARG(got));
}

static struct page read_page(const char *name, struct arena *a)
{
    size_t n;
    char *html = read_file(name, ".html", &n);
    struct page p = {0};
    struct err e = {0};

    if (read_with((struct str){html, n}, NULL, 0, a, &p, &e) < 0)
        fail_msg("%s: %s", name, e.text);
    free(html);
    return p;
}

static void title_author_date_language_and_link_are_told(void **state)
{
    struct arena a = {0};
    struct page p = read_page("semantic", &a);

    (void)state;
    assert_text(p.title, "Night ferry to sail all year");
    assert_text(p.byline, "Morag Sinclair");
    assert_text(p.site, "The Firth Gazette");
    assert_text(p.language, "en-GB");
    assert_text(p.canonical, "https://news.example.org/2026/01/night-ferry");
    assert_true(p.published.known);
    assert_int_equal(p.published.ms, INT64_C(1768296000000));
    assert_false(p.is_teaser);
    arena_fini(&a);
}

static void the_beginning_of_what_must_be_paid_is_called_so(void **state)
{
    struct arena a = {0};
    struct page p = read_page("paywall", &a);

    (void)state;
    assert_true(p.is_article);
    assert_true(p.is_teaser);
    assert_text(p.byline, "Jonas Wirth, Ute Prinz");
    assert_int_equal(p.published.ms, INT64_C(1770098400000));
    arena_fini(&a);
}

#define LONG_P                                                                        \
    "<p>The mill has stood on the hill for two hundred years, and for most of them, " \
    "so the miller says, it has had wind enough, flour enough, and too many mice.</p>"

static void the_html_is_safe_and_its_links_are_whole(void **state)
{
    struct arena a = {0};
    struct page p = read_text(
        "<body><article>" LONG_P LONG_P "<p onclick='x()'>See <a href='../mice' "
        "onmouseover='y()'>the mice</a>, <a href='javascript:z()'>who</a> are many, and "
        "<img src=/m.png onerror=q() alt=mouse> how they live.</p></article></body>",
        &a);

    (void)state;
    assert_true(p.is_article);
    assert_int_not_equal(str_find(p.html, STR("https://news.example.org/mice"), 0),
                         SIZE_MAX);
    assert_int_not_equal(str_find(p.html, STR("https://news.example.org/m.png"), 0),
                         SIZE_MAX);
    assert_int_equal(str_find(p.html, STR("javascript"), 0), SIZE_MAX);
    assert_int_equal(str_find(p.html, STR("onclick"), 0), SIZE_MAX);
    assert_int_equal(str_find(p.html, STR("onerror"), 0), SIZE_MAX);
    arena_fini(&a);
}

static void a_date_that_is_not_certain_is_none(void **state)
{
    struct arena a = {0};
    struct page p =
        read_text("<head><meta name=datePublished content='03/04/2024'></head>"
                  "<body><article>" LONG_P LONG_P LONG_P "</article>",
                  &a);

    (void)state;
    assert_false(p.published.known);
    arena_fini(&a);
}

static void what_is_hidden_is_not_read(void **state)
{
    struct arena a = {0};
    struct page p =
        read_text("<body><article>" LONG_P LONG_P
                  "<div style='Display: none'><p>SECRET, not shown to any "
                  "reader of this page, ever.</p></div><p hidden>SECRET "
                  "again, in another way, and as long.</p>" LONG_P "</article>",
                  &a);

    (void)state;
    assert_true(p.is_article);
    assert_int_equal(str_find(p.text, STR("SECRET"), 0), SIZE_MAX);
    arena_fini(&a);
}

static void the_text_is_cut_at_its_bound(void **state)
{
    struct arena a = {0};
    struct page p = {0};
    struct err e = {0};

    (void)state;
    assert_int_equal(read_with(STR("<article>" LONG_P LONG_P LONG_P "</article>"), NULL,
                               250, &a, &p, &e),
                     0);
    assert_true(p.is_cut);
    assert_in_range(p.text.n, 200, 250);
    arena_fini(&a);
}

/* ---- what is no page, and what is meant to hurt ---- */

static void what_is_no_page_is_an_error(void **state)
{
    static const struct {
        const char *bytes, *type;
    } bad[] = {{"%PDF-1.4 …", "application/pdf"},
               {"{\"a\":1}", "application/json"},
               {"", "text/html"},
               {"just words", "text/html"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct arena a = {0};
        struct page p = {0};
        struct err e = {0};

        assert_int_equal(read_with(str_of(bad[i].bytes), bad[i].type, 0, &a, &p, &e),
                         ERR_FORMAT);
        assert_int_not_equal(e.text[0], '\0');
        arena_fini(&a);
    }
}

/* before, then unit until it is n bytes long, then after: what is not linear in n does
   not end before the test's limit */
static void hurt(const char *before, const char *unit, size_t n, const char *after)
{
    struct strbuf b = {.max = n + 65536};
    struct arena a = {.max = 64u << 20};
    struct page p = {0};
    struct err e = {0};

    (void)strbuf_add_text(&b, before);
    while (b.n < n)
        (void)strbuf_add_text(&b, unit);
    (void)strbuf_add_text(&b, after);
    (void)read_with(strbuf_str(&b), "text/html", 65536, &a, &p, &e); /* either is fine */
    assert_true(a.used <= a.max);
    strbuf_fini(&b);
    arena_fini(&a);
}

static void no_page_takes_long(void **state)
{
    const size_t n = (size_t)1 << 20;

    (void)state;
    hurt("<p ", "a=b ", n, ">x");
    hurt("<p ", "class=\"c\" ", n, ">x");
    hurt("", "<p a='", n, "");
    hurt("", "<div>", n, "text");
    hurt("", "<b><i><p>", n, "text");
    hurt("", "<!--", n, "");
    hurt("", "<script>", n, "");
    hurt("", "<svg>", n, "");
    hurt("", "<textarea></textare", n, "");
    hurt("", "<", n, "");
    hurt("", "</", n, "");
    hurt("", "&amp", n, "");
    hurt("", "&#", n, "");
    hurt("<p>", "word, ", n, "");
    hurt("", "<a href=x>y</a>", n, "");
    hurt("<article>", LONG_P, n, "");
    hurt("<table>", "<tr><td><table>", n, "");
    hurt("", "<h2><a href=1>t</a></h2><p>x</p>", n, "");
    hurt("<script type='application/ld+json'>", "[", n, "</script><p>x");
    hurt("<p class='", "aB", n, "'>x");
    hurt("", "\xff\xfe", n, "<p>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_all_kinds_give_their_article_or_none),
        cmocka_unit_test(title_author_date_language_and_link_are_told),
        cmocka_unit_test(the_beginning_of_what_must_be_paid_is_called_so),
        cmocka_unit_test(the_html_is_safe_and_its_links_are_whole),
        cmocka_unit_test(a_date_that_is_not_certain_is_none),
        cmocka_unit_test(what_is_hidden_is_not_read),
        cmocka_unit_test(the_text_is_cut_at_its_bound),
        cmocka_unit_test(what_is_no_page_is_an_error),
        cmocka_unit_test(no_page_takes_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
