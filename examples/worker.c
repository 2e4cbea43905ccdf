/* worker.c - a worker of one's own in C: marks words in capitals.

       apt install newsmq-dev
       cc worker.c -o worker $(pkg-config --cflags --libs newsmq)
       ./worker -c /etc/newsmq/newsmq.yaml --name shout-1

   It finds the hub by the configuration and runs beside newsmq's own workers, or in their
   place; the hub shares the jobs out. Every job wants one result or fail. Put yours into
   find(). examples/worker.py is the same without newsmq's library. */
#include <errno.h>

#include <newsmq/bus.h>
#include <newsmq/err.h>
#include <newsmq/item.h>
#include <newsmq/log.h>
#include <newsmq/os.h>
#include <newsmq/record.h>
#include <newsmq/startup.h>

#define NAME   "shout"
#define CREDIT 8 /* jobs in flight */

static bool is_capital(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z';
}

/* Spans are byte offsets, half-open; code points are counted when it is written. */
static void find(const struct item *it, struct result *out)
{
    struct str text = it->content_text;

    for (size_t i = 0, end; i < text.n; i = end + 1) {
        struct span span = {(uint32_t)i, 0, FIELD_CONTENT_TEXT};
        struct entity *found;

        for (end = i; is_capital(text, end); end++)
            continue;
        if (end - i < 3)
            continue;
        span.end = (uint32_t)end;
        found = result_add_entity(out);
        found->type = ENTITY_ORG;
        found->name = str_slice(text, i, end);
        (void)result_add_mention(out, found, span, 1);
    }
}

static int work_on(struct bus *bus, const struct bus_event *job, struct err *e)
{
    struct arena room = {.max = (size_t)256 << 20};
    struct strbuf nlp = {.max = (size_t)16 << 20};
    struct result found = {0};
    struct item it;
    int rc = item_read(job->json, &room, &it, e);

    if (rc == 0) {
        struct extractor_run *run = result_add_run(&found);

        run->name = NAME;
        run->version = "1";
        find(&it, &found);
        rc = result_write_nlp(&found, &it, &nlp, e);
    }
    if (rc == 0)
        rc = bus_result(bus, job->seq, job->attempt, strbuf_str(&nlp), e);
    else
        rc = bus_fail(bus, job->seq, job->attempt, 422, str_of(e->text), e);
    strbuf_fini(&nlp);
    result_fini(&found);
    arena_fini(&room);
    return rc;
}

static int work(struct bus *bus, struct err *e)
{
    int rc = bus_ready(bus, CREDIT, e);

    while (rc >= 0 && !os_should_stop()) {
        struct bus_event ev;

        rc = bus_next(bus, 1000, &ev, e);
        if (rc == -EINTR)
            rc = 0;
        else if (rc > 0 && ev.kind == BUS_JOB)
            rc = work_on(bus, &ev, e);
        else if (rc > 0 && ev.kind == BUS_DRAIN)
            return 0; /* the hub wants no more of us */
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "worker",
                        .help = "worker - marks words in capitals\n\n"
                                "Usage: worker -c CONFIG --name NAME\n",
                        .takes_name = "the slot at the hub, for example shout-1"};
    struct bus_options options = {.role = BUS_WORK};
    struct config *config;
    struct bus *bus = NULL;
    struct err e = {0};
    int rc;

    if (!startup_read(&s, argc, argv, &rc))
        return rc;
    config = startup_config(s.config_path);
    if (config == NULL)
        return 78;
    options.name = s.given_name;
    options.hello = "{\"extractors\":[\"" NAME "\"]}";
    rc = bus_open(&config->bus, &options, &bus, &e);
    if (rc == 0)
        rc = work(bus, &e);
    if (rc < 0)
        log_error("cannot go on", "cause='%s'", e.text);
    bus_close(bus);
    config_free(config);
    return rc < 0 ? 69 : 0;
}
