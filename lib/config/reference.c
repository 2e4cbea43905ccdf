/* docs/configuration.md, from the table. */
#include <stdlib.h>
#include <string.h>

#include "write.h"

static const char head[] =
    "# Configuration\n\n"
    "<!-- Written by `newsmq check --reference` from lib/config/keys.c; "
    "a test compares. -->\n\n"
    "newsmq reads one YAML file: `-c FILE`, else `$NEWSMQ_CONFIG`, `./newsmq.yaml`,\n"
    "`/etc/newsmq/newsmq.yaml`. Only `feeds` is required. The least that works:\n\n"
    "```yaml\n"
    "feeds:\n"
    "  - un-news: https://news.example.org/un/rss.xml\n"
    "```\n\n"
    "`newsmq check` reports every fault of every file in one run, with its place and\n"
    "what was probably meant; `newsmq check --print` shows the configuration as\n"
    "understood, with every default. `config/newsmq.yaml` is an annotated example.\n\n"
    "## How values are written\n\n"
    "| type | written |\n"
    "|---|---|\n"
    "| duration | `90s`, `15m`, `1h30m`, `7d`; units ms, s, m, h, d, w. Never a bare "
    "number, except 0 |\n"
    "| size | `512KB`, `8MB`, `1GiB`; KB is 1,000 and KiB 1,024 bytes. Never a bare "
    "number, except 0 |\n"
    "| number | digits |\n"
    "| yes or no | `true` or `false` |\n"
    "| id | a-z, 0-9 and `-`, starting with a letter or digit, at most 63 |\n"
    "| URL | `http://`, `https://` or `file:///`; no user or password inside |\n"
    "| endpoint | `ipc:///PATH` (at most 107 bytes) or `tcp://HOST:PORT`; tcp beyond "
    "loopback needs `bus.curve` |\n"
    "| address | `192.168.1.5` or `fd00::5`, or a range of them: `10.0.0.0/8`, "
    "`fd00::/8` |\n"
    "| path | from the folder of the file it stands in, unless absolute |\n"
    "| list | `[a, b]`, or one value |\n"
    "| map | `{ name: value }` |\n\n"
    "In every value `${NAME}` is an environment variable, which must be set;\n"
    "`${NAME:-default}` need not be; `$${` stands for `${`. Aliases (`*name`) work, "
    "merge\n"
    "keys (`<<`) and tags do not. A key that is given twice is a fault.\n\n"
    "A key that belongs to a feature this version does not have is a fault as well: it "
    "is\n"
    "never silently ignored.\n";

static const char *type_words(const struct key *k)
{
    switch (k->type) {
    case KEY_STRING:
        return "text";
    case KEY_SECRET:
        return "text, secret";
    case KEY_PROXY:
        return "URL or `none`";
    case KEY_ID:
        return "id";
    case KEY_URL:
        return "URL";
    case KEY_LANGUAGE:
        return "language tag";
    case KEY_PATH:
    case KEY_FILE:
    case KEY_KEY:
    case KEY_PATTERN:
    case KEY_SECRET_FILE:
        return "path";
    case KEY_LISTEN:
        return "address and port";
    case KEY_PRIVATE:
        return "address and port, or `off`";
    case KEY_ENDPOINT:
        return "endpoint";
    case KEY_DURATION:
        return "duration";
    case KEY_SIZE:
        return "size";
    case KEY_NUMBER:
        return "number";
    case KEY_FIRST_POLL:
        return "words";
    case KEY_LIST:
        return "list of text";
    case KEY_ENDPOINTS:
        return "list of endpoints";
    case KEY_QUERIES:
        return "list of queries";
    case KEY_NAMES:
    case KEY_HOSTS:
        return "list of names";
    case KEY_RANGES:
        return "list of addresses";
    case KEY_LABELS:
    case KEY_HEADERS:
        return "map";
    default:
        return "";
    }
}

static void put_type(struct writer *w, const struct key *k)
{
    if (k->type == KEY_SECTION) {
        put(w, "section, below");
        return;
    }
    if (k->type == KEY_SPECIAL) {
        put(w, "%s",
            k->inner == IN_POLL || k->inner == IN_FEED || k->inner == IN_WORKER ||
                    k->inner == IN_SINK || k->inner == IN_WATCH
                ? "below"
                : "list of names");
        return;
    }
    if (k->type != KEY_CHOICE)
        put(w, "%s", type_words(k));
    for (size_t i = 0; k->type == KEY_CHOICE && k->choices[i] != NULL; i++)
        put(w, "%s`%s`", i > 0 ? ", " : "", k->choices[i]);
}

static void put_bounds(struct writer *w, const struct key *k)
{
    struct strbuf low = {.max = 64}, high = {.max = 64};

    if (k->type == KEY_DURATION) {
        duration_write(k->bounds.min, &low);
        duration_write(k->bounds.max, &high);
    } else if (k->type == KEY_SIZE) {
        size_write((uint64_t)k->bounds.min, &low);
        size_write((uint64_t)k->bounds.max, &high);
    } else if (k->type == KEY_NUMBER && k->bounds.min < k->bounds.max) {
        (void)strbuf_addf(&low, "%lld", (long long)k->bounds.min); /* it fits */
        (void)strbuf_addf(&high, "%lld", (long long)k->bounds.max);
    }
    if (low.n > 0)
        put(w, "; %s to %s", strbuf_cstr(&low), strbuf_cstr(&high));
    strbuf_fini(&low);
    strbuf_fini(&high);
}

static void put_default(struct writer *w, const struct key *k)
{
    if (k->fallback != NULL)
        put(w, "`%s`", k->fallback);
    if (k->computed != NULL)
        put(w, "%s%s", k->fallback != NULL ? ", " : "", k->computed);
}

static void put_section(struct writer *w, enum section s)
{
    bool any = false;

    for (size_t i = 0; i < n_keys; i++)
        any = any || (keys[i].section == s && keys[i].type != KEY_ABSENT);
    if (!any)
        return;
    put(w,
        "\n## %s\n\n%s\n\n| key | type and bounds | default | what "
        "|\n|---|---|---|---|\n",
        section_name(s), section_help(s));
    for (size_t i = 0; i < n_keys; i++) {
        const struct key *k = &keys[i];

        if (k->section != s || k->type == KEY_ABSENT)
            continue;
        put(w, "| `%s` | ", k->name);
        put_type(w, k);
        put_bounds(w, k);
        put(w, " | ");
        put_default(w, k);
        put(w, " | %s |\n", k->help);
    }
}

static void put_absent(struct writer *w)
{
    put(w, "\n## Not in this version\n\nThese keys are known and refused.\n\n"
           "| key | of | feature |\n|---|---|---|\n");
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].type == KEY_ABSENT)
            put(w, "| `%s` | %s | %s%s%s%s |\n", keys[i].name,
                section_name(keys[i].section), keys[i].help,
                keys[i].fallback != NULL ? "; `" : "",
                keys[i].fallback != NULL ? keys[i].fallback : "",
                keys[i].fallback != NULL ? "` is accepted" : "");
}

int config_reference(struct strbuf *out)
{
    struct writer w = {.out = out};

    put(&w, "%s", head);
    for (enum section s = IN_TOP; s < SECTIONS; s++)
        put_section(&w, s);
    put_absent(&w);
    return w.rc;
}
