/* A document is the text of its tokens, with a space between them and a line for each
   sentence: so the extractors take the tokens as they are. */
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "conll.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

struct row {
    struct str gold; /* of the file */
    uint32_t start;  /* of its token in the text; its end is the next space or line */
    uint32_t end;
    bool ends_sentence;
};

struct document {
    struct strbuf text;
    struct row *rows;
    size_t n, cap;
};

struct conll {
    struct chain *chain;
    enum conll_scheme scheme;
    const char *path;
    size_t line;
    struct document doc;
    struct result result;
    char (*tags)[16]; /* predicted, of each row */
    size_t tags_cap;
    FILE *out;
    struct err *e;
};

/* ---- reading ---- */

static int fault(struct conll *c, const char *what)
{
    return err_set(c->e, ERR_FORMAT, "%s:%zu: %s", c->path, c->line, what);
}

static bool is_tag(struct str s)
{
    return str_eq(s, STR("O")) ||
           (s.n > 2 && (s.p[0] == 'B' || s.p[0] == 'I') && s.p[1] == '-');
}

/* Takes the next column off a line; absent when there is none. Where there are tabs, they
   alone divide. */
static struct str column(struct str *line, bool by_tab)
{
    size_t from = 0, to;
    struct str word;

    while (from < line->n && !by_tab && line->p[from] == ' ')
        from++;
    for (to = from; to < line->n && line->p[to] != (by_tab ? '\t' : ' ');)
        to++;
    word = str_slice(*line, from, to);
    *line = str_slice(*line, to < line->n ? to + 1 : to, line->n);
    return word.n > 0 ? word : (struct str){NULL, 0};
}

static int add_token(struct conll *c, struct str token, struct str gold)
{
    struct document *d = &c->doc;
    struct row *row;

    if (d->text.n > 0 &&
        strbuf_add_char(&d->text, d->rows[d->n - 1].ends_sentence ? '\n' : ' ') < 0)
        return fault(c, "the document is too large");
    d->rows = mem_grow(d->rows, &d->cap, d->n + 1, sizeof *d->rows);
    row = &d->rows[d->n++];
    *row = (struct row){.gold = gold, .start = (uint32_t)d->text.n};
    if (strbuf_add(&d->text, token) < 0)
        return fault(c, "the document is too large");
    row->end = (uint32_t)d->text.n;
    return 0;
}

static int read_row(struct conll *c, struct str line)
{
    bool by_tab = str_find_char(line, '\t', 0) != SIZE_MAX;
    struct str token = column(&line, by_tab), coarse = column(&line, by_tab);
    struct str fine = column(&line, by_tab);
    struct str gold = c->scheme == CONLL_FINE ? fine : coarse;

    if (token.p == NULL)
        return fault(c, "no token in the first column");
    if (coarse.p == NULL)
        return fault(c, "no second column; a line is a token and its tag");
    if (gold.p == NULL)
        return fault(c, "no third column, where the fine tag is");
    if (!is_tag(gold))
        return fault(c, "the tag is not O, B-TYPE or I-TYPE");
    if (!utf8_is_valid(token))
        return fault(c, "the token is not valid UTF-8");
    return add_token(c, token, gold);
}

/* ---- what was found ---- */

/* The first row that ends behind the place. */
static size_t row_at(const struct document *d, uint32_t place)
{
    size_t lo = 0, hi = d->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (d->rows[mid].end <= place)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void tag_mention(struct conll *c, const struct entity *en, struct span s)
{
    struct str type = str_of(entity_type_name(en->type));

    if (c->scheme == CONLL_FINE && en->subtype.n > 0)
        type = en->subtype;
    for (size_t i = row_at(&c->doc, s.start), first = i;
         i < c->doc.n && c->doc.rows[i].start < s.end; i++)
        (void)snprintf(c->tags[i], sizeof c->tags[i], "%c-" STR_FMT,
                       i == first ? 'B' : 'I', STR_ARG(type));
}

static void find(struct conll *c)
{
    struct item it = {.content_text = strbuf_str(&c->doc.text)};

    result_reset(&c->result);
    result_give_tokens(&c->result, FIELD_CONTENT_TEXT, it.content_text);
    chain_go_on(c->chain, &it, &c->result);
    c->tags = mem_grow(c->tags, &c->tags_cap, c->doc.n, sizeof *c->tags);
    for (size_t i = 0; i < c->doc.n; i++)
        memcpy(c->tags[i], "O", 2);
    for (size_t i = 0; i < c->result.n_entities; i++) {
        const struct entity *en = &c->result.entities[i];

        for (size_t k = 0; k < en->n_mentions; k++)
            tag_mention(c, en, en->mentions[k].span);
    }
}

static int end_document(struct conll *c)
{
    struct document *d = &c->doc;

    if (d->n == 0)
        return 0;
    find(c);
    for (size_t i = 0; i < d->n; i++)
        fprintf(c->out, "%.*s\t" STR_FMT "\t%s\n%s",
                (int)(d->rows[i].end - d->rows[i].start), d->text.p + d->rows[i].start,
                STR_ARG(d->rows[i].gold), c->tags[i],
                d->rows[i].ends_sentence ? "\n" : "");
    d->n = 0;
    strbuf_reset(&d->text);
    if (c->result.status == NLP_FAILED || c->result.status == NLP_PARTIAL)
        return err_set(c->e, ERR_FORMAT, "%s:%zu: " STR_FMT, c->path, c->line,
                       STR_ARG(c->result.error));
    return 0;
}

static void end_sentence(struct conll *c)
{
    if (c->doc.n > 0)
        c->doc.rows[c->doc.n - 1].ends_sentence = true;
}

static int read_line(struct conll *c, struct str line)
{
    if (str_has_suffix(line, STR("\r")))
        line.n--;
    if (str_trim(line).n == 0) {
        end_sentence(c);
        return 0;
    }
    if (!str_has_prefix(line, STR("-DOCSTART-")))
        return read_row(c, line);
    end_sentence(c);
    if (end_document(c) < 0)
        return ERR_FORMAT;
    fputs("-DOCSTART-\tO\tO\n\n", c->out);
    return 0;
}

int conll_run(struct chain *chain, const char *path, struct str file,
              enum conll_scheme scheme, FILE *out, struct err *e)
{
    struct conll c = {.chain = chain,
                      .scheme = scheme,
                      .path = path,
                      .doc.text.max = DOCUMENT_MAX,
                      .out = out,
                      .e = e};
    int rc = 0;

    while (rc == 0 && file.p != NULL) {
        struct str line = str_cut(&file, '\n');

        c.line++;
        rc = read_line(&c, line);
    }
    end_sentence(&c);
    if (rc == 0)
        rc = end_document(&c);
    strbuf_fini(&c.doc.text);
    free(c.doc.rows);
    free(c.tags);
    result_fini(&c.result);
    return rc;
}
