#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "newsmq/html.h"
#include "newsmq/text.h"
#include "newsmq/url.h"
#include "newsmq/words.h"

static void add(struct html *h, struct str s)
{
    if (h->rc == 0)
        h->rc = strbuf_add(h->out, s);
}

void html_raw(struct html *h, const char *ours)
{
    add(h, str_of(ours));
}

void html_f(struct html *h, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    assert(n >= 0 && n < (int)sizeof text); /* ours, and short */
    (void)n;
    add(h, str_of(text));
}

/* ---- text of strangers ---- */

static const char *reference_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* C0 and C1 controls, and what no document may hold (WHATWG HTML §13.2.3.5). */
static bool is_unfit(uint32_t cp)
{
    return (cp < 0x20 && cp != '\t' && cp != '\n') || (cp >= 0x7F && cp < 0xA0) ||
           (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF);
}

static void escape(struct html *h, struct str s, bool is_line)
{
    const char *p = s.p, *end, *from = s.p;

    if (s.n == 0) /* or absent */
        return;
    end = s.p + s.n;
    while (p < end && h->rc == 0) {
        size_t len = 1;
        uint32_t cp = utf8_decode(p, end, &len);
        const char *instead = cp < 0x80 ? reference_of(*p) : NULL;
        char good[4];

        if (is_line && (cp == '\t' || cp == '\n'))
            instead = " ";
        else if (is_unfit(cp))
            instead = "";
        if (instead != NULL || cp == 0xFFFD) {
            add(h, (struct str){from, (size_t)(p - from)});
            from = p + len;
            if (instead != NULL)
                add(h, str_of(instead));
            else
                add(h, (struct str){good, utf8_encode(cp, good)});
        }
        p += len;
    }
    add(h, (struct str){from, (size_t)(end - from)});
}

void html_text(struct html *h, struct str s)
{
    escape(h, s, false);
}

void html_cstr(struct html *h, const char *z)
{
    escape(h, str_of(z), false);
}

void html_words(struct html *h, struct str s)
{
    bool is_code = false;

    while (s.p != NULL) {
        html_text(h, str_cut(&s, '`'));
        if (s.p == NULL)
            break;
        is_code = !is_code;
        html_raw(h, is_code ? "<code>" : "</code>");
    }
    html_raw(h, is_code ? "</code>" : "");
}

void html_attr(struct html *h, const char *name, struct str value)
{
    html_raw(h, " ");
    html_raw(h, name);
    html_raw(h, "=\"");
    escape(h, value, true);
    html_raw(h, "\"");
}

/* ---- links ---- */

/* RFC 3986 §2.3: what may stand as it is in a segment. */
static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~' || c == ':';
}

void html_href(struct html *h, const char *prefix, struct str key)
{
    html_raw(h, " href=\"");
    html_raw(h, prefix);
    for (size_t i = 0; i < key.n; i++) {
        if (is_unreserved(key.p[i]))
            add(h, str_slice(key, i, i + 1));
        else
            html_f(h, "%%%02X", (unsigned char)key.p[i]);
    }
    html_raw(h, "\"");
}

bool html_url_is_fit(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= 0x20 || url.p[i] == 0x7F || url.p[i] == '\\')
            return false;
    return (str_has_prefix_nocase(url, STR("http://")) ||
            str_has_prefix_nocase(url, STR("https://"))) &&
           url_host(url).n > 0 && utf8_is_valid(url);
}

void html_link(struct html *h, struct str url, struct str text, const char *class)
{
    bool is_fit = html_url_is_fit(url);

    html_raw(h, is_fit ? "<a" : "<span");
    if (class != NULL)
        html_attr(h, "class", str_of(class));
    if (is_fit) {
        html_attr(h, "href", url);
        html_raw(h, " rel=\"noopener noreferrer nofollow external\"");
    }
    html_raw(h, ">");
    html_text(h, text);
    html_raw(h, is_fit ? "</a>" : "</span>");
}

struct str html_site(struct str url)
{
    struct str host = html_url_is_fit(url) ? url_host(url) : (struct str){NULL, 0};

    if (str_has_prefix_nocase(host, STR("www.")))
        host = str_slice(host, 4, host.n);
    return host;
}

/* ---- numbers and times ---- */

void html_number(struct html *h, uint64_t n)
{
    char digits[24], out[32];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    add(h, (struct str){out, at});
}

void html_ago(struct html *h, int64_t then_ms, int64_t now_ms)
{
    char at[CLOCK_TEXT_MAX], words[WORDS_MAX];

    if (then_ms <= 0 || clock_text(then_ms, at)[0] == '\0') {
        html_raw(h, "<span class=\"dim\">never</span>");
        return;
    }
    html_f(h, "<time datetime=\"%s\" title=\"%.10s %.8s UTC\" data-ago>", at, at,
           at + 11);
    html_cstr(h, words_ago(then_ms, now_ms, words));
    html_raw(h, "</time>");
}

void html_moment(struct html *h, int64_t ms)
{
    char at[CLOCK_TEXT_MAX];

    if (ms <= 0 || clock_text(ms, at)[0] == '\0')
        html_raw(h, "<span class=\"dim\">–</span>");
    else
        html_f(h, "<time datetime=\"%s\">%.10s %.5s</time>", at, at, at + 11);
}
