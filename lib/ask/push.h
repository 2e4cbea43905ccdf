/* push.h - whether a WebSub hub pushes a feed, for people and for programs */
#ifndef NEWSMQ_ASK_PUSH_H
#define NEWSMQ_ASK_PUSH_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* "pushed by HOST, lease until TIME", or why it is not, though its hub was asked; adds
   nothing for a feed without a hub. state is a feed's of the hub's answer; NULL is fine.
 */
void push_words(const json_t *state, int64_t now_ms, char *out, size_t max);

/* {"state","hub","topic","lease_until","reason"}, or null; nothing that is secret. */
json_t *push_json(const json_t *state);

#endif
