#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "newsmq/address.h"

static const struct {
    const char *address;
    enum address_kind kind;
} kinds[] = {
    /* IPv4, both ends of each block and their neighbours */
    {"0.0.0.0", ADDRESS_UNSPECIFIED},
    {"0.255.255.255", ADDRESS_UNSPECIFIED},
    {"1.0.0.0", ADDRESS_PUBLIC},
    {"8.8.8.8", ADDRESS_PUBLIC},
    {"9.255.255.255", ADDRESS_PUBLIC},
    {"10.0.0.0", ADDRESS_PRIVATE},
    {"10.255.255.255", ADDRESS_PRIVATE},
    {"11.0.0.0", ADDRESS_PUBLIC},
    {"100.63.255.255", ADDRESS_PUBLIC},
    {"100.64.0.0", ADDRESS_SHARED},
    {"100.127.255.255", ADDRESS_SHARED},
    {"100.128.0.0", ADDRESS_PUBLIC},
    {"126.255.255.255", ADDRESS_PUBLIC},
    {"127.0.0.0", ADDRESS_LOOPBACK},
    {"127.0.0.1", ADDRESS_LOOPBACK},
    {"127.255.255.255", ADDRESS_LOOPBACK},
    {"128.0.0.0", ADDRESS_PUBLIC},
    {"169.253.255.255", ADDRESS_PUBLIC},
    {"169.254.0.0", ADDRESS_LINK_LOCAL},
    {"169.254.169.254", ADDRESS_LINK_LOCAL},
    {"169.255.0.0", ADDRESS_PUBLIC},
    {"172.15.255.255", ADDRESS_PUBLIC},
    {"172.16.0.0", ADDRESS_PRIVATE},
    {"172.31.255.255", ADDRESS_PRIVATE},
    {"172.32.0.0", ADDRESS_PUBLIC},
    {"192.0.0.0", ADDRESS_RESERVED},
    {"192.0.0.9", ADDRESS_PUBLIC},
    {"192.0.0.10", ADDRESS_PUBLIC},
    {"192.0.0.170", ADDRESS_RESERVED},
    {"192.0.1.0", ADDRESS_PUBLIC},
    {"192.0.2.1", ADDRESS_DOCUMENTATION},
    {"192.0.3.0", ADDRESS_PUBLIC},
    {"192.88.98.255", ADDRESS_PUBLIC},
    {"192.88.99.1", ADDRESS_RESERVED},
    {"192.167.255.255", ADDRESS_PUBLIC},
    {"192.168.0.0", ADDRESS_PRIVATE},
    {"192.168.255.255", ADDRESS_PRIVATE},
    {"192.169.0.0", ADDRESS_PUBLIC},
    {"198.17.255.255", ADDRESS_PUBLIC},
    {"198.18.0.0", ADDRESS_BENCHMARK},
    {"198.19.255.255", ADDRESS_BENCHMARK},
    {"198.20.0.0", ADDRESS_PUBLIC},
    {"198.51.100.7", ADDRESS_DOCUMENTATION},
    {"203.0.113.7", ADDRESS_DOCUMENTATION},
    {"203.0.114.0", ADDRESS_PUBLIC},
    {"223.255.255.255", ADDRESS_PUBLIC},
    {"224.0.0.1", ADDRESS_MULTICAST},
    {"239.255.255.255", ADDRESS_MULTICAST},
    {"240.0.0.0", ADDRESS_RESERVED},
    {"255.255.255.254", ADDRESS_RESERVED},
    {"255.255.255.255", ADDRESS_BROADCAST},
    /* IPv6 */
    {"::", ADDRESS_UNSPECIFIED},
    {"::1", ADDRESS_LOOPBACK},
    {"[::1]", ADDRESS_LOOPBACK},
    {"::2", ADDRESS_UNSPECIFIED}, /* compatible: 0.0.0.2 */
    {"2606:4700:4700::1111", ADDRESS_PUBLIC},
    {"2a00:1450:4001:81b::200e", ADDRESS_PUBLIC},
    {"2001:4860:4860::8888", ADDRESS_PUBLIC},
    {"2001:200::1", ADDRESS_PUBLIC},
    {"fc00::1", ADDRESS_UNIQUE},
    {"fd12:3456:789a::1", ADDRESS_UNIQUE},
    {"fe80::1", ADDRESS_LINK_LOCAL},
    {"fe80::1%eth0", ADDRESS_LINK_LOCAL},
    {"febf:ffff::1", ADDRESS_LINK_LOCAL},
    {"fec0::1", ADDRESS_SITE_LOCAL},
    {"feff::1", ADDRESS_SITE_LOCAL},
    {"ff02::1", ADDRESS_MULTICAST},
    {"ff0e::1", ADDRESS_MULTICAST},
    {"2001:db8::1", ADDRESS_DOCUMENTATION},
    {"3fff:fff::1", ADDRESS_DOCUMENTATION},
    {"3fff:1000::1", ADDRESS_PUBLIC},
    {"2001:2::1", ADDRESS_BENCHMARK},
    {"2001:2:1::1", ADDRESS_RESERVED},
    {"2001:10::1", ADDRESS_RESERVED},
    {"2001:20::1", ADDRESS_PUBLIC},
    {"2001:1::1", ADDRESS_PUBLIC},
    {"2001:1::9", ADDRESS_RESERVED},
    {"100::1", ADDRESS_RESERVED},
    {"5f00::1", ADDRESS_RESERVED},
    {"4000::1", ADDRESS_RESERVED},
    {"1fff::1", ADDRESS_RESERVED},
    {"fe00::1", ADDRESS_RESERVED},
    /* IPv4 inside IPv6 */
    {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:7f00:1", ADDRESS_LOOPBACK},
    {"::ffff:10.1.2.3", ADDRESS_PRIVATE},
    {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
    {"::ffff:0:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:0:8.8.8.8", ADDRESS_PUBLIC},
    {"::127.0.0.1", ADDRESS_LOOPBACK},
    {"::192.168.0.1", ADDRESS_PRIVATE},
    {"::8.8.8.8", ADDRESS_RESERVED},
    {"64:ff9b::127.0.0.1", ADDRESS_LOOPBACK},
    {"64:ff9b::10.0.0.1", ADDRESS_PRIVATE},
    {"64:ff9b::a9fe:a9fe", ADDRESS_LINK_LOCAL},
    {"64:ff9b::8.8.8.8", ADDRESS_PUBLIC},
    {"64:ff9b:1::8.8.8.8", ADDRESS_PUBLIC},
    {"64:ff9b:1::10.0.0.1", ADDRESS_PRIVATE},
    {"64:ff9b:1:808:8:800::", ADDRESS_PUBLIC},
    {"64:ff9b:1:7f00:0:100::", ADDRESS_LOOPBACK},
    {"64:ff9b:1:a00:0:100:808:808", ADDRESS_PRIVATE},
    {"64:ff9b:1::", ADDRESS_UNSPECIFIED},
    {"64:ff9b:2::1", ADDRESS_RESERVED},
    {"2002:7f00:1::", ADDRESS_LOOPBACK},
    {"2002:a00:1::1", ADDRESS_PRIVATE},
    {"2002:c0a8:101::1", ADDRESS_PRIVATE},
    {"2002:808:808::1", ADDRESS_PUBLIC},
    {"2001:0:4136:e378:8000:63bf:f7f7:f7f7", ADDRESS_PUBLIC},   /* client 8.8.8.8 */
    {"2001:0:4136:e378:8000:63bf:80ff:fffe", ADDRESS_LOOPBACK}, /* client 127.0.0.1 */
    {"2001:0:a00:1:8000:63bf:f7f7:f7f7", ADDRESS_PRIVATE},      /* server 10.0.0.1 */
};

static void each_address_is_of_its_kind(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct address a;
        enum address_kind k;

        assert_true(address_read(str_of(kinds[i].address), &a));
        k = address_kind_of(&a);
        if (k == kinds[i].kind)
            continue;
        fprintf(stderr, "%s: %s, not %s\n", kinds[i].address, address_kind_words(k),
                address_kind_words(kinds[i].kind));
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void what_is_no_address_is_told(void **state)
{
    static const char *const rows[] = {
        "",       "localhost", "1.2.3",   "1.2.3.4.5", "256.1.1.1",
        "0x7f.1", "::1::",     "12345::", "[::1",      "1.2.3.4 "};
    struct address a;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_false(address_read(str_of(rows[i]), &a));
    assert_false(address_read((struct str){"1.2.3.4\0x", 9}, &a));
}

static void ranges_hold_what_is_in_them(void **state)
{
    static const struct {
        const char *range, *address;
        bool in;
    } rows[] = {
        {"127.0.0.0/8", "127.255.0.1", true},
        {"127.0.0.0/8", "128.0.0.1", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.4", false},
        {"100.64.0.0/10", "100.127.0.0", true},
        {"100.64.0.0/10", "100.128.0.0", false},
        {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "1.2.3.4", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fc00::1", false},
        {"127.0.0.0/8", "::ffff:127.0.0.1", true},
        {"127.0.0.1/32", "127.0.0.1", true},
        {"::1", "::1", true},
        {"fe80::/10", "febf::1", true},
        {"192.168.0.0/31", "192.168.0.1", true},
        {"192.168.0.0/31", "192.168.0.2", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address_range r;
        struct address a;

        assert_true(address_range_read(str_of(rows[i].range), &r));
        assert_true(address_read(str_of(rows[i].address), &a));
        if (address_is_in(&a, &r) != rows[i].in)
            fprintf(stderr, "%s in %s\n", rows[i].address, rows[i].range);
        assert_int_equal(address_is_in(&a, &r), rows[i].in);
    }
}

static void a_range_with_bits_after_its_prefix_is_none(void **state)
{
    static const char *const rows[] = {"10.0.0.1/8", "10.0.0.0/33",   "10.0.0.0/",
                                       "/8",         "10.0.0.0/-1",   "10.0.0.0/8/8",
                                       "fd00::/129", "fd00::1/64",    "127.0.0.1/31",
                                       "any",        "127.0.0.0/8 x", ""};
    struct address_range r;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_false(address_range_read(str_of(rows[i]), &r));
}

static void addresses_are_written_as_people_write_them(void **state)
{
    static const char *const rows[] = {"127.0.0.1", "::1", "2001:db8::1", "fe80::1:2"};
    char out[ADDRESS_TEXT_MAX];
    struct address a;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(address_read(str_of(rows[i]), &a));
        assert_string_equal(address_write(&a, out), rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_address_is_of_its_kind),
        cmocka_unit_test(what_is_no_address_is_told),
        cmocka_unit_test(ranges_hold_what_is_in_them),
        cmocka_unit_test(a_range_with_bits_after_its_prefix_is_none),
        cmocka_unit_test(addresses_are_written_as_people_write_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
