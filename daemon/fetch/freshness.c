#include <curl/curl.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "freshness.h"

#define SECONDS_MAX INT64_C(1000000000) /* over thirty years: nobody means more */

/* RFC 9110 §5.6.7, also its two obsolete forms. 0: none. */
static int64_t date_ms(struct str text)
{
    char buf[64];
    time_t t;

    if (text.n == 0 || text.n >= sizeof buf)
        return 0;
    memcpy(buf, text.p, text.n);
    buf[text.n] = '\0';
    t = curl_getdate(buf, NULL);
    return t > 0 ? (int64_t)t * SECOND_MS : 0;
}

/* Digits, perhaps in quotes (some send them). False: something else. */
static bool read_seconds(struct str text, int64_t *ret_ms)
{
    uint64_t n = 0;
    size_t i = 0;

    text = str_trim(text);
    if (text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"')
        text = str_slice(text, 1, text.n - 1);
    while (i < text.n && i < 18 && text.p[i] >= '0' && text.p[i] <= '9')
        n = n * 10 + (uint64_t)(text.p[i++] - '0');
    if (i == 0)
        return false;
    for (; i < text.n; i++) /* 18 digits are more than the bound already */
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    *ret_ms = (n > (uint64_t)SECONDS_MAX ? SECONDS_MAX : (int64_t)n) * SECOND_MS;
    return true;
}

struct directives {
    bool has_max_age, forbids;
    int64_t max_age_ms;
};

static struct directives read_directives(struct str list)
{
    struct directives d = {0};

    while (list.p != NULL) {
        struct str value = str_trim(str_cut(&list, ','));
        struct str name = str_trim(str_cut(&value, '='));

        if (str_eq_nocase(name, STR("no-store")) || str_eq_nocase(name, STR("no-cache")))
            d.forbids = true;
        if (str_eq_nocase(name, STR("max-age")) && value.p != NULL && !d.has_max_age)
            d.has_max_age = read_seconds(value, &d.max_age_ms);
    }
    return d;
}

int64_t freshness_ms(const struct freshness_headers *h, int64_t now_ms,
                     bool *ret_by_max_age)
{
    struct directives d = read_directives(h->cache_control);
    int64_t age_ms = 0, end_ms, from_ms;

    *ret_by_max_age = d.has_max_age;
    if (d.forbids)
        return 0;
    if (h->age.p == NULL || !read_seconds(h->age, &age_ms))
        age_ms = 0;
    if (d.has_max_age)
        return d.max_age_ms > age_ms ? d.max_age_ms - age_ms : 0;
    end_ms = date_ms(h->expires);
    from_ms = date_ms(h->date);
    if (from_ms == 0)
        from_ms = now_ms;
    return end_ms > from_ms + age_ms ? end_ms - from_ms - age_ms : 0;
}

int64_t freshness_retry_ms(const struct freshness_headers *h, int64_t now_ms)
{
    int64_t ms = 0, from_ms = date_ms(h->date);

    if (h->retry_after.p == NULL || read_seconds(h->retry_after, &ms))
        return ms;
    ms = date_ms(h->retry_after) - (from_ms > 0 ? from_ms : now_ms);
    return ms > 0 ? ms : 0;
}
