/* Items out of JSON, quickly: the text is copied into the arena once and everything is a
   slice of the copy. An item costs its own bytes and its lists. */
#include <stddef.h>

#include "newsmq/item.h"

#include "members.h"

/* The number of a name in a list of `n` names. */
static int find_name(struct reading *r, struct str raw, const char *(*name)(int), int n,
                     int *ret)
{
    struct str text = {NULL, 0};

    if (member_text(r, raw, &text) < 0)
        return ERR_FORMAT;
    for (*ret = 0; *ret < n; ++*ret)
        if (str_eq(text, str_of(name(*ret))))
            return 0;
    return member_refuse(r, ERR_FORMAT, "none of the known values");
}

static const char *basis_name(int i)
{
    return id_basis_name((enum id_basis)i);
}

static const char *source_name(int i)
{
    return content_source_name((enum content_source)i);
}

static const char *note_name(int i)
{
    return date_note_name((enum date_note)i);
}

static const char *outcome_name(int i)
{
    return page_outcome_name((enum page_outcome)i);
}

static int read_basis(struct reading *r, struct str raw, void *to)
{
    int i, rc = find_name(r, raw, basis_name, ID_CONTENT + 1, &i);

    if (rc == 0)
        *(enum id_basis *)to = (enum id_basis)i;
    return rc;
}

static int read_source(struct reading *r, struct str raw, void *to)
{
    int i, rc = find_name(r, raw, source_name, CONTENT_PAGE + 1, &i);

    if (rc == 0)
        *(enum content_source *)to = (enum content_source)i;
    return rc;
}

static int read_outcome(struct reading *r, struct str raw, void *to)
{
    int i, rc = find_name(r, raw, outcome_name, PAGE_LEFT_OUT + 1, &i);

    if (rc == 0)
        *(enum page_outcome *)to = (enum page_outcome)i;
    return rc;
}

static int read_note(struct reading *r, struct str raw, void *to)
{
    int i, rc = find_name(r, raw, note_name, DATE_NON_STANDARD + 1, &i);

    if (rc == 0)
        *(enum date_note *)to = (enum date_note)i;
    return rc;
}

static int read_tags(struct reading *r, struct str raw, void *to)
{
    struct item *it = to;

    return member_texts(r, raw, &it->tags, &it->n_tags);
}

static int read_derived(struct reading *r, struct str raw, void *to)
{
    struct item *it = to;

    return member_texts(r, raw, &it->derived, &it->n_derived);
}

static int read_warnings(struct reading *r, struct str raw, void *to)
{
    struct item_fetch *f = to;
    struct str *list = NULL;
    int rc = member_texts(r, raw, &list, &f->n_parse_warnings);

    if (rc == 0)
        f->parse_warnings = list;
    return rc;
}

#define MEMBER(type, member, reader)                      \
    {                                                     \
        STR_INIT(#member), reader, offsetof(type, member) \
    }

static int read_authors(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct person, name, member_text),
        MEMBER(struct person, url, member_text),
        MEMBER(struct person, avatar, member_text),
        MEMBER(struct person, email, member_text),
    };
    struct item *it = to;
    int rc;
    size_t n, at = 1;
    struct person *list = list_room(r, raw, '[', sizeof *list, &n, &rc);
    struct str value;

    for (size_t i = 0; rc == 0 && i < n && list_next(raw, &at, &value); i++)
        rc = members_read(r, value, "authors.", members, ARRAY_LEN(members), &list[i]);
    if (rc == 0) {
        it->authors = list;
        it->n_authors = n;
    }
    return rc;
}

static int read_attachments(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct attachment, url, member_text),
        MEMBER(struct attachment, mime_type, member_text),
        MEMBER(struct attachment, size_in_bytes, member_size),
        MEMBER(struct attachment, duration_in_seconds, member_number),
    };
    struct item *it = to;
    int rc;
    size_t n, at = 1;
    struct attachment *list = list_room(r, raw, '[', sizeof *list, &n, &rc);
    struct str value;

    for (size_t i = 0; rc == 0 && i < n && list_next(raw, &at, &value); i++) {
        list[i].size_in_bytes = -1;
        list[i].duration_in_seconds = -1;
        rc =
            members_read(r, value, "attachments.", members, ARRAY_LEN(members), &list[i]);
    }
    if (rc == 0) {
        it->attachments = list;
        it->n_attachments = n;
    }
    return rc;
}

static int read_episode(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct item_episode, number, member_number),
        MEMBER(struct item_episode, season, member_number),
        MEMBER(struct item_episode, type, member_text),
        MEMBER(struct item_episode, is_explicit, member_bool),
    };

    return members_read(r, raw, "episode.", members, ARRAY_LEN(members), to);
}

static int read_place(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct item_place, longitude, member_number),
        MEMBER(struct item_place, latitude, member_number),
        MEMBER(struct item_place, name, member_text),
    };
    struct item_place *p = to;

    p->known = true;
    return members_read(r, raw, "place.", members, ARRAY_LEN(members), to);
}

static int read_labels(struct reading *r, struct str raw, void *to)
{
    struct item_feed *f = to;
    int rc;
    size_t n, at = 1;
    struct label *list = list_room(r, raw, '{', sizeof *list, &n, &rc);
    struct str key, value;

    n /= 2; /* keys and values were counted alike */
    for (size_t i = 0; rc == 0 && i < n && list_next(raw, &at, &key); i++) {
        (void)list_next(raw, &at, &value); /* a key of valid JSON has a value */
        rc = member_text(r, key, &list[i].key);
        if (rc == 0)
            rc = member_text(r, value, &list[i].value);
    }
    if (rc == 0) {
        f->labels = list;
        f->n_labels = n;
    }
    return rc;
}

/* ---- the parts of an item ---- */

static int read_feed(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct item_feed, id, member_text),
        MEMBER(struct item_feed, url, member_text),
        MEMBER(struct item_feed, title, member_text),
        MEMBER(struct item_feed, site, member_text),
        MEMBER(struct item_feed, format, member_text),
        MEMBER(struct item_feed, group, member_text),
        {STR_INIT("labels"), read_labels, 0},
    };

    return members_read(r, raw, "feed.", members, ARRAY_LEN(members), to);
}

static int read_page(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        MEMBER(struct item_page, outcome, read_outcome),
        MEMBER(struct item_page, url, member_text),
        {STR_INIT("time"), member_time, offsetof(struct item_page, time_ms)},
        MEMBER(struct item_page, http_status, member_status),
        MEMBER(struct item_page, bytes, member_u64),
        MEMBER(struct item_page, reason, member_text),
    };

    return members_read(r, raw, "fetch.page.", members, ARRAY_LEN(members), to);
}

static int read_fetch(struct reading *r, struct str raw, void *to)
{
    static const struct member members[] = {
        {STR_INIT("time"), member_time, offsetof(struct item_fetch, time_ms)},
        MEMBER(struct item_fetch, id, member_text),
        MEMBER(struct item_fetch, url, member_text),
        MEMBER(struct item_fetch, http_status, member_status),
        MEMBER(struct item_fetch, http_version, member_text),
        MEMBER(struct item_fetch, etag, member_text),
        MEMBER(struct item_fetch, last_modified, member_text),
        MEMBER(struct item_fetch, content_type, member_text),
        MEMBER(struct item_fetch, charset, member_text),
        MEMBER(struct item_fetch, bytes, member_u64),
        MEMBER(struct item_fetch, duration_ms, member_number),
        MEMBER(struct item_fetch, body_sha256, member_text),
        {STR_INIT("parse_warnings"), read_warnings, 0},
        MEMBER(struct item_fetch, page, read_page),
    };

    return members_read(r, raw, "fetch.", members, ARRAY_LEN(members), to);
}

static const struct member item_members[] = {
    MEMBER(struct item, id, member_text),
    MEMBER(struct item, id_basis, read_basis),
    MEMBER(struct item, revision, member_u32),
    MEMBER(struct item, content_hash, member_text),
    MEMBER(struct item, feed_hash, member_text),
    MEMBER(struct item, guid, member_text),
    MEMBER(struct item, url, member_text),
    MEMBER(struct item, canonical_url, member_text),
    MEMBER(struct item, title, member_text),
    MEMBER(struct item, content_text, member_text),
    MEMBER(struct item, content_html, member_text),
    MEMBER(struct item, content_source, read_source),
    MEMBER(struct item, content_truncated, member_bool),
    MEMBER(struct item, summary, member_text),
    MEMBER(struct item, image, member_text),
    {STR_INIT("authors"), read_authors, 0},
    {STR_INIT("tags"), read_tags, 0},
    MEMBER(struct item, language, member_text),
    {STR_INIT("attachments"), read_attachments, 0},
    {STR_INIT("date_published"), member_time, offsetof(struct item, date_published_ms)},
    {STR_INIT("date_modified"), member_time, offsetof(struct item, date_modified_ms)},
    {STR_INIT("date_seen"), member_time, offsetof(struct item, date_seen_ms)},
    MEMBER(struct item, date_note, read_note),
    {STR_INIT("derived"), read_derived, 0},
    MEMBER(struct item, image_width, member_u32),
    MEMBER(struct item, image_height, member_u32),
    MEMBER(struct item, episode, read_episode),
    MEMBER(struct item, place, read_place),
    MEMBER(struct item, feed, read_feed),
    MEMBER(struct item, fetch, read_fetch),
};

int item_read(struct str json, struct arena *a, struct item *ret, struct err *e)
{
    struct item it = {.content_text = STR_INIT("")};
    struct reading r = {.a = a, .e = e, .where = "", .key = "all of it"};

    if (json.p == NULL)
        json = STR("");
    json = str_trim(json);
    if (json.n == 0)
        return err_set(e, ERR_FORMAT, "item: nothing there");
    r.json = arena_alloc(a, json.n);
    if (r.json == NULL)
        return err_set(e, ERR_LIMIT, "item: %zu bytes are more than fits", json.n);
    memcpy(r.json, json.p, json.n);
    json.p = r.json;
    if (members_read(&r, json, "", item_members, ARRAY_LEN(item_members), &it) < 0)
        return err_wrap(e, "item");
    *ret = it;
    return 0;
}
