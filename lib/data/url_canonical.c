/* Two links are the same page when their canonical forms are equal. What is removed is
   only what no server is known to answer by: the marks of campaigns and of clicks. */
#include <errno.h>

#include "url_private.h"

/* In lower case; a '*' at the end stands for anything. */
static const struct str tracking[] = {
    STR_INIT("utm_*"),         STR_INIT("mtm_*"),
    STR_INIT("pk_campaign"),   STR_INIT("pk_kwd"),
    STR_INIT("pk_source"),     STR_INIT("pk_medium"),
    STR_INIT("hsa_*"),         STR_INIT("matomo_*"),
    STR_INIT("_openstat"),     STR_INIT("ysclid"),
    STR_INIT("s_kwcid"),       STR_INIT("ef_id"),
    STR_INIT("__s"),           STR_INIT("_branch_match_id"),
    STR_INIT("fb_action_ids"), STR_INIT("fb_action_types"),
    STR_INIT("fb_source"),     STR_INIT("fb_ref"),
    STR_INIT("at_campaign"),   STR_INIT("at_custom*"),
    STR_INIT("at_link_*"),     STR_INIT("at_medium"),
    STR_INIT("at_ptr_*"),      STR_INIT("_ga"),
    STR_INIT("_gl"),           STR_INIT("_hsenc"),
    STR_INIT("_hsmi"),         STR_INIT("dclid"),
    STR_INIT("fbclid"),        STR_INIT("ftag"),
    STR_INIT("gbraid"),        STR_INIT("gclid"),
    STR_INIT("gclsrc"),        STR_INIT("guccounter"),
    STR_INIT("igsh"),          STR_INIT("igshid"),
    STR_INIT("mc_cid"),        STR_INIT("mc_eid"),
    STR_INIT("mkt_tok"),       STR_INIT("msclkid"),
    STR_INIT("ns_campaign"),   STR_INIT("ns_fee"),
    STR_INIT("ns_linkname"),   STR_INIT("ns_mchannel"),
    STR_INIT("ns_source"),     STR_INIT("oly_anon_id"),
    STR_INIT("oly_enc_id"),    STR_INIT("srsltid"),
    STR_INIT("ttclid"),        STR_INIT("twclid"),
    STR_INIT("vero_id"),       STR_INIT("wbraid"),
    STR_INIT("wickedid"),      STR_INIT("wt.mc_id"),
    STR_INIT("wt_mc"),         STR_INIT("xtor"),
    STR_INIT("yclid"),
};

static bool is_tracking(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(tracking); i++) {
        struct str t = tracking[i];

        if (t.p[t.n - 1] == '*' ? str_has_prefix_nocase(name, str_slice(t, 0, t.n - 1))
                                : str_eq_nocase(name, t))
            return true;
    }
    return false;
}

static unsigned hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

static bool is_unreserved(unsigned c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

/* A stray '%' just before: what follows it must not become its digits. */
static bool is_in_triple(const char *s, size_t at)
{
    return (at > 0 && s[at - 1] == '%') ||
           (at > 1 && s[at - 2] == '%' && hex_of(s[at - 1]) < 16);
}

/* RFC 3986 §6.2.2: %7e is "~", %c3 is "%C3". Never longer; s and the result may share
   their beginning. */
static size_t normalise_triples(char *s, size_t n)
{
    size_t to = 0;

    for (size_t i = 0; i < n; i++, to++) {
        unsigned high = i + 2 < n && s[i] == '%' ? hex_of(s[i + 1]) : 99;
        unsigned low = high < 99 ? hex_of(s[i + 2]) : 99;

        s[to] = s[i];
        if (low == 99)
            continue;
        if (is_unreserved(high << 4 | low) && !is_in_triple(s, to)) {
            s[to] = (char)(high << 4 | low);
        } else {
            s[to + 1] = "0123456789ABCDEF"[high];
            s[to + 2] = "0123456789ABCDEF"[low];
            to += 2;
        }
        i += 2;
    }
    return to;
}

static void keep_parameters(struct str query, struct strbuf *out)
{
    while (query.p != NULL) {
        struct str pair = str_cut(&query, '&'), rest = pair;

        if (pair.n == 0 || is_tracking(str_cut(&rest, '=')))
            continue;
        if (out->n > 0)
            (void)strbuf_add_char(out, '&'); /* never more than the query was */
        (void)strbuf_add(out, pair);
    }
}

static bool has_tracking(struct str query)
{
    while (query.p != NULL) {
        struct str pair = str_cut(&query, '&');

        if (is_tracking(str_cut(&pair, '=')))
            return true;
    }
    return false;
}

int url_without_tracking(struct str url, struct strbuf *out)
{
    struct str rest = url, before, query, kept;
    size_t from = out->n;
    bool has_fragment;
    int rc;

    has_fragment = str_find_char(url, '#', 0) != SIZE_MAX;
    query = str_cut(&rest, '#'); /* rest: the fragment */
    before = str_cut(&query, '?');
    if (query.p == NULL || !has_tracking(query))
        return strbuf_add(out, url);
    rc = strbuf_add(out, before);
    if (rc == 0) {
        struct strbuf left = {.max = query.n};

        keep_parameters(query, &left);
        kept = strbuf_str(&left);
        if (kept.n > 0)
            rc = strbuf_add_char(out, '?');
        if (rc == 0)
            rc = strbuf_add(out, kept);
        strbuf_fini(&left);
    }
    if (rc == 0 && has_fragment)
        rc = strbuf_add_char(out, '#');
    if (rc == 0 && has_fragment)
        rc = strbuf_add(out, rest);
    if (rc < 0)
        out->n = from;
    return rc;
}

int url_canonical(struct str url, struct strbuf *out, struct err *e)
{
    struct strbuf resolved = {.max = URL_MAX_BYTES}, query = {.max = URL_MAX_BYTES};
    struct strbuf text = {.max = URL_MAX_BYTES + 16};
    struct url u;
    int rc = url_resolve(STR(""), url, &text, e);

    if (rc < 0)
        goto out;
    text.n = normalise_triples(text.p, text.n); /* may show dot segments: once more */
    rc = url_resolve(STR(""), strbuf_str(&text), &resolved, e);
    strbuf_reset(&text);
    if (rc < 0)
        goto out;
    if (!url_is_http(strbuf_str(&resolved))) {
        rc = strbuf_add(out, strbuf_str(&resolved));
        goto out;
    }
    rc = url_split(strbuf_str(&resolved), &u, e);
    if (rc < 0)
        goto out;
    if (str_eq(u.port, STR("443")) || (u.scheme.n == 4 && str_eq(u.port, STR("80"))))
        u.port.n = 0;
    keep_parameters(u.query, &query);
    u.query = query.n > 0 ? strbuf_str(&query) : (struct str){NULL, 0};
    if (!str_has_prefix(u.fragment,
                        STR("!"))) /* "#!": a page of its own, by old custom */
        u.fragment = (struct str){NULL, 0};
    u.scheme = STR("https");
    if (u.path.n == 0)
        u.path = STR("/");
    url_put(&text, &u);
    rc = strbuf_add(out, strbuf_str(&text));
out:
    strbuf_fini(&text);
    strbuf_fini(&query);
    strbuf_fini(&resolved);
    return rc;
}
