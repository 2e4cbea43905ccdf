/* websub_sign.h - the signature of what a hub sends (WebSub §7.1, X-Hub-Signature) */
#ifndef NEWSMQ_FETCH_WEBSUB_SIGN_H
#define NEWSMQ_FETCH_WEBSUB_SIGN_H

#include "newsmq/str.h"

/* Whether header is "METHOD=HEX", METHOD sha1, sha256, sha384 or sha512, and HEX the HMAC
   of body under secret. The time it takes tells nothing of how much of HEX is right. */
bool websub_sign_fits(struct str header, struct str secret, struct str body);

#endif
