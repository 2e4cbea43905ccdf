/* A date as a row of numbers, words and marks: lower case, without accents and comments,
   so that the tables need each name once. */
#include <stdlib.h>
#include <utf8proc.h>

#include "date_private.h"
#include "newsmq/text.h"

/* Words that are marks of their own wherever they stand. */
static const struct {
    struct str text;
    bool is_korean;
} particles[] = {
    {STR_INIT("年"), false},   {STR_INIT("月"), false},   {STR_INIT("日"), false},
    {STR_INIT("上午"), false}, {STR_INIT("下午"), false}, {STR_INIT("년"), true},
    {STR_INIT("월"), true},    {STR_INIT("일"), true},    {STR_INIT("오전"), true},
    {STR_INIT("오후"), true},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool copy_ascii(struct dating *d, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (c == '\0' || (unsigned char)c >= 0x7F)
            return false;
        d->text[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    d->text[text.n] = '\0';
    return true;
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return false;
    return true;
}

/* Compatibility forms (full-width digits, no-break spaces) become the usual ones. */
static bool fold_text(struct dating *d, struct str text)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n;
    bool fits;

    if (is_ascii(text))
        return copy_ascii(d, text);
    if (!utf8_is_valid(text))
        return false;
    n = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.n, &folded,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                         UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    fits =
        n >= 0 && (size_t)n < sizeof d->text && memchr(folded, '\0', (size_t)n) == NULL;
    if (fits) {
        memcpy(d->text, folded, (size_t)n);
        d->text[n] = '\0';
    }
    free(folded);
    return fits;
}

/* RFC 5322 comments; those of browsers name the zone a second time. */
static const char *skip_comment(const char *p)
{
    unsigned depth = 0;

    for (; *p != '\0'; p++) {
        depth += *p == '(';
        if (*p == ')' && --depth == 0)
            return p + 1;
    }
    return NULL;
}

static const char *take_number(struct token *t, const char *p)
{
    t->kind = TOKEN_NUMBER;
    for (; is_digit(*p); p++) {
        if (t->digits < 18)
            t->value = t->value * 10 + (uint64_t)(*p - '0');
        t->digits++;
    }
    return p;
}

static size_t particle_at(const char *p, bool *is_korean)
{
    for (size_t i = 0; i < ARRAY_LEN(particles); i++) {
        if (strncmp(p, particles[i].text.p, particles[i].text.n) == 0) {
            *is_korean = particles[i].is_korean;
            return particles[i].text.n;
        }
    }
    return 0;
}

static const char *take_word(struct dating *d, struct token *t, const char *p)
{
    const char *from = p;
    bool is_korean = false;
    size_t n = particle_at(p, &is_korean);

    t->kind = TOKEN_WORD;
    if (n > 0) {
        d->is_korean |= is_korean;
        t->word = (struct str){p, n};
        return p + n;
    }
    while (is_word_byte(*p) || (*p == '\'' && p > from && is_word_byte(p[1]))) {
        if (p > from && particle_at(p, &is_korean) > 0)
            break;
        p++;
    }
    t->word = (struct str){from, (size_t)(p - from)};
    return p;
}

static bool is_typographic(const char *p)
{
    return strncmp(p, "\xE2\x80", 2) == 0 || strncmp(p, "\xE2\x88", 2) == 0;
}

/* Dashes and minus signs of typographers. */
static const char *take_mark(struct token *t, const char *p)
{
    static const char *const dashes[] = {"–", "−", "—", "‐", "‑"};

    t->kind = TOKEN_MARK;
    for (size_t i = 0; i < ARRAY_LEN(dashes); i++) {
        if (strncmp(p, dashes[i], 3) == 0) {
            t->mark = '-';
            return p + 3;
        }
    }
    t->mark = *p;
    return p + 1;
}

bool date_tokens(struct dating *d, struct str text)
{
    const char *p;
    bool spaced = false;

    text = str_trim(text);
    if (text.n == 0 || text.n > DATE_MAX_BYTES || !fold_text(d, text))
        return false;
    for (p = d->text; *p != '\0';) {
        struct token *t = &d->tokens[d->n];

        if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
            spaced = true;
            p++;
            continue;
        }
        if (*p == '(') {
            p = skip_comment(p);
            spaced = true;
            if (p == NULL)
                return false;
            continue;
        }
        if (d->n == DATE_MAX_TOKENS)
            return false;
        *t = (struct token){.spaced = spaced};
        if (is_digit(*p))
            p = take_number(t, p);
        else if (is_word_byte(*p) && !is_typographic(p))
            p = take_word(d, t, p);
        else
            p = take_mark(t, p);
        spaced = false;
        d->n++;
    }
    d->tokens[d->n] = (struct token){.kind = TOKEN_END};
    return d->n > 0;
}

const struct date_name *date_name_find(struct str word)
{
    size_t lo = 0, hi = date_names_count;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int cmp = str_cmp(word, str_of(date_names[mid].word));

        if (cmp == 0)
            return &date_names[mid];
        if (cmp < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}
