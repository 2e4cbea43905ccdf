/* test_hub.h - the real newsmq-hub in a temporary folder, for unit tests of its peers */
#ifndef NEWSMQ_TESTS_TEST_HUB_H
#define NEWSMQ_TESTS_TEST_HUB_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/mem.h"

struct test_hub {
    char folder[64], config_path[96];
    struct config *config;
    pid_t pid;
};

static void test_hub_start(struct test_hub *h)
{
    char *answer = NULL;
    struct err e = {0};

    h->pid = fork();
    if (h->pid == 0) {
        char log[96];

        (void)snprintf(log, sizeof log, "%s/hub.log", h->folder);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing */
        if (freopen(log, "a", stderr) != NULL &&
            freopen("/dev/null", "w", stdout) != NULL)
            execl(TEST_BIN "/newsmq-hub", "newsmq-hub", "-c", h->config_path,
                  (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 1000; i++) { /* a call gives up early when nobody listens */
        if (bus_call(&h->config->bus, "status", "{}", 1000, &answer, &e) == 0)
            break;
        usleep(20000);
    }
    if (answer == NULL)
        fprintf(stderr, "the hub does not start: %s\n", e.text);
    free(answer);
}

/* more: lines for bus:, each with its end of line */
static void test_hub_make(struct test_hub *h, const char *more)
{
    struct config_names names = {0};
    struct config_faults faults = {0};
    FILE *f;

    (void)snprintf(h->folder, sizeof h->folder, "/tmp/nmq-XXXXXX");
    if (mkdtemp(h->folder) == NULL)
        abort();
    (void)snprintf(h->config_path, sizeof h->config_path, "%s/newsmq.yaml", h->folder);
    f = fopen(h->config_path, "w");
    if (f == NULL)
        abort();
    fprintf(f,
            "version: 1\nfeeds:\n  - a: https://news.example.org/a.xml\nbus:\n"
            "  dir: %s\n  ping: 200ms\n  heartbeat: 200ms\n"
            "  lease: 2s\n%sstate:\n  path: %s/state\n",
            h->folder, more, h->folder);
    fclose(f);
    if (config_load(h->config_path, &names, &h->config, &faults) < 0)
        fprintf(stderr, "%s\n", faults.list[0].text);
    config_faults_fini(&faults);
    test_hub_start(h);
}

static inline void test_hub_kill(struct test_hub *h)
{
    if (h->pid <= 0)
        return;
    (void)kill(h->pid, SIGKILL);
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    h->pid = 0;
}

static inline void test_hub_remove(struct test_hub *h)
{
    char *command = mem_printf("rm -rf %s", h->folder);

    test_hub_kill(h);
    config_free(h->config);
    if (system(command) != 0) /* a test's own folder */
        fprintf(stderr, "cannot remove %s\n", h->folder);
    free(command);
}

#endif
