/* Zones by name. Names that several countries use for different hours are not in the
   table (IST: India, Israel, Ireland; AST: Halifax, Riyadh): such dates are not known. */
#include "date_private.h"

#define MINUTES(h, m) ((h)*60 + (m))

/* Sorted by name. standard: RFC 5322 knows it. */
static const struct zone {
    char name[8];
    short minutes;
    bool is_standard;
} zones[] = {
    {"acdt", MINUTES(10, 30), false},
    {"acst", MINUTES(9, 30), false},
    {"aedt", MINUTES(11, 0), false},
    {"aest", MINUTES(10, 0), false},
    {"akdt", MINUTES(-8, 0), false},
    {"akst", MINUTES(-9, 0), false},
    {"awst", MINUTES(8, 0), false},
    {"brt", MINUTES(-3, 0), false},
    {"cat", MINUTES(2, 0), false},
    {"cdt", MINUTES(-5, 0), true},
    {"cest", MINUTES(2, 0), false},
    {"cet", MINUTES(1, 0), false},
    {"cst", MINUTES(-6, 0), true},
    {"eat", MINUTES(3, 0), false},
    {"edt", MINUTES(-4, 0), true},
    {"eest", MINUTES(3, 0), false},
    {"eet", MINUTES(2, 0), false},
    {"est", MINUTES(-5, 0), true},
    {"gmt", 0, true},
    {"hkt", MINUTES(8, 0), false},
    {"hst", MINUTES(-10, 0), false},
    {"idt", MINUTES(3, 0), false},
    {"jst", MINUTES(9, 0), false},
    {"kst", MINUTES(9, 0), false},
    {"mdt", MINUTES(-6, 0), true},
    {"mesz", MINUTES(2, 0), false},
    {"mest", MINUTES(2, 0), false},
    {"met", MINUTES(1, 0), false},
    {"mez", MINUTES(1, 0), false},
    {"msd", MINUTES(4, 0), false},
    {"msk", MINUTES(3, 0), false},
    {"mst", MINUTES(-7, 0), true},
    {"ndt", MINUTES(-2, -30), false},
    {"npt", MINUTES(5, 45), false},
    {"nst", MINUTES(-3, -30), false},
    {"nzdt", MINUTES(13, 0), false},
    {"nzst", MINUTES(12, 0), false},
    {"pdt", MINUTES(-7, 0), true},
    {"pht", MINUTES(8, 0), false},
    {"pkt", MINUTES(5, 0), false},
    {"pst", MINUTES(-8, 0), true},
    {"sast", MINUTES(2, 0), false},
    {"sgt", MINUTES(8, 0), false},
    {"trt", MINUTES(3, 0), false},
    {"uct", 0, false},
    {"ut", 0, true},
    {"utc", 0, false},
    {"wat", MINUTES(1, 0), false},
    {"west", MINUTES(1, 0), false},
    {"wet", 0, false},
    {"wib", MINUTES(7, 0), false},
    {"wit", MINUTES(9, 0), false},
    {"wita", MINUTES(8, 0), false},
    {"z", 0, true},
    {"zulu", 0, false},
};

/* Names that mean different hours by the season or the country. */
static const char *const uncertain[] = {
    "adt", "amt", "art", "ast", "bdt",  "bot", "bst", "clt", "cot", "ect", "gst",
    "ist", "mmt", "mt",  "sst", "wast", "wst", "at",  "ct",  "et",  "pt",
};

static const struct zone *zone_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        if (str_eq(name, str_of(zones[i].name)))
            return &zones[i];
    return NULL;
}

static bool is_uncertain(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(uncertain); i++)
        if (str_eq(name, str_of(uncertain[i])))
            return true;
    return false;
}

/* Summer time of the United States runs within these days whatever the year's law. */
static bool is_surely_summer(const struct dating *d)
{
    return d->month > 4 && d->month < 10;
}

static bool is_surely_winter(const struct dating *d)
{
    return d->month == 12 || d->month < 3;
}

/* "PT" in January is PST. */
static bool season_fits(struct dating *d, int standard_hours)
{
    if (!is_surely_summer(d) && !is_surely_winter(d))
        return false;
    d->offset_s = (standard_hours + is_surely_summer(d)) * 3600;
    d->zone_is_guess = false;
    return true;
}

bool date_zone_fits(struct dating *d)
{
    static const struct {
        const char *name;
        int standard_hours;
    } seasonal[] = {{"pt", -8}, {"mt", -7}, {"ct", -6}, {"et", -5}, {"at", -4}};
    int64_t day = date_days(d->year, d->month, d->day);

    if (d->zone_name.p == NULL)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(seasonal); i++)
        if (str_eq(d->zone_name, str_of(seasonal[i].name)))
            return season_fits(d, seasonal[i].standard_hours);
    if (str_eq(d->zone_name, STR("bst")) && d->month > 3 && d->month < 10) {
        d->zone_is_guess = false;
        d->offset_s = 3600; /* London in summer; in winter it would be Dhaka */
        return true;
    }
    if (str_eq(d->zone_name, STR("msk")) && day >= date_days(2011, 3, 27) &&
        day <= date_days(2014, 10, 26))
        return false; /* Moscow was at +4 then; who knew? */
    return zone_find(d->zone_name) != NULL || !is_uncertain(d->zone_name);
}

static void use(struct dating *d, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        d->tokens[i].kind = TOKEN_USED;
}

static bool is_attached_number(const struct token *t, unsigned digits)
{
    return t->kind == TOKEN_NUMBER && !t->spaced && t->digits == digits;
}

/* "+hhmm", "+hh:mm", "+hh", "+hh:mm:00" with the sign at i: the token after it, 0 = none.
 */
static size_t offset_at(const struct dating *d, size_t i, int *ret_s)
{
    const struct token *t = &d->tokens[i];
    bool negative = date_is_mark(t, '-');
    uint64_t h, m = 0;
    size_t end = i + 2;

    if ((!negative && !date_is_mark(t, '+')) || i + 1 >= d->n)
        return 0;
    if (is_attached_number(t + 1, 4)) {
        h = t[1].value / 100;
        m = t[1].value % 100;
    } else if (is_attached_number(t + 1, 2) || is_attached_number(t + 1, 1)) {
        h = t[1].value;
        if (i + 3 < d->n && date_is_mark(t + 2, ':')) {
            if (!is_attached_number(t + 3, 2))
                return 0;
            m = t[3].value;
            end = i + 4;
            if (i + 5 < d->n && date_is_mark(t + 4, ':') &&
                is_attached_number(t + 5, 2) && t[5].value == 0)
                end = i + 6;
        }
    } else {
        return 0;
    }
    if (h > 15 || m > 59)
        return 0;
    *ret_s = (int)(h * 3600 + m * 60) * (negative ? -1 : 1);
    return end;
}

/* Whether a sign at i can begin an offset rather than join the numbers of a date. */
static bool may_be_offset(const struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];

    if (!d->has_time || i < d->time_end)
        return false;
    if (date_is_mark(t, '+'))
        return true;
    return date_is_mark(t, '-') && (d->tokens[i - 1].kind == TOKEN_USED || t->spaced) &&
           t[1].kind == TOKEN_NUMBER && !t[1].spaced;
}

/* An offset beside a name: "GMT+0200" is an offset, "MST -0700" says it twice. */
static bool add_offset(struct dating *d, int offset_s, bool has_offset)
{
    bool is_utc = d->zone_name.p != NULL && d->offset_s == 0 && !d->zone_is_guess;

    if (has_offset || (d->has_zone && !is_utc && d->offset_s != offset_s))
        return false;
    d->odd |= d->has_zone;
    d->has_zone = true;
    d->zone_is_guess = false;
    d->offset_s = offset_s;
    d->zone_name = (struct str){NULL, 0};
    return true;
}

static bool add_name(struct dating *d, struct str name, bool has_offset)
{
    const struct zone *z = zone_find(name);
    int offset_s = z != NULL ? z->minutes * 60 : 0;

    if (has_offset) {
        d->odd = true;
        return z != NULL && (z->minutes == 0 || offset_s == d->offset_s);
    }
    if (d->has_zone)
        return z != NULL && offset_s == d->offset_s;
    d->has_zone = true;
    d->zone_name = name;
    d->offset_s = offset_s;
    d->zone_is_guess = z == NULL;
    d->odd |= z == NULL || !z->is_standard;
    return true;
}

/* A word that may name a zone: known, or of unknown capitals behind a time. */
static bool is_zone_word(const struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];

    if (t->kind != TOKEN_WORD || (d->has_time && i < d->time_end))
        return false;
    if (zone_find(t->word) != NULL)
        return d->has_time || t->word.n > 2;
    if (!d->has_time || i == 0 || t[-1].kind != TOKEN_USED)
        return false;
    if (is_uncertain(t->word))
        return t->word.n > 2 || t[1].kind != TOKEN_NUMBER; /* "at" is also English */
    return false;
}

static bool is_unknown_zone(const struct dating *d, size_t i)
{
    const struct token *t = &d->tokens[i];

    if (t->kind != TOKEN_WORD || i != d->time_end || !d->has_time || d->has_zone ||
        t->word.n < 3 || t->word.n > 5 || date_name_find(t->word) != NULL)
        return false;
    for (size_t k = 0; k < t->word.n; k++)
        if (t->word.p[k] < 'a' || t->word.p[k] > 'z')
            return false;
    return t[1].kind == TOKEN_END;
}

/* "Etc/GMT"; with an offset its sign would be the other way round. */
static bool is_etc(const struct dating *d, size_t i)
{
    return i >= 2 && date_is_mark(&d->tokens[i - 1], '/') &&
           date_is_word(&d->tokens[i - 2], "etc") && d->tokens[i + 1].kind == TOKEN_END;
}

/* "-+0000": two signs say nothing, and of nothing it does not matter. */
static size_t double_sign(struct dating *d, size_t i)
{
    int offset_s = 1;
    size_t end;

    if (i + 1 >= d->n || d->tokens[i + 1].kind != TOKEN_MARK)
        return 0;
    end = offset_at(d, i + 1, &offset_s);
    d->odd = true;
    return offset_s == 0 ? end : 0;
}

bool date_take_zone(struct dating *d)
{
    bool has_offset = false;

    for (size_t i = 0; i < d->n; i++) {
        int offset_s = 0;
        size_t end = 0;

        if (may_be_offset(d, i) ||
            (d->has_time && i == d->time_end && d->tokens[i + 1].kind == TOKEN_MARK &&
             date_is_mark(&d->tokens[i], '-'))) {
            end = offset_at(d, i, &offset_s);
            if (end == 0)
                end = double_sign(d, i);
            if (end == 0 || !add_offset(d, offset_s, has_offset))
                return false;
            has_offset = true;
        } else if (is_zone_word(d, i) || is_unknown_zone(d, i)) {
            if (!add_name(d, d->tokens[i].word, has_offset))
                return false;
            end = i + 1;
        }
        if (end > 0) {
            bool etc = is_etc(d, i);

            d->odd |= etc;
            use(d, etc ? i - 2 : i, end);
            i = end - 1;
        }
    }
    return true;
}
