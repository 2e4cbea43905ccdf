/* HMAC from libcrypto: it hashes bodies here already, and libcurl brings it along. */
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "websub_sign.h"

static const EVP_MD *method_of(struct str name)
{
    if (str_eq_nocase(name, STR("sha1")))
        return EVP_sha1();
    if (str_eq_nocase(name, STR("sha256")))
        return EVP_sha256();
    if (str_eq_nocase(name, STR("sha384")))
        return EVP_sha384();
    if (str_eq_nocase(name, STR("sha512")))
        return EVP_sha512();
    return NULL;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The bytes that hex means; 0 when it is none or not of that length. */
static bool hex_read(struct str hex, unsigned char *out, size_t n)
{
    if (hex.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

bool websub_sign_fits(struct str header, struct str secret, struct str body)
{
    struct str hex = str_trim(header), name = str_trim(str_cut(&hex, '='));
    unsigned char told[EVP_MAX_MD_SIZE], right[EVP_MAX_MD_SIZE];
    const EVP_MD *method = method_of(name);
    unsigned n = 0;

    if (method == NULL || hex.p == NULL || secret.n == 0 || secret.n > INT_MAX ||
        HMAC(method, secret.p, (int)secret.n, (const unsigned char *)body.p, body.n,
             right, &n) == NULL)
        return false;
    return hex_read(str_trim(hex), told, n) && CRYPTO_memcmp(told, right, n) == 0;
}
