/* Each role of the bus against the real hub, also one that is killed in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/hash.h"

#include "test_hub.h"

#define WAIT_MS 20000
#define NLP     "{\"status\":\"ok\",\"language\":{\"code\":\"en\"},\"entities\":[]}"

static struct test_hub hub;
static struct err err;

static int setup(void **state)
{
    (void)state;
    hub = (struct test_hub){0};
    err = (struct err){0};
    test_hub_make(&hub, "");
    return hub.config != NULL ? 0 : -1;
}

static int setup_small(void **state)
{
    (void)state;
    hub = (struct test_hub){0};
    err = (struct err){0};
    test_hub_make(&hub, "  max_pending: 10\n");
    return hub.config != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    test_hub_remove(&hub);
    return 0;
}

static struct bus *open_role(enum bus_role role, const char *name)
{
    struct bus_options o = {role, name, NULL};
    struct bus *b = NULL;

    if (bus_open(&hub.config->bus, &o, &b, &err) < 0)
        fail_msg("%s", err.text);
    return b;
}

/* The next event; fails when none comes or it is not the one that is expected. */
static struct bus_event expect(struct bus *b, enum bus_event_kind kind)
{
    struct bus_event ev;
    struct mono until = mono_add_ms(clock_mono(), WAIT_MS);
    int rc;

    do {
        rc = bus_next(b, 1000, &ev, &err);
    } while ((rc == 0 || (rc == 1 && ev.kind == BUS_HEARTBEAT && kind != ev.kind)) &&
             !mono_is_due(until, clock_mono()));
    if (rc != 1 || ev.kind != kind)
        fail_msg("expected event %d, got rc %d kind %d %.*s", (int)kind, rc, (int)ev.kind,
                 STR_ARG(ev.json));
    return ev;
}

/* Nothing comes for a while that would have come at once. */
static void expect_silence(struct bus *b)
{
    struct bus_event ev;

    assert_int_equal(bus_next(b, 300, &ev, &err), 0);
}

static void write_item(unsigned i, char key[ITEM_ID_MAX], char *core, size_t max)
{
    char value[24];

    (void)snprintf(value, sizeof value, "%u", i);
    (void)hash_item_id(STR("a"), STR("guid"), str_of(value), key);
    (void)snprintf(core, max,
                   "{\"id\":\"%s\",\"id_basis\":\"guid\",\"content_hash\":\"sha256:%u\","
                   "\"url\":\"https://news.example.org/%u\",\"title\":\"About %u\","
                   "\"language\":\"en\",\"feed\":{\"id\":\"a\"}}",
                   key, i, i, i);
}

/* Items from..to (not including) as one batch. */
static uint64_t put_with(struct bus *b, const char *state, unsigned from, unsigned to)
{
    size_t n = to - from;
    struct bus_item *items = mem_new_array(n, sizeof *items);
    char(*keys)[ITEM_ID_MAX] = mem_new_array(n, sizeof *keys);
    char(*cores)[400] = mem_new_array(n, sizeof *cores);
    uint64_t batch = 0;

    for (unsigned i = 0; i < n; i++) {
        write_item(from + i, keys[i], cores[i], sizeof cores[i]);
        items[i] = (struct bus_item){str_of(keys[i]), str_of(cores[i])};
    }
    if (bus_put(b, str_of(state), items, n, &batch, &err) < 0)
        fail_msg("%s", err.text);
    free(items);
    free(keys);
    free(cores);
    return batch;
}

static uint64_t put(struct bus *b, unsigned from, unsigned to)
{
    return put_with(b, "{\"feed\":\"a\",\"group\":\"g\"}", from, to);
}

static void put_now(unsigned from, unsigned to)
{
    struct bus *b = open_role(BUS_INGEST, NULL);

    (void)put(b, from, to);
    (void)expect(b, BUS_OK);
    bus_close(b);
}

/* Records 1..n: a worker that answers all. */
static void make_records(unsigned from, unsigned to)
{
    struct bus *b = open_role(BUS_WORK, "maker");

    put_now(from, to);
    assert_int_equal(bus_ready(b, 64, &err), 0);
    for (unsigned i = from; i < to; i++) {
        struct bus_event ev = expect(b, BUS_JOB);

        assert_int_equal(bus_result(b, ev.seq, ev.attempt, STR(NLP), &err), 0);
    }
    bus_close(b);
}

static uint64_t number_in_status(const char *key)
{
    char *text = NULL, *at, *pattern = mem_printf("\"%s\":", key);
    uint64_t v;

    assert_int_equal(bus_call(&hub.config->bus, "status", "{}", WAIT_MS, &text, &err), 0);
    at = strstr(text, pattern);
    assert_non_null(at);
    v = strtoull(at + strlen(pattern), NULL, 10);
    free(pattern);
    free(text);
    return v;
}

/* ---- ingest ---- */

static void a_batch_is_answered_when_it_is_committed(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    struct bus_event ev;
    uint64_t batch;

    (void)state;
    batch = put(b, 0, 5);
    assert_int_equal(bus_put_waiting(b), 1);
    ev = expect(b, BUS_OK);
    assert_int_equal(ev.batch, batch);
    assert_int_equal(ev.n_new, 5);
    assert_int_equal(bus_put_waiting(b), 0);
    (void)put(b, 3, 6);
    ev = expect(b, BUS_OK);
    assert_int_equal(ev.n_new, 1);
    assert_int_equal(ev.n_dup, 2);
    assert_int_equal(number_in_status("items"), 6);
    bus_close(b);
}

static void batches_outlive_a_hub_that_is_killed(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    uint64_t n_ok = 0;

    (void)state;
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < 20; i++)
            (void)put(b, (round * 20 + i) * 10, (round * 20 + i + 1) * 10);
        if (round % 2 == 0)
            (void)expect(b, BUS_OK), n_ok++;
        test_hub_kill(&hub);
        test_hub_start(&hub);
    }
    while (bus_put_waiting(b) > 0)
        (void)expect(b, BUS_OK), n_ok++;
    assert_int_equal(n_ok, 80);
    assert_int_equal(number_in_status("items"), 800);
    bus_close(b);
}

static void batches_wait_for_a_hub_that_is_not_there(void **state)
{
    struct bus_event ev;
    struct bus *b;

    (void)state;
    test_hub_kill(&hub);
    b = open_role(BUS_INGEST, NULL);
    (void)put(b, 0, 3);
    assert_int_equal(bus_next(b, 100, &ev, &err), 0);
    assert_non_null(strstr(bus_put_full_reason(b), "not there"));
    test_hub_start(&hub);
    ev = expect(b, BUS_OK);
    assert_int_equal(ev.n_new, 3);
    assert_null(bus_put_full_reason(b));
    bus_close(b);
}

static void what_waits_is_bounded(void **state)
{
    struct bus_item item;
    char key[ITEM_ID_MAX], core[400];
    uint64_t batch;
    struct bus *b;
    int rc = 0, n = 0;

    (void)state;
    test_hub_kill(&hub);
    b = open_role(BUS_INGEST, NULL);
    write_item(1, key, core, sizeof core);
    item = (struct bus_item){str_of(key), str_of(core)};
    while (rc == 0 && n < 100000) {
        rc = bus_put(b, STR("{\"feed\":\"a\"}"), &item, 1, &batch, &err);
        n++;
    }
    assert_int_equal(rc, ERR_LATER);
    bus_close(b);
}

static void a_full_hub_is_asked_again_until_it_takes_the_batch(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL), *w;
    struct bus_event ev;

    (void)state;
    for (unsigned i = 0; i < 10; i++)
        (void)put(b, i * 5, i * 5 + 5);
    (void)expect(b, BUS_OK);
    (void)expect(b, BUS_OK);
    while (bus_put_full_reason(b) == NULL)
        (void)bus_next(b, 10, &ev, &err);
    assert_non_null(strstr(bus_put_full_reason(b), "wait"));
    w = open_role(BUS_WORK, "w");
    assert_int_equal(bus_ready(w, 8, &err), 0);
    while (bus_put_waiting(b) > 0) {
        (void)bus_next(b, 10, &ev, &err);
        while (bus_next(w, 0, &ev, &err) == 1)
            if (ev.kind == BUS_JOB)
                (void)bus_result(w, ev.seq, ev.attempt, STR(NLP), &err);
    }
    assert_null(bus_put_full_reason(b));
    assert_int_equal(number_in_status("items"), 50);
    bus_close(w);
    bus_close(b);
}

static void a_state_is_not_committed_before_the_items_of_its_poll(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL), *other = open_role(BUS_INGEST, NULL);
    char *text = NULL;
    struct bus_event ev;

    (void)state;
    (void)put(other, 100, 108); /* of 10 that may wait */
    (void)expect(other, BUS_OK);
    (void)put_with(b, "{\"feed\":\"a\",\"partial\":true}", 0, 5);         /* full */
    (void)put_with(b, "{\"feed\":\"a\",\"etag\":\"\\\"new\\\"\"}", 5, 6); /* would fit */
    while (bus_put_full_reason(b) == NULL)
        (void)bus_next(b, 10, &ev, &err);
    for (int i = 0; i < 20; i++)
        assert_int_equal(bus_next(b, 10, &ev, &err), 0);
    assert_int_equal(
        bus_call(&hub.config->bus, "feed_states", "{}", WAIT_MS, &text, &err), 0);
    assert_null(strstr(text, "new"));
    free(text);
    bus_close(other);
    bus_close(b);
}

static void a_bad_batch_is_refused_and_forgotten(void **state)
{
    struct bus_item bad = {STR_INIT("not-an-id"), STR_INIT("{}")};
    struct bus *b = open_role(BUS_INGEST, NULL);
    struct bus_event ev;
    uint64_t batch;

    (void)state;
    assert_int_equal(bus_put(b, STR("{\"feed\":\"a\"}"), &bad, 1, &batch, &err), 0);
    ev = expect(b, BUS_REFUSED);
    assert_int_equal(ev.batch, batch);
    assert_int_equal(ev.code, 422);
    assert_int_equal(bus_put_waiting(b), 0);
    bus_close(b);
}

static void a_batch_that_would_break_the_connection_is_refused_here(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    size_t n = hub.config->bus.max_frame_bytes + 1;
    char *large = mem_new(n);
    struct bus_item item = {STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaa"), {large, n}};
    uint64_t batch;

    (void)state;
    assert_int_equal(bus_put(b, STR("{\"feed\":\"a\"}"), &item, 1, &batch, &err),
                     ERR_LIMIT);
    assert_int_equal(bus_put(b, STR("no object"), NULL, 0, &batch, &err), ERR_FORMAT);
    free(large);
    bus_close(b);
}

/* ---- work ---- */

static void a_worker_gets_jobs_up_to_its_credit(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    struct bus_event ev;

    (void)state;
    put_now(0, 3);
    assert_int_equal(bus_ready(b, 2, &err), 0);
    ev = expect(b, BUS_JOB);
    assert_int_equal(ev.seq, 1);
    assert_int_equal(ev.attempt, 1);
    assert_int_equal(ev.lease_ms, 2000);
    assert_true(str_find(ev.json, STR("\"schema\":\"item/1\""), 0) != SIZE_MAX);
    assert_int_equal(expect(b, BUS_JOB).seq, 2);
    expect_silence(b);
    assert_int_equal(bus_result(b, 1, 1, STR(NLP), &err), 0);
    assert_int_equal(expect(b, BUS_JOB).seq, 3);
    bus_close(b);
}

static void a_worker_outlives_a_hub_that_is_killed(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    unsigned n_jobs = 0;

    (void)state;
    put_now(0, 100);
    assert_int_equal(bus_ready(b, 10, &err), 0);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 10; i++) {
            struct bus_event ev = expect(b, BUS_JOB);

            (void)bus_result(b, ev.seq, ev.attempt, STR(NLP), &err);
            n_jobs++;
        }
        test_hub_kill(&hub);
        test_hub_start(&hub);
    }
    while (number_in_status("records") < 100) {
        struct bus_event ev;

        if (bus_next(b, 100, &ev, &err) != 1 || ev.kind != BUS_JOB)
            continue;
        (void)bus_result(b, ev.seq, ev.attempt, STR(NLP), &err);
        n_jobs++;
    }
    assert_true(n_jobs >= 100);
    assert_int_equal(number_in_status("dead"), 0);
    bus_close(b);
}

static void a_result_made_while_the_hub_is_away_is_told_to_the_next(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    struct bus_event ev;
    uint64_t first, second;

    (void)state;
    put_now(0, 2);
    assert_int_equal(bus_ready(b, 2, &err), 0);
    first = expect(b, BUS_JOB).seq;
    second = expect(b, BUS_JOB).seq;
    test_hub_kill(&hub);
    assert_int_equal(bus_next(b, 200, &ev, &err), 0); /* sees that it is gone */
    assert_int_equal(bus_result(b, first, 1, STR(NLP), &err), 0);
    test_hub_start(&hub);
    expect_silence(b); /* the second is in hand still and is not given twice */
    assert_int_equal(bus_result(b, second, 1, STR(NLP), &err), 0);
    while (number_in_status("records") < 2)
        (void)bus_next(b, 10, &ev, &err);
    assert_int_equal(number_in_status("pending"), 0);
    bus_close(b);
}

static void a_job_that_fails_comes_again_and_is_given_up(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");

    (void)state;
    put_now(0, 1);
    assert_int_equal(bus_ready(b, 4, &err), 0);
    for (unsigned i = 1; i <= hub.config->bus.max_attempts; i++) {
        struct bus_event ev = expect(b, BUS_JOB);

        assert_int_equal(ev.attempt, i);
        assert_int_equal(bus_fail(b, ev.seq, ev.attempt, -5, STR("broken"), &err), 0);
    }
    expect_silence(b);
    assert_int_equal(number_in_status("dead"), 1);
    bus_close(b);
}

static void a_worker_that_keeps_its_job_may_be_slow(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    struct mono until;
    struct bus_event ev;

    (void)state;
    put_now(0, 1);
    assert_int_equal(bus_ready(b, 1, &err), 0);
    ev = expect(b, BUS_JOB);
    until = mono_add_ms(clock_mono(), 3000); /* of a lease of 2 s */
    while (!mono_is_due(until, clock_mono())) {
        struct bus_event nothing;

        assert_int_equal(bus_keep(b, ev.seq, &err), 0);
        assert_int_equal(bus_next(b, 100, &nothing, &err), 0);
    }
    assert_int_equal(bus_result(b, ev.seq, ev.attempt, STR(NLP), &err), 0);
    while (number_in_status("records") < 1)
        (void)bus_next(b, 10, &ev, &err);
    assert_int_equal(number_in_status("redelivered"), 0);
    bus_close(b);
}

static void a_worker_with_empty_hands_stays_known(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    struct mono until = mono_add_ms(clock_mono(), 1500); /* pings are 200 ms apart */
    struct bus_event ev;

    (void)state;
    assert_int_equal(bus_ready(b, 1, &err), 0);
    while (!mono_is_due(until, clock_mono()))
        assert_int_equal(bus_next(b, 100, &ev, &err), 0);
    put_now(0, 1);
    assert_int_equal(expect(b, BUS_JOB).seq, 1);
    bus_close(b);
}

static void a_hub_that_drains_says_so(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w");
    char *text = NULL;

    (void)state;
    put_now(0, 1);
    assert_int_equal(bus_ready(b, 1, &err), 0);
    (void)expect(b, BUS_JOB);
    assert_int_equal(bus_call(&hub.config->bus, "drain", "{}", WAIT_MS, &text, &err), 0);
    free(text);
    (void)expect(b, BUS_DRAIN);
    bus_close(b);
}

static void a_worker_that_closes_has_said_bye(void **state)
{
    struct bus *b = open_role(BUS_WORK, "w"), *other;

    (void)state;
    put_now(0, 1);
    assert_int_equal(bus_ready(b, 1, &err), 0);
    assert_int_equal(expect(b, BUS_JOB).attempt, 1);
    bus_close(b);
    other = open_role(BUS_WORK, "other");
    assert_int_equal(bus_ready(other, 1, &err), 0);
    assert_int_equal(expect(other, BUS_JOB).attempt, 1); /* not blamed */
    bus_close(other);
}

/* ---- tap ---- */

static void a_reader_gets_all_in_order_and_gives_credit_back(void **state)
{
    struct bus *b = open_role(BUS_TAP, "");

    (void)state;
    make_records(0, 20);
    assert_int_equal(bus_tap(b, "record", 0, 5, NULL, &err), 0);
    for (uint64_t seq = 1; seq <= 20; seq++) {
        struct bus_event ev = expect(b, BUS_MSG);

        assert_int_equal(ev.seq, seq);
        assert_true(str_eq(ev.stream, STR("record")));
        assert_true(str_eq(ev.topic, STR("record/g/a/en/")));
        if (seq == 5)
            expect_silence(b);
        if (seq % 5 == 0)
            assert_int_equal(bus_ack(b, seq, 5, &err), 0);
    }
    bus_close(b);
}

static void read_over_kills(struct bus *b, uint64_t n, unsigned ack_every)
{
    for (uint64_t seq = 1; seq <= n; seq++) {
        struct bus_event ev = expect(b, BUS_MSG);

        assert_int_equal(ev.seq, seq);
        if (seq % ack_every == 0)
            assert_int_equal(bus_ack(b, seq, ack_every, &err), 0);
        if (seq % 23 == 0) {
            test_hub_kill(&hub);
            test_hub_start(&hub);
        }
    }
    expect_silence(b);
}

static void a_durable_reader_sees_each_message_once_over_kills(void **state)
{
    struct bus *b = open_role(BUS_TAP, "reader");

    (void)state;
    make_records(0, 100);
    assert_int_equal(bus_tap(b, "record", 0, 10, NULL, &err), 0);
    read_over_kills(b, 100, 7);
    bus_close(b);
}

static void a_passing_reader_sees_each_message_once_over_kills(void **state)
{
    struct bus *b = open_role(BUS_TAP, NULL);

    (void)state;
    make_records(0, 100);
    assert_int_equal(bus_tap(b, "record", 1, 10, "record/g/", &err), 0);
    read_over_kills(b, 100, 7);
    bus_close(b);
}

static void a_reader_that_has_used_its_credit_goes_on_after_a_kill(void **state)
{
    struct bus *b = open_role(BUS_TAP, "reader");
    struct bus_event ev;

    (void)state;
    make_records(0, 30);
    assert_int_equal(bus_tap(b, "record", 0, 10, NULL, &err), 0);
    for (uint64_t seq = 1; seq <= 10; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    test_hub_kill(&hub);
    assert_int_equal(bus_next(b, 200, &ev, &err), 0);
    assert_int_equal(bus_ack(b, 4, 0, &err), 0);
    test_hub_start(&hub);
    assert_int_equal(bus_ack(b, 10, 10, &err), 0);
    for (uint64_t seq = 11; seq <= 20; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    expect_silence(b);
    assert_int_equal(bus_ack(b, 20, 10, &err), 0);
    for (uint64_t seq = 21; seq <= 30; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    bus_close(b);
}

static void a_durable_reader_goes_on_behind_what_it_acknowledged(void **state)
{
    struct bus *b = open_role(BUS_TAP, "reader");

    (void)state;
    make_records(0, 10);
    assert_int_equal(bus_tap(b, "record", 0, 10, NULL, &err), 0);
    for (uint64_t seq = 1; seq <= 6; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    assert_int_equal(bus_ack(b, 4, 4, &err), 0);
    assert_int_equal(bus_ack(b, 99, 1, &err), -EINVAL);
    bus_close(b);
    b = open_role(BUS_TAP, "reader");
    assert_int_equal(bus_tap(b, "record", 0, 10, NULL, &err), 0);
    assert_int_equal(expect(b, BUS_MSG).seq, 5);
    bus_close(b);
}

static void a_name_belongs_to_the_last_who_took_it(void **state)
{
    struct bus *b = open_role(BUS_TAP, "reader"), *other = open_role(BUS_TAP, "reader");
    struct bus_event ev;

    (void)state;
    make_records(0, 2);
    assert_int_equal(bus_tap(b, "record", 0, 1, NULL, &err), 0);
    (void)expect(b, BUS_MSG);
    assert_int_equal(bus_tap(other, "record", 0, 1, NULL, &err), 0);
    (void)expect(other, BUS_MSG);
    ev = expect(b, BUS_REFUSED);
    assert_int_equal(ev.code, 409);
    expect_silence(b); /* and does not take it back */
    bus_close(b);
    bus_close(other);
}

static void a_reader_of_what_is_not_there_yet_is_refused(void **state)
{
    struct bus *b = open_role(BUS_TAP, "reader");
    struct bus_event ev;

    (void)state;
    make_records(0, 2);
    assert_int_equal(bus_tap(b, "record", 50, 1, NULL, &err), 0);
    ev = expect(b, BUS_REFUSED);
    assert_int_equal(ev.code, 409);
    assert_int_equal(ev.head, 2);
    assert_int_equal(bus_tap(b, "record", 3, 1, NULL, &err), 0);
    assert_int_equal(bus_tap(b, "record", 3, 1, NULL, &err), -EALREADY);
    bus_close(b);
}

static void names_and_streams_are_checked_before_they_are_sent(void **state)
{
    struct bus *b = open_role(BUS_TAP, "no name");

    (void)state;
    assert_int_equal(bus_tap(b, "record", 0, 1, NULL, &err), -EINVAL);
    assert_int_equal(bus_tap(b, "records", 0, 1, NULL, &err), -EINVAL);
    bus_close(b);
}

/* ---- replay ---- */

static void a_replay_brings_the_whole_range_in_order(void **state)
{
    struct bus *b = open_role(BUS_REPLAY, NULL);
    struct bus_event ev;

    (void)state;
    put_now(0, 1500);
    put_now(1500, 2500);
    assert_int_equal(bus_get(b, "item", 3, 2400, NULL, &err), 0);
    for (uint64_t seq = 3; seq <= 2400; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    ev = expect(b, BUS_END);
    assert_int_equal(ev.next_seq, 2401);
    assert_int_equal(ev.head, 2500);
    assert_int_equal(bus_get(b, "item", 2400, 0, NULL, &err), 0);
    for (uint64_t seq = 2400; seq <= 2500; seq++)
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
    assert_int_equal(expect(b, BUS_END).next_seq, 2501);
    assert_int_equal(bus_get(b, "record", 1, 0, NULL, &err), 0);
    assert_int_equal(expect(b, BUS_END).head, 0);
    bus_close(b);
}

static void a_replay_goes_on_after_a_kill(void **state)
{
    struct bus *b = open_role(BUS_REPLAY, NULL);

    (void)state;
    put_now(0, 1500);
    put_now(1500, 3000);
    assert_int_equal(bus_get(b, "item", 1, 0, NULL, &err), 0);
    for (uint64_t seq = 1; seq <= 3000; seq++) {
        assert_int_equal(expect(b, BUS_MSG).seq, seq);
        if (seq == 10 || seq == 1200) {
            test_hub_kill(&hub);
            test_hub_start(&hub);
        }
    }
    assert_int_equal(expect(b, BUS_END).head, 3000);
    bus_close(b);
}

/* ---- subscribe ---- */

static void a_subscriber_hears_records_and_the_heartbeat(void **state)
{
    struct bus *b = open_role(BUS_SUBSCRIBE, NULL);
    struct bus_event ev;

    (void)state;
    assert_int_equal(bus_subscribe(b, "record/", &err), 0);
    ev = expect(b, BUS_HEARTBEAT);
    assert_true(str_find(ev.json, STR("\"heads\""), 0) != SIZE_MAX);
    make_records(0, 3);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        ev = expect(b, BUS_MSG);
        assert_int_equal(ev.seq, seq);
        assert_int_equal(ev.prev, seq - 1);
        assert_true(str_eq(ev.stream, STR("record")));
        assert_true(str_eq(ev.topic, STR("record/g/a/en/")));
        assert_true(str_has_prefix(ev.json, STR("{\"schema\":\"record/1\"")));
    }
    test_hub_kill(&hub);
    test_hub_start(&hub);
    (void)expect(b, BUS_HEARTBEAT);
    bus_close(b);
}

/* ---- control ---- */

static void a_call_says_when_no_hub_is_there(void **state)
{
    char *text = NULL;

    (void)state;
    assert_int_equal(bus_call(&hub.config->bus, "nothing", "{}", WAIT_MS, &text, &err),
                     -ENOSYS);
    test_hub_kill(&hub);
    assert_int_equal(bus_call(&hub.config->bus, "status", "{}", 2000, &text, &err),
                     ERR_CLOSED);
    assert_non_null(strstr(err.text, "is newsmqd running"));
    assert_null(text);
}

static void a_stopped_hub_is_told_from_one_that_is_not_there(void **state)
{
    char *text = NULL;

    (void)state;
    assert_int_equal(kill(hub.pid, SIGSTOP), 0);
    assert_true(bus_call(&hub.config->bus, "status", "{}", 300, &text, &err) < 0);
    assert_int_equal(kill(hub.pid, SIGCONT), 0);
    assert_int_equal(bus_call(&hub.config->bus, "status", "{}", WAIT_MS, &text, &err), 0);
    free(text);
}

static void an_unknown_kind_is_a_fault_of_the_configuration(void **state)
{
    struct config_bus c = hub.config->bus;
    struct bus_options o = {BUS_INGEST, NULL, NULL};
    struct bus *b = NULL;

    (void)state;
    c.kind = (char[]){"pigeons"};
    assert_int_equal(bus_open(&c, &o, &b, &err), ERR_CONFIG);
    assert_non_null(strstr(err.text, "zmq"));
}

#define WITH_HUB(f)   cmocka_unit_test_setup_teardown(f, setup, teardown)
#define WITH_SMALL(f) cmocka_unit_test_setup_teardown(f, setup_small, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(a_batch_is_answered_when_it_is_committed),
        WITH_HUB(batches_outlive_a_hub_that_is_killed),
        WITH_HUB(batches_wait_for_a_hub_that_is_not_there),
        WITH_HUB(what_waits_is_bounded),
        WITH_SMALL(a_full_hub_is_asked_again_until_it_takes_the_batch),
        WITH_SMALL(a_state_is_not_committed_before_the_items_of_its_poll),
        WITH_HUB(a_bad_batch_is_refused_and_forgotten),
        WITH_HUB(a_batch_that_would_break_the_connection_is_refused_here),
        WITH_HUB(a_worker_gets_jobs_up_to_its_credit),
        WITH_HUB(a_worker_outlives_a_hub_that_is_killed),
        WITH_HUB(a_result_made_while_the_hub_is_away_is_told_to_the_next),
        WITH_HUB(a_job_that_fails_comes_again_and_is_given_up),
        WITH_HUB(a_worker_that_keeps_its_job_may_be_slow),
        WITH_HUB(a_worker_with_empty_hands_stays_known),
        WITH_HUB(a_hub_that_drains_says_so),
        WITH_HUB(a_worker_that_closes_has_said_bye),
        WITH_HUB(a_reader_gets_all_in_order_and_gives_credit_back),
        WITH_HUB(a_durable_reader_sees_each_message_once_over_kills),
        WITH_HUB(a_passing_reader_sees_each_message_once_over_kills),
        WITH_HUB(a_reader_that_has_used_its_credit_goes_on_after_a_kill),
        WITH_HUB(a_durable_reader_goes_on_behind_what_it_acknowledged),
        WITH_HUB(a_name_belongs_to_the_last_who_took_it),
        WITH_HUB(a_reader_of_what_is_not_there_yet_is_refused),
        WITH_HUB(names_and_streams_are_checked_before_they_are_sent),
        WITH_HUB(a_replay_brings_the_whole_range_in_order),
        WITH_HUB(a_replay_goes_on_after_a_kill),
        WITH_HUB(a_subscriber_hears_records_and_the_heartbeat),
        WITH_HUB(a_call_says_when_no_hub_is_there),
        WITH_HUB(a_stopped_hub_is_told_from_one_that_is_not_there),
        WITH_HUB(an_unknown_kind_is_a_fault_of_the_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
