/* Words are runs of letters, marks and digits, with apostrophes, hyphens and full stops
   inside where names have them: O'Brien, Counter-Terrorism, U.N., AT&T. A possessive 's
   is a token of its own, so that a name is the same with it and without. */
#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "words.h"

enum kind { KIND_SPACE, KIND_SMALL, KIND_CAPITAL, KIND_DIGIT, KIND_MARK, KIND_JOINER };

struct reader {
    struct words *t;
    const char *p, *end;
    bool starts;    /* the next word begins a sentence */
    bool paragraph; /* … and a paragraph */
    bool space;
    int mark; /* the last mark, when no word followed yet */
};

static enum kind kind_of(uint32_t cp)
{
    if (cp < 0x80) {
        if (cp >= 'a' && cp <= 'z')
            return KIND_SMALL;
        if (cp >= 'A' && cp <= 'Z')
            return KIND_CAPITAL;
        if (cp >= '0' && cp <= '9')
            return KIND_DIGIT;
        return cp <= ' ' ? KIND_SPACE : KIND_MARK;
    }
    switch (utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return KIND_CAPITAL;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return KIND_SMALL;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return KIND_JOINER;
    case UTF8PROC_CATEGORY_ND:
        return KIND_DIGIT;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
        return KIND_SPACE;
    default:
        return KIND_MARK;
    }
}

static enum kind kind_at(const char *p, const char *end, size_t *ret_len, uint32_t *ret)
{
    *ret = utf8_decode(p, end, ret_len);
    return kind_of(*ret);
}

static bool is_wordly(enum kind k)
{
    return k == KIND_SMALL || k == KIND_CAPITAL || k == KIND_DIGIT || k == KIND_JOINER;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019;
}

/* ---- keys ---- */

uint64_t key_hash(struct str key)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* One code point in small letters without accent, as UTF-8; at most 8 bytes. */
static size_t fold(uint32_t cp, char *out)
{
    static const struct {
        uint32_t cp;
        const char *to;
    } special[] = {{0xDF, "ss"},  {0xE6, "ae"},  {0xF0, "d"},   {0xF8, "o"},
                   {0xFE, "th"},  {0x111, "d"},  {0x131, "i"},  {0x142, "l"},
                   {0x153, "oe"}, {0x2019, "'"}, {0x2010, "-"}, {0x2011, "-"}};
    utf8proc_int32_t parts[4];

    if (cp < 0x80) {
        out[0] = (char)(cp >= 'A' && cp <= 'Z' ? cp + 32 : cp);
        return 1;
    }
    cp = (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
    for (size_t i = 0; i < ARRAY_LEN(special); i++) {
        if (special[i].cp != cp)
            continue;
        memcpy(out, special[i].to, strlen(special[i].to));
        return strlen(special[i].to);
    }
    if (cp >= 0xC0 && cp < 0x1F00) {
        int last = 0;

        if (utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 4, UTF8PROC_DECOMPOSE,
                                    &last) > 1)
            cp = (uint32_t)parts[0];
    }
    return utf8_encode(cp, out);
}

static void add_key(struct words *t, struct word *k, const char *p, const char *end)
{
    char *key;

    t->keys = mem_grow(t->keys, &t->cap_keys, t->n_keys + WORD_KEY_MAX + 8, 1);
    k->key = (uint32_t)t->n_keys;
    key = t->keys + t->n_keys;
    while (p < end && k->key_n < WORD_KEY_MAX) {
        size_t len;
        uint32_t cp = utf8_decode(p, end, &len);

        if (kind_of(cp) != KIND_JOINER)
            k->key_n = (uint16_t)(k->key_n + fold(cp, key + k->key_n));
        p += len;
    }
    if ((k->flags & WORD_DOTTED) != 0 && k->key_n > 2 && key[k->key_n - 1] == '.' &&
        memchr(key, '.', k->key_n - 1U) == NULL)
        k->key_n--; /* "Inc." and "Inc" are the same; "U.S." and "us" are not */
    t->n_keys += k->key_n;
    k->hash = key_hash((struct str){key, k->key_n});
}

/* ---- words ---- */

/* Abbreviations whose full stop does not end a sentence. */
static bool is_abbreviation(const char *p, size_t n)
{
    static const char list[] =
        " mr mrs ms dr st gen sen rep gov sgt cpl pvt capt cmdr col lt maj adm brig prof "
        "rev hon fr jr sr vs inc corp co ltd bros mt ft jan feb mar apr jun jul aug sep "
        "sept oct nov dec ";
    char word[8];

    if (n == 0 || n > 5)
        return false;
    word[0] = ' ';
    for (size_t i = 0; i < n; i++)
        word[i + 1] = (char)((unsigned char)p[i] | 0x20);
    word[n + 1] = ' ';
    return memmem(list, sizeof list - 1, word, n + 2) != NULL;
}

/* A joiner at p (an apostrophe, hyphen, full stop or ampersand) that letters follow: the
   bytes up to them, or 0. */
static size_t joins(const struct reader *r, const char *p, uint32_t cp, size_t len,
                    size_t letters)
{
    size_t next_len, after_len;
    uint32_t next, after;
    enum kind k;

    if (p + len >= r->end)
        return 0;
    k = kind_at(p + len, r->end, &next_len, &next);
    if (!is_wordly(k))
        return 0;
    if (is_apostrophe(cp)) {
        const char *q = p + len + next_len;

        if ((next | 0x20) != 's')
            return len;
        /* 's at the end of a word is the possessive. */
        return q < r->end && is_wordly(kind_at(q, r->end, &after_len, &after)) ? len : 0;
    }
    if (cp == '-' || cp == 0x2010 || cp == 0x2011 || cp == '&')
        return len;
    if (cp == '.' && (letters == 1 || k == KIND_DIGIT))
        return len;
    return 0;
}

static void note_word(struct reader *r, struct word *k, bool small, size_t capitals)
{
    struct words *t = r->t;

    if (small || capitals < 2)
        k->flags &= (uint16_t)~WORD_CAPS;
    if ((k->flags & WORD_LETTERS) == 0)
        return;
    if ((k->flags & WORD_CAP) != 0)
        t->n_capital++;
    else
        t->n_small++;
    t->n_caps += (k->flags & WORD_CAPS) != 0 && (k->flags & WORD_DOTTED) == 0;
}

/* The full stop of an initial or abbreviation belongs to the word. */
static const char *take_stop(struct reader *r, struct word *k, const char *from,
                             const char *p, size_t part_letters, bool dotted)
{
    if (p == r->end || *p != '.' || (k->flags & WORD_CAP) == 0)
        return p;
    if ((part_letters == 1 && (dotted || p - from <= 2)) ||
        is_abbreviation(from, (size_t)(p - from))) {
        k->flags |= WORD_DOTTED;
        return p + 1;
    }
    return p;
}

static void read_word(struct reader *r, struct word *k)
{
    const char *from = r->p, *p = from;
    bool small = false, dotted = false, part_begins = true;
    size_t capitals = 0, letters = 0; /* letters: of the part behind the last joiner */

    k->flags |= WORD_CAPS;
    while (p < r->end) {
        size_t len, joined;
        uint32_t cp;
        enum kind kind = kind_at(p, r->end, &len, &cp);

        if (is_wordly(kind)) {
            if (kind == KIND_CAPITAL) {
                k->flags |= WORD_LETTERS | WORD_CAP;
                capitals++;
            } else if (kind == KIND_SMALL) {
                k->flags |= WORD_LETTERS;
                if (part_begins && p > from && (k->flags & WORD_CAP) != 0)
                    k->flags |= WORD_MIXED;
                small = true;
            } else if (kind == KIND_DIGIT && p == from) {
                k->flags |= WORD_NUMBER;
            }
            letters += kind != KIND_JOINER;
            part_begins = false;
            p += len;
            continue;
        }
        joined = joins(r, p, cp, len, letters);
        if (joined == 0)
            break;
        dotted |= cp == '.';
        letters = 0;
        part_begins = true;
        p += joined;
    }
    p = take_stop(r, k, from, p, letters, dotted);
    r->p = p;
    note_word(r, k, small, capitals);
}

/* ---- marks and sentences ---- */

static bool is_sentence_end(uint32_t cp)
{
    return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026 || cp == 0x3002;
}

static bool is_quote_mark(uint32_t cp)
{
    return cp == '"' || (cp >= 0x2018 && cp <= 0x201F) || cp == 0xAB || cp == 0xBB;
}

static void read_mark(struct reader *r, struct word *k)
{
    size_t len;
    uint32_t cp = utf8_decode(r->p, r->end, &len);
    size_t left = (size_t)(r->end - r->p);

    if (is_apostrophe(cp) && left > len && (r->p[len] | 0x20) == 's' &&
        (k->flags & WORD_SPACE) == 0) {
        k->flags |= WORD_POSSESSIVE;
        r->p += len + 1;
        return;
    }
    r->p += len;
    if (is_sentence_end(cp) || (is_quote_mark(cp) && (k->flags & WORD_SPACE) != 0))
        r->starts = true; /* a quotation opens, too */
    else if (!is_quote_mark(cp) && cp != '(' && cp != ')' && cp != '[')
        r->starts = cp == ':' || cp == 0x2022 || (r->paragraph && cp == '-');
}

/* White space up to the next token; two line breaks make a paragraph. */
static void skip_space(struct reader *r)
{
    unsigned lines = 0;

    while (r->p < r->end) {
        size_t len;
        uint32_t cp;

        if (kind_at(r->p, r->end, &len, &cp) != KIND_SPACE)
            break;
        lines += cp == '\n';
        r->space = true;
        r->p += len;
    }
    if (lines > 0) {
        r->starts = true;
        r->paragraph = true;
    }
}

static void read_token(struct reader *r)
{
    struct words *t = r->t;
    struct word *k;
    const char *from = r->p;
    size_t len;
    uint32_t cp;
    bool starts = r->starts, paragraph = r->paragraph;

    t->list = mem_grow(t->list, &t->cap, t->n + 1, sizeof *t->list);
    k = &t->list[t->n++];
    *k = (struct word){.start = (uint32_t)(from - t->text.p)};
    if (r->space)
        k->flags |= WORD_SPACE;
    if (paragraph)
        k->flags |= WORD_PARAGRAPH;
    r->space = false;
    if (is_wordly(kind_at(from, r->end, &len, &cp))) {
        if (starts)
            k->flags |= WORD_START;
        r->starts = false;
        r->paragraph = false;
        read_word(r, k);
    } else {
        read_mark(r, k);
        r->paragraph = false;
    }
    k->end = (uint32_t)(r->p - t->text.p);
    add_key(t, k, from, r->p);
}

void words_read(struct words *t, struct str text)
{
    struct reader r = {.t = t, .starts = true, .paragraph = true, .space = true};

    t->text = text.p != NULL ? text : STR("");
    t->n = t->n_keys = t->n_capital = t->n_small = t->n_caps = 0;
    r.p = t->text.p;
    r.end = r.p + t->text.n;
    for (skip_space(&r); r.p < r.end && t->n < WORDS_MAX; skip_space(&r))
        read_token(&r);
}

void words_fini(struct words *t)
{
    free(t->list);
    free(t->keys);
    *t = (struct words){0};
}
