/* The time of day: the only place where two numbers stand around a colon. */
#include "date_private.h"

static bool is_number(const struct token *t, unsigned max_digits)
{
    return t->kind == TOKEN_NUMBER && t->digits <= max_digits;
}

static void use(struct dating *d, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        d->tokens[i].kind = TOKEN_USED;
}

/* Tokens of AM or PM at i ("pm", "p.m.", "下午"), 0 when there is none. */
static size_t half_day(const struct dating *d, size_t i, bool *is_pm)
{
    static const struct {
        const char *word;
        bool is_pm;
    } words[] = {{"am", false},  {"pm", true},    {"上午", false},
                 {"下午", true}, {"오전", false}, {"오후", true}};
    const struct token *t = &d->tokens[i];

    for (size_t k = 0; k < ARRAY_LEN(words); k++) {
        if (date_is_word(t, words[k].word)) {
            *is_pm = words[k].is_pm;
            return 1;
        }
    }
    if ((date_is_word(t, "a") || date_is_word(t, "p")) && i + 2 < d->n &&
        date_is_mark(t + 1, '.') && date_is_word(t + 2, "m")) {
        *is_pm = t->word.p[0] == 'p';
        return i + 3 < d->n && date_is_mark(t + 3, '.') ? 4 : 3;
    }
    return 0;
}

static bool apply_half_day(struct dating *d, bool is_pm)
{
    d->odd = true;
    if (d->hour > 12)
        return is_pm && d->hour < 24; /* "15:07 pm" */
    if (d->hour == 0)
        return !is_pm;
    d->hour = d->hour % 12 + (is_pm ? 12 : 0);
    return true;
}

/* ".123" at i: milliseconds, and the token after them. */
static size_t fraction(struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];
    uint64_t v;

    if (!(date_is_mark(t, '.') || date_is_mark(t, ',')) || t->spaced || i + 1 >= d->n ||
        t[1].kind != TOKEN_NUMBER || t[1].spaced || t[1].digits > 18)
        return i;
    v = t[1].value;
    for (unsigned n = t[1].digits; n > 3; n--)
        v /= 10;
    for (unsigned n = t[1].digits; n < 3; n++)
        v *= 10;
    d->ms = (unsigned)v;
    return i + 2;
}

/* "14:05:07.123" and "14h05" with the hour at i; answers the token after, 0 for none. */
static size_t with_colons(struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];
    bool is_h = i + 2 < d->n && date_is_word(t + 1, "h") && !t[1].spaced && !t[2].spaced;

    if (i + 2 >= d->n || !is_number(t, 2) || !(date_is_mark(t + 1, ':') || is_h) ||
        !is_number(t + 2, 2))
        return 0;
    d->hour = (unsigned)t->value;
    d->minute = (unsigned)t[2].value;
    d->odd |= is_h || t->digits != 2 || t[2].digits != 2;
    if (i + 4 >= d->n || !date_is_mark(t + 3, ':') || t[4].spaced || !is_number(t + 4, 2))
        return i + 3;
    d->second = (unsigned)t[4].value;
    d->odd |= t[4].digits != 2;
    return fraction(d, i + 5);
}

/* "T101455", "T1014" after a date of eight digits, with the 't' at i. */
static size_t compact(struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];
    unsigned v;

    if (i == 0 || i + 1 >= d->n || !date_is_word(t, "t") || t[1].spaced ||
        t[-1].kind != TOKEN_NUMBER || t[-1].digits != 8 || !is_number(t + 1, 6) ||
        (t[1].digits != 4 && t[1].digits != 6))
        return 0;
    v = (unsigned)t[1].value;
    if (t[1].digits == 6) {
        d->second = v % 100;
        v /= 100;
    }
    d->minute = v % 100;
    d->hour = v / 100;
    d->odd = true;
    return t[1].digits == 6 ? fraction(d, i + 2) : i + 2;
}

static bool finish(struct dating *d, size_t from, size_t to)
{
    bool is_pm;
    size_t n = half_day(d, to, &is_pm);

    d->has_time = true;
    if (n == 0 && from > 0)
        n = half_day(d, from - 1, &is_pm) == 1 ? SIZE_MAX : 0; /* 下午3:04 */
    if (n == SIZE_MAX)
        from--;
    else
        to += n;
    if (n > 0 && !apply_half_day(d, is_pm))
        return false;
    if (date_is_mark(&d->tokens[to], ':') && to + 1 < d->n &&
        d->tokens[to + 1].kind == TOKEN_MARK)
        to++; /* "14:05:07:-0700" */
    use(d, from, to);
    d->time_at = from;
    d->time_end = to;
    if (d->hour == 24 && d->minute == 0 && d->second == 0 && d->ms == 0)
        d->odd = true;
    else if (d->hour > 23)
        return false;
    return d->minute < 60 && d->second <= 60;
}

bool date_take_time(struct dating *d)
{
    for (size_t i = 0; i < d->n; i++) {
        size_t end = with_colons(d, i);
        bool is_pm;

        if (end == 0)
            end = compact(d, i);
        if (end == 0 && is_number(&d->tokens[i], 2) && half_day(d, i + 1, &is_pm) > 0) {
            d->hour = (unsigned)d->tokens[i].value; /* "2 pm" */
            end = i + 1;
        }
        if (end > 0)
            return finish(d, i, end);
    }
    return true;
}
