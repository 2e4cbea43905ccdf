/* atlas.h - the places that the names of one item may stand for */
#ifndef NEWSMQ_WORKERS_PLACES_ATLAS_H
#define NEWSMQ_WORKERS_PLACES_ATLAS_H

#include "newsmq/item.h"
#include "newsmq/record.h"

#include "gazetteer.h"

#define READINGS_MAX 24   /* of one name */
#define SPOTS_MAX    4096 /* of one item; names behind them get no place */
#define PROVINCES    64   /* of one item that votes are counted for */
#define BEHIND_MAX   8    /* readings of what stands behind a comma */

/* One place that a name may mean. */
struct reading {
    struct place place;
    bool is_main; /* its usual name */
    double prior; /* how well known, as a power of ten of inhabitants */
    double score; /* the same with what the text adds */
    double share; /* 0–1 of all readings of the name */
};

/* What stands behind a name and says where it is: "Paris, Texas". */
struct behind {
    struct str ids[BEHIND_MAX]; /* countries and provinces */
    size_t n;
    double weight; /* how much it counts, in powers of ten */
    bool is_list;  /* perhaps it is the next of several: "Rome, Texas and Tokyo" */
};

#define BEHIND_CLEAR 4.0 /* the weight of "Paris, Texas" */

/* An entity that may be a place, or the people of one. */
struct spot {
    uint32_t entity;
    uint32_t first, n; /* its readings, one at least */
    bool is_people;    /* votes only */
    bool is_within;    /* a region in its one reading, not that itself */
    bool only_rough;   /* a part of its reading: "northern Nigeria" */
    struct behind behind;
};

struct province_votes {
    struct str id;
    double votes;
    double most; /* what they can add: the less, the larger it is */
};

struct atlas {
    const struct gazetteer *gazetteer;
    const struct item *item;
    struct reading *readings;
    size_t n_readings, cap_readings;
    struct spot *spots;
    size_t n_spots, cap_spots;
    uint32_t *spot_of; /* number of an entity's spot + 1; 0: none */
    size_t cap_spot_of;
    double countries[26 * 26]; /* votes */
    double inside[26 * 26];    /* those of what lies in the country, without its name */
    struct province_votes provinces[PROVINCES];
    size_t n_provinces;
};

/* Takes in the places and peoples among the entities, with all their readings. */
void atlas_read(struct atlas *a, const struct item *it, const struct result *r);

/* Gives every reading its share, from how well known it is, from what stands beside its
   name, and from the other places of the item. */
void atlas_judge(struct atlas *a, struct result *r);

/* The reading that is meant, and how sure that is; NULL when that is open. Rough: it only
   tells the country or the province. */
const struct reading *atlas_choose(const struct atlas *a, const struct spot *s,
                                   double *ret_share, bool *ret_rough);

/* In a country or province by its id; that itself, too. */
bool atlas_lies_in(const struct place *p, struct str id);

static inline bool atlas_is_city(const struct place *p)
{
    return p->kind >= PLACE_CAPITAL && p->kind <= PLACE_PART;
}

void atlas_fini(struct atlas *a);

#endif
