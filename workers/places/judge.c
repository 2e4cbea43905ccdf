/* Which reading of a name is meant. A reading's score is an order of size (how well known
   the place is) plus what the item says: the place behind a comma counts most, then what
   stands directly in front of the name, then the other places of the item, by province
   and by country. What is added grows less and less with the number of witnesses, so that
   Paris in an article about America stays where it is. Shares are exponential in the
   scores; a reading that no list has takes part, as a town of middle size. */
#include <math.h>

#include "newsmq/mem.h"

#include "atlas.h"

#define STEEP   2.2 /* of shares in scores */
#define UNKNOWN 4.3 /* score of the place that is in no list */
#define ROUNDS  3

#define COUNTRY_MOST   1.7 /* what votes for its country can add to a city */
#define COUNTRY_LESS   0.5 /* what its own name can add to a province */
#define PROVINCE_MOST  1.4
#define PROVINCE_LARGE 5e6 /* inhabitants, from which on it tells less */
#define FAR_LESS       1.1 /* behind the best known by more than that, votes count less: */
#define FAR_MOST       2.1 /* or Paris were where its readers live; by so much only: */
#define FAR_SHARE      0.5
#define CAPITAL        1.0 /* "the capital, Victoria", and its country is named */
#define BESIDE         2.0 /* "the Lebanese city of Tripoli" */
#define BESIDE_FAR     40  /* bytes */

#define SURE       0.6 /* share from which a place is told */
#define ROUGH_SURE 0.8 /* the same for country and province of several */
#define LARGE_CITY 5.8 /* its prior */
#define SAME_KM    40  /* one place under two ids */

static size_t country_index(struct str id)
{
    size_t first = (size_t)(id.p[0] - 'A'), second = (size_t)(id.p[1] - 'A');

    return first * 26 + second;
}

/* ---- votes ---- */

static double weight_of(const struct spot *s, const struct reading *r)
{
    double w = s->is_people ? 0.7 : r->place.kind == PLACE_COUNTRY ? 1.2 : 1;

    return w * r->share;
}

static struct province_votes *province_votes(struct atlas *a, struct str id, bool may_add)
{
    struct province_votes *v;
    struct place p;

    for (size_t i = 0; i < a->n_provinces; i++)
        if (str_eq(a->provinces[i].id, id))
            return &a->provinces[i];
    if (!may_add || a->n_provinces == PROVINCES || !gazetteer_place(a->gazetteer, id, &p))
        return NULL;
    v = &a->provinces[a->n_provinces++];
    *v = (struct province_votes){.id = id, .most = PROVINCE_MOST};
    if ((double)p.inhabitants > PROVINCE_LARGE)
        v->most -= 0.9 * log10((double)p.inhabitants / PROVINCE_LARGE);
    return v;
}

static void count_votes(struct atlas *a)
{
    memset(a->countries, 0, sizeof a->countries);
    memset(a->inside, 0, sizeof a->inside);
    a->n_provinces = 0;
    for (size_t i = 0; i < a->n_spots; i++) {
        const struct spot *s = &a->spots[i];

        for (uint32_t k = s->first; k < s->first + s->n; k++) {
            const struct reading *r = &a->readings[k];
            double w = weight_of(s, r);
            struct province_votes *votes;

            if (r->place.kind == PLACE_CONTINENT || w < 0.05)
                continue;
            a->countries[country_index(r->place.country)] += w;
            if (r->place.kind != PLACE_COUNTRY)
                a->inside[country_index(r->place.country)] += w;
            votes = r->place.province.n > 0 ? province_votes(a, r->place.province, true)
                                            : NULL;
            if (votes != NULL)
                votes->votes += w;
        }
    }
}

struct votes {
    double country, inside, province;
    double province_most;
};

static double positive(double v)
{
    return v > 0 ? v : 0;
}

/* What others vote for the reading's country and province. */
static struct votes others_votes(struct atlas *a, const struct spot *s,
                                 const struct reading *r)
{
    size_t country = country_index(r->place.country);
    const struct province_votes *province =
        r->place.province.n > 0 && r->place.kind != PLACE_COUNTRY
            ? province_votes(a, r->place.province, false)
            : NULL;
    struct votes v = {a->countries[country], a->inside[country],
                      province != NULL ? province->votes : 0,
                      province != NULL ? province->most : 0};

    for (uint32_t k = s->first; k < s->first + s->n; k++) {
        const struct reading *own = &a->readings[k];
        double w = weight_of(s, own);

        if (own->place.kind == PLACE_CONTINENT || w < 0.05)
            continue;
        if (str_eq(own->place.country, r->place.country)) {
            v.country -= w;
            v.inside -= own->place.kind != PLACE_COUNTRY ? w : 0;
        }
        if (province != NULL && str_eq(own->place.province, r->place.province))
            v.province -= w;
    }
    return (struct votes){positive(v.country), positive(v.inside), positive(v.province),
                          positive(v.province_most)};
}

/* ---- what stands in front of a name ---- */

static bool is_small_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Between "Lebanese" or "Lebanon" and a name: small words, but no other preposition than
   "of". */
static bool is_attribute(struct str between)
{
    static const struct str no[] = {STR_INIT("in"),   STR_INIT("to"),  STR_INIT("at"),
                                    STR_INIT("for"),  STR_INIT("on"),  STR_INIT("from"),
                                    STR_INIT("and"),  STR_INIT("or"),  STR_INIT("with"),
                                    STR_INIT("near"), STR_INIT("into")};

    if (str_has_prefix(between, STR("'s ")))
        between = str_slice(between, 2, between.n);
    if (str_has_prefix(between, STR("\xE2\x80\x99s ")))
        between = str_slice(between, 4, between.n);
    while (between.p != NULL) {
        struct str word = str_cut(&between, ' ');

        for (size_t i = 0; i < word.n; i++)
            if (!is_small_letter(word.p[i]) && word.p[i] != '-')
                return false;
        for (size_t i = 0; i < ARRAY_LEN(no); i++)
            if (str_eq(word, no[i]))
                return false;
    }
    return true;
}

/* The spot whose name stands in front of the mention as its attribute. */
static const struct spot *attribute_of(const struct atlas *a, struct result *r,
                                       struct span at)
{
    size_t n, seat = result_seat_at(r, at);
    const struct seat *seats = result_seats(r, &n);
    struct str text = at.field == FIELD_TITLE ? a->item->title : a->item->content_text;
    struct span before;
    uint32_t spot;

    if (seat == SIZE_MAX || seat == 0)
        return NULL;
    before = seats[seat - 1].span;
    spot = a->spot_of[seats[seat - 1].entity];
    if (spot == 0 || before.field != at.field || before.end > at.start ||
        at.start - before.end > BESIDE_FAR ||
        !is_attribute(str_slice(text, before.end, at.start)))
        return NULL;
    return &a->spots[spot - 1];
}

/* "the capital, Victoria", "the capital Victoria". */
static bool is_called_capital(const struct atlas *a, struct span at)
{
    struct str text = at.field == FIELD_TITLE ? a->item->title : a->item->content_text;
    struct str before = str_slice(text, at.start > 16 ? at.start - 16 : 0, at.start);

    return str_has_suffix(before, STR(" capital, ")) ||
           str_has_suffix(before, STR(" capital ")) ||
           str_has_suffix(before, STR(" capital city "));
}

static void add_capital(struct atlas *a, const struct spot *s, const struct entity *en)
{
    bool is_called = false;

    for (size_t i = 0; i < en->n_mentions && i < 8; i++)
        is_called |= is_called_capital(a, en->mentions[i].span);
    for (uint32_t k = s->first; is_called && k < s->first + s->n; k++)
        if (a->readings[k].place.kind == PLACE_CAPITAL && a->readings[k].is_main)
            a->readings[k].prior += CAPITAL;
}

static void add_attributes(struct atlas *a, struct result *r, const struct spot *s)
{
    const struct entity *en = &r->entities[s->entity];

    if (s->n > 1)
        add_capital(a, s, en);
    for (size_t i = 0; i < en->n_mentions && i < 8; i++) {
        const struct spot *by = attribute_of(a, r, en->mentions[i].span);
        const struct reading *of = by != NULL ? &a->readings[by->first] : NULL;

        if (of == NULL || of->place.kind == PLACE_CONTINENT || by->entity == s->entity)
            continue;
        for (uint32_t k = s->first; k < s->first + s->n; k++)
            if (str_eq(a->readings[k].place.country, of->place.country))
                a->readings[k].prior += BESIDE;
        return;
    }
}

/* ---- shares ---- */

static bool is_behind(const struct spot *s, const struct place *p)
{
    for (size_t i = 0; i < s->behind.n; i++)
        if (atlas_lies_in(p, s->behind.ids[i]) && !str_eq(p->id, s->behind.ids[i]))
            return true;
    return false;
}

/* Grows with the number of witnesses, but never above most. */
static double worth(double votes, double most)
{
    return most * (1 - exp(-votes));
}

static double worth_of_votes(const struct votes *v, const struct place *p)
{
    double all;

    if (p->kind == PLACE_COUNTRY)
        return worth(v->country, COUNTRY_LESS);
    if (p->kind == PLACE_PROVINCE)
        all =
            worth(v->inside, COUNTRY_MOST) + worth(v->country - v->inside, COUNTRY_LESS);
    else
        all = worth(v->country, COUNTRY_MOST);
    if (p->kind == PLACE_CAPITAL)
        all += worth(v->country - v->inside, CAPITAL);
    return all + worth(v->province, v->province_most);
}

static double share_of_votes(double behind)
{
    if (behind < FAR_LESS)
        return 1;
    if (behind > FAR_MOST)
        return FAR_SHARE;
    return 1 - (1 - FAR_SHARE) * (behind - FAR_LESS) / (FAR_MOST - FAR_LESS);
}

static void score(struct atlas *a, const struct spot *s, double best, struct reading *r)
{
    struct votes v;

    r->score = r->prior;
    if (r->place.kind == PLACE_CONTINENT)
        return;
    v = others_votes(a, s, r);
    r->score += worth_of_votes(&v, &r->place) * share_of_votes(best - r->prior);
    if (is_behind(s, &r->place))
        r->score += s->behind.weight;
}

static void share(struct atlas *a, const struct spot *s, bool with_text)
{
    double sum = s->is_people || s->is_within ? 0 : exp(STEEP * UNKNOWN);
    double best = 0;

    for (uint32_t k = s->first; k < s->first + s->n; k++)
        best = fmax(best, a->readings[k].prior);
    for (uint32_t k = s->first; k < s->first + s->n; k++) {
        struct reading *r = &a->readings[k];

        if (with_text)
            score(a, s, best, r);
        else
            r->score = r->prior + (is_behind(s, &r->place) ? s->behind.weight : 0);
        sum += exp(STEEP * r->score);
    }
    for (uint32_t k = s->first; k < s->first + s->n; k++)
        a->readings[k].share = exp(STEEP * a->readings[k].score) / sum;
}

void atlas_judge(struct atlas *a, struct result *r)
{
    for (size_t i = 0; i < a->n_spots; i++)
        if (!a->spots[i].is_people)
            add_attributes(a, r, &a->spots[i]);
    for (size_t i = 0; i < a->n_spots; i++)
        share(a, &a->spots[i], false);
    for (int round = 0; round < ROUNDS; round++) {
        count_votes(a);
        for (size_t i = 0; i < a->n_spots; i++)
            share(a, &a->spots[i], true);
    }
}

/* ---- the choice ---- */

static double km_between(const struct place *a, const struct place *b)
{
    double to_rad = 3.14159265358979 / 180;
    double dlat = sin((b->lat - a->lat) * to_rad / 2);
    double dlon = sin((b->lon - a->lon) * to_rad / 2);
    double h = dlat * dlat + cos(a->lat * to_rad) * cos(b->lat * to_rad) * dlon * dlon;

    return 12742 * asin(sqrt(h < 1 ? h : 1));
}

/* A city, its province of the same name, and its country of the same name. */
static bool is_same(const struct place *a, const struct place *b)
{
    if (a->kind == PLACE_CONTINENT || b->kind == PLACE_CONTINENT ||
        !str_eq(a->country, b->country))
        return false;
    return a->kind == PLACE_COUNTRY || b->kind == PLACE_COUNTRY ||
           (str_eq(a->province, b->province) &&
            (a->kind == PLACE_PROVINCE || b->kind == PLACE_PROVINCE)) ||
           km_between(a, b) < SAME_KM;
}

/* Of province and city of one name the city is meant when many live there. */
static const struct reading *finer(const struct atlas *a, const struct spot *s,
                                   const struct reading *best)
{
    for (uint32_t k = s->first; k < s->first + s->n; k++) {
        const struct reading *r = &a->readings[k];

        if (best->place.kind == PLACE_PROVINCE && atlas_is_city(&r->place) &&
            r->is_main && is_same(&r->place, &best->place) &&
            r->place.inhabitants > best->place.inhabitants / 5)
            return r;
    }
    return best;
}

/* Most of the shares are for one country, or one province of it. */
static const struct reading *rough(const struct atlas *a, const struct spot *s,
                                   const struct reading *best, double *ret_share)
{
    *ret_share = 0;
    for (uint32_t k = s->first; k < s->first + s->n; k++)
        if (str_eq(a->readings[k].place.country, best->place.country))
            *ret_share += a->readings[k].share;
    return *ret_share >= ROUGH_SURE ? best : NULL;
}

/* What stands behind the name tells that no list has the place: "Moscow, Maine". Behind
   what is large it is the next of several: "Cairo, Jordan". */
static bool is_elsewhere(const struct spot *s, const struct reading *best)
{
    static const struct str states[] = {STR_INIT("US."), STR_INIT("CA."),
                                        STR_INIT("AU.")};

    if (s->behind.weight < BEHIND_CLEAR || s->behind.is_list)
        return false;
    if (atlas_is_city(&best->place) && best->prior < LARGE_CITY)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (str_has_prefix(s->behind.ids[0], states[i]))
            return atlas_is_city(&best->place);
    return false;
}

const struct reading *atlas_choose(const struct atlas *a, const struct spot *s,
                                   double *ret_share, bool *ret_rough)
{
    const struct reading *best = a->readings + s->first;

    for (uint32_t k = s->first; k < s->first + s->n; k++)
        if (a->readings[k].share > best->share)
            best = &a->readings[k];
    best = finer(a, s, best);
    *ret_share = 0;
    for (uint32_t k = s->first; k < s->first + s->n; k++)
        if (is_same(&a->readings[k].place, &best->place) || &a->readings[k] == best)
            *ret_share += a->readings[k].share;
    *ret_rough = s->is_within || s->only_rough;
    if (!is_behind(s, &best->place) && is_elsewhere(s, best))
        return NULL;
    if (*ret_share >= SURE)
        return best;
    *ret_rough = true;
    return rough(a, s, best, ret_share);
}
