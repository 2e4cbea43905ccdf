/* Media RSS (rssboard.org/media-rss). Files, thumbnails, titles and descriptions also
   serve the entry that has none of its own: attributes.c and texts.c. */
#include "modules.h"

enum value {
    GROUP,
    COMMUNITY,
    PLAYER,
    CREDIT,
    RATING,
    HASH,
    RESTRICTION,
    TEXT,
    LICENSE,
    COPYRIGHT,
    STAR_RATING,
    STATISTICS,
};

static const struct tag tags[] = {
    {SCOPE_HEADED, NS_MEDIA, "group", FIELD_MEDIA_VALUE, GROUP},
    {SCOPE_HEADED, NS_MEDIA, "community", FIELD_MEDIA_VALUE, COMMUNITY},
    {SCOPE_HEADED, NS_MEDIA, "player", FIELD_MEDIA_VALUE, PLAYER},
    {SCOPE_HEADED, NS_MEDIA, "credit", FIELD_MEDIA_VALUE, CREDIT},
    {SCOPE_HEADED, NS_MEDIA, "rating", FIELD_MEDIA_VALUE, RATING},
    {SCOPE_ENTRY, NS_MEDIA, "hash", FIELD_MEDIA_VALUE, HASH},
    {SCOPE_HEADED, NS_MEDIA, "restriction", FIELD_MEDIA_VALUE, RESTRICTION},
    {SCOPE_ENTRY, NS_MEDIA, "text", FIELD_MEDIA_VALUE, TEXT},
    {SCOPE_HEADED, NS_MEDIA, "license", FIELD_MEDIA_VALUE, LICENSE},
    {SCOPE_HEADED, NS_MEDIA, "copyright", FIELD_MEDIA_VALUE, COPYRIGHT},
    {SCOPE_ENTRY, NS_MEDIA, "starRating", FIELD_MEDIA_VALUE, STAR_RATING},
    {SCOPE_ENTRY, NS_MEDIA, "statistics", FIELD_MEDIA_VALUE, STATISTICS},
};

const struct tag_table media_tags = {tags, ARRAY_LEN(tags)};

static struct modules *now(struct build *b)
{
    struct modules *m = modules_now(b);

    if (m != NULL)
        m->has_media = true;
    return m;
}

/* ---- files and thumbnails ---- */

static enum answer answer_of(struct str text)
{
    if (text.n == 0)
        return ANSWER_NONE;
    return str_eq_nocase(text, STR("true")) ? ANSWER_YES : ANSWER_NO;
}

void media_file_start(struct build *b, const struct frame *f, struct attributes a)
{
    struct modules *m = now(b);
    struct feed_media_file *list;

    if (m == NULL)
        return;
    list = modules_room(b, m->media.files, m->media.n_files, sizeof *list);
    if (list == NULL)
        return;
    m->media.files = list;
    list[m->media.n_files] = (struct feed_media_file){
        .url = modules_link(b, f, a, "url"),
        .type = modules_attribute(b, a, "type"),
        .medium = modules_attribute(b, a, "medium"),
        .expression = modules_attribute(b, a, "expression"),
        .language = modules_attribute(b, a, "lang"),
        .width = modules_attribute(b, a, "width"),
        .height = modules_attribute(b, a, "height"),
        .bitrate = modules_attribute(b, a, "bitrate"),
        .framerate = modules_attribute(b, a, "framerate"),
        .samplingrate = modules_attribute(b, a, "samplingrate"),
        .channels = modules_attribute(b, a, "channels"),
        .duration = modules_attribute(b, a, "duration"),
        .bytes = modules_attribute(b, a, "fileSize"),
        .is_default = answer_of(str_trim(attribute_get(a, "isDefault"))),
        .group = m->group,
    };
    m->open_file = ++m->media.n_files;
}

void media_file_end(struct build *b)
{
    if (b->now->modules != NULL)
        b->now->modules->open_file = 0;
}

void media_thumbnail(struct build *b, const struct frame *f, struct attributes a)
{
    struct modules *m = now(b);
    struct feed_thumbnail *list;

    if (m == NULL)
        return;
    list = modules_room(b, m->media.thumbnails, m->media.n_thumbnails, sizeof *list);
    if (list == NULL)
        return;
    m->media.thumbnails = list;
    list[m->media.n_thumbnails++] = (struct feed_thumbnail){
        .url = modules_link(b, f, a, "url"),
        .width = modules_attribute(b, a, "width"),
        .height = modules_attribute(b, a, "height"),
        .time = modules_attribute(b, a, "time"),
    };
}

/* media:title and media:description belong to the file they stand in. */
void media_text(struct build *b, enum field field, struct str text)
{
    struct modules *m = now(b);
    struct feed_media_file *file;

    if (m == NULL)
        return;
    file = m->open_file > 0 ? &m->media.files[m->open_file - 1] : NULL;
    if (field == FIELD_TITLE)
        modules_put(b, file != NULL ? &file->title : &m->media.title, text);
    else
        modules_put(b, file != NULL ? &file->description : &m->media.description, text);
}

/* ---- statements; the text of each comes at its end ---- */

static void add_credit(struct build *b, struct feed_media *m, struct attributes a)
{
    struct feed_credit *list = modules_room(b, m->credits, m->n_credits, sizeof *list);

    if (list == NULL)
        return;
    m->credits = list;
    list[m->n_credits++] = (struct feed_credit){
        .role = modules_attribute(b, a, "role"),
        .scheme = modules_attribute(b, a, "scheme"),
    };
}

static void add_statement(struct build *b, struct feed_statement **list, size_t *n,
                          struct str scheme, struct str relationship)
{
    struct feed_statement *at = modules_room(b, *list, *n, sizeof *at);

    if (at == NULL)
        return;
    *list = at;
    at[(*n)++] = (struct feed_statement){.scheme = scheme, .relationship = relationship};
}

static void add_value(struct build *b, struct feed_statement *list, size_t n,
                      struct str text)
{
    if (n > 0)
        modules_put(b, &list[n - 1].value, text);
}

static void put_attribute(struct build *b, struct str *to, struct attributes a,
                          const char *local)
{
    modules_put(b, to, attribute_get(a, local));
}

static void readers_start(struct build *b, const struct tag *tag, struct feed_media *m,
                          struct attributes a)
{
    if (tag->rank == STATISTICS) {
        put_attribute(b, &m->views, a, "views");
        put_attribute(b, &m->favorites, a, "favorites");
        return;
    }
    put_attribute(b, &m->rating_average, a, "average");
    put_attribute(b, &m->rating_count, a, "count");
    put_attribute(b, &m->rating_min, a, "min");
    put_attribute(b, &m->rating_max, a, "max");
}

/* Whether the element says something in its text. */
static bool statement_start(struct build *b, const struct tag *tag, const struct frame *f,
                            struct feed_media *m, struct attributes a)
{
    switch ((enum value)tag->rank) {
    case PLAYER:
        modules_put(b, &m->player_url, modules_link(b, f, a, "url"));
        put_attribute(b, &m->player_width, a, "width");
        put_attribute(b, &m->player_height, a, "height");
        return false;
    case CREDIT:
        add_credit(b, m, a);
        return true;
    case RATING:
        add_statement(b, &m->ratings, &m->n_ratings, modules_attribute(b, a, "scheme"),
                      STR(""));
        return true;
    case HASH:
        add_statement(b, &m->hashes, &m->n_hashes, modules_attribute(b, a, "algo"),
                      STR(""));
        return true;
    case RESTRICTION:
        add_statement(b, &m->restrictions, &m->n_restrictions,
                      modules_attribute(b, a, "type"),
                      modules_attribute(b, a, "relationship"));
        return true;
    case TEXT:
        add_statement(b, &m->texts, &m->n_texts, modules_attribute(b, a, "type"),
                      STR(""));
        return true;
    case LICENSE:
        modules_put(b, &m->license_href, modules_link(b, f, a, "href"));
        put_attribute(b, &m->license_type, a, "type");
        return true;
    case COPYRIGHT:
        modules_put(b, &m->copyright_href, modules_link(b, f, a, "url"));
        return true;
    default:
        readers_start(b, tag, m, a);
        return false;
    }
}

bool media_start(struct build *b, const struct tag *tag, struct frame *f,
                 struct attributes a)
{
    struct modules *m = now(b);

    if (tag->rank == GROUP || tag->rank == COMMUNITY)
        f->scope = b->frames[b->depth - 1].scope;
    if (m == NULL)
        return false;
    if (tag->rank == GROUP)
        m->group = ++m->n_groups;
    if (tag->rank == GROUP || tag->rank == COMMUNITY)
        return false;
    return statement_start(b, tag, f, &m->media, a);
}

void media_end(struct build *b, const struct tag *tag, struct str text)
{
    struct modules *m = now(b);

    if (m == NULL)
        return;
    switch ((enum value)tag->rank) {
    case GROUP:
        m->group = 0;
        break;
    case CREDIT:
        if (m->media.n_credits > 0)
            modules_put(b, &m->media.credits[m->media.n_credits - 1].name, text);
        break;
    case RATING:
        add_value(b, m->media.ratings, m->media.n_ratings, text);
        break;
    case HASH:
        add_value(b, m->media.hashes, m->media.n_hashes, text);
        break;
    case RESTRICTION:
        add_value(b, m->media.restrictions, m->media.n_restrictions, text);
        break;
    case TEXT:
        add_value(b, m->media.texts, m->media.n_texts, text);
        break;
    case LICENSE:
        modules_put(b, &m->media.license_text, text);
        break;
    case COPYRIGHT:
        modules_put(b, &m->media.copyright_text, text);
        break;
    default:
        break;
    }
}
