/* modules.h - between the builder and the files that read a module: podcast.c, media.c,
   geo.c, discussion.c, channel.c

   A row with the field of a module says in `rank` which of the module's values it is.
   Start looks at the attributes and answers whether the element's text is wanted; end
   takes that text. What a module keeps lives in the slots of the feed or entry and costs
   nothing until the first of it comes. */
#ifndef NEWSMQ_PARSE_MODULES_H
#define NEWSMQ_PARSE_MODULES_H

#include "fields.h"

/* Of the feed, entry or source that is being read; NULL when there is no memory for it.
 */
struct modules *modules_now(struct build *b);

/* The list with room for one more of each bytes behind n; NULL when there is none. */
void *modules_room(struct build *b, void *list, size_t n, size_t each);

/* The first value that comes stays. An absent or empty one is none. */
void modules_put(struct build *b, struct str *to, struct str value);
struct str modules_keep(struct build *b, struct str value); /* trimmed, in the arena */
struct str modules_attribute(struct build *b, struct attributes a, const char *local);
struct str modules_link(struct build *b, const struct frame *f, struct attributes a,
                        const char *local);

/* An element with a module's field: whether its text is wanted; whether it was one. */
bool module_start(struct build *b, const struct tag *tag, struct frame *f,
                  struct attributes a);
bool module_end(struct build *b, const struct tag *tag, const struct frame *f,
                struct str text);

bool podcast_start(struct build *b, const struct tag *tag, struct frame *f,
                   struct attributes a);
void podcast_end(struct build *b, const struct tag *tag, const struct frame *f,
                 struct str text);

void podcast_category(struct build *b, struct str name); /* itunes:category starts */

bool media_start(struct build *b, const struct tag *tag, struct frame *f,
                 struct attributes a);
void media_end(struct build *b, const struct tag *tag, struct str text);
void media_file_start(struct build *b, const struct frame *f, struct attributes a);
void media_file_end(struct build *b);
void media_thumbnail(struct build *b, const struct frame *f, struct attributes a);
void media_text(struct build *b, enum field field, struct str text);

bool geo_start(struct build *b, const struct tag *tag, struct frame *f,
               struct attributes a);
void geo_end(struct build *b, const struct tag *tag, struct str text);

bool discussion_start(struct build *b, const struct tag *tag, struct frame *f,
                      struct attributes a);
void discussion_end(struct build *b, const struct tag *tag, const struct frame *f,
                    struct str text);

void channel_generator(struct build *b, const struct frame *f, struct attributes a);
bool channel_start(struct build *b, const struct tag *tag, struct frame *f,
                   struct attributes a);
void channel_end(struct build *b, const struct tag *tag, const struct frame *f,
                 struct str text);

#endif
