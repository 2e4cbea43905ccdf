#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../daemon/http/gate.h"

static void only_loopback_and_named_hosts_are_known(void **state)
{
    static char name[] = "news.example.org";
    char *hosts[] = {name};
    static const struct {
        const char *header;
        bool is_known;
    } rows[] = {
        {"localhost", true},
        {"LOCALHOST:1", true},
        {"127.0.0.1:8787", true},
        {"127.255.0.9", true},
        {"[::1]", true},
        {"[::1]:8787", true},
        {"news.example.org", true},
        {"news.example.org.:443", true},
        {" NEWS.example.org ", true},
        {"", false},
        {":80", false},
        {".", false},
        {"localhost:", false},
        {"localhost:http", false},
        {"localhost:65536", false},
        {"localhost.evil.example", false},
        {"127.0.0.1.evil.example", false},
        {"8.8.8.8", false},
        {"0.0.0.0", false},
        {"[::]", false},
        {"[::1", false},
        {"[::1]x", false},
        {"[2001:db8::1]", false},
        {"example.org", false},
        {"xnews.example.org", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (gate_knows_host(str_of(rows[i].header), hosts, 1) != rows[i].is_known)
            fail_msg("%s", rows[i].header);
}

static void requests_are_counted_by_address_and_second(void **state)
{
    struct gate g = {0};
    struct mono now = {1000000000};
    struct address a = {{1}}, b = {{2}};

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(gate_admits(&g, &a, 3, now));
    assert_false(gate_admits(&g, &a, 3, now));
    assert_true(gate_admits(&g, &b, 3, now));
    assert_true(gate_admits(&g, &a, 3, mono_add_ms(now, 1000)));
}

static void more_addresses_than_seats_share_the_last(void **state)
{
    struct gate g = {0};
    struct mono now = {1000000000};

    (void)state;
    for (unsigned i = 0; i < GATE_ADDRESSES; i++)
        assert_true(gate_admits(&g, &(struct address){{1, (uint8_t)i}}, 1, now));
    assert_false(gate_admits(&g, &(struct address){{9, 9}}, 1, now));
    assert_false(gate_admits(&g, &(struct address){{1, 0}}, 1, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_loopback_and_named_hosts_are_known),
        cmocka_unit_test(requests_are_counted_by_address_and_second),
        cmocka_unit_test(more_addresses_than_seats_share_the_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
