/* Any bytes as a feed, in pieces chosen by the first byte: entries whose text is valid
   UTF-8, items that can be made of them, and the same entries in one piece. */
#include <stdlib.h>

#include "newsmq/feed.h"
#include "newsmq/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct count {
    size_t entries;
    struct arena arena;
};

static void check(struct str s)
{
    if (s.p != NULL && !utf8_is_valid(s))
        abort();
}

static int on_entry(void *ctx, const struct feed_entry *e)
{
    static const struct normalise_options o = {.max_text_bytes = 10000,
                                               .keep_html = true};
    static const struct feed_meta m = {.format = STR_INIT("rss2.0")};
    struct item it = {.feed = {.id = STR_INIT("fuzz")}, .fetch = {.time_ms = 1}};
    struct count *c = ctx;
    struct item_open open;
    size_t n = 1;

    c->entries++;
    check(e->title.value);
    check(e->summary.value);
    check(e->id);
    arena_reset(&c->arena);
    if (item_from_entry(e, &m, &o, &c->arena, &it, &open, NULL) == 0) {
        static const struct settle_options settle = {0};

        (void)items_settle(&it, &open, &n, &settle, &c->arena);
        if (n != 1)
            abort();
        check(it.title);
        check(it.content_text);
        check(it.content_html);
        if (it.content_text.n > 10000 || it.id.n != 26)
            abort();
    }
    return 0;
}

static size_t parse(struct str s, size_t piece)
{
    struct feed_options o = {.url = STR_INIT("http://f.example/a/"),
                             .max_entry_bytes = 100000,
                             .max_entries = 1000};
    struct count c = {0};
    struct feed_receiver r = {&c, on_entry, NULL};
    struct feed_parser *p = feed_parser_new(&o, &r);

    for (size_t at = 0; at < s.n; at += piece)
        if (feed_parser_push(p, str_slice(s, at, s.n - at < piece ? s.n : at + piece),
                             NULL) < 0)
            break;
    (void)feed_parser_finish(p, NULL); /* any answer will do */
    feed_parser_free(p);
    arena_fini(&c.arena);
    return c.entries;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};

    if (size < 2)
        return 0;
    if (parse(str_slice(s, 1, size), (size_t)data[0] + 1) !=
        parse(str_slice(s, 1, size), size))
        abort();
    return 0;
}
