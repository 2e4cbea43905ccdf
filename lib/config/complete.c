/* What no key said: folders by user, endpoints by folder, names by position. Then what
   can only be judged with everything known. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "read.h"

#define PROCESSES_MAX_DEFAULT 4

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] == '/' ? value : NULL;
}

static char *default_run_dir(void)
{
    const char *runtime = environment("XDG_RUNTIME_DIR");

    if (geteuid() == 0)
        return mem_strdup("/run/newsmq");
    if (runtime != NULL)
        return mem_printf("%s/newsmq", runtime);
    return mem_printf("/tmp/newsmq-%u", (unsigned)geteuid());
}

static char *default_state_dir(void)
{
    const char *state = environment("XDG_STATE_HOME"), *home = environment("HOME");

    if (geteuid() == 0)
        return mem_strdup("/var/lib/newsmq/state");
    if (state != NULL)
        return mem_printf("%s/newsmq", state);
    return home != NULL ? mem_printf("%s/.local/state/newsmq", home)
                        : mem_printf("/tmp/newsmq-%u/state", (unsigned)geteuid());
}

/* ---- bus ---- */

static struct config_place place_of(const struct reader *r, const char *key)
{
    const struct node *n = said_value(&r->said, IN_BUS, key);

    return n != NULL ? n->place : (struct config_place){r->sources[0]->file, 1, 1};
}

static void set_endpoint(struct config_endpoints *at, const char *dir, const char *name)
{
    if (at->n > 0)
        return;
    free(at->list);
    at->list = mem_new_array(1, sizeof(char *));
    at->list[0] = mem_printf("ipc://%s/%s.sock", dir, name);
    at->n = 1;
}

static void complete_endpoints(struct config_bus *b)
{
    set_endpoint(&b->replay, b->dir, "replay");
    set_endpoint(&b->ingest, b->dir, "ingest");
    set_endpoint(&b->work, b->dir, "work");
    set_endpoint(&b->tap, b->dir, "tap");
    set_endpoint(&b->control, b->dir, "control");
    set_endpoint(&b->publish, b->dir, "pub");
}

static bool has_endpoint(const struct config_endpoints *l, const char *endpoint)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->list[i], endpoint) == 0)
            return true;
    return false;
}

static void check_same(struct reader *r, const struct bus_socket *a,
                       const struct bus_socket *b)
{
    struct config_place at = place_of(r, a->key);

    for (size_t i = 0; i < a->endpoints->n; i++) {
        if (!has_endpoint(b->endpoints, a->endpoints->list[i]))
            continue;
        fault_add(r->faults, &at, "'%s' and '%s' have the same endpoint", a->key, b->key);
        fault_hint(r->faults, "give each its own");
        return;
    }
}

static void check_endpoints(struct reader *r)
{
    struct bus_socket all[BUS_SOCKETS];
    struct config_place at;
    struct verdict v;

    bus_sockets(&r->config->bus, all);
    if (!value_is_endpoint(str_of(r->config->bus.control.list[0]), &v) &&
        said_value(&r->said, IN_BUS, "control") == NULL) {
        at = place_of(r, "dir");
        fault_verdict(r, &at, "dir", &v);
        return;
    }
    for (size_t i = 0; i < BUS_SOCKETS; i++)
        for (size_t j = 0; j < i; j++)
            check_same(r, &all[i], &all[j]);
    curve_check(r);
}

static void check_bus(struct reader *r)
{
    const struct config_bus *b = &r->config->bus;
    const char *const *known = r->names != NULL ? r->names->buses : NULL;
    const struct node *kind = said_value(&r->said, IN_BUS, "kind");
    const struct node *ping = said_value(&r->said, IN_BUS, "ping");
    const struct node *lease = said_value(&r->said, IN_BUS, "lease");
    bool found = known == NULL || known[0] == NULL;

    for (size_t i = 0; known != NULL && known[i] != NULL; i++)
        found = found || strcmp(known[i], b->kind) == 0;
    if (!found && kind != NULL) {
        fault_add(r->faults, &kind->place, "no bus '%.60s'", b->kind);
        fault_hint(r->faults, "this version has %s", known[0]);
    }
    if (b->ping_ms > b->lease_ms && (ping != NULL || lease != NULL)) {
        fault_add(r->faults, ping != NULL ? &ping->place : &lease->place,
                  "'ping' is longer than 'lease'");
        fault_hint(r->faults, "a job would be given away before its worker is asked");
    }
}

/* ---- websub ---- */

static void check_websub(struct reader *r)
{
    const struct config_websub *w = &r->config->websub;
    const struct node *listen = said_value(&r->said, IN_WEBSUB, "listen");
    const struct node *callback = said_value(&r->said, IN_WEBSUB, "callback");
    struct str url = str_of(w->callback);

    if (w->listen != NULL && callback == NULL) {
        fault_add(r->faults, &listen->place, "'listen' without a 'callback'");
        fault_hint(r->faults, "say the URL by which hubs reach it: callback: https://…");
    }
    if (callback != NULL && listen == NULL) {
        fault_add(r->faults, &callback->place, "'callback' without a 'listen'");
        fault_hint(r->faults, "say where to listen, for example listen: 127.0.0.1:8788");
    }
    if (w->callback == NULL)
        return;
    if (!str_has_prefix_nocase(url, STR("http"))) {
        fault_add(r->faults, &callback->place,
                  "'callback' is not a page of a web server");
        fault_hint(r->faults, "write https://HOST/PATH");
    } else if (strpbrk(w->callback, "?#") != NULL) {
        fault_add(r->faults, &callback->place, "'callback' has a '?' or '#'");
        fault_hint(r->faults, "end it with the path: each feed has its own below it");
    }
}

/* ---- sinks and workers ---- */

/* Beside the state: /var/lib/newsmq/state → /var/lib/newsmq/records. */
static char *default_records(const char *state)
{
    const char *slash = strrchr(state, '/');

    if (slash == NULL)
        return mem_strdup("records/%Y-%m-%d.jsonl");
    return mem_printf(STR_FMT "/records/%%Y-%%m-%%d.jsonl", (int)(slash - state), state);
}

static bool name_is_taken(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_sinks; i++)
        if (c->sinks[i].name != NULL && strcmp(c->sinks[i].name, name) == 0)
            return true;
    return false;
}

static void name_sink(const struct config *c, struct config_sink *s)
{
    char *name = mem_strdup(s->type);

    for (unsigned n = 2; name_is_taken(c, name); n++) {
        free(name);
        name = mem_printf("%s-%u", s->type, n);
    }
    s->name = name;
}

static void complete_sinks(struct reader *r)
{
    struct config *c = r->config;
    size_t without_path = 0;

    if (c->n_sinks == 0) {
        c->sinks = mem_new_array(1, sizeof *c->sinks);
        c->n_sinks = 1;
        section_set_defaults(IN_SINK, &c->sinks[0]);
        c->sinks[0].place = (struct config_place){r->sources[0]->file, 1, 1};
        c->sinks[0].type = mem_strdup("jsonl");
    }
    for (size_t i = 0; i < c->n_sinks; i++) {
        struct config_sink *s = &c->sinks[i];

        if (s->type == NULL)
            continue;
        if (s->name == NULL)
            name_sink(c, s);
        if (s->path != NULL || strcmp(s->type, "jsonl") != 0)
            continue;
        s->path = default_records(c->state.path);
        if (without_path++ > 0) {
            fault_add(r->faults, &s->place, "two sinks write to the same default path");
            fault_hint(r->faults, "give each a 'path'");
        }
    }
}

static bool is_watch(const struct config_extractor *x)
{
    return x->name != NULL && strcmp(x->name, "watch") == 0;
}

/* Rules are for the extractor `watch`, which comes last when nobody has said where. */
static void add_watch(struct config *c)
{
    struct config_extractor *x;
    bool has_it = false;

    for (size_t i = 0; i < c->n_extractors; i++)
        has_it = has_it || is_watch(&c->extractors[i]);
    if (!has_it && c->n_watch > 0) {
        c->extractors =
            mem_resize(c->extractors, c->n_extractors + 1, sizeof *c->extractors);
        x = &c->extractors[c->n_extractors++];
        *x = (struct config_extractor){.place = c->watch[0].place};
        section_set_defaults(IN_WORKER, x);
        x->name = mem_strdup("watch");
    }
    for (size_t i = 0; i < c->n_extractors; i++) {
        if (!is_watch(&c->extractors[i]))
            continue;
        c->extractors[i].rules = c->watch;
        c->extractors[i].n_rules = c->n_watch;
    }
}

static void complete_workers(struct reader *r)
{
    static const char *const defaults[] = {"language", "entities", "acronyms",
                                           "aliases",  "places",   "quotes"};
    struct config *c = r->config;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (c->n_extractors == 0) {
        c->n_extractors = ARRAY_LEN(defaults);
        c->extractors = mem_new_array(c->n_extractors, sizeof *c->extractors);
        for (size_t i = 0; i < c->n_extractors; i++) {
            section_set_defaults(IN_WORKER, &c->extractors[i]);
            c->extractors[i].place = (struct config_place){r->sources[0]->file, 1, 1};
            c->extractors[i].name = mem_strdup(defaults[i]);
        }
    }
    add_watch(c);
    for (size_t i = 0; i < c->n_extractors; i++)
        if (c->extractors[i].processes > c->worker_processes)
            c->worker_processes = c->extractors[i].processes;
    if (c->worker_processes == 0)
        c->worker_processes = cores < 1                       ? 1
                              : cores > PROCESSES_MAX_DEFAULT ? PROCESSES_MAX_DEFAULT
                                                              : (unsigned)cores;
}

static void complete_http(struct config_http *h)
{
    if (h->max_streams > h->max_connections / 2)
        h->max_streams = h->max_connections / 2;
}

bool config_has_http(const struct config *c)
{
    return strcmp(c->http.listen, "off") != 0;
}

void config_complete(struct reader *r)
{
    struct config *c = r->config;

    if (c->bus.dir == NULL)
        c->bus.dir = default_run_dir();
    if (c->state.path == NULL)
        c->state.path = default_state_dir();
    complete_endpoints(&c->bus);
    check_endpoints(r);
    check_bus(r);
    check_websub(r);
    complete_http(&r->config->http);
    complete_sinks(r);
    complete_workers(r);
}
