/* Texts that may hold markup: how an element declares what it holds, and where it goes.
 */
#include "newsmq/text.h"

#include "decode.h"
#include "modules.h"

void capture_begin(struct build *b, const struct tag *tag, enum text_kind kind,
                   bool markup)
{
    struct capture *c = &b->capture;

    strbuf_reset(&c->text);
    c->on = true;
    c->markup = markup;
    c->escape = false;
    c->base64 = false;
    c->depth = b->depth;
    c->tag = tag;
    c->kind = kind;
    c->type = c->source = (struct str){NULL, 0};
}

static bool type_is_html(struct str type)
{
    return str_eq_nocase(type, STR("html")) || str_eq_nocase(type, STR("text/html"));
}

static bool type_is_xml(struct str type)
{
    return str_eq_nocase(type, STR("xhtml")) || str_has_suffix(type, STR("+xml")) ||
           str_has_suffix(type, STR("/xml"));
}

/* RFC 4287 §3.1 and §4.1.3.3; Atom 0.3 has a media type and a mode instead. */
static void atom_text(struct build *b, struct attributes a)
{
    struct capture *c = &b->capture;
    struct str mode = attribute_get(a, "mode");
    bool is_old = str_eq(b->meta.format, STR("atom0.3"));
    bool is_text = c->type.n == 0 || str_has_prefix_nocase(c->type, STR("text")) ||
                   type_is_html(c->type);

    if (is_old)
        c->base64 = str_eq(mode, STR("base64"));
    else
        c->base64 = !is_text && !type_is_xml(c->type) &&
                    str_find_char(c->type, '/', 0) != SIZE_MAX;
    if (type_is_html(c->type))
        c->kind = TEXT_HTML;
    else if (type_is_xml(c->type))
        c->kind = TEXT_XHTML;
    else
        c->kind = TEXT_PLAIN;
    if (is_old && c->kind == TEXT_XHTML && mode.n > 0 && !str_eq(mode, STR("xml")))
        c->kind = TEXT_HTML;
    c->escape = c->kind == TEXT_XHTML;
}

void text_begin(struct build *b, const struct tag *tag, struct attributes a)
{
    struct str type = str_trim(attribute_get(a, "type"));

    capture_begin(b, tag, TEXT_HTML, true);
    if (type.n > 0)
        b->capture.type = arena_dup(b->now->arena, type);
    if (tag->ns == NS_ATOM && tag->field == FIELD_CONTENT)
        b->capture.source = resolve(b, &b->frames[b->depth], attribute_get(a, "src"));
    if (tag->ns == NS_ATOM)
        atom_text(b, a);
    else if (tag->ns == NS_XHTML)
        b->capture.kind = TEXT_XHTML;
    else if (tag->ns == NS_ITUNES || tag->ns == NS_DC ||
             (tag->ns == NS_MEDIA && !type_is_html(type)))
        b->capture.kind = TEXT_PLAIN;
    if (b->capture.kind == TEXT_XHTML)
        b->capture.escape = true;
}

/* RFC 4648 §4, white space and padding as they come; stops at what is none of it. */
static void decode_base64(struct str in, struct strbuf *out)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned n = 0;

    strbuf_reset(out);
    for (size_t i = 0; i < in.n; i++) {
        const char *at = in.p[i] != '\0' ? strchr(digits, in.p[i]) : NULL;

        if (at == NULL)
            continue;
        bits = (bits << 6 | (uint32_t)(at - digits)) & 0xFFFFFF;
        n += 6;
        if (n < 8)
            continue;
        n -= 8;
        if (strbuf_add_char(out, (char)(bits >> n & 0xFF)) < 0)
            return;
    }
}

/* "&#146;" means the apostrophe of Windows-1252; as Unicode it is a control. */
static struct str without_c1(struct build *b, struct str text)
{
    struct str from = text;
    const char *at = memchr(text.p, 0xC2, text.n);

    while (at != NULL && at + 1 < text.p + text.n && (unsigned char)at[1] > 0x9F)
        at = memchr(at + 1, 0xC2, (size_t)(text.p + text.n - at - 1));
    if (at == NULL)
        return text;
    b->scratch.max = text.n * 2 + 16;
    strbuf_reset(&b->scratch);
    for (size_t i = 0; i < from.n; i++) {
        char utf8[4];
        bool is_c1 = (unsigned char)from.p[i] == 0xC2 && i + 1 < from.n &&
                     (unsigned char)from.p[i + 1] <= 0x9F;

        if (is_c1)
            (void)strbuf_add(
                &b->scratch,
                (struct str){utf8, utf8_encode(windows_1252((unsigned char)from.p[++i]),
                                               utf8)}); /* fits */
        else
            (void)strbuf_add_char(&b->scratch, from.p[i]); /* fits */
    }
    return strbuf_str(&b->scratch);
}

/* What was encoded is text, one hopes; what is not becomes so. */
static struct str base64_text(struct build *b, struct str text)
{
    b->scratch.max = text.n + 16;
    decode_base64(text, &b->scratch);
    if (utf8_is_valid(strbuf_str(&b->scratch)))
        return strbuf_str(&b->scratch);
    strbuf_reset(&b->scratch2);
    b->scratch2.max = b->scratch.n * 4 + 16;
    (void)text_clean(strbuf_str(&b->scratch), &b->scratch2); /* fits */
    return strbuf_str(&b->scratch2);
}

/* The text of the capture that just ended, decoded. */
struct str capture_end(struct build *b, const struct tag *tag, struct str text)
{
    if (b->capture.base64 && tag == b->capture.tag) {
        text = base64_text(b, text);
    } else {
        text = without_c1(b, text);
    }
    b->capture.base64 = false;
    return str_trim(text);
}

static void text_put(struct build *b, enum text_slot slot, const struct tag *tag,
                     struct feed_text t)
{
    struct slots *s = b->now;

    if (t.value.n == 0 || tag->rank >= s->text_rank[slot])
        return;
    t.value = arena_dup(s->arena, t.value);
    s->text[slot] = t;
    s->text_rank[slot] = (uint8_t)tag->rank;
}

static void content_put(struct build *b, struct feed_text t)
{
    struct feed_text *at;

    if (t.value.n + t.source.n == 0)
        return;
    (void)slots_put(b->now, SLOT_LINK, t.source, 9); /* the entry's, if any is */
    at = list_add(&b->now->contents, b->now->arena, sizeof *at);
    if (at == NULL)
        return;
    t.value = t.value.n > 0 ? arena_dup(b->now->arena, t.value) : (struct str){NULL, 0};
    *at = t;
}

void text_end(struct build *b, const struct tag *tag, const struct frame *f,
              struct str value)
{
    struct feed_text t = {.value = value,
                          .type = b->capture.type,
                          .kind = b->capture.kind,
                          .base = f->base,
                          .lang = f->lang,
                          .source = b->capture.source};
    struct slots *s = b->now;

    if (tag->ns == NS_MEDIA)
        media_text(b, tag->field, value);
    switch (tag->field) {
    case FIELD_TITLE:
        text_put(b, SLOT_TITLE, tag, t);
        break;
    case FIELD_SUMMARY:
        text_put(b, SLOT_SUMMARY, tag, t);
        break;
    case FIELD_SUBTITLE:
        text_put(b, SLOT_SUBTITLE, tag, t);
        text_put(b, SLOT_SUMMARY, tag, t);
        break;
    case FIELD_RIGHTS:
        text_put(b, SLOT_RIGHTS, tag, t);
        break;
    case FIELD_INFO:
        text_put(b, SLOT_INFO, tag, t);
        break;
    case FIELD_BODY:
        if (s->text_rank[SLOT_SUMMARY] <= tag->rank)
            content_put(b, t);
        else
            text_put(b, SLOT_SUMMARY, tag, t);
        break;
    default:
        content_put(b, t);
    }
}
