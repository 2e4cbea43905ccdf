#include "newsmq/item.h"
#include "newsmq/clock.h"
#include "newsmq/json.h"

#ifndef NEWSMQ_VERSION
#define NEWSMQ_VERSION "0"
#endif

const char *id_basis_name(enum id_basis basis)
{
    static const char *const names[] = {[ID_GUID] = "guid",
                                        [ID_LINK] = "link",
                                        [ID_TITLE_DATE] = "title_date",
                                        [ID_CONTENT] = "content"};

    return names[basis];
}

const char *content_source_name(enum content_source source)
{
    static const char *const names[] = {[CONTENT_NONE] = "none",
                                        [CONTENT_FEED_CONTENT] = "feed_content",
                                        [CONTENT_FEED_SUMMARY] = "feed_summary",
                                        [CONTENT_PAGE] = "page"};

    return names[source];
}

const char *page_outcome_name(enum page_outcome outcome)
{
    static const char *const names[] = {
        [PAGE_NOT_ASKED] = "not_asked",   [PAGE_USED] = "used",
        [PAGE_NO_ARTICLE] = "no_article", [PAGE_SHORTER] = "shorter",
        [PAGE_FORBIDDEN] = "forbidden",   [PAGE_FAILED] = "failed",
        [PAGE_LEFT_OUT] = "left_out",
    };

    return names[outcome];
}

/* ---- writing: the members in the order of docs/record.md ---- */

/* A member that the schema does not let be null. */
static void put_if_there(struct jsonw *j, const char *key, struct str s)
{
    if (s.p != NULL)
        jsonw_member_str(j, key, s);
}

/* A text that the schema requires. */
static void put_always(struct jsonw *j, const char *key, struct str s)
{
    jsonw_member_str(j, key, s.p != NULL ? s : STR(""));
}

static void put_texts(struct jsonw *j, const char *key, const struct str *list, size_t n)
{
    jsonw_key(j, key);
    jsonw_array(j);
    for (size_t i = 0; i < n; i++)
        jsonw_str(j, list[i].p != NULL ? list[i] : STR(""));
    jsonw_array_end(j);
}

static void put_authors(struct jsonw *j, const struct item *it)
{
    jsonw_key(j, "authors");
    jsonw_array(j);
    for (size_t i = 0; i < it->n_authors; i++) {
        const struct person *p = &it->authors[i];

        jsonw_object(j);
        put_always(j, "name", p->name);
        put_if_there(j, "url", p->url);
        put_if_there(j, "avatar", p->avatar);
        put_if_there(j, "email", p->email);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_attachments(struct jsonw *j, const struct item *it)
{
    if (it->n_attachments == 0)
        return;
    jsonw_key(j, "attachments");
    jsonw_array(j);
    for (size_t i = 0; i < it->n_attachments; i++) {
        const struct attachment *a = &it->attachments[i];

        jsonw_object(j);
        put_always(j, "url", a->url);
        put_if_there(j, "mime_type", a->mime_type);
        if (a->size_in_bytes >= 0)
            jsonw_member_i64(j, "size_in_bytes", a->size_in_bytes);
        if (a->duration_in_seconds >= 0) {
            jsonw_key(j, "duration_in_seconds");
            jsonw_f(j, a->duration_in_seconds, 3);
        }
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_number(struct jsonw *j, const char *key, double v)
{
    if (v <= 0)
        return;
    jsonw_key(j, key);
    jsonw_f(j, v, v < 9e15 && v == (double)(int64_t)v ? 0 : 3);
}

static void put_episode(struct jsonw *j, const struct item_episode *e)
{
    if (e->number <= 0 && e->season <= 0 && e->type.n == 0 && !e->is_explicit)
        return;
    jsonw_key(j, "episode");
    jsonw_object(j);
    put_number(j, "number", e->number);
    put_number(j, "season", e->season);
    put_if_there(j, "type", e->type);
    if (e->is_explicit)
        jsonw_member_bool(j, "is_explicit", true);
    jsonw_object_end(j);
}

static void put_place(struct jsonw *j, const struct item_place *p)
{
    if (!p->known)
        return;
    jsonw_key(j, "place");
    jsonw_object(j);
    jsonw_key(j, "longitude");
    jsonw_f(j, p->longitude, 6);
    jsonw_key(j, "latitude");
    jsonw_f(j, p->latitude, 6);
    put_if_there(j, "name", p->name);
    jsonw_object_end(j);
}

static void put_content(struct jsonw *j, const struct item *it)
{
    jsonw_member_str(j, "guid", it->guid);
    jsonw_member_str(j, "url", it->url);
    jsonw_member_str(j, "canonical_url", it->canonical_url);
    jsonw_member_str(j, "title", it->title);
    put_always(j, "content_text", it->content_text);
    put_if_there(j, "content_html", it->content_html);
    jsonw_member_cstr(j, "content_source", content_source_name(it->content_source));
    jsonw_member_bool(j, "content_truncated", it->content_truncated);
    jsonw_member_str(j, "summary", it->summary);
    put_if_there(j, "image", it->image);
    if (it->image_width > 0 && it->image_height > 0) {
        jsonw_member_u64(j, "image_width", it->image_width);
        jsonw_member_u64(j, "image_height", it->image_height);
    }
    put_authors(j, it);
    put_texts(j, "tags", it->tags, it->n_tags);
    jsonw_member_str(j, "language", it->language);
    put_attachments(j, it);
    put_episode(j, &it->episode);
    put_place(j, &it->place);
}

static void put_dates(struct jsonw *j, const struct item *it)
{
    jsonw_member_time(j, "date_published", it->date_published_ms);
    jsonw_member_time(j, "date_modified", it->date_modified_ms);
    if (it->date_seen_ms != 0)
        jsonw_member_time(j, "date_seen", it->date_seen_ms);
    jsonw_member_cstr(j, "date_note", date_note_name(it->date_note));
    put_texts(j, "derived", it->derived, it->n_derived);
}

static void put_feed(struct jsonw *j, const struct item_feed *f)
{
    jsonw_key(j, "feed");
    jsonw_object(j);
    put_always(j, "id", f->id);
    put_always(j, "url", f->url);
    jsonw_member_str(j, "title", f->title);
    jsonw_member_str(j, "site", f->site);
    put_if_there(j, "format", f->format);
    jsonw_member_str(j, "group", f->group);
    jsonw_key(j, "labels");
    jsonw_object(j);
    for (size_t i = 0; i < f->n_labels; i++) {
        jsonw_key_str(j, f->labels[i].key);
        jsonw_str(j, f->labels[i].value.p != NULL ? f->labels[i].value : STR(""));
    }
    jsonw_object_end(j);
    jsonw_object_end(j);
}

static void put_page(struct jsonw *j, const struct item_page *p)
{
    if (p->outcome == PAGE_NOT_ASKED)
        return;
    jsonw_key(j, "page");
    jsonw_object(j);
    jsonw_member_cstr(j, "outcome", page_outcome_name(p->outcome));
    put_if_there(j, "url", p->url);
    if (p->time_ms != 0)
        jsonw_member_time(j, "time", p->time_ms);
    if (p->http_status > 0)
        jsonw_member_i64(j, "http_status", p->http_status);
    if (p->time_ms != 0)
        jsonw_member_u64(j, "bytes", p->bytes);
    put_if_there(j, "reason", p->reason);
    jsonw_object_end(j);
}

static void put_fetch(struct jsonw *j, const struct item_fetch *f)
{
    char text[CLOCK_TEXT_MAX];

    jsonw_key(j, "fetch");
    jsonw_object(j);
    jsonw_member_cstr(j, "time", clock_text(f->time_ms, text)); /* required: never null */
    put_if_there(j, "id", f->id);
    put_if_there(j, "url", f->url);
    if (f->http_status > 0)
        jsonw_member_i64(j, "http_status", f->http_status);
    put_if_there(j, "http_version", f->http_version);
    jsonw_member_str(j, "etag", f->etag);
    jsonw_member_str(j, "last_modified", f->last_modified);
    jsonw_member_str(j, "content_type", f->content_type);
    jsonw_member_str(j, "charset", f->charset);
    jsonw_member_u64(j, "bytes", f->bytes);
    jsonw_key(j, "duration_ms");
    jsonw_f(j, f->duration_ms > 0 ? f->duration_ms : 0, 1);
    put_if_there(j, "body_sha256", f->body_sha256);
    put_texts(j, "parse_warnings", f->parse_warnings, f->n_parse_warnings);
    put_page(j, &f->page);
    jsonw_member_cstr(j, "agent", "newsmq/" NEWSMQ_VERSION);
    jsonw_object_end(j);
}

int item_write_core(const struct item *it, struct strbuf *out)
{
    size_t before = out->n;
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    put_always(&j, "id", it->id);
    jsonw_member_cstr(&j, "id_basis", id_basis_name(it->id_basis));
    put_if_there(&j, "content_hash", it->content_hash);
    put_if_there(&j, "feed_hash", it->feed_hash);
    put_content(&j, it);
    put_dates(&j, it);
    put_feed(&j, &it->feed);
    put_fetch(&j, &it->fetch);
    jsonw_object_end(&j);
    if (j.rc < 0) {
        out->n = before; /* all or nothing */
        if (out->p != NULL)
            out->p[before] = '\0';
    }
    return j.rc;
}
