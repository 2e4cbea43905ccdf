/* The forgiving way, for documents that are not well-formed: a tokenizer that takes a '<'
   for a tag only when it looks like one, leaves unknown references as they stand, drops
   characters that XML forbids, and lets an end tag close what was left open inside. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "loose_private.h"

static unsigned long line(void *engine)
{
    return ((const struct loose *)engine)->line;
}

static struct str ahead(const struct loose *l)
{
    return str_slice(strbuf_str(&l->in), l->at, l->in.n);
}

static void skip(struct loose *l, size_t n)
{
    const char *p = l->in.p + l->at, *end = p + n;

    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        l->line++;
        p++;
    }
    l->at += n;
}

/* ---- text ---- */

/* Hands text on in spans, without a copy. */
static void emit(struct loose *l, struct str s, bool has_references)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n;) {
        bool is_reference = has_references && s.p[i] == '&';
        size_t n = 1;

        if (!is_reference && !loose_is_forbidden((unsigned char)s.p[i])) {
            i++;
            continue;
        }
        build_text(l->b, str_slice(s, from, i));
        from = i;
        if (is_reference) {
            strbuf_reset(&l->text);
            n = loose_reference(l, str_slice(s, i, s.n), &l->text);
            build_text(l->b, strbuf_str(&l->text));
        }
        from += n; /* none: the ampersand goes with what follows */
        i += n > 0 ? n : 1;
    }
    build_text(l->b, str_slice(s, from, s.n));
}

/* ---- tokens ---- */

/* ---- sections that are never closed ---- */

/* Behind the blanks at s: what can stand behind the end of the element that holds the
   section, and seldom in the text of one: the end of what is around it, or another
   element that its scope knows. */
static bool is_followed_by_markup(struct loose *l, struct str s)
{
    const struct build *b = l->b;
    const struct frame *outer = &b->frames[b->depth - 1];

    s = str_slice(s, (size_t)(str_trim(s).p - s.p), s.n);
    if (str_has_prefix(s, STR("</")))
        return str_has_prefix_nocase(str_slice(s, 2, s.n), str_of_xml(outer->name.local));
    return s.n > 1 && s.p[0] == '<' && loose_knows(l, outer->scope, str_slice(s, 1, s.n));
}

/* Where the element that holds the section ends inside of it; SIZE_MAX: nowhere in s. */
static size_t owner_end(struct loose *l, struct str s)
{
    struct str owner = str_of_xml(l->b->frames[l->b->depth].name.local);

    for (size_t at = 0; (at = str_find(s, STR("</"), at)) != SIZE_MAX; at += 2) {
        struct str rest = str_slice(s, at + 2, s.n);

        if (str_has_prefix(rest, owner) && rest.n > owner.n && rest.p[owner.n] == '>' &&
            is_followed_by_markup(l, str_slice(rest, owner.n + 1, rest.n)))
            return at;
    }
    return SIZE_MAX;
}

/* A section that is not closed before another opens, or before the end of what is there,
   ends with its element. */
static bool leave_section(struct loose *l)
{
    struct str s = ahead(l);
    size_t end = str_find(s, STR("]]>"), 0);
    size_t next =
        str_find(str_slice(s, 0, end == SIZE_MAX ? s.n : end), STR("<![CDATA["), 0);
    size_t at;

    if (l->b->depth < 2 || (end != SIZE_MAX && next == SIZE_MAX))
        return false;
    at = owner_end(l, s);
    if (at == SIZE_MAX || at > next)
        return false;
    build_warn(l->b, "a CDATA section that is never closed");
    emit(l, str_slice(s, 0, at), false);
    skip(l, at);
    l->inside = IN_TEXT;
    return true;
}

/* Reads to the end mark of a comment, CDATA section, …; false: more bytes are needed. */
static bool read_inside(struct loose *l, struct str mark)
{
    struct str s = ahead(l);
    size_t end = str_find(s, mark, 0), n = end != SIZE_MAX ? end : s.n;
    size_t held = l->inside == IN_CDATA ? SECTION_HELD : mark.n - 1;

    if (l->inside == IN_CDATA && leave_section(l))
        return true;
    if (end == SIZE_MAX && !l->at_end)
        n = n > held ? n - held : 0;
    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    if (l->inside == IN_CDATA)
        emit(l, str_slice(s, 0, n), false);
    skip(l, n);
    if (end == SIZE_MAX)
        return false;
    skip(l, mark.n);
    l->inside = IN_TEXT;
    return true;
}

/* <!DOCTYPE … [ … ]>: to the '>' outside of brackets. */
static bool read_declaration(struct loose *l)
{
    struct str s = ahead(l);
    unsigned depth = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '[')
            depth++;
        else if (s.p[i] == ']' && depth > 0)
            depth--;
        else if (s.p[i] == '>' && depth == 0) {
            skip(l, i + 1);
            l->inside = IN_TEXT;
            return true;
        }
    }
    if (l->at_end || s.n > TAG_MAX) { /* not one after all */
        l->inside = IN_TEXT;
        skip(l, l->at_end ? s.n : 1);
        return s.n > 0;
    }
    return false;
}

struct opening {
    struct str mark;
    enum loose_inside inside;
};

static const struct opening openings[] = {
    {STR_INIT("<!--"), IN_COMMENT},
    {STR_INIT("<![CDATA["), IN_CDATA},
    {STR_INIT("<?"), IN_PI},
    {STR_INIT("<!"), IN_DECLARATION},
};

/* With the text behind it, as far as that is there without a reference. */
static bool text_of_angle(struct loose *l)
{
    struct str s = ahead(l);
    size_t n = 1;

    while (n < s.n && s.p[n] != '<' && s.p[n] != '&')
        n++;
    if (n == s.n)
        n = 1; /* the rest may be cut inside a character */
    emit(l, str_slice(s, 0, n), false);
    skip(l, n);
    return true;
}

/* At a '<'. False: more bytes are needed. */
static bool read_angle(struct loose *l)
{
    struct str s = ahead(l);
    size_t end;

    for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
        struct str mark = openings[i].mark;

        if (str_has_prefix(s, mark)) {
            skip(l, mark.n);
            l->inside = openings[i].inside;
            return true;
        }
        if (!l->at_end && s.n < mark.n && str_has_prefix(mark, s))
            return false;
    }
    if (s.n < 3 && !l->at_end)
        return false;
    if (s.n < 3 ||
        !(loose_is_name_start(s.p[1]) || (s.p[1] == '/' && loose_is_name_start(s.p[2]))))
        return text_of_angle(l);
    end = loose_tag_length(s);
    if (end == SIZE_MAX) {
        size_t next = str_find_char(s, '<', 1);

        if (next == SIZE_MAX && s.n < TAG_MAX && !l->at_end)
            return false;
        return text_of_angle(l);
    }
    if (s.p[1] == '/') {
        loose_end_tag(l, str_slice(s, 2, end));
    } else {
        bool is_empty = s.p[end - 1] == '/';

        loose_start_tag(l, str_slice(s, 1, is_empty ? end - 1 : end), is_empty);
    }
    skip(l, end + 1);
    return true;
}

static bool read_text(struct loose *l)
{
    struct str s = ahead(l);
    size_t end = str_find_char(s, '<', 0), n = end != SIZE_MAX ? end : s.n;

    if (n == 0)
        return end == 0 && read_angle(l);
    if (end == SIZE_MAX && !l->at_end) { /* a reference may be cut in two */
        for (size_t i = n; i > 0 && n - i < REFERENCE_MAX; i--)
            if (s.p[i - 1] == '&' &&
                str_find_char(str_slice(s, i, n), ';', 0) == SIZE_MAX) {
                n = i - 1;
                break;
            }
    }
    emit(l, str_slice(s, 0, n), true);
    skip(l, n);
    return end != SIZE_MAX;
}

static void run(struct loose *l)
{
    bool more = true;

    while (more && l->b->rc == 0 && l->at < l->in.n) {
        switch (l->inside) {
        case IN_CDATA:
            more = read_inside(l, STR("]]>"));
            break;
        case IN_COMMENT:
            more = read_inside(l, STR("-->"));
            break;
        case IN_PI:
            more = read_inside(l, STR(">"));
            break;
        case IN_DECLARATION:
            more = read_declaration(l);
            break;
        default:
            more = read_text(l);
        }
    }
}

/* ---- life ---- */

struct loose *loose_new(struct build *b, xmlDictPtr dict, unsigned long at_line)
{
    struct loose *l = mem_new(sizeof *l);

    l->b = b;
    l->dict = dict;
    if (dict == NULL)
        l->dict = xmlDictCreate();
    else
        xmlDictReference(dict);
    if (l->dict == NULL)
        abort(); /* out of memory */
    l->in.max = b->entry_arena.max * 4;
    l->values.max = TAG_MAX * 2;
    l->text.max = 1024; /* of one reference */
    l->line = at_line;
    b->line = line;
    b->engine = l;
    b->loose = true;
    return l;
}

void loose_free(struct loose *l)
{
    if (l == NULL)
        return;
    xmlDictFree(l->dict);
    strbuf_fini(&l->in);
    strbuf_fini(&l->values);
    strbuf_fini(&l->text);
    free(l);
}

#define CHUNK ((size_t)32 * 1024)

void loose_push(struct loose *l, struct str bytes)
{
    while (bytes.n > 0 && l->b->rc == 0) {
        size_t n = bytes.n < CHUNK ? bytes.n : CHUNK;

        if (strbuf_add(&l->in, str_slice(bytes, 0, n)) < 0)
            (void)build_fail(l->b, ERR_LIMIT, "more than %zu bytes that make no sense",
                             l->in.max);
        run(l);
        memmove(l->in.p, l->in.p + l->at, l->in.n - l->at);
        l->in.n -= l->at;
        l->at = 0;
        bytes = str_slice(bytes, n, bytes.n);
    }
}

void loose_finish(struct loose *l)
{
    l->at_end = true;
    run(l);
}
