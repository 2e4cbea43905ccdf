/* slots.h - what is known so far of a feed, an entry, or the source of an entry */
#ifndef NEWSMQ_PARSE_SLOTS_H
#define NEWSMQ_PARSE_SLOTS_H

#include "format.h"

/* A growing array in an arena; what it leaves behind dies with the arena. */
struct list {
    void *p;
    size_t n, cap;
};

#define LIST_MAX 2000 /* elements of one list; more are left out */

/* One more element of each bytes, zeroed; NULL when the arena or the list is full. */
void *list_add(struct list *l, struct arena *a, size_t each);

enum text_slot {
    SLOT_TITLE,
    SLOT_SUMMARY,
    SLOT_SUBTITLE,
    SLOT_RIGHTS,
    SLOT_INFO,
    N_TEXT_SLOTS
};
enum date_slot { SLOT_PUBLISHED, SLOT_UPDATED, SLOT_CREATED, SLOT_EXPIRED, N_DATE_SLOTS };
enum plain_slot {
    SLOT_ID,
    SLOT_LINK,
    SLOT_EXTERNAL,
    SLOT_SELF,
    SLOT_HUB,
    SLOT_NEXT,
    SLOT_LANGUAGE,
    SLOT_COMMENTS,
    SLOT_GENERATOR,
    SLOT_ICON,
    SLOT_IMAGE,
    N_PLAIN_SLOTS
};

#define RANK_EMPTY 255 /* a slot nobody has filled */

/* What the modules said (modules.h), and where they are in it. */
struct modules {
    bool has_podcast, has_media, has_place, has_discussion, has_channel;
    struct feed_podcast podcast;
    struct feed_media media;
    struct feed_place place;
    struct feed_discussion discussion;
    struct feed_channel channel;
    /* While elements are open. */
    struct str category;      /* itunes:category at the top */
    unsigned group, n_groups; /* media:group; 0: in none */
    size_t open_file;         /* its number from 1; 0: outside of media:content */
    struct str latitude, longitude, elevation;
};

struct slots {
    struct arena *arena;
    struct feed_text text[N_TEXT_SLOTS];
    struct feed_date date[N_DATE_SLOTS];
    struct str plain[N_PLAIN_SLOTS];
    uint8_t text_rank[N_TEXT_SLOTS], date_rank[N_DATE_SLOTS], plain_rank[N_PLAIN_SLOTS];
    struct list contents;                      /* struct feed_text */
    struct list authors, contributors, owners; /* struct person */
    struct list tags;                          /* struct feed_tag */
    struct list links;                         /* struct feed_link */
    struct list enclosures;                    /* struct attachment */
    struct feed_meta *source;
    struct modules *modules; /* NULL until one says something */
    bool id_is_link;
    double duration; /* of the enclosure, in seconds; negative: unknown */
};

void slots_init(struct slots *s, struct arena *arena);
bool slots_put(struct slots *s, enum plain_slot slot, struct str value, unsigned rank);

struct feed_modules modules_view(const struct modules *m);

/* What the slots say, in the public form; slices of the arena. */
void slots_to_entry(const struct slots *s, struct feed_entry *ret);
void slots_to_meta(const struct slots *s, struct feed_meta *ret);

#endif
