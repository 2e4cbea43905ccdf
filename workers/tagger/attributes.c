#include <utf8proc.h>

#include "attributes.h"
#include "mix.h"

#define SHAPE_MAX 10 /* letters of the long shape */

enum seed {
    SEED_KEY = 5,
    SEED_EXACT = 11,
    SEED_SMALL,
    SEED_SHAPE,
    SEED_LONG,
    SEED_PREFIX = 21,
    SEED_SUFFIX,
    SEED_HYPHEN,
    SEED_WORD,
    SEED_SAME,
};

/* ---- letters ---- */

/* The character at i; its bytes. A byte that is no UTF-8 is a character of its own, -1.
 */
static size_t read_char(struct str s, size_t i, utf8proc_int32_t *ret)
{
    utf8proc_ssize_t n;

    if ((unsigned char)s.p[i] < 0x80) {
        *ret = (unsigned char)s.p[i];
        return 1;
    }
    n = utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i),
                         ret);
    if (n > 0)
        return (size_t)n;
    *ret = -1;
    return 1;
}

enum letter { LETTER_CAPITAL = 'X', LETTER_SMALL = 'x', LETTER_DIGIT = 'd', LETTER_NONE };

static enum letter letter_of(utf8proc_int32_t c)
{
    if (c >= 0 && c < 0x80) {
        if (c >= 'a' && c <= 'z')
            return LETTER_SMALL;
        if (c >= 'A' && c <= 'Z')
            return LETTER_CAPITAL;
        return c >= '0' && c <= '9' ? LETTER_DIGIT : LETTER_NONE;
    }
    switch (c < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return LETTER_CAPITAL;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return LETTER_SMALL;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return LETTER_DIGIT;
    default:
        return LETTER_NONE;
    }
}

size_t word_small(struct str s, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0, bytes; i < s.n; i += bytes) {
        utf8proc_uint8_t buf[4];
        utf8proc_int32_t c;
        size_t m;

        bytes = read_char(s, i, &c);
        if (c < 0 || bytes == 1) {
            buf[0] = (utf8proc_uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : s.p[i]);
            m = 1;
        } else {
            m = (size_t)utf8proc_encode_char(utf8proc_tolower(c), buf);
        }
        if (m > max - n)
            break;
        memcpy(out + n, buf, m);
        n += m;
    }
    return n;
}

/* ---- one kind of marks ---- */

/* What a mark is written as; absent: it stays. */
static struct str plain_mark(utf8proc_int32_t c)
{
    switch (c) {
    case 0x2018: /* ‘ */
    case 0x2019: /* ’ */
    case 0x02BC:
        return STR("'");
    case 0x201C: /* “ */
    case 0x201D: /* ” */
    case 0x201E: /* „ */
    case 0x00AB: /* « */
    case 0x00BB: /* » */
        return STR("\"");
    case 0x2013: /* – */
    case 0x2014: /* — */
    case 0x2015:
        return STR("--");
    case 0x2010:
    case 0x2011:
        return STR("-");
    case 0x2026: /* … */
        return STR("...");
    case 0x00AD: /* what is not seen */
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F:
    case 0x2060:
    case 0xFEFF:
        return STR("");
    default:
        return (struct str){0};
    }
}

struct str form_plain(struct str token, char buf[FORM_BYTES_MAX])
{
    size_t n = 0;
    bool same = true;

    if (str_eq(token, STR("``")) || str_eq(token, STR("''")))
        return STR("\"");
    for (size_t i = 0, bytes; i < token.n; i += bytes) {
        utf8proc_int32_t c;
        struct str mark;

        bytes = read_char(token, i, &c);
        mark = bytes > 1 ? plain_mark(c) : (struct str){0};
        if (mark.p == NULL)
            mark = str_slice(token, i, i + bytes);
        else
            same = false;
        if (mark.n > FORM_BYTES_MAX - n)
            break;
        memcpy(buf + n, mark.p, mark.n);
        n += mark.n;
    }
    return same ? token : (struct str){buf, n};
}

/* ---- shapes ---- */

struct shape {
    char runs[FORM_BYTES_MAX], letters[SHAPE_MAX];
    size_t n_runs, n_letters;
    size_t capitals, smalls, digits, marks;
    enum letter first;
};

static void shape_add(struct shape *s, enum letter kind, char c)
{
    if (s->capitals + s->smalls + s->digits + s->marks == 0)
        s->first = kind;
    s->capitals += kind == LETTER_CAPITAL;
    s->smalls += kind == LETTER_SMALL;
    s->digits += kind == LETTER_DIGIT;
    s->marks += kind == LETTER_NONE;
    if (s->n_letters < SHAPE_MAX)
        s->letters[s->n_letters++] = c;
    if (s->n_runs == 0 || s->runs[s->n_runs - 1] != c)
        s->runs[s->n_runs++] = c; /* not more than there are bytes */
}

static void shape_read(struct str s, struct shape *ret)
{
    for (size_t i = 0, bytes; i < s.n; i += bytes) {
        utf8proc_int32_t c;
        enum letter kind;

        bytes = read_char(s, i, &c);
        kind = letter_of(c);
        if (kind != LETTER_NONE)
            shape_add(ret, kind, (char)kind);
        else
            shape_add(ret, kind, c > 0 && c < 0x80 ? (char)c : 'u');
    }
}

static enum word_case case_of(const struct shape *s)
{
    size_t n = s->capitals + s->smalls + s->digits + s->marks;

    if (s->marks == n)
        return CASE_MARKS;
    if (s->digits > 0 && s->capitals == 0 && s->smalls == 0)
        return CASE_DIGITS;
    if (s->capitals > 0 && s->smalls == 0)
        return s->capitals == 1 && n <= 2 ? CASE_FIRST : CASE_ALL;
    if (s->first == LETTER_CAPITAL && s->capitals == 1)
        return CASE_FIRST;
    if (s->capitals > 0)
        return CASE_MIXED;
    return s->digits > 0 ? CASE_ALNUM : CASE_SMALL;
}

/* ---- all together ---- */

static void read_affixes(struct str small, struct word *w)
{
    size_t hyphen = str_find_char(small, '-', 0);

    for (size_t k = 1; k <= WORD_AFFIXES && k < small.n; k++) {
        w->prefix[k - 1] = mix_bytes(str_slice(small, 0, k), SEED_PREFIX);
        w->suffix[k - 1] = mix_bytes(str_slice(small, small.n - k, small.n), SEED_SUFFIX);
    }
    if (hyphen == SIZE_MAX || hyphen == 0 || hyphen + 1 == small.n)
        return;
    w->front = mix_bytes(str_slice(small, 0, hyphen), SEED_HYPHEN);
    w->behind = mix_bytes(str_slice(small, hyphen + 1, small.n), SEED_HYPHEN);
}

struct str form_read(struct str canonical, struct word *w, char small[FORM_BYTES_MAX])
{
    size_t n = word_small(canonical, small, FORM_BYTES_MAX);
    char folded[FORM_BYTES_MAX];
    struct shape shape = {.first = LETTER_NONE};

    for (size_t i = 0; i < n; i++)
        folded[i] = small[i] >= '0' && small[i] <= '9' ? '0' : small[i];
    shape_read(canonical, &shape);
    w->exact = mix_bytes(canonical, SEED_EXACT);
    w->small = mix_bytes((struct str){folded, n}, SEED_SMALL);
    w->shape = mix_bytes((struct str){shape.runs, shape.n_runs}, SEED_SHAPE);
    w->long_shape = mix_bytes((struct str){shape.letters, shape.n_letters}, SEED_LONG);
    w->is = (uint8_t)case_of(&shape);
    read_affixes((struct str){folded, n}, w);
    return (struct str){small, n};
}

/* ---- hashes for tables ---- */

uint64_t word_key(struct str token)
{
    char small[FORM_BYTES_MAX];
    size_t n = word_small(str_head(token, WORD_BYTES_MAX), small, sizeof small);

    return mix_bytes((struct str){small, n}, SEED_KEY);
}

uint64_t word_hash(struct str small)
{
    return mix_bytes(small, SEED_WORD);
}

uint64_t word_same_hash(struct str token)
{
    return mix_bytes(token, SEED_SAME);
}
