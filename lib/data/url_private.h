/* url_private.h - what the files of url.h share with each other */
#ifndef NEWSMQ_URL_PRIVATE_H
#define NEWSMQ_URL_PRIVATE_H

#include "newsmq/url.h"

/* Appends the parts in their order, encoded where they need it, the host in lower case.
 */
void url_put(struct strbuf *out, const struct url *u);

#endif
