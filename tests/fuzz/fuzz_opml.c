/* Any bytes as OPML: an error, or feeds that are valid YAML of ours. */
#include <stdlib.h>

#include "newsmq/opml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf text = {.max = 1 << 26};
    struct opml o;
    struct err e;

    if (opml_read((struct str){(const char *)data, size}, &o, &e) < 0)
        return 0;
    if (opml_write_yaml(&o, &text) < 0)
        abort();
    for (size_t i = 0; i < o.n_feeds; i++)
        if (o.feeds[i].id[0] == '\0' || strlen(o.feeds[i].id) > 63)
            abort();
    strbuf_fini(&text);
    opml_fini(&o);
    return 0;
}
