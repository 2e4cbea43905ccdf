/* Any bytes as a feed, in pieces chosen by the first byte: entries whose text is valid
   UTF-8, items that can be made of them, and the same entries in one piece. */
#include <stdlib.h>

#include "newsmq/feed.h"
#include "newsmq/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SETTLED 50

struct count {
    size_t entries, n;
    struct arena arena;
    struct item items[SETTLED];
    struct item_open open[SETTLED];
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

    c->entries++;
    check(e->title.value);
    check(e->summary.value);
    check(e->id);
    if (c->n == SETTLED || item_from_entry(e, &m, &o, &c->arena, &it, &open, NULL) < 0)
        return 0;
    check(it.title);
    check(it.content_text);
    check(it.content_html);
    if (it.content_text.n > 10000)
        abort();
    if (!item_keep(&it, &c->arena, &c->items[c->n]) ||
        !item_open_keep(&open, &c->arena, &c->open[c->n]))
        abort();
    c->n++;
    return 0;
}

/* Settled with what was learnt from them, items have the same ids; no two have one. */
static void settle(struct count *c)
{
    struct feed_habits habits = {0}, again;
    struct settle_options o = {.habits = &habits};
    char text[HABITS_TEXT_MAX], once[SETTLED][27];

    (void)items_settle(c->items, c->open, &c->n, &o, &c->arena);
    for (size_t i = 0; i < c->n; i++) {
        if (c->items[i].id.n != 26)
            abort();
        memcpy(once[i], c->items[i].id.p, 26);
        for (size_t k = 0; k < i; k++)
            if (memcmp(once[i], once[k], 26) == 0)
                abort();
    }
    habits_read(str_of(habits_write(&habits, text)), &again);
    o.habits = &again;
    (void)items_settle(c->items, c->open, &c->n, &o, &c->arena);
    for (size_t i = 0; i < c->n; i++)
        if (memcmp(once[i], c->items[i].id.p, 26) != 0)
            abort();
}

static size_t parse(struct str s, size_t piece)
{
    struct feed_options o = {.url = STR_INIT("http://f.example/a/"),
                             .max_entry_bytes = 100000,
                             .max_entries = 1000};
    struct count *c = mem_new(sizeof *c);
    struct feed_receiver r = {c, on_entry, NULL};
    size_t n_entries;
    struct feed_parser *p = feed_parser_new(&o, &r);

    for (size_t at = 0; at < s.n; at += piece)
        if (feed_parser_push(p, str_slice(s, at, s.n - at < piece ? s.n : at + piece),
                             NULL) < 0)
            break;
    (void)feed_parser_finish(p, NULL); /* any answer will do */
    settle(c);
    n_entries = c->entries;
    feed_parser_free(p);
    arena_fini(&c->arena);
    free(c);
    return n_entries;
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
