#include <setjmp.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "newsmq/mem.h"

#include "../../daemon/fetch/transfer.h"
#include "feedserver.h"

#define ODD_ETAG "W/\"a b,c\\;\xc3\xa9'\""

/* Everything a test needs of one fetch. */
struct fetched {
    struct config_feed feed;
    struct config_politeness politeness;
    struct transfer *transfer;
    const struct transfer_answer *answer;
    struct strbuf body;
    unsigned starts;
    size_t stop_after;
};

static int on_start(void *ctx, const struct transfer_answer *a, struct err *e)
{
    struct fetched *f = ctx;

    (void)e;
    assert_non_null(a->url);
    f->starts++;
    return 0;
}

static int on_bytes(void *ctx, struct str bytes, struct err *e)
{
    struct fetched *f = ctx;

    (void)strbuf_add(&f->body, bytes); /* its maximum is enough for what is looked at */
    if (f->stop_after > 0 && f->body.n >= f->stop_after)
        return err_set(e, ERR_FORMAT, "enough");
    return 0;
}

static char *this_machine[] = {(char *)(uintptr_t) "127.0.0.1"};

static struct fetched fetch_setup(void)
{
    return (struct fetched){
        .politeness = {.user_agent = (char *)(uintptr_t) "newsmq/test",
                       .allow_addresses = this_machine,
                       .n_allow_addresses = 1},
        .feed = {.timeout_ms = 5000, .connect_timeout_ms = 2000, .max_bytes = 1 << 20},
        .body = {.max = 1 << 20},
    };
}

static void fetch_now(struct fetched *f, const char *etag, const char *last_modified)
{
    struct transfer_request r = {.feed = &f->feed,
                                 .politeness = &f->politeness,
                                 .etag = etag,
                                 .last_modified = last_modified};
    struct transfer_receiver to = {f, on_start, on_bytes};
    struct err e = {0};

    assert_int_equal(transfer_new(&r, &to, &f->transfer, &e), 0);
    transfer_run(f->transfer);
    f->answer = transfer_get_answer(f->transfer);
}

static void fetch_fini(struct fetched *f)
{
    transfer_free(f->transfer);
    strbuf_fini(&f->body);
    free(f->feed.url);
}

static void a_document_comes_with_its_headers(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/feed.xml",
         .headers = {{"ETag", ODD_ETAG},
                     {"Last-Modified", "Thursday, 1 Jan 1970 whenever"},
                     {"Content-Type", "application/rss+xml; charset=latin1"},
                     {"Content-Language", "fr"}},
         .body = STR_INIT("<rss/>")},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/feed.xml");
    fetch_now(&f, NULL, NULL);

    assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
    assert_int_equal(f.answer->http_status, 200);
    assert_string_equal(f.answer->http_version, "1.1");
    assert_string_equal(f.answer->etag, ODD_ETAG);
    assert_string_equal(f.answer->last_modified, "Thursday, 1 Jan 1970 whenever");
    assert_string_equal(f.answer->content_type, "application/rss+xml; charset=latin1");
    assert_string_equal(f.answer->content_language, "fr");
    assert_string_equal(f.answer->url, f.feed.url);
    assert_string_equal(strbuf_cstr(&f.body), "<rss/>");
    assert_string_equal(feedserver_header(s, "/feed.xml", "User-Agent"), "newsmq/test");
    assert_string_equal(feedserver_header(s, "/feed.xml", "If-None-Match"), "");
    fetch_fini(&f);
    feedserver_close(s);
}

static void validators_go_back_byte_for_byte(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/feed.xml",
         .headers = {{"ETag", ODD_ETAG}},
         .body = STR_INIT("<rss/>"),
         .conditional = true},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/feed.xml");
    fetch_now(&f, ODD_ETAG, "Thursday, 1 Jan 1970 whenever");

    assert_int_equal(f.answer->outcome, TRANSFER_UNCHANGED);
    assert_int_equal(f.answer->http_status, 304);
    assert_int_equal(f.starts, 0);
    assert_string_equal(feedserver_header(s, "/feed.xml", "If-Modified-Since"),
                        "Thursday, 1 Jan 1970 whenever");
    fetch_fini(&f);
    feedserver_close(s);
}

static void a_304_that_nobody_asked_for_is_a_failure(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/f", .status = 304}, {0}};
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/f");
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->outcome, TRANSFER_FAILED);
    fetch_fini(&f);
    feedserver_close(s);
}

static void a_failure_has_its_reason_in_words(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/404", .status = 404, .body = STR_INIT("<html>no</html>")},
        {.path = "/500", .status = 500},
        {.path = "/418", .status = 418},
        {.path = "/cut", .body = STR_INIT("0123456789"), .times = 100, .cut_after = 250},
        {.path = "/slow", .delay_ms = 1500, .body = STR_INIT("late")},
        {.path = "/large", .body = STR_INIT("0123456789"), .times = 200000},
        {.path = "/loop", .status = 302, .headers = {{"Location", "/loop"}}},
        {.path = "/nowhere", .status = 302},
        {.path = "/file", .status = 301, .headers = {{"Location", "file:///etc/passwd"}}},
        {.path = "/ftp", .status = 307, .headers = {{"Location", "ftp://127.0.0.1/x"}}},
        {.path = "/damaged",
         .headers = {{"Content-Encoding", "gzip"}},
         .body = STR_INIT("not gzip at all")},
        {0},
    };
    static const struct {
        const char *path, *reason;
    } rows[] = {
        {"/404", "HTTP 404: the feed is not there"},
        {"/500", "HTTP 500: an error inside the server"},
        {"/418", "HTTP 418: the server refuses"},
        {"/cut", "the connection was cut after 250 bytes"},
        {"/slow", "the server does not answer (timed out after"},
        {"/large", "larger than max_bytes (1.05 MB)"},
        {"/loop", "redirected more than 10 times"},
        {"/nowhere", "HTTP 302: a redirect to nowhere"},
        {"/file", "redirected to something that is not http or https"},
        {"/ftp", "redirected to something that is not http or https"},
        {"/damaged", "the compressed answer is damaged"},
    };
    struct feedserver *s = feedserver_open(script);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct fetched f = fetch_setup();

        f.feed.timeout_ms = i == 4 ? 300 : 5000;
        f.feed.url = feedserver_url(s, rows[i].path);
        fetch_now(&f, NULL, NULL);
        if (strstr(f.answer->reason.text, rows[i].reason) != f.answer->reason.text)
            fprintf(stderr, "%s: '%s'\n", rows[i].path, f.answer->reason.text);
        assert_int_equal(f.answer->outcome, TRANSFER_FAILED);
        assert_ptr_equal(strstr(f.answer->reason.text, rows[i].reason),
                         f.answer->reason.text);
        fetch_fini(&f);
    }
    assert_int_equal(feedserver_count(s, "/loop"), 11);
    feedserver_close(s);
}

static void nobody_listening_and_unknown_names_are_told(void **state)
{
    static const struct feedserver_page script[] = {{0}};
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup(), g = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/");
    feedserver_close(s);
    fetch_now(&f, NULL, NULL);
    assert_string_equal(f.answer->reason.text,
                        "the connection is refused: no server listens there");
    fetch_fini(&f);

    g.feed.url = mem_strdup("http://nobody.invalid/feed");
    fetch_now(&g, NULL, NULL);
    assert_int_equal(g.answer->outcome, TRANSFER_FAILED);
    assert_true(g.answer->reason.text[0] != '\0');
    fetch_fini(&g);
}

static void a_compressed_bomb_ends_at_the_limit(void **state)
{
    /* 100 MB of NULs, gzip of gzip would be smaller still; made by the test itself. */
    char *file = mem_strdup("/tmp/newsmq-bomb-XXXXXX");
    int fd = mkstemp(file);
    char *command = mem_printf("head -c 100000000 /dev/zero | gzip -9 > %s", file);
    struct feedserver_page script[] = {
        {.path = "/bomb", .headers = {{"Content-Encoding", "gzip"}}},
        {0},
    };
    struct fetched f = fetch_setup();
    struct strbuf bomb = {.max = 1 << 20};
    struct feedserver *s;
    ssize_t n;

    (void)state;
    assert_int_equal(system(command), 0);
    n = read(fd, strbuf_room(&bomb, 1 << 19), 1 << 19);
    assert_true(n > 0);
    script[0].body = (struct str){bomb.p, (size_t)n};
    s = feedserver_open(script);
    f.feed.url = feedserver_url(s, "/bomb");
    fetch_now(&f, NULL, NULL);

    assert_int_equal(f.answer->outcome, TRANSFER_FAILED);
    assert_int_equal(f.answer->reason.code, ERR_LIMIT);
    assert_true(f.answer->bytes <= f.feed.max_bytes);
    assert_int_equal(f.body.n, f.answer->bytes);
    fetch_fini(&f);
    feedserver_close(s);
    strbuf_fini(&bomb);
    close(fd);
    unlink(file);
    free(file);
    free(command);
}

static void redirects_are_followed_and_the_last_url_is_told(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/a",
         .status = 301,
         .headers = {{"Location", "b"}},
         .body = STR_INIT("moved")},
        {.path = "/b", .status = 308, .headers = {{"Location", "/c?x=1"}}},
        {.path = "/c", .body = STR_INIT("here")},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();
    char *last = feedserver_url(s, "/c?x=1");

    (void)state;
    f.feed.url = feedserver_url(s, "/a");
    fetch_now(&f, NULL, NULL);

    assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
    assert_string_equal(f.answer->url, last);
    assert_string_equal(strbuf_cstr(&f.body), "here");
    free(last);
    fetch_fini(&f);
    feedserver_close(s);
}

static void secrets_stay_with_the_origin_they_are_for(void **state)
{
    static const struct feedserver_page there[] = {
        {.path = "/feed", .body = STR_INIT("x")},
        {0},
    };
    struct feedserver *other = feedserver_open(there);
    char *url = feedserver_url(other, "/feed");
    struct feedserver_page here[] = {
        {.path = "/go", .status = 302, .headers = {{"Location", url}}},
        {0},
    };
    struct feedserver *s = feedserver_open(here);
    struct config_pair headers[] = {
        {(char *)(uintptr_t) "X-Api-Key", (char *)(uintptr_t) "s3cret"},
        {(char *)(uintptr_t) "Accept-Language", (char *)(uintptr_t) "en"}};
    struct fetched f = fetch_setup();

    (void)state;
    f.feed.headers = headers;
    f.feed.n_headers = 2;
    f.feed.user = (char *)(uintptr_t) "alice";
    f.feed.password = (char *)(uintptr_t) "wonder";
    f.feed.url = feedserver_url(s, "/go");
    fetch_now(&f, NULL, NULL);

    assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
    assert_string_equal(feedserver_header(s, "/go", "X-Api-Key"), "s3cret");
    assert_string_equal(feedserver_header(s, "/go", "Authorization"),
                        "Basic YWxpY2U6d29uZGVy");
    assert_string_equal(feedserver_header(other, "/feed", "X-Api-Key"), "");
    assert_string_equal(feedserver_header(other, "/feed", "Authorization"), "");
    assert_string_equal(feedserver_header(other, "/feed", "Accept-Language"), "en");
    free(url);
    fetch_fini(&f);
    feedserver_close(s);
    feedserver_close(other);
}

/* ---- addresses ---- */

static void private_addresses_are_refused_unless_allowed(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/f"}, {0}};
    static const struct {
        const char *host;
        bool allow_private;
        const char *allowed, *reason; /* NULL: it is fetched */
    } rows[] = {
        {"127.0.0.1", false, NULL,
         "the address 127.0.0.1 is refused (loopback); to allow"},
        {"127.0.0.1", false, "10.0.0.0/8", "the address 127.0.0.1 is refused"},
        {"127.0.0.1", false, "127.0.0.0/8", NULL},
        {"127.0.0.1", true, NULL, NULL},
        {"127.1", false, NULL, "the address 127.0.0.1 is refused"},
        {"0x7f000001", false, NULL, "the address 127.0.0.1 is refused"},
        {"2130706433", false, NULL, "the address 127.0.0.1 is refused"},
        {"localhost", false, NULL, "is refused (loopback)"},
        {"localhost", true, NULL, NULL},
        {"0.0.0.0", false, NULL, "the address 0.0.0.0 is refused (unspecified)"},
        {"0.0.0.0", true, NULL, "the address 0.0.0.0 is refused (unspecified)"},
        {"[::ffff:127.0.0.1]", false, NULL, "the address 127.0.0.1 is refused"},
        {"[::1]", false, NULL, "the address ::1 is refused (loopback)"},
    };
    struct feedserver *s = feedserver_open(script);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *list[] = {(char *)(uintptr_t)rows[i].allowed};
        struct fetched f = fetch_setup();
        unsigned before = feedserver_count(s, "/f");

        f.politeness.allow_addresses = list;
        f.politeness.n_allow_addresses = rows[i].allowed != NULL;
        f.feed.allow_private = rows[i].allow_private;
        f.feed.url = mem_printf("http://%s:%u/f", rows[i].host, feedserver_port(s));
        fetch_now(&f, NULL, NULL);
        if (rows[i].reason != NULL) {
            if (strstr(f.answer->reason.text, rows[i].reason) == NULL)
                fprintf(stderr, "%s: '%s'\n", rows[i].host, f.answer->reason.text);
            assert_int_equal(f.answer->outcome, TRANSFER_FAILED);
            assert_int_equal(f.answer->reason.code, -EPERM);
            assert_non_null(strstr(f.answer->reason.text, rows[i].reason));
            assert_int_equal(feedserver_count(s, "/f"), before);
        } else {
            assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
        }
        fetch_fini(&f);
    }
    feedserver_close(s);
}

static void a_redirect_to_a_private_address_is_refused(void **state)
{
    static const struct feedserver_page there[] = {{.path = "/secret"}, {0}};
    struct feedserver *inner = feedserver_open(there);
    char *url = mem_printf("http://127.0.0.2:%u/secret", feedserver_port(inner));
    struct feedserver_page here[] = {
        {.path = "/go", .status = 302, .headers = {{"Location", url}}},
        {.path = "/back", .status = 302, .headers = {{"Location", "/ok"}}},
        {.path = "/ok"},
        {0},
    };
    struct feedserver *s = feedserver_open(here);
    struct fetched f = fetch_setup(), g = fetch_setup();

    (void)state;
    f.politeness.n_allow_addresses = 0;
    f.feed.allow_private = true; /* for its own host, not for where it leads */
    f.feed.url = feedserver_url(s, "/go");
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->outcome, TRANSFER_FAILED);
    assert_non_null(
        strstr(f.answer->reason.text,
               "redirected, and the address 127.0.0.2 is refused (loopback)"));
    assert_non_null(strstr(f.answer->reason.text, "allow_addresses: [127.0.0.2]"));
    assert_int_equal(feedserver_count(inner, "/secret"), 0);
    fetch_fini(&f);

    g.politeness.n_allow_addresses = 0;
    g.feed.allow_private = true;
    g.feed.url = feedserver_url(s, "/back");
    fetch_now(&g, NULL, NULL);
    assert_int_equal(g.answer->outcome, TRANSFER_DOCUMENT);
    fetch_fini(&g);
    free(url);
    feedserver_close(s);
    feedserver_close(inner);
}

static void what_feeds_name_is_no_file_and_tells_no_password(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/page"}, {0}};
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();
    struct transfer_receiver to = {&f, on_start, on_bytes};
    struct transfer_request ask = {.feed = &f.feed, .politeness = &f.politeness};
    char *plain = feedserver_url(s, "/page");
    char *url = mem_printf("http://me:wonder@%s", plain + strlen("http://"));
    struct err e = {0};

    (void)state;
    f.feed.url = mem_strdup("https://news.example.org/feed");
    ask.url = "file:///etc/passwd";
    assert_int_equal(transfer_new(&ask, &to, &f.transfer, &e), -EINVAL);
    assert_non_null(strstr(e.text, "only a feed's own URL"));
    free(f.feed.url);
    f.feed.url = mem_strdup("file:///etc/hostname");
    assert_int_equal(transfer_new(&ask, &to, &f.transfer, &e), -EINVAL);

    ask.url = url;
    assert_int_equal(transfer_new(&ask, &to, &f.transfer, &e), 0);
    transfer_run(f.transfer);
    assert_int_equal(transfer_get_answer(f.transfer)->outcome, TRANSFER_DOCUMENT);
    assert_string_equal(transfer_get_answer(f.transfer)->url, plain);
    assert_string_equal(feedserver_header(s, "/page", "Authorization"), "");
    fetch_fini(&f);
    free(url);
    free(plain);
    feedserver_close(s);
}

static void a_connection_of_another_feed_opens_no_door(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/a"}, {.path = "/b"}, {0}};
    struct feedserver *s = feedserver_open(script);
    CURLSH *pool = curl_share_init();
    struct fetched f = fetch_setup(), g = fetch_setup();
    struct transfer_receiver to_f = {&f, on_start, on_bytes}, to_g = {&g, NULL, on_bytes};
    struct transfer_request ask = {.feed = &f.feed, .politeness = &f.politeness};
    long connects = -1;
    struct err e = {0};

    (void)state;
    curl_share_setopt(pool, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
    f.feed.url = feedserver_url(s, "/a");
    assert_int_equal(transfer_new(&ask, &to_f, &f.transfer, &e), 0);
    curl_easy_setopt(transfer_easy(f.transfer), CURLOPT_SHARE, pool);
    transfer_run(f.transfer);
    assert_int_equal(transfer_get_answer(f.transfer)->outcome, TRANSFER_DOCUMENT);

    ask = (struct transfer_request){.feed = &g.feed, .politeness = &g.politeness};
    g.politeness.n_allow_addresses = 0;
    g.feed.url = feedserver_url(s, "/b");
    assert_int_equal(transfer_new(&ask, &to_g, &g.transfer, &e), 0);
    curl_easy_setopt(transfer_easy(g.transfer), CURLOPT_SHARE, pool);
    transfer_run(g.transfer);
    curl_easy_getinfo(transfer_easy(g.transfer), CURLINFO_NUM_CONNECTS, &connects);
    assert_int_equal(connects, 0); /* it would have been used again */
    assert_int_equal(transfer_get_answer(g.transfer)->outcome, TRANSFER_FAILED);
    assert_int_equal(transfer_get_answer(g.transfer)->reason.code, -EPERM);
    assert_int_equal(feedserver_count(s, "/b"), 0);
    fetch_fini(&g);
    fetch_fini(&f);
    curl_share_cleanup(pool);
    feedserver_close(s);
}

static void retry_after_is_read(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/f", .status = 429, .headers = {{"Retry-After", "120"}}},
        {.path = "/g", .status = 503, .headers = {{"Retry-After", "99999999"}}},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup(), g = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/f");
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->retry_after_ms, 120000);
    g.feed.url = feedserver_url(s, "/g");
    fetch_now(&g, NULL, NULL);
    assert_int_equal(g.answer->retry_after_ms, 99999999000);
    fetch_fini(&f);
    fetch_fini(&g);
    feedserver_close(s);
}

static void the_receiver_may_end_it_with_its_own_reason(void **state)
{
    static const struct feedserver_page script[] = {
        {.path = "/f", .body = STR_INIT("0123456789"), .times = 50000},
        {0},
    };
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();

    (void)state;
    f.stop_after = 1;
    f.feed.url = feedserver_url(s, "/f");
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->outcome, TRANSFER_STOPPED);
    assert_string_equal(f.answer->reason.text, "enough");
    fetch_fini(&f);
    feedserver_close(s);
}

static void an_empty_document_is_started_too(void **state)
{
    static const struct feedserver_page script[] = {{.path = "/f"}, {0}};
    struct feedserver *s = feedserver_open(script);
    struct fetched f = fetch_setup();

    (void)state;
    f.feed.url = feedserver_url(s, "/f");
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
    assert_int_equal(f.starts, 1);
    fetch_fini(&f);
    feedserver_close(s);
}

static void files_are_read_and_only_regular_ones(void **state)
{
    char *dir = mem_strdup("/tmp/newsmq-fetch-XXXXXX");
    char *file, *fifo;
    struct fetched f = fetch_setup();
    struct transfer_receiver to = {&f, on_start, on_bytes};
    struct transfer_request r = {.feed = &f.feed, .politeness = &f.politeness};
    struct err e = {0};
    FILE *out;

    (void)state;
    assert_non_null(mkdtemp(dir));
    file = mem_printf("%s/a feed.xml", dir);
    fifo = mem_printf("%s/fifo", dir);
    out = fopen(file, "w");
    assert_non_null(out);
    fputs("<rss/>", out);
    fclose(out);
    assert_int_equal(mkfifo(fifo, 0600), 0);

    f.feed.url = mem_printf("file://%s/fifo", dir);
    assert_int_equal(transfer_new(&r, &to, &f.transfer, &e), -EINVAL);
    free(f.feed.url);
    f.feed.url = mem_printf("file://%s/absent.xml", dir);
    assert_int_equal(transfer_new(&r, &to, &f.transfer, &e), -ENOENT);
    free(f.feed.url);

    f.feed.url = mem_printf("file://%s/a%%20feed.xml", dir);
    fetch_now(&f, NULL, NULL);
    assert_int_equal(f.answer->outcome, TRANSFER_DOCUMENT);
    assert_int_equal(f.answer->http_status, 0);
    assert_string_equal(strbuf_cstr(&f.body), "<rss/>");
    fetch_fini(&f);
    unlink(file);
    unlink(fifo);
    rmdir(dir);
    free(file);
    free(fifo);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_with_its_headers),
        cmocka_unit_test(validators_go_back_byte_for_byte),
        cmocka_unit_test(a_304_that_nobody_asked_for_is_a_failure),
        cmocka_unit_test(a_failure_has_its_reason_in_words),
        cmocka_unit_test(nobody_listening_and_unknown_names_are_told),
        cmocka_unit_test(a_compressed_bomb_ends_at_the_limit),
        cmocka_unit_test(redirects_are_followed_and_the_last_url_is_told),
        cmocka_unit_test(secrets_stay_with_the_origin_they_are_for),
        cmocka_unit_test(private_addresses_are_refused_unless_allowed),
        cmocka_unit_test(a_redirect_to_a_private_address_is_refused),
        cmocka_unit_test(what_feeds_name_is_no_file_and_tells_no_password),
        cmocka_unit_test(a_connection_of_another_feed_opens_no_door),
        cmocka_unit_test(retry_after_is_read),
        cmocka_unit_test(the_receiver_may_end_it_with_its_own_reason),
        cmocka_unit_test(an_empty_document_is_started_too),
        cmocka_unit_test(files_are_read_and_only_regular_ones),
    };

    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
