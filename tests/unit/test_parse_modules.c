/* What modules say of a feed and its entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "newsmq/feed.h"

#define RSS(channel)                                                                     \
    "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "      \
    "xmlns:podcast='https://podcastindex.org/namespace/1.0' "                            \
    "xmlns:psc='http://podlove.org/simple-chapters' "                                    \
    "xmlns:media='http://search.yahoo.com/mrss/' "                                       \
    "xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml'" \
    " xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#' "                             \
    "xmlns:slash='http://purl.org/rss/1.0/modules/slash/' "                              \
    "xmlns:wfw='http://wellformedweb.org/CommentAPI/' "                                  \
    "xmlns:thr='http://purl.org/syndication/thread/1.0'><channel>" channel               \
    "</channel></rss>"

static const struct feed_options options = {.url = STR_INIT("http://feed.example/a/")};

/* Entries are looked at while they are there. */
struct look {
    void (*at)(const struct feed_entry *e);
    size_t n_entries;
};

static int on_entry(void *ctx, const struct feed_entry *e)
{
    struct look *l = ctx;

    l->n_entries++;
    if (l->at != NULL)
        l->at(e);
    return 0;
}

static struct feed_parser *parse(const char *document,
                                 void (*at)(const struct feed_entry *))
{
    struct look l = {.at = at};
    struct feed_receiver r = {&l, on_entry, NULL};
    struct feed_parser *p = feed_parser_new(&options, &r);
    struct err e = {0};

    assert_int_equal(feed_parser_push(p, str_of(document), &e), 0);
    assert_int_equal(feed_parser_finish(p, &e), 0);
    if (at != NULL)
        assert_int_equal(l.n_entries, 1);
    return p;
}

static void parse_entry(const char *document, void (*at)(const struct feed_entry *))
{
    feed_parser_free(parse(document, at));
}

static void expect(struct str found, const char *wanted)
{
    if (!str_eq(found, str_of(wanted)))
        fail_msg("'" STR_FMT "' is not '%s'", STR_ARG(found), wanted);
}

static void expect_numbers(const struct feed_place *p, const double *wanted, size_t n)
{
    assert_int_equal(p->n_coordinates, n);
    for (size_t i = 0; i < n; i++)
        assert_true(p->coordinates[i] == wanted[i]);
}

/* ---- podcasts ---- */

static void look_at_episode(const struct feed_entry *e)
{
    const struct feed_podcast *p = e->modules.podcast;

    assert_non_null(p);
    expect(p->episode, "7");
    expect(p->season, "2");
    expect(p->episode_type, "trailer");
    assert_int_equal(p->is_explicit, ANSWER_NO);
    assert_int_equal(p->block, ANSWER_YES);
    assert_true(e->duration_s == 3723);
    expect(e->subtitle.value, "In short");
    assert_int_equal(p->n_persons, 1);
    expect(p->persons[0].name, "Ada");
    expect(p->persons[0].role, "guest");
    expect(p->persons[0].href, "http://feed.example/ada");
    assert_int_equal(p->n_transcripts, 1);
    expect(p->transcripts[0].type, "text/vtt");
    expect(p->chapters_version, "1.2");
    assert_int_equal(p->n_chapters, 2);
    expect(p->chapters[1].start, "00:01:30");
    expect(p->chapters[1].title, "Two");
    assert_null(e->modules.media);
}

static void an_episode_says_its_number_people_and_chapters(void **state)
{
    (void)state;
    parse_entry(
        RSS("<item><title>a</title><itunes:episode>7</itunes:episode>"
            "<itunes:season>2</itunes:season><itunes:episodeType>trailer"
            "</itunes:episodeType><itunes:explicit>clean</itunes:explicit>"
            "<itunes:block>Yes</itunes:block><itunes:duration>1:02:03</itunes:duration>"
            "<itunes:subtitle>In short</itunes:subtitle>"
            "<podcast:person role='guest' href='/ada'>Ada</podcast:person>"
            "<podcast:transcript url='t.vtt' type='text/vtt'/>"
            "<psc:chapters version='1.2'><psc:chapter start='00:00:00' title='One'/>"
            "<psc:chapter start='00:01:30' title='Two'/></psc:chapters>"
            "<psc:chapters version='9'><psc:chapter start='1' title='ignored'/>"
            "</psc:chapters></item>"),
        look_at_episode);
}

static void categories_of_a_show_are_a_tree(void **state)
{
    struct feed_parser *p =
        parse(RSS("<itunes:category text='Society'><itunes:category text='History'/>"
                  "</itunes:category><itunes:category text='News'/>"
                  "<itunes:type>serial</itunes:type><itunes:owner><itunes:name>Bo"
                  "</itunes:name></itunes:owner><itunes:explicit>yes</itunes:explicit>"),
              NULL);
    const struct feed_meta *m = feed_parser_meta(p);

    (void)state;
    assert_non_null(m->modules.podcast);
    assert_int_equal(m->modules.podcast->n_categories, 3);
    expect(m->modules.podcast->categories[1].name, "History");
    expect(m->modules.podcast->categories[1].parent, "Society");
    expect(m->modules.podcast->categories[2].name, "News");
    assert_true(m->modules.podcast->categories[2].parent.p == NULL);
    expect(m->modules.podcast->type, "serial");
    assert_int_equal(m->modules.podcast->is_explicit, ANSWER_YES);
    assert_int_equal(m->n_owners, 1);
    expect(m->owners[0].name, "Bo");
    feed_parser_free(p);
}

/* ---- media ---- */

static void look_at_media(const struct feed_entry *e)
{
    const struct feed_media *m = e->modules.media;

    assert_non_null(m);
    assert_int_equal(m->n_files, 3);
    expect(m->files[0].url, "http://feed.example/a/hd.mp4");
    expect(m->files[0].title, "In high resolution");
    expect(m->files[0].width, "1920");
    assert_int_equal(m->files[0].group, 1);
    assert_int_equal(m->files[0].is_default, ANSWER_YES);
    assert_int_equal(m->files[1].group, 1);
    assert_int_equal(m->files[2].group, 0);
    expect(m->title, "Outside");
    assert_int_equal(m->n_thumbnails, 1);
    expect(m->thumbnails[0].height, "90");
    assert_int_equal(m->n_credits, 2);
    expect(m->credits[1].name, "B. Writer");
    expect(m->credits[1].role, "author");
    assert_int_equal(m->n_ratings, 1);
    expect(m->ratings[0].scheme, "urn:simple");
    expect(m->ratings[0].value, "adult");
    expect(m->hashes[0].scheme, "md5");
    expect(m->restrictions[0].relationship, "allow");
    expect(m->restrictions[0].value, "au us");
    expect(m->player_url, "http://player.example/");
    expect(m->rating_average, "4.5");
    expect(m->views, "99");
    expect(e->image, "http://feed.example/t.jpg");
    expect(e->title.value, "a");
}

static void files_of_an_entry_keep_what_was_said_of_each(void **state)
{
    (void)state;
    parse_entry(RSS("<item><title>a</title><media:group>"
                    "<media:content url='hd.mp4' width='1920' isDefault='true'>"
                    "<media:title>In high resolution</media:title></media:content>"
                    "<media:content url='sd.mp4'/></media:group>"
                    "<media:content url='x.jpg' "
                    "medium='image'/><media:title>Outside</media:title>"
                    "<media:thumbnail url='/t.jpg' width='120' height='90'/>"
                    "<media:credit role='producer'>A. Maker</media:credit>"
                    "<media:credit role='author'>B. Writer</media:credit>"
                    "<media:rating scheme='urn:simple'>adult</media:rating>"
                    "<media:hash algo='md5'>dfdec888</media:hash>"
                    "<media:restriction relationship='allow' type='country'>au us"
                    "</media:restriction><media:player url='http://player.example/'/>"
                    "<media:community><media:starRating average='4.5' count='3'/>"
                    "<media:statistics views='99'/></media:community></item>"),
                look_at_media);
}

/* ---- places ---- */

static void look_at_point(const struct feed_entry *e)
{
    static const double wanted[] = {13.4, 52.5};

    assert_non_null(e->modules.place);
    assert_int_equal(e->modules.place->kind, PLACE_POINT);
    expect_numbers(e->modules.place, wanted, 2);
}

static void look_at_height(const struct feed_entry *e)
{
    static const double wanted[] = {13.4, 52.5, 34};

    assert_non_null(e->modules.place);
    assert_int_equal(e->modules.place->dimensions, 3);
    expect_numbers(e->modules.place, wanted, 3);
}

static void look_at_box(const struct feed_entry *e)
{
    static const double wanted[] = {13, 52, 14, 53};

    assert_non_null(e->modules.place);
    assert_int_equal(e->modules.place->kind, PLACE_BOX);
    expect_numbers(e->modules.place, wanted, 4);
}

static void look_at_nothing(const struct feed_entry *e)
{
    assert_non_null(e->modules.place);
    assert_int_equal(e->modules.place->kind, PLACE_NONE);
    assert_int_equal(e->modules.place->n_coordinates, 0);
}

static void look_at_circle(const struct feed_entry *e)
{
    look_at_point(e);
    assert_true(e->modules.place->radius_m == 500);
    expect(e->modules.place->name, "Mitte");
}

static void a_place_is_longitude_first_however_it_was_said(void **state)
{
    static const struct {
        const char *document;
        void (*look)(const struct feed_entry *e);
    } rows[] = {
        {RSS("<item><georss:point>52.5 13.4</georss:point></item>"), look_at_point},
        {RSS("<item><georss:point> 52.5, 13.4 </georss:point></item>"), look_at_point},
        {RSS("<item><georss:where><gml:Point><gml:pos>52.5 13.4</gml:pos></gml:Point>"
             "</georss:where></item>"),
         look_at_point},
        {RSS("<item><gml:Point srsName='urn:ogc:def:crs:OGC:1.3:CRS84'><gml:pos>13.4 52.5"
             "</gml:pos></gml:Point></item>"),
         look_at_point},
        {RSS("<item><geo:lat>52.5</geo:lat><geo:long>13.4</geo:long></item>"),
         look_at_point},
        {RSS("<item><geo:Point><geo:long>13.4</geo:long><geo:lat>52.5</geo:lat>"
             "</geo:Point></item>"),
         look_at_point},
        {RSS("<item><georss:circle>52.5 13.4 500</georss:circle>"
             "<georss:featurename>Mitte</georss:featurename></item>"),
         look_at_circle},
        {RSS("<item><georss:point>52.5 13.4</georss:point><georss:elev>34</georss:elev>"
             "</item>"),
         look_at_height},
        {RSS("<item><georss:box>52 13 53 14</georss:box></item>"), look_at_box},
        {RSS("<item><georss:where><gml:Envelope><gml:lowerCorner>52 13</gml:lowerCorner>"
             "<gml:upperCorner>53 14</gml:upperCorner></gml:Envelope></georss:where>"
             "</item>"),
         look_at_box},
        {RSS("<item><georss:polygon>1 2 3 4 5 6</georss:polygon></item>"),
         look_at_nothing},
        {RSS("<item><georss:point>north of here</georss:point></item>"), look_at_nothing},
        {RSS("<item><georss:point>52.5</georss:point></item>"), look_at_nothing},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        parse_entry(rows[i].document, rows[i].look);
}

/* ---- the item ---- */

static void look_at_item(const struct feed_entry *e)
{
    static const struct normalise_options o = {.max_text_bytes = 1000};
    static const struct feed_meta m = {.format = STR_INIT("rss2.0")};
    struct item it = {.feed = {.id = STR_INIT("f")}, .fetch = {.time_ms = 1}};
    struct item_open open;
    struct arena a = {0};

    assert_int_equal(item_from_entry(e, &m, &o, &a, &it, &open, NULL), 0);
    assert_true(it.place.known);
    assert_true(it.place.longitude == 13.5 && it.place.latitude == 52.5);
    expect(it.place.name, "Mitte");
    assert_true(it.episode.number == 7 && it.episode.season == 0);
    expect(it.episode.type, "full");
    assert_true(it.episode.is_explicit);
    expect(it.image, "http://feed.example/t.jpg");
    assert_int_equal(it.image_width, 120);
    assert_int_equal(it.image_height, 90);
    arena_fini(&a);
}

static void an_item_has_what_readers_of_news_want(void **state)
{
    (void)state;
    parse_entry(RSS("<item><title>a</title><itunes:episode>7</itunes:episode>"
                    "<itunes:season>none</itunes:season>"
                    "<itunes:episodeType>full</itunes:episodeType>"
                    "<itunes:explicit>true</itunes:explicit>"
                    "<georss:box>52 13 53 14</georss:box>"
                    "<georss:featurename>Mitte</georss:featurename>"
                    "<media:thumbnail url='/t.jpg' width='120' height='90'/></item>"),
                look_at_item);
}

static void look_at_no_place(const struct feed_entry *e)
{
    static const struct normalise_options o = {.max_text_bytes = 1000};
    static const struct feed_meta m = {.format = STR_INIT("rss2.0")};
    struct item it = {.feed = {.id = STR_INIT("f")}, .fetch = {.time_ms = 1}};
    struct item_open open;
    struct arena a = {0};

    assert_int_equal(item_from_entry(e, &m, &o, &a, &it, &open, NULL), 0);
    assert_false(it.place.known);
    assert_int_equal(it.image_width, 0);
    arena_fini(&a);
}

static void what_is_no_place_on_earth_is_none(void **state)
{
    (void)state;
    parse_entry(RSS("<item><title>a</title><georss:point>100 200</georss:point>"
                    "<media:thumbnail url='/t.jpg' width='wide' height='90'/></item>"),
                look_at_no_place);
}

/* ---- discussions, the channel ---- */

static void look_at_discussion(const struct feed_entry *e)
{
    const struct feed_discussion *d = e->modules.discussion;

    assert_non_null(d);
    expect(d->count, "12");
    expect(d->comments_feed, "http://feed.example/a/comments.rss");
    expect(d->reply_to_ref, "tag:a");
}

static void an_entry_says_where_it_is_discussed(void **state)
{
    (void)state;
    parse_entry(RSS("<item><slash:comments>12</slash:comments>"
                    "<wfw:commentRss>comments.rss</wfw:commentRss>"
                    "<thr:in-reply-to ref='tag:a'/></item>"),
                look_at_discussion);
}

static void a_channel_says_more_than_an_item_needs(void **state)
{
    struct feed_parser *p =
        parse(RSS("<image><url>/i.png</url><title>I</title><width>88</width></image>"
                  "<cloud domain='c.example' port='80' path='/RPC2'/>"
                  "<textInput><title>Search</title><link>/s</link></textInput>"
                  "<docs>http://docs.example/</docs>"
                  "<webMaster>w@a.example (W. M.)</webMaster>"),
              NULL);
    const struct feed_meta *m = feed_parser_meta(p);
    const struct feed_channel *c = m->modules.channel;

    (void)state;
    assert_non_null(c);
    expect(m->image, "http://feed.example/i.png");
    expect(c->image.title, "I");
    expect(c->image.width, "88");
    expect(c->cloud.domain, "c.example");
    expect(c->text_input.title, "Search");
    expect(c->text_input.link, "http://feed.example/s");
    expect(c->docs, "http://docs.example/");
    expect(c->publisher.name, "W. M.");
    expect(c->publisher.email, "w@a.example");
    assert_true(m->title.n == 0);
    feed_parser_free(p);
}

/* The forgiving engine reads again what the strict one had begun. */
static void a_fault_doubles_nothing(void **state)
{
    struct feed_parser *p = parse(RSS("<itunes:category text='News'/>"
                                      "<item><title>a</title></item>"
                                      "<itunes:category text='Later'/> a & b "),
                                  NULL);
    const struct feed_meta *m = feed_parser_meta(p);

    (void)state;
    assert_false(m->well_formed);
    assert_int_equal(m->modules.podcast->n_categories, 2);
    feed_parser_free(p);
}

static void an_entry_without_modules_has_none(void **state)
{
    struct feed_parser *p = parse(RSS("<item><title>a</title></item>"), NULL);

    (void)state;
    assert_null(feed_parser_meta(p)->modules.podcast);
    assert_null(feed_parser_meta(p)->modules.channel);
    feed_parser_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_episode_says_its_number_people_and_chapters),
        cmocka_unit_test(categories_of_a_show_are_a_tree),
        cmocka_unit_test(files_of_an_entry_keep_what_was_said_of_each),
        cmocka_unit_test(a_place_is_longitude_first_however_it_was_said),
        cmocka_unit_test(an_item_has_what_readers_of_news_want),
        cmocka_unit_test(what_is_no_place_on_earth_is_none),
        cmocka_unit_test(an_entry_says_where_it_is_discussed),
        cmocka_unit_test(a_channel_says_more_than_an_item_needs),
        cmocka_unit_test(a_fault_doubles_nothing),
        cmocka_unit_test(an_entry_without_modules_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
