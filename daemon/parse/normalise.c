/* From an entry as published to an item as promised by the record schema: plain text in
   NFC, links, people. What a publisher left out is made up where that helps, and named in
   `derived`. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/feed.h"
#include "newsmq/hash.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "item_modules.h"

#define TITLE_BYTES_MAX   ((size_t)2000)
#define DERIVED_TITLE_MAX ((size_t)120)
#define SUMMARY_BYTES_MAX ((size_t)64 * 1024)
#define DERIVED_MAX       4

struct work {
    const struct feed_entry *entry;
    const struct feed_meta *meta;
    const struct normalise_options *o;
    struct arena *a;
    struct item *it;
    struct strbuf text; /* scratch */
};

static struct str absent(void)
{
    return (struct str){NULL, 0};
}

/* ---- text ---- */

static struct strbuf *scratch(struct work *w, struct str from)
{
    strbuf_fini(&w->text);
    w->text.max = from.n * 4 + 4096; /* NFC and references grow text by less */
    return &w->text;
}

static struct str keep(struct work *w)
{
    struct str s = strbuf_str(&w->text);

    return s.n > 0 ? arena_dup(w->a, s) : absent();
}

/* White space of any kind folded to single spaces, in place. */
static void fold(struct strbuf *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        bool blank = b->p[i] == ' ' || b->p[i] == '\n' || b->p[i] == '\t';

        if (!blank)
            b->p[n++] = b->p[i];
        else if (n > 0 && b->p[n - 1] != ' ')
            b->p[n++] = ' ';
    }
    while (n > 0 && b->p[n - 1] == ' ')
        n--;
    b->n = n;
    if (b->p != NULL)
        b->p[n] = '\0';
}

/* Plain text that says so is plain; many feeds say nothing and mean HTML. */
static bool is_html(const struct feed_text *t)
{
    if (t->kind == TEXT_PLAIN)
        return t->type.n == 0 && text_looks_like_html(t->value);
    return true;
}

static struct str one_line(struct work *w, const struct feed_text *t, size_t max)
{
    struct strbuf *b = scratch(w, t->value);

    if (is_html(t))
        (void)text_line_from_html(t->value, b); /* the scratch is large enough */
    if (!is_html(t) || (b->n == 0 && !text_looks_like_html(t->value)))
        (void)text_clean(t->value, b); /* "</example>" is a title, too */
    fold(b);
    if (b->n > max)
        b->n = str_head(strbuf_str(b), max).n;
    return keep(w);
}

static struct str line_of(struct work *w, struct str s)
{
    struct feed_text t = {.value = s, .type = STR("text"), .kind = TEXT_PLAIN};

    return s.n > 0 ? one_line(w, &t, TITLE_BYTES_MAX) : absent();
}

/* Markup to text; *ret_cut when it is longer than max. */
static struct str blocks(struct work *w, const struct feed_text *t, size_t max,
                         bool *ret_cut)
{
    struct html_options o = {w->o->alt, w->o->links, t->base};
    struct strbuf *b = scratch(w, t->value);

    if (o.links)
        b->max += HTML_LINK_BYTES * 2; /* with what stands around them */
    if (is_html(t))
        (void)text_from_html_with(t->value, &o, b); /* the scratch is large enough */
    else
        (void)text_from_plain(t->value, b);
    *ret_cut = max > 0 && b->n > max;
    if (*ret_cut)
        b->n = str_trim(str_head(strbuf_str(b), max)).n;
    return keep(w);
}

/* ---- content ---- */

static const struct feed_text *longest(const struct feed_entry *e)
{
    const struct feed_text *best = NULL;

    for (size_t i = 0; i < e->n_contents; i++)
        if (e->contents[i].value.n > 0 &&
            (best == NULL || e->contents[i].value.n > best->value.n))
            best = &e->contents[i];
    return best;
}

static void add_content(struct work *w)
{
    const struct feed_text *content = longest(w->entry), *used = NULL;
    struct item *it = w->it;
    bool cut = false;

    it->content_source = CONTENT_NONE;
    if (content != NULL) {
        it->content_text = blocks(w, content, w->o->max_text_bytes, &cut);
        it->content_source = CONTENT_FEED_CONTENT;
        used = content;
    }
    if (it->content_text.n == 0 && w->entry->summary.value.n > 0) {
        it->content_text = blocks(w, &w->entry->summary, w->o->max_text_bytes, &cut);
        it->content_source = CONTENT_FEED_SUMMARY;
        used = &w->entry->summary;
    } else if (w->entry->summary.value.n > 0) {
        bool ignored;

        it->summary = blocks(w, &w->entry->summary, SUMMARY_BYTES_MAX, &ignored);
        if (str_eq(it->summary, it->content_text))
            it->summary = absent();
    }
    it->content_truncated = cut;
    if (it->content_text.n == 0) {
        it->content_text = STR("");
        it->content_source = CONTENT_NONE;
    } else if (w->o->keep_html && used != NULL && used->kind != TEXT_PLAIN) {
        if (feed_text_html(used, scratch(w, used->value)) == 0)
            it->content_html = keep(w);
    }
}

/* ---- title ---- */

static void add_derived(struct work *w, const char *name)
{
    if (w->it->derived == NULL)
        w->it->derived = arena_alloc(w->a, DERIVED_MAX * sizeof *w->it->derived);
    if (w->it->derived != NULL && w->it->n_derived < DERIVED_MAX)
        w->it->derived[w->it->n_derived++] = str_of(name);
}

/* Where the first sentence or line ends; at most max bytes, between words. */
static size_t sentence_end(struct str s, size_t max)
{
    size_t space = 0;

    for (size_t i = 0; i < s.n && i < max; i++) {
        if (s.p[i] == '\n')
            return i;
        if (s.p[i] == ' ')
            space = i;
        if (strchr(".!?", s.p[i]) != NULL &&
            (i + 1 == s.n || s.p[i + 1] == ' ' || s.p[i + 1] == '\n') && i >= 12)
            return i + 1;
    }
    if (s.n <= max)
        return s.n;
    return space > 0 ? space : str_head(s, max).n;
}

static void add_title(struct work *w)
{
    struct str text = w->it->content_text;
    size_t n;

    if (w->entry->title.value.n > 0)
        w->it->title = one_line(w, &w->entry->title, TITLE_BYTES_MAX);
    if (w->it->title.n > 0 || text.n == 0)
        return;
    n = sentence_end(text, DERIVED_TITLE_MAX);
    (void)strbuf_add(scratch(w, text), str_trim(str_slice(text, 0, n))); /* fits */
    if (n < text.n && n > 0 && text.p[n] == ' ' && strchr(".!?", text.p[n - 1]) == NULL)
        (void)strbuf_add(&w->text, STR("…"));
    w->it->title = keep(w);
    add_derived(w, "title");
}

/* ---- links, people, tags ---- */

static bool has_scheme(struct str url)
{
    struct url u;

    return url.n > 0 && url_split(url, &u, NULL) == 0 && u.scheme.n > 1;
}

static struct str full_url(struct str url)
{
    return has_scheme(url) ? url : absent();
}

static void add_links(struct work *w)
{
    struct item *it = w->it;

    it->guid = w->entry->id;
    it->url = full_url(w->entry->link);
    it->image = full_url(w->entry->image);
    if (it->url.n > 0 && url_canonical(it->url, scratch(w, it->url), NULL) == 0)
        it->canonical_url = keep(w);
    it->attachments = w->entry->enclosures;
    it->n_attachments = w->entry->n_enclosures;
    item_add_modules(it, w->entry, w->a);
}

static void add_authors(struct work *w)
{
    const struct person *from = w->entry->authors;
    size_t n = w->entry->n_authors;
    struct item *it = w->it;

    if (n == 0) {
        from = w->meta->authors;
        n = w->meta->n_authors;
    }
    if (n == 0)
        return;
    it->authors = arena_alloc(w->a, n * sizeof *it->authors);
    for (size_t i = 0; i < n && it->authors != NULL; i++) {
        struct person p = {line_of(w, from[i].name), full_url(from[i].url),
                           full_url(from[i].avatar), line_of(w, from[i].email)};

        if (p.name.n == 0)
            p.name = p.email.n > 0 ? p.email : p.url;
        if (p.name.n > 0)
            it->authors[it->n_authors++] = p;
    }
}

static void add_tags(struct work *w)
{
    const struct feed_entry *e = w->entry;
    struct item *it = w->it;

    if (e->n_tags == 0)
        return;
    it->tags = arena_alloc(w->a, e->n_tags * sizeof *it->tags);
    for (size_t i = 0; i < e->n_tags && it->tags != NULL; i++) {
        struct feed_text t = {.value = e->tags[i].label.n > 0 ? e->tags[i].label
                                                              : e->tags[i].term,
                              .kind = TEXT_HTML};
        struct str tag = t.value.n > 0 ? one_line(w, &t, TITLE_BYTES_MAX) : absent();
        bool seen = tag.n == 0;

        for (size_t k = 0; k < it->n_tags && !seen && k < 100; k++)
            seen = str_eq(it->tags[k], tag);
        if (!seen)
            it->tags[it->n_tags++] = tag;
    }
}

/* A language tag as BCP 47 has it ("en_US" is "en-US"); absent when it is none. */
static struct str language_tag(struct work *w, struct str s)
{
    size_t n = 0;

    s = str_trim(s);
    if (s.n < 2 || s.n > 35)
        return absent();
    (void)strbuf_add(scratch(w, s), s); /* fits */
    for (size_t i = 0, part = 0; i < s.n; i++) {
        char c = w->text.p[i];

        if (c == '_')
            c = '-';
        if (part == 0 && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        w->text.p[i] = c;
        if (c == '-') {
            if (n == 0 || n > 8 || (part == 0 && (n < 2 || n > 3)))
                return absent();
            part++;
            n = 0;
        } else if ((c >= 'a' && c <= 'z') ||
                   (part > 0 && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))) {
            n++;
        } else {
            return absent();
        }
        if (i + 1 == s.n && (n == 0 || n > 8 || (part == 0 && n > 3)))
            return absent();
    }
    return keep(w);
}

static void add_language(struct work *w)
{
    const struct feed_text *content = longest(w->entry);
    struct str from[] = {
        w->entry->language,     content != NULL ? content->lang : absent(),
        w->entry->summary.lang, w->entry->title.lang,
        w->meta->language,      w->o->language};

    for (size_t i = 0; i < ARRAY_LEN(from) && w->it->language.n == 0; i++)
        if (from[i].n > 0)
            w->it->language = language_tag(w, from[i]);
}

/* ---- what is left for the end of the document ---- */

/* Whether there will be something to tell the entry by. */
static bool can_be_told(const struct work *w)
{
    return w->it->guid.n > 0 || w->entry->link.n > 0 || w->it->title.n > 0 ||
           w->it->content_text.n > 0;
}

static struct item_open open_of(const struct feed_entry *e)
{
    const struct feed_date *dates[OPEN_DATES] = {[OPEN_PUBLISHED] = &e->published,
                                                 [OPEN_CREATED] = &e->created,
                                                 [OPEN_UPDATED] = &e->updated};
    struct item_open open = {.link = e->link};

    for (size_t i = 0; i < OPEN_DATES; i++) {
        open.dates[i] = dates[i]->date;
        if (dates[i]->raw.n == 0)
            open.dates[i] = (struct date){.note = DATE_MISSING};
        else if (date_is_open(&open.dates[i]))
            open.raw[i] = dates[i]->raw;
    }
    return open;
}

static void add_content_hash(struct work *w)
{
    struct str parts[] = {w->it->title, STR("\n"), w->it->content_text};
    char text[SHA256_TEXT_MAX];

    (void)hash_sha256_text(parts, ARRAY_LEN(parts), text);
    w->it->content_hash = arena_dup(w->a, str_of(text));
}

static void add_feed(struct work *w)
{
    struct item_feed *f = &w->it->feed;
    struct feed_text title = {.value = w->meta->title, .kind = TEXT_HTML};

    if (f->title.p == NULL && title.value.n > 0)
        f->title = one_line(w, &title, TITLE_BYTES_MAX);
    if (f->site.p == NULL)
        f->site = full_url(w->meta->link);
    if (f->format.p == NULL)
        f->format = w->meta->format;
}

int item_from_entry(const struct feed_entry *entry, const struct feed_meta *meta,
                    const struct normalise_options *o, struct arena *a, struct item *ret,
                    struct item_open *ret_open, struct err *e)
{
    struct item it = {.feed = ret->feed, .fetch = ret->fetch};
    struct work w = {.entry = entry, .meta = meta, .o = o, .a = a, .it = &it};
    int rc = 0;

    it.date_seen_ms = ret->date_seen_ms;
    add_feed(&w);
    add_content(&w);
    add_title(&w);
    add_links(&w);
    if (!can_be_told(&w))
        rc = err_set(e, ERR_FORMAT, "an entry without title, link, id and text");
    if (rc == 0) {
        add_authors(&w);
        add_tags(&w);
        add_language(&w);
        add_content_hash(&w);
        *ret = it;
        *ret_open = open_of(entry);
    }
    strbuf_fini(&w.text);
    return rc;
}
