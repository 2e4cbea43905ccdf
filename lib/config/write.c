#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "write.h"

#define VALUE_MAX ((size_t)16 * 1024 * 1024)

void put(struct writer *w, const char *fmt, ...)
{
    va_list ap, again;
    char *at;
    int n;

    if (w->rc < 0)
        return;
    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    at = n < 0 ? NULL : strbuf_room(w->out, (size_t)n);
    if (at != NULL) {
        (void)vsnprintf(at, (size_t)n + 1, fmt, again); /* was just measured */
        w->out->n += (size_t)n;
    } else {
        w->rc = -E2BIG;
    }
    va_end(again);
    va_end(ap);
}

static bool is_plain_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_./:+=%?@", c) != NULL);
}

/* A flow scalar that no reader could take for something else. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"null", "Null", "NULL", "true", "false"};
    size_t n = strlen(text);

    if (n == 0 || text[n - 1] == ':' || strchr("-.:+=%?@", text[0]) != NULL)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(text, words[i]) == 0)
            return false;
    for (size_t i = 0; i < n; i++)
        if (!is_plain_char(text[i]))
            return false;
    return true;
}

void put_scalar(struct writer *w, const char *text)
{
    if (is_plain(text)) {
        put(w, "%s", text);
        return;
    }
    put(w, "'");
    for (const char *p = text; *p != '\0'; p++)
        put(w, *p == '\'' ? "''" : p[0] == '$' && p[1] == '{' ? "$$" : "%c", *p);
    put(w, "'");
}

/* Headers are secret unless they are known not to be: nobody can list the ones that are.
 */
static bool is_harmless(const char *header)
{
    static const char *const known[] = {"Accept", "Accept-Language", "Referer", "From",
                                        "Cache-Control"};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcasecmp(header, known[i]) == 0)
            return true;
    return false;
}

void put_pairs(struct writer *w, const struct config_pair *pairs, size_t n, bool mask)
{
    put(w, "{ ");
    for (size_t i = 0; i < n; i++) {
        put(w, "%s", i > 0 ? ", " : "");
        put_scalar(w, pairs[i].key);
        put(w, ": ");
        put_scalar(w, mask && !is_harmless(pairs[i].key) ? "***" : pairs[i].value);
    }
    put(w, " }");
}

static void put_list(struct writer *w, char *const *list, size_t n)
{
    put(w, "[");
    for (size_t i = 0; i < n; i++) {
        put(w, "%s", i > 0 ? ", " : "");
        put_scalar(w, list[i]);
    }
    put(w, "]");
}

bool key_is_set(const struct key *k, const void *base)
{
    const char *at = (const char *)base + k->at;

    if (k->type == KEY_SECRET_FILE || k->type == KEY_SPECIAL || k->type == KEY_ABSENT)
        return false;
    if (k->type == KEY_SECTION) {
        for (size_t i = 0; i < n_keys; i++)
            if (keys[i].section == k->inner && key_is_set(&keys[i], at))
                return true;
        return false;
    }
    if (key_is_string(k))
        return *(char *const *)at != NULL;
    if (key_is_list(k) || key_is_map(k))
        return *(const size_t *)((const char *)base + k->count_at) > 0;
    return k->section != IN_WORKER || k->type != KEY_NUMBER || key_number(k, base) > 0;
}

static void put_proxy(struct writer *w, const char *proxy)
{
    char *shown = proxy_shown(proxy != NULL ? proxy : "");

    put_scalar(w, shown);
    free(shown);
}

static void put_inner(struct writer *w, const struct key *k, const void *base,
                      bool reveal);

static void put_any(struct writer *w, const struct key *k, const void *base, bool reveal)
{
    const char *at = (const char *)base + k->at;
    struct strbuf text = {.max = 64};
    size_t n = key_is_list(k) || key_is_map(k)
                   ? *(const size_t *)((const char *)base + k->count_at)
                   : 0;

    if (k->type == KEY_SECTION)
        put_inner(w, k, at, reveal);
    else if (key_is_list(k))
        put_list(w, *(char **const *)at, n);
    else if (key_is_map(k))
        put_pairs(w, *(struct config_pair *const *)at, n,
                  k->type == KEY_HEADERS && !reveal);
    else if (k->type == KEY_SECRET && !reveal)
        put_scalar(w, "***");
    else if (k->type == KEY_PROXY && !reveal)
        put_proxy(w, *(char *const *)at);
    else if (key_is_string(k))
        put_scalar(w, *(char *const *)at != NULL ? *(char *const *)at : "");
    else if (k->type == KEY_CHOICE)
        put(w, "%s", k->choices[key_number(k, base)]);
    else if (k->type == KEY_DURATION)
        duration_write(key_number(k, base), &text);
    else if (k->type == KEY_SIZE)
        size_write((uint64_t)key_number(k, base), &text);
    else if (k->type == KEY_FIRST_POLL)
        first_poll_write(base, &text);
    else
        put(w, "%lld", (long long)key_number(k, base));
    put(w, "%s", strbuf_cstr(&text));
    strbuf_fini(&text);
}

static void put_inner(struct writer *w, const struct key *k, const void *base,
                      bool reveal)
{
    const char *comma = "";

    put(w, "{ ");
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section != k->inner || !key_is_set(&keys[i], base))
            continue;
        put(w, "%s%s: ", comma, keys[i].name);
        put_any(w, &keys[i], base, reveal);
        comma = ", ";
    }
    put(w, " }");
}

void put_value(struct writer *w, const struct key *k, const void *base)
{
    put_any(w, k, base, false);
}

char *value_text(const struct key *k, const void *base, bool reveal)
{
    struct strbuf out = {.max = VALUE_MAX};
    struct writer w = {.out = &out};

    if (key_is_set(k, base))
        put_any(&w, k, base, reveal);
    return strbuf_take(&out);
}
