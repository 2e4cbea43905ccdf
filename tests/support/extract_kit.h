/* extract_kit.h - runs extractors on a text, for tests */
#ifndef NEWSMQ_TESTS_EXTRACT_KIT_H
#define NEWSMQ_TESTS_EXTRACT_KIT_H

#include <stdio.h>
#include <stdlib.h>

#include "newsmq/extractor.h"

struct kit {
    struct chain *chain;
    struct result result;
    struct item item;
};

/* names: of extractors, NULL at the end; at most four. */
static inline void kit_open(struct kit *k, const char *const *names)
{
    static struct config_extractor list[4];
    static char copies[4][32];
    struct err e;
    size_t n = 0;

    for (; names[n] != NULL; n++) {
        (void)snprintf(copies[n], sizeof copies[n], "%s", names[n]);
        list[n] = (struct config_extractor){.name = copies[n], .timeout_ms = 1000};
    }
    if (chain_open(list, n, &k->chain, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
}

static inline void kit_run(struct kit *k, const char *title, const char *text)
{
    k->item = (struct item){.title = str_of(title), .content_text = str_of(text)};
    chain_run(k->chain, &k->item, &k->result);
}

static inline void kit_close(struct kit *k)
{
    chain_close(k->chain);
    result_fini(&k->result);
}

static inline struct str kit_text(const struct kit *k, struct span s)
{
    return str_slice(s.field == FIELD_TITLE ? k->item.title : k->item.content_text,
                     s.start, s.end);
}

/* All entities of the last run: "PER Jehangir Khan (Khan) x3|LOC/GPE Brussels x1", in the
   order of the text, for comparing. The caller frees. */
static inline char *kit_entities(const struct kit *k)
{
    struct strbuf out = {.max = 1 << 20};

    for (size_t i = 0; i < k->result.n_entities; i++) {
        const struct entity *en = &k->result.entities[i];

        (void)strbuf_addf(&out, "%s%s", i > 0 ? "|" : "", entity_type_name(en->type));
        if (en->subtype.n > 0)
            (void)strbuf_addf(&out, "/" STR_FMT, STR_ARG(en->subtype));
        (void)strbuf_addf(&out, " " STR_FMT, STR_ARG(en->name));
        for (size_t a = 0; a < en->n_aliases; a++)
            (void)strbuf_addf(&out, "%s" STR_FMT "%s", a == 0 ? " (" : ", ",
                              STR_ARG(en->aliases[a]), a + 1 == en->n_aliases ? ")" : "");
        (void)strbuf_addf(&out, " x%zu", en->n_mentions);
    }
    return out.n > 0 ? strbuf_take(&out) : strdup("");
}

#endif
