/* What each field of a table does: when its element starts, and when its text is there.
 */
#include <stdlib.h>
#include <strings.h>

#include "newsmq/date.h"

#include "modules.h"

/* ---- values ---- */

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
        b->guid_is_relative = b->guid_is_relative && f->base.n > 0 &&
                              str_find_char(text, '/', 0) != SIZE_MAX &&
                              str_find_char(text, ' ', 0) == SIZE_MAX;
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
    case FIELD_MEDIA:
        media_file_end(b);
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
    case FIELD_SUBTITLE:
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

void field_end(struct build *b, const struct tag *tag, struct frame *f, struct str text)
{
    text = capture_end(b, tag, text);
    switch (tag->field) {
    case FIELD_ENTRY:
        build_end_entry(b);
        break;
    case FIELD_SKIPPED_ENTRY:
        build_end_skipped(b);
        break;
    case FIELD_SOURCE:
        source_end(b, f);
        break;
    case FIELD_SOURCE_TEXT:
        source_text_end(b, f, text);
        break;
    case FIELD_TITLE:
    case FIELD_SUMMARY:
    case FIELD_SUBTITLE:
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
        if (!module_end(b, tag, f, text))
            plain_end(b, tag, f, text);
    }
}
