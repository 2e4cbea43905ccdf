/* A chunk is what stands between white space. Most are one word of ASCII letters, or one
   with a mark behind it, and are seen as such by the kinds of their bytes alone; the rest
   is read code point by code point. Every byte is looked at a bounded number of times. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "tokens_private.h"

/* What the last tokens say of a new sentence. */
enum ending {
    ENDING_NONE,
    ENDING_WEAK,   /* an abbreviation that may end one */
    ENDING_STRONG, /* . ! ? and what closes behind them */
};

struct reader {
    struct tokens *t;
    struct token_place at;
    const char *p, *chunk_end;
    const char *line; /* where it began */
    size_t width;     /* that the text was wrapped at; 0: it was not */
    uint32_t gap;     /* TOKEN_SPACE … of the next token */
    bool has_address;
    enum ending ending;
};

/* ---- sentences ---- */

static void begin_sentence(struct tokens *t)
{
    t->sentences = mem_grow(t->sentences, &t->cap_sentences, t->n_sentences + 1,
                            sizeof *t->sentences);
    t->sentences[t->n_sentences++] =
        (struct token_sentence){(uint32_t)t->n, (uint32_t)t->n};
}

static bool is_closing(uint32_t cp)
{
    return cp == '"' || cp == '\'' || cp == ')' || cp == ']' || cp == '}' ||
           cp == 0x2019 || cp == 0x201D || cp == 0xBB || cp == 0x300D || cp == 0x300F ||
           cp == 0xFF09;
}

static bool is_end(uint32_t cp)
{
    return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026 || cp == 0x3002 ||
           cp == 0xFF01 || cp == 0xFF1F || cp == 0x61F || cp == 0x6D4 || cp == 0x964;
}

static bool is_bullet(uint32_t cp)
{
    return cp == 0x2022 || cp == 0x2023 || cp == 0x25CF || cp == 0x25AA || cp == 0x25A0 ||
           cp == 0x25BA || cp == 0x25B6;
}

/* Whether a token that begins with u can be the first of a sentence. */
static bool can_begin(struct rune u)
{
    if (u.kind != KIND_SIGN)
        return u.kind != KIND_LOWER;
    if (u.cp < 0x80)
        return strchr(",;:)]}-/%.!?", (int)u.cp) == NULL;
    return u.cp != 0x2013 && u.cp != 0x2014 && u.cp != 0x201D && u.cp != 0xBB;
}

static bool begins_sentence(const struct reader *r, const struct token *k, struct rune u)
{
    const struct tokens *t = r->t;
    const struct token_sentence *s;

    if (t->n_sentences == 0)
        return true;
    s = &t->sentences[t->n_sentences - 1];
    if (t->n - s->from >= SENTENCE_TOKENS_MAX || (k->flags & TOKEN_LINE) != 0)
        return true;
    if (is_bullet(u.cp) && (k->flags & TOKEN_SPACE) != 0)
        return true;
    if (r->ending == ENDING_NONE)
        return false;
    if ((k->flags & TOKEN_SPACE) == 0 && (is_closing(u.cp) || is_end(u.cp)))
        return false;
    if (r->ending == ENDING_WEAK)
        return u.kind == KIND_UPPER &&
               token_begins(r->at.lists, str_slice(t->text, k->start, k->end));
    return can_begin(u);
}

static void note_ending(struct reader *r, const struct token *k, struct rune u,
                        bool may_end)
{
    if (is_end(u.cp) && (k->flags & (TOKEN_WORD | TOKEN_NUMBER)) == 0)
        r->ending = ENDING_STRONG;
    else if (may_end)
        r->ending = ENDING_WEAK;
    else if (r->ending != ENDING_STRONG || (k->flags & TOKEN_SPACE) != 0 ||
             !is_closing(u.cp))
        r->ending = ENDING_NONE;
}

/* ---- tokens ---- */

static void emit(struct reader *r, const char *from, const char *to, uint32_t flags,
                 bool may_end)
{
    struct tokens *t = r->t;
    struct rune u = token_rune(from, r->at.end);
    struct token *k;

    if (t->n >= TOKENS_MAX)
        return;
    t->list = mem_grow(t->list, &t->cap, t->n + 1, sizeof *t->list);
    k = &t->list[t->n];
    *k = (struct token){.start = (uint32_t)(from - t->text.p),
                        .end = (uint32_t)(to - t->text.p),
                        .flags = r->gap | flags};
    if (begins_sentence(r, k, u))
        begin_sentence(t);
    k->sentence = (uint32_t)(t->n_sentences - 1);
    note_ending(r, k, u, may_end);
    t->n++;
    t->sentences[t->n_sentences - 1].to = (uint32_t)t->n;
    r->gap = 0;
    r->p = to;
    r->at.line_tokens++;
    r->at.small_before = u.kind == KIND_LOWER;
    r->at.sign_before = u.kind == KIND_SIGN;
}

static uint32_t flags_of(unsigned kinds)
{
    if ((kinds & KINDS_LETTER) != 0)
        return TOKEN_WORD;
    return (kinds & KIND_DIGIT) != 0 ? TOKEN_NUMBER : 0;
}

static void read_word(struct reader *r)
{
    struct token_word w = token_word(&r->at, r->p);

    if (w.cut == NULL) {
        emit(r, r->p, w.end, flags_of(w.kinds), w.may_end);
        return;
    }
    emit(r, r->p, w.cut, flags_of(w.kinds), false);
    emit(r, w.cut, w.end, TOKEN_WORD, false);
}

/* 's, 're, … as words of their own; '90s. */
static const char *clitic_end(const struct reader *r)
{
    const char *p = r->p + token_rune(r->p, r->at.end).len, *q = p;
    struct str tail;

    while (q < r->at.end && q - p < 4 &&
           (token_rune(q, r->at.end).kind & KINDS_WORD) != 0)
        q += token_rune(q, r->at.end).len;
    tail = (struct str){p, (size_t)(q - p)};
    if (str_eq_nocase(tail, STR("s")) || str_eq_nocase(tail, STR("re")) ||
        str_eq_nocase(tail, STR("ve")) || str_eq_nocase(tail, STR("ll")) ||
        str_eq_nocase(tail, STR("m")) || str_eq_nocase(tail, STR("d")))
        return q;
    if (tail.n == 3 && tail.p[2] == 's' && tail.p[0] >= '0' && tail.p[0] <= '9' &&
        tail.p[1] == '0')
        return q;
    return r->p;
}

/* An emoji with what modifies it; two of the letters that make a flag. */
static const char *glyph_end(const char *p, const char *end)
{
    struct rune u = token_rune(p, end), v;
    bool flag = u.cp >= 0x1F1E6 && u.cp <= 0x1F1FF;

    p += u.len;
    v = token_rune(p, end);
    if (flag && v.cp >= 0x1F1E6 && v.cp <= 0x1F1FF)
        return p + v.len;
    while (v.kind == KIND_MARK || (v.cp >= 0x1F3FB && v.cp <= 0x1F3FF) ||
           v.cp == 0x200D) {
        p += v.len;
        u = token_rune(p, end);
        if (v.cp == 0x200D && u.cp >= 0x2190 && u.kind == KIND_SIGN)
            p += u.len;
        v = token_rune(p, end);
    }
    return p;
}

/* Dashes, full stops and quotes of two characters are one token. */
static const char *run_end(const char *p, const char *end, char c)
{
    const char *bound = c == '.' || c == '-' ? end : p + (end - p < 2 ? end - p : 2);

    while (p < bound && *p == c)
        p++;
    return p;
}

static const char *sign_end(const struct reader *r, struct rune u)
{
    const char *p = r->p, *end = r->at.end, *q;

    switch (u.cp) {
    case '.':
    case '-':
    case '+':
        q = u.cp == '+' ? p + 1 : run_end(p, end, (char)u.cp);
        if (q - p == 1 && token_rune(q, end).kind == KIND_DIGIT &&
            (u.cp == '.' || (r->gap & TOKEN_SPACE) != 0))
            return token_word(&r->at, q).end; /* .5, -5, +48 */
        return q;
    case '`':
        return run_end(p, end, '`');
    case '\'':
        q = clitic_end(r);
        return q > p ? q : run_end(p, end, '\'');
    case 0x2019:
        q = clitic_end(r);
        return q > p ? q : p + u.len;
    case '#':
    case '@':
        q = token_tag(p, end);
        return q > p ? q : p + 1;
    case '<':
    case '&':
        q = token_markup(p, end);
        return q > p ? q : p + 1;
    default:
        return glyph_end(p, end);
    }
}

static uint32_t sign_flags(struct rune u, size_t n)
{
    if (n <= u.len)
        return 0;
    if (u.cp == '#' || u.cp == '@')
        return TOKEN_TAG;
    if (u.cp == '<' || u.cp == '&')
        return TOKEN_MARKUP;
    if (token_is_apostrophe(u.cp))
        return TOKEN_WORD;
    return 0;
}

static void read_sign(struct reader *r, struct rune u)
{
    const char *q = sign_end(r, u);
    uint32_t flags = sign_flags(u, (size_t)(q - r->p));

    if (u.cp == '\'' && q - r->p == 2 && q[-1] == '\'')
        flags = 0;
    if ((u.cp == '.' || u.cp == '-' || u.cp == '+') &&
        (token_rune(q - 1, q).kind & KINDS_WORD) != 0)
        flags = TOKEN_NUMBER;
    emit(r, r->p, q, flags, false);
}

/* One token of the chunk, or one thing in it that is none. */
static void read_token(struct reader *r)
{
    struct rune u = token_rune(r->p, r->at.end);
    const char *q;
    uint32_t flag;

    if ((u.kind & (KIND_SPACE | KIND_HIDDEN)) != 0) {
        if (u.kind == KIND_SPACE)
            r->gap |= TOKEN_SPACE;
        r->p += u.len;
        return;
    }
    if (r->has_address && (u.kind & (KINDS_LETTER | KIND_DIGIT)) != 0) {
        q = token_address(r->p, r->at.end, &flag);
        if (q > r->p) {
            emit(r, r->p, q, flag, false);
            return;
        }
    }
    if ((u.kind & KINDS_WORD) != 0)
        read_word(r);
    else if (u.kind == KIND_GLYPH)
        emit(r, r->p, r->p + u.len, TOKEN_WORD, false);
    else
        read_sign(r, u);
}

/* An address has '@', ':' or a full stop inside. */
static bool may_have_address(const char *p, const char *end, unsigned kinds)
{
    const char *dot;

    if ((kinds & KIND_AT) != 0)
        return true;
    if ((kinds & KIND_DOT) == 0)
        return false;
    dot = memchr(p, '.', (size_t)(end - p));
    return dot != NULL && dot + 2 < end && dot > p;
}

static void read_chunk(struct reader *r)
{
    const char *q = r->p, *last, *end = r->at.end;
    unsigned kinds = 0, before = 0;

    while (q < end) {
        unsigned c = (unsigned char)*q, kind = c < 0x80 ? token_ascii[c] : KIND_WIDE;

        if (kind == KIND_SPACE)
            break;
        before = kinds;
        kinds |= kind;
        q++;
    }
    last = q - 1;
    if ((kinds & ~(unsigned)(KIND_UPPER | KIND_LOWER)) == 0) {
        emit(r, r->p, q, TOKEN_WORD, false);
        return;
    }
    if ((*last == ',' || *last == ';') && last > r->p &&
        (before & ~(unsigned)(KIND_UPPER | KIND_LOWER)) == 0) {
        emit(r, r->p, last, TOKEN_WORD, false);
        emit(r, last, q, 0, false);
        return;
    }
    r->has_address = may_have_address(r->p, q, kinds);
    while (r->p < q && r->t->n < TOKENS_MAX)
        read_token(r);
}

static bool is_ascii_space(char c)
{
    return (unsigned char)c < 0x80 && token_ascii[(unsigned char)c] == KIND_SPACE;
}

/* White space up to the next chunk; only ASCII, the rest is seen by read_token. */
static void skip_space(struct reader *r)
{
    unsigned lines = 0;
    const char *p = r->p, *end = r->at.end, *before = r->line;

    while (p < end && is_ascii_space(*p)) {
        if (*p == '\n') {
            lines++;
            r->line = p + 1;
        }
        r->gap |= TOKEN_SPACE;
        p++;
    }
    r->p = p;
    if (lines == 1 && r->width > 0 && token_is_wrap(before, r->line, end, r->width))
        return;
    if (lines > 0) {
        r->gap |= TOKEN_LINE | (lines > 1 ? (uint32_t)TOKEN_PARAGRAPH : 0);
        r->at.line_tokens = 0;
        r->at.small_before = r->at.sign_before = false;
    }
}

static struct reader reader_of(struct tokens *t, struct str text)
{
    struct reader r = {.t = t, .gap = TOKEN_SPACE | TOKEN_LINE | TOKEN_PARAGRAPH};

    if (text.n > UINT32_MAX)
        text.n = UINT32_MAX;
    t->text = text.p != NULL ? text : STR("");
    t->n = t->n_sentences = 0;
    r.p = r.line = t->text.p;
    r.at.begin = r.p;
    r.at.end = r.p + t->text.n;
    r.at.lists = token_lists_get(t->language);
    return r;
}

void tokens_read(struct tokens *t, struct str text)
{
    struct reader r = reader_of(t, text);

    r.width = token_wrap_width(t->text);
    for (skip_space(&r); r.p < r.at.end && t->n < TOKENS_MAX; skip_space(&r))
        read_chunk(&r);
}

/* ---- divided by others ---- */

static void given_token(struct reader *r)
{
    struct tokens *t = r->t;
    const char *q = r->p;
    unsigned kinds = 0;
    struct token *k;

    while (q < r->at.end && !is_ascii_space(*q)) {
        struct rune u = token_rune(q, r->at.end);

        kinds |= u.kind;
        q += u.len;
    }
    t->list = mem_grow(t->list, &t->cap, t->n + 1, sizeof *t->list);
    if (t->n_sentences == 0 || (r->gap & TOKEN_LINE) != 0 ||
        t->n - t->sentences[t->n_sentences - 1].from >= SENTENCE_TOKENS_MAX)
        begin_sentence(t);
    k = &t->list[t->n++];
    *k = (struct token){.start = (uint32_t)(r->p - t->text.p),
                        .end = (uint32_t)(q - t->text.p),
                        .sentence = (uint32_t)(t->n_sentences - 1),
                        .flags = r->gap | flags_of(kinds)};
    t->sentences[t->n_sentences - 1].to = (uint32_t)t->n;
    r->gap = 0;
    r->p = q;
}

void tokens_given(struct tokens *t, struct str text)
{
    struct reader r = reader_of(t, text);

    for (skip_space(&r); r.p < r.at.end && t->n < TOKENS_MAX; skip_space(&r))
        given_token(&r);
}

void tokens_fini(struct tokens *t)
{
    free(t->list);
    free(t->sentences);
    *t = (struct tokens){0};
}

size_t tokens_find(const struct tokens *t, size_t offset)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->list[middle].end > offset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
