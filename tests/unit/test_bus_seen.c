#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bus_kit.h"

static struct bus_item items_of(unsigned i, char key[ITEM_ID_MAX], char hash[24])
{
    char value[24];

    (void)snprintf(value, sizeof value, "%u", i);
    (void)hash_item_id(STR("a"), STR("guid"), str_of(value), key);
    (void)snprintf(hash, 24, "sha256:%u", i);
    return (struct bus_item){str_of(key), str_of(hash)};
}

static uint64_t ask(struct bus *b, unsigned from, unsigned to)
{
    static char keys[8][ITEM_ID_MAX], hashes[8][24];
    struct bus_item items[8];
    uint64_t number = 0;

    for (unsigned i = from; i < to; i++)
        items[i - from] = items_of(i, keys[i - from], hashes[i - from]);
    assert_int_equal(bus_ask_seen(b, items, to - from, &number, &err), 0);
    return number;
}

static void the_hub_says_what_it_has_seen(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    struct bus_event ev;
    uint64_t number;

    (void)state;
    put_now(1, 3);
    number = ask(b, 1, 4);
    ev = expect(b, BUS_SEEN);

    assert_int_equal(ev.batch, number);
    assert_true(str_eq(ev.json, STR("ssn")));
    bus_close(b);
}

static void a_question_waits_for_the_hub_and_outlives_it(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    uint64_t number;

    (void)state;
    test_hub_kill(&hub);
    number = ask(b, 1, 3);
    expect_silence(b);
    test_hub_start(&hub);
    assert_int_equal(expect(b, BUS_SEEN).batch, number);
    bus_close(b);
}

static void what_is_forgotten_is_not_answered(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    uint64_t first, second;

    (void)state;
    test_hub_kill(&hub);
    first = ask(b, 1, 2);
    second = ask(b, 1, 2);
    bus_forget(b, first);
    bus_forget(b, first); /* again is fine */
    test_hub_start(&hub);
    assert_int_equal(expect(b, BUS_SEEN).batch, second);
    expect_silence(b);
    bus_close(b);
}

static void a_question_the_hub_refuses_ends(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    struct bus_item bad = {STR("no-id"), STR("sha256:1")};
    uint64_t number = 0;

    (void)state;
    assert_int_equal(bus_ask_seen(b, &bad, 1, &number, &err), 0);
    assert_int_equal(expect(b, BUS_REFUSED).batch, number);
    (void)ask(b, 1, 2);
    (void)expect(b, BUS_SEEN);
    bus_close(b);
}

static void too_many_keys_are_refused_at_once(void **state)
{
    struct bus *b = open_role(BUS_INGEST, NULL);
    struct bus_item *many = mem_new_array(5000, sizeof *many);
    uint64_t number = 0;

    (void)state;
    assert_int_equal(bus_ask_seen(b, many, 5000, &number, &err), ERR_LIMIT);
    free(many);
    bus_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(the_hub_says_what_it_has_seen),
        WITH_HUB(a_question_waits_for_the_hub_and_outlives_it),
        WITH_HUB(what_is_forgotten_is_not_answered),
        WITH_HUB(a_question_the_hub_refuses_ends),
        WITH_HUB(too_many_keys_are_refused_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
