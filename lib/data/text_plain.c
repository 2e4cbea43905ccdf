#include <errno.h>

#include "text_html.h"
#include "text_private.h"

/* Drops blanks before line ends, and all blank lines of a run but one. */
static size_t fold_lines(char *p, size_t n)
{
    size_t to = 0;
    unsigned breaks = 2; /* none at the beginning */

    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n') {
            while (to > 0 && (p[to - 1] == ' ' || p[to - 1] == '\t'))
                to--;
            if (breaks < 2)
                p[to++] = '\n';
            breaks += breaks < 2;
            continue;
        }
        if (p[i] != ' ' && p[i] != '\t')
            breaks = 0;
        else if (to == 0)
            continue;
        p[to++] = p[i];
    }
    while (to > 0 && (p[to - 1] == ' ' || p[to - 1] == '\t' || p[to - 1] == '\n'))
        to--;
    return to;
}

int text_from_plain(struct str plain, struct strbuf *out)
{
    size_t from = out->n;
    int rc = text_clean(str_trim(plain), out);

    if (out->p == NULL)
        return rc;
    out->n = rc < 0 ? from : from + fold_lines(out->p + from, out->n - from);
    out->p[out->n] = '\0';
    return rc;
}

bool text_looks_like_html(struct str s)
{
    struct html html = {.all = s};
    char room[8];

    for (size_t at = 0; at < s.n; at++) {
        struct strbuf value = {.p = room, .cap = sizeof room, .max = sizeof room - 1};
        struct html_tag tag;
        enum html_piece piece;
        size_t n;

        if (s.p[at] == '&') {
            n = text_decode_reference(str_slice(s, at, s.n), &value);
            if (n > 0 && s.p[at + n - 1] == ';')
                return true;
        }
        if (s.p[at] != '<')
            continue;
        piece = html_piece(&html, at, &tag);
        if ((piece == HTML_START || piece == HTML_END) &&
            text_tag_kind(tag.name) != TAG_UNKNOWN)
            return true;
    }
    return false;
}
