#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"

#include "live.h"
#include "page.h"

#define FRAGMENT_MAX ((size_t)1 << 20)
#define RISING       12
#define RISING_MS    (10 * SECOND_MS)
#define LOOK_MS      SECOND_MS /* not more often, whoever comes */

struct row {
    uint64_t id, content; /* hashes */
    int64_t changed_ms;
};

struct live {
    struct row *rows; /* by id */
    size_t n_rows;
    uint64_t state, newest; /* hash; seq */
    int64_t looked_ms, rows_ms;
    struct strbuf rising;
    int64_t rising_ms;
};

/* ---- events ---- */

/* A field of several lines is several fields (WHATWG HTML §9.2.6). */
static void put_event(struct strbuf *out, const char *name, int64_t id, struct str data)
{
    size_t n = out->n;
    int rc = strbuf_addf(out, "event: %s\nid: %lld\n", name, (long long)id);

    while (data.p != NULL && rc == 0) {
        rc = strbuf_add_text(out, "data: ");
        if (rc == 0)
            rc = strbuf_add(out, str_cut(&data, '\n'));
        if (rc == 0)
            rc = strbuf_add_char(out, '\n');
    }
    if (rc == 0)
        rc = strbuf_add_char(out, '\n');
    if (rc < 0)
        out->n = n; /* whole ones only; the page shows it when it is loaded again */
}

/* A part of a page by itself; its words of times are the page's to find. */
static void part_init(struct page *p, struct strbuf *out)
{
    p->html = html_to(out);
    p->view =
        (struct view){&p->html, {"/article/", "/name/", "/feed/"}, PAGE_WORDS_MS, 2};
}

static void write_row(const struct feed_list *feeds, const struct feed_line *line,
                      struct strbuf *out)
{
    struct page p;

    part_init(&p, out);
    part_feed_row(&p, feeds, line);
}

static void write_state(struct http *h, const struct feed_list *feeds, struct strbuf *out)
{
    struct page p;

    part_init(&p, out);
    part_state(&p, h, feeds);
}

/* ---- looking ---- */

static int by_id(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;

    return a->id < b->id ? -1 : a->id > b->id;
}

static void look_at_rows(struct live *l, struct http *h, const struct feed_list *feeds,
                         struct strbuf *out)
{
    struct row *rows = mem_new_array(feeds->n + 1, sizeof *rows);
    struct strbuf text = {.max = FRAGMENT_MAX};
    int64_t now_ms = http_now_ms(h);

    for (size_t i = 0; i < feeds->n; i++) {
        const struct row *before;

        strbuf_reset(&text);
        write_row(feeds, &feeds->lines[i], &text);
        rows[i] = (struct row){hash_xxh64(str_of(feeds->lines[i].row.id), 0),
                               hash_xxh64(strbuf_str(&text), 0), now_ms};
        before = l->n_rows > 0
                     ? bsearch(&rows[i], l->rows, l->n_rows, sizeof *rows, by_id)
                     : NULL;
        if (before != NULL && before->content == rows[i].content)
            rows[i].changed_ms = before->changed_ms;
        else
            put_event(out, "feed", now_ms, str_trim(strbuf_str(&text)));
    }
    qsort(rows, feeds->n, sizeof *rows, by_id);
    free(l->rows);
    l->rows = rows;
    l->n_rows = feeds->n;
    l->rows_ms = now_ms;
    strbuf_fini(&text);
}

static void look_at_state(struct live *l, struct http *h, const struct feed_list *feeds,
                          struct strbuf *out)
{
    struct strbuf text = {.max = FRAGMENT_MAX};
    uint64_t hash;

    write_state(h, feeds, &text);
    hash = hash_xxh64(strbuf_str(&text), 0);
    if (hash != l->state)
        put_event(out, "state", http_now_ms(h), strbuf_str(&text));
    l->state = hash;
    strbuf_fini(&text);
}

static void look_at_newest(struct live *l, struct http *h, struct strbuf *out)
{
    struct strbuf text = {.max = FRAGMENT_MAX};
    struct digest_totals t;
    struct page p;

    digest_totals(http_digest(h), &t);
    if (t.newest_seq == l->newest)
        return;
    l->newest = t.newest_seq;
    part_init(&p, &text);
    part_newest(&p, h);
    put_event(out, "newest", http_now_ms(h), strbuf_str(&text));
    strbuf_fini(&text);
}

void live_look(struct live *l, struct http *h, bool rows, struct strbuf *out)
{
    struct feed_list feeds;

    feed_list_init(&feeds, h);
    look_at_state(l, h, &feeds, out);
    look_at_newest(l, h, out);
    if (rows)
        look_at_rows(l, h, &feeds, out);
    l->looked_ms = http_now_ms(h);
    feed_list_fini(&feeds);
}

static void put_changed_rows(struct live *l, struct http *h, int64_t at_ms,
                             struct strbuf *out)
{
    struct strbuf text = {.max = FRAGMENT_MAX};
    struct feed_list feeds;

    feed_list_init(&feeds, h);
    for (size_t i = 0; i < feeds.n; i++) {
        struct row key = {.id = hash_xxh64(str_of(feeds.lines[i].row.id), 0)};
        const struct row *row =
            l->n_rows > 0 ? bsearch(&key, l->rows, l->n_rows, sizeof key, by_id) : NULL;

        if (row == NULL || row->changed_ms <= at_ms)
            continue;
        strbuf_reset(&text);
        write_row(&feeds, &feeds.lines[i], &text);
        put_event(out, "feed", row->changed_ms, str_trim(strbuf_str(&text)));
    }
    strbuf_reset(&text);
    write_state(h, &feeds, &text);
    put_event(out, "state", http_now_ms(h), strbuf_str(&text));
    strbuf_fini(&text);
    feed_list_fini(&feeds);
}

void live_begin(struct live *l, struct http *h, int64_t at_ms, struct strbuf *out)
{
    struct strbuf others = {.max = FRAGMENT_MAX * 8};

    if (http_now_ms(h) - l->rows_ms >= LOOK_MS) {
        live_look(l, h, true, &others);
        http_tell(h, strbuf_str(&others)); /* those who are there want it as well */
    }
    (void)strbuf_add_text(out, "retry: 2000\n\n"); /* its max is larger */
    put_changed_rows(l, h, at_ms, out);
    strbuf_fini(&others);
}

void live_rising(struct live *l, struct http *h, struct strbuf *out)
{
    int64_t now_ms = http_now_ms(h);
    struct digest_axis days = digest_days(now_ms, FEED_DAYS);
    struct page p;

    if (now_ms < l->rising_ms || now_ms - l->rising_ms >= RISING_MS) {
        strbuf_reset(&l->rising);
        part_init(&p, &l->rising);
        view_rising(&p.view, http_digest(h), &days, RISING);
        l->rising_ms = now_ms;
    }
    (void)strbuf_add(out, strbuf_str(&l->rising)); /* too much: without them */
}

struct live *live_new(void)
{
    struct live *l = mem_new(sizeof *l);

    l->rising.max = FRAGMENT_MAX;
    return l;
}

void live_free(struct live *l)
{
    if (l == NULL)
        return;
    free(l->rows);
    strbuf_fini(&l->rising);
    free(l);
}
