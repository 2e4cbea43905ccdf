/* The tables are IANA's special-purpose registries of IPv4 and IPv6. What is not in
   2000::/3 has not been given out, so an address of tomorrow is refused rather than let
   through. */
#include <arpa/inet.h>
#include <string.h>

#include "newsmq/address.h"

#define TEXT_MAX_BYTES 64

struct block {
    const char *range;
    enum address_kind kind;
};

/* The first that matches counts. */
static const struct block blocks4[] = {
    {"0.0.0.0/8", ADDRESS_UNSPECIFIED}, /* connects to this machine */
    {"10.0.0.0/8", ADDRESS_PRIVATE},
    {"100.64.0.0/10", ADDRESS_SHARED},
    {"127.0.0.0/8", ADDRESS_LOOPBACK},
    {"169.254.0.0/16", ADDRESS_LINK_LOCAL},
    {"172.16.0.0/12", ADDRESS_PRIVATE},
    {"192.0.0.9/32", ADDRESS_PUBLIC},  /* RFC 7723 */
    {"192.0.0.10/32", ADDRESS_PUBLIC}, /* RFC 8155 */
    {"192.0.0.0/24", ADDRESS_RESERVED},
    {"192.0.2.0/24", ADDRESS_DOCUMENTATION},
    {"192.88.99.0/24", ADDRESS_RESERVED}, /* 6to4 relays, RFC 7526 */
    {"192.168.0.0/16", ADDRESS_PRIVATE},
    {"198.18.0.0/15", ADDRESS_BENCHMARK},
    {"198.51.100.0/24", ADDRESS_DOCUMENTATION},
    {"203.0.113.0/24", ADDRESS_DOCUMENTATION},
    {"224.0.0.0/4", ADDRESS_MULTICAST},
    {"255.255.255.255/32", ADDRESS_BROADCAST},
    {"240.0.0.0/4", ADDRESS_RESERVED},
};

static const struct block blocks6[] = {
    {"::/128", ADDRESS_UNSPECIFIED},      {"::1/128", ADDRESS_LOOPBACK},
    {"fc00::/7", ADDRESS_UNIQUE},         {"fe80::/10", ADDRESS_LINK_LOCAL},
    {"fec0::/10", ADDRESS_SITE_LOCAL},    {"ff00::/8", ADDRESS_MULTICAST},
    {"2001:1::1/128", ADDRESS_PUBLIC}, /* RFC 7723, 8155, 9665 */
    {"2001:1::2/127", ADDRESS_PUBLIC},    {"2001:2::/48", ADDRESS_BENCHMARK},
    {"2001:3::/32", ADDRESS_PUBLIC},     /* RFC 7450 */
    {"2001:4:112::/48", ADDRESS_PUBLIC}, /* RFC 7535 */
    {"2001:20::/28", ADDRESS_PUBLIC},    /* RFC 7343 */
    {"2001::/23", ADDRESS_RESERVED},      {"2001:db8::/32", ADDRESS_DOCUMENTATION},
    {"3fff::/20", ADDRESS_DOCUMENTATION}, /* RFC 9637 */
    {"2000::/3", ADDRESS_PUBLIC},
};

/* ---- text ---- */

static struct address from_v4(const uint8_t v4[4])
{
    struct address a = {.bytes = {[10] = 0xFF, [11] = 0xFF}};

    memcpy(a.bytes + 12, v4, 4);
    return a;
}

bool address_read(struct str text, struct address *ret)
{
    char z[TEXT_MAX_BYTES];
    uint8_t v4[4];
    size_t zone;

    if (text.p == NULL)
        return false;
    if (text.n > 1 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = str_slice(text, 1, text.n - 1);
    zone = str_find_char(text, '%', 0);
    if (zone != SIZE_MAX)
        text = str_slice(text, 0, zone);
    if (text.n == 0 || text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    if (strlen(z) != text.n)
        return false;
    if (inet_pton(AF_INET, z, v4) == 1) {
        *ret = from_v4(v4);
        return true;
    }
    return inet_pton(AF_INET6, z, ret->bytes) == 1;
}

static bool is_v4(const struct address *a)
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

    return memcmp(a->bytes, mapped, sizeof mapped) == 0;
}

/* Whether all bits from `bits` on are 0. */
static bool ends_there(const struct address *a, unsigned bits)
{
    for (unsigned i = bits; i < 128; i++)
        if ((a->bytes[i / 8] >> (7 - i % 8) & 1) != 0)
            return false;
    return true;
}

bool address_range_read(struct str text, struct address_range *ret)
{
    size_t slash = str_find_char(text, '/', 0);
    struct address_range r = {.bits = 128};
    uint64_t bits, most;
    bool dotted;

    if (slash == SIZE_MAX) {
        if (!address_read(text, &r.base))
            return false;
        *ret = r;
        return true;
    }
    if (!address_read(str_slice(text, 0, slash), &r.base) ||
        !str_to_u64(str_slice(text, slash + 1, text.n), &bits))
        return false;
    dotted = str_find_char(text, ':', 0) == SIZE_MAX;
    most = dotted ? 32 : 128;
    if (bits > most)
        return false;
    r.bits = (unsigned)bits + (dotted ? 96 : 0);
    if (!ends_there(&r.base, r.bits))
        return false;
    *ret = r;
    return true;
}

const char *address_write(const struct address *a, char out[ADDRESS_TEXT_MAX])
{
    const char *text = is_v4(a) ? inet_ntop(AF_INET, a->bytes + 12, out, ADDRESS_TEXT_MAX)
                                : inet_ntop(AF_INET6, a->bytes, out, ADDRESS_TEXT_MAX);

    return text != NULL ? text : "?"; /* out is large enough for every address */
}

/* ---- ranges ---- */

bool address_is_in(const struct address *a, const struct address_range *r)
{
    unsigned whole = r->bits / 8, rest = r->bits % 8;

    if (memcmp(a->bytes, r->base.bytes, whole) != 0)
        return false;
    return rest == 0 || (a->bytes[whole] ^ r->base.bytes[whole]) >> (8 - rest) == 0;
}

static bool is_within(const struct address *a, const char *range)
{
    struct address_range r;

    return address_range_read(str_of(range), &r) && address_is_in(a, &r);
}

static enum address_kind look_up(const struct address *a, const struct block *blocks,
                                 size_t n, enum address_kind otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (is_within(a, blocks[i].range))
            return blocks[i].kind;
    return otherwise;
}

static enum address_kind kind_of_v4(const uint8_t v4[4])
{
    struct address a = from_v4(v4);

    return look_up(&a, blocks4, ARRAY_LEN(blocks4), ADDRESS_PUBLIC);
}

/* ---- addresses that carry another ---- */

/* The prefix under 64:ff9b:1::/48 is the network's own secret, and with it where the IPv4
   address stands (RFC 6052 §2.2). So each place has to be public; one that begins with a
   zero is taken for "not here". */
static enum address_kind kind_of_local_nat64(const uint8_t b[16])
{
    const uint8_t places[4][4] = {
        {b[6], b[7], b[9], b[10]},
        {b[7], b[9], b[10], b[11]},
        {b[9], b[10], b[11], b[12]},
        {b[12], b[13], b[14], b[15]},
    };
    enum address_kind found = ADDRESS_UNSPECIFIED;

    for (size_t i = 0; i < 4; i++) {
        if (places[i][0] == 0)
            continue;
        found = kind_of_v4(places[i]);
        if (found != ADDRESS_PUBLIC)
            return found;
    }
    return found;
}

/* RFC 4380 §4: the server's address in the open, the client's with all bits turned. */
static enum address_kind kind_of_teredo(const uint8_t b[16])
{
    const uint8_t client[4] = {(uint8_t)~b[12], (uint8_t)~b[13], (uint8_t)~b[14],
                               (uint8_t)~b[15]};
    enum address_kind server = kind_of_v4(b + 4);

    return server != ADDRESS_PUBLIC ? server : kind_of_v4(client);
}

enum address_kind address_kind_of(const struct address *a)
{
    static const char *const with_v4_last[] = {
        "::ffff:0:0/96",   /* mapped, and how this module writes IPv4 */
        "::ffff:0:0:0/96", /* translated, RFC 2765 */
        "64:ff9b::/96",    /* NAT64, RFC 6052 */
    };

    for (size_t i = 0; i < ARRAY_LEN(with_v4_last); i++)
        if (is_within(a, with_v4_last[i]))
            return kind_of_v4(a->bytes + 12);
    if (is_within(a, "64:ff9b:1::/48"))
        return kind_of_local_nat64(a->bytes);
    if (is_within(a, "2002::/16")) /* 6to4, RFC 3056 */
        return kind_of_v4(a->bytes + 2);
    if (is_within(a, "2001::/32"))
        return kind_of_teredo(a->bytes);
    if (is_within(a, "::/96") && !is_within(a, "::/127")) { /* compatible, RFC 4291 */
        enum address_kind k = kind_of_v4(a->bytes + 12);

        return k != ADDRESS_PUBLIC ? k : ADDRESS_RESERVED;
    }
    return look_up(a, blocks6, ARRAY_LEN(blocks6), ADDRESS_RESERVED);
}

const char *address_kind_words(enum address_kind k)
{
    static const char *const words[] = {
        [ADDRESS_PUBLIC] = "public",
        [ADDRESS_LOOPBACK] = "loopback",
        [ADDRESS_PRIVATE] = "a private network",
        [ADDRESS_SHARED] = "a provider's inner network",
        [ADDRESS_LINK_LOCAL] = "link-local",
        [ADDRESS_UNIQUE] = "a unique local network",
        [ADDRESS_SITE_LOCAL] = "site-local",
        [ADDRESS_UNSPECIFIED] = "unspecified",
        [ADDRESS_MULTICAST] = "multicast",
        [ADDRESS_BROADCAST] = "broadcast",
        [ADDRESS_DOCUMENTATION] = "for documentation only",
        [ADDRESS_BENCHMARK] = "for benchmarks only",
        [ADDRESS_RESERVED] = "reserved",
    };

    return words[k];
}
