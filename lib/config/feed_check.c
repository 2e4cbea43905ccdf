/* What can only be judged with all keys of a feed known. */
#include "newsmq/address.h"
#include "newsmq/url.h"

#include "read.h"

static void check_auth(struct reader *r, const struct config_feed *f,
                       const struct said *said)
{
    const struct node *user = said_value(said, IN_AUTH, "user");
    const struct node *password = said_value(said, IN_AUTH, "password");
    const struct node *file = said_value(said, IN_AUTH, "password_file");
    const struct node *at = user != NULL ? user : password != NULL ? password : file;

    if (at == NULL || at == r->last_conflict)
        return;
    if (password != NULL && file != NULL) {
        r->last_conflict = at;
        fault_add(r->faults, &file->place, "both 'password' and 'password_file'");
        fault_hint(r->faults, "keep 'password_file'");
    } else if (f->user == NULL && user == NULL) {
        r->last_conflict = at;
        fault_add(r->faults, &at->place, "'auth' has a password but no 'user'");
        fault_hint(r->faults, "add user: NAME");
    } else if (password == NULL && file == NULL) {
        r->last_conflict = at;
        fault_add(r->faults, &at->place, "'auth' has a user but no password");
        fault_hint(r->faults, "add password_file: PATH");
    }
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
    if (f->id != NULL && f->url != NULL)
        check_address(r, f);
}
