/* The day: a month by name with two numbers, or numbers alone. Numbers that can be read
   in two ways are told apart by the weekday or not at all. */
#include "date_private.h"

enum role { ROLE_ANY, ROLE_YEAR, ROLE_MONTH, ROLE_DAY };

#define NUMBERS_MAX 3
#define NAMES_MAX   3

struct parts {
    const struct token *numbers[NUMBERS_MAX];
    enum role roles[NUMBERS_MAX];
    char separators[NUMBERS_MAX]; /* before each number: ' ' or one of ",-./" */
    size_t n;
    const struct date_name *names[NAMES_MAX];
    size_t n_names;
    unsigned marks;
    size_t month_after; /* numbers that stand before the month's name */
    size_t name_after[NAMES_MAX];
    bool has_t; /* an ISO 8601 'T' stands before the time */
    unsigned month;
};

struct day {
    int64_t year;
    unsigned month, day;
};

static unsigned days_in(int64_t year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_day(struct day d)
{
    return d.year >= 1800 && d.year < 2200 && d.month >= 1 && d.month <= 12 &&
           d.day >= 1 && d.day <= days_in(d.year, d.month);
}

static unsigned weekday_of(struct day d)
{
    return (unsigned)((date_days(d.year, d.month, d.day) + 3) % 7 + 7) % 7 + 1;
}

/* RFC 5322 §4.3 for two digits; other lengths than two and four are no year. */
static int64_t year_of(const struct token *t)
{
    if (t->digits == 4)
        return (int64_t)t->value;
    if (t->digits != 2)
        return 0;
    return (int64_t)t->value + (t->value < 50 ? 2000 : 1900);
}

static unsigned small(const struct token *t)
{
    return t->digits <= 2 ? (unsigned)t->value : 99;
}

static bool is_one_of(struct str word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_of(list[i])))
            return true;
    return false;
}

static enum role role_of(struct str word)
{
    if (str_eq(word, STR("年")) || str_eq(word, STR("년")))
        return ROLE_YEAR;
    if (str_eq(word, STR("月")) || str_eq(word, STR("월")))
        return ROLE_MONTH;
    if (str_eq(word, STR("日")) || str_eq(word, STR("일")))
        return ROLE_DAY;
    return ROLE_ANY;
}

/* Words without a meaning of their own: "at", "de", "Uhr", "года". */
static bool is_filler(struct str word)
{
    static const char *const fillers[] = {
        "a", "alle", "as",  "at",  "d",   "de",  "del", "den",  "di",  "g",
        "h", "hrs",  "kl",  "klo", "la",  "las", "le",  "of",   "om",  "on",
        "o", "um",   "uhr", "the", "vom", "в",   "г",   "року", "года"};

    return is_one_of(word, fillers, ARRAY_LEN(fillers));
}

static bool is_ordinal_suffix(const struct token *t)
{
    static const char *const suffixes[] = {"st", "nd", "rd", "th", "er",
                                           "o",  "a",  "e",  "го", "ο"};

    return !t->spaced && is_one_of(t->word, suffixes, ARRAY_LEN(suffixes));
}

static bool add_name(struct dating *d, struct parts *p, const struct date_name *name)
{
    if (p->n_names == NAMES_MAX)
        return false;
    p->name_after[p->n_names] = p->n;
    p->names[p->n_names++] = name;
    d->odd |= !name->is_english;
    return true;
}

static bool add_word(struct dating *d, struct parts *p, size_t i)
{
    const struct token *t = &d->tokens[i];
    const struct date_name *name = date_name_find(t->word);

    if (p->n > 0 && role_of(t->word) != ROLE_ANY && p->numbers[p->n - 1] == t - 1) {
        p->roles[p->n - 1] = role_of(t->word);
        d->odd = true;
        return true;
    }
    if (date_is_word(t, "t") && t[1].kind == TOKEN_USED && !t[1].spaced) {
        p->has_t = true;
        return true;
    }
    if (p->n > 0 && p->numbers[p->n - 1] == t - 1 && is_ordinal_suffix(t)) {
        d->odd = true;
        return true;
    }
    if (name != NULL)
        return add_name(d, p, name);
    d->odd = true;
    return is_filler(t->word) || (i == 0 && date_is_mark(t + 1, ','));
}

static bool collect(struct dating *d, struct parts *p)
{
    char separator = ' ';

    if (d->tokens[0].kind == TOKEN_MARK)
        return false; /* "-2004" is not 2004 */
    for (size_t i = 0; i < d->n; i++) {
        const struct token *t = &d->tokens[i];

        switch (t->kind) {
        case TOKEN_NUMBER:
            if (p->n == NUMBERS_MAX)
                return false;
            p->separators[p->n] = separator;
            p->numbers[p->n++] = t;
            separator = ' ';
            break;
        case TOKEN_WORD:
            if (!add_word(d, p, i))
                return false;
            break;
        case TOKEN_MARK:
            if (strchr(",-./", t->mark) == NULL)
                return false;
            separator = separator == ' ' ? t->mark : '?';
            p->marks++;
            break;
        default:
            separator = ' ';
            break;
        }
    }
    return strchr("-/?", separator) == NULL; /* "2010-" */
}

/* "mar" is March, martes, mardi: the one that is still missing. */
static bool settle_names(struct dating *d, struct parts *p)
{
    bool all_numbers = p->n == NUMBERS_MAX;
    size_t month_at = SIZE_MAX;

    for (size_t i = 0; i < p->n_names; i++) {
        const struct date_name *name = p->names[i];
        bool sure = name->weekday == 0;

        if (name->month == 0 || (all_numbers && !sure))
            continue;
        if (month_at != SIZE_MAX && p->names[month_at]->weekday == 0) {
            if (sure)
                return false; /* two months */
            continue;
        }
        month_at = i;
    }
    for (size_t i = 0; i < p->n_names; i++) {
        if (i == month_at) {
            p->month = p->names[i]->month;
            p->month_after = p->name_after[i];
        } else if (p->names[i]->weekday == 0 || d->weekday != 0) {
            return false;
        } else {
            d->weekday = p->names[i]->weekday;
        }
    }
    if (d->weekday > 7)
        d->weekday = 0;
    return true;
}

static bool settle(struct dating *d, struct day day, bool is_sure)
{
    if (!is_day(day))
        return false;
    if (d->weekday != 0 && d->weekday != weekday_of(day)) {
        if (!is_sure)
            return false;
        d->odd = true; /* feeds are often wrong in the weekday, which says nothing new */
    }
    d->year = day.year;
    d->month = day.month;
    d->day = day.day;
    return true;
}

static bool with_month_name(struct dating *d, const struct parts *p)
{
    const struct token *a = p->numbers[0], *b = p->numbers[1];
    bool year_first;

    if (p->n != 2)
        return false;
    year_first = a->digits == 4;
    d->odd |= year_first || p->month_after != 1 || p->marks > (d->weekday != 0);
    if (year_first)
        return b->digits <= 2 &&
               settle(d, (struct day){year_of(a), p->month, small(b)}, true);
    if (b->digits == 2 && p->month_after != 1)
        return false; /* "Mar 21 09" */
    return settle(d, (struct day){year_of(b), p->month, small(a)}, b->digits == 4);
}

static bool with_roles(struct dating *d, const struct parts *p)
{
    struct day day = {0};

    for (size_t i = 0; i < p->n; i++) {
        if (p->roles[i] == ROLE_YEAR)
            day.year = p->numbers[i]->digits == 4 ? year_of(p->numbers[i]) : 0;
        else if (p->roles[i] == ROLE_MONTH)
            day.month = small(p->numbers[i]);
        else if (p->roles[i] == ROLE_DAY)
            day.day = small(p->numbers[i]);
    }
    return p->n == 3 && settle(d, day, true);
}

struct reading {
    enum date_order order;
    struct day day;
};

/* How people use these numbers and their mark; answers how many ways. */
static size_t readings_of(const struct parts *p, struct reading ret[3])
{
    const struct token *a = p->numbers[0], *b = p->numbers[1], *c = p->numbers[2];
    bool is_dotted = p->separators[1] == '.';
    size_t n = 0;

    ret[n++] = (struct reading){DATE_ORDER_DMY, {year_of(c), small(b), small(a)}};
    if (!is_dotted)
        ret[n++] = (struct reading){DATE_ORDER_MDY, {year_of(c), small(a), small(b)}};
    if (c->digits <= 2 && a->digits == 2)
        ret[n++] = (struct reading){DATE_ORDER_YMD, {year_of(a), small(b), small(c)}};
    return n;
}

static uint8_t form_of(const struct parts *p)
{
    size_t separator = p->separators[1] == '-' ? 0 : p->separators[1] == '.' ? 1 : 2;

    return (uint8_t)(separator * 2 + (p->numbers[2]->digits == 4));
}

static bool is_same_day(struct day a, struct day b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Three numbers that are not in the order of ISO 8601: all readings that people use and
   the calendar and the weekday allow must be the same day, or one of them be asked for.
 */
static bool one_reading(struct dating *d, const struct parts *p)
{
    struct reading readings[3];
    struct day found = {0};
    size_t n = readings_of(p, readings);
    bool is_sure = true;

    d->form = form_of(p);
    for (size_t i = 0; i < n; i++) {
        struct day r = readings[i].day;

        if (!is_day(r) || (d->weekday != 0 && d->weekday != weekday_of(r)))
            continue;
        d->orders |= (uint8_t)readings[i].order;
        if (d->wanted != DATE_ORDER_NONE && d->wanted != readings[i].order)
            continue;
        is_sure = is_sure && (found.year == 0 || is_same_day(found, r));
        found = r;
    }
    d->odd = true;
    return is_sure && found.year != 0 && settle(d, found, false);
}

static bool three_numbers(struct dating *d, const struct parts *p)
{
    const struct token *a = p->numbers[0], *b = p->numbers[1], *c = p->numbers[2];

    for (size_t i = 1; i < 3; i++)
        if (p->separators[i] == ',' || p->separators[i] == '?')
            return false;
    if (a->digits == 4 && c->digits <= 2) {
        d->odd |= p->separators[1] != '-' || p->separators[2] != '-' || !p->has_t ||
                  b->digits != 2 || c->digits != 2;
        return settle(d, (struct day){year_of(a), small(b), small(c)}, true);
    }
    if (p->separators[1] != p->separators[2] || p->separators[1] == ' ')
        return false;
    return one_reading(d, p);
}

/* "1997-07", "2003-335". */
static bool two_numbers(struct dating *d, const struct parts *p)
{
    const struct token *a = p->numbers[0], *b = p->numbers[1];
    struct day day = {year_of(a), small(b), 1};

    if (a->digits != 4 || p->separators[1] != '-' || b->spaced)
        return false;
    if (b->digits == 2)
        return !d->has_time && settle(d, day, false);
    if (b->digits != 3 || b->value < 1 || b->value > 366)
        return false;
    day.month = 1;
    day.day = (unsigned)b->value;
    if (day.year < 1800 || day.year >= 2200)
        return false;
    while (day.day > days_in(day.year, day.month)) {
        day.day -= days_in(day.year, day.month);
        if (++day.month > 12)
            return false;
    }
    d->odd = true;
    return settle(d, day, false);
}

/* Seconds or milliseconds since 1970, in the years where they cannot be mistaken for
   YYYYMMDDhh. */
static bool epoch(struct dating *d, const struct token *t)
{
    uint64_t s = t->digits == 13 ? t->value / 1000 : t->value;
    int64_t days;

    if (s < 1000000000 || s >= 1900000000)
        return false;
    d->ms = t->digits == 13 ? (unsigned)(t->value % 1000) : 0;
    d->year = 1970; /* whoever adds it up does not mind the size of a day */
    d->month = 1;
    days = (int64_t)(s / 86400);
    d->day = (unsigned)days + 1;
    d->hour = (unsigned)(s % 86400 / 3600);
    d->minute = (unsigned)(s % 3600 / 60);
    d->second = (unsigned)(s % 60);
    d->has_zone = d->odd = true;
    return true;
}

static bool one_number(struct dating *d, const struct parts *p)
{
    const struct token *t = p->numbers[0];
    uint64_t v = t->value;

    if (t->digits == 4)
        return !d->has_time && settle(d, (struct day){year_of(t), 1, 1}, false);
    if ((t->digits == 10 || t->digits == 13) && !d->has_time && !d->has_zone)
        return epoch(d, t);
    if ((t->digits == 14 || t->digits == 12) && !d->has_time) {
        d->second = t->digits == 14 ? (unsigned)(v % 100) : 0;
        v /= t->digits == 14 ? 100 : 1;
        d->minute = (unsigned)(v % 100);
        d->hour = (unsigned)(v / 100 % 100);
        v /= 10000;
        if (d->hour > 23 || d->minute > 59 || d->second > 59)
            return false;
    } else if (t->digits != 8) {
        return false;
    }
    d->odd = true;
    return settle(d,
                  (struct day){(int64_t)(v / 10000), (unsigned)(v / 100 % 100),
                               (unsigned)(v % 100)},
                  false);
}

/* "CST" in the order of Java's Date.toString is as often Shanghai as it is Chicago. */
static bool is_chinese_cst(const struct dating *d, const struct parts *p)
{
    const struct token *last = p->numbers[p->n - 1];

    return d->has_time && last > &d->tokens[d->time_at] &&
           str_eq(d->zone_name, STR("cst"));
}

bool date_take_day(struct dating *d)
{
    struct parts p = {0};
    bool ok;

    if (!collect(d, &p) || p.n == 0 || !settle_names(d, &p) || is_chinese_cst(d, &p))
        return false;
    if (d->has_time && p.numbers[p.n - 1] > &d->tokens[d->time_at])
        d->odd = true;
    if (p.month != 0)
        ok = with_month_name(d, &p);
    else if (p.roles[0] != ROLE_ANY)
        ok = with_roles(d, &p);
    else if (p.n == 3)
        ok = three_numbers(d, &p);
    else
        ok = p.n == 2 ? two_numbers(d, &p) : one_number(d, &p);
    return ok;
}
