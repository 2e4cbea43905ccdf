/* given_names EXTRACTOR… <TEXTS >ANSWERS: extractors on names that are given, so that
   what stands behind the finding of names is judged by itself. A text is a line
   {"title", "text", "mentions": [{"field", "start", "end", "type"}]}, offsets in code
   points; an answer is one of `newsmq extract --json`. For tools/score --given. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/json.h"
#include "newsmq/text.h"

static const struct {
    const char *fine;
    enum entity_type type;
} types[] = {{"PER", ENTITY_PER},   {"ORG", ENTITY_ORG},   {"LOC", ENTITY_LOC},
             {"GPE", ENTITY_LOC},   {"FAC", ENTITY_LOC},   {"EVENT", ENTITY_EVENT},
             {"MISC", ENTITY_MISC}, {"NORP", ENTITY_MISC}, {"LAW", ENTITY_MISC},
             {"PROD", ENTITY_MISC}, {"WORK", ENTITY_MISC}};

static uint32_t byte_of(struct str s, size_t points)
{
    size_t at = 0, len;

    for (; points > 0 && at < s.n; points--, at += len)
        (void)utf8_decode(s.p + at, s.p + s.n, &len);
    return (uint32_t)at;
}

static struct str text_of(const struct item *it, enum field field)
{
    return field == FIELD_TITLE ? it->title : it->content_text;
}

static void give(struct result *r, const struct item *it, const json_t *m)
{
    const char *type = json_string_value(json_object_get(m, "type"));
    const char *field = json_string_value(json_object_get(m, "field"));
    enum field f =
        field != NULL && strcmp(field, "title") == 0 ? FIELD_TITLE : FIELD_CONTENT_TEXT;
    struct str text = text_of(it, f), form;
    struct span s = {
        byte_of(text, (size_t)json_integer_value(json_object_get(m, "start"))),
        byte_of(text, (size_t)json_integer_value(json_object_get(m, "end"))), f};
    struct entity *en = NULL;
    size_t k = 0;

    while (k + 1 < ARRAY_LEN(types) && strcmp(type, types[k].fine) != 0)
        k++;
    form = str_slice(text, s.start, s.end);
    for (size_t i = 0; en == NULL && i < r->n_entities; i++)
        if (r->entities[i].type == types[k].type && str_eq(r->entities[i].name, form))
            en = &r->entities[i];
    if (en == NULL) {
        en = result_add_entity(r);
        *en = (struct entity){.type = types[k].type, .name = form, .score = 1};
        if (strcmp(entity_type_name(en->type), types[k].fine) != 0)
            en->subtype = str_of(types[k].fine);
    }
    (void)result_add_mention(r, en, s, 1);
}

static int answer(struct chain *chain, struct result *r, const json_t *line)
{
    struct item it = {.title = str_of(json_string_value(json_object_get(line, "title"))),
                      .content_text =
                          str_of(json_string_value(json_object_get(line, "text")))};
    struct strbuf nlp = {.max = 64 << 20}, out = {.max = 128 << 20};
    struct jsonw j = jsonw_to(&out);
    struct err e = {0};
    const json_t *m;
    size_t i;

    result_reset(r);
    json_array_foreach(json_object_get(line, "mentions"), i, m) give(r, &it, m);
    chain_go_on(chain, &it, r);
    if (result_write_nlp(r, &it, &nlp, &e) < 0) {
        fprintf(stderr, "given_names: %s\n", e.text);
        return 1;
    }
    jsonw_object(&j);
    jsonw_member_str(&j, "title", it.title);
    jsonw_member_str(&j, "content_text", it.content_text);
    jsonw_key(&j, "nlp");
    jsonw_raw(&j, strbuf_str(&nlp));
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&nlp);
    strbuf_fini(&out);
    return 0;
}

int main(int argc, char **argv)
{
    struct config_extractor list[8] = {0};
    struct result r = {0};
    struct chain *chain = NULL;
    struct err e = {0};
    size_t n = 0;
    json_t *line;
    int rc = 0;

    for (; n + 1 < (size_t)argc && n < ARRAY_LEN(list); n++)
        list[n] = (struct config_extractor){.name = argv[n + 1], .timeout_ms = 30000};
    if (chain_open(list, n, &chain, &e) < 0) {
        fprintf(stderr, "given_names: %s\n", e.text);
        return 1;
    }
    while (rc == 0 && (line = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        rc = answer(chain, &r, line);
        json_decref(line);
    }
    result_fini(&r);
    chain_close(chain);
    return rc;
}
