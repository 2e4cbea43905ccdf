#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "newsmq/clock.h"
#include "newsmq/extractor.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/tokens.h"

static const char help[] =
    "usage: bench-extract [options] TEXTS [SECONDS]\n"
    "How fast texts become the JSON of what was found in them, on one core. TEXTS is "
    "one\n"
    "text, or JSON Lines with title and text (tools/train/articles.py), read one after\n"
    "the other until the seconds (3) are over. Starting up is not counted.\n"
    "  -c FILE      the configuration whose extractors run; without, all with defaults\n"
    "  --rounds N   through all texts so often, instead of seconds: the same work each\n"
    "               time, to count instructions. Two counts tell that of one round\n"
    "  --help       this text\n";

#define EXTRACTORS_MAX 16

struct texts {
    struct arena arena;
    struct item *list;
    size_t n, cap;
    size_t bytes, tokens; /* of all */
};

struct timing {
    const char *name;
    double ms;
};

struct asked {
    const char *config, *texts; /* config: NULL for the defaults */
    double seconds;
    unsigned long rounds; /* 0: until the seconds are over */
};

static void quit(const char *what)
{
    fprintf(stderr, "bench-extract: %s\n", what);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- texts ---- */

static void add_text(struct texts *x, const char *title, const char *text)
{
    struct tokens t = {0};
    struct item *it;

    x->list = mem_grow(x->list, &x->cap, x->n + 1, sizeof *x->list);
    it = &x->list[x->n++];
    *it = (struct item){.title = arena_dup(&x->arena, str_of(title)),
                        .content_text = arena_dup(&x->arena, str_of(text))};
    x->bytes += it->title.n + it->content_text.n;
    tokens_read(&t, it->title);
    x->tokens += t.n;
    tokens_read(&t, it->content_text);
    x->tokens += t.n;
    tokens_fini(&t);
}

static void read_texts(struct texts *x, const char *path)
{
    struct strbuf file = {.max = (size_t)64 << 20};
    struct err e;
    struct str rest;

    if (os_read_file(path, file.max, &file, &e) < 0)
        quit(e.text);
    rest = strbuf_str(&file);
    if (rest.n == 0 || *rest.p != '{')
        add_text(x, NULL, strbuf_cstr(&file));
    while (rest.p != NULL && rest.n > 0 && *rest.p == '{') {
        struct str line = str_cut(&rest, '\n');
        json_t *j = json_loadb(line.p, line.n, 0, NULL);

        if (j == NULL)
            quit("a line is no JSON");
        add_text(x, json_string_value(json_object_get(j, "title")),
                 json_string_value(json_object_get(j, "text")));
        json_decref(j);
    }
    strbuf_fini(&file);
}

static void free_texts(struct texts *x)
{
    arena_fini(&x->arena);
    free(x->list);
}

/* ---- extractors ---- */

static struct config *read_config(const char *path)
{
    struct config_faults faults = {0};
    struct config *c = NULL;

    if (config_load(path, &(struct config_names){0}, &c, &faults) < 0)
        quit("the configuration has faults; newsmq check tells them");
    config_faults_fini(&faults);
    return c;
}

static struct chain *open_chain(const struct config *config)
{
    struct chain *c = NULL;
    struct err e;

    if (chain_open(config->extractors, config->n_extractors, &c, &e) < 0)
        quit(e.text);
    return c;
}

static void add_timings(struct timing *list, const struct result *r)
{
    for (size_t i = 0; i < r->n_runs && i < EXTRACTORS_MAX; i++) {
        list[i].name = r->runs[i].name;
        list[i].ms += r->runs[i].duration_ms;
    }
}

/* From /proc/self/status, in KiB; 0 when it is not told. */
static unsigned long memory_kib(const char *key)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long kib = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtoul(line + strlen(key), NULL, 10);
    if (f != NULL)
        (void)fclose(f); /* only read */
    return kib;
}

static double write_nlp(const struct result *r, const struct item *it, struct strbuf *nlp)
{
    struct mono from = clock_mono();
    struct err e;

    strbuf_reset(nlp);
    if (result_write_nlp(r, it, nlp, &e) < 0)
        quit(e.text);
    return (double)(clock_mono().ns - from.ns) / 1e6;
}

static void print_shares(const struct timing *list, double json_ms)
{
    double all_ms = json_ms;

    for (size_t i = 0; i < EXTRACTORS_MAX; i++)
        all_ms += list[i].ms;
    for (size_t i = 0; i < EXTRACTORS_MAX && list[i].name != NULL; i++)
        printf("%-10s %5.1f %%\n", list[i].name, 100 * list[i].ms / all_ms);
    printf("%-10s %5.1f %%\n", "to JSON", 100 * json_ms / all_ms);
}

static void run(struct chain *c, const struct texts *x, const struct asked *asked)
{
    struct timing timings[EXTRACTORS_MAX] = {0};
    struct strbuf nlp = {.max = (size_t)1 << 26};
    struct result r = {0};
    size_t entities = 0, rounds = 0;
    double from = cpu_seconds(), s, json_ms = 0;

    do {
        for (size_t i = 0; i < x->n; i++) {
            chain_run(c, &x->list[i], &r);
            json_ms += write_nlp(&r, &x->list[i], &nlp);
            entities += r.n_entities;
            add_timings(timings, &r);
        }
        rounds++;
        s = cpu_seconds() - from;
    } while (asked->rounds > 0 ? rounds < asked->rounds : s < asked->seconds);
    printf("%.0f tokens/s, %.0f items/s, %.2f MB/s; %zu entities in %zu texts of %zu "
           "tokens\n",
           (double)(rounds * x->tokens) / s, (double)(rounds * x->n) / s,
           (double)(rounds * x->bytes) / s / 1e6, entities / rounds, x->n, x->tokens);
    print_shares(timings, json_ms);
    printf("memory %.1f MiB, private %.1f MiB\n", (double)memory_kib("VmHWM:") / 1024,
           (double)memory_kib("RssAnon:") / 1024);
    result_fini(&r);
    strbuf_fini(&nlp);
}

static int usage(void)
{
    fputs(help, stderr);
    return 64;
}

static int read_asked(int argc, char **argv, struct asked *ret)
{
    int at = 1;

    *ret = (struct asked){.seconds = 3};
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        if (strcmp(argv[at], "-c") == 0)
            ret->config = argv[at + 1];
        else if (strcmp(argv[at], "--rounds") == 0)
            ret->rounds = strtoul(argv[at + 1], NULL, 10);
        else
            return usage();
    }
    if (at >= argc || argv[at][0] == '-' || argc > at + 2)
        return usage();
    ret->texts = argv[at];
    if (at + 1 < argc)
        ret->seconds = strtod(argv[at + 1], NULL);
    return 0;
}

int main(int argc, char **argv)
{
    struct config *config;
    struct texts x = {0};
    struct asked asked;
    struct chain *c;

    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (read_asked(argc, argv, &asked) != 0)
        return 64;
    read_texts(&x, asked.texts);
    config = asked.config != NULL ? read_config(asked.config) : config_default();
    c = open_chain(config);
    run(c, &x, &asked);
    chain_close(c);
    config_free(config);
    free_texts(&x);
    return 0;
}
