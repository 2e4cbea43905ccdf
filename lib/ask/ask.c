#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "newsmq/ask.h"
#include "newsmq/bus.h"
#include "newsmq/date.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#define HUB_MS        5000
#define SUPERVISOR_MS 60000 /* a reload may have to read a lot */
#define ANSWER_MAX    ((size_t)256 << 20)

static int read_json(const char *who, struct str text, json_t **ret, struct err *e)
{
    json_error_t fault;
    json_t *json = json_loadb(text.p, text.n, 0, &fault);

    if (json_is_object(json)) {
        *ret = json;
        return 0;
    }
    json_decref(json);
    return err_set(e, ERR_FORMAT, "%s answers something else than a JSON object", who);
}

int ask_hub(const struct config *c, const char *method, const char *json, json_t **ret,
            struct err *e)
{
    char *text = NULL;
    int rc = bus_call(&c->bus, method, json, HUB_MS, &text, e);

    if (rc == ERR_CLOSED) /* ask_tell says what helps */
        err_set(e, rc, "no hub listens at %s", c->bus.control.list[0]);
    if (rc == 0)
        rc = read_json("the hub", str_of(text), ret, e);
    free(text);
    return rc;
}

/* ---- newsmqd ---- */

static int connect_to(const char *path, int timeout_ms, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval limit = {timeout_ms / 1000, (suseconds_t)(timeout_ms % 1000) * 1000};
    int fd;

    if (strlen(path) >= sizeof at.sun_path)
        return err_set(e, ERR_CLOSED, "%s: too long a path for a local socket", path);
    memcpy(at.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(e, -errno, "cannot make a socket: %s", strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    if (errno == ENOENT || errno == ECONNREFUSED)
        err_set(e, ERR_CLOSED, "no newsmqd listens at %s", path);
    else
        err_set(e, -errno, "%s: %s", path, strerror(errno));
    close(fd);
    return e->code;
}

/* Up to the end of the line. */
static int read_line(int fd, int timeout_ms, struct strbuf *out, struct err *e)
{
    for (;;) {
        char chunk[16384];
        ssize_t n = read(fd, chunk, sizeof chunk);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return err_set(e, -ETIMEDOUT, "newsmqd has not answered within %d ms",
                           timeout_ms);
        if (n <= 0)
            return err_set(e, ERR_CLOSED, "newsmqd ended before it answered");
        if (strbuf_add(out, (struct str){chunk, (size_t)n}) < 0)
            return err_set(e, ERR_LIMIT, "newsmqd's answer is too large");
        if (out->p[out->n - 1] == '\n')
            return 0;
    }
}

static int read_answer(struct str line, json_t **ret, struct err *e)
{
    struct str rest = str_trim(line), verb = str_cut(&rest, ' ');
    uint64_t code = 0;

    if (str_eq(verb, STR("RET")) && rest.p != NULL)
        return read_json("newsmqd", rest, ret, e);
    (void)str_to_u64(str_cut(&rest, ' '), &code); /* else 0: something else */
    return err_set(e, code == 503 ? ERR_LATER : ERR_FORMAT, STR_FMT,
                   STR_ARG(str_head(rest, 300)));
}

int ask_supervisor_within(const char *dir, const char *method, int timeout_ms,
                          json_t **ret, struct err *e)
{
    char *path = mem_printf("%s/newsmqd.sock", dir);
    char *line = mem_printf("CALL %s {}\n", method);
    struct strbuf answer = {.max = ANSWER_MAX};
    int fd = connect_to(path, timeout_ms, e), rc = fd;

    if (fd >= 0) {
        rc = os_write_all(fd, str_of(line), e);
        if (rc == 0)
            rc = read_line(fd, timeout_ms, &answer, e);
        if (rc == 0)
            rc = read_answer(strbuf_str(&answer), ret, e);
        close(fd);
    }
    strbuf_fini(&answer);
    free(line);
    free(path);
    return rc;
}

int ask_supervisor(const char *dir, const char *method, json_t **ret, struct err *e)
{
    return ask_supervisor_within(dir, method, SUPERVISOR_MS, ret, e);
}

/* ---- reading answers ---- */

struct str ask_text(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);

    if (!json_is_string(v))
        return STR("");
    return (struct str){json_string_value(v), json_string_length(v)};
}

int64_t ask_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

int64_t ask_time(const json_t *object, const char *name)
{
    struct date d = date_read(ask_text(object, name));

    return d.known ? d.ms : 0;
}

bool ask_is_well(const json_t *newsmqd, const json_t *hub)
{
    return hub != NULL &&
           (newsmqd == NULL || str_eq(ask_text(newsmqd, "state"), STR("green"))) &&
           json_is_true(json_object_get(hub, "accounts_ok")) &&
           ask_text(hub, "holding").n == 0 && ask_text(hub, "full").n == 0 &&
           !json_is_true(json_object_get(hub, "draining"));
}
