#include <errno.h>
#include <stdlib.h>

#include "newsmq/os.h"

#include "map.h"
#include "names.h"
#include "terms.h"

#define FILE_MAX ((size_t)4 << 20)

/* Most words are none of the terms: a bit for each of 2^16 parts of the keys tells it
   without a look into the map. */
#define PARTS ((size_t)1 << 16)

struct terms {
    uint64_t parts[PARTS / 64];
    struct strbuf words, names; /* the files; names point into the second */
    struct map words_at;        /* keys of words to their place in bits */
    uint64_t *bits;             /* TERM_ … */
    size_t n_bits, cap_bits;
    struct map numbers; /* keys of names to their line */
    struct known *known;
    size_t n, cap;
};

static const struct {
    struct str kind;
    uint64_t bit;
} kinds[] = {{STR_INIT("male"), TERM_MALE},       {STR_INIT("female"), TERM_FEMALE},
             {STR_INIT("title"), TERM_TITLE},     {STR_INIT("kin"), TERM_KIN},
             {STR_INIT("he"), TERM_HE},           {STR_INIT("she"), TERM_SHE},
             {STR_INIT("they"), TERM_THEY},       {STR_INIT("junior"), TERM_JUNIOR},
             {STR_INIT("company"), TERM_COMPANY}, {STR_INIT("place"), TERM_PLACE},
             {STR_INIT("common"), TERM_COMMON},   {STR_INIT("say"), TERM_SAY},
             {STR_INIT("role"), TERM_ROLE},       {STR_INIT("man"), TERM_MAN},
             {STR_INIT("woman"), TERM_WOMAN},     {STR_INIT("law"), TERM_LAW},
             {STR_INIT("byline"), TERM_BYLINE},   {STR_INIT("family"), TERM_FAMILY},
             {STR_INIT("named"), TERM_NAMED},     {STR_INIT("between"), TERM_BETWEEN},
             {STR_INIT("or"), TERM_OR},           {STR_INIT("born"), TERM_BORN},
             {STR_INIT("alias"), TERM_ALIAS},     {STR_INIT("inc"), TERM_INC},
             {STR_INIT("body"), TERM_BODY},       {STR_INIT("town"), TERM_TOWN},
             {STR_INIT("land"), TERM_LAND},       {STR_INIT("site"), TERM_SITE},
             {STR_INIT("made"), TERM_MADE},       {STR_INIT("work"), TERM_WORK},
             {STR_INIT("article"), TERM_ARTICLE}, {STR_INIT("ends"), TERM_ENDS},
             {STR_INIT("honour"), TERM_HONOUR},   {STR_INIT("office"), TERM_OFFICE},
             {STR_INIT("field"), TERM_FIELD},     {STR_INIT("bond"), TERM_BOND},
             {STR_INIT("after"), TERM_AFTER},     {STR_INIT("folk"), TERM_FOLK},
             {STR_INIT("beast"), TERM_BEAST},     {STR_INIT("event"), TERM_EVENT},
             {STR_INIT("person"), TERM_PERSON}};

/* ---- files ---- */

static int read_data(const char *name, struct strbuf *out, struct err *e)
{
    char *path = os_data_path(name);
    int rc;

    if (path == NULL)
        return err_set(e, -ENOENT,
                       "data/%s is not found beside the program (../share/newsmq), where "
                       "it was installed (%s), or in $NEWSMQ_DATA",
                       name, NEWSMQ_DATADIR);
    out->max = FILE_MAX;
    rc = os_read_file(path, out->max, out, e);
    free(path);
    return rc;
}

static size_t part_of(uint64_t key)
{
    return (size_t)(key ^ key >> 32) & (PARTS - 1);
}

static void put(struct terms *t, uint64_t key, uint64_t bit)
{
    uint32_t at;

    t->parts[part_of(key) / 64] |= UINT64_C(1) << part_of(key) % 64;
    if (!map_get(&t->words_at, key, &at)) {
        at = (uint32_t)t->n_bits;
        t->bits = mem_grow(t->bits, &t->cap_bits, t->n_bits + 1, sizeof *t->bits);
        t->bits[t->n_bits++] = 0;
        map_put(&t->words_at, key, at);
    }
    t->bits[at] |= bit;
}

static int read_words(struct terms *t, struct str line, struct err *e)
{
    struct str kind = str_cut(&line, ' ');
    uint64_t bit = 0;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kind, kinds[i].kind))
            bit = kinds[i].bit;
    if (bit == 0)
        return err_set(e, ERR_FORMAT, "data/document/en.txt: no kind of words '%.20s'",
                       kind.n > 0 ? kind.p : "");
    while (line.p != NULL) {
        struct str word = str_cut(&line, ' ');

        if (word.n > 0)
            put(t, names_phrase(word), bit);
    }
    return 0;
}

static int read_names(struct terms *t, struct str line, struct err *e)
{
    struct str type = str_cut(&line, '\t'), name = str_cut(&line, '\t');
    struct known *k;
    unsigned i = ENTITY_PER;

    while (i < ENTITY_MISC &&
           !str_eq(type, str_of(entity_type_name((enum entity_type)i))))
        i++;
    if (line.p == NULL)
        return err_set(e, ERR_FORMAT, "data/document/known.tsv: a line has no names");
    t->known = mem_grow(t->known, &t->cap, t->n + 1, sizeof *t->known);
    k = &t->known[t->n];
    *k = (struct known){.type = (enum entity_type)i, .name = name};
    map_put(&t->numbers, names_phrase(name), (uint32_t)t->n);
    while (line.p != NULL)
        map_put(&t->numbers, names_phrase(str_cut(&line, ';')), (uint32_t)t->n);
    t->n++;
    return 0;
}

static int each_line(struct terms *t, const struct strbuf *file,
                     int (*fn)(struct terms *t, struct str line, struct err *e),
                     struct err *e)
{
    struct str rest = strbuf_str(file);
    int rc = 0;

    while (rc == 0 && rest.p != NULL) {
        struct str line = str_trim(str_cut(&rest, '\n'));

        if (line.n > 0 && line.p[0] != '#')
            rc = fn(t, line, e);
    }
    return rc;
}

int terms_open(struct terms **ret, struct err *e)
{
    struct terms *t = mem_new(sizeof *t);
    int rc = read_data("document/en.txt", &t->words, e);

    if (rc == 0)
        rc = each_line(t, &t->words, read_words, e);
    if (rc == 0)
        rc = read_data("document/known.tsv", &t->names, e);
    if (rc == 0)
        rc = each_line(t, &t->names, read_names, e);
    if (rc < 0) {
        terms_close(t);
        return rc;
    }
    *ret = t;
    return 0;
}

void terms_close(struct terms *t)
{
    if (t == NULL)
        return;
    strbuf_fini(&t->words);
    strbuf_fini(&t->names);
    map_fini(&t->words_at);
    free(t->bits);
    map_fini(&t->numbers);
    free(t->known);
    free(t);
}

uint64_t terms_of(const struct terms *t, uint64_t key)
{
    uint32_t at;

    if ((t->parts[part_of(key) / 64] >> part_of(key) % 64 & 1) == 0)
        return 0;
    return map_get(&t->words_at, key, &at) ? t->bits[at] : 0;
}

const struct known *terms_known(const struct terms *t, uint64_t key)
{
    uint32_t i;

    return map_get(&t->numbers, key, &i) ? &t->known[i] : NULL;
}
