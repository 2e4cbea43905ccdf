#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/words.h"

#include "ask.h"
#include "feed_print.h"
#include "why_feed.h"

const struct config_feed *why_feed_find(const struct config *c, const char *id)
{
    for (size_t i = 0; i < c->n_feeds; i++)
        if (strcmp(c->feeds[i].id, id) == 0)
            return &c->feeds[i];
    return NULL;
}

/* ---- telling ---- */

static void say_url(const struct feed_row *r)
{
    struct str moved_to = ask_text(r->state, "moved_to");
    int64_t seen = ask_number(r->state, "move_seen");

    printf("  ");
    (void)term_text(stdout, str_of(r->feed->url), 0, false); /* any length */
    if (moved_to.n > 0) {
        printf("\n  It has moved for good, and this is asked: ");
        (void)term_text(stdout, moved_to, 0, false);
    } else if (seen > 0) {
        printf("\n  It redirects for good (seen %lld times; believed after 5 times and a "
               "day) to ",
               (long long)seen);
        (void)term_text(stdout, ask_text(r->state, "move_url"), 0, false);
    }
    printf("\n");
}

static void say_last(const struct feed_row *r, int64_t now_ms)
{
    int64_t last_ms = ask_number(r->state, "last_fetch_ms");
    int64_t status = ask_number(r->state, "http_status");
    char when[WORDS_MAX], ago[WORDS_MAX];

    if (last_ms == 0)
        return;
    printf("  Last asked at %s UTC (%s)", words_moment(last_ms, now_ms, when),
           words_ago(last_ms, now_ms, ago));
    if (status > 0)
        printf(": HTTP %lld", (long long)status);
    printf(".\n  %lld items so far, the last new one %s.\n",
           (long long)ask_number(r->state, "items"),
           words_ago(ask_number(r->state, "last_new_ms"), now_ms, ago));
}

static int tell(const char *who, const struct feed_row *r, int64_t now_ms)
{
    struct strbuf next = {.max = FEED_NEXT_MAX};

    feed_row_print(r, now_ms, term_has_colour(stdout));
    say_url(r);
    say_last(r, now_ms);
    feed_row_next(r, now_ms, &next);
    printf("  %s\n", strbuf_cstr(&next));
    strbuf_fini(&next);
    if (fflush(stdout) == 0)
        return EX_OK;
    perror(who);
    return EX_IOERR;
}

static const json_t *state_of(const json_t *answer, const char *id)
{
    const json_t *v;
    size_t i;

    json_array_foreach(json_object_get(answer, "feeds"), i, v)
    {
        if (str_eq(ask_text(v, "feed"), str_of(id)))
            return v;
    }
    return NULL;
}

int why_feed(const char *who, const struct config *c, const struct config_feed *feed,
             bool as_json)
{
    int64_t now_ms = clock_wall_ms();
    struct feed_row row;
    json_t *answer = NULL;
    int rc = ask_or_tell(who, c, "feeds", "{}", &answer);

    if (rc != 0)
        return rc;
    feed_row_init(&row, feed->id, feed, state_of(answer, feed->id), now_ms);
    if (as_json) {
        json_t *o = feed_row_why_json(&row, now_ms);

        rc = ask_print(who, o);
        json_decref(o);
    } else {
        rc = tell(who, &row, now_ms);
    }
    json_decref(answer);
    return rc;
}
