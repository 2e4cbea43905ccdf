/* HTML to plain text in one pass without a tree. Text is copied as it comes; what tags
   ask for (a space, a line, a paragraph, a bullet) is only noted and written before the
   next character, so nothing is doubled and nothing hangs at the ends. */
#include <errno.h>

#include "text_private.h"
#include "text_writer.h"

enum byte_class { PLAIN, SPACE, MAYBE_SPACE, DROPPED, MARKUP };

/* Bytes that a run of text may pass without a thought. 0xC2 and 0xE2 begin U+00A0,
 * U+2028. */
static const unsigned char byte_class[256] = {
    [0x00] = DROPPED,     [0x01] = DROPPED,     [0x02] = DROPPED, [0x03] = DROPPED,
    [0x04] = DROPPED,     [0x05] = DROPPED,     [0x06] = DROPPED, [0x07] = DROPPED,
    [0x08] = DROPPED,     ['\t'] = SPACE,       ['\n'] = SPACE,   [0x0B] = SPACE,
    ['\f'] = SPACE,       ['\r'] = SPACE,       [0x0E] = DROPPED, [0x0F] = DROPPED,
    [0x10] = DROPPED,     [0x11] = DROPPED,     [0x12] = DROPPED, [0x13] = DROPPED,
    [0x14] = DROPPED,     [0x15] = DROPPED,     [0x16] = DROPPED, [0x17] = DROPPED,
    [0x18] = DROPPED,     [0x19] = DROPPED,     [0x1A] = DROPPED, [0x1B] = DROPPED,
    [0x1C] = DROPPED,     [0x1D] = DROPPED,     [0x1E] = DROPPED, [0x1F] = DROPPED,
    [' '] = SPACE,        ['&'] = MARKUP,       ['<'] = MARKUP,   [0x7F] = DROPPED,
    [0xC2] = MAYBE_SPACE, [0xE2] = MAYBE_SPACE, [']'] = MARKUP,
};

size_t text_space(const char *p, const char *end)
{
    if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        return 1;
    if (end - p >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    if (end - p >= 3 &&
        (memcmp(p, "\xE2\x80\xA8", 3) == 0 || memcmp(p, "\xE2\x80\xA9", 3) == 0))
        return 3;
    return 0;
}

void writer_ask(struct writer *w, enum gap gap)
{
    if (gap > GAP_SPACE)
        strbuf_reset(&w->pre_space);
    if (w->gap < gap && !(w->bullet && gap > GAP_SPACE))
        w->gap = gap;
}

void writer_put(struct writer *w, struct str s)
{
    if (w->rc == 0)
        w->rc = strbuf_add(w->out, s);
}

static void put_gap(struct writer *w)
{
    static const struct str gaps[] = {STR_INIT(""), STR_INIT(" "), STR_INIT("\t"),
                                      STR_INIT("\n"), STR_INIT("\n\n")};

    if (w->out->n > w->from)
        writer_put(w, w->one_line && w->gap != GAP_NONE ? gaps[GAP_SPACE] : gaps[w->gap]);
    if (w->pre_space.n > 0)
        writer_put(w, strbuf_str(&w->pre_space));
    if (w->bullet && !w->one_line)
        writer_put(w, STR("- "));
    strbuf_reset(&w->pre_space);
    w->gap = GAP_NONE;
    w->bullet = false;
}

void writer_text(struct writer *w, struct str s)
{
    if (w->gap != GAP_NONE || w->bullet || w->pre_space.n > 0)
        put_gap(w);
    writer_put(w, s);
}

/* White space inside <pre>: kept, but not at the beginning and the end. */
static void pre_blank(struct writer *w, char c)
{
    if (w->out->n == w->from)
        return;
    if (c == '\n' || c == ' ' || c == '\t') {
        int rc = strbuf_add_char(&w->pre_space, c);

        w->rc = w->rc < 0 ? w->rc : rc;
    }
}

/* One piece of white space of n bytes. */
static void blank(struct writer *w, const char *p, size_t n)
{
    if (w->pre > 0 && !w->one_line)
        pre_blank(w, n == 1 ? *p : ' ');
    else
        writer_ask(w, GAP_SPACE);
}

/* The run of text at p: up to markup, to white space that must be folded, to a control.
 */
static const char *run_end(const char *p, const char *end)
{
    for (; p < end; p++) {
        switch (byte_class[(unsigned char)*p]) {
        case PLAIN:
            break;
        case SPACE:
            if (*p != ' ' || p + 1 == end || byte_class[(unsigned char)p[1]] != PLAIN)
                return p;
            break;
        case MAYBE_SPACE:
            if (text_space(p, end) > 0)
                return p;
            break;
        default:
            return p;
        }
    }
    return end;
}

static size_t reference(struct writer *w, struct str s)
{
    char room[8];
    struct strbuf value = {.p = room, .cap = sizeof room, .max = sizeof room - 1};
    size_t n = text_decode_reference(s, &value);

    if (n == 0)
        writer_text(w, STR("&"));
    else if (value.n > 0 && text_space(value.p, value.p + value.n) > 0)
        blank(w, value.p, text_space(value.p, value.p + value.n));
    else
        writer_text(w, strbuf_str(&value));
    return n > 0 ? n : 1;
}

/* Text from p up to the next '<'. */
static const char *text(struct writer *w, const char *p, const char *end)
{
    while (p < end && w->rc == 0 && *p != '<') {
        unsigned char class = byte_class[(unsigned char)*p];
        size_t n = class == SPACE || class == MAYBE_SPACE ? text_space(p, end) : 0;

        if (n > 0) {
            blank(w, p, n);
            p += n;
        } else if (class == DROPPED) {
            p++;
        } else if (*p == '&') {
            p += reference(w, (struct str){p, (size_t)(end - p)});
        } else if (w->html.in_cdata && end - p >= 3 && memcmp(p, "]]>", 3) == 0) {
            w->html.in_cdata = false;
            p += 3;
        } else {
            const char *to = run_end(p + 1, end);

            writer_text(w, (struct str){p, (size_t)(to - p)});
            p = to;
        }
    }
    return p;
}

static void item_begins(struct writer *w)
{
    if (w->lists == 0)
        writer_ask(w, GAP_LINE);
    else if (!w->first_item)
        w->gap = GAP_LINE;
    w->first_item = false;
    w->bullet = true;
}

static void list_tag(struct writer *w, bool begins)
{
    if (!begins) {
        w->bullet = false;
        w->lists -= w->lists > 0;
    }
    writer_ask(w, w->lists == 0 ? GAP_PARAGRAPH : GAP_LINE);
    w->lists += begins;
    w->first_item = begins;
}

static void pre_tag(struct writer *w, bool begins)
{
    writer_ask(w, GAP_PARAGRAPH);
    if (begins)
        w->pre++;
    else
        w->pre -= w->pre > 0;
}

static void line_break(struct writer *w)
{
    if (w->pre > 0 && !w->one_line)
        pre_blank(w, '\n');
    else
        writer_ask(w, w->gap >= GAP_LINE ? GAP_PARAGRAPH : GAP_LINE);
}

/* What the tag does to the text around it. */
static void tag_effect(struct writer *w, enum tag_kind kind, bool begins)
{
    switch (kind) {
    case TAG_BLOCK:
    case TAG_PARAGRAPH:
        writer_ask(w, GAP_PARAGRAPH);
        break;
    case TAG_LIST:
        list_tag(w, begins);
        break;
    case TAG_ITEM:
        if (begins)
            item_begins(w);
        else
            w->bullet = false;
        break;
    case TAG_BREAK:
        line_break(w);
        break;
    case TAG_ROW:
        writer_ask(w, GAP_LINE);
        break;
    case TAG_CELL:
        writer_ask(w, GAP_TAB);
        break;
    case TAG_WORD:
        writer_ask(w, GAP_SPACE);
        break;
    case TAG_PRE:
        pre_tag(w, begins);
        break;
    default:
        break;
    }
}

/* The content of <script> and its like is no markup. Without its end the rest is dropped
   where it would be program text, and kept after an <iframe>. */
static size_t raw_content(struct writer *w, struct html_tag tag)
{
    bool is_code = tag.name.p[0] == 's' || tag.name.p[0] == 'S';
    unsigned char key = (unsigned char)(tag.name.p[0] | 0x20);
    size_t end;

    if (w->html.no_more[key])
        return tag.end;
    end = html_raw_end(&w->html, tag.name, tag.end);
    w->html.no_more[key] = end == w->html.all.n;
    return end == w->html.all.n && !is_code ? tag.end : end;
}

static bool is_empty(struct html_tag tag)
{
    return str_has_suffix(tag.attributes, STR("/"));
}

static void start_tag(struct writer *w, struct html_tag tag, enum tag_kind kind)
{
    bool has_content = kind != TAG_VOID && kind != TAG_BREAK && kind != TAG_RAW &&
                       !is_empty(tag) && !str_eq_nocase(tag.name, STR("hr"));

    tag_effect(w, kind, true);
    if (!has_content || w->never_skip)
        return;
    if (kind == TAG_DROP || (tag.attributes.n > 0 && html_is_hidden(tag.attributes))) {
        w->skip = tag.name;
        w->skipped = 1;
        w->skip_from = tag.end;
    }
}

/* A tag inside what is dropped. A <p> ends where the next block begins. */
static void skip_tag(struct writer *w, enum html_piece piece, struct html_tag tag,
                     enum tag_kind kind)
{
    bool is_same = str_eq_nocase(tag.name, w->skip);

    if (str_eq_nocase(w->skip, STR("p")) && (kind == TAG_BLOCK || kind == TAG_PARAGRAPH ||
                                             kind == TAG_LIST || kind == TAG_PRE)) {
        w->skip.n = 0;
        if (!is_same || piece == HTML_START) {
            if (piece == HTML_START)
                start_tag(w, tag, kind);
            else
                tag_effect(w, kind, false);
        }
        return;
    }
    if (!is_same || is_empty(tag))
        return;
    w->skipped += piece == HTML_START ? 1u : -1u;
    if (w->skipped == 0) {
        w->skip.n = 0;
        tag_effect(w, kind, false);
    }
}

static size_t markup(struct writer *w, size_t at)
{
    struct html_tag tag;
    enum html_piece piece = html_piece(&w->html, at, &tag);
    enum tag_kind kind;

    if (piece == HTML_TEXT) {
        if (w->skip.n == 0)
            writer_text(w, STR("<"));
        return at + 1;
    }
    if (piece == HTML_NOTHING)
        return tag.end;
    kind = text_tag_kind(tag.name);
    if (w->skip.n == 0 && (kind == TAG_INLINE || kind == TAG_VOID))
        writer_extras(w, piece, tag);
    if (w->skip.n > 0)
        skip_tag(w, piece, tag, kind);
    else if (piece == HTML_START)
        start_tag(w, tag, kind);
    else
        tag_effect(w, kind, false);
    if (piece == HTML_START && kind == TAG_RAW && !is_empty(tag))
        return raw_content(w, tag);
    if (piece == HTML_START && kind == TAG_PRE && tag.end < w->html.all.n &&
        w->html.all.p[tag.end] == '\n')
        return tag.end + 1; /* belongs to the tag */
    return tag.end;
}

static void document(struct writer *w)
{
    struct str all = w->html.all;
    size_t at = 0;

    while (at < all.n && w->rc == 0) {
        if (all.p[at] == '<') {
            at = markup(w, at);
        } else if (w->skip.n == 0) {
            at = (size_t)(text(w, all.p + at, all.p + all.n) - all.p);
        } else {
            at = str_find_char(all, '<', at);
            at = at == SIZE_MAX ? all.n : at;
        }
        if (at >= all.n && w->skip.n > 0) {
            at = w->skip_from; /* never closed: rather show it than lose the rest */
            w->skip.n = 0;
            w->never_skip = true;
        }
    }
}

/* Cleaning may have dropped what stood beside a blank at either end. */
static void trim_tail(struct strbuf *out, size_t from)
{
    struct str tail = str_trim(str_slice(strbuf_str(out), from, out->n));

    if (out->p == NULL)
        return;
    memmove(out->p + from, tail.p, tail.n);
    out->n = from + tail.n;
    out->p[out->n] = '\0';
}

static int convert(struct str html, const struct html_options *o, struct strbuf *out,
                   bool one_line)
{
    struct writer w = {.html = {.all = html},
                       .out = out,
                       .from = out->n,
                       .one_line = one_line,
                       .o = o,
                       .pre_space = {.max = out->max}};

    document(&w);
    strbuf_fini(&w.pre_space);
    if (w.rc == 0)
        w.rc = text_clean_tail(out, w.from);
    if (w.rc == 0) {
        trim_tail(out, w.from);
    } else if (out->p != NULL) {
        out->n = w.from;
        out->p[out->n] = '\0';
    }
    return w.rc;
}

static const struct html_options words_alone;

int text_from_html(struct str html, struct strbuf *out)
{
    return convert(html, &words_alone, out, false);
}

int text_from_html_with(struct str html, const struct html_options *o, struct strbuf *out)
{
    return convert(html, o, out, false);
}

int text_line_from_html(struct str html, struct strbuf *out)
{
    return convert(html, &words_alone, out, true);
}
