#include "newsmq/stats.h"

#define DECIMALS  6
#define WHOLE_MAX 9007199254740992.0 /* 2^53: so far doubles count without a gap */

/* ---- histograms ---- */

void histogram_add(struct histogram *h, double value)
{
    size_t i = 0;

    while (i < h->n_bounds && value > h->bounds[i])
        i++;
    h->counts[i]++;
    h->sum += value;
}

static void write_number(struct jsonw *j, double v)
{
    if (v >= 0 && v <= WHOLE_MAX && v == (double)(uint64_t)v)
        jsonw_u64(j, (uint64_t)v);
    else
        jsonw_f(j, v, DECIMALS);
}

void histogram_write(const struct histogram *h, struct jsonw *j)
{
    uint64_t n = 0;

    jsonw_object(j);
    jsonw_key(j, "le");
    jsonw_array(j);
    for (size_t i = 0; i < h->n_bounds; i++)
        write_number(j, h->bounds[i]);
    jsonw_array_end(j);
    jsonw_key(j, "counts");
    jsonw_array(j);
    for (size_t i = 0; i < h->n_bounds; i++) {
        n += h->counts[i];
        jsonw_u64(j, n);
    }
    jsonw_array_end(j);
    jsonw_member_u64(j, "count", n + h->counts[h->n_bounds]);
    jsonw_key(j, "sum");
    write_number(j, h->sum);
    jsonw_object_end(j);
}

/* ---- sums by label ---- */

static struct tally_row *find(const struct tally *t, struct str label)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(label, str_of(t->rows[i].label)))
            return &t->rows[i];
    return NULL;
}

static struct str cut(struct str label)
{
    return str_head(label, TALLY_LABEL_MAX - 1);
}

static struct tally_row *make(struct tally *t, struct str label)
{
    struct tally_row *row = &t->rows[t->n];

    *row = (struct tally_row){.sum = 0};
    if (t->n == t->max) /* the rest of the table's life they are counted together */
        label = STR("other");
    memcpy(row->label, label.p != NULL ? label.p : "", label.n);
    t->n++;
    return row;
}

void tally_add(struct tally *t, struct str label, double value)
{
    struct tally_row *row = find(t, cut(label));

    if (row == NULL)
        row = t->n <= t->max ? make(t, cut(label)) : &t->rows[t->max];
    row->sum += value;
}

void tally_take(struct tally *t, struct str label, double value)
{
    struct tally_row *row = find(t, cut(label));

    if (row == NULL && t->n > t->max)
        row = &t->rows[t->max];
    if (row == NULL)
        return;
    row->sum -= value;
    if (row->sum > 0)
        return;
    if (t->n > t->max) { /* "other" stays the last */
        row->sum = 0;
        return;
    }
    *row = t->rows[--t->n];
}

double tally_get(const struct tally *t, struct str label)
{
    const struct tally_row *row = find(t, cut(label));

    return row != NULL ? row->sum : 0;
}

void tally_write(const struct tally *t, struct jsonw *j)
{
    jsonw_object(j);
    for (size_t i = 0; i < t->n; i++) {
        jsonw_key_str(j, str_of(t->rows[i].label));
        write_number(j, t->rows[i].sum);
    }
    jsonw_object_end(j);
}
