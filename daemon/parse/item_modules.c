#include <math.h>
#include <stdlib.h>

#include "newsmq/text.h"

#include "item_modules.h"

#define WORDS_MAX   ((size_t)2000)
#define PIXELS_MAX  100000
#define EPISODE_MAX 1e6

static struct str words(struct str s, struct arena *a)
{
    struct strbuf clean = {.max = s.n * 4 + 64};
    struct str kept = {NULL, 0};

    s = str_head(s, WORDS_MAX);
    if (s.n > 0 && text_clean(s, &clean) == 0)
        kept = arena_dup(a, str_trim(strbuf_str(&clean)));
    strbuf_fini(&clean);
    return kept.n > 0 ? kept : (struct str){NULL, 0};
}

/* ---- where ---- */

/* A point, or the middle of a box; other shapes are no place to point at. */
static void add_place(struct item *it, const struct feed_place *p, struct arena *a)
{
    double longitude = 0, latitude = 0;
    size_t points = p->kind == PLACE_POINT ? 1 : p->kind == PLACE_BOX ? 2 : 0;

    if (points == 0 || p->n_coordinates < points * p->dimensions)
        return;
    for (size_t i = 0; i < points; i++) {
        longitude += p->coordinates[i * p->dimensions] / (double)points;
        latitude += p->coordinates[i * p->dimensions + 1] / (double)points;
    }
    if (fabs(latitude) > 90 || fabs(longitude) > 180)
        return;
    it->place = (struct item_place){.known = true,
                                    .longitude = longitude,
                                    .latitude = latitude,
                                    .name = words(p->name, a)};
}

/* ---- which episode ---- */

/* 0 when it is none: Apple numbers from 1. */
static double number_of(struct str s)
{
    char text[32], *end;
    double v;

    if (s.n == 0 || s.n >= sizeof text || strspn(s.p, "0123456789.") < s.n)
        return 0;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    v = strtod(text, &end);
    return *end == '\0' && v > 0 && v < EPISODE_MAX ? v : 0;
}

static void add_episode(struct item *it, const struct feed_podcast *p, struct arena *a)
{
    it->episode = (struct item_episode){.number = number_of(p->episode),
                                        .season = number_of(p->season),
                                        .type = words(p->episode_type, a),
                                        .is_explicit = p->is_explicit == ANSWER_YES};
}

/* ---- how large the picture is ---- */

static bool set_size(struct item *it, struct str width, struct str height)
{
    uint64_t w, h;

    if (!str_to_u64(width, &w) || !str_to_u64(height, &h) || w == 0 || h == 0 ||
        w > PIXELS_MAX || h > PIXELS_MAX)
        return false;
    it->image_width = (uint32_t)w;
    it->image_height = (uint32_t)h;
    return true;
}

static void add_image_size(struct item *it, const struct feed_media *m)
{
    for (size_t i = 0; i < m->n_thumbnails; i++)
        if (str_eq(m->thumbnails[i].url, it->image) &&
            set_size(it, m->thumbnails[i].width, m->thumbnails[i].height))
            return;
    for (size_t i = 0; i < m->n_files; i++)
        if (str_eq(m->files[i].url, it->image) &&
            set_size(it, m->files[i].width, m->files[i].height))
            return;
}

void item_add_modules(struct item *it, const struct feed_entry *e, struct arena *a)
{
    if (e->modules.place != NULL)
        add_place(it, e->modules.place, a);
    if (e->modules.podcast != NULL)
        add_episode(it, e->modules.podcast, a);
    if (e->modules.media != NULL && it->image.n > 0)
        add_image_size(it, e->modules.media);
}
