/* The calls of the control socket: CALL <method> <json>. */
#include <errno.h>

#include "newsmq/json.h"

#include "private.h"

#define DIFF_MAX ((size_t)16 << 20)

static void say_err(struct strbuf *out, int code, const char *text)
{
    strbuf_reset(out);
    (void)strbuf_addf(out, "ERR %d %s\n", code, text); /* short */
}

static void call_status(struct supervisor *s, struct strbuf *out)
{
    (void)strbuf_add_text(out, "RET ");
    if (status_write(s, out) < 0 || strbuf_add_char(out, '\n') < 0)
        say_err(out, 503, "the answer is too large");
}

static void write_faults(struct jsonw *j, const struct config_faults *faults,
                         const char *otherwise)
{
    jsonw_key(j, "faults");
    jsonw_array(j);
    for (size_t i = 0; i < faults->n; i++) {
        struct strbuf line = {.max = 4096};

        if (config_fault_write(&faults->list[i], &line) == 0)
            jsonw_str(j, strbuf_str(&line));
        strbuf_fini(&line);
    }
    if (faults->n == 0)
        jsonw_cstr(j, otherwise);
    jsonw_array_end(j);
}

static void call_reload(struct supervisor *s, struct strbuf *out)
{
    struct strbuf diff = {.max = DIFF_MAX};
    struct config_faults faults = {0};
    struct err e = {0};
    int rc = reload_told(s, &diff, &faults, &e);
    struct jsonw j = jsonw_to(out);

    if (rc == -EBUSY && s->is_draining) {
        say_err(out, 503, e.text);
    } else {
        (void)strbuf_add_text(out, "RET ");
        jsonw_object(&j);
        jsonw_member_bool(&j, "ok", rc == 0);
        if (rc == 0)
            jsonw_member_str(&j, "diff", strbuf_str(&diff));
        else
            write_faults(&j, &faults, e.text);
        jsonw_object_end(&j);
        if (j.rc < 0 || strbuf_add_char(out, '\n') < 0)
            say_err(out, 503, "done, but the answer is too large");
    }
    strbuf_fini(&diff);
    config_faults_fini(&faults);
}

static const struct {
    struct str method;
    void (*answer)(struct supervisor *s, struct strbuf *out);
} calls[] = {
    {STR_INIT("status"), call_status},
    {STR_INIT("reload"), call_reload},
};

void answer_line(void *ctx, struct str line, struct strbuf *out)
{
    struct str rest = line, verb = str_cut(&rest, ' '), method = str_cut(&rest, ' ');

    if (!str_eq(verb, STR("CALL")) || method.n == 0) {
        say_err(out, 400, "this socket takes: CALL <method> <json>");
        return;
    }
    if (rest.p != NULL && json_scan(rest, NULL, 0, NULL, NULL) < 0) {
        say_err(out, 422, "the argument is not a JSON object");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        if (str_eq(method, calls[i].method)) {
            calls[i].answer(ctx, out);
            return;
        }
    say_err(out, 404, "no such method; there are status and reload");
}
