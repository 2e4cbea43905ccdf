#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/str.h"

#include "remedy.h"
#include "term.h"

static const struct {
    int status; /* HTTP; 0: by code */
    int code;
    const char *text;
} remedies[] = {
    {401, 0, "in a configuration: `auth: { user: …, password_file: … }`"},
    {403, 0,
     "some servers want a `user_agent` that says how to reach you, or none but "
     "browsers"},
    {404, 0,
     "`newsmq add SITE` finds it, or look in the source of the site's page: "
     "<link rel=\"alternate\" type=\"application/rss+xml\" href=…>"},
    {410, 0, "the publisher has ended this feed; look on the site for another"},
    {429, 0, "wait some minutes; newsmqd waits by itself as long as the server asks"},
    {503, 0, "try again later; newsmqd does by itself"},
    {0, -EHOSTUNREACH,
     "is the name spelt right, and is there a network? "
     "`getent hosts NAME` asks the same name service"},
    {0, -ECONNREFUSED,
     "is the port right (http 80, https 443), and does the server run?"},
    {0, -ETIMEDOUT, "try again; a proxy is taken from $https_proxy and $http_proxy"},
    {0, -EACCES,
     "install ca-certificates and check the clock; a private authority goes "
     "into /usr/local/share/ca-certificates"},
    {0, -EPERM,
     "what is public may be fetched; where a page in a private network is meant, say so "
     "in a configuration"},
    {0, -EINVAL, "feeds are http://…, https://… or a file"},
    {0, ERR_LIMIT, "in a configuration: `max_bytes: 32MB` in the feed"},
    {0, ERR_FORMAT,
     "a page is not its feed: `newsmq add URL` finds that, or look in its source for "
     "<link rel=\"alternate\" type=\"application/rss+xml\" href=…>"},
};

void remedy_print(FILE *to, const char *who, const char *url, const struct err *e,
                  int http_status)
{
    fprintf(to, "%s: ", who);
    (void)term_text(to, str_of(url), 0, false); /* any length */
    fprintf(to, ": ");
    (void)term_text(to, str_of(e->text), 0, false);
    fputc('\n', to);
    for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
        if (remedies[i].status != 0 ? remedies[i].status != http_status
                                    : remedies[i].code != e->code)
            continue;
        fprintf(to, "  %s\n", remedies[i].text);
        break;
    }
}

int remedy_exit(const struct err *e, int http_status)
{
    if (e->code == ERR_FORMAT || e->code == ERR_LIMIT)
        return EX_DATAERR;
    if (e->code == -ENOENT && http_status == 0)
        return EX_NOINPUT;
    return EX_UNAVAILABLE;
}
