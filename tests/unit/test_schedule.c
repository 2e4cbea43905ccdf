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

static struct schedule_plan plan_at(const struct schedule_past *p, int64_t now_ms)
{
    return schedule_plan(&rule, p, STR("a"), now_ms);
}

static void the_latest_wish_decides(void **state)
{
    static const struct {
        const char *what;
        struct schedule_past past;
        int64_t seconds;
        enum wish by;
    } rows[] = {
        {"nothing known", {0}, 900, WISH_EVERY},
        {"busy", {.is_busy = true}, 450, WISH_BUSY},
        {"quiet for an hour", {.quiet_ms = HOUR_MS}, 900, WISH_EVERY},
        {"quiet for a day", {.quiet_ms = DAY_MS}, 3600, WISH_QUIET},
        {"quiet for a month", {.quiet_ms = 30 * DAY_MS}, 21600, WISH_QUIET},
        {"one failure", {.failures = 1}, 900, WISH_FAILURES},
        {"three failures", {.failures = 3}, 3600, WISH_FAILURES},
        {"failing for ever", {.failures = 4000000000}, 21600, WISH_FAILURES},
        {"failing and quiet", {.failures = 1, .quiet_ms = DAY_MS}, 900, WISH_FAILURES},
        {"asked to wait",
         {.failures = 1, .retry_after_ms = HOUR_MS},
         3600,
         WISH_RETRY_AFTER},
        {"asked to wait shortly",
         {.failures = 1, .retry_after_ms = SECOND_MS},
         900,
         WISH_FAILURES},
        {"asked to wait a year",
         {.failures = 1, .retry_after_ms = 365 * DAY_MS},
         86400,
         WISH_RETRY_AFTER},
        {"ttl", {.hints = {.ttl_ms = 30 * MINUTE_MS}}, 1800, WISH_TTL},
        {"ttl less than every", {.hints = {.ttl_ms = MINUTE_MS}}, 900, WISH_EVERY},
        {"ttl of a year", {.hints = {.ttl_ms = 365 * DAY_MS}}, 21600, WISH_TTL},
        {"sy:hourly", {.hints = {.period_ms = HOUR_MS}}, 3600, WISH_UPDATE_PERIOD},
        {"ttl and sy",
         {.hints = {.ttl_ms = HOUR_MS, .period_ms = 2 * HOUR_MS}},
         7200,
         WISH_UPDATE_PERIOD},
        {"max-age",
         {.fresh_ms = 1800 * SECOND_MS, .fresh_by_max_age = true},
         1800,
         WISH_MAX_AGE},
        {"Expires", {.fresh_ms = 1800 * SECOND_MS}, 1800, WISH_EXPIRES},
        {"max-age of a year",
         {.fresh_ms = 365 * DAY_MS, .fresh_by_max_age = true},
         21600,
         WISH_MAX_AGE},
        {"busy, and the server says wait",
         {.is_busy = true, .fresh_ms = 600 * SECOND_MS, .fresh_by_max_age = true},
         600,
         WISH_MAX_AGE},
        {"an error page that is fresh",
         {.failures = 1, .fresh_ms = DAY_MS, .hints = {.ttl_ms = DAY_MS}},
         900,
         WISH_FAILURES},
        {"all of them",
         {.quiet_ms = DAY_MS,
          .retry_after_ms = 5 * HOUR_MS,
          .fresh_ms = 3 * HOUR_MS,
          .hints = {.ttl_ms = 2 * HOUR_MS, .period_ms = 4 * HOUR_MS}},
         18000,
         WISH_RETRY_AFTER},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct schedule_plan p = plan_at(&rows[i].past, NOW);

        if (p.by != rows[i].by || p.wish_ms[p.by] != rows[i].seconds * SECOND_MS)
            fprintf(stderr, "row '%s': %s %lld s\n", rows[i].what,
                    schedule_wish_name(p.by), (long long)(p.wish_ms[p.by] / SECOND_MS));
        assert_int_equal(p.wish_ms[p.by], rows[i].seconds * SECOND_MS);
        assert_int_equal(p.by, rows[i].by);
        assert_int_equal(p.due_ms,
                         p.from_ms + p.wish_ms[p.by] + p.jitter_ms + p.skipped_ms);
        assert_int_equal(p.wish_ms[WISH_EVERY], rule.every_ms);
    }
}

static void every_wins_over_bounds_that_contradict_it(void **state)
{
    struct schedule_rule odd = {SECOND_MS, 5 * MINUTE_MS, 500, true};
    struct schedule_past busy = {.is_busy = true}, failing = {.failures = 9};
    struct schedule_plan p = schedule_plan(&odd, &busy, STR("a"), NOW);

    (void)state;
    assert_int_equal(p.wish_ms[p.by], SECOND_MS);
    p = schedule_plan(&odd, &failing, STR("a"), NOW);
    assert_int_equal(p.wish_ms[p.by], SECOND_MS);
}

static void jitter_stays_within_its_share(void **state)
{
    int64_t least = INT64_MAX, most = 0;

    (void)state;
    for (uint64_t n = 0; n < 2000; n++) {
        struct schedule_past good = {.n_polls = n},
                             failing = {.failures = 2, .n_polls = n};
        int64_t due = plan_at(&good, NOW).due_ms - NOW;
        int64_t late = plan_at(&failing, NOW).due_ms - NOW;

        assert_in_range(due, 15 * MINUTE_MS, 17 * MINUTE_MS);
        assert_in_range(late, 22 * MINUTE_MS, 38 * MINUTE_MS);
        assert_int_equal(due, plan_at(&good, NOW).due_ms - NOW); /* after a restart too */
        least = due < least ? due : least;
        most = due > most ? due : most;
    }
    assert_true(most - least > MINUTE_MS);
}

static void nobody_is_asked_before_retry_after(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 5000; n += 7) {
        struct schedule_past p = {
            .failures = 1, .retry_after_ms = HOUR_MS, .is_first = true, .n_polls = n};

        assert_in_range(plan_at(&p, NOW).due_ms, NOW + HOUR_MS,
                        NOW + HOUR_MS + MINUTE_MS);
    }
}

/* 18 November 2026 is a Wednesday. */
#define WEDNESDAY INT64_C(1794960000000)

static void skipped_hours_and_days_are_passed_over(void **state)
{
    static const struct {
        const char *what;
        int64_t hour; /* of Wednesday; asked a quarter before */
        uint32_t hours;
        uint8_t days;
        int64_t want_hour; /* of Wednesday; may be over 24 */
        enum schedule_skip by;
    } rows[] = {
        {"none", 15, 0, 0, 15, SKIP_NONE},
        {"another hour", 15, 1 << 14, 0, 15, SKIP_NONE},
        {"this hour", 15, 1 << 15, 0, 16, SKIP_HOURS},
        {"the night", 23, 0xc0003f, 0, 24 + 6, SKIP_HOURS},
        {"this day", 15, 0, 1 << 3, 24, SKIP_DAYS},
        {"another day", 15, 0, 1 << 4, 15, SKIP_NONE},
        {"all but Sunday", 15, 0, 0x7e, 4 * 24, SKIP_DAYS},
        {"this day and the next morning", 15, 0xff, 1 << 3, 24 + 8, SKIP_DAYS},
        {"this hour to midnight, then the day", 22, 0xc00000, 1 << 4, 48, SKIP_HOURS},
        {"only one hour of one day", 15, 0xffffff & ~(1u << 9), 0x7f & ~(1 << 2),
         6 * 24 + 9, SKIP_DAYS},
        {"all hours: no wish", 15, 0xffffff, 0, 15, SKIP_NONE},
        {"all days: no wish", 15, 0, 0x7f, 15, SKIP_NONE},
        {"bits that are none", 15, 0xff000000, 0x80, 15, SKIP_NONE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct schedule_past p = {
            .hints = {.skip_hours = rows[i].hours, .skip_days = rows[i].days}};
        struct schedule_plan got =
            plan_at(&p, WEDNESDAY + rows[i].hour * HOUR_MS - 10 * MINUTE_MS);
        int64_t want = WEDNESDAY + rows[i].want_hour * HOUR_MS;

        if (got.due_ms < want || got.due_ms >= want + 10 * MINUTE_MS ||
            got.skips_by != rows[i].by)
            fprintf(stderr, "row '%s': hour %lld\n", rows[i].what,
                    (long long)((got.due_ms - WEDNESDAY) / HOUR_MS));
        assert_in_range(got.due_ms, want, want + 10 * MINUTE_MS - 1);
        assert_int_equal(got.skips_by, rows[i].by);
        assert_int_equal(got.due_ms, got.from_ms + got.wish_ms[got.by] + got.jitter_ms +
                                         got.skipped_ms);
    }
}

static void feeds_that_start_together_are_spread_over_the_interval(void **state)
{
    struct schedule_past first = {.is_first = true},
                         later = {.is_first = true, .n_polls = 9};
    unsigned in_tenth[10] = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char id[24];
        int64_t wait;

        snprintf(id, sizeof id, "feed-%d", i);
        wait = schedule_plan(&rule, &first, str_of(id), NOW).due_ms - NOW;
        assert_in_range(wait, rule.every_ms / 2, rule.every_ms * 3 / 2);
        in_tenth[(wait - rule.every_ms / 2) * 10 / rule.every_ms]++;
        assert_int_equal(wait,
                         schedule_plan(&rule, &later, str_of(id), NOW).due_ms - NOW);
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
    struct schedule_hints none = {0}, weekend = {.skip_days = 0x41};

    (void)state;
    assert_int_equal(schedule_resume(&rule, &none, NOW + HOUR_MS, NOW), NOW + HOUR_MS);
    assert_int_equal(schedule_resume(&rule, &none, NOW + 24 * HOUR_MS, NOW),
                     NOW + 24 * HOUR_MS);
    assert_int_equal(schedule_resume(&rule, &none, NOW - DAY_MS, NOW), NOW);
    assert_int_equal(schedule_resume(&rule, &none, NOW + 3 * DAY_MS, NOW),
                     NOW + rule.every_ms); /* the clock stood wrong */
    assert_int_equal(schedule_resume(&rule, &weekend, NOW + 3 * DAY_MS, NOW),
                     NOW + 3 * DAY_MS);
    assert_int_equal(schedule_resume(&rule, &weekend, NOW + 900 * DAY_MS, NOW),
                     NOW + rule.every_ms);
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
        cmocka_unit_test(the_latest_wish_decides),
        cmocka_unit_test(every_wins_over_bounds_that_contradict_it),
        cmocka_unit_test(jitter_stays_within_its_share),
        cmocka_unit_test(nobody_is_asked_before_retry_after),
        cmocka_unit_test(skipped_hours_and_days_are_passed_over),
        cmocka_unit_test(feeds_that_start_together_are_spread_over_the_interval),
        cmocka_unit_test(the_first_polls_come_soon_but_not_all_at_once),
        cmocka_unit_test(nothing_is_polled_before_it_is_due_after_a_restart),
        cmocka_unit_test(the_heap_answers_what_is_due_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
