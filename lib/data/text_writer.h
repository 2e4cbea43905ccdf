/* text_writer.h - plain text on its way out of HTML */
#ifndef NEWSMQ_TEXT_WRITER_H
#define NEWSMQ_TEXT_WRITER_H

#include "newsmq/text.h"

#include "text_html.h"

enum gap { GAP_NONE, GAP_SPACE, GAP_TAB, GAP_LINE, GAP_PARAGRAPH };

struct writer {
    struct html html;
    struct strbuf *out;
    size_t from; /* where our text begins in out */
    enum gap gap;
    bool bullet;      /* due before the next text */
    bool one_line;    /* every gap is a space */
    unsigned pre;     /* depth of <pre> */
    unsigned lists;   /* depth of lists */
    bool first_item;  /* of the list just begun */
    struct str skip;  /* inside an element that is dropped: its name */
    unsigned skipped; /* depth of that name */
    size_t skip_from; /* where to go on if it never ends */
    bool never_skip;  /* one did not end: markup is too broken to trust */
    struct strbuf pre_space;
    const struct html_options *o;
    struct str href;   /* of the link we are in; absent: in none */
    size_t link_from;  /* where its words begin in out, or the gap before them */
    size_t link_bytes; /* of addresses written */
    int rc;
};

/* A gap before the next text, if none that is wider is due. */
void writer_ask(struct writer *w, enum gap gap);
/* Text after the gap that is due; text as it is. */
void writer_text(struct writer *w, struct str s);
void writer_put(struct writer *w, struct str s);

/* text_extras.c: what an <img> or <a> adds where it is asked for. */
void writer_extras(struct writer *w, enum html_piece piece, struct html_tag tag);

#endif
