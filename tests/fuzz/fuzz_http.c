/* What newsmq-http reads of strangers itself: a Host header in front of the first line
   break; behind it a record, shown as an article, which stays well-formed and without
   markup of the record's own. */
#include <stdlib.h>

#include "newsmq/view.h"

#include "../../daemon/http/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Elements close in the order in which they were opened, and no attribute is open. */
static void must_be_whole(struct str text)
{
    int depth = 0;

    for (size_t i = 0; i < text.n; i++) {
        size_t end;

        if (text.p[i] == '>')
            abort();
        if (text.p[i] != '<')
            continue;
        end = str_find_char(text, '>', i);
        if (end == SIZE_MAX ||
            str_find_char(str_slice(text, i + 1, end), '<', 0) != SIZE_MAX)
            abort();
        if (text.p[i + 1] == '/')
            depth--;
        else if (text.p[end - 1] != '/' && !str_eq(str_slice(text, i, end), STR("<br")))
            depth++;
        if (depth < 0)
            abort();
        i = end;
    }
    if (depth != 0)
        abort();
}

static void must_have_no_script(struct str text)
{
    if (str_find(text, STR("<script"), 0) != SIZE_MAX ||
        str_find(text, STR("href=\"javascript"), 0) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char name[] = "news.example.org";
    char *hosts[] = {name};
    struct str rest = {(const char *)data, size}, host = str_cut(&rest, '\n');
    struct strbuf out = {.max = 64 << 20};
    struct html h = html_to(&out);
    struct view v = {&h, {"/article/", "/name/", "/feed/"}, 1795000000000, 2};
    json_t *record = rest.p != NULL ? json_loadb(rest.p, rest.n, 0, NULL) : NULL;

    (void)gate_knows_host(host, hosts, 1);
    (void)html_url_is_fit(host);
    html_link(&h, host, rest, "x");
    html_words(&h, host);
    if (record != NULL)
        view_article(&v, record);
    if (h.rc == 0) {
        must_be_whole(strbuf_str(&out));
        must_have_no_script(strbuf_str(&out));
    }
    json_decref(record);
    strbuf_fini(&out);
    return 0;
}
