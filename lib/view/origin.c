/* Where a record comes from: its feed, its dates, and why its id is what it is. */
#include "private.h"

static void sep(struct html *h)
{
    html_raw(h, " <span class=\"sep\">·</span> ");
}

static void put_feed(struct view *v, const json_t *feed)
{
    struct str id = view_member(feed, "id"), title = view_member(feed, "title");

    if (v->links.feed != NULL && id.n > 0) {
        html_raw(v->html, "<a");
        html_href(v->html, v->links.feed, id);
        html_raw(v->html, ">");
    }
    html_text(v->html, title.n > 0 ? title : id);
    if (v->links.feed != NULL && id.n > 0)
        html_raw(v->html, "</a>");
}

static void put_authors(struct view *v, const json_t *authors)
{
    const json_t *author;
    size_t i;

    json_array_foreach(authors, i, author)
    {
        struct str name = view_member(author, "name");

        if (name.n == 0 || i == 5)
            break;
        if (i == 0)
            sep(v->html);
        else
            html_raw(v->html, ", ");
        html_text(v->html, name);
    }
}

void view_byline(struct view *v, const json_t *record)
{
    struct str url = view_member(record, "url"), site = html_site(url);
    int64_t published_ms = view_member_time(record, "date_published");
    struct html *h = v->html;

    html_raw(h, "<p class=\"byline\">");
    put_feed(v, json_object_get(record, "feed"));
    put_authors(v, json_object_get(record, "authors"));
    sep(h);
    if (published_ms > 0)
        html_moment(h, published_ms);
    else
        html_raw(h, "<span class=\"dim\">no date</span>");
    if (url.n > 0) {
        sep(h);
        html_link(h, url, site.n > 0 ? site : url, "out");
    }
    html_raw(h, "</p>\n");
}

/* ---- why this id ---- */

static void pair(struct html *h, const char *name)
{
    html_f(h, "<dt>%s</dt><dd>", name);
}

static void pair_text(struct html *h, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    pair(h, name);
    html_text(h, value);
    html_raw(h, "</dd>");
}

static const char *basis_words(struct str basis)
{
    static const char *const rows[][2] = {
        {"guid", "the guid that the publisher gave it"},
        {"link", "its link, without tracking parameters"},
        {"title_date",
         "its title and date, since it has neither guid nor link that tells"},
        {"title_text", "its title and text, since nothing else tells it from others"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(basis, str_of(rows[i][0])))
            return rows[i][1];
    return NULL;
}

static void put_id(struct view *v, const json_t *record)
{
    struct str basis = view_member(record, "id_basis");
    const char *words = basis_words(basis);
    struct html *h = v->html;

    pair(h, "Id");
    html_raw(h, "<code>");
    html_text(h, view_member(record, "id"));
    html_raw(h, "</code></dd>");
    pair(h, "Why this id");
    html_raw(h, "It is made of ");
    if (words != NULL)
        html_raw(h, words);
    else
        html_text(h, basis);
    html_raw(h, ", within its feed. The same entry gets the same id again, and with "
                "another text the next revision.</dd>");
    pair_text(h, "Guid", view_member(record, "guid"));
    pair_text(h, "Link without tracking", view_member(record, "canonical_url"));
    pair(h, "Revision");
    html_number(h, (uint64_t)json_integer_value(json_object_get(record, "revision")));
    html_raw(h, "</dd>");
}

static void put_dedup(struct view *v, const json_t *dedup)
{
    struct str status = view_member(dedup, "status"), of = view_member(dedup, "of");
    struct html *h = v->html;

    if (status.n == 0)
        return;
    pair(h, "Elsewhere");
    if (str_eq(status, STR("exact_duplicate"))) {
        html_raw(h, "The same text came before in another feed: ");
        if (v->links.article != NULL) {
            html_raw(h, "<a");
            html_href(h, v->links.article, of);
            html_raw(h, ">");
        }
        html_text(h, of);
        html_raw(h, v->links.article != NULL ? "</a>.</dd>" : ".</dd>");
    } else if (str_eq(status, STR("updated"))) {
        html_raw(h, "A later revision of an entry that was seen before.</dd>");
    } else {
        html_raw(h, "No other feed had this text before.</dd>");
    }
}

static void put_workers(struct view *v, const json_t *nlp)
{
    const json_t *worker;
    struct html *h = v->html;
    size_t i;

    pair(h, "Extractors");
    json_array_foreach(json_object_get(nlp, "workers"), i, worker)
    {
        struct str skipped = view_member(worker, "skipped");
        struct str error = view_member(worker, "error");
        struct str model = view_member(worker, "model");

        if (i == 20)
            break;
        html_raw(h, i > 0 ? ", " : "");
        html_text(h, view_member(worker, "name"));
        if (model.n > 0) {
            html_raw(h, " (");
            html_text(h, model);
            html_raw(h, ")");
        }
        html_f(h, " %.2g ms", json_number_value(json_object_get(worker, "duration_ms")));
        if (skipped.n > 0 || error.n > 0) {
            html_raw(h, error.n > 0 ? " failed: " : " skipped: ");
            html_text(h, error.n > 0 ? error : skipped);
        }
    }
    html_raw(h, "</dd>");
}

static void put_fetch(struct view *v, const json_t *record)
{
    const json_t *fetch = json_object_get(record, "fetch");
    int64_t status = json_integer_value(json_object_get(fetch, "http_status"));
    struct html *h = v->html;

    pair(h, "Seen first");
    html_moment(h, view_member_time(record, "date_seen"));
    html_raw(h, "</dd>");
    pair(h, "Fetched");
    html_moment(h, view_member_time(fetch, "time"));
    if (status > 0)
        html_f(h, ", HTTP %lld", (long long)status);
    html_raw(h, "</dd>");
    pair_text(h, "Text from", view_member(record, "content_source"));
    pair_text(h, "Date", view_member(record, "date_note"));
    pair_text(h, "Content hash", view_member(record, "content_hash"));
}

void view_origin(struct view *v, const json_t *record)
{
    const json_t *nlp = json_object_get(record, "nlp");
    struct html *h = v->html;

    html_raw(h, "<details class=\"origin\"><summary>Why this id, and how it came here"
                "</summary><dl class=\"pairs\">");
    put_id(v, record);
    put_dedup(v, json_object_get(record, "dedup"));
    put_fetch(v, record);
    pair_text(h, "Language", view_member(json_object_get(nlp, "language"), "code"));
    put_workers(v, nlp);
    pair_text(h, "Found", view_member(nlp, "status"));
    html_raw(h, "</dl></details>\n");
}
