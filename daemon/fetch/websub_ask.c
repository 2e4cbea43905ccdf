/* Subscribing and its opposite (WebSub §5.1): a form for the hub, whose answer only says
   that it will think about it. The hub then asks back (websub_serve.c). */
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "websub_private.h"

#define FORM_MAX ((size_t)32 * 1024)
#define NOWHERE  "https://feed.invalid/"

struct ask {
    struct ask *next;
    struct websub *websub;
    struct feed *feed; /* NULL: of a feed that has left, or nobody wants the answer */
    struct generation *generation;
    struct config_feed config; /* what the transfer goes by */
    char nowhere[sizeof NOWHERE];
    char *id, *hub, *form;
    struct transfer *transfer;
};

/* ---- the form ---- */

static void add_escaped(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            strchr("-._~", c) != NULL)
            (void)strbuf_add_char(out, *text); /* it fits: all parts are bounded */
        else
            (void)strbuf_addf(out, "%%%02X", c);
    }
}

static void add_field(struct strbuf *out, const char *name, const char *value)
{
    if (out->n > 0)
        (void)strbuf_add_char(out, '&');
    (void)strbuf_add_text(out, name);
    (void)strbuf_add_char(out, '=');
    add_escaped(out, value);
}

static char *form_of(const struct websub *w, const struct websub_state *s, bool subscribe)
{
    struct strbuf form = {.max = FORM_MAX};
    int64_t lease_s = w->fetcher->generation->config->websub.lease_ms / SECOND_MS;
    char *callback = mem_printf("%s/%s", w->callback, s->token);
    char *lease = mem_printf("%lld", (long long)lease_s);

    add_field(&form, "hub.mode", subscribe ? "subscribe" : "unsubscribe");
    add_field(&form, "hub.topic", s->topic);
    add_field(&form, "hub.callback", callback);
    if (subscribe) {
        add_field(&form, "hub.lease_seconds", lease);
        add_field(&form, "hub.secret", s->secret);
    }
    free(callback);
    free(lease);
    return strbuf_take(&form);
}

/* ---- the request ---- */

/* What the hub says besides its status is for nobody. */
static int pass_over(void *ctx, struct str bytes, struct err *e)
{
    (void)ctx;
    (void)bytes;
    (void)e;
    return 0;
}

static void ask_free(struct ask *a)
{
    transfer_free(a->transfer);
    generation_drop(a->generation);
    free(a->id);
    free(a->hub);
    free(a->form);
    free(a);
}

static struct ask *ask_new(struct websub *w, const char *id, const struct websub_state *s,
                           const struct config_feed *like, bool subscribe)
{
    struct ask *a = mem_new(sizeof *a);

    *a = (struct ask){
        .websub = w,
        .generation = generation_use(w->fetcher->generation),
        .config = *like, /* its own URL stays: what is secret goes nowhere else */
        .nowhere = NOWHERE,
        .id = mem_strdup(id),
        .hub = mem_strdup(s->hub),
        .form = form_of(w, s, subscribe),
    };
    if (a->config.url == NULL) { /* the defaults: any hub is elsewhere */
        a->config.url = a->nowhere;
        a->config.id = a->id;
    }
    return a;
}

/* Negative: it could not even begin, and a is no more. */
static int begin(struct ask *a, struct err *e)
{
    struct websub *w = a->websub;
    struct transfer_receiver to = {NULL, NULL, pass_over};
    struct transfer_request ask = {
        .feed = &a->config,
        .url = a->hub,
        .politeness = &a->generation->config->politeness,
        .form = a->form,
        .owner = a,
    };
    int rc = transfer_new(&ask, &to, &a->transfer, e);

    if (rc == 0)
        rc = multi_add(w->multi, a->transfer, e);
    if (rc < 0) {
        ask_free(a);
        return rc;
    }
    a->next = w->asks;
    w->asks = a;
    w->n_asks++;
    return 0;
}

void ask_subscribe(struct websub *w, struct feed *feed)
{
    struct websub_state *s = &feed->state.websub;
    struct ask *a = ask_new(w, feed->config->id, s, feed->config, true);
    struct err e = {0};

    a->feed = feed;
    websub_asked(s, w->callback, clock_wall_ms());
    if (begin(a, &e) < 0)
        websub_failed(s, e.text, websub_dice(), clock_wall_ms());
    websub_changed(feed);
}

void ask_unsubscribe(struct websub *w, const char *id, const struct websub_state *s)
{
    const struct config_feed *like = &w->fetcher->generation->config->defaults;
    struct err e = {0};

    if (begin(ask_new(w, id, s, like, false), &e) < 0)
        log_debug("cannot unsubscribe", "feed=%s cause='%s'", id, e.text);
}

/* ---- the answer ---- */

static void unlink_ask(struct websub *w, const struct ask *a)
{
    struct ask **at = &w->asks;

    while (*at != a)
        at = &(*at)->next;
    *at = a->next;
    w->n_asks--;
}

static void note_failure(const struct ask *a, const char *why)
{
    struct websub_state *s = &a->feed->state.websub;
    char safe[LOG_SAFE_MAX];

    if (s->asked_ms == 0) /* verified meanwhile: so it was heard */
        return;
    (void)log_safe(str_of(why), safe);
    if (s->failures == 0)
        log_warn("the WebSub hub refuses", "feed=%s cause='%s'", a->id, safe);
    websub_failed(s, safe, websub_dice(), clock_wall_ms());
    websub_changed(a->feed);
}

void ask_on_done(void *ctx, struct transfer *t)
{
    struct websub *w = ctx;
    struct ask *a = transfer_get_owner(t);
    const struct transfer_answer *answer = transfer_get_answer(t);

    unlink_ask(w, a);
    log_debug("hub asked", "feed=%s status=%d", a->id, answer->http_status);
    if (a->feed != NULL && (answer->http_status < 200 || answer->http_status > 299))
        note_failure(a,
                     answer->reason.text[0] != '\0' ? answer->reason.text : "no answer");
    ask_free(a);
}

void ask_forget(struct websub *w, const struct feed *feed)
{
    for (struct ask *a = w->asks; a != NULL; a = a->next)
        if (a->feed == feed)
            a->feed = NULL;
}

void ask_close_all(struct websub *w)
{
    while (w->asks != NULL) {
        struct ask *a = w->asks;

        multi_remove(w->multi, a->transfer);
        unlink_ask(w, a);
        ask_free(a);
    }
}
