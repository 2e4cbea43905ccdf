/* What the documents of a feed have shown, as a line for its memory: the orders that its
   dates rule out, a digit for each form, then the hashes of guids and links that several
   entries have: "000600 1f3a…,…" or "000000 *". */
#include <stdio.h>

#include "settle.h"

bool habits_know_shared(const struct feed_habits *h, uint64_t value)
{
    if (h->all_are_shared)
        return true;
    for (size_t i = 0; i < h->n_shared; i++)
        if (h->shared[i] == value)
            return true;
    return false;
}

void habits_add_shared(struct feed_habits *h, uint64_t value)
{
    if (habits_know_shared(h, value))
        return;
    if (h->n_shared == HABITS_SHARED_MAX) /* the oldest is in no document any more */
        memmove(h->shared, h->shared + 1, --h->n_shared * sizeof *h->shared);
    h->shared[h->n_shared++] = value;
}

const char *habits_write(const struct feed_habits *h, char buf[HABITS_TEXT_MAX])
{
    size_t n = 0;
    bool says = h->all_are_shared || h->n_shared > 0;

    for (size_t i = 0; i < DATE_FORMS; i++) {
        buf[n++] = (char)('0' + (h->orders.excluded[i] & 7));
        says = says || buf[i] != '0';
    }
    buf[n] = '\0';
    if (h->all_are_shared)
        (void)snprintf(buf + n, HABITS_TEXT_MAX - n, " *");
    for (size_t i = 0; i < h->n_shared && !h->all_are_shared; i++)
        n += (size_t)snprintf(buf + n, HABITS_TEXT_MAX - n, "%c%016llx",
                              i == 0 ? ' ' : ',', (unsigned long long)h->shared[i]);
    return says ? buf : "";
}

void habits_read(struct str text, struct feed_habits *ret)
{
    struct feed_habits h = {0};
    struct str orders = str_cut(&text, ' ');

    *ret = h;
    if (orders.n != DATE_FORMS)
        return;
    for (size_t i = 0; i < DATE_FORMS; i++) {
        if (orders.p[i] < '0' || orders.p[i] > '7')
            return;
        h.orders.excluded[i] = (uint8_t)(orders.p[i] - '0');
    }
    h.all_are_shared = str_eq(text, STR("*"));
    while (text.p != NULL && !h.all_are_shared) {
        uint64_t value;

        if (!str_hex_to_u64(str_cut(&text, ','), &value))
            return;
        habits_add_shared(&h, value);
    }
    *ret = h;
}
