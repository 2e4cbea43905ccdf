/* newsmq - the tool a person types: finds the subcommand and hands over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/startup.h"

#include "cli/command.h"

static const char *const groups[] = {"Try it", "Run it", "Look", "Files"};

static void print_help(FILE *to)
{
    fputs("newsmq - news feeds in, records with entities out\n\n"
          "Usage: newsmq [-c CONFIG] COMMAND [OPTIONS] [ARGUMENTS]\n",
          to);
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        fprintf(to, "\n%s:\n", groups[g]);
        for (size_t i = 0; commands[i] != NULL; i++)
            if (strcmp(commands[i]->group, groups[g]) == 0)
                fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\nOptions:\n"
          "  -c CONFIG    the configuration (default: $NEWSMQ_CONFIG, ./newsmq.yaml,\n"
          "               /etc/newsmq/newsmq.yaml)\n"
          "  --help       this text; `newsmq COMMAND --help` for one command\n"
          "  --version    the version\n\n"
          "Start with `newsmq demo`: it needs no configuration and no network.\n",
          to);
}

/* -c may stand behind the command as well. */
static int take_config(struct command_env *env, int argc, char **argv)
{
    int n = 0;

    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            while (i < argc)
                argv[n++] = argv[i++];
        } else if (i > 0 && strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            *env = (struct command_env){argv[++i], true};
        } else {
            argv[n++] = argv[i];
        }
    }
    return n;
}

static int run_command(const struct command_env *env, int argc, char **argv)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(commands[i]->name, argv[0]) != 0)
            continue;
        for (int a = 1; a < argc && strcmp(argv[a], "--") != 0; a++) {
            if (strcmp(argv[a], "--help") != 0)
                continue;
            fputs(commands[i]->help, stdout);
            return EX_OK;
        }
        return commands[i]->run(env, argc, argv);
    }
    fprintf(stderr, "newsmq: no command '%s'; `newsmq --help` lists them\n", argv[0]);
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    struct command_env env = {startup_default_config(), getenv("NEWSMQ_CONFIG") != NULL};
    int at = 1;

    log_open("newsmq", LOG_LEVEL_WARN, LOG_AUTO);
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "-c") == 0 && at + 1 < argc) {
            env = (struct command_env){argv[++at], true};
        } else if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            print_help(stdout);
            return EX_OK;
        } else if (strcmp(argv[at], "--version") == 0) {
            puts("newsmq " NEWSMQ_VERSION);
            return EX_OK;
        } else {
            fprintf(stderr, "newsmq: unknown option '%s'; see `newsmq --help`\n",
                    argv[at]);
            return EX_USAGE;
        }
    }
    if (at == argc) {
        print_help(stderr);
        return EX_USAGE;
    }
    argc = take_config(&env, argc - at, argv + at);
    argv[at + argc] = NULL;
    return run_command(&env, argc, argv + at);
}
