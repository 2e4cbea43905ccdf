/* Links against their base. Nearly all are absolute and clean already; those are told by
   one look at their bytes and need no taking apart. */
#include "newsmq/url.h"

#include "build.h"

/* A bit for each ASCII character that may stand as it is (RFC 3986 §2): in a host, and in
   what follows it. */
static const uint64_t host[2] = {UINT64_C(0x03FF600000000000),  /* 0-9 - . */
                                 UINT64_C(0x07FFFFFE00000000)}; /* a-z */
static const uint64_t rest[2] = {UINT64_C(0xAFFFFFDA00000000),
                                 UINT64_C(0x47FFFFFE87FFFFFF)};

static bool is_in(const uint64_t set[2], char c)
{
    unsigned char u = (unsigned char)c;

    return u < 0x80 && (set[u >> 6] >> (u & 63) & 1) != 0;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* An absolute http address that resolving would leave as it is. */
static bool is_clean(struct str s)
{
    size_t i = s.n;

    if (str_has_prefix(s, STR("https://")))
        i = 8;
    else if (str_has_prefix(s, STR("http://")))
        i = 7;
    if (s.n > URL_MAX_BYTES || i >= s.n || s.p[i] == '/')
        return false;
    while (i < s.n && is_in(host, s.p[i]))
        i++;
    if (i == s.n || s.p[i] != '/')
        return false;
    for (; i < s.n; i++) {
        bool escape =
            s.p[i] == '%' && i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]);

        if ((!is_in(rest, s.p[i]) && !escape) || (s.p[i] == '.' && s.p[i - 1] == '/'))
            return false;
    }
    return true;
}

struct str resolve_against(struct build *b, struct str base, struct str reference)
{
    reference = str_trim(reference);
    if (reference.n == 0)
        return (struct str){NULL, 0};
    if (is_clean(reference))
        return arena_dup(b->now->arena, reference);
    if (base.n == 0)
        base =
            b->feed.plain[SLOT_LINK]; /* read from a file: the site is the best guess */
    b->scratch2.max = URL_MAX_BYTES;
    strbuf_reset(&b->scratch2);
    if (url_resolve(base, reference, &b->scratch2, NULL) < 0)
        return arena_dup(b->now->arena, reference);
    return arena_dup(b->now->arena, strbuf_str(&b->scratch2));
}

struct str resolve(struct build *b, const struct frame *f, struct str reference)
{
    return resolve_against(b, f->base, reference);
}
