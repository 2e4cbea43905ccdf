/* Markup as people and programs write it. Rules of the HTML standard where they lose no
   text; where a browser would swallow the rest of a document (a quote or comment that is
   never closed), the piece ends at the next '>'. Every search that fails is remembered,
   so a document is read in time proportional to its length whatever is in it. */
#include "text_html.h"
#include "text_private.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name_char(char c)
{
    return !is_blank(c) && c != '>' && c != '/' && c != '<';
}

/* The offset of c, or SIZE_MAX; asked for in vain, it is not looked for again. */
static size_t find_char(struct html *h, char c, size_t from)
{
    size_t at;

    if (h->no_more[(unsigned char)c])
        return SIZE_MAX;
    at = str_find_char(h->all, c, from);
    h->no_more[(unsigned char)c] = at == SIZE_MAX;
    return at;
}

/* The '>' that ends a tag, quoted values skipped. When that leads to the end of the
   document, quotes are not trusted any more. */
static size_t tag_end(struct html *h, size_t from)
{
    const char *p = h->all.p;
    bool after_equals = false;

    for (size_t at = from; at < h->all.n && !h->quotes_are_broken; at++) {
        if (p[at] == '>')
            return at;
        if (after_equals && (p[at] == '"' || p[at] == '\'')) {
            at = find_char(h, p[at], at + 1);
            if (at == SIZE_MAX)
                break;
        }
        after_equals = p[at] == '=' || (after_equals && is_blank(p[at]));
    }
    h->quotes_are_broken = true;
    return find_char(h, '>', from);
}

static enum html_piece nothing(struct html_tag *tag, size_t end)
{
    *tag = (struct html_tag){.end = end};
    return HTML_NOTHING;
}

static enum html_piece comment(struct html *h, size_t at, struct html_tag *tag)
{
    struct str rest = str_slice(h->all, at, h->all.n);
    size_t end = SIZE_MAX;

    if (str_has_prefix(rest, STR("<!-->")))
        return nothing(tag, at + 5);
    if (str_has_prefix(rest, STR("<!--->")))
        return nothing(tag, at + 6);
    if (!h->no_more['-'])
        end = str_find(h->all, STR("-->"), at + 4);
    if (end != SIZE_MAX)
        return nothing(tag, end + 3);
    h->no_more['-'] = true;
    end = find_char(h, '>', at);
    return nothing(tag, end == SIZE_MAX ? h->all.n : end + 1);
}

static enum html_piece declaration(struct html *h, size_t at, struct html_tag *tag)
{
    struct str rest = str_slice(h->all, at, h->all.n);
    size_t end;

    if (str_has_prefix(rest, STR("<!--")))
        return comment(h, at, tag);
    if (str_has_prefix(rest, STR("<![CDATA["))) {
        h->in_cdata = true;
        return nothing(tag, at + 9);
    }
    end = find_char(h, '>', at);
    return nothing(tag, end == SIZE_MAX ? h->all.n : end + 1);
}

enum html_piece html_piece(struct html *h, size_t at, struct html_tag *tag)
{
    const char *p = h->all.p;
    size_t from = at + 1, name_end, end;
    bool closes;

    if (from == h->all.n)
        return HTML_TEXT;
    if (p[from] == '!' || p[from] == '?')
        return declaration(h, at, tag);
    closes = p[from] == '/';
    from += closes;
    if (closes && from < h->all.n && p[from] == '>')
        return nothing(tag, from + 1);
    if (from == h->all.n || !is_letter(p[from]))
        return HTML_TEXT;
    for (name_end = from; name_end < h->all.n && is_name_char(p[name_end]);)
        name_end++;
    if (name_end < h->all.n && p[name_end] == '>')
        end = name_end;
    else
        end = tag_end(h, name_end);
    if (end == SIZE_MAX)
        return nothing(tag, h->all.n); /* cut off in the middle of a tag */
    *tag = (struct html_tag){str_slice(h->all, from, name_end),
                             str_slice(h->all, name_end, end), end + 1};
    return closes ? HTML_END : HTML_START;
}

/* Cuts the next attribute off; the value is without its quotes. */
static struct str next_attribute(struct str *rest, struct str *value)
{
    size_t i = 0, from;
    struct str name;

    *value = (struct str){NULL, 0};
    while (i < rest->n && (is_blank(rest->p[i]) || rest->p[i] == '/'))
        i++;
    for (from = i; i < rest->n && !is_blank(rest->p[i]) && rest->p[i] != '=';)
        i++;
    name = str_slice(*rest, from, i);
    while (i < rest->n && is_blank(rest->p[i]))
        i++;
    if (i < rest->n && rest->p[i] == '=') {
        for (i++; i < rest->n && is_blank(rest->p[i]);)
            i++;
        if (i < rest->n && (rest->p[i] == '"' || rest->p[i] == '\'')) {
            size_t close = str_find_char(*rest, rest->p[i], i + 1);

            from = i + 1;
            i = close == SIZE_MAX ? rest->n : close;
            *value = str_slice(*rest, from, i);
            i += i < rest->n;
        } else {
            for (from = i; i < rest->n && !is_blank(rest->p[i]);)
                i++;
            *value = str_slice(*rest, from, i);
        }
    }
    *rest = str_slice(*rest, i, rest->n);
    return name;
}

static bool hides(struct str style)
{
    while (style.p != NULL) {
        struct str value = str_cut(&style, ';');
        struct str name = str_trim(str_cut(&value, ':'));

        value = str_trim(value);
        if ((str_eq_nocase(name, STR("display")) &&
             str_has_prefix_nocase(value, STR("none"))) ||
            (str_eq_nocase(name, STR("visibility")) &&
             str_has_prefix_nocase(value, STR("hidden"))))
            return true;
    }
    return false;
}

bool html_is_hidden(struct str attributes)
{
    while (attributes.n > 0) {
        struct str value, name = next_attribute(&attributes, &value);

        if (str_eq_nocase(name, STR("hidden")) ||
            (str_eq_nocase(name, STR("aria-hidden")) &&
             str_eq_nocase(str_trim(value), STR("true"))) ||
            (str_eq_nocase(name, STR("style")) && hides(value)))
            return true;
    }
    return false;
}

struct str html_attribute(struct str attributes, struct str name)
{
    while (attributes.n > 0) {
        struct str value, found = next_attribute(&attributes, &value);

        if (str_eq_nocase(found, name))
            return value;
    }
    return (struct str){NULL, 0};
}

size_t html_raw_end(const struct html *h, struct str name, size_t at)
{
    for (;;) {
        at = str_find(h->all, STR("</"), at);
        if (at == SIZE_MAX)
            return h->all.n;
        if (str_has_prefix_nocase(str_slice(h->all, at + 2, h->all.n), name))
            return at;
        at += 2;
    }
}
