/* One pass over JSON text: is it one valid object (RFC 8259), and where do some of its
   members stand. No tree, no copies. */
#include "newsmq/json.h"
#include "newsmq/text.h"

#define DEPTH_MAX 64

struct scan {
    const char *p, *from, *end;
    const char *fault;
};

static bool fail(struct scan *s, const char *fault)
{
    if (s->fault == NULL)
        s->fault = fault;
    return false;
}

static void skip_space(struct scan *s)
{
    while (s->p < s->end &&
           (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* p is behind the backslash. */
static bool scan_escape(struct scan *s)
{
    char c = s->p < s->end ? *s->p++ : '\0';

    if (c == 'u') {
        for (int i = 0; i < 4; i++)
            if (s->p == s->end || !is_hex(*s->p++))
                return fail(s, "a broken \\u escape");
        return true;
    }
    return (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) || fail(s, "a broken escape");
}

static bool scan_string(struct scan *s)
{
    s->p++;
    while (s->p < s->end) {
        unsigned char c = (unsigned char)*s->p;
        size_t len = 1;

        if (c >= 0x80) {
            if (utf8_decode(s->p, s->end, &len) == 0xFFFD &&
                (len != 3 || memcmp(s->p, "\xEF\xBF\xBD", 3) != 0))
                return fail(s, "invalid UTF-8");
            s->p += len;
            continue;
        }
        s->p++;
        if (c == '"')
            return true;
        if (c < 0x20)
            return fail(s, "a control character in a string");
        if (c == '\\' && !scan_escape(s))
            return false;
    }
    return fail(s, "a string without end");
}

static bool scan_digits(struct scan *s)
{
    const char *from = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > from || fail(s, "a broken number");
}

static bool scan_number(struct scan *s)
{
    s->p += *s->p == '-';
    if (s->p < s->end && *s->p == '0')
        s->p++;
    else if (!scan_digits(s))
        return false;
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (!scan_digits(s))
            return false;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        s->p += s->p < s->end && (*s->p == '+' || *s->p == '-');
        return scan_digits(s);
    }
    return true;
}

static bool scan_word(struct scan *s, struct str word)
{
    if ((size_t)(s->end - s->p) < word.n || memcmp(s->p, word.p, word.n) != 0)
        return fail(s, "no JSON value");
    s->p += word.n;
    return true;
}

static bool scan_scalar(struct scan *s)
{
    switch (*s->p) {
    case '"':
        return scan_string(s);
    case 't':
        return scan_word(s, STR("true"));
    case 'f':
        return scan_word(s, STR("false"));
    case 'n':
        return scan_word(s, STR("null"));
    default:
        return (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
                   ? scan_number(s)
                   : fail(s, "no JSON value");
    }
}

/* A key and its colon. */
static bool scan_key(struct scan *s, struct str *ret_key)
{
    const char *from;

    skip_space(s);
    if (s->p == s->end || *s->p != '"')
        return fail(s, "no member name");
    from = s->p + 1;
    if (!scan_string(s))
        return false;
    *ret_key = (struct str){from, (size_t)(s->p - 1 - from)};
    skip_space(s);
    if (s->p == s->end || *s->p != ':')
        return fail(s, "no colon");
    s->p++;
    return true;
}

/* Any value, without recursion: `open` is the stack of brackets. */
static bool scan_value(struct scan *s, unsigned depth)
{
    char open[DEPTH_MAX];
    unsigned n = 0;
    struct str key;

    for (;;) {
        skip_space(s);
        if (s->p == s->end)
            return fail(s, "the end is missing");
        if (*s->p == '{' || *s->p == '[') {
            if (n + depth >= DEPTH_MAX)
                return fail(s, "too deep");
            open[n++] = *s->p++;
            skip_space(s);
            if (s->p == s->end || *s->p != open[n - 1] + 2) { /* '{'+2 is '}', also [ ] */
                if (open[n - 1] == '{' && !scan_key(s, &key))
                    return false;
                continue;
            }
        } else if (!scan_scalar(s)) {
            return false;
        }
        for (;;) { /* after a value, or before a closing bracket */
            if (n == 0)
                return true;
            skip_space(s);
            if (s->p == s->end)
                return fail(s, "the end is missing");
            if (*s->p == open[n - 1] + 2) {
                s->p++;
                n--;
                continue;
            }
            break;
        }
        if (*s->p++ != ',')
            return fail(s, "no comma");
        if (open[n - 1] == '{' && !scan_key(s, &key))
            return false;
    }
}

static void note(const struct str *keys, size_t n, struct str *ret, struct str key,
                 struct str value)
{
    for (size_t i = 0; i < n; i++) {
        if (keys[i].n == key.n && memcmp(keys[i].p, key.p, key.n) == 0) {
            if (ret[i].p == NULL)
                ret[i] = value;
            return;
        }
    }
}

static bool scan_object(struct scan *s, const struct str *keys, size_t n, struct str *ret)
{
    skip_space(s);
    if (s->p == s->end || *s->p != '{')
        return fail(s, "not an object");
    s->p++;
    skip_space(s);
    if (s->p < s->end && *s->p == '}') {
        s->p++;
        return true;
    }
    for (;;) {
        struct str key;
        const char *from;

        if (!scan_key(s, &key))
            return false;
        skip_space(s);
        from = s->p;
        if (!scan_value(s, 1))
            return false;
        note(keys, n, ret, key, (struct str){from, (size_t)(s->p - from)});
        skip_space(s);
        if (s->p == s->end)
            return fail(s, "the end is missing");
        if (*s->p == '}') {
            s->p++;
            return true;
        }
        if (*s->p++ != ',')
            return fail(s, "no comma");
    }
}

int json_scan(struct str text, const struct str *keys, size_t n, struct str *ret_values,
              struct err *e)
{
    struct scan s = {text.p, text.p, text.p + text.n, NULL};

    for (size_t i = 0; i < n; i++)
        ret_values[i] = (struct str){NULL, 0};
    if (text.p == NULL)
        return err_set(e, ERR_FORMAT, "JSON: nothing there");
    if (scan_object(&s, keys, n, ret_values)) {
        skip_space(&s);
        if (s.p == s.end)
            return 0;
        (void)fail(&s, "something behind the object");
    }
    for (size_t i = 0; i < n; i++)
        ret_values[i] = (struct str){NULL, 0};
    return err_set(e, ERR_FORMAT, "JSON at byte %zu: %s", (size_t)(s.p - s.from),
                   s.fault);
}

struct str json_plain(struct str raw)
{
    if (raw.n < 2 || raw.p[0] != '"' || memchr(raw.p, '\\', raw.n) != NULL)
        return (struct str){NULL, 0};
    return str_slice(raw, 1, raw.n - 1);
}
