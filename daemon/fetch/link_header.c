#include "link_header.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip(struct str *s, size_t n)
{
    *s = str_slice(*s, n, s->n);
}

static void skip_blanks(struct str *s)
{
    while (s->n > 0 && is_blank(s->p[0]))
        skip(s, 1);
}

/* Up to one of the ends, which stays. */
static struct str cut_word(struct str *s, const char *ends)
{
    size_t n = 0;

    while (n < s->n && s->p[n] != '\0' && strchr(ends, s->p[n]) == NULL)
        n++;
    if (n < s->n && s->p[n] == '\0')
        n = s->n; /* no header has it: the rest is lost */
    struct str word = str_slice(*s, 0, n);

    skip(s, n);
    return word;
}

/* Behind the quote; what stands between the quotes, with its backslashes. */
static struct str cut_quoted(struct str *s)
{
    size_t n = 0;
    struct str text;

    while (n < s->n && s->p[n] != '"')
        n += s->p[n] == '\\' && n + 1 < s->n ? 2 : 1;
    text = str_slice(*s, 0, n);
    skip(s, n < s->n ? n + 1 : n);
    return text;
}

/* ";name=value", all of it optional. */
static void cut_parameter(struct str *s, struct link_value *l)
{
    struct str name, value = {"", 0};

    skip(s, 1); /* the semicolon */
    skip_blanks(s);
    name = str_trim(cut_word(s, "=;,"));
    if (s->n > 0 && s->p[0] == '=') {
        skip(s, 1);
        skip_blanks(s);
        if (s->n > 0 && s->p[0] == '"') {
            skip(s, 1);
            value = cut_quoted(s);
        } else {
            value = str_trim(cut_word(s, ";,"));
        }
    }
    if (str_eq_nocase(name, STR("rel")) && l->rel.p == NULL)
        l->rel = value;
    if (str_eq_nocase(name, STR("anchor")))
        l->has_anchor = true;
}

bool link_header_next(struct str *rest, struct link_value *ret)
{
    struct str s = *rest;

    while (s.n > 0 && s.p[0] != '<') /* commas, and what is no link */
        skip(&s, 1);
    if (s.n == 0) {
        *rest = s;
        return false;
    }
    skip(&s, 1);
    *ret = (struct link_value){.target = str_trim(cut_word(&s, ">"))};
    if (s.n > 0)
        skip(&s, 1);
    for (;;) {
        (void)cut_word(&s, ";,");
        if (s.n == 0 || s.p[0] == ',')
            break;
        cut_parameter(&s, ret);
    }
    *rest = s;
    return true;
}

bool link_has_rel(const struct link_value *l, struct str word)
{
    struct str rest = l->rel;

    while (rest.p != NULL)
        if (str_eq_nocase(str_trim(str_cut(&rest, ' ')), word))
            return true;
    return false;
}

struct str link_header_find(struct str header, struct str rel)
{
    struct link_value l;

    while (link_header_next(&header, &l))
        if (link_has_rel(&l, rel) && !l.has_anchor && l.target.n > 0)
            return l.target;
    return (struct str){0};
}
