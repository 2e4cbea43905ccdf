/* A peer whose key is refused at first, and allowed while it tries: what it asked for
   before holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <zmq.h>

#include "newsmq/cert.h"

#include "bus_kit.h"

static char folder[64];
static struct cert own;

static void save(const char *name, const struct cert *c, bool with_secret)
{
    char *path = mem_printf("%s/%s", folder, name);

    if (cert_save(path, c, with_secret, &err) < 0)
        fail_msg("%s", err.text);
    free(path);
}

static unsigned a_port(void)
{
    return 20000 + (unsigned)getpid() * 11 % 9000;
}

static int setup_keys(void **state)
{
    struct cert server = {.name = "hub"};
    char *clients, *more;

    (void)state;
    hub = (struct test_hub){0};
    (void)snprintf(folder, sizeof folder, "/tmp/nmq-keys-XXXXXX");
    assert_non_null(mkdtemp(folder));
    clients = mem_printf("%s/clients", folder);
    assert_int_equal(mkdir(clients, 0755), 0);
    own = (struct cert){.name = "me", .roles = 1U << ROLE_SUBSCRIBE | 1U << ROLE_WORK};
    assert_int_equal(zmq_curve_keypair(own.public_key, own.secret_key), 0);
    assert_int_equal(zmq_curve_keypair(server.public_key, server.secret_key), 0);
    save("me.key_secret", &own, true);
    save("hub.key_secret", &server, true);
    save("hub.key", &server, false);
    more = mem_printf("  publish: [ 'ipc://%s/pub.sock', 'tcp://127.0.0.1:%u' ]\n"
                      "  work: [ 'ipc://%s/work.sock', 'tcp://127.0.0.1:%u' ]\n"
                      "  curve: { loopback: true, server_key_file: %s/hub.key_secret, "
                      "clients_dir: %s, key_file: %s/me.key_secret, "
                      "server_public_file: %s/hub.key }\n",
                      folder, a_port(), folder, a_port() + 1, folder, clients, folder,
                      folder);
    test_hub_make(&hub, more);
    free(more);
    free(clients);
    return hub.config != NULL ? 0 : -1;
}

static int teardown_keys(void **state)
{
    char *command = mem_printf("rm -rf %s", folder);

    (void)state;
    test_hub_remove(&hub);
    if (system(command) != 0) /* a test's own folder */
        fprintf(stderr, "cannot remove %s\n", folder);
    free(command);
    return 0;
}

/* The second endpoint of each list, as somebody elsewhere would have it as the first. */
static struct bus *open_far(enum bus_role role, const char *name)
{
    struct bus_options o = {role, name, NULL};
    struct config_bus c = hub.config->bus;
    struct bus *b = NULL;

    c.publish = (struct config_endpoints){c.publish.list + 1, 1};
    c.work = (struct config_endpoints){c.work.list + 1, 1};
    if (bus_open(&c, &o, &b, &err) < 0)
        fail_msg("%s", err.text);
    return b;
}

static void hear_nothing(struct bus *b)
{
    struct bus_event ev;

    for (int i = 0; i < 10; i++)
        assert_int_equal(bus_next(b, 100, &ev, &err), 0);
}

static void allow_own(void)
{
    save("clients/me.key", &own, false);
    assert_int_equal(kill(hub.pid, SIGHUP), 0);
}

static void a_subscription_holds_through_a_refusal(void **state)
{
    struct bus *b = open_far(BUS_SUBSCRIBE, NULL);

    (void)state;
    assert_int_equal(bus_subscribe(b, "record/", &err), 0);
    hear_nothing(b);

    allow_own();

    expect(b, BUS_HEARTBEAT);
    bus_close(b);
}

static void a_worker_is_greeted_after_a_refusal(void **state)
{
    struct bus *b = open_far(BUS_WORK, "w"), *ingest = open_role(BUS_INGEST, NULL);
    struct bus_item item = {STR("aaaaaaaaaaaaaaaaaaaaaaaaaa"),
                            STR("{\"content_hash\":\"x\"}")};
    uint64_t batch;

    (void)state;
    assert_int_equal(bus_ready(b, 1, &err), 0);
    assert_int_equal(bus_put(ingest, STR("{\"feed\":\"a\"}"), &item, 1, &batch, &err), 0);
    expect(ingest, BUS_OK);
    hear_nothing(b);

    allow_own();

    assert_int_equal(expect(b, BUS_JOB).seq, 1);
    bus_close(b);
    bus_close(ingest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_subscription_holds_through_a_refusal,
                                        setup_keys, teardown_keys),
        cmocka_unit_test_setup_teardown(a_worker_is_greeted_after_a_refusal, setup_keys,
                                        teardown_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
