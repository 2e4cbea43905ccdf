#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/os.h"

#include "config_files.h"

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
    char *path = folder_write(state, "newsmq.yaml", text);
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
    assert_int_equal(f->full_text, FULL_TEXT_NEVER);
    assert_int_equal(f->backfill_pages, 0);
    assert_true(c->politeness.honour_robots);
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
    assert_string_equal(c->bus.ingest.list[0], "ipc:///tmp/x/ingest.sock");
    assert_string_equal(c->bus.work.list[0], "ipc:///tmp/x/work.sock");
    assert_string_equal(c->bus.tap.list[0], "ipc:///tmp/x/tap.sock");
    assert_string_equal(c->bus.control.list[0], "ipc:///tmp/x/control.sock");
    assert_string_equal(c->bus.replay.list[0], "ipc:///tmp/x/replay.sock");
    assert_int_equal(c->bus.publish.n, 1);
    assert_string_equal(c->bus.publish.list[0], "ipc:///tmp/x/pub.sock");
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
    assert_int_equal(c->n_extractors, 6);
    assert_string_equal(c->extractors[0].name, "language");
    assert_string_equal(c->extractors[1].name, "entities");
    assert_string_equal(c->extractors[2].name, "acronyms");
    assert_string_equal(c->extractors[3].name, "aliases");
    assert_string_equal(c->extractors[4].name, "places");
    assert_string_equal(c->extractors[5].name, "quotes");
    assert_in_range(c->worker_processes, 1, 4);
    assert_int_equal(c->politeness.host_concurrency, 1);
    assert_int_equal(c->politeness.host_gap_ms, 1000);
    assert_true(c->politeness.honour_retry_after);
    assert_string_equal(c->http.listen, "127.0.0.1:8787");
    assert_true(config_has_http(c));
    assert_int_equal(c->http.history, 20000);
    assert_int_equal(c->http.max_connections, 256);
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

static struct config *load_again(void **state, const struct config *c)
{
    struct strbuf text = {.max = 1 << 24};
    struct config *again;

    assert_int_equal(config_print(c, &text), 0);
    again = load_text(state, strbuf_cstr(&text));
    strbuf_fini(&text);
    return again;
}

static char *diff_of(const struct config *before, const struct config *after)
{
    struct strbuf text = {.max = 1 << 20};

    assert_int_equal(config_diff(before, after, &text), 0);
    return strbuf_take(&text);
}

static const char large[] =
    "version: 1\n"
    "defaults: { every: 1h30m, first_poll: since 24h, headers: { Accept: 'a, b' } }\n"
    "groups:\n"
    "  wire: { identity: link, on_update: ignore, labels: { tier: '1' } }\n"
    "feeds:\n"
    "  - a: https://a.example/?x=1&y=$${z}\n"
    "  - { id: b, url: 'file:///srv/b.xml', group: wire, language: pt-BR,\n"
    "      max_bytes: 512KiB, first_poll: last 7, adaptive: false, text: { alt: true },\n"
    "      allow_private: true }\n"
    "  - { id: c, url: 'https://c.example/', auth: { user: u, password: \"it's\" } }\n"
    "politeness: { user_agent: 'me (+mailto:x)', per_host: { concurrency: 2, gap: 0 },\n"
    "  allow_addresses: [127.0.0.0/8, 'fd00::/8'] }\n"
    "websub: { listen: '[::1]:0', callback: 'https://n.example/w', lease: 1d }\n"
    "dedup: { exact: false, action: drop }\n"
    "bus: { dir: /tmp/x, publish: ['tcp://127.0.0.1:5560', 'ipc:///tmp/x/p'],\n"
    "       max_pending: 7, max_frame: 1MiB }\n"
    "workers:\n"
    "  - language\n"
    "  - { name: entities, processes: 3, types: [PER, ORG], min_score: 0.6 }\n"
    "sinks:\n"
    "  - stdout\n"
    "  - { type: jsonl, path: /tmp/y/%Y.jsonl, rotate: 1GB, keep: 90d, fsync: 1s,\n"
    "      compress_closed: zstd, include_html: true }\n"
    "  - { type: jsonl, path: z.jsonl }\n"
    "state: { path: /tmp/y/state, keep: 2w }\n"
    "log: { format: json, level: debug }\n";

static void all_kinds_of_values_arrive(void **state)
{
    struct config *c = load_text(state, large);
    char *beside = mem_printf("%s/z.jsonl", (const char *)*state);

    assert_int_equal(c->feeds[0].every_ms, 90 * MINUTE_MS);
    assert_int_equal(c->feeds[0].first_poll, FIRST_SINCE);
    assert_int_equal(c->feeds[0].first_since_ms, DAY_MS);
    assert_string_equal(c->feeds[0].url, "https://a.example/?x=1&y=${z}");
    assert_int_equal(c->feeds[1].identity, 2); /* IDENTITY_LINK */
    assert_false(c->feeds[1].emit_updates);
    assert_false(c->feeds[1].adaptive);
    assert_int_equal(c->feeds[1].max_bytes, 512 * 1024);
    assert_int_equal(c->feeds[1].first_last, 7);
    assert_true(c->feeds[1].text_alt);
    assert_false(c->feeds[1].text_links);
    assert_false(c->dedup.exact);
    assert_true(c->dedup.drop);
    assert_string_equal(c->feeds[1].language, "pt-BR");
    assert_string_equal(c->feeds[2].password, "it's");
    assert_int_equal(c->politeness.host_concurrency, 2);
    assert_int_equal(c->politeness.host_gap_ms, 0);
    assert_string_equal(c->websub.listen, "[::1]:0");
    assert_string_equal(c->websub.callback, "https://n.example/w");
    assert_int_equal(c->websub.lease_ms, DAY_MS);
    assert_int_equal(c->politeness.n_allow_addresses, 2);
    assert_string_equal(c->politeness.allow_addresses[1], "fd00::/8");
    assert_true(c->feeds[1].allow_private);
    assert_false(c->feeds[2].allow_private);
    assert_int_equal(c->bus.publish.n, 2);
    assert_string_equal(c->bus.publish.list[1], "ipc:///tmp/x/p");
    assert_int_equal(c->bus.max_pending, 7);
    assert_int_equal(c->worker_processes, 3);
    assert_string_equal(c->extractors[1].types[1], "ORG");
    assert_string_equal(c->extractors[1].options[0].key, "min_score");
    assert_string_equal(c->extractors[1].options[0].value, "0.6");
    assert_string_equal(c->sinks[0].name, "stdout");
    assert_string_equal(c->sinks[2].name, "jsonl-2");
    assert_string_equal(c->sinks[2].path, beside);
    assert_true(c->sinks[1].compress_closed);
    assert_true(c->sinks[1].include_html);
    assert_int_equal(c->sinks[1].rotate_bytes, 1000000000);
    assert_int_equal(c->sinks[1].keep_ms, 90 * DAY_MS);
    assert_int_equal(c->state.keep_ms, 14 * DAY_MS);
    assert_int_equal(c->log.format, LOG_JSON);
    assert_int_equal(c->log.level, LOG_LEVEL_DEBUG);
    free(beside);
    config_free(c);
}

static void what_is_printed_reads_back_the_same(void **state)
{
    struct config *c = load_text(state, large), *again = load_again(state, c);
    char *diff = diff_of(c, again);

    assert_string_equal(diff, "~ feed c: auth changed (not shown)\n");
    free(diff);
    config_free(c);
    config_free(again);
}

static void secrets_are_not_printed(void **state)
{
    struct config *c = load_text(
        state,
        "feeds:\n"
        "  - { id: a, url: 'https://a.example/', auth: { user: u, password: hunter2 },\n"
        "      headers: { X-Api-Key: hunter3, Accept-Language: en } }\n"
        "  - { id: b, url: 'https://b.example/', auth: { bearer: hunter4 },\n"
        "      tls: { key_password: hunter5 }, proxy: 'http://me:hunter6@p.example:3128' "
        "}\n");
    struct strbuf text = {.max = 1 << 20};

    assert_int_equal(config_print(c, &text), 0);
    assert_null(strstr(strbuf_cstr(&text), "hunter"));
    assert_non_null(strstr(strbuf_cstr(&text), "{ user: u, password: '***' }"));
    assert_non_null(strstr(strbuf_cstr(&text), "Accept-Language: en"));
    assert_non_null(strstr(strbuf_cstr(&text), "bearer: '***'"));
    assert_non_null(strstr(strbuf_cstr(&text), "key_password: '***'"));
    assert_non_null(strstr(strbuf_cstr(&text), "http://***@p.example:3128"));
    strbuf_fini(&text);
    config_free(c);
}

static void included_files_add_lists_and_replace_keys(void **state)
{
    struct config *c;

    folder_mkdir(state, "conf.d");
    folder_put(state, "conf.d/20-b.yaml",
               "feeds: [{ c: 'https://c.example/' }]\n"
               "log: { level: error }\n"
               "groups: { late: { every: 3h } }\n");
    folder_put(state, "conf.d/10-a.yaml",
               "feeds: [{ b: 'https://b.example/' }]\n"
               "log: { level: debug, format: json }\n"
               "defaults: { every: 2h }\n");
    folder_put(state, "conf.d/30-empty.yaml", "# nothing yet\n");
    c = load_text(state, "include: [conf.d/*.yaml, none.d/*.yaml]\n"
                         "feeds: [{ id: a, url: 'https://a.example/', group: late }]\n");

    assert_int_equal(c->n_feeds, 3);
    assert_string_equal(c->feeds[1].id, "b");
    assert_string_equal(c->feeds[2].id, "c");
    assert_int_equal(c->feeds[0].every_ms, 3 * HOUR_MS);
    assert_int_equal(c->feeds[1].every_ms, 2 * HOUR_MS);
    assert_int_equal(c->log.level, LOG_LEVEL_ERROR);
    assert_int_equal(c->log.format, LOG_JSON);
    assert_non_null(strstr(c->feeds[2].place.file, "conf.d/20-b.yaml"));
    config_free(c);
}

/* Loads what must fail and answers all faults, a line each. */
static char *faults_of(void **state, const char *text)
{
    char *path = folder_write(state, "newsmq.yaml", text);
    struct strbuf out = {.max = 1 << 20};
    struct config_faults faults = {0};
    struct config *c = NULL;

    assert_int_equal(config_load(path, NULL, &c, &faults), ERR_CONFIG);
    assert_null(c);
    for (size_t i = 0; i < faults.n; i++) {
        assert_int_equal(config_fault_write(&faults.list[i], &out), 0);
        assert_int_equal(strbuf_add_char(&out, '\n'), 0);
    }
    config_faults_fini(&faults);
    free(path);
    return strbuf_take(&out);
}

static void faults_of_all_files_come_in_one_run_and_in_order(void **state)
{
    char *said, *a, *b, *last;

    folder_put(state, "b.yaml", "feeds: [{ a: 'https://c.example/' }]\n\tx: {}\n");
    folder_put(state, "c.yaml", "include: [d.yaml]\nlog: { level: x }\n");
    said = faults_of(state, "bus: { kid: 1 }\n"
                            "include: [b.yaml, c.yaml]\n"
                            "feeds: [{ a: 'https://a.example/' }]\n"
                            "state: { keep: 7 }\n");
    a = strstr(said, "newsmq.yaml:1:8: unknown key 'kid' in bus");
    b = strstr(said, "newsmq.yaml:4:16: 'keep': unit missing");
    last = strstr(said, "c.yaml:2:15: 'level': 'x' is none of its values");

    assert_true(a != NULL && b > a && last > b);
    assert_non_null(
        strstr(said, "b.yaml:1:11: the feed 'a' is defined twice (first at "));
    assert_non_null(strstr(said, "newsmq.yaml:3:11; choose another id)"));
    assert_non_null(strstr(said, "b.yaml:2:1: a tab where YAML wants spaces"));
    assert_non_null(strstr(said, "c.yaml:1:10: 'include' inside an included file"));
    free(said);
}

static void variables_come_from_the_environment(void **state)
{
    struct config *c;

    assert_int_equal(setenv("NEWSMQ_TEST_HOST", "h.example", 1), 0);
    assert_int_equal(setenv("NEWSMQ_TEST_EMPTY", "", 1), 0);
    assert_int_equal(unsetenv("NEWSMQ_TEST_NONE"), 0);
    c = load_text(state, "feeds: [{ a: 'https://${NEWSMQ_TEST_HOST}/$${x}' }]\n"
                         "log: { level: '${NEWSMQ_TEST_NONE:-warn}' }\n"
                         "politeness: { user_agent: 'a${NEWSMQ_TEST_EMPTY:-b}c' }\n");

    assert_string_equal(c->feeds[0].url, "https://h.example/${x}");
    assert_int_equal(c->log.level, LOG_LEVEL_WARN);
    assert_string_equal(c->politeness.user_agent, "abc");
    config_free(c);
}

static void a_variable_cannot_bring_a_second_header(void **state)
{
    char *said;

    assert_int_equal(setenv("NEWSMQ_TEST_EVIL", "x\r\nEvil: y", 1), 0);
    said = faults_of(state, "feeds: [{ a: 'https://a.example/' }]\n"
                            "defaults: { headers: { X: '${NEWSMQ_TEST_EVIL}' } }\n");

    assert_non_null(strstr(said, "newsmq.yaml:2:27: a control character (U+000D)"));
    free(said);
}

static void a_password_file_gives_its_first_line(void **state)
{
    char *path = folder_write(state, "pw", "s3cret\r\nmore\n");
    struct config *c;

    assert_int_equal(chmod(path, 0600), 0);
    c = load_text(state, "groups: { g: { auth: { user: u, password_file: pw } } }\n"
                         "feeds: [{ id: a, url: 'https://a.example/', group: g }]\n");
    assert_string_equal(c->feeds[0].user, "u");
    assert_string_equal(c->feeds[0].password, "s3cret");
    config_free(c);
    free(path);
}

static void a_url_at_a_refused_address_is_a_warning(void **state)
{
    static const struct {
        const char *yaml;
        size_t n;
    } rows[] = {
        {"feeds: [{ a: 'http://127.0.0.1:8000/f' }]\n", 1},
        {"feeds: [{ a: 'http://[::1]/f' }, { b: 'http://169.254.169.254/f' }]\n", 2},
        {"feeds: [{ a: 'http://8.8.8.8/f' }, { b: 'http://localhost/f' }]\n", 0},
        {"feeds: [{ a: 'http://127.0.0.1/f' }]\ndefaults: { allow_private: true }\n", 0},
        {"feeds: [{ a: 'http://127.0.0.1/f' }]\n"
         "politeness: { allow_addresses: 127.0.0.0/8 }\n",
         0},
        {"feeds: [{ a: 'http://10.0.0.1/f' }]\n"
         "politeness: { allow_addresses: 127.0.0.0/8 }\n",
         1},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config_faults faults = {0};
        struct config *c = NULL;
        char *path = folder_write(state, "newsmq.yaml", rows[i].yaml);

        assert_int_equal(config_load(path, NULL, &c, &faults), 0);
        assert_int_equal(faults.n_warnings, rows[i].n);
        for (size_t j = 0; j < rows[i].n; j++) {
            assert_non_null(strstr(faults.list[j].text, "will not be fetched"));
            assert_non_null(strstr(faults.list[j].hint, "allow_private: true"));
        }
        config_faults_fini(&faults);
        config_free(c);
        free(path);
    }
}

static void fault_of(void **state, const char *yaml, const char *text)
{
    struct config_faults faults = {0};
    struct config *c = NULL;
    char *path = folder_write(state, "newsmq.yaml", yaml);

    assert_int_equal(config_load(path, NULL, &c, &faults), ERR_CONFIG);
    assert_int_equal(faults.n, 1);
    if (strstr(faults.list[0].text, text) == NULL)
        fail_msg("'%s' in place of '%s'", faults.list[0].text, text);
    config_faults_fini(&faults);
    free(path);
}

static void a_secret_and_its_file_do_not_stand_side_by_side(void **state)
{
    char *secret = folder_write(state, "secret", "http://u:p@proxy.example:3128\n");
    struct config *c;

    assert_int_equal(chmod(secret, 0600), 0);
    fault_of(state,
             "feeds: [{ id: a, url: 'https://a.example/',\n"
             "  proxy: none, proxy_file: secret }]\n",
             "both 'proxy' and 'proxy_file'");
    fault_of(state,
             "feeds: [{ id: a, url: 'https://a.example/',\n"
             "  auth: { bearer: x, bearer_file: secret } }]\n",
             "both 'bearer' and 'bearer_file'");
    c = load_text(state, "defaults: { proxy_file: secret }\n"
                         "feeds:\n"
                         "  - { id: a, url: 'https://a.example/', proxy: none }\n"
                         "  - { id: b, url: 'https://b.example/' }\n");
    assert_string_equal(c->feeds[0].proxy, "none"); /* the nearest counts */
    assert_string_equal(c->feeds[1].proxy, "http://u:p@proxy.example:3128");
    config_free(c);
    free(secret);
}

static void certificates_must_be_there_and_keys_be_private(void **state)
{
    char *cert = folder_write(state, "me.pem", "-\n");
    char *key = folder_write(state, "me.key", "-\n");
    char *path = folder_write(state, "newsmq.yaml",
                              "feeds: [{ id: a, url: 'https://a.example/',\n"
                              "  tls: { cert_file: me.pem, key_file: me.key } }]\n");
    struct config_faults faults = {0};
    struct config *c = NULL;

    assert_int_equal(chmod(key, 0644), 0);
    assert_int_equal(config_load(path, NULL, &c, &faults), 0);
    assert_int_equal(faults.n, 1);
    assert_non_null(strstr(faults.list[0].text, "everybody can read"));
    assert_string_equal(c->feeds[0].cert_file, cert);
    assert_string_equal(c->feeds[0].key_file, key);
    config_free(c);
    config_faults_fini(&faults);
    assert_int_equal(chmod(key, 0600), 0);
    fault_of(state,
             "feeds: [{ id: a, url: 'https://a.example/', tls: { key_file: me.key } }]\n",
             "a key but no certificate");
    fault_of(state,
             "feeds: [{ id: a, url: 'https://a.example/', tls: { cert_file: . } }]\n",
             "is not a regular file");
    free(path);
    free(cert);
    free(key);
}

static void a_password_file_for_all_eyes_is_a_warning(void **state)
{
    char *secret = folder_write(state, "pw", "s3cret\n");
    char *path = folder_write(state, "newsmq.yaml",
                              "feeds: [{ id: a, url: 'https://a.example/',\n"
                              "  auth: { user: u, password_file: pw } }]\n");
    struct config_faults faults = {0};
    struct config *c = NULL;

    assert_int_equal(chmod(secret, 0644), 0);
    assert_int_equal(config_load(path, NULL, &c, &faults), 0);
    assert_int_equal(faults.n, 1);
    assert_int_equal(faults.n_warnings, 1);
    assert_true(faults.list[0].is_warning);
    config_free(c);
    config_faults_fini(&faults);
    free(secret);
    free(path);
}

static void aliases_are_followed(void **state)
{
    struct config *c =
        load_text(state, "groups: { a: &x { every: 7m }, b: *x }\n"
                         "feeds: [{ id: f, url: 'https://a.example/', group: b }]\n");

    assert_int_equal(c->feeds[0].every_ms, 7 * MINUTE_MS);
    config_free(c);
}

static void a_bomb_of_aliases_is_refused(void **state)
{
    struct strbuf text = {.max = 1 << 16};
    char *said;

    assert_int_equal(strbuf_add_text(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"), 0);
    for (int i = 1; i < 30; i++) {
        assert_int_equal(strbuf_addf(&text, "a%d: &a%d [", i, i), 0);
        for (int j = 0; j < 10; j++)
            assert_int_equal(strbuf_addf(&text, "*a%d,", i - 1), 0);
        assert_int_equal(strbuf_add_text(&text, "]\n"), 0);
    }
    said = faults_of(state, strbuf_cstr(&text));
    assert_non_null(strstr(said, "too many values once the aliases are followed"));
    free(said);
    strbuf_fini(&text);
}

static void what_cannot_be_read_is_a_fault(void **state)
{
    struct config_faults faults = {0};
    struct config *c = NULL;
    char *path = mem_printf("%s/none.yaml", (const char *)*state);

    assert_int_equal(config_load(path, NULL, &c, &faults), ERR_CONFIG);
    assert_int_equal(faults.n, 1);
    assert_non_null(strstr(faults.list[0].text, "No such file"));
    config_faults_fini(&faults);
    assert_int_equal(config_load(*state, NULL, &c, &faults), ERR_CONFIG);
    assert_non_null(strstr(faults.list[0].text, "is a folder"));
    config_faults_fini(&faults);
    free(path);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
    char *bytes = mem_new(16 * 1000 * 1000 + 1), *path;
    struct config_faults faults = {0};
    struct config *c = NULL;

    memset(bytes, '\n', 16 * 1000 * 1000 + 1);
    path = folder_write_bytes(state, "newsmq.yaml",
                              (struct str){bytes, 16 * 1000 * 1000 + 1});
    assert_int_equal(config_load(path, NULL, &c, &faults), ERR_CONFIG);
    assert_string_equal(faults.list[0].hint, "split it and use include:");
    config_faults_fini(&faults);
    free(path);
    free(bytes);
}

static void the_first_thousand_faults_are_told_and_the_rest_counted(void **state)
{
    struct strbuf text = {.max = 1 << 20};
    struct config_faults faults = {0};
    struct config *c = NULL;
    char *path;

    assert_int_equal(strbuf_add_text(&text, "feeds:\n"), 0);
    for (int i = 0; i < 1500; i++)
        assert_int_equal(strbuf_addf(&text, "- f%d: nothing\n", i), 0);
    path = folder_write(state, "newsmq.yaml", strbuf_cstr(&text));
    assert_int_equal(config_load(path, NULL, &c, &faults), ERR_CONFIG);
    assert_int_equal(faults.n, 1000);
    assert_int_equal(faults.left_out, 500);
    config_faults_fini(&faults);
    strbuf_fini(&text);
    free(path);
}

static void opml_files_become_feeds_of_groups(void **state)
{
    struct config *c;

    folder_put(state, "x.opml",
               "<opml><body><outline text='World'>"
               "<outline text='News' xmlUrl='https://n.example/'/></outline>\n"
               "<outline text='News' xmlUrl='https://m.example/'/></body></opml>");
    c = load_text(state, "groups: { imported-world: { every: 2h, labels: { a: b } } }\n"
                         "feeds:\n"
                         "  - { opml: '*.opml', group: imported, max_items: 9 }\n"
                         "  - news: https://mine.example/\n");

    assert_int_equal(c->n_feeds, 3);
    assert_string_equal(c->feeds[0].id, "news");
    assert_string_equal(c->feeds[1].id, "news-2");
    assert_string_equal(c->feeds[1].group, "imported-world");
    assert_int_equal(c->feeds[1].every_ms, 2 * HOUR_MS);
    assert_int_equal(c->feeds[1].max_items, 9);
    assert_string_equal(c->feeds[1].labels[0].value, "b");
    assert_string_equal(c->feeds[2].group, "imported");
    assert_int_equal(c->feeds[2].every_ms, 15 * MINUTE_MS);
    assert_int_equal(c->feeds[2].place.line, 2);
    config_free(c);
}

static void an_interval_that_was_said_moves_the_default_bounds(void **state)
{
    struct config *c = load_text(
        state, "feeds:\n"
               "  - { id: a, url: 'https://a.example/', every: 1s, timeout: 3s }\n"
               "  - { id: b, url: 'https://b.example/', every: 1d }\n");

    assert_int_equal(c->feeds[0].min_every_ms, 1000);
    assert_int_equal(c->feeds[0].connect_timeout_ms, 3000);
    assert_int_equal(c->feeds[1].max_every_ms, DAY_MS);
    config_free(c);
}

static void a_reload_tells_what_it_changes(void **state)
{
    struct config *before = load_text(state, "feeds:\n"
                                             "  - a: https://a.example/\n"
                                             "  - b: https://b.example/\n"
                                             "  - c: https://c.example/\n"
                                             "bus: { credit: 64 }\n");
    struct config *after = load_text(
        state, "defaults: { every: 20m }\n"
               "feeds:\n"
               "  - { id: c, url: 'https://c.example/', every: 5m, labels: { x: y } }\n"
               "  - b: https://new.example/\n"
               "  - d: https://d.example/\n"
               "bus: { credit: 128 }\n"
               "sinks: [stdout]\n"
               "workers: [entities, language, acronyms, aliases, places, quotes]\n");
    char *diff = diff_of(before, after), *none = diff_of(after, after);

    assert_string_equal(diff, "~ defaults.every 15m → 20m\n"
                              "- feed a https://a.example/\n"
                              "~ feed b: url https://b.example/ → https://new.example/\n"
                              "~ feed c: every 15m → 5m\n"
                              "~ feed c: labels (none) → { x: y }\n"
                              "+ feed d https://d.example/\n"
                              "~ bus.credit 64 → 128\n"
                              "~ the order of the extractors\n"
                              "- sink jsonl\n"
                              "+ sink stdout\n");
    assert_string_equal(none, "");
    free(diff);
    free(none);
    config_free(before);
    config_free(after);
}

/* ---- what is kept beside the code ---- */

#define TREE TEST_DATA "/../.."

static char *read_tree(const char *path)
{
    struct strbuf text = {.max = 1 << 20};

    assert_int_equal(os_read_file(path, text.max, &text, NULL), 0);
    return strbuf_take(&text);
}

static void the_reference_page_is_up_to_date(void **state)
{
    char *page = read_tree(TREE "/docs/configuration.md");
    struct strbuf text = {.max = 1 << 20};

    (void)state;
    assert_int_equal(config_reference(&text), 0);
    /* newsmq check --reference > docs/configuration.md */
    assert_string_equal(page, strbuf_cstr(&text));
    strbuf_fini(&text);
    free(page);
}

static void the_annotated_example_holds_the_defaults(void **state)
{
    struct config *example = load_path(TREE "/config/newsmq.yaml");
    struct config *minimal = load_path(TREE "/config/minimal.yaml");
    char *diff = diff_of(minimal, example);

    (void)state;
    /* The feeds differ, nothing else. */
    for (char *line = strtok(diff, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_non_null(strstr(line, " feed "));
    free(diff);
    config_free(example);
    config_free(minimal);
}

static void the_example_and_the_manual_name_every_key(void **state)
{
    char *page = read_tree(TREE "/docs/configuration.md");
    char *example = read_tree(TREE "/config/newsmq.yaml");
    char *manual = read_tree(TREE "/man/newsmq.yaml.5");
    size_t n = 0;

    (void)state;
    *strstr(page, "## Not in this version") = '\0';
    for (char *at = strstr(page, "\n| `"); at != NULL; at = strstr(at + 1, "\n| `")) {
        char *name = mem_dup((struct str){at + 4, strcspn(at + 4, "`")});
        char *key = mem_printf("%s:", name), *macro = mem_printf(".It Cm %s", name);

        if (strstr(example, key) == NULL || strstr(manual, macro) == NULL)
            fail_msg("'%s' is missing in config/newsmq.yaml or man/newsmq.yaml.5", name);
        n++;
        free(name);
        free(key);
        free(macro);
    }
    assert_true(n > 50);
    free(page);
    free(example);
    free(manual);
}

static void the_defaults_alone_differ_from_the_least_file_by_its_feed(void **state)
{
    struct config *c =
        load_text(state, "feeds:\n  - un-news: https://news.example.org/rss.xml\n");
    struct config *d = config_default();
    struct strbuf diff = {.max = 65536};

    assert_int_equal(config_diff(d, c, &diff), 0);

    assert_int_equal(strncmp(strbuf_cstr(&diff), "+ feed un-news", 14), 0);
    assert_ptr_equal(strchr(strbuf_cstr(&diff), '\n'), diff.p + diff.n - 1);
    assert_int_equal(d->n_feeds, 0);
    assert_string_equal(d->extractors[0].name, c->extractors[0].name);
    strbuf_fini(&diff);
    config_free(d);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FOLDER(one_line_is_a_whole_feed),
        ON_FOLDER(everything_has_a_default),
        ON_FOLDER(the_defaults_alone_differ_from_the_least_file_by_its_feed),
        ON_FOLDER(a_feed_goes_before_its_group_and_that_before_the_defaults),
        ON_FOLDER(all_kinds_of_values_arrive),
        ON_FOLDER(what_is_printed_reads_back_the_same),
        ON_FOLDER(secrets_are_not_printed),
        ON_FOLDER(included_files_add_lists_and_replace_keys),
        ON_FOLDER(faults_of_all_files_come_in_one_run_and_in_order),
        ON_FOLDER(variables_come_from_the_environment),
        ON_FOLDER(a_variable_cannot_bring_a_second_header),
        ON_FOLDER(a_password_file_gives_its_first_line),
        ON_FOLDER(a_url_at_a_refused_address_is_a_warning),
        ON_FOLDER(a_secret_and_its_file_do_not_stand_side_by_side),
        ON_FOLDER(certificates_must_be_there_and_keys_be_private),
        ON_FOLDER(a_password_file_for_all_eyes_is_a_warning),
        ON_FOLDER(aliases_are_followed),
        ON_FOLDER(a_bomb_of_aliases_is_refused),
        ON_FOLDER(what_cannot_be_read_is_a_fault),
        ON_FOLDER(a_file_that_is_too_large_is_refused),
        ON_FOLDER(the_first_thousand_faults_are_told_and_the_rest_counted),
        ON_FOLDER(opml_files_become_feeds_of_groups),
        ON_FOLDER(an_interval_that_was_said_moves_the_default_bounds),
        ON_FOLDER(a_reload_tells_what_it_changes),
        ON_FOLDER(the_reference_page_is_up_to_date),
        ON_FOLDER(the_annotated_example_holds_the_defaults),
        ON_FOLDER(the_example_and_the_manual_name_every_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
