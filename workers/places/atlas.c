/* Which places the names of an item may mean, and what stands beside them. */
#include <math.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "atlas.h"

#define LARGE      300000 /* inhabitants of a city that is named alone */
#define BEHIND_FAR 48     /* bytes that are looked at behind a name */

#define FAINT 1.5 /* "Rome, New York": perhaps a list */

bool atlas_lies_in(const struct place *p, struct str id)
{
    return str_eq(p->country, id) || str_eq(p->province, id) || str_eq(p->id, id);
}

static bool is_capital_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || ((unsigned char)c & 0x80) != 0;
}

/* ---- readings of a name ---- */

/* An order of size by which readings can be compared: a country is talked about more than
   a province with as many people. */
static double prior_of(const struct place *p, bool is_main)
{
    double size = log10((double)p->inhabitants + 1000);

    switch (p->kind) {
    case PLACE_CONTINENT:
        return 9;
    case PLACE_COUNTRY:
        size = 7.8 + 0.3 * (size - 6);
        break;
    case PLACE_PROVINCE:
        size += is_main ? 0.3 : 0.1;
        break;
    case PLACE_SEAT:
        size += 0.2;
        break;
    case PLACE_PART:
        size -= 0.7;
        break;
    default:
        break;
    }
    if (is_main)
        return size;
    return size - (p->kind == PLACE_COUNTRY ? 2 : 1);
}

/* That of a large country is more often in the news. */
static double rank_of_capital(const struct atlas *a, const struct place *p)
{
    struct place country;
    double size;

    if (!gazetteer_place(a->gazetteer, p->country, &country))
        return 0;
    size = log10((double)country.inhabitants + 1) - 7;
    return 0.4 + (size > 0 ? 0.6 * size : 0);
}

static bool is_code(struct str country)
{
    return country.n == 2 && country.p[0] >= 'A' && country.p[0] <= 'Z' &&
           country.p[1] >= 'A' && country.p[1] <= 'Z';
}

static void add_reading(struct atlas *a, struct spot *s, struct str ref)
{
    struct reading r = {.is_main = true};

    if (ref.n > 1 && ref.p[ref.n - 1] == '~') {
        r.is_main = false;
        ref.n--;
    }
    if (s->n == READINGS_MAX || !gazetteer_place(a->gazetteer, ref, &r.place))
        return;
    if (r.place.kind != PLACE_CONTINENT && !is_code(r.place.country))
        return;
    r.prior = prior_of(&r.place, r.is_main);
    if (r.place.kind == PLACE_CAPITAL)
        r.prior += rank_of_capital(a, &r.place);
    a->readings =
        mem_grow(a->readings, &a->cap_readings, a->n_readings + 1, sizeof *a->readings);
    a->readings[a->n_readings++] = r;
    s->n++;
}

/* Of a capital and a province with one name news mean the capital: Washington. */
static void prefer_capital(struct atlas *a, const struct spot *s)
{
    const struct place *capital = NULL;

    for (uint32_t i = s->first; i < s->first + s->n; i++)
        if (a->readings[i].place.kind == PLACE_CAPITAL && a->readings[i].is_main)
            capital = &a->readings[i].place;
    for (uint32_t i = s->first; capital != NULL && i < s->first + s->n; i++)
        if (a->readings[i].place.kind == PLACE_PROVINCE &&
            str_eq(a->readings[i].place.country, capital->country))
            a->readings[i].prior -= 2;
}

/* True when the key is known, be it as a region without a place. */
static bool read_refs(struct atlas *a, struct spot *s, struct str key)
{
    struct str refs = gazetteer_find(a->gazetteer, key);

    if (refs.p == NULL)
        return false;
    if (str_has_prefix(refs, STR("in:"))) {
        refs = str_slice(refs, 3, refs.n);
        s->is_within = true;
        add_reading(a, s, str_cut(&refs, ' '));
        return true;
    }
    if (str_has_prefix(refs, STR("-")))
        return true;
    while (refs.p != NULL)
        add_reading(a, s, str_cut(&refs, ' '));
    prefer_capital(a, s);
    return true;
}

static bool read_name(struct atlas *a, struct spot *s, struct str name)
{
    char key[GAZETTEER_KEY_MAX];
    size_t n = gazetteer_fold(name, key, 0);

    return n > 0 && read_refs(a, s, (struct str){key, n});
}

/* "northern Nigeria", "Kano state", "city of Kano": English. */
enum part { PART_NONE, PART_ROUGH, PART_PROVINCE, PART_CITY };

static const struct affix {
    struct str text;
    enum part part;
    bool is_behind;
} affixes[] = {
    {STR_INIT("northern "), PART_ROUGH, false},
    {STR_INIT("southern "), PART_ROUGH, false},
    {STR_INIT("eastern "), PART_ROUGH, false},
    {STR_INIT("western "), PART_ROUGH, false},
    {STR_INIT("central "), PART_ROUGH, false},
    {STR_INIT("north "), PART_ROUGH, false},
    {STR_INIT("south "), PART_ROUGH, false},
    {STR_INIT("east "), PART_ROUGH, false},
    {STR_INIT("west "), PART_ROUGH, false},
    {STR_INIT("northeastern "), PART_ROUGH, false},
    {STR_INIT("northwestern "), PART_ROUGH, false},
    {STR_INIT("southeastern "), PART_ROUGH, false},
    {STR_INIT("southwestern "), PART_ROUGH, false},
    {STR_INIT("greater "), PART_CITY, false},
    {STR_INIT("downtown "), PART_CITY, false},
    {STR_INIT("city of "), PART_CITY, false},
    {STR_INIT("town of "), PART_CITY, false},
    {STR_INIT("state of "), PART_PROVINCE, false},
    {STR_INIT("province of "), PART_PROVINCE, false},
    {STR_INIT("republic of "), PART_NONE, false},
    {STR_INIT("kingdom of "), PART_NONE, false},
    {STR_INIT(" city"), PART_CITY, true},
    {STR_INIT(" state"), PART_PROVINCE, true},
    {STR_INIT(" province"), PART_PROVINCE, true},
    {STR_INIT(" region"), PART_PROVINCE, true},
    {STR_INIT(" oblast"), PART_PROVINCE, true},
    {STR_INIT(" prefecture"), PART_PROVINCE, true},
    {STR_INIT(" governorate"), PART_PROVINCE, true},
    {STR_INIT(" republic"), PART_NONE, true},
};

static bool fits_part(const struct place *p, enum part part)
{
    switch (part) {
    case PART_ROUGH:
        return p->kind == PLACE_COUNTRY || p->kind == PLACE_PROVINCE;
    case PART_PROVINCE:
        return p->kind == PLACE_PROVINCE;
    case PART_CITY:
        return atlas_is_city(p);
    default:
        return true;
    }
}

static void keep_part(struct atlas *a, struct spot *s, enum part part)
{
    uint32_t kept = 0;

    for (uint32_t i = s->first; i < s->first + s->n; i++)
        if (fits_part(&a->readings[i].place, part))
            a->readings[s->first + kept++] = a->readings[i];
    s->n = kept;
    a->n_readings = s->first + kept;
    s->only_rough = part == PART_ROUGH;
}

static bool read_part(struct atlas *a, struct spot *s, struct str name)
{
    char bytes[GAZETTEER_KEY_MAX];
    struct str key = {bytes, gazetteer_fold(name, bytes, 0)};

    for (size_t i = 0; key.n > 0 && i < ARRAY_LEN(affixes); i++) {
        struct str x = affixes[i].text;

        if (affixes[i].is_behind ? !str_has_suffix(key, x) : !str_has_prefix(key, x))
            continue;
        if (!read_refs(a, s,
                       affixes[i].is_behind ? str_head(key, key.n - x.n)
                                            : str_slice(key, x.n, key.n)))
            return false;
        keep_part(a, s, affixes[i].part);
        return true;
    }
    return false;
}

/* A state by its abbreviation, where that is all there is: "Calif." */
static bool read_short(struct atlas *a, struct spot *s, struct str name)
{
    char key[GAZETTEER_KEY_MAX] = ",";
    size_t n = name.n > 2 ? gazetteer_fold(name, key, 1) : 0;

    return n > 1 && read_refs(a, s, (struct str){key, n});
}

/* ---- what stands behind a name ---- */

/* Countries and provinces of that name; how much that says. */
static double name_behind(const struct atlas *a, struct str key, struct behind *out)
{
    struct str refs = gazetteer_find(a->gazetteer, key);
    double weight = BEHIND_CLEAR;

    out->n = 0;
    if (refs.p == NULL || refs.n == 0 || refs.p[0] == '-' ||
        str_has_prefix(refs, STR("in:")))
        return 0;
    while (refs.p != NULL && out->n < BEHIND_MAX) {
        struct str ref = str_cut(&refs, ' ');
        struct place p;

        if (str_has_suffix(ref, STR("~")) || !gazetteer_place(a->gazetteer, ref, &p))
            continue;
        if (p.kind == PLACE_COUNTRY || p.kind == PLACE_PROVINCE)
            out->ids[out->n++] = p.id;
        else if (p.inhabitants > LARGE)
            weight = FAINT;
    }
    return out->n > 0 ? weight : 0;
}

/* Up to three words from s that may be a name; answers how many. */
static size_t words_at(struct str s, size_t ends[3])
{
    size_t n = 0, i = 0;

    while (n < 3 && i < s.n && is_capital_letter(s.p[i])) {
        while (i < s.n && s.p[i] != ' ' && s.p[i] != '\n' && s.p[i] != ',' &&
               s.p[i] != ';' && s.p[i] != ')' && s.p[i] != '(' && s.p[i] != ':')
            i++;
        ends[n++] = i;
        if (i >= s.n || s.p[i] != ' ')
            break;
        i++;
    }
    return n;
}

static bool is_in_capitals(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            return false;
    return true;
}

/* "Rome, New York and Tokyo" is a list, and so may be "Rome, New York, Tokyo". */
static bool goes_on_as_list(struct str rest)
{
    if (str_has_prefix(rest, STR(", ")) && rest.n > 2 && is_capital_letter(rest.p[2]))
        return true;
    return str_has_prefix(rest, STR(" and ")) || str_has_prefix(rest, STR(", and ")) ||
           str_has_prefix(rest, STR(" or ")) || str_has_prefix(rest, STR(" & "));
}

/* The longest name of a country or province that s begins with. */
static bool read_behind(const struct atlas *a, struct str s, bool in_brackets,
                        struct behind *out)
{
    char key[GAZETTEER_KEY_MAX] = ",";
    size_t ends[3], n = words_at(s, ends);

    while (n-- > 0) {
        struct str words = str_head(s, ends[n]);
        size_t len = gazetteer_fold(words, key, 1);

        if (len < 2 || (in_brackets && (ends[n] == s.n || s.p[ends[n]] != ')')))
            continue;
        out->weight = name_behind(a, (struct str){key, len}, out);
        if (out->weight <= 0 && (len > 4 || is_in_capitals(words)))
            out->weight = name_behind(a, (struct str){key + 1, len - 1}, out);
        if (out->weight <= 0)
            continue;
        out->is_list = goes_on_as_list(str_slice(s, ends[n], s.n));
        if (out->is_list && out->weight < BEHIND_CLEAR)
            out->weight = FAINT / 2;
        return true;
    }
    return false;
}

static void look_behind(const struct atlas *a, struct span at, struct spot *s)
{
    struct str text = at.field == FIELD_TITLE ? a->item->title : a->item->content_text;
    struct behind found = {.n = 0};
    double most = BEHIND_CLEAR;
    bool in_brackets = false;
    struct str rest;

    if (at.end >= text.n)
        return;
    rest = str_head(str_slice(text, at.end, text.n), BEHIND_FAR);
    if (str_has_prefix(rest, STR(", ")) || str_has_prefix(rest, STR(" ("))) {
        in_brackets = rest.p[1] == '(';
        rest = str_slice(rest, 2, rest.n);
    } else if (str_has_prefix(rest, STR(" in "))) {
        rest = str_slice(rest, 4, rest.n);
        most = 2;
    } else {
        return;
    }
    if (!read_behind(a, rest, in_brackets, &found))
        return;
    if (found.weight > most)
        found.weight = most;
    if (found.weight > s->behind.weight)
        s->behind = found;
}

/* ---- entities ---- */

/* "Paris, Texas" as one name. */
static bool read_with_comma(struct atlas *a, struct spot *s, struct str name)
{
    size_t comma = str_find(name, STR(", "), 0);

    if (comma == SIZE_MAX || comma == 0 ||
        !read_behind(a, str_slice(name, comma + 2, name.n), false, &s->behind))
        return false;
    return read_name(a, s, str_head(name, comma));
}

static bool read_place(struct atlas *a, struct spot *s, const struct entity *en)
{
    if (str_eq(en->subtype, STR("FAC")))
        return false; /* a hall called after a city is in no list */
    if (en->name.n < 8 && str_has_suffix(en->name, STR(".")) &&
        read_short(a, s, en->name))
        return true;
    if (read_name(a, s, en->name) || read_with_comma(a, s, en->name))
        return true;
    for (size_t i = 0; i < en->n_aliases && i < 4; i++)
        if (read_name(a, s, en->aliases[i]))
            return true;
    return read_part(a, s, en->name) || read_short(a, s, en->name);
}

/* "Lebanese" of NORP, and the first word of "Lebanese Army". */
static bool read_people(struct atlas *a, struct spot *s, struct str name, bool whole)
{
    char key[GAZETTEER_KEY_MAX] = "=";
    size_t n = gazetteer_fold(name, key, 1);
    struct str k = {key, n}, rest = k;

    if (n < 3)
        return false;
    s->is_people = true;
    if (read_refs(a, s, k))
        return s->n > 0;
    if (whole)
        return false;
    k = str_cut(&rest, ' ');
    return rest.p != NULL && read_refs(a, s, k) && s->n > 0;
}

/* A name that is in no list, but what stands behind it is: it is there. Counties lie in
   states: "Clarke County, Georgia". */
static void stay_behind(struct atlas *a, struct spot *s, struct str name)
{
    size_t n = 0;

    for (size_t i = 0; i < s->behind.n && str_has_suffix(name, STR(" County")); i++)
        if (s->behind.ids[i].n > 2)
            s->behind.ids[n++] = s->behind.ids[i];
    s->behind.n = n > 0 ? n : s->behind.n;
    if (s->behind.n != 1 || s->behind.weight < BEHIND_CLEAR ||
        (s->behind.is_list && s->behind.ids[0].n == 2))
        return; /* "Nowhere, France and Spain" */
    s->is_within = true;
    add_reading(a, s, s->behind.ids[0]);
    s->behind.n = 0;
    s->behind.weight = 0;
}

/* A name that was found as a region or a river, and not as a body politic. */
static void prefer_regions(struct atlas *a, const struct spot *s)
{
    for (uint32_t i = s->first; i < s->first + s->n; i++)
        if (atlas_is_city(&a->readings[i].place) &&
            a->readings[i].place.kind != PLACE_PART)
            a->readings[i].prior -= 1;
}

static bool read_entity(struct atlas *a, struct spot *s, const struct entity *en)
{
    switch (en->type) {
    case ENTITY_LOC:
        if (read_place(a, s, en) && s->n == 0)
            return false; /* a sea */
        if (str_eq(en->subtype, STR("LOC")))
            prefer_regions(a, s);
        for (size_t i = 0; i < en->n_mentions && i < 8; i++)
            look_behind(a, en->mentions[i].span, s);
        if (s->n == 0)
            stay_behind(a, s, en->name);
        return s->n > 0;
    case ENTITY_MISC:
        return read_people(a, s, en->name, true);
    case ENTITY_ORG:
        return read_people(a, s, en->name, false);
    default:
        return false;
    }
}

void atlas_read(struct atlas *a, const struct item *it, const struct result *r)
{
    a->item = it;
    a->n_spots = a->n_readings = 0;
    a->spot_of = mem_grow(a->spot_of, &a->cap_spot_of, r->n_entities, sizeof *a->spot_of);
    for (size_t i = 0; i < r->n_entities; i++) {
        struct spot s = {.entity = (uint32_t)i, .first = (uint32_t)a->n_readings};

        a->spot_of[i] = 0;
        if (a->n_spots == SPOTS_MAX || !read_entity(a, &s, &r->entities[i])) {
            a->n_readings = s.first;
            continue;
        }
        a->spots = mem_grow(a->spots, &a->cap_spots, a->n_spots + 1, sizeof *a->spots);
        a->spots[a->n_spots++] = s;
        a->spot_of[i] = (uint32_t)a->n_spots;
    }
}

void atlas_fini(struct atlas *a)
{
    free(a->readings);
    free(a->spots);
    free(a->spot_of);
    *a = (struct atlas){.gazetteer = a->gazetteer};
}
