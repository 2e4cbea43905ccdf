#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"

/* ---- extractors of our own: this table stands in for the one that CMake writes ---- */

struct notes {
    int opened, closed;
    char entered[64];
} notes;

static int note_open(const struct config_extractor *c, void **ret_state, struct err *e)
{
    if (c->model != NULL && strcmp(c->model, "torn") == 0)
        return err_set(e, ERR_FORMAT, "model 'torn' is torn");
    if (c->model != NULL)
        return err_set(e, ERR_CONFIG, "no model '%s'", c->model);
    notes.opened++;
    *ret_state = &notes;
    return 0;
}

static void note_close(void *state)
{
    ((struct notes *)state)->closed++;
}

static int find_run(void *state, const struct item *it, struct result *out, struct err *e)
{
    struct entity *en = result_add_entity(out);

    (void)state;
    (void)e;
    en->name = it->title;
    (void)result_add_mention(out, en, (struct span){0, 1, FIELD_TITLE}, -1);
    out->runs[out->n_runs - 1].model = STR("m");
    return 0;
}

static int broken_run(void *state, const struct item *it, struct result *out,
                      struct err *e)
{
    (void)state;
    (void)it;
    (void)out;
    return err_set(e, ERR_FORMAT, "cannot");
}

static bool knows_it; /* else skip_run does not look */

static int skip_run(void *state, const struct item *it, struct result *out, struct err *e)
{
    if (knows_it)
        return find_run(state, it, out, e);
    result_skip(out, STR("no model of its language"));
    return 0;
}

static const char *const find_options[] = {"depth", "width", NULL};
static const struct extractor extractor_find_x = {.name = "find",
                                                  .version = "1",
                                                  .help = "h",
                                                  .options = find_options,
                                                  .run = find_run};
static const struct extractor extractor_note = {.name = "note",
                                                .version = "2",
                                                .help = "h",
                                                .open = note_open,
                                                .run = find_run,
                                                .close = note_close};
static const struct extractor extractor_broken = {
    .name = "broken", .version = "3", .help = "h", .run = broken_run};

static const struct extractor extractor_choosy = {
    .name = "choosy", .version = "4", .help = "h", .run = skip_run};

const struct extractor *const extractors[] = {&extractor_find_x, &extractor_note,
                                              &extractor_broken, &extractor_choosy, NULL};

/* ---- */

static char yaml[] = "n.yaml";
static char names[][8] = {"find", "note", "broken", "choosy"};

static struct config_extractor entry(int i)
{
    return (struct config_extractor){
        .place = {yaml, 3 + (unsigned)i, 5}, .name = names[i], .timeout_ms = 1000};
}

static void run_two(int a, int b, struct result *out)
{
    struct config_extractor list[] = {entry(a), entry(b)};
    struct item it = {.title = STR_INIT("T"), .content_text = STR_INIT("x")};
    struct chain *c = NULL;
    struct err e;

    assert_int_equal(chain_open(list, 2, &c, &e), 0);
    chain_run(c, &it, out);
    chain_close(c);
}

static void a_chain_runs_all_in_order(void **state)
{
    struct result r = {0};

    (void)state;
    run_two(0, 1, &r);
    assert_int_equal(r.status, NLP_OK);
    assert_int_equal(r.n_entities, 2);
    assert_int_equal(r.n_runs, 2);
    assert_string_equal(r.runs[0].name, "find");
    assert_string_equal(r.runs[1].version, "2");
    assert_true(str_eq(r.runs[1].model, STR("m")));
    assert_true(r.runs[0].duration_ms >= 0);
    assert_null(r.error.p);
    result_fini(&r);
}

static void one_that_fails_leaves_what_others_found(void **state)
{
    struct result r = {0};

    (void)state;
    run_two(2, 0, &r);
    assert_int_equal(r.status, NLP_PARTIAL);
    assert_int_equal(r.n_entities, 1);
    assert_true(str_eq(r.error, STR("broken: cannot")));
    assert_true(str_eq(r.runs[0].error, STR("cannot")));
    assert_null(r.runs[1].error.p);
    run_two(2, 2, &r);
    assert_int_equal(r.status, NLP_FAILED);
    assert_true(str_eq(r.error, STR("broken: cannot; broken: cannot")));
    result_fini(&r);
}

static void an_item_without_text_is_skipped(void **state)
{
    struct config_extractor list[] = {entry(0)};
    struct item it = {.title = STR_INIT("")};
    struct result r = {0};
    struct chain *c = NULL;
    struct err e;

    (void)state;
    assert_int_equal(chain_open(list, 1, &c, &e), 0);
    chain_run(c, &it, &r);
    assert_int_equal(r.status, NLP_SKIPPED);
    assert_int_equal(r.n_runs, 0);
    chain_close(c);
    result_fini(&r);
}

static void an_item_that_an_extractor_leaves_alone_is_skipped(void **state)
{
    struct result r = {0};

    (void)state;
    knows_it = false;
    run_two(0, 3, &r);
    assert_int_equal(r.status, NLP_SKIPPED);
    assert_int_equal(r.n_entities, 1);
    assert_true(str_eq(r.error, STR("no model of its language")));
    assert_true(str_eq(r.runs[1].skipped, STR("no model of its language")));
    assert_null(r.runs[0].skipped.p);
    knows_it = true;
    run_two(0, 3, &r);
    assert_int_equal(r.status, NLP_OK);
    result_fini(&r);
}

static void note_entered(void *ctx, const struct config_extractor *x)
{
    struct notes *n = ctx;

    (void)strncat(n->entered, x != NULL ? x->name : ".", 16);
}

static void whoever_watches_is_told_what_runs(void **state)
{
    struct config_extractor list[] = {entry(0), entry(2)};
    struct item it = {.title = STR_INIT("T")};
    struct result r = {0};
    struct notes n = {0};
    struct chain *c = NULL;
    struct err e;

    (void)state;
    assert_int_equal(chain_open(list, 2, &c, &e), 0);
    chain_watch(c, note_entered, &n);
    chain_run(c, &it, &r);
    assert_string_equal(n.entered, "findbroken.");
    chain_close(c);
    result_fini(&r);
}

static char key_known[] = "width", key_unknown[] = "colour", value[] = "1";
static char model[] = "big", other[] = "fnd";

static const struct {
    int i;
    char *name, *key, *model;
    const char *says;
} refused[] = {
    {0, other, NULL, NULL,
     "n.yaml:3:5: extractor 'fnd': there is none of this name; this version has find, "
     "note, "
     "broken, choosy"},
    {0, NULL, key_unknown, NULL,
     "n.yaml:3:5: extractor 'find': unknown key 'colour'; it has depth, width"},
    {2, NULL, key_known, NULL,
     "n.yaml:5:5: extractor 'broken': unknown key 'width'; it has none of its own"},
    {1, NULL, NULL, model, "n.yaml:4:5: extractor 'note': no model 'big'"},
};

static void what_an_extractor_does_not_know_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct config_pair pair = {refused[i].key, value};
        struct config_extractor list[] = {entry(1), entry(refused[i].i)};
        struct chain *c = NULL;
        struct err e;

        notes = (struct notes){0};
        if (refused[i].name != NULL)
            list[1].name = refused[i].name;
        list[1].model = refused[i].model;
        list[1].options = &pair;
        list[1].n_options = refused[i].key != NULL;
        assert_int_equal(chain_open(list, 2, &c, &e), ERR_CONFIG);
        assert_string_equal(e.text, refused[i].says);
        assert_null(c);
        assert_int_equal(notes.opened, 1);
        assert_int_equal(notes.closed, 1);
    }
}

static void a_model_that_does_not_fit_makes_records_failed_where_work_goes_on(
    void **state)
{
    static char torn[] = "torn";
    struct config_extractor list[] = {entry(0), entry(1)};
    struct item it = {.title = STR_INIT("T")};
    struct result r = {0};
    struct chain *c = NULL;
    struct err e;

    (void)state;
    list[1].model = torn;
    assert_int_equal(chain_open(list, 2, &c, &e), ERR_FORMAT);
    assert_int_equal(chain_open_anyway(list, 2, &c, &e), 1);
    assert_string_equal(e.text, "n.yaml:4:5: extractor 'note': model 'torn' is torn");
    chain_run(c, &it, &r);
    assert_int_equal(r.status, NLP_FAILED);
    assert_int_equal(r.n_entities, 1);
    assert_null(r.runs[0].error.p);
    assert_true(str_eq(r.runs[1].error, str_of(e.text)));
    chain_close(c);

    list[1].model = model;
    assert_int_equal(chain_open_anyway(list, 2, &c, &e), ERR_CONFIG);
    result_fini(&r);
}

static void a_known_option_is_taken(void **state)
{
    struct config_pair pair = {key_known, value};
    struct config_extractor list[] = {entry(0)};
    struct chain *c = NULL;
    struct err e;

    (void)state;
    list[0].options = &pair;
    list[0].n_options = 1;
    assert_int_equal(chain_open(list, 1, &c, &e), 0);
    chain_close(c);
    chain_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_runs_all_in_order),
        cmocka_unit_test(one_that_fails_leaves_what_others_found),
        cmocka_unit_test(an_item_without_text_is_skipped),
        cmocka_unit_test(an_item_that_an_extractor_leaves_alone_is_skipped),
        cmocka_unit_test(whoever_watches_is_told_what_runs),
        cmocka_unit_test(what_an_extractor_does_not_know_is_refused_with_its_place),
        cmocka_unit_test(
            a_model_that_does_not_fit_makes_records_failed_where_work_goes_on),
        cmocka_unit_test(a_known_option_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
