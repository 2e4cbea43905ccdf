/* A linear pass over HTML from anybody, before libxml2 builds a tree of it: what makes a
   parser slow (a hundred thousand attributes, tags without end) and what no article needs
   is gone, and references are decoded as everywhere else in newsmq. An open quote,
   comment or script goes on to the end of the page, as in browsers. */
#include <errno.h>
#include <strings.h>

#include "newsmq/text.h"

#include "page_parts.h"

#define TEXT_MAX       ((size_t)4 * 1024 * 1024)
#define OUT_MAX        ((size_t)16 * 1024 * 1024)
#define TAGS_MAX       50000
#define ATTRIBUTES_MAX 24
#define VALUE_MAX      4096
#define JSON_MAX       ((size_t)512 * 1024)
#define NAME_MAX_BYTES 24

#define IN(list, s) is_in(list, ARRAY_LEN(list), s)

/* With all that is in them; their content is no markup. */
static const char *const raw[] = {"script", "style",   "iframe",  "noscript", "template",
                                  "svg",    "math",    "object",  "canvas",   "textarea",
                                  "xmp",    "noembed", "noframes"};
/* Only the tags: they say nothing here, and pages nest them without end. */
static const char *const transparent[] = {
    "font", "small", "big",   "u",    "s",    "strike", "tt",  "ins",
    "wbr",  "nobr",  "blink", "mark", "abbr", "bdo",    "bdi", "label"};
static const char *const kept[] = {"alt",      "aria-hidden", "class", "content",
                                   "datetime", "hidden",      "href",  "id",
                                   "itemprop", "lang",        "name",  "property",
                                   "rel",      "role",        "src",   "style"};

struct source {
    struct str all;
    size_t at;
    size_t text_bytes;
    bool no_more[256];           /* by the quote looked for */
    bool no_end[ARRAY_LEN(raw)]; /* no end tag of it follows */
    struct page_tidy *to;
};

static size_t place_in(const char *const *list, size_t n, struct str s)
{
    size_t i = 0;

    while (i < n && (strlen(list[i]) != s.n || strncasecmp(list[i], s.p, s.n) != 0))
        i++;
    return i;
}

static bool is_in(const char *const *list, size_t n, struct str s)
{
    return place_in(list, n, s) < n;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int put_char(struct strbuf *out, char c)
{
    switch (c) {
    case '<':
        return strbuf_add(out, STR("&lt;"));
    case '>':
        return strbuf_add(out, STR("&gt;"));
    case '&':
        return strbuf_add(out, STR("&amp;"));
    case '"':
        return strbuf_add(out, STR("&quot;"));
    default:
        return strbuf_add_char(out, c == '\0' ? ' ' : c);
    }
}

/* References are decoded; in attributes only those that have their semicolon. */
static int put_text(struct str s, bool in_attribute, struct strbuf *out)
{
    int rc = 0;

    for (size_t i = 0; i < s.n && rc >= 0;) {
        char room[16];
        struct strbuf value = {.p = room, .cap = sizeof room, .max = sizeof room - 1};
        size_t n = 0;

        if (s.p[i] == '&')
            n = text_decode_reference(str_slice(s, i, s.n), &value);
        if (n > 0 && in_attribute && s.p[i + n - 1] != ';')
            n = 0;
        if (n == 0) {
            rc = put_char(out, s.p[i++]);
            continue;
        }
        for (size_t k = 0; k < value.n && rc >= 0; k++)
            rc = put_char(out, value.p[k]);
        i += n;
    }
    return rc;
}

/* ---- tags ---- */

struct attribute {
    struct str name, value;
};

struct tag {
    struct str name;
    bool is_end;
    struct attribute list[ATTRIBUTES_MAX];
    size_t n;
};

static void skip_blanks(struct source *s)
{
    while (s->at < s->all.n && (is_blank(s->all.p[s->at]) || s->all.p[s->at] == '/'))
        s->at++;
}

static struct str take_word(struct source *s, const char *ends)
{
    size_t from = s->at;

    while (s->at < s->all.n && !is_blank(s->all.p[s->at]) &&
           (s->all.p[s->at] == '\0' || strchr(ends, s->all.p[s->at]) == NULL))
        s->at++;
    return str_slice(s->all, from, s->at);
}

static struct str take_value(struct source *s)
{
    char quote = s->at < s->all.n ? s->all.p[s->at] : '\0';
    struct str value;
    size_t end;

    if (quote != '"' && quote != '\'')
        return take_word(s, ">");
    end = s->no_more[(unsigned char)quote] ? SIZE_MAX
                                           : str_find_char(s->all, quote, s->at + 1);
    if (end == SIZE_MAX) {
        s->no_more[(unsigned char)quote] = true;
        return take_word(s, ">");
    }
    value = str_slice(s->all, s->at + 1, end);
    s->at = end + 1;
    return value;
}

static void add_attribute(struct tag *t, struct str name, struct str value)
{
    if (t->n < ATTRIBUTES_MAX && value.n <= VALUE_MAX)
        t->list[t->n++] = (struct attribute){name, value};
}

static void take_attributes(struct source *s, struct tag *t)
{
    for (skip_blanks(s); s->at < s->all.n && s->all.p[s->at] != '>'; skip_blanks(s)) {
        size_t from = s->at;
        struct str name = take_word(s, "=>/"), value = STR("");

        while (s->at < s->all.n && is_blank(s->all.p[s->at]))
            s->at++;
        if (s->at < s->all.n && s->all.p[s->at] == '=') {
            s->at++;
            while (s->at < s->all.n && is_blank(s->all.p[s->at]))
                s->at++;
            value = take_value(s);
        }
        if (IN(kept, name) || str_eq_nocase(name, STR("type")))
            add_attribute(t, name, value);
        if (s->at == from)
            s->at++;
    }
    s->at += s->at < s->all.n; /* the '>' */
}

static struct str attribute_of(const struct tag *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq_nocase(t->list[i].name, str_of(name)))
            return t->list[i].value;
    return (struct str){NULL, 0};
}

static bool is_good_name(struct str name)
{
    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (!is_letter(name.p[i]) && !(name.p[i] >= '0' && name.p[i] <= '9') &&
            name.p[i] != '-')
            return false;
    return true;
}

static int put_lower(struct str s, struct strbuf *out)
{
    int rc = 0;

    for (size_t i = 0; i < s.n && rc >= 0; i++)
        rc = strbuf_add_char(
            out, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i]);
    return rc;
}

static int put_tag(const struct tag *t, struct strbuf *out)
{
    int rc = strbuf_add(out, t->is_end ? STR("</") : STR("<"));

    if (rc >= 0)
        rc = put_lower(t->name, out);
    for (size_t i = 0; i < t->n && !t->is_end && rc >= 0; i++) {
        rc = strbuf_add_char(out, ' ');
        if (rc >= 0)
            rc = put_lower(t->list[i].name, out);
        if (rc >= 0)
            rc = strbuf_add(out, STR("=\""));
        if (rc >= 0)
            rc = put_text(t->list[i].value, true, out);
        if (rc >= 0)
            rc = strbuf_add_char(out, '"');
    }
    return rc < 0 ? rc : strbuf_add_char(out, '>');
}

/* ---- what is left out ---- */

/* Behind "</name", or the end of the page. */
static size_t end_of_raw(const struct source *s, struct str name, size_t *ret_content)
{
    for (size_t at = s->at; (at = str_find(s->all, STR("</"), at)) != SIZE_MAX; at += 2) {
        struct str rest = str_slice(s->all, at + 2, s->all.n);
        size_t end;

        if (!str_has_prefix_nocase(rest, name) ||
            (rest.n > name.n && is_letter(rest.p[name.n])))
            continue;
        *ret_content = at;
        end = str_find_char(s->all, '>', at);
        return end == SIZE_MAX ? s->all.n : end + 1;
    }
    *ret_content = s->all.n;
    return s->all.n;
}

/* Without its end the rest goes where it would be program text; else only the tag. */
static void drop_raw(struct source *s, const struct tag *t)
{
    size_t which = place_in(raw, ARRAY_LEN(raw), t->name), content, end;
    struct str type = attribute_of(t, "type"), json;

    if (s->no_end[which])
        return;
    end = end_of_raw(s, t->name, &content);
    s->no_end[which] = content == s->all.n;
    if (s->no_end[which] && which > 1)
        return;
    json = str_slice(s->all, s->at, content);
    if (str_eq_nocase(t->name, STR("script")) &&
        str_eq_nocase(str_trim(type), STR("application/ld+json")) &&
        s->to->n_json < PAGE_SCRIPTS_MAX && json.n <= JSON_MAX)
        s->to->json[s->to->n_json++] = json;
    s->at = end;
}

/* <!-- -->, <!DOCTYPE>, <?xml?>, </ > */
static bool drop_nothing(struct source *s)
{
    struct str rest = str_slice(s->all, s->at, s->all.n);
    size_t end;

    if (rest.n < 2 || (rest.p[1] != '!' && rest.p[1] != '?' && rest.p[1] != '/'))
        return false;
    if (str_has_prefix(rest, STR("<!--"))) {
        end = str_find(rest, STR("-->"), 2); /* "<!-->" is a whole one */
        s->at = end == SIZE_MAX ? s->all.n : s->at + end + 3;
        return true;
    }
    end = str_find_char(rest, '>', 1);
    s->at = end == SIZE_MAX ? s->all.n : s->at + end + 1;
    return true;
}

static int take_tag(struct source *s)
{
    struct tag t = {.n = 0};
    struct str rest = str_slice(s->all, s->at, s->all.n);

    t.is_end = rest.n > 1 && rest.p[1] == '/';
    if (rest.n < 2u + t.is_end || !is_letter(rest.p[1 + t.is_end])) {
        if (drop_nothing(s))
            return 0;
        s->at++;
        return strbuf_add(&s->to->html, STR("&lt;"));
    }
    s->at += 1 + t.is_end;
    t.name = take_word(s, ">/");
    take_attributes(s, &t);
    if (!t.is_end && IN(raw, t.name)) {
        drop_raw(s, &t);
        return 0;
    }
    if (!is_good_name(t.name) || IN(transparent, t.name) || IN(raw, t.name))
        return 0;
    s->to->n_tags += !t.is_end;
    return put_tag(&t, &s->to->html);
}

int page_tidy(struct str html, struct page_tidy *ret)
{
    struct source s = {.all = html, .to = ret};
    int rc = 0;

    *ret = (struct page_tidy){.html = {.max = OUT_MAX}};
    while (s.at < html.n && rc >= 0) {
        size_t next;

        if (ret->n_tags >= TAGS_MAX || s.text_bytes >= TEXT_MAX) {
            ret->is_cut = true;
            break;
        }
        if (html.p[s.at] == '<') {
            rc = take_tag(&s);
            continue;
        }
        next = str_find_char(html, '<', s.at);
        if (next == SIZE_MAX)
            next = html.n;
        if (next - s.at > TEXT_MAX - s.text_bytes)
            next = s.at + (TEXT_MAX - s.text_bytes);
        s.text_bytes += next - s.at;
        rc = put_text(str_slice(html, s.at, next), false, &ret->html);
        s.at = next;
    }
    return rc < 0 ? -E2BIG : 0;
}
