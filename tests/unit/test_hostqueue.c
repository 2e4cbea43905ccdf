#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../../daemon/fetch/hostqueue.h"

static void one_host_is_asked_one_at_a_time_with_a_gap(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 1000, 64);
    struct host_entry a = {0}, b = {0};

    (void)state;
    hostqueue_add(q, STR("example.org"), &a);
    hostqueue_add(q, STR("EXAMPLE.org"), &b);

    assert_ptr_equal(hostqueue_take(q, 0), &a);
    assert_null(hostqueue_take(q, 5000)); /* a is still running */
    hostqueue_drop(q, &a, 6000);
    assert_null(hostqueue_take(q, 6999));
    assert_ptr_equal(hostqueue_take(q, 7000), &b);

    hostqueue_drop(q, &b, 7000);
    hostqueue_free(q);
}

static void the_gap_outlives_an_empty_queue(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 1000, 64);
    struct host_entry a = {0};

    (void)state;
    hostqueue_add(q, STR("a"), &a);
    assert_ptr_equal(hostqueue_take(q, 0), &a);
    hostqueue_drop(q, &a, 10);
    hostqueue_add(q, STR("a"), &a);
    assert_null(hostqueue_take(q, 900));
    assert_ptr_equal(hostqueue_take(q, 1010), &a);
    hostqueue_free(q);
}

static void a_slow_host_delays_nobody_else(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 0, 64);
    struct host_entry slow[3] = {0}, fast[3] = {0};

    (void)state;
    for (int i = 0; i < 3; i++)
        hostqueue_add(q, STR("slow"), &slow[i]);
    for (int i = 0; i < 3; i++)
        hostqueue_add(q, STR("fast"), &fast[i]);

    assert_ptr_equal(hostqueue_take(q, 0), &slow[0]);
    for (int i = 0; i < 3; i++) {
        assert_ptr_equal(hostqueue_take(q, i), &fast[i]);
        hostqueue_drop(q, &fast[i], i);
    }
    assert_null(hostqueue_take(q, 4));
    assert_int_equal(hostqueue_running(q), 1);
    assert_int_equal(hostqueue_waiting(q), 2);
    hostqueue_free(q);
}

#define OTHERS   4579
#define CROWD    420
#define SLOTS    64
#define FETCH_MS 100
#define SLOW_MS  20000

/* One fetch under way in the world of the test below. */
struct running {
    struct host_entry *entry;
    int64_t end_ms;
};

/* By a clock of its own: each fetch takes 100 ms, one of the slow host 20 s. What others
   there are is done when the slots allow it, 72 rounds, as if the two hosts were not
   there. */
static void five_thousand_feeds_wait_neither_for_a_crowd_nor_for_a_slow_host(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 1000, SLOTS);
    struct host_entry *all = calloc(OTHERS + CROWD + 1, sizeof *all);
    struct host_entry *crowd = all + OTHERS, *slow = crowd + CROWD;
    struct running running[SLOTS] = {0};
    size_t others_done = 0, crowd_done = 0;
    int64_t now_ms = 0;
    char name[32];

    (void)state;
    assert_non_null(all);
    hostqueue_add(q, STR("slow"), slow);
    for (size_t i = 0; i < CROWD; i++)
        hostqueue_add(q, STR("crowd"), &crowd[i]);
    for (size_t i = 0; i < OTHERS; i++) {
        snprintf(name, sizeof name, "other-%zu", i);
        hostqueue_add(q, str_of(name), &all[i]);
    }
    for (; others_done < OTHERS && now_ms < SLOW_MS; now_ms += FETCH_MS / 2)
        for (size_t i = 0; i < SLOTS; i++) {
            struct running *r = &running[i];

            if (r->entry != NULL && r->end_ms > now_ms)
                continue;
            if (r->entry != NULL) {
                others_done += r->entry < crowd;
                crowd_done += r->entry >= crowd && r->entry < slow;
                hostqueue_drop(q, r->entry, now_ms);
            }
            r->entry = hostqueue_take(q, now_ms);
            r->end_ms = now_ms + (r->entry == slow ? SLOW_MS : FETCH_MS);
        }

    assert_int_equal(others_done, OTHERS);
    assert_in_range(now_ms, 0, (OTHERS / (SLOTS - 2) + 2) * FETCH_MS);
    assert_in_range(crowd_done, 1, 8); /* a turn like any other host, and the gap */
    hostqueue_free(q);
    free(all);
}

static void hosts_are_served_in_turn(void **state)
{
    struct hostqueue *q = hostqueue_new(64, 0, 4);
    struct host_entry e[3][4] = {0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        hostqueue_add(q, STR("a"), &e[0][i]);
        hostqueue_add(q, STR("b"), &e[1][i]);
        hostqueue_add(q, STR("c"), &e[2][i]);
    }

    assert_ptr_equal(hostqueue_take(q, 0), &e[0][0]);
    assert_ptr_equal(hostqueue_take(q, 0), &e[1][0]);
    assert_ptr_equal(hostqueue_take(q, 0), &e[2][0]);
    assert_ptr_equal(hostqueue_take(q, 0), &e[0][1]);
    assert_null(hostqueue_take(q, 0)); /* four are running */
    hostqueue_free(q);
}

static void who_waits_can_be_taken_out_at_any_place(void **state)
{
    struct hostqueue *q = hostqueue_new(64, 0, 64);
    struct host_entry e[4] = {0};

    (void)state;
    for (int i = 0; i < 4; i++)
        hostqueue_add(q, STR("a"), &e[i]);
    hostqueue_drop(q, &e[1], 0); /* in the middle */
    hostqueue_drop(q, &e[3], 0); /* the last */
    hostqueue_drop(q, &e[0], 0); /* the first */
    hostqueue_drop(q, &e[0], 0); /* twice is fine */
    hostqueue_add(q, STR("a"), &e[3]);

    assert_ptr_equal(hostqueue_take(q, 0), &e[2]);
    assert_ptr_equal(hostqueue_take(q, 0), &e[3]);
    assert_null(hostqueue_take(q, 0));
    hostqueue_free(q);
}

static void a_host_that_wants_a_pause_is_held_and_nobody_else(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 10, 64);
    struct host_entry a[3] = {0}, b = {0};

    (void)state;
    for (int i = 0; i < 3; i++)
        hostqueue_add(q, STR("a"), &a[i]);
    hostqueue_add(q, STR("b"), &b);
    assert_ptr_equal(hostqueue_take(q, 0), &a[0]);
    hostqueue_hold(q, &a[0], 500);
    hostqueue_drop(q, &a[0], 0);
    hostqueue_hold(q, &a[0], 900); /* in no queue: nothing to hold */
    assert_ptr_equal(hostqueue_take(q, 10), &b);
    assert_null(hostqueue_take(q, 499));
    assert_ptr_equal(hostqueue_take(q, 500), &a[1]);
    hostqueue_hold(q, &a[1], 300); /* over already */
    hostqueue_drop(q, &a[1], 500);
    assert_null(hostqueue_take(q, 509));
    assert_ptr_equal(hostqueue_take(q, 510), &a[2]);
    hostqueue_free(q);
}

static void thousands_of_hosts_come_and_go(void **state)
{
    struct hostqueue *q = hostqueue_new(1, 5, 64);
    static struct host_entry e[5000];
    size_t served = 0;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        char name[2] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26)};

        hostqueue_add(q, (struct str){name, 2}, &e[i]);
    }
    for (int64_t now = 0; now < 1000 && served < 5000; now++)
        for (struct host_entry *h; (h = hostqueue_take(q, now)) != NULL; served++)
            hostqueue_drop(q, h, now);
    assert_int_equal(served, 5000);
    assert_int_equal(hostqueue_waiting(q), 0);
    hostqueue_free(q);
}

static void a_host_that_is_held_rests_as_long_as_the_longest_wish(void **state)
{
    struct hostqueue *q = hostqueue_new(2, 10, 64);
    struct host_entry e[3] = {{.kind = 7}};

    (void)state;
    for (int i = 0; i < 3; i++)
        hostqueue_add(q, STR("a"), &e[i]);
    assert_ptr_equal(hostqueue_take(q, 0), &e[0]);
    hostqueue_hold(q, &e[0], 500);
    assert_null(hostqueue_take(q, 499)); /* though two may run */
    hostqueue_drop(q, &e[0], 100);       /* its gap ends before */
    assert_int_equal(e[0].kind, 7);
    assert_null(hostqueue_take(q, 499));
    assert_ptr_equal(hostqueue_take(q, 500), &e[1]);
    hostqueue_drop(q, &e[1], 500);
    hostqueue_drop(q, &e[2], 500);
    hostqueue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_host_is_asked_one_at_a_time_with_a_gap),
        cmocka_unit_test(the_gap_outlives_an_empty_queue),
        cmocka_unit_test(a_slow_host_delays_nobody_else),
        cmocka_unit_test(
            five_thousand_feeds_wait_neither_for_a_crowd_nor_for_a_slow_host),
        cmocka_unit_test(hosts_are_served_in_turn),
        cmocka_unit_test(who_waits_can_be_taken_out_at_any_place),
        cmocka_unit_test(a_host_that_wants_a_pause_is_held_and_nobody_else),
        cmocka_unit_test(thousands_of_hosts_come_and_go),
        cmocka_unit_test(a_host_that_is_held_rests_as_long_as_the_longest_wish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
