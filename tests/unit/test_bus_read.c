/* Who takes from the hub: tap, replay, subscriber and control calls against the real hub,
   also one that is killed in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bus_kit.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
