/* Whoever writes 13/04/2024 once writes 03/04/2024 in the same order. So the dates of one
   feed that are written alike are asked together: what is no day in one order rules that
   order out for all of them. */
#include "newsmq/date.h"

#define ALL_ORDERS (DATE_ORDER_DMY | DATE_ORDER_MDY | DATE_ORDER_YMD)

static bool is_one(unsigned bits)
{
    return bits != 0 && (bits & (bits - 1)) == 0;
}

void date_orders_add(struct date_orders *o, const struct date *d)
{
    if (d->orders != 0 && d->form < DATE_FORMS)
        o->excluded[d->form] |= (uint8_t)(ALL_ORDERS & ~(unsigned)d->orders);
}

enum date_order date_orders_of(const struct date_orders *o, uint8_t form)
{
    unsigned left = form < DATE_FORMS ? ALL_ORDERS & ~(unsigned)o->excluded[form] : 0;

    return is_one(left) ? (enum date_order)left : DATE_ORDER_NONE;
}

void date_orders_remember(struct date_orders *o, struct date_orders *memory)
{
    for (size_t i = 0; i < DATE_FORMS; i++) {
        unsigned both = (unsigned)o->excluded[i] | memory->excluded[i];

        if (date_orders_of(o, (uint8_t)i) == DATE_ORDER_NONE && both != ALL_ORDERS)
            o->excluded[i] = (uint8_t)both;
        memory->excluded[i] = o->excluded[i];
    }
}

bool date_is_open(const struct date *d)
{
    return !d->known && d->orders != 0 && !is_one(d->orders);
}
