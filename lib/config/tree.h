/* tree.h - YAML text as a tree of nodes, each with its place */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include "newsmq/config.h"
#include "newsmq/mem.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    bool is_plain; /* without quotes */
    bool is_bad;   /* was reported already: nobody else need complain */
    struct config_place place;
    struct str text; /* NODE_SCALAR: variables filled in */
    size_t weight;   /* nodes in it, aliases counted each time */
    size_t n;        /* NODE_LIST: items, NODE_MAP: pairs */
    struct node **items;
};

struct tree {
    struct arena arena;
    struct node *root; /* NULL when nothing could be read */
    bool is_broken;    /* a syntax fault: what stands behind it is missing */
};

static inline struct node *node_key(const struct node *map, size_t i)
{
    return map->items[2 * i];
}

static inline struct node *node_value(const struct node *map, size_t i)
{
    return map->items[2 * i + 1];
}

/* The value of a key, or NULL; NULL too when map is none. */
struct node *node_find(const struct node *map, const char *key);

/* Reads one document. Faults are added; file must live as long as the tree. */
void tree_read(const char *file, struct str bytes, struct tree *ret,
               struct config_faults *faults);
void tree_fini(struct tree *t);

#endif
