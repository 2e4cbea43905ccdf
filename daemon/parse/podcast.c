/* Podcasts: Apple's itunes: (help.apple.com, "Podcast RSS feed requirements"), Google's
   googleplay:, podcast: of podcastindex.org, and the chapters of Podlove (psc:). */
#include "modules.h"

enum value {
    BLOCK,
    EXPLICIT,
    COMPLETE,
    LOCKED,
    EPISODE,
    SEASON,
    ORDER,
    EPISODE_TYPE,
    TYPE,
    NEW_FEED_URL,
    GUID,
    MEDIUM,
    FUNDING,
    PERSON,
    TRANSCRIPT,
    CHAPTERS_FILE,
    CHAPTERS,
    CHAPTER,
};

static const struct tag tags[] = {
    {SCOPE_HEADED, NS_ITUNES, "block", FIELD_PODCAST, BLOCK},
    {SCOPE_HEADED, NS_ITUNES, "explicit", FIELD_PODCAST, EXPLICIT},
    {SCOPE_FEED, NS_ITUNES, "complete", FIELD_PODCAST, COMPLETE},
    {SCOPE_ENTRY, NS_ITUNES, "episode", FIELD_PODCAST, EPISODE},
    {SCOPE_ENTRY, NS_ITUNES, "season", FIELD_PODCAST, SEASON},
    {SCOPE_ENTRY, NS_ITUNES, "order", FIELD_PODCAST, ORDER},
    {SCOPE_ENTRY, NS_ITUNES, "episodeType", FIELD_PODCAST, EPISODE_TYPE},
    {SCOPE_FEED, NS_ITUNES, "type", FIELD_PODCAST, TYPE},
    {SCOPE_FEED, NS_ITUNES, "new-feed-url", FIELD_PODCAST, NEW_FEED_URL},
    {SCOPE_HEADED, NS_GOOGLEPLAY, "block", FIELD_PODCAST, BLOCK},
    {SCOPE_HEADED, NS_GOOGLEPLAY, "explicit", FIELD_PODCAST, EXPLICIT},
    {SCOPE_FEED, NS_PODCAST, "locked", FIELD_PODCAST, LOCKED},
    {SCOPE_FEED, NS_PODCAST, "guid", FIELD_PODCAST, GUID},
    {SCOPE_FEED, NS_PODCAST, "medium", FIELD_PODCAST, MEDIUM},
    {SCOPE_HEADED, NS_PODCAST, "funding", FIELD_PODCAST, FUNDING},
    {SCOPE_HEADED, NS_PODCAST, "person", FIELD_PODCAST, PERSON},
    {SCOPE_ENTRY, NS_PODCAST, "episode", FIELD_PODCAST, EPISODE},
    {SCOPE_ENTRY, NS_PODCAST, "season", FIELD_PODCAST, SEASON},
    {SCOPE_ENTRY, NS_PODCAST, "transcript", FIELD_PODCAST, TRANSCRIPT},
    {SCOPE_ENTRY, NS_PODCAST, "chapters", FIELD_PODCAST, CHAPTERS_FILE},
    {SCOPE_ENTRY, NS_PSC, "chapters", FIELD_PODCAST, CHAPTERS},
    {SCOPE_ENTRY, NS_PSC, "chapter", FIELD_PODCAST, CHAPTER},
};

const struct tag_table podcast_tags = {tags, ARRAY_LEN(tags)};

static struct feed_podcast *now(struct build *b)
{
    struct modules *m = modules_now(b);

    if (m == NULL)
        return NULL;
    m->has_podcast = true;
    return &m->podcast;
}

/* Apple's words of different years. */
static enum answer answer_of(struct str text)
{
    static const struct str yes[] = {STR_INIT("yes"), STR_INIT("true"), STR_INIT("1"),
                                     STR_INIT("explicit")};
    static const struct str no[] = {STR_INIT("no"), STR_INIT("false"), STR_INIT("0"),
                                    STR_INIT("clean"), STR_INIT("notexplicit")};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        if (str_eq_nocase(text, yes[i]))
            return ANSWER_YES;
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (str_eq_nocase(text, no[i]))
            return ANSWER_NO;
    return ANSWER_NONE;
}

static void put_answer(enum answer *to, struct str text)
{
    if (*to == ANSWER_NONE)
        *to = answer_of(text);
}

/* ---- lists ---- */

static void add_chapter(struct build *b, struct feed_podcast *p, const struct frame *f,
                        struct attributes a)
{
    struct feed_chapter *list = modules_room(b, p->chapters, p->n_chapters, sizeof *list);

    if (list == NULL)
        return;
    p->chapters = list;
    list[p->n_chapters++] = (struct feed_chapter){
        .start = modules_attribute(b, a, "start"),
        .title = modules_attribute(b, a, "title"),
        .href = modules_link(b, f, a, "href"),
        .image = modules_link(b, f, a, "image"),
    };
}

static void add_transcript(struct build *b, struct feed_podcast *p, const struct frame *f,
                           struct attributes a)
{
    struct feed_transcript *list =
        modules_room(b, p->transcripts, p->n_transcripts, sizeof *list);

    if (list == NULL)
        return;
    p->transcripts = list;
    list[p->n_transcripts++] = (struct feed_transcript){
        .href = modules_link(b, f, a, "url"),
        .type = modules_attribute(b, a, "type"),
        .language = modules_attribute(b, a, "language"),
        .rel = modules_attribute(b, a, "rel"),
    };
}

/* The name is the element's text: podcast_end. */
static void add_person(struct build *b, struct feed_podcast *p, const struct frame *f,
                       struct attributes a)
{
    struct feed_credit *list = modules_room(b, p->persons, p->n_persons, sizeof *list);

    if (list == NULL)
        return;
    p->persons = list;
    list[p->n_persons++] = (struct feed_credit){
        .role = modules_attribute(b, a, "role"),
        .scheme = modules_attribute(b, a, "group"),
        .href = modules_link(b, f, a, "href"),
        .image = modules_link(b, f, a, "img"),
    };
}

/* itunes:category, one inside the other. */
void podcast_category(struct build *b, struct str name)
{
    struct feed_podcast *p = now(b);
    const struct tag *outer = b->depth > 1 ? b->frames[b->depth - 1].tag : NULL;
    struct feed_category *list;
    struct str kept;

    if (p == NULL)
        return;
    list = modules_room(b, p->categories, p->n_categories, sizeof *list);
    if (list == NULL)
        return;
    kept = modules_keep(b, name);
    p->categories = list;
    list[p->n_categories] = (struct feed_category){.name = kept};
    if (outer != NULL && outer->field == FIELD_NESTED_TAG)
        list[p->n_categories].parent = b->now->modules->category;
    else
        b->now->modules->category = kept;
    p->n_categories++;
}

/* ---- both ends ---- */

/* Only one psc:chapters is allowed (podlove.org/simple-chapters); the first counts. */
static void chapters_start(struct build *b, struct feed_podcast *p, struct frame *f,
                           struct attributes a)
{
    if (p->n_chapters > 0)
        return;
    modules_put(b, &p->chapters_version, modules_attribute(b, a, "version"));
    f->scope = b->frames[b->depth - 1].scope;
}

bool podcast_start(struct build *b, const struct tag *tag, struct frame *f,
                   struct attributes a)
{
    struct feed_podcast *p = now(b);

    if (p == NULL)
        return false;
    switch ((enum value)tag->rank) {
    case CHAPTERS:
        chapters_start(b, p, f, a);
        return false;
    case CHAPTER:
        add_chapter(b, p, f, a);
        return false;
    case TRANSCRIPT:
        add_transcript(b, p, f, a);
        return false;
    case CHAPTERS_FILE:
        modules_put(b, &p->chapters_href, modules_link(b, f, a, "url"));
        modules_put(b, &p->chapters_type, modules_attribute(b, a, "type"));
        return false;
    case FUNDING:
        modules_put(b, &p->funding_href, modules_link(b, f, a, "url"));
        return true;
    case PERSON:
        add_person(b, p, f, a);
        return true;
    default:
        return true;
    }
}

void podcast_end(struct build *b, const struct tag *tag, const struct frame *f,
                 struct str text)
{
    struct feed_podcast *p = now(b);

    if (p == NULL || text.n == 0)
        return;
    switch ((enum value)tag->rank) {
    case BLOCK:
        put_answer(&p->block, text);
        break;
    case EXPLICIT:
        put_answer(&p->is_explicit, text);
        break;
    case COMPLETE:
        put_answer(&p->complete, text);
        break;
    case LOCKED:
        put_answer(&p->locked, text);
        break;
    case EPISODE:
        modules_put(b, &p->episode, text);
        break;
    case SEASON:
        modules_put(b, &p->season, text);
        break;
    case ORDER:
        modules_put(b, &p->order, text);
        break;
    case EPISODE_TYPE:
        modules_put(b, &p->episode_type, text);
        break;
    case TYPE:
        modules_put(b, &p->type, text);
        break;
    case NEW_FEED_URL:
        modules_put(b, &p->new_feed_url, resolve(b, f, text));
        break;
    case GUID:
        modules_put(b, &p->guid, text);
        break;
    case MEDIUM:
        modules_put(b, &p->medium, text);
        break;
    case FUNDING:
        modules_put(b, &p->funding_text, text);
        break;
    case PERSON:
        if (p->n_persons > 0)
            modules_put(b, &p->persons[p->n_persons - 1].name, text);
        break;
    case TRANSCRIPT:
    case CHAPTERS_FILE:
    case CHAPTERS:
    case CHAPTER:
        break;
    }
}
