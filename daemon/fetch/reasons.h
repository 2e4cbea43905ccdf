/* reasons.h - why a fetch failed, in words for an operator */
#ifndef NEWSMQ_FETCH_REASONS_H
#define NEWSMQ_FETCH_REASONS_H

#include <curl/curl.h>

#include "newsmq/err.h"
#include "newsmq/problem.h"

/* What curl could not do. detail is its error buffer. Sets e. */
enum problem reason_of_curl(CURL *easy, CURLcode code, const char *detail, struct err *e);

/* An HTTP status that is no document. Sets e. */
enum problem reason_of_status(int status, struct err *e);

#endif
