/* What never changes while the program runs. */
#include "newsmq/html.h"

#include "route.h"

extern const struct str page_js;

static const struct {
    struct str name;
    const char *type;
    const struct str *bytes;
} files[] = {
    {STR_INIT("style.css"), "text/css; charset=utf-8", &view_css},
    {STR_INIT("page.js"), "text/javascript; charset=utf-8", &page_js},
    {STR_INIT("icon.svg"), "image/svg+xml",
     &(const struct str)STR_INIT(
         "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 20\"><rect "
         "width=\"20\" height=\"20\" rx=\"4\" fill=\"#0a58a6\"/><path fill=\"#fff\" "
         "d=\"M4 5h12v2.4H4zM4 9.4h6.6v1.7H4zM4 13h4v1.7H4zM11.5 12.4l1.5-3.9 1.5 "
         "3.9-1.5 "
         "3z\"/></svg>")},
};

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    (void)h;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        if (!str_eq(http_rest(r), files[i].name))
            continue;
        http_set_type(r, files[i].type);
        http_set_cache(r, 300);
        return strbuf_add(out, *files[i].bytes) == 0 ? 200 : 500;
    }
    (void)strbuf_add_text(out, "there is nothing here\n"); /* short */
    return 404;
}

const struct http_route http_route_static = {
    .path = "/static/",
    .type = "text/plain; charset=utf-8",
    .answer = answer,
};
