/* discovery_private.h - the list, for those who fill it */
#ifndef NEWSMQ_DISCOVERY_PRIVATE_H
#define NEWSMQ_DISCOVERY_PRIVATE_H

#include "newsmq/discovery.h"

/* In its place, unless it is there already or is no page of the web. link's own url is
   not read; its title is copied. */
void discovery_add(struct discovery *l, struct str base, struct str href,
                   struct discovered link);

#endif
