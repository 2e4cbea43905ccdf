/* Loading: read the main file and what it includes, then the sections over all files, so
   that every fault of every file is found in one run. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "read.h"

#define FILE_MAX ((size_t)16 * 1000 * 1000)

static const char *file_name(struct reader *r, const char *path)
{
    struct config_files *f = r->config->files;

    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->names[i], path) == 0)
            return f->names[i];
    f->names = mem_grow(f->names, &f->cap, f->n + 1, sizeof *f->names);
    f->names[f->n] = mem_strdup(path);
    return f->names[f->n++];
}

static bool read_bytes(struct reader *r, const char *path, struct strbuf *out,
                       const struct config_place *asked_at)
{
    struct stat st;
    struct err e;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        fault_add(r->faults, asked_at, "%s is a folder", path);
        fault_hint(r->faults, "name a file, for example %s/newsmq.yaml", path);
        return false;
    }
    if (asked_at->line > 0 && stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        fault_add(r->faults, asked_at, "%s is not a regular file", path);
        fault_hint(r->faults, "reading it might never end");
        return false;
    }
    if (os_read_file(path, FILE_MAX, out, &e) == 0)
        return true;
    fault_add(r->faults, asked_at, "cannot read %s", e.text);
    if (e.code == ERR_LIMIT)
        fault_hint(r->faults, "split it and use include:");
    else if (e.code == -ENOENT)
        fault_hint(r->faults, "`newsmq check --help` tells where it is looked for");
    else if (e.code == -EACCES)
        fault_hint(r->faults, "it must be readable for this user");
    return false;
}

/* asked_at: where the file was named; of the main file, the file itself, line 0. */
static void source_read(struct reader *r, const char *path,
                        const struct config_place *asked_at)
{
    struct strbuf bytes = {.max = FILE_MAX};
    struct source *s;
    const struct node *root;

    if (!read_bytes(r, path, &bytes, asked_at)) {
        strbuf_fini(&bytes);
        return;
    }
    s = mem_new(sizeof *s);
    s->file = file_name(r, path);
    (void)fault_file(r->faults, s->file); /* faults are told in this order of files */
    tree_read(s->file, strbuf_str(&bytes), &s->tree, r->faults);
    strbuf_fini(&bytes);
    r->sources =
        mem_grow(r->sources, &r->sources_cap, r->n_sources + 1, sizeof(struct source *));
    r->sources[r->n_sources++] = s;
    root = s->tree.root;
    if (s->tree.is_broken && root == NULL)
        return;
    if (root == NULL || node_is_null(root)) {
        s->tree.root = NULL;
        if (r->n_sources > 1)
            return; /* an empty file of conf.d is nothing to worry about */
        fault_add(r->faults, &(struct config_place){s->file, 1, 1}, "the file is empty");
        fault_hint(r->faults,
                   "the least is 'feeds:' and below it '- my-feed: https://…'");
    } else if (root->kind != NODE_MAP) {
        s->tree.root = NULL;
        if (root->is_bad || s->tree.is_broken)
            return; /* was told already */
        fault_add(r->faults, &root->place, "not a configuration: a %s",
                  root->kind == NODE_LIST ? "list" : "single value");
        fault_hint(r->faults,
                   "the least is 'feeds:' and below it '- my-feed: https://…'");
    }
}

/* ---- include ---- */

static bool was_read(const struct reader *r, const char *path)
{
    for (size_t i = 0; i < r->n_sources; i++)
        if (strcmp(r->sources[i]->file, path) == 0)
            return true;
    return false;
}

static void include_pattern(struct reader *r, const struct node *n)
{
    char *pattern = path_from(n->place.file, n->text);
    glob_t found = {0};
    int rc = glob(pattern, GLOB_ERR, NULL, &found);

    sandbox_may_read_below(&r->config->reads, pattern);

    if (rc == GLOB_ABORTED && errno == ENOENT)
        rc = GLOB_NOMATCH; /* the folder may come later, as conf.d often does */
    if (rc == GLOB_NOMATCH && strpbrk(pattern, "*?[") == NULL) {
        fault_add(r->faults, &n->place, "'include': no file %s", pattern);
        fault_hint(r->faults, "a name with * may match nothing, this one may not");
    } else if (rc != 0 && rc != GLOB_NOMATCH) {
        fault_add(r->faults, &n->place, "'include': cannot look for %s: %s", pattern,
                  strerror(errno));
    }
    for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
        if (!was_read(r, found.gl_pathv[i]))
            source_read(r, found.gl_pathv[i], &n->place);
    globfree(&found);
    free(pattern);
}

static void include_read(struct reader *r)
{
    const struct node *n = node_find(r->sources[0]->tree.root, "include"), *other;

    if (n != NULL && n->kind == NODE_LIST) {
        for (size_t i = 0; i < n->n; i++)
            if (node_is_text(r, n->items[i], "'include'"))
                include_pattern(r, n->items[i]);
    } else if (n != NULL && node_is_text(r, n, "'include'")) {
        include_pattern(r, n);
    }
    for (size_t s = 1; s < r->n_sources; s++) {
        other = node_find(r->sources[s]->tree.root, "include");
        if (other == NULL)
            continue;
        fault_add(r->faults, &other->place, "'include' inside an included file");
        fault_hint(r->faults, "name the file in %s", r->sources[0]->file);
    }
}

/* ---- all ---- */

static void sections_read(struct reader *r)
{
    struct config *c = r->config;

    section_set_defaults(IN_TOP, c);
    section_set_defaults(IN_POLL, &c->defaults);
    for (size_t s = 0; s < r->n_sources; s++) {
        const struct node *root = r->sources[s]->tree.root;
        const struct node *defaults = node_find(root, "defaults");

        if (root == NULL)
            continue;
        section_read(r, root, IN_TOP, c, &r->said, NULL);
        if (defaults != NULL && !node_is_null(defaults))
            section_read(r, defaults, IN_POLL, &c->defaults, &r->defaults, NULL);
    }
    groups_read(r);
    feeds_read(r);
    workers_read(r);
    sinks_read(r);
    watch_read(r);
    config_complete(r);
}

static void reader_fini(struct reader *r)
{
    for (size_t i = 0; i < r->n_sources; i++) {
        tree_fini(&r->sources[i]->tree);
        free(r->sources[i]);
    }
    free(r->sources);
    for (size_t i = 0; i < r->n_groups; i++) {
        free(r->groups[i].id);
        section_fini(IN_POLL, &r->groups[i].settings);
    }
    free(r->groups);
    claims_fini(&r->group_ids);
    claims_fini(&r->feed_ids);
    claims_fini(&r->feed_urls);
}

static void reader_begin(struct reader *r, const char *name)
{
    r->config = mem_new(sizeof *r->config);
    r->config->path = mem_strdup(name);
    r->config->files = mem_new(sizeof *r->config->files);
}

struct config *config_default(void)
{
    struct config_faults faults = {0}; /* of folders that are not used */
    struct reader r = {.faults = &faults};

    reader_begin(&r, "defaults");
    r.sources = mem_grow(NULL, &r.sources_cap, 1, sizeof(struct source *));
    r.sources[0] = mem_new(sizeof *r.sources[0]);
    r.sources[0]->file = file_name(&r, "defaults");
    r.n_sources = 1;
    section_set_defaults(IN_TOP, r.config);
    section_set_defaults(IN_POLL, &r.config->defaults);
    config_complete(&r);
    reader_fini(&r);
    config_faults_fini(&faults);
    return r.config;
}

int config_load(const char *path, const struct config_names *names, struct config **ret,
                struct config_faults *faults)
{
    struct reader r = {.faults = faults, .names = names};
    size_t before = faults->n - faults->n_warnings + faults->left_out;
    bool ok;

    reader_begin(&r, path);
    sandbox_may_read_beside(&r.config->reads, path);
    source_read(&r, path, &(struct config_place){file_name(&r, path), 0, 0});
    if (r.n_sources > 0) {
        include_read(&r);
        sections_read(&r);
    }
    ok = faults->n - faults->n_warnings + faults->left_out == before;
    faults_sort(faults);
    reader_fini(&r);
    if (!ok) {
        config_free(r.config);
        return ERR_CONFIG;
    }
    *ret = r.config;
    return 0;
}

static void extractor_fini(struct config_extractor *x)
{
    section_fini(IN_WORKER, x);
    for (size_t i = 0; i < x->n_options; i++) {
        free(x->options[i].key);
        free(x->options[i].value);
    }
    free(x->options);
}

void config_free(struct config *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->n_feeds; i++) {
        section_fini(IN_POLL, &c->feeds[i]);
        section_fini(IN_FEED, &c->feeds[i]);
    }
    free(c->feeds);
    for (size_t i = 0; i < c->n_extractors; i++)
        extractor_fini(&c->extractors[i]);
    free(c->extractors);
    for (size_t i = 0; i < c->n_sinks; i++)
        section_fini(IN_SINK, &c->sinks[i]);
    free(c->sinks);
    for (size_t i = 0; i < c->n_watch; i++) {
        free(c->watch[i].rule);
        section_fini(IN_WATCH, &c->watch[i]);
    }
    free(c->watch);
    section_fini(IN_POLL, &c->defaults);
    section_fini(IN_TOP, c);
    for (size_t i = 0; i < c->files->n; i++)
        free(c->files->names[i]);
    free(c->files->names);
    free(c->files);
    sandbox_paths_fini(&c->reads);
    free(c->path);
    free(c);
}
