/* What the modules say, under the names that readers of feeds have for it. */
#include "show_feed.h"

static void text(struct jsonw *j, const char *key, struct str s)
{
    if (s.n > 0)
        jsonw_member_str(j, key, s);
}

static void answer(struct jsonw *j, const char *key, enum answer a)
{
    if (a != ANSWER_NONE)
        jsonw_member_bool(j, key, a == ANSWER_YES);
}

static void number(struct jsonw *j, const char *key, struct str s)
{
    int64_t v;

    if (str_to_i64(s, &v))
        jsonw_member_i64(j, key, v);
    else
        text(j, key, s);
}

static void open_list(struct jsonw *j, const char *key)
{
    jsonw_key(j, key);
    jsonw_array(j);
}

static void open_object(struct jsonw *j, const char *key)
{
    jsonw_key(j, key);
    jsonw_object(j);
}

/* ---- podcasts ---- */

static void chapters(struct jsonw *j, const struct feed_podcast *p)
{
    if (p->n_chapters == 0)
        return;
    open_object(j, "psc_chapters");
    text(j, "version", p->chapters_version);
    open_list(j, "chapters");
    for (size_t i = 0; i < p->n_chapters; i++) {
        jsonw_object(j);
        text(j, "start", p->chapters[i].start);
        text(j, "title", p->chapters[i].title);
        text(j, "href", p->chapters[i].href);
        text(j, "image", p->chapters[i].image);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    jsonw_object_end(j);
}

static void categories(struct jsonw *j, const struct feed_podcast *p)
{
    if (p->n_categories == 0)
        return;
    open_list(j, "itunes_categories");
    for (size_t i = 0; i < p->n_categories; i++) {
        jsonw_object(j);
        text(j, "name", p->categories[i].name);
        text(j, "parent", p->categories[i].parent);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void credits(struct jsonw *j, const char *key, const char *name,
                    const char *scheme, const struct feed_credit *c, size_t n)
{
    if (n == 0)
        return;
    open_list(j, key);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j);
        text(j, name, c[i].name);
        text(j, "role", c[i].role);
        text(j, scheme, c[i].scheme);
        text(j, "href", c[i].href);
        text(j, "img", c[i].image);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void transcripts(struct jsonw *j, const struct feed_podcast *p)
{
    if (p->n_transcripts == 0)
        return;
    open_list(j, "podcast_transcripts");
    for (size_t i = 0; i < p->n_transcripts; i++) {
        jsonw_object(j);
        text(j, "url", p->transcripts[i].href);
        text(j, "type", p->transcripts[i].type);
        text(j, "language", p->transcripts[i].language);
        text(j, "rel", p->transcripts[i].rel);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void podcast(struct jsonw *j, const struct feed_podcast *p)
{
    answer(j, "itunes_block", p->block);
    answer(j, "itunes_explicit", p->is_explicit);
    answer(j, "itunes_complete", p->complete);
    text(j, "itunes_episode", p->episode);
    text(j, "itunes_season", p->season);
    text(j, "itunes_order", p->order);
    text(j, "itunes_episodetype", p->episode_type);
    text(j, "itunes_type", p->type);
    text(j, "itunes_new-feed-url", p->new_feed_url);
    categories(j, p);
    answer(j, "podcast_locked", p->locked);
    text(j, "podcast_guid", p->guid);
    text(j, "podcast_medium", p->medium);
    credits(j, "podcast_persons", "name", "group", p->persons, p->n_persons);
    transcripts(j, p);
    if (p->funding_href.n > 0) {
        open_object(j, "podcast_funding");
        text(j, "url", p->funding_href);
        text(j, "content", p->funding_text);
        jsonw_object_end(j);
    }
    if (p->chapters_href.n > 0) {
        open_object(j, "podcast_chapters");
        text(j, "url", p->chapters_href);
        text(j, "type", p->chapters_type);
        jsonw_object_end(j);
    }
    chapters(j, p);
}

/* ---- media ---- */

static void media_files(struct jsonw *j, const struct feed_media *m)
{
    if (m->n_files == 0)
        return;
    open_list(j, "media_content");
    for (size_t i = 0; i < m->n_files; i++) {
        const struct feed_media_file *f = &m->files[i];

        jsonw_object(j);
        text(j, "url", f->url);
        text(j, "type", f->type);
        text(j, "medium", f->medium);
        answer(j, "isdefault", f->is_default);
        text(j, "expression", f->expression);
        text(j, "lang", f->language);
        text(j, "width", f->width);
        text(j, "height", f->height);
        text(j, "duration", f->duration);
        text(j, "filesize", f->bytes);
        text(j, "bitrate", f->bitrate);
        text(j, "framerate", f->framerate);
        text(j, "samplingrate", f->samplingrate);
        text(j, "channels", f->channels);
        text(j, "title", f->title);
        text(j, "description", f->description);
        if (f->group > 0)
            jsonw_member_u64(j, "group", f->group);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void thumbnails(struct jsonw *j, const struct feed_media *m)
{
    if (m->n_thumbnails == 0)
        return;
    open_list(j, "media_thumbnail");
    for (size_t i = 0; i < m->n_thumbnails; i++) {
        jsonw_object(j);
        text(j, "url", m->thumbnails[i].url);
        text(j, "width", m->thumbnails[i].width);
        text(j, "height", m->thumbnails[i].height);
        text(j, "time", m->thumbnails[i].time);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void statement_members(struct jsonw *j, const char *scheme,
                              const struct feed_statement *s)
{
    text(j, "relationship", s->relationship);
    text(j, scheme, s->scheme);
    text(j, "content", s->value);
}

/* The first is the one that peers show; all of them when there are more. */
static void statements(struct jsonw *j, const char *key, const char *all_key,
                       const char *scheme, const struct feed_statement *s, size_t n)
{
    if (n == 0)
        return;
    open_object(j, key);
    statement_members(j, scheme, &s[0]);
    jsonw_object_end(j);
    if (n == 1)
        return;
    open_list(j, all_key);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j);
        statement_members(j, scheme, &s[i]);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void linked_text(struct jsonw *j, const char *key, struct str href,
                        struct str type, struct str content)
{
    if (href.n + content.n == 0)
        return;
    open_object(j, key);
    text(j, "href", href);
    text(j, "type", type);
    text(j, "content", content);
    jsonw_object_end(j);
}

static void readers(struct jsonw *j, const struct feed_media *m)
{
    if (m->views.n + m->favorites.n > 0) {
        open_object(j, "media_statistics");
        text(j, "views", m->views);
        text(j, "favorites", m->favorites);
        jsonw_object_end(j);
    }
    if (m->rating_average.n + m->rating_count.n == 0)
        return;
    open_object(j, "media_starrating");
    text(j, "average", m->rating_average);
    text(j, "count", m->rating_count);
    text(j, "min", m->rating_min);
    text(j, "max", m->rating_max);
    jsonw_object_end(j);
}

static void media(struct jsonw *j, const struct feed_media *m)
{
    media_files(j, m);
    thumbnails(j, m);
    text(j, "media_title", m->title);
    text(j, "media_description", m->description);
    credits(j, "media_credit", "content", "scheme", m->credits, m->n_credits);
    statements(j, "media_rating", "media_ratings", "scheme", m->ratings, m->n_ratings);
    statements(j, "media_hash", "media_hashes", "algo", m->hashes, m->n_hashes);
    statements(j, "media_text", "media_texts", "type", m->texts, m->n_texts);
    statements(j, "media_restriction", "media_restrictions", "type", m->restrictions,
               m->n_restrictions);
    linked_text(j, "media_license", m->license_href, m->license_type, m->license_text);
    linked_text(j, "media_copyright", m->copyright_href, (struct str){0},
                m->copyright_text);
    readers(j, m);
    if (m->player_url.n > 0) {
        open_object(j, "media_player");
        text(j, "url", m->player_url);
        text(j, "width", m->player_width);
        text(j, "height", m->player_height);
        jsonw_object_end(j);
    }
}

/* ---- places ---- */

/* RFC 7946 §1.3 */
static const char *const kinds[] = {[PLACE_POINT] = "Point",
                                    [PLACE_LINE] = "LineString",
                                    [PLACE_POLYGON] = "Polygon",
                                    [PLACE_BOX] = "Box"};

static void position(struct jsonw *j, const struct feed_place *p, size_t at)
{
    for (unsigned i = 0; i < p->dimensions; i++)
        jsonw_f(j, p->coordinates[at + i], 7);
}

static void positions(struct jsonw *j, const struct feed_place *p)
{
    for (size_t i = 0; i + p->dimensions <= p->n_coordinates; i += p->dimensions) {
        jsonw_array(j);
        position(j, p, i);
        jsonw_array_end(j);
    }
}

static void place(struct jsonw *j, const struct feed_place *p)
{
    open_object(j, "where");
    if (p->kind != PLACE_NONE && p->n_coordinates > 0) {
        jsonw_member_cstr(j, "type", kinds[p->kind]);
        open_list(j, "coordinates");
        if (p->kind == PLACE_POLYGON)
            jsonw_array(j);
        if (p->kind == PLACE_POINT)
            position(j, p, 0);
        else
            positions(j, p);
        if (p->kind == PLACE_POLYGON)
            jsonw_array_end(j);
        jsonw_array_end(j);
    }
    if (p->radius_m >= 0) {
        jsonw_key(j, "radius");
        jsonw_f(j, p->radius_m, 1);
    }
    text(j, "name", p->name);
    text(j, "srsname", p->reference_system);
    jsonw_object_end(j);
}

/* ---- discussions and the channel ---- */

static void discussion(struct jsonw *j, const struct feed_discussion *d)
{
    text(j, "wfw_comment", d->comment_url);
    text(j, "wfw_commentrss", d->comments_feed);
    text(j, "slash_comments", d->count);
    if (d->reply_to_ref.n + d->reply_to_href.n == 0)
        return;
    open_object(j, "thr_in-reply-to");
    text(j, "ref", d->reply_to_ref);
    text(j, "href", d->reply_to_href);
    text(j, "source", d->reply_to_source);
    text(j, "type", d->reply_to_type);
    jsonw_object_end(j);
}

static void cloud(struct jsonw *j, const struct feed_cloud *c)
{
    if (c->domain.n == 0)
        return;
    open_object(j, "cloud");
    text(j, "domain", c->domain);
    text(j, "port", c->port);
    text(j, "path", c->path);
    text(j, "registerprocedure", c->procedure);
    text(j, "protocol", c->protocol);
    jsonw_object_end(j);
}

static void text_input(struct jsonw *j, const struct feed_text_input *t)
{
    if (t->link.n + t->title.n + t->name.n + t->description.n == 0)
        return;
    open_object(j, "textinput");
    text(j, "title", t->title);
    text(j, "description", t->description);
    text(j, "name", t->name);
    text(j, "link", t->link);
    jsonw_object_end(j);
}

static void valid(struct jsonw *j, const char *key, const char *utc_key, struct str raw)
{
    struct feed_date d = {raw, date_read(raw)};

    if (raw.n > 0)
        show_date(j, key, utc_key, &d);
}

static void channel(struct jsonw *j, const struct feed_channel *c)
{
    text(j, "docs", c->docs);
    text(j, "errorreportsto", c->errors_to);
    text(j, "license", c->license);
    cloud(j, &c->cloud);
    text_input(j, &c->text_input);
    valid(j, "validity_start", "validity_start_utc", c->valid_from);
    valid(j, "validity_end", "validity_end_utc", c->valid_to);
}

void show_image(struct jsonw *j, struct str href, const struct feed_modules *m)
{
    const struct feed_image *i = m->channel != NULL ? &m->channel->image : NULL;

    if (href.n == 0 && (i == NULL || i->title.n + i->link.n + i->description.n == 0))
        return;
    open_object(j, "image");
    text(j, "href", href);
    if (i != NULL) {
        text(j, "title", i->title);
        text(j, "link", i->link);
        text(j, "description", i->description);
        number(j, "width", i->width);
        number(j, "height", i->height);
    }
    jsonw_object_end(j);
}

void show_modules(struct jsonw *j, const struct feed_modules *m)
{
    if (m->podcast != NULL)
        podcast(j, m->podcast);
    if (m->media != NULL)
        media(j, m->media);
    if (m->place != NULL)
        place(j, m->place);
    if (m->discussion != NULL)
        discussion(j, m->discussion);
    if (m->channel != NULL)
        channel(j, m->channel);
}
