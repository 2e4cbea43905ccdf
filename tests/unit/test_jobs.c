#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../daemon/hub/jobs.h"

#define LEASE_MS 1000

static struct jobs jobs;
static struct worker one, two;
static struct mono now;

static int setup(void **state)
{
    (void)state;
    jobs = (struct jobs){.max_body_bytes = 100};
    one = (struct worker){.credit = 3};
    two = (struct worker){.credit = 3};
    now = (struct mono){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jobs_fini(&jobs);
    return 0;
}

/* The seq that the worker gets; 0: none. */
static uint64_t give(struct worker *w)
{
    struct job *job = jobs_next(&jobs, w);

    if (job == NULL)
        return 0;
    jobs_sent(&jobs, job, w, now, LEASE_MS);
    return job->seq;
}

static void done(uint64_t seq)
{
    jobs_remove(&jobs, jobs_find(&jobs, seq), now, LEASE_MS);
}

static void break_one(uint64_t seq, uint32_t attempts)
{
    struct job *job = jobs_find(&jobs, seq);

    jobs_settle(&jobs, job, now, LEASE_MS);
    jobs_retry(&jobs, job, attempts);
}

static void add(uint64_t from, uint64_t to)
{
    for (uint64_t seq = from; seq <= to; seq++)
        (void)jobs_add(&jobs, seq, 0);
}

static void jobs_go_out_in_order_up_to_the_credit(void **state)
{
    (void)state;
    add(1, 9);
    assert_int_equal(give(&one), 1);
    assert_int_equal(give(&two), 2);
    assert_int_equal(give(&one), 3);
    assert_int_equal(give(&one), 4);
    assert_int_equal(give(&one), 0);
    done(3);
    assert_int_equal(give(&one), 5);
}

static void only_the_oldest_job_of_a_lost_worker_is_suspect(void **state)
{
    const struct job *suspect;

    (void)state;
    add(1, 4);
    (void)give(&one), (void)give(&one), (void)give(&one);
    suspect = jobs_lose(&jobs, &one, true);
    assert_int_equal(suspect->seq, 1);
    assert_int_equal(suspect->state, JOB_SETTLING);
    assert_int_equal(give(&two), 2);
    assert_int_equal(give(&two), 3);
    assert_int_equal(give(&two), 4);
    assert_int_equal(jobs_find(&jobs, 2)->attempts, 0);
}

static void a_worker_that_says_goodbye_is_not_to_blame(void **state)
{
    (void)state;
    add(1, 2);
    (void)give(&one);
    assert_null(jobs_lose(&jobs, &one, false));
    assert_int_equal(give(&two), 1);
}

static void a_suspect_is_tried_alone(void **state)
{
    (void)state;
    (void)jobs_add(&jobs, 1, 2);
    add(2, 5);
    assert_int_equal(give(&one), 1);
    assert_int_equal(give(&one), 0);
    assert_int_equal(give(&two), 2);
    assert_int_equal(give(&two), 3);
    done(1);
    assert_int_equal(give(&one), 4);
}

static void one_worker_is_kept_free_for_a_suspect_and_the_others_go_on(void **state)
{
    (void)state;
    add(1, 9);
    assert_int_equal(give(&one), 1);
    assert_int_equal(give(&one), 2);
    assert_int_equal(give(&two), 3);
    break_one(2, 1);
    assert_int_equal(give(&one), 0);
    assert_int_equal(give(&two), 4);
    done(1);
    assert_int_equal(give(&one), 2);
    assert_int_equal(give(&one), 0);
    break_one(2, 2);
    assert_int_equal(give(&one), 2);
}

static void a_lost_worker_is_kept_free_no_longer(void **state)
{
    (void)state;
    add(1, 9);
    (void)give(&one), (void)give(&two);
    break_one(1, 1);
    (void)give(&two);
    assert_ptr_equal(jobs.kept_free, &two);
    (void)jobs_lose(&jobs, &two, true);
    assert_null(jobs.kept_free);
    assert_int_equal(give(&one), 1);
}

static void a_suspect_lost_while_on_trial_stays_suspect(void **state)
{
    struct job *job;

    (void)state;
    (void)jobs_add(&jobs, 1, 1);
    add(2, 3);
    (void)give(&one);
    job = jobs_lose(&jobs, &one, true);
    assert_int_equal(job->seq, 1);
    jobs_retry(&jobs, job, 2);
    assert_int_equal(give(&two), 1);
    assert_int_equal(give(&two), 0);
}

static void the_lease_is_of_the_oldest_job(void **state)
{
    (void)state;
    add(1, 3);
    (void)give(&one), (void)give(&one);
    assert_int_equal(mono_ms_between(now, one.lease_due), LEASE_MS);
    now = mono_add_ms(now, 700);
    done(2);
    assert_int_equal(mono_ms_between(now, one.lease_due), LEASE_MS - 700);
    (void)give(&one);
    done(1);
    assert_int_equal(mono_ms_between(now, one.lease_due), LEASE_MS);
}

static void a_draining_worker_gets_nothing(void **state)
{
    (void)state;
    add(1, 2);
    one.is_draining = true;
    assert_int_equal(give(&one), 0);
}

static void jobs_are_found_among_many_whatever_goes(void **state)
{
    (void)state;
    add(1, 5000);
    for (uint64_t seq = 1; seq <= 5000; seq++)
        if (seq % 3 != 0)
            done(seq);
    for (uint64_t seq = 1; seq <= 5000; seq++)
        assert_int_equal(jobs_find(&jobs, seq) != NULL, seq % 3 == 0);
    assert_int_equal(jobs.n, 1666);
}

static void bodies_are_kept_while_memory_allows(void **state)
{
    zmq_msg_t small, large;

    (void)state;
    add(1, 2);
    assert_int_equal(zmq_msg_init_size(&small, 60), 0);
    assert_int_equal(zmq_msg_init_size(&large, 60), 0);
    jobs_keep_body(&jobs, jobs_find(&jobs, 1), 1, &small);
    jobs_keep_body(&jobs, jobs_find(&jobs, 2), 1, &large);
    assert_true(jobs_find(&jobs, 1)->has_body);
    assert_false(jobs_find(&jobs, 2)->has_body);
    assert_int_equal(zmq_msg_size(&large), 60);
    done(1);
    assert_int_equal(jobs.body_bytes, 0);
    (void)zmq_msg_close(&small);
    (void)zmq_msg_close(&large);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(jobs_go_out_in_order_up_to_the_credit),
        FRESH(only_the_oldest_job_of_a_lost_worker_is_suspect),
        FRESH(a_worker_that_says_goodbye_is_not_to_blame),
        FRESH(a_suspect_is_tried_alone),
        FRESH(one_worker_is_kept_free_for_a_suspect_and_the_others_go_on),
        FRESH(a_lost_worker_is_kept_free_no_longer),
        FRESH(a_suspect_lost_while_on_trial_stays_suspect),
        FRESH(the_lease_is_of_the_oldest_job),
        FRESH(a_draining_worker_gets_nothing),
        FRESH(jobs_are_found_among_many_whatever_goes),
        FRESH(bodies_are_kept_while_memory_allows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
