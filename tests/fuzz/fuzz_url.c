/* Any "base\nreference": resolving is stable, canonical forms are their own. */
#include <stdlib.h>

#include "newsmq/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_stable(struct str url, int (*form)(struct str, struct strbuf *))
{
    struct strbuf once = {.max = URL_MAX_BYTES}, twice = {.max = URL_MAX_BYTES};

    if (form(url, &once) == 0 && form(strbuf_str(&once), &twice) == 0 &&
        !str_eq(strbuf_str(&once), strbuf_str(&twice)))
        abort();
    strbuf_fini(&once);
    strbuf_fini(&twice);
}

static int canonical(struct str url, struct strbuf *out)
{
    return url_canonical(url, out, NULL);
}

static int untracked(struct str url, struct strbuf *out)
{
    return url_without_tracking(url, out);
}

static int resolved(struct str url, struct strbuf *out)
{
    return url_resolve(STR("http://example.org/a/b?c"), url, out, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, base = str_cut(&rest, '\n');
    struct strbuf out = {.max = URL_MAX_BYTES};

    (void)url_host(rest);
    if (url_resolve(base, rest, &out, NULL) == 0)
        for (size_t i = 0; i < out.n; i++)
            if ((unsigned char)out.p[i] <= 0x20 || (unsigned char)out.p[i] >= 0x7F)
                abort();
    must_be_stable(base, resolved);
    must_be_stable(base, canonical);
    must_be_stable(base, untracked);
    strbuf_fini(&out);
    return 0;
}
