/* YAML text to nodes.

   libyaml's event parser gives the marks; the tree is ours, since every fault needs a
   place and every size a bound. An alias is a second pointer to the same node; a node
   can be named only when it is complete, so there are no cycles, and `weight` counts what
   walking it would cost, so a bomb of aliases is refused before anybody walks it. After a
   syntax fault the nodes before it are kept: their faults are reported in the same run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "newsmq/text.h"

#include "expand.h"
#include "faults.h"
#include "syntax.h"
#include "tree.h"

#define DEPTH_MAX  32
#define ARENA_MAX  ((size_t)1 << 30)
#define WEIGHT_MAX ((size_t)8 * 1000 * 1000)
#define SCALAR_MAX ((size_t)64 * 1024)
#define ALIAS_MAX  10000
#define KEY_MAX    200

struct anchor {
    char *name;
    struct node *node;
};

struct builder {
    struct tree *tree;
    struct config_faults *faults;
    const char *file;
    struct str bytes;
    yaml_parser_t yaml;
    struct anchor *anchors;
    size_t n_anchors, anchors_cap;
    size_t n_aliases;
};

static struct config_place place_of(const struct builder *b, yaml_mark_t m)
{
    return (struct config_place){b->file, (unsigned)m.line + 1, (unsigned)m.column + 1};
}

struct node *node_find(const struct node *map, const char *key)
{
    if (map == NULL || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(node_key(map, i)->text, str_of(key)))
            return node_value(map, i);
    return NULL;
}

static bool next_event(struct builder *b, yaml_event_t *ev)
{
    if (b->tree->is_broken)
        return false;
    if (yaml_parser_parse(&b->yaml, ev))
        return true;
    b->tree->is_broken = true;
    fault_syntax(&b->yaml, b->file, b->bytes, b->faults);
    return false;
}

static void refuse_all(struct builder *b, const struct config_place *at, const char *what)
{
    if (!b->tree->is_broken)
        fault_add(b->faults, at, "%s", what);
    b->tree->is_broken = true;
}

/* ---- nodes ---- */

static struct node *node_new(struct builder *b, enum node_kind kind, yaml_mark_t mark)
{
    struct node *n = arena_alloc(&b->tree->arena, sizeof *n);
    struct config_place at = place_of(b, mark);

    if (n == NULL) {
        refuse_all(b, &at, "too much for one file");
        return NULL;
    }
    n->kind = kind;
    n->place = at;
    n->weight = 1;
    return n;
}

/* NEL and the separators are line breaks to YAML 1.1. */
static bool is_break(uint32_t cp)
{
    return cp == '\n' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

/* Also what "\x01" and variables can bring, which are no business of check_bytes. */
static void check_text(struct builder *b, struct node *n)
{
    const char *p = n->text.p, *end = n->text.p + n->text.n;

    while (p < end && !n->is_bad) {
        size_t len;
        uint32_t cp = utf8_decode(p, end, &len);

        if (is_break(cp)) {
            fault_add(b->faults, &n->place, "a line break inside a value");
            fault_hint(b->faults, "write the value on one line");
            n->is_bad = true;
        } else if ((cp < 0x20 && cp != '\t') || (cp >= 0x7F && cp < 0xA0) ||
                   cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF) {
            fault_add(b->faults, &n->place, "a control character (U+%04X) inside a value",
                      (unsigned)cp);
            fault_hint(b->faults, "remove it");
            n->is_bad = true;
        } else if (cp == 0xFFFD && (len != 3 || memcmp(p, "\xEF\xBF\xBD", 3) != 0)) {
            fault_add(b->faults, &n->place, "not UTF-8");
            fault_hint(b->faults, "look at the variables in it");
            n->is_bad = true;
        }
        p += len;
    }
}

static void set_text(struct builder *b, struct node *n, const yaml_event_t *ev,
                     bool is_key)
{
    struct str raw = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
    struct strbuf filled = {.max = SCALAR_MAX};
    struct config_place inside = n->place;

    n->is_plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    inside.column += n->is_plain ? 0 : 1;
    if (raw.n > SCALAR_MAX) {
        fault_add(b->faults, &n->place, "a value of more than %zu bytes", SCALAR_MAX);
        n->is_bad = true;
    } else if (!is_key && str_find(raw, STR("${"), 0) != SIZE_MAX) {
        size_t before = b->faults->n + b->faults->left_out;

        n->is_bad = !expand_variables(raw, &inside, &filled, b->faults);
        if (n->is_bad && before == b->faults->n + b->faults->left_out)
            fault_add(b->faults, &n->place, "with its variables, longer than %zu bytes",
                      SCALAR_MAX);
        raw = strbuf_str(&filled);
    }
    n->text = arena_dup(&b->tree->arena, n->is_bad ? STR("") : raw);
    strbuf_fini(&filled);
    if (n->text.p == NULL)
        refuse_all(b, &n->place, "too much for one file");
    else
        check_text(b, n);
}

static void refuse_tag(struct builder *b, struct node *n, const yaml_char_t *tag)
{
    if (tag == NULL || n == NULL)
        return;
    fault_add(b->faults, &n->place, "YAML tags are not used here ('%.60s')",
              (const char *)tag);
    fault_hint(b->faults, "remove it; a text that starts with ! needs quotes");
    n->is_bad = true;
}

static void name_node(struct builder *b, const yaml_char_t *anchor, struct node *n)
{
    if (anchor == NULL || n == NULL)
        return;
    b->anchors =
        mem_grow(b->anchors, &b->anchors_cap, b->n_anchors + 1, sizeof *b->anchors);
    b->anchors[b->n_anchors++] = (struct anchor){mem_strdup((const char *)anchor), n};
}

static struct node *find_alias(struct builder *b, const yaml_event_t *ev)
{
    const char *name = (const char *)ev->data.alias.anchor;
    struct config_place at = place_of(b, ev->start_mark);
    struct node *n;

    if (++b->n_aliases > ALIAS_MAX) {
        refuse_all(b, &at, "more than 10000 aliases");
        return NULL;
    }
    for (size_t i = b->n_anchors; i > 0; i--)
        if (strcmp(b->anchors[i - 1].name, name) == 0)
            return b->anchors[i - 1].node;
    fault_add(b->faults, &at, "no anchor '&%.60s' stands before this alias", name);
    fault_hint(b->faults, "a text that starts with * needs quotes");
    n = node_new(b, NODE_SCALAR, ev->start_mark);
    if (n != NULL) {
        n->is_bad = true;
        n->text = STR("");
    }
    return n;
}

struct children {
    struct node **list;
    size_t n, cap;
};

static void children_add(struct children *c, struct node *n)
{
    c->list = mem_grow(c->list, &c->cap, c->n + 1, sizeof(struct node *));
    c->list[c->n++] = n;
}

/* The children move into the arena; per_item is 2 for the pairs of a map. */
static void adopt(struct builder *b, struct node *n, struct children *c, size_t per_item)
{
    size_t bytes = c->n * sizeof(struct node *);

    n->items = arena_alloc(&b->tree->arena, bytes);
    if (n->items == NULL) {
        refuse_all(b, &n->place, "too much for one file");
    } else if (bytes > 0) {
        memcpy(n->items, c->list, bytes);
        n->n = c->n / per_item;
    }
    if (b->tree->is_broken && c->n > 0 && c->list[c->n - 1]->kind == NODE_SCALAR)
        c->list[c->n - 1]->is_bad = true; /* may be only the start of what was meant */
    for (size_t i = 0; i < c->n; i++)
        n->weight += c->list[i]->weight < WEIGHT_MAX ? c->list[i]->weight : WEIGHT_MAX;
    if (n->weight > WEIGHT_MAX) {
        refuse_all(b, &n->place, "too many values once the aliases are followed");
        n->n = 0;
    }
    free(c->list);
}

static int by_key(const void *pa, const void *pb)
{
    const struct node *a = *(struct node *const *)pa, *b = *(struct node *const *)pb;
    int rc = str_cmp(a->text, b->text);

    if (rc != 0)
        return rc;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    return a->place.column < b->place.column ? -1 : a->place.column > b->place.column;
}

static void find_doubles(struct builder *b, const struct node *map)
{
    struct node **keys;

    if (map->n < 2)
        return;
    keys = mem_new_array(map->n, sizeof(struct node *));
    for (size_t i = 0; i < map->n; i++)
        keys[i] = node_key(map, i);
    qsort(keys, map->n, sizeof(struct node *), by_key);
    for (size_t i = 1; i < map->n; i++) {
        if (keys[i]->is_bad || !str_eq(keys[i - 1]->text, keys[i]->text))
            continue;
        fault_add(b->faults, &keys[i]->place, "'" STR_FMT "' is said twice",
                  STR_ARG(str_head(keys[i]->text, 60)));
        fault_hint(b->faults, "first on line %u; keep one", keys[i - 1]->place.line);
        keys[i]->is_bad = true;
    }
    free(keys);
}

static struct node *read_node(struct builder *b, yaml_event_t *ev, unsigned depth,
                              bool is_key);

static struct node *read_list(struct builder *b, yaml_event_t *start, unsigned depth)
{
    struct node *n = node_new(b, NODE_LIST, start->start_mark);
    struct children c = {0};
    yaml_event_t ev;

    if (n == NULL)
        return NULL;
    refuse_tag(b, n, start->data.sequence_start.tag);
    while (next_event(b, &ev)) {
        bool at_end = ev.type == YAML_SEQUENCE_END_EVENT;
        struct node *item = at_end ? NULL : read_node(b, &ev, depth + 1, false);

        yaml_event_delete(&ev);
        if (at_end)
            break;
        if (item != NULL)
            children_add(&c, item);
    }
    adopt(b, n, &c, 1);
    name_node(b, start->data.sequence_start.anchor, n);
    return n;
}

static void check_key(struct builder *b, struct node *key)
{
    if (key->kind != NODE_SCALAR) {
        fault_add(b->faults, &key->place, "a key must be a word");
        fault_hint(b->faults, "a text with { or [ in it needs quotes");
        key->is_bad = true;
    } else if (key->text.n > KEY_MAX) {
        fault_add(b->faults, &key->place, "a key of more than %d bytes", KEY_MAX);
        key->is_bad = true;
    } else if (str_eq(key->text, STR("<<")) && key->is_plain) {
        fault_add(b->faults, &key->place, "merge keys ('<<') are not used here");
        fault_hint(b->faults, "put what feeds share under defaults: or groups:");
        key->is_bad = true;
    }
}

static struct node *read_map(struct builder *b, yaml_event_t *start, unsigned depth)
{
    struct node *n = node_new(b, NODE_MAP, start->start_mark);
    struct children c = {0};
    struct node *key, *value;
    yaml_event_t ev;

    if (n == NULL)
        return NULL;
    refuse_tag(b, n, start->data.mapping_start.tag);
    while (next_event(b, &ev)) {
        bool at_end = ev.type == YAML_MAPPING_END_EVENT;

        key = at_end ? NULL : read_node(b, &ev, depth + 1, true);
        yaml_event_delete(&ev);
        if (key == NULL || !next_event(b, &ev))
            break;
        value = read_node(b, &ev, depth + 1, false);
        yaml_event_delete(&ev);
        if (value == NULL)
            break;
        check_key(b, key);
        children_add(&c, key);
        children_add(&c, value);
    }
    adopt(b, n, &c, 2);
    find_doubles(b, n);
    name_node(b, start->data.mapping_start.anchor, n);
    return n;
}

static struct node *read_node(struct builder *b, yaml_event_t *ev, unsigned depth,
                              bool is_key)
{
    struct config_place at = place_of(b, ev->start_mark);
    struct node *n = NULL;

    if (depth > DEPTH_MAX) {
        refuse_all(b, &at, "nested more than 32 deep");
        return NULL;
    }
    switch (ev->type) {
    case YAML_ALIAS_EVENT:
        return find_alias(b, ev);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(b, ev, depth);
    case YAML_MAPPING_START_EVENT:
        return read_map(b, ev, depth);
    case YAML_SCALAR_EVENT:
        n = node_new(b, NODE_SCALAR, ev->start_mark);
        if (n == NULL)
            return NULL;
        set_text(b, n, ev, is_key);
        refuse_tag(b, n, ev->data.scalar.tag);
        name_node(b, ev->data.scalar.anchor, n);
        return n;
    default:
        refuse_all(b, &at, "cannot be read");
        return NULL;
    }
}

static void read_stream(struct builder *b)
{
    size_t documents = 0;
    yaml_event_t ev;
    bool at_end = false;

    while (!at_end && next_event(b, &ev)) {
        struct config_place at = place_of(b, ev.start_mark);

        at_end = ev.type == YAML_STREAM_END_EVENT;
        if (ev.type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
            refuse_all(b, &at, "a second document in one file");
            fault_hint(b->faults, "remove the line '---', or use include:");
        } else if (!at_end && ev.type != YAML_STREAM_START_EVENT &&
                   ev.type != YAML_DOCUMENT_START_EVENT &&
                   ev.type != YAML_DOCUMENT_END_EVENT) {
            b->tree->root = read_node(b, &ev, 0, false);
        }
        yaml_event_delete(&ev);
    }
}

/* Bytes that no YAML file has, found before libyaml is asked. */
static bool check_bytes(struct builder *b)
{
    const char *p = b->bytes.p, *end = b->bytes.p + b->bytes.n;
    struct config_place at = {b->file, 1, 1};

    while (p < end) {
        unsigned char c = (unsigned char)*p;
        size_t len;
        uint32_t cp = utf8_decode(p, end, &len);

        if (cp == 0xFFFD && (len != 3 || memcmp(p, "\xEF\xBF\xBD", 3) != 0)) {
            fault_add(b->faults, &at, "not UTF-8 (byte 0x%02x)", c);
            fault_hint(b->faults, "save the file as UTF-8");
            return false;
        }
        if ((cp < 0x20 && c != '\t' && c != '\n' && c != '\r') || cp == 0xFFFE ||
            cp == 0xFFFF || (cp >= 0x7F && cp < 0xA0 && cp != 0x85)) {
            fault_add(b->faults, &at, "a control character (U+%04X)", (unsigned)cp);
            fault_hint(b->faults, "remove it");
            return false;
        }
        at.column = cp == '\n' ? 1 : at.column + 1;
        at.line += cp == '\n' ? 1 : 0;
        p += len;
    }
    return true;
}

void tree_read(const char *file, struct str bytes, struct tree *ret,
               struct config_faults *faults)
{
    struct builder b = {.tree = ret, .faults = faults, .file = file, .bytes = bytes};

    *ret = (struct tree){.arena = {.max = ARENA_MAX}};
    if (str_has_prefix(bytes, STR("\xEF\xBB\xBF"))) /* a byte order mark is no column */
        b.bytes = bytes = str_slice(bytes, 3, bytes.n);
    if (!check_bytes(&b)) {
        ret->is_broken = true;
        return;
    }
    if (!yaml_parser_initialize(&b.yaml)) {
        refuse_all(&b, &(struct config_place){file, 1, 1}, "no memory to read it");
        return;
    }
    yaml_parser_set_input_string(&b.yaml, (const unsigned char *)bytes.p, bytes.n);
    yaml_parser_set_encoding(&b.yaml, YAML_UTF8_ENCODING);
    read_stream(&b);
    yaml_parser_delete(&b.yaml);
    for (size_t i = 0; i < b.n_anchors; i++)
        free(b.anchors[i].name);
    free(b.anchors);
}

void tree_fini(struct tree *t)
{
    arena_fini(&t->arena);
    *t = (struct tree){0};
}
