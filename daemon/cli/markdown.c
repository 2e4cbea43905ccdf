#include <errno.h>

#include "newsmq/text.h"

#include "markdown.h"

#define LABEL_MAX  300  /* bytes of the text of a link; longer ones stay as they are */
#define TARGET_MAX 1000 /* and of its address */

/* p stands at '[': the text of a link "[text](address)"; absent when it is none. */
static struct str link_at(struct str s, size_t p, size_t *ret_end)
{
    size_t label = p + 1, at = label;

    while (at < s.n && at - label < LABEL_MAX && s.p[at] != ']' && s.p[at] != '[' &&
           s.p[at] != '\n')
        at++;
    if (at + 1 >= s.n || s.p[at] != ']' || s.p[at + 1] != '(' || at == label)
        return (struct str){NULL, 0};
    *ret_end = at + 2;
    while (*ret_end < s.n && *ret_end - at < TARGET_MAX && s.p[*ret_end] != ')' &&
           s.p[*ret_end] != '\n')
        ++*ret_end;
    if (*ret_end >= s.n || s.p[*ret_end] != ')')
        return (struct str){NULL, 0};
    ++*ret_end;
    return str_slice(s, label, at);
}

static int without_links(struct str s, struct strbuf *out)
{
    size_t from = 0;
    int rc = 0;

    for (size_t p = str_find_char(s, '[', 0); rc == 0 && p != SIZE_MAX;
         p = str_find_char(s, '[', p)) {
        size_t end = 0, before = p > from && s.p[p - 1] == '!' ? p - 1 : p;
        struct str label = link_at(s, p, &end);

        if (label.p == NULL) {
            p++;
            continue;
        }
        rc = strbuf_add(out, str_slice(s, from, before));
        if (rc == 0)
            rc = strbuf_add(out, label);
        from = p = end;
    }
    return rc == 0 ? strbuf_add(out, str_slice(s, from, s.n)) : rc;
}

static int clean(struct str raw, struct strbuf *out)
{
    struct strbuf plain = {.max = out->max};
    int rc = without_links(str_trim(raw), &plain);

    if (rc == 0)
        rc = text_clean(strbuf_str(&plain), out);
    strbuf_fini(&plain);
    return rc;
}

int markdown_read(struct str file, struct strbuf *title, struct strbuf *text)
{
    struct str rest = str_trim(file), line;

    if (str_has_prefix(rest, STR("\xEF\xBB\xBF"))) /* a byte order mark */
        rest = str_trim(str_slice(rest, 3, rest.n));
    if (str_has_prefix(rest, STR("# "))) {
        line = str_cut(&rest, '\n');
        if (clean(str_slice(line, 2, line.n), title) < 0)
            return -E2BIG;
        if (rest.p == NULL)
            return 0;
    }
    return clean(rest, text);
}
