/* One row a feed. What changes with the clock alone is left to the page's script: the
   words of times are those of view.now_ms. */
#include "newsmq/ask.h"
#include "newsmq/words.h"

#include "page.h"

static void cell(struct html *w, const char *class, const char *label, int64_t value)
{
    html_f(w, "<td class=\"%s\" data-label=\"%s\" data-v=\"%lld\">", class, label,
           (long long)value);
}

static void put_name(struct html *w, const struct feed_row *r)
{
    struct str title = ask_text(r->state, "title");

    html_raw(w, "<th scope=\"row\"");
    html_attr(w, "data-v", str_of(r->id));
    html_raw(w, "><a class=\"name\"");
    html_href(w, "/feed/", str_of(r->id));
    html_raw(w, ">");
    html_cstr(w, r->id);
    html_raw(w, "</a>");
    if (title.n > 0) {
        html_raw(w, "<span class=\"dim\" dir=\"auto\">");
        html_text(w, str_head(title, 90));
        html_raw(w, "</span>");
    }
    if (r->feed != NULL && r->feed->group != NULL) {
        html_raw(w, " <span class=\"tag\">");
        html_cstr(w, r->feed->group);
        html_raw(w, "</span>");
    }
    html_raw(w, "</th>");
}

static void put_next(struct page *p, const struct feed_row *r)
{
    int64_t due_ms = ask_number(r->state, "next_due_ms");

    cell(&p->html, "num", "Next try", due_ms);
    if (r->health == HEALTH_GONE || r->feed == NULL)
        html_raw(&p->html, "<span class=\"dim\">never</span>");
    else if (due_ms == 0)
        html_raw(&p->html, "soon");
    else
        html_ago(&p->html, due_ms, p->view.now_ms);
    html_raw(&p->html, "</td>");
}

static void put_why(struct html *w, const struct feed_row *r)
{
    bool is_known = r->problem != PROBLEM_NONE;

    html_raw(w, "<td class=\"why\" data-v=\"\">");
    if (is_known && r->problem != PROBLEM_STALE) {
        html_cstr(w, problem_cause(r->problem));
        html_raw(w, "<span class=\"hidden\">. </span>");
    } else {
        html_cstr(w, r->why);
    }
    for (int i = 0; i < PROBLEMS; i++)
        if (problem_has(r->also, (enum problem)i)) {
            html_raw(w, " <span class=\"tag\"");
            html_attr(w, "title", str_of(problem_cause((enum problem)i)));
            html_raw(w, ">");
            html_cstr(w, problem_code((enum problem)i));
            html_raw(w, "</span>");
        }
    html_raw(w, "</td></tr>\n");
}

void part_feed_row(struct page *p, const struct feed_list *list,
                   const struct feed_line *line)
{
    const struct feed_row *r = &line->row;
    const struct digest_feed *d = &line->digest;
    uint64_t chars = d->records > 0 ? d->text_chars / d->records : 0;
    struct html *w = &p->html;
    uint32_t days = 0;

    html_raw(w, "<tr id=\"feed-");
    html_cstr(w, r->id);
    html_raw(w, "\">");
    put_name(w, r);
    cell(w, "", "State", (int64_t)r->health);
    html_f(w, "<span class=\"state %s\">%s</span></td>", health_class(r->health),
           health_name(r->health));
    for (size_t i = 0; i < list->axis.n; i++)
        days += d->counts[i];
    cell(w, "", "Records a day, two weeks", days);
    html_spark(w, d->counts, list->axis.n, "Records a day over two weeks, today last");
    html_raw(w, "</td>");
    cell(w, "num", "Items", ask_number(r->state, "items"));
    html_number(w, (uint64_t)ask_number(r->state, "items"));
    html_raw(w, "</td>");
    cell(w, "num", "Last new", ask_number(r->state, "last_new_ms"));
    html_ago(w, ask_number(r->state, "last_new_ms"), p->view.now_ms);
    html_raw(w, "</td>");
    cell(w, "num", "Last try", ask_number(r->state, "last_fetch_ms"));
    html_ago(w, ask_number(r->state, "last_fetch_ms"), p->view.now_ms);
    html_raw(w, "</td>");
    put_next(p, r);
    cell(w, "num", "Seen again", ask_number(r->state, "duplicates"));
    html_number(w, (uint64_t)ask_number(r->state, "duplicates"));
    html_raw(w, "</td>");
    cell(w, "num", "Length of text", (int64_t)chars);
    if (chars > 0)
        html_number(w, chars);
    else
        html_raw(w, "<span class=\"dim\">–</span>");
    html_raw(w, "</td>");
    put_why(w, r);
}
