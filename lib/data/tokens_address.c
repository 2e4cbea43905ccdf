/* Addresses, hashtags, handles and remains of markup: read whole, and never a name. */
#include "tokens_private.h"

#define LOCAL_MAX  64  /* RFC 5321 §4.5.3.1.1 */
#define DOMAIN_MAX 253 /* RFC 1035 §2.3.4 */
#define LABELS_MAX 8
#define MARKUP_MAX 256

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The end of an address that goes on at p until white space, without the marks that
   belong to the sentence. */
static const char *path_end(const char *from, const char *p, const char *end)
{
    size_t open = 0;

    while (p < end) {
        struct rune u = token_rune(p, end);

        if ((u.kind & KIND_SPACE) != 0 || u.cp == '<' || u.cp == '>' || u.cp == '"' ||
            (u.cp >= 0x2018 && u.cp <= 0x201F) || u.cp == 0xAB || u.cp == 0xBB)
            break;
        if (u.cp == '(')
            open++;
        if (u.cp == ')' && open-- == 0)
            break;
        p += u.len;
    }
    while (p > from && strchr(".,;:!?'*", p[-1]) != NULL)
        p--;
    if (p - from > 2 && p[-1] == 's' && p[-2] == '\'')
        p -= 2;
    return p;
}

static bool is_top_domain(struct str label)
{
    static const char list[] =
        " com org net edu gov int mil info biz tv io eu uk de fr ru cn "
        "jp ca au nl se br kr pl za nz ie es ke ng gh pk ph sg ";
    char word[8];

    if (label.n < 2 || label.n > 4)
        return false;
    word[0] = ' ';
    memcpy(word + 1, label.p, label.n);
    word[label.n + 1] = ' ';
    return memmem(list, sizeof list - 1, word, label.n + 2) != NULL;
}

static const char *label_end(const char *p, const char *bound)
{
    while (p < bound && (is_alnum(*p) || *p == '-'))
        p++;
    return p;
}

/* The end of a domain name of two labels or more, p when there is none. */
static const char *domain_end(const char *p, const char *end, bool any_top)
{
    const char *bound = end - p > DOMAIN_MAX ? p + DOMAIN_MAX : end;
    const char *q = label_end(p, bound), *found = p;

    for (int i = 1; i < LABELS_MAX && q > p && bound - q > 1 && *q == '.'; i++) {
        struct str label = {q + 1, (size_t)(label_end(q + 1, bound) - (q + 1))};

        if (label.n == 0 || *label.p == '-')
            break;
        q = label.p + label.n;
        if (label.n >= 2 && (any_top || is_top_domain(label)))
            found = q;
    }
    return (token_rune(found, end).kind & KINDS_WORD) != 0 ? p : found;
}

static const char *mail_end(const char *p, const char *end)
{
    const char *q = p, *domain;
    const char *bound = end - p > LOCAL_MAX ? p + LOCAL_MAX : end;

    while (q < bound &&
           (is_alnum(*q) || (q > p && strchr("._%+-", *q) != NULL && *q != 0)))
        q++;
    if (q == p || q >= end || *q != '@' || q + 1 == end)
        return p;
    domain = domain_end(q + 1, end, true);
    return domain == q + 1 ? p : domain;
}

const char *token_address(const char *p, const char *end, uint32_t *ret_flag)
{
    static const struct str schemes[] = {STR_INIT("http://"), STR_INIT("https://"),
                                         STR_INIT("ftp://"), STR_INIT("mailto:"),
                                         STR_INIT("www.")};
    struct str rest = {p, (size_t)(end - p)};
    const char *q;

    *ret_flag = TOKEN_ADDRESS;
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (str_has_prefix_nocase(rest, schemes[i])) {
            q = path_end(p, p + schemes[i].n, end);
            return (size_t)(q - p) > schemes[i].n ? q : p;
        }
    q = mail_end(p, end);
    if (q > p)
        return q;
    q = domain_end(p, end, false);
    if (q > p && q < end && *q == '/')
        q = path_end(p, q, end);
    /* "Amazon.com" is a name as well. */
    if (q > p && *p >= 'A' && *p <= 'Z' && memchr(p, '/', (size_t)(q - p)) == NULL)
        *ret_flag = TOKEN_WORD;
    return q;
}

/* #hashtag, @handle: letters, digits and '_', at least one of them a letter. */
const char *token_tag(const char *p, const char *end)
{
    const char *q = p + 1;
    unsigned kinds = 0;

    for (struct rune u = token_rune(q, end); (u.kind & KINDS_WORD) != 0 || u.cp == '_';
         u = token_rune(q, end)) {
        kinds |= u.kind;
        q += u.len;
    }
    return (kinds & KINDS_LETTER) != 0 ? q : p;
}

static const char *reference_end(const char *p, const char *end)
{
    const char *q = p + 1;

    if (q < end && *q == '#')
        q++;
    while (q < end && q - p < 10 && is_alnum(*q))
        q++;
    return q - p >= 3 && q < end && *q == ';' ? q + 1 : p;
}

/* <b>, </p>, <a href="…">; &nbsp;. */
const char *token_markup(const char *p, const char *end)
{
    const char *q = p + 1;
    const char *bound = end - p > MARKUP_MAX ? p + MARKUP_MAX : end;

    if (*p == '&')
        return reference_end(p, end);
    if (q < bound && *q == '/')
        q++;
    if (q == bound || !is_alnum(*q))
        return p;
    while (q < bound && is_alnum(*q))
        q++;
    if (q == bound || (*q != '>' && *q != ' ' && *q != '/'))
        return p;
    while (q < bound && *q != '>' && *q != '<' && *q != '\n')
        q++;
    return q < bound && *q == '>' ? q + 1 : p;
}
