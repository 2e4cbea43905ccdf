/* spell.h - which known word was probably meant */
#ifndef CONFIG_SPELL_H
#define CONFIG_SPELL_H

#include "newsmq/str.h"

/* Offer every candidate; best is the nearest that is near enough, or NULL. */
struct spell {
    struct str word;
    const char *best;
    size_t distance;
};

void spell_offer(struct spell *s, const char *candidate);

/* Letters to add, drop, change or swap with a neighbour (optimal string alignment);
   words of over 31 bytes are infinitely far. */
size_t spell_distance(struct str a, struct str b);

#endif
