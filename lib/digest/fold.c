/* Names that are the same name: case and white space, ’ and ', and the dots of initials
   do not tell one entity from another. Accents do. */
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/text.h"

#include "private.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(const char *from, const char *p, const char *end)
{
    return p >= from && p < end &&
           ((*p >= 'a' && *p <= 'z') || (unsigned char)*p >= 0x80);
}

/* The dot behind a letter that stands alone: "j. smith", "u.n." */
static bool is_initial_dot(const char *from, const char *p, const char *end)
{
    return *p == '.' && is_letter(from, p - 1, end) && !is_letter(from, p - 2, end);
}

static size_t tidy(const char *from, size_t n, char *out, size_t max)
{
    const char *end = from + n;
    size_t used = 0;

    for (const char *p = from; p < end && used < max; p++) {
        if (is_space(*p)) {
            if (used > 0 && out[used - 1] != ' ')
                out[used++] = ' ';
        } else if (end - p >= 3 && memcmp(p, "\xE2\x80\x99", 3) == 0) {
            out[used++] = '\'';
            p += 2;
        } else if (!is_initial_dot(from, p, end)) {
            out[used++] = *p;
        }
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    return used;
}

size_t fold_name(struct str name, char *out, size_t max)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n;
    size_t used;

    if (name.n == 0 || name.n > NAME_BYTES || max == 0)
        return 0;
    n = utf8proc_map((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n, &folded,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                         UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
    if (n < 0)
        return 0;
    used = (size_t)n < max ? tidy((const char *)folded, (size_t)n, out, max - 1) : 0;
    free(folded);
    out[used] = '\0';
    return used;
}

size_t fold_key(enum entity_type type, struct str name, char out[KEY_BYTES])
{
    int head = snprintf(out, KEY_BYTES, "%s:", entity_type_name(type));
    size_t n = fold_name(name, out + head, KEY_BYTES - (size_t)head);

    return n > 0 ? n + (size_t)head : 0;
}

/* The letters of "UN", "U.N." or "FAO" in small; 0 when it is not in capitals. */
static size_t capitals_of(struct str name, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '.')
            continue;
        if (name.p[i] < 'A' || name.p[i] > 'Z' || n == max)
            return 0;
        out[n++] = (char)(name.p[i] | 0x20);
    }
    return n >= 2 ? n : 0;
}

static bool starts_word(struct str s, size_t i)
{
    return i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '-';
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool are_initials(const char *letters, size_t n, struct str whole)
{
    size_t found = 0;

    for (size_t i = 0; i < whole.n && found < n; i++)
        found += starts_word(whole, i) && small(whole.p[i]) == letters[found];
    return found == n;
}

/* From the end, as Schwartz and Hearst do (2003); half of them must begin words. */
static bool are_inside(const char *letters, size_t n, struct str whole)
{
    size_t left = n, starts = 0;

    for (size_t i = whole.n; i > 0 && left > 0; i--) {
        if (small(whole.p[i - 1]) != letters[left - 1] || (left == 1 && i > 1))
            continue;
        starts += starts_word(whole, i - 1);
        left--;
    }
    return left == 0 && starts * 2 >= n;
}

bool is_short_for(struct str name, struct str whole)
{
    char letters[10];
    size_t n = capitals_of(name, letters, sizeof letters);

    return n > 0 && small(whole.p[0]) == letters[0] &&
           memchr(whole.p, ' ', whole.n) != NULL &&
           (are_initials(letters, n, whole) || are_inside(letters, n, whole));
}
