/* Elements that say all in their attributes: links, enclosures, media, categories. */
#include <stdlib.h>
#include <strings.h>

#include "modules.h"

#define COMPARED_MAX 64 /* of a list, when looking for doubles */

static struct str keep(struct build *b, struct str s)
{
    s = str_trim(s);
    return s.n > 0 ? arena_dup(b->now->arena, s) : (struct str){NULL, 0};
}

void link_add(struct build *b, struct feed_link l)
{
    struct feed_link *at = list_add(&b->now->links, b->now->arena, sizeof *at);

    if (at != NULL)
        *at = l;
}

void tag_add(struct build *b, struct feed_tag t)
{
    struct feed_tag *have = b->now->tags.p, *at;

    if (t.term.n + t.scheme.n + t.label.n == 0 || b->now->tags.n == LIST_MAX)
        return;
    for (size_t i = 0; i < b->now->tags.n && i < COMPARED_MAX; i++)
        if (str_eq(have[i].term, t.term) && str_eq(have[i].scheme, t.scheme) &&
            str_eq(have[i].label, t.label))
            return;
    at = list_add(&b->now->tags, b->now->arena, sizeof *at);
    if (at != NULL)
        *at = (struct feed_tag){keep(b, t.term), keep(b, t.scheme), keep(b, t.label)};
}

static void enclosure_add(struct build *b, struct attachment e)
{
    struct attachment *have = b->now->enclosures.p, *at;

    if (e.url.n == 0 || b->now->enclosures.n == LIST_MAX)
        return;
    for (size_t i = 0; i < b->now->enclosures.n && i < COMPARED_MAX; i++)
        if (str_eq(have[i].url, e.url))
            return;
    at = list_add(&b->now->enclosures, b->now->arena, sizeof *at);
    if (at != NULL)
        *at = e;
}

static int64_t size_of_text(struct str text)
{
    int64_t v;

    return str_to_i64(str_trim(text), &v) && v >= 0 ? v : -1;
}

/* An alternate in HTML is the page; one in another form will do when there is none. */
static void atom_link_use(struct build *b, const struct tag *tag, struct feed_link l)
{
    bool is_page = l.type.n == 0 || str_find(l.type, STR("html"), 0) != SIZE_MAX;

    if (str_eq_nocase(l.rel, STR("alternate")))
        (void)slots_put(b->now, SLOT_LINK, l.href, tag->rank + (is_page ? 0 : 1));
    else if (str_eq_nocase(l.rel, STR("self")))
        (void)slots_put(b->now, SLOT_SELF, l.href, tag->rank);
    else if (str_eq_nocase(l.rel, STR("hub")))
        (void)slots_put(b->now, SLOT_HUB, l.href, tag->rank);
    else if (str_eq_nocase(l.rel, STR("next")))
        (void)slots_put(b->now, SLOT_NEXT, l.href, tag->rank);
    else if (str_eq_nocase(l.rel, STR("replies")))
        (void)slots_put(b->now, SLOT_COMMENTS, l.href, tag->rank + (is_page ? 5 : 6));
    else if (str_eq_nocase(l.rel, STR("enclosure")))
        enclosure_add(b, (struct attachment){.url = l.href,
                                             .mime_type = l.type,
                                             .size_in_bytes = size_of_text(l.length),
                                             .duration_in_seconds = -1});
}

/* A few write <link rel="alternate">address</link>: then the address comes later. */
static bool atom_link(struct build *b, const struct tag *tag, const struct frame *f,
                      struct attributes a)
{
    static const struct str registry =
        STR_INIT("http://www.iana.org/assignments/relation/");
    struct str rel = str_trim(attribute_get(a, "rel"));
    struct feed_link l = {.href = resolve(b, f, attribute_get(a, "href"))};

    if (str_has_prefix(rel, registry))
        rel = str_slice(rel, registry.n, rel.n);
    l.rel = rel.n > 0 ? keep(b, rel) : STR("alternate");
    l.type = keep(b, attribute_get(a, "type"));
    l.title = keep(b, attribute_get(a, "title"));
    l.hreflang = keep(b, attribute_get(a, "hreflang"));
    l.length = keep(b, attribute_get(a, "length"));
    b->link = l;
    if (l.href.n == 0)
        return true;
    link_add(b, l);
    atom_link_use(b, tag, l);
    return false;
}

void atom_link_end(struct build *b, const struct tag *tag, const struct frame *f,
                   struct str text)
{
    struct feed_link l = b->link;

    if (text.n == 0)
        return;
    l.href = resolve(b, f, text);
    link_add(b, l);
    atom_link_use(b, tag, l);
}

void original_enclosure(struct build *b, struct str url)
{
    struct attachment *first = b->now->enclosures.p;

    if (first != NULL && url.n > 0)
        first->url = url;
}

static void enclosure(struct build *b, const struct frame *f, struct attributes a)
{
    struct feed_link l = {.rel = STR("enclosure")};

    l.href = resolve(b, f, attribute_get(a, "url"));
    if (l.href.n == 0)
        l.href = resolve(b, f, attribute_get(a, "href"));
    if (l.href.n == 0)
        return;
    l.type = keep(b, attribute_get(a, "type"));
    l.length = keep(b, attribute_get(a, "length"));
    link_add(b, l);
    enclosure_add(b, (struct attachment){.url = l.href,
                                         .mime_type = l.type,
                                         .size_in_bytes = size_of_text(l.length),
                                         .duration_in_seconds = -1});
}

static void media(struct build *b, const struct tag *tag, struct frame *f,
                  struct attributes a)
{
    struct str url = resolve(b, f, attribute_get(a, "url"));
    struct str type = keep(b, attribute_get(a, "type"));
    bool is_image = str_eq_nocase(attribute_get(a, "medium"), STR("image")) ||
                    str_has_prefix_nocase(type, STR("image/"));
    uint64_t seconds;

    f->scope =
        b->frames[b->depth - 1].scope; /* its title and thumbnail are the entry's */
    if (is_image)
        (void)slots_put(b->now, SLOT_IMAGE, url, tag->rank);
    if (!str_to_u64(str_trim(attribute_get(a, "duration")), &seconds))
        seconds = UINT64_MAX;
    enclosure_add(
        b, (struct attachment){
               .url = url,
               .mime_type = type,
               .size_in_bytes = size_of_text(attribute_get(a, "fileSize")),
               .duration_in_seconds = seconds < 1000000000 ? (double)seconds : -1});
}

static void nested_tag(struct build *b, struct frame *f, struct attributes a)
{
    struct feed_tag t = {.term = attribute_get(a, "text"),
                         .scheme = STR("http://www.itunes.com/")};

    f->scope = b->frames[b->depth - 1].scope;
    if (t.term.n == 0)
        return;
    tag_add(b, t);
    podcast_category(b, t.term);
}

/* Atom's <category term label scheme>, RSS's <category domain>text</category>. */
static void tag_start(struct build *b, const struct tag *tag, struct attributes a)
{
    struct str scheme = attribute_get(a, "scheme");

    if (scheme.n == 0)
        scheme = attribute_get(a, "domain");
    if (scheme.n == 0 && tag->ns == NS_MEDIA)
        scheme = STR("http://search.yahoo.com/mrss/category_schema");
    b->tag = (struct feed_tag){keep(b, attribute_get(a, "term")), keep(b, scheme),
                               keep(b, attribute_get(a, "label"))};
}

/* Without the attribute it is a permalink if it looks like one (RSS 2.0). */
static void guid_start(struct build *b, struct str is_permalink)
{
    b->guid_is_link = !str_eq_nocase(is_permalink, STR("false"));
    b->guid_is_relative = str_eq_nocase(is_permalink, STR("true"));
}

/* itunes:image has its address in href, sometimes in url. */
static void image(struct build *b, const struct tag *tag, const struct frame *f,
                  struct attributes a)
{
    struct str href = attribute_get(a, "href");

    if (tag->field == FIELD_IMAGE_LINK &&
        !str_eq_nocase(str_trim(attribute_get(a, "rel")), STR("image")))
        return;
    if (href.n == 0)
        href = attribute_get(a, "url");
    (void)slots_put(b->now, SLOT_IMAGE, resolve(b, f, href), tag->rank);
}

bool attributes_start(struct build *b, const struct tag *tag, struct frame *f,
                      struct attributes a)
{
    switch (tag->field) {
    case FIELD_ATOM_LINK:
        return atom_link(b, tag, f, a);
    case FIELD_LINK:
        return attribute_get(a, "href").n == 0 || atom_link(b, tag, f, a);
    case FIELD_ENCLOSURE:
        enclosure(b, f, a);
        return false;
    case FIELD_MEDIA:
        media(b, tag, f, a);
        media_file_start(b, f, a);
        return false;
    case FIELD_THUMBNAIL:
        media_thumbnail(b, f, a);
        (void)slots_put(b->now, SLOT_IMAGE, resolve(b, f, attribute_get(a, "url")),
                        tag->rank);
        return false;
    case FIELD_NESTED_TAG:
        nested_tag(b, f, a);
        return false;
    case FIELD_IMAGE_LINK:
    case FIELD_IMAGE_HREF:
        image(b, tag, f, a);
        return false;
    case FIELD_GENERATOR:
        channel_generator(b, f, a);
        return true;
    case FIELD_TAG:
        tag_start(b, tag, a);
        return true;
    case FIELD_GUID:
        guid_start(b, str_trim(attribute_get(a, "isPermaLink")));
        return true;
    case FIELD_SOURCE_TEXT:
        b->source_url = keep(b, attribute_get(a, "url"));
        return true;
    default:
        return module_start(b, tag, f, a);
    }
}
