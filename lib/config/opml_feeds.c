/* An OPML entry of feeds:. Its other keys hold for every feed of the files. With
   `group: imported` a folder "World" becomes the group imported-world, without it world;
   a group of that name under groups: gives it settings. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newsmq/mem.h"
#include "newsmq/opml.h"
#include "newsmq/os.h"

#include "read.h"

#define OPML_MAX ((size_t)16 * 1000 * 1000)
#define ID_MAX   63

/* Reads the entry's own keys over what the group or the defaults give. */
static void apply(struct reader *r, const struct node *entry, const struct group *g,
                  struct config_feed *f, struct said *said)
{
    *said = g != NULL ? g->said : r->defaults;
    feed_dup(g != NULL ? &g->settings : &r->config->defaults, f);
    section_read(r, entry, IN_FEED, f, said, NULL);
}

static char *full_group(const char *outer, const char *inner)
{
    if (outer == NULL || inner == NULL)
        return mem_strdup(outer != NULL ? outer : inner);
    if (strlen(outer) + 1 + strlen(inner) > ID_MAX)
        return mem_strdup(outer);
    return mem_printf("%s-%s", outer, inner);
}

/* base is what feeds without a declared group of their own get. */
static void add_outline(struct reader *r, const struct node *entry, const char *file,
                        const struct opml_feed *o, const struct config_feed *base,
                        const struct said *base_said)
{
    char *group = full_group(base->group, o->group);
    const struct group *g =
        o->group != NULL && group != NULL ? group_find(r, str_of(group)) : NULL;
    struct config_feed f;
    struct said said = *base_said;

    if (g != NULL) {
        struct config_faults told_already = {0};
        struct config_faults *faults = r->faults;

        r->faults = &told_already;
        apply(r, entry, g, &f, &said);
        r->faults = faults;
        config_faults_fini(&told_already);
        key_fini(key_find(IN_FEED, STR("group")), &f);
    } else {
        feed_dup(base, &f);
    }
    f.group = group;
    f.id = claims_unique(&r->feed_ids, o->id);
    f.url = mem_strdup(o->url);
    f.place = (struct config_place){file, o->line, 1};
    feed_add(r, &f, &said);
}

static const char *keep_name(struct reader *r, const char *path)
{
    struct config_files *f = r->config->files;

    f->names = mem_grow(f->names, &f->cap, f->n + 1, sizeof *f->names);
    f->names[f->n] = mem_strdup(path);
    return f->names[f->n++];
}

static void file_read(struct reader *r, const struct node *entry, const struct node *at,
                      const char *path, const struct config_feed *base,
                      const struct said *said)
{
    struct strbuf bytes = {.max = OPML_MAX};
    const char *file = keep_name(r, path);
    struct opml opml = {0};
    struct stat st;
    struct err e;
    int rc;

    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        rc = err_set(&e, -EINVAL, "%s is not a regular file", path);
    else
        rc = os_read_file(path, OPML_MAX, &bytes, &e);

    (void)fault_file(r->faults, file);
    if (rc == 0) {
        rc = opml_read(strbuf_str(&bytes), &opml, &e);
        if (rc < 0)
            (void)err_wrap(&e, "%s", path);
    }
    strbuf_fini(&bytes);
    if (rc < 0) {
        fault_add(r->faults, &at->place, "'opml': %s", e.text);
        fault_hint(r->faults, "`newsmq import FILE` shows what is read");
        return;
    }
    for (size_t i = 0; i < opml.n_notes; i++)
        warning_add(r->faults, &(struct config_place){file, opml.notes[i].line, 1}, "%s",
                    opml.notes[i].text);
    for (size_t i = 0; i < opml.n_feeds; i++)
        add_outline(r, entry, file, &opml.feeds[i], base, said);
    opml_fini(&opml);
}

static void files_read(struct reader *r, const struct node *entry, const struct node *at,
                       const struct config_feed *base, const struct said *said)
{
    char *pattern = path_from(at->place.file, at->text);
    glob_t found = {0};

    sandbox_may_read_below(&r->config->reads, pattern);
    if (glob(pattern, 0, NULL, &found) != 0) {
        fault_add(r->faults, &at->place, "'opml': no file %s", pattern);
        fault_hint(r->faults, "names start from the folder of this file");
    } else {
        for (size_t i = 0; i < found.gl_pathc; i++)
            file_read(r, entry, at, found.gl_pathv[i], base, said);
    }
    globfree(&found);
    free(pattern);
}

void opml_entry_read(struct reader *r, const struct node *entry)
{
    static const char *const not_here[] = {"id", "url"};
    const struct node *at = node_find(entry, "opml"), *group = node_find(entry, "group");
    const struct group *g = NULL;
    struct config_feed base;
    struct said said;

    if (group != NULL && group->kind == NODE_SCALAR && !group->is_bad)
        g = group_find(r, group->text);
    apply(r, entry, g, &base, &said);
    for (size_t i = 0; i < ARRAY_LEN(not_here); i++) {
        const struct node *other = said_value(&said, IN_FEED, not_here[i]);

        if (other == NULL)
            continue;
        fault_add(r->faults, &other->place, "'%s' beside 'opml'", not_here[i]);
        fault_hint(r->faults, "the OPML gives its feeds their ids and URLs");
    }
    if (node_is_text(r, at, "'opml'"))
        files_read(r, entry, at, &base, &said);
    section_fini(IN_POLL, &base);
    section_fini(IN_FEED, &base);
}
