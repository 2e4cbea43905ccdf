/* Which items of a poll go to the hub, in which order, in which batches; and what the hub
   keeps of a feed comes back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"

#include "../../daemon/fetch/delivery.h"

#define MAX_ITEMS 1000
#define NOW_MS    (INT64_C(1000) * DAY_MS)

static struct item items[MAX_ITEMS];
static char ids[MAX_ITEMS][32];

/* Items as a document has them: the newest first, a minute apart; a date of 0 is none. */
static void make_items(size_t n)
{
    assert_true(n <= MAX_ITEMS);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "id-%zu", i);
        items[i] = (struct item){.id = str_of(ids[i]),
                                 .content_hash = STR("sha256:1"),
                                 .title = STR("A title"),
                                 .date_published_ms = NOW_MS - (int64_t)i * MINUTE_MS};
    }
}

static struct delivery fill(size_t n, bool first, const struct config_feed *f)
{
    struct delivery d = {0};

    delivery_fill(&d, items, n, first, f, NOW_MS, 100000);
    return d;
}

static const char *key(const struct delivery *d, size_t i)
{
    static char z[32];

    (void)snprintf(z, sizeof z, STR_FMT, STR_ARG(d->items[i].key));
    return z;
}

static size_t count_whole(const struct delivery *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_items; i++)
        n += d->items[i].core.n > 0;
    return n;
}

static void the_oldest_goes_first(void **state)
{
    struct config_feed f = {0};
    struct delivery d;

    (void)state;
    make_items(3);
    d = fill(3, false, &f);
    assert_int_equal(d.n_items, 3);
    assert_string_equal(key(&d, 0), "id-2");
    assert_string_equal(key(&d, 2), "id-0");
    delivery_fini(&d);
}

static void an_item_without_a_date_stays_beside_its_neighbour(void **state)
{
    struct config_feed f = {0};
    struct delivery d;

    (void)state;
    make_items(4);
    items[2].date_published_ms = 0;
    d = fill(4, false, &f);
    assert_string_equal(key(&d, 0), "id-3");
    assert_string_equal(key(&d, 1), "id-2");
    assert_string_equal(key(&d, 2), "id-1");
    delivery_fini(&d);
}

static void the_first_poll_takes_what_is_wanted_and_remembers_the_rest(void **state)
{
    static const struct {
        struct config_feed feed;
        size_t n_whole;
    } rows[] = {
        {{.first_poll = FIRST_ALL}, 10},
        {{.first_poll = FIRST_NONE}, 0},
        {{.first_poll = FIRST_LAST, .first_last = 3}, 3},
        {{.first_poll = FIRST_LAST, .first_last = 30}, 10},
        {{.first_poll = FIRST_SINCE, .first_since_ms = 4 * MINUTE_MS}, 5},
    };

    (void)state;
    make_items(10);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct delivery first = fill(10, true, &rows[i].feed);
        struct delivery later = fill(10, false, &rows[i].feed);

        if (count_whole(&first) != rows[i].n_whole)
            fail_msg("row %zu: %zu", i, count_whole(&first));
        assert_int_equal(first.n_items, 10);
        assert_int_equal(count_whole(&later), 10);
        delivery_fini(&first);
        delivery_fini(&later);
    }
}

static void batches_are_bounded_by_number(void **state)
{
    struct config_feed f = {0};
    struct delivery d;
    bool is_last;
    size_t n;

    (void)state;
    make_items(600);
    d = fill(600, false, &f);
    (void)delivery_batch(&d, &n, &is_last);
    assert_int_equal(n, DELIVERY_BATCH_ITEMS);
    assert_false(is_last);
    d.n_sent = 2 * (size_t)DELIVERY_BATCH_ITEMS;
    (void)delivery_batch(&d, &n, &is_last);
    assert_int_equal(n, 600 - 2 * DELIVERY_BATCH_ITEMS);
    assert_true(is_last);
    delivery_fini(&d);
}

static void batches_are_bounded_by_bytes_but_one_item_always_fits(void **state)
{
    struct config_feed f = {0};
    struct delivery d = {0};
    size_t bytes = DELIVERY_BATCH_BYTES * 2 / 3, n;
    char *text = mem_new(bytes);
    bool is_last;

    (void)state;
    memset(text, 'x', bytes);
    make_items(3);
    for (size_t i = 0; i < 3; i++)
        items[i].content_text = (struct str){text, bytes};
    delivery_fill(&d, items, 3, false, &f, NOW_MS, DELIVERY_BATCH_BYTES);
    (void)delivery_batch(&d, &n, &is_last);
    assert_int_equal(n, 1);
    assert_false(is_last);
    delivery_fini(&d);
    free(text);
}

static void an_item_over_the_limit_is_left_out_and_counted(void **state)
{
    struct config_feed f = {0};
    struct delivery d = {0};

    (void)state;
    make_items(2);
    items[1].title = STR("a title that is longer than what may be written in one item");
    delivery_fill(&d, items, 2, false, &f, NOW_MS, 20);
    assert_int_equal(d.n_items, 0);
    assert_int_equal(d.n_broken, 2);
    delivery_fini(&d);
}

static void a_poll_without_items_still_has_a_batch_for_its_state(void **state)
{
    struct delivery d = {0};
    bool is_last;
    size_t n;

    (void)state;
    (void)delivery_batch(&d, &n, &is_last);
    assert_int_equal(n, 0);
    assert_true(is_last);
}

static void a_kept_item_outlives_what_it_was_made_from(void **state)
{
    char title[] = "Before", tag[] = "tag";
    struct str tags[] = {{tag, 3}};
    struct item it = {.title = {title, 6}, .tags = tags, .n_tags = 1}, kept;
    struct arena a = {0}, small = {.max = 4};

    (void)state;
    assert_true(item_keep(&it, &a, &kept));
    memset(title, '?', 6);
    memset(tag, '?', 3);
    assert_true(str_eq(kept.title, STR("Before")));
    assert_true(str_eq(kept.tags[0], STR("tag")));
    assert_null(kept.url.p);
    assert_false(item_keep(&it, &small, &kept));
    arena_fini(&small);
    arena_fini(&a);
}

/* ---- the feed's state ---- */

static json_t *write_state(const struct feed_state *s, const struct config_feed *f,
                           bool partial)
{
    struct strbuf out = {.max = 64 * 1024};
    json_t *json;

    assert_int_equal(state_write(s, f, partial, &out), 0);
    json = json_loadb(out.p, out.n, 0, NULL);
    strbuf_fini(&out);
    assert_true(json_is_object(json));
    return json;
}

static void a_state_comes_back_as_it_was(void **state)
{
    struct config_feed f = {.id = (char[]){"a"}, .group = (char[]){"g"}};
    struct feed_state s = {.health = FEED_FAILING,
                           .http_status = 503,
                           .failures = 7,
                           .last_fetch_ms = 11,
                           .last_ok_ms = 12,
                           .next_due_ms = 13,
                           .new_ms = 14,
                           .has_begun = true},
                      back = {0};
    json_t *json;

    (void)state;
    state_set(&s.etag, STR("W/\"a\\b,\xc3\xa9 c\""));
    state_set(&s.last_modified, STR("whenever  it was"));
    state_set(&s.url, STR("https://news.example.org/"));
    json = write_state(&s, &f, false);
    state_read(json, &back);
    assert_string_equal(back.etag, s.etag);
    assert_string_equal(back.last_modified, s.last_modified);
    assert_string_equal(back.url, s.url);
    assert_null(back.reason);
    assert_int_equal(back.health, FEED_FAILING);
    assert_int_equal(back.http_status, 503);
    assert_int_equal(back.failures, 7);
    assert_int_equal(back.next_due_ms, 13);
    assert_int_equal(back.new_ms, 14);
    assert_true(back.has_begun);
    json_decref(json);
    state_fini(&back);
    state_fini(&s);
}

static void only_the_last_batch_of_a_poll_is_not_partial(void **state)
{
    struct config_feed f = {.id = (char[]){"a"}};
    struct feed_state s = {0};
    json_t *partial = write_state(&s, &f, true), *whole = write_state(&s, &f, false);

    (void)state;
    assert_true(json_is_true(json_object_get(partial, "partial")));
    assert_false(json_is_true(json_object_get(whole, "partial")));
    json_decref(partial);
    json_decref(whole);
}

static void a_state_of_wrong_types_counts_as_none(void **state)
{
    json_t *json = json_loads("{\"etag\":5,\"failures\":\"many\",\"next_due_ms\":null,"
                              "\"state\":[],\"url\":{}}",
                              0, NULL);
    struct feed_state s = {0};

    (void)state;
    state_read(json, &s);
    assert_null(s.etag);
    assert_null(s.url);
    assert_int_equal(s.failures, 0);
    assert_int_equal(s.next_due_ms, 0);
    json_decref(json);
    state_read(NULL, &s);
    assert_null(s.etag);
    state_fini(&s);
}

static void a_header_that_is_too_long_is_as_if_it_were_not_there(void **state)
{
    size_t n = 5000;
    char *text = mem_new(n + 1), *etag = NULL;

    (void)state;
    memset(text, 'e', n);
    state_set(&etag, STR("short"));
    state_set(&etag, (struct str){text, n});
    assert_null(etag);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_goes_first),
        cmocka_unit_test(an_item_without_a_date_stays_beside_its_neighbour),
        cmocka_unit_test(the_first_poll_takes_what_is_wanted_and_remembers_the_rest),
        cmocka_unit_test(batches_are_bounded_by_number),
        cmocka_unit_test(batches_are_bounded_by_bytes_but_one_item_always_fits),
        cmocka_unit_test(an_item_over_the_limit_is_left_out_and_counted),
        cmocka_unit_test(a_poll_without_items_still_has_a_batch_for_its_state),
        cmocka_unit_test(a_kept_item_outlives_what_it_was_made_from),
        cmocka_unit_test(a_state_comes_back_as_it_was),
        cmocka_unit_test(only_the_last_batch_of_a_poll_is_not_partial),
        cmocka_unit_test(a_state_of_wrong_types_counts_as_none),
        cmocka_unit_test(a_header_that_is_too_long_is_as_if_it_were_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
