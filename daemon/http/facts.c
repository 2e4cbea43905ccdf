#include <stdlib.h>

#include "newsmq/ask.h"
#include "newsmq/mem.h"

#include "facts.h"
#include "route.h"

void facts_list_feeds(struct facts_feeds *r, const struct config *c, const json_t *feeds,
                      int64_t now_ms)
{
    json_t *by_id = json_object(), *one;
    const json_t *list = json_object_get(feeds, "feeds");
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *id = json_string_value(json_object_get(one, "feed"));

        if (id != NULL) /* without memory it counts as not known */
            (void)json_object_set(by_id, id, one);
    }
    r->n = c->n_feeds;
    r->list = mem_new_array(r->n, sizeof *r->list);
    for (i = 0; i < r->n; i++)
        feed_row_init(&r->list[i], c->feeds[i].id, &c->feeds[i],
                      json_object_get(by_id, c->feeds[i].id), now_ms);
    json_decref(by_id); /* the states live on in feeds */
}

void facts_drop_feeds(struct facts_feeds *r)
{
    free(r->list);
    *r = (struct facts_feeds){0};
}

static const json_t *answer_of(const struct http *h, enum source which)
{
    const struct known *k = http_known(h, which);

    return k->fault.code == 0 ? k->json : NULL;
}

void facts_take(struct facts *f, const struct http *h)
{
    *f = (struct facts){
        .config = http_config(h),
        .metrics = answer_of(h, SOURCE_METRICS),
        .fault = http_known(h, SOURCE_METRICS)->fault.text,
        .newsmqd = answer_of(h, SOURCE_NEWSMQD),
        .own = http_count(h),
        .now_ms = http_now_ms(h),
    };
    facts_list_feeds(&f->feeds, f->config, answer_of(h, SOURCE_FEEDS), f->now_ms);
}

void facts_fini(struct facts *f)
{
    facts_drop_feeds(&f->feeds);
}
