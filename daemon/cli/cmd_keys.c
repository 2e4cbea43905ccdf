/* newsmq keys: who may connect to the hub from other machines, and to do what. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#include "newsmq/cert.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "ask.h"
#include "command.h"
#include "load.h"
#include "table.h"

#define WHO           "newsmq keys"
#define ARGUMENTS_MAX 16

struct keys {
    const struct command_env *env;
    const char *dir, *name; /* options, or NULL */
    bool as_json, replace;
    const char *words[ARGUMENTS_MAX]; /* behind gen, allow, … */
    size_t n_words;
};

static int tell(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int tell(int status, const char *fmt, ...)
{
    va_list ap;

    fputs(WHO ": ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return status;
}

/* The folder of those that may connect; the caller frees. NULL: was told. */
static char *find_dir(const struct keys *k)
{
    struct config *c;
    char *dir = NULL;

    if (k->dir != NULL)
        return mem_strdup(k->dir);
    c = load_config(k->env->config_path, WHO);
    if (c == NULL)
        return NULL;
    if (c->bus.curve.clients_dir != NULL)
        dir = mem_strdup(c->bus.curve.clients_dir);
    else
        fprintf(stderr,
                WHO ": %s has no bus.curve.clients_dir. Give it there, with "
                    "server_key_file, or here with --dir DIR\n",
                c->path);
    config_free(c);
    return dir;
}

static char *path_in(const char *dir, const char *name, const char *suffix)
{
    return mem_printf("%s/%s%s", dir, name, suffix);
}

static json_t *role_list(unsigned roles)
{
    json_t *list = json_array();

    for (int r = 0; r < ROLES; r++)
        if ((roles & 1U << r) != 0)
            (void)json_array_append_new(list, json_string(role_name((enum cert_role)r)));
    return list;
}

static json_t *cert_json(const struct cert *c, const char *path)
{
    json_t *j = json_object();

    (void)json_object_set_new(j, "name", json_string(c->name));
    (void)json_object_set_new(j, "public_key", json_string(c->public_key));
    (void)json_object_set_new(j, "roles", role_list(c->roles));
    (void)json_object_set_new(j, "file", json_string(path));
    return j;
}

static int print_cert(const struct cert *c, const char *path)
{
    json_t *j = cert_json(c, path);
    int rc = ask_print(WHO, j);

    json_decref(j);
    return rc;
}

static const char *role_words(unsigned roles, char buf[100])
{
    size_t n = 0;

    buf[0] = '\0';
    for (int r = 0; r < ROLES; r++)
        if ((roles & 1U << r) != 0)
            n += (size_t)snprintf(buf + n, 100 - n, "%s%s", n > 0 ? " " : "",
                                  role_name((enum cert_role)r)); /* all of them fit */
    return buf;
}

/* ---- gen ---- */

static int save_pair(const struct cert *c, const char *path, const char *secret_path)
{
    struct err e = {0};

    if (access(path, F_OK) == 0 || access(secret_path, F_OK) == 0)
        return tell(1, "%s is there already; choose another name, or remove it first",
                    access(path, F_OK) == 0 ? path : secret_path);
    if (cert_save(secret_path, c, true, &e) < 0 || cert_save(path, c, false, &e) < 0)
        return tell(1, "%s", e.text);
    return 0;
}

static void tell_pair(const struct cert *c, const char *path, const char *secret_path)
{
    printf(
        "%s  the secret key: stays on this machine, mode 0600\n"
        "%s  the public key: %s\n\n"
        "For a program that connects: bus.curve.key_file is %s; take %s to the hub's\n"
        "machine and there: newsmq keys allow %s.key ROLE…\n"
        "For the hub itself: bus.curve.server_key_file is %s; take %s to the machines\n"
        "that connect, where it is bus.curve.server_public_file.\n",
        secret_path, path, c->public_key, secret_path, path, c->name, secret_path, path);
}

static int run_gen(struct keys *k)
{
    const char *dir = k->dir != NULL ? k->dir : ".";
    struct cert c = {0};
    struct err e = {0};
    char *path, *secret_path;
    int rc;

    if (k->n_words != 1 || !cert_is_name(str_of(k->words[0])))
        return tell(EX_USAGE, "gen wants one name, of 1 to 31 a-z A-Z 0-9 . _ -");
    (void)snprintf(c.name, sizeof c.name, "%s", k->words[0]);
    if (zmq_curve_keypair(c.public_key, c.secret_key) < 0)
        return tell(1, "this libzmq has no CURVE: %s", zmq_strerror(zmq_errno()));
    if (k->dir != NULL && os_make_dirs(dir, &e) < 0)
        return tell(1, "%s", e.text);
    path = path_in(dir, c.name, ".key");
    secret_path = path_in(dir, c.name, ".key_secret");
    rc = save_pair(&c, path, secret_path);
    cert_forget(&c);
    if (rc == 0 && k->as_json)
        rc = print_cert(&c, path);
    else if (rc == 0)
        tell_pair(&c, path, secret_path);
    free(path);
    free(secret_path);
    return rc;
}

/* ---- allow ---- */

static bool read_roles(const char *words, unsigned *ret)
{
    struct str rest = str_of(words);

    while (rest.p != NULL) {
        struct str word = str_cut(&rest, ',');
        enum cert_role r;

        if (!role_find(word, &r)) {
            fprintf(stderr, WHO ": '" STR_FMT "' is no role; there are ", STR_ARG(word));
            for (int i = 0; i < ROLES; i++)
                fprintf(stderr, "%s%s", i > 0 ? ", " : "", role_name((enum cert_role)i));
            fputc('\n', stderr);
            return false;
        }
        *ret |= 1U << r;
    }
    return true;
}

/* NAME of "…/NAME.key". */
static struct str stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str s = str_of(slash != NULL ? slash + 1 : path);

    if (str_has_suffix(s, STR(".key")))
        s.n -= 4;
    return s;
}

static int take_key(const struct keys *k, struct cert *c)
{
    const char *word = k->words[0];
    struct err e = {0};
    struct str name;

    if (cert_is_key(str_of(word)) && access(word, F_OK) < 0)
        (void)snprintf(c->public_key, sizeof c->public_key, "%s", word);
    else if (cert_load(word, c, &e) < 0 && e.code != -EPERM)
        return tell(1, "%s", e.text);
    if (c->secret_key[0] != '\0' || e.code == -EPERM) {
        cert_forget(c);
        return tell(1,
                    "%s has the secret key. Only the public one leaves its machine: "
                    "take the file that ends in .key",
                    word);
    }
    name = k->name != NULL                                           ? str_of(k->name)
           : c->name[0] != '\0'                                      ? str_of(c->name)
           : strchr(word, '.') != NULL && !cert_is_key(str_of(word)) ? stem_of(word)
                                                                     : STR("");
    if (!cert_is_name(name))
        return tell(
            EX_USAGE,
            "what is this key to be called? --name NAME, of 1 to 31 a-z A-Z 0-9 . _ -");
    memmove(c->name, name.p, name.n);
    c->name[name.n] = '\0';
    return 0;
}

struct search {
    const struct cert *wanted;
    char other[CERT_NAME_MAX + 1]; /* another name of the same key */
    bool is_known, is_same;
    unsigned roles;
};

static void compare(void *ctx, const char *path, const struct cert *c, const char *bad)
{
    struct search *s = ctx;

    (void)path;
    if (bad != NULL)
        return;
    if (strcmp(c->name, s->wanted->name) == 0) {
        s->is_known = true;
        s->is_same = strcmp(c->public_key, s->wanted->public_key) == 0;
        s->roles = c->roles;
    } else if (strcmp(c->public_key, s->wanted->public_key) == 0) {
        memcpy(s->other, c->name, sizeof s->other);
    }
}

static int check_known(const struct keys *k, const char *dir, const struct cert *c,
                       struct search *s)
{
    struct err e = {0};

    *s = (struct search){.wanted = c};
    if (cert_each(dir, compare, s, &e) < 0 && e.code != -ENOENT)
        return tell(1, "%s", e.text);
    if (s->other[0] != '\0')
        return tell(1,
                    "this key is known as '%s' already: give it roles under that name, "
                    "or revoke it first",
                    s->other);
    if (s->is_known && !s->is_same && !k->replace)
        return tell(1, "'%s' is another key; --replace it, or choose another --name",
                    c->name);
    return 0;
}

static int allow(const struct keys *k, const char *dir, struct cert *c)
{
    struct search s;
    struct err e = {0};
    char words[100];
    char *path;
    int rc = check_known(k, dir, c, &s);

    if (rc == 0 && access(dir, F_OK) < 0 &&
        (os_make_dirs(dir, &e) < 0 || chmod(dir, 0755) < 0))
        rc = tell(1, "%s", e.text[0] != '\0' ? e.text : strerror(errno));
    path = path_in(dir, c->name, ".key");
    if (rc == 0 && cert_save(path, c, false, &e) < 0)
        rc = tell(1, "%s", e.text);
    if (rc == 0 && k->as_json) {
        rc = print_cert(c, path);
    } else if (rc == 0) {
        printf("%s may: %s\n", c->name, role_words(c->roles, words));
        if (s.is_known)
            printf("before: %s%s\n", s.is_same ? "" : "another key, ",
                   s.roles != 0 ? role_words(s.roles, words) : "nothing");
        printf("It counts from the next: newsmq reload\n");
    }
    free(path);
    return rc;
}

static int run_allow(struct keys *k)
{
    struct cert c = {0};
    unsigned roles = 0;
    char *dir;
    int rc;

    if (k->n_words < 2)
        return tell(EX_USAGE, "allow wants a FILE.key (or a key) and a role or more");
    for (size_t i = 1; i < k->n_words; i++)
        if (!read_roles(k->words[i], &roles))
            return EX_USAGE;
    rc = take_key(k, &c);
    if (rc != 0)
        return rc;
    c.roles = roles;
    dir = find_dir(k);
    if (dir == NULL)
        return EX_CONFIG;
    rc = allow(k, dir, &c);
    free(dir);
    return rc;
}

/* ---- revoke ---- */

static int run_revoke(struct keys *k)
{
    char *dir, *path;
    int rc = 0;

    if (k->n_words != 1 || !cert_is_name(str_of(k->words[0])))
        return tell(EX_USAGE, "revoke wants one name; `newsmq keys list` has them");
    dir = find_dir(k);
    if (dir == NULL)
        return EX_CONFIG;
    path = path_in(dir, k->words[0], ".key");
    if (unlink(path) < 0)
        rc = errno == ENOENT
                 ? tell(1, "there is no key '%s'; `newsmq keys list`", k->words[0])
                 : tell(1, "cannot remove it: %s", strerror(errno));
    else if (k->as_json)
        printf("{\"revoked\":\"%s\"}\n", k->words[0]);
    else
        printf("%s may do nothing any more from the next: newsmq reload\n", k->words[0]);
    free(path);
    free(dir);
    return rc;
}

/* ---- list ---- */

struct listing {
    struct table *table;
    json_t *keys, *bad;
};

static void list_one(void *ctx, const char *path, const struct cert *c, const char *bad)
{
    struct listing *l = ctx;
    char words[100];
    json_t *j;

    if (bad != NULL) {
        j = json_object();
        (void)json_object_set_new(j, "file", json_string(path));
        (void)json_object_set_new(j, "cause", json_string(bad));
        (void)json_array_append_new(l->bad, j);
        return;
    }
    (void)json_array_append_new(l->keys, cert_json(c, path));
    table_add(l->table, COLOUR_BOLD, str_of(c->name));
    if (c->roles != 0)
        table_add(l->table, COLOUR_PLAIN, str_of(role_words(c->roles, words)));
    else
        table_add(l->table, COLOUR_YELLOW, STR("nothing"));
    table_add(l->table, COLOUR_PLAIN, str_of(c->public_key));
}

static void print_list(const struct listing *l, const char *dir)
{
    const json_t *bad;
    size_t i;

    if (table_rows(l->table) > 0)
        table_print(l->table, stdout, term_has_colour(stdout));
    else
        printf("No key may connect: %s is empty.\n", dir);
    json_array_foreach(l->bad, i, bad)
    {
        printf("not taken: ");
        (void)term_text(stdout, ask_text(bad, "file"), 0, false); /* as long as it is */
        printf(": ");
        (void)term_text(stdout, ask_text(bad, "cause"), 0, false); /* as above */
        printf("\n");
    }
}

static int run_list(struct keys *k)
{
    static const char *const heads[] = {"NAME", "MAY", "PUBLIC KEY"};
    struct listing l = {NULL, json_array(), json_array()};
    struct err e = {0};
    json_t *all = json_object();
    char *dir = k->n_words == 0 ? find_dir(k) : NULL;
    int rc = 0;

    if (k->n_words > 0)
        rc = tell(EX_USAGE, "list takes no '%s'", k->words[0]);
    else if (dir == NULL)
        rc = EX_CONFIG;
    l.table = table_new(heads, ARRAY_LEN(heads));
    if (rc == 0 && cert_each(dir, list_one, &l, &e) < 0 && e.code != -ENOENT)
        rc = tell(1, "%s", e.text);
    (void)json_object_set_new(all, "keys", l.keys);
    (void)json_object_set_new(all, "bad", l.bad);
    if (rc == 0 && k->as_json)
        rc = ask_print(WHO, all);
    else if (rc == 0)
        print_list(&l, dir);
    table_free(l.table);
    json_decref(all);
    free(dir);
    return rc;
}

/* ---- arguments ---- */

static bool read_arguments(struct keys *k, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        bool has_value = i + 1 < argc;

        if (strcmp(argv[i], "--json") == 0) {
            k->as_json = true;
        } else if (strcmp(argv[i], "--replace") == 0) {
            k->replace = true;
        } else if (strcmp(argv[i], "--dir") == 0 && has_value) {
            k->dir = argv[++i];
        } else if (strcmp(argv[i], "--name") == 0 && has_value) {
            k->name = argv[++i];
        } else if ((argv[i][0] != '-' || cert_is_key(str_of(argv[i]))) &&
                   k->n_words < ARGUMENTS_MAX) {
            k->words[k->n_words++] = argv[i]; /* a key may begin with - */
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq keys --help`\n", argv[i]);
            return false;
        }
    }
    return true;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct keys *k);
    } verbs[] = {{"gen", run_gen},
                 {"allow", run_allow},
                 {"revoke", run_revoke},
                 {"list", run_list}};
    struct keys k = {.env = env};

    for (size_t i = 0; argc > 1 && i < ARRAY_LEN(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return read_arguments(&k, argc, argv) ? verbs[i].run(&k) : EX_USAGE;
    fprintf(stderr, WHO ": gen, allow, revoke or list; see `newsmq keys --help`\n");
    return EX_USAGE;
}

const struct command command_keys = {
    .name = "keys",
    .group = "Run it",
    .summary = "who may connect from other machines, and to do what",
    .help =
        "newsmq keys - who may connect from other machines, and to do what\n\n"
        "Usage: newsmq keys gen NAME [--dir DIR]\n"
        "       newsmq [-c CONFIG] keys allow FILE.key|KEY ROLE… [--name NAME] "
        "[--replace]\n"
        "       newsmq [-c CONFIG] keys revoke NAME\n"
        "       newsmq [-c CONFIG] keys list\n\n"
        "Beyond this machine the hub speaks CURVE: all is encrypted, each side proves "
        "its key,\n"
        "and a key may do only what its roles say. A key is two files: NAME.key_secret "
        "never\n"
        "leaves its machine, NAME.key may be shown to anybody. Both are as CZMQ and "
        "pyzmq\n"
        "write them.\n\n"
        "  gen     makes a pair, in this folder or in DIR\n"
        "  allow   gives a key these roles and no others; they may be separated by "
        "commas\n"
        "  revoke  takes the key away; who is connected with it is sent away\n"
        "  list    the keys of bus.curve.clients_dir\n\n"
        "A running hub takes note with `newsmq reload`.\n\n"
        "Roles, one for each socket of the hub (docs/wire.md):\n"
        "  publish    put items in, and keep the states of feeds (newsmq-fetch)\n"
        "  work       get items and give results (newsmq-worker)\n"
        "  tap        read in order, with a name and a cursor (newsmq-sink, newsmq "
        "tail)\n"
        "  subscribe  listen to what is published\n"
        "  replay     ask for a range again (newsmq replay)\n"
        "  look       newsmq status, why, dead: calls that change nothing\n"
        "  control    all calls, also those that change things\n\n"
        "Options:\n"
        "  --dir DIR    where to write; which folder of keys, instead of the "
        "configuration's\n"
        "  --name NAME  what to call it (default: as in the file)\n"
        "  --replace    the key that has the name now goes\n"
        "  --json       {\"name\",\"public_key\",\"roles\",\"file\"}; list: "
        "{\"keys\":[…],\"bad\":[…]}\n\n"
        "Exit status: 0, 1 it could not be done, 64 usage, 78 the configuration is "
        "bad.\n\n"
        "Examples, a worker on another machine:\n"
        "  hub$     newsmq keys gen hub --dir /etc/newsmq\n"
        "  worker$  newsmq keys gen berlin\n"
        "  worker$  scp berlin.key hub: && scp hub:/etc/newsmq/hub.key .\n"
        "  hub$     newsmq keys allow berlin.key work && newsmq reload\n"
        "  worker$  newsmq-worker -c worker.yaml --name worker-1\n",
    .run = run,
};
