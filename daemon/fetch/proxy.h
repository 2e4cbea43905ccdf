/* proxy.h - through which proxy a URL is fetched */
#ifndef NEWSMQ_FETCH_PROXY_H
#define NEWSMQ_FETCH_PROXY_H

#include "newsmq/str.h"

/* `configured` when that is not NULL ("none": no proxy), else what $http_proxy,
   $https_proxy, $all_proxy and $no_proxy say, in curl's reading of them. "": none.
   Borrowed from `configured` or the environment. */
const char *proxy_for(const char *configured, struct str url);

#endif
