/* What newsmq-http tells a Prometheus, and whether it calls itself ready. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../daemon/http/exposition.h"
#include "../../daemon/http/prom.h"

#define NOW_MS INT64_C(1800000000000)

static const char healthy[] =
    "{\"now_ms\":1800000000000,\"started_ms\":1799999000000,\"items\":12,\"records\":10,"
    "\"dead\":1,\"pending\":1,\"oldest_pending_ms\":1500,\"accounts_ok\":true,"
    "\"holding\":null,\"full\":null,\"draining\":false,\"workers\":2,"
    "\"commit_seconds\":{\"le\":[0.001,1],\"counts\":[3,4],\"count\":5,\"sum\":2.5},"
    "\"fetches\":[{\"status\":\"404\",\"cause\":\"not_found\",\"n\":7}],"
    "\"extractors\":[{\"name\":\"a\\\"b\\n\",\"seconds\":0.25,\"runs\":3,\"errors\":0}],"
    "\"consumers\":[{\"name\":\"out\",\"lag\":4,\"connected\":true,"
    "\"last_ms\":1799999999000}],"
    "\"subscribers\":{\"record/un/\":2},\"publish_drops\":{\"item\":1}}";

static const char feeds_json[] =
    "{\"feeds\":[{\"feed\":\"good\",\"state\":\"ok\",\"polls\":3,\"items\":5,"
    "\"last_new_ms\":1799999990000,\"last_fetch_ms\":1799999999000,"
    "\"next_due_ms\":1800000060000},"
    "{\"feed\":\"bad\",\"state\":\"failing\",\"problem\":\"not_found\",\"polls\":2,"
    "\"failures\":2,\"last_fetch_ms\":1799999999000,\"next_due_ms\":1799999940000},"
    "{\"feed\":\"former\",\"state\":\"failing\",\"polls\":2}]}";

struct world {
    struct config config;
    struct config_feed feeds[2];
    struct config_sink sink;
    struct facts facts;
    struct ready ready;
    json_t *metrics, *states, *newsmqd;
    struct strbuf text;
};

static void make(struct world *w, const char *metrics, const char *feeds)
{
    *w = (struct world){.text = {.max = 1 << 20}};
    w->feeds[0].stale_after_ms = w->feeds[1].stale_after_ms = DAY_MS;
    w->feeds[0].id = strdup("good");
    w->feeds[1].id = strdup("bad");
    w->feeds[1].group = strdup("press");
    w->sink.name = strdup("out");
    w->config.feeds = w->feeds;
    w->config.n_feeds = 2;
    w->config.sinks = &w->sink;
    w->config.n_sinks = 1;
    w->metrics = metrics != NULL ? json_loads(metrics, 0, NULL) : NULL;
    w->states = feeds != NULL ? json_loads(feeds, 0, NULL) : NULL;
    w->facts = (struct facts){.config = &w->config,
                              .metrics = w->metrics,
                              .fault = metrics == NULL ? "nobody listens" : NULL,
                              .now_ms = NOW_MS};
    facts_list_feeds(&w->facts.feeds, &w->config, w->states, NOW_MS);
}

static void look(struct world *w)
{
    w->facts.newsmqd = w->newsmqd;
    ready_judge(&w->ready, &w->facts);
    assert_int_equal(exposition_write(&w->facts, &w->ready, &w->text), 0);
}

static void unmake(struct world *w)
{
    facts_drop_feeds(&w->facts.feeds);
    for (size_t i = 0; i < 2; i++) {
        free(w->feeds[i].id);
        free(w->feeds[i].group);
    }
    free(w->sink.name);
    json_decref(w->metrics);
    json_decref(w->states);
    json_decref(w->newsmqd);
    strbuf_fini(&w->text);
}

static void has(const struct world *w, const char *line)
{
    struct str rest = strbuf_str(&w->text);

    while (rest.p != NULL)
        if (str_eq(str_cut(&rest, '\n'), str_of(line)))
            return;
    fail_msg("no line '%s' in:\n%s", line, strbuf_cstr(&w->text));
}

static void has_not(const struct world *w, const char *part)
{
    assert_null(strstr(strbuf_cstr(&w->text), part));
}

/* Only this reason. */
static void is_unready(const struct world *w, const char *code)
{
    for (int i = 0; i < UNREADY_REASONS; i++) {
        bool wanted = strcmp(unready_code((enum unready)i), code) == 0;

        if (w->ready.has[i] != wanted)
            fail_msg("%s is %d", unready_code((enum unready)i), w->ready.has[i]);
    }
    assert_false(w->ready.is_ready);
}

/* ---- the text ---- */

static void values_have_their_units_and_labels(void **state)
{
    struct world w;

    (void)state;
    make(&w, healthy, feeds_json);
    look(&w);

    has(&w, "# TYPE newsmq_items_total counter");
    has(&w, "newsmq_items_total 12");
    has(&w, "newsmq_oldest_pending_seconds 1.5");
    has(&w, "newsmq_accounts_ok 1");
    has(&w, "newsmq_holding 0");
    has(&w, "newsmq_fetches_total{status=\"404\",cause=\"not_found\"} 7");
    has(&w, "newsmq_consumer_lag_records{consumer=\"out\"} 4");
    has(&w, "newsmq_consumer_acknowledged_age_seconds{consumer=\"out\"} 1");
    has(&w, "newsmq_subscribers{topic=\"record/un/\"} 2");
    has(&w, "newsmq_publish_drops_total{stream=\"item\"} 1");
    has(&w, "newsmq_up 1");
    has(&w, "newsmq_ready 1");
    unmake(&w);
}

static void histograms_are_cumulative_with_a_last_bucket_of_all(void **state)
{
    struct world w;

    (void)state;
    make(&w, healthy, feeds_json);
    look(&w);

    has(&w, "# TYPE newsmq_commit_seconds histogram");
    has(&w, "newsmq_commit_seconds_bucket{le=\"0.001\"} 3");
    has(&w, "newsmq_commit_seconds_bucket{le=\"1\"} 4");
    has(&w, "newsmq_commit_seconds_bucket{le=\"+Inf\"} 5");
    has(&w, "newsmq_commit_seconds_sum 2.5");
    has(&w, "newsmq_commit_seconds_count 5");
    unmake(&w);
}

static void labels_are_escaped(void **state)
{
    struct world w;

    (void)state;
    make(&w, healthy, feeds_json);
    look(&w);

    has(&w, "newsmq_extractor_seconds_total{extractor=\"a\\\"b\\n\"} 0.25");
    unmake(&w);
}

static void only_feeds_of_the_configuration_have_lines(void **state)
{
    struct world w;

    (void)state;
    make(&w, healthy, feeds_json);
    look(&w);

    has(&w, "newsmq_feeds{state=\"ok\"} 1");
    has(&w, "newsmq_feeds{state=\"failing\"} 1");
    has(&w, "newsmq_feed_up{feed=\"good\",group=\"none\"} 1");
    has(&w, "newsmq_feed_staleness_seconds{feed=\"good\",group=\"none\"} 10");
    has(&w, "newsmq_feed_up{feed=\"bad\",group=\"press\"} 0");
    has(&w, "newsmq_feed_overdue_seconds{feed=\"bad\",group=\"press\"} 60");
    has(&w, "newsmq_feed_problem{feed=\"bad\",group=\"press\",cause=\"not_found\"} 1");
    has_not(&w, "former");
    has_not(&w, "newsmq_feed_staleness_seconds{feed=\"bad\"");
    unmake(&w);
}

static void a_silent_hub_leaves_no_old_numbers(void **state)
{
    struct world w;

    (void)state;
    make(&w, NULL, NULL);
    look(&w);

    has(&w, "newsmq_up 0");
    has(&w, "newsmq_unready{reason=\"hub_silent\"} 1");
    has_not(&w, "newsmq_items_total");
    has_not(&w, "newsmq_feed");
    unmake(&w);
}

static void text_that_does_not_fit_is_an_error_and_no_half_truth(void **state)
{
    struct world w;
    struct strbuf small = {.max = 500};

    (void)state;
    make(&w, healthy, feeds_json);
    look(&w);

    assert_true(exposition_write(&w.facts, &w.ready, &small) < 0);
    strbuf_fini(&small);
    unmake(&w);
}

/* ---- readiness ---- */

static const struct {
    const char *code, *metrics, *feeds, *newsmqd;
} unready[] = {
    {"holding", "{\"workers\":1,\"holding\":\"no space\"}", NULL, NULL},
    {"accounts", "{\"workers\":1,\"accounts_ok\":false,\"items\":3}", NULL, NULL},
    {"draining", "{\"workers\":1,\"draining\":true}", NULL, NULL},
    {"no_worker", "{\"workers\":0}", NULL, NULL},
    {"backlog_stuck", "{\"workers\":1,\"pending\":1,\"oldest_pending_ms\":3600000}", NULL,
     NULL},
    {"sink_stuck",
     "{\"workers\":1,\"now_ms\":1800000000000,\"consumers\":[{\"name\":\"out\",\"lag\":1,"
     "\"last_ms\":1799999900000}]}",
     NULL, NULL},
    {"feeds_failing", "{\"workers\":1}",
     "{\"feeds\":[{\"feed\":\"good\",\"state\":\"failing\",\"polls\":1}]}", NULL},
    {"not_fetching", "{\"workers\":1}",
     "{\"feeds\":[{\"feed\":\"good\",\"state\":\"ok\",\"polls\":1,"
     "\"next_due_ms\":1799990000000}]}",
     NULL},
    {"program_red", "{\"workers\":1}", NULL,
     "{\"programs\":[{\"name\":\"hub\",\"state\":\"running\",\"red\":false},"
     "{\"name\":\"sink\",\"state\":\"resting\",\"red\":true,\"last_exit\":\"status 65\","
     "\"restarts\":9}]}"},
};

static void each_reason_is_seen_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unready); i++) {
        struct world w;

        make(&w, unready[i].metrics, unready[i].feeds);
        if (unready[i].newsmqd != NULL)
            w.newsmqd = json_loads(unready[i].newsmqd, 0, NULL);
        look(&w);

        is_unready(&w, unready[i].code);
        assert_true(w.ready.is_live);
        unmake(&w);
    }
}

static void programs_are_told_when_newsmqd_answers(void **state)
{
    struct world w;

    (void)state;
    make(&w, healthy, feeds_json);
    w.newsmqd = json_loads(unready[ARRAY_LEN(unready) - 1].newsmqd, 0, NULL);
    look(&w);

    has(&w, "newsmq_program_up{program=\"hub\"} 1");
    has(&w, "newsmq_program_up{program=\"sink\"} 0");
    has(&w, "newsmq_program_red{program=\"sink\"} 1");
    has(&w, "newsmq_program_restarts_total{program=\"sink\"} 9");
    unmake(&w);
}

static void readers_of_others_do_not_make_it_unready(void **state)
{
    struct world w;

    (void)state;
    make(&w,
         "{\"workers\":1,\"now_ms\":1800000000000,\"consumers\":[{\"name\":\"guest\","
         "\"lag\":1,\"last_ms\":1799999900000}]}",
         NULL);
    look(&w);

    assert_true(w.ready.is_ready);
    unmake(&w);
}

static void what_is_said_of_readiness_is_json(void **state)
{
    struct world w;
    struct strbuf out = {.max = 1000};

    (void)state;
    make(&w, NULL, NULL);
    look(&w);

    assert_int_equal(ready_write(&w.ready, &out), 0);
    assert_string_equal(strbuf_cstr(&out),
                        "{\"live\":false,\"ready\":false,\"reasons\":[{\"code\":"
                        "\"hub_silent\",\"text\":\"the hub does not answer: nobody "
                        "listens\"}]}\n");
    strbuf_fini(&out);
    unmake(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_units_and_labels),
        cmocka_unit_test(histograms_are_cumulative_with_a_last_bucket_of_all),
        cmocka_unit_test(labels_are_escaped),
        cmocka_unit_test(only_feeds_of_the_configuration_have_lines),
        cmocka_unit_test(a_silent_hub_leaves_no_old_numbers),
        cmocka_unit_test(text_that_does_not_fit_is_an_error_and_no_half_truth),
        cmocka_unit_test(each_reason_is_seen_alone),
        cmocka_unit_test(programs_are_told_when_newsmqd_answers),
        cmocka_unit_test(readers_of_others_do_not_make_it_unready),
        cmocka_unit_test(what_is_said_of_readiness_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
