#include <errno.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"

#include "drain_cost.h"

void drain_cost_add(struct drain_cost *c, size_t bytes, struct mono from, struct mono to)
{
    c->n_writes++;
    c->bytes += bytes;
    c->ns += to.ns - from.ns;
}

/* Of a path that has names in it which are made later, the part that is there counts. */
static bool read_disk(const char *path, struct statvfs *ret)
{
    char *part = mem_strdup(path);
    int rc;

    while ((rc = statvfs(part, ret)) < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        char *slash = strrchr(part, '/');

        if (slash == NULL || slash == part)
            break;
        *slash = '\0';
    }
    if (rc < 0 && path[0] != '/')
        rc = statvfs(".", ret);
    free(part);
    return rc == 0;
}

static void write_cost(const struct drain_cost *c, const char *path, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);
    struct statvfs fs;

    jsonw_object(&j);
    jsonw_member_u64(&j, "writes", c->n_writes);
    jsonw_member_u64(&j, "bytes", c->bytes);
    jsonw_key(&j, "seconds");
    jsonw_f(&j, (double)c->ns / 1e9, 9);
    if (path != NULL && read_disk(path, &fs)) {
        jsonw_member_u64(&j, "disk_free_bytes", (uint64_t)fs.f_bavail * fs.f_frsize);
        jsonw_member_u64(&j, "disk_size_bytes", (uint64_t)fs.f_blocks * fs.f_frsize);
    }
    jsonw_object_end(&j);
}

void drain_cost_tell(struct drain_cost *c, const char *path, struct bus *b)
{
    struct strbuf out = {.max = 1024};

    write_cost(c, path, &out);
    if (bus_report(b, strbuf_str(&out)) == 0)
        *c = (struct drain_cost){0};
    strbuf_fini(&out);
}
