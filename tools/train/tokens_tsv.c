/* One article is one document: -DOCSTART-, the sentences of its title, those of its text;
   a token a line with its tag and its fine tag (IOB2), an empty line between sentences.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"
#include "newsmq/tokens.h"

#include "tokens_tsv.h"

struct name {
    size_t start, end; /* bytes */
    const char *fine;
    bool is_open; /* its first token was written */
};

struct writer {
    struct tokens tokens;
    struct name *names; /* of one text, in order */
    size_t n, cap;
    size_t all, faults;
    bool say_faults;
};

static const char *coarse_of(const char *fine)
{
    static const struct {
        const char *fine, *coarse;
    } table[] = {{"PER", "PER"},   {"ORG", "ORG"},     {"GPE", "LOC"},   {"LOC", "LOC"},
                 {"FAC", "LOC"},   {"EVENT", "EVENT"}, {"NORP", "MISC"}, {"LAW", "MISC"},
                 {"PROD", "MISC"}, {"WORK", "MISC"},   {"MISC", "MISC"}};

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (strcmp(fine, table[i].fine) == 0)
            return table[i].coarse;
    return NULL;
}

/* ---- names ---- */

static size_t bytes_of(struct str text, size_t at, size_t more)
{
    while (more-- > 0 && at < text.n) {
        size_t len;

        (void)utf8_decode(text.p + at, text.p + text.n, &len);
        at += len;
    }
    return at;
}

/* The mentions are sorted and do not overlap. */
static void read_names(struct writer *w, struct str text, const json_t *mentions)
{
    size_t i, at = 0, points = 0;
    json_t *m;

    w->n = 0;
    json_array_foreach(mentions, i, m)
    {
        size_t start = (size_t)json_integer_value(json_object_get(m, "start"));
        size_t end = (size_t)json_integer_value(json_object_get(m, "end"));
        struct name *name;

        if (start < points || end <= start)
            continue;
        w->names = mem_grow(w->names, &w->cap, w->n + 1, sizeof *w->names);
        name = &w->names[w->n++];
        *name = (struct name){.fine = json_string_value(json_object_get(m, "type"))};
        name->start = bytes_of(text, at, start - points);
        name->end = bytes_of(text, name->start, end - start);
        at = name->end;
        points = end;
    }
}

static void count_faults(struct writer *w)
{
    const struct tokens *t = &w->tokens;

    for (size_t i = 0; i < w->n; i++) {
        const struct name *n = &w->names[i];
        size_t from = tokens_find(t, n->start), to = tokens_find(t, n->end - 1);
        bool fits =
            to < t->n && t->list[from].start == n->start && t->list[to].end == n->end;

        w->all++;
        if (fits && t->list[from].sentence == t->list[to].sentence)
            continue;
        w->faults++;
        if (w->say_faults && to < t->n)
            fprintf(stderr, "\"" STR_FMT "\" in \"" STR_FMT "\"\n",
                    STR_ARG(str_slice(t->text, n->start, n->end)),
                    STR_ARG(tokens_slice(t, from > 2 ? from - 2 : 0,
                                         to + 3 < t->n ? to + 3 : t->n)));
    }
}

/* ---- writing ---- */

/* The name that has most of the token, from *next on; NULL: none. */
static struct name *name_of(struct writer *w, const struct token *k, size_t *next)
{
    while (*next < w->n && w->names[*next].end <= k->start)
        ++*next;
    for (size_t i = *next; i < w->n && w->names[i].start < k->end; i++) {
        struct name *n = &w->names[i];
        size_t from = n->start > k->start ? n->start : k->start;
        size_t to = n->end < k->end ? n->end : k->end;

        if ((to - from) * 2 > k->end - k->start)
            return n;
    }
    return NULL;
}

static void write_text(struct writer *w, struct str text, const json_t *mentions)
{
    const struct tokens *t = &w->tokens;
    size_t next = 0;

    tokens_read(&w->tokens, text);
    read_names(w, text, mentions);
    count_faults(w);
    for (size_t i = 0; i < t->n; i++) {
        struct name *n = name_of(w, &t->list[i], &next);
        const char *coarse = n != NULL && n->fine != NULL ? coarse_of(n->fine) : NULL;
        char iob;

        if (i > 0 && t->list[i].sentence != t->list[i - 1].sentence)
            putchar('\n');
        printf(STR_FMT, STR_ARG(token_text(t, i)));
        if (coarse == NULL) {
            puts("\tO\tO");
            continue;
        }
        iob = n->is_open ? 'I' : 'B';
        n->is_open = true;
        printf("\t%c-%s\t%c-%s\n", iob, coarse, iob, n->fine);
    }
    if (t->n > 0)
        putchar('\n');
}

static struct str text_of(const json_t *article, const char *key)
{
    const json_t *s = json_object_get(article, key);

    return (struct str){json_string_value(s), json_string_length(s)};
}

static int read_file(struct writer *w, const char *path)
{
    FILE *f = path != NULL ? fopen(path, "r") : stdin;
    char *line = NULL;
    size_t cap = 0;
    int bad = 0;

    if (f == NULL) {
        perror(path);
        return 1;
    }
    while (bad == 0 && getline(&line, &cap, f) > 0) {
        json_error_t why;
        json_t *article = json_loads(line, 0, &why);

        if (article == NULL) {
            fprintf(stderr, "%s: %s\n", path != NULL ? path : "stdin", why.text);
            bad = 1;
        } else {
            puts("-DOCSTART-\tO\tO\n");
            write_text(w, text_of(article, "title"),
                       json_object_get(article, "title_mentions"));
            write_text(w, text_of(article, "text"), json_object_get(article, "mentions"));
            json_decref(article);
        }
    }
    free(line);
    if (f != stdin)
        (void)fclose(f); /* only read */
    return bad;
}

int tokens_tsv(int argc, char **argv)
{
    struct writer w = {0};
    int i = 1, bad = 0;

    if (i < argc && strcmp(argv[i], "--faults") == 0) {
        w.say_faults = true;
        i++;
    }
    if (i == argc)
        bad = read_file(&w, NULL);
    for (; i < argc && bad == 0; i++)
        bad = read_file(&w, argv[i]);
    fprintf(stderr, "%zu of %zu names are not whole tokens of one sentence (%.2f %%)\n",
            w.faults, w.all, w.all > 0 ? 100.0 * (double)w.faults / (double)w.all : 0.0);
    free(w.names);
    tokens_fini(&w.tokens);
    return bad;
}
