/* Lines of queries, an empty line, any text: what is found lies in the text and begins
   and ends with words. */
#include <stdlib.h>

#include "newsmq/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(void *ctx, const struct watch_hit *hit)
{
    const struct tokens *t = ctx;

    if (hit->start >= hit->end || hit->end > t->text.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct watch *w = watch_new();
    struct tokens t = {0};

    for (uint32_t i = 0; rest.p != NULL; i++) {
        struct str query = str_cut(&rest, '\n');
        bool is_good;

        if (query.n == 0)
            break;
        is_good = watch_check(query, NULL) == 0;
        if ((watch_add(w, query, i, NULL) == 0) != is_good)
            abort();
    }
    if (rest.p != NULL) {
        tokens_read(&t, rest);
        watch_find(w, &t, look, &t);
    }
    tokens_fini(&t);
    watch_free(w);
    return 0;
}
