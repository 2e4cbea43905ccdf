#include <openssl/evp.h>
#include <stdlib.h>
#include <xxhash.h>

#include "newsmq/hash.h"

void hash_sha256(const struct str *parts, size_t n, uint8_t ret[SHA256_BYTES])
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c != NULL && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1;

    for (size_t i = 0; ok && i < n; i++)
        ok = parts[i].n == 0 || EVP_DigestUpdate(c, parts[i].p, parts[i].n) == 1;
    if (!ok || EVP_DigestFinal_ex(c, ret, NULL) != 1)
        abort(); /* no memory, or a libcrypto without SHA-256 */
    EVP_MD_CTX_free(c);
}

const char *hash_sha256_text(const struct str *parts, size_t n, char buf[SHA256_TEXT_MAX])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t sum[SHA256_BYTES];

    hash_sha256(parts, n, sum);
    memcpy(buf, "sha256:", 7);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        buf[7 + 2 * i] = hex[sum[i] >> 4];
        buf[8 + 2 * i] = hex[sum[i] & 15];
    }
    buf[7 + 2 * SHA256_BYTES] = '\0';
    return buf;
}

uint64_t hash_xxh64(struct str s, uint64_t seed)
{
    return XXH64(s.p, s.n, seed);
}

void hash_base32(const uint8_t *p, size_t n, char *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned bits = 0, n_bits = 0;

    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8 | p[i]) & 0xfff;
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            *out++ = letters[bits >> (n_bits - 5) & 31];
    }
    if (n_bits > 0)
        *out++ = letters[bits << (5 - n_bits) & 31];
    *out = '\0';
}

const char *hash_item_id(struct str feed_id, struct str basis, struct str value,
                         char buf[ITEM_ID_MAX])
{
    const struct str parts[] = {feed_id, {"", 1}, basis, {"", 1}, value};
    uint8_t sum[SHA256_BYTES];

    hash_sha256(parts, ARRAY_LEN(parts), sum);
    hash_base32(sum, 16, buf);
    return buf;
}
