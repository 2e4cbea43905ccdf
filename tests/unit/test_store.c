#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/hash.h"
#include "newsmq/store.h"

#define NOW (20000 * DAY_MS)

struct fixture {
    char dir[64];
    struct store *store;
    int64_t now_ms;
};

static int setup(void **state)
{
    static struct fixture f;
    struct err e;

    f = (struct fixture){.dir = "/tmp/nmq-store-XXXXXX", .now_ms = NOW};
    assert_non_null(mkdtemp(f.dir));
    assert_int_equal(store_open(f.dir, &f.store, &e), 0);
    *state = &f;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    store_close(f->store);
    return nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void reopen(struct fixture *f)
{
    struct err e;

    store_close(f->store);
    f->store = NULL;
    assert_int_equal(store_open(f->dir, &f->store, &e), 0);
}

static struct store_id id_of(const char *name)
{
    struct store_id id;
    char text[ITEM_ID_MAX];

    assert_true(store_id_read(
        str_of(hash_item_id(STR("a"), STR("guid"), str_of(name), text)), &id));
    return id;
}

static struct store_key key_of(const char *name, const char *content)
{
    return (struct store_key){.id = id_of(name),
                              .content = hash_xxh64(str_of(content), 0) | 1,
                              .url = hash_xxh64(str_of(name), 1) | 1,
                              .lang = STR("en"),
                              .is_long = true,
                              .core = STR("{\"title\":\"T\"}"),
                              .emit_updates = true};
}

static const struct store_feed feed_a = {.id = STR_INIT("a"),
                                         .group = STR_INIT("g"),
                                         .state = STR_INIT("{\"feed\":\"a\"}"),
                                         .status = STR_INIT("ok"),
                                         .copies = COPIES_MARK};
static const struct store_feed feed_b = {.id = STR_INIT("b"),
                                         .group = STR_INIT("g"),
                                         .state = STR_INIT("{\"feed\":\"b\"}"),
                                         .status = STR_INIT("ok"),
                                         .copies = COPIES_MARK};

static void begin(struct fixture *f)
{
    struct err e;

    assert_int_equal(store_begin(f->store, f->now_ms, &e), 0);
}

static void commit(struct fixture *f)
{
    struct err e;

    assert_int_equal(store_commit(f->store, &e), 0);
}

static struct store_fed put_keys(struct fixture *f, const struct store_feed *feed,
                                 const struct store_key *keys, size_t n)
{
    struct store_fed fed;
    size_t index[64];
    struct err e;

    assert_int_equal(store_put(f->store, feed, keys, n, index, &fed, &e), 0);
    return fed;
}

static struct store_fed put_one(struct fixture *f, const char *name, const char *content)
{
    struct store_key k = key_of(name, content);
    struct store_fed fed;

    begin(f);
    fed = put_keys(f, &feed_a, &k, 1);
    commit(f);
    return fed;
}

static void finish(struct fixture *f, uint64_t seq)
{
    struct err e;

    begin(f);
    assert_int_equal(
        store_add_record(f->store, seq, STR("en"), STR("{\"status\":\"ok\"}"), &e), 1);
    commit(f);
}

static struct store_totals totals_of(struct fixture *f)
{
    struct store_totals t;
    struct err e;

    assert_int_equal(store_totals(f->store, &t, &e), 0);
    assert_true(t.accounts_ok);
    return t;
}

/* ---- ids ---- */

static void ids_survive_reading_and_writing(void **state)
{
    char text[STORE_ID_CHARS + 1], want[ITEM_ID_MAX];
    struct store_id id;

    (void)state;
    (void)hash_item_id(STR("a"), STR("guid"), STR("x"), want);
    assert_true(store_id_read(str_of(want), &id));
    assert_string_equal(store_id_text(id, text), want);
}

static void ids_of_other_forms_are_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "a",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaa1",
                                      "Aaaaaaaaaaaaaaaaaaaaaaaaaa",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaab"};
    struct store_id id;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(store_id_read(str_of(bad[i]), &id));
}

/* ---- items ---- */

static void one_key_gives_one_item(void **state)
{
    assert_int_equal(put_one(*state, "x", "1").n_new, 1);
    assert_int_equal(put_one(*state, "x", "1").n_dup, 1);

    assert_int_equal(totals_of(*state).items, 1);
    assert_int_equal(totals_of(*state).duplicates, 1);
}

static void a_key_twice_in_a_batch_is_one_item(void **state)
{
    struct fixture *f = *state;
    struct store_key keys[] = {key_of("x", "1"), key_of("x", "1")};
    struct store_fed fed;

    begin(f);
    fed = put_keys(f, &feed_a, keys, 2);
    commit(f);
    assert_int_equal(fed.n_new, 1);
    assert_int_equal(fed.n_dup, 1);
}

static void other_content_is_the_next_revision(void **state)
{
    struct fixture *f = *state;
    size_t n;

    (void)put_one(f, "x", "1");
    assert_int_equal(put_one(f, "x", "2").n_new, 1);
    assert_int_equal(store_made(f->store, &n)[0].revision, 2);
    assert_int_equal(put_one(f, "x", "1").n_new, 1);
    assert_int_equal(store_made(f->store, &n)[0].revision, 3);
    assert_int_equal(totals_of(f).updates, 2);
}

static void updates_that_are_not_wanted_are_duplicates(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_of("x", "2");

    (void)put_one(f, "x", "1");
    k.emit_updates = false;
    begin(f);
    assert_int_equal(put_keys(f, &feed_a, &k, 1).n_dup, 1);
    commit(f);
    assert_int_equal(put_one(f, "x", "1").n_dup, 1);
}

static void a_remembered_key_is_no_item_until_it_changes(void **state)
{
    struct fixture *f = *state;
    struct store_key k = {.id = id_of("x"), .lang = STR("und")};

    begin(f);
    (void)put_keys(f, &feed_a, &k, 1);
    commit(f);
    assert_int_equal(put_one(f, "x", "1").n_new, 0);
    assert_int_equal(put_one(f, "x", "2").n_new, 1);
    assert_int_equal(totals_of(f).items, 1);
}

static void a_copy_names_the_earliest_of_another_feed(void **state)
{
    struct fixture *f = *state;
    struct store_key b = key_of("b", "same"), c = key_of("c", "same");
    const struct store_made *made;
    size_t n;

    (void)put_one(f, "a", "same");
    (void)put_one(f, "a2", "same");
    made = store_made(f->store, &n);
    assert_false(made[0].is_copy);
    begin(f);
    (void)put_keys(f, &feed_b, &b, 1);
    c.is_long = false;
    (void)put_keys(f, &feed_b, &c, 1);
    commit(f);
    made = store_made(f->store, &n);
    assert_true(made[0].is_copy);
    assert_memory_equal(made[0].copy_of.b, id_of("a").b, sizeof made[0].copy_of.b);
    assert_false(made[1].is_copy);
}

static struct store_key key_with_alias(const char *name, const char *content,
                                       uint64_t alias)
{
    struct store_key k = key_of(name, content);

    k.alias = alias;
    return k;
}

static struct store_fed put_alias(struct fixture *f, const struct store_feed *feed,
                                  const char *name, const char *content, uint64_t alias,
                                  bool is_shared)
{
    struct store_key k = key_with_alias(name, content, alias);
    struct store_fed fed;

    k.alias_is_shared = is_shared;
    begin(f);
    fed = put_keys(f, feed, &k, 1);
    commit(f);
    return fed;
}

static struct store_id made_id(struct fixture *f)
{
    size_t n;
    const struct store_made *made = store_made(f->store, &n);

    assert_int_equal(n, 1);
    return made[0].id;
}

static void an_unknown_id_with_a_known_alias_is_that_entry(void **state)
{
    struct fixture *f = *state;
    struct store_id id, x = id_of("x");

    (void)put_alias(f, &feed_a, "x", "1", 7, false);
    assert_int_equal(put_alias(f, &feed_a, "y", "1", 7, false).n_dup, 1);
    assert_int_equal(put_alias(f, &feed_a, "z", "2", 7, false).n_new, 1);
    id = made_id(f);
    assert_memory_equal(id.b, x.b, sizeof id.b); /* an update under the first id */
    assert_int_equal(put_alias(f, &feed_a, "x", "2", 7, false).n_dup, 1);
    assert_int_equal(put_alias(f, &feed_b, "w", "1", 7, false).n_new, 1); /* elsewhere */
    assert_int_equal(totals_of(f).items, 3);
}

static void an_id_that_came_twice_by_its_alias_is_known_without_it(void **state)
{
    struct fixture *f = *state;

    (void)put_alias(f, &feed_a, "x", "1", 7, false);
    (void)put_alias(f, &feed_a, "y", "1", 7, false);
    (void)put_alias(f, &feed_a, "y", "1", 7, false);
    assert_int_equal(put_alias(f, &feed_a, "y", "1", 8, false).n_dup, 1); /* new title */
    assert_int_equal(put_alias(f, &feed_a, "z", "1", 9, false).n_new, 1);
}

static void an_alias_that_several_entries_have_tells_nothing_for_ever(void **state)
{
    struct fixture *f = *state;

    (void)put_alias(f, &feed_a, "x", "1", 7, false);
    (void)put_alias(f, &feed_a, "x", "1", 7, true);
    assert_int_equal(put_alias(f, &feed_a, "y", "1", 7, true).n_new, 1);
    assert_int_equal(put_alias(f, &feed_a, "z", "1", 7, false).n_new, 1);
}

static void an_alias_loses_no_update_where_updates_are_not_wanted(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_with_alias("y", "2", 7);

    (void)put_alias(f, &feed_a, "x", "1", 7, false);
    k.emit_updates = false;
    begin(f);
    assert_int_equal(put_keys(f, &feed_a, &k, 1).n_new, 1);
    commit(f);
    assert_int_equal(totals_of(f).updates, 0);
}

static void what_counts_by_itself_is_no_update(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_of("x", "1");

    k.steady = 5;
    for (int i = 0; i < 3; i++) {
        k.content = (uint64_t)i * 2 + 1;
        begin(f);
        assert_int_equal(put_keys(f, &feed_a, &k, 1).n_new, i == 0);
        commit(f);
    }
    k.content = 9;
    k.steady = 6;
    begin(f);
    assert_int_equal(put_keys(f, &feed_a, &k, 1).n_new, 1);
    commit(f);
}

static void short_copies_need_the_same_link(void **state)
{
    struct fixture *f = *state;
    struct store_key a = key_of("a", "same"), b = key_of("b", "same");
    size_t n;

    a.is_long = b.is_long = false;
    begin(f);
    (void)put_keys(f, &feed_a, &a, 1);
    (void)put_keys(f, &feed_b, &b, 1);
    assert_false(store_made(f->store, &n)[1].is_copy);
    b.id = id_of("c");
    b.url = a.url;
    (void)put_keys(f, &feed_b, &b, 1);
    assert_true(store_made(f->store, &n)[2].is_copy);
    commit(f);
}

static void copies_are_ignored_or_dropped_where_the_feed_says_so(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = feed_b;
    struct store_key b = key_of("b", "same"), c = key_of("c", "same");
    struct store_totals t;
    size_t n;

    (void)put_one(f, "a", "same");
    begin(f);
    feed.copies = COPIES_IGNORE;
    (void)put_keys(f, &feed, &b, 1);
    assert_false(store_made(f->store, &n)[0].is_copy);
    feed.copies = COPIES_DROP;
    assert_int_equal(put_keys(f, &feed, &c, 1).n_dup, 1);
    assert_int_equal(put_keys(f, &feed, &c, 1).n_dup, 1); /* it stays known */
    commit(f);
    t = totals_of(f);
    assert_int_equal(t.items, 2);
    assert_int_equal(t.dropped, 1);
    assert_true(t.accounts_ok);
    c.content = 5; /* what is changed then is its own */
    begin(f);
    assert_int_equal(put_keys(f, &feed, &c, 1).n_new, 1);
    commit(f);
}

static void prev_is_of_the_same_topic(void **state)
{
    struct fixture *f = *state;
    struct store_key b = key_of("b", "2");
    size_t n;

    (void)put_one(f, "a", "1");
    begin(f);
    (void)put_keys(f, &feed_b, &b, 1);
    commit(f);
    reopen(f);
    (void)put_one(f, "c", "3");
    assert_int_equal(store_made(f->store, &n)[0].seq, 3);
    assert_int_equal(store_made(f->store, &n)[0].prev, 1);
    assert_string_equal(store_made(f->store, &n)[0].topic, "item/g/a/en/");
}

/* ---- all or nothing ---- */

static void a_rollback_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_of("y", "2");
    size_t n;

    (void)put_one(f, "x", "1");
    begin(f);
    (void)put_keys(f, &feed_b, &k, 1);
    store_rollback(f->store);

    assert_int_equal(store_head(f->store, STREAM_ITEM), 1);
    assert_int_equal(totals_of(f).items, 1);
    begin(f);
    assert_int_equal(put_keys(f, &feed_b, &k, 1).n_new, 1);
    commit(f);
    assert_int_equal(store_made(f->store, &n)[0].seq, 2);
    assert_int_equal(store_made(f->store, &n)[0].prev, 0);
    reopen(f);
    assert_int_equal(totals_of(f).items, 2);
}

static void what_was_not_committed_is_not_there_after_a_crash(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_of("y", "2");

    (void)put_one(f, "x", "1");
    begin(f);
    (void)put_keys(f, &feed_a, &k, 1);
    reopen(f);
    assert_int_equal(totals_of(f).items, 1);
    assert_int_equal(totals_of(f).pending, 1);
}

static void the_feed_state_commits_with_its_items(void **state)
{
    struct fixture *f = *state;
    struct store_key k = key_of("y", "2");
    struct store_feed feed = feed_a;

    (void)put_one(f, "x", "1");
    feed.state = STR("{\"feed\":\"a\",\"etag\":\"new\"}");
    begin(f);
    (void)put_keys(f, &feed, &k, 1);
    store_rollback(f->store);
    begin(f);
    assert_string_equal(put_keys(f, &feed, &k, 1).was, "ok");
    commit(f);
}

/* ---- work ---- */

static void an_item_is_done_once(void **state)
{
    struct fixture *f = *state;
    struct err e;

    (void)put_one(f, "x", "1");
    finish(f, 1);
    begin(f);
    assert_int_equal(store_add_record(f->store, 1, STR(""), STR("{}"), &e), 0);
    assert_int_equal(store_add_record(f->store, 9, STR(""), STR("{}"), &e), 0);
    commit(f);
    assert_int_equal(totals_of(f).records, 1);
    assert_int_equal(totals_of(f).pending, 0);
}

static void a_record_is_the_item_and_what_was_found(void **state)
{
    struct strbuf out = {.max = 1000};
    struct store_made m = {.revision = 2};

    (void)state;
    assert_int_equal(
        store_write_record(&m, STR("{\"a\":1}"), STR("{\"status\":\"ok\"}"), &out), 0);
    assert_string_equal(strbuf_cstr(&out),
                        "{\"schema\":\"record/1\",\"revision\":2,\"a\":1,\"nlp\":"
                        "{\"status\":\"ok\"},\"dedup\":{\"status\":\"updated\"}}");
    strbuf_fini(&out);
}

static void attempts_are_kept_and_the_last_is_a_dead_letter(void **state)
{
    struct fixture *f = *state;
    uint32_t attempts = 0;
    struct err e;

    (void)put_one(f, "x", "1");
    for (uint32_t i = 1; i <= 3; i++) {
        begin(f);
        assert_int_equal(
            store_add_attempt(f->store, 1, 3, STR("it broke"), &attempts, &e),
            i < 3 ? 1 : 2);
        commit(f);
        assert_int_equal(attempts, i);
        reopen(f);
    }
    begin(f);
    assert_int_equal(store_add_attempt(f->store, 1, 3, STR(""), &attempts, &e), 0);
    assert_int_equal(store_add_record(f->store, 1, STR(""), STR("{}"), &e), 0);
    commit(f);
    assert_int_equal(totals_of(f).dead, 1);
    assert_int_equal(totals_of(f).pending, 0);
}

/* ---- reading and keeping ---- */

struct seen_rows {
    uint64_t seqs[64];
    size_t n;
    char last[512];
};

static int note_row(void *ctx, const struct store_row *row)
{
    struct seen_rows *r = ctx;

    r->seqs[r->n++] = row->seq;
    (void)snprintf(r->last, sizeof r->last, STR_FMT " " STR_FMT, STR_ARG(row->topic),
                   STR_ARG(row->json));
    return r->n == 5;
}

static void rows_come_in_order_until_enough(void **state)
{
    struct fixture *f = *state;
    struct seen_rows r = {0};
    struct err e;

    for (int i = 0; i < 8; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "n%d", i);
        (void)put_one(f, name, name);
    }
    assert_int_equal(store_read(f->store, STREAM_ITEM, 2, 8, note_row, &r, &e), 0);
    assert_int_equal(r.n, 5);
    assert_int_equal(r.seqs[0], 2);
    assert_string_equal(
        r.last, "item/g/a/en/ {\"schema\":\"item/1\",\"revision\":1,\"title\":\"T\"}");
}

/* Until nothing went twice: the walk through the keys begins anew after its end. */
static size_t trim_all(struct fixture *f, const struct store_keep *keep)
{
    size_t total = 0, n;
    struct err e;

    for (int quiet = 0; quiet < 2; quiet = n == 0 ? quiet + 1 : 0) {
        begin(f);
        assert_int_equal(store_trim(f->store, keep, &n, &e), 0);
        commit(f);
        total += n;
    }
    return total;
}

static void nothing_goes_before_all_have_it_or_while_it_waits(void **state)
{
    struct fixture *f = *state;
    struct store_keep keep = {.before_ms = NOW + 1, .acked = {9, 1, 9}};

    (void)put_one(f, "a", "1");
    (void)put_one(f, "b", "2");
    (void)put_one(f, "c", "3");
    finish(f, 1);
    finish(f, 2);
    assert_int_equal(trim_all(f, &keep), 2);
    assert_int_equal(store_first(f->store, STREAM_RECORD), 2);
    assert_int_equal(store_first(f->store, STREAM_ITEM), 2);
    keep.acked[STREAM_RECORD] = 2;
    (void)trim_all(f, &keep);
    assert_int_equal(store_first(f->store, STREAM_ITEM), 3);
    finish(f, 3);
    keep.before_ms = NOW;
    keep.acked[STREAM_RECORD] = 3;
    assert_int_equal(trim_all(f, &keep), 0);
}

static void seqs_are_never_given_twice(void **state)
{
    struct fixture *f = *state;
    struct store_keep keep = {.before_ms = NOW + 1, .acked = {9, 9, 9}};
    size_t n;

    (void)put_one(f, "a", "1");
    finish(f, 1);
    (void)trim_all(f, &keep);
    reopen(f);
    (void)put_one(f, "b", "2");
    assert_int_equal(store_made(f->store, &n)[0].seq, 2);
    assert_int_equal(put_one(f, "a", "1").n_dup, 1);
    (void)totals_of(f);
}

static void keys_go_only_when_their_feed_lists_others(void **state)
{
    struct fixture *f = *state;
    struct store_keep keep = {.keep_seen_ms = 10 * DAY_MS};

    (void)put_one(f, "old", "1");
    f->now_ms += 40 * DAY_MS;
    assert_int_equal(trim_all(f, &keep), 0);
    (void)put_one(f, "new", "2");
    assert_int_equal(trim_all(f, &keep), 1);
    assert_int_equal(put_one(f, "new", "2").n_dup, 1);
    assert_int_equal(put_one(f, "old", "1").n_new, 1);
}

static void note_consumer(void *ctx, const char *name, enum stream stream, uint64_t acked,
                          int64_t last_ms)
{
    (void)last_ms;
    (void)snprintf(ctx, 64, "%s %s %d", name, stream_name(stream), (int)acked);
}

static void cursors_are_kept(void **state)
{
    struct fixture *f = *state;
    char got[64] = "";
    struct err e;

    begin(f);
    assert_int_equal(store_set_consumer(f->store, "sink", STREAM_RECORD, 3, &e), 0);
    assert_int_equal(store_set_consumer(f->store, "sink", STREAM_RECORD, 7, &e), 0);
    commit(f);
    reopen(f);
    assert_int_equal(store_each_consumer(f->store, note_consumer, got, &e), 0);
    assert_string_equal(got, "sink record 7");
}

static void a_second_opener_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    struct err e;

    assert_int_equal(store_open(f->dir, &other, &e), -EBUSY);
    assert_non_null(strstr(e.text, "another newsmq-hub"));
}

static void a_new_store_has_an_epoch_of_its_own(void **state)
{
    struct fixture *f = *state;
    char before[64];

    (void)snprintf(before, sizeof before, "%s", store_epoch(f->store));
    assert_int_equal(strlen(before), 32);
    reopen(f);
    assert_string_equal(store_epoch(f->store), before);
    store_close(f->store);
    f->store = NULL;
    assert_int_equal(nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(store_open(f->dir, &f->store, NULL), 0);
    assert_string_not_equal(store_epoch(f->store), before);
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void a_feed_that_brings_nothing_new_for_long_is_stale(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = feed_a;
    struct store_key one = key_of("1", "x"), two = key_of("2", "y");
    struct store_fed fed;
    int64_t first_ms = f->now_ms;

    begin(f);
    fed = put_keys(f, &feed, &one, 1);
    assert_string_equal(fed.is, "ok");
    f->now_ms += 7200000;
    commit(f);
    begin(f);
    feed.stale_before_ms = first_ms; /* not older than that */
    fed = put_keys(f, &feed, &one, 1);
    assert_string_equal(fed.is, "ok");
    feed.stale_before_ms = first_ms + 1;
    fed = put_keys(f, &feed, &one, 1);
    assert_string_equal(fed.is, "stale");
    fed = put_keys(f, &feed, &one, 1);
    assert_string_equal(fed.was, "stale");
    assert_int_equal(fed.last_new_ms, first_ms);
    feed.status = STR("failing");
    fed = put_keys(f, &feed, &one, 1);
    assert_string_equal(fed.is, "failing");
    feed.status = STR("ok");
    fed = put_keys(f, &feed, &two, 1); /* it brings something */
    assert_string_equal(fed.is, "ok");
    assert_int_equal(fed.last_new_ms, f->now_ms);
    commit(f);
}

static void a_move_is_told_once(void **state)
{
    static const struct {
        const char *to, *state;
        bool has_moved;
    } rows[] = {
        {NULL, "{\"feed\":\"a\"}", false},
        {"http://b", "{\"feed\":\"a\",\"moved_to\":\"http://b\"}", true},
        {"http://b", "{\"feed\":\"a\",\"moved_to\":\"http://b\"}", false},
        {"http://c", "{\"feed\":\"a\",\"moved_to\":\"http://c\"}", true},
        {NULL, "{\"feed\":\"a\",\"moved_to\":null}", true},
        {NULL, "{\"feed\":\"a\"}", false},
    };
    struct fixture *f = *state;

    begin(f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct store_feed feed = feed_a;
        struct store_fed fed;

        feed.moved_to = str_of(rows[i].to);
        feed.state = str_of(rows[i].state);
        fed = put_keys(f, &feed, NULL, 0);
        assert_int_equal(fed.has_moved, rows[i].has_moved);
    }
    commit(f);
}

static void note_state(void *ctx, const struct store_feed_row *row)
{
    (void)snprintf(ctx, 256, STR_FMT, STR_ARG(row->state));
}

static void what_is_asked_of_a_feed_stays_until_it_is_done(void **state)
{
    struct fixture *f = *state;
    struct store_feed feed = feed_a;
    char text[256] = "";
    struct err e;

    begin(f);
    assert_int_equal(store_ask_feed(f->store, "a", "enable", &e), 0); /* not known yet */
    (void)put_keys(f, &feed, NULL, 0);
    assert_int_equal(store_ask_feed(f->store, "a", "enable", &e), 1);
    assert_int_equal(store_each_feed(f->store, note_state, text, &e), 0);
    assert_string_equal(text, "{\"feed\":\"a\",\"ask\":\"enable\"}");
    (void)put_keys(f, &feed, NULL, 0); /* of a poll that knew nothing of it */
    assert_int_equal(store_each_feed(f->store, note_state, text, &e), 0);
    assert_string_equal(text, "{\"feed\":\"a\",\"ask\":\"enable\"}");
    feed.has_asked = true;
    (void)put_keys(f, &feed, NULL, 0);
    assert_int_equal(store_each_feed(f->store, note_state, text, &e), 0);
    assert_string_equal(text, "{\"feed\":\"a\"}");
    commit(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_survive_reading_and_writing),
        cmocka_unit_test(ids_of_other_forms_are_refused),
        WITH_STORE(one_key_gives_one_item),
        WITH_STORE(a_key_twice_in_a_batch_is_one_item),
        WITH_STORE(other_content_is_the_next_revision),
        WITH_STORE(an_unknown_id_with_a_known_alias_is_that_entry),
        WITH_STORE(an_id_that_came_twice_by_its_alias_is_known_without_it),
        WITH_STORE(an_alias_that_several_entries_have_tells_nothing_for_ever),
        WITH_STORE(an_alias_loses_no_update_where_updates_are_not_wanted),
        WITH_STORE(what_counts_by_itself_is_no_update),
        WITH_STORE(short_copies_need_the_same_link),
        WITH_STORE(copies_are_ignored_or_dropped_where_the_feed_says_so),
        WITH_STORE(updates_that_are_not_wanted_are_duplicates),
        WITH_STORE(a_remembered_key_is_no_item_until_it_changes),
        WITH_STORE(a_copy_names_the_earliest_of_another_feed),
        WITH_STORE(prev_is_of_the_same_topic),
        WITH_STORE(a_rollback_leaves_nothing),
        WITH_STORE(what_was_not_committed_is_not_there_after_a_crash),
        WITH_STORE(the_feed_state_commits_with_its_items),
        WITH_STORE(an_item_is_done_once),
        cmocka_unit_test(a_record_is_the_item_and_what_was_found),
        WITH_STORE(a_feed_that_brings_nothing_new_for_long_is_stale),
        WITH_STORE(a_move_is_told_once),
        WITH_STORE(what_is_asked_of_a_feed_stays_until_it_is_done),
        WITH_STORE(attempts_are_kept_and_the_last_is_a_dead_letter),
        WITH_STORE(rows_come_in_order_until_enough),
        WITH_STORE(nothing_goes_before_all_have_it_or_while_it_waits),
        WITH_STORE(seqs_are_never_given_twice),
        WITH_STORE(keys_go_only_when_their_feed_lists_others),
        WITH_STORE(cursors_are_kept),
        WITH_STORE(a_second_opener_is_refused),
        WITH_STORE(a_new_store_has_an_epoch_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
