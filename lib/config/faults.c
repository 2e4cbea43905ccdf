#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "faults.h"

#define FAULTS_MAX    1000
#define FAULT_TEXT    600
#define NO_FILE_ORDER ((size_t)-1)

const char *fault_file(struct config_faults *f, const char *file)
{
    for (size_t i = f->n_files; i > 0; i--)
        if (strcmp(f->files[i - 1], file) == 0)
            return f->files[i - 1];
    f->files = mem_grow(f->files, &f->files_cap, f->n_files + 1, sizeof *f->files);
    f->files[f->n_files] = mem_strdup(file);
    return f->files[f->n_files++];
}

__attribute__((format(printf, 4, 0))) static void add(struct config_faults *f,
                                                      const struct config_place *at,
                                                      bool is_warning, const char *fmt,
                                                      va_list ap)
{
    char text[FAULT_TEXT];
    struct config_fault *fault;

    if (f->n >= FAULTS_MAX) {
        f->left_out++;
        return;
    }
    (void)vsnprintf(text, sizeof text, fmt, ap); /* cut to fit is good enough here */
    f->list = mem_grow(f->list, &f->cap, f->n + 1, sizeof *f->list);
    fault = &f->list[f->n++];
    *fault = (struct config_fault){
        .place = {fault_file(f, at->file), at->line, at->column},
        .text = mem_strdup(text),
        .hint = mem_strdup(""),
        .is_warning = is_warning,
    };
    if (is_warning)
        f->n_warnings++;
}

void fault_add(struct config_faults *f, const struct config_place *at, const char *fmt,
               ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(f, at, false, fmt, ap);
    va_end(ap);
}

void warning_add(struct config_faults *f, const struct config_place *at, const char *fmt,
                 ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(f, at, true, fmt, ap);
    va_end(ap);
}

void fault_hint(struct config_faults *f, const char *fmt, ...)
{
    char text[FAULT_TEXT];
    va_list ap;

    if (f->n == 0 || f->left_out > 0)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    free(f->list[f->n - 1].hint);
    f->list[f->n - 1].hint = mem_strdup(text);
}

static size_t order_of(const struct config_faults *f, const char *file)
{
    for (size_t i = 0; i < f->n_files; i++)
        if (f->files[i] == file)
            return i;
    return NO_FILE_ORDER;
}

static int by_place(const void *pa, const void *pb, void *ctx)
{
    const struct config_place *a = &((const struct config_fault *)pa)->place;
    const struct config_place *b = &((const struct config_fault *)pb)->place;

    if (a->file != b->file)
        return order_of(ctx, a->file) < order_of(ctx, b->file) ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

void faults_sort(struct config_faults *f)
{
    if (f->n > 1)
        qsort_r(f->list, f->n, sizeof *f->list, by_place, f);
}

void config_faults_fini(struct config_faults *f)
{
    for (size_t i = 0; i < f->n; i++) {
        free(f->list[i].text);
        free(f->list[i].hint);
    }
    free(f->list);
    for (size_t i = 0; i < f->n_files; i++)
        free(f->files[i]);
    free(f->files);
    *f = (struct config_faults){0};
}

int config_fault_write(const struct config_fault *f, struct strbuf *out)
{
    int rc = f->place.line > 0 ? strbuf_addf(out, "%s:%u:%u: ", f->place.file,
                                             f->place.line, f->place.column)
                               : strbuf_addf(out, "%s: ", f->place.file);

    if (rc == 0)
        rc = strbuf_addf(out, "%s%s", f->is_warning ? "warning: " : "", f->text);
    if (rc == 0 && f->hint[0] != '\0')
        rc = strbuf_addf(out, " (%s)", f->hint);
    return rc;
}
