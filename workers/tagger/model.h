/* model.h - the one file with all that was learned: sections of bytes, mapped read-only
   and shared by all processes that opened it. docs/models.md describes the bytes. */
#ifndef NEWSMQ_WORKERS_TAGGER_MODEL_H
#define NEWSMQ_WORKERS_TAGGER_MODEL_H

#include "newsmq/err.h"
#include "newsmq/hash.h"
#include "newsmq/str.h"

#define MODEL_VERSION      1
#define MODEL_NAME_MAX     32 /* with its NUL */
#define MODEL_ALIGN        64 /* of sections */
#define MODEL_SECTIONS_MAX 64
#define MODEL_BYTES_MAX    ((size_t)1 << 30)

struct model;

struct model_about {
    struct str name, version, language; /* "news-en", "1", "en" */
    const char *sha256;                 /* of the file, "sha256:…" */
    struct str info;                    /* provenance, JSON; absent when there is none */
};

/* Checks the whole file; an error names it and says what to do. */
int model_open(const char *path, struct model **ret, struct err *e);
/* The same of bytes in memory (aligned to MODEL_ALIGN), borrowed as long as the model. */
int model_read(struct str bytes, const char *path, struct model **ret, struct err *e);
void model_close(struct model *m);
const struct model_about *model_about(const struct model *m); /* as long as the model */

/* Absent when the model has no such section. Valid as long as the model. */
struct str model_section(const struct model *m, const char *name);
size_t model_sections(const struct model *m);
const char *model_section_name(const struct model *m, size_t i);
/* For whoever finds a section too short or of other values: sets and wraps e. */
int model_fault(const struct model *m, const char *section, const char *what,
                struct err *e);

/* ---- writing ---- */

struct model_part {
    char name[MODEL_NAME_MAX];
    struct str bytes;
};

struct model_head {
    char name[MODEL_NAME_MAX], version[MODEL_NAME_MAX], language[MODEL_NAME_MAX];
};

int model_write(const char *path, const struct model_head *head,
                const struct model_part *parts, size_t n, struct err *e);
/* Sets the checksum in the bytes of a model to what it should be. */
void model_seal(char *bytes, size_t n);

/* ---- hash tables in sections: 64-bit hash to 32-bit value ---- */

struct table {
    const uint64_t *slots; /* value in the low half, part of the hash in the high half */
    uint64_t n;
    uint32_t probes; /* no entry is farther from its place */
};

int table_open(const struct model *m, const char *section, struct table *ret,
               struct err *e);

static inline uint64_t table_place(uint64_t hash, uint64_t n)
{
    return (hash >> 32) * n >> 32;
}

/* False when there is none; two hashes in 2^32 may be taken for one another. */
static inline bool table_get(const struct table *t, uint64_t hash, uint32_t *ret)
{
    uint64_t check = hash << 32 | UINT64_C(1) << 32, i = table_place(hash, t->n);

    for (uint32_t k = 0; k < t->probes; k++) {
        uint64_t slot = t->slots[i];

        if (slot >> 32 == check >> 32) {
            *ret = (uint32_t)slot;
            return true;
        }
        if (slot == 0)
            return false;
        if (++i == t->n)
            i = 0;
    }
    return false;
}

struct table_entry {
    uint64_t hash;
    uint32_t value;
};

/* The bytes of a section; the caller frees them. Of equal hashes the last counts. */
struct str table_make(const struct table_entry *entries, size_t n);

#endif
