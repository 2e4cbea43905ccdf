/* The other way: a configuration as OPML, and an OPML as YAML. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/opml.h"

static int add_escaped(struct strbuf *out, const char *text)
{
    int rc = 0;

    for (; rc == 0 && *text != '\0'; text++) {
        switch (*text) {
        case '&':
            rc = strbuf_add_text(out, "&amp;");
            break;
        case '<':
            rc = strbuf_add_text(out, "&lt;");
            break;
        case '"':
            rc = strbuf_add_text(out, "&quot;");
            break;
        default:
            rc = strbuf_add_char(out, *text);
        }
    }
    return rc;
}

static int by_group(const void *pa, const void *pb)
{
    const struct config_feed *a = *(const struct config_feed *const *)pa;
    const struct config_feed *b = *(const struct config_feed *const *)pb;
    int rc = strcmp(a->group != NULL ? a->group : "", b->group != NULL ? b->group : "");

    return rc != 0 ? rc : strcmp(a->id, b->id);
}

static int write_outline(const struct config_feed *f, struct strbuf *out)
{
    int rc =
        strbuf_addf(out, "%s<outline type=\"rss\" text=\"%s\" title=\"%s\" xmlUrl=\"",
                    f->group != NULL ? "      " : "    ", f->id, f->id);

    if (rc == 0)
        rc = add_escaped(out, f->url);
    return rc < 0 ? rc : strbuf_add_text(out, "\"/>\n");
}

int opml_write(const struct config *c, struct strbuf *out)
{
    const struct config_feed **feeds =
        mem_new_array(c->n_feeds, sizeof(struct config_feed *));
    const char *group = NULL;
    int rc;

    for (size_t i = 0; i < c->n_feeds; i++)
        feeds[i] = &c->feeds[i];
    qsort(feeds, c->n_feeds, sizeof(struct config_feed *), by_group);
    rc = strbuf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                              "<opml version=\"2.0\">\n  <head>\n"
                              "    <title>newsmq</title>\n  </head>\n  <body>\n");
    for (size_t i = 0; rc == 0 && i < c->n_feeds; i++) {
        const char *mine = feeds[i]->group;

        if (mine != NULL && (group == NULL || strcmp(group, mine) != 0)) {
            if (group != NULL)
                rc = strbuf_add_text(out, "    </outline>\n");
            if (rc == 0)
                rc = strbuf_addf(out, "    <outline text=\"%s\" title=\"%s\">\n", mine,
                                 mine);
            group = mine;
        }
        if (rc == 0)
            rc = write_outline(feeds[i], out);
    }
    if (rc == 0 && group != NULL)
        rc = strbuf_add_text(out, "    </outline>\n");
    free(feeds);
    return rc < 0 ? rc : strbuf_add_text(out, "  </body>\n</opml>\n");
}

/* A single-quoted scalar; "${" would be a variable and is doubled. */
static int add_quoted(struct strbuf *out, const char *text)
{
    int rc = strbuf_add_char(out, '\'');

    for (; rc == 0 && *text != '\0'; text++) {
        if (*text == '\'' || (*text == '$' && text[1] == '{'))
            rc = strbuf_add_char(out, *text);
        if (rc == 0)
            rc = strbuf_add_char(out, *text);
    }
    return rc < 0 ? rc : strbuf_add_char(out, '\'');
}

static int by_name(const void *pa, const void *pb)
{
    return strcmp(*(const char *const *)pa, *(const char *const *)pb);
}

static int write_groups(const struct opml *o, struct strbuf *out)
{
    const char **groups = mem_new_array(o->n_feeds, sizeof *groups);
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; i < o->n_feeds; i++)
        if (o->feeds[i].group != NULL)
            groups[n++] = o->feeds[i].group;
    qsort(groups, n, sizeof *groups, by_name);
    if (n > 0)
        rc = strbuf_add_text(out, "groups:\n");
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (i == 0 || strcmp(groups[i - 1], groups[i]) != 0)
            rc = strbuf_addf(out, "  %s: {}\n", groups[i]);
    if (rc == 0 && n > 0)
        rc = strbuf_add_char(out, '\n');
    free(groups);
    return rc;
}

static int write_feed(const struct opml_feed *f, struct strbuf *out)
{
    int rc =
        strbuf_addf(out, f->group != NULL ? "  - id: %s\n    url: " : "  - %s: ", f->id);

    if (rc == 0)
        rc = add_quoted(out, f->url);
    if (rc == 0 && f->group != NULL)
        rc = strbuf_addf(out, "\n    group: %s", f->group);
    return rc < 0 ? rc : strbuf_add_char(out, '\n');
}

int opml_write_yaml(const struct opml *o, struct strbuf *out)
{
    int rc = write_groups(o, out);

    if (rc == 0)
        rc = strbuf_add_text(out, o->n_feeds > 0 ? "feeds:\n" : "feeds: []\n");
    for (size_t i = 0; rc == 0 && i < o->n_feeds; i++)
        rc = write_feed(&o->feeds[i], out);
    return rc;
}
