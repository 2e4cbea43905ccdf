/* A record is passed on as the bytes that the hub sent, without a tree: strings, escapes
   and brackets are enough to find the members of the outermost object. Line breaks
   between tokens are the only raw ones in valid JSON (RFC 8259 §7), so they become
   spaces. */
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "newsmq/clock.h"

#include "line.h"

#define TAIL_MAX 512

static size_t skip_space(struct str s, size_t at)
{
    while (at < s.n && strchr(" \t\n\r", s.p[at]) != NULL && s.p[at] != '\0')
        at++;
    return at;
}

/* at is at the opening quote; answers what is behind the closing one, or s.n. */
static size_t skip_string(struct str s, size_t at)
{
    for (at++; at < s.n; at++) {
        if (s.p[at] == '\\')
            at++;
        else if (s.p[at] == '"')
            return at + 1;
    }
    return s.n;
}

/* Behind the value at `at`: the comma or the bracket that ends it, or s.n. */
static size_t skip_value(struct str s, size_t at)
{
    size_t depth = 0;

    while (at < s.n) {
        char c = s.p[at];

        if (c == '"') {
            at = skip_string(s, at);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        else if (c == '}' || c == ']')
            depth--;
        at++;
    }
    return s.n;
}

static void flatten(char *p, size_t n)
{
    for (char *end = p + n; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        *p = ' ';
}

static void flatten_cr(char *p, size_t n)
{
    for (char *end = p + n; (p = memchr(p, '\r', (size_t)(end - p))) != NULL; p++)
        *p = ' ';
}

static int add_flat(struct strbuf *out, struct str s)
{
    size_t from = out->n;
    int rc = strbuf_add(out, s);

    if (rc == 0 && s.n > 0) {
        flatten(out->p + from, s.n);
        flatten_cr(out->p + from, s.n);
    }
    return rc;
}

/* The members of body, which stands between the outermost brackets, except those named
   `name`. *ret_any: whether there was one. */
static int add_members(struct strbuf *out, struct str body, struct str name,
                       bool *ret_any)
{
    size_t at = skip_space(body, 0);
    int rc = 0;

    *ret_any = false;
    while (rc == 0 && at < body.n) {
        size_t key = at, behind_key, end;
        struct str text;

        if (body.p[at] != '"')
            return ERR_FORMAT;
        behind_key = skip_string(body, at);
        text = str_slice(body, key + 1, behind_key - 1 > key ? behind_key - 1 : key + 1);
        end = skip_value(body, behind_key);
        if (!str_eq(text, name)) {
            rc = *ret_any ? strbuf_add_char(out, ',') : 0;
            if (rc == 0)
                rc = add_flat(out, str_slice(body, key, end));
            *ret_any = true;
        }
        at = end < body.n ? skip_space(body, end + 1) : end;
    }
    return rc;
}

static int add_all(const struct line_sink *w, struct str body, struct strbuf *out,
                   bool *ret_any)
{
    static const char name[] = "content_html";

    if (!w->include_html && memmem(body.p, body.n, name, sizeof name - 1) != NULL)
        return add_members(out, body, STR("content_html"), ret_any);
    *ret_any = skip_space(body, 0) < body.n;
    return add_flat(out, body);
}

static int add_tail(const struct line_sink *w, uint64_t seq, bool any, struct strbuf *out)
{
    char time[CLOCK_TEXT_MAX];
    bool has_host = w->host != NULL && w->host[0] != '\0';

    return strbuf_addf(out,
                       "%s\"sink\":{\"time\":\"%s\",\"seq\":%" PRIu64
                       "%s%s%s,\"version\":\"" NEWSMQ_VERSION "\"}}\n",
                       any ? "," : "", clock_text(w->time_ms, time), seq,
                       has_host ? ",\"host\":\"" : "", has_host ? w->host : "",
                       has_host ? "\"" : "");
}

int line_add(const struct line_sink *w, uint64_t seq, struct str json, struct strbuf *out,
             struct err *e)
{
    struct str body = str_trim(json);
    size_t from = out->n;
    bool any = false;
    int rc = ERR_FORMAT;

    if (body.n >= 2 && body.p[0] == '{' && body.p[body.n - 1] == '}') {
        rc = strbuf_add_char(out, '{');
        if (rc == 0)
            rc = add_all(w, str_slice(body, 1, body.n - 1), out, &any);
        if (rc == 0)
            rc = add_tail(w, seq, any, out);
    }
    if (rc == 0)
        return 0;
    out->n = from;
    if (out->p != NULL)
        out->p[from] = '\0';
    if (rc == ERR_FORMAT)
        return err_set(e, rc, "record %" PRIu64 " is not a JSON object", seq);
    return err_set(e, rc, "record %" PRIu64 ": the batch is over %zu bytes", seq,
                   out->max);
}

const char *line_host(char buf[LINE_HOST_MAX])
{
    if (gethostname(buf, LINE_HOST_MAX) < 0)
        buf[0] = '\0';
    buf[LINE_HOST_MAX - 1] = '\0';
    for (char *p = buf; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~' || *p == '"' || *p == '\\')
            *p = '?';
    return buf;
}
