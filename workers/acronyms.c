/* "Counter-Terrorism Implementation Task Force (CTITF)", "CTITF (Counter-…)": the letters
   of the short form must be found in the long one, in order, the first at the start of a
   word and most of them at starts (after Schwartz and Hearst, "A simple algorithm for
   identifying abbreviation definitions", 2003). A name right before the parenthesis is
   believed with less: UNCCT is the United Nations Counter-Terrorism Centre, and the
   letters of "National Disaster Management Agency (BNPB)" are those of another language.
   Short forms that the text does not explain are joined to the only name that has their
   initials. Then every place where the short form stands is that name. */
#include <stdlib.h>

#include "newsmq/extractor.h"

#include "document/map.h"
#include "document/names.h"

#define SHORT_MAX 10 /* letters of an acronym */
#define LONG_MORE 5  /* words of the long form more than letters of the short one */
#define LONG_MAX  16 /* words of the long form of an acronym that is only its initials */
#define PAIRS_MAX 256
#define SURE      0.95F

struct acronyms {
    struct names names;
    size_t n_pairs;
    struct map shorts;   /* keys of short forms to entities */
    struct map initials; /* hashes of initials to entities; of several: NOBODY */
};

#define NOBODY UINT32_MAX

/* A parenthesis: its tokens. */
struct bracket {
    struct acronyms *a;
    struct names *d;
    enum field field;
    size_t open, close;
    size_t end; /* of what may be a long form in front: the parenthesis, or 's */
};

/* ---- letters ---- */

/* The letters of an acronym in small, or 0: "CTITF", "U.N.", "MoD". */
static size_t letters_of(const struct names *d, enum field field, size_t i, char *out)
{
    const struct form *f = &d->forms[field][i];
    struct str text = token_text(d->texts[field], i);
    char key[SHORT_MAX * 4];
    size_t n = 0, capitals = 0, key_n;

    if ((f->flags & FORM_CAP) == 0 || text.n > 2 * (size_t)SHORT_MAX)
        return 0;
    for (size_t c = 0; c < text.n; c++)
        capitals += text.p[c] >= 'A' && text.p[c] <= 'Z';
    key_n = names_fold(text, key, sizeof key);
    for (size_t c = 0; c < key_n; c++) {
        if (key[c] == '-' || key[c] == '&')
            continue;
        if (n == SHORT_MAX)
            return 0;
        out[n++] = key[c];
    }
    return capitals >= 2 && capitals * 2 >= n && n >= 2 ? n : 0;
}

static size_t word_key_of(const struct names *d, enum field field, size_t i, char *out,
                          size_t max)
{
    return names_fold(token_text(d->texts[field], i), out, max);
}

static char first_letter(const struct names *d, enum field field, size_t i)
{
    char key[8];

    return word_key_of(d, field, i, key, sizeof key) > 0 ? key[0] : '\0';
}

/* Whether the letters are found backwards in the words [from, to), the first of them at
   the start of word from. Counts those at starts of words or of parts of them. */
static bool letters_fit(const struct bracket *b, size_t from, size_t to,
                        const char *letters, size_t n)
{
    size_t at_start = 0, left = n;

    for (size_t i = to; i > from && left > 0; i--) {
        char key[64];
        size_t key_n = word_key_of(b->d, b->field, i - 1, key, sizeof key);

        for (size_t c = key_n; c > 0 && left > 0; c--) {
            bool starts = c == 1 || key[c - 2] == '-';

            if (key[c - 1] != letters[left - 1])
                continue;
            if (left == 1 && (c != 1 || i - 1 != from))
                continue;
            at_start += starts;
            left--;
        }
    }
    return left == 0 && at_start * 10 >= n * 6;
}

static bool may_be_inside(const struct names *d, enum field field, size_t i)
{
    return (d->forms[field][i].flags & FORM_WORD) != 0 ||
           names_is_mark(d, field, i, '&') || names_is_mark(d, field, i, ',') ||
           names_is_mark(d, field, i, '\'');
}

static bool may_be_long(const struct bracket *b, size_t from, size_t to)
{
    const struct form *forms = b->d->forms[b->field];
    size_t capitals = 0;

    for (size_t i = from; i < to; i++) {
        if (!may_be_inside(b->d, b->field, i))
            return false;
        capitals += (forms[i].flags & FORM_CAP) != 0;
    }
    return capitals >= 2 && (forms[from].flags & FORM_CAP) != 0;
}

/* ---- the long form ---- */

/* The name that ends right before a token; d->n when there is none. */
static size_t name_ending(const struct names *d, enum field field, size_t token)
{
    size_t i = token > 0 ? names_at(d, field, token - 1) : d->n;

    return i < d->n && d->list[i].field == field && d->list[i].to == token &&
                   (d->forms[field][token - 1].flags & FORM_TAKEN) != 0
               ? i
               : d->n;
}

static enum entity_type type_of(struct names *d, const struct name *m)
{
    return d->out->entities[names_root(d, m->entity)].type;
}

/* Where the long form that ends before the parenthesis begins; its end when there is
   none. */
static size_t long_before(const struct bracket *b, const char *letters, size_t n)
{
    const struct tokens *t = b->d->texts[b->field];
    size_t most = n + LONG_MORE < 2 * n + 1 ? n + LONG_MORE : 2 * n + 1, end = b->end;

    for (size_t words = 2; words <= most && words <= end; words++) {
        size_t from = end - words;

        if (!may_be_inside(b->d, b->field, from) ||
            t->list[from].sentence != t->list[end].sentence)
            break;
        if (first_letter(b->d, b->field, from) == letters[0] &&
            may_be_long(b, from, end) && letters_fit(b, from, end, letters, n))
            return from;
    }
    return end;
}

/* The name before the parenthesis, when it begins with the first letter and most of its
   words have one of the letters in front; or when what is inside is a body by itself. */
static bool is_likely(const struct bracket *b, const struct name *m, const char *letters,
                      size_t n)
{
    struct names *d = b->d;
    size_t shared = 0, words = 0, inside = names_at(d, b->field, b->open + 1);

    if (m->to - m->from < 2 || type_of(d, m) == ENTITY_PER)
        return false;
    for (size_t i = m->from; i < m->to; i++) {
        char c = first_letter(d, b->field, i);

        if ((d->forms[b->field][i].flags & FORM_CAP) == 0)
            continue;
        words++;
        shared += memchr(letters, c, n) != NULL;
    }
    if (first_letter(d, b->field, m->from) == letters[0] && shared * 3 >= words * 2)
        return true;
    return inside < d->n && d->list[inside].field == b->field &&
           d->list[inside].from == b->open + 1 && type_of(d, m) == ENTITY_ORG &&
           type_of(d, &d->list[inside]) == ENTITY_ORG;
}

/* ---- pairs ---- */

static size_t add_new(struct names *d, enum field field, size_t from, size_t to,
                      enum entity_type type, struct str subtype)
{
    size_t entity = names_new_entity(d, type, subtype);

    return names_add(d, entity, field, from, to, SURE) ? entity : SIZE_MAX;
}

/* A long form that was found in pieces, or not at all: what the largest piece is, if it
   is half of it. A place at its end is not what it is: "Chamber of Commerce in Korea". */
static size_t put_together(struct names *d, enum field field, size_t from, size_t to)
{
    const struct name *largest = NULL;
    enum entity_type type = ENTITY_ORG;
    struct str subtype = {NULL, 0};

    for (size_t i = names_at(d, field, from);
         i < d->n && d->list[i].field == field && d->list[i].from < to; i++) {
        const struct name *m = &d->list[i];

        if (m->from < from && type_of(d, m) != ENTITY_PER)
            from = m->from; /* "[National Bank] of Romania (BNR)" */
        if (largest == NULL || m->to - m->from > largest->to - largest->from)
            largest = m;
    }
    if (largest != NULL && 2 * (size_t)(largest->to - largest->from) >= to - from &&
        type_of(d, largest) != ENTITY_LOC && type_of(d, largest) != ENTITY_PER) {
        type = type_of(d, largest);
        subtype = d->out->entities[names_root(d, largest->entity)].subtype;
    }
    names_drop(d, field, from, to);
    return add_new(d, field, from, to, type, subtype);
}

/* The entity whose name is the tokens [from, to): one that is there and may reach further
   to the left, else a new one in place of what touches them. SIZE_MAX: there is none. */
static size_t entity_of(struct names *d, enum field field, size_t from, size_t to)
{
    size_t i = name_ending(d, field, to);

    if (i < d->n && type_of(d, &d->list[i]) == ENTITY_PER)
        return SIZE_MAX; /* "Ann Lee (AL)": her party, her initials, her state */
    if (i < d->n && d->list[i].from <= from)
        return names_root(d, d->list[i].entity);
    return put_together(d, field, from, to);
}

static size_t entity_of_short(struct names *d, enum field field, size_t token,
                              size_t long_form)
{
    size_t i = names_at(d, field, token);
    const struct entity *en = &d->out->entities[long_form];

    if (i < d->n && d->list[i].field == field && d->list[i].from == token &&
        d->list[i].to == token + 1 && (d->forms[field][token].flags & FORM_TAKEN) != 0)
        return names_root(d, d->list[i].entity);
    names_drop(d, field, token, token + 1);
    return add_new(d, field, token, token + 1, en->type, en->subtype);
}

static void pair(const struct bracket *b, size_t from, size_t to, size_t acronym)
{
    struct names *d = b->d;
    size_t whole, part;

    if (b->a->n_pairs++ >= PAIRS_MAX)
        return;
    whole = entity_of(d, b->field, from, to);
    if (whole == SIZE_MAX)
        return;
    part = entity_of_short(d, b->field, acronym, whole);
    if (part == SIZE_MAX)
        return;
    names_join(d, whole, part);
    map_put(&b->a->shorts, d->forms[b->field][acronym].key,
            (uint32_t)names_root(d, whole));
}

/* "the Centre (UNCCT)", when UNCCT is known: its last word with a capital. */
static void take_again(const struct bracket *b)
{
    struct names *d = b->d;
    const struct form *forms = d->forms[b->field];
    uint32_t known;

    if (b->open < 2 || !map_get(&b->a->shorts, forms[b->open + 1].key, &known) ||
        (forms[b->open - 1].flags & (FORM_CAP | FORM_TAKEN)) != FORM_CAP ||
        forms[b->open - 2].key != names_word("the"))
        return;
    (void)names_add(d, known, b->field, b->open - 1, b->open, SURE);
}

/* Long (SHORT) */
static bool take_short(const struct bracket *b)
{
    char letters[SHORT_MAX];
    size_t n = letters_of(b->d, b->field, b->open + 1, letters), from, i;

    if (n == 0)
        return false;
    from = long_before(b, letters, n);
    i = name_ending(b->d, b->field, b->end);
    if (from == b->end && i < b->d->n && is_likely(b, &b->d->list[i], letters, n))
        from = b->d->list[i].from;
    if (from == b->end) {
        take_again(b);
        return false;
    }
    pair(b, from, b->end, b->open + 1);
    return true;
}

/* SHORT (Long) */
static void take_long(const struct bracket *b)
{
    char letters[SHORT_MAX];
    size_t n = b->open > 0 ? letters_of(b->d, b->field, b->open - 1, letters) : 0;
    size_t words = b->close - b->open - 1;

    if (n > 0 && words >= 2 && words <= n + LONG_MORE &&
        may_be_long(b, b->open + 1, b->close) &&
        first_letter(b->d, b->field, b->open + 1) == letters[0] &&
        letters_fit(b, b->open + 1, b->close, letters, n))
        pair(b, b->open + 1, b->close, b->open - 1);
}

static bool ends_short(const struct names *d, enum field field, size_t i)
{
    return names_is_mark(d, field, i, ')') || names_is_mark(d, field, i, ',') ||
           names_is_mark(d, field, i, ';') || names_is_mark(d, field, i, '/');
}

static bool is_possessive(const struct names *d, enum field field, size_t i)
{
    struct str s = token_text(d->texts[field], i);

    return str_eq(s, STR("'s")) || str_eq(s, STR("’s"));
}

static void find_pairs(struct acronyms *a, enum field field)
{
    struct bracket b = {.a = a, .d = &a->names, .field = field};
    const struct tokens *t = a->names.texts[field];
    bool is_open = false, has_short = false;

    for (size_t i = 0; i < t->n; i++) {
        if (names_is_mark(&a->names, field, i, '(')) {
            b.open = i;
            b.end = i > 0 && is_possessive(&a->names, field, i - 1) ? i - 1 : i;
            is_open = true;
            has_short =
                i + 2 < t->n && ends_short(&a->names, field, i + 2) && take_short(&b);
        } else if (is_open && names_is_mark(&a->names, field, i, ')')) {
            b.close = i;
            is_open = false;
            if (!has_short)
                take_long(&b);
        } else if (is_open && i - b.open > SHORT_MAX + LONG_MORE) {
            is_open = false;
        }
    }
}

/* ---- initials ---- */

static void put_initials(struct acronyms *a, const char *letters, size_t n, size_t entity)
{
    char word[LONG_MAX + 1];
    uint32_t other;
    uint64_t key;

    if (n < 2 || n > SHORT_MAX)
        return;
    memcpy(word, letters, n);
    word[n] = '\0';
    key = names_word(word);
    if (map_get(&a->initials, key, &other) && other != (uint32_t)entity)
        entity = NOBODY;
    map_put(&a->initials, key, (uint32_t)entity);
}

/* "Asia-Pacific Economic Cooperation" is APEC: a letter for each part of a word. */
static void note_parts(struct acronyms *a, const struct name *m, size_t entity)
{
    struct names *d = &a->names;
    char letters[LONG_MAX];
    size_t n = 0, parts = 0;

    for (size_t i = m->from; i < m->to; i++) {
        char key[64];
        size_t key_n = word_key_of(d, m->field, i, key, sizeof key);

        if ((d->forms[m->field][i].flags & FORM_CAP) == 0)
            continue;
        for (size_t c = 0; c < key_n && n < LONG_MAX; c++)
            if (c == 0 || key[c - 1] == '-')
                letters[n++] = key[c];
        parts++;
    }
    if (n > parts)
        put_initials(a, letters, n, entity);
}

/* With its small words and without. */
static void note_initials(struct acronyms *a, const struct name *m)
{
    struct names *d = &a->names;
    size_t entity = names_root(d, m->entity), n = 0, all = 0;
    char capitals[LONG_MAX], letters[LONG_MAX];

    if (m->to - m->from < 2 || m->to - m->from > LONG_MAX ||
        d->out->entities[entity].type == ENTITY_PER)
        return;
    for (size_t i = m->from; i < m->to; i++) {
        const struct form *f = &d->forms[m->field][i];
        char c = first_letter(d, m->field, i);

        if ((f->flags & FORM_WORD) == 0)
            continue;
        letters[all++] = c;
        if ((f->flags & FORM_CAP) != 0)
            capitals[n++] = c;
    }
    put_initials(a, capitals, n, entity);
    if (all > n)
        put_initials(a, letters, all, entity);
    note_parts(a, m, entity);
}

static void join_initials(struct acronyms *a)
{
    struct names *d = &a->names;

    for (size_t i = 0; i < d->n; i++)
        note_initials(a, &d->list[i]);
    for (size_t i = 0; i < d->n; i++) {
        const struct name *m = &d->list[i];
        const struct form *f = &d->forms[m->field][m->from];
        uint32_t whole;

        if (m->to - m->from != 1 || (f->flags & FORM_CAPS) == 0 ||
            !map_get(&a->initials, f->key, &whole) || whole == NOBODY)
            continue;
        if (type_of(d, m) == d->out->entities[names_root(d, whole)].type) {
            names_join(d, whole, m->entity);
            map_put(&a->shorts, f->key, whole);
        }
    }
}

/* ---- every place of a short form ---- */

static void take_everywhere(struct acronyms *a, enum field field)
{
    struct names *d = &a->names;
    const struct form *forms = d->forms[field];
    uint32_t known;

    for (size_t i = 0; i < d->texts[field]->n; i++) {
        if ((forms[i].flags & (FORM_CAPS | FORM_TAKEN | FORM_SHOUTED)) == FORM_CAPS &&
            map_get(&a->shorts, forms[i].key, &known))
            (void)names_add(d, known, field, i, i + 1, SURE);
    }
}

/* Those that were found as something else. */
static void join_same(struct acronyms *a)
{
    struct names *d = &a->names;

    for (size_t i = 0; i < d->n; i++) {
        const struct name *m = &d->list[i];
        const struct form *f = &d->forms[m->field][m->from];
        uint32_t known;

        if (m->to - m->from == 1 && (f->flags & FORM_CAPS) != 0 &&
            (f->flags & FORM_TAKEN) != 0 && map_get(&a->shorts, f->key, &known))
            names_join(d, known, m->entity);
    }
}

static int acronyms_open(const struct config_extractor *c, void **ret_state,
                         struct err *e)
{
    (void)c;
    (void)e;
    *ret_state = mem_new(sizeof(struct acronyms));
    return 0;
}

static void acronyms_close(void *state)
{
    struct acronyms *a = state;

    names_fini(&a->names);
    map_fini(&a->shorts);
    map_fini(&a->initials);
    free(a);
}

static int acronyms_run(void *state, const struct item *it, struct result *out,
                        struct err *e)
{
    struct acronyms *a = state;

    (void)e;
    a->n_pairs = 0;
    map_reset(&a->shorts);
    map_reset(&a->initials);
    names_read(&a->names, it, out);
    for (int i = 0; i < 2; i++)
        find_pairs(a, (enum field)i);
    join_initials(a);
    join_same(a);
    for (int i = 0; i < 2; i++)
        take_everywhere(a, (enum field)i);
    return 0;
}

const struct extractor extractor_acronyms = {
    .name = "acronyms",
    .version = "1",
    .help = "short forms and what they stand for; put it behind entities",
    .open = acronyms_open,
    .run = acronyms_run,
    .close = acronyms_close,
};
