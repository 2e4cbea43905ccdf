#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../lib/base/log_private.h"

static void fields_are_read_out_of_a_line(void **state)
{
    static const struct {
        const char *pairs, *expected;
    } rows[] = {
        {"", ""},
        {"feed=bbc status=200", "feed|bbc;status|200;"},
        {"feed=bbc cause='it broke off'", "feed|bbc;cause|it broke off;"},
        {"cause='feed 'a': x' next_s=5", "cause|feed 'a': x;next_s|5;"},
        {"cause='is not closed", "cause|is not closed;"},
        {"cause='' n=1", "cause|;n|1;"},
        {"… and more", ""},
        {"path=/a=b word n=2", "path|/a=b;n|2;"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf got = {.max = 1000};
        struct str rest = str_of(rows[i].pairs);
        struct log_field f;

        while (log_next_field(&rest, &f))
            assert_int_equal(strbuf_addf(&got, STR_FMT "|" STR_FMT ";", STR_ARG(f.key),
                                         STR_ARG(f.value)),
                             0);
        assert_string_equal(strbuf_cstr(&got), rows[i].expected);
        strbuf_fini(&got);
    }
}

/* ---- the journal ---- */

static int listen_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    assert_true(strlen(path) < sizeof at.sun_path);
    memcpy(at.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void the_journal_gets_fields(void **state)
{
    char dir[] = "/tmp/nmq-log-XXXXXX", path[64], got[1000];
    int fd;
    ssize_t n;

    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/socket", dir);
    fd = listen_at(path);

    assert_true(log_to_journal(path, "newsmq-fetch", LOG_LEVEL_WARN, "feed fails",
                               STR("feed=bbc cause='timed out' next_s=60")));
    n = recv(fd, got, sizeof got - 1, 0);

    assert_true(n > 0);
    got[n] = '\0';
    assert_string_equal(got,
                        "PRIORITY=4\nSYSLOG_IDENTIFIER=newsmq-fetch\n"
                        "MESSAGE=feed fails: feed=bbc cause='timed out' next_s=60\n"
                        "NEWSMQ_FEED=bbc\nNEWSMQ_CAUSE=timed out\nNEWSMQ_NEXT_S=60\n");
    close(fd);
    unlink(path);
    assert_false(log_to_journal(path, "x", LOG_LEVEL_INFO, "nobody is there", STR("")));
    rmdir(dir);
}

static void the_journal_is_known_by_its_stream(void **state)
{
    char text[64];
    struct stat st;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fstat(fds[1], &st), 0);
    (void)snprintf(text, sizeof text, "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino);
    unsetenv("JOURNAL_STREAM");
    assert_false(log_is_journal_behind(fds[1]));
    setenv("JOURNAL_STREAM", "8:1", 1);
    assert_false(log_is_journal_behind(fds[1]));
    setenv("JOURNAL_STREAM", text, 1);
    assert_true(log_is_journal_behind(fds[1]));
    unsetenv("JOURNAL_STREAM");
    close(fds[0]);
    close(fds[1]);
}

/* ---- limits ---- */

static bool says(struct log_limit *l, const char *message, const char *pairs,
                 int64_t now_ms)
{
    return log_limit_takes(l, LOG_LEVEL_WARN, message, str_of(pairs), now_ms);
}

static void a_feed_that_repeats_itself_is_counted(void **state)
{
    static struct log_limit l;
    const struct log_kind *k;
    uint64_t n = 0;

    (void)state;
    for (int i = 0; i < LOG_BURST; i++)
        assert_true(says(&l, "feed fails", "feed=a cause='x'", 1000 + i));
    for (int i = 0; i < 7; i++)
        assert_false(says(&l, "feed fails", "n=1 feed=a cause='y'", 2000 + i));

    assert_true(says(&l, "feed fails", "feed=b", 3000));
    assert_true(says(&l, "feed has moved", "feed=a", 3000));
    assert_null(log_limit_due(&l, 4000, false, &n));
    k = log_limit_due(&l, 1000 + LOG_EVERY_MS, false, &n);
    assert_non_null(k);
    assert_string_equal(k->text, "feed fails: feed=a");
    assert_int_equal(n, 7);
    assert_null(log_limit_due(&l, 1000 + LOG_EVERY_MS, true, &n));
    assert_true(says(&l, "feed fails", "feed=a", 1000 + LOG_EVERY_MS));
    assert_false(says(&l, "feed fails", "feed=a", 1001 + LOG_EVERY_MS));
}

static void what_is_no_trouble_or_about_no_feed_is_not_limited(void **state)
{
    static struct log_limit l;

    (void)state;
    for (int i = 0; i < 3 * LOG_BURST; i++) {
        assert_true(log_limit_takes(&l, LOG_LEVEL_INFO, "fetched", STR("feed=a"), 1000));
        assert_true(says(&l, "the hub is away", "cause='x'", 1000));
    }
}

static void more_kinds_than_there_is_room_for_are_let_through(void **state)
{
    static struct log_limit l;
    char pairs[64];
    uint64_t n = 0, told = 0;

    (void)state;
    for (int feed = 0; feed < 500; feed++)
        for (int i = 0; i < LOG_BURST + 1; i++) {
            (void)snprintf(pairs, sizeof pairs, "feed=f%d", feed);
            (void)says(&l, "feed fails", pairs, 1000);
        }
    while (log_limit_due(&l, 1000, true, &n) != NULL)
        told += n;
    assert_int_equal(told, ARRAY_LEN(l.kinds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_out_of_a_line),
        cmocka_unit_test(the_journal_gets_fields),
        cmocka_unit_test(the_journal_is_known_by_its_stream),
        cmocka_unit_test(a_feed_that_repeats_itself_is_counted),
        cmocka_unit_test(what_is_no_trouble_or_about_no_feed_is_not_limited),
        cmocka_unit_test(more_kinds_than_there_is_room_for_are_let_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
