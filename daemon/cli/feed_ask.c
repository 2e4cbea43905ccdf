/* The hub keeps what was asked with the feed's state; the fetcher finds it there when it
   is told to look (SIGHUP, which a reload is). */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "ask.h"
#include "feed_ask.h"

#define DONE_WITHIN_MS 10000
#define LOOK_EVERY_MS  200

static bool is_known(const struct config *c, const char *feed)
{
    for (size_t i = 0; i < c->n_feeds; i++)
        if (strcmp(c->feeds[i].id, feed) == 0)
            return true;
    return false;
}

static int tell_hub(const char *who, const struct config *c, const char *ask,
                    const char *feed)
{
    char *question = mem_printf("{\"feed\":\"%s\",\"ask\":\"%s\"}", feed, ask);
    json_t *answer = NULL;
    int rc = ask_or_tell(who, c, "feed_ask", question, &answer);

    json_decref(answer);
    free(question);
    return rc;
}

/* False when nobody could be told, which was said. */
static bool tell_fetcher(const char *who, const struct config *c)
{
    json_t *answer = NULL;
    struct err e = {0};
    int rc = ask_supervisor(c->bus.dir, "reload", &answer, &e);
    bool is_told = rc == 0 && json_is_true(json_object_get(answer, "ok"));

    json_decref(answer);
    if (is_told)
        return true;
    fprintf(stderr,
            "%s: %s; it is kept, and done when newsmq-fetch starts or gets SIGHUP\n", who,
            rc == 0 ? "the configuration is bad (newsmq check)" : e.text);
    return false;
}

static bool is_done(const struct config *c, const char *feed)
{
    json_t *answer = NULL;
    struct err e = {0};
    bool done = false;

    if (ask_hub(c, "feed_states", "{}", &answer, &e) == 0) {
        json_t *state = json_object_get(json_object_get(answer, "feeds"), feed);

        done = json_object_get(state, "ask") == NULL;
    }
    json_decref(answer);
    return done;
}

int feed_ask(const char *who, const struct config *c, const char *ask, const char *feed)
{
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    struct mono end;
    int rc;

    if (!is_known(c, feed)) {
        fprintf(stderr, "%s: there is no feed '%s' in %s\n", who, feed, c->path);
        return EX_USAGE;
    }
    rc = tell_hub(who, c, ask, feed);
    if (rc != 0)
        return rc;
    if (!tell_fetcher(who, c))
        return EX_TEMPFAIL;
    end = mono_add_ms(clock_mono(), DONE_WITHIN_MS);
    while (!is_done(c, feed)) {
        if (mono_is_due(end, clock_mono())) {
            printf("%s is asked for again; its turn has not come yet (newsmq why %s)\n",
                   feed, feed);
            return EX_OK;
        }
        (void)nanosleep(&pause, NULL); /* cut short is as good */
    }
    printf("%s: done; see newsmq why %s\n", feed, feed);
    return EX_OK;
}
