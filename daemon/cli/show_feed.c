#include <stdio.h>
#include <time.h>

#include "newsmq/text.h"

#include "show_feed.h"

static void text(struct jsonw *j, const char *key, struct str s)
{
    if (s.n > 0)
        jsonw_member_str(j, key, s);
}

/* What people read, in NFC; an id or an address is a name, byte for byte. */
static void words(struct jsonw *j, const char *key, struct str s)
{
    struct strbuf clean = {.max = s.n * 4 + 64};

    if (s.n > 0 && text_clean(s, &clean) == 0)
        text(j, key, strbuf_str(&clean));
    strbuf_fini(&clean);
}

static bool has_tags(struct str s)
{
    for (size_t i = 0; (i = str_find_char(s, '<', i)) != SIZE_MAX; i++)
        if (i + 1 < s.n && (s.p[i + 1] == '/' || s.p[i + 1] == '!' ||
                            ((s.p[i + 1] | 0x20) >= 'a' && (s.p[i + 1] | 0x20) <= 'z')))
            return true;
    return false;
}

/* Markup is shown as the sanitiser leaves it; text as it is. */
static void show_markup(struct jsonw *j, const char *key, const struct feed_text *t)
{
    struct strbuf html = {.max = t->value.n * 8 + 4096};

    if (t->kind != TEXT_PLAIN && has_tags(t->value) && feed_text_html(t, &html) == 0)
        words(j, key, strbuf_str(&html));
    else
        words(j, key, t->value);
    strbuf_fini(&html);
}

/* The media type that a text declares, or that its kind means. */
static struct str type_of(const struct feed_text *t)
{
    static const struct str types[] = {[TEXT_PLAIN] = STR_INIT("text/plain"),
                                       [TEXT_HTML] = STR_INIT("text/html"),
                                       [TEXT_XHTML] = STR_INIT("application/xhtml+xml")};

    return str_find_char(t->type, '/', 0) != SIZE_MAX ? t->type : types[t->kind];
}

/* "title", and what it is: "title_type", "title_language". */
static void markup(struct jsonw *j, const char *key, const struct feed_text *t)
{
    char of[40];

    if (t->value.n == 0)
        return;
    show_markup(j, key, t);
    (void)snprintf(of, sizeof of, "%s_type", key); /* fits */
    text(j, of, type_of(t));
    (void)snprintf(of, sizeof of, "%s_language", key); /* fits */
    text(j, of, t->lang);
}

void show_date(struct jsonw *j, const char *raw_key, const char *utc_key,
               const struct feed_date *d)
{
    time_t seconds = (time_t)(d->date.ms / 1000 - (d->date.ms % 1000 < 0 ? 1 : 0));
    char utc[40];
    struct tm tm;

    text(j, raw_key, d->raw);
    if (!d->date.known || gmtime_r(&seconds, &tm) == NULL)
        return;
    (void)strftime(utc, sizeof utc, "%Y-%m-%dT%H:%M:%SZ", &tm);
    jsonw_member_cstr(j, utc_key, utc);
}

static void person_members(struct jsonw *j, const struct person *p)
{
    jsonw_object(j);
    words(j, "name", p->name);
    text(j, "email", p->email);
    text(j, "url", p->url);
    text(j, "avatar", p->avatar);
    jsonw_object_end(j);
}

static void persons(struct jsonw *j, const char *key, const struct person *p, size_t n)
{
    if (n == 0)
        return;
    jsonw_key(j, key);
    jsonw_array(j);
    for (size_t i = 0; i < n; i++)
        person_members(j, &p[i]);
    jsonw_array_end(j);
}

/* "Name (address)" of the first. */
static void name_and_address(struct jsonw *j, const char *key, const struct person *p,
                             size_t n)
{
    struct strbuf line = {.max = 4096};

    if (n == 0)
        return;
    (void)strbuf_add(&line, p->name); /* cut is fine */
    if (p->email.n > 0 && p->name.n > 0)
        (void)strbuf_addf(&line, " (" STR_FMT ")", STR_ARG(p->email));
    else
        (void)strbuf_add(&line, p->email);
    words(j, key, strbuf_str(&line));
    strbuf_fini(&line);
}

static void tags(struct jsonw *j, const struct feed_tag *t, size_t n)
{
    if (n == 0)
        return;
    jsonw_key(j, "tags");
    jsonw_array(j);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j);
        words(j, "term", t[i].term);
        text(j, "scheme", t[i].scheme);
        words(j, "label", t[i].label);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void links(struct jsonw *j, const struct feed_link *l, size_t n)
{
    if (n == 0)
        return;
    jsonw_key(j, "links");
    jsonw_array(j);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j);
        text(j, "rel", l[i].rel);
        text(j, "type", l[i].type);
        text(j, "href", l[i].href);
        words(j, "title", l[i].title);
        text(j, "hreflang", l[i].hreflang);
        text(j, "length", l[i].length);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void enclosures(struct jsonw *j, const struct feed_entry *e)
{
    if (e->n_enclosures == 0)
        return;
    jsonw_key(j, "enclosures");
    jsonw_array(j);
    for (size_t i = 0; i < e->n_enclosures; i++) {
        const struct attachment *a = &e->enclosures[i];

        jsonw_object(j);
        text(j, "href", a->url);
        text(j, "type", a->mime_type);
        if (a->size_in_bytes >= 0)
            jsonw_member_i64(j, "length", a->size_in_bytes);
        if (a->duration_in_seconds >= 0) {
            jsonw_key(j, "duration");
            jsonw_f(j, a->duration_in_seconds, 0);
        }
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void contents(struct jsonw *j, const struct feed_entry *e)
{
    if (e->n_contents == 0)
        return;
    jsonw_key(j, "content");
    jsonw_array(j);
    for (size_t i = 0; i < e->n_contents; i++) {
        const struct feed_text *t = &e->contents[i];

        jsonw_object(j);
        show_markup(j, "value", t);
        text(j, "type", type_of(t));
        text(j, "src", t->source);
        text(j, "base", t->base);
        text(j, "language", t->lang);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

void show_entry(struct jsonw *j, const struct feed_entry *e)
{
    const struct feed_text *summary = &e->summary;

    if (summary->value.n == 0 && e->n_contents > 0)
        summary = &e->contents[0];
    text(j, "id", e->id);
    if (e->id.n > 0)
        jsonw_member_bool(j, "id_is_link", e->id_is_link);
    markup(j, "title", &e->title);
    text(j, "link", e->link);
    text(j, "external_url", e->external_url);
    markup(j, "summary", summary);
    markup(j, "subtitle", &e->subtitle);
    contents(j, e);
    name_and_address(j, "author", e->authors, e->n_authors);
    persons(j, "authors", e->authors, e->n_authors);
    persons(j, "contributors", e->contributors, e->n_contributors);
    show_date(j, "published_raw", "published_utc", &e->published);
    show_date(j, "updated_raw", "updated_utc", &e->updated);
    show_date(j, "created_raw", "created_utc", &e->created);
    show_date(j, "expired_raw", "expired_utc", &e->expired);
    tags(j, e->tags, e->n_tags);
    links(j, e->links, e->n_links);
    enclosures(j, e);
    markup(j, "rights", &e->rights);
    text(j, "language", e->language);
    text(j, "comments", e->comments);
    show_image(j, e->image, &e->modules);
    show_modules(j, &e->modules);
    if (e->source != NULL) {
        jsonw_key(j, "source");
        jsonw_object(j);
        show_feed(j, e->source);
        text(j, "href", e->source->link);
        jsonw_object_end(j);
    }
}

static void generator(struct jsonw *j, const struct feed_meta *m)
{
    const struct feed_channel *c = m->modules.channel;

    if (m->generator.n == 0)
        return;
    text(j, "generator", m->generator);
    jsonw_key(j, "generator_detail");
    jsonw_object(j);
    text(j, "name", m->generator);
    if (c != NULL) {
        text(j, "href", c->generator_href);
        text(j, "url", c->generator_href);
        text(j, "version", c->generator_version);
    }
    jsonw_object_end(j);
}

static void publisher(struct jsonw *j, const struct feed_meta *m)
{
    const struct feed_channel *c = m->modules.channel;
    const struct person *p = m->n_owners > 0 ? &m->owners[0] : NULL;

    if (p == NULL && c != NULL && c->publisher.name.n + c->publisher.email.n > 0)
        p = &c->publisher;
    if (p == NULL)
        return;
    name_and_address(j, "publisher", p, 1);
    jsonw_key(j, "publisher_detail");
    person_members(j, p);
}

void show_feed(struct jsonw *j, const struct feed_meta *m)
{
    text(j, "id", m->id);
    markup(j, "title", &m->title_as_published);
    text(j, "link", m->link);
    text(j, "self_url", m->self);
    text(j, "hub_url", m->hub);
    text(j, "next_url", m->next);
    markup(j, "subtitle", &m->subtitle);
    text(j, "language", m->language);
    markup(j, "rights", &m->rights);
    markup(j, "info", &m->info);
    generator(j, m);
    publisher(j, m);
    text(j, "icon_url", m->icon.n > 0 ? m->icon : m->image);
    show_image(j, m->image.n > 0 ? m->image : m->icon, &m->modules);
    text(j, "icon", m->icon);
    text(j, "logo", m->image);
    show_date(j, "published_raw", "published_utc", &m->published);
    show_date(j, "updated_raw", "updated_utc", &m->updated);
    show_date(j, "created_raw", "created_utc", &m->created);
    name_and_address(j, "author", m->authors, m->n_authors);
    persons(j, "authors", m->authors, m->n_authors);
    persons(j, "contributors", m->contributors, m->n_contributors);
    tags(j, m->tags, m->n_tags);
    links(j, m->links, m->n_links);
    show_modules(j, &m->modules);
}

const char *show_format(const struct feed_meta *m, char buf[16])
{
    size_t n = 0;

    if (str_has_prefix(m->format, STR("rss")) && m->version.n > 0 && m->version.n < 8) {
        n = (size_t)snprintf(buf, 16, "rss");
        for (size_t i = 0; i < m->version.n; i++)
            if (m->version.p[i] >= '0' && m->version.p[i] <= '9')
                buf[n++] = m->version.p[i];
        buf[n] = '\0';
        return buf;
    }
    if (str_eq(m->format, STR("rss0.9x")))
        return "rss090";
    for (size_t i = 0; i < m->format.n && n < 15; i++)
        if (m->format.p[i] != '.')
            buf[n++] = m->format.p[i];
    buf[n] = '\0';
    return buf;
}
