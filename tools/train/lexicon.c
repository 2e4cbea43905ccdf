#include "lexicon.h"

#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "tagger/mix.h"
#include "tagger/words.h"

#define FILE_MAX ((size_t)1 << 30)

struct entries {
    struct table_entry *list;
    size_t n, cap;
};

static void entries_add(struct entries *x, uint64_t hash, uint32_t value)
{
    x->list = mem_grow(x->list, &x->cap, x->n + 1, sizeof *x->list);
    x->list[x->n++] = (struct table_entry){hash, value};
}

static int by_hash(const void *a, const void *b)
{
    const struct table_entry *x = a, *y = b;

    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* Entries of one hash become one, with the bits of all. */
static void entries_join(struct entries *x)
{
    size_t n = 0;

    if (x->n > 0)
        qsort(x->list, x->n, sizeof *x->list, by_hash);
    for (size_t i = 0; i < x->n; i++) {
        if (n > 0 && x->list[n - 1].hash == x->list[i].hash)
            x->list[n - 1].value |= x->list[i].value;
        else
            x->list[n++] = x->list[i];
    }
    x->n = n;
}

static void entries_end(struct entries *x, const char *section, struct parts *to)
{
    parts_set(to, section, table_make(x->list, x->n));
    free(x->list);
}

/* Calls fn with each line that is not empty. */
static int each_line(const char *path, void (*fn)(void *ctx, struct str line), void *ctx,
                     struct err *e)
{
    struct strbuf text = {.max = FILE_MAX};
    int rc = os_read_file(path, text.max, &text, e);
    struct str rest = strbuf_str(&text);

    while (rc == 0 && rest.p != NULL) {
        struct str line = str_cut(&rest, '\n');

        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n > 0)
            fn(ctx, line);
    }
    strbuf_fini(&text);
    return rc;
}

static int each_line_in(const char *folder, const char *name,
                        void (*fn)(void *ctx, struct str line), void *ctx, struct err *e)
{
    char *path = mem_printf("%s/%s", folder, name);
    int rc = each_line(path, fn, ctx, e);

    free(path);
    return rc;
}

/* ---- lists of the language ---- */

struct listing {
    struct entries entries;
    uint32_t bit;
};

static void list_line(void *ctx, struct str line)
{
    struct listing *l = ctx;

    entries_add(&l->entries, word_hash(line), l->bit);
}

static int make_lists(const char *folder, struct parts *to, struct err *e)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } files[] = {
        {"title.txt", LIST_TITLE},       {"org.txt", LIST_ORG},
        {"connects.txt", LIST_CONNECTS}, {"in.txt", LIST_IN},
        {"said.txt", LIST_SAID},         {"told.txt", LIST_TOLD},
        {"small.txt", LIST_SMALL},
    };
    struct listing l = {0};
    int rc = 0;

    for (size_t i = 0; folder != NULL && rc == 0 && i < ARRAY_LEN(files); i++) {
        l.bit = files[i].bit;
        rc = each_line_in(folder, files[i].name, list_line, &l, e);
    }
    entries_join(&l.entries);
    entries_end(&l.entries, "lists", to);
    return rc;
}

/* ---- forms that are the same ---- */

struct sames {
    struct entries entries;
    struct strbuf text;
};

static void same_line(void *ctx, struct str line)
{
    struct sames *s = ctx;
    struct str form = str_cut(&line, '\t');

    if (line.p == NULL || line.n == 0 || line.n > WORD_BYTES_MAX)
        return;
    entries_add(&s->entries, word_same_hash(form), (uint32_t)(s->text.n << 8 | line.n));
    (void)strbuf_add(&s->text, line); /* a few hundred bytes */
}

static int make_sames(const char *folder, struct parts *to, struct err *e)
{
    struct sames s = {.text = {.max = 1 << 20}};
    int rc = folder != NULL ? each_line_in(folder, "same.txt", same_line, &s, e) : 0;
    size_t n = s.text.n;

    entries_end(&s.entries, "same", to);
    (void)strbuf_add_char(&s.text, '\0');
    parts_set(to, "same_text", (struct str){strbuf_take(&s.text), n});
    return rc;
}

/* ---- words and their classes ---- */

struct wording {
    struct entries entries;
    uint32_t *classes;
    size_t n, cap, at;
    unsigned shift;
};

static void word_line(void *ctx, struct str line)
{
    struct wording *w = ctx;

    entries_add(&w->entries, word_hash(line), (uint32_t)w->n++);
}

static void class_line(void *ctx, struct str line)
{
    struct wording *w = ctx;
    uint64_t number = 0;

    if (w->at < w->n && str_to_u64(line, &number))
        w->classes[w->at++] |= (uint32_t)number << w->shift;
}

static int make_words(const char *folder, struct parts *to, struct err *e)
{
    static const struct {
        const char *name;
        unsigned shift;
    } files[] = {{"k64.txt", 0}, {"k512.txt", 6}, {"k2048.txt", 15}};
    struct wording w = {0};
    int rc = folder != NULL ? each_line_in(folder, "words.txt", word_line, &w, e) : 0;

    w.classes = mem_new_array(w.n + 1, sizeof *w.classes);
    for (size_t i = 0; folder != NULL && rc == 0 && i < ARRAY_LEN(files); i++) {
        w.at = 0;
        w.shift = files[i].shift;
        rc = each_line_in(folder, files[i].name, class_line, &w, e);
        if (rc == 0 && w.at != w.n)
            rc = err_set(e, ERR_FORMAT, "%s/%s: %zu classes for %zu words", folder,
                         files[i].name, w.at, w.n);
    }
    entries_end(&w.entries, "words", to);
    parts_set(to, "classes", (struct str){(char *)w.classes, w.n * sizeof *w.classes});
    return rc;
}

/* ---- gazetteers ---- */

static bool is_mark(char c)
{
    return c == ',' || c == '(' || c == ')' || c == '&' || c == ':';
}

/* The next token of a name, as texts are cut: marks alone, 's alone. */
static struct str next_token(struct str name, size_t *at)
{
    size_t from, to;

    while (*at < name.n && name.p[*at] == ' ')
        ++*at;
    from = *at;
    for (to = from; to < name.n && name.p[to] != ' '; to++) {
        if (is_mark(name.p[to])) {
            to += to == from;
            break;
        }
        if (to > from && name.p[to] == '\'' && to + 1 < name.n && name.p[to + 1] == 's' &&
            (to + 2 == name.n || name.p[to + 2] == ' '))
            break;
    }
    *at = to;
    return str_slice(name, from, to);
}

static void name_add(struct entries *x, struct str name, enum gaz kind)
{
    uint64_t hashes[GAZ_TOKENS], hash = GAZ_START;
    size_t n = 0, at = 0;

    for (struct str t = next_token(name, &at); t.n > 0; t = next_token(name, &at)) {
        if (n == GAZ_TOKENS)
            return;
        hash = mix(hash, word_key(t));
        hashes[n++] = hash;
    }
    for (size_t i = 0; i < n; i++)
        entries_add(x, hashes[i], i + 1 < n ? GAZ_GOES_ON : GAZ_BIT(kind));
}

static void names_line(void *ctx, struct str line)
{
    static const struct str kinds[GAZ_KINDS] = {
        [GAZ_COUNTRY] = STR_INIT("COUNTRY"), [GAZ_CITY_BIG] = STR_INIT("CITYBIG"),
        [GAZ_CITY] = STR_INIT("CITY"),       [GAZ_REGION] = STR_INIT("REGION"),
        [GAZ_PEOPLE] = STR_INIT("PEOPLE"),   [GAZ_FIRST] = STR_INIT("FIRST"),
        [GAZ_LAST] = STR_INIT("LAST"),       [GAZ_HUMAN] = STR_INIT("HUMAN"),
        [GAZ_KNOWN_PER] = STR_INIT("WNPER"), [GAZ_KNOWN_LOC] = STR_INIT("WNLOC"),
        [GAZ_KNOWN_ORG] = STR_INIT("WNORG"), [GAZ_KNOWN_EVENT] = STR_INIT("WNEVT"),
        [GAZ_ORG] = STR_INIT("ORG"),         [GAZ_ORG_INT] = STR_INIT("ORGINT"),
    };
    struct str kind = str_cut(&line, '\t');

    for (unsigned k = 0; line.p != NULL && k < GAZ_KINDS; k++)
        if (str_eq(kind, kinds[k]))
            name_add(ctx, line, (enum gaz)k);
}

static void phrases_line(void *ctx, struct str line)
{
    static const struct {
        struct str name;
        enum gaz is;
    } kinds[] = {
        {STR_INIT("city"), GAZ_CITY_BIG}, {STR_INIT("country"), GAZ_COUNTRY},
        {STR_INIT("people"), GAZ_PEOPLE}, {STR_INIT("province"), GAZ_REGION},
        {STR_INIT("org"), GAZ_ORG_INT},   {STR_INIT("region"), GAZ_KNOWN_LOC},
        {STR_INIT("town"), GAZ_CITY},     {STR_INIT("event"), GAZ_KNOWN_EVENT},
    };
    struct str kind = str_cut(&line, '\t'), name = str_cut(&line, '\t'),
               others = str_cut(&line, '\t');

    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        if (!str_eq(kind, kinds[k].name))
            continue;
        name_add(ctx, name, kinds[k].is);
        while (others.p != NULL)
            name_add(ctx, str_trim(str_cut(&others, ';')), kinds[k].is);
    }
}

static int make_gazetteer(const struct lexicon_sources *from, struct parts *to,
                          struct err *e)
{
    struct entries x = {0};
    int rc = from->names != NULL ? each_line(from->names, names_line, &x, e) : 0;

    if (rc == 0 && from->phrases != NULL)
        rc = each_line(from->phrases, phrases_line, &x, e);
    entries_join(&x);
    entries_end(&x, "gazetteer", to);
    return rc;
}

int lexicon_make(const struct lexicon_sources *from, struct parts *to, struct err *e)
{
    int rc = make_lists(from->lists, to, e);

    if (rc == 0)
        rc = make_sames(from->lists, to, e);
    if (rc == 0)
        rc = make_words(from->words, to, e);
    if (rc == 0)
        rc = make_gazetteer(from, to, e);
    return rc;
}
