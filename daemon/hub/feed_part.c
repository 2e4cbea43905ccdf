/* A feed is in one state, and each change of it is published once, in the transaction
   that stores it: so a batch that is sent again tells nothing twice. The topic of the
   last event of a feed is the state it is in; moves are told beside it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "feed_part.h"
#include "hub.h"

/* ---- reading ---- */

static bool is_feed_id(const char *z)
{
    size_t n = strlen(z);

    return n >= 1 && n <= 63 && z[0] != '-' &&
           strspn(z, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* A group is free text in the configuration; in a topic it is one level. */
static void read_group(const char *z, char *out, size_t max)
{
    size_t n = 0;

    for (; z != NULL && *z != '\0' && n < max - 1; z++) {
        unsigned char c = (unsigned char)*z;

        out[n++] =
            c > ' ' && c < 0x7f && c != '/' && c != '"' && c != '\\' ? (char)c : '-';
    }
    out[n] = '\0';
    if (n == 0)
        (void)snprintf(out, max, "none");
}

static void read_about(struct feed_part *f, json_t *state)
{
    static const char *const same[] = {"reason", "problem", "http_status", "url",
                                       "moved_to"};

    f->about = json_pack("{s:s,s:s}", "schema", "feed/1", "feed", f->id);
    for (size_t i = 0; f->about != NULL && i < ARRAY_LEN(same); i++) {
        json_t *v = json_object_get(state, same[i]);

        if (v != NULL && !json_is_null(v)) /* absent where there is nothing to say */
            (void)json_object_set(f->about, same[i], v);
    }
}

static void read_changes(struct feed_part *f, json_t *state)
{
    const char *moved_to = json_string_value(json_object_get(state, "moved_to"));
    json_int_t after_ms = json_integer_value(json_object_get(state, "stale_after_ms"));
    json_int_t now_ms = json_integer_value(json_object_get(state, "last_fetch_ms"));

    if (moved_to != NULL)
        f->moved_to = mem_strdup(moved_to);
    f->feed.moved_to = str_of(f->moved_to);
    f->feed.has_asked = json_object_get(state, "asked") != NULL;
    if (after_ms > 0 && now_ms > after_ms)
        f->feed.stale_before_ms = now_ms - after_ms;
    (void)json_object_del(state, "asked");
}

static const char *read_state(struct feed_part *f, json_t *state, bool *ret_emit)
{
    const char *id = json_string_value(json_object_get(state, "feed"));
    const char *policy = json_string_value(json_object_get(state, "on_update"));
    const char *status = json_string_value(json_object_get(state, "state"));
    bool is_partial = json_is_true(json_object_get(state, "partial"));

    if (id == NULL || !is_feed_id(id))
        return "the feed state has no good member 'feed'";
    (void)snprintf(f->id, sizeof f->id, "%s", id);
    read_group(json_string_value(json_object_get(state, "group")), f->group,
               sizeof f->group);
    *ret_emit = policy == NULL || strcmp(policy, "ignore") != 0;
    if (status != NULL && !is_name(str_of(status), sizeof f->status - 1))
        return "the feed state's member 'state' is no word";
    (void)json_object_del(state, "on_update"); /* absent is as good */
    (void)json_object_del(state, "partial");
    (void)json_object_del(state, "ask"); /* only the hub writes that */
    f->feed.id = str_of(f->id);
    f->feed.group = str_of(f->group);
    if (is_partial)
        return NULL;
    if (status != NULL) {
        (void)snprintf(f->status, sizeof f->status, "%s", status);
        f->feed.status = str_of(f->status);
    }
    read_about(f, state);
    read_changes(f, state);
    f->whole = json_incref(state);
    f->state = json_dumps(state, JSON_COMPACT);
    f->feed.state = str_of(f->state);
    return f->state != NULL ? NULL : "the feed state cannot be written again";
}

const char *feed_part_read(struct feed_part *f, struct str text, bool *ret_emit)
{
    json_error_t fault;
    json_t *state = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &fault);
    const char *why = "the feed state is not a JSON object";

    if (json_is_object(state))
        why = read_state(f, state, ret_emit);
    json_decref(state);
    return why;
}

/* ---- events ---- */

/* The topic that tells of this change of state; NULL: none. A feed that was never up
   makes no noise when it is not known yet, and one that is gone is down already. */
static const char *turn_of(const char *was, const char *is)
{
    static const struct {
        const char *is, *topic, *silent_after;
    } turns[] = {
        {"ok", "up", ""},
        {"stale", "stale", ""},
        {"failing", "down", "gone"},
        {"gone", "down", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(turns); i++)
        if (strcmp(is, turns[i].is) == 0 && strcmp(was, is) != 0 &&
            (turns[i].silent_after[0] == '\0' || strcmp(was, turns[i].silent_after) != 0))
            return turns[i].topic;
    return NULL;
}

static void forget_events(struct feed_part *f)
{
    for (size_t i = 0; i < f->n_events; i++)
        free(f->events[i].body);
    f->n_events = 0;
}

static int add_event(struct hub *h, struct feed_part *f, const struct store_fed *fed,
                     const char *topic, struct err *e)
{
    struct feed_event *ev = &f->events[f->n_events];
    char time[CLOCK_TEXT_MAX];

    (void)json_object_set_new(f->about, "state", json_string(fed->is));
    (void)json_object_set_new(f->about, "was",
                              fed->was[0] != '\0' ? json_string(fed->was) : json_null());
    (void)json_object_set_new(f->about, "last_new",
                              fed->last_new_ms > 0
                                  ? json_string(clock_text(fed->last_new_ms, time))
                                  : json_null());
    ev->body = json_dumps(f->about, JSON_COMPACT);
    if (ev->body == NULL)
        return err_set(e, -ENOMEM, "no memory for an event");
    (void)snprintf(ev->topic, sizeof ev->topic, "feed/%s/%s/", f->id, topic);
    f->n_events++;
    return store_add_event(h->store, ev->topic, str_of(ev->body), e);
}

int feed_part_apply(struct hub *h, struct feed_part *f, const struct store_fed *fed,
                    struct err *e)
{
    const char *turn = turn_of(fed->was, fed->is);
    int rc = 0;

    forget_events(f);
    if (f->about == NULL)
        return 0;
    if (fed->has_moved)
        rc = add_event(h, f, fed, "moved", e);
    if (rc >= 0 && turn != NULL)
        rc = add_event(h, f, fed, turn, e);
    return rc;
}

void feed_part_emit(struct hub *h, const struct feed_part *f,
                    const struct store_made *first)
{
    for (size_t i = 0; i < f->n_events; i++)
        emit_event(h, &first[i], str_of(f->events[i].body));
}

void feed_part_count(struct hub *h, const struct feed_part *f)
{
    if (f->whole != NULL)
        counts_poll(&h->counts, f->whole);
}

void feed_part_fini(struct feed_part *f)
{
    forget_events(f);
    json_decref(f->whole);
    json_decref(f->about);
    free(f->state);
    free(f->moved_to);
    *f = (struct feed_part){0};
}
