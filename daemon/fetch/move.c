#include "newsmq/clock.h"

#include "move.h"

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

const char *move_url(const struct feed_state *s, const char *url)
{
    bool is_old_tried = s->failures >= MOVE_FAILURES && s->failures % 2 == 1;

    return s->moved_to == NULL || is_old_tried ? url : s->moved_to;
}

static void forget_candidate(struct feed_state *s)
{
    state_set(&s->move_url, (struct str){0});
    s->move_seen = 0;
    s->move_first_ms = 0;
}

static void go_back(struct feed_state *s)
{
    state_set(&s->moved_to, (struct str){0});
    s->moved_ms = 0;
}

static void count(struct feed_state *s, const char *to, int64_t now_ms)
{
    if (!same(s->move_url, to) || now_ms < s->move_first_ms) {
        state_set(&s->move_url, str_of(to));
        s->move_seen = 0;
        s->move_first_ms = now_ms;
    }
    s->move_seen++;
}

static enum move_turn believe(struct feed_state *s, int64_t now_ms)
{
    bool is_home = same(s->move_url, s->url); /* it came back to where it was */

    state_set(&s->moved_to, is_home ? (struct str){0} : str_of(s->move_url));
    s->moved_ms = is_home ? 0 : now_ms;
    forget_candidate(s);
    return is_home ? MOVE_UNDONE : MOVE_MADE;
}

enum move_turn move_learn(struct feed_state *s, const char *asked,
                          const char *permanent_url, int64_t now_ms)
{
    bool is_old = s->moved_to != NULL && !same(asked, s->moved_to);
    enum move_turn turn = MOVE_NOTHING;

    if (is_old && same(permanent_url, s->moved_to))
        return MOVE_NOTHING; /* the old one still leads to the new one */
    if (is_old) {
        go_back(s); /* there is a feed at the old one, and not at the new one */
        turn = MOVE_UNDONE;
    }
    if (permanent_url == NULL || same(permanent_url, s->move_refused)) {
        forget_candidate(s);
        return turn;
    }
    count(s, permanent_url, now_ms);
    if (s->move_url == NULL) /* too long to keep */
        forget_candidate(s);
    else if (s->move_seen >= MOVE_TIMES && now_ms - s->move_first_ms >= MOVE_SPAN_MS)
        turn = believe(s, now_ms);
    return turn;
}

void move_refuse(struct feed_state *s)
{
    const char *to = s->moved_to != NULL ? s->moved_to : s->move_url;

    if (to != NULL) /* else it was refused before */
        state_set(&s->move_refused, str_of(to));
    go_back(s);
    forget_candidate(s);
}

void move_forget(struct feed_state *s)
{
    state_set(&s->move_refused, (struct str){0});
    go_back(s);
    forget_candidate(s);
}
