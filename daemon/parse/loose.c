/* The forgiving way, for documents that are not well-formed: a tokenizer that takes a '<'
   for a tag only when it looks like one, leaves unknown references as they stand, drops
   characters that XML forbids, and lets an end tag close what was left open inside. */
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "loose.h"

#define TAG_MAX        ((size_t)64 * 1024) /* longer: not a tag */
#define REFERENCE_MAX  40
#define ATTRIBUTES_MAX 64

enum inside { IN_TEXT, IN_CDATA, IN_COMMENT, IN_PI, IN_DECLARATION };

struct loose {
    struct build *b;
    xmlDictPtr dict;
    struct strbuf in; /* not yet read; always less than a token and a chunk */
    size_t at;        /* read of it so far */
    enum inside inside;
    bool at_end;
    unsigned long line;
    struct strbuf values; /* of the attributes of one tag */
    struct strbuf text;
};

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

static bool is_forbidden(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

/* A reference at the start of s: its bytes, 0 when it is only an ampersand. */
static size_t decode_reference(struct loose *l, struct str s, struct strbuf *out)
{
    size_t end = 1, n;
    enum entity_kind kind;

    while (end < s.n && end < REFERENCE_MAX && s.p[end] != ';' && s.p[end] != '<' &&
           s.p[end] != '&' && s.p[end] != ' ')
        end++;
    if (end < s.n && s.p[end] == ';' && end > 1 && s.p[1] != '#') {
        kind = entities_find(&l->b->entities, str_slice(s, 1, end), out);
        if (kind == ENTITY_NESTED)
            (void)build_fail(l->b, ERR_LIMIT,
                             "entity '" STR_FMT "' is made of others, refused",
                             STR_ARG(str_slice(s, 1, end)));
        return kind == ENTITY_UNKNOWN ? 0 : end + 1;
    }
    if (end >= s.n || s.p[end] != ';')
        return 0; /* "a=1&copy=2": not a reference */
    n = text_decode_reference(s, out);
    return n;
}

static void decode(struct loose *l, struct str s, struct strbuf *out)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n;) {
        size_t n;

        if (s.p[i] != '&' && !is_forbidden((unsigned char)s.p[i])) {
            i++;
            continue;
        }
        if (strbuf_add(out, str_slice(s, from, i)) < 0)
            return;
        n = s.p[i] == '&' ? decode_reference(l, str_slice(s, i, s.n), out) : 1;
        from = i + n;
        i += n > 0 ? n : 1;
    }
    (void)strbuf_add(out, str_slice(s, from, s.n)); /* over max: longer than any entry */
}

static void emit(struct loose *l, struct str s, bool has_references)
{
    if (s.n == 0)
        return;
    strbuf_reset(&l->text);
    if (has_references) {
        decode(l, s, &l->text);
    } else {
        for (size_t i = 0; i < s.n; i++)
            if (!is_forbidden((unsigned char)s.p[i]))
                (void)strbuf_add_char(&l->text, s.p[i]); /* s is bounded */
    }
    build_text(l->b, strbuf_str(&l->text));
}

/* ---- tags ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_name(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

static struct str take_name(struct str *rest)
{
    struct str name = {rest->p, 0};

    while (name.n < rest->n && is_name(rest->p[name.n]))
        name.n++;
    *rest = str_slice(*rest, name.n, rest->n);
    return name;
}

static void skip_blanks(struct str *rest)
{
    while (rest->n > 0 && is_blank(rest->p[0]))
        *rest = str_slice(*rest, 1, rest->n);
}

static struct str take_value(struct str *rest)
{
    size_t end = 0, from = 0;
    struct str value;

    if (rest->n > 0 && (rest->p[0] == '"' || rest->p[0] == '\'')) {
        end = str_find_char(*rest, rest->p[0], 1);
        if (end != SIZE_MAX) {
            value = str_slice(*rest, 1, end);
            *rest = str_slice(*rest, end + 1, rest->n);
            return value;
        }
        from = 1;
        end = 1;
    }
    while (end < rest->n && !is_blank(rest->p[end]))
        end++;
    value = str_slice(*rest, from, end);
    *rest = str_slice(*rest, end, rest->n);
    return value;
}

struct raw_attribute {
    struct str name;
    size_t from, to; /* of l->values */
};

static size_t take_attributes(struct loose *l, struct str rest,
                              struct raw_attribute list[ATTRIBUTES_MAX])
{
    size_t n = 0;

    strbuf_reset(&l->values);
    (void)strbuf_add(&l->values, STR("")); /* so that there is a buffer */
    while (n < ATTRIBUTES_MAX) {
        struct str name;

        skip_blanks(&rest);
        if (rest.n == 0)
            break;
        name = take_name(&rest);
        if (name.n == 0) {
            rest = str_slice(rest, 1, rest.n);
            continue;
        }
        list[n] = (struct raw_attribute){name, l->values.n, l->values.n};
        skip_blanks(&rest);
        if (rest.n > 0 && rest.p[0] == '=') {
            rest = str_slice(rest, 1, rest.n);
            skip_blanks(&rest);
            decode(l, take_value(&rest), &l->values);
        }
        list[n++].to = l->values.n;
    }
    return n;
}

static const xmlChar *intern(struct loose *l, struct str s)
{
    return xmlDictLookup(l->dict, (const xmlChar *)s.p, (int)s.n);
}

/* "media:title" → media, title. An element of a name too many is called "?". */
static struct name name_of(struct loose *l, struct str qualified)
{
    struct str local = qualified, prefix = {NULL, 0};
    size_t colon = str_find_char(qualified, ':', 0);
    struct name name = {0};

    if (colon != SIZE_MAX && colon > 0 && colon + 1 < qualified.n) {
        prefix = str_slice(qualified, 0, colon);
        local = str_slice(qualified, colon + 1, qualified.n);
    }
    name.local = intern(l, local);
    if (name.local == NULL)
        name.local = (const xmlChar *)"?"; /* the dictionary is at its bound */
    if (prefix.p != NULL)
        name.prefix = intern(l, prefix);
    return name;
}

static void bind_namespaces(struct loose *l, const struct raw_attribute *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str value = str_slice(strbuf_str(&l->values), list[i].from, list[i].to);

        if (str_eq(list[i].name, STR("xmlns")))
            build_bind(l->b, NULL, value.n > 0 ? intern(l, value) : NULL);
        else if (str_has_prefix(list[i].name, STR("xmlns:")))
            build_bind(l->b, intern(l, str_slice(list[i].name, 6, list[i].name.n)),
                       intern(l, value));
    }
}

static void open_tag(struct loose *l, struct str inner, bool is_empty)
{
    struct raw_attribute list[ATTRIBUTES_MAX];
    const xmlChar *five[ATTRIBUTES_MAX * 5];
    struct str rest = inner;
    struct name name = name_of(l, take_name(&rest));
    size_t n = take_attributes(l, rest, list), n_five = 0;
    const char *values;

    bind_namespaces(l, list, n);
    name.uri = build_namespace(l->b, name.prefix);
    values = strbuf_cstr(&l->values);
    for (size_t i = 0; i < n; i++) {
        const xmlChar **at = five + n_five * 5;
        struct name of;

        if (str_has_prefix(list[i].name, STR("xmlns")))
            continue;
        of = name_of(l, list[i].name);
        at[0] = of.local;
        at[1] = of.prefix;
        at[2] = of.prefix != NULL ? build_namespace(l->b, of.prefix) : NULL;
        at[3] = (const xmlChar *)values + list[i].from;
        at[4] = (const xmlChar *)values + list[i].to;
        n_five++;
    }
    build_start(l->b, name, five, n_five);
    if (is_empty || (l->b->capture.on && markup_is_void(str_of_xml(name.local)) &&
                     l->b->depth > l->b->capture.depth))
        build_end(l->b);
}

/* The offset of the '>' that ends the tag at the start of s; SIZE_MAX when it is not
   there. A quote that never ends does not hide it. */
static size_t tag_end(struct str s)
{
    char quote = '\0';

    for (size_t i = 1; i < s.n && i < TAG_MAX; i++) {
        if (quote != '\0') {
            if (s.p[i] == quote)
                quote = '\0';
        } else if (s.p[i] == '>') {
            return i;
        } else if ((s.p[i] == '"' || s.p[i] == '\'') &&
                   (s.p[i - 1] == '=' || is_blank(s.p[i - 1]))) {
            quote = s.p[i];
        } else if (s.p[i] == '<') {
            return SIZE_MAX;
        }
    }
    return quote != '\0' ? str_find_char(str_head(s, TAG_MAX), '>', 0) : SIZE_MAX;
}

/* ---- tokens ---- */

/* Reads to the end mark of a comment, CDATA section, …; false: more bytes are needed. */
static bool read_inside(struct loose *l, struct str mark)
{
    struct str s = ahead(l);
    size_t end = str_find(s, mark, 0);
    size_t n = end != SIZE_MAX ? end : s.n;

    if (end == SIZE_MAX && !l->at_end)
        n = n >= mark.n ? n - (mark.n - 1) : 0;
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
    enum inside inside;
};

static const struct opening openings[] = {
    {STR_INIT("<!--"), IN_COMMENT},
    {STR_INIT("<![CDATA["), IN_CDATA},
    {STR_INIT("<?"), IN_PI},
    {STR_INIT("<!"), IN_DECLARATION},
};

static bool text_of_angle(struct loose *l)
{
    emit(l, STR("<"), false);
    skip(l, 1);
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
    if (s.n < 3 || !(is_name_start(s.p[1]) || (s.p[1] == '/' && is_name_start(s.p[2]))))
        return text_of_angle(l);
    end = tag_end(s);
    if (end == SIZE_MAX) {
        size_t next = str_find_char(s, '<', 1);

        if (next == SIZE_MAX && s.n < TAG_MAX && !l->at_end)
            return false;
        return text_of_angle(l);
    }
    if (s.p[1] == '/') {
        struct str rest = str_slice(s, 2, end);
        struct name name = name_of(l, take_name(&rest));

        build_end_named(l->b, name.local, name.prefix);
    } else {
        bool is_empty = s.p[end - 1] == '/';

        open_tag(l, str_slice(s, 1, is_empty ? end - 1 : end), is_empty);
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
    l->text.max = l->in.max;
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
