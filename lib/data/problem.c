/* One row a problem: the code, the cause in words that need no manual, the remedy. */
#include "newsmq/problem.h"

static const struct row {
    const char *code, *cause, *remedy;
} rows[PROBLEMS] = {
    [PROBLEM_NONE] = {"none", "nothing is wrong", "nothing to do"},
    [PROBLEM_DNS_NOT_FOUND] = {"dns_not_found",
                               "the name service knows no host of that name",
                               "check the spelling of the host in `url:`; the site may "
                               "have a new name: search the web for it"},
    [PROBLEM_DNS_FAILING] = {"dns_failing", "the name service does not answer",
                             "check the network and /etc/resolv.conf of this machine"},
    [PROBLEM_REFUSED_ADDRESS] = {"refused_address",
                                 "its name leads to an address inside a private network",
                                 "allow the address in the configuration when that is "
                                 "meant; otherwise remove the feed"},
    [PROBLEM_CONNECTION_REFUSED] = {"connection_refused",
                                    "no server listens at that address and port",
                                    "check the port in `url:`; otherwise wait: the "
                                    "server is down"},
    [PROBLEM_UNREACHABLE] = {"unreachable", "no way leads to the server",
                             "check the network and the firewall of this machine"},
    [PROBLEM_CONNECT_TIMEOUT] = {"connect_timeout", "no connection came about in time",
                                 "the server is down or a firewall drops the packets; "
                                 "a far server may want a longer `connect_timeout:`"},
    [PROBLEM_READ_TIMEOUT] = {"read_timeout",
                              "the server took the question and never answered",
                              "open the URL in a browser; when it is only slow, give it "
                              "a longer `timeout:`"},
    [PROBLEM_TOO_SLOW] = {"too_slow", "the answer came too slowly to end in time",
                          "give it a longer `timeout:`"},
    [PROBLEM_PROXY] = {"proxy", "the proxy cannot be used",
                       "check the proxy's name, port and password"},
    [PROBLEM_TLS_EXPIRED] = {"tls_expired", "the server's certificate has expired",
                             "check the clock of this machine; otherwise tell the "
                             "publisher"},
    [PROBLEM_TLS_UNTRUSTED] = {"tls_untrusted",
                               "the server's certificate is signed by nobody trusted",
                               "update ca-certificates; an authority of your own goes "
                               "into /usr/local/share/ca-certificates"},
    [PROBLEM_TLS_WRONG_HOST] = {"tls_wrong_host",
                                "the server's certificate is for another host",
                                "use the host's name as the certificate has it, often "
                                "with or without www."},
    [PROBLEM_TLS_HANDSHAKE] = {"tls_handshake", "no encrypted connection came about",
                               "the server's encryption is too old, or this is no https "
                               "port: try http:// or another port"},
    [PROBLEM_HUNG_UP] = {"hung_up", "the server hung up without an answer",
                         "wait; when it stays, the server may block this machine or "
                         "its `user_agent:`"},
    [PROBLEM_NOT_HTTP] = {"not_http", "the answer is not HTTP",
                          "check the port: something else than a web server listens"},
    [PROBLEM_BAD_URL] = {"bad_url", "the URL cannot be understood",
                         "correct `url:`; it is http://…, https://… or file://…"},
    [PROBLEM_FILE] = {"file", "the file cannot be read",
                      "check that it is there and that newsmq-fetch may read it"},
    [PROBLEM_BAD_REQUEST] = {"bad_request", "the server does not understand the request",
                             "check the query part of `url:` and the `headers:`"},
    [PROBLEM_UNAUTHORIZED] = {"unauthorized", "a user and password are needed",
                              "set `auth: { user: …, password_file: … }`"},
    [PROBLEM_FORBIDDEN] = {"forbidden", "the server forbids it",
                           "set a `user_agent:` that says how to reach you; some "
                           "servers let in browsers only: ask the publisher"},
    [PROBLEM_NOT_FOUND] = {"not_found", "there is no feed at that URL any more",
                           "look for the new one: newsmq add SITE"},
    [PROBLEM_GONE] = {"gone", "the publisher has ended the feed",
                      "remove it, or after a mistake: newsmq feeds --enable ID"},
    [PROBLEM_LEGAL] = {"legal", "it is withheld for legal reasons",
                       "nothing that newsmq can do; it may be open from another country"},
    [PROBLEM_TOO_MANY_REQUESTS] = {"too_many_requests",
                                   "the server wants to be asked less often",
                                   "nothing when it goes by itself; otherwise a longer "
                                   "`every:` or `politeness: per_host: gap:`"},
    [PROBLEM_HTTP_REFUSED] = {"http_refused", "the server refuses to give it",
                              "open the URL in a browser and compare"},
    [PROBLEM_SERVER_ERROR] = {"server_error", "there is an error inside the server",
                              "wait; when it lasts for days, tell the publisher"},
    [PROBLEM_BAD_GATEWAY] = {"bad_gateway", "the server behind the gateway does not work",
                             "wait; when it lasts for days, tell the publisher"},
    [PROBLEM_UNAVAILABLE] = {"unavailable", "the server is not available for now",
                             "wait: it is asked again by itself"},
    [PROBLEM_ODD_STATUS] = {"odd_status", "the status is no answer to this question",
                            "open the URL in a browser; tell the publisher"},
    [PROBLEM_REDIRECT_LOOP] = {"redirect_loop", "the redirects never end",
                               "open the URL in a browser and use where it ends"},
    [PROBLEM_REDIRECT_REFUSED] = {"redirect_refused",
                                  "it redirects to what is neither http nor https",
                                  "find out where the feed is now and change `url:`"},
    [PROBLEM_REDIRECT_NOWHERE] = {"redirect_nowhere", "it redirects to nowhere",
                                  "open the URL in a browser; tell the publisher"},
    [PROBLEM_TOO_LARGE] = {"too_large", "the document is larger than `max_bytes`",
                           "raise `max_bytes:` of the feed when it is wanted"},
    [PROBLEM_CUT_OFF] = {"cut_off", "the connection ended before the document did",
                         "wait: it is asked again by itself"},
    [PROBLEM_CUT_ALWAYS] = {"cut_always", "the document is cut off at each poll",
                            "the server or a proxy between cuts it: tell the publisher; "
                            "what comes before the cut is taken"},
    [PROBLEM_BAD_COMPRESSION] = {"bad_compression", "the compressed answer is damaged",
                                 "set `headers: { Accept-Encoding: identity }` to get it "
                                 "without compression"},
    [PROBLEM_EMPTY_BODY] = {"empty_body", "the answer is empty",
                            "wait; when it stays, tell the publisher"},
    [PROBLEM_HTML_PAGE] = {"html_page", "this is a web page, not a feed",
                           "look for its feed: newsmq add URL"},
    [PROBLEM_HTML_ERROR] = {"html_error",
                            "this is an error page, sent as if all were well",
                            "open the URL in a browser; the feed has another address "
                            "now, or the site is in trouble"},
    [PROBLEM_HTML_LOGIN] = {"html_login", "this is a page to log in, not the feed",
                            "set `auth:` or `headers:`; ask the publisher for an "
                            "address without a log-in"},
    [PROBLEM_HTML_CHALLENGE] = {"html_challenge",
                                "a page wants to know whether a person asks",
                                "the site's protection stops feed readers: set a "
                                "`user_agent:` that says who you are and ask the "
                                "publisher to let it pass"},
    [PROBLEM_JSON_NO_FEED] = {"json_no_feed", "this is JSON, but no JSON Feed",
                              "an API is not a feed: look for the site's feed: newsmq "
                              "add SITE"},
    [PROBLEM_XML_NO_FEED] = {"xml_no_feed", "this is XML, but neither RSS, Atom nor RDF",
                             "a sitemap or an OPML list is not a feed: newsmq import "
                             "reads OPML"},
    [PROBLEM_NOT_A_FEED] = {"not_a_feed", "this is no feed at all",
                            "open the URL in a browser and see what it is"},
    [PROBLEM_BROKEN_FEED] = {"broken_feed", "the feed is too damaged to be read",
                             "see `newsmq try URL`; tell the publisher"},
    [PROBLEM_HUB_REFUSES] = {"hub_refuses", "the hub refuses its items",
                             "this is a fault of newsmq: report it with the log"},
    [PROBLEM_OTHER] = {"other", "it cannot be fetched", "see `newsmq try URL`"},
    [PROBLEM_STALE] = {"stale", "nothing new has come for longer than `stale_after`",
                       "look whether the site has news; the feed may live elsewhere "
                       "now, or raise `stale_after:`"},
    [PROBLEM_NO_ITEMS] = {"no_items", "the feed is empty",
                          "wait; when it stays, look whether the site has another"},
    [PROBLEM_ITEMS_DROPPED] = {"items_dropped",
                               "some items are over a limit and left out",
                               "raise `max_items:` or `max_bytes:`"},
    [PROBLEM_MOVED] = {"moved", "the feed has moved for good; the new URL is used",
                       "write the new URL into `url:`, or refuse it: newsmq feeds "
                       "--unmove ID"},
    [PROBLEM_NO_DATES] = {"no_dates", "no item has a date that can be told",
                          "nothing to do: `date_seen` stands in; tell the publisher"},
    [PROBLEM_FUTURE_DATES] = {"future_dates", "items have dates in the future",
                              "check the clock of this machine; otherwise the "
                              "publisher's clock or time zone is wrong"},
    [PROBLEM_NO_IDS] = {"no_ids", "items have neither a guid nor a link",
                        "nothing to do: title and date stand in; a changed title makes "
                        "a new item"},
    [PROBLEM_SAME_IDS] = {"same_ids", "several items have the same guid",
                          "set `identity: link` (or title_date) for this feed"},
    [PROBLEM_EMPTY_ITEMS] = {"empty_items",
                             "some items have neither title, link, guid nor text",
                             "nothing to do: they are left out; tell the publisher"},
    [PROBLEM_ENCODING] =
        {"encoding", "the bytes are in another encoding than the feed says",
         "nothing to do: what the bytes say is used; tell the publisher"},
    [PROBLEM_MALFORMED] = {"malformed", "the document is malformed and was repaired",
                           "nothing to do; see the warnings in `newsmq try URL`"},
    [PROBLEM_SLOW] = {"slow", "the answer takes more than half of `timeout`",
                      "give it a longer `timeout:` before it starts to fail"},
    [PROBLEM_FALSE_304] = {"false_304",
                           "the server said 'not modified' while it had new items",
                           "nothing to do: it is asked without validators once a day; "
                           "tell the publisher"},
};

static const struct row *row_of(enum problem p)
{
    return (unsigned)p < PROBLEMS ? &rows[p] : &rows[PROBLEM_OTHER];
}

const char *problem_code(enum problem p)
{
    return row_of(p)->code;
}

enum problem problem_find(struct str code)
{
    for (unsigned p = 0; p < PROBLEMS; p++)
        if (str_eq(code, str_of(rows[p].code)))
            return (enum problem)p;
    return PROBLEM_NONE;
}

const char *problem_cause(enum problem p)
{
    return row_of(p)->cause;
}

const char *problem_remedy(enum problem p)
{
    return row_of(p)->remedy;
}
