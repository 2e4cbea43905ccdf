/* Words are runs of letters, marks and digits, with signs inside where names and numbers
   have them: O'Brien, al-Qaida, U.N., AT&T, 1,000.5, 9/11. */
#include <utf8proc.h>

#include "tokens_private.h"

#define S KIND_SPACE
#define O KIND_SIGN
#define U KIND_UPPER
#define L KIND_LOWER
#define D KIND_DIGIT
#define P (KIND_SIGN | KIND_DOT)
#define A (KIND_SIGN | KIND_AT)
const uint16_t token_ascii[128] = {
    S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* controls are no text */
    S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, /* */
    S, O, O, O, O, O, O, O, O, O, O, O, O, O, P, O, /* */
    D, D, D, D, D, D, D, D, D, D, A, O, O, O, O, O, /* */
    A, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, /* */
    U, U, U, U, U, U, U, U, U, U, U, O, O, O, O, O, /* */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* */
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, S, /* */
};
#undef S
#undef O
#undef U
#undef L
#undef D
#undef P
#undef A

/* Scripts without spaces between words: each character is one. */
static bool is_glyph(uint32_t cp)
{
    return (cp >= 0x2E80 && cp <= 0x2FDF) || (cp >= 0x3041 && cp <= 0x3096) ||
           (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}

static unsigned kind_of_letter(uint32_t cp, utf8proc_category_t c)
{
    if (c == UTF8PROC_CATEGORY_LU || c == UTF8PROC_CATEGORY_LT)
        return KIND_UPPER;
    if (c == UTF8PROC_CATEGORY_LL)
        return KIND_LOWER;
    return is_glyph(cp) ? KIND_GLYPH : KIND_LETTER;
}

static unsigned kind_of(uint32_t cp)
{
    utf8proc_category_t c;

    if (cp == 0xFFFD) /* a letter that was lost on the way */
        return KIND_MARK;
    if (cp == 0x200B) /* zero width space: between words of scripts that write none */
        return KIND_SPACE;
    c = utf8proc_category((utf8proc_int32_t)cp);
    switch (c) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return kind_of_letter(cp, c);
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return KIND_MARK;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return KIND_DIGIT;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
        return KIND_SPACE;
    case UTF8PROC_CATEGORY_CF:
        return KIND_HIDDEN;
    default:
        return KIND_SIGN;
    }
}

struct rune token_rune_wide(const char *p, const char *end)
{
    size_t len;
    uint32_t cp = utf8_decode(p, end, &len);

    return (struct rune){cp, (uint32_t)len, kind_of(cp)};
}

/* ---- what joins ---- */

struct word {
    const struct token_place *at;
    const char *begin, *p, *end; /* end: of the text */
    const char *apostrophe;      /* the last inside */
    const char *stop;            /* the last '.' inside */
    unsigned kinds;
    unsigned part; /* code points since the last joiner that are no marks */
    unsigned last; /* the kind of the last of them */
};

static bool is_letter(struct rune u)
{
    return (u.kind & KINDS_LETTER) != 0;
}

/* U.S., a.m.: parts of one letter; 3.5; B.1.1.7. */
static bool joins_stop(const struct word *w, struct rune next)
{
    struct rune after;

    if (next.kind == KIND_DIGIT)
        return w->last == KIND_DIGIT || (w->part == 1 && w->last == KIND_UPPER);
    after = token_rune(w->p + 1 + next.len, w->end);
    if (w->part == 2 && w->last == KIND_LOWER) /* Ph.D. */
        return next.kind == KIND_UPPER && after.cp == '.';
    return is_letter(next) && w->part == 1 && w->last != KIND_DIGIT &&
           (after.kind & KINDS_WORD) == 0;
}

/* U.S.-led */
static bool joins_stop_and_hyphen(const struct word *w)
{
    return w->stop != NULL && w->part == 1 && w->end - w->p > 2 && w->p[1] == '-' &&
           (token_rune(w->p + 2, w->end).kind & (KINDS_LETTER | KIND_DIGIT)) != 0;
}

static bool joins_slash(const struct word *w, struct rune next)
{
    if (w->last == KIND_DIGIT)
        return next.kind == KIND_DIGIT;
    return next.kind == KIND_LOWER && (w->kinds & KIND_UPPER) == 0;
}

/* '&' between letters, also as "&amp;". */
static size_t joins_and(const struct word *w)
{
    size_t n = w->end - w->p > 5 && memcmp(w->p, "&amp;", 5) == 0 ? 5 : 1;
    struct rune next = token_rune(w->p + n, w->end);

    if (n == 1 && token_markup(w->p, w->end) > w->p)
        return 0;
    return (next.kind & (KINDS_LETTER | KIND_DIGIT)) != 0 ? n : 0;
}

static const char *word_run_end(const char *p, const char *end)
{
    const char *q = p;

    for (struct rune u = token_rune(q, end); (u.kind & KINDS_WORD) != 0 && q - p < 64;
         u = token_rune(q, end))
        q += u.len;
    return q;
}

/* Hyphens in front of names that are none of theirs: "SOCCER-Braga win", "4-Jens
   Kjeldgaard beat 12-Liew Chee Fatt". */
static bool joins_hyphen(const struct word *w, struct rune next)
{
    const struct token_place *at = w->at;
    const char *p = w->p + 1, *q;

    if (next.kind != KIND_UPPER || *w->p != '-')
        return true;
    if (token_is_slug(at->lists, (struct str){w->begin, (size_t)(w->p - w->begin)}))
        return at->line_tokens > 2 && !at->sign_before;
    if (w->kinds != KIND_DIGIT || w->p - w->begin > 2 ||
        token_rune(p + next.len, w->end).kind != KIND_LOWER)
        return true;
    q = word_run_end(p, w->end);
    if ((at->sign_before || at->line_tokens <= 1) && q - p > 3) /* but 6-Feb */
        return false;
    return w->end - q < 2 || *q != ' ' || token_rune(q + 1, w->end).kind != KIND_UPPER;
}

/* The length of a joiner at w->p that the word goes on behind, or 0. */
static size_t joins(const struct word *w, struct rune u)
{
    struct rune next;
    bool ok;

    if (u.cp == '&')
        return joins_and(w);
    if (u.cp == '.' && joins_stop_and_hyphen(w))
        return 2;
    next = token_rune(w->p + u.len, w->end);
    if ((next.kind & (KINDS_LETTER | KIND_DIGIT)) == 0)
        return 0;
    switch (u.cp) {
    case '-':
        ok = joins_hyphen(w, next);
        break;
    case 0x2010:
    case 0x2011:
    case '_':
        return u.len;
    case '\'':
    case '`':
    case 0x2018:
    case 0x2019:
    case 0xB7:
    case 0x30FB: /* between the names of foreigners in Katakana */
        ok = is_letter(next);
        break;
    case '.':
        ok = joins_stop(w, next);
        break;
    case ',':
    case ':':
        ok = w->last == KIND_DIGIT && next.kind == KIND_DIGIT;
        break;
    case '/':
        ok = joins_slash(w, next);
        break;
    default:
        ok = false;
    }
    return ok ? u.len : 0;
}

/* What is not seen belongs to a word that goes on behind it. */
static bool goes_on(const char *p, const char *end)
{
    struct rune u = token_rune(p, end);

    while (u.kind == KIND_HIDDEN) {
        p += u.len;
        u = token_rune(p, end);
    }
    return (u.kind & KINDS_WORD) != 0;
}

static void read_core(struct word *w)
{
    for (;;) {
        struct rune u = token_rune(w->p, w->end);
        size_t n;

        if ((u.kind & KINDS_WORD) != 0) {
            w->kinds |= u.kind;
            if (u.kind != KIND_MARK) {
                w->part++;
                w->last = u.kind;
            }
            w->p += u.len;
            continue;
        }
        if (u.kind == KIND_HIDDEN) {
            if (!goes_on(w->p, w->end))
                return;
            while (token_rune(w->p, w->end).kind == KIND_HIDDEN)
                w->p += token_rune(w->p, w->end).len;
            continue;
        }
        n = u.kind == KIND_SIGN ? joins(w, u) : 0;
        if (n == 0)
            return;
        if (token_is_apostrophe(u.cp))
            w->apostrophe = w->p;
        if (u.cp == '.')
            w->stop = w->p;
        w->part = 0;
        w->p += n;
    }
}

/* ---- what is cut off again ---- */

static bool is_pronoun(struct str s)
{
    static const struct str list[] = {
        STR_INIT("i"),    STR_INIT("you"), STR_INIT("he"),   STR_INIT("she"),
        STR_INIT("it"),   STR_INIT("we"),  STR_INIT("they"), STR_INIT("there"),
        STR_INIT("that"), STR_INIT("who"), STR_INIT("what"), STR_INIT("how")};

    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (str_eq_nocase(s, list[i]))
            return true;
    return false;
}

/* Where 's, n't and their like begin in a word with an apostrophe; NULL: nowhere. */
static const char *find_clitic(const struct word *w)
{
    const char *a = w->apostrophe;
    const char *tail = a + (*a == '\'' ? 1 : 3);
    struct str stem = {w->begin, (size_t)(a - w->begin)},
               t = {tail, (size_t)(w->p - tail)};

    if (str_eq_nocase(t, STR("s")) || str_eq_nocase(t, STR("re")) ||
        str_eq_nocase(t, STR("ve")) || str_eq_nocase(t, STR("ll")))
        return a;
    if (str_eq_nocase(t, STR("t")) && stem.n > 1 && (a[-1] | 0x20) == 'n')
        return a - 1;
    if ((str_eq_nocase(t, STR("d")) || str_eq_nocase(t, STR("m"))) && is_pronoun(stem))
        return a; /* but Sa'd */
    return NULL;
}

/* ---- the full stop behind ---- */

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* Whether the next word is one that begins sentences. */
static bool sentence_follows(const struct token_place *at, const char *p)
{
    const char *q = word_run_end(p, at->end);

    return q - p > 1 && token_begins(at->lists, (struct str){p, (size_t)(q - p)});
}

/* Whether a name may go on behind the stop of an initial. */
static bool is_initial(const struct token_place *at, const struct word *w)
{
    const char *p = skip_blanks(w->p + 1, at->end);
    struct rune u = token_rune(p, at->end);

    if (w->p - w->begin == 1 && *w->begin == 'I' && at->small_before)
        return false;
    if (u.kind != KIND_UPPER)
        return u.kind != KIND_END && u.kind != KIND_SPACE && !at->small_before;
    return !sentence_follows(at, p);
}

/* Kr., Hj., Sk.: a capital and consonants. */
static bool has_no_vowel(const struct word *w)
{
    if (w->p - w->begin < 2 || w->p - w->begin > 4 ||
        w->kinds != (KIND_UPPER | KIND_LOWER) || *w->begin > 'Z' ||
        strchr("AEIOUY", *w->begin) != NULL)
        return false;
    for (const char *p = w->begin + 1; p < w->p; p++)
        if (*p < 'a' || *p > 'z' || strchr("aeiouy", *p) != NULL)
            return false;
    return true;
}

/* Whether a listed abbreviation has the stop behind it; at the end of a sentence it is
   the sentence's, unless the word is part of a name: "Acme Inc.", "Macon, Ga." *ret_ends:
   a sentence may end there all the same. */
static bool takes_listed(const struct word *w, bool *ret_ends)
{
    struct str word = {w->begin, (size_t)(w->p - w->begin)};
    const char *p = skip_blanks(w->p + 1, w->end);
    struct rune next = token_rune(p, w->end);

    switch (token_abbreviation(w->at->lists, word)) {
    case ABBREVIATION_NONE:
        return has_no_vowel(w) && next.kind == KIND_UPPER && !sentence_follows(w->at, p);
    case ABBREVIATION_NUMBER:
        return next.kind == KIND_DIGIT;
    case ABBREVIATION_ANY:
        *ret_ends = next.kind == KIND_END || *p == '\n' || sentence_follows(w->at, p);
        return !*ret_ends || (w->kinds & KIND_UPPER) != 0;
    case ABBREVIATION_TITLE:
        break;
    }
    return true;
}

/* Takes the stop behind the word when it is part of it; true when a sentence may end. */
static bool take_stop(const struct token_place *at, struct word *w)
{
    const char *behind = w->p + 1;
    bool dotted = w->stop != NULL && w->part == 1 && (w->last & KINDS_LETTER) != 0;
    bool ends = false;

    if (w->p == w->end || *w->p != '.')
        return false;
    if (behind < w->end && *behind == '.' &&
        (!dotted || (behind + 1 < w->end && behind[1] == '.')))
        return false; /* "etc..." */
    if (dotted) {
        w->p = behind;
        return true;
    }
    if (w->kinds == KIND_DIGIT) { /* "1. First" */
        if (at->line_tokens == 0 && w->p - w->begin <= 3 && behind < w->end &&
            *behind == ' ')
            w->p = behind;
        return false;
    }
    if (w->part == 1 && w->last == KIND_UPPER &&
        (w->kinds & ~(unsigned)(KIND_UPPER | KIND_MARK)) == 0 && w->apostrophe == NULL) {
        if (is_initial(at, w))
            w->p = behind;
        return false;
    }
    if (!takes_listed(w, &ends))
        return false;
    w->p = behind;
    return ends;
}

/* US$ 5, C$5 */
static bool is_currency(const struct word *w)
{
    return w->kinds == KIND_UPPER && w->p - w->begin <= 2 && w->end - w->p >= 2 &&
           *w->p == '$' && (w->p[1] == ' ' || (w->p[1] >= '0' && w->p[1] <= '9'));
}

/* "two- and three-year" */
static bool hangs(const struct word *w)
{
    return (w->kinds & KIND_UPPER) == 0 && w->end - w->p >= 2 && *w->p == '-' &&
           w->p[1] == ' ';
}

struct token_word token_word(const struct token_place *at, const char *p)
{
    struct word w = {.at = at, .begin = p, .p = p, .end = at->end};
    struct token_word r = {.end = p};

    read_core(&w);
    if (w.apostrophe != NULL)
        r.cut = find_clitic(&w);
    if (r.cut == NULL)
        r.may_end = take_stop(at, &w);
    if (is_currency(&w) || hangs(&w))
        w.p++;
    r.end = w.p;
    r.kinds = w.kinds;
    return r;
}
