/* A model is a head, a list of sections and the sections, each at a multiple of 64 bytes.
   Everything behind the checksum is covered by it. The bytes are those of a little-endian
   machine, and used as they lie in the file: all processes share the same pages. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "model.h"

#define MAGIC       "newsmq\rM" /* the \r shows a transfer as text */
#define BYTE_ORDER_ 0x01020304U
#define CHECKED_AT  offsetof(struct head, bytes)

struct head {
    char magic[8];
    uint32_t order, version;
    uint64_t checksum; /* xxh64 of all that follows */
    uint64_t bytes;    /* of the whole file */
    uint32_t n_sections, nothing;
    struct model_head is;
};

struct section {
    char name[MODEL_NAME_MAX];
    uint64_t at, bytes;
};

struct model {
    struct str bytes;
    bool mapped;
    char *path;
    const struct section *sections;
    size_t n;
    struct model_about about;
    char sha256[SHA256_TEXT_MAX];
};

/* ---- reading ---- */

static uint64_t checksum_of(struct str bytes)
{
    return hash_xxh64(str_slice(bytes, CHECKED_AT, bytes.n), 0);
}

static int check_head(struct str bytes, const char *path, struct head *ret, struct err *e)
{
    if (bytes.n >= sizeof *ret)
        memcpy(ret, bytes.p, sizeof *ret);
    if (bytes.n < sizeof *ret || memcmp(ret->magic, MAGIC, sizeof ret->magic) != 0)
        return err_set(e, ERR_FORMAT, "%s: is not a model of newsmq", path);
    if (ret->order != BYTE_ORDER_)
        return err_set(e, ERR_FORMAT,
                       "%s: was made for machines of another byte order; train it here",
                       path);
    if (ret->version != MODEL_VERSION)
        return err_set(e, ERR_FORMAT,
                       "%s: has version %u of the format, this program reads version %d; "
                       "take the model and the program of one release",
                       path, ret->version, MODEL_VERSION);
    if (ret->bytes != bytes.n)
        return err_set(e, ERR_FORMAT,
                       "%s: has %zu bytes and should have %llu; copy it again", path,
                       bytes.n, (unsigned long long)ret->bytes);
    if (ret->checksum != checksum_of(bytes))
        return err_set(e, ERR_FORMAT,
                       "%s: is damaged, its checksum differs; copy it again", path);
    return 0;
}

static bool is_text(const char text[MODEL_NAME_MAX])
{
    return memchr(text, '\0', MODEL_NAME_MAX) != NULL && text[0] != '\0';
}

static int check_sections(struct model *m, const struct head *head, struct err *e)
{
    size_t room = (m->bytes.n - sizeof *head) / sizeof(struct section);

    if (head->n_sections > MODEL_SECTIONS_MAX || head->n_sections > room ||
        !is_text(head->is.name) || !is_text(head->is.version) ||
        !is_text(head->is.language))
        return err_set(e, ERR_FORMAT, "%s: its head makes no sense", m->path);
    m->sections = (const struct section *)(const void *)(m->bytes.p + sizeof *head);
    m->n = head->n_sections;
    for (size_t i = 0; i < m->n; i++) {
        const struct section *s = &m->sections[i];

        if (!is_text(s->name) || s->at % MODEL_ALIGN != 0 || s->at > m->bytes.n ||
            s->bytes > m->bytes.n - s->at)
            return err_set(e, ERR_FORMAT, "%s: section %zu lies outside the file",
                           m->path, i + 1);
    }
    return 0;
}

static void set_about(struct model *m)
{
    const struct head *head = (const struct head *)(const void *)m->bytes.p;

    m->about = (struct model_about){
        .name = str_of(head->is.name),
        .version = str_of(head->is.version),
        .language = str_of(head->is.language),
        .sha256 = hash_sha256_text(&m->bytes, 1, m->sha256),
        .info = model_section(m, "info"),
    };
}

int model_read(struct str bytes, const char *path, struct model **ret, struct err *e)
{
    struct head head = {.version = 0};
    struct model *m;
    int rc = check_head(bytes, path, &head, e);

    if (rc < 0)
        return rc;
    m = mem_new(sizeof *m);
    m->bytes = bytes;
    m->path = mem_strdup(path);
    rc = check_sections(m, &head, e);
    if (rc < 0) {
        model_close(m);
        return rc;
    }
    set_about(m);
    *ret = m;
    return 0;
}

static int map_file(const char *path, struct str *ret, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p;
    int rc = 0;

    if (fd < 0 || fstat(fd, &st) < 0) {
        rc = err_set(e, -errno, "%s: the model cannot be opened: %s", path,
                     strerror(errno));
    } else if (!S_ISREG(st.st_mode) || st.st_size <= 0 ||
               (size_t)st.st_size > MODEL_BYTES_MAX) {
        rc = err_set(e, ERR_FORMAT, "%s: is not a model of newsmq", path);
    } else {
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
            rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
        else
            *ret = (struct str){p, (size_t)st.st_size};
    }
    if (fd >= 0)
        close(fd);
    return rc;
}

static void unmap(struct str bytes)
{
    (void)munmap((void *)bytes.p, bytes.n); /* what mmap gave */
}

int model_open(const char *path, struct model **ret, struct err *e)
{
    struct str bytes = {0};
    int rc = map_file(path, &bytes, e);

    if (rc < 0)
        return rc;
    rc = model_read(bytes, path, ret, e);
    if (rc < 0)
        unmap(bytes);
    else
        (*ret)->mapped = true;
    return rc;
}

void model_close(struct model *m)
{
    if (m == NULL)
        return;
    if (m->mapped)
        unmap(m->bytes);
    free(m->path);
    free(m);
}

const struct model_about *model_about(const struct model *m)
{
    return &m->about;
}

struct str model_section(const struct model *m, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->sections[i].name, name) == 0)
            return (struct str){m->bytes.p + m->sections[i].at,
                                (size_t)m->sections[i].bytes};
    return (struct str){0};
}

size_t model_sections(const struct model *m)
{
    return m->n;
}

const char *model_section_name(const struct model *m, size_t i)
{
    return m->sections[i].name;
}

int model_fault(const struct model *m, const char *section, const char *what,
                struct err *e)
{
    return err_set(e, ERR_FORMAT, "%s: section '%s' %s; train the model again", m->path,
                   section, what);
}

/* ---- writing ---- */

static size_t aligned(size_t n)
{
    return (n + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
}

void model_seal(char *bytes, size_t n)
{
    uint64_t sum;

    if (n < sizeof(struct head))
        return;
    sum = checksum_of((struct str){bytes, n});
    memcpy(bytes + offsetof(struct head, checksum), &sum, sizeof sum);
}

static struct str lay_out(const struct model_head *is, const struct model_part *parts,
                          size_t n)
{
    size_t first = aligned(sizeof(struct head) + n * sizeof(struct section)), at = first;
    struct head head = {.order = BYTE_ORDER_,
                        .version = MODEL_VERSION,
                        .n_sections = (uint32_t)n,
                        .is = *is};
    char *bytes;

    for (size_t i = 0; i < n; i++)
        at += aligned(parts[i].bytes.n);
    memcpy(head.magic, MAGIC, sizeof head.magic);
    head.bytes = at;
    bytes = mem_new(at);
    memcpy(bytes, &head, sizeof head);
    at = first;
    for (size_t i = 0; i < n; i++) {
        struct section s = {.at = at, .bytes = parts[i].bytes.n};

        memcpy(s.name, parts[i].name, sizeof s.name);
        memcpy(bytes + sizeof head + i * sizeof s, &s, sizeof s);
        if (s.bytes > 0)
            memcpy(bytes + at, parts[i].bytes.p, parts[i].bytes.n);
        at += aligned(parts[i].bytes.n);
    }
    model_seal(bytes, at);
    return (struct str){bytes, at};
}

int model_write(const char *path, const struct model_head *head,
                const struct model_part *parts, size_t n, struct err *e)
{
    char *beside = mem_printf("%s.new", path);
    struct str bytes = lay_out(head, parts, n);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int rc = 0;

    if (fd < 0)
        rc = err_set(e, -errno, "%s: %s", beside, strerror(errno));
    if (rc == 0)
        rc = os_write_all(fd, bytes, e);
    if (rc == 0 && rename(beside, path) < 0)
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    free((void *)bytes.p); /* lay_out made it */
    free(beside);
    return rc;
}
