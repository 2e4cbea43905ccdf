/* answer.h - what the headers of a response say */
#ifndef NEWSMQ_FETCH_ANSWER_H
#define NEWSMQ_FETCH_ANSWER_H

#include "transfer.h"

/* Over what an earlier hop said. asked: the URL, when curl knows none. */
void answer_read(struct transfer_answer *a, CURL *easy, const char *asked);
void answer_fini(struct transfer_answer *a);

#endif
