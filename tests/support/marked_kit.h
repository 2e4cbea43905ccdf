/* marked_kit.h - extractors on a text with its names marked, "[Ann Lee|PER] of
   [Bonn|GPE]": what stands behind the finding of names, for tests */
#ifndef NEWSMQ_TESTS_MARKED_KIT_H
#define NEWSMQ_TESTS_MARKED_KIT_H

#include "extract_kit.h"

struct marked {
    struct strbuf title, text;
};

static inline enum entity_type marked_type(struct str s, struct str *ret_subtype)
{
    *ret_subtype = (struct str){NULL, 0};
    for (int t = ENTITY_PER; t <= ENTITY_MISC; t++)
        if (str_eq(s, str_of(entity_type_name((enum entity_type)t))))
            return (enum entity_type)t;
    *ret_subtype = s;
    return str_eq(s, STR("GPE")) || str_eq(s, STR("FAC")) ? ENTITY_LOC : ENTITY_MISC;
}

/* One entity for each form and type, as the extractor of names makes them. "PER?" is
   one that it is not sure of. */
static inline void marked_add(struct result *r, struct str name, struct str type,
                              struct span s)
{
    bool is_sure = type.n == 0 || type.p[type.n - 1] != '?';
    float score = is_sure ? 0.9F : 0.5F;
    struct str subtype;
    enum entity_type t = marked_type(str_head(type, type.n - !is_sure), &subtype);
    struct entity *en = NULL;

    for (size_t i = 0; i < r->n_entities && en == NULL; i++)
        if (r->entities[i].type == t && str_eq(r->entities[i].name, name))
            en = &r->entities[i];
    if (en == NULL) {
        en = result_add_entity(r);
        *en = (struct entity){.type = t, .subtype = subtype, .score = score};
        en->name = arena_dup(&r->arena, name);
    }
    (void)result_add_mention(r, en, s, score);
}

static inline void marked_read(struct result *r, const char *z, enum field field,
                               struct strbuf *out)
{
    struct str rest = str_of(z);

    out->max = 1 << 22;
    strbuf_reset(out);
    while (rest.p != NULL) {
        struct str plain = str_cut(&rest, '['), name, type;
        uint32_t from;

        (void)strbuf_add(out, plain);
        if (rest.p == NULL)
            break;
        name = str_cut(&rest, '|');
        type = str_cut(&rest, ']');
        from = (uint32_t)out->n;
        (void)strbuf_add(out, name);
        marked_add(r, name, type, (struct span){from, (uint32_t)out->n, field});
    }
}

static inline void marked_run(struct kit *k, struct marked *m, const char *title,
                              const char *text)
{
    result_reset(&k->result);
    if (title != NULL)
        marked_read(&k->result, title, FIELD_TITLE, &m->title);
    marked_read(&k->result, text, FIELD_CONTENT_TEXT, &m->text);
    k->item = (struct item){.content_text = strbuf_str(&m->text)};
    if (title != NULL)
        k->item.title = strbuf_str(&m->title);
    chain_go_on(k->chain, &k->item, &k->result);
}

static inline void marked_fini(struct marked *m)
{
    strbuf_fini(&m->title);
    strbuf_fini(&m->text);
}

#endif
