/* clock.h - wall time, and time that only moves forward */
#ifndef NEWSMQ_CLOCK_H
#define NEWSMQ_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* Monotonic time. A struct, so that it does not mix with wall time by accident. */
struct mono {
    int64_t ns;
};

int64_t clock_wall_ms(void); /* since 1970 UTC */
struct mono clock_mono(void);

static inline struct mono mono_add_ms(struct mono t, int64_t ms)
{
    return (struct mono){t.ns + ms * 1000000};
}

/* Milliseconds from a to b, rounded down; negative when b is earlier. */
static inline int64_t mono_ms_between(struct mono a, struct mono b)
{
    return (b.ns - a.ns) / 1000000;
}

static inline int mono_is_due(struct mono due, struct mono now)
{
    return due.ns <= now.ns;
}

/* RFC 3339 UTC with milliseconds: "2026-11-23T15:40:02.113Z". buf holds 32 bytes or more;
   answers buf. Years outside 0000–9999 give an empty string. */
#define CLOCK_TEXT_MAX 32
const char *clock_text(int64_t wall_ms, char buf[CLOCK_TEXT_MAX]);

#endif
