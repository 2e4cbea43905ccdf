#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "newsmq/clock.h"

#include "../../daemon/fetch/heap.h"
#include "../../daemon/fetch/schedule.h"

#define NOW INT64_C(1795000000123)

static const struct schedule_rule rule = {
    .every_ms = 15 * MINUTE_MS,
    .min_every_ms = 5 * MINUTE_MS,
    .max_every_ms = 6 * HOUR_MS,
    .adaptive = true,
};

static void the_pause_follows_from_what_is_known(void **state)
{
    static const struct {
        const char *what;
        struct schedule_past past;
        int64_t minutes;
    } rows[] = {
        {"nothing known", {0}, 15},
        {"busy", {.is_busy = true}, 7}, /* and a half */
        {"quiet for an hour", {.quiet_ms = HOUR_MS}, 15},
        {"quiet for a day", {.quiet_ms = DAY_MS}, 60},
        {"quiet for a month", {.quiet_ms = 30 * DAY_MS}, 360},
        {"one failure", {.failures = 1}, 15},
        {"three failures", {.failures = 3}, 60},
        {"failing for ever", {.failures = 4000000000}, 360},
        {"failing and quiet", {.failures = 1, .quiet_ms = DAY_MS}, 15},
        {"asked to wait", {.failures = 1, .retry_after_ms = HOUR_MS}, 60},
        {"asked to wait shortly", {.failures = 1, .retry_after_ms = SECOND_MS}, 15},
        {"asked to wait a year", {.failures = 1, .retry_after_ms = 365 * DAY_MS}, 1440},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t got = schedule_pause(&rule, &rows[i].past) / MINUTE_MS;

        if (got != rows[i].minutes)
            fprintf(stderr, "row '%s'\n", rows[i].what);
        assert_int_equal(got, rows[i].minutes);
    }
}

static void every_wins_over_bounds_that_contradict_it(void **state)
{
    struct schedule_rule odd = {SECOND_MS, 5 * MINUTE_MS, 500, true};
    struct schedule_past busy = {.is_busy = true}, failing = {.failures = 9};

    (void)state;
    assert_int_equal(schedule_pause(&odd, &busy), SECOND_MS);
    assert_int_equal(schedule_pause(&odd, &failing), SECOND_MS);
}

static void jitter_stays_within_its_share(void **state)
{
    struct schedule_past good = {0}, failing = {.failures = 2};

    (void)state;
    for (uint64_t dice = 1; dice != 0; dice <<= 1) {
        int64_t due = schedule_next(&rule, &good, STR("a"), dice - 1, NOW) - NOW;
        int64_t late = schedule_next(&rule, &failing, STR("a"), dice - 1, NOW) - NOW;

        assert_in_range(due, 15 * MINUTE_MS, 17 * MINUTE_MS);
        assert_in_range(late, 22 * MINUTE_MS, 38 * MINUTE_MS);
    }
}

static void nobody_is_asked_before_retry_after(void **state)
{
    struct schedule_past p = {.failures = 1, .retry_after_ms = HOUR_MS, .is_first = true};

    (void)state;
    for (uint64_t dice = 0; dice < 5000; dice += 7)
        assert_true(schedule_next(&rule, &p, STR("a"), dice, NOW) >= NOW + HOUR_MS);
}

static void feeds_that_start_together_are_spread_over_the_interval(void **state)
{
    struct schedule_past first = {.is_first = true};
    unsigned in_tenth[10] = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char id[24];
        int64_t wait;

        snprintf(id, sizeof id, "feed-%d", i);
        wait = schedule_next(&rule, &first, str_of(id), 0, NOW) - NOW;
        assert_in_range(wait, rule.every_ms / 2, rule.every_ms * 3 / 2);
        in_tenth[(wait - rule.every_ms / 2) * 10 / rule.every_ms]++;
        assert_int_equal(wait, schedule_next(&rule, &first, str_of(id), 99, NOW) - NOW);
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(in_tenth[i], 60, 140);
}

static void the_first_polls_come_soon_but_not_all_at_once(void **state)
{
    int64_t earliest = INT64_MAX, latest = 0;

    (void)state;
    assert_int_equal(schedule_first(&rule, STR("only"), 1, NOW) / 100, NOW / 100);
    for (int i = 0; i < 1000; i++) {
        char id[24];
        int64_t due;

        snprintf(id, sizeof id, "feed-%d", i);
        due = schedule_first(&rule, str_of(id), 1000, NOW);
        assert_in_range(due, NOW, NOW + MINUTE_MS);
        earliest = due < earliest ? due : earliest;
        latest = due > latest ? due : latest;
    }
    assert_true(latest - earliest > 30 * SECOND_MS);
}

static void nothing_is_polled_before_it_is_due_after_a_restart(void **state)
{
    (void)state;
    assert_int_equal(schedule_resume(&rule, NOW + HOUR_MS, NOW), NOW + HOUR_MS);
    assert_int_equal(schedule_resume(&rule, NOW + 24 * HOUR_MS, NOW), NOW + 24 * HOUR_MS);
    assert_int_equal(schedule_resume(&rule, NOW - DAY_MS, NOW), NOW);
    assert_int_equal(schedule_resume(&rule, NOW + 900 * DAY_MS, NOW),
                     NOW + rule.every_ms); /* the clock stood wrong */
}

static void the_heap_answers_what_is_due_first(void **state)
{
    struct heap_entry e[200] = {0};
    struct heap h = {0};
    int64_t before = INT64_MIN;
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < 200; i++)
        heap_set(&h, &e[i], (int64_t)(i * 7919 % 211));
    for (size_t i = 0; i < 200; i += 2)
        heap_set(&h, &e[i], (int64_t)(i * 104729 % 223)); /* moved */
    for (size_t i = 1; i < 200; i += 4)
        heap_remove(&h, &e[i]);
    heap_remove(&h, &e[1]); /* twice is fine */

    for (struct heap_entry *f; (f = heap_first(&h)) != NULL; n++) {
        assert_true(f->due_ms >= before);
        before = f->due_ms;
        heap_remove(&h, f);
    }
    assert_int_equal(n, 150);
    heap_fini(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pause_follows_from_what_is_known),
        cmocka_unit_test(every_wins_over_bounds_that_contradict_it),
        cmocka_unit_test(jitter_stays_within_its_share),
        cmocka_unit_test(nobody_is_asked_before_retry_after),
        cmocka_unit_test(feeds_that_start_together_are_spread_over_the_interval),
        cmocka_unit_test(the_first_polls_come_soon_but_not_all_at_once),
        cmocka_unit_test(nothing_is_polled_before_it_is_due_after_a_restart),
        cmocka_unit_test(the_heap_answers_what_is_due_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
