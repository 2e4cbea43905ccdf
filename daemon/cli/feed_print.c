#include <stdio.h>
#include <string.h>

#include "newsmq/words.h"

#include "ask.h"
#include "feed_print.h"

enum colour health_colour(enum health h)
{
    static const enum colour colours[HEALTHS] = {
        [HEALTH_FAILING] = COLOUR_RED,  [HEALTH_GONE] = COLOUR_RED,
        [HEALTH_STALE] = COLOUR_YELLOW, [HEALTH_NEW] = COLOUR_CYAN,
        [HEALTH_OK] = COLOUR_GREEN,     [HEALTH_FORMER] = COLOUR_DIM,
    };

    return colours[h];
}

static void print_problem(enum problem p, struct str detail)
{
    printf("  %s: %s\n", problem_code(p), problem_cause(p));
    if (detail.n > 0) {
        printf("    ");
        (void)term_text(stdout, detail, 0, false); /* the columns do not matter */
        printf("\n");
    }
    printf("    -> %s\n", problem_remedy(p));
}

static void print_times(const struct feed_row *r, int64_t now_ms)
{
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    int64_t failures = ask_number(r->state, "failures");
    char buf[WORDS_MAX];

    if (r->health == HEALTH_FAILING || r->health == HEALTH_GONE)
        printf(", %lld time%s in a row, last good %s", (long long)failures,
               failures == 1 ? "" : "s",
               words_ago(ask_number(r->state, "last_ok_ms"), now_ms, buf));
    if (r->health == HEALTH_GONE)
        printf(", not polled any more");
    else
        printf(", next %s", due_ms > now_ms ? words_ago(due_ms, now_ms, buf) : "now");
}

void feed_row_print(const struct feed_row *r, int64_t now_ms, bool colour)
{
    struct str why = {r->why, strlen(r->why)};

    term_colour(stdout, colour, COLOUR_BOLD);
    printf("%s", r->id);
    term_colour(stdout, colour, COLOUR_PLAIN);
    printf(" is ");
    term_colour(stdout, colour, health_colour(r->health));
    printf("%s", health_name(r->health));
    term_colour(stdout, colour, COLOUR_PLAIN);
    print_times(r, now_ms);
    printf("\n");
    if (r->problem != PROBLEM_NONE)
        print_problem(r->problem, why);
    for (int p = 0; p < PROBLEMS; p++)
        if (problem_has(r->also, (enum problem)p))
            print_problem((enum problem)p,
                          p == PROBLEM_MOVED ? ask_text(r->state, "moved_to") : STR(""));
}
