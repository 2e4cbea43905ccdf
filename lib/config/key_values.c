/* What can be done to any key's member, whatever its type; and finding keys. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "keys.h"
#include "spell.h"

static const struct {
    const char *name, *help;
} sections[SECTIONS] = {
    [IN_TOP] = {"the top level", "The whole file."},
    [IN_POLL] = {"defaults, a group or a feed",
                 "Under `defaults:` for all, in a group of `groups:`, or in a feed; the "
                 "nearest counts."},
    [IN_FEED] = {"a feed", "An entry of `feeds:`, beside the keys above. `- un-news: "
                           "https://…` is a whole feed."},
    [IN_AUTH] = {"auth",
                 "Of `defaults`, a group or a feed. What redirects lead to at "
                 "another host, port or scheme is not told any of it, nor headers "
                 "other than `Accept…`."},
    [IN_TLS] = {"tls", "Of `defaults`, a group or a feed."},
    [IN_TEXT] = {"text", "Of `defaults`, a group or a feed."},
    [IN_POLITENESS] = {"politeness", "Manners towards other people's servers."},
    [IN_PER_HOST] = {"politeness.per_host", "For all feeds of one host together."},
    [IN_WEBSUB] = {"websub",
                   "Off unless `listen` is given; `callback` then has to be too. "
                   "docs/websub.md says more."},
    [IN_BUS] =
        {"bus",
         "Endpoints are `ipc:///PATH` (107 bytes at most) or `tcp://HOST:PORT`; beyond "
         "loopback tcp needs `curve`. A socket listens on all of its list; newsmq's own "
         "programs connect to the first: keep ipc there, and add tcp for others, as "
         "`work: [ipc:///run/newsmq/work.sock, 'tcp://*:5557']`. What is over a limit is "
         "refused and counted (`newsmq status`)."},
    [IN_CURVE] =
        {"bus.curve",
         "Off unless given. The hub needs `server_key_file` and `clients_dir`; a machine "
         "whose programs connect to it `key_file` and `server_public_file`. docs/wire.md "
         "tells the roles of keys, `newsmq keys --help` how to make and allow them. "
         "Files "
         "given by systemd: `${CREDENTIALS_DIRECTORY:-/etc/newsmq}/hub.key_secret`."},
    [IN_WORKER] =
        {"workers",
         "A list, in the order in which the extractors run; `[{name: language}, "
         "{name: entities}, {name: acronyms}, {name: aliases}, {name: places}, {name: "
         "quotes}]` when not given. Any other key with a single value is handed to the "
         "extractor; one that it does not know is refused. `entities` knows `mode`: "
         "`accurate`, or `fast`, which is faster and finds a little less; accurate when "
         "not given and the model can. Its `model` is the name of one of newsmq's models "
         "(`en`) or the path of a file; there may be several `entities`, with models of "
         "several languages."},
    [IN_WATCH] =
        {"watch",
         "A map of rules, each with a name as an id has it and at least `any` or "
         "`entities`: `fires: { any: [wildfire*, forest fire], langs: [en] }`. A record "
         "that hits says so in `nlp.watch`, and a pointer to it is published on "
         "`watch/RULE/`; docs/extraction.md says how queries are read. At most 256."},
    [IN_DEDUP] = {"dedup",
                  "An entry that a feed lists again is never an item twice, whatever "
                  "stands here."},
    [IN_SINK] = {"sinks", "A list; one `jsonl` when not given."},
    [IN_STATE] = {"state", "The hub's own files."},
    [IN_HTTP] = {"http",
                 "Served by newsmq-http, a program of its own that can only read. "
                 "docs/http.md says more."},
    [IN_LOG] = {"log", "What the programs say on stderr."},
};

const char *section_name(enum section s)
{
    return sections[s].name;
}

const char *section_help(enum section s)
{
    return sections[s].help;
}

const struct key *key_find(enum section in, struct str name)
{
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].section == in && str_eq(name, str_of(keys[i].name)))
            return &keys[i];
    if (in == IN_FEED)
        return key_find(IN_POLL, name);
    return NULL;
}

static bool is_also(const struct key *k, struct str word)
{
    struct str rest = str_of(k->also);

    while (rest.p != NULL)
        if (str_eq_nocase(str_cut(&rest, ' '), word))
            return true;
    return false;
}

static bool belongs(const struct key *k, enum section in)
{
    return k->section == in || (in == IN_FEED && k->section == IN_POLL);
}

void key_suggest(enum section in, struct str name, struct strbuf *out)
{
    struct spell spell = {.word = name};

    for (size_t i = 0; i < n_keys; i++)
        if (belongs(&keys[i], in))
            spell_offer(&spell, keys[i].name);
    for (size_t i = 0; i < n_keys && (spell.best == NULL || spell.distance > 1); i++)
        if (belongs(&keys[i], in) && is_also(&keys[i], name)) {
            spell.best = keys[i].name;
            break;
        }
    if (spell.best != NULL) {
        (void)strbuf_addf(out, "did you mean '%s'?", spell.best); /* cut is fine */
        return;
    }
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].section != IN_DEDUP && str_eq(name, str_of(keys[i].name))) {
            (void)strbuf_addf(out, "'%s' is a key of %s", keys[i].name,
                              section_name(keys[i].section));
            return;
        }
}

bool key_is_string(const struct key *k)
{
    return k->type <= KEY_ENDPOINT;
}

bool key_is_map(const struct key *k)
{
    return k->type == KEY_LABELS || k->type == KEY_HEADERS;
}

bool key_is_list(const struct key *k)
{
    return k->type == KEY_LIST || k->type == KEY_ENDPOINTS || k->type == KEY_RANGES ||
           k->type == KEY_HOSTS || k->type == KEY_QUERIES || k->type == KEY_NAMES;
}

int64_t key_number(const struct key *k, const void *base)
{
    const char *at = (const char *)base + k->at;
    uint64_t wide;
    uint32_t narrow;

    if (k->width == sizeof(bool))
        return *(const bool *)at;
    if (k->width == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    assert(k->width == sizeof wide);
    memcpy(&wide, at, sizeof wide);
    return (int64_t)wide;
}

/* The bounds of the table keep v inside the member's type. */
void key_set_number(const struct key *k, void *base, int64_t v)
{
    char *at = (char *)base + k->at;
    uint64_t wide = (uint64_t)v;
    uint32_t narrow = (uint32_t)v;

    if (k->width == sizeof(bool)) {
        *(bool *)at = v != 0;
    } else if (k->width == sizeof narrow) {
        memcpy(at, &narrow, sizeof narrow);
    } else {
        assert(k->width == sizeof wide);
        memcpy(at, &wide, sizeof wide);
    }
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

static void free_pairs(struct config_pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(pairs[i].key);
        free(pairs[i].value);
    }
    free(pairs);
}

void key_fini(const struct key *k, void *base)
{
    void *at = (char *)base + k->at;

    if (key_is_string(k)) {
        free(*key_string(k, base));
        *key_string(k, base) = NULL;
    } else if (key_is_list(k)) {
        free_list(*(char ***)at, *key_count(k, base));
        *(char ***)at = NULL;
        *key_count(k, base) = 0;
    } else if (key_is_map(k)) {
        free_pairs(*(struct config_pair **)at, *key_count(k, base));
        *(struct config_pair **)at = NULL;
        *key_count(k, base) = 0;
    }
}

static char **dup_list(char *const *from, size_t n)
{
    char **to = n > 0 ? mem_new_array(n, sizeof(char *)) : NULL;

    for (size_t i = 0; i < n; i++)
        to[i] = mem_strdup(from[i]);
    return to;
}

static struct config_pair *dup_pairs(const struct config_pair *from, size_t n)
{
    struct config_pair *to = n > 0 ? mem_new_array(n, sizeof *to) : NULL;

    for (size_t i = 0; i < n; i++)
        to[i] = (struct config_pair){mem_strdup(from[i].key), mem_strdup(from[i].value)};
    return to;
}

void key_copy(const struct key *k, const void *from, void *to)
{
    const void *src = (const char *)from + k->at;
    void *dst = (char *)to + k->at;
    size_t n = key_is_list(k) || key_is_map(k)
                   ? *(const size_t *)((const char *)from + k->count_at)
                   : 0;

    if (k->type == KEY_FIRST_POLL) {
        const struct config_feed *f = from;
        struct config_feed *t = to;

        t->first_poll = f->first_poll;
        t->first_last = f->first_last;
        t->first_since_ms = f->first_since_ms;
    } else if (k->type == KEY_SECRET_FILE) {
        return; /* the secret itself is copied under its own key */
    } else if (key_is_string(k)) {
        *(char **)dst = mem_strdup(*(char *const *)src);
    } else if (key_is_list(k)) {
        *(char ***)dst = dup_list(*(char **const *)src, n);
        *key_count(k, to) = n;
    } else if (key_is_map(k)) {
        *(struct config_pair **)dst = dup_pairs(*(struct config_pair *const *)src, n);
        *key_count(k, to) = n;
    } else if (k->type == KEY_DURATION || k->type == KEY_SIZE || k->type == KEY_NUMBER ||
               k->type == KEY_CHOICE) {
        key_set_number(k, to, key_number(k, from));
    }
}

void key_set_default(const struct key *k, void *base)
{
    struct str s = str_of(k->fallback);
    struct verdict v;
    int64_t n = 0;
    bool ok = true;

    if (s.p == NULL || k->type == KEY_ABSENT)
        return;
    switch (k->type) {
    case KEY_DURATION:
        ok = value_duration(s, &k->bounds, &n, &v);
        break;
    case KEY_SIZE:
        ok = value_size(s, &k->bounds, &n, &v);
        break;
    case KEY_NUMBER:
        ok = value_number(s, &k->bounds, &n, &v);
        break;
    case KEY_CHOICE:
        ok = value_choice(s, k->choices, &n, &v);
        break;
    case KEY_FIRST_POLL:
        ok = value_first_poll(s, base, &v);
        assert(ok);
        return;
    default:
        assert(key_is_string(k));
        *key_string(k, base) = mem_strdup(k->fallback);
        return;
    }
    assert(ok); /* the table is ours */
    (void)ok;
    key_set_number(k, base, n);
}

void section_set_defaults(enum section s, void *base)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section != s)
            continue;
        if (keys[i].type == KEY_SECTION)
            section_set_defaults(keys[i].inner, (char *)base + keys[i].at);
        else
            key_set_default(&keys[i], base);
    }
}

void section_fini(enum section s, void *base)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section != s)
            continue;
        if (keys[i].type == KEY_SECTION)
            section_fini(keys[i].inner, (char *)base + keys[i].at);
        else
            key_fini(&keys[i], base);
    }
}

void section_copy(enum section s, const void *from, void *to)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section != s)
            continue;
        if (keys[i].type == KEY_SECTION)
            section_copy(keys[i].inner, (const char *)from + keys[i].at,
                         (char *)to + keys[i].at);
        else
            key_copy(&keys[i], from, to);
    }
}
