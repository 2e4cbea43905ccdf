/* Hits of standing queries. A worker says in `nlp.watch` which rules a record hits; the
   hub writes a pointer to the record for each that it knows, as an event on watch/RULE/,
   in the transaction of the record. So a pointer can be lost on the way no more than the
   record, and is repaired by replay in the same way. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "hub.h"

#define BODY_MAX  ((size_t)16 << 10)
#define TITLE_MAX 300
#define URL_MAX   2000

void watch_fini(struct hub *h)
{
    for (size_t i = 0; i < h->n_rules; i++)
        free(h->rules[i]);
    free(h->rules);
    h->rules = NULL;
    h->n_rules = 0;
}

void hub_set_rules(struct hub *h, const struct config_watch *rules, size_t n)
{
    watch_fini(h);
    h->rules = mem_new_array(n + 1, sizeof(char *));
    for (; h->n_rules < n; h->n_rules++)
        h->rules[h->n_rules] = mem_strdup(rules[h->n_rules].rule);
}

/* The rule as the configuration has it, or NULL. */
static const char *rule_of(const struct hub *h, const json_t *hit)
{
    const char *name = json_string_value(json_object_get(hit, "rule"));

    for (size_t i = 0; name != NULL && i < h->n_rules; i++)
        if (strcmp(h->rules[i], name) == 0)
            return h->rules[i];
    return NULL;
}

/* "watch/RULE/" → RULE, which was told in this turn. */
static const char *rule_in(const struct hub *h, const char *topic)
{
    struct str rest = str_of(topic), rule;

    (void)str_cut(&rest, '/');
    rule = str_cut(&rest, '/');
    for (size_t i = 0; i < h->n_rules; i++)
        if (str_eq(str_of(h->rules[i]), rule))
            return h->rules[i];
    return "";
}

static struct str text_of(const json_t *object, const char *key, size_t max)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_string(value))
        return (struct str){NULL, 0};
    return str_head((struct str){json_string_value(value), json_string_length(value)},
                    max);
}

/* {"schema":"watch/1","rule":…}: what a reader needs to choose, and to ask for more. */
static int write_body(const struct store_made *m, const char *rule, const json_t *core,
                      struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);
    char id[STORE_ID_CHARS + 1];

    strbuf_reset(out);
    jsonw_object(&j);
    jsonw_member_cstr(&j, "schema", "watch/1");
    jsonw_member_cstr(&j, "rule", rule);
    jsonw_member_cstr(&j, "id", store_id_text(m->id, id));
    jsonw_member_u64(&j, "record", m->seq);
    jsonw_member_u64(&j, "revision", m->revision);
    jsonw_member_str(&j, "feed", text_of(json_object_get(core, "feed"), "id", 64));
    jsonw_member_str(&j, "title", text_of(core, "title", TITLE_MAX));
    jsonw_member_str(&j, "url", text_of(core, "url", URL_MAX));
    jsonw_member_str(&j, "date_published", text_of(core, "date_published", 32));
    jsonw_member_str(&j, "date_seen", text_of(core, "date_seen", 32));
    jsonw_object_end(&j);
    return j.rc;
}

/* The item's part of the record, as a tree; core absent: from the store. */
static json_t *load_core(struct hub *h, uint64_t item_seq, struct str core)
{
    struct strbuf read = {.max = h->bus.max_frame_bytes};
    json_t *tree;

    if (core.p == NULL && store_read_core(h->store, item_seq, &read, NULL) == 0)
        core = strbuf_str(&read);
    tree = json_loadb(core.p != NULL ? core.p : "", core.n, 0, NULL);
    strbuf_fini(&read);
    return tree;
}

static int add_pointer(struct hub *h, const struct store_made *m, const char *rule,
                       const json_t *core, struct err *e)
{
    struct strbuf body = {.max = BODY_MAX};
    char topic[96];
    int rc = write_body(m, rule, core, &body);

    (void)snprintf(topic, sizeof topic, "watch/%s/", rule);
    if (rc == 0)
        rc = store_add_event(h->store, topic, strbuf_str(&body), e);
    else
        rc = err_set(e, rc, "the pointer of a hit is too large");
    if (rc == 0)
        rc = store_add_watch_hit(h->store, rule, e);
    strbuf_fini(&body);
    return rc;
}

/* Whether an earlier hit of the list is of the same rule. */
static bool was_told(const json_t *hits, size_t i)
{
    const char *name =
        json_string_value(json_object_get(json_array_get(hits, i), "rule"));

    for (size_t k = 0; k < i; k++) {
        const char *other =
            json_string_value(json_object_get(json_array_get(hits, k), "rule"));

        if (name != NULL && other != NULL && strcmp(name, other) == 0)
            return true;
    }
    return false;
}

int watch_apply(struct hub *h, struct unit *u, struct str core, struct err *e)
{
    size_t n, most = h->n_rules;
    struct store_made m = store_made(h->store, &n)[u->made];
    json_t *hits, *tree = NULL;
    int rc = 0;

    u->n_watch = 0;
    if (h->n_rules == 0 || u->watch.p == NULL || u->watch.p[0] != '[')
        return 0;
    hits = json_loadb(u->watch.p, u->watch.n, 0, NULL);
    for (size_t i = 0; rc == 0 && i < json_array_size(hits) && i < most; i++) {
        const char *rule = rule_of(h, json_array_get(hits, i));

        if (rule == NULL || was_told(hits, i))
            continue;
        if (tree == NULL)
            tree = load_core(h, m.item_seq, core);
        rc = add_pointer(h, &m, rule, tree, e);
        u->n_watch += rc == 0;
    }
    json_decref(tree);
    json_decref(hits);
    return rc;
}

void watch_finish(struct hub *h, const struct unit *u, struct str core)
{
    struct strbuf body = {.max = BODY_MAX};
    size_t n;
    const struct store_made *made = store_made(h->store, &n), *m = &made[u->made];
    json_t *tree = u->n_watch > 0 ? load_core(h, m->item_seq, core) : NULL;

    for (size_t i = 1; i <= u->n_watch; i++) {
        const char *rule = rule_in(h, made[u->made + i].topic);

        tally_add(&h->counts.watch_hits, str_of(rule), 1);
        if (write_body(m, rule, tree, &body) == 0)
            emit_event(h, &made[u->made + i], strbuf_str(&body));
    }
    json_decref(tree);
    strbuf_fini(&body);
}

void watch_add_hits(struct hub *h, struct jsonw *j)
{
    jsonw_key(j, "watch");
    jsonw_array(j);
    for (size_t i = 0; i < h->n_rules; i++) {
        uint64_t hits = 0;
        int64_t last_ms = 0;
        struct err e;

        if (store_watch_hits(h->store, h->rules[i], &hits, &last_ms, &e) < 0)
            log_warn("cannot count the hits of a rule", "rule=%s cause='%s'", h->rules[i],
                     e.text);
        jsonw_object(j);
        jsonw_member_cstr(j, "rule", h->rules[i]);
        jsonw_member_u64(j, "hits", hits);
        jsonw_member_time(j, "last", last_ms);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}
