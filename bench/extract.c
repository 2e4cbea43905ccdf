/* extract: how fast the extractors read. Usage: extract FILE [ROUNDS]; the text of FILE
   is run through each extractor alone and through all, as one item. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void run(const char *what, struct config_extractor *list, size_t n,
                const struct item *it, size_t rounds)
{
    struct chain *c = NULL;
    struct result r = {0};
    struct strbuf nlp = {.max = (size_t)1 << 26};
    struct err e;
    double s;

    if (chain_open(list, n, &c, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    s = cpu_seconds();
    for (size_t i = 0; i < rounds; i++) {
        chain_run(c, it, &r);
        strbuf_reset(&nlp);
        if (result_write_nlp(&r, it, &nlp, &e) < 0) {
            fprintf(stderr, "%s\n", e.text);
            exit(1);
        }
    }
    s = cpu_seconds() - s;
    printf("%-12s %9.0f items/s %8.1f MB/s, %zu entities\n", what, (double)rounds / s,
           (double)(rounds * it->content_text.n) / s / 1e6, r.n_entities);
    chain_close(c);
    result_fini(&r);
    strbuf_fini(&nlp);
}

int main(int argc, char **argv)
{
    struct config_extractor list[16] = {0};
    struct strbuf text = {.max = (size_t)64 << 20};
    struct item it = {0};
    struct err e;
    size_t n = 0, rounds = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 2000;

    if (argc < 2 || os_read_file(argv[1], text.max, &text, &e) < 0) {
        fprintf(stderr, "usage: bench-extract FILE [ROUNDS]\n");
        return 64;
    }
    it.content_text = strbuf_str(&text);
    for (; extractors[n] != NULL && n < ARRAY_LEN(list); n++) {
        list[n].name = mem_strdup(extractors[n]->name);
        run(list[n].name, &list[n], 1, &it, rounds);
    }
    run("all", list, n, &it, rounds);
    for (size_t i = 0; i < n; i++)
        free(list[i].name);
    strbuf_fini(&text);
    return 0;
}
