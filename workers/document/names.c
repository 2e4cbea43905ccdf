#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/text.h"

#include "names.h"

#define KEY_MAX 96 /* bytes of a word that are compared */

#define HASH_START UINT64_C(0xCBF29CE484222325)
#define HASH_TIMES UINT64_C(0x100000001B3)

/* ---- keys ---- */

static uint64_t hash(struct str key)
{
    uint64_t h = HASH_START;

    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * HASH_TIMES;
    return h;
}

uint64_t names_follow(uint64_t before, uint64_t key)
{
    uint64_t h;

    if (before == 0)
        return key;
    h = (before ^ key) * UINT64_C(0x9E3779B97F4A7C15);

    return h ^ h >> 32;
}

uint64_t names_word(const char *word)
{
    return hash(str_of(word));
}

/* A letter without its accent, in small; at most 4 bytes. */
static size_t fold_wide(uint32_t cp, char *out)
{
    static const struct {
        uint32_t cp;
        const char *to;
    } special[] = {{0xDF, "ss"},  {0xE6, "ae"},  {0xF0, "d"},   {0xF8, "o"},
                   {0xFE, "th"},  {0x111, "d"},  {0x131, "i"},  {0x142, "l"},
                   {0x153, "oe"}, {0x259, "e"},  {0x2018, "'"}, {0x2019, "'"},
                   {0x2BC, "'"},  {0x2010, "-"}, {0x2011, "-"}, {0x2013, "-"}};
    utf8proc_int32_t parts[4];

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
    if (utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_MN)
        return 0;
    return utf8_encode(cp, out);
}

size_t names_fold(struct str word, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < word.n && n + 4 <= max;) {
        unsigned char c = (unsigned char)word.p[i];
        size_t len = 1;

        if (c >= 0x80)
            n += fold_wide(utf8_decode(word.p + i, word.p + word.n, &len), out + n);
        else if (c >= 'A' && c <= 'Z')
            out[n++] = (char)(c + 32);
        else if (c != '.')
            out[n++] = (char)c;
        i += len;
    }
    return n;
}

uint64_t names_token(struct str token)
{
    char key[KEY_MAX + 4];

    return hash((struct str){key, names_fold(token, key, sizeof key)});
}

/* ---- forms ---- */

enum letter { LETTER_NONE, LETTER_SMALL, LETTER_CAPITAL };

static enum letter letter_at(struct str s, size_t i, size_t *ret_len)
{
    unsigned char c = (unsigned char)s.p[i];

    *ret_len = 1;
    if (c < 0x80) {
        if (c >= 'a' && c <= 'z')
            return LETTER_SMALL;
        return c >= 'A' && c <= 'Z' ? LETTER_CAPITAL : LETTER_NONE;
    }
    switch (
        utf8proc_category((utf8proc_int32_t)utf8_decode(s.p + i, s.p + s.n, ret_len))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
        return LETTER_CAPITAL;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return LETTER_SMALL;
    default:
        return LETTER_NONE;
    }
}

/* Letters of a word, counted. */
struct letters {
    size_t small, capital;
    bool small_part; /* a part behind a hyphen begins small, one before it does not */
    bool capital_part;
    bool dotted;
};

static struct letters count_letters(struct str s)
{
    struct letters n = {.dotted = s.n > 1 && memchr(s.p + 1, '.', s.n - 1) != NULL};
    bool begins = true;

    for (size_t i = 0, len; i < s.n && i < KEY_MAX; i += len) {
        enum letter l = letter_at(s, i, &len);

        n.small += l == LETTER_SMALL;
        n.capital += l == LETTER_CAPITAL;
        if (begins && l == LETTER_CAPITAL)
            n.capital_part = true;
        if (begins && l == LETTER_SMALL && n.capital_part)
            n.small_part = true;
        begins = l == LETTER_NONE && s.p[i] == '-';
    }
    return n;
}

enum { ASCII_SMALL = 1, ASCII_CAPITAL = 2, ASCII_DOT = 4, ASCII_WIDE = 8 };

static inline unsigned ascii_kind(unsigned char c)
{
    if (c >= 'a' && c <= 'z')
        return ASCII_SMALL;
    if (c >= 0x80)
        return ASCII_WIDE;
    return c >= 'A' && c <= 'Z' ? ASCII_CAPITAL : c == '.' ? ASCII_DOT : 0;
}

/* Key and letters in one go; false: the word is not of ASCII, or long. Most letters are
   small, and only those are fast. */
static bool read_ascii(struct str s, uint64_t *ret_key, struct letters *ret)
{
    struct letters n = {0};
    uint64_t h = HASH_START;
    bool begins = true;

    if (s.n > KEY_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        unsigned kind = ascii_kind(c);

        if (kind == ASCII_SMALL) {
            n.small++;
            n.small_part |= begins && n.capital_part;
            begins = false;
        } else if (kind == ASCII_CAPITAL) {
            n.capital++;
            n.capital_part |= begins;
            begins = false;
            c |= 0x20;
        } else if (kind == ASCII_WIDE) {
            return false;
        } else {
            begins = c == '-';
            n.dotted |= kind == ASCII_DOT && i > 0;
        }
        if (kind != ASCII_DOT)
            h = (h ^ c) * HASH_TIMES;
    }
    *ret_key = h;
    *ret = n;
    return true;
}

static void read_form(struct form *f, struct str s)
{
    struct letters n;

    *f = (struct form){.flags = 0};
    if (!read_ascii(s, &f->key, &n)) {
        f->key = names_token(s);
        n = count_letters(s);
    }
    if (str_eq(s, STR("&")))
        f->key = names_word("and");
    if (n.small + n.capital == 0)
        return;
    f->flags = FORM_WORD;
    if (n.capital_part)
        f->flags |= FORM_CAP;
    if (n.small == 0 && n.capital >= 2)
        f->flags |= FORM_CAPS;
    if (n.dotted)
        f->flags |= FORM_DOTTED;
    if (n.small + n.capital == 1)
        f->flags |= FORM_LONE;
    if (n.small_part)
        f->flags |= FORM_MIXED;
}

static bool opens_quote(struct str s)
{
    return str_eq(s, STR("\"")) || str_eq(s, STR("“")) || str_eq(s, STR("``")) ||
           str_eq(s, STR("‘")) || str_eq(s, STR("'")) || str_eq(s, STR(":"));
}

/* A sentence in which nearly every longer word begins with a capital says nothing by it.
 */
static void mark_sentence(struct names *d, enum field field, struct token_sentence s)
{
    struct form *forms = d->forms[field];
    size_t words = 0, capital = 0, caps = 0;
    bool starts = true;
    uint16_t mark = 0;

    for (size_t i = s.from; i < s.to; i++) {
        struct str text = token_text(d->texts[field], i);

        if ((forms[i].flags & FORM_WORD) == 0) {
            starts |= opens_quote(text);
            continue;
        }
        if (starts)
            forms[i].flags |= FORM_START;
        starts = false;
        if (text.n < 4)
            continue; /* small words are small in headlines, too */
        words++;
        capital += (forms[i].flags & FORM_CAP) != 0;
        caps += (forms[i].flags & FORM_CAPS) != 0;
    }
    if (words >= 4 && capital * 10 >= words * 8)
        mark |= FORM_LOUD;
    if (words >= 3 && caps * 10 >= words * 7)
        mark |= FORM_LOUD | FORM_SHOUTED;
    for (size_t i = s.from; i < s.to && mark != 0; i++)
        forms[i].flags |= mark;
}

static void make_forms(struct names *d, enum field field)
{
    const struct tokens *t = d->texts[field];
    struct result *out = d->out;

    out->forms[field] = mem_grow(out->forms[field], &out->forms_cap[field], t->n + 1,
                                 sizeof *out->forms[field]);
    d->forms[field] = out->forms[field];
    for (size_t i = 0; i < t->n; i++)
        read_form(&d->forms[field][i], token_text(t, i));
    for (size_t i = 0; i < t->n_sentences; i++)
        mark_sentence(d, field, t->sentences[i]);
    out->has_forms[field] = true;
}

/* They depend on the text alone, so the next extractor has them, too. */
static void read_forms(struct names *d, enum field field)
{
    if (!d->out->has_forms[field]) {
        make_forms(d, field);
        return;
    }
    d->forms[field] = d->out->forms[field];
    for (size_t i = 0; i < d->texts[field]->n; i++)
        d->forms[field][i].flags &= (uint16_t)~FORM_TAKEN;
}

uint64_t names_key(const struct names *d, enum field field, size_t from, size_t to)
{
    const struct form *forms = d->forms[field];
    uint64_t h = 0;

    if (to - from > 1 && forms[from].key == names_word("the"))
        from++;
    for (size_t i = from; i < to; i++)
        h = names_follow(h, forms[i].key);
    return h;
}

uint64_t names_phrase(struct str text)
{
    struct tokens t = {0};
    uint64_t h = 0;

    tokens_read(&t, text);
    for (size_t i = 0; i < t.n; i++) {
        struct form f;

        read_form(&f, token_text(&t, i));
        if (i > 0 || t.n == 1 || f.key != names_word("the"))
            h = names_follow(h, f.key);
    }
    tokens_fini(&t);
    return h;
}

/* ---- names ---- */

static void take_tokens(struct names *d, const struct name *m)
{
    for (size_t i = m->from; i < m->to; i++)
        d->forms[m->field][i].flags |= FORM_TAKEN;
}

static void add_name(struct names *d, const struct seat *s)
{
    const struct tokens *t = d->texts[s->span.field];
    struct name *m;
    size_t from = tokens_find(t, s->span.start), to = from;

    while (to < t->n && t->list[to].start < s->span.end)
        to++;
    if (from == to)
        return; /* behind what was read of a large text */
    d->list = mem_grow(d->list, &d->cap, d->n + 1, sizeof *d->list);
    m = &d->list[d->n++];
    *m = (struct name){.from = (uint32_t)from,
                       .to = (uint32_t)to,
                       .field = s->span.field,
                       .entity = s->entity,
                       .mention = s->mention,
                       .score = s->score,
                       .key = names_key(d, s->span.field, from, to)};
    take_tokens(d, m);
}

void names_read(struct names *d, const struct item *it, struct result *out)
{
    size_t n;
    const struct seat *seats = result_seats(out, &n);

    d->out = out;
    d->n = 0;
    for (int i = 0; i < 2; i++) {
        d->texts[i] = result_tokens(out, it, (enum field)i);
        read_forms(d, (enum field)i);
    }
    for (size_t i = 0; i < n && d->n < NAMES_MAX; i++)
        add_name(d, &seats[i]);
    d->parents =
        mem_grow(d->parents, &d->parents_cap, out->n_entities + 1, sizeof *d->parents);
    for (d->n_parents = 0; d->n_parents < out->n_entities; d->n_parents++)
        d->parents[d->n_parents] = (uint32_t)d->n_parents;
}

void names_fini(struct names *d)
{
    free(d->list);
    free(d->parents);
    *d = (struct names){0};
}

size_t names_at(const struct names *d, enum field field, size_t token)
{
    size_t lo = 0, hi = d->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct name *m = &d->list[mid];

        if (m->field < field || (m->field == field && m->to <= token))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* ---- changing ---- */

size_t names_root(struct names *d, size_t entity)
{
    while (d->parents[entity] != entity) {
        d->parents[entity] = d->parents[d->parents[entity]];
        entity = d->parents[entity];
    }
    return entity;
}

void names_join(struct names *d, size_t a, size_t b)
{
    a = names_root(d, a);
    b = names_root(d, b);
    if (a == b)
        return;
    result_join(d->out, a, b);
    d->parents[b] = (uint32_t)a;
}

size_t names_new_entity(struct names *d, enum entity_type type, struct str subtype)
{
    struct entity *en = result_add_entity(d->out);

    en->type = type;
    en->subtype = subtype;
    d->parents =
        mem_grow(d->parents, &d->parents_cap, d->n_parents + 1, sizeof *d->parents);
    d->parents[d->n_parents] = (uint32_t)d->n_parents;
    return d->n_parents++;
}

bool names_add(struct names *d, size_t entity, enum field field, size_t from, size_t to,
               float score)
{
    const struct tokens *t = d->texts[field];
    struct form *forms = d->forms[field];
    struct span span = {t->list[from].start, t->list[to - 1].end, field};
    struct entity *en = &d->out->entities[names_root(d, entity)];

    for (size_t i = from; i < to; i++)
        if ((forms[i].flags & FORM_TAKEN) != 0)
            return false;
    for (size_t i = from; i < to; i++)
        forms[i].flags |= FORM_TAKEN;
    (void)result_add_mention(d->out, en, span, score);
    if (en->name.p == NULL)
        en->name = names_text(d, field, from, to);
    if (score > en->score)
        en->score = score;
    return true;
}

/* Mentions have moved in their entities since they were read: they are found by place. */
static void drop(struct names *d, const struct name *m)
{
    const struct tokens *t = d->texts[m->field];
    size_t root = names_root(d, m->entity);
    const struct entity *en = &d->out->entities[root];

    for (size_t k = 0; k < en->n_mentions; k++) {
        const struct span *s = &en->mentions[k].span;

        if (s->field == m->field && s->start < t->list[m->to - 1].end &&
            s->end > t->list[m->from].start) {
            result_drop_mention(d->out, root, k);
            return;
        }
    }
}

void names_drop(struct names *d, enum field field, size_t from, size_t to)
{
    for (size_t i = names_at(d, field, from); i < d->n; i++) {
        struct name *m = &d->list[i];

        if (m->field != field || m->from >= to)
            return;
        if ((d->forms[field][m->from].flags & FORM_TAKEN) == 0)
            continue; /* given up before */
        drop(d, m);
        for (size_t k = m->from; k < m->to; k++)
            d->forms[field][k].flags &= (uint16_t)~FORM_TAKEN;
    }
}
