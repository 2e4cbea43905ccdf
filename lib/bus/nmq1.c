/* Frames of NMQ1 messages. A message is received whole, with a bound on how many frames
   it may have; what is beyond is read and thrown away, so that the next message starts
   where it should. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/nmq1.h"

void nmq1_reset(struct nmq1_msg *m)
{
    for (size_t i = 0; i < m->n; i++)
        (void)zmq_msg_close(&m->frames[i]); /* fails only for what is no message */
    m->n = m->bytes = 0;
    m->too_many = false;
}

void nmq1_fini(struct nmq1_msg *m)
{
    nmq1_reset(m);
    free(m->frames);
    *m = (struct nmq1_msg){0};
}

void nmq1_move(struct nmq1_msg *to, struct nmq1_msg *from)
{
    *to = *from;
    *from = (struct nmq1_msg){0};
}

/* 1 = more frames follow, 0 = that was the last, negative = -errno. */
static int recv_frame(void *socket, struct nmq1_msg *m, int flags)
{
    zmq_msg_t *f;
    int rc;

    m->frames = mem_grow(m->frames, &m->cap, m->n + 1, sizeof *m->frames);
    f = &m->frames[m->n];
    (void)zmq_msg_init(f); /* cannot fail */
    do {
        rc = zmq_msg_recv(f, socket, flags);
    } while (rc < 0 && zmq_errno() == EINTR && m->n > 0);
    if (rc < 0) {
        rc = -zmq_errno();
        (void)zmq_msg_close(f); /* see above */
        return rc;
    }
    rc = zmq_msg_more(f);
    if (m->n < NMQ1_FRAMES_MAX) {
        m->bytes += zmq_msg_size(f);
        m->n++;
    } else {
        m->too_many = true;
        (void)zmq_msg_close(f); /* see above */
    }
    return rc;
}

int nmq1_recv(void *socket, struct nmq1_msg *m, int flags)
{
    int rc;

    nmq1_reset(m);
    rc = recv_frame(socket, m, flags);
    while (rc > 0)
        rc = recv_frame(socket, m, 0); /* the rest is there already */
    if (rc == -EAGAIN)
        return 0;
    return rc < 0 ? rc : 1;
}

struct str nmq1_get(const struct nmq1_msg *m, size_t i)
{
    zmq_msg_t *f;
    const char *p;

    if (i >= m->n)
        return (struct str){NULL, 0};
    f = &m->frames[i];
    p = zmq_msg_data(f);
    return (struct str){p != NULL ? p : "", zmq_msg_size(f)};
}

bool nmq1_get_u64(const struct nmq1_msg *m, size_t i, uint64_t *ret)
{
    struct str s = nmq1_get(m, i);

    return s.p != NULL && str_to_u64(s, ret);
}

static bool is_other_version(struct str s)
{
    uint64_t major;

    return str_has_prefix(s, STR("NMQ")) && str_to_u64(str_slice(s, 3, s.n), &major);
}

int nmq1_check(const struct nmq1_msg *m, size_t first, struct str *ret_verb,
               struct err *e)
{
    struct str head = nmq1_get(m, first), verb = nmq1_get(m, first + 1);

    if (!str_eq(head, STR("NMQ1"))) {
        if (is_other_version(head)) {
            (void)err_set(e, 505, "only NMQ1 is spoken here");
            return 505;
        }
        (void)err_set(e, 422, "the first frame is not NMQ1");
        return 422;
    }
    if (verb.n == 0) {
        (void)err_set(e, 422, "the verb is missing");
        return 422;
    }
    *ret_verb = verb;
    return 0;
}

/* Once the first frame is taken, libzmq takes the others too: a message is queued whole
   or not at all. */
int nmq1_send(void *socket, const struct str *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < n ? ZMQ_SNDMORE : 0), rc;

        do {
            rc = zmq_send(socket, frames[i].p != NULL ? frames[i].p : "", frames[i].n,
                          flags);
        } while (rc < 0 && zmq_errno() == EINTR);
        if (rc < 0)
            return zmq_errno() == EAGAIN ? ERR_LATER : -zmq_errno();
    }
    return 0;
}

struct str nmq1_number(uint64_t v, char buf[24])
{
    int n = snprintf(buf, 24, "%llu", (unsigned long long)v);

    return (struct str){buf, n > 0 ? (size_t)n : 0};
}
