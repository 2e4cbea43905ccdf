#include "corpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "tagger/labels.h"

static int read_file(const char *path, struct str *ret, struct err *e)
{
    FILE *f = fopen(path, "rb");
    long size = -1;
    char *bytes = NULL;
    bool whole;

    if (f == NULL)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (fseek(f, 0, SEEK_END) == 0)
        size = ftell(f);
    rewind(f);
    bytes = mem_new(size > 0 ? (size_t)size : 1);
    whole = size >= 0 && fread(bytes, 1, (size_t)size, f) == (size_t)size;
    (void)fclose(f); /* only read */
    if (!whole) {
        free(bytes);
        return err_set(e, -EIO, "%s: cannot be read", path);
    }
    *ret = (struct str){bytes, (size_t)size};
    return 0;
}

/* "B-PER"; -1 for what is no tag. */
static int label_from(struct str tag)
{
    static const struct str types[LABEL_TYPES] = {
        [ENTITY_PER] = STR_INIT("PER"),   [ENTITY_ORG] = STR_INIT("ORG"),
        [ENTITY_LOC] = STR_INIT("LOC"),   [ENTITY_EVENT] = STR_INIT("EVENT"),
        [ENTITY_MISC] = STR_INIT("MISC"),
    };

    if (str_eq(tag, STR("O")))
        return LABEL_O;
    if (tag.n < 3 || tag.p[1] != '-' || (tag.p[0] != 'B' && tag.p[0] != 'I'))
        return -1;
    for (int t = 0; t < LABEL_TYPES; t++)
        if (str_eq(str_slice(tag, 2, tag.n), types[t]))
            return tag.p[0] == 'B' ? label_begin((enum entity_type)t)
                                   : label_inside((enum entity_type)t);
    return -1;
}

static void end_sentence(struct corpus *c, uint32_t from)
{
    if (c->n_tokens == from)
        return;
    c->sentences = mem_grow(c->sentences, &c->sentences_cap, c->n_sentences + 1,
                            sizeof *c->sentences);
    c->sentences[c->n_sentences++] =
        (struct corpus_sentence){from, (uint32_t)c->n_tokens};
}

static void end_document(struct corpus *c, uint32_t from)
{
    if (c->n_sentences == from)
        return;
    c->documents = mem_grow(c->documents, &c->documents_cap, c->n_documents + 1,
                            sizeof *c->documents);
    c->documents[c->n_documents++] =
        (struct corpus_document){from, (uint32_t)c->n_sentences};
}

/* Where the sentence and the document in hand began. */
struct place {
    uint32_t sentence, document;
};

static int read_line(struct corpus *c, struct str line, struct place *at)
{
    struct corpus_token t = {0};
    int label;

    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    if (line.n == 0 || str_has_prefix(line, STR("-DOCSTART-"))) {
        end_sentence(c, at->sentence);
        at->sentence = (uint32_t)c->n_tokens;
        if (line.n > 0) {
            end_document(c, at->document);
            at->document = (uint32_t)c->n_sentences;
        }
        return 0;
    }
    t.text = str_cut(&line, '\t');
    label = line.p == NULL ? LABEL_O : label_from(str_cut(&line, '\t'));
    if (label < 0)
        return ERR_FORMAT;
    t.label = (uint8_t)label;
    t.fine = line.p == NULL ? line : str_cut(&line, '\t');
    c->tokens = mem_grow(c->tokens, &c->tokens_cap, c->n_tokens + 1, sizeof *c->tokens);
    c->tokens[c->n_tokens++] = t;
    return 0;
}

int corpus_read(const char *path, struct corpus *ret, struct err *e)
{
    struct corpus c = {0};
    struct place at = {0};
    struct str rest;
    size_t number = 0;
    int rc = read_file(path, &rest, e);

    if (rc < 0)
        return rc;
    c.bytes = (char *)(uintptr_t)rest.p;
    while (rest.p != NULL && rc == 0) {
        number++;
        rc = read_line(&c, str_cut(&rest, '\n'), &at);
    }
    if (rc < 0) {
        corpus_fini(&c);
        return err_set(e, rc, "%s:%zu: not a token and its tag", path, number);
    }
    end_sentence(&c, at.sentence);
    end_document(&c, at.document);
    *ret = c;
    return 0;
}

void corpus_fini(struct corpus *c)
{
    free(c->bytes);
    free(c->tokens);
    free(c->sentences);
    free(c->documents);
    *c = (struct corpus){0};
}
