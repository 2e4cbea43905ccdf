/* feed_dump.h - what the parser makes of a document, as lines of text to compare */
#ifndef TEST_FEED_DUMP_H
#define TEST_FEED_DUMP_H

#include "newsmq/clock.h"
#include "newsmq/feed.h"

struct feed_dump {
    struct strbuf text;
    size_t n_entries, n_warnings;
    int rc;
    struct err e;
    size_t n_dropped;
};

static void dump_text(struct feed_dump *d, const char *label, struct str s)
{
    if (s.p == NULL)
        return;
    (void)strbuf_addf(&d->text, "%s ", label);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n')
            (void)strbuf_add_text(&d->text, "\\n");
        else
            (void)strbuf_add_char(&d->text, s.p[i]);
    }
    (void)strbuf_add_char(&d->text, '\n');
}

static void dump_date(struct feed_dump *d, const char *label, const struct feed_date *at)
{
    char text[CLOCK_TEXT_MAX];

    if (at->raw.p == NULL)
        return;
    if (at->date.known)
        dump_text(d, label, str_of(clock_text(at->date.ms, text)));
    else
        dump_text(d, label, STR("unknown"));
}

static void dump_people(struct feed_dump *d, const char *label, const struct person *p,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)strbuf_addf(&d->text, "%s " STR_FMT " <" STR_FMT "> " STR_FMT "\n", label,
                          STR_ARG(p[i].name), STR_ARG(p[i].email), STR_ARG(p[i].url));
}

static int dump_entry(void *ctx, const struct feed_entry *e)
{
    static const char *const kinds[] = {"plain", "html", "xhtml"};
    struct feed_dump *d = ctx;

    d->n_entries++;
    (void)strbuf_add_text(&d->text, "entry\n");
    dump_text(d, "  id", e->id);
    dump_text(d, e->id_is_link ? "  link from id" : "  link", e->link);
    dump_text(d, "  external", e->external_url);
    dump_text(d, "  title", e->title.value);
    dump_text(d, "  summary", e->summary.value);
    for (size_t i = 0; i < e->n_contents; i++) {
        (void)strbuf_addf(&d->text, "  content as %s", kinds[e->contents[i].kind]);
        dump_text(d, "", e->contents[i].value);
    }
    dump_date(d, "  published", &e->published);
    dump_date(d, "  updated", &e->updated);
    dump_people(d, "  author", e->authors, e->n_authors);
    dump_people(d, "  contributor", e->contributors, e->n_contributors);
    for (size_t i = 0; i < e->n_tags; i++)
        (void)strbuf_addf(&d->text, "  tag " STR_FMT " (" STR_FMT ")\n",
                          STR_ARG(e->tags[i].term), STR_ARG(e->tags[i].scheme));
    for (size_t i = 0; i < e->n_enclosures; i++)
        (void)strbuf_addf(&d->text, "  file " STR_FMT " " STR_FMT " %lld B %.0f s\n",
                          STR_ARG(e->enclosures[i].url),
                          STR_ARG(e->enclosures[i].mime_type),
                          (long long)e->enclosures[i].size_in_bytes,
                          e->enclosures[i].duration_in_seconds);
    dump_text(d, "  image", e->image);
    dump_text(d, "  language", e->language);
    dump_text(d, "  rights", e->rights.value);
    if (e->source != NULL)
        dump_text(d, "  source", e->source->title_as_published.value);
    return 0;
}

static void dump_warning(void *ctx, struct str text)
{
    struct feed_dump *d = ctx;

    d->n_warnings++;
    dump_text(d, "warning", text);
}

static void dump_meta(struct feed_dump *d, const struct feed_meta *m)
{
    dump_text(d, "format", m->format);
    dump_text(d, "encoding", m->encoding);
    dump_text(d, "well formed", m->well_formed ? STR("yes") : STR("no"));
    dump_text(d, "title", m->title);
    dump_text(d, "subtitle", m->subtitle.value);
    dump_text(d, "id", m->id);
    dump_text(d, "link", m->link);
    dump_text(d, "self", m->self);
    dump_text(d, "hub", m->hub);
    dump_text(d, "next", m->next);
    dump_text(d, "language", m->language);
    dump_text(d, "image", m->image);
    dump_date(d, "updated", &m->updated);
    dump_people(d, "author", m->authors, m->n_authors);
    if (m->ttl_min >= 0)
        (void)strbuf_addf(&d->text, "ttl %d\n", m->ttl_min);
    if (m->update_period_s >= 0)
        (void)strbuf_addf(&d->text, "period %lld\n", (long long)m->update_period_s);
    if (m->skip_hours != 0 || m->skip_days != 0)
        (void)strbuf_addf(&d->text, "skip hours %x days %x\n", m->skip_hours,
                          m->skip_days);
}

/* Pushes document in pieces of the given size. Free with feed_dump_fini. */
static struct feed_dump feed_dump(struct str document, size_t piece,
                                  const struct feed_options *o)
{
    struct feed_dump d = {.text.max = (size_t)64 << 20};
    struct feed_receiver r = {&d, dump_entry, dump_warning};
    struct feed_parser *p = feed_parser_new(o, &r);

    for (size_t at = 0; at < document.n && d.rc == 0; at += piece)
        d.rc = feed_parser_push(
            p, str_slice(document, at, document.n - at < piece ? document.n : at + piece),
            &d.e);
    d.rc = feed_parser_finish(p, &d.e);
    if (d.rc < 0)
        dump_text(&d, "error", str_of(d.e.text));
    dump_meta(&d, feed_parser_meta(p));
    d.n_dropped = feed_parser_dropped(p);
    feed_parser_free(p);
    return d;
}

static void feed_dump_fini(struct feed_dump *d)
{
    strbuf_fini(&d->text);
}

#endif
