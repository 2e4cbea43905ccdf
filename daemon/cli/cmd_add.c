/* newsmq add: the feeds of a site, as the YAML to add to a configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/json.h"
#include "newsmq/opml.h"
#include "newsmq/url.h"

#include "site.h"
#include "command.h"
#include "load.h"
#include "remedy.h"
#include "term.h"

#define WHO           "newsmq add"
#define TITLE_COLUMNS 60

struct add {
    const struct config *config;
    struct site found;
    char *ids[SITE_FEEDS_MAX];
    const char *known_as[SITE_FEEDS_MAX]; /* the feed that has the URL; NULL: none */
};

/* ---- ids ---- */

static bool is_taken(const struct add *a, size_t n, const char *id)
{
    for (size_t i = 0; i < a->config->n_feeds; i++)
        if (strcmp(a->config->feeds[i].id, id) == 0)
            return true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(a->ids[i], id) == 0)
            return true;
    return false;
}

/* From the title, else from the host; with a number when others have it. */
static char *choose_id(const struct add *a, size_t n)
{
    const struct site_feed *f = &a->found.list[n];
    char *slug = opml_slug(f->title), *id;

    if (slug == NULL)
        slug = opml_slug(url_host(f->url));
    if (slug == NULL)
        slug = mem_strdup("feed");
    id = mem_strdup(slug);
    for (unsigned i = 2; is_taken(a, n, id); i++) {
        free(id);
        id = mem_printf("%s-%u", slug, i);
    }
    free(slug);
    return id;
}

static bool is_same_page(const char *configured, struct str url)
{
    struct strbuf a = {.max = URL_MAX_BYTES}, b = {.max = URL_MAX_BYTES};
    bool same = url_canonical(str_of(configured), &a, NULL) == 0 &&
                url_canonical(url, &b, NULL) == 0 &&
                str_eq(strbuf_str(&a), strbuf_str(&b));

    strbuf_fini(&a);
    strbuf_fini(&b);
    return same;
}

static const char *find_known(const struct config *c, struct str url)
{
    for (size_t i = 0; i < c->n_feeds; i++)
        if (is_same_page(c->feeds[i].url, url))
            return c->feeds[i].id;
    return NULL;
}

static void name_feeds(struct add *a)
{
    for (size_t i = 0; i < a->found.n; i++) {
        a->known_as[i] = find_known(a->config, a->found.list[i].url);
        a->ids[i] = choose_id(a, i);
    }
}

/* ---- YAML ---- */

/* In single quotes where another reader of YAML might see something else in it. */
static void print_url(struct str url)
{
    bool is_plain = url.p[url.n - 1] != ':';

    for (size_t i = 0; i < url.n; i++)
        is_plain = is_plain && strchr("{}[]&*!|>'\"`@,\\", url.p[i]) == NULL;
    if (is_plain) {
        printf(STR_FMT, STR_ARG(url));
        return;
    }
    putchar('\'');
    for (size_t i = 0; i < url.n; i++) {
        if (url.p[i] == '\'' || (url.p[i] == '$' && i + 1 < url.n && url.p[i + 1] == '{'))
            putchar(url.p[i]);
        putchar(url.p[i]);
    }
    putchar('\'');
}

static void print_about(const struct site_feed *f)
{
    if (f->title.n > 0) {
        (void)term_text(stdout, f->title, TITLE_COLUMNS, false); /* its width is free */
        printf("; ");
    }
    (void)term_text(stdout, f->format, 0, false);
    printf(", %zu item%s\n", f->n_items, f->n_items == 1 ? "" : "s");
}

/* The first that is new is the one to take; the others are there to choose from. */
static void print_feed(const struct add *a, size_t i, bool chosen)
{
    const struct site_feed *f = &a->found.list[i];
    const char *mark = chosen ? "" : "# ";

    printf("  # ");
    print_about(f);
    if (a->known_as[i] != NULL) {
        printf("  # it is there already: %s\n", a->known_as[i]);
        return;
    }
    if (a->found.is_private) {
        printf("  %s- id: %s\n  %s  url: ", mark, a->ids[i], mark);
        print_url(f->url);
        printf("\n  %s  allow_private: true\n", mark);
        return;
    }
    printf("  %s- %s: ", mark, a->ids[i]);
    print_url(f->url);
    printf("\n");
}

static void print_yaml(const struct add *a)
{
    const struct site *f = &a->found;
    bool has_chosen = false;

    printf("feeds:\n");
    for (size_t i = 0; i < f->n; i++) {
        bool chosen = !has_chosen && a->known_as[i] == NULL;

        print_feed(a, i, chosen);
        has_chosen = has_chosen || chosen;
    }
}

/* ---- JSON ---- */

static void add_json_feed(struct jsonw *j, const struct add *a, size_t i)
{
    const struct site_feed *f = &a->found.list[i];

    jsonw_object(j);
    jsonw_member_cstr(j, "id", a->ids[i]);
    jsonw_member_str(j, "url", f->url);
    if (f->title.n > 0)
        jsonw_member_str(j, "title", f->title);
    jsonw_member_str(j, "format", f->format);
    jsonw_member_u64(j, "items", f->n_items);
    jsonw_member_cstr(j, "basis", f->basis);
    if (a->known_as[i] != NULL)
        jsonw_member_cstr(j, "known_as", a->known_as[i]);
    jsonw_object_end(j);
}

static void print_json(const struct add *a)
{
    const struct site *f = &a->found;
    struct strbuf out = {.max = (size_t)1 << 20};
    struct jsonw j = jsonw_to(&out);

    jsonw_object(&j);
    jsonw_member_str(&j, "site", f->url);
    jsonw_member_bool(&j, "private", f->is_private);
    jsonw_key(&j, "feeds");
    jsonw_array(&j);
    for (size_t i = 0; i < f->n; i++)
        add_json_feed(&j, a, i);
    jsonw_array_end(&j);
    jsonw_key(&j, "failed");
    jsonw_array(&j);
    for (size_t i = 0; i < f->n_faults; i++) {
        jsonw_object(&j);
        jsonw_member_str(&j, "url", f->faults[i].url);
        jsonw_member_str(&j, "reason", f->faults[i].reason);
        jsonw_object_end(&j);
    }
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&out);
}

/* ---- the run ---- */

static void tell_faults(const struct site *f)
{
    for (size_t i = 0; i < f->n_faults; i++) {
        fprintf(stderr, WHO ": the page declares ");
        (void)term_text(stderr, f->faults[i].url, 0, false); /* any width */
        fprintf(stderr, ": ");
        (void)term_text(stderr, f->faults[i].reason, 0, false);
        fputc('\n', stderr);
    }
}

static int tell(const struct add *a, bool as_json)
{
    if (as_json)
        print_json(a);
    else if (a->found.n > 0)
        print_yaml(a);
    if (!as_json)
        tell_faults(&a->found);
    if (fflush(stdout) != 0) {
        perror(WHO ": cannot write");
        return EX_IOERR;
    }
    if (a->found.n > 0)
        return EX_OK;
    fprintf(stderr, WHO ": no feed is found at ");
    (void)term_text(stderr, a->found.url, 0, false); /* any width */
    fprintf(stderr, "\n  try another page of the site, such as its news or its blog\n");
    return 1;
}

static int search(const struct config *c, const char *site, bool as_json)
{
    struct add a = {.config = c};
    struct err e = {0};
    int rc = site_find(c, site, &a.found, &e);

    if (rc < 0) {
        char *url = mem_dup(a.found.url);

        remedy_print(stderr, WHO, url, &e, a.found.http_status);
        free(url);
        rc = EX_UNAVAILABLE;
    } else {
        name_feeds(&a);
        rc = tell(&a, as_json);
    }
    for (size_t i = 0; i < a.found.n; i++)
        free(a.ids[i]);
    site_fini(&a.found);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const char *site = NULL;
    struct config *c;
    bool as_json = false;
    int rc;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            as_json = true;
        } else if (site == NULL && argv[i][0] != '-' && argv[i][0] != '\0') {
            site = argv[i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq add --help`\n", argv[i]);
            return EX_USAGE;
        }
    }
    if (site == NULL) {
        fprintf(stderr, WHO ": which site? see `newsmq add --help`\n");
        return EX_USAGE;
    }
    c = env->config_named ? load_config(env->config_path, WHO) : config_default();
    if (c == NULL)
        return EX_CONFIG;
    rc = search(c, site, as_json);
    config_free(c);
    return rc;
}

const struct command command_add = {
    .name = "add",
    .group = "Try it",
    .summary = "find the feeds of a site, as YAML to add",
    .help =
        "newsmq add - find the feeds of a site, as YAML to add\n\n"
        "Usage: newsmq [-c CONFIG] add SITE [--json]\n\n"
        "SITE is a host or a URL (https is tried before http), or a feed itself. Feeds "
        "are\n"
        "looked for in the <link>s and <a>s of the page, then in the usual places "
        "(/feed,\n"
        "/rss.xml, …), and each is fetched and read before it is told. Nothing is "
        "written:\n"
        "the YAML goes to stdout, the first feed ready to use, others as comments.\n"
        "With -c no id is one of that configuration, what it has already is said, and "
        "its\n"
        "defaults, user_agent, proxy and allow_addresses hold.\n"
        "The host of SITE may be in a private network (the YAML then allows it); what "
        "it\n"
        "redirects or links to may not.\n\n"
        "Options:\n"
        "  --json   "
        "{\"site\",\"private\",\"feeds\":[{\"id\",\"url\",\"title\",\"format\","
        "\"items\",\n"
        "           \"basis\",\"known_as\"}],\"failed\":[{\"url\",\"reason\"}]}; basis: "
        "itself,\n"
        "           declared, linked, guessed\n\n"
        "Exit status: 0 found, 1 there is none, 64 usage, 69 the page cannot be got,\n"
        "78 the configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq add news.un.org\n"
        "  newsmq -c newsmq.yaml add https://www.example.org/blog\n"
        "  newsmq add example.org --json | jq -r '.feeds[0].url'\n",
    .run = run,
};
