/* How fast the parser is beside libxml2 alone: the same documents, in the same run,
   pushed in pieces of 32 KB through libxml2's SAX2 parser with empty handlers (the floor)
   and through ours.

   bench-parse FOLDER [REPEATS]: takes every file below FOLDER that is an XML feed. */
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include "newsmq/feed.h"

#define PIECE    ((size_t)32 * 1024)
#define FILE_MAX ((size_t)32 << 20)

struct corpus {
    struct str *documents;
    size_t n, cap, bytes;
};

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the floor ---- */

static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix,
                     const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                     int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    (void)ctx, (void)local, (void)prefix, (void)uri, (void)n_namespaces;
    (void)namespaces, (void)n_attributes, (void)n_defaulted, (void)attributes;
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix,
                   const xmlChar *uri)
{
    (void)ctx, (void)local, (void)prefix, (void)uri;
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    (void)ctx, (void)text, (void)n;
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    (void)ctx, (void)error;
}

static void run_floor(struct str s)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .serror = on_error};
    xmlParserCtxtPtr ctxt = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);

    xmlCtxtUseOptions(ctxt, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_HUGE);
    for (size_t at = 0; at < s.n; at += PIECE)
        (void)xmlParseChunk(ctxt, s.p + at, (int)(s.n - at < PIECE ? s.n - at : PIECE),
                            0);
    (void)xmlParseChunk(ctxt, NULL, 0, 1);
    if (ctxt->myDoc != NULL)
        xmlFreeDoc(ctxt->myDoc);
    xmlFreeParserCtxt(ctxt);
}

/* ---- ours ---- */

static int on_entry(void *ctx, const struct feed_entry *entry)
{
    (void)entry;
    ++*(size_t *)ctx;
    return 0;
}

static int run_ours(struct str s, size_t *entries)
{
    struct feed_options o = {.url = STR_INIT("http://feed.example.org/feed")};
    struct feed_receiver r = {entries, on_entry, NULL};
    struct feed_parser *p = feed_parser_new(&o, &r);
    int rc = 0;

    for (size_t at = 0; at < s.n && rc == 0; at += PIECE)
        rc = feed_parser_push(p, str_slice(s, at, s.n - at < PIECE ? s.n : at + PIECE),
                              NULL);
    rc = feed_parser_finish(p, NULL);
    feed_parser_free(p);
    return rc;
}

/* ---- the corpus ---- */

static void add_file(struct corpus *c, const char *path)
{
    struct strbuf text = {.max = FILE_MAX};
    FILE *f = fopen(path, "rb");
    size_t n, entries = 0;
    char *room;

    while (f != NULL && (room = strbuf_room(&text, PIECE)) != NULL &&
           (n = fread(room, 1, PIECE, f)) > 0)
        text.n += n;
    if (f != NULL)
        (void)fclose(f); /* only read from */
    if (str_trim(strbuf_str(&text)).n == 0 || str_trim(strbuf_str(&text)).p[0] == '{' ||
        run_ours(strbuf_str(&text), &entries) < 0 || entries == 0) {
        strbuf_fini(&text);
        return;
    }
    c->documents = mem_grow(c->documents, &c->cap, c->n + 1, sizeof *c->documents);
    c->bytes += text.n;
    c->documents[c->n].n = text.n;
    c->documents[c->n++].p = strbuf_take(&text);
}

static void add_folder(struct corpus *c, char *folder)
{
    char *paths[] = {folder, NULL};
    FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *at;

    while (fts != NULL && (at = fts_read(fts)) != NULL)
        if (at->fts_info == FTS_F)
            add_file(c, at->fts_path);
    if (fts != NULL)
        (void)fts_close(fts); /* only read from */
}

int main(int argc, char **argv)
{
    int repeats = argc > 2 ? atoi(argv[2]) : 5;
    double floor = 1e9, ours = 1e9;
    struct corpus c = {0};
    size_t entries = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: bench-parse FOLDER [REPEATS]\n");
        return 64;
    }
    xmlInitParser();
    add_folder(&c, argv[1]);
    for (int i = 0; i < repeats; i++) {
        double t0 = cpu_seconds(), t1, t2;

        for (size_t k = 0; k < c.n; k++)
            run_floor(c.documents[k]);
        t1 = cpu_seconds();
        entries = 0;
        for (size_t k = 0; k < c.n; k++)
            (void)run_ours(c.documents[k], &entries);
        t2 = cpu_seconds();
        floor = t1 - t0 < floor ? t1 - t0 : floor;
        ours = t2 - t1 < ours ? t2 - t1 : ours;
    }
    printf("%zu feeds, %.1f MB, %zu entries, best of %d\n", c.n, (double)c.bytes / 1e6,
           entries, repeats);
    printf("libxml2 SAX2, empty handlers  %7.1f MB/s\n", (double)c.bytes / 1e6 / floor);
    printf("newsmq                        %7.1f MB/s  %.2f of it, %.0f entries/s\n",
           (double)c.bytes / 1e6 / ours, floor / ours, (double)entries / ours);
    for (size_t i = 0; i < c.n; i++)
        free((void *)(uintptr_t)c.documents[i].p);
    free(c.documents);
    return 0;
}
