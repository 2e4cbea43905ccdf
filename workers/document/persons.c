/* Persons. A name of two words or more is a person in full; names in full are the same
   when one has the first and last word of the other, or all its words in order, or its
   initial. A single word is the person last named of whose full name it is the last word,
   else the first, else another. A title or a word of kin in front tells of a man or a
   woman: "Mrs. Naidoo" is not Raj Naidoo, and of two Naidoos it is the woman. */
#include "who.h"

#define LOOK_MAX 64 /* persons of one surname that are compared */

struct full {
    uint64_t key[WORDS_MAX];
    uint64_t initial[WORDS_MAX]; /* first letter, small; 0: not known */
    bool is_initial[WORDS_MAX];
    size_t n;
    uint64_t junior; /* "Jr.", "Sr."; 0: nothing */
};

/* ---- words of a name ---- */

static uint64_t first_letter(const struct names *d, enum field field, size_t token)
{
    char key[8];
    size_t n = names_fold(token_text(d->texts[field], token), key, sizeof key);

    return n > 0 ? (uint64_t)(unsigned char)key[0] : 0;
}

/* Its words without marks, "Jr." and nicknames in quotation marks. */
static void read_full(const struct who *w, const struct name *m, struct full *f)
{
    const struct names *d = &w->names;

    f->n = 0;
    f->junior = 0;
    for (size_t i = m->from; i < m->to && f->n < WORDS_MAX; i++) {
        const struct form *form = &d->forms[m->field][i];

        if ((form->flags & FORM_WORD) == 0)
            continue;
        if (f->n > 1 && (who_term(w, m->field, i) & TERM_JUNIOR) != 0) {
            f->junior = form->key;
            continue;
        }
        f->key[f->n] = form->key;
        f->initial[f->n] = first_letter(d, m->field, i);
        f->is_initial[f->n] = (form->flags & FORM_LONE) != 0;
        f->n++;
    }
}

static bool same_word(const struct full *a, size_t i, const struct full *b, size_t k)
{
    if (a->key[i] == b->key[k])
        return true;
    return (a->is_initial[i] || b->is_initial[k]) && a->initial[i] == b->initial[k];
}

/* All words of a, in order, among those of b. */
static bool is_part(const struct full *a, const struct full *b)
{
    size_t i = 0;

    for (size_t k = 0; k < b->n && i < a->n; k++)
        i += same_word(a, i, b, k);
    return i == a->n;
}

static bool is_same_person(const struct full *a, const struct full *b)
{
    if (a->n < 2 || b->n < 2)
        return false;
    if (a->junior != b->junior && a->junior != 0 && b->junior != 0)
        return false; /* father and son */
    if (a->key[a->n - 1] == b->key[b->n - 1] && same_word(a, 0, b, 0))
        return true;
    return a->n <= b->n ? is_part(a, b) : is_part(b, a);
}

/* ---- men and women ---- */

static enum gender gender_of(uint64_t terms)
{
    if ((terms & (TERM_MALE | TERM_FEMALE)) == TERM_MALE)
        return GENDER_MALE;
    return (terms & (TERM_MALE | TERM_FEMALE)) == TERM_FEMALE ? GENDER_FEMALE
                                                              : GENDER_UNKNOWN;
}

static bool same_sentence(const struct names *d, enum field field, size_t a, size_t b)
{
    return d->texts[field]->list[a].sentence == d->texts[field]->list[b].sentence;
}

/* "Mrs. X", "his wife X", "his wife, X", "her husband, Dr. X". */
static enum gender gender_before(const struct who *w, const struct name *m, bool *ret_kin)
{
    const struct names *d = &w->names;
    size_t i = m->from;
    enum gender gender = GENDER_UNKNOWN;
    uint64_t terms;

    *ret_kin = false;
    if (i > 0 && same_sentence(d, m->field, i - 1, m->from) &&
        (who_term(w, m->field, i - 1) & (TERM_TITLE | TERM_KIN)) == TERM_TITLE)
        gender = gender_of(who_term(w, m->field, --i));
    if (i > 0 && names_is_mark(d, m->field, i - 1, ','))
        i--;
    if (i == 0 || !same_sentence(d, m->field, i - 1, m->from))
        return gender;
    terms = who_term(w, m->field, i - 1);
    *ret_kin = (terms & TERM_KIN) != 0;
    if (gender == GENDER_UNKNOWN && (i == m->from || (*ret_kin && m->to - m->from > 1)))
        gender = gender_of(terms);
    return gender;
}

/* What the given name says, where no title does. */
static enum gender gender_of_given(const struct who *w, const struct name *m)
{
    uint64_t terms = who_term(w, m->field, m->from) & (TERM_MAN | TERM_WOMAN);

    return terms == TERM_MAN     ? GENDER_MALE
           : terms == TERM_WOMAN ? GENDER_FEMALE
                                 : GENDER_UNKNOWN;
}

/* "By X": who wrote it, and is not spoken of. */
static bool is_author(const struct who *w, const struct name *m)
{
    const struct tokens *t = w->names.texts[m->field];

    return m->from > 0 && (who_term(w, m->field, m->from - 1) & TERM_BYLINE) != 0 &&
           (t->list[m->from - 1].flags & TOKEN_LINE) != 0;
}

/* "the X family". */
static bool is_family(const struct who *w, const struct name *m)
{
    return m->to < w->names.texts[m->field]->n &&
           (who_term(w, m->field, m->to) & TERM_FAMILY) != 0;
}

/* The key of one of the parts that a hyphen divides; 0 when there is none. */
static uint64_t part_key(const struct names *d, enum field field, size_t token, bool last)
{
    struct str s = token_text(d->texts[field], token);
    char key[64];
    size_t at = str_find_char(s, '-', 0);

    if (at == SIZE_MAX || at < 3 || s.n - at < 4)
        return 0;
    s = last ? str_slice(s, at + 1, s.n) : str_slice(s, 0, at);
    s = (struct str){key, names_fold(s, key, sizeof key - 1)};
    key[s.n] = '\0';
    return names_word(key);
}

/* ---- in full ---- */

static bool is_older(const struct who *w, size_t a, size_t b)
{
    return w->things[a].last < w->things[b].last;
}

/* The person of the same name that was mentioned last. */
static size_t known_person(struct who *w, const struct full *f, enum gender gender)
{
    size_t best = NOBODY;

    for (size_t end = 0; end < 2; end++) {
        const struct link *l = links_get(&w->persons, f->key[end == 0 ? f->n - 1 : 0]);

        for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
            size_t person = who_is(w, l->what);
            struct full other;

            read_full(w, &w->names.list[l->what], &other);
            if ((gender == GENDER_UNKNOWN || w->things[person].gender == GENDER_UNKNOWN ||
                 w->things[person].is_guess || w->things[person].gender == gender) &&
                is_same_person(f, &other) &&
                (best == NOBODY || is_older(w, best, person)))
                best = person;
            l = links_next(&w->persons, l);
        }
    }
    return best;
}

static void mention(struct who *w, size_t i)
{
    struct thing *t = &w->things[who_is(w, i)];
    const struct name *m = &w->names.list[i];

    t->last = (uint32_t)i + 1;
    if (t->longest == NOBODY ||
        m->to - m->from > w->names.list[t->longest].to - w->names.list[t->longest].from)
        t->longest = (uint32_t)i;
}

/* By each of its words, by its last ones, and by half of a double surname. */
static void remember(struct who *w, size_t i, const struct full *f)
{
    const struct name *m = &w->names.list[i];

    for (size_t k = 0; k < f->n; k++)
        if (!f->is_initial[k])
            links_put(&w->persons, f->key[k], (uint32_t)i);
    for (size_t from = m->from + 1; from + 1 < m->to; from++)
        links_put(&w->persons, names_key(&w->names, m->field, from, m->to), (uint32_t)i);
    for (int last = 0; last < 2; last++) {
        uint64_t key = part_key(&w->names, m->field, m->to - 1, last == 1);

        if (key != 0)
            links_put(&w->persons, key, (uint32_t)i);
    }
}

static void learn_gender(struct who *w, size_t person, enum gender gender,
                         const struct name *m)
{
    struct thing *t = &w->things[person];

    if (gender != GENDER_UNKNOWN && (t->gender == GENDER_UNKNOWN || t->is_guess)) {
        t->gender = gender;
        t->is_guess = false;
    } else if (t->gender == GENDER_UNKNOWN && m->to - m->from > 1) {
        t->gender = gender_of_given(w, m);
        t->is_guess = true;
    }
}

static void take_full(struct who *w, size_t i, const struct full *f)
{
    const struct name *m = &w->names.list[i];
    size_t own = who_is(w, i), other;
    bool is_new = w->things[own].last == 0, is_kin;
    enum gender gender = gender_before(w, m, &is_kin);

    learn_gender(w, own, gender, m);
    if (is_new) {
        w->things[own].is_beside |= is_kin || is_author(w, m);
        other = known_person(w, f, gender);
        if (other != NOBODY)
            who_unite(w, own, other);
        remember(w, i, f);
    }
    mention(w, i);
}

/* ---- one word ---- */

/* How well a name stands for a full one: 0 not, 3 best. */
static int fit(const struct who *w, const struct name *m, const struct name *whole)
{
    size_t n = m->to - m->from;
    struct full f;

    read_full(w, whole, &f);
    if (n < whole->to - whole->from &&
        names_key(&w->names, whole->field, whole->to - n, whole->to) == m->key)
        return 3;
    if (f.n < 2)
        return 0;
    if (f.key[f.n - 1] == m->key)
        return 3;
    if (f.key[0] == m->key)
        return 2;
    for (size_t k = 1; k + 1 < f.n; k++)
        if (f.key[k] == m->key)
            return 1;
    if (part_key(&w->names, whole->field, whole->to - 1, false) == m->key ||
        part_key(&w->names, whole->field, whole->to - 1, true) == m->key)
        return 1;
    return 0;
}

struct choice {
    size_t person;
    int fit;
    bool had_other; /* there is one, but of the other gender */
};

/* Who was named before is meant rather than who will be, and of those the last; in a
   title, who is named first. */
static void choose(struct who *w, const struct name *m, enum gender gender,
                   struct choice *c)
{
    const struct link *l = links_get(&w->persons, m->key);

    for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
        size_t person = who_is(w, l->what);
        const struct thing *t = &w->things[person];
        int fits = fit(w, m, &w->names.list[l->what]);
        bool before = t->last > 0 && m->field != FIELD_TITLE;

        l = links_next(&w->persons, l);
        if (fits == 0)
            continue;
        if (gender != GENDER_UNKNOWN && t->gender != GENDER_UNKNOWN &&
            t->gender != gender) {
            c->had_other = true;
            continue;
        }
        if (fits == 3 && t->is_beside)
            fits = 2;
        if (gender != GENDER_UNKNOWN && t->gender == gender)
            fits += t->is_guess ? 1 : 8;
        fits += before ? 4 : 0;
        if (fits > c->fit ||
            (fits == c->fit && (!before || is_older(w, c->person, person)))) {
            c->fit = fits;
            c->person = person;
        }
    }
}

/* A woman of a name that only a man has so far is a person by herself. */
static void take_other(struct who *w, size_t i, enum gender gender)
{
    const struct name *m = &w->names.list[i];
    uint64_t key = names_follow(m->key, (uint64_t)gender + 1);
    uint32_t known;

    if (!map_get(&w->by_key, key, &known)) {
        known = (uint32_t)names_new_entity(&w->names, ENTITY_PER, (struct str){NULL, 0});
        w->things = mem_grow(w->things, &w->things_cap, known + 1U, sizeof *w->things);
        w->things[known] = (struct thing){.gender = gender, .longest = NOBODY};
        map_put(&w->by_key, key, known);
    }
    w->is[i] = known;
}

static void take_single(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    struct choice c = {.person = NOBODY};
    bool is_kin;
    enum gender gender = gender_before(w, m, &is_kin);

    if (!is_family(w, m))
        choose(w, m, gender, &c);
    if (c.person != NOBODY) {
        w->is[i] = (uint32_t)c.person;
        learn_gender(w, c.person, gender, m);
    } else if (c.had_other) {
        take_other(w, i, gender);
    }
    mention(w, i);
}

/* Whether the word is the last one of the name, or another one and no place's: "Huamani"
   of "Rosa Huamani Ccori", but not of "Huamani Foods". */
static bool is_word_of(struct who *w, uint64_t word, const struct name *full,
                       bool is_place)
{
    const struct form *forms = w->names.forms[full->field];
    uint32_t body;

    return forms[full->to - 1].key == word ||
           (!is_place &&
            (forms[full->from].key == word || !map_get(&w->heads, word, &body)));
}

/* "Bola Danso" of "Bola Ahmed Danso": some words of somebody's name with its last one. */
static bool is_shorter(struct who *w, const struct name *m)
{
    const struct link *l;
    struct full f, other;

    read_full(w, m, &f);
    l = f.n > 1 ? links_get(&w->persons, f.key[f.n - 1]) : NULL;
    for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
        read_full(w, &w->names.list[l->what], &other);
        if (f.n < other.n && f.key[f.n - 1] == other.key[other.n - 1] &&
            is_part(&f, &other))
            return true;
        l = links_next(&w->persons, l);
    }
    return false;
}

/* What is not surely something else, and a word or the shorter form of somebody's name.
 */
static bool is_part_of_person(struct who *w, const struct name *m,
                              const struct entity *en)
{
    const struct link *l;

    if (en->score >= SURE || str_eq(en->subtype, STR("NORP")))
        return false;
    if (m->to - m->from != 1)
        return is_shorter(w, m);
    l = links_get(&w->persons, m->key);
    for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
        if (is_word_of(w, m->key, &w->names.list[l->what], en->type == ENTITY_LOC))
            return true;
        l = links_next(&w->persons, l);
    }
    return false;
}

static bool is_person(struct who *w, size_t i)
{
    struct entity *en = who_entity(w, i);

    if (en->type != ENTITY_PER && is_part_of_person(w, &w->names.list[i], en)) {
        en->type = ENTITY_PER;
        en->subtype = (struct str){NULL, 0};
    }
    return en->type == ENTITY_PER;
}

/* Small words in front of a surname belong to it: "van den Brink" is one word. */
static bool is_full(const struct who *w, const struct name *m, const struct full *f)
{
    size_t capital = 0;

    for (size_t i = m->from; i < m->to; i++)
        capital += (w->names.forms[m->field][i].flags & FORM_CAP) != 0 &&
                   (w->names.forms[m->field][i].flags & FORM_WORD) != 0;
    return f->n >= 2 && capital >= 2;
}

/* Whoever is called by the given name is not meant by the surname. */
static void note_given(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    const struct link *l = links_get(&w->persons, m->key);
    size_t person = NOBODY;

    for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
        int fits = fit(w, m, &w->names.list[l->what]);

        if (fits == 3 || (person != NOBODY && person != who_is(w, l->what)))
            return;
        if (fits == 2)
            person = who_is(w, l->what);
        l = links_next(&w->persons, l);
    }
    if (person != NOBODY)
        w->things[person].is_beside = true;
}

/* "Abi Nassif" of Souad Abi Nassif and of Elias Abi Nassif: the last words of names. And
   the first ones of bodies' names. */
static void note_ends(struct who *w)
{
    map_reset(&w->tails);
    map_reset(&w->heads);
    for (size_t i = 0; i < w->names.n; i++) {
        const struct name *m = &w->names.list[i];

        if (m->to - m->from > 1 && who_entity(w, i)->type == ENTITY_ORG)
            map_put(&w->heads, w->names.forms[m->field][m->from].key, (uint32_t)i);
        if (m->to - m->from > WORDS_MAX || who_entity(w, i)->type != ENTITY_PER)
            continue;
        for (size_t from = m->from + 1; from + 1 < m->to; from++)
            map_put(&w->tails, names_key(&w->names, m->field, from, m->to), (uint32_t)i);
    }
}

/* Not the surname of somebody else: one in full. */
static bool is_whole(struct who *w, size_t i, struct full *f)
{
    const struct name *m = &w->names.list[i];
    uint32_t longer;

    read_full(w, m, f);
    return is_full(w, m, f) && !map_get(&w->tails, m->key, &longer);
}

void who_persons(struct who *w)
{
    struct full f;

    links_reset(&w->persons);
    note_ends(w);
    for (size_t i = 0; i < w->names.n; i++) {
        if (is_person(w, i) && is_whole(w, i, &f))
            take_full(w, i, &f);
    }
    for (size_t i = 0; i < w->names.n; i++) {
        w->things[who_is(w, i)].last = 0;
        if (is_person(w, i) && w->names.list[i].to - w->names.list[i].from == 1)
            note_given(w, i);
    }
    for (size_t i = 0; i < w->names.n; i++) {
        if (!is_person(w, i))
            continue;
        if (is_whole(w, i, &f))
            mention(w, i);
        else
            take_single(w, i);
    }
}
