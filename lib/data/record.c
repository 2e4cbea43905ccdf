#include <stdio.h>
#include <stdlib.h>

#include "newsmq/record.h"
#include "newsmq/json.h"
#include "newsmq/text.h"

const char *entity_type_name(enum entity_type t)
{
    static const char *const names[] = {[ENTITY_PER] = "PER",
                                        [ENTITY_ORG] = "ORG",
                                        [ENTITY_LOC] = "LOC",
                                        [ENTITY_EVENT] = "EVENT",
                                        [ENTITY_MISC] = "MISC"};

    return names[t];
}

const char *nlp_status_name(enum nlp_status s)
{
    static const char *const names[] = {[NLP_OK] = "ok",
                                        [NLP_PARTIAL] = "partial",
                                        [NLP_FAILED] = "failed",
                                        [NLP_SKIPPED] = "skipped"};

    return names[s];
}

/* ---- code points: how many stand before a byte, from a count every 64 bytes ---- */

#define BLOCK 64

struct points {
    struct str text;
    uint32_t *before; /* of each block; NULL when all is ASCII */
};

static bool is_ascii(struct str s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.n; i++)
        all |= (unsigned char)s.p[i];
    return all < 0x80;
}

static void points_init(struct points *p, struct str text)
{
    size_t n = text.n / BLOCK + 1, count = 0;

    if (text.p == NULL)
        text = STR("");
    *p = (struct points){text, NULL};
    if (is_ascii(text))
        return;
    p->before = mem_new_array(n, sizeof *p->before); /* a 16th of a text that is there */
    for (size_t i = 0; i < n; i++) {
        size_t to = (i + 1) * BLOCK < text.n ? (i + 1) * BLOCK : text.n;

        p->before[i] = (uint32_t)count;
        count += utf8_count(str_slice(text, i * BLOCK, to));
    }
}

static uint32_t points_before(const struct points *p, uint32_t byte)
{
    size_t block = byte / BLOCK;

    if (p->before == NULL)
        return byte;
    return p->before[block] +
           (uint32_t)utf8_count(str_slice(p->text, block * BLOCK, byte));
}

static bool cuts_point(struct str text, uint32_t at)
{
    return at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80;
}

/* ---- writing ---- */

struct writing {
    struct jsonw j;
    struct points body, title;
    struct err *e;
};

static int check_span(struct writing *w, struct span s, const char *what, size_t i)
{
    struct str text = s.field == FIELD_TITLE ? w->title.text : w->body.text;

    if (s.start >= s.end || s.end > text.n)
        return err_set(w->e, ERR_FORMAT, "%s %zu: the span %u–%u is outside of its text",
                       what, i + 1, s.start, s.end);
    if (cuts_point(text, s.start) || cuts_point(text, s.end))
        return err_set(w->e, ERR_FORMAT, "%s %zu: the span %u–%u cuts a character", what,
                       i + 1, s.start, s.end);
    return 0;
}

static void put_span(struct writing *w, struct span s)
{
    const struct points *p = s.field == FIELD_TITLE ? &w->title : &w->body;

    jsonw_member_u64(&w->j, "start", points_before(p, s.start));
    jsonw_member_u64(&w->j, "end", points_before(p, s.end));
    jsonw_member_u64(&w->j, "start_byte", s.start);
    jsonw_member_u64(&w->j, "end_byte", s.end);
    jsonw_member_str(&w->j, "text", str_slice(p->text, s.start, s.end));
}

static void put_share(struct jsonw *j, const char *key, float v)
{
    jsonw_key(j, key);
    jsonw_f(j, v < 0 ? 0 : (v > 1 ? 1 : (double)v), 3);
}

static int put_mentions(struct writing *w, const struct entity *en, size_t i)
{
    if (en->n_mentions == 0)
        return err_set(w->e, ERR_FORMAT, "entity %zu: has no mention", i + 1);
    jsonw_key(&w->j, "mentions");
    jsonw_array(&w->j);
    for (size_t k = 0; k < en->n_mentions; k++) {
        const struct mention *m = &en->mentions[k];

        if (check_span(w, m->span, "entity", i) < 0)
            return ERR_FORMAT;
        jsonw_object(&w->j);
        put_span(w, m->span);
        if (m->span.field == FIELD_TITLE)
            jsonw_member_cstr(&w->j, "field", "title");
        if (m->score >= 0)
            put_share(&w->j, "score", m->score);
        jsonw_object_end(&w->j);
    }
    jsonw_array_end(&w->j);
    return 0;
}

static void put_geo(struct jsonw *j, const struct entity *en)
{
    if (!en->has_geo)
        return;
    jsonw_key(j, "geo");
    jsonw_object(j);
    jsonw_key(j, "lat");
    jsonw_f(j, en->lat, 4);
    jsonw_key(j, "lon");
    jsonw_f(j, en->lon, 4);
    if (en->country.n == 2)
        jsonw_member_str(j, "country", en->country);
    if (en->admin1.n > 0)
        jsonw_member_str(j, "admin1", en->admin1);
    if (en->precision.n > 0)
        jsonw_member_str(j, "precision", en->precision);
    jsonw_object_end(j);
}

static int put_entity(struct writing *w, const struct entity *en, size_t i)
{
    struct jsonw *j = &w->j;
    char id[24];

    (void)snprintf(id, sizeof id, "e%zu", i + 1);
    jsonw_object(j);
    jsonw_member_cstr(j, "id", id);
    jsonw_member_cstr(j, "type", entity_type_name(en->type));
    if (en->subtype.n > 0)
        jsonw_member_str(j, "subtype", en->subtype);
    jsonw_member_str(j, "name", en->name.p != NULL ? en->name : STR(""));
    if (en->n_aliases > 0) {
        jsonw_key(j, "aliases");
        jsonw_array(j);
        for (size_t k = 0; k < en->n_aliases; k++)
            jsonw_str(j, en->aliases[k]);
        jsonw_array_end(j);
    }
    jsonw_member_str(j, "uri", en->uri);
    if (en->link_score > 0)
        put_share(j, "link_score", en->link_score);
    if (en->wikidata.n > 0)
        jsonw_member_str(j, "wikidata", en->wikidata);
    jsonw_member_cstr(j, "rel", en->is_about ? "about" : "mentions");
    put_share(j, "salience", en->salience);
    put_share(j, "score", en->score);
    put_geo(j, en);
    if (put_mentions(w, en, i) < 0)
        return ERR_FORMAT;
    jsonw_object_end(j);
    return 0;
}

static int put_entities(struct writing *w, const struct result *r)
{
    jsonw_key(&w->j, "entities");
    jsonw_array(&w->j);
    for (size_t i = 0; i < r->n_entities; i++)
        if (put_entity(w, &r->entities[i], i) < 0)
            return ERR_FORMAT;
    jsonw_array_end(&w->j);
    return 0;
}

static int put_quotes(struct writing *w, const struct result *r)
{
    char id[24];

    jsonw_key(&w->j, "quotes");
    jsonw_array(&w->j);
    for (size_t i = 0; i < r->n_quotes; i++) {
        const struct quote *q = &r->quotes[i];

        if (q->span.field != FIELD_CONTENT_TEXT)
            return err_set(w->e, ERR_FORMAT, "quote %zu: is not in the text", i + 1);
        if (check_span(w, q->span, "quote", i) < 0)
            return ERR_FORMAT;
        if (q->speaker >= 0 && (size_t)q->speaker >= r->n_entities)
            return err_set(w->e, ERR_FORMAT, "quote %zu: entity %d does not exist", i + 1,
                           q->speaker + 1);
        (void)snprintf(id, sizeof id, "e%d", q->speaker + 1);
        jsonw_object(&w->j);
        put_span(w, q->span);
        jsonw_member_cstr(&w->j, "speaker", q->speaker >= 0 ? id : NULL);
        jsonw_member_str(&w->j, "cue", q->cue);
        jsonw_object_end(&w->j);
    }
    jsonw_array_end(&w->j);
    return 0;
}

static int put_watch(struct writing *w, const struct result *r)
{
    if (r->n_watch == 0)
        return 0;
    jsonw_key(&w->j, "watch");
    jsonw_array(&w->j);
    for (size_t i = 0; i < r->n_watch; i++) {
        const struct watch_note *note = &r->watch[i];

        jsonw_object(&w->j);
        jsonw_member_str(&w->j, "rule", note->rule);
        jsonw_key(&w->j, "spans");
        jsonw_array(&w->j);
        for (size_t k = 0; k < note->n_spans; k++) {
            if (check_span(w, note->spans[k], "watch", i) < 0)
                return ERR_FORMAT;
            jsonw_object(&w->j);
            put_span(w, note->spans[k]);
            if (note->spans[k].field == FIELD_TITLE)
                jsonw_member_cstr(&w->j, "field", "title");
            jsonw_object_end(&w->j);
        }
        jsonw_array_end(&w->j);
        jsonw_object_end(&w->j);
    }
    jsonw_array_end(&w->j);
    return 0;
}

static void put_runs(struct jsonw *j, const struct result *r)
{
    jsonw_key(j, "workers");
    jsonw_array(j);
    for (size_t i = 0; i < r->n_runs; i++) {
        const struct extractor_run *x = &r->runs[i];

        jsonw_object(j);
        jsonw_member_cstr(j, "name", x->name);
        jsonw_member_cstr(j, "version", x->version);
        jsonw_member_str(j, "model", x->model);
        jsonw_member_str(j, "model_sha256", x->model_sha256);
        jsonw_key(j, "duration_ms");
        jsonw_f(j, x->duration_ms, 3);
        jsonw_member_u64(j, "attempts", r->attempt > 0 ? r->attempt : 1);
        if (x->error.n > 0)
            jsonw_member_str(j, "error", x->error);
        if (x->skipped.n > 0)
            jsonw_member_str(j, "skipped", x->skipped);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_head(struct jsonw *j, const struct result *r)
{
    jsonw_member_cstr(j, "status", nlp_status_name(r->status));
    jsonw_member_str(j, "error", r->error);
    jsonw_key(j, "language");
    if (r->language.n == 0) {
        jsonw_null(j);
        return;
    }
    jsonw_object(j);
    jsonw_member_str(j, "code", r->language);
    put_share(j, "score", r->language_score);
    jsonw_object_end(j);
}

int result_write_nlp(const struct result *r, const struct item *it, struct strbuf *out,
                     struct err *e)
{
    struct writing w = {.j = jsonw_to(out), .e = e};
    size_t before = out->n;
    int rc = 0;

    points_init(&w.body, it->content_text);
    points_init(&w.title, it->title);
    jsonw_object(&w.j);
    put_head(&w.j, r);
    rc = put_entities(&w, r);
    if (rc == 0)
        rc = put_quotes(&w, r);
    if (rc == 0)
        rc = put_watch(&w, r);
    if (rc == 0) {
        put_runs(&w.j, r);
        jsonw_object_end(&w.j);
        rc = w.j.rc;
        if (rc < 0)
            (void)err_set(e, rc, "the result is larger than %zu bytes", out->max);
    }
    free(w.body.before);
    free(w.title.before);
    if (rc < 0) {
        out->n = before; /* all or nothing */
        if (out->p != NULL)
            out->p[before] = '\0';
    }
    return rc;
}
