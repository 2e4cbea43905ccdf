#include "newsmq/json.h"

#include "cost.h"

#define TELL_MS SECOND_MS

static size_t place_of(struct cost *c, const char *name)
{
    size_t i = 0;

    while (i < c->n && strcmp(c->extractors[i].name, name) != 0)
        i++;
    if (i == c->n && i < COST_EXTRACTORS_MAX)
        c->extractors[c->n++].name = name;
    return i;
}

void cost_add(struct cost *c, const struct result *r)
{
    for (size_t i = 0; i < r->n_runs; i++) {
        size_t at = place_of(c, r->runs[i].name);

        if (at == COST_EXTRACTORS_MAX || r->runs[i].skipped.n > 0)
            continue;
        c->extractors[at].ms += r->runs[i].duration_ms;
        c->extractors[at].n_runs++;
        c->extractors[at].n_errors += r->runs[i].error.n > 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(r->tokens); i++)
        c->n_tokens += r->has_tokens[i] ? r->tokens[i].n : 0;
}

static void write_cost(const struct cost *c, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    jsonw_key(&j, "extractors");
    jsonw_object(&j);
    for (size_t i = 0; i < c->n; i++) {
        jsonw_key(&j, c->extractors[i].name);
        jsonw_object(&j);
        jsonw_key(&j, "seconds");
        jsonw_f(&j, c->extractors[i].ms / 1e3, 9);
        jsonw_member_u64(&j, "runs", c->extractors[i].n_runs);
        jsonw_member_u64(&j, "errors", c->extractors[i].n_errors);
        jsonw_object_end(&j);
    }
    jsonw_object_end(&j);
    jsonw_member_u64(&j, "tokens", c->n_tokens);
    jsonw_object_end(&j);
}

void cost_tell(struct cost *c, struct bus *b)
{
    struct mono now = clock_mono();
    struct strbuf out = {.max = (size_t)COST_EXTRACTORS_MAX * 256};

    if (c->n == 0 || mono_ms_between(c->told, now) < TELL_MS)
        return;
    write_cost(c, &out);
    c->told = now;
    if (bus_report(b, strbuf_str(&out)) == 0)
        *c = (struct cost){.told = now};
    strbuf_fini(&out);
}
