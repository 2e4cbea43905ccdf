/* Puts a model together: sections of others, words and lists, and who it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "commands.h"
#include "lexicon.h"
#include "options.h"

static int add_info(struct parts *p, const char *path, struct err *e)
{
    struct strbuf text = {.max = 1 << 24};
    int rc = os_read_file(path, text.max, &text, e);
    size_t n = text.n;

    if (rc < 0)
        return rc;
    parts_set(p, "info", (struct str){strbuf_take(&text), n});
    return 0;
}

static int pack(struct options *o, struct err *e)
{
    struct parts p = {0};
    struct lexicon_sources from = {
        .lists = option_text(o, "--lists", NULL),
        .words = option_text(o, "--words", NULL),
        .names = option_text(o, "--names", NULL),
        .phrases = option_text(o, "--phrases", NULL),
    };
    const char *info = option_text(o, "--info", NULL), *model,
               *out = option_text(o, "--out", "out.model");
    int rc = 0;

    (void)snprintf(p.head.name, MODEL_NAME_MAX, "%s", option_text(o, "--name", ""));
    (void)snprintf(p.head.version, MODEL_NAME_MAX, "%s", option_text(o, "--version", ""));
    (void)snprintf(p.head.language, MODEL_NAME_MAX, "%s",
                   option_text(o, "--language", "")); /* cut to fit, all three */
    if (from.lists != NULL)
        rc = lexicon_make(&from, &p, e);
    while (rc == 0 && (model = option_next(o, "--from")) != NULL)
        rc = parts_read(&p, model, e);
    if (rc == 0 && info != NULL)
        rc = add_info(&p, info, e);
    if (rc == 0)
        rc = options_end(o, e);
    if (rc == 0)
        rc = parts_write(&p, out, e);
    parts_fini(&p);
    return rc;
}

int command_pack(int argc, char **argv)
{
    return options_run(argc, argv, pack);
}
