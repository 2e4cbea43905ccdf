/* private.h - what the views share */
#ifndef NEWSMQ_VIEW_PRIVATE_H
#define NEWSMQ_VIEW_PRIVATE_H

#include "newsmq/view.h"

/* Members of a record; absent and 0 when they are not there. */
struct str view_member(const json_t *o, const char *name);
int64_t view_member_time(const json_t *o, const char *name);

enum entity_type view_type_of(struct str name);
const char *view_type_code(enum entity_type type);   /* "PER" */
const char *view_type_class(enum entity_type type);  /* "per" */
const char *view_type_plural(enum entity_type type); /* "People" */

void view_heading(struct view *v, const char *text);

/* <a> of an entity around what is written between them; nothing where none is wanted. */
void view_entity_open(struct view *v, enum entity_type type, struct str name);
void view_entity_close(struct view *v);

/* origin.c: of a record */
void view_byline(struct view *v, const json_t *record);
void view_origin(struct view *v, const json_t *record);

#endif
