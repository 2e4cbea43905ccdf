/* Finds where values begin and end by counting brackets outside of strings; whether a
   value is valid is for the one who decodes it. So the entries of a feed come out while
   it arrives, and a broken or cut one costs only itself. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "json_split.h"

#define KEY_MAX 256

enum where { BEFORE, IN_OBJECT, IN_KEY, AFTER_KEY, IN_VALUE, IN_LIST, OVER };

struct json_split {
    struct json_split_receiver r;
    enum where where;
    bool is_element;           /* the value stands in the list */
    bool in_string, escaped;   /* of the value */
    unsigned long depth, line; /* depth inside the value */
    bool is_over;
    struct strbuf key, value;
};

static void value_begin(struct json_split *s, bool is_element)
{
    strbuf_reset(&s->value);
    s->where = IN_VALUE;
    s->is_element = is_element;
    s->in_string = s->escaped = s->is_over = false;
    s->depth = 0;
}

static void value_end(struct json_split *s)
{
    struct str raw = s->is_over ? STR("") : str_trim(strbuf_str(&s->value));

    if (raw.n > 0 || s->is_over) {
        if (s->is_element)
            s->r.element(s->r.ctx, raw, s->is_over);
        else
            s->r.member(s->r.ctx, strbuf_str(&s->key), raw, s->is_over);
    }
    s->where = s->is_element ? IN_LIST : IN_OBJECT;
}

static void value_add(struct json_split *s, char c)
{
    if (!s->is_over && strbuf_add_char(&s->value, c) < 0)
        s->is_over = true;
}

/* Answers whether c belongs to the value; else the value has ended before it. */
static bool in_value(struct json_split *s, char c)
{
    if (s->in_string) {
        if (s->escaped)
            s->escaped = false;
        else if (c == '\\')
            s->escaped = true;
        else if (c == '"')
            s->in_string = false;
    } else if (c == '"') {
        s->in_string = true;
    } else if (c == '{' || c == '[') {
        s->depth++;
    } else if (c == '}' || c == ']') {
        if (s->depth == 0)
            return false;
        s->depth--;
    } else if (c == ',' && s->depth == 0) {
        return false;
    }
    value_add(s, c);
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void in_key(struct json_split *s, char c)
{
    if (s->escaped)
        s->escaped = false;
    else if (c == '\\')
        s->escaped = true;
    else if (c == '"') {
        s->where = AFTER_KEY;
        return;
    }
    (void)strbuf_add_char(&s->key, c); /* over its bound: a key we do not know */
}

/* At the first character of a value. */
static void before_value(struct json_split *s, char c)
{
    if (c == ':' || is_blank(c))
        return;
    if (c == '[' && str_eq(strbuf_str(&s->key), str_of(s->r.list))) {
        s->where = IN_LIST;
        return;
    }
    value_begin(s, false);
    if (!in_value(s, c))
        s->where = IN_OBJECT;
}

static void take(struct json_split *s, char c)
{
    if (c == '\n')
        s->line++;
    switch (s->where) {
    case BEFORE:
        s->where = c == '{' ? IN_OBJECT : BEFORE;
        break;
    case IN_OBJECT:
        if (c == '}')
            s->where = OVER;
        else if (c == '"') {
            strbuf_reset(&s->key);
            s->escaped = false;
            s->where = IN_KEY;
        }
        break;
    case IN_KEY:
        in_key(s, c);
        break;
    case AFTER_KEY:
        before_value(s, c);
        break;
    case IN_LIST:
        if (c == ']')
            s->where = IN_OBJECT;
        else if (c != ',' && !is_blank(c)) {
            value_begin(s, true);
            (void)in_value(s, c); /* '}' here is broken; it is skipped */
        }
        break;
    case IN_VALUE:
        if (!in_value(s, c)) {
            value_end(s);
            take(s, c);
        }
        break;
    case OVER:
        break;
    }
}

/* How many bytes at the start of s say nothing of where the value ends. */
static size_t plain_span(const struct json_split *s, struct str bytes)
{
    size_t n = 0;

    if (s->escaped)
        return 0;
    if (s->in_string)
        while (n < bytes.n && bytes.p[n] != '"' && bytes.p[n] != '\\')
            n++;
    else
        while (n < bytes.n && strchr("\"{}[],", bytes.p[n]) == NULL)
            n++;
    return n;
}

static void add_span(struct json_split *s, struct str span)
{
    for (size_t at = 0; (at = str_find_char(span, '\n', at)) != SIZE_MAX; at++)
        s->line++;
    if (!s->is_over && strbuf_add(&s->value, span) < 0)
        s->is_over = true;
}

void json_split_push(struct json_split *s, struct str bytes)
{
    for (size_t i = 0; i < bytes.n;) {
        size_t n = 0;

        if (s->where == IN_VALUE)
            n = plain_span(s, str_slice(bytes, i, bytes.n));
        if (n > 0)
            add_span(s, str_slice(bytes, i, i + n));
        else
            take(s, bytes.p[i]);
        i += n > 0 ? n : 1;
    }
}

struct json_split *json_split_new(const struct json_split_receiver *r)
{
    struct json_split *s = mem_new(sizeof *s);

    s->r = *r;
    s->line = 1;
    s->key.max = KEY_MAX;
    s->value.max = r->max;
    return s;
}

void json_split_free(struct json_split *s)
{
    if (s == NULL)
        return;
    strbuf_fini(&s->key);
    strbuf_fini(&s->value);
    free(s);
}

bool json_split_is_over(const struct json_split *s)
{
    return s->where == OVER;
}

unsigned long json_split_line(const struct json_split *s)
{
    return s->line;
}
