/* newsmq top: what happens now, drawn again every two seconds. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/text.h"

#include "ask.h"
#include "command.h"
#include "load.h"
#include "screen.h"
#include "term.h"
#include "top_view.h"

#define WHO "newsmq top"

struct top {
    const struct config *config;
    bool once, as_json;
    int64_t every_ms;
    struct top_data data;
    struct top_view view;
    struct mono due;
};

/* ---- once ---- */

static int print_once(struct top *t)
{
    int rc = EX_OK;

    top_data_read(&t->data, t->config);
    if (t->as_json) {
        json_t *all = top_data_json(&t->data);

        rc = ask_print(WHO, all);
        json_decref(all);
    }
    if (t->data.newsmqd == NULL && t->data.hub == NULL)
        return ask_tell(WHO, t->config->path,
                        t->data.no_newsmqd.code != ERR_CLOSED ? &t->data.no_newsmqd
                                                              : &t->data.no_hub);
    if (!t->as_json) {
        t->view.columns = term_width(stdout);
        top_view_write(&t->view, &t->data, stdout);
        if (fflush(stdout) != 0) {
            perror(WHO ": cannot write");
            return EX_IOERR;
        }
    }
    return rc != EX_OK ? rc : top_data_is_well(&t->data) ? 0 : 1;
}

/* ---- live ---- */

static void draw(struct top *t)
{
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);

    if (memory == NULL)
        return; /* the next one may do */
    screen_size(&t->view.columns, &t->view.lines);
    top_view_write(&t->view, &t->data, memory);
    (void)fclose(memory); /* to memory */
    screen_draw(text, n);
    free(text);
}

static void chop(char *text)
{
    size_t n = strlen(text);

    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    text[n > 0 ? n - 1 : 0] = '\0';
}

static void type(struct top_view *v, int key)
{
    size_t n = strlen(v->filter);
    char bytes[4];

    if (key == KEY_ENTER) {
        v->is_typing = false;
    } else if (key == KEY_ESCAPE) {
        v->is_typing = false;
        v->filter[0] = '\0';
    } else if (key == KEY_BACKSPACE) {
        chop(v->filter);
    } else if (key >= ' ' && key < KEY_UP) {
        size_t len = utf8_encode((uint32_t)key, bytes);

        if (n + len < sizeof v->filter) {
            memcpy(v->filter + n, bytes, len);
            v->filter[n + len] = '\0';
        }
    }
    v->scroll = 0;
}

static void scroll_by(struct top_view *v, size_t rows, bool up)
{
    if (!up)
        v->scroll += rows;
    else
        v->scroll = v->scroll > rows ? v->scroll - rows : 0;
}

/* False: it was the last. */
static bool obey(struct top *t, int key)
{
    struct top_view *v = &t->view;

    switch (key) {
    case 'q':
        return false;
    case KEY_UP:
    case 'k':
        scroll_by(v, 1, true);
        break;
    case KEY_DOWN:
    case 'j':
        scroll_by(v, 1, false);
        break;
    case KEY_PAGE_UP:
        scroll_by(v, v->page, true);
        break;
    case KEY_PAGE_DOWN:
    case ' ':
        scroll_by(v, v->page, false);
        break;
    case KEY_HOME:
    case 'g':
        v->scroll = 0;
        break;
    case KEY_END:
    case 'G':
        v->scroll = v->n_shown;
        break;
    case '/':
        v->is_typing = true;
        break;
    case KEY_ESCAPE:
        v->filter[0] = '\0';
        break;
    case 'p':
        v->problems_only = !v->problems_only;
        break;
    case 's':
        v->sort = (enum top_sort)((v->sort + 1) % SORTS);
        break;
    case 'r':
        t->due = clock_mono();
        break;
    default:
        break;
    }
    return true;
}

static int run_live(struct top *t)
{
    bool goes_on = true;

    if (!screen_open()) {
        perror(WHO ": cannot use the terminal");
        return EX_IOERR;
    }
    t->view.has_footer = true;
    while (goes_on) {
        int64_t left_ms = mono_ms_between(clock_mono(), t->due);
        int key;

        if (left_ms <= 0) {
            top_data_read(&t->data, t->config);
            left_ms = t->every_ms;
            t->due = mono_add_ms(clock_mono(), left_ms);
        }
        draw(t);
        key = screen_key((int)left_ms);
        if (key == KEY_CLOSED)
            goes_on = false;
        else if (t->view.is_typing)
            type(&t->view, key);
        else
            goes_on = obey(t, key);
    }
    screen_close();
    return EX_OK;
}

/* ---- the command line ---- */

static bool read_every(const char *word, int64_t *ret_ms)
{
    uint64_t n;

    if (!str_to_u64(str_of(word), &n) || n < 1 || n > 3600)
        return false;
    *ret_ms = (int64_t)n * SECOND_MS;
    return true;
}

static bool read_arguments(struct top *t, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--once") == 0) {
            t->once = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            t->once = t->as_json = true;
        } else if (strcmp(argv[i], "--every") == 0 && i + 1 < argc &&
                   read_every(argv[i + 1], &t->every_ms)) {
            i++;
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq top --help`\n", argv[i]);
            return false;
        }
    }
    return true;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct top t = {.every_ms = 2 * SECOND_MS};
    struct config *c;
    int rc;

    if (!read_arguments(&t, argc, argv))
        return EX_USAGE;
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    t.config = c;
    t.view.colour = term_has_colour(stdout);
    t.due = clock_mono();
    rc = t.once || !screen_is_possible() ? print_once(&t) : run_live(&t);
    top_data_fini(&t.data);
    config_free(c);
    return rc;
}

const struct command command_top = {
    .name = "top",
    .group = "Run it",
    .summary = "what happens now, live",
    .help =
        "newsmq top - what happens now, live\n\n"
        "Usage: newsmq [-c CONFIG] top [--every SECONDS] [--once] [--json]\n\n"
        "Header: totals and what comes a second, what waits and how long, alarms, the\n"
        "programs, how far consumers lag, hits of standing queries. Below it a row a\n"
        "feed, as `newsmq feeds` has it. What is not there is waited for.\n\n"
        "Keys:\n"
        "  q              ends\n"
        "  ↑ ↓ j k        scroll; PgUp PgDn Space, Home End g G\n"
        "  /              shows feeds with this in id, group, state or reason; Esc all\n"
        "  p              only feeds with a problem\n"
        "  s              sorts by state, id, last new, next, items\n"
        "  r              asks at once\n\n"
        "Options:\n"
        "  --every N  asks every N seconds (2)\n"
        "  --once     prints it once; also where the output is no terminal\n"
        "  --json     once, as JSON: {\"time\",\"ok\",\"alarms\":[{\"bad\",\"text\"}],"
        "\"newsmqd\",\n"
        "             \"hub\",\"metrics\",\"feeds\"}\n\n"
        "Exit status: 0; with --once 1 when not all is well, 69 nobody answers; 78 the\n"
        "configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq top\n"
        "  newsmq top --once | head -5\n"
        "  newsmq top --json | jq -r '.alarms[].text'\n",
    .run = run,
};
