/* The queue. Workers do their jobs in the order they got them, so when one dies only the
   oldest job in its hands can be the cause: that one alone counts an attempt, the others
   wait again as they were. A job with a failed attempt is tried alone, so that the next
   death has one possible cause; while such jobs wait, one worker is kept free until its
   hands are empty, the others go on. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "jobs.h"

static void list_remove(struct job_list *l, struct job *job)
{
    *(job->before != NULL ? &job->before->after : &l->first) = job->after;
    *(job->after != NULL ? &job->after->before : &l->last) = job->before;
    job->before = job->after = NULL;
    l->n--;
}

static void list_add_last(struct job_list *l, struct job *job)
{
    job->before = l->last;
    job->after = NULL;
    *(l->last != NULL ? &l->last->after : &l->first) = job;
    l->last = job;
    l->n++;
}

static void list_add_first(struct job_list *l, struct job *job)
{
    job->before = NULL;
    job->after = l->first;
    *(l->first != NULL ? &l->first->before : &l->last) = job;
    l->first = job;
    l->n++;
}

static struct job_list *list_of(struct jobs *j, struct job *job)
{
    switch (job->state) {
    case JOB_READY:
        return &j->ready;
    case JOB_SUSPECT:
        return &j->suspect;
    case JOB_SETTLING:
        return &j->settling;
    default:
        return &job->owner->hand;
    }
}

/* ---- by seq ---- */

static size_t slot_of(const struct jobs *j, uint64_t seq)
{
    return (size_t)(seq * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (j->n_slots - 1);
}

static void put_slot(struct jobs *j, struct job *job)
{
    size_t at = slot_of(j, job->seq);

    while (j->slots[at] != NULL)
        at = (at + 1) & (j->n_slots - 1);
    j->slots[at] = job;
}

static void grow(struct jobs *j)
{
    struct job **old = j->slots;
    size_t n_old = j->n_slots;

    j->n_slots = n_old > 0 ? n_old * 2 : 1024;
    j->slots = mem_new_array(j->n_slots, sizeof(struct job *));
    for (size_t i = 0; i < n_old; i++)
        if (old[i] != NULL)
            put_slot(j, old[i]);
    free(old);
}

static void clear_slot(struct jobs *j, uint64_t seq)
{
    size_t mask = j->n_slots - 1, hole = slot_of(j, seq), at;

    while (j->slots[hole]->seq != seq)
        hole = (hole + 1) & mask;
    j->slots[hole] = NULL;
    /* Move up what the hole would hide (Knuth 6.4 R). */
    for (at = (hole + 1) & mask; j->slots[at] != NULL; at = (at + 1) & mask) {
        size_t home = slot_of(j, j->slots[at]->seq);

        if (((at - home) & mask) >= ((at - hole) & mask)) {
            j->slots[hole] = j->slots[at];
            j->slots[at] = NULL;
            hole = at;
        }
    }
}

struct job *jobs_find(const struct jobs *j, uint64_t seq)
{
    if (j->n_slots == 0)
        return NULL;
    for (size_t at = slot_of(j, seq); j->slots[at] != NULL;
         at = (at + 1) & (j->n_slots - 1))
        if (j->slots[at]->seq == seq)
            return j->slots[at];
    return NULL;
}

/* ---- life ---- */

static void drop_body(struct jobs *j, struct job *job)
{
    if (!job->has_body)
        return;
    j->body_bytes -= zmq_msg_size(&job->body);
    (void)zmq_msg_close(&job->body); /* fails only for what is no message */
    job->has_body = false;
}

struct job *jobs_add(struct jobs *j, uint64_t seq, uint32_t attempts)
{
    struct job *job = mem_new(sizeof *job);

    job->seq = seq;
    job->attempts = attempts;
    job->state = attempts > 0 ? JOB_SUSPECT : JOB_READY;
    if (j->n + 1 > j->n_slots / 2)
        grow(j);
    put_slot(j, job);
    j->n++;
    list_add_last(list_of(j, job), job);
    return job;
}

void jobs_keep_body(struct jobs *j, struct job *job, uint32_t revision, zmq_msg_t *core)
{
    size_t n = zmq_msg_size(core);

    if (job->has_body || n > j->max_body_bytes || j->body_bytes > j->max_body_bytes - n)
        return;
    if (zmq_msg_init(&job->body) != 0 || zmq_msg_move(&job->body, core) != 0)
        return;
    job->revision = revision;
    job->has_body = true;
    j->body_bytes += n;
}

/* Takes the job out of its list. When it was the first in a hand, the lease of the next
   one starts. */
static void detach(struct jobs *j, struct job *job, struct mono now, int64_t lease_ms)
{
    struct worker *w = job->owner;

    if (job->state == JOB_IN_HAND) {
        if (w->hand.first == job)
            w->lease_due = mono_add_ms(now, lease_ms);
        j->n_in_hand--;
    }
    list_remove(list_of(j, job), job);
    job->owner = NULL;
    if (w != NULL && w->hand.n == 0)
        w->is_trying = false;
}

void jobs_remove(struct jobs *j, struct job *job, struct mono now, int64_t lease_ms)
{
    detach(j, job, now, lease_ms);
    clear_slot(j, job->seq);
    drop_body(j, job);
    free(job);
    j->n--;
}

struct job *jobs_next(struct jobs *j, struct worker *w)
{
    if (w->is_draining || w->is_trying || w->hand.n >= w->credit)
        return NULL;
    if (j->suspect.n == 0) {
        j->kept_free = NULL;
        return j->ready.first;
    }
    if (w->hand.n == 0 && (j->kept_free == NULL || j->kept_free == w || j->ready.n == 0))
        return j->suspect.first;
    if (j->kept_free == NULL)
        j->kept_free = w;
    return j->kept_free == w ? NULL : j->ready.first;
}

void jobs_sent(struct jobs *j, struct job *job, struct worker *w, struct mono now,
               int64_t lease_ms)
{
    w->is_trying = job->state == JOB_SUSPECT;
    if (w->is_trying && j->kept_free == w)
        j->kept_free = NULL;
    list_remove(list_of(j, job), job);
    job->state = JOB_IN_HAND;
    job->owner = w;
    if (w->hand.n == 0)
        w->lease_due = mono_add_ms(now, lease_ms);
    list_add_last(&w->hand, job);
    j->n_in_hand++;
}

void jobs_settle(struct jobs *j, struct job *job, struct mono now, int64_t lease_ms)
{
    detach(j, job, now, lease_ms);
    job->state = JOB_SETTLING;
    list_add_last(&j->settling, job);
}

void jobs_retry(struct jobs *j, struct job *job, uint32_t attempts)
{
    list_remove(list_of(j, job), job);
    job->attempts = attempts;
    job->state = JOB_SUSPECT;
    list_add_last(&j->suspect, job);
    j->n_redelivered++;
}

struct job *jobs_lose(struct jobs *j, struct worker *w, bool blame)
{
    struct job *job, *blamed = NULL;

    if (j->kept_free == w)
        j->kept_free = NULL;
    while ((job = w->hand.last) != NULL) {
        bool is_first = job == w->hand.first;

        list_remove(&w->hand, job);
        job->owner = NULL;
        j->n_in_hand--;
        if (is_first && blame) {
            blamed = job;
            job->state = JOB_SETTLING;
            list_add_last(&j->settling, job);
            continue;
        }
        job->state = job->attempts > 0 ? JOB_SUSPECT : JOB_READY;
        list_add_first(list_of(j, job), job);
        j->n_redelivered++;
    }
    w->is_trying = false;
    return blamed;
}

void jobs_fini(struct jobs *j)
{
    for (size_t i = 0; i < j->n_slots; i++) {
        if (j->slots[i] == NULL)
            continue;
        drop_body(j, j->slots[i]);
        free(j->slots[i]);
    }
    free(j->slots);
    *j = (struct jobs){0};
}
