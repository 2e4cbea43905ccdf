/* The two forms that nearly all feeds use, letter for letter: RFC 3339
   ("2024-03-05T08:00:00Z") and RFC 822 as RFC 1123 has it ("Tue, 05 Mar 2024 08:00:00
   +0100"). Whatever differs in anything is left to the patient way. */
#include "date_private.h"

struct cursor {
    const char *p, *end;
    bool ok;
};

static int number(struct cursor *c, int digits)
{
    int v = 0;

    if (c->end - c->p < digits)
        c->ok = false;
    for (int i = 0; i < digits && c->ok; i++, c->p++) {
        c->ok = *c->p >= '0' && *c->p <= '9';
        v = v * 10 + (*c->p - '0');
    }
    return v;
}

static void mark(struct cursor *c, char m)
{
    c->ok = c->ok && c->p < c->end && *c->p == m;
    c->p += c->ok;
}

/* Which of the names of three letters stands here, 0 for the first; -1 for none. */
static int name(struct cursor *c, const char *names)
{
    for (int i = 0; c->ok && c->end - c->p >= 3 && *names != '\0'; i++, names += 3)
        if (memcmp(c->p, names, 3) == 0) {
            c->p += 3;
            return i;
        }
    c->ok = false;
    return -1;
}

struct parts {
    int year, month, day, hour, minute, second, ms, offset_min;
};

static void time_of_day(struct cursor *c, struct parts *p)
{
    p->hour = number(c, 2);
    mark(c, ':');
    p->minute = number(c, 2);
    mark(c, ':');
    p->second = number(c, 2);
}

/* "+0100" or, with a colon, "+01:00"; minus nothing means "unknown" and is not for here.
 */
static void offset(struct cursor *c, struct parts *p, bool has_colon)
{
    bool minus = c->p < c->end && *c->p == '-';
    int hours, minutes;

    mark(c, minus ? '-' : '+');
    hours = number(c, 2);
    if (has_colon)
        mark(c, ':');
    minutes = number(c, 2);
    p->offset_min = hours * 60 + minutes;
    c->ok = c->ok && hours <= 12 && minutes % 15 == 0 && minutes < 60 &&
            !(minus && p->offset_min == 0);
    if (minus)
        p->offset_min = -p->offset_min;
}

static void rfc3339(struct cursor *c, struct parts *p)
{
    p->year = number(c, 4);
    mark(c, '-');
    p->month = number(c, 2);
    mark(c, '-');
    p->day = number(c, 2);
    mark(c, 'T');
    time_of_day(c, p);
    if (c->ok && c->p < c->end && *c->p == '.') {
        c->p++;
        p->ms = number(c, 3);
    }
    if (c->ok && c->p < c->end && *c->p == 'Z')
        c->p++;
    else
        offset(c, p, true);
}

static void rfc822(struct cursor *c, struct parts *p)
{
    int weekday = name(c, "ThuFriSatSunMonTueWed"); /* 1970 began on a Thursday */

    mark(c, ',');
    mark(c, ' ');
    p->day = number(c, 2);
    mark(c, ' ');
    p->month = name(c, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
    mark(c, ' ');
    p->year = number(c, 4);
    mark(c, ' ');
    time_of_day(c, p);
    mark(c, ' ');
    if (c->ok && c->end - c->p == 3 && memcmp(c->p, "GMT", 3) == 0)
        c->p += 3;
    else
        offset(c, p, false);
    c->ok = c->ok && p->year >= 1970 &&
            date_days(p->year, (unsigned)p->month, (unsigned)p->day) % 7 == weekday;
}

static bool is_possible(const struct parts *p)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return p->year >= 1971 && p->year <= 2100 && p->month >= 1 && p->month <= 12 &&
           p->day >= 1 && p->day <= days[p->month - 1] && p->hour <= 23 &&
           p->minute <= 59 && p->second <= 59;
}

bool date_quick(struct str text, struct date *ret)
{
    struct cursor c;
    struct parts p = {0};

    if (text.n < 20)
        return false;
    c = (struct cursor){text.p, text.p + text.n, true};
    if (text.p[3] == ',')
        rfc822(&c, &p);
    else
        rfc3339(&c, &p);
    if (!c.ok || c.p != c.end || !is_possible(&p))
        return false;
    *ret = (struct date){
        .ms = date_days(p.year, (unsigned)p.month, (unsigned)p.day) * 86400000 +
              ((int64_t)p.hour * 3600 + (int64_t)p.minute * 60 + p.second) * 1000 + p.ms -
              (int64_t)p.offset_min * 60000,
        .known = true,
        .note = DATE_OK};
    return true;
}
