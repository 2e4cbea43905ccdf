/* Entities of a document type are kept when they are short plain text. Those made of
   other entities grow exponentially when they are used (the "billion laughs"), and no
   feed needs them; external ones would read files. Both are remembered as refused. And
   what is short may be used often (the "quadratic blowup"): all together has a bound. */
#include <stdlib.h>

#include "newsmq/text.h"

#include "entities.h"

/* Appends with character references decoded; false when another entity is in it. */
static bool decode_value(struct str value, struct strbuf *out)
{
    for (size_t i = 0; i < value.n;) {
        size_t n = 0;

        if (value.p[i] == '&') {
            if (i + 1 == value.n || value.p[i + 1] != '#')
                return false;
            n = text_decode_reference(str_slice(value, i, value.n), out);
        }
        if (n == 0 && strbuf_add_char(out, value.p[i]) < 0)
            return false;
        i += n > 0 ? n : 1;
    }
    return true;
}

static const struct entity *search(const struct entities *e, struct str name)
{
    for (size_t i = 0; i < e->n; i++)
        if (str_eq(str_of(e->list[i].name), name))
            return &e->list[i];
    return NULL;
}

void entities_declare(struct entities *e, struct str name, struct str value,
                      bool is_external)
{
    struct strbuf text = {.max = ENTITY_MAX_BYTES};
    struct entity *at;

    if (e->n == ENTITIES_MAX || name.n > 64 || search(e, name) != NULL)
        return; /* the first declaration binds (XML 1.0 §4.2) */
    e->list = mem_grow(e->list, &e->cap, e->n + 1, sizeof *e->list);
    at = &e->list[e->n++];
    *at = (struct entity){.name = mem_dup(name), .kind = ENTITY_TEXT};
    if (is_external)
        at->kind = ENTITY_EXTERNAL;
    else if (!decode_value(value, &text))
        at->kind = ENTITY_NESTED;
    else
        at->value = mem_strdup(strbuf_cstr(&text));
    strbuf_fini(&text);
}

enum entity_kind entities_find(struct entities *e, struct str name, struct strbuf *out)
{
    const struct entity *at = search(e, name);
    char reference[40];
    size_t before = out->n;

    if (at != NULL) {
        if (at->kind != ENTITY_TEXT)
            return at->kind;
        e->grown += strlen(at->value);
        if (e->grown > ENTITY_GROWTH_MAX)
            return ENTITY_TOO_MUCH;
        (void)strbuf_add_text(out, at->value); /* over max: the entry is dropped */
        return ENTITY_TEXT;
    }
    if (name.n == 0 || name.n > sizeof reference - 2)
        return ENTITY_UNKNOWN;
    reference[0] = '&';
    memcpy(reference + 1, name.p, name.n);
    reference[name.n + 1] = ';';
    if (text_decode_reference((struct str){reference, name.n + 2}, out) == name.n + 2)
        return ENTITY_TEXT;
    out->n = before; /* "&nothing;" begins like "&not" */
    if (out->p != NULL)
        out->p[before] = '\0';
    return ENTITY_UNKNOWN;
}

void entities_fini(struct entities *e)
{
    for (size_t i = 0; i < e->n; i++) {
        free(e->list[i].name);
        free(e->list[i].value);
    }
    free(e->list);
    *e = (struct entities){0};
}
