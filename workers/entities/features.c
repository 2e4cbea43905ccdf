/* A candidate is seen through features: its words, those around it, what the lists say.
   Each has a name ("prev=minister"); names are hashed here and in the file of weights
   alike, so that a new feature needs a line in the table below and new weights. */
#include <stdio.h>

#include "spans.h"

enum template {
    T_LENGTH, /* in tokens */
    T_FIRST,
    T_LAST,
    T_INNER,
    T_ALL, /* the whole phrase */
    T_PREV,
    T_PREV2, /* two words before */
    T_NEXT,
    T_NEXT2,
    T_SHAPE,   /* of the first and last word */
    T_PATTERN, /* what the lists say of each word */
    T_KNOWN,   /* the phrase lists have the whole */
    T_KNOWN_FIRST,
    T_KNOWN_LAST,
    T_END3, /* of the last word */
    T_END4,
    T_BEGIN3, /* of the first word */
    T_AFTER_TITLE,
    T_HAS_TITLE,
    T_START,
    T_LEFT, /* a capital on the left, right: the name may be longer */
    T_RIGHT,
    T_MODE,
    T_QUOTED,
    T_SEEN, /* small letters or capitals elsewhere */
    TEMPLATES,
};

static const struct str template_names[TEMPLATES] = {
    [T_LENGTH] = STR_INIT("length"),
    [T_FIRST] = STR_INIT("first"),
    [T_LAST] = STR_INIT("last"),
    [T_INNER] = STR_INIT("inner"),
    [T_ALL] = STR_INIT("all"),
    [T_PREV] = STR_INIT("prev"),
    [T_PREV2] = STR_INIT("prev2"),
    [T_NEXT] = STR_INIT("next"),
    [T_NEXT2] = STR_INIT("next2"),
    [T_SHAPE] = STR_INIT("shape"),
    [T_PATTERN] = STR_INIT("pattern"),
    [T_KNOWN] = STR_INIT("known"),
    [T_KNOWN_FIRST] = STR_INIT("knownfirst"),
    [T_KNOWN_LAST] = STR_INIT("knownlast"),
    [T_END3] = STR_INIT("end3"),
    [T_END4] = STR_INIT("end4"),
    [T_BEGIN3] = STR_INIT("begin3"),
    [T_AFTER_TITLE] = STR_INIT("aftertitle"),
    [T_HAS_TITLE] = STR_INIT("hastitle"),
    [T_START] = STR_INIT("start"),
    [T_LEFT] = STR_INIT("left"),
    [T_RIGHT] = STR_INIT("right"),
    [T_MODE] = STR_INIT("mode"),
    [T_QUOTED] = STR_INIT("quoted"),
    [T_SEEN] = STR_INIT("seen"),
};

static uint64_t with_template(enum template t, uint64_t value)
{
    return phrase_hash(value, ((uint64_t)t + 1) * UINT64_C(0xD6E8FEB86659FD93));
}

uint64_t feature_hash(struct str name)
{
    struct str value = name, template = str_cut(&value, '=');
    uint64_t h = 0;

    for (unsigned i = 0; i < TEMPLATES; i++) {
        if (!str_eq(template, template_names[i]))
            continue;
        while (value.p != NULL)
            h = phrase_hash(h, key_hash(str_cut(&value, ' ')));
        return with_template((enum template)i, h);
    }
    return 0;
}

/* ---- adding ---- */

static void add(struct features *f, enum template t, uint64_t value)
{
    if (f->n < FEATURES_MAX)
        f->hash[f->n++] = with_template(t, value);
}

static void add_text(struct features *f, enum template t, struct str text)
{
    add(f, t, phrase_hash(0, key_hash(text)));
    if (f->names != NULL)
        (void)strbuf_addf(f->names, STR_FMT "=" STR_FMT "\n", STR_ARG(template_names[t]),
                          STR_ARG(text)); /* cut is fine: it is for looking at */
}

static void add_tokens(struct features *f, enum template t, const struct words *k,
                       size_t from, size_t to)
{
    uint64_t h = 0;

    for (size_t i = from; i < to; i++)
        h = phrase_hash(h, k->list[i].hash);
    add(f, t, h);
    if (f->names == NULL)
        return;
    (void)strbuf_addf(f->names, STR_FMT "=", STR_ARG(template_names[t]));
    for (size_t i = from; i < to; i++)
        (void)strbuf_addf(f->names, "%s" STR_FMT, i > from ? " " : "",
                          STR_ARG(word_key(k, &k->list[i])));
    (void)strbuf_add_char(f->names, '\n');
}

/* ---- what a word looks like ---- */

static char pattern_letter(const struct word *k)
{
    unsigned names = k->lists & (LIST_GIVEN | LIST_SURNAME);
    bool common = (k->lists & LIST_COMMON) != 0;

    if ((k->flags & WORD_TITLE) != 0)
        return 'T';
    if ((k->flags & WORD_POSSESSIVE) != 0)
        return 'p';
    if ((k->flags & WORD_NUMBER) != 0)
        return '9';
    if ((k->flags & WORD_LETTERS) == 0)
        return '&';
    if ((k->flags & WORD_CAP) == 0)
        return 'l';
    if ((k->flags & WORD_DOTTED) != 0 && k->key_n <= 2)
        return 'I';
    if ((k->flags & WORD_CAPS) != 0 && k->mode != 'A')
        return 'A';
    if (names == (LIST_GIVEN | LIST_SURNAME))
        return common ? 'b' : 'B';
    if (names == LIST_GIVEN)
        return common ? 'g' : 'G';
    if (names == LIST_SURNAME)
        return common ? 's' : 'S';
    return common ? 'c' : 'U';
}

static void add_pattern(struct features *f, const struct words *t, size_t from, size_t to)
{
    char letters[8];
    size_t n = 0;

    for (size_t i = from; i < to && n < 5; i++)
        letters[n++] = pattern_letter(&t->list[i]);
    if (to - from > n)
        letters[n++] = '+';
    add_text(f, T_PATTERN, (struct str){letters, n});
}

static size_t shape_of(const struct words *t, const struct word *k, char *out)
{
    struct str text = word_text(t, k);
    size_t n = 0;

    if ((k->flags & WORD_LETTERS) == 0) {
        out[0] = (k->flags & WORD_NUMBER) != 0 ? '9' : '-';
        return 1;
    }
    if ((k->flags & WORD_CAPS) != 0)
        out[n++] = 'X';
    else if (text.p[0] >= 'a' && text.p[0] <= 'z')
        out[n++] = 'x';
    else
        out[n++] = (k->flags & WORD_CAP) != 0 ? 'C' : 'c';
    if ((k->flags & WORD_DOTTED) != 0)
        out[n++] = '.';
    if ((k->flags & WORD_MIXED) != 0)
        out[n++] = 'm';
    else if (memchr(text.p, '-', text.n) != NULL)
        out[n++] = '-';
    if (text.n <= 3)
        out[n++] = '0' + (char)text.n;
    return n;
}

static void add_shape(struct features *f, const struct words *t, size_t from, size_t to)
{
    char out[16];
    size_t n = shape_of(t, &t->list[from], out);

    if (to - from > 1) {
        out[n++] = '|';
        n += shape_of(t, &t->list[to - 1], out + n);
    }
    add_text(f, T_SHAPE, (struct str){out, n});
}

static void add_known(struct features *f, enum template t, const struct lexicon *l,
                      uint64_t hash)
{
    const struct phrase *p = lexicon_phrase(l, hash);

    for (unsigned i = 0; p != NULL && i < PHRASE_KINDS; i++) {
        char letter = (char)('a' + (int)i);

        if ((p->kinds & UINT32_C(1) << i) != 0)
            add_text(f, t, (struct str){&letter, 1});
    }
}

/* The last n bytes of a key, not cutting a code point. */
static struct str tail(struct str key, size_t n)
{
    size_t from = key.n > n ? key.n - n : 0;

    while (from < key.n && ((unsigned char)key.p[from] & 0xC0) == 0x80)
        from++;
    return str_slice(key, from, key.n);
}

/* ---- what is around it ---- */

static void add_around(struct features *f, const struct words *t, size_t from, size_t to)
{
    if (from == 0)
        add_text(f, T_PREV, STR("^"));
    else
        add_tokens(f, T_PREV, t, from - 1, from);
    if (from > 1)
        add_tokens(f, T_PREV2, t, from - 2, from);
    if (to == t->n)
        add_text(f, T_NEXT, STR("$"));
    else
        add_tokens(f, T_NEXT, t, to, to + 1);
    if (to + 1 < t->n)
        add_tokens(f, T_NEXT2, t, to, to + 2);
}

static bool is_cap(const struct words *t, size_t i)
{
    return (t->list[i].flags & (WORD_LETTERS | WORD_CAP)) == (WORD_LETTERS | WORD_CAP);
}

static bool is_quote(const struct words *t, size_t i)
{
    struct str s = word_text(t, &t->list[i]);

    return str_eq(s, STR("\"")) || str_eq(s, STR("\xE2\x80\x9C")) ||
           str_eq(s, STR("\xE2\x80\x9D")) || str_eq(s, STR("\xE2\x80\x98")) ||
           str_eq(s, STR("\xE2\x80\x99"));
}

static void add_place(struct features *f, const struct words *t, size_t from, size_t to)
{
    const struct word *k = &t->list[from];
    char letter = pattern_letter(k), mode[3] = {k->mode, letter, '\0'};

    if (from > 0 && (t->list[from - 1].flags & WORD_TITLE) != 0)
        add_text(f, T_AFTER_TITLE, to - from > 1 ? STR("n") : STR("1"));
    for (size_t i = from; i < to; i++) {
        if ((t->list[i].flags & WORD_TITLE) == 0)
            continue;
        add_text(f, T_HAS_TITLE,
                 i == from ? STR("first") : (i == to - 1 ? STR("last") : STR("inner")));
        break;
    }
    if ((k->flags & WORD_START) != 0)
        add_text(f, T_START, (struct str){&letter, 1});
    if (from > 0 && is_cap(t, from - 1)) {
        letter = pattern_letter(&t->list[from - 1]);
        add_text(f, T_LEFT, (struct str){&letter, 1});
    }
    if (to < t->n && is_cap(t, to)) {
        letter = pattern_letter(&t->list[to]);
        add_text(f, T_RIGHT, (struct str){&letter, 1});
    }
    if (k->mode != 'n')
        add_text(f, T_MODE, (struct str){mode, to - from > 1 ? 1 : 2});
    if (from > 0 && to < t->n && is_quote(t, from - 1) && is_quote(t, to))
        add_text(f, T_QUOTED, STR("1"));
}

static bool has_bit(const uint64_t *bits, uint64_t hash)
{
    size_t i = (size_t)(hash % SEEN_BITS);

    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static void add_seen(struct features *f, const struct word *k, const struct seen *seen)
{
    bool small = has_bit(seen->small, k->hash), capital = has_bit(seen->capital, k->hash);

    if (small || capital)
        add_text(f, T_SEEN,
                 small && capital ? STR("both")
                                  : (small ? STR("small") : STR("capital")));
}

void features_of(const struct lexicon *l, const struct words *t, const struct seen *seen,
                 size_t from, size_t to, struct features *out)
{
    static const char digits[] = "0123456789A";
    const struct word *first = &t->list[from], *last = &t->list[to - 1];
    struct str key = word_key(t, last);
    uint64_t h = 0;

    out->n = 0;
    add_text(out, T_LENGTH, (struct str){&digits[to - from], 1});
    add_tokens(out, T_FIRST, t, from, from + 1);
    if (to - from > 1)
        add_tokens(out, T_LAST, t, to - 1, to);
    for (size_t i = from + 1; i + 1 < to; i++)
        add_tokens(out, T_INNER, t, i, i + 1);
    add_tokens(out, T_ALL, t, from, to);
    add_around(out, t, from, to);
    add_shape(out, t, from, to);
    add_pattern(out, t, from, to);
    for (size_t i = from; i < to; i++)
        h = phrase_hash(h, t->list[i].hash);
    add_known(out, T_KNOWN, l, h);
    if (to - from > 1) {
        add_known(out, T_KNOWN_FIRST, l, phrase_hash(0, first->hash));
        add_known(out, T_KNOWN_LAST, l, phrase_hash(0, last->hash));
    }
    add_text(out, T_END3, tail(key, 3));
    if (key.n > 4)
        add_text(out, T_END4, tail(key, 4));
    add_text(out, T_BEGIN3, str_head(word_key(t, first), 3));
    add_place(out, t, from, to);
    if ((first->flags & WORD_START) != 0 || first->mode != 'n')
        add_seen(out, first, seen);
}
