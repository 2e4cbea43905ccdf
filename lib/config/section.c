/* One section: each key is looked up in the table and its value set by its type. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/text.h"

#include "read.h"
#include "spell.h"

#define SECRET_MAX 4096
#define PAIRS_MAX  100

bool node_is_null(const struct node *n)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
        if (n->kind == NODE_SCALAR && n->is_plain && str_eq(n->text, str_of(nulls[i])))
            return true;
    return false;
}

void fault_verdict(struct reader *r, const struct config_place *at, const char *name,
                   const struct verdict *v)
{
    fault_add(r->faults, at, "'%s': %s", name, v->text);
    if (v->hint[0] != '\0')
        fault_hint(r->faults, "%s", v->hint);
}

bool node_is_text(struct reader *r, const struct node *n, const char *what)
{
    if (n->is_bad)
        return false;
    if (n->kind != NODE_SCALAR) {
        fault_add(r->faults, &n->place, "%s wants one value, not a %s", what,
                  n->kind == NODE_LIST ? "list" : "section");
        fault_hint(r->faults, n->kind == NODE_LIST ? "remove the brackets or the '- '"
                                                   : "write it on one line");
        return false;
    }
    if (node_is_null(n) || n->text.n == 0) {
        fault_add(r->faults, &n->place, "%s has no value", what);
        fault_hint(r->faults, "give one, or remove the key");
        return false;
    }
    return true;
}

void fault_unknown_key(struct reader *r, enum section in, const struct node *key)
{
    struct strbuf hint = {.max = 200};

    fault_add(r->faults, &key->place, "unknown key '" STR_FMT "' in %s",
              STR_ARG(str_head(key->text, SHOWN_MAX)), section_name(in));
    key_suggest(in, key->text, &hint);
    if (hint.n > 0)
        fault_hint(r->faults, "%s", strbuf_cstr(&hint));
    else
        fault_hint(r->faults, "`newsmq check --reference` lists the keys");
    strbuf_fini(&hint);
}

char *path_from(const char *file, struct str path)
{
    const char *slash = strrchr(file, '/');
    char *joined, *here, *absolute;

    if (path.n > 0 && path.p[0] == '/')
        return mem_dup(path);
    joined = slash == NULL ? mem_dup(path)
                           : mem_printf(STR_FMT "/" STR_FMT, (int)(slash - file), file,
                                        STR_ARG(path));
    here = joined[0] == '/' ? NULL : realpath(".", NULL);
    if (here == NULL)
        return joined; /* absolute, or our folder was removed and this is all there is */
    path = str_of(joined);
    if (str_has_prefix(path, STR("./")))
        path = str_slice(path, 2, path.n);
    absolute = mem_printf("%s/" STR_FMT, here, STR_ARG(path));
    free(here);
    free(joined);
    return absolute;
}

static void set_string(const struct key *k, void *base, char *value)
{
    free(*key_string(k, base));
    *key_string(k, base) = value;
}

static bool is_one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return s.n > 0 && utf8_is_valid(s);
}

/* The users of the other programs have no business with it. */
static bool is_none_of_ours(const struct reader *r, int code)
{
    return r->names != NULL && r->names->without_secrets &&
           (code == -EACCES || code == -EPERM || code == -ENOENT);
}

static void set_secret(struct reader *r, const struct key *k, const struct node *n,
                       void *base)
{
    char *path = path_from(n->place.file, n->text);
    struct strbuf bytes = {.max = SECRET_MAX};
    struct str rest, line;
    struct verdict v;
    struct stat st;
    struct err e;

    sandbox_may_read_beside(&r->config->reads, path);
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        fault_add(r->faults, &n->place, "'%s': %s is not a regular file", k->name, path);
        goto out;
    }
    if (os_read_file(path, SECRET_MAX, &bytes, &e) < 0) {
        if (is_none_of_ours(r, e.code))
            goto out;
        fault_add(r->faults, &n->place, "'%s': %s", k->name, e.text);
        fault_hint(r->faults, "the file must be readable for this user");
        goto out;
    }
    rest = strbuf_str(&bytes);
    line = str_cut(&rest, '\n');
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    if (!is_one_line(line)) {
        fault_add(r->faults, &n->place, "'%s': %s has no plain text in its first line",
                  k->name, path);
        fault_hint(r->faults, "write the secret there");
        goto out;
    }
    if (stat(path, &st) == 0 && (st.st_mode & S_IROTH) != 0) {
        warning_add(r->faults, &n->place, "'%s': everybody can read %s", k->name, path);
        fault_hint(r->faults, "chmod 600");
    }
    if (k->at == offsetof(struct config_feed, proxy) && !value_is_proxy(line, &v))
        fault_verdict(r, &n->place, k->name, &v);
    else
        set_string(k, base, mem_dup(line));
out:
    strbuf_fini(&bytes);
    free(path);
}

/* A file that some library will open later. */
static void set_file(struct reader *r, const struct key *k, const struct node *n,
                     void *base)
{
    char *path = path_from(n->place.file, n->text);
    struct stat st;

    sandbox_may_read_beside(&r->config->reads, path);
    if (stat(path, &st) < 0 || access(path, R_OK) < 0) {
        if (is_none_of_ours(r, -errno)) {
            free(path);
            return;
        }
        fault_add(r->faults, &n->place, "'%s': %s: %s", k->name, path, strerror(errno));
        fault_hint(r->faults, "the file must be readable for this user");
    } else if (!S_ISREG(st.st_mode)) {
        fault_add(r->faults, &n->place, "'%s': %s is not a regular file", k->name, path);
    } else if (k->type == KEY_KEY && (st.st_mode & S_IROTH) != 0) {
        warning_add(r->faults, &n->place, "'%s': everybody can read %s", k->name, path);
        fault_hint(r->faults, "chmod 600");
    }
    set_string(k, base, path);
}

static bool check_string(const struct key *k, struct str s, struct verdict *v)
{
    switch (k->type) {
    case KEY_ID:
        return value_is_id(s, v);
    case KEY_URL:
        return value_is_url(s, v);
    case KEY_PROXY:
        return value_is_proxy(s, v);
    case KEY_LANGUAGE:
        return value_is_language(s, v);
    case KEY_LISTEN:
        return value_is_listen(s, v);
    case KEY_PRIVATE:
        return value_is_private_listen(s, v);
    case KEY_QUERIES:
        return value_is_query(s, v);
    case KEY_NAMES:
        return value_is_entity(s, v);
    case KEY_HOSTS:
        return value_is_host(s, v);
    case KEY_ENDPOINT:
    case KEY_ENDPOINTS:
        return value_is_endpoint(s, v);
    case KEY_PATTERN:
        return value_is_file_pattern(s, v);
    case KEY_RANGES:
        return value_is_range(s, v);
    default:
        return true;
    }
}

static void set_text(struct reader *r, const struct key *k, const struct node *n,
                     void *base)
{
    struct verdict v;
    int64_t number = 0;
    bool ok = true;

    switch (k->type) {
    case KEY_SECRET_FILE:
        set_secret(r, k, n, base);
        return;
    case KEY_FILE:
    case KEY_KEY:
        set_file(r, k, n, base);
        return;
    case KEY_DURATION:
        ok = value_duration(n->text, &k->bounds, &number, &v);
        break;
    case KEY_SIZE:
        ok = value_size(n->text, &k->bounds, &number, &v);
        break;
    case KEY_NUMBER:
        ok = value_number(n->text, &k->bounds, &number, &v);
        break;
    case KEY_CHOICE:
        ok = value_choice(n->text, k->choices, &number, &v);
        break;
    case KEY_FIRST_POLL:
        if (!value_first_poll(n->text, base, &v))
            fault_verdict(r, &n->place, k->name, &v);
        return;
    default:
        ok = check_string(k, n->text, &v);
        if (ok)
            set_string(k, base,
                       k->type == KEY_PATH || k->type == KEY_PATTERN
                           ? path_from(n->place.file, n->text)
                           : mem_dup(n->text));
    }
    if (!ok)
        fault_verdict(r, &n->place, k->name, &v);
    else if (!key_is_string(k))
        key_set_number(k, base, number);
}

/* A list, or one value in place of a list of one. */
static void set_list(struct reader *r, const struct key *k, const struct node *n,
                     void *base)
{
    struct node *one = (struct node *)n; /* only read */
    struct node *const *items = n->kind == NODE_LIST ? n->items : &one;
    size_t n_items = n->kind == NODE_LIST ? n->n : 1, count = 0;
    char what[80];
    char **list = NULL;
    struct verdict v;

    (void)snprintf(what, sizeof what, "'%s'", k->name);
    if (n->kind == NODE_MAP) {
        fault_add(r->faults, &n->place, "%s wants a list", what);
        fault_hint(r->faults, "write [a, b]");
        return;
    }
    if (n_items > 0)
        list = mem_new_array(n_items, sizeof(char *));
    for (size_t i = 0; i < n_items; i++) {
        if (!node_is_text(r, items[i], what))
            continue;
        if (check_string(k, items[i]->text, &v))
            list[count++] = mem_dup(items[i]->text);
        else
            fault_verdict(r, &items[i]->place, k->name, &v);
    }
    key_fini(k, base);
    memcpy((char *)base + k->at, &list, sizeof(char **));
    *key_count(k, base) = count;
}

static void put_pair(const struct key *k, void *base, struct str name, struct str value)
{
    struct config_pair *pairs;
    size_t *n = key_count(k, base);

    memcpy(&pairs, (char *)base + k->at, sizeof(struct config_pair *));
    for (size_t i = 0; i < *n; i++) {
        bool same = k->type == KEY_HEADERS ? str_eq_nocase(str_of(pairs[i].key), name)
                                           : str_eq(str_of(pairs[i].key), name);
        if (!same)
            continue;
        free(pairs[i].value);
        pairs[i].value = mem_dup(value);
        return;
    }
    pairs = mem_resize(pairs, *n + 1, sizeof *pairs);
    pairs[(*n)++] = (struct config_pair){mem_dup(name), mem_dup(value)};
    memcpy((char *)base + k->at, &pairs, sizeof(struct config_pair *));
}

/* Pairs are added to what the defaults or the group gave. */
static void set_map(struct reader *r, const struct key *k, const struct node *n,
                    void *base)
{
    struct verdict v;
    char what[80];

    if (n->kind != NODE_MAP) {
        fault_add(r->faults, &n->place, "'%s' wants pairs of name and value", k->name);
        fault_hint(r->faults, "write { Name: value }");
        return;
    }
    for (size_t i = 0; i < n->n; i++) {
        const struct node *name = node_key(n, i), *value = node_value(n, i);

        (void)snprintf(what, sizeof what, "'" STR_FMT "'",
                       STR_ARG(str_head(name->text, SHOWN_MAX)));
        if (name->is_bad)
            continue;
        if (k->type == KEY_HEADERS && !value_is_header(name->text, &v)) {
            fault_verdict(r, &name->place, k->name, &v);
            continue;
        }
        if (name->text.n == 0) {
            fault_add(r->faults, &name->place, "'%s': an empty name", k->name);
            continue;
        }
        if (*key_count(k, base) >= PAIRS_MAX) {
            fault_add(r->faults, &name->place, "'%s': more than %d", k->name, PAIRS_MAX);
            return;
        }
        if (node_is_text(r, value, what))
            put_pair(k, base, name->text, value->text);
    }
}

static void refuse_absent(struct reader *r, const struct key *k, const struct node *key,
                          const struct node *n)
{
    if (k->fallback != NULL && n->kind == NODE_SCALAR &&
        str_eq(n->text, str_of(k->fallback)))
        return;
    fault_add(r->faults, &key->place, "'%s': %s: not available in this version", k->name,
              k->help);
    if (k->fallback != NULL)
        fault_hint(r->faults, "remove it, or write '%s'", k->fallback);
    else
        fault_hint(r->faults, "remove it");
}

static void set_value(struct reader *r, const struct key *k, const struct node *key,
                      const struct node *n, void *base, struct said *said)
{
    char what[80];

    (void)snprintf(what, sizeof what, "'%s'", k->name);
    if (k->type == KEY_ABSENT) {
        refuse_absent(r, k, key, n);
        return;
    }
    if (k->type == KEY_SPECIAL || n->is_bad)
        return;
    if (node_is_null(n)) {
        (void)node_is_text(r, n, what);
        return;
    }
    if (k->type == KEY_SECTION)
        section_read(r, n, k->inner, (char *)base + k->at, said, NULL);
    else if (key_is_list(k))
        set_list(r, k, n, base);
    else if (key_is_map(k))
        set_map(r, k, n, base);
    else if (node_is_text(r, n, what))
        set_text(r, k, n, base);
}

/* A secret and the file that holds it, side by side. */
static void refuse_both(struct reader *r, const struct node *map, enum section in)
{
    for (size_t i = 0; i < n_keys; i++) {
        const struct node *file = NULL, *plain = NULL;
        const char *name = NULL;

        if (keys[i].type == KEY_SECRET_FILE &&
            (keys[i].section == in || (in == IN_FEED && keys[i].section == IN_POLL)))
            file = node_find(map, keys[i].name);
        for (size_t j = 0; file != NULL && j < n_keys && plain == NULL; j++)
            if (j != i && keys[j].section == keys[i].section &&
                keys[j].at == keys[i].at && key_is_string(&keys[j])) {
                name = keys[j].name;
                plain = node_find(map, name);
            }
        if (plain == NULL)
            continue;
        fault_add(r->faults, &file->place, "both '%s' and '%s'", name, keys[i].name);
        fault_hint(r->faults, "keep '%s'", keys[i].name);
    }
}

void section_read(struct reader *r, const struct node *map, enum section in, void *base,
                  struct said *said, unknown_key *other)
{
    if (map->is_bad)
        return;
    if (map->kind != NODE_MAP) {
        fault_add(r->faults, &map->place, "%s wants keys and values, not a %s",
                  section_name(in), map->kind == NODE_LIST ? "list" : "single value");
        fault_hint(r->faults, "write `key: value`, one a line, indented");
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        const struct node *key = node_key(map, i), *value = node_value(map, i);
        const struct key *k;

        if (key->is_bad)
            continue;
        k = key_find(in, key->text);
        if (k != NULL) {
            said->value[k - keys] = value;
            set_value(r, k, key, value, base, said);
        } else if (other == NULL || !other(r, key, value, base)) {
            fault_unknown_key(r, in, key);
        }
    }
    refuse_both(r, map, in);
}

const struct node *said_value(const struct said *s, enum section in, const char *name)
{
    const struct key *k = key_find(in, str_of(name));

    return k != NULL ? s->value[k - keys] : NULL;
}
