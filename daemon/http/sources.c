/* A question is asked by a thread of libuv's pool, which blocks for ASK_MS at most;
   answer and tree are made there and handed over. */
#include <stdlib.h>

#include "newsmq/ask.h"
#include "newsmq/bus.h"
#include "newsmq/hash.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/url.h"

#include "sources.h"

#define ASK_MS        2000
#define FRESH_MS      SECOND_MS
#define QUESTIONS_MAX 32 /* that are remembered; so many may be asked at once */
#define ITEM_MAX      ((size_t)4096)

struct slot {
    struct sources *sources;
    uv_work_t work;
    char *question; /* NULL: a source's, or a slot that is free */
    enum question_kind kind;
    struct known known;
    struct mono settled; /* when the latest answer came, or the fault */
    bool is_asked, is_settled;
    /* the thread's own, while is_asked */
    json_t *answer;
    struct err fault;
    int64_t answered_ms;
};

struct sources {
    uv_loop_t *loop;
    const struct config *config;
    void (*changed)(void *ctx);
    void *ctx;
    struct slot slots[SOURCES + QUESTIONS_MAX];
    size_t n_asked;
    bool is_ending;
};

/* ---- in the thread ---- */

static void call(struct slot *s, const char *method, const char *argument)
{
    char *text = NULL;

    if (bus_call(&s->sources->config->bus, method, argument, ASK_MS, &text, &s->fault) <
        0)
        return;
    s->answer = json_loads(text, 0, NULL);
    free(text);
    if (s->answer == NULL)
        err_set(&s->fault, ERR_FORMAT, "the hub answers something else than JSON");
}

/* The record of that number, when it is still kept. */
static json_t *record_of(const struct config_bus *c, uint64_t seq)
{
    struct bus_options o = {.role = BUS_REPLAY};
    struct bus_event event = {0};
    struct mono until = mono_add_ms(clock_mono(), ASK_MS);
    struct bus *bus = NULL;
    json_t *record = NULL;
    bool is_over = bus_open(c, &o, &bus, NULL) < 0 ||
                   bus_get(bus, "record", seq, seq, NULL, NULL) < 0;

    while (!is_over && !mono_is_due(until, clock_mono())) {
        if (bus_next(bus, 100, &event, NULL) < 0 || event.kind == BUS_END ||
            event.kind == BUS_GONE || event.kind == BUS_REFUSED)
            break;
        if (event.kind != BUS_MSG)
            continue;
        record = json_loadb(event.json.p, event.json.n, 0, NULL);
        break;
    }
    bus_close(bus);
    return record;
}

/* The latest of those that the question fits. */
static uint64_t record_seq_of(const json_t *answer)
{
    const json_t *found;
    uint64_t seq = 0;
    size_t i;

    json_array_foreach(json_object_get(answer, "found"), i, found)
    {
        int64_t one = ask_number(found, "record_seq");

        if (one > 0 && (uint64_t)one > seq)
            seq = (uint64_t)one;
    }
    return seq;
}

static bool is_id(struct str s)
{
    bool is_one = s.n == ITEM_ID_CHARS;

    for (size_t i = 0; i < s.n && is_one; i++)
        is_one = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '2' && s.p[i] <= '7');
    return is_one;
}

static void call_why(struct slot *s, const char *key, struct str item)
{
    struct strbuf argument = {.max = ITEM_MAX * 8};
    struct jsonw j = jsonw_to(&argument);

    json_decref(s->answer);
    s->answer = NULL;
    jsonw_object(&j);
    jsonw_member_str(&j, key, item);
    jsonw_object_end(&j);
    call(s, "why", strbuf_cstr(&argument));
    strbuf_fini(&argument);
}

/* Links are kept in the form in which two writings of one are alike. */
static void find(struct slot *s)
{
    struct str item = str_of(s->question);
    struct strbuf canonical = {.max = URL_MAX_BYTES};

    if (is_id(item)) {
        call_why(s, "id", item);
        return;
    }
    if (url_canonical(item, &canonical, NULL) == 0)
        call_why(s, "url", strbuf_str(&canonical));
    if (s->fault.code == 0 && json_array_size(json_object_get(s->answer, "found")) == 0)
        call_why(s, "url", item);
    strbuf_fini(&canonical);
}

static void ask_why(struct slot *s)
{
    json_t *record = NULL;
    uint64_t seq;

    find(s);
    if (s->answer == NULL || s->kind != ASK_RECORD)
        return;
    seq = record_seq_of(s->answer);
    if (seq > 0)
        record = record_of(&s->sources->config->bus, seq);
    (void)json_object_set_new(s->answer, "record", record != NULL ? record : json_null());
}

static void work(uv_work_t *w)
{
    static const char *const methods[SOURCES] = {
        [SOURCE_STATUS] = "status",   [SOURCE_FEEDS] = "feeds", [SOURCE_HEADS] = "heads",
        [SOURCE_METRICS] = "metrics", [SOURCE_DEAD] = "dead",
    };
    struct slot *s = w->data;
    size_t which = (size_t)(s - s->sources->slots);

    s->answer = NULL;
    s->fault = (struct err){0};
    if (which >= SOURCES)
        ask_why(s);
    else if (which == SOURCE_NEWSMQD)
        (void)ask_supervisor_within(s->sources->config->bus.dir, "status", ASK_MS,
                                    &s->answer, &s->fault); /* fault says it */
    else
        call(s, methods[which], which == SOURCE_DEAD ? "{\"limit\":1000}" : "{}");
    s->answered_ms = clock_wall_ms();
}

/* ---- on the loop ---- */

static void done(uv_work_t *w, int status)
{
    struct slot *s = w->data;

    (void)status; /* nothing is cancelled */
    if (s->answer != NULL) {
        json_decref((json_t *)s->known.json); /* ours */
        s->known.json = s->answer;
        s->known.answered_ms = s->answered_ms;
        s->answer = NULL;
    }
    s->known.fault = s->fault;
    s->settled = clock_mono();
    s->is_settled = true;
    s->is_asked = false;
    s->sources->n_asked--;
    if (!s->sources->is_ending)
        s->sources->changed(s->sources->ctx);
}

static void start(struct slot *s)
{
    if (s->is_asked || s->sources->is_ending)
        return;
    s->is_asked = uv_queue_work(s->sources->loop, &s->work, work, done) == 0;
    s->sources->n_asked += s->is_asked;
}

static bool is_fresh(const struct slot *s)
{
    return s->is_settled && !s->is_asked &&
           mono_ms_between(s->settled, clock_mono()) <= FRESH_MS;
}

bool sources_is_fresh(struct sources *s, enum source which)
{
    struct slot *slot = &s->slots[which];

    if (is_fresh(slot))
        return true;
    start(slot);
    return false;
}

const struct known *sources_known(const struct sources *s, enum source which)
{
    return &s->slots[which].known;
}

/* ---- questions ---- */

static void forget(struct slot *s)
{
    free(s->question);
    json_decref((json_t *)s->known.json);
    s->question = NULL;
    s->known = (struct known){0};
    s->is_settled = false;
}

/* The one that asks this already; else a free one, or the one that was answered first. */
static struct slot *slot_for(struct sources *s, const struct question *q)
{
    struct slot *best = NULL;

    for (size_t i = SOURCES; i < ARRAY_LEN(s->slots); i++) {
        struct slot *at = &s->slots[i];

        if (at->question != NULL && at->kind == q->kind &&
            str_eq(str_of(at->question), q->item))
            return at;
        if (at->is_asked)
            continue;
        if (best == NULL || (best->question != NULL &&
                             (at->question == NULL || at->settled.ns < best->settled.ns)))
            best = at;
    }
    return best;
}

const struct known *sources_ask(struct sources *s, const struct question *q)
{
    static const struct known too_many = {
        .fault = {ERR_LATER, "too many questions at once; ask again in a second"}};
    static const struct known too_long = {
        .fault = {ERR_FORMAT, "too long for an id or a URL"}};
    struct slot *slot;

    if (q->item.n > ITEM_MAX)
        return &too_long;
    slot = slot_for(s, q);
    if (slot == NULL)
        return &too_many;
    if (slot->question == NULL || slot->kind != q->kind ||
        !str_eq(str_of(slot->question), q->item)) {
        forget(slot);
        slot->question = mem_dup(q->item);
        slot->kind = q->kind;
    }
    if (is_fresh(slot))
        return &slot->known;
    start(slot);
    return NULL;
}

/* ---- birth and death ---- */

struct sources *sources_new(uv_loop_t *loop, const struct config *c,
                            void (*changed)(void *ctx), void *ctx)
{
    struct sources *s = mem_new(sizeof *s);

    *s = (struct sources){.loop = loop, .config = c, .changed = changed, .ctx = ctx};
    for (size_t i = 0; i < ARRAY_LEN(s->slots); i++) {
        s->slots[i].sources = s;
        s->slots[i].work.data = &s->slots[i];
    }
    return s;
}

void sources_free(struct sources *s)
{
    if (s == NULL)
        return;
    s->is_ending = true;
    while (s->n_asked > 0)
        (void)uv_run(s->loop, UV_RUN_ONCE);
    for (size_t i = 0; i < ARRAY_LEN(s->slots); i++)
        forget(&s->slots[i]);
    free(s);
}
