/* The end of a document: dates first, since a title and a date may be an identity. */
#include <stdlib.h>

#include "newsmq/clock.h"

#include "settle.h"

/* ---- dates ---- */

bool item_derives(const struct item *it, const char *name)
{
    for (size_t i = 0; i < it->n_derived; i++)
        if (str_eq(it->derived[i], str_of(name)))
            return true;
    return false;
}

bool item_add_derived(struct item *it, const char *name, struct arena *a)
{
    struct str *all = arena_alloc(a, (it->n_derived + 1) * sizeof *all);

    if (all == NULL)
        return false;
    for (size_t i = 0; i < it->n_derived; i++)
        all[i] = it->derived[i];
    all[it->n_derived] = str_of(name);
    it->derived = all;
    it->n_derived++;
    return true;
}

/* The publisher's dates, in the order in which they stand in for each other. */
static void choose_dates(struct item *it, const struct date *dates, struct arena *a)
{
    const struct date *from = &dates[OPEN_PUBLISHED], *updated = &dates[OPEN_UPDATED];

    if (!from->known && dates[OPEN_CREATED].known)
        from = &dates[OPEN_CREATED];
    if (!from->known && updated->known) {
        from = updated;
        (void)item_add_derived(it, "date_published", a); /* without room it goes unsaid */
    }
    if (!from->known && from->note == DATE_MISSING)
        from = updated;
    it->date_note = from->note;
    if (updated->known)
        it->date_modified_ms = updated->ms;
    if (!from->known)
        return;
    it->date_published_ms = from->ms;
    if (it->fetch.time_ms > 0 && from->ms > it->fetch.time_ms + DAY_MS)
        it->date_note = DATE_FUTURE;
}

static void read_open(struct settling *s, struct date *d, struct str raw,
                      const struct date_orders *orders)
{
    enum date_order order =
        date_is_open(d) && raw.n > 0 ? date_orders_of(orders, d->form) : DATE_ORDER_NONE;
    struct date again;

    if (order == DATE_ORDER_NONE)
        return;
    again = date_read_in(raw, order);
    if (!again.known)
        return;
    *d = again;
    s->said->n_dates_read++;
}

void settle_dates(struct settling *s)
{
    struct date_orders orders = {0};

    for (size_t i = 0; i < ARRAY_LEN(s->o->dates); i++)
        date_orders_add(&orders, &s->o->dates[i]);
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < OPEN_DATES; k++)
            date_orders_add(&orders, &s->open[i].dates[k]);
    date_orders_remember(&orders, &s->habits->orders);
    for (size_t i = 0; i < s->n; i++) {
        struct item_open *open = &s->open[i];

        for (size_t k = 0; k < OPEN_DATES; k++)
            read_open(s, &open->dates[k], open->raw[k], &orders);
        choose_dates(&s->items[i], open->dates, s->a);
    }
}

/* ---- the same entry more than once ---- */

struct rank {
    struct str id;
    int64_t date_ms;
    size_t at;
};

static int by_id_newest_first(const void *pa, const void *pb)
{
    const struct rank *a = pa, *b = pb;
    int cmp = str_cmp(a->id, b->id);

    if (cmp != 0)
        return cmp;
    if (a->date_ms != b->date_ms)
        return a->date_ms > b->date_ms ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

static int64_t version_of(const struct item *it)
{
    return it->date_modified_ms != 0 ? it->date_modified_ms : it->date_published_ms;
}

/* Marks by an absent id those of which another version is there. */
static void drop_repeated(struct settling *s)
{
    struct rank *list = s->n > 0 ? mem_new_array(s->n, sizeof *list) : NULL;

    for (size_t i = 0; i < s->n; i++)
        list[i] = (struct rank){s->items[i].id, version_of(&s->items[i]), i};
    if (s->n > 1)
        qsort(list, s->n, sizeof *list, by_id_newest_first);
    for (size_t i = 1; i < s->n; i++) {
        if (list[i].id.n == 0 || !str_eq(list[i].id, list[i - 1].id))
            continue;
        s->items[list[i].at].id.n = 0;
        s->said->n_repeated++;
    }
    free(list);
}

static size_t close_gaps(struct settling *s)
{
    size_t to = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i].id.n == 0)
            continue;
        s->items[to] = s->items[i];
        s->open[to++] = s->open[i];
    }
    return to;
}

/* ---- all of it ---- */

struct settled items_settle(struct item *items, struct item_open *open, size_t *n,
                            const struct settle_options *o, struct arena *a)
{
    struct settled said = {0};
    struct settling s = {.items = items,
                         .open = open,
                         .n = *n,
                         .o = o,
                         .a = a,
                         .said = &said,
                         .habits = o->habits};

    if (s.habits == NULL)
        s.habits = &s.own;
    settle_dates(&s);
    settle_identity(&s);
    drop_repeated(&s);
    *n = close_gaps(&s);
    return said;
}

bool item_open_keep(const struct item_open *open, struct arena *a, struct item_open *ret)
{
    struct item_open copy = *open;
    bool ok = true;

    copy.link = open->link.n > 0 ? arena_dup(a, open->link) : (struct str){0};
    ok = open->link.n == 0 || copy.link.p != NULL;
    for (size_t i = 0; i < OPEN_DATES; i++) {
        copy.raw[i] = open->raw[i].n > 0 ? arena_dup(a, open->raw[i]) : (struct str){0};
        ok = ok && (open->raw[i].n == 0 || copy.raw[i].p != NULL);
    }
    if (ok)
        *ret = copy;
    return ok;
}
