/* Who brings to the hub: the fetcher's and the worker's side of the bus against the real
   hub, also one that is killed in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bus_kit.h"

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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
