/* tokens: how the tokenizer agrees with corpora, and how fast it is.
   Usage: tokens [--differences] FILE.tsv…; a token a line, its tags behind a tab, an
   empty line between sentences. The tokens are joined to text as people write it, the
   text is read, and what is found is compared with what was given. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/tokens.h"

#define ROUNDS 5

struct given {
    size_t start, end;
    bool begins; /* a sentence */
};

struct corpus {
    struct strbuf text;
    struct given *list;
    size_t n, cap;
};

struct joiner {
    struct corpus *c;
    bool begins, glue; /* glue: no space in front of the next */
    bool quoted, single;
    bool ended; /* the sentence in front has its mark */
};

/* ---- text as people write it ---- */

static bool is_one_of(struct str s, const char *marks)
{
    return s.n == 1 && strchr(marks, *s.p) != NULL;
}

static bool is_clitic(struct str s)
{
    static const struct str list[] = {STR_INIT("'s"),  STR_INIT("n't"), STR_INIT("'re"),
                                      STR_INIT("'ve"), STR_INIT("'ll"), STR_INIT("'d"),
                                      STR_INIT("'m"),  STR_INIT("’s"),  STR_INIT("n’t")};

    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (str_eq_nocase(s, list[i]))
            return true;
    return false;
}

/* Quotes of one form: whether it opens is told by those in front. */
static bool opens_quote(struct joiner *j, struct str s, bool last, bool *ret_closes)
{
    bool *open = str_eq(s, STR("'")) ? &j->single : &j->quoted;
    bool opens = str_eq(s, STR("``")) || str_eq(s, STR("`")) || str_eq(s, STR("“")) ||
                 str_eq(s, STR("‘"));
    bool closes = str_eq(s, STR("''")) || str_eq(s, STR("”")) || str_eq(s, STR("’"));

    if (!opens && !closes && !str_eq(s, STR("\"")) && !str_eq(s, STR("'"))) {
        *ret_closes = false;
        return false;
    }
    if (!opens && !closes) {
        opens = j->begins || (!*open && !last);
        closes = !opens;
    }
    *open = opens;
    *ret_closes = closes;
    return opens;
}

/* last: of its sentence. */
static void join_token(struct joiner *j, struct str s, bool last)
{
    struct corpus *c = j->c;
    bool closes, opens = opens_quote(j, s, last, &closes);
    bool tight =
        closes || is_one_of(s, ",.;:?!)]}%") || str_eq(s, STR("...")) || is_clitic(s);

    if (str_eq(s, STR("``")) || str_eq(s, STR("''")))
        s = STR("\"");
    if (c->text.n > 0 && j->begins && !j->ended)
        strbuf_add_char(&c->text, '\n');
    else if (c->text.n > 0 && (j->begins || !(j->glue || tight)))
        strbuf_add_char(&c->text, ' ');
    c->list = mem_grow(c->list, &c->cap, c->n + 1, sizeof *c->list);
    c->list[c->n++] = (struct given){c->text.n, c->text.n + s.n, j->begins};
    if (strbuf_add(&c->text, s) < 0)
        exit(1);
    if (is_one_of(s, ".?!"))
        j->ended = true;
    else if (!closes && !is_one_of(s, ")"))
        j->ended = false;
    j->begins = false;
    j->glue = opens || is_one_of(s, "([{$#");
}

static void join_file(struct corpus *c, struct str rest)
{
    struct joiner j = {.c = c, .begins = true};

    while (rest.p != NULL && rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), token = str_cut(&line, '\t');

        if (str_eq(token, STR("-DOCSTART-"))) {
            j.ended = false;
        } else if (token.n > 0) {
            join_token(&j, token, rest.n == 0 || *rest.p == '\n');
            continue;
        }
        j.begins = true;
        j.quoted = j.single = false;
    }
}

/* ---- comparison ---- */

struct agreement {
    size_t tokens, sentences; /* found as given */
};

static void print_difference(const struct corpus *c, const struct tokens *t, size_t g,
                             size_t f)
{
    printf("  given");
    for (size_t i = g > 2 ? g - 2 : 0; i < c->n && i < g + 3; i++)
        printf(" " STR_FMT,
               STR_ARG(str_slice(t->text, c->list[i].start, c->list[i].end)));
    printf("   found");
    for (size_t i = f > 2 ? f - 2 : 0; i < t->n && i < f + 3; i++)
        printf("%s" STR_FMT,
               i > 0 && t->list[i].sentence != t->list[i - 1].sentence ? " || " : " ",
               STR_ARG(token_text(t, i)));
    putchar('\n');
}

static struct agreement compare(const struct corpus *c, const struct tokens *t, bool say)
{
    struct agreement a = {0};
    size_t f = 0;

    for (size_t g = 0; g < c->n; g++) {
        const struct given *w = &c->list[g];
        bool same, begins;

        while (f < t->n && t->list[f].start < w->start)
            f++;
        if (f == t->n)
            break;
        same = t->list[f].start == w->start && t->list[f].end == w->end;
        begins = f == 0 || t->list[f].sentence != t->list[f - 1].sentence;
        a.tokens += same;
        a.sentences += w->begins && begins && t->list[f].start == w->start;
        if (say && (!same || begins != w->begins))
            print_difference(c, t, g, f);
    }
    return a;
}

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void measure(const char *path, bool say)
{
    struct strbuf file = {.max = (size_t)256 << 20};
    struct corpus c = {.text = {.max = (size_t)256 << 20}};
    struct tokens t = {0};
    struct agreement a;
    struct err e;
    size_t given = 0, found = 0;
    double s;

    if (os_read_file(path, file.max, &file, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    join_file(&c, strbuf_str(&file));
    tokens_read(&t, strbuf_str(&c.text));
    s = cpu_seconds();
    for (int i = 0; i < ROUNDS; i++)
        tokens_read(&t, strbuf_str(&c.text));
    s = (cpu_seconds() - s) / ROUNDS;
    while (c.n > 0 && t.n == TOKENS_MAX && c.list[c.n - 1].end > t.list[t.n - 1].end)
        c.n--;
    a = compare(&c, &t, say);
    for (size_t i = 0; i < c.n; i++)
        given += c.list[i].begins;
    found = t.n_sentences;
    printf("%-28s %7zu tokens, %6.2f %% as given; %6zu sentences, R %6.2f %% P %6.2f %%; "
           "%5.1f M tokens/s\n",
           strlen(path) > 28 ? path + strlen(path) - 28 : path, c.n,
           100.0 * (double)a.tokens / (double)c.n, given,
           100.0 * (double)a.sentences / (double)given,
           100.0 * (double)a.sentences / (double)found, (double)t.n / s / 1e6);
    tokens_fini(&t);
    free(c.list);
    strbuf_fini(&c.text);
    strbuf_fini(&file);
}

int main(int argc, char **argv)
{
    bool say = argc > 1 && strcmp(argv[1], "--differences") == 0;

    if (argc < 2 + say) {
        fprintf(stderr, "usage: bench-tokens [--differences] FILE.tsv…\n");
        return 64;
    }
    for (int i = 1 + say; i < argc; i++)
        measure(argv[i], say);
    return 0;
}
