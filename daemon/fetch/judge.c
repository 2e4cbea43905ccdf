/* A page in place of the feed is told by its title, since that is what its makers wrote
   for people; in many languages the number of the error stands there. */
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "judge.h"

#define FUTURE_MS DAY_MS /* zones and wrong clocks make less than that */

/* ---- bodies that are no feed ---- */

static size_t find_nocase(struct str s, struct str needle)
{
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (str_eq_nocase(str_slice(s, i, i + needle.n), needle))
            return i;
    return SIZE_MAX;
}

static bool has_word(struct str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (find_nocase(s, str_of(words[i])) != SIZE_MAX)
            return true;
    return false;
}

static struct str title_of(struct str page)
{
    size_t at = find_nocase(page, STR("<title"));
    struct str rest;

    if (at == SIZE_MAX)
        return STR("");
    rest = str_slice(page, at, page.n);
    (void)str_cut(&rest, '>');
    return rest.p != NULL ? str_trim(str_cut(&rest, '<')) : STR("");
}

static enum problem judge_html(struct str page)
{
    static const char *const challenges[] = {"just a moment",
                                             "attention required",
                                             "captcha",
                                             "are you a robot",
                                             "checking your browser",
                                             "are human",
                                             "security check",
                                             "ddos"};
    static const char *const scripts[] = {"challenge-platform", "cf-chl-", "g-recaptcha",
                                          "hcaptcha.com", "px-captcha"};
    static const char *const logins[] = {
        "log in", "login", "sign in", "sign-in", "anmelden", "connexion", "iniciar sesi"};
    static const char *const errors[] = {"400",
                                         "401",
                                         "403",
                                         "404",
                                         "410",
                                         "500",
                                         "502",
                                         "503",
                                         "504",
                                         "not found",
                                         "error",
                                         "forbidden",
                                         "denied",
                                         "unavailable",
                                         "maintenance",
                                         "suspended",
                                         "for sale",
                                         "parked",
                                         "nicht gefunden",
                                         "introuvable",
                                         "wartung",
                                         "no encontrad",
                                         "non trovata"};
    struct str title = title_of(page);

    if (has_word(title, challenges, ARRAY_LEN(challenges)) ||
        has_word(page, scripts, ARRAY_LEN(scripts)))
        return PROBLEM_HTML_CHALLENGE;
    if (has_word(title, logins, ARRAY_LEN(logins)))
        return PROBLEM_HTML_LOGIN;
    if (has_word(title, errors, ARRAY_LEN(errors)))
        return PROBLEM_HTML_ERROR;
    return PROBLEM_HTML_PAGE;
}

static bool is_html(struct str body)
{
    static const char *const marks[] = {"<!doctype html", "<html", "<head", "<body"};

    return has_word(body, marks, ARRAY_LEN(marks));
}

enum problem judge_body(struct str head, bool was_feed)
{
    struct str body = head;

    if (str_has_prefix(body, STR("\xef\xbb\xbf")))
        body = str_slice(body, 3, body.n);
    body = str_trim(body);
    if (body.n == 0)
        return PROBLEM_EMPTY_BODY;
    if (body.p[0] == '{' || body.p[0] == '[') /* every JSON is read as if it were one */
        return find_nocase(body, STR("jsonfeed.org/version")) != SIZE_MAX
                   ? PROBLEM_BROKEN_FEED
                   : PROBLEM_JSON_NO_FEED;
    if (was_feed)
        return PROBLEM_BROKEN_FEED;
    if (is_html(body))
        return judge_html(body);
    return body.p[0] == '<' ? PROBLEM_XML_NO_FEED : PROBLEM_NOT_A_FEED;
}

/* ---- feeds ---- */

static int by_text(const void *pa, const void *pb)
{
    const struct str *a = pa, *b = pb;

    return str_cmp(*a, *b);
}

static bool has_same_guids(const struct document *d)
{
    struct str *guids = mem_new_array(d->n_items, sizeof *guids);
    size_t n = 0, same = 0;

    for (size_t i = 0; i < d->n_items; i++)
        if (d->items[i].guid.n > 0)
            guids[n++] = d->items[i].guid;
    qsort(guids, n, sizeof *guids, by_text);
    for (size_t i = 1; i < n; i++)
        same += str_eq(guids[i], guids[i - 1]);
    free(guids);
    return same > 0;
}

static bool is_in_future(const struct item *it, int64_t now_ms)
{
    return it->date_note == DATE_FUTURE || it->date_published_ms > now_ms + FUTURE_MS;
}

static void judge_items(const struct document *d, int64_t now_ms, struct problem_set *to)
{
    size_t n_dates = 0, n_future = 0, n_known = 0;

    for (size_t i = 0; i < d->n_items; i++) {
        const struct item *it = &d->items[i];

        n_dates += it->date_published_ms != 0 || it->date_modified_ms != 0;
        n_future += is_in_future(it, now_ms);
        n_known += it->guid.n > 0 || it->url.n > 0;
    }
    if (n_future > 0)
        problem_add(to, PROBLEM_FUTURE_DATES);
    else if (n_dates == 0 && d->n_items > 0)
        problem_add(to, PROBLEM_NO_DATES);
    if (n_known < d->n_items)
        problem_add(to, PROBLEM_NO_IDS);
    if (d->n_items > 1 && has_same_guids(d))
        problem_add(to, PROBLEM_SAME_IDS);
}

struct problem_set judge_document(const struct document *d, int64_t now_ms)
{
    const struct feed_meta *m = document_meta(d);
    struct problem_set notes = {0};

    judge_items(d, now_ms, &notes);
    if (d->n_left_out > 0)
        problem_add(&notes, PROBLEM_ITEMS_DROPPED);
    if (d->n_empty > 0)
        problem_add(&notes, PROBLEM_EMPTY_ITEMS);
    else if (d->n_items == 0 && d->n_left_out == 0)
        problem_add(&notes, PROBLEM_NO_ITEMS);
    if (m != NULL && m->has_other_encoding)
        problem_add(&notes, PROBLEM_ENCODING);
    if (m != NULL && !m->well_formed)
        problem_add(&notes, PROBLEM_MALFORMED);
    return notes;
}

struct problem_set judge_scope(void)
{
    static const enum problem all[] = {
        PROBLEM_NO_ITEMS, PROBLEM_ITEMS_DROPPED, PROBLEM_NO_DATES,
        PROBLEM_NO_IDS,   PROBLEM_SAME_IDS,      PROBLEM_EMPTY_ITEMS,
        PROBLEM_ENCODING, PROBLEM_MALFORMED,     PROBLEM_FUTURE_DATES};
    struct problem_set scope = {0};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        problem_add(&scope, all[i]);
    return scope;
}
