/* newsmq-http - shows what newsmq does: a status page, /metrics, /api/ */
#include <sys/resource.h>
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "http/http.h"

/* Looking on waits for what is looked at. */
#define NICE 5

static const char help[] =
    "newsmq-http - shows what newsmq does: a status page, /metrics, /api/\n"
    "\n"
    "Usage: newsmq-http -c CONFIG\n"
    "\n"
    "  -c CONFIG    the configuration; of it feeds, http:, bus: and log: are used\n"
    "  --help       this text\n"
    "  --version    the version\n"
    "\n"
    "It reads and changes nothing: it asks the hub, follows the records, and keeps what\n"
    "it learns of the newest ones in memory. It listens where only this machine reaches\n"
    "it (http.listen); a web server in front of it can ask who is there.\n"
    "\n"
    "SIGTERM  ends\n"
    "SIGHUP   reads the configuration again: feeds and limits; where it listens counts\n"
    "         from its start\n"
    "\n"
    "newsmqd starts it, unless the configuration says `http: { listen: off }`.\n"
    "\n"
    "Exit status: 0 ended by a signal, or the page is off; 69 it cannot listen there; "
    "78\n"
    "the configuration is bad.\n"
    "\n"
    "Examples:\n"
    "  newsmq-http -c newsmq.yaml &\n"
    "  curl -s http://127.0.0.1:8787/healthz\n"
    "  curl -s http://127.0.0.1:8787/api/feeds | jq -r '.feeds[].feed'\n";

static void tell_fault(const struct err *e)
{
    struct strbuf status = {.max = 700};

    log_error("cannot start", "cause='%s'", e->text);
    (void)strbuf_addf(&status, "STATUS=%s", e->text); /* it fits */
    os_notify(strbuf_cstr(&status));
    strbuf_fini(&status);
}

static int run(const char *path)
{
    struct config *c = startup_config(path);
    struct startup_wall wall;
    struct http *h = NULL;
    struct err e = {0};

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-http", c->log.level, c->log.format);
    if (!config_has_http(c)) {
        log_info("nothing to do: http.listen is off", "path=%s", path);
        config_free(c);
        return EX_OK;
    }
    (void)setpriority(PRIO_PROCESS, 0, NICE); /* or as it was given */
    if (startup_wall_enter(&wall, c, SANDBOX_HTTP, &e) < 0)
        config_free(c);
    else
        (void)http_open(path, c, &h, &e); /* e.code tells */
    startup_wall_fini(&wall);
    if (e.code < 0) {
        tell_fault(&e);
        return e.code == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    os_notify("READY=1");
    http_run(h);
    os_notify("STOPPING=1");
    http_close(h);
    return EX_OK;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-http", .help = help};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path) : rc;
}
