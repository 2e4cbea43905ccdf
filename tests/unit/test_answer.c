/* What a transfer tells of redirects, wishes and deltas, against a real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/mem.h"

#include "../../daemon/fetch/transfer.h"
#include "feedserver.h"

static int on_bytes(void *ctx, struct str bytes, struct err *e)
{
    (void)ctx, (void)bytes, (void)e;
    return 0;
}

static char *this_machine[] = {(char *)(uintptr_t) "127.0.0.1"};
static const struct config_politeness politeness = {
    .user_agent = (char *)(uintptr_t) "newsmq/test",
    .allow_addresses = this_machine,
    .n_allow_addresses = 1,
};

/* Fetches url (taken) with the given validator and answers the finished transfer. */
static struct transfer *fetch(struct config_feed *feed, const char *url, const char *etag)
{
    struct transfer_request r = {
        .feed = feed, .url = url, .politeness = &politeness, .etag = etag};
    struct transfer_receiver to = {NULL, NULL, on_bytes};
    struct transfer *t = NULL;
    struct err e = {0};

    feed->timeout_ms = 20000;
    feed->connect_timeout_ms = 20000;
    feed->max_bytes = 1 << 20;
    assert_int_equal(transfer_new(&r, &to, &t, &e), 0);
    transfer_run(t);
    return t;
}

static void only_a_chain_of_lasting_hops_is_a_move(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/here", .body = STR_INIT("<rss/>")},
        {.path = "/301", .status = 301, .headers = {{"Location", "/here"}}},
        {.path = "/308", .status = 308, .headers = {{"Location", "/301"}}},
        {.path = "/302", .status = 302, .headers = {{"Location", "/here"}}},
        {.path = "/307", .status = 307, .headers = {{"Location", "/301"}}},
        {.path = "/301-302", .status = 301, .headers = {{"Location", "/302"}}},
        {.path = "/user",
         .status = 301,
         .headers = {{"Location", "http://u:p@127.0.0.1:1/"}}},
        {.path = "/missing", .status = 301, .headers = {{"Location", "/nothing"}}},
        {0},
    };
    static const struct {
        const char *path, *to; /* to: NULL when it is no move */
    } rows[] = {
        {"/here", NULL}, {"/301", "/here"},        {"/308", "/here"},
        {"/302", NULL},  {"/307", NULL},           {"/301-302", NULL},
        {"/user", NULL}, {"/missing", "/nothing"}, /* told, and of no use without a feed
                                                      behind it */
    };
    struct feedserver *s = feedserver_open(script);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config_feed feed = {.url = feedserver_url(s, rows[i].path)};
        char *to = rows[i].to != NULL ? feedserver_url(s, rows[i].to) : NULL;
        struct transfer *t = fetch(&feed, NULL, NULL);
        const char *got = transfer_get_answer(t)->permanent_url;

        if ((got == NULL) != (to == NULL))
            fprintf(stderr, "row %s\n", rows[i].path);
        assert_true((got == NULL) == (to == NULL));
        if (to != NULL)
            assert_string_equal(got, to);
        transfer_free(t);
        free(to);
        free(feed.url);
    }
    feedserver_close(s);
}

static void secrets_do_not_follow_a_feed_that_moved(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/f", .body = STR_INIT("x")},
                                                    {0}};
    struct feedserver *old = feedserver_open(script), *new = feedserver_open(script);
    struct config_pair header = {.key = "X-Secret", .value = "s"};
    struct config_feed feed = {.url = feedserver_url(old, "/f"),
                               .user = "u",
                               .password = "p",
                               .headers = &header,
                               .n_headers = 1};
    char *moved = feedserver_url(new, "/f");
    struct transfer *t = fetch(&feed, NULL, NULL);

    (void)state;
    assert_string_equal(feedserver_header(old, "/f", "X-Secret"), "s");
    transfer_free(t);
    t = fetch(&feed, moved, NULL);
    assert_int_equal(transfer_get_answer(t)->http_status, 200);
    assert_int_equal(feedserver_count(new, "/f"), 1);
    assert_string_equal(feedserver_header(new, "/f", "X-Secret"), "");
    assert_string_equal(feedserver_header(new, "/f", "Authorization"), "");
    transfer_free(t);
    free(moved);
    free(feed.url);
    feedserver_close(old);
    feedserver_close(new);
}

static void the_wishes_of_an_answer_are_read(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/f",
         .headers = {{"Cache-Control", "public, max-age=1800"}, {"Age", "300"}},
         .body = STR_INIT("x")},
        {.path = "/g",
         .headers = {{"Cache-Control", "public"}, {"Cache-Control", "max-age=60"}},
         .body = STR_INIT("x")},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct config_feed f = {.url = feedserver_url(s, "/f")};
    struct config_feed g = {.url = feedserver_url(s, "/g")};
    struct transfer *tf = fetch(&f, NULL, NULL), *tg = fetch(&g, NULL, NULL);

    (void)state;
    assert_int_equal(transfer_get_answer(tf)->fresh_ms, 1500000);
    assert_true(transfer_get_answer(tf)->fresh_by_max_age);
    assert_int_equal(transfer_get_answer(tg)->fresh_ms, 60000);
    transfer_free(tf);
    transfer_free(tg);
    free(f.url);
    free(g.url);
    feedserver_close(s);
}

/* RFC 3229 with the instance manipulation "feed". */
static void a_delta_is_asked_for_and_known_as_one(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/f",
         .status = 226,
         .headers = {{"IM", "feed"}, {"ETag", "\"2\""}},
         .body = STR_INIT("<rss/>")},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct config_feed feed = {.url = feedserver_url(s, "/f")};
    struct transfer *t = fetch(&feed, NULL, NULL);

    (void)state;
    assert_string_equal(feedserver_header(s, "/f", "A-IM"), ""); /* a delta to what? */
    transfer_free(t);
    t = fetch(&feed, NULL, "\"1\"");
    assert_string_equal(feedserver_header(s, "/f", "A-IM"), "feed");
    assert_int_equal(transfer_get_answer(t)->outcome, TRANSFER_DOCUMENT);
    assert_true(transfer_get_answer(t)->is_delta);
    assert_string_equal(transfer_get_answer(t)->etag, "\"2\"");
    transfer_free(t);
    free(feed.url);
    feedserver_close(s);
}

static void each_fault_has_its_problem(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/400", .status = 400},
        {.path = "/401", .status = 401},
        {.path = "/403", .status = 403},
        {.path = "/404", .status = 404},
        {.path = "/410", .status = 410},
        {.path = "/418", .status = 418},
        {.path = "/429", .status = 429},
        {.path = "/451", .status = 451},
        {.path = "/500", .status = 500},
        {.path = "/502", .status = 502},
        {.path = "/503", .status = 503},
        {.path = "/504", .status = 504},
        {.path = "/599", .status = 599},
        {.path = "/304", .status = 304},
        {.path = "/204", .status = 204},
        {.path = "/cut", .body = STR_INIT("0123456789"), .times = 99, .cut_after = 50},
        {.path = "/large", .body = STR_INIT("0123456789"), .times = 200000},
        {.path = "/loop", .status = 302, .headers = {{"Location", "/loop"}}},
        {.path = "/nowhere", .status = 302},
        {.path = "/ftp", .status = 307, .headers = {{"Location", "ftp://127.0.0.1/x"}}},
        {.path = "/gzip",
         .headers = {{"Content-Encoding", "gzip"}},
         .body = STR_INIT("no")},
        {0},
    };
    static const struct {
        const char *path, *code;
    } rows[] = {
        {"/400", "bad_request"},
        {"/401", "unauthorized"},
        {"/403", "forbidden"},
        {"/404", "not_found"},
        {"/410", "gone"},
        {"/418", "http_refused"},
        {"/429", "too_many_requests"},
        {"/451", "legal"},
        {"/500", "server_error"},
        {"/502", "bad_gateway"},
        {"/503", "unavailable"},
        {"/504", "bad_gateway"},
        {"/599", "server_error"},
        {"/304", "odd_status"},
        {"/204", "empty_body"},
        {"/cut", "cut_off"},
        {"/large", "too_large"},
        {"/loop", "redirect_loop"},
        {"/nowhere", "redirect_nowhere"},
        {"/ftp", "redirect_refused"},
        {"/gzip", "bad_compression"},
    };
    struct feedserver *s = feedserver_open(script);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config_feed feed = {.url = feedserver_url(s, rows[i].path)};
        struct transfer *t = fetch(&feed, NULL, NULL);
        const struct transfer_answer *a = transfer_get_answer(t);

        if (strcmp(problem_code(a->problem), rows[i].code) != 0)
            fprintf(stderr, "row %s: %s\n", rows[i].path, a->reason.text);
        assert_int_equal(a->outcome, TRANSFER_FAILED);
        assert_string_equal(problem_code(a->problem), rows[i].code);
        transfer_free(t);
        free(feed.url);
    }
    feedserver_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_chain_of_lasting_hops_is_a_move),
        cmocka_unit_test(secrets_do_not_follow_a_feed_that_moved),
        cmocka_unit_test(the_wishes_of_an_answer_are_read),
        cmocka_unit_test(a_delta_is_asked_for_and_known_as_one),
        cmocka_unit_test(each_fault_has_its_problem),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
