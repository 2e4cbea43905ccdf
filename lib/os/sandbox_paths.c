#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/sandbox.h"

/* "a/b/" and "a/b" are the same folder; the caller frees. */
static char *tidy(const char *path)
{
    size_t n = strlen(path);

    while (n > 1 && path[n - 1] == '/')
        n--;
    return mem_dup((struct str){path, n});
}

/* Whether path is at or below one of the list. */
static bool is_inside(char *const *list, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i]);

        if (strncmp(list[i], path, len) == 0 && (path[len] == '\0' || path[len] == '/'))
            return true; /* "/" holds nothing but itself: it is never opened */
    }
    return false;
}

static void add(char ***list, size_t *n, size_t *cap, char *path)
{
    if (is_inside(*list, *n, path)) {
        free(path);
        return;
    }
    *list = mem_grow(*list, cap, *n + 1, sizeof **list);
    (*list)[(*n)++] = path;
}

void sandbox_may_read(struct sandbox_paths *p, const char *path)
{
    if (path != NULL && path[0] != '\0')
        add(&p->read, &p->n_read, &p->cap_read, tidy(path));
}

/* The folder that the file at path is in, or the file itself when that is "/", which
   would be all there is; the caller frees. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return mem_strdup(".");
    return slash > path ? mem_dup((struct str){path, (size_t)(slash - path)})
                        : mem_strdup(path);
}

void sandbox_may_read_beside(struct sandbox_paths *p, const char *path)
{
    char *target = path != NULL ? realpath(path, NULL) : NULL;

    if (path != NULL)
        add(&p->read, &p->n_read, &p->cap_read, folder_of(path));
    if (target != NULL)
        add(&p->read, &p->n_read, &p->cap_read, folder_of(target));
    free(target);
}

/* "/srv/%Y/x" → "/srv"; the caller frees. */
static char *fixed_part(const char *pattern)
{
    char *head = mem_dup((struct str){pattern, strcspn(pattern, "*?[%")});
    char *folder = folder_of(head);

    free(head);
    return folder;
}

void sandbox_may_read_below(struct sandbox_paths *p, const char *pattern)
{
    if (pattern != NULL)
        add(&p->read, &p->n_read, &p->cap_read, fixed_part(pattern));
}

void sandbox_may_write(struct sandbox_paths *p, const char *path)
{
    if (path != NULL && path[0] != '\0')
        add(&p->write, &p->n_write, &p->cap_write, tidy(path));
}

void sandbox_may_write_below(struct sandbox_paths *p, const char *pattern)
{
    if (pattern != NULL)
        add(&p->write, &p->n_write, &p->cap_write, fixed_part(pattern));
}

static bool has_port(const uint16_t *ports, size_t n, uint16_t port)
{
    for (size_t i = 0; i < n; i++)
        if (ports[i] == port)
            return true;
    return false;
}

static void add_port(uint16_t **list, size_t *n, size_t *cap, uint16_t port)
{
    if (has_port(*list, *n, port))
        return;
    *list = mem_grow(*list, cap, *n + 1, sizeof **list);
    (*list)[(*n)++] = port;
}

void sandbox_may_bind(struct sandbox_paths *p, uint16_t port)
{
    add_port(&p->bind, &p->n_bind, &p->cap_bind, port);
}

void sandbox_may_connect(struct sandbox_paths *p, uint16_t port)
{
    add_port(&p->connect, &p->n_connect, &p->cap_connect, port);
}

void sandbox_paths_fini(struct sandbox_paths *p)
{
    for (size_t i = 0; i < p->n_read; i++)
        free(p->read[i]);
    for (size_t i = 0; i < p->n_write; i++)
        free(p->write[i]);
    free(p->read);
    free(p->write);
    free(p->bind);
    free(p->connect);
    *p = (struct sandbox_paths){0};
}

const char *sandbox_paths_miss(const struct sandbox_paths *p,
                               const struct sandbox_paths *more)
{
    for (size_t i = 0; i < more->n_write; i++)
        if (!is_inside(p->write, p->n_write, more->write[i]))
            return more->write[i];
    for (size_t i = 0; i < more->n_read; i++)
        if (!is_inside(p->read, p->n_read, more->read[i]) &&
            !is_inside(p->write, p->n_write, more->read[i]))
            return more->read[i];
    for (size_t i = 0; i < more->n_bind; i++)
        if (!has_port(p->bind, p->n_bind, more->bind[i]))
            return "";
    for (size_t i = 0; i < more->n_connect && !p->connects_anywhere; i++)
        if (!has_port(p->connect, p->n_connect, more->connect[i]))
            return "";
    return more->connects_anywhere && !p->connects_anywhere ? "" : NULL;
}
