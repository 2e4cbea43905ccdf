/* What the text calls a thing tells its type: "Dukkan, a shop in Sharjah", "the firm
   Dukkan", "the Dukkan tribe", "a firm called Dukkan", "its shop, Dukkan,", "the village
   of Dukkan". It is said in one place, and holds wherever the name stands. */
#include "who.h"

#define NOUN_MAX 9 /* words of "a small but old shop" */

/* Names are what they are called when the model was less sure than that. The words right
   in front may be another's, and persons are seldom taken for something else. */
#define DOUBT_BEFORE 0.96F
#define DOUBT_BEHIND 0.995F
#define DOUBT_MUCH   0.7F

enum how { HOW_BEFORE, HOW_BEHIND };

/* A name, and what stands around it. */
struct calling {
    struct who *w;
    const struct name *m;
    const struct tokens *t;
    const struct form *forms;
};

static const struct {
    uint64_t terms;
    enum entity_type type;
    struct str subtype;
} kinds[THING_KINDS] = {{TERM_ROLE | TERM_KIN | TERM_PERSON, ENTITY_PER, {NULL, 0}},
                        {TERM_BODY, ENTITY_ORG, {NULL, 0}},
                        {TERM_TOWN, ENTITY_LOC, STR_INIT("GPE")},
                        {TERM_LAND, ENTITY_LOC, STR_INIT("LOC")},
                        {TERM_SITE, ENTITY_LOC, STR_INIT("FAC")},
                        {TERM_MADE, ENTITY_MISC, STR_INIT("PROD")},
                        {TERM_WORK, ENTITY_MISC, STR_INIT("WORK")},
                        {TERM_FOLK, ENTITY_MISC, STR_INIT("NORP")},
                        {TERM_BEAST, ENTITY_MISC, {NULL, 0}},
                        {TERM_EVENT, ENTITY_EVENT, {NULL, 0}}};

#define KIND_BODY 1 /* of these */

#define PLACE_TERMS (TERM_TOWN | TERM_LAND | TERM_SITE)
#define KIND_TERMS                                                              \
    (PLACE_TERMS | TERM_ROLE | TERM_KIN | TERM_PERSON | TERM_BODY | TERM_MADE | \
     TERM_WORK | TERM_FOLK | TERM_BEAST | TERM_EVENT)

/* ---- words around ---- */

static uint64_t term_at(const struct calling *c, size_t i)
{
    return who_term(c->w, c->m->field, i);
}

static bool is_beside(const struct calling *c, size_t i)
{
    return i < c->t->n && c->t->list[i].sentence == c->t->list[c->m->from].sentence;
}

static bool is_mark(const struct calling *c, size_t i, char mark)
{
    return names_is_mark(&c->w->names, c->m->field, i, mark);
}

/* A noun in small letters, or "NGO", that tells what something is; 0: none. */
static uint64_t noun_at(const struct calling *c, size_t i)
{
    return (c->forms[i].flags & (FORM_WORD | FORM_CAP)) == FORM_WORD ||
                   (c->forms[i].flags & FORM_CAPS) != 0
               ? term_at(c, i) & KIND_TERMS
               : 0;
}

/* Neither noun nor what stands in front of one. */
static bool ends_noun(const struct calling *c, size_t i)
{
    if ((c->forms[i].flags & FORM_WORD) == 0)
        return !is_mark(c, i, '"') && !is_mark(c, i, '-');
    return (term_at(c, i) & TERM_ENDS) != 0;
}

static bool is_word(const struct calling *c, size_t i, const char *word)
{
    return c->forms[i].key == names_word(word);
}

/* ---- what it is called ---- */

/* "the firm Dukkan", "a firm called Dukkan", "the village of Dukkan" */
static uint64_t noun_before(const struct calling *c)
{
    size_t i = c->m->from;
    uint64_t noun;

    if (i < 2 || !is_beside(c, i - 2))
        return 0;
    noun = noun_at(c, i - 1);
    if (noun != 0)
        return noun & ~PLACE_TERMS; /* "the district", and who came from there */
    if (is_word(c, i - 1, "of"))
        return noun_at(c, i - 2) & PLACE_TERMS;
    return (term_at(c, i - 1) & TERM_NAMED) != 0 ? noun_at(c, i - 2) : 0;
}

/* "Dukkan, a small shop in Sharjah": the last word before what ends it. But "X of
   Sharjah, a shop". */
static uint64_t noun_behind(const struct calling *c)
{
    size_t from = c->m->from, to = c->m->to;

    if (!is_beside(c, to + 2) || !is_mark(c, to, ',') ||
        (term_at(c, to + 1) & TERM_ARTICLE) == 0)
        return 0;
    if (from > 0 && is_beside(c, from - 1) &&
        (is_word(c, from - 1, "of") || is_word(c, from - 1, "in")))
        return 0;
    for (size_t i = to + 2; i < c->t->n && i < to + NOUN_MAX; i++)
        if (!is_beside(c, i) || ends_noun(c, i))
            return noun_at(c, i - 1);
    return 0;
}

/* "Its shop, Dukkan, closed", but "In the village, Li Wei, 40, left". */
static uint64_t noun_apposed(const struct calling *c)
{
    size_t from = c->m->from, i;

    if (from < 3 || !is_beside(c, from - 3) || !is_mark(c, from - 1, ',') ||
        c->m->to >= c->t->n || (c->forms[c->m->to].flags & FORM_WORD) != 0)
        return 0;
    for (i = from - 2; (term_at(c, i) & TERM_ARTICLE) == 0; i--)
        if (i == 0 || i + NOUN_MAX <= from || ends_noun(c, i) || !is_beside(c, i - 1))
            return 0;
    if (i > 0 && is_beside(c, i - 1) && (term_at(c, i - 1) & TERM_ENDS) != 0)
        return 0;
    return noun_at(c, from - 2);
}

/* "the Dukkan language" */
static uint64_t noun_right_behind(const struct calling *c)
{
    size_t to = c->m->to;

    return is_beside(c, to) && (term_at(c, to) & TERM_AFTER) != 0 ? noun_at(c, to) : 0;
}

static uint64_t noun_of(const struct calling *c, enum how *ret_how)
{
    uint64_t noun = noun_before(c);

    *ret_how = noun != 0 ? HOW_BEFORE : HOW_BEHIND;
    if (noun == 0)
        noun = noun_right_behind(c);
    if (noun == 0)
        noun = noun_behind(c);
    return noun != 0 ? noun : noun_apposed(c);
}

static bool is_company(const struct calling *c, size_t i)
{
    uint64_t terms = term_at(c, i);

    return (terms & TERM_COMPANY) != 0 && (c->forms[i].flags & FORM_CAP) != 0 &&
           (c->forms[i].flags & FORM_LOUD) == 0 &&
           ((terms & TERM_INC) != 0 ||
            (c->forms[i].flags & (FORM_CAPS | FORM_DOTTED)) != 0);
}

/* Where "A.Ş." and its like begin; m->from: nowhere. */
static size_t company_end(const struct calling *c)
{
    size_t i = c->m->to;

    if (is_mark(c, i - 1, '.'))
        i--;
    while (i > c->m->from && is_company(c, i - 1))
        i--;
    return i < c->m->to && !is_mark(c, i, '.') ? i : c->m->from;
}

/* ---- and what it is then ---- */

/* A noun of several kinds agrees with what the name is; a "maker" of nothing that is a
   person is a body. */
static size_t kind_of(uint64_t noun, enum entity_type type)
{
    size_t kind = THING_KINDS;

    for (size_t k = 0; k < THING_KINDS; k++) {
        if ((noun & kinds[k].terms) == 0)
            continue;
        if (kinds[k].type == type)
            return k;
        if (kind == THING_KINDS || kinds[kind].type == ENTITY_PER)
            kind = k;
    }
    return kind;
}

static bool is_doubtful(struct who *w, size_t i, enum entity_type to, enum how how)
{
    const struct entity *en = who_entity(w, i);
    float doubt = how == HOW_BEFORE ? DOUBT_BEFORE : DOUBT_BEHIND;

    if (to == ENTITY_PER)
        doubt = DOUBT_MUCH;
    return en->score < doubt && !str_eq(en->subtype, STR("NORP")) &&
           terms_known(w->terms, w->names.list[i].key) == NULL;
}

static void retype(struct who *w, size_t i, size_t kind)
{
    struct entity *en = who_entity(w, i);

    en->type = kinds[kind].type;
    en->subtype = kinds[kind].subtype;
}

static struct calling calling_of(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];

    return (struct calling){w, m, w->names.texts[m->field], w->names.forms[m->field]};
}

static void listen(struct who *w, size_t i)
{
    struct calling c = calling_of(w, i);
    struct thing *t = &w->things[who_is(w, i)];
    enum how how;
    uint64_t noun = noun_of(&c, &how);
    size_t kind;

    if (company_end(&c) > c.m->from) {
        noun = TERM_BODY;
        how = HOW_BEHIND;
    }
    if (noun == 0)
        return;
    kind = kind_of(noun, who_entity(w, i)->type);
    if (kinds[kind].type != who_entity(w, i)->type &&
        !is_doubtful(w, i, kinds[kind].type, how))
        return;
    if (t->called[kind] < UINT8_MAX)
        t->called[kind]++;
}

/* The kind that it is called most when all are of one type; THING_KINDS: none. */
static size_t only_kind(const struct thing *t)
{
    size_t kind = THING_KINDS;

    for (size_t k = 0; k < THING_KINDS; k++) {
        if (t->called[k] == 0)
            continue;
        if (kind < THING_KINDS && kinds[kind].type != kinds[k].type)
            return THING_KINDS;
        if (kind == THING_KINDS || t->called[k] > t->called[kind])
            kind = k;
    }
    return kind;
}

/* ---- companies ---- */

enum firm { FIRM_NOT, FIRM_BEGINS, FIRM_WHOLE };

/* "Dukkan Denizcilik A.Ş." is "Dukkan Denizcilik", too, and "Dukkan" where nobody has
   that name. */
static void note_companies(struct who *w, struct map *firms)
{
    for (size_t i = 0; i < w->names.n; i++) {
        const struct name *m = &w->names.list[i];
        struct calling c = calling_of(w, i);
        size_t end = company_end(&c);

        if (end == m->from)
            continue;
        if (end > m->from + 1)
            map_put(firms, c.forms[m->from].key, FIRM_BEGINS);
        map_put(firms, names_key(&w->names, m->field, m->from, end), FIRM_WHOLE);
    }
}

static void leave_out_persons(struct who *w, struct map *firms)
{
    for (size_t i = 0; i < w->names.n; i++) {
        const struct name *m = &w->names.list[i];
        struct calling c = calling_of(w, i);
        uint32_t firm = FIRM_NOT;

        if (who_entity(w, i)->type != ENTITY_PER || m->to - m->from == 1 ||
            company_end(&c) > m->from ||
            (map_get(firms, m->key, &firm) && firm == FIRM_WHOLE))
            continue;
        for (size_t k = m->from; k < m->to; k++)
            map_put(firms, w->names.forms[m->field][k].key, FIRM_NOT);
    }
}

static void find_companies(struct who *w)
{
    struct map firms = {0};

    note_companies(w, &firms);
    if (firms.n > 0)
        leave_out_persons(w, &firms);
    for (size_t i = 0; firms.n > 0 && i < w->names.n; i++) {
        const struct entity *en = who_entity(w, i);
        uint32_t firm = FIRM_NOT;

        if (map_get(&firms, w->names.list[i].key, &firm) && firm != FIRM_NOT &&
            (firm == FIRM_WHOLE || en->type != ENTITY_LOC) &&
            is_doubtful(w, i, ENTITY_ORG, HOW_BEHIND))
            retype(w, i, KIND_BODY);
    }
    map_fini(&firms);
}

bool who_is_called(const struct who *w, size_t entity)
{
    size_t kind = only_kind(&w->things[entity]);

    return kind < THING_KINDS && kinds[kind].type == w->names.out->entities[entity].type;
}

void who_called(struct who *w)
{
    find_companies(w);
    for (size_t i = 0; i < w->names.n; i++)
        listen(w, i);
    for (size_t i = 0; i < w->names.n; i++) {
        const struct entity *en = who_entity(w, i);
        size_t kind = only_kind(&w->things[who_is(w, i)]);

        if (kind < THING_KINDS && kinds[kind].type != en->type)
            retype(w, i, kind);
    }
}
