/* A document passes through: head (to find the encoding), decoding, start (to find where
   the markup begins), then one engine: strict XML, forgiving XML from the first fault on,
   or the reader of a format that is not XML. One that is compressed is unpacked first,
   and its bytes begin again at the head. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "build.h"
#include "decode.h"
#include "loose.h"
#include "strict.h"
#include "unpack.h"

#define HEAD_BYTES  ((size_t)1024) /* looked at for the encoding */
#define START_BYTES ((size_t)4096) /* of junk before the markup, at most */
#define DROPS_BYTES ((size_t)4096) /* what drips in is gathered to so much */

enum stage { STAGE_HEAD, STAGE_START, STAGE_STRICT, STAGE_LOOSE, STAGE_READER };

struct feed_parser {
    struct feed_options o;
    struct feed_receiver r;
    struct build b;
    enum stage stage;
    struct strbuf drops;   /* pushes that are too small to be worth the way */
    struct unpack *unpack; /* NULL: not compressed */
    struct strbuf head;    /* bytes, then text, until the stage is over */
    struct decode decode;
    bool finished, text_without_charset, cut_off;
    struct strict *strict;
    struct loose *loose;
    void *reader;
};

/* ---- options are kept: their strings may be gone later ---- */

static struct str keep(struct str s)
{
    return (struct str){mem_dup(s), s.n};
}

static void drop(struct str s)
{
    union {
        const char *kept;
        void *own;
    } u = {s.p};

    free(u.own);
}

struct feed_parser *feed_parser_new(const struct feed_options *o,
                                    const struct feed_receiver *r)
{
    struct feed_parser *p = mem_new(sizeof *p);

    p->o = *o;
    p->o.url = keep(o->url);
    p->o.content_type = keep(o->content_type);
    p->o.content_location = keep(o->content_location);
    p->o.content_language = keep(o->content_language);
    p->r = *r;
    p->drops.max = DROPS_BYTES;
    p->head.max = START_BYTES * 4;
    build_init(&p->b, &p->o, &p->r);
    return p;
}

void feed_parser_free(struct feed_parser *p)
{
    if (p == NULL)
        return;
    if (p->reader != NULL)
        p->b.format->reader_free(p->reader);
    strict_free(p->strict);
    loose_free(p->loose);
    decode_fini(&p->decode);
    unpack_free(p->unpack);
    strbuf_fini(&p->drops);
    strbuf_fini(&p->head);
    build_fini(&p->b);
    drop(p->o.url);
    drop(p->o.content_type);
    drop(p->o.content_location);
    drop(p->o.content_language);
    free(p);
}

/* ---- engines ---- */

static void fall_back(struct feed_parser *p)
{
    p->loose = loose_new(&p->b, strict_dict(p->strict), strict_rest_line(p->strict));
    p->stage = STAGE_LOOSE;
    loose_push(p->loose, strict_rest(p->strict));
}

static void push_engine(struct feed_parser *p, struct str text)
{
    if (text.n == 0 || p->b.rc < 0)
        return;
    if (p->stage == STAGE_LOOSE)
        loose_push(p->loose, text);
    else if (p->stage == STAGE_READER)
        (void)p->b.format->reader_push(p->reader, text, NULL); /* b.rc says it */
    else if (!strict_push(p->strict, text)) {
        build_warn(&p->b, "%s", strict_fault(p->strict));
        fall_back(p);
    }
}

/* ---- where the markup begins ---- */

static const struct feed_format *format_beginning(struct str text)
{
    for (size_t i = 0; feed_formats[i] != NULL; i++)
        if (feed_formats[i]->begins != NULL && feed_formats[i]->begins(text))
            return feed_formats[i];
    return NULL;
}

/* White space and a stray byte order mark in front are skipped. */
static struct str skip_blanks(struct str s)
{
    for (;;) {
        struct str t = str_trim(s);

        s = str_slice(s, (size_t)(t.p - s.p), s.n);
        if (str_has_prefix(s, STR("\xEF\xBB\xBF")))
            s = str_slice(s, 3, s.n);
        else if (s.n > 0 && s.p[0] == '\0')
            s = str_slice(s, 1, s.n);
        else
            return s;
    }
}

/* Output of a broken program ("<br /><b>Warning</b>: …") may stand before the prolog. */
static size_t markup_begins(struct str text)
{
    size_t prolog = str_find(text, STR("<?xml"), 0);

    if (prolog != SIZE_MAX &&
        str_find(str_slice(text, 0, prolog), STR("<rss"), 0) == SIZE_MAX &&
        str_find(str_slice(text, 0, prolog), STR("<feed"), 0) == SIZE_MAX)
        return prolog;
    return str_find_char(text, '<', 0);
}

static void start_reader(struct feed_parser *p, const struct feed_format *format)
{
    p->b.format = format;
    p->reader = format->reader_new(&p->b);
    p->stage = STAGE_READER;
}

static void start_xml(struct feed_parser *p)
{
    p->strict = strict_new(&p->b);
    p->stage = STAGE_STRICT;
}

static void start(struct feed_parser *p)
{
    struct str all = strbuf_str(&p->head), text = skip_blanks(all);
    const struct feed_format *format = format_beginning(text);
    size_t at = markup_begins(text);

    if (format != NULL) {
        start_reader(p, format);
    } else if (text.n == 0) {
        (void)build_fail(&p->b, ERR_FORMAT, "line 1: an empty document");
    } else if (at == SIZE_MAX) {
        (void)build_fail(&p->b, ERR_FORMAT, "line 1: neither XML nor JSON");
    } else {
        if (at > 0)
            build_warn(&p->b, "%zu bytes before the markup", at);
        else if (text.n < all.n && str_has_prefix(text, STR("<?xml")))
            p->b.meta.well_formed = false;
        text = str_slice(text, at, text.n);
        start_xml(p);
    }
    push_engine(p, text);
}

static void push_text(struct feed_parser *p, struct str text, bool is_last)
{
    if (p->stage != STAGE_START) {
        push_engine(p, text);
        return;
    }
    for (size_t n; p->stage == STAGE_START && p->b.rc == 0;) {
        n = START_BYTES - p->head.n < text.n ? START_BYTES - p->head.n : text.n;
        (void)strbuf_add(&p->head, str_slice(text, 0, n)); /* fits */
        text = str_slice(text, n, text.n);
        if (p->head.n < START_BYTES && !is_last)
            return;
        start(p);
    }
    push_engine(p, text);
}

/* ---- the encoding ---- */

static void end_head(struct feed_parser *p, bool is_last)
{
    struct strbuf head = p->head;
    struct charset charset;
    struct str text;

    charset_find(strbuf_str(&head), p->o.content_type, &charset);
    p->text_without_charset = str_has_prefix_nocase(p->o.content_type, STR("text/")) &&
                              str_find(p->o.content_type, STR("charset"), 0) == SIZE_MAX;
    decode_init(&p->decode, &charset);
    p->stage = STAGE_START;
    p->head = (struct strbuf){.max = START_BYTES};
    text = str_slice(strbuf_str(&head), charset.bom_bytes, head.n);
    text = decode_push(&p->decode, text, is_last);
    push_text(p, text, is_last);
    strbuf_fini(&head);
}

static void push_bytes(struct feed_parser *p, struct str bytes, bool is_last);

static bool take_unpacked(void *ctx, struct str bytes)
{
    struct feed_parser *p = ctx;

    push_bytes(p, bytes, false);
    return p->b.rc == 0;
}

/* What of it could be read stays, so damage is no failure as long as there was something.
 */
static void push_packed(struct feed_parser *p, struct str bytes)
{
    struct err e = {0};
    int rc = unpack_push(p->unpack, bytes, take_unpacked, p, &e);

    if (rc == ERR_FORMAT)
        build_warn(&p->b, "%s", e.text);
    else if (rc < 0)
        (void)build_fail(&p->b, rc, "%s", e.text);
}

static void begin_unpacking(struct feed_parser *p)
{
    struct strbuf head = p->head;

    p->unpack = unpack_new(p->o.max_bytes);
    p->head = (struct strbuf){.max = START_BYTES * 4};
    push_packed(p, strbuf_str(&head));
    strbuf_fini(&head);
}

/* Fills the head; what is left of bytes. */
static struct str push_head(struct feed_parser *p, struct str bytes, bool is_last)
{
    size_t n = HEAD_BYTES - p->head.n < bytes.n ? HEAD_BYTES - p->head.n : bytes.n;

    (void)strbuf_add(&p->head, str_slice(bytes, 0, n)); /* fits */
    bytes = str_slice(bytes, n, bytes.n);
    if (p->head.n < HEAD_BYTES && !is_last)
        return bytes;
    if (p->unpack == NULL && unpack_begins(strbuf_str(&p->head)))
        begin_unpacking(p);
    else
        end_head(p, is_last && bytes.n == 0);
    return bytes;
}

static void push_bytes(struct feed_parser *p, struct str bytes, bool is_last)
{
    if (p->stage == STAGE_HEAD) {
        bytes = push_head(p, bytes, is_last);
        if (bytes.n == 0)
            return;
    }
    push_text(p, decode_push(&p->decode, bytes, is_last), is_last);
}

static void take(struct feed_parser *p, struct str bytes)
{
    if (p->unpack == NULL && p->stage == STAGE_HEAD)
        bytes = push_head(p, bytes, false);
    if (bytes.n == 0 || p->b.rc < 0)
        return;
    if (p->unpack != NULL)
        push_packed(p, bytes);
    else
        push_bytes(p, bytes, false);
}

static int answer(struct feed_parser *p, struct err *e)
{
    if (p->b.rc < 0 && e != NULL)
        *e = p->b.err;
    return p->b.rc;
}

/* Bytes that drip in are gathered: each push costs as much as some hundred bytes. */
static void push_in_turn(struct feed_parser *p, struct str bytes)
{
    if (p->drops.n + bytes.n < DROPS_BYTES && bytes.n < DROPS_BYTES / 4) {
        (void)strbuf_add(&p->drops, bytes); /* fits */
        return;
    }
    take(p, strbuf_str(&p->drops));
    strbuf_reset(&p->drops);
    if (p->b.rc == 0)
        take(p, bytes);
}

int feed_parser_push(struct feed_parser *p, struct str bytes, struct err *e)
{
    while (bytes.n > 0 && p->b.rc == 0) {
        size_t n = bytes.n < ((size_t)1 << 20) ? bytes.n : (size_t)1 << 20;

        push_in_turn(p, str_slice(bytes, 0, n));
        bytes = str_slice(bytes, n, bytes.n);
    }
    return answer(p, e);
}

/* ---- the end ---- */

static void note_encoding(struct feed_parser *p)
{
    const struct decode *d = &p->decode;
    const char *name = d->charset.name;

    if (p->text_without_charset && !d->saw_non_ascii)
        name = "us-ascii"; /* RFC 3023: what text/… without a charset means */
    p->b.meta.encoding = str_of(name);
    p->b.meta.has_other_encoding = d->was_wrong || d->had_bad_bytes;
    if (d->was_wrong)
        build_warn(&p->b, "read as %s, the bytes do not fit %s", name, d->said);
    if (d->had_bad_bytes)
        build_warn(&p->b, "bytes that are no characters of %s", name);
}

static void end_in_entry(struct build *b)
{
    b->meta.ends_in_entry = true;
    build_warn(b, "the document ends inside an entry, which is left out");
}

static void check_end(struct feed_parser *p)
{
    struct build *b = &p->b;

    if (b->rc < 0)
        return;
    if (b->format == NULL && b->is_html)
        (void)build_fail(b, ERR_FORMAT, "an HTML page, not a feed");
    else if (b->format == NULL)
        (void)build_fail(b, ERR_FORMAT, "no element in it");
    else if (b->in_entry)
        end_in_entry(b);
    else if (p->cut_off && b->depth == 0)
        build_warn(b, "%s", strict_fault(p->strict)); /* waited for what never came */
    else if (b->depth > 0)
        build_warn(b, "the document ends before </%s>",
                   (const char *)b->frames[b->depth].name.local);
}

static void plain_title(struct feed_parser *p)
{
    struct feed_meta *m = &p->b.meta;
    const struct feed_text *t = &m->title_as_published;
    struct strbuf line = {.max = t->value.n * 4 + 64};

    if (t->kind == TEXT_PLAIN)
        (void)text_clean(t->value, &line); /* fits */
    else
        (void)text_line_from_html(t->value, &line); /* fits */
    if (line.n > 0)
        m->title = arena_dup(&p->b.feed_arena, str_trim(strbuf_str(&line)));
    strbuf_fini(&line);
}

static void end_bytes(struct feed_parser *p)
{
    if (p->unpack == NULL && p->stage == STAGE_HEAD &&
        unpack_begins(strbuf_str(&p->head)))
        begin_unpacking(p); /* a short one */
    if (p->unpack != NULL && !unpack_is_complete(p->unpack) && p->b.rc == 0)
        build_warn(&p->b, "the compressed document ends too early");
    if (p->b.rc == 0)
        push_bytes(p, STR(""), true);
}

int feed_parser_finish(struct feed_parser *p, struct err *e)
{
    if (p->finished)
        return answer(p, e);
    p->finished = true;
    take(p, strbuf_str(&p->drops));
    if (p->b.rc == 0)
        end_bytes(p);
    if (p->b.rc == 0 && p->stage == STAGE_STRICT && !strict_finish(p->strict)) {
        p->cut_off = true; /* check_end says how */
        fall_back(p);
    }
    if (p->b.rc == 0 && p->stage == STAGE_LOOSE)
        loose_finish(p->loose);
    if (p->b.rc == 0 && p->stage == STAGE_READER)
        (void)p->b.format->reader_finish(p->reader, NULL); /* b.rc says it */
    check_end(p);
    if (p->stage != STAGE_HEAD)
        note_encoding(p);
    build_meta(&p->b);
    plain_title(p);
    return answer(p, e);
}

const struct feed_meta *feed_parser_meta(const struct feed_parser *p)
{
    return &p->b.meta;
}

size_t feed_parser_dropped(const struct feed_parser *p)
{
    return p->b.n_dropped;
}
