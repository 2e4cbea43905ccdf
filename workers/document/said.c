/* Beside a quotation stands a verb of saying, and its subject: a name ("said Ann Lee",
   "Ann Lee said"), a pronoun, or a role ("the minister said"). A name that somebody has
   ("Lee's lawyer") or that follows a small word ("of Bonn", "with Ann Lee") is not the
   subject. A pronoun means the person in focus: the subject of the sentences before. */
#include <stdlib.h>

#include "said.h"

#define FIELD      FIELD_CONTENT_TEXT
#define BEHIND_MAX 24 /* tokens behind a quotation in which its verb stands */
#define BEFORE_MAX 40
#define NEAR       6  /* tokens from a quotation to a verb that is beside it */
#define LATELY     8  /* names that are looked at for a man or a woman */
#define ROLES_BACK 40 /* names that are looked at for whose role it is */

/* ---- tokens ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Most tokens begin with another letter: their keys need not be compared. */
static bool is_key(const struct speaking *s, size_t token, const char *word)
{
    struct str text = token_text(s->names.texts[FIELD], token);

    if (text.n > 0 && is_letter(*text.p) && (*text.p | 0x20) != *word)
        return false;
    return said_form(s, token)->key == names_word(word);
}

static bool is_among(const struct speaking *s, size_t token, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (is_key(s, token, words[i]))
            return true;
    return false;
}

static bool is_mark(const struct speaking *s, size_t token, char c)
{
    return names_is_mark(&s->names, FIELD, token, c);
}

static bool is_possessive(const struct speaking *s, size_t token)
{
    struct str text = token_text(s->names.texts[FIELD], token);

    return str_eq(text, STR("'s")) || str_eq(text, STR("’s")) || str_eq(text, STR("'")) ||
           str_eq(text, STR("’"));
}

static bool is_preposition(const struct speaking *s, size_t token)
{
    static const char *const words[] = {
        "of",     "in",      "at",    "with",    "by",   "for",   "from",      "to",
        "on",     "like",    "after", "against", "than", "about", "near",      "under",
        "behind", "between", "into",  "as",      "over", "via",   "alongside", NULL};

    return is_among(s, token, words);
}

/* ---- names ---- */

static int entity_of(const struct name *m)
{
    return (int)m->entity;
}

static enum entity_type type_of(const struct speaking *s, const struct name *m)
{
    return s->names.out->entities[m->entity].type;
}

static bool is_owner(const struct speaking *s, const struct name *m)
{
    return m->to < s->names.texts[FIELD]->n && is_possessive(s, m->to);
}

/* Titles and roles may stand between: "with Mr. Lee", "of Governor Lee". */
static bool follows_preposition(const struct speaking *s, const struct name *m,
                                size_t from)
{
    size_t i = m->from;

    while (i > from && (said_term(s, i - 1) & (TERM_TITLE | TERM_ROLE)) != 0)
        i--;
    return i > from && is_preposition(s, i - 1);
}

static bool is_verb(const struct speaking *s, size_t token)
{
    return (said_term(s, token) & TERM_SAY) != 0 &&
           (said_form(s, token)->flags & FORM_TAKEN) == 0;
}

static bool begins_verb(const struct speaking *s, size_t token)
{
    static const char *const words[] = {"has", "had", "have", "also", "later", NULL};

    return token < s->names.texts[FIELD]->n &&
           (is_verb(s, token) || is_among(s, token, words));
}

/* "was told": not by its subject. */
static bool is_passive(const struct speaking *s, size_t verb)
{
    static const char *const words[] = {"was", "were", "been", "being",
                                        "is",  "are",  NULL};

    return verb > 0 && is_among(s, verb - 1, words);
}

enum { RANK_NOT, RANK_PLACE, RANK_BODY, RANK_PERSON };

static int rank_of(const struct speaking *s, const struct name *m, size_t from)
{
    if (is_owner(s, m) || follows_preposition(s, m, from))
        return RANK_NOT;
    switch (type_of(s, m)) {
    case ENTITY_PER:
        return RANK_PERSON;
    case ENTITY_ORG:
        return RANK_BODY;
    case ENTITY_LOC:
        /* "Egypt has said", no dateline */
        return m->from == from && begins_verb(s, m->to) ? RANK_PLACE : RANK_NOT;
    default:
        return RANK_NOT;
    }
}

/* The first name of the highest rank. */
static const struct name *first_subject(const struct speaking *s, size_t from, size_t to)
{
    const struct names *d = &s->names;
    const struct name *best = NULL;
    int best_rank = RANK_NOT;

    for (size_t i = names_at(d, FIELD, from);
         i < d->n && d->list[i].field == FIELD && d->list[i].to <= to; i++) {
        const struct name *m = &d->list[i];
        int rank = m->from >= from ? rank_of(s, m, from) : RANK_NOT;

        if (rank > best_rank) {
            best_rank = rank;
            best = m;
        }
    }
    return best;
}

static size_t count_persons(const struct speaking *s, size_t from, size_t to)
{
    const struct names *d = &s->names;
    size_t n = 0;
    int last = -1;

    for (size_t i = names_at(d, FIELD, from);
         i < d->n && d->list[i].field == FIELD && d->list[i].to <= to; i++) {
        if (type_of(s, &d->list[i]) != ENTITY_PER || entity_of(&d->list[i]) == last)
            continue;
        last = entity_of(&d->list[i]);
        n++;
    }
    return n;
}

/* ---- focus ---- */

void speaking_set(struct speaking *s, int entity)
{
    size_t at = 0;
    struct focus f = {entity, 0};

    if (entity < 0 || s->names.out->entities[entity].type != ENTITY_PER)
        return;
    while (at < s->n_focus && s->focus[at].entity != entity)
        at++;
    if (at == s->n_focus) {
        if (s->n_focus < FOCUS_MAX)
            s->n_focus++;
        at = s->n_focus - 1;
    }
    f.terms = s->genders[entity];
    memmove(&s->focus[1], &s->focus[0], at * sizeof *s->focus);
    s->focus[0] = f;
}

/* A man or a woman, as is known, who was named lately without being in focus. */
static int named_lately(const struct speaking *s, uint64_t pronoun)
{
    const struct names *d = &s->names;
    size_t i = names_at(d, FIELD, s->at);

    for (int looked = 0; i > 0 && looked < LATELY; looked++) {
        const struct name *m = &d->list[--i];

        if (m->field == FIELD && type_of(s, m) == ENTITY_PER &&
            s->genders[m->entity] == pronoun)
            return entity_of(m);
    }
    return -1;
}

/* Whom "he" or "she" means; that it means them tells what they are. Not certain is one of
   whom nothing is known, when there is another of whom it is. */
static int meant(struct speaking *s, uint64_t pronoun)
{
    for (size_t i = 0; i < s->n_focus; i++) {
        int entity = s->focus[i].entity;

        if (s->genders[entity] != 0 && s->genders[entity] != pronoun)
            continue;
        for (size_t k = i + 1; s->genders[entity] == 0 && k < s->n_focus; k++)
            if (s->genders[s->focus[k].entity] == pronoun)
                return -1;
        s->genders[entity] = pronoun;
        return entity;
    }
    return named_lately(s, pronoun);
}

static uint64_t pronoun_at(const struct speaking *s, size_t token)
{
    uint64_t terms = said_term(s, token) & (TERM_HE | TERM_SHE);

    return terms;
}

static bool is_subject_pronoun(const struct speaking *s, size_t token)
{
    return is_key(s, token, "he") || is_key(s, token, "she");
}

static void tell_sentence(struct speaking *s, size_t from, size_t to)
{
    const struct name *m;

    while (from < to && (said_form(s, from)->flags & FORM_WORD) == 0)
        from++;
    if (from == to)
        return;
    m = first_subject(s, from, to);
    for (size_t i = from; i < to && (m == NULL || i < m->from); i++) {
        if (!is_subject_pronoun(s, i))
            continue;
        speaking_set(s, meant(s, pronoun_at(s, i)));
        return; /* the person stays the same, whoever else is named */
    }
    if (m != NULL && type_of(s, m) == ENTITY_PER)
        speaking_set(s, entity_of(m));
}

static bool ends_sentence(const struct speaking *s, size_t token)
{
    return is_mark(s, token, '.') || is_mark(s, token, '!') || is_mark(s, token, '?');
}

void speaking_tell(struct speaking *s, size_t from, size_t to)
{
    size_t start = from;

    s->at = to;
    for (size_t i = from; i < to; i++) {
        if (!ends_sentence(s, i))
            continue;
        tell_sentence(s, start, i);
        start = i + 1;
    }
    tell_sentence(s, start, to);
}

int speaking_subject(struct speaking *s, size_t from, size_t to)
{
    const struct name *m;

    while (from < to && (said_form(s, from)->flags & FORM_WORD) == 0)
        from++;
    if (from == to)
        return -1;
    if (is_subject_pronoun(s, from))
        return meant(s, pronoun_at(s, from));
    m = first_subject(s, from, to);
    return m != NULL && type_of(s, m) == ENTITY_PER && count_persons(s, from, to) == 1
               ? entity_of(m)
               : -1;
}

/* ---- roles ---- */

static bool has_word_before(const struct speaking *s, size_t from, size_t to,
                            uint64_t key)
{
    for (size_t i = to; i > from; i--) {
        const struct form *f = said_form(s, i - 1);

        if ((f->flags & (FORM_WORD | FORM_TAKEN)) != FORM_WORD)
            return false;
        if (f->key == key)
            return true;
    }
    return false;
}

static bool has_word_behind(const struct speaking *s, size_t from, size_t to,
                            uint64_t key)
{
    for (size_t i = from; i < to; i++) {
        if (ends_sentence(s, i))
            return false;
        if (said_form(s, i)->key == key)
            return true;
    }
    return false;
}

/* The person beside whose name the role stood last: "Judge Fung", "Fung, a judge". */
static int named_by_role(const struct speaking *s, uint64_t role, size_t before)
{
    const struct names *d = &s->names;
    size_t i = names_at(d, FIELD, before);

    for (int looked = 0; i > 0 && looked < ROLES_BACK; looked++) {
        const struct name *m = &d->list[--i];
        size_t from = m->from > 4 ? m->from - 4 : 0, to = m->to + 6;

        if (m->field != FIELD || type_of(s, m) != ENTITY_PER || m->to > before)
            continue;
        if (to > before)
            to = before;
        if (has_word_before(s, from, m->from, role) ||
            has_word_behind(s, m->to, to, role))
            return entity_of(m);
    }
    return -1;
}

/* "the minister": whose role that was, else who is in focus. "the 74-year-old": who is in
   focus. */
static int meant_by_role(struct speaking *s, size_t the, size_t to)
{
    bool is_role = false;

    if (!is_key(s, the, "the") || the + 1 >= to)
        return -1;
    for (size_t i = the + 1; i < to && i < the + 5; i++) {
        struct str text = token_text(s->names.texts[FIELD], i);
        int named;

        is_role |= str_has_suffix(text, STR("-old"));
        if ((said_term(s, i) & TERM_ROLE) == 0)
            continue;
        named = named_by_role(s, said_form(s, i)->key, the);
        if (named >= 0)
            return named;
        is_role = true;
    }
    return is_role && s->n_focus > 0 ? s->focus[0].entity : -1;
}

/* ---- behind ---- */

/* "… ,” said Ann Lee": up to the end of what tells who it is. */
static int subject_after(struct speaking *s, size_t verb, size_t to)
{
    size_t from = verb + 1, end = from, commas = 0;
    const struct name *m;

    if (from >= to)
        return -1;
    if (is_subject_pronoun(s, from))
        return meant(s, pronoun_at(s, from));
    while (end < to && end < from + BEHIND_MAX && !ends_sentence(s, end) &&
           !(is_mark(s, end, ',') && ++commas > 2))
        end++;
    m = first_subject(s, from, end);
    if (m != NULL && (type_of(s, m) == ENTITY_PER || m->from <= from + 2))
        return is_key(s, from, "a") || is_key(s, from, "an")
                   ? (type_of(s, m) == ENTITY_PER && !is_mark(s, m->from - 1, ',') &&
                              m->from > from + 6
                          ? -1
                          : entity_of(m))
                   : entity_of(m);
    return meant_by_role(s, from, end);
}

/* "later said": a small word that is nothing else. */
static bool is_adverb(const struct speaking *s, size_t token)
{
    return said_form(s, token)->flags == FORM_WORD && !is_subject_pronoun(s, token);
}

/* "…,” Ann Lee said": the tokens between. */
static int subject_between(struct speaking *s, size_t from, size_t verb)
{
    const struct name *m;

    if (from == verb)
        return -1;
    if (is_subject_pronoun(s, from))
        return meant(s, pronoun_at(s, from));
    if ((said_term(s, from) & (TERM_HE | TERM_SHE | TERM_THEY)) != 0 &&
        count_persons(s, from, verb) == 0)
        return -1; /* "her lawyer" */
    m = first_subject(s, from, verb);
    if (m != NULL)
        return entity_of(m);
    return meant_by_role(s, from, verb);
}

/* Whose the verb is: of the name behind it, when it stands right behind the quotation or
   a comma, else of the one before it. */
static int subject_of(struct speaking *s, size_t from, size_t verb, size_t to)
{
    int speaker;

    if (verb == from)
        return subject_after(s, verb, to);
    speaker = subject_between(s, from, verb);
    if (speaker < 0 &&
        (is_mark(s, verb - 1, ',') || (verb == from + 1 && is_adverb(s, from))))
        speaker = subject_after(s, verb, to);
    return speaker;
}

bool speaking_behind(struct speaking *s, size_t from, size_t to, struct said *ret)
{
    size_t commas = 0;

    while (from < to && is_mark(s, from, ','))
        from++;
    for (size_t i = from; i < to && i < from + BEHIND_MAX; i++) {
        if (is_verb(s, i) && !is_passive(s, i)) {
            ret->speaker = subject_of(s, from, i, to);
            ret->cue = i;
            if (ret->speaker >= 0 || i <= from + NEAR)
                return true; /* "her lawyer said": somebody else's, whosoever */
        }
        if (ends_sentence(s, i) || (is_mark(s, i, ',') && ++commas > 2))
            break;
    }
    return false;
}

/* ---- before ---- */

/* The subject of a verb, in the tokens [from, verb) before it. */
static int subject_before(struct speaking *s, size_t from, size_t verb)
{
    const struct names *d = &s->names;
    const struct name *best = NULL;
    int best_rank = RANK_NOT;

    /* "he later told": right before the verb. */
    for (size_t i = verb; i > from && i + 3 > verb; i--) {
        if ((said_form(s, i - 1)->flags & FORM_TAKEN) != 0 || is_mark(s, i - 1, ','))
            break;
        if (is_subject_pronoun(s, i - 1))
            return meant(s, pronoun_at(s, i - 1));
    }
    if (verb > from && is_mark(s, verb - 1, ',')) {
        /* "Ann Lee, who runs it, said" */
        const struct name *m = first_subject(s, from, verb);

        return m != NULL ? entity_of(m) : -1;
    }
    for (size_t i = names_at(d, FIELD, from);
         i < d->n && d->list[i].field == FIELD && d->list[i].to <= verb; i++) {
        int rank = d->list[i].from >= from ? rank_of(s, &d->list[i], from) : RANK_NOT;

        if (rank >= best_rank && rank != RANK_NOT) {
            best_rank = rank;
            best = &d->list[i];
        }
    }
    if (best != NULL)
        return entity_of(best);
    for (size_t i = verb; i > from && i + 6 > verb; i--)
        if (is_key(s, i - 1, "the"))
            return meant_by_role(s, i - 1, verb);
    return -1;
}

/* "which, said Ann Lee, “…”" */
static int subject_aside(struct speaking *s, size_t from, size_t verb, size_t to)
{
    const struct name *m;

    if (verb == from || !is_mark(s, verb - 1, ',') || !is_mark(s, to - 1, ','))
        return -1;
    m = first_subject(s, verb + 1, to);
    return m != NULL ? entity_of(m) : -1;
}

/* Words after which there is no subject of their own: "…, adding that". */
static bool goes_on(const struct speaking *s, size_t token)
{
    struct str text = token_text(s->names.texts[FIELD], token);

    return str_has_suffix(text, STR("ing"));
}

bool speaking_before(struct speaking *s, size_t from, size_t to, int last,
                     struct said *ret)
{
    size_t verb = to;

    while (verb > from && to - verb < BEFORE_MAX &&
           (!is_verb(s, verb - 1) || is_passive(s, verb - 1)))
        verb--;
    if (verb == from || !is_verb(s, verb - 1)) {
        if (to == from || !is_mark(s, to - 1, ':'))
            return false;
        ret->speaker = speaking_subject(s, from, to - 1);
        return ret->speaker >= 0;
    }
    verb--;
    ret->cue = verb;
    ret->speaker = subject_aside(s, from, verb, to);
    if (ret->speaker < 0)
        ret->speaker = subject_before(s, from, verb);
    if (ret->speaker < 0 && goes_on(s, verb))
        ret->speaker = last;
    return true;
}

/* ---- */

static uint64_t gender_of_given(const struct speaking *s, const struct name *m)
{
    uint64_t terms = terms_of(s->terms, s->names.forms[m->field][m->from].key) &
                     (TERM_MAN | TERM_WOMAN);

    return terms == TERM_MAN ? TERM_HE : terms == TERM_WOMAN ? TERM_SHE : 0;
}

static void learn_genders(struct speaking *s)
{
    for (size_t i = 0; i < s->names.n; i++) {
        const struct name *m = &s->names.list[i];
        uint64_t terms;

        if (type_of(s, m) != ENTITY_PER)
            continue;
        if (s->genders[m->entity] == 0 && m->to - m->from > 1)
            s->genders[m->entity] = gender_of_given(s, m);
        if (m->from == 0)
            continue;
        terms = terms_of(s->terms, s->names.forms[m->field][m->from - 1].key) &
                (TERM_MALE | TERM_FEMALE);
        if (terms == TERM_MALE)
            s->genders[m->entity] = TERM_HE;
        else if (terms == TERM_FEMALE)
            s->genders[m->entity] = TERM_SHE;
    }
}

void speaking_start(struct speaking *s, const struct item *it, struct result *out)
{
    names_read(&s->names, it, out);
    s->n_focus = s->at = 0;
    s->genders =
        mem_grow(s->genders, &s->genders_cap, out->n_entities + 1, sizeof *s->genders);
    for (size_t i = 0; i < out->n_entities; i++)
        s->genders[i] = 0;
    learn_genders(s);
}

void speaking_fini(struct speaking *s)
{
    names_fini(&s->names);
    free(s->genders);
}
