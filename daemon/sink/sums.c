#include <inttypes.h>
#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"

#include "sums.h"

static const char *const names[] = {
    [SUMS_BATCH] = "batch", [SUMS_GAP] = "gap", [SUMS_CLOSED] = "closed"};

/* ---- writing ---- */

/* Puts the check behind the line that began at `from`. All lines are far shorter than
   what a caller's buffer takes, so that adding cannot fail. */
static uint64_t end_line(struct strbuf *out, size_t from, uint64_t seed)
{
    uint64_t check = hash_xxh64(str_slice(strbuf_str(out), from, out->n), seed);

    (void)strbuf_addf(out, "%016" PRIx64 "\n", check);
    return check;
}

void sums_head_write(struct sums_head *h, struct strbuf *out)
{
    size_t from = out->n;

    (void)strbuf_addf(out, "newsmq-sums 1 %" PRId64 " %s %" PRIu64 " ", h->created_ms,
                      h->epoch[0] != '\0' ? h->epoch : "-", h->first_seq);
    h->check = end_line(out, from, 0);
}

void sums_line_write(const struct sums_head *h, const struct sums_line *l,
                     struct strbuf *out)
{
    size_t from = out->n;

    (void)strbuf_addf(out, "%s ", names[l->kind]);
    switch (l->kind) {
    case SUMS_BATCH:
        (void)strbuf_addf(
            out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " ",
            l->offset, l->bytes, l->first, l->last, l->hash);
        break;
    case SUMS_GAP:
        (void)strbuf_addf(out, "%" PRIu64 " %" PRIu64 " ", l->first, l->last);
        break;
    case SUMS_CLOSED:
        (void)strbuf_addf(out, "%" PRIu64 " %" PRIu64 " %" PRId64 " ", l->bytes, l->last,
                          l->time_ms);
        break;
    }
    (void)end_line(out, from, h->check);
}

/* ---- reading ---- */

/* The line's fields without the check, when that is right. */
static bool check_line(struct str line, uint64_t seed, struct str *ret_fields,
                       uint64_t *ret_check)
{
    uint64_t check;

    if (line.n < 17 || line.n > SUMS_LINE_MAX ||
        !str_hex_to_u64(str_slice(line, line.n - 16, line.n), &check) ||
        line.p[line.n - 17] != ' ' ||
        hash_xxh64(str_slice(line, 0, line.n - 16), seed) != check)
        return false;
    *ret_fields = str_slice(line, 0, line.n - 17);
    if (ret_check != NULL)
        *ret_check = check;
    return true;
}

static bool next_number(struct str *rest, uint64_t *ret)
{
    return rest->p != NULL && str_to_u64(str_cut(rest, ' '), ret);
}

static bool is_epoch(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return s.n > 0 && s.n <= SUMS_EPOCH_MAX;
}

bool sums_head_read(struct str line, struct sums_head *ret)
{
    struct sums_head h = {0};
    struct str rest, epoch;

    if (!check_line(line, 0, &rest, &h.check) ||
        !str_has_prefix(rest, STR("newsmq-sums 1 ")))
        return false;
    rest = str_slice(rest, strlen("newsmq-sums 1 "), rest.n);
    if (!str_to_i64(str_cut(&rest, ' '), &h.created_ms) || rest.p == NULL)
        return false;
    epoch = str_cut(&rest, ' ');
    if (!is_epoch(epoch) || !next_number(&rest, &h.first_seq) || rest.p != NULL ||
        h.first_seq == 0)
        return false;
    memcpy(h.epoch, epoch.p, epoch.n);
    *ret = h;
    return true;
}

static bool read_fields(struct str rest, struct sums_line *l)
{
    struct str kind = str_cut(&rest, ' ');

    if (str_eq(kind, STR("batch"))) {
        l->kind = SUMS_BATCH;
        return next_number(&rest, &l->offset) && next_number(&rest, &l->bytes) &&
               next_number(&rest, &l->first) && next_number(&rest, &l->last) &&
               rest.p != NULL && str_hex_to_u64(rest, &l->hash);
    }
    if (str_eq(kind, STR("gap"))) {
        l->kind = SUMS_GAP;
        return next_number(&rest, &l->first) && next_number(&rest, &l->last) &&
               rest.p == NULL;
    }
    l->kind = SUMS_CLOSED;
    return str_eq(kind, STR("closed")) && next_number(&rest, &l->bytes) &&
           next_number(&rest, &l->last) && rest.p != NULL &&
           str_to_i64(rest, &l->time_ms);
}

bool sums_line_read(const struct sums_head *h, struct str line, struct sums_line *ret)
{
    struct sums_line l = {0};
    struct str rest;

    if (!check_line(line, h->check, &rest, NULL) || !read_fields(rest, &l))
        return false;
    *ret = l;
    return true;
}

static bool follows(const struct sums *s, const struct sums_line *l)
{
    if (s->is_closed)
        return false;
    if (l->kind == SUMS_CLOSED)
        return l->bytes == s->bytes && l->last == s->last;
    if (l->first != s->last + 1 || l->last < l->first || l->last == UINT64_MAX)
        return false;
    return l->kind == SUMS_GAP ||
           (l->offset == s->bytes && l->bytes > l->last - l->first &&
            l->bytes <= SUMS_BATCH_MAX && l->bytes <= INT64_MAX - s->bytes);
}

static void take(struct sums *s, const struct sums_line *l, size_t text_bytes)
{
    s->lines = mem_grow(s->lines, &s->cap, s->n + 1, sizeof *s->lines);
    s->lines[s->n] = *l;
    s->lines[s->n++].text_bytes = text_bytes;
    s->text_bytes += text_bytes;
    s->last = l->last;
    s->is_closed = l->kind == SUMS_CLOSED;
    if (l->kind == SUMS_BATCH)
        s->bytes += l->bytes;
}

void sums_read(struct str text, struct sums *ret)
{
    struct sums s = {0};
    struct sums_line l;
    struct str rest = text, line;
    size_t behind = 0; /* good lines behind the first bad one */
    bool is_good = true;

    /* What has no LF was not written to its end. */
    while (rest.n > 0 && str_find_char(rest, '\n', 0) != SIZE_MAX) {
        line = str_cut(&rest, '\n');
        if (s.text_bytes == 0) {
            if (!sums_head_read(line, &s.head))
                break;
            s.text_bytes = line.n + 1;
            s.last = s.head.first_seq - 1;
            continue;
        }
        if (sums_line_read(&s.head, line, &l) && (!is_good || follows(&s, &l))) {
            if (is_good)
                take(&s, &l, line.n + 1);
            else
                behind++;
        } else {
            is_good = false;
        }
    }
    s.is_broken = behind > 1; /* a gap and its batch are written together */
    *ret = s;
}

void sums_cut(struct sums *s, size_t n)
{
    while (s->n > n) {
        const struct sums_line *l = &s->lines[--s->n];

        s->is_closed = false;
        s->text_bytes -= l->text_bytes;
        if (l->kind == SUMS_BATCH)
            s->bytes -= l->bytes;
        if (l->kind != SUMS_CLOSED)
            s->last = l->first - 1;
    }
}

void sums_fini(struct sums *s)
{
    free(s->lines);
    *s = (struct sums){0};
}

uint64_t sums_records(const struct sums *s, size_t n)
{
    uint64_t records = 0;

    for (size_t i = 0; i < n && i < s->n; i++)
        if (s->lines[i].kind == SUMS_BATCH)
            records += s->lines[i].last - s->lines[i].first + 1;
    return records;
}
