#include <errno.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/hash.h"
#include "newsmq/page.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "page_fetch.h"

#define TEXT_BYTES_MAX ((size_t)512 * 1024) /* as of feeds */
#define PAGE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define PAGE_ARENA_MAX ((size_t)32 * 1024 * 1024)
#define WHOLE_MIN      ((size_t)600) /* code points of a text that is more than a summary */
#define ACCEPT_PAGE    "Accept: text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
#define ACCEPT_ROBOTS  "Accept: text/plain, */*;q=0.1"

/* ---- who wants one ---- */

/* How a text ends that goes on elsewhere. */
static bool is_broken_off(struct str text)
{
    static const struct str ends[] = {STR_INIT("…"),
                                      STR_INIT("..."),
                                      STR_INIT("[…]"),
                                      STR_INIT("[...]"),
                                      STR_INIT("(more)"),
                                      STR_INIT("read more"),
                                      STR_INIT("Read more"),
                                      STR_INIT("Read More"),
                                      STR_INIT("Continue reading"),
                                      STR_INIT("continue reading"),
                                      STR_INIT("READ MORE"),
                                      STR_INIT("ead more »"),
                                      STR_INIT("eiterlesen »"),
                                      STR_INIT("ire la suite »"),
                                      STR_INIT("Weiterlesen"),
                                      STR_INIT("weiterlesen"),
                                      STR_INIT("Lire la suite"),
                                      STR_INIT("Leer más"),
                                      STR_INIT("Read the full story"),
                                      STR_INIT("Read full article"),
                                      STR_INIT("Mehr lesen"),
                                      STR_INIT("Continua a leggere")};

    text = str_trim(text);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_has_suffix(text, ends[i]))
            return true;
    return false;
}

/* The last paragraph of the plug-ins of the most used blog software. */
static bool says_first_appeared(struct str text)
{
    size_t at = str_find(text, STR(" appeared first on "), 0);

    return at != SIZE_MAX && text.n - at < 200;
}

bool page_is_wanted(const struct item *it, enum full_text mode)
{
    if (mode == FULL_TEXT_NEVER || !url_is_http(it->url))
        return false;
    if (mode == FULL_TEXT_ALWAYS || it->content_source != CONTENT_FEED_CONTENT)
        return true;
    if (is_broken_off(it->content_text))
        return true;
    return utf8_count(it->content_text) < WHOLE_MIN ||
           (says_first_appeared(it->content_text) &&
            utf8_count(it->content_text) < WHOLE_MIN * 2);
}

/* ---- over the wire ---- */

static int on_start(void *ctx, const struct transfer_answer *a, struct err *e)
{
    struct page_fetch *f = ctx;
    struct str type = str_of(a->content_type), first = str_trim(str_cut(&type, ';'));

    strbuf_reset(&f->body);
    if (f->is_robots || first.n == 0 || str_eq_nocase(first, STR("text/html")) ||
        str_eq_nocase(first, STR("application/xhtml+xml")) ||
        str_eq_nocase(first, STR("text/plain")))
        return 0;
    return err_set(e, ERR_FORMAT, "no HTML but " STR_FMT, STR_ARG(str_head(first, 60)));
}

static int on_bytes(void *ctx, struct str bytes, struct err *e)
{
    struct page_fetch *f = ctx;
    size_t room = f->body.max - f->body.n;

    if (bytes.n > room && f->is_robots) /* the rest does not count */
        (void)strbuf_add(&f->body, str_slice(bytes, 0, room)); /* it fits */
    if (bytes.n > room)
        return err_set(e, ERR_LIMIT, "a page of more than %zu bytes", f->body.max);
    return strbuf_add(&f->body, bytes) == 0 ? 0 : err_set(e, -ENOMEM, "no memory");
}

int page_fetch_begin(struct page_fetch *f, const struct config_feed *feed,
                     const struct config_politeness *politeness, struct str url,
                     bool is_robots, void *owner, struct err *e)
{
    struct transfer_receiver to = {f, on_start, on_bytes};
    struct transfer_request ask = {
        .feed = feed,
        .politeness = politeness,
        .accept = is_robots ? ACCEPT_ROBOTS : ACCEPT_PAGE,
        .owner = owner,
    };
    struct url parts;

    page_fetch_end(f);
    f->is_robots = is_robots;
    f->body.max = is_robots ? ROBOTS_MAX_BYTES : PAGE_BYTES_MAX;
    f->url = is_robots ? robotscache_url(url) : mem_dup(url);
    ask.url = f->url;
    if (f->url == NULL || !url_is_http(str_of(f->url)) ||
        url_split(str_of(f->url), &parts, NULL) < 0)
        return err_set(e, -EINVAL, "the link is not http or https");
    if (parts.userinfo.p != NULL)
        return err_set(e, -EINVAL, "the link holds a user or a password");
    return transfer_new(&ask, &to, &f->transfer, e);
}

void page_fetch_end(struct page_fetch *f)
{
    transfer_free(f->transfer);
    free(f->url);
    strbuf_fini(&f->body);
    *f = (struct page_fetch){0};
}

void page_fetch_learn(const struct page_fetch *f, struct robotscache *c, int64_t now_ms)
{
    const struct transfer_answer *a = transfer_get_answer(f->transfer);
    bool is_cut = a->outcome == TRANSFER_STOPPED && f->body.n == f->body.max;
    int status = a->http_status;

    if (a->outcome != TRANSFER_DOCUMENT && status >= 200 && status < 300 && !is_cut)
        status = 0; /* broken off in the middle: half of the rules are none */
    robotscache_learn(c, str_of(f->url), status, strbuf_str(&f->body), now_ms);
}

/* ---- into the item ---- */

void page_note(struct item *it, enum page_outcome outcome, const char *reason,
               struct arena *a)
{
    it->fetch.page.outcome = outcome;
    if (reason != NULL && reason[0] != '\0')
        it->fetch.page.reason = arena_dup(a, str_head(str_of(reason), 300));
}

static void note_answer(struct item *it, const struct transfer_answer *t, struct arena *a)
{
    struct item_page *p = &it->fetch.page;

    *p = (struct item_page){
        .time_ms = clock_wall_ms(), .http_status = t->http_status, .bytes = t->bytes};
    if (t->url != NULL)
        p->url = arena_dup(a, str_of(t->url));
}

static struct str hash_of(struct str title, struct str text, struct arena *a)
{
    struct str parts[] = {title, STR("\n"), text};
    char sum[SHA256_TEXT_MAX];

    (void)hash_sha256_text(parts, ARRAY_LEN(parts), sum);
    return arena_dup(a, str_of(sum));
}

static void fill_gaps(struct item *it, const struct page *p, struct arena *a)
{
    if (it->language.n == 0 && p->language.n > 0)
        it->language = arena_dup(a, p->language);
    if (it->n_authors == 0 && p->byline.n > 0) {
        it->authors = arena_alloc(a, sizeof *it->authors);
        it->n_authors = it->authors != NULL;
        if (it->authors != NULL)
            *it->authors = (struct person){.name = arena_dup(a, p->byline)};
        if (it->authors != NULL && it->authors->name.p == NULL)
            it->n_authors = 0;
    }
}

static void use(struct item *it, const struct page *p, bool keep_html, struct arena *a)
{
    struct str text = arena_dup(a, p->text), hash, html = {NULL, 0};

    hash = text.p != NULL ? hash_of(it->title, text, a) : (struct str){NULL, 0};
    if (keep_html && p->html.p != NULL)
        html = arena_dup(a, p->html);
    if (hash.p == NULL) {
        page_note(it, PAGE_FAILED, "no room for the text of the page", a);
        return;
    }
    if (it->summary.n == 0 && it->content_source == CONTENT_FEED_SUMMARY)
        it->summary = it->content_text;
    it->feed_hash = it->content_hash;
    it->content_hash = hash;
    it->content_text = text;
    it->content_html = html;
    it->content_source = CONTENT_PAGE;
    it->content_truncated = p->is_cut;
    fill_gaps(it, p, a);
    page_note(it, PAGE_USED,
              p->is_teaser ? "only the beginning: the page wants to be paid" : NULL, a);
}

static void judge(const struct page_fetch *f, const struct transfer_answer *t,
                  bool keep_html, struct arena *a, struct item *it)
{
    struct page_options o = {.url = str_of(t->url),
                             .content_type = str_of(t->content_type),
                             .max_text_bytes = TEXT_BYTES_MAX};
    struct arena room = {.max = PAGE_ARENA_MAX};
    struct page p = {0};
    struct err e = {0};

    if (page_read(strbuf_str(&f->body), &o, &room, &p, &e) < 0)
        page_note(it, PAGE_FAILED, e.text, a);
    else if (!p.is_article)
        page_note(it, PAGE_NO_ARTICLE, p.why, a);
    else if (utf8_count(p.text) <= utf8_count(it->content_text))
        page_note(it, PAGE_SHORTER, NULL, a);
    else
        use(it, &p, keep_html, a);
    arena_fini(&room);
}

void page_fetch_take(const struct page_fetch *f, bool keep_html, struct arena *a,
                     struct item *it)
{
    const struct transfer_answer *t = transfer_get_answer(f->transfer);

    note_answer(it, t, a);
    if (t->outcome == TRANSFER_DOCUMENT)
        judge(f, t, keep_html, a, it);
    else
        page_note(it, PAGE_FAILED, t->reason.text, a);
}
