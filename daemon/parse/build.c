#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newsmq/date.h"

#include "fields.h"

#define FEED_BYTES_MAX    ((size_t)4 << 20)
#define ENTRY_EXTRA_BYTES ((size_t)256 << 10) /* lists and what lists leave behind */
#define WARNINGS_MAX      20
#define NAME_SHOWN        60
#define HTML_TITLE_MAX    200
#define CASE_DEPTH        32 /* open elements among which case and prefix do not count */

/* ---- faults ---- */

static unsigned long line_now(const struct build *b)
{
    return b->line != NULL ? b->line(b->engine) : 0;
}

void build_warn(struct build *b, const char *fmt, ...)
{
    char text[400];
    int n = 0;
    va_list ap;

    b->meta.well_formed = false;
    if (++b->n_warnings > WARNINGS_MAX || b->r->warning == NULL)
        return;
    if (line_now(b) > 0)
        n = snprintf(text, sizeof text, "line %lu: ", line_now(b));
    va_start(ap, fmt);
    (void)vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap); /* cut is fine */
    va_end(ap);
    b->r->warning(b->r->ctx, str_trim(str_of(text)));
}

int build_fail(struct build *b, int code, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    if (b->rc < 0)
        return b->rc;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap); /* cut is fine */
    va_end(ap);
    if (line_now(b) > 0)
        b->rc = err_set(&b->err, code, "line %lu: %s", line_now(b), text);
    else
        b->rc = err_set(&b->err, code, "%s", text);
    return b->rc;
}

void build_refuse_entity(struct build *b, enum entity_kind kind, struct str name)
{
    name = str_head(name, NAME_SHOWN);
    if (kind == ENTITY_NESTED)
        (void)build_fail(b, ERR_LIMIT, "entity '" STR_FMT "' is made of others, refused",
                         STR_ARG(name));
    else if (kind == ENTITY_TOO_MUCH)
        (void)build_fail(b, ERR_LIMIT,
                         "entities make the text more than %zu kB longer, refused",
                         ENTITY_GROWTH_MAX / 1024);
    else if (kind == ENTITY_EXTERNAL)
        build_warn(b, "external entity '" STR_FMT "' refused", STR_ARG(name));
}

/* ---- the root ---- */

static void find_format(struct build *b, struct frame *f, struct attributes a)
{
    enum ns ns = ns_of(str_of_xml(f->name.uri), str_of_xml(f->name.prefix));

    for (size_t i = 0; feed_formats[i] != NULL; i++) {
        const char *version;

        if (feed_formats[i]->root == NULL)
            continue;
        version = feed_formats[i]->root(b, ns, str_of_xml(f->name.local), a, &f->scope);
        if (version == NULL)
            continue;
        b->format = feed_formats[i];
        b->meta.format = str_of(version);
        b->meta.version =
            arena_dup(&b->feed_arena, str_trim(attribute_get(a, "version")));
        return;
    }
}

static void start_root(struct build *b, struct frame *f, struct attributes a)
{
    find_format(b, f, a);
    if (b->format != NULL)
        return;
    b->not_a_feed = true;
    f->scope = SCOPE_OTHER;
    (void)strbuf_add(&b->root_name, str_head(str_of_xml(f->name.local), NAME_SHOWN));
    b->is_html = str_eq_nocase(strbuf_str(&b->root_name), STR("html")) ||
                 str_eq_nocase(strbuf_str(&b->root_name), STR("head")) ||
                 str_eq_nocase(strbuf_str(&b->root_name), STR("body"));
    if (!b->is_html)
        (void)build_fail(b, ERR_FORMAT, "<%s> is no feed", strbuf_cstr(&b->root_name));
}

/* Two documents in one body: the second is read on, when it is of the same format. */
static void start_again(struct build *b, struct frame *f, struct attributes a)
{
    enum ns ns = ns_of(str_of_xml(f->name.uri), str_of_xml(f->name.prefix));
    enum scope scope = SCOPE_OTHER;

    f->scope = SCOPE_OTHER;
    if (b->format->root == NULL ||
        b->format->root(b, ns, str_of_xml(f->name.local), a, &scope) == NULL)
        return;
    f->scope = scope;
    build_warn(b, "another document in the same body");
}

static void html_is_no_feed(struct build *b)
{
    struct str title = str_trim(strbuf_str(&b->html_title));

    if (title.n > 0)
        (void)build_fail(b, ERR_FORMAT, "an HTML page (\"" STR_FMT "\"), not a feed",
                         STR_ARG(title));
    else
        (void)build_fail(b, ERR_FORMAT, "an HTML page, not a feed");
}

/* ---- the stack ---- */

static void note_base_and_language(struct frame *f, struct attributes a, struct build *b)
{
    for (size_t i = 0; i < a.n; i++) {
        const xmlChar **at = a.list + i * 5;
        struct str value = {(const char *)at[3], (size_t)(at[4] - at[3])};

        if (at[1] == NULL || build_ns(b, (struct name){NULL, at[1], at[2]}) != NS_XML)
            continue;
        if (strcmp((const char *)at[0], "base") == 0) {
            struct str base = resolve_against(b, f->base, value);

            if (base.n > 0)
                f->base = base;
        } else if (strcmp((const char *)at[0], "lang") == 0) {
            f->lang = arena_dup(b->now->arena, str_trim(value));
        }
    }
}

static bool starts_entry(struct build *b, struct name name)
{
    const struct tag *t = build_find_tag(b, SCOPE_FEED, name);

    return t != NULL && t->field == FIELD_ENTRY;
}

/* rdf:about names an entry; CDF has its link and date in attributes. */
static void note_entry_attributes(struct build *b, const struct frame *f,
                                  struct attributes a)
{
    struct str href = attribute_get(a, "href"), date = attribute_get(a, "lastmod");

    for (size_t i = 0; i < a.n; i++) {
        const xmlChar **at = a.list + i * 5;
        struct str value = {(const char *)at[3], (size_t)(at[4] - at[3])};

        if (at[1] != NULL && strcmp((const char *)at[0], "about") == 0)
            (void)slots_put(b->now, SLOT_ID, str_trim(value), 8);
    }
    if (href.n > 0) {
        struct str link = resolve(b, f, href);

        (void)slots_put(b->now, SLOT_LINK, link, 8);
        link_add(b, (struct feed_link){.href = link, .rel = STR("alternate")});
    }
    if (date.n > 0)
        b->now->date[SLOT_UPDATED] =
            (struct feed_date){arena_dup(b->now->arena, date), date_read(date)};
}

/* An unclosed entry ends where the next one starts. Feeds quoted in XHTML content have
   entries of their own; those documents are well-formed and do not come here. */
static void close_entry_before(struct build *b, struct name name)
{
    if (!b->loose || !b->in_entry || !starts_entry(b, name))
        return;
    while (b->in_entry && b->depth > 0)
        build_end(b);
}

/* An entry behind the last that is wanted: what is in it is not looked at. */
static const struct tag skipped = {.field = FIELD_SKIPPED_ENTRY};

void build_start(struct build *b, struct name name, const xmlChar **attributes, size_t n)
{
    struct attributes a = {attributes, n};
    struct frame *f;

    if (b->rc < 0)
        return;
    close_entry_before(b, name);
    if (b->depth == b->max_depth) {
        (void)build_fail(b, ERR_LIMIT, "elements nested deeper than %u", b->max_depth);
        return;
    }
    f = &b->frames[++b->depth];
    *f = b->frames[b->depth - 1];
    f->name = name;
    f->tag = NULL;
    if (b->capture.on) {
        f->scope = SCOPE_OTHER;
        if (b->capture.markup)
            markup_start(b, name, a);
        return;
    }
    if (b->depth == 1 && b->format == NULL) {
        start_root(b, f, a);
        if (b->format != NULL) {
            note_base_and_language(f, a, b);
            note_entry_attributes(b, f, a);
            (void)slots_put(&b->feed, SLOT_LANGUAGE, f->lang, 5);
        }
        return;
    }
    if (b->depth == 1 && b->loose && b->frames[0].scope == SCOPE_ROOT) {
        start_again(b, f, a);
        if (f->scope != SCOPE_OTHER) {
            note_base_and_language(f, a, b);
            return;
        }
        f->scope = SCOPE_ROOT;
    }
    if (b->is_html && strcasecmp((const char *)name.local, "title") == 0)
        b->in_html_title = true;
    if (f->scope == SCOPE_OTHER || b->not_a_feed)
        return;
    f->tag = build_find_tag(b, f->scope, name);
    f->scope = SCOPE_OTHER;
    if (f->tag == NULL)
        return;
    if (f->tag->field == FIELD_ENTRY && build_is_full(b)) {
        f->tag = &skipped;
        build_begin_skipped(b);
        return;
    }
    if (f->tag->field == FIELD_ENTRY)
        build_begin_entry(b);
    if (n > 0)
        note_base_and_language(f, a, b);
    if (n > 0 && f->tag->field == FIELD_ENTRY)
        note_entry_attributes(b, f, a);
    field_start(b, f->tag, f, a);
}

static inline void capture_add(struct build *b, struct str text)
{
    struct strbuf *to = &b->capture.text;

    if (text.n < to->cap - to->n && text.n <= to->max - to->n) {
        memcpy(to->p + to->n, text.p, text.n); /* the common case, without a call */
        to->n += text.n;
        to->p[to->n] = '\0';
    } else if (strbuf_add(to, text) < 0) {
        b->entry_is_over = b->in_entry;
    }
}

void build_text(struct build *b, struct str text)
{
    struct capture *c = &b->capture;

    if (b->in_html_title)
        (void)strbuf_add(&b->html_title,
                         str_head(text, HTML_TITLE_MAX - b->html_title.n));
    if (!c->on || text.n == 0)
        return;
    if (c->escape || (c->markup && b->depth > c->depth))
        markup_text(b, text);
    else
        capture_add(b, text);
}

void build_end(struct build *b)
{
    struct frame *f = &b->frames[b->depth];

    if (b->rc < 0 || b->depth == 0)
        return;
    if (b->capture.on && b->depth > b->capture.depth) {
        if (b->capture.markup)
            markup_end(b, f->name);
    } else if (f->tag != NULL) {
        struct str text = b->capture.on ? strbuf_str(&b->capture.text) : STR("");

        b->capture.on = false;
        field_end(b, f->tag, f, text);
    } else if (b->in_html_title) {
        b->in_html_title = false;
        html_is_no_feed(b);
    }
    while (b->n_bindings > 0 && b->bindings[b->n_bindings - 1].depth == b->depth)
        b->n_bindings--;
    b->depth--;
}

void build_end_named(struct build *b, struct str text, const xmlChar *local,
                     const xmlChar *prefix)
{
    unsigned at = b->depth, last = b->depth > CASE_DEPTH ? b->depth - CASE_DEPTH : 0;

    while (at > 0 && (local == NULL || b->frames[at].name.local != local ||
                      b->frames[at].name.prefix != prefix))
        at--;
    if (at == 0) {
        at = b->depth;
        while (at > last && !str_eq_nocase(str_of_xml(b->frames[at].name.local), text))
            at--;
        at = at > last ? at : 0;
    }
    if (at == 0)
        return;
    while (b->depth >= at && b->rc == 0)
        build_end(b);
}

void build_bind(struct build *b, const xmlChar *prefix, const xmlChar *uri)
{
    if (b->n_bindings < BINDINGS_MAX)
        b->bindings[b->n_bindings++] = (struct binding){prefix, uri, b->depth + 1};
}

const xmlChar *build_namespace(const struct build *b, const xmlChar *prefix)
{
    for (size_t i = b->n_bindings; i > 0; i--)
        if (b->bindings[i - 1].prefix == prefix)
            return b->bindings[i - 1].uri;
    return NULL;
}

/* ---- entries ---- */

void build_begin_entry(struct build *b)
{
    arena_reset(&b->entry_arena);
    slots_init(&b->entry, &b->entry_arena);
    b->now = &b->entry;
    b->in_entry = true;
    b->entry_is_over = false;
}

/* An RSS guid that is a permalink, or an Atom id that is an address, stands in for a
   missing link. */
static void complete_entry(struct build *b)
{
    struct slots *s = &b->entry;
    struct str id = s->plain[SLOT_ID];

    if (s->plain[SLOT_LINK].n > 0) {
        s->id_is_link = false;
    } else if (b->guid_is_relative || (str_has_prefix_nocase(id, STR("http")) &&
                                       (s->id_is_link || b->format->ns == NS_ATOM))) {
        (void)slots_put(s, SLOT_LINK, resolve(b, &b->frames[b->depth], id), 9);
    }
    b->guid_is_relative = false;
    if (s->plain[SLOT_LANGUAGE].n == 0)
        s->plain[SLOT_LANGUAGE] = b->frames[b->depth].lang;
}

static void hand_on(struct build *b)
{
    struct attachment *first = b->entry.enclosures.p;
    struct feed_entry e;
    int rc;

    if (first != NULL && first->duration_in_seconds < 0)
        first->duration_in_seconds = b->entry.duration;

    complete_entry(b);
    build_meta(b);
    slots_to_entry(&b->entry, &e);
    b->n_entries++;
    rc = b->r->entry(b->r->ctx, &e);
    if (rc < 0 && b->rc == 0)
        b->rc = err_set(&b->err, rc, "stopped after %zu entries", b->n_entries);
}

void build_end_entry(struct build *b)
{
    b->in_entry = false;
    b->n_ended++;
    if (b->entry_is_over)
        b->n_dropped++;
    else
        hand_on(b);
    b->now = &b->feed;
}

bool build_is_full(const struct build *b)
{
    return b->o->max_entries > 0 && b->n_entries >= b->o->max_entries;
}

void build_begin_skipped(struct build *b)
{
    b->in_entry = true;
}

void build_end_skipped(struct build *b)
{
    b->in_entry = false;
    b->n_ended++;
    b->n_dropped++;
}

/* ---- checkpoints ---- */

void build_save(struct build *b)
{
    struct checkpoint *c = &b->saved;

    if (b->depth > SAVED_MAX)
        return;
    c->depth = b->depth;
    memcpy(c->frames, b->frames, (b->depth + 1) * sizeof *c->frames);
    memcpy(c->bindings, b->bindings, b->n_bindings * sizeof *c->bindings);
    c->n_bindings = b->n_bindings;
    c->feed = b->feed;
    if (b->feed.modules != NULL)
        c->modules = *b->feed.modules;
}

void build_restore(struct build *b)
{
    const struct checkpoint *c = &b->saved;

    b->depth = c->depth;
    memcpy(b->frames, c->frames, (c->depth + 1) * sizeof *c->frames);
    memcpy(b->bindings, c->bindings, c->n_bindings * sizeof *c->bindings);
    b->n_bindings = c->n_bindings;
    b->feed = c->feed;
    if (b->feed.modules != NULL)
        *b->feed.modules = c->modules;
    b->now = &b->feed;
    b->in_entry = false;
    b->capture.on = false;
    if (c->depth == 0) {
        b->format = NULL;
        b->not_a_feed = b->is_html = b->in_html_title = false;
        strbuf_reset(&b->root_name);
        strbuf_reset(&b->html_title);
        memset(b->lookups, 0, sizeof b->lookups);
        b->n_spaces = 0;
    }
}

/* ---- life ---- */

void build_init(struct build *b, const struct feed_options *o,
                const struct feed_receiver *r)
{
    size_t most = o->max_entry_bytes > 0 ? o->max_entry_bytes : (size_t)4 << 20;

    b->o = o;
    b->r = r;
    b->max_depth = o->max_depth > 0 && o->max_depth < DEPTH_MAX ? o->max_depth : 256;
    b->feed_arena.max = FEED_BYTES_MAX;
    b->frames = mem_new_array(b->max_depth + 1, sizeof *b->frames);
    b->entry_arena.max = most + ENTRY_EXTRA_BYTES;
    b->capture.text.max = most;
    b->scratch.max = b->scratch2.max = most;
    b->root_name.max = b->html_title.max = 4096;
    slots_init(&b->feed, &b->feed_arena);
    b->now = &b->feed;
    b->frames[0].scope = SCOPE_ROOT;
    b->frames[0].base = o->content_location.n > 0
                            ? resolve_against(b, o->url, o->content_location)
                            : o->url;
    b->frames[0].lang = o->content_language;
    b->meta.well_formed = true;
    b->frequency = 1;
    b->meta.ttl_min = -1;
    b->meta.update_period_s = -1;
    build_save(b);
}

void build_meta(struct build *b)
{
    slots_to_meta(&b->feed, &b->meta);
}

void build_fini(struct build *b)
{
    free(b->frames);
    arena_fini(&b->feed_arena);
    arena_fini(&b->entry_arena);
    entities_fini(&b->entities);
    strbuf_fini(&b->capture.text);
    strbuf_fini(&b->scratch);
    strbuf_fini(&b->scratch2);
    strbuf_fini(&b->root_name);
    strbuf_fini(&b->html_title);
}
