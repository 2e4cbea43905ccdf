/* What an element is: tables are searched once for each name, then remembered. */
#include <strings.h>

#include "build.h"

static const struct tag *search(struct tag_table t, enum scope scope, enum ns ns,
                                const char *local)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.tags[i].ns == ns && (t.tags[i].scopes & scope) != 0 &&
            (t.tags[i].local[0] | 0x20) == (local[0] | 0x20) &&
            strcasecmp(t.tags[i].local, local) == 0)
            return &t.tags[i];
    return NULL;
}

enum ns build_ns(struct build *b, struct name name)
{
    struct space *s = b->spaces;

    if (name.uri == NULL && name.prefix == NULL)
        return NS_NONE;
    for (unsigned i = 0; i < SPACES && i < b->n_spaces; i++)
        if (s[i].uri == name.uri && s[i].prefix == name.prefix)
            return s[i].ns;
    s += b->n_spaces++ % SPACES;
    *s = (struct space){name.uri, name.prefix,
                        ns_of(str_of_xml(name.uri), str_of_xml(name.prefix))};
    return s->ns;
}

static enum ns namespace_of(struct build *b, struct name name)
{
    enum ns ns = build_ns(b, name);

    if (b->format != NULL &&
        (ns == NS_NONE || (ns == NS_UNKNOWN && name.uri == b->frames[1].name.uri)))
        return b->format->ns;
    return ns;
}

static const struct tag *find(const struct build *b, enum scope scope, enum ns ns,
                              const char *local)
{
    const struct tag *tag = search(b->format->tags, scope, ns, local);

    for (size_t i = 0; tag == NULL && module_tables[i] != NULL; i++)
        tag = search(*module_tables[i], scope, ns, local);
    return tag;
}

static bool is_it(const struct lookup *l, const void *local, const void *space,
                  unsigned scope)
{
    return l->known && l->local == local && l->space == space && l->scope == scope;
}

const struct tag *build_find_tag(struct build *b, enum scope scope, struct name name)
{
    const void *space = name.uri != NULL ? name.uri : name.prefix;
    uintptr_t h =
        ((uintptr_t)name.local >> 3) ^ ((uintptr_t)space >> 4) ^ (uintptr_t)scope * 37;
    struct lookup *l = &b->lookups[h % LOOKUPS];

    if (is_it(l, name.local, space, scope))
        return l->tag;
    if (l->known) /* two names may share a place: each then has the next one, too */
        l = &b->lookups[(h ^ 1) % LOOKUPS];
    if (is_it(l, name.local, space, scope))
        return l->tag;
    if (l->known && (b->n_misses++ & 1) != 0)
        l = &b->lookups[h % LOOKUPS];
    *l = (struct lookup){name.local, space, scope, NULL, true};
    l->tag = find(b, scope, namespace_of(b, name), (const char *)name.local);
    return l->tag;
}

struct str attribute_get(struct attributes a, const char *local)
{
    for (size_t i = 0; i < a.n; i++) {
        const xmlChar **at = a.list + i * 5;

        if (at[2] == NULL && at[1] == NULL && strcasecmp((const char *)at[0], local) == 0)
            return (struct str){(const char *)at[3], (size_t)(at[4] - at[3])};
    }
    return (struct str){NULL, 0};
}
