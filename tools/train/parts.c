#include "parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

static void set_text(char text[MODEL_NAME_MAX], struct str s)
{
    if (text[0] == '\0')
        (void)snprintf(text, MODEL_NAME_MAX, STR_FMT, STR_ARG(s)); /* cut to fit */
}

static void drop(struct model_part *part)
{
    free((char *)(uintptr_t)part->bytes.p); /* from the heap: parts_set */
    part->bytes = (struct str){0};
}

void parts_set(struct parts *p, const char *name, struct str bytes)
{
    size_t i = 0;

    while (i < p->n && strcmp(p->list[i].name, name) != 0)
        i++;
    if (i == MODEL_SECTIONS_MAX)
        abort(); /* only ours are set */
    if (i == p->n)
        p->list[p->n++] = (struct model_part){0};
    drop(&p->list[i]);
    (void)snprintf(p->list[i].name, sizeof p->list[i].name, "%s", name);
    p->list[i].bytes = bytes;
}

static bool has(const struct parts *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->list[i].name, name) == 0)
            return true;
    return false;
}

static int read_model(struct parts *p, const char *path, bool below, struct err *e)
{
    struct model *m;
    int rc = model_open(path, &m, e);

    if (rc < 0)
        return rc;
    set_text(p->head.name, model_about(m)->name);
    set_text(p->head.version, model_about(m)->version);
    set_text(p->head.language, model_about(m)->language);
    for (size_t i = 0; i < model_sections(m); i++) {
        const char *name = model_section_name(m, i);
        struct str bytes = model_section(m, name);
        char *copy;

        if (below && has(p, name))
            continue;
        copy = mem_new(bytes.n > 0 ? bytes.n : 1);
        if (bytes.n > 0)
            memcpy(copy, bytes.p, bytes.n);
        parts_set(p, name, (struct str){copy, bytes.n});
    }
    model_close(m);
    return 0;
}

int parts_read(struct parts *p, const char *path, struct err *e)
{
    return read_model(p, path, false, e);
}

int parts_read_below(struct parts *p, const char *path, struct err *e)
{
    return read_model(p, path, true, e);
}

int parts_write(const struct parts *p, const char *path, struct err *e)
{
    return model_write(path, &p->head, p->list, p->n, e);
}

void parts_fini(struct parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        drop(&p->list[i]);
    p->n = 0;
}
