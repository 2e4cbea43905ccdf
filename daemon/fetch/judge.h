/* judge.h - what a document is when it is no feed, and what is odd about one that is */
#ifndef NEWSMQ_FETCH_JUDGE_H
#define NEWSMQ_FETCH_JUDGE_H

#include "newsmq/problem.h"

#include "document.h"

/* Of a body that the parser refused: head is its beginning, was_feed whether the parser
   knew the format. */
enum problem judge_body(struct str head, bool was_feed);

/* The notes of a document that was read. */
struct problem_set judge_document(const struct document *d, int64_t now_ms);

/* The notes that judge_document may give: they go when it gives them no longer. */
struct problem_set judge_scope(void);

#endif
