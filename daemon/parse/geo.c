/* Where it happened: GeoRSS simple and GML (georss.org), and the W3C's geo:lat and
   geo:long. Those name the latitude first; what leaves here is in the order of GeoJSON,
   longitude first (RFC 7946 §3.1.1). */
#include <math.h>
#include <stdlib.h>

#include "modules.h"

#define NUMBER_MAX 40

enum value {
    INSIDE, /* georss:where, geo:Point, gml:exterior, gml:LinearRing */
    POINT,
    LINE,
    POLYGON,
    BOX,
    CIRCLE,
    RADIUS,
    NAME,
    ELEVATION,
    LATITUDE,
    LONGITUDE,
    /* These say of what kind the positions inside are. */
    GML_POINT,
    GML_LINE,
    GML_POLYGON,
    GML_BOX,
    POSITION,
    CORNER,
};

static const struct tag tags[] = {
    {SCOPE_HEADED, NS_GEORSS, "where", FIELD_GEO, INSIDE},
    {SCOPE_HEADED, NS_GEORSS, "point", FIELD_GEO, POINT},
    {SCOPE_HEADED, NS_GEORSS, "line", FIELD_GEO, LINE},
    {SCOPE_HEADED, NS_GEORSS, "polygon", FIELD_GEO, POLYGON},
    {SCOPE_HEADED, NS_GEORSS, "box", FIELD_GEO, BOX},
    {SCOPE_HEADED, NS_GEORSS, "circle", FIELD_GEO, CIRCLE},
    {SCOPE_HEADED, NS_GEORSS, "radius", FIELD_GEO, RADIUS},
    {SCOPE_HEADED, NS_GEORSS, "featurename", FIELD_GEO, NAME},
    {SCOPE_HEADED, NS_GEORSS, "elev", FIELD_GEO, ELEVATION},
    {SCOPE_HEADED, NS_GML, "Point", FIELD_GEO, GML_POINT},
    {SCOPE_HEADED, NS_GML, "LineString", FIELD_GEO, GML_LINE},
    {SCOPE_HEADED, NS_GML, "Polygon", FIELD_GEO, GML_POLYGON},
    {SCOPE_HEADED, NS_GML, "Envelope", FIELD_GEO, GML_BOX},
    {SCOPE_HEADED, NS_GML, "exterior", FIELD_GEO, INSIDE},
    {SCOPE_HEADED, NS_GML, "LinearRing", FIELD_GEO, INSIDE},
    {SCOPE_HEADED, NS_GML, "pos", FIELD_GEO, POSITION},
    {SCOPE_HEADED, NS_GML, "posList", FIELD_GEO, POSITION},
    {SCOPE_HEADED, NS_GML, "lowerCorner", FIELD_GEO, CORNER},
    {SCOPE_HEADED, NS_GML, "upperCorner", FIELD_GEO, CORNER},
    {SCOPE_HEADED, NS_GEO, "Point", FIELD_GEO, INSIDE},
    {SCOPE_HEADED, NS_GEO, "lat", FIELD_GEO, LATITUDE},
    {SCOPE_HEADED, NS_GEO, "long", FIELD_GEO, LONGITUDE},
    {SCOPE_HEADED, NS_GEO, "alt", FIELD_GEO, ELEVATION},
};

const struct tag_table geo_tags = {tags, ARRAY_LEN(tags)};

static const enum place_kind kinds[] = {
    [POINT] = PLACE_POINT,   [LINE] = PLACE_LINE,           [POLYGON] = PLACE_POLYGON,
    [BOX] = PLACE_BOX,       [CIRCLE] = PLACE_POINT,        [GML_POINT] = PLACE_POINT,
    [GML_LINE] = PLACE_LINE, [GML_POLYGON] = PLACE_POLYGON, [GML_BOX] = PLACE_BOX,
};

static struct modules *now(struct build *b)
{
    struct modules *m = modules_now(b);

    if (m != NULL && !m->has_place) {
        m->has_place = true;
        m->place.radius_m = -1;
        m->place.dimensions = 2;
    }
    return m;
}

/* ---- numbers ---- */

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';';
}

/* The next number of the list; false at its end or where there is none. */
static bool take_number(struct str *rest, double *ret)
{
    char text[NUMBER_MAX];
    size_t n = 0;
    char *end;

    while (rest->n > 0 && is_separator(rest->p[0]))
        *rest = str_slice(*rest, 1, rest->n);
    while (n < rest->n && !is_separator(rest->p[n]))
        n++;
    if (n == 0 || n >= sizeof text || strspn(rest->p, "+-.0123456789eE") < n)
        return false;
    memcpy(text, rest->p, n);
    text[n] = '\0';
    *rest = str_slice(*rest, n, rest->n);
    *ret = strtod(text, &end);
    return *end == '\0' && isfinite(*ret);
}

static bool number_of(struct str text, double *ret)
{
    return take_number(&text, ret) && str_trim(text).n == 0;
}

/* Behind the numbers that are there; false when the text has something else in it. */
static bool take_numbers(struct build *b, struct feed_place *p, struct str text)
{
    while (str_trim(text).n > 0) {
        double *list, v;

        if (!take_number(&text, &v))
            return false;
        list = modules_room(b, p->coordinates, p->n_coordinates, sizeof *list);
        if (list == NULL)
            return false;
        p->coordinates = list;
        list[p->n_coordinates++] = v;
    }
    return true;
}

/* ---- what they mean ---- */

static size_t least_points(enum place_kind kind)
{
    /* A polygon is a ring: it ends where it began. */
    static const size_t least[] = {
        [PLACE_POINT] = 1, [PLACE_LINE] = 2, [PLACE_POLYGON] = 4, [PLACE_BOX] = 2};

    return least[kind];
}

/* Only the geographic systems of EPSG name the latitude first; what is not named is
   WGS 84 (georss.org). */
static bool has_latitude_first(struct str system)
{
    static const struct str others[] = {STR_INIT("CRS84"), STR_INIT("3857"),
                                        STR_INIT("900913")};

    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (str_find(system, others[i], 0) != SIZE_MAX)
            return false;
    return true;
}

static void set_none(struct feed_place *p)
{
    p->kind = PLACE_NONE;
    p->coordinates = NULL;
    p->n_coordinates = 0;
}

static void turn(struct feed_place *p)
{
    for (size_t i = 0; i + 1 < p->n_coordinates; i += p->dimensions) {
        double latitude = p->coordinates[i];

        p->coordinates[i] = p->coordinates[i + 1];
        p->coordinates[i + 1] = latitude;
    }
}

static void set_shape(struct build *b, struct feed_place *p, enum place_kind kind,
                      struct str text)
{
    if (p->n_coordinates > 0)
        return; /* the first place counts */
    p->kind = kind;
    if (!take_numbers(b, p, text) || p->n_coordinates % p->dimensions != 0 ||
        p->n_coordinates / p->dimensions < least_points(kind)) {
        set_none(p);
        return;
    }
    if (has_latitude_first(p->reference_system))
        turn(p);
}

/* "latitude longitude radius" */
static void set_circle(struct build *b, struct feed_place *p, struct str text)
{
    double latitude, longitude, radius;
    struct str rest = text;

    if (!take_number(&rest, &latitude) || !take_number(&rest, &longitude) ||
        !number_of(rest, &radius))
        return;
    p->radius_m = radius;
    set_shape(b, p, PLACE_POINT, str_slice(text, 0, (size_t)(rest.p - text.p)));
}

/* lowerCorner comes first, and its numbers wait for those of the other. */
static void add_corner(struct build *b, struct feed_place *p, struct str text)
{
    if (p->kind == PLACE_NONE || p->n_coordinates >= (size_t)p->dimensions * 2)
        return;
    if (!take_numbers(b, p, text) || p->n_coordinates % p->dimensions != 0)
        set_none(p);
    else if (p->n_coordinates == (size_t)p->dimensions * 2 &&
             has_latitude_first(p->reference_system))
        turn(p);
}

static void set_pair(struct build *b, struct modules *m)
{
    double *list, latitude, longitude;

    if (m->place.n_coordinates > 0 || !number_of(m->latitude, &latitude) ||
        !number_of(m->longitude, &longitude))
        return;
    list = modules_room(b, NULL, 0, sizeof *list);
    if (list == NULL)
        return;
    m->place.kind = PLACE_POINT;
    m->place.coordinates = list;
    list[m->place.n_coordinates++] = longitude;
    list[m->place.n_coordinates++] = latitude;
}

static void add_elevation(struct build *b, struct modules *m)
{
    struct feed_place *p = &m->place;
    double metres, *list;

    if (p->kind != PLACE_POINT || p->n_coordinates != 2 ||
        !number_of(m->elevation, &metres))
        return;
    list = modules_room(b, p->coordinates, p->n_coordinates, sizeof *list);
    if (list == NULL)
        return;
    p->coordinates = list;
    list[p->n_coordinates++] = metres;
    p->dimensions = 3;
}

/* ---- both ends ---- */

static void shape_start(struct build *b, struct feed_place *p, enum value value,
                        struct attributes a)
{
    struct str dimensions = str_trim(attribute_get(a, "srsDimension"));

    if (p->n_coordinates > 0)
        return;
    if (kinds[value] != PLACE_NONE)
        p->kind = kinds[value];
    if (str_eq(dimensions, STR("3")))
        p->dimensions = 3;
    modules_put(b, &p->reference_system, attribute_get(a, "srsName"));
}

bool geo_start(struct build *b, const struct tag *tag, struct frame *f,
               struct attributes a)
{
    struct modules *m = now(b);

    if (m == NULL)
        return false;
    switch ((enum value)tag->rank) {
    case GML_POINT:
    case GML_LINE:
    case GML_POLYGON:
    case GML_BOX:
        shape_start(b, &m->place, (enum value)tag->rank, a);
        f->scope = b->frames[b->depth - 1].scope;
        return false;
    case INSIDE:
        f->scope = b->frames[b->depth - 1].scope;
        return false;
    case POSITION:
        shape_start(b, &m->place, INSIDE, a);
        return true;
    default:
        return true;
    }
}

void geo_end(struct build *b, const struct tag *tag, struct str text)
{
    struct modules *m = now(b);
    double metres;

    if (m == NULL || text.n == 0)
        return;
    switch ((enum value)tag->rank) {
    case POINT:
    case LINE:
    case POLYGON:
    case BOX:
        set_shape(b, &m->place, kinds[tag->rank], text);
        break;
    case CIRCLE:
        set_circle(b, &m->place, text);
        break;
    case POSITION:
        if (m->place.kind != PLACE_NONE)
            set_shape(b, &m->place, m->place.kind, text);
        break;
    case CORNER:
        add_corner(b, &m->place, text);
        break;
    case RADIUS:
        if (number_of(text, &metres))
            m->place.radius_m = metres;
        break;
    case NAME:
        modules_put(b, &m->place.name, text);
        break;
    case ELEVATION:
        modules_put(b, &m->elevation, text);
        break;
    case LATITUDE:
        modules_put(b, &m->latitude, text);
        break;
    case LONGITUDE:
        modules_put(b, &m->longitude, text);
        break;
    default:
        break;
    }
    set_pair(b, m);
    add_elevation(b, m);
}
