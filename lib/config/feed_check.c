/* What can only be judged with all keys of a feed known. */
#include "newsmq/address.h"
#include "newsmq/url.h"

#include "read.h"

/* One fault for what many feeds inherit. */
static bool begin_fault(struct reader *r, const struct node *at)
{
    if (at == r->last_conflict)
        return false;
    r->last_conflict = at;
    return true;
}

static void check_bearer(struct reader *r, const struct node *at, const struct node *user)
{
    if (user == NULL || !begin_fault(r, at))
        return;
    fault_add(r->faults, &at->place, "'auth' has both a token and a user");
    fault_hint(r->faults, "keep one of the two");
}

static void check_user(struct reader *r, const struct config_feed *f,
                       const struct node *user, const struct node *password)
{
    const struct node *at = user != NULL ? user : password;

    if (f->user == NULL && user == NULL) {
        if (!begin_fault(r, at))
            return;
        fault_add(r->faults, &at->place, "'auth' has a password but no 'user'");
        fault_hint(r->faults, "add user: NAME");
    } else if (password == NULL && begin_fault(r, at)) {
        fault_add(r->faults, &at->place, "'auth' has a user but no password");
        fault_hint(r->faults, "add password_file: PATH");
    }
}

static void check_header(struct reader *r, const struct config_feed *f,
                         const struct node *at)
{
    for (size_t i = 0; i < f->n_headers; i++) {
        if (!str_eq_nocase(str_of(f->headers[i].key), STR("Authorization")) ||
            !begin_fault(r, at))
            continue;
        fault_add(r->faults, &at->place, "both 'auth' and a header 'Authorization'");
        fault_hint(r->faults, "keep 'auth'");
    }
}

static const struct node *either(const struct said *said, const char *a, const char *b)
{
    const struct node *first = said_value(said, IN_AUTH, a);

    return first != NULL ? first : said_value(said, IN_AUTH, b);
}

static void check_auth(struct reader *r, const struct config_feed *f,
                       const struct said *said)
{
    const struct node *user = said_value(said, IN_AUTH, "user");
    const struct node *password = either(said, "password", "password_file");
    const struct node *bearer = either(said, "bearer", "bearer_file");

    if (bearer != NULL)
        check_bearer(r, bearer, user != NULL ? user : password);
    else if (user != NULL || password != NULL)
        check_user(r, f, user, password);
    if (bearer != NULL || user != NULL)
        check_header(r, f, bearer != NULL ? bearer : user);
}

static void check_tls(struct reader *r, const struct config_feed *f,
                      const struct said *said)
{
    const struct node *key = said_value(said, IN_TLS, "key_file");

    if (key == NULL || f->cert_file != NULL ||
        said_value(said, IN_TLS, "cert_file") != NULL || !begin_fault(r, key))
        return;
    fault_add(r->faults, &key->place, "'tls' has a key but no certificate");
    fault_hint(r->faults, "add cert_file: PATH");
}

/* An address that stands in the URL itself; names are judged when they are connected to.
 */
static void check_address(struct reader *r, const struct config_feed *f)
{
    const struct config_politeness *p = &r->config->politeness;
    struct address_range range;
    struct address a;
    struct url u;

    if (f->allow_private || url_split(str_of(f->url), &u, NULL) < 0 ||
        !address_read(u.host, &a) || address_kind_of(&a) == ADDRESS_PUBLIC)
        return;
    for (size_t i = 0; i < p->n_allow_addresses; i++)
        if (address_range_read(str_of(p->allow_addresses[i]), &range) &&
            address_is_in(&a, &range))
            return;
    warning_add(r->faults, &f->place,
                "the feed '%s' will not be fetched: " STR_FMT " is %s", f->id,
                STR_ARG(u.host), address_kind_words(address_kind_of(&a)));
    fault_hint(r->faults, "add `allow_private: true` to the feed, or the address to "
                          "politeness: { allow_addresses: […] }");
}

void feed_check(struct reader *r, const struct config_feed *f, const struct said *said)
{
    check_auth(r, f, said);
    check_tls(r, f, said);
    if (f->id != NULL && f->url != NULL)
        check_address(r, f);
}
