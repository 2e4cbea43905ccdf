/* What each field of a table does: when its element starts, and when its text is there.
 */
#include <stdlib.h>
#include <strings.h>

#include "newsmq/date.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "decode.h"
#include "fields.h"

/* ---- links ---- */

struct str resolve_against(struct build *b, struct str base, struct str reference)
{
    reference = str_trim(reference);
    if (reference.n == 0)
        return (struct str){NULL, 0};
    if (base.n == 0)
        base =
            b->feed.plain[SLOT_LINK]; /* read from a file: the site is the best guess */
    b->scratch2.max = URL_MAX_BYTES;
    strbuf_reset(&b->scratch2);
    if (url_resolve(base, reference, &b->scratch2, NULL) < 0)
        return arena_dup(b->now->arena, reference);
    return arena_dup(b->now->arena, strbuf_str(&b->scratch2));
}

struct str resolve(struct build *b, const struct frame *f, struct str reference)
{
    return resolve_against(b, f->base, reference);
}

/* ---- captures ---- */

static void capture_begin(struct build *b, const struct tag *tag, enum text_kind kind,
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
    c->type = (struct str){NULL, 0};
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

    if (is_old && str_eq(mode, STR("base64")))
        c->base64 = true;
    else if (!is_old && !is_text && !type_is_xml(c->type) &&
             str_find_char(c->type, '/', 0) != SIZE_MAX)
        c->base64 = true;
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

static void text_begin(struct build *b, const struct tag *tag, struct attributes a)
{
    struct str type = str_trim(attribute_get(a, "type"));

    capture_begin(b, tag, TEXT_HTML, true);
    if (type.n > 0)
        b->capture.type = arena_dup(b->now->arena, type);
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

/* ---- persons ---- */

/* "me@example.org (My Name)", "My Name <me@example.org>", a name, or an address. */
struct person person_of_text(struct str text)
{
    struct person p = {.name = str_trim(text)};
    size_t at = str_find_char(text, '@', 0), from, to;
    struct str before, after;

    if (at == SIZE_MAX)
        return p;
    from = to = at;
    while (from > 0 && strchr(" \t\r\n(<[:;,\"", text.p[from - 1]) == NULL)
        from--;
    while (to < text.n && strchr(" \t\r\n)>];,\"", text.p[to]) == NULL)
        to++;
    if (from == at || to == at + 1)
        return p;
    p.email = str_slice(text, from, to);
    before = str_slice(text, 0, from);
    after = str_slice(text, to, text.n);
    while (before.n > 0 && strchr(" \t\r\n(<[:;,\"", before.p[before.n - 1]) != NULL)
        before.n--;
    while (after.n > 0 && strchr(" \t\r\n)>];,(\"", after.p[0]) != NULL)
        after = str_slice(after, 1, after.n);
    while (after.n > 0 && strchr(" \t\r\n)>]\"", after.p[after.n - 1]) != NULL)
        after.n--;
    before = str_trim(before);
    p.name = after.n > 0 ? after : before;
    if (p.name.n == 0)
        p.name = (struct str){NULL, 0};
    return p;
}

static void person_add(struct build *b, struct list *l, struct person p)
{
    struct arena *a = b->now->arena;
    struct person *last = l->p;
    struct person *at;

    for (size_t i = 0; i < l->n; i++) {
        bool name = p.name.n > 0 && str_eq(last[i].name, p.name);
        bool email = p.email.n > 0 && str_eq(last[i].email, p.email);

        if ((name && (email || p.email.n == 0)) || (email && p.name.n == 0))
            return; /* named twice, for example by author and dc:creator */
    }
    if (p.name.n + p.email.n + p.url.n == 0)
        return;
    at = list_add(l, a, sizeof *at);
    if (at == NULL)
        return;
    at->name = p.name.n > 0 ? arena_dup(a, p.name) : (struct str){NULL, 0};
    at->email = p.email.n > 0 ? arena_dup(a, p.email) : (struct str){NULL, 0};
    at->url = p.url.n > 0 ? arena_dup(a, p.url) : (struct str){NULL, 0};
}

/* ---- values ---- */

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

    if (t.value.n == 0)
        return;
    at = list_add(&b->now->contents, b->now->arena, sizeof *at);
    if (at == NULL)
        return;
    t.value = arena_dup(b->now->arena, t.value);
    *at = t;
}

static void date_put(struct build *b, enum date_slot slot, const struct tag *tag,
                     struct str text)
{
    struct slots *s = b->now;
    struct feed_date d = {text, date_read(text)};
    bool better = tag->rank < s->date_rank[slot] ||
                  (tag->rank == s->date_rank[slot] && d.date.known);

    if (text.n == 0 || (!better && s->date[slot].date.known))
        return;
    d.raw = arena_dup(s->arena, text);
    s->date[slot] = d;
    s->date_rank[slot] = (uint8_t)tag->rank;
}

static void text_end(struct build *b, const struct tag *tag, const struct frame *f,
                     struct str value)
{
    struct feed_text t = {value, b->capture.type, b->capture.kind, f->base, f->lang};
    struct slots *s = b->now;

    switch (tag->field) {
    case FIELD_TITLE:
        text_put(b, SLOT_TITLE, tag, t);
        break;
    case FIELD_SUMMARY:
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

static void link_end(struct build *b, const struct tag *tag, const struct frame *f,
                     struct str text)
{
    struct str href = resolve(b, f, text);
    struct feed_link l = {.href = href, .rel = STR("alternate")};

    if (href.n == 0)
        return;
    (void)slots_put(b->now, SLOT_LINK, href, tag->rank);
    link_add(b, l);
}

static void keywords_end(struct build *b, struct str text)
{
    while (text.p != NULL) {
        struct feed_tag t = {.term = str_trim(str_cut(&text, ','))};

        tag_add(b, t);
    }
}

static unsigned weekday_of(struct str text)
{
    static const struct str days[] = {STR_INIT("sun"), STR_INIT("mon"), STR_INIT("tue"),
                                      STR_INIT("wed"), STR_INIT("thu"), STR_INIT("fri"),
                                      STR_INIT("sat")};

    for (unsigned i = 0; i < ARRAY_LEN(days); i++)
        if (str_has_prefix_nocase(text, days[i]))
            return i;
    return 7;
}

static void polling_end(struct build *b, enum field field, struct str text)
{
    static const struct {
        struct str name;
        int64_t seconds;
    } periods[] = {{STR_INIT("hourly"), 3600},
                   {STR_INIT("daily"), 86400},
                   {STR_INIT("weekly"), 604800},
                   {STR_INIT("monthly"), 2592000},
                   {STR_INIT("yearly"), 31536000}};
    uint64_t v = 0;
    bool is_number = str_to_u64(text, &v);

    if (field == FIELD_TTL && is_number && v <= 525600) {
        b->meta.ttl_min = (int)v;
    } else if (field == FIELD_SKIP_HOUR && is_number && v <= 24) {
        b->meta.skip_hours |= UINT32_C(1) << (v % 24);
    } else if (field == FIELD_SKIP_DAY && weekday_of(text) < 7) {
        b->meta.skip_days = (uint8_t)(b->meta.skip_days | 1u << weekday_of(text));
    } else if (field == FIELD_FREQUENCY && is_number && v > 0 && v <= 10000) {
        b->frequency = v;
    } else if (field == FIELD_PERIOD) {
        for (size_t i = 0; i < ARRAY_LEN(periods); i++)
            if (str_eq_nocase(text, periods[i].name))
                b->period_s = periods[i].seconds;
    }
    if (b->period_s > 0)
        b->meta.update_period_s = b->period_s / (int64_t)b->frequency;
}

/* "1:02:03", "2:03" or seconds. */
static double duration_of(struct str text)
{
    double sum = 0;

    while (text.p != NULL) {
        uint64_t v;
        struct str part = str_trim(str_cut(&text, ':'));
        size_t dot = str_find_char(part, '.', 0);

        if (!str_to_u64(dot == SIZE_MAX ? part : str_slice(part, 0, dot), &v) ||
            v > 100000000)
            return -1;
        sum = sum * 60 + (double)v;
    }
    return sum;
}

static void plain_end(struct build *b, const struct tag *tag, const struct frame *f,
                      struct str text)
{
    struct slots *s = b->now;

    switch (tag->field) {
    case FIELD_ID:
        (void)slots_put(s, SLOT_ID, text, tag->rank);
        break;
    case FIELD_GUID:
        if (slots_put(s, SLOT_ID, text, tag->rank))
            s->id_is_link = b->guid_is_link;
        break;
    case FIELD_LINK:
    case FIELD_ORIGINAL_LINK:
        link_end(b, tag, f, text);
        break;
    case FIELD_ATOM_LINK:
        atom_link_end(b, tag, f, text);
        break;
    case FIELD_ORIGINAL_ENCLOSURE:
        original_enclosure(b, resolve(b, f, text));
        break;
    case FIELD_LANGUAGE:
        (void)slots_put(s, SLOT_LANGUAGE, text, tag->rank);
        break;
    case FIELD_COMMENTS:
        (void)slots_put(s, SLOT_COMMENTS, resolve(b, f, text), tag->rank);
        break;
    case FIELD_GENERATOR:
        (void)slots_put(s, SLOT_GENERATOR, text, tag->rank);
        break;
    case FIELD_ICON:
        (void)slots_put(s, SLOT_ICON, resolve(b, f, text), tag->rank);
        break;
    case FIELD_LOGO:
    case FIELD_IMAGE_URL:
        (void)slots_put(s, SLOT_IMAGE, resolve(b, f, text), tag->rank);
        break;
    case FIELD_DURATION:
        s->duration = duration_of(text);
        break;
    default:
        polling_end(b, tag->field, text);
    }
}

/* ---- scopes ---- */

static void source_begin(struct build *b, struct frame *f)
{
    f->outer = b->now;
    slots_init(&b->source, &b->entry_arena);
    b->now = &b->source;
    f->scope = SCOPE_SOURCE;
}

static void source_end(struct build *b, struct frame *f)
{
    struct feed_meta *m = arena_alloc(&b->entry_arena, sizeof *m);

    b->now = f->outer;
    if (m == NULL)
        return;
    slots_to_meta(&b->source, m);
    b->now->source = m;
}

/* RSS: <source url="…">title</source> */
static void source_text_end(struct build *b, struct frame *f, struct str text)
{
    source_begin(b, f);
    slots_put(&b->source, SLOT_LINK, resolve_against(b, f->base, b->source_url), 1);
    if (text.n > 0)
        b->source.text[SLOT_TITLE] = (struct feed_text){
            .value = arena_dup(&b->entry_arena, text), .kind = TEXT_HTML};
    source_end(b, f);
}

/* ---- both ends of an element ---- */

void field_start(struct build *b, const struct tag *tag, struct frame *f,
                 struct attributes a)
{
    switch (tag->field) {
    case FIELD_FEED:
        f->scope = SCOPE_FEED;
        break;
    case FIELD_ENTRY:
        f->scope = SCOPE_ENTRY;
        break;
    case FIELD_INSIDE:
        f->scope = b->frames[b->depth - 1].scope;
        break;
    case FIELD_SOURCE:
        source_begin(b, f);
        break;
    case FIELD_IMAGE:
        f->scope = SCOPE_IMAGE;
        break;
    case FIELD_AUTHOR:
    case FIELD_CONTRIBUTOR:
    case FIELD_OWNER:
        b->person = (struct person){0};
        f->scope = SCOPE_PERSON;
        break;
    case FIELD_TITLE:
    case FIELD_SUMMARY:
    case FIELD_RIGHTS:
    case FIELD_INFO:
    case FIELD_CONTENT:
    case FIELD_BODY:
        text_begin(b, tag, a);
        break;
    default:
        if (attributes_start(b, tag, f, a))
            capture_begin(b, tag, TEXT_PLAIN, false);
    }
}

static void person_end(struct build *b, const struct tag *tag, const struct frame *f,
                       struct str text)
{
    struct arena *a = b->now->arena;

    if (tag->field == FIELD_AUTHOR)
        person_add(b, &b->now->authors, b->person);
    else if (tag->field == FIELD_CONTRIBUTOR)
        person_add(b, &b->now->contributors, b->person);
    else if (tag->field == FIELD_OWNER)
        person_add(b, &b->now->owners, b->person);
    else if (tag->field == FIELD_PERSON_TEXT)
        person_add(b, &b->now->authors, person_of_text(text));
    else if (tag->field == FIELD_CONTRIBUTOR_TEXT)
        person_add(b, &b->now->contributors, person_of_text(text));
    else if (tag->field == FIELD_PERSON_NAME)
        b->person.name = arena_dup(a, text);
    else if (tag->field == FIELD_PERSON_EMAIL)
        b->person.email = arena_dup(a, text);
    else
        b->person.url = resolve(b, f, text);
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

void field_end(struct build *b, const struct tag *tag, struct frame *f, struct str text)
{
    if (b->capture.base64 && tag == b->capture.tag) {
        decode_base64(text, &b->scratch);
        text = strbuf_str(&b->scratch);
        b->capture.base64 = false;
    } else {
        text = without_c1(b, text);
    }
    text = str_trim(text);
    switch (tag->field) {
    case FIELD_ENTRY:
        build_end_entry(b);
        break;
    case FIELD_SOURCE:
        source_end(b, f);
        break;
    case FIELD_SOURCE_TEXT:
        source_text_end(b, f, text);
        break;
    case FIELD_TITLE:
    case FIELD_SUMMARY:
    case FIELD_RIGHTS:
    case FIELD_INFO:
    case FIELD_CONTENT:
    case FIELD_BODY:
        text_end(b, tag, f, text);
        break;
    case FIELD_PUBLISHED:
    case FIELD_UPDATED:
    case FIELD_CREATED:
    case FIELD_EXPIRED:
        date_put(b, (enum date_slot)(tag->field - FIELD_PUBLISHED), tag, text);
        break;
    case FIELD_TAG:
        b->tag.term = b->tag.term.n > 0 ? b->tag.term : text;
        tag_add(b, b->tag);
        break;
    case FIELD_KEYWORDS:
        keywords_end(b, text);
        break;
    case FIELD_AUTHOR:
    case FIELD_CONTRIBUTOR:
    case FIELD_OWNER:
    case FIELD_PERSON_TEXT:
    case FIELD_CONTRIBUTOR_TEXT:
    case FIELD_PERSON_NAME:
    case FIELD_PERSON_URL:
    case FIELD_PERSON_EMAIL:
        person_end(b, tag, f, text);
        break;
    default:
        plain_end(b, tag, f, text);
    }
}
