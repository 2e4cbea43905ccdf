/* newsmq completions: what a shell needs to complete the command line, from the same
   help texts that people read, so that they cannot drift apart. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/config.h"

#include "command.h"
#include "helptext.h"

enum value_kind {
    VALUE_NONE,
    VALUE_WORD,
    VALUE_FILE,
    VALUE_FOLDER,
    VALUE_FEED,
    VALUE_CHOICE
};

static enum value_kind kind_of(struct str value)
{
    if (value.p == NULL)
        return VALUE_NONE;
    if (str_find(value, STR("|"), 0) != SIZE_MAX)
        return VALUE_CHOICE;
    if (str_has_prefix(value, STR("FILE")) || str_eq(value, STR("CONFIG")))
        return VALUE_FILE;
    if (str_eq(value, STR("DIR")))
        return VALUE_FOLDER;
    return str_eq(value, STR("ID")) ? VALUE_FEED : VALUE_WORD;
}

/* What stands where no option does. */
static enum value_kind kind_of_arguments(const struct helptext *h)
{
    if (helptext_takes(h, "FEED"))
        return VALUE_FEED;
    if (helptext_takes(h, "FILE") || helptext_takes(h, "CONFIG"))
        return VALUE_FILE;
    return helptext_takes(h, "DIR") ? VALUE_FOLDER : VALUE_WORD;
}

static void print_choices(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        putchar(value.p[i] == '|' ? ' ' : value.p[i]);
}

/* What one command takes; -c is the same for all of them and left out. */
struct grammar {
    struct helptext help;
    enum value_kind rest; /* where no option stands */
};

static void read_help(const struct command *c, struct grammar *ret)
{
    struct helptext *h = &ret->help;
    size_t n = 0;

    helptext_read(c->help, h);
    ret->rest = kind_of_arguments(h);
    for (size_t i = 0; i < h->n_options; i++)
        if (!str_eq(h->options[i].name, STR("-c")))
            h->options[n++] = h->options[i];
    h->n_options = n;
}

/* Inside of single quotes; a backslash before each of special. */
static void print_quoted(struct str s, const char *special, const char *quote)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            fputs(quote, stdout);
        else if (strchr(special, s.p[i]) != NULL)
            printf("\\%c", s.p[i]);
        else
            putchar(s.p[i]);
    }
}

/* ---- bash ---- */

static const char *const bash_actions[] = {
    [VALUE_WORD] = ":",
    [VALUE_FILE] = "_newsmq_files -f",
    [VALUE_FOLDER] = "_newsmq_files -d",
    [VALUE_FEED] = "_newsmq_words \"$(newsmq completions feeds 2>/dev/null)\"",
};

static void bash_values(const char *command, const struct helptext *h)
{
    for (size_t i = 0; i < h->n_options; i++) {
        const struct help_option *o = &h->options[i];
        enum value_kind kind = kind_of(o->value);

        if (kind == VALUE_NONE)
            continue;
        printf("    %s," STR_FMT ") ", command, STR_ARG(o->name));
        if (kind == VALUE_CHOICE) {
            fputs("_newsmq_words \"", stdout);
            print_choices(o->value);
            puts("\"; return ;;");
        } else {
            printf("%s; return ;;\n", bash_actions[kind]);
        }
    }
}

static void bash_words(const char *command, const struct grammar *g)
{
    printf("    %s)\n        options=\"", command);
    for (size_t i = 0; i < g->help.n_options; i++)
        printf(STR_FMT " ", STR_ARG(g->help.options[i].name));
    printf("--help\"\n        [[ $cur == -* ]] || { %s; return; } ;;\n",
           strcmp(command, "completions") == 0 ? "_newsmq_words \"bash zsh fish feeds\""
                                               : bash_actions[g->rest]);
}

static void print_bash(void)
{
    static struct grammar g; /* large */

    fputs("# newsmq(1) in bash; written by `newsmq completions bash`\n\n"
          "_newsmq_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
          "_newsmq_files()\n{\n"
          "    compopt -o filenames\n"
          "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n}\n\n"
          "_newsmq()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command= options= i\n"
          "    COMPREPLY=()\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n"
          "        -c) ((i++)) ;;\n"
          "        -*) ;;\n"
          "        *) command=${COMP_WORDS[i]}; break ;;\n"
          "        esac\n"
          "    done\n"
          "    [[ $prev == -c ]] && { _newsmq_files -f; return; }\n"
          "    case $command,$prev in\n",
          stdout);
    for (size_t i = 0; commands[i] != NULL; i++) {
        read_help(commands[i], &g);
        bash_values(commands[i]->name, &g.help);
    }
    fputs("    esac\n    case $command in\n    '')\n        options=\"", stdout);
    for (size_t i = 0; commands[i] != NULL; i++)
        printf("%s ", commands[i]->name);
    puts("-c --help --version\" ;;");
    for (size_t i = 0; commands[i] != NULL; i++) {
        read_help(commands[i], &g);
        bash_words(commands[i]->name, &g);
    }
    fputs("    esac\n    _newsmq_words \"$options\"\n}\n\n"
          "complete -F _newsmq newsmq\n",
          stdout);
}

/* ---- zsh ---- */

static void zsh_action(enum value_kind kind, struct str value)
{
    static const char *const actions[] = {
        [VALUE_FILE] = "file:_files",
        [VALUE_FOLDER] = "folder:_files -/",
        [VALUE_FEED] = "feed:_newsmq_feeds",
        [VALUE_WORD] = "value: ",
    };

    if (kind == VALUE_CHOICE) {
        fputs("value:(", stdout);
        print_choices(value);
        fputs(")", stdout);
    } else {
        fputs(actions[kind], stdout);
    }
}

static void zsh_command(const struct command *c, const struct grammar *g)
{
    printf("        %s)\n            _arguments -A '-*'", c->name);
    for (size_t i = 0; i < g->help.n_options; i++) {
        const struct help_option *o = &g->help.options[i];
        enum value_kind kind = kind_of(o->value);

        printf(" \\\n                '" STR_FMT "[", STR_ARG(o->name));
        print_quoted(o->what, "[]:\\", "'\\''");
        putchar(']');
        if (kind != VALUE_NONE) {
            putchar(':');
            zsh_action(kind, o->value);
        }
        putchar('\'');
    }
    fputs(" \\\n                '--help[what it does]' \\\n                '*:", stdout);
    if (strcmp(c->name, "completions") == 0)
        fputs("shell:(bash zsh fish feeds)", stdout);
    else
        zsh_action(g->rest, STR(""));
    puts("' ;;");
}

static void print_zsh(void)
{
    static struct grammar g; /* large */

    fputs(
        "#compdef newsmq\n# newsmq(1) in zsh; written by `newsmq completions zsh`\n\n"
        "_newsmq_feeds() { compadd -- ${(f)\"$(newsmq completions feeds 2>/dev/null)\"} "
        "}\n\n"
        "_newsmq() {\n    local curcontext=$curcontext state line\n"
        "    local -a names=(\n",
        stdout);
    for (size_t i = 0; commands[i] != NULL; i++) {
        printf("        '%s:", commands[i]->name);
        print_quoted(str_of(commands[i]->summary), "\\", "'\\''");
        puts("'");
    }
    fputs("    )\n"
          "    _arguments -C '-c[the configuration]:file:_files' \\\n"
          "        '(- *)--help[what there is]' '(- *)--version[the version]' \\\n"
          "        '1:command:->command' '*::argument:->rest'\n"
          "    case $state in\n"
          "    command) _describe command names ;;\n"
          "    rest)\n        case $words[1] in\n",
          stdout);
    for (size_t i = 0; commands[i] != NULL; i++) {
        read_help(commands[i], &g);
        zsh_command(commands[i], &g);
    }
    fputs("        esac ;;\n    esac\n}\n\n_newsmq \"$@\"\n", stdout);
}

/* ---- fish ---- */

static void fish_value(enum value_kind kind, struct str value)
{
    static const char *const actions[] = {
        [VALUE_NONE] = "",
        [VALUE_FILE] = " -r -F",
        [VALUE_FOLDER] = " -x -a '(__fish_complete_directories)'",
        [VALUE_FEED] = " -x -a '(newsmq completions feeds 2>/dev/null)'",
        [VALUE_WORD] = " -x",
    };

    if (kind == VALUE_CHOICE) {
        fputs(" -x -a '", stdout);
        print_choices(value);
        putchar('\'');
    } else {
        fputs(actions[kind], stdout);
    }
}

static void fish_command(const struct command *c, const struct grammar *g)
{
    for (size_t i = 0; i < g->help.n_options; i++) {
        const struct help_option *o = &g->help.options[i];
        bool is_long = str_has_prefix(o->name, STR("--"));
        struct str bare = str_slice(o->name, is_long ? 2 : 1, o->name.n);

        printf("complete -c newsmq -n '__fish_seen_subcommand_from %s' -%c " STR_FMT,
               c->name, is_long ? 'l' : 's', STR_ARG(bare));
        fish_value(kind_of(o->value), o->value);
        fputs(" -d '", stdout);
        print_quoted(o->what, "\\", "\\'");
        puts("'");
    }
    if (g->rest == VALUE_WORD && strcmp(c->name, "completions") != 0)
        return;
    printf("complete -c newsmq -n '__fish_seen_subcommand_from %s'", c->name);
    if (strcmp(c->name, "completions") == 0)
        fputs(" -x -a 'bash zsh fish feeds'", stdout);
    else if (g->rest == VALUE_FILE)
        fputs(" -F", stdout);
    else
        fish_value(g->rest, STR(""));
    puts("");
}

static void print_fish(void)
{
    static struct grammar g; /* large */

    puts("# newsmq(1) in fish; written by `newsmq completions fish`\n"
         "complete -c newsmq -f\n"
         "complete -c newsmq -s c -r -F -d 'the configuration'\n"
         "complete -c newsmq -l help -d 'what there is'\n"
         "complete -c newsmq -n __fish_use_subcommand -l version -d 'the version'");
    for (size_t i = 0; commands[i] != NULL; i++) {
        printf("complete -c newsmq -n __fish_use_subcommand -a %s -d '",
               commands[i]->name);
        print_quoted(str_of(commands[i]->summary), "\\", "\\'");
        puts("'");
    }
    for (size_t i = 0; commands[i] != NULL; i++) {
        read_help(commands[i], &g);
        fish_command(commands[i], &g);
    }
}

/* ---- feeds ---- */

/* Faults are told by `newsmq check`, not while somebody types. */
static int print_feeds(const struct command_env *env)
{
    struct config_names names = {.without_secrets = true};
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(env->config_path, &names, &c, &faults);

    for (size_t i = 0; rc == 0 && i < c->n_feeds; i++)
        puts(c->feeds[i].id);
    if (rc == 0)
        config_free(c);
    config_faults_fini(&faults);
    return rc == 0 ? EX_OK : EX_CONFIG;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    int rc = EX_OK;

    if (strcmp(what, "bash") == 0)
        print_bash();
    else if (strcmp(what, "zsh") == 0)
        print_zsh();
    else if (strcmp(what, "fish") == 0)
        print_fish();
    else if (strcmp(what, "feeds") == 0)
        rc = print_feeds(env);
    else
        rc = EX_USAGE;
    if (rc == EX_USAGE)
        fputs("newsmq completions: for which shell? bash, zsh or fish\n", stderr);
    if (fflush(stdout) != 0) {
        perror("newsmq completions: cannot write");
        return EX_IOERR;
    }
    return rc;
}

const struct command command_completions = {
    .name = "completions",
    .group = "Files",
    .summary = "what a shell needs to complete commands",
    .help =
        "newsmq completions - what a shell needs to complete commands\n\n"
        "Usage: newsmq [-c CONFIG] completions bash|zsh|fish|feeds\n\n"
        "Prints a script for that shell; the package has them installed. With `feeds` "
        "the\n"
        "ids of the feeds of the configuration, a line each, which the scripts ask "
        "for.\n\n"
        "Exit status: 0, 64 no such shell, 78 the configuration is bad.\n\n"
        "Examples:\n"
        "  source <(newsmq completions bash)\n"
        "  newsmq completions fish > ~/.config/fish/completions/newsmq.fish\n",
    .run = run,
};
