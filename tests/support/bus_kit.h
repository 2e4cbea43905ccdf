/* bus_kit.h - a hub for each test of the bus, and what its tests have in common */
#ifndef NEWSMQ_TESTS_BUS_KIT_H
#define NEWSMQ_TESTS_BUS_KIT_H

#include "newsmq/hash.h"

#include "test_hub.h"

#define WAIT_MS 20000
#define NLP     "{\"status\":\"ok\",\"language\":{\"code\":\"en\"},\"entities\":[]}"

static struct test_hub hub;
static struct err err;

static inline int setup(void **state)
{
    (void)state;
    hub = (struct test_hub){0};
    err = (struct err){0};
    test_hub_make(&hub, "");
    return hub.config != NULL ? 0 : -1;
}

static inline int setup_small(void **state)
{
    (void)state;
    hub = (struct test_hub){0};
    err = (struct err){0};
    test_hub_make(&hub, "  max_pending: 10\n");
    return hub.config != NULL ? 0 : -1;
}

static inline int teardown(void **state)
{
    (void)state;
    test_hub_remove(&hub);
    return 0;
}

static inline struct bus *open_role(enum bus_role role, const char *name)
{
    struct bus_options o = {role, name, NULL};
    struct bus *b = NULL;

    if (bus_open(&hub.config->bus, &o, &b, &err) < 0)
        fail_msg("%s", err.text);
    return b;
}

/* The next event; fails when none comes or it is not the one that is expected. */
static inline struct bus_event expect(struct bus *b, enum bus_event_kind kind)
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
static inline void expect_silence(struct bus *b)
{
    struct bus_event ev;

    assert_int_equal(bus_next(b, 300, &ev, &err), 0);
}

static inline void write_item(unsigned i, char key[ITEM_ID_MAX], char *core, size_t max)
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
static inline uint64_t put_with(struct bus *b, const char *state, unsigned from,
                                unsigned to)
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

static inline uint64_t put(struct bus *b, unsigned from, unsigned to)
{
    return put_with(b, "{\"feed\":\"a\",\"group\":\"g\"}", from, to);
}

static inline void put_now(unsigned from, unsigned to)
{
    struct bus *b = open_role(BUS_INGEST, NULL);

    (void)put(b, from, to);
    (void)expect(b, BUS_OK);
    bus_close(b);
}

/* Records 1..n: a worker that answers all. */
static inline void make_records(unsigned from, unsigned to)
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

static inline uint64_t number_in_status(const char *key)
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

#define WITH_HUB(f)   cmocka_unit_test_setup_teardown(f, setup, teardown)
#define WITH_SMALL(f) cmocka_unit_test_setup_teardown(f, setup_small, teardown)

#endif
