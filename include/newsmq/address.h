/* address.h - IP addresses: which belong to the public Internet, and which do not

   After the special-purpose registries of IANA (RFC 6890) and RFC 4291, 6052, 8215. */
#ifndef NEWSMQ_ADDRESS_H
#define NEWSMQ_ADDRESS_H

#include "newsmq/str.h"

/* IPv6 in network order; IPv4 as ::ffff:a.b.c.d. */
struct address {
    uint8_t bytes[16];
};

struct address_range {
    struct address base;
    unsigned bits; /* that count, of 128 */
};

enum address_kind {
    ADDRESS_PUBLIC,
    ADDRESS_LOOPBACK,
    ADDRESS_PRIVATE,    /* RFC 1918 */
    ADDRESS_SHARED,     /* carrier-grade NAT, RFC 6598 */
    ADDRESS_LINK_LOCAL, /* RFC 3927, RFC 4291; clouds keep their secrets there */
    ADDRESS_UNIQUE,     /* unique local IPv6, RFC 4193 */
    ADDRESS_SITE_LOCAL, /* RFC 3879 */
    ADDRESS_UNSPECIFIED,
    ADDRESS_MULTICAST,
    ADDRESS_BROADCAST,
    ADDRESS_DOCUMENTATION,
    ADDRESS_BENCHMARK,
    ADDRESS_RESERVED, /* all else that is not given out */
};

/* Dotted decimal, or IPv6 with or without brackets; a zone ("%eth0") is left out. */
bool address_read(struct str text, struct address *ret);

/* "10.0.0.0/8", "fd00::/8", or one address. Bits after the prefix must be 0. */
bool address_range_read(struct str text, struct address_range *ret);

bool address_is_in(const struct address *a, const struct address_range *r);

/* An address that carries an IPv4 one (mapped, compatible, translated, NAT64, 6to4,
   Teredo) is of the kind of what it carries. */
enum address_kind address_kind_of(const struct address *a);

/* In words for an operator: "loopback", "a private network", … */
const char *address_kind_words(enum address_kind k);

#define ADDRESS_TEXT_MAX 46

/* IPv4 dotted, IPv6 after RFC 5952. Answers out. */
const char *address_write(const struct address *a, char out[ADDRESS_TEXT_MAX]);

#endif
