/* Any bytes as a configuration: faults, or a configuration that prints and reads back. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "newsmq/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const extractors[] = {"language", "entities", NULL};
static const char *const outputs[] = {"jsonl", "stdout", NULL};
static const struct config_names names = {.extractors = extractors, .outputs = outputs};

static int load(const char *bytes, size_t n, struct config **ret)
{
    int fd = memfd_create("newsmq.yaml", 0);
    struct config_faults faults = {0};
    char path[64];
    int rc;

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
        abort();
    rc = config_load(path, &names, ret, &faults);
    for (size_t i = 0; i < faults.n; i++) {
        struct strbuf line = {.max = 1 << 16};

        if (config_fault_write(&faults.list[i], &line) < 0)
            abort();
        strbuf_fini(&line);
    }
    config_faults_fini(&faults);
    close(fd);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf text = {.max = 1 << 26}, diff = {.max = 1 << 26};
    struct config *c = NULL, *again = NULL;

    if (load((const char *)data, size, &c) < 0)
        return 0;
    if (config_print(c, &text) == 0) {
        if (load(text.p, text.n, &again) < 0 || again->n_feeds != c->n_feeds)
            abort();
        if (config_diff(c, c, &diff) < 0 || diff.n > 0)
            abort();
    }
    strbuf_fini(&text);
    strbuf_fini(&diff);
    config_free(c);
    config_free(again);
    return 0;
}
