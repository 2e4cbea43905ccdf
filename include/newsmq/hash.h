/* hash.h - names for content: SHA-256 where a name must be reproducible, xxh64 where it
   must be quick */
#ifndef NEWSMQ_HASH_H
#define NEWSMQ_HASH_H

#include "newsmq/str.h"

#define SHA256_BYTES    32
#define SHA256_TEXT_MAX 72 /* "sha256:" and 64 hex digits and NUL */
#define ITEM_ID_CHARS   26
#define ITEM_ID_MAX     27

/* SHA-256 over the parts, one after the other. */
void hash_sha256(const struct str *parts, size_t n, uint8_t ret[SHA256_BYTES]);

/* "sha256:…" of the parts; answers buf. */
const char *hash_sha256_text(const struct str *parts, size_t n,
                             char buf[SHA256_TEXT_MAX]);

uint64_t hash_xxh64(struct str s, uint64_t seed);

/* RFC 4648 base32, lower case, no padding; out holds (n * 8 + 4) / 5 + 1. */
void hash_base32(const uint8_t *p, size_t n, char *out);

/* The item id of the record schema: base32 of the first 16 bytes of SHA-256 over feed id,
   0x00, basis name, 0x00, basis value. Answers buf. */
const char *hash_item_id(struct str feed_id, struct str basis, struct str value,
                         char buf[ITEM_ID_MAX]);

#endif
