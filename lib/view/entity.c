/* Entities, trends and lists of articles, out of the digest. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/words.h"

#include "private.h"

#define LIST_MAX   24
#define QUOTES_MAX 12
#define PLACES_MAX 200

static const struct {
    const char *code, *class, *name, *plural;
} types[] = {
    [ENTITY_PER] = {"PER", "per", "Person", "People"},
    [ENTITY_ORG] = {"ORG", "org", "Organisation", "Organisations"},
    [ENTITY_LOC] = {"LOC", "loc", "Place", "Places"},
    [ENTITY_EVENT] = {"EVENT", "event", "Event", "Events"},
    [ENTITY_MISC] = {"MISC", "misc", "Other", "Others"},
};

const char *view_type_code(enum entity_type type)
{
    return types[type].code;
}

const char *view_type_class(enum entity_type type)
{
    return types[type].class;
}

const char *view_type_name(enum entity_type type)
{
    return types[type].name;
}

const char *view_type_plural(enum entity_type type)
{
    return types[type].plural;
}

void view_entity_link(struct view *v, enum entity_type type, struct str name,
                      uint64_t count)
{
    html_f(v->html, "<span class=\"chip %s\">", types[type].class);
    view_entity_open(v, type, name);
    html_raw(v->html, "<bdi>");
    html_text(v->html, name);
    html_raw(v->html, "</bdi>");
    view_entity_close(v);
    if (count > 1) {
        html_raw(v->html, " <span class=\"n\">");
        html_number(v->html, count);
        html_raw(v->html, "</span>");
    }
    html_raw(v->html, "</span>");
}

/* ---- articles ---- */

static void put_item(struct view *v, const struct digest_item *item)
{
    struct str site = html_site(item->url);
    struct html *h = v->html;

    html_raw(h, "<li><div class=\"headline\" dir=\"auto\">");
    if (v->links.article != NULL) {
        html_raw(h, "<a");
        html_href(h, v->links.article, item->id);
        html_raw(h, ">");
    }
    html_text(h, item->title.n > 0 ? item->title : STR("(no title)"));
    html_raw(h, v->links.article != NULL ? "</a></div>" : "</div>");
    html_raw(h, "<div class=\"dim\">");
    if (v->links.feed != NULL) {
        html_raw(h, "<a");
        html_href(h, v->links.feed, item->feed);
        html_raw(h, ">");
    }
    html_text(h, item->feed);
    html_raw(h, v->links.feed != NULL ? "</a>" : "");
    html_raw(h, " <span class=\"sep\">·</span> ");
    html_ago(h, item->news_ms, v->now_ms);
    if (site.n > 0) {
        html_raw(h, " <span class=\"sep\">·</span> ");
        html_link(h, item->url, site, "out");
    }
    if (item->is_duplicate)
        html_raw(h, " <span class=\"tag\">repeated</span>");
    html_raw(h, "</div></li>\n");
}

void view_items(struct view *v, const struct digest_item *items, size_t n)
{
    if (n == 0) {
        html_raw(v->html, "<p class=\"dim\">No articles yet.</p>");
        return;
    }
    html_raw(v->html, "<ol class=\"items\">");
    for (size_t i = 0; i < n; i++)
        put_item(v, &items[i]);
    html_raw(v->html, "</ol>");
}

/* ---- one entity ---- */

/* "06-14" of days, "14:00" of hours. Answers names. */
static const char *const *axis_names(const struct digest_axis *axis,
                                     char text[DIGEST_STEPS][WORDS_MAX],
                                     const char *names[DIGEST_STEPS])
{
    for (size_t i = 0; i < axis->n; i++) {
        int64_t ms = axis->end_ms - (int64_t)(axis->n - i) * axis->step_ms;
        char at[CLOCK_TEXT_MAX];

        if (clock_text(ms, at)[0] == '\0')
            text[i][0] = '\0';
        else if (axis->step_ms >= DAY_MS)
            (void)snprintf(text[i], WORDS_MAX, "%.5s", at + 5);
        else
            (void)snprintf(text[i], WORDS_MAX, "%.5s", at + 11);
        names[i] = text[i];
    }
    return names;
}

static void put_counts(struct view *v, const struct digest *d, struct str key,
                       const struct digest_axis *axis)
{
    char text[DIGEST_STEPS][WORDS_MAX];
    const char *names[DIGEST_STEPS];
    uint32_t counts[DIGEST_STEPS];

    if (!digest_entity_counts(d, key, axis, counts))
        return;
    view_heading(v, axis->step_ms >= DAY_MS ? "Articles a day" : "Articles an hour");
    html_columns(v->html, counts, axis_names(axis, text, names), axis->n,
                 "Columns: articles that mention it, over time");
}

static void put_with(struct view *v, const struct digest *d, struct str key)
{
    struct digest_entity with[LIST_MAX];
    size_t n = digest_entity_with(d, key, with, LIST_MAX);

    view_heading(v, "Appears with");
    if (n == 0)
        html_raw(v->html, "<p class=\"dim\">Nobody so far.</p>");
    html_raw(v->html, n > 0 ? "<ul class=\"ranks\">" : "");
    for (size_t i = 0; i < n; i++) {
        html_raw(v->html, "<li>");
        html_bar(v->html, (double)with[i].records, (double)with[0].records);
        view_entity_link(v, with[i].type, with[i].name, with[i].records);
        html_raw(v->html, "</li>");
    }
    html_raw(v->html, n > 0 ? "</ul>" : "");
}

static void put_feeds(struct view *v, const struct digest *d, struct str key,
                      const struct digest_axis *axis)
{
    struct digest_feed feeds[LIST_MAX];
    size_t n = digest_entity_feeds(d, key, axis, feeds, LIST_MAX);

    if (n > LIST_MAX)
        n = LIST_MAX;
    view_heading(v, "In these feeds");
    html_raw(v->html, "<ul class=\"ranks\">");
    for (size_t i = 0; i < n; i++) {
        html_raw(v->html, "<li>");
        html_spark(v->html, feeds[i].counts, axis->n, "Articles over time");
        if (v->links.feed != NULL) {
            html_raw(v->html, " <a");
            html_href(v->html, v->links.feed, feeds[i].id);
            html_raw(v->html, ">");
        }
        html_text(v->html, feeds[i].id);
        html_raw(v->html, v->links.feed != NULL ? "</a>" : "");
        html_raw(v->html, " <span class=\"n\">");
        html_number(v->html, feeds[i].records);
        html_raw(v->html, "</span></li>");
    }
    html_raw(v->html, "</ul>");
}

static void put_said(struct view *v, const struct digest *d, struct str key)
{
    struct digest_quote quotes[QUOTES_MAX];
    size_t n = digest_quotes(d, key, quotes, QUOTES_MAX);

    if (n > 0)
        view_heading(v, "Said");
    for (size_t i = 0; i < n; i++) {
        html_raw(v->html, "<figure class=\"quote\"><blockquote dir=\"auto\">");
        html_text(v->html, quotes[i].text);
        html_raw(v->html, "</blockquote><figcaption class=\"dim\">");
        if (v->links.article != NULL) {
            html_raw(v->html, "<a");
            html_href(v->html, v->links.article, quotes[i].item.id);
            html_raw(v->html, ">");
        }
        html_text(v->html, quotes[i].item.title);
        html_raw(v->html, v->links.article != NULL ? "</a> " : " ");
        html_ago(v->html, quotes[i].item.news_ms, v->now_ms);
        html_raw(v->html, "</figcaption></figure>");
    }
}

static void put_facts(struct view *v, const struct digest *d,
                      const struct digest_entity *e)
{
    struct str aliases[LIST_MAX];
    size_t n = digest_entity_aliases(d, e->key, aliases, LIST_MAX);
    struct html *h = v->html;

    html_f(h, "<p class=\"byline\"><span class=\"chip %s\">%s</span> <b>",
           types[e->type].class, types[e->type].name);
    html_number(h, e->records);
    html_raw(h, e->records == 1 ? "</b> article, <b>" : "</b> articles, <b>");
    html_number(h, e->mentions);
    html_raw(h, e->mentions == 1 ? "</b> mention in <b>" : "</b> mentions in <b>");
    html_number(h, e->feeds);
    html_raw(h, e->feeds == 1 ? "</b> feed" : "</b> feeds");
    html_raw(h, " <span class=\"sep\">·</span> last ");
    html_ago(h, e->last_ms, v->now_ms);
    if (e->wikidata.n > 1 && e->wikidata.n < 16) {
        struct strbuf url = {.max = 100};

        (void)strbuf_addf(&url, "https://www.wikidata.org/wiki/" STR_FMT,
                          STR_ARG(e->wikidata)); /* fits */
        html_raw(h, " <span class=\"sep\">·</span> ");
        html_link(h, strbuf_str(&url), STR("Wikidata"), "out");
        strbuf_fini(&url);
    }
    html_raw(h, "</p>");
    for (size_t i = 0; i < n && i < LIST_MAX; i++) {
        html_raw(h, i == 0 ? "<p class=\"dim\">Also written: <bdi>" : "</bdi>, <bdi>");
        html_text(h, aliases[i]);
    }
    html_raw(h, n > 0 ? "</bdi></p>" : "");
}

bool view_entity(struct view *v, const struct digest *d, struct str key,
                 const struct digest_axis *axis)
{
    struct digest_item items[LIST_MAX];
    struct digest_entity e;

    if (!digest_entity(d, key, &e))
        return false;
    put_facts(v, d, &e);
    put_counts(v, d, e.key, axis);
    html_raw(v->html, "<div class=\"twin\"><section>");
    put_with(v, d, e.key);
    html_raw(v->html, "</section><section>");
    put_feeds(v, d, e.key, axis);
    if (e.has_geo) {
        struct html_point at = {e.lat, e.lon, 1, e.name, {NULL, 0}};

        view_heading(v, "Where");
        html_map(v->html, &at, 1, "Map with this place");
    }
    html_raw(v->html, "</section></div>");
    put_said(v, d, e.key);
    view_heading(v, "Newest articles");
    view_items(v, items, digest_entity_items(d, e.key, items, LIST_MAX));
    return true;
}

/* ---- many entities ---- */

void view_entities(struct view *v, const struct digest *d, const struct digest_filter *f,
                   size_t max)
{
    struct digest_entity *list = mem_new_array(max + 1, sizeof *list);
    size_t n = digest_entities(d, f, list, max);

    if (n > max)
        n = max;
    if (n == 0)
        html_raw(v->html, "<p class=\"dim\">None so far.</p>");
    html_raw(v->html, n > 0 ? "<ul class=\"ranks\">" : "");
    for (size_t i = 0; i < n; i++) {
        html_raw(v->html, "<li>");
        html_bar(v->html, (double)list[i].records, (double)list[0].records);
        view_entity_link(v, list[i].type, list[i].name, list[i].records);
        html_raw(v->html, "</li>");
    }
    html_raw(v->html, n > 0 ? "</ul>" : "");
    free(list);
}

static void put_rising(struct view *v, const struct digest *d,
                       const struct digest_axis *axis, const struct digest_entity *e)
{
    uint32_t counts[DIGEST_STEPS] = {0};
    struct html *h = v->html;

    (void)digest_entity_counts(d, e->key, axis, counts); /* else none */
    html_raw(h, "<tr><th scope=\"row\">");
    view_entity_link(v, e->type, e->name, 0);
    html_raw(h, "</th><td>");
    html_spark(h, counts, axis->n, "Articles over time, the last step to the right");
    html_raw(h, "</td><td class=\"num\">");
    html_number(h, e->records);
    html_raw(h, "</td><td class=\"num\">");
    html_f(h, "%.1f", axis->n > 1 ? (double)e->before / (double)(axis->n - 1) : 0);
    html_f(h, "</td><td class=\"num\">%.0f</td></tr>\n", e->surprise);
}

void view_trends(struct view *v, const struct digest *d, const struct digest_axis *axis,
                 size_t max)
{
    struct digest_entity *list = mem_new_array(max + 1, sizeof *list);
    size_t n = digest_trends(d, axis, list, max);
    bool is_days = axis->step_ms >= DAY_MS;

    if (n > max)
        n = max;
    if (n == 0)
        html_raw(v->html,
                 "<p class=\"dim\">Nothing rises: for that there must be articles of "
                 "now and of before, and a name that is in clearly more of the former."
                 "</p>");
    else
        html_f(v->html,
               "<div class=\"scroll\"><table class=\"trends\"><thead><tr><th "
               "scope=\"col\">Name</th><th scope=\"col\">Over time</th><th scope=\"col\" "
               "class=\"num\">Last %s</th><th scope=\"col\" class=\"num\">Before, a "
               "%s</th><th scope=\"col\" class=\"num\"><abbr title=\"log-likelihood "
               "ratio (Dunning 1993): above 10.8 chance is unlikely, one in a thousand"
               "\">Surprise</abbr></th></tr></thead><tbody>",
               is_days ? "day" : "hour", is_days ? "day" : "hour");
    for (size_t i = 0; i < n; i++)
        put_rising(v, d, axis, &list[i]);
    html_raw(v->html, n > 0 ? "</tbody></table></div>" : "");
    free(list);
}

void view_rising(struct view *v, const struct digest *d, const struct digest_axis *axis,
                 size_t max)
{
    struct digest_entity *list = mem_new_array(max + 1, sizeof *list);
    size_t n = digest_trends(d, axis, list, max);

    if (n == 0)
        html_raw(v->html, "<p class=\"dim\">Nothing rises.</p>");
    html_raw(v->html, n > 0 ? "<ul class=\"ranks\">" : "");
    for (size_t i = 0; i < n && i < max; i++) {
        uint32_t counts[DIGEST_STEPS] = {0};

        (void)digest_entity_counts(d, list[i].key, axis, counts); /* else none */
        html_raw(v->html, "<li>");
        html_spark(v->html, counts, axis->n, "Articles over time");
        view_entity_link(v, list[i].type, list[i].name, list[i].records);
        html_raw(v->html, "</li>");
    }
    html_raw(v->html, n > 0 ? "</ul>" : "");
    free(list);
}

void view_places(struct view *v, const struct digest *d, const struct digest_filter *f)
{
    struct digest_entity *list = mem_new_array(PLACES_MAX, sizeof *list);
    struct html_point *points = mem_new_array(PLACES_MAX, sizeof *points);
    size_t n = digest_places(d, f, list, PLACES_MAX);

    if (n > PLACES_MAX)
        n = PLACES_MAX;
    for (size_t i = 0; i < n; i++)
        points[i] = (struct html_point){
            list[i].lat, list[i].lon, list[i].records, list[i].name, {NULL, 0}};
    html_map(v->html, points, n, "Map of the places in the newest articles");
    free(points);
    free(list);
}
