/* feed_modules.h - what the modules say of a feed or an entry: podcasts, media, places,
   discussions, and what RSS says of its channel

   Everything is optional: strings are absent, lists empty, numbers 0 unless said
   otherwise. Links are resolved, the rest is as published. */
#ifndef NEWSMQ_FEED_MODULES_H
#define NEWSMQ_FEED_MODULES_H

#include <stddef.h>
#include <stdint.h>

#include "newsmq/item.h"
#include "newsmq/str.h"

enum answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };

/* ---- podcasts: itunes:, googleplay:, podcast:, psc: ---- */

struct feed_category {
    struct str name, parent; /* parent absent at the top of the tree */
};

struct feed_chapter {
    struct str start, title, href, image; /* start as "00:03:07.250" */
};

struct feed_transcript {
    struct str href, type, language, rel;
};

/* Who took part: podcast:person, media:credit. */
struct feed_credit {
    struct str name, role, scheme, href, image; /* scheme: what the role is of */
};

struct feed_podcast {
    enum answer block, is_explicit, complete, locked;
    struct str episode, season, order;
    struct str episode_type; /* "full", "trailer", "bonus" */
    struct str type;         /* of the show: "episodic", "serial" */
    struct str new_feed_url, guid, medium;
    struct str chapters_href, chapters_type; /* podcast:chapters */
    struct str chapters_version;             /* of psc:chapters */
    struct str funding_href, funding_text;
    struct feed_category *categories;
    struct feed_chapter *chapters;
    struct feed_transcript *transcripts;
    struct feed_credit *persons;
    size_t n_categories, n_chapters, n_transcripts, n_persons;
};

/* ---- Media RSS (rssboard.org/media-rss) ---- */

struct feed_media_file {
    struct str url, type, medium, expression, language;
    struct str width, height, bitrate, framerate, samplingrate, channels, duration, bytes;
    struct str title, description; /* said inside the media:content */
    enum answer is_default;
    unsigned group; /* files of one number are the same work; 0: of none */
};

struct feed_thumbnail {
    struct str url, width, height, time;
};

/* A value with what it is of: rating and scheme, hash and algorithm, … */
struct feed_statement {
    struct str value, scheme, relationship;
};

struct feed_media {
    struct str title, description;
    struct str player_url, player_width, player_height;
    struct str license_href, license_type, license_text;
    struct str copyright_href, copyright_text;
    struct str rating_average, rating_count, rating_min, rating_max; /* by readers */
    struct str views, favorites;
    struct feed_media_file *files;
    struct feed_thumbnail *thumbnails;
    struct feed_credit *credits;
    struct feed_statement *ratings, *hashes, *restrictions, *texts;
    size_t n_files, n_thumbnails, n_credits, n_ratings, n_hashes, n_restrictions, n_texts;
};

/* ---- places: georss:, gml:, the W3C's geo: ---- */

enum place_kind { PLACE_NONE, PLACE_POINT, PLACE_LINE, PLACE_POLYGON, PLACE_BOX };

/* Coordinates in the order of GeoJSON (RFC 7946 §3.1.1): longitude, latitude and, when
   dimensions is 3, metres above the sea. PLACE_NONE: named, or said in a way that makes
   no sense. */
struct feed_place {
    enum place_kind kind;
    double *coordinates;
    size_t n_coordinates; /* numbers: points × dimensions */
    unsigned dimensions;
    double radius_m; /* negative: none */
    struct str name, reference_system;
};

/* ---- discussions: wfw:, slash:, thr: ---- */

struct feed_discussion {
    struct str comment_url; /* where to post one: wfw:comment */
    struct str comments_feed;
    struct str count;
    struct str reply_to_ref, reply_to_href, reply_to_source, reply_to_type;
};

/* ---- the channel ---- */

struct feed_image {
    struct str title, link, description, width, height;
};

struct feed_cloud {
    struct str domain, port, path, procedure, protocol;
};

struct feed_text_input {
    struct str title, description, name, link;
};

struct feed_channel {
    struct feed_image image; /* the address is that of the feed or entry */
    struct feed_cloud cloud;
    struct feed_text_input text_input;
    struct str docs, errors_to;
    struct str generator_href, generator_version;
    struct str license;
    struct person publisher; /* dc:publisher, RSS webMaster */
    struct str valid_from, valid_to;
};

struct feed_modules {
    const struct feed_podcast *podcast; /* each NULL when nothing of it was said */
    const struct feed_media *media;
    const struct feed_place *place;
    const struct feed_discussion *discussion;
    const struct feed_channel *channel;
};

#endif
