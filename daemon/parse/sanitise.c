/* HTML from strangers, written again with what is harmless: an element or attribute that
   is not in the lists below is left out, with its content where that is not text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "newsmq/text.h"
#include "newsmq/url.h"

#include "build.h"
#include "decode.h"

#define TAG_MAX ((size_t)16 * 1024)

static const char *const elements[] = {
    "a",     "abbr",   "acronym", "address",    "article", "aside",      "audio",
    "b",     "bdo",    "big",     "blockquote", "br",      "caption",    "center",
    "cite",  "code",   "col",     "colgroup",   "dd",      "del",        "details",
    "dfn",   "div",    "dl",      "dt",         "em",      "figcaption", "figure",
    "font",  "footer", "h1",      "h2",         "h3",      "h4",         "h5",
    "h6",    "header", "hr",      "i",          "img",     "ins",        "kbd",
    "li",    "main",   "mark",    "ol",         "p",       "picture",    "pre",
    "q",     "rp",     "rt",      "ruby",       "s",       "samp",       "section",
    "small", "source", "span",    "strike",     "strong",  "sub",        "summary",
    "sup",   "table",  "tbody",   "td",         "tfoot",   "th",         "thead",
    "time",  "tr",     "track",   "tt",         "u",       "ul",         "var",
    "video", "wbr",
};

/* Dropped with all that is in them. */
static const char *const silenced[] = {
    "script",   "style",   "iframe",   "object", "embed", "applet", "template",
    "noscript", "noembed", "textarea", "select", "svg",   "math",   "title",
};

static const char *const attributes[] = {
    "abbr",     "align",    "alt",     "cite",   "class",   "colspan",
    "controls", "datetime", "dir",     "height", "href",    "hreflang",
    "lang",     "longdesc", "poster",  "rel",    "rowspan", "scope",
    "src",      "start",    "summary", "title",  "type",    "width",
};

static const char *const link_attributes[] = {"cite", "href", "longdesc", "poster",
                                              "src"};

static const char *const schemes[] = {"http", "https",  "ftp", "mailto", "tel",
                                      "xmpp", "magnet", "geo", "news",   "irc"};

#define IN(list, s) is_in(list, ARRAY_LEN(list), s)

static bool is_in(const char *const *list, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i]) == s.n && strncasecmp(list[i], s.p, s.n) == 0)
            return true;
    return false;
}

/* The length of a character reference at s, 0 when the ampersand is bare. */
static size_t reference(struct str s)
{
    struct strbuf unused = {.max = 64};
    size_t n = text_decode_reference(s, &unused);

    strbuf_fini(&unused);
    return n > 0 && s.p[n - 1] == ';' ? n : 0;
}

/* References stay, numbers of Windows-1252 become those of Unicode. */
static int add_reference(struct str ref, struct strbuf *out)
{
    bool is_hex = ref.n > 3 && (ref.p[2] == 'x' || ref.p[2] == 'X');
    unsigned long v;

    if (ref.p[1] != '#')
        return strbuf_add(out, ref);
    v = strtoul(ref.p + (is_hex ? 3 : 2), NULL, is_hex ? 16 : 10);
    if (v >= 0x80 && v < 0xA0)
        return strbuf_addf(out, "&#x%lx;", (unsigned long)windows_1252((unsigned char)v));
    if (is_hex)
        return strbuf_add(out, STR("&#x")) < 0
                   ? -1
                   : strbuf_add(out, str_slice(ref, 3, ref.n));
    return strbuf_add(out, ref);
}

static int add_text(struct str s, bool in_attribute, bool is_markup, struct strbuf *out)
{
    int rc = 0;

    for (size_t i = 0; i < s.n && rc >= 0;) {
        size_t n = s.p[i] == '&' && is_markup ? reference(str_slice(s, i, s.n)) : 0;

        if (n > 0)
            rc = add_reference(str_slice(s, i, i + n), out);
        else if (s.p[i] == '&')
            rc = strbuf_add(out, STR("&amp;"));
        else if (s.p[i] == '<')
            rc = strbuf_add(out, STR("&lt;"));
        else if (s.p[i] == '>' && (!is_markup || in_attribute))
            rc = strbuf_add(out, STR("&gt;"));
        else if (s.p[i] == '"' && in_attribute)
            rc = strbuf_add(out, STR("&quot;"));
        else
            rc = strbuf_add_char(out, s.p[i]);
        i += n > 0 ? n : 1;
    }
    return rc;
}

/* ---- tags ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static struct str skip_blanks(struct str s)
{
    while (s.n > 0 && (is_blank(s.p[0]) || s.p[0] == '/'))
        s = str_slice(s, 1, s.n);
    return s;
}

static struct str take_name(struct str *rest)
{
    size_t n = 0;
    struct str name;

    while (n < rest->n && !is_blank(rest->p[n]) && strchr("=/>\"'<", rest->p[n]) == NULL)
        n++;
    name = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n, rest->n);
    return name;
}

static struct str take_value(struct str *rest)
{
    size_t end = 0, skip = 0;
    struct str value;

    if (rest->n > 0 && (rest->p[0] == '"' || rest->p[0] == '\'')) {
        end = str_find_char(*rest, rest->p[0], 1);
        skip = 1;
    }
    if (skip == 0 || end == SIZE_MAX) {
        for (skip = end = 0; end < rest->n && !is_blank(rest->p[end]);)
            end++;
    }
    value = str_slice(*rest, skip, end);
    *rest = str_slice(*rest, end + skip, rest->n);
    return value;
}

/* The value of one attribute of a tag; absent when it has none. */
static struct str find_attribute(struct str tag, const char *wanted)
{
    for (;;) {
        struct str name, value = STR("");

        tag = skip_blanks(tag);
        if (tag.n == 0)
            return (struct str){NULL, 0};
        name = take_name(&tag);
        while (tag.n > 0 && is_blank(tag.p[0]))
            tag = str_slice(tag, 1, tag.n);
        if (tag.n > 0 && tag.p[0] == '=') {
            tag = str_slice(tag, 1, tag.n);
            while (tag.n > 0 && is_blank(tag.p[0]))
                tag = str_slice(tag, 1, tag.n);
            value = take_value(&tag);
        } else if (name.n == 0) {
            tag = str_slice(tag, 1, tag.n);
        }
        if (name.n == strlen(wanted) && strncasecmp(name.p, wanted, name.n) == 0)
            return value;
    }
}

static bool is_harmless(struct str url)
{
    struct url u;

    if (url_split(url, &u, NULL) < 0)
        return false;
    return u.scheme.n == 0 || IN(schemes, u.scheme);
}

static int add_link(struct str base, struct str value, struct strbuf *out)
{
    struct strbuf plain = {.max = URL_MAX_BYTES}, url = {.max = URL_MAX_BYTES};
    int rc = 0;

    (void)text_line_from_html(value, &plain); /* too long: resolved to nothing */
    if (url_resolve(base, str_trim(strbuf_str(&plain)), &url, NULL) == 0 &&
        is_harmless(strbuf_str(&url)))
        rc = add_text(strbuf_str(&url), true, false, out);
    strbuf_fini(&plain);
    strbuf_fini(&url);
    return rc;
}

static int add_start(struct str base, struct str name, struct str rest,
                     struct strbuf *out)
{
    int rc = strbuf_add_char(out, '<');

    for (size_t i = 0; i < name.n && rc >= 0; i++)
        rc = strbuf_add_char(out, name.p[i] >= 'A' && name.p[i] <= 'Z'
                                      ? (char)(name.p[i] - 'A' + 'a')
                                      : name.p[i]);
    for (size_t i = 0; i < ARRAY_LEN(attributes) && rc >= 0; i++) {
        struct str value = find_attribute(rest, attributes[i]);

        if (value.p == NULL)
            continue;
        rc = strbuf_addf(out, " %s=\"", attributes[i]);
        if (rc >= 0 && IN(link_attributes, str_of(attributes[i])))
            rc = add_link(base, value, out);
        else if (rc >= 0)
            rc = add_text(value, true, true, out);
        if (rc >= 0)
            rc = strbuf_add_char(out, '"');
    }
    if (rc < 0)
        return rc;
    return strbuf_add(out, markup_is_void(name) ? STR(" />") : STR(">"));
}

static int add_end(struct str name, struct strbuf *out)
{
    int rc = strbuf_add(out, STR("</"));

    for (size_t i = 0; i < name.n && rc >= 0; i++)
        rc = strbuf_add_char(out, name.p[i] >= 'A' && name.p[i] <= 'Z'
                                      ? (char)(name.p[i] - 'A' + 'a')
                                      : name.p[i]);
    return rc < 0 ? rc : strbuf_add_char(out, '>');
}

/* The offset behind the '>' that ends the tag; 0 when it is no tag. */
static size_t tag_length(struct str s)
{
    size_t from = s.n > 1 && s.p[1] == '/' ? 2 : 1;
    char quote = '\0';

    if (s.n <= from || !((s.p[from] >= 'a' && s.p[from] <= 'z') ||
                         (s.p[from] >= 'A' && s.p[from] <= 'Z')))
        return 0;
    for (size_t i = from; i < s.n && i < TAG_MAX; i++) {
        if (quote != '\0')
            quote = s.p[i] == quote ? '\0' : quote;
        else if ((s.p[i] == '"' || s.p[i] == '\'') && s.p[i - 1] == '=')
            quote = s.p[i];
        else if (s.p[i] == '>')
            return i + 1;
        else if (s.p[i] == '<')
            return 0; /* one that never ended; looking on costs what is to come */
    }
    from = str_find_char(str_head(s, TAG_MAX), '>', 0);
    return from == SIZE_MAX ? 0 : from + 1;
}

/* Behind the end tag of a silenced element, or the end. */
static size_t silence(struct str s, struct str name)
{
    for (size_t at = 0; (at = str_find(s, STR("</"), at)) != SIZE_MAX; at += 2) {
        struct str rest = str_slice(s, at + 2, s.n);

        if (str_has_prefix_nocase(rest, name)) {
            size_t end = str_find_char(s, '>', at);

            return end == SIZE_MAX ? s.n : end + 1;
        }
    }
    return s.n;
}

/* Writes what is at the '<' and answers how many bytes of s it took, or -E2BIG. */
static long take_angle(struct str base, struct str s, struct strbuf *out)
{
    bool is_end = s.n > 1 && s.p[1] == '/';
    size_t n = tag_length(s);
    struct str rest, name;
    int rc = 0;

    if (str_has_prefix(s, STR("<!--"))) {
        size_t end = str_find(s, STR("-->"), 4);

        return (long)(end == SIZE_MAX ? s.n : end + 3);
    }
    if (n == 0) {
        rc = strbuf_add(out, STR("&lt;"));
        return rc < 0 ? rc : 1;
    }
    rest = str_slice(s, is_end ? 2 : 1, n - 1);
    name = take_name(&rest);
    if (IN(silenced, name) && !is_end)
        return (long)(n + silence(str_slice(s, n, s.n), name));
    if (IN(elements, name) && !(is_end && markup_is_void(name)))
        rc = is_end ? add_end(name, out) : add_start(base, name, rest, out);
    return rc < 0 ? rc : (long)n;
}

int feed_text_html(const struct feed_text *t, struct strbuf *out)
{
    struct str s = t->value;
    int rc = 0;

    if (t->kind == TEXT_PLAIN)
        return add_text(s, false, false, out) < 0 ? -E2BIG : 0;
    while (s.n > 0 && rc >= 0) {
        size_t end = str_find_char(s, '<', 0);
        long n;

        if (end == SIZE_MAX)
            end = s.n;
        rc = add_text(str_slice(s, 0, end), false, true, out);
        s = str_slice(s, end, s.n);
        if (rc < 0 || s.n == 0)
            break;
        n = take_angle(t->base, s, out);
        if (n < 0)
            return -E2BIG;
        s = str_slice(s, (size_t)n, s.n);
    }
    return rc < 0 ? -E2BIG : 0;
}
