/* Markup inside a value, written out again: XHTML content, and feeds that put HTML into
   elements without escaping it. Names lose their prefix where it stands for XHTML. */
#include <strings.h>

#include "build.h"

static void add(struct build *b, struct str s)
{
    if (strbuf_add(&b->capture.text, s) < 0)
        b->entry_is_over = b->in_entry;
}

static void add_escaped(struct build *b, struct str s, bool in_attribute)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        struct str as = {NULL, 0};

        if (s.p[i] == '&')
            as = STR("&amp;");
        else if (s.p[i] == '<')
            as = STR("&lt;");
        else if (s.p[i] == '>' && !in_attribute)
            as = STR("&gt;");
        else if (s.p[i] == '"' && in_attribute)
            as = STR("&quot;");
        if (as.p == NULL)
            continue;
        add(b, str_slice(s, from, i));
        add(b, as);
        from = i + 1;
    }
    add(b, str_slice(s, from, s.n));
}

static void add_name(struct build *b, struct name name)
{
    if (name.prefix != NULL && name.uri != NULL && build_ns(b, name) != NS_XHTML) {
        add(b, str_of_xml(name.prefix));
        add(b, STR(":"));
    }
    add(b, str_of_xml(name.local));
}

bool markup_is_void(struct str local)
{
    static const struct str names[] = {
        STR_INIT("area"),  STR_INIT("base"), STR_INIT("br"),     STR_INIT("col"),
        STR_INIT("embed"), STR_INIT("hr"),   STR_INIT("img"),    STR_INIT("input"),
        STR_INIT("link"),  STR_INIT("meta"), STR_INIT("source"), STR_INIT("track"),
        STR_INIT("wbr"),
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq_nocase(local, names[i]))
            return true;
    return false;
}

/* The <div> that Atom puts around XHTML is not part of it (RFC 4287 §3.1.1.3). */
static bool is_wrapper(const struct build *b, struct name name)
{
    return b->capture.kind == TEXT_XHTML && b->depth == b->capture.depth + 1 &&
           str_eq(b->meta.format, STR("atom1.0")) &&
           str_eq(str_of_xml(name.local), STR("div"));
}

void markup_start(struct build *b, struct name name, struct attributes a)
{
    if (is_wrapper(b, name))
        return;
    add(b, STR("<"));
    add_name(b, name);
    for (size_t i = 0; i < a.n; i++) {
        const xmlChar **at = a.list + i * 5;

        add(b, STR(" "));
        if (at[1] != NULL) {
            add(b, str_of_xml(at[1]));
            add(b, STR(":"));
        }
        add(b, str_of_xml(at[0]));
        add(b, STR("=\""));
        add_escaped(b, (struct str){(const char *)at[3], (size_t)(at[4] - at[3])}, true);
        add(b, STR("\""));
    }
    add(b, markup_is_void(str_of_xml(name.local)) ? STR(" />") : STR(">"));
}

void markup_text(struct build *b, struct str text)
{
    add_escaped(b, text, false);
}

void markup_end(struct build *b, struct name name)
{
    if (is_wrapper(b, name) || markup_is_void(str_of_xml(name.local)))
        return;
    add(b, STR("</"));
    add_name(b, name);
    add(b, STR(">"));
}
