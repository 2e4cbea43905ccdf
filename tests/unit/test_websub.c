/* WebSub without a network: Link headers, signatures, and how a subscription goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "../../daemon/fetch/link_header.h"
#include "../../daemon/fetch/schedule.h"
#include "../../daemon/fetch/websub_discover.h"
#include "../../daemon/fetch/websub_sign.h"
#include "../../daemon/fetch/websub_state.h"

#define NOW INT64_C(1764000000000)

/* ---- Link headers ---- */

static void links_are_found_by_their_rel(void **state)
{
    static const struct {
        const char *header, *rel, *target; /* NULL: none */
    } rows[] = {
        {"<https://hub.example.org/>; rel=\"hub\"", "hub", "https://hub.example.org/"},
        {"<https://hub.example.org/>; rel=hub", "hub", "https://hub.example.org/"},
        {"<a>;rel=hub,<b>;rel=self", "self", "b"},
        {"<a>; rel=\"hub\", <b>; rel=\"self\"", "self", "b"},
        {"<a>; REL=\"other Self\"", "self", "a"},
        {"<a>; title=\"x, <b>; rel=hub\"; rel=self, <c>; rel=hub", "hub", "c"},
        {"<a>; title=\"say \\\"hub\\\"; rel=self\"; rel=hub", "hub", "a"},
        {"<a>; title=\"say \\\"hub\\\"; rel=self\"; rel=hub", "self", NULL},
        {"<a>; rel=self; rel=hub", "hub", NULL}, /* only the first counts */
        {"<a>; rel=hub; anchor=\"/other\", <b>; rel=hub", "hub", "b"},
        {"< a >;rel=hub", "hub", "a"},
        {"<>; rel=hub", "hub", NULL},
        {"<a>", "hub", NULL},
        {"", "hub", NULL},
        {"a; rel=hub", "hub", NULL},
        {"<a", "hub", NULL},
        {"<a>; rel=\"hub", "hub", "a"},
        {"<a>; rel", "hub", NULL},
        {"junk, ,<a> ; = ;; rel = \"hub\" ,", "hub", "a"},
        {"<a,b;c>; rel=hub", "hub", "a,b;c"},
        {"<a>; rel=hubs", "hub", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str found = link_header_find(str_of(rows[i].header), str_of(rows[i].rel));
        bool fits = rows[i].target == NULL ? found.p == NULL
                                           : str_eq(found, str_of(rows[i].target));

        if (!fits)
            fail_msg("%s: %s gives '" STR_FMT "'", rows[i].header, rows[i].rel,
                     STR_ARG(found));
    }
}

/* ---- discovery ---- */

struct named {
    char *hub, *topic;
};

static struct named discover(const char *links, const char *hub, const char *self,
                             const char *url)
{
    struct feed_meta m = {.hub = str_of(hub), .self = str_of(self)};
    struct named n = {NULL, NULL};

    websub_discover(str_of(links), &m, str_of(url), &n.hub, &n.topic);
    return n;
}

static void expect_named(struct named n, const char *hub, const char *topic)
{
    if (hub == NULL) {
        assert_null(n.hub);
        assert_null(n.topic);
        return;
    }
    assert_string_equal(n.hub, hub);
    assert_string_equal(n.topic, topic);
    free(n.hub);
    free(n.topic);
}

static void headers_go_before_the_document(void **state)
{
    (void)state;

    expect_named(discover("</hub>; rel=hub, </own>; rel=self", "https://other.example/",
                          "https://a.example/other", "https://a.example/feed"),
                 "https://a.example/hub", "https://a.example/own");
    expect_named(discover(NULL, "https://hub.example/", "https://a.example/self",
                          "https://a.example/feed"),
                 "https://hub.example/", "https://a.example/self");
    expect_named(discover("<https://hub.example/>; rel=hub", NULL, "https://a.example/s",
                          "https://a.example/feed"),
                 "https://hub.example/", "https://a.example/s");
}

static void a_feed_without_self_is_its_own_topic(void **state)
{
    (void)state;

    expect_named(
        discover("<https://hub.example/>; rel=hub", NULL, NULL, "https://a.example/feed"),
        "https://hub.example/", "https://a.example/feed");
}

static void only_a_web_server_is_a_hub(void **state)
{
    (void)state;

    expect_named(discover(NULL, NULL, "https://a.example/s", "https://a.example/f"), NULL,
                 NULL);
    expect_named(discover("<file:///etc/passwd>; rel=hub", NULL, NULL, "https://a.b/f"),
                 NULL, NULL);
    expect_named(discover("<javascript:x>; rel=hub", "https://hub.example/", NULL,
                          "https://a.example/f"),
                 "https://hub.example/", "https://a.example/f");
    expect_named(discover(NULL, "https://hub.example/", NULL, "file:///a.xml"), NULL,
                 NULL);
}

/* ---- signatures ---- */

static void signatures_of_all_methods_fit(void **state)
{
    /* RFC 2202 and RFC 4231, case 2 */
    const struct str secret = STR("Jefe"), body = STR("what do ya want for nothing?");
    static const char *const good[] = {
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
        "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
        "8e2240ca5e69e2c78b3239ecfab21649",
        "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!websub_sign_fits(str_of(good[i]), secret, body))
            fail_msg("%s does not fit", good[i]);
}

static void a_wrong_signature_does_not_fit(void **state)
{
    const struct str secret = STR("Jefe"), body = STR("what do ya want for nothing?");
    static const char *const bad[] = {
        "",
        "sha1",
        "sha1=",
        "=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "md5=750c783e6ab0b503eaa86e310a5db738",
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c78",
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c",
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c7900",
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7cxx",
        "sha256=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (websub_sign_fits(str_of(bad[i]), secret, body))
            fail_msg("'%s' fits", bad[i]);
    assert_false(websub_sign_fits(STR("sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
                                  secret, STR("what do ya want for nothing!")));
    assert_false(websub_sign_fits(STR("sha1=fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
                                  STR(""), STR(""))); /* no secret signs nothing */
}

/* ---- how a subscription goes ---- */

static struct websub_state subscribed(int64_t lease_s)
{
    struct websub_state s = {0};

    assert_true(
        websub_found(&s, STR("https://h/"), STR("https://t/"), "tok", "sec", NOW));
    websub_asked(&s, "https://me/", NOW);
    websub_verified(&s, lease_s, 7, NOW);
    return s;
}

static void what_was_found_again_is_no_news(void **state)
{
    struct websub_state s = {0};

    (void)state;
    assert_false(websub_found(&s, (struct str){0}, (struct str){0}, "t", "s", NOW));
    assert_true(websub_found(&s, STR("https://h/"), STR("https://t/"), "one", "s", NOW));
    assert_false(websub_found(&s, STR("https://h/"), STR("https://t/"), "two", "s", NOW));
    assert_string_equal(s.token, "one");
    assert_true(websub_found(&s, STR("https://h/"), STR("https://u/"), "two", "s", NOW));
    assert_string_equal(s.token, "two");
    assert_int_equal(s.phase, WEBSUB_WANTED);
    assert_true(websub_found(&s, (struct str){0}, (struct str){0}, "t", "s", NOW));
    assert_int_equal(s.phase, WEBSUB_NONE);
    websub_state_fini(&s);
}

static void a_lease_is_renewed_in_its_second_last_tenth(void **state)
{
    struct websub_state s = subscribed(1000);

    (void)state;
    assert_true(websub_is_active(&s, NOW + 999 * SECOND_MS));
    assert_false(websub_is_active(&s, NOW + 1000 * SECOND_MS));
    assert_false(websub_is_due(&s, NOW + 799 * SECOND_MS));
    assert_true(websub_is_due(&s, NOW + 900 * SECOND_MS));
    websub_asked(&s, "https://me/", NOW + 900 * SECOND_MS);
    assert_int_equal(s.phase, WEBSUB_ACTIVE);
    assert_false(websub_is_due(&s, NOW + 950 * SECOND_MS));
    websub_verified(&s, 1000, 7, NOW + 950 * SECOND_MS);
    assert_true(websub_is_active(&s, NOW + 1949 * SECOND_MS));
    websub_state_fini(&s);
}

static void a_lease_that_ends_is_told_once(void **state)
{
    struct websub_state s = subscribed(10);

    (void)state;
    assert_false(websub_passed(&s, 1, NOW + 9 * SECOND_MS));
    assert_true(websub_passed(&s, 1, NOW + 10 * SECOND_MS));
    assert_int_equal(s.phase, WEBSUB_WANTED);
    assert_false(websub_passed(&s, 1, NOW + 10 * SECOND_MS));
    assert_true(websub_is_due(&s, NOW + 10 * SECOND_MS));
    websub_state_fini(&s);
}

static void a_lease_has_its_bounds(void **state)
{
    struct websub_state s = subscribed(0);

    (void)state;
    assert_int_equal(s.lease_ms, NOW + SECOND_MS);
    websub_verified(&s, INT32_MAX, 7, NOW);
    assert_int_equal(s.lease_ms, NOW + 365 * DAY_MS);
    websub_state_fini(&s);
}

static void failures_are_tried_again_ever_later(void **state)
{
    struct websub_state s = {0};
    int64_t before = 0;

    (void)state;
    websub_found(&s, STR("https://h/"), STR("https://t/"), "tok", "sec", NOW);
    for (int i = 0; i < 8; i++) {
        websub_asked(&s, "https://me/", NOW);
        websub_failed(&s, "no", 0, NOW);
        assert_true(s.next_ms - NOW > before);
        before = s.next_ms - NOW;
    }
    for (int i = 0; i < 100; i++)
        websub_failed(&s, "no", UINT64_MAX, NOW);
    assert_true(s.next_ms - NOW <= 2 * DAY_MS);
    assert_string_equal(s.reason, "no");
    websub_verified(&s, 100, 7, NOW);
    assert_int_equal(s.failures, 0);
    assert_null(s.reason);
    websub_state_fini(&s);
}

static void a_hub_that_never_verifies_has_failed(void **state)
{
    struct websub_state s = {0};

    (void)state;
    websub_found(&s, STR("https://h/"), STR("https://t/"), "tok", "sec", NOW);
    websub_asked(&s, "https://me/", NOW);
    assert_false(websub_passed(&s, 1, NOW + MINUTE_MS));
    assert_true(websub_passed(&s, 1, NOW + HOUR_MS));
    assert_int_equal(s.phase, WEBSUB_WANTED);
    assert_int_equal(s.failures, 1);
    websub_state_fini(&s);
}

static void a_denied_feed_is_asked_for_again_much_later(void **state)
{
    struct websub_state s = subscribed(1000);

    (void)state;
    websub_denied(&s, STR("not you"), NOW);
    assert_false(websub_is_active(&s, NOW));
    assert_false(websub_is_due(&s, NOW + HOUR_MS));
    assert_true(websub_is_due(&s, NOW + DAY_MS));
    assert_string_equal(s.reason, "not you");
    websub_state_fini(&s);
}

static void a_feed_that_is_pushed_is_polled_at_the_longest_interval(void **state)
{
    const struct schedule_rule rule = {.every_ms = 15 * MINUTE_MS,
                                       .min_every_ms = 5 * MINUTE_MS,
                                       .max_every_ms = 6 * HOUR_MS};
    struct schedule_past past = {.is_pushed = true};
    struct schedule_plan plan = schedule_plan(&rule, &past, STR("a"), NOW);

    (void)state;
    assert_int_equal(plan.by, WISH_PUSHED);
    assert_true(plan.due_ms >= NOW + 6 * HOUR_MS);
    past.failures = 1; /* a fault is looked after as ever */
    assert_int_equal(schedule_plan(&rule, &past, STR("a"), NOW).by, WISH_FAILURES);
}

/* ---- in the feed's state ---- */

static json_t *as_json(const struct websub_state *s)
{
    struct strbuf text = {.max = 1 << 16};
    struct jsonw j = jsonw_to(&text);
    json_t *all, *own;

    jsonw_object(&j);
    websub_state_write(s, &j);
    jsonw_object_end(&j);
    all = json_loadb(text.p, text.n, 0, NULL);
    assert_non_null(all);
    own = json_incref(json_object_get(all, "websub"));
    json_decref(all);
    strbuf_fini(&text);
    return own;
}

static void what_is_written_reads_back(void **state)
{
    struct websub_state s = subscribed(1000), back = {0};
    json_t *json = as_json(&s);

    (void)state;
    websub_state_read(json, &back);

    assert_int_equal(back.phase, WEBSUB_ACTIVE);
    assert_int_equal(back.lease_ms, s.lease_ms);
    assert_int_equal(back.next_ms, s.next_ms);
    assert_string_equal(back.token, "tok");
    assert_string_equal(back.secret, "sec");
    assert_string_equal(back.callback, "https://me/");
    json_decref(json);
    websub_state_fini(&s);
    websub_state_fini(&back);
}

static void half_a_subscription_is_none(void **state)
{
    struct websub_state s = subscribed(1000), back = {0};
    json_t *json = as_json(&s);

    (void)state;
    (void)json_object_del(json, "secret");
    websub_state_read(json, &back);

    assert_int_equal(back.phase, WEBSUB_NONE);
    assert_null(back.hub);
    json_decref(json);
    websub_state_fini(&s);
    websub_state_read(NULL, &back);
    assert_int_equal(back.phase, WEBSUB_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_found_by_their_rel),
        cmocka_unit_test(headers_go_before_the_document),
        cmocka_unit_test(a_feed_without_self_is_its_own_topic),
        cmocka_unit_test(only_a_web_server_is_a_hub),
        cmocka_unit_test(signatures_of_all_methods_fit),
        cmocka_unit_test(a_wrong_signature_does_not_fit),
        cmocka_unit_test(what_was_found_again_is_no_news),
        cmocka_unit_test(a_lease_is_renewed_in_its_second_last_tenth),
        cmocka_unit_test(a_lease_that_ends_is_told_once),
        cmocka_unit_test(a_lease_has_its_bounds),
        cmocka_unit_test(failures_are_tried_again_ever_later),
        cmocka_unit_test(a_hub_that_never_verifies_has_failed),
        cmocka_unit_test(a_denied_feed_is_asked_for_again_much_later),
        cmocka_unit_test(a_feed_that_is_pushed_is_polled_at_the_longest_interval),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(half_a_subscription_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
