/* What is asked for beside the words: what pictures show, and where links lead. */
#include "newsmq/url.h"

#include "text_writer.h"

/* An attribute's value with its references decoded; the caller frees. */
static struct strbuf decoded(struct str value)
{
    struct strbuf out = {.max = value.n * 4 + 16};

    (void)text_line_from_html(value, &out); /* fits */
    return out;
}

static void picture(struct writer *w, struct html_tag tag)
{
    struct strbuf alt = decoded(html_attribute(tag.attributes, STR("alt")));

    if (alt.n > 0 && !html_is_hidden(tag.attributes)) {
        writer_ask(w, GAP_SPACE);
        writer_text(w, STR("["));
        writer_put(w, strbuf_str(&alt));
        writer_put(w, STR("]"));
        writer_ask(w, GAP_SPACE);
    }
    strbuf_fini(&alt);
}

/* Whether the words are the address, with its scheme or without. */
static bool is_said(struct str words, struct str address)
{
    if (str_has_suffix(address, STR("/")) && !str_has_suffix(words, STR("/")))
        address.n--;
    return str_has_suffix(address, words) && address.n - words.n <= sizeof "https://" - 1;
}

static void link_ends(struct writer *w)
{
    struct strbuf href, address = {.max = URL_MAX_BYTES};
    struct str words = str_trim(str_slice(strbuf_str(w->out), w->link_from, w->out->n));
    struct str to;

    if (w->href.n == 0)
        return;
    href = decoded(w->href);
    w->href = (struct str){NULL, 0};
    if (words.n > 0 && url_resolve(w->o->base, strbuf_str(&href), &address, NULL) == 0) {
        to = strbuf_str(&address);
        if (url_is_http(to) && !is_said(words, to) &&
            to.n <= HTML_LINK_BYTES - w->link_bytes) {
            w->link_bytes += to.n;
            writer_put(w, STR(" <"));
            writer_put(w, to);
            writer_put(w, STR(">"));
        }
    }
    strbuf_fini(&address);
    strbuf_fini(&href);
}

static void link_begins(struct writer *w, struct html_tag tag)
{
    link_ends(w); /* of one that was not closed */
    w->href = html_attribute(tag.attributes, STR("href"));
    w->link_from = w->out->n;
}

void writer_extras(struct writer *w, enum html_piece piece, struct html_tag tag)
{
    if (w->o->alt && piece == HTML_START && str_eq_nocase(tag.name, STR("img")))
        picture(w, tag);
    if (!w->o->links || !str_eq_nocase(tag.name, STR("a")))
        return;
    if (piece == HTML_START)
        link_begins(w, tag);
    else
        link_ends(w);
}
