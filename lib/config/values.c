#include <stdarg.h>
#include <stdio.h>

#include "newsmq/clock.h"

#include "spell.h"
#include "values.h"

struct unit {
    const char *name;
    int64_t of;
};

static const struct unit time_units[] = {
    {"d", DAY_MS}, {"h", HOUR_MS}, {"m", MINUTE_MS}, {"s", SECOND_MS}, {"ms", 1},
};

static const struct unit size_units[] = {
    {"GiB", INT64_C(1) << 30},
    {"GB", INT64_C(1000000000)},
    {"MiB", 1 << 20},
    {"MB", 1000000},
    {"KiB", 1 << 10},
    {"KB", 1000},
    {"kB", 1000},
    {"B", 1},
};

/* How people also write them. */
static const struct {
    const char *said, *meant;
} other_units[] = {
    {"min", "m"},   {"mins", "m"},  {"minute", "m"}, {"minutes", "m"}, {"M", "m"},
    {"sec", "s"},   {"secs", "s"},  {"second", "s"}, {"seconds", "s"}, {"S", "s"},
    {"hr", "h"},    {"hrs", "h"},   {"hour", "h"},   {"hours", "h"},   {"H", "h"},
    {"day", "d"},   {"days", "d"},  {"D", "d"},      {"msec", "ms"},   {"millis", "ms"},
    {"k", "KB"},    {"K", "KB"},    {"kb", "KB"},    {"kib", "KiB"},   {"KIB", "KiB"},
    {"m", "MB"},    {"M", "MB"},    {"mb", "MB"},    {"Mb", "MB"},     {"mib", "MiB"},
    {"MIB", "MiB"}, {"g", "GB"},    {"G", "GB"},     {"gb", "GB"},     {"Gb", "GB"},
    {"gib", "GiB"}, {"GIB", "GiB"}, {"b", "B"},      {"bytes", "B"},   {"byte", "B"},
};

bool refuse(struct verdict *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(v->text, sizeof v->text, fmt, ap); /* cut is fine */
    va_end(ap);
    v->hint[0] = '\0';
    return false;
}

bool refuse_hint(struct verdict *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(v->hint, sizeof v->hint, fmt, ap);
    va_end(ap);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t span(struct str s, size_t from, bool (*is)(char))
{
    size_t n = from;

    while (n < s.n && is(s.p[n]))
        n++;
    return n - from;
}

static const struct unit *unit_find(const struct unit *units, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(units[i].name)))
            return &units[i];
    return NULL;
}

static const struct unit *unit_guess(const struct unit *units, size_t n, struct str name)
{
    const struct unit *u;

    for (size_t i = 0; i < ARRAY_LEN(other_units); i++) {
        u = unit_find(units, n, str_of(other_units[i].meant));
        if (u != NULL && str_eq(name, str_of(other_units[i].said)))
            return u;
    }
    return NULL;
}

/* ---- durations ---- */

/* A week is not a unit that prints back, yet everybody knows it. */
static const struct unit week = {"w", 7 * DAY_MS};

static const struct unit *time_unit(struct str name)
{
    if (str_eq(name, STR("w")))
        return &week;
    return unit_find(time_units, ARRAY_LEN(time_units), name);
}

void duration_write(int64_t ms, struct strbuf *out)
{
    if (ms == 0)
        (void)strbuf_add_text(out, "0s");
    for (size_t i = 0; i < ARRAY_LEN(time_units); i++) {
        int64_t n = ms / time_units[i].of;

        if (n > 0) /* out is large enough for what a configuration holds */
            (void)strbuf_addf(out, "%lld%s", (long long)n, time_units[i].name);
        ms -= n * time_units[i].of;
    }
}

static bool unit_missing(struct str s, const struct bounds *b, struct verdict *v)
{
    uint64_t n = 0;
    const char *unit = b->unit != NULL ? b->unit : "s";

    if (str_to_u64(s, &n) && n >= 60 && unit[0] == 'm' && unit[1] == '\0')
        unit = "s";
    if (unit[0] == 'M' && n >= 4096)
        unit = "B";
    refuse(v, "unit missing in '" STR_FMT "'", STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "did you mean " STR_FMT "%s?", STR_ARG(str_head(s, SHOWN_MAX)),
                       unit);
}

static bool out_of_bounds(struct str s, const char *side, const char *bound,
                          struct verdict *v)
{
    refuse(v, "'" STR_FMT "' is too %s", STR_ARG(str_head(s, SHOWN_MAX)), side);
    return refuse_hint(v, "the %s is %s", side[0] == 's' ? "least" : "most", bound);
}

static bool check_duration(struct str s, const struct bounds *b, int64_t ms,
                           struct verdict *v)
{
    struct strbuf text = {.max = 64};

    if (ms >= b->min && ms <= b->max)
        return true;
    duration_write(ms < b->min ? b->min : b->max, &text);
    (void)out_of_bounds(s, ms < b->min ? "small" : "large", strbuf_cstr(&text), v);
    strbuf_fini(&text);
    return false;
}

static bool not_a_duration(struct str s, struct verdict *v)
{
    refuse(v, "'" STR_FMT "' is not a duration", STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write for example 90s, 15m, 1h30m or 7d");
}

static bool wrong_time_unit(struct str s, struct str number, struct str unit,
                            struct verdict *v)
{
    const struct unit *meant = unit_guess(time_units, ARRAY_LEN(time_units), unit);

    if (meant == NULL)
        return not_a_duration(s, v);
    refuse(v, "unknown unit '" STR_FMT "'", STR_ARG(str_head(unit, SHOWN_MAX)));
    return refuse_hint(v, "did you mean " STR_FMT "%s?", STR_ARG(number), meant->name);
}

bool value_duration(struct str s, const struct bounds *b, int64_t *ret_ms,
                    struct verdict *v)
{
    int64_t total = 0, last_unit = INT64_MAX;
    size_t at = 0;

    if (s.n > 0 && s.n < 20 && span(s, 0, is_digit) == s.n && !str_eq(s, STR("0")))
        return unit_missing(s, b, v);
    while (at < s.n && !str_eq(s, STR("0"))) {
        size_t digits = span(s, at, is_digit), letters;
        struct str number, name;
        const struct unit *u;
        uint64_t n;

        number = str_slice(s, at, at + digits);
        at += digits + (at + digits < s.n && s.p[at + digits] == ' ' ? 1 : 0);
        letters = span(s, at, is_letter);
        name = str_slice(s, at, at + letters);
        at += letters;
        if (digits == 0 || letters == 0 || digits > 12 || !str_to_u64(number, &n))
            return not_a_duration(s, v);
        u = time_unit(name);
        if (u == NULL)
            return wrong_time_unit(s, number, name, v);
        if (u->of >= last_unit || (name.p > s.p && name.p[-1] == ' '))
            return not_a_duration(s, v);
        last_unit = u->of;
        if ((int64_t)n > (INT64_MAX - total) / u->of)
            return not_a_duration(s, v);
        total += (int64_t)n * u->of;
    }
    if (s.n == 0)
        return not_a_duration(s, v);
    if (!check_duration(s, b, total, v))
        return false;
    *ret_ms = total;
    return true;
}

/* ---- sizes ---- */

void size_write(uint64_t bytes, struct strbuf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(size_units); i++) {
        uint64_t of = (uint64_t)size_units[i].of;

        if (bytes < of || bytes % of != 0)
            continue;
        (void)strbuf_addf(out, "%llu%s", (unsigned long long)(bytes / of),
                          size_units[i].name);
        return;
    }
    (void)strbuf_add_text(out, "0B"); /* out is large enough for one number */
}

static bool not_a_size(struct str s, struct verdict *v)
{
    refuse(v, "'" STR_FMT "' is not a size", STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write for example 512KB, 8MB or 1GiB");
}

bool value_size(struct str s, const struct bounds *b, int64_t *ret_bytes,
                struct verdict *v)
{
    size_t digits = span(s, 0, is_digit);
    struct str number = str_slice(s, 0, digits), name = str_slice(s, digits, s.n);
    const struct unit *u = unit_find(size_units, ARRAY_LEN(size_units), name), *meant;
    struct strbuf text = {.max = 64};
    uint64_t n;
    int64_t bytes;

    if (digits == 0 || digits > 15 || !str_to_u64(number, &n))
        return not_a_size(s, v);
    if (u == NULL && name.n == 0 && n > 0)
        return unit_missing(s, b, v);
    if (u == NULL && name.n > 0) {
        meant = unit_guess(size_units, ARRAY_LEN(size_units), str_trim(name));
        if (meant == NULL)
            meant = unit_find(size_units, ARRAY_LEN(size_units), str_trim(name));
        if (meant == NULL)
            return not_a_size(s, v);
        refuse(v, "unknown unit '" STR_FMT "'", STR_ARG(str_head(name, SHOWN_MAX)));
        return refuse_hint(v, "did you mean " STR_FMT "%s?", STR_ARG(number),
                           meant->name);
    }
    if (u != NULL && (int64_t)n > INT64_MAX / u->of)
        return not_a_size(s, v);
    bytes = u != NULL ? (int64_t)n * u->of : 0;
    if (bytes < b->min || bytes > b->max) {
        size_write((uint64_t)(bytes < b->min ? b->min : b->max), &text);
        (void)out_of_bounds(s, bytes < b->min ? "small" : "large", strbuf_cstr(&text), v);
        strbuf_fini(&text);
        return false;
    }
    *ret_bytes = bytes;
    return true;
}

/* ---- numbers and words ---- */

bool value_number(struct str s, const struct bounds *b, int64_t *ret, struct verdict *v)
{
    char bound[32];
    int64_t n;

    if (!str_to_i64(s, &n)) {
        refuse(v, "'" STR_FMT "' is not a whole number", STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write digits only, from %lld to %lld", (long long)b->min,
                           (long long)b->max);
    }
    if (n < b->min || n > b->max) {
        (void)snprintf(bound, sizeof bound, "%lld",
                       (long long)(n < b->min ? b->min : b->max));
        return out_of_bounds(s, n < b->min ? "small" : "large", bound, v);
    }
    *ret = n;
    return true;
}

static void list_choices(const char *const *choices, struct verdict *v)
{
    struct strbuf b = {.max = sizeof v->hint - 1};

    (void)strbuf_add_text(&b, "one of "); /* a list too long is cut */
    for (size_t i = 0; choices[i] != NULL; i++)
        (void)strbuf_addf(&b, "%s%s", i > 0 ? ", " : "", choices[i]);
    (void)refuse_hint(v, "%s", strbuf_cstr(&b));
    strbuf_fini(&b);
}

/* YAML 1.1 read many words as true and false; here they are asked for by name. */
static const char *truth_meant(struct str s, const char *const *choices)
{
    static const char *const yes[] = {"yes", "on", "y", "1", "enabled"};
    static const char *const no[] = {"no", "off", "n", "0", "disabled"};

    if (strcmp(choices[0], "false") != 0)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (str_eq_nocase(s, str_of(yes[i])))
            return "true";
        if (str_eq_nocase(s, str_of(no[i])))
            return "false";
    }
    return NULL;
}

bool value_choice(struct str s, const char *const *choices, int64_t *ret,
                  struct verdict *v)
{
    struct spell spell = {.word = s};
    const char *meant = truth_meant(s, choices);

    for (size_t i = 0; choices[i] != NULL; i++) {
        if (str_eq(s, str_of(choices[i]))) {
            *ret = (int64_t)i;
            return true;
        }
        spell_offer(&spell, choices[i]);
    }
    if (meant == NULL)
        meant = spell.best;
    refuse(v, "'" STR_FMT "' is none of its values", STR_ARG(str_head(s, SHOWN_MAX)));
    if (meant != NULL)
        return refuse_hint(v, "did you mean '%s'?", meant);
    list_choices(choices, v);
    return false;
}

/* ---- first_poll ---- */

static const struct bounds last_bounds = {1, 100000, NULL};
static const struct bounds since_bounds = {SECOND_MS, 3650 * DAY_MS, "h"};

bool value_first_poll(struct str s, struct config_feed *ret, struct verdict *v)
{
    struct str rest = s, verb = str_cut(&rest, ' ');
    struct str what = rest.p != NULL ? str_trim(rest) : STR("");
    int64_t n;

    if (str_eq(s, STR("all")) || str_eq(s, STR("none"))) {
        ret->first_poll = str_eq(s, STR("all")) ? FIRST_ALL : FIRST_NONE;
        return true;
    }
    if (str_eq(verb, STR("last")) && what.n > 0) {
        if (!value_number(what, &last_bounds, &n, v))
            return false;
        ret->first_poll = FIRST_LAST;
        ret->first_last = (size_t)n;
        return true;
    }
    if (str_eq(verb, STR("since")) && what.n > 0) {
        if (!value_duration(what, &since_bounds, &n, v))
            return false;
        ret->first_poll = FIRST_SINCE;
        ret->first_since_ms = n;
        return true;
    }
    refuse(v, "'" STR_FMT "' is none of its values", STR_ARG(str_head(s, SHOWN_MAX)));
    if (span(s, 0, is_digit) == s.n && s.n > 0)
        return refuse_hint(v, "did you mean 'last " STR_FMT "'?",
                           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write all, none, last 20 or since 24h");
}

void first_poll_write(const struct config_feed *f, struct strbuf *out)
{
    static const char *const words[] = {"all", "none", "last ", "since "};

    (void)strbuf_add_text(out, words[f->first_poll]); /* out is large enough */
    if (f->first_poll == FIRST_LAST)
        (void)strbuf_addf(out, "%zu", f->first_last);
    if (f->first_poll == FIRST_SINCE)
        duration_write(f->first_since_ms, out);
}
