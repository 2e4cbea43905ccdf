/* entities.h - what stands between & and ;: HTML's names and those a document declares */
#ifndef NEWSMQ_PARSE_ENTITIES_H
#define NEWSMQ_PARSE_ENTITIES_H

#include "newsmq/mem.h"

#define ENTITY_MAX_BYTES  256               /* of a declared value */
#define ENTITIES_MAX      256               /* declared */
#define ENTITY_GROWTH_MAX ((size_t)1 << 20) /* bytes that declared ones may become */

enum entity_kind {
    ENTITY_UNKNOWN,
    ENTITY_TEXT,
    ENTITY_EXTERNAL, /* names a file or an address: never read */
    ENTITY_NESTED,   /* made of other entities, or over the bounds: refused */
    ENTITY_TOO_MUCH, /* all declared ones together gave more than ENTITY_GROWTH_MAX */
};

struct entity {
    char *name, *value;
    enum entity_kind kind;
};

/* Zeroed is empty. */
struct entities {
    struct entity *list;
    size_t n, cap;
    size_t grown; /* bytes given for declared ones so far */
};

void entities_declare(struct entities *e, struct str name, struct str value,
                      bool is_external);

/* Appends the text of a declared or HTML entity to out. */
enum entity_kind entities_find(struct entities *e, struct str name, struct strbuf *out);
void entities_fini(struct entities *e);

#endif
