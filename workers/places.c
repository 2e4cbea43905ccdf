/* Where the places of an item are: GeoNames id, country, province, coordinates. It adds
   to entities of type LOC that others found; put it behind them. places/atlas.c says what
   a name can mean, places/judge.c which of it is meant. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"

#include "places/atlas.h"

#define LARGE_READINGS 4096 /* of one item; their memory is given back */

struct places {
    struct gazetteer *gazetteer;
    struct atlas atlas;
};

static void places_close(void *state)
{
    struct places *x = state;

    if (x == NULL)
        return;
    atlas_fini(&x->atlas);
    gazetteer_close(x->gazetteer);
    free(x);
}

static int places_open(const struct config_extractor *c, void **ret_state, struct err *e)
{
    struct places *x = mem_new(sizeof *x);
    int rc = gazetteer_open(&x->gazetteer, e);

    (void)c;
    if (rc < 0) {
        places_close(x);
        return rc;
    }
    x->atlas.gazetteer = x->gazetteer;
    *ret_state = x;
    return 0;
}

static struct str uri_of(struct result *out, struct str geonames)
{
    char text[64] = "https://sws.geonames.org/";
    size_t n = strlen(text);

    if (geonames.n == 0 || geonames.n > 12)
        return (struct str){NULL, 0};
    memcpy(text + n, geonames.p, geonames.n);
    text[n + geonames.n] = '/';
    return arena_dup(&out->arena, (struct str){text, n + geonames.n + 1});
}

static void set_geo(const struct places *x, struct result *out, struct entity *en,
                    const struct place *p)
{
    struct place province;

    en->has_geo = true;
    en->lat = p->lat;
    en->lon = p->lon;
    en->country = arena_dup(&out->arena, p->country);
    if (p->kind != PLACE_COUNTRY && p->province.n > 0 &&
        gazetteer_place(x->gazetteer, p->province, &province) && province.iso2.n > 0)
        en->admin1 = arena_dup(&out->arena, province.iso2);
    en->precision = p->kind == PLACE_COUNTRY    ? STR("country")
                    : p->kind == PLACE_PROVINCE ? STR("admin1")
                                                : STR("city");
}

/* The country, or where the reading is one the province, without saying which place. */
static void set_rough(const struct places *x, struct result *out, struct entity *en,
                      const struct reading *r)
{
    struct place p = r->place;

    if (atlas_is_city(&p) && !gazetteer_place(x->gazetteer, p.country, &p))
        return;
    set_geo(x, out, en, &p);
}

/* A name that is in no list, in a country or province that the text tells: there. */
static void place_behind(const struct places *x, struct result *out, struct entity *en,
                         const struct behind *b)
{
    struct place p;

    if (b->n != 1 || b->weight < BEHIND_CLEAR || b->is_list ||
        !gazetteer_place(x->gazetteer, b->ids[0], &p))
        return;
    en->link_score = 0.8F;
    set_geo(x, out, en, &p);
}

static void place_entity(const struct places *x, struct result *out, const struct spot *s)
{
    struct entity *en = &out->entities[s->entity];
    double share;
    bool is_rough;
    const struct reading *r = atlas_choose(&x->atlas, s, &share, &is_rough);

    if (r == NULL) {
        place_behind(x, out, en, &s->behind);
        return;
    }
    en->link_score = (float)(share < 1 ? share : 1);
    if (is_rough) {
        set_rough(x, out, en, r);
        return;
    }
    en->uri = uri_of(out, r->place.geonames);
    en->wikidata = r->place.wikidata.n > 0 ? arena_dup(&out->arena, r->place.wikidata)
                                           : (struct str){NULL, 0};
    if (r->place.kind != PLACE_CONTINENT)
        set_geo(x, out, en, &r->place);
}

static int places_run(void *state, const struct item *it, struct result *out,
                      struct err *e)
{
    struct places *x = state;
    struct extractor_run *run = &out->runs[out->n_runs - 1];

    (void)e;
    run->model = STR("geonames");
    run->model_sha256 = arena_dup(&out->arena, str_of(gazetteer_sha256(x->gazetteer)));
    atlas_read(&x->atlas, it, out);
    atlas_judge(&x->atlas, out);
    for (size_t i = 0; i < x->atlas.n_spots; i++)
        if (!x->atlas.spots[i].is_people)
            place_entity(x, out, &x->atlas.spots[i]);
    if (x->atlas.cap_readings > LARGE_READINGS)
        atlas_fini(&x->atlas);
    return 0;
}

const struct extractor extractor_places = {
    .name = "places",
    .version = "1",
    .help = "where places are: GeoNames, country, coordinates; put it behind entities",
    .open = places_open,
    .run = places_run,
    .close = places_close,
};
