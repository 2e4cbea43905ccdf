/* Tags and references as they come in broken markup. */
#include "newsmq/text.h"

#include "loose_private.h"

#define ATTRIBUTES_MAX 64

size_t loose_reference(struct loose *l, struct str s, struct strbuf *out)
{
    size_t end = 1, n;
    enum entity_kind kind;

    while (end < s.n && end < REFERENCE_MAX && s.p[end] != ';' && s.p[end] != '<' &&
           s.p[end] != '&' && s.p[end] != ' ')
        end++;
    if (end < s.n && s.p[end] == ';' && end > 1 && s.p[1] != '#') {
        kind = entities_find(&l->b->entities, str_slice(s, 1, end), out);
        build_refuse_entity(l->b, kind, str_slice(s, 1, end));
        return kind == ENTITY_UNKNOWN ? 0 : end + 1;
    }
    if (end >= s.n || s.p[end] != ';')
        return 0; /* "a=1&copy=2": not a reference */
    n = text_decode_reference(s, out);
    return n;
}

void loose_decode(struct loose *l, struct str s, struct strbuf *out)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n;) {
        size_t n;

        if (s.p[i] != '&' && !loose_is_forbidden((unsigned char)s.p[i])) {
            i++;
            continue;
        }
        if (strbuf_add(out, str_slice(s, from, i)) < 0)
            return;
        n = s.p[i] == '&' ? loose_reference(l, str_slice(s, i, s.n), out) : 1;
        from = i + n;
        i += n > 0 ? n : 1;
    }
    (void)strbuf_add(out, str_slice(s, from, s.n)); /* over max: longer than any entry */
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name(char c)
{
    return loose_is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':';
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
            loose_decode(l, take_value(&rest), &l->values);
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

void loose_start_tag(struct loose *l, struct str inner, bool is_empty)
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

bool loose_knows(struct loose *l, enum scope scope, struct str s)
{
    struct str qualified = take_name(&s);
    struct name name;

    if (qualified.n == 0 || scope == SCOPE_OTHER || l->b->format == NULL)
        return false;
    name = name_of(l, qualified);
    name.uri = build_namespace(l->b, name.prefix);
    return build_find_tag(l->b, scope, name) != NULL;
}

size_t loose_tag_length(struct str s)
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

/* Only names that an element had can end one; others are not worth remembering. */
void loose_end_tag(struct loose *l, struct str inner)
{
    struct str local = take_name(&inner), prefix = {NULL, 0};
    size_t colon = str_find_char(local, ':', 0);

    if (colon != SIZE_MAX && colon > 0 && colon + 1 < local.n) {
        prefix = str_slice(local, 0, colon);
        local = str_slice(local, colon + 1, local.n);
    }
    build_end_named(l->b, local,
                    xmlDictExists(l->dict, (const xmlChar *)local.p, (int)local.n),
                    prefix.p != NULL
                        ? xmlDictExists(l->dict, (const xmlChar *)prefix.p, (int)prefix.n)
                        : NULL);
}
