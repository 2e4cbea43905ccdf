/* JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): split as it arrives, each item
   decoded by jansson. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "fields.h"
#include "json_split.h"

#define AUTHORS_COMPARED 64

struct reader {
    struct build *b;
    struct json_split *split;
    bool is_feed; /* has a version that says so, or items and a title */
    bool has_items, has_title;
};

static bool begins(struct str head)
{
    return head.n > 0 && head.p[0] == '{';
}

/* ---- values ---- */

/* A string; a number where a string should stand is one too. Absent for the rest. */
static struct str text_of(const json_t *object, const char *key, char number[32])
{
    const json_t *v = json_object_get(object, key);

    if (json_is_string(v))
        return (struct str){json_string_value(v), json_string_length(v)};
    if (!json_is_number(v))
        return (struct str){NULL, 0};
    if (json_is_integer(v))
        (void)snprintf(number, 32, "%lld", (long long)json_integer_value(v));
    else
        (void)snprintf(number, 32, "%.17g", json_real_value(v));
    return str_of(number);
}

static struct str member(const json_t *object, const char *key)
{
    char unused[32];
    struct str s = text_of(object, key, unused);

    return json_is_string(json_object_get(object, key)) ? str_trim(s)
                                                        : (struct str){NULL, 0};
}

static struct str link_of(struct build *b, const json_t *object, const char *key)
{
    return resolve(b, &b->frames[0], member(object, key));
}

static void put_text(struct build *b, enum text_slot slot, struct str value,
                     enum text_kind kind)
{
    struct slots *s = b->now;

    if (value.n == 0)
        return;
    s->text[slot] = (struct feed_text){.value = arena_dup(s->arena, value),
                                       .kind = kind,
                                       .base = b->frames[0].base,
                                       .lang = s->plain[SLOT_LANGUAGE]};
}

static void put_date(struct build *b, enum date_slot slot, struct str text)
{
    if (text.n > 0)
        b->now->date[slot] =
            (struct feed_date){arena_dup(b->now->arena, text), date_read(text)};
}

static void put_link(struct build *b, enum plain_slot slot, const char *rel,
                     struct str href)
{
    if (href.n == 0)
        return;
    (void)slots_put(b->now, slot, href, 1);
    if (rel != NULL)
        link_add(b, (struct feed_link){.href = href, .rel = str_of(rel)});
}

static void add_author(struct build *b, const json_t *author)
{
    struct person p = {.name = member(author, "name"), .url = member(author, "url")};
    const struct person *have = b->now->authors.p;
    struct person *at;

    if (p.name.n + p.url.n == 0)
        return;
    for (size_t i = 0; i < b->now->authors.n && i < AUTHORS_COMPARED; i++)
        if (str_eq(have[i].name, p.name))
            return;
    at = list_add(&b->now->authors, b->now->arena, sizeof *at);
    if (at == NULL)
        return;
    at->name = arena_dup(b->now->arena, p.name);
    at->url = link_of(b, author, "url");
    at->avatar = link_of(b, author, "avatar");
}

/* 1.1 has "authors", 1.0 "author"; for old readers both may stand there. */
static void add_authors(struct build *b, const json_t *object)
{
    const json_t *authors = json_object_get(object, "authors");

    for (size_t i = 0; i < json_array_size(authors); i++)
        add_author(b, json_array_get(authors, i));
    add_author(b, authors); /* an object where an array should be */
    add_author(b, json_object_get(object, "author"));
}

/* ---- one item ---- */

static void add_content(struct build *b, struct str value, enum text_kind kind)
{
    struct feed_text *at;

    if (value.n == 0)
        return;
    at = list_add(&b->now->contents, b->now->arena, sizeof *at);
    if (at == NULL)
        return;
    *at = (struct feed_text){.value = arena_dup(b->now->arena, value),
                             .type =
                                 kind == TEXT_HTML ? STR("text/html") : STR("text/plain"),
                             .kind = kind,
                             .base = b->frames[0].base,
                             .lang = b->now->plain[SLOT_LANGUAGE]};
}

static void add_attachments(struct build *b, const json_t *item)
{
    const json_t *list = json_object_get(item, "attachments");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i);
        const json_t *size = json_object_get(a, "size_in_bytes");
        const json_t *seconds = json_object_get(a, "duration_in_seconds");
        struct str url = link_of(b, a, "url");
        struct attachment *at;

        if (url.n == 0)
            continue;
        at = list_add(&b->now->enclosures, b->now->arena, sizeof *at);
        if (at == NULL)
            return;
        at->url = url;
        at->mime_type = arena_dup(b->now->arena, member(a, "mime_type"));
        at->size_in_bytes = json_is_number(size) && json_number_value(size) >= 0 &&
                                    json_number_value(size) < 9e15
                                ? (int64_t)json_number_value(size)
                                : -1;
        at->duration_in_seconds =
            json_is_number(seconds) ? json_number_value(seconds) : -1;
    }
}

static void add_tags(struct build *b, const json_t *item)
{
    const json_t *list = json_object_get(item, "tags");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *t = json_array_get(list, i);

        if (json_is_string(t))
            tag_add(b,
                    (struct feed_tag){.term = str_trim((struct str){
                                          json_string_value(t), json_string_length(t)})});
    }
}

static void read_item(struct build *b, const json_t *item)
{
    char number[32];
    struct slots *s = b->now;

    (void)slots_put(s, SLOT_ID, str_trim(text_of(item, "id", number)), 1);
    (void)slots_put(s, SLOT_LANGUAGE, member(item, "language"), 1);
    put_link(b, SLOT_LINK, "alternate", link_of(b, item, "url"));
    put_link(b, SLOT_EXTERNAL, "related", link_of(b, item, "external_url"));
    (void)slots_put(s, SLOT_LINK, s->plain[SLOT_EXTERNAL], 5);
    put_text(b, SLOT_TITLE, member(item, "title"), TEXT_PLAIN);
    put_text(b, SLOT_SUMMARY, member(item, "summary"), TEXT_PLAIN);
    add_content(b, member(item, "content_html"), TEXT_HTML);
    add_content(b, member(item, "content_text"), TEXT_PLAIN);
    put_link(b, SLOT_IMAGE, NULL, link_of(b, item, "image"));
    put_link(b, SLOT_IMAGE, NULL, link_of(b, item, "banner_image"));
    put_date(b, SLOT_PUBLISHED, member(item, "date_published"));
    put_date(b, SLOT_UPDATED, member(item, "date_modified"));
    add_authors(b, item);
    add_tags(b, item);
    add_attachments(b, item);
}

static void on_element(void *ctx, struct str raw, bool over)
{
    struct reader *r = ctx;
    struct build *b = r->b;
    json_error_t error;
    json_t *item;

    if (b->rc < 0)
        return;
    r->has_items = true;
    if (build_is_full(b)) {
        build_begin_skipped(b);
        build_end_skipped(b);
        return;
    }
    build_begin_entry(b);
    b->entry_is_over = over;
    item =
        over ? NULL : json_loadb(raw.p, raw.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!over && !json_is_object(item)) {
        build_warn(b, "an item that is not valid: %s",
                   item == NULL ? error.text : "no object");
        b->in_entry = false;
        b->now = &b->feed;
    } else {
        if (item != NULL)
            read_item(b, item);
        build_end_entry(b);
    }
    json_decref(item);
}

/* ---- the feed ---- */

static void read_version(struct reader *r, struct str version)
{
    struct build *b = r->b;
    size_t at = str_find(version, STR("jsonfeed.org/version/"), 0);

    if (at == SIZE_MAX)
        return;
    r->is_feed = true;
    b->meta.version = arena_dup(&b->feed_arena, str_slice(version, at + 21, version.n));
    b->meta.format =
        str_eq(b->meta.version, STR("1")) || str_eq(b->meta.version, STR("1.0"))
            ? STR("jsonfeed1.0")
            : STR("jsonfeed1.1");
}

static void read_hubs(struct build *b, const json_t *hubs)
{
    for (size_t i = 0; i < json_array_size(hubs); i++)
        put_link(b, SLOT_HUB, "hub", link_of(b, json_array_get(hubs, i), "url"));
}

/* holder has the one member that came. */
static void read_feed(struct reader *r, const json_t *holder)
{
    struct build *b = r->b;

    read_version(r, member(holder, "version"));
    r->has_title |= member(holder, "title").n > 0;
    put_text(b, SLOT_TITLE, member(holder, "title"), TEXT_PLAIN);
    put_text(b, SLOT_SUMMARY, member(holder, "description"), TEXT_PLAIN);
    put_link(b, SLOT_LINK, "alternate", link_of(b, holder, "home_page_url"));
    put_link(b, SLOT_SELF, "self", link_of(b, holder, "feed_url"));
    put_link(b, SLOT_NEXT, "next", link_of(b, holder, "next_url"));
    put_link(b, SLOT_IMAGE, NULL, link_of(b, holder, "icon"));
    put_link(b, SLOT_ICON, NULL, link_of(b, holder, "favicon"));
    (void)slots_put(b->now, SLOT_LANGUAGE, member(holder, "language"), 1);
    read_hubs(b, json_object_get(holder, "hubs"));
    add_authors(b, holder);
}

static void on_member(void *ctx, struct str key, struct str raw, bool over)
{
    struct reader *r = ctx;
    struct strbuf text = {.max = raw.n + key.n + 8};
    json_t *holder;

    if (r->b->rc < 0 || over)
        return;
    /* Decoding {"key": raw} keeps one place that reads members. */
    (void)strbuf_add(&text, STR("{\""));
    (void)strbuf_add(&text, key);
    (void)strbuf_add(&text, STR("\":"));
    (void)strbuf_add(&text, raw);
    (void)strbuf_add(&text, STR("}"));
    holder = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
    strbuf_fini(&text);
    if (holder == NULL)
        build_warn(r->b, "\"" STR_FMT "\" is not valid", STR_ARG(str_head(key, 40)));
    else
        read_feed(r, holder);
    json_decref(holder);
}

/* ---- the reader ---- */

static unsigned long line(void *engine)
{
    const struct reader *r = engine;

    return json_split_line(r->split);
}

static void *reader_new(struct build *b)
{
    struct reader *r = mem_new(sizeof *r);

    r->b = b;
    r->split = json_split_new(&(struct json_split_receiver){.ctx = r,
                                                            .list = "items",
                                                            .max = b->capture.text.max,
                                                            .member = on_member,
                                                            .element = on_element});
    b->line = line;
    b->engine = r;
    b->meta.format = STR("jsonfeed1.1");
    return r;
}

static int reader_push(void *reader, struct str bytes, struct err *e)
{
    struct reader *r = reader;

    (void)e;
    json_split_push(r->split, bytes);
    return r->b->rc;
}

static int reader_finish(void *reader, struct err *e)
{
    struct reader *r = reader;

    (void)e;
    if (!json_split_is_over(r->split))
        build_warn(r->b, "the document ends before its last }");
    if (!r->is_feed && !(r->has_items && r->has_title))
        (void)build_fail(r->b, ERR_FORMAT, "JSON, but no JSON Feed: no \"version\"");
    return r->b->rc;
}

static void reader_free(void *reader)
{
    struct reader *r = reader;

    json_split_free(r->split);
    free(r);
}

const struct feed_format feed_format_jsonfeed = {
    .name = "jsonfeed",
    .begins = begins,
    .reader_new = reader_new,
    .reader_push = reader_push,
    .reader_finish = reader_finish,
    .reader_free = reader_free,
};
