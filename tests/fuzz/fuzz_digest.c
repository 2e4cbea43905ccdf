/* Any bytes as lines of records in a small digest, and all its questions. */
#include <stdlib.h>

#include "newsmq/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct digest *d)
{
    struct digest_axis days = digest_days(INT64_C(1764115200000), 7);
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity list[8], with[8];
    struct digest_feed feeds[8];
    struct digest_item items[8];
    struct digest_quote quotes[8];
    struct digest_totals all;
    size_t n = digest_entities(d, &f, list, 8);

    for (size_t i = 0; i < n; i++) {
        struct digest_entity same;

        if (!digest_entity(d, list[i].key, &same) || same.records != list[i].records)
            abort();
        (void)digest_entity_with(d, list[i].key, with, 8);
        (void)digest_entity_feeds(d, list[i].key, &days, feeds, 8);
        (void)digest_quotes(d, list[i].key, quotes, 8);
    }
    digest_totals(d, &all);
    if (digest_newest(d, &f, items, 8) != (all.records < 8 ? all.records : 8))
        abort();
    (void)digest_trends(d, &days, list, 8);
    (void)digest_places(d, &f, list, 8);
    (void)digest_feeds(d, &days, feeds, 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct digest_limits limits = {.max_records = 3, .max_entities = 20, .keep_json = 1};
    struct digest *d = digest_new(&limits);
    struct str rest = {(const char *)data, size};

    while (rest.p != NULL)
        (void)digest_add(d, str_cut(&rest, '\n'), 0, NULL);
    ask(d);
    digest_free(d);
    return 0;
}
