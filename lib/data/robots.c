/* Paths are compared in one form: percent-encoded where a byte is not ASCII, capital
   hexadecimal digits, and what is encoded without need decoded (RFC 9309 §2.2.2). A rule
   with stars is matched greedily from star to star, so no path takes longer than its
   length times the rule's. */
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/robots.h"

#define PATH_MAX_BYTES ((size_t)8192) /* of a rule: a longer one is none */
#define RULES_MAX      20000
#define DELAY_MAX_MS   60000

struct rule {
    struct str path; /* in the arena, in the one form; '*' and '$' as they stand */
    bool is_allow;
};

struct robots {
    struct arena arena;
    struct rule *rules;
    size_t n, cap;
    int64_t delay_ms;
};

/* ---- the one form of a path ---- */

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int put_byte(struct strbuf *out, unsigned char c)
{
    return strbuf_addf(out, "%%%02X", c);
}

static int put_path(struct str s, struct strbuf *out)
{
    int rc = 0;

    for (size_t i = 0; i < s.n && rc == 0; i++) {
        int high = i + 2 < s.n && s.p[i] == '%' ? hex(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex(s.p[i + 2]) : -1;

        if (low >= 0) {
            char c = (char)(high * 16 + low);

            rc = is_unreserved(c) ? strbuf_add_char(out, c)
                                  : put_byte(out, (unsigned char)c);
            i += 2;
        } else if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7F) {
            rc = put_byte(out, (unsigned char)s.p[i]);
        } else {
            rc = strbuf_add_char(out, s.p[i]);
        }
    }
    return rc;
}

/* ---- lines ---- */

struct line {
    struct str key, value;
};

/* The next line with a key; false at the end. */
static bool next_line(struct str *rest, struct line *ret)
{
    while (rest->n > 0) {
        size_t end = 0;
        struct str line, value;

        while (end < rest->n && rest->p[end] != '\n' && rest->p[end] != '\r')
            end++;
        line = str_slice(*rest, 0, end);
        *rest = str_slice(*rest, end < rest->n ? end + 1 : end, rest->n);
        value = line;
        line = str_cut(&value, '#');
        value = line;
        ret->key = str_trim(str_cut(&value, ':'));
        ret->value = value.p != NULL ? str_trim(value) : STR("");
        if (value.p != NULL && ret->key.n > 0)
            return true;
    }
    return false;
}

struct str robots_product(struct str agent)
{
    size_t n = 0;

    while (n < agent.n && ((agent.p[n] >= 'a' && agent.p[n] <= 'z') ||
                           (agent.p[n] >= 'A' && agent.p[n] <= 'Z') ||
                           agent.p[n] == '-' || agent.p[n] == '_'))
        n++;
    return str_slice(agent, 0, n);
}

static bool is_rule(const struct line *l)
{
    return str_eq_nocase(l->key, STR("allow")) || str_eq_nocase(l->key, STR("disallow"));
}

/* ---- reading ---- */

static void add_rule(struct robots *r, const struct line *l)
{
    struct strbuf path = {.max = PATH_MAX_BYTES};
    struct str kept;

    if (l->value.n == 0 || r->n >= RULES_MAX) /* "Disallow:" forbids nothing */
        return;
    if ((l->value.p[0] != '/' && l->value.p[0] != '*') || put_path(l->value, &path) < 0) {
        strbuf_fini(&path);
        return;
    }
    kept = arena_dup(&r->arena, strbuf_str(&path));
    strbuf_fini(&path);
    r->rules = mem_grow(r->rules, &r->cap, r->n + 1, sizeof *r->rules);
    r->rules[r->n++] = (struct rule){kept, str_eq_nocase(l->key, STR("allow"))};
}

static void set_delay(struct robots *r, struct str value)
{
    struct str whole = str_cut(&value, '.');
    uint64_t s = 0, tenth = 0;

    if (!str_to_u64(whole, &s))
        return;
    if (value.n > 0)
        (void)str_to_u64(str_slice(value, 0, 1), &tenth); /* what is no digit is 0 */
    r->delay_ms =
        s < DELAY_MAX_MS / 1000 ? (int64_t)(s * 1000 + tenth * 100) : DELAY_MAX_MS;
}

/* The rules of the groups for name. False when there is no such group. */
static bool read_groups(struct robots *r, struct str text, struct str name)
{
    bool in_agents = false, is_mine = false, any = false;
    struct line l;

    while (next_line(&text, &l)) {
        if (str_eq_nocase(l.key, STR("user-agent"))) {
            struct str product =
                str_eq(l.value, STR("*")) ? l.value : robots_product(l.value);

            is_mine = (in_agents && is_mine) || str_eq_nocase(product, name);
            any = any || is_mine;
            in_agents = true;
            continue;
        }
        if (is_rule(&l) || str_eq_nocase(l.key, STR("crawl-delay")))
            in_agents = false; /* others, as Sitemap, are in no group */
        if (is_mine && is_rule(&l))
            add_rule(r, &l);
        else if (is_mine && str_eq_nocase(l.key, STR("crawl-delay")))
            set_delay(r, l.value);
    }
    return any;
}

/* Whole lines within the bound: half a path would forbid more than the whole. */
static struct str within_bound(struct str text)
{
    size_t n = ROBOTS_MAX_BYTES;

    if (text.n <= n)
        return text;
    while (n > 0 && text.p[n - 1] != '\n' && text.p[n - 1] != '\r')
        n--;
    return str_slice(text, 0, n);
}

struct robots *robots_read(struct str text, struct str product)
{
    struct robots *r = mem_new(sizeof *r);

    text = within_bound(text);
    if (str_has_prefix(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.n);
    if (product.n == 0 || !read_groups(r, text, product))
        (void)read_groups(r, text, STR("*")); /* no group at all: all is allowed */
    return r;
}

void robots_free(struct robots *r)
{
    if (r == NULL)
        return;
    free(r->rules);
    arena_fini(&r->arena);
    free(r);
}

/* ---- matching ---- */

static bool matches(struct str rule, struct str path)
{
    bool to_end = rule.n > 0 && rule.p[rule.n - 1] == '$';
    size_t r = 0, p = 0, star = SIZE_MAX, from = 0;

    rule.n -= to_end;
    for (;;) {
        if (r < rule.n && rule.p[r] == '*') {
            star = r++;
            from = p;
        } else if (r == rule.n && (!to_end || p == path.n)) {
            return true;
        } else if (r < rule.n && p < path.n && rule.p[r] == path.p[p]) {
            r++;
            p++;
        } else if (star != SIZE_MAX && from < path.n) {
            r = star + 1; /* the last star takes one more */
            p = ++from;
        } else {
            return false;
        }
    }
}

bool robots_allows(const struct robots *r, struct str path)
{
    struct strbuf form = {.max = PATH_MAX_BYTES * 3};
    const struct rule *best = NULL;

    if (path.n == 0)
        path = STR("/");
    if (str_eq(path, STR("/robots.txt")))
        return true;
    (void)put_path(path, &form); /* longer than any rule: its beginning decides */
    for (size_t i = 0; i < r->n; i++) {
        const struct rule *rule = &r->rules[i];

        if ((best == NULL || rule->path.n > best->path.n ||
             (rule->path.n == best->path.n && rule->is_allow)) &&
            matches(rule->path, strbuf_str(&form)))
            best = rule;
    }
    strbuf_fini(&form);
    return best == NULL || best->is_allow;
}

int64_t robots_delay_ms(const struct robots *r)
{
    return r->delay_ms;
}

size_t robots_bytes(const struct robots *r)
{
    return sizeof *r + r->cap * sizeof *r->rules + r->arena.used;
}
