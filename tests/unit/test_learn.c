/* What polls teach, over days: the time is an argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "../../daemon/fetch/learn.h"
#include "../../daemon/fetch/move.h"

#define NOW INT64_C(1795000000000) /* 18 November 2026, 11:06:40 UTC */
#define OLD "https://old.example.org/feed"
#define NEW "https://new.example.org/feed"

static struct config_feed feed = {.id = "a",
                                  .url = OLD,
                                  .max_bytes = 1 << 20,
                                  .max_items = 100,
                                  .stale_after_ms = DAY_MS};

static struct feed_state begin(void)
{
    struct feed_state s = {0};

    state_set(&s.url, str_of(OLD));
    return s;
}

/* One good poll with a document of these bytes. */
static void poll_document(struct feed_state *s, const char *body, const char *etag,
                          bool is_delta, int64_t now_ms)
{
    struct transfer_answer a = {.outcome = TRANSFER_DOCUMENT,
                                .http_status = is_delta ? 226 : 200,
                                .is_delta = is_delta,
                                .url = (char *)OLD,
                                .etag = (char *)etag};
    struct document d;
    struct err e = {0};

    document_init(&d, &feed, false);
    assert_int_equal(document_start(&d, &a, &e), 0);
    assert_int_equal(document_push(&d, str_of(body), &e), 0);
    assert_int_equal(document_finish(&d, &a, true, &e), 0);
    learn_document(s, &a, &d, now_ms);
    learn_success(s, now_ms);
    s->last_fetch_ms = now_ms;
    document_fini(&d);
}

static void poll_304(struct feed_state *s, const char *etag, const char *modified,
                     int64_t now_ms)
{
    struct transfer_answer a = {.outcome = TRANSFER_UNCHANGED,
                                .http_status = 304,
                                .etag = (char *)etag,
                                .last_modified = (char *)modified};

    learn_unchanged(s, &a, now_ms);
    learn_success(s, now_ms);
    s->last_fetch_ms = now_ms;
}

#define RSS(more) "<rss version='2.0'><channel><title>t</title>" more "</channel></rss>"
#define ITEM(id, date) \
    "<item><title>" id "</title><guid>" id "</guid><pubDate>" date "</pubDate></item>"
#define FIRST RSS(ITEM("1", "Tue, 17 Nov 2026 10:00:00 GMT"))

static void a_304_brings_new_validators(void **state)
{
    struct feed_state s = begin();

    (void)state;
    poll_document(&s, FIRST, "\"1\"", false, NOW);
    poll_304(&s, NULL, NULL, NOW + HOUR_MS);
    assert_string_equal(s.etag, "\"1\"");
    assert_null(s.last_modified);
    poll_304(&s, "W/\"1 b\"", "whenever", NOW + 2 * HOUR_MS);
    assert_string_equal(s.etag, "W/\"1 b\"");
    assert_string_equal(s.last_modified, "whenever");
    state_fini(&s);
}

static void after_eight_days_of_304_it_is_asked_in_full(void **state)
{
    struct feed_state s = begin();
    char *hash;

    (void)state;
    poll_document(&s, FIRST, "\"1\"", false, NOW);
    hash = mem_strdup(s.body_hash);
    for (int64_t t = HOUR_MS; t < 8 * DAY_MS; t += HOUR_MS) {
        poll_304(&s, NULL, "then", NOW + t);
        assert_string_equal(s.etag, "\"1\"");
    }
    poll_304(&s, NULL, NULL, NOW + 8 * DAY_MS);
    assert_null(s.etag);
    assert_null(s.last_modified);
    assert_string_equal(s.body_hash, hash); /* the same bytes are still no news */
    poll_document(&s, FIRST, "\"1\"", false, NOW + 8 * DAY_MS + HOUR_MS);
    assert_string_equal(s.etag, "\"1\"");
    assert_false(problem_has(s.notes, PROBLEM_FALSE_304));
    poll_304(&s, NULL, NULL, NOW + 15 * DAY_MS); /* counted from the document on */
    assert_string_equal(s.etag, "\"1\"");
    free(hash);
    state_fini(&s);
}

static void a_state_from_before_counts_from_its_first_304(void **state)
{
    struct feed_state s = begin();

    (void)state;
    state_set(&s.etag, STR("\"1\""));
    poll_304(&s, NULL, NULL, NOW);
    assert_int_equal(s.last_full_ms, NOW);
    poll_304(&s, NULL, NULL, NOW + 7 * DAY_MS);
    assert_string_equal(s.etag, "\"1\"");
    state_fini(&s);
}

static void a_server_that_withheld_items_is_found_out_and_asked_daily(void **state)
{
    struct feed_state s = begin();

    (void)state;
    poll_document(&s, FIRST, "\"1\"", false, NOW);
    for (int64_t t = HOUR_MS; t <= 8 * DAY_MS; t += HOUR_MS)
        poll_304(&s, NULL, NULL, NOW + t);
    poll_document(&s, RSS(ITEM("2", "Fri, 20 Nov 2026 10:00:00 GMT")), "\"1\"", false,
                  NOW + 8 * DAY_MS + HOUR_MS);
    assert_true(problem_has(s.notes, PROBLEM_FALSE_304));
    poll_304(&s, NULL, NULL, NOW + 9 * DAY_MS);
    assert_non_null(s.etag);
    poll_304(&s, NULL, NULL, NOW + 9 * DAY_MS + HOUR_MS);
    assert_null(s.etag);
    poll_document(&s, RSS(ITEM("2", "Fri, 20 Nov 2026 10:00:00 GMT")), "\"1\"", false,
                  NOW + 10 * DAY_MS);
    assert_false(problem_has(s.notes, PROBLEM_FALSE_304)); /* it has mended its ways */
    state_fini(&s);
}

static void news_since_the_last_304_prove_nothing(void **state)
{
    struct feed_state s = begin();

    (void)state;
    poll_document(&s, FIRST, "\"1\"", false, NOW);
    for (int64_t t = HOUR_MS; t <= 8 * DAY_MS; t += HOUR_MS)
        poll_304(&s, NULL, NULL, NOW + t);
    /* 26 November 11:30, between the last 304 and this */
    poll_document(&s, RSS(ITEM("2", "Thu, 26 Nov 2026 11:30:00 GMT")), "\"2\"", false,
                  NOW + 8 * DAY_MS + HOUR_MS);
    assert_false(problem_has(s.notes, PROBLEM_FALSE_304));
    state_fini(&s);
}

static void a_delta_moves_validators_and_is_not_the_whole(void **state)
{
    struct feed_state s = begin();

    (void)state;
    poll_document(&s, RSS("<ttl>30</ttl>" ITEM("1", "when")), "\"1\"", false, NOW);
    assert_int_equal(s.hints.ttl_ms, 30 * MINUTE_MS);
    assert_true(problem_has(s.notes, PROBLEM_NO_DATES));
    poll_document(&s, "<rss version='2.0'><channel/></rss>", "\"2\"", true,
                  NOW + HOUR_MS);
    assert_string_equal(s.etag, "\"2\"");
    assert_string_equal(s.title, "t");
    assert_null(s.body_hash); /* of what it says nothing is known */
    assert_int_equal(s.hints.ttl_ms, 30 * MINUTE_MS);
    assert_true(problem_has(s.notes, PROBLEM_NO_DATES));
    assert_false(problem_has(s.notes, PROBLEM_NO_ITEMS));
    state_fini(&s);
}

static void a_feed_is_gone_when_410_comes_twice_in_a_row(void **state)
{
    struct feed_state s = begin();

    (void)state;
    learn_failure(&s, PROBLEM_GONE, "HTTP 410");
    assert_int_equal(s.health, FEED_FAILING);
    learn_failure(&s, PROBLEM_SERVER_ERROR, "HTTP 500");
    learn_failure(&s, PROBLEM_GONE, "HTTP 410");
    assert_int_equal(s.health, FEED_FAILING);
    learn_failure(&s, PROBLEM_GONE, "HTTP 410");
    assert_int_equal(s.health, FEED_GONE);
    learn_ask(&s, ASK_ENABLE, NOW);
    assert_int_equal(s.health, FEED_FAILING);
    assert_int_equal(s.next_due_ms, NOW);
    learn_failure(&s, PROBLEM_GONE, "HTTP 410"); /* it has its two chances again */
    assert_int_equal(s.health, FEED_FAILING);
    state_fini(&s);
}

static void one_that_is_cut_off_each_time_is_told_apart(void **state)
{
    struct feed_state s = begin();

    (void)state;
    learn_failure(&s, PROBLEM_CUT_OFF, "cut");
    learn_failure(&s, PROBLEM_CUT_OFF, "cut");
    assert_int_equal(s.problem, PROBLEM_CUT_OFF);
    learn_failure(&s, PROBLEM_CUT_OFF, "cut");
    assert_int_equal(s.problem, PROBLEM_CUT_ALWAYS);
    learn_failure(&s, PROBLEM_CUT_OFF, "cut");
    assert_int_equal(s.problem, PROBLEM_CUT_ALWAYS);
    learn_success(&s, NOW);
    assert_int_equal(s.problem, PROBLEM_NONE);
    state_fini(&s);
}

/* ---- moves ---- */

static void a_move_is_believed_after_five_times_and_a_day(void **state)
{
    struct feed_state s = begin();

    (void)state;
    for (int i = 0; i < 20; i++) /* often, within hours */
        assert_int_equal(move_learn(&s, OLD, NEW, NOW + i * HOUR_MS), MOVE_NOTHING);
    assert_string_equal(move_url(&s, OLD), OLD);
    assert_int_equal(move_learn(&s, OLD, NEW, NOW + DAY_MS), MOVE_MADE);
    assert_string_equal(s.moved_to, NEW);
    assert_int_equal(s.moved_ms, NOW + DAY_MS);
    assert_string_equal(move_url(&s, OLD), NEW);
    assert_int_equal(move_learn(&s, NEW, NULL, NOW + 2 * DAY_MS), MOVE_NOTHING);
    assert_string_equal(s.moved_to, NEW);
    state_fini(&s);
}

static void a_day_without_five_times_is_not_enough(void **state)
{
    struct feed_state s = begin();

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(move_learn(&s, OLD, NEW, NOW + i * DAY_MS), MOVE_NOTHING);
    assert_int_equal(move_learn(&s, OLD, NEW, NOW + 4 * DAY_MS), MOVE_MADE);
    state_fini(&s);
}

static void an_answer_without_the_redirect_starts_the_count_again(void **state)
{
    struct feed_state s = begin();

    (void)state;
    for (int i = 0; i < 4; i++)
        (void)move_learn(&s, OLD, NEW, NOW + i * DAY_MS);
    (void)move_learn(&s, OLD, NULL, NOW + 4 * DAY_MS);
    for (int i = 5; i < 9; i++)
        assert_int_equal(move_learn(&s, OLD, NEW, NOW + i * DAY_MS), MOVE_NOTHING);
    (void)move_learn(&s, OLD, "https://third.example.org/", NOW + 9 * DAY_MS);
    assert_int_equal(s.move_seen, 1);
    assert_null(s.moved_to);
    state_fini(&s);
}

static struct feed_state moved(void)
{
    struct feed_state s = begin();

    for (int i = 0; i < 5; i++)
        (void)move_learn(&s, OLD, NEW, NOW + i * DAY_MS);
    assert_string_equal(s.moved_to, NEW);
    return s;
}

static void when_the_new_url_fails_the_old_one_is_tried_in_turn(void **state)
{
    static const char *const asked[] = {NEW, NEW, NEW, OLD, NEW, OLD, NEW};
    struct feed_state s = moved();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        assert_string_equal(move_url(&s, OLD), asked[i]);
        learn_failure(&s, PROBLEM_SERVER_ERROR, "HTTP 500");
    }
    /* the old one still leads there: nothing is undone */
    assert_int_equal(move_learn(&s, OLD, NEW, NOW + 9 * DAY_MS), MOVE_NOTHING);
    assert_string_equal(s.moved_to, NEW);
    /* it has a feed of its own again */
    assert_int_equal(move_learn(&s, OLD, NULL, NOW + 9 * DAY_MS), MOVE_UNDONE);
    assert_null(s.moved_to);
    assert_string_equal(move_url(&s, OLD), OLD);
    state_fini(&s);
}

static void a_move_that_is_refused_is_not_learnt_again(void **state)
{
    struct feed_state s = moved();

    (void)state;
    learn_ask(&s, ASK_UNMOVE, NOW);
    assert_null(s.moved_to);
    for (int i = 10; i < 30; i++)
        assert_int_equal(move_learn(&s, OLD, NEW, NOW + i * DAY_MS), MOVE_NOTHING);
    for (int i = 30; i < 35; i++) /* another one may be */
        (void)move_learn(&s, OLD, "https://third.example.org/", NOW + i * DAY_MS);
    assert_string_equal(s.moved_to, "https://third.example.org/");
    move_forget(&s);
    assert_null(s.moved_to);
    assert_null(s.move_refused);
    state_fini(&s);
}

static void a_move_back_home_is_the_end_of_the_move(void **state)
{
    struct feed_state s = moved();

    (void)state;
    for (int i = 10; i < 14; i++)
        assert_int_equal(move_learn(&s, NEW, OLD, NOW + i * DAY_MS), MOVE_NOTHING);
    assert_int_equal(move_learn(&s, NEW, OLD, NOW + 14 * DAY_MS), MOVE_UNDONE);
    assert_null(s.moved_to);
    state_fini(&s);
}

static void a_moved_feed_is_gone_when_both_urls_say_so(void **state)
{
    struct feed_state s = moved();

    (void)state;
    for (int i = 0; i < 4; i++) {
        learn_failure(&s, PROBLEM_GONE, "HTTP 410");
        assert_int_equal(s.health, FEED_FAILING);
    }
    learn_failure(&s, PROBLEM_GONE, "HTTP 410");
    assert_int_equal(s.health, FEED_GONE);
    state_fini(&s);
}

/* ---- on the wire ---- */

static void all_that_is_learnt_is_written_and_read_back(void **state)
{
    struct feed_state s = moved(), back = {0};
    struct strbuf out = {.max = 65536};
    json_t *json;

    (void)state;
    (void)move_learn(&s, NEW, "https://next.example.org/", NOW + 9 * DAY_MS);
    poll_document(&s,
                  RSS("<ttl>30</ttl><skipHours><hour>3</hour></skipHours>"
                      "<skipDays><day>Sunday</day></skipDays>" ITEM("1", "when")),
                  "\"1\"", false, NOW + 9 * DAY_MS);
    learn_failure(&s, PROBLEM_CUT_OFF, "cut");
    problem_add(&s.notes, PROBLEM_FALSE_304);
    s.polls = 77;
    s.plan = (struct schedule_plan){.from_ms = NOW, .by = WISH_MAX_AGE};
    s.asked = ASK_UNMOVE;
    state_set(&s.move_refused, STR("https://no.example.org/"));
    assert_int_equal(state_write(&s, &feed, false, &out), 0);
    json = json_loads(strbuf_cstr(&out), 0, NULL);
    assert_non_null(json);
    state_read(json, &back);

    assert_string_equal(back.moved_to, NEW);
    assert_int_equal(back.moved_ms, s.moved_ms);
    assert_string_equal(back.move_url, "https://next.example.org/");
    assert_string_equal(back.move_refused, "https://no.example.org/");
    assert_int_equal(back.move_seen, 1);
    assert_int_equal(back.move_first_ms, NOW + 9 * DAY_MS);
    assert_int_equal(back.last_full_ms, NOW + 9 * DAY_MS);
    assert_int_equal(back.health, FEED_FAILING);
    assert_int_equal(back.problem, PROBLEM_CUT_OFF);
    assert_true(back.notes.bits == s.notes.bits);
    assert_int_equal(back.polls, 77);
    assert_int_equal(back.plan.by, WISH_MAX_AGE);
    assert_int_equal(back.plan.from_ms, 0);
    assert_int_equal(back.hints.ttl_ms, 30 * MINUTE_MS);
    assert_int_equal(back.hints.skip_hours, 1 << 3);
    assert_int_equal(back.hints.skip_days, 1);
    assert_int_equal(back.asked, ASK_NOTHING);
    assert_string_equal(json_string_value(json_object_get(json, "asked")), "unmove");
    assert_int_equal(json_integer_value(json_object_get(json, "stale_after_ms")), DAY_MS);
    json_decref(json);
    strbuf_fini(&out);
    state_fini(&s);
    state_fini(&back);
}

static void what_is_asked_is_read(void **state)
{
    json_t *none = json_pack("{}"), *odd = json_pack("{s:i}", "ask", 1);
    json_t *enable = json_pack("{s:s}", "ask", "enable");

    (void)state;
    assert_int_equal(state_read_ask(none), ASK_NOTHING);
    assert_int_equal(state_read_ask(odd), ASK_NOTHING);
    assert_int_equal(state_read_ask(NULL), ASK_NOTHING);
    assert_int_equal(state_read_ask(enable), ASK_ENABLE);
    json_decref(none);
    json_decref(odd);
    json_decref(enable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_304_brings_new_validators),
        cmocka_unit_test(after_eight_days_of_304_it_is_asked_in_full),
        cmocka_unit_test(a_state_from_before_counts_from_its_first_304),
        cmocka_unit_test(a_server_that_withheld_items_is_found_out_and_asked_daily),
        cmocka_unit_test(news_since_the_last_304_prove_nothing),
        cmocka_unit_test(a_delta_moves_validators_and_is_not_the_whole),
        cmocka_unit_test(a_feed_is_gone_when_410_comes_twice_in_a_row),
        cmocka_unit_test(one_that_is_cut_off_each_time_is_told_apart),
        cmocka_unit_test(a_move_is_believed_after_five_times_and_a_day),
        cmocka_unit_test(a_day_without_five_times_is_not_enough),
        cmocka_unit_test(an_answer_without_the_redirect_starts_the_count_again),
        cmocka_unit_test(when_the_new_url_fails_the_old_one_is_tried_in_turn),
        cmocka_unit_test(a_move_that_is_refused_is_not_learnt_again),
        cmocka_unit_test(a_move_back_home_is_the_end_of_the_move),
        cmocka_unit_test(a_moved_feed_is_gone_when_both_urls_say_so),
        cmocka_unit_test(all_that_is_learnt_is_written_and_read_back),
        cmocka_unit_test(what_is_asked_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
