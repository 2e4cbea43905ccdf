#include <stdarg.h>
#include <stdio.h>

#include "newsmq/ask.h"
#include "newsmq/json.h"

#include "ready.h"

static const char *const codes[UNREADY_REASONS] = {
    [UNREADY_HUB_SILENT] = "hub_silent",     [UNREADY_HOLDING] = "holding",
    [UNREADY_ACCOUNTS] = "accounts",         [UNREADY_DRAINING] = "draining",
    [UNREADY_NO_WORKER] = "no_worker",       [UNREADY_BACKLOG_STUCK] = "backlog_stuck",
    [UNREADY_SINK_STUCK] = "sink_stuck",     [UNREADY_FEEDS_FAILING] = "feeds_failing",
    [UNREADY_NOT_FETCHING] = "not_fetching", [UNREADY_PROGRAM_RED] = "program_red",
};

const char *unready_code(enum unready u)
{
    return codes[u];
}

__attribute__((format(printf, 3, 4))) static void because(struct ready *r, enum unready u,
                                                          const char *fmt, ...)
{
    va_list args;

    if (r->has[u])
        return; /* the first is enough */
    r->has[u] = true;
    va_start(args, fmt);
    (void)vsnprintf(r->text[u], sizeof r->text[u], fmt, args); /* cut is fine */
    va_end(args);
}

static void look_at_hub(struct ready *r, const json_t *m)
{
    long long oldest_s = (long long)(ask_number(m, "oldest_pending_ms") / SECOND_MS);
    const char *holding = json_string_value(json_object_get(m, "holding"));

    if (holding != NULL)
        because(r, UNREADY_HOLDING, "the state cannot be written: %s", holding);
    if (json_is_false(json_object_get(m, "accounts_ok")))
        because(r, UNREADY_ACCOUNTS,
                "%lld items are not %lld records, %lld dead letters and %lld pending",
                (long long)ask_number(m, "items"), (long long)ask_number(m, "records"),
                (long long)ask_number(m, "dead"), (long long)ask_number(m, "pending"));
    if (json_is_true(json_object_get(m, "draining")))
        because(r, UNREADY_DRAINING, "the hub stops and takes no more");
    if (ask_number(m, "workers") == 0)
        because(r, UNREADY_NO_WORKER, "no worker is connected");
    if (oldest_s > READY_BACKLOG_MS / SECOND_MS)
        because(r, UNREADY_BACKLOG_STUCK, "the oldest of %lld items waits for %lld s",
                (long long)ask_number(m, "pending"), oldest_s);
}

/* Readers of others are theirs to look after. */
static bool is_sink(const struct config *c, const char *name)
{
    for (size_t i = 0; name != NULL && i < c->n_sinks; i++)
        if (strcmp(c->sinks[i].name, name) == 0)
            return true;
    return false;
}

static void look_at_sinks(struct ready *r, const struct facts *f)
{
    int64_t now_ms = ask_number(f->metrics, "now_ms");
    const json_t *list = json_object_get(f->metrics, "consumers"), *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        int64_t lag = ask_number(one, "lag");
        int64_t silent_ms = now_ms - ask_number(one, "last_ms");

        if (lag > 0 && silent_ms > READY_SINK_MS && is_sink(f->config, name))
            because(r, UNREADY_SINK_STUCK,
                    "sink '%s' has %lld records to write and has finished none for "
                    "%lld s",
                    name, (long long)lag, (long long)(silent_ms / SECOND_MS));
    }
}

static void look_at_feeds(struct ready *r, const struct facts_feeds *feeds,
                          int64_t now_ms)
{
    size_t n_asked = 0, n_failing = 0, n_late = 0;

    for (size_t i = 0; i < feeds->n; i++) {
        const struct feed_row *row = &feeds->list[i];
        int64_t due_ms = ask_number(row->state, "next_due_ms");

        if (ask_number(row->state, "polls") == 0 || row->health == HEALTH_GONE)
            continue;
        n_asked++;
        n_failing += row->health == HEALTH_FAILING;
        n_late += due_ms > 0 && now_ms - due_ms > READY_FETCHING_MS;
    }
    if (n_asked > 0 && n_failing == n_asked)
        because(r, UNREADY_FEEDS_FAILING, "all feeds fail (%zu)", n_failing);
    if (n_asked > 0 && n_late == n_asked)
        because(r, UNREADY_NOT_FETCHING,
                "all feeds are due for long (%zu), and none is "
                "asked",
                n_late);
}

static void look_at_programs(struct ready *r, const json_t *newsmqd)
{
    const json_t *list = json_object_get(newsmqd, "programs"), *one;
    size_t i;

    json_array_foreach(list, i, one) if (json_is_true(json_object_get(one, "red")))
        because(r, UNREADY_PROGRAM_RED, STR_FMT " keeps ending: " STR_FMT,
                STR_ARG(ask_text(one, "name")), STR_ARG(ask_text(one, "last_exit")));
}

void ready_judge(struct ready *r, const struct facts *f)
{
    *r = (struct ready){.is_live = f->metrics != NULL, .is_ready = true};
    if (f->metrics != NULL) {
        look_at_hub(r, f->metrics);
        look_at_sinks(r, f);
        look_at_feeds(r, &f->feeds, f->now_ms);
    } else {
        because(r, UNREADY_HUB_SILENT, "the hub does not answer: %s",
                f->fault != NULL ? f->fault : "it was not asked yet");
    }
    look_at_programs(r, f->newsmqd);
    for (size_t i = 0; i < UNREADY_REASONS; i++)
        r->is_ready &= !r->has[i];
}

int ready_write(const struct ready *r, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    jsonw_member_bool(&j, "live", r->is_live);
    jsonw_member_bool(&j, "ready", r->is_ready);
    jsonw_key(&j, "reasons");
    jsonw_array(&j);
    for (size_t i = 0; i < UNREADY_REASONS; i++) {
        if (!r->has[i])
            continue;
        jsonw_object(&j);
        jsonw_member_cstr(&j, "code", codes[i]);
        jsonw_member_cstr(&j, "text", r->text[i]);
        jsonw_object_end(&j);
    }
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return j.rc == 0 ? strbuf_add_char(out, '\n') : j.rc;
}
