#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/mem.h"

/* A folder of its own for each test. */
static int make_folder(void **state)
{
    char *dir = mem_strdup("/tmp/newsmq-test-config-XXXXXX");

    *state = mkdtemp(dir);
    return *state == NULL;
}

static int remove_folder(void **state)
{
    char *command = mem_printf("rm -rf '%s'", (const char *)*state);
    int rc = system(command);

    free(command);
    free(*state);
    return rc;
}

static char *write_file(void **state, const char *name, const char *text)
{
    char *path = mem_printf("%s/%s", (const char *)*state, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    fclose(f);
    return path;
}

static struct config *load_path(const char *path)
{
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(path, NULL, &c, &faults);

    for (size_t i = 0; rc < 0 && i < faults.n; i++)
        print_error("%s:%u: %s\n", faults.list[i].place.file, faults.list[i].place.line,
                    faults.list[i].text);
    config_faults_fini(&faults);
    assert_int_equal(rc, 0);
    assert_non_null(c);
    return c;
}

static struct config *load_text(void **state, const char *text)
{
    char *path = write_file(state, "newsmq.yaml", text);
    struct config *c = load_path(path);

    free(path);
    return c;
}

static void one_line_is_a_whole_feed(void **state)
{
    struct config *c =
        load_text(state, "feeds:\n  - un-news: https://news.example.org/rss.xml\n");
    const struct config_feed *f = &c->feeds[0];

    assert_int_equal(c->n_feeds, 1);
    assert_string_equal(f->id, "un-news");
    assert_string_equal(f->url, "https://news.example.org/rss.xml");
    assert_null(f->group);
    assert_int_equal(f->every_ms, 15 * MINUTE_MS);
    assert_int_equal(f->min_every_ms, 5 * MINUTE_MS);
    assert_int_equal(f->max_every_ms, 6 * HOUR_MS);
    assert_true(f->adaptive);
    assert_int_equal(f->timeout_ms, 20000);
    assert_int_equal(f->connect_timeout_ms, 10000);
    assert_int_equal(f->max_bytes, 8000000);
    assert_int_equal(f->max_items, 500);
    assert_int_equal(f->first_poll, FIRST_LAST);
    assert_int_equal(f->first_last, 20);
    assert_true(f->emit_updates);
    assert_int_equal(f->stale_after_ms, 7 * DAY_MS);
    assert_int_equal(f->place.line, 2);
    config_free(c);
}

static void everything_has_a_default(void **state)
{
    struct config *c = load_text(state, "feeds:\n- a: https://example.org/\n"
                                        "bus: { dir: /tmp/x }\n"
                                        "state: { path: /tmp/y/state }\n");

    assert_string_equal(c->bus.kind, "zmq");
    assert_string_equal(c->bus.ingest, "ipc:///tmp/x/ingest.sock");
    assert_string_equal(c->bus.work, "ipc:///tmp/x/work.sock");
    assert_string_equal(c->bus.tap, "ipc:///tmp/x/tap.sock");
    assert_string_equal(c->bus.control, "ipc:///tmp/x/control.sock");
    assert_string_equal(c->bus.replay, "ipc:///tmp/x/replay.sock");
    assert_int_equal(c->bus.n_publish, 1);
    assert_string_equal(c->bus.publish[0], "ipc:///tmp/x/pub.sock");
    assert_int_equal(c->bus.high_water_mark, 10000);
    assert_int_equal(c->bus.heartbeat_ms, 5000);
    assert_int_equal(c->bus.lease_ms, 30000);
    assert_int_equal(c->bus.ping_ms, 1000);
    assert_int_equal(c->bus.credit, 64);
    assert_int_equal(c->bus.max_attempts, 5);
    assert_int_equal(c->bus.max_pending, 100000);
    assert_int_equal(c->bus.max_unacked, 100000);
    assert_int_equal(c->bus.max_frame_bytes, 16000000);
    assert_int_equal(c->state.keep_ms, 7 * DAY_MS);
    assert_int_equal(c->state.keep_seen_ms, 180 * DAY_MS);
    assert_int_equal(c->n_sinks, 1);
    assert_string_equal(c->sinks[0].type, "jsonl");
    assert_string_equal(c->sinks[0].name, "jsonl");
    assert_string_equal(c->sinks[0].path, "/tmp/y/records/%Y-%m-%d.jsonl");
    assert_int_equal(c->n_extractors, 2);
    assert_string_equal(c->extractors[0].name, "language");
    assert_string_equal(c->extractors[1].name, "entities");
    assert_in_range(c->worker_processes, 1, 4);
    assert_int_equal(c->politeness.host_concurrency, 1);
    assert_int_equal(c->politeness.host_gap_ms, 1000);
    assert_true(c->politeness.honour_retry_after);
    assert_int_equal(c->log.level, LOG_LEVEL_INFO);
    config_free(c);
}

static void a_feed_goes_before_its_group_and_that_before_the_defaults(void **state)
{
    struct config *c =
        load_text(state, "feeds:\n"
                         "  - { id: a, url: https://a.example/ }\n"
                         "  - { id: b, url: https://b.example/, group: un }\n"
                         "  - { id: c, url: https://c.example/, group: un, every: 1h,"
                         " labels: { tier: '2' }, headers: { accept-language: fr } }\n"
                         "groups:\n"
                         "  un: { every: 7m, labels: { region: eu, tier: '1' } }\n"
                         "defaults: { every: 9m, headers: { Accept-Language: en } }\n");

    assert_int_equal(c->feeds[0].every_ms, 9 * MINUTE_MS);
    assert_int_equal(c->feeds[1].every_ms, 7 * MINUTE_MS);
    assert_int_equal(c->feeds[2].every_ms, HOUR_MS);
    assert_string_equal(c->feeds[1].labels[1].value, "1");
    assert_int_equal(c->feeds[2].n_labels, 2);
    assert_string_equal(c->feeds[2].labels[0].value, "eu");
    assert_string_equal(c->feeds[2].labels[1].value, "2");
    assert_int_equal(c->feeds[2].n_headers, 1);
    assert_string_equal(c->feeds[2].headers[0].value, "fr");
    assert_string_equal(c->feeds[1].headers[0].value, "en");
    assert_string_equal(c->feeds[2].group, "un");
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_line_is_a_whole_feed, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(everything_has_a_default, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(
            a_feed_goes_before_its_group_and_that_before_the_defaults, make_folder,
            remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
