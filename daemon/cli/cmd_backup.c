/* newsmq backup: a copy of the state, while the hub works on it or not. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/json.h"
#include "newsmq/store.h"

#include "command.h"
#include "load.h"

#define WHO "newsmq backup"

static void print_text(const char *path, const struct store_copy *c)
{
    printf("%s: %llu items, records up to %llu, %.1f MB\n", path,
           (unsigned long long)c->items, (unsigned long long)c->record_head,
           (double)c->bytes / 1e6);
}

static void print_json(const char *path, const struct store_copy *c)
{
    struct strbuf out = {.max = 1 << 16};
    struct jsonw j = jsonw_to(&out);

    jsonw_object(&j);
    jsonw_member_cstr(&j, "file", path);
    jsonw_member_u64(&j, "schema", (uint64_t)c->version);
    jsonw_member_u64(&j, "items", c->items);
    jsonw_member_u64(&j, "record", c->record_head);
    jsonw_member_u64(&j, "bytes", c->bytes);
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&out);
}

static int exit_status(int rc)
{
    if (rc == -ENOENT)
        return EX_NOINPUT;
    return rc == -EEXIST || rc == -EACCES ? EX_CANTCREAT : EX_IOERR;
}

static int backup(const struct config *c, const char *path, bool as_json)
{
    struct store_copy copy;
    struct err e = {0};
    int rc = store_copy_to(c->state.path, path, &copy, &e);

    if (rc < 0) {
        fprintf(stderr, WHO ": %s\n", e.text);
        return exit_status(rc);
    }
    if (as_json)
        print_json(path, &copy);
    else
        print_text(path, &copy);
    return EX_OK;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const char *path = NULL;
    bool as_json = false, is_wrong = false;
    struct config *c;
    int rc;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            as_json = true;
        else if (argv[i][0] != '-' && path == NULL)
            path = argv[i];
        else
            is_wrong = true;
    }
    if (path == NULL || is_wrong) {
        fputs(WHO ": one FILE; see `newsmq backup --help`\n", stderr);
        return EX_USAGE;
    }
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = backup(c, path, as_json);
    config_free(c);
    return rc;
}

const struct command command_backup = {
    .name = "backup",
    .group = "Run it",
    .summary = "copy the state, also while it is used",
    .help =
        "newsmq backup - copy the state, also while it is used\n\n"
        "Usage: newsmq [-c CONFIG] backup [--json] FILE\n\n"
        "Writes FILE, which must not be there yet: the hub's database as one commit "
        "left\n"
        "it, looked through and complete, or nothing. The hub goes on meanwhile. The\n"
        "records are files beside it, to be copied after this. FILE is restored by "
        "putting\n"
        "it in the place of state.path/state.db while nothing runs; docs/operating.md\n"
        "says how.\n\n"
        "Options:\n"
        "  --json   {\"file\",\"schema\",\"items\",\"record\",\"bytes\"}; record: the "
        "last one\n\n"
        "Exit status: 0, 66 there is no state yet, 73 FILE is there or cannot be made, "
        "74\n"
        "it cannot be read or written, 78 the configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq backup /srv/backup/newsmq-$(date +%F).db\n"
        "  newsmq backup --json state.db | jq .record\n",
    .run = run,
};
