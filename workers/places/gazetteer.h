/* gazetteer.h - the places of the world by their names; data/README.md has the files */
#ifndef NEWSMQ_WORKERS_PLACES_GAZETTEER_H
#define NEWSMQ_WORKERS_PLACES_GAZETTEER_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#define GAZETTEER_KEY_MAX 96 /* bytes of a folded name; longer ones are no places */

enum place_kind {
    PLACE_COUNTRY,
    PLACE_PROVINCE,
    PLACE_CAPITAL,
    PLACE_SEAT, /* of a province */
    PLACE_CITY,
    PLACE_PART, /* of a city */
    PLACE_CONTINENT,
};

/* A line of places.tsv; all of it lives as long as the gazetteer. */
struct place {
    struct str id;
    enum place_kind kind;
    struct str country;  /* ISO 3166-1; empty: none */
    struct str province; /* the id of that place; empty: none */
    uint64_t inhabitants;
    double lat, lon;
    struct str geonames; /* empty: not known, as the two below */
    struct str iso2;     /* of a province, "US-TX" */
    struct str wikidata;
};

struct gazetteer;

/* Maps the files and checks that they are whole. Errors say which file and what is wrong
   with it. */
int gazetteer_open(struct gazetteer **ret, struct err *e);
void gazetteer_close(struct gazetteer *g);
const char *gazetteer_sha256(const struct gazetteer *g); /* "sha256:…" of the files */

/* A name as keys are written: small letters without accents, words with one space
   between, no "the" in front. key is filled behind its first `from` bytes; 0 when nothing
   is left or it is too long, else the length of all. */
size_t gazetteer_fold(struct str name, char key[GAZETTEER_KEY_MAX], size_t from);

/* What stands behind a key: ids with a blank between; absent when it is not there. */
struct str gazetteer_find(const struct gazetteer *g, struct str key);
bool gazetteer_place(const struct gazetteer *g, struct str id, struct place *ret);

#endif
