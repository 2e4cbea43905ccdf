/* What a channel says of itself beyond what an item needs: its picture, how to be told of
   changes (RSS cloud), whom to write to, under which licence, and until when it holds. */
#include "modules.h"

enum value {
    IMAGE_TITLE,
    IMAGE_LINK,
    IMAGE_DESCRIPTION,
    IMAGE_WIDTH,
    IMAGE_HEIGHT,
    CLOUD,
    INPUT,
    INPUT_TITLE,
    INPUT_DESCRIPTION,
    INPUT_NAME,
    INPUT_LINK,
    DOCS,
    ERRORS_TO,
    LICENSE,
    PUBLISHER,
    VALID,
};

static const struct tag tags[] = {
    {SCOPE_IMAGE, NS_RSS, "title", FIELD_CHANNEL, IMAGE_TITLE},
    {SCOPE_IMAGE, NS_RSS, "link", FIELD_CHANNEL, IMAGE_LINK},
    {SCOPE_IMAGE, NS_RSS, "description", FIELD_CHANNEL, IMAGE_DESCRIPTION},
    {SCOPE_IMAGE, NS_RSS, "width", FIELD_CHANNEL, IMAGE_WIDTH},
    {SCOPE_IMAGE, NS_RSS, "height", FIELD_CHANNEL, IMAGE_HEIGHT},
    {SCOPE_FEED, NS_RSS, "cloud", FIELD_CHANNEL, CLOUD},
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "textInput", FIELD_CHANNEL, INPUT},
    {SCOPE_INPUT, NS_RSS, "title", FIELD_CHANNEL, INPUT_TITLE},
    {SCOPE_INPUT, NS_RSS, "description", FIELD_CHANNEL, INPUT_DESCRIPTION},
    {SCOPE_INPUT, NS_RSS, "name", FIELD_CHANNEL, INPUT_NAME},
    {SCOPE_INPUT, NS_RSS, "link", FIELD_CHANNEL, INPUT_LINK},
    {SCOPE_FEED, NS_RSS, "docs", FIELD_CHANNEL, DOCS},
    {SCOPE_FEED, NS_RSS, "webMaster", FIELD_CHANNEL, PUBLISHER},
    {SCOPE_HEADED, NS_DC, "publisher", FIELD_CHANNEL, PUBLISHER},
    {SCOPE_HEADED, NS_DC, "valid", FIELD_CHANNEL, VALID},
    {SCOPE_FEED, NS_ADMIN, "errorReportsTo", FIELD_CHANNEL, ERRORS_TO},
    {SCOPE_HEADED, NS_LICENSE, "license", FIELD_CHANNEL, LICENSE},
};

const struct tag_table channel_tags = {tags, ARRAY_LEN(tags)};

static struct feed_channel *now(struct build *b)
{
    struct modules *m = modules_now(b);

    if (m == NULL)
        return NULL;
    m->has_channel = true;
    return &m->channel;
}

/* rdf:resource, which has a prefix. */
static struct str resource(struct attributes a)
{
    for (size_t i = 0; i < a.n; i++) {
        const xmlChar **at = a.list + i * 5;

        if (str_eq_nocase(str_of_xml(at[0]), STR("resource")))
            return (struct str){(const char *)at[3], (size_t)(at[4] - at[3])};
    }
    return (struct str){NULL, 0};
}

static void put_cloud(struct build *b, struct feed_cloud *c, struct attributes a)
{
    modules_put(b, &c->domain, attribute_get(a, "domain"));
    modules_put(b, &c->port, attribute_get(a, "port"));
    modules_put(b, &c->path, attribute_get(a, "path"));
    modules_put(b, &c->procedure, attribute_get(a, "registerProcedure"));
    modules_put(b, &c->protocol, attribute_get(a, "protocol"));
}

void channel_generator(struct build *b, const struct frame *f, struct attributes a)
{
    struct str href = attribute_get(a, "uri"), version = attribute_get(a, "version");
    struct feed_channel *c;

    if (href.n == 0)
        href = attribute_get(a, "url"); /* Atom 0.3 */
    if (href.n + version.n == 0)
        return;
    c = now(b);
    if (c == NULL)
        return;
    modules_put(b, &c->generator_href, resolve(b, f, href));
    modules_put(b, &c->generator_version, version);
}

bool channel_start(struct build *b, const struct tag *tag, struct frame *f,
                   struct attributes a)
{
    struct feed_channel *c = now(b);

    if (tag->rank == INPUT)
        f->scope = SCOPE_INPUT;
    if (c == NULL || tag->rank == INPUT)
        return false;
    if (tag->rank == CLOUD)
        put_cloud(b, &c->cloud, a);
    else if (tag->rank == LICENSE)
        modules_put(b, &c->license, resolve(b, f, resource(a)));
    else if (tag->rank == ERRORS_TO)
        modules_put(b, &c->errors_to, resource(a));
    return tag->rank != CLOUD;
}

/* "start=2002-10-13T09:00+01:00;end=2002-10-17T17:00+01:00;scheme=W3C-DTF" (DCMI Period
   Encoding Scheme) */
static void put_period(struct build *b, struct feed_channel *c, struct str text)
{
    while (text.p != NULL) {
        struct str value = str_cut(&text, ';'), key = str_trim(str_cut(&value, '='));

        if (str_eq_nocase(key, STR("start")))
            modules_put(b, &c->valid_from, value);
        else if (str_eq_nocase(key, STR("end")))
            modules_put(b, &c->valid_to, value);
    }
}

static void put_person(struct build *b, struct person *to, struct person p)
{
    if (to->name.n + to->email.n > 0)
        return;
    to->name = modules_keep(b, p.name);
    to->email = modules_keep(b, p.email);
}

static void image_end(struct build *b, const struct tag *tag, const struct frame *f,
                      struct feed_image *image, struct str text)
{
    if (tag->rank == IMAGE_TITLE)
        modules_put(b, &image->title, text);
    else if (tag->rank == IMAGE_LINK)
        modules_put(b, &image->link, resolve(b, f, text));
    else if (tag->rank == IMAGE_DESCRIPTION)
        modules_put(b, &image->description, text);
    else if (tag->rank == IMAGE_WIDTH)
        modules_put(b, &image->width, text);
    else
        modules_put(b, &image->height, text);
}

static void input_end(struct build *b, const struct tag *tag, const struct frame *f,
                      struct feed_text_input *input, struct str text)
{
    if (tag->rank == INPUT_TITLE)
        modules_put(b, &input->title, text);
    else if (tag->rank == INPUT_DESCRIPTION)
        modules_put(b, &input->description, text);
    else if (tag->rank == INPUT_NAME)
        modules_put(b, &input->name, text);
    else
        modules_put(b, &input->link, resolve(b, f, text));
}

void channel_end(struct build *b, const struct tag *tag, const struct frame *f,
                 struct str text)
{
    struct feed_channel *c = text.n > 0 ? now(b) : NULL;

    if (c == NULL)
        return;
    switch ((enum value)tag->rank) {
    case IMAGE_TITLE:
    case IMAGE_LINK:
    case IMAGE_DESCRIPTION:
    case IMAGE_WIDTH:
    case IMAGE_HEIGHT:
        image_end(b, tag, f, &c->image, text);
        break;
    case INPUT_TITLE:
    case INPUT_DESCRIPTION:
    case INPUT_NAME:
    case INPUT_LINK:
        input_end(b, tag, f, &c->text_input, text);
        break;
    case DOCS:
        modules_put(b, &c->docs, resolve(b, f, text));
        break;
    case ERRORS_TO:
        modules_put(b, &c->errors_to, text);
        break;
    case LICENSE:
        modules_put(b, &c->license, resolve(b, f, text));
        break;
    case PUBLISHER:
        put_person(b, &c->publisher, person_of_text(text));
        break;
    case VALID:
        put_period(b, c, text);
        break;
    case CLOUD:
    case INPUT:
        break;
    }
}
