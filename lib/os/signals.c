#include <signal.h>
#include <stddef.h>

#include "newsmq/os.h"

static volatile sig_atomic_t stop, hangup;

static void on_stop(int sig)
{
    (void)sig;
    stop = 1;
}

static void on_hangup(int sig)
{
    (void)sig;
    hangup = 1;
}

void os_catch_signals(void)
{
    struct sigaction a = {.sa_handler = on_stop};

    (void)sigaction(SIGTERM, &a, NULL); /* cannot fail for these signals */
    (void)sigaction(SIGINT, &a, NULL);
    a.sa_handler = on_hangup;
    (void)sigaction(SIGHUP, &a, NULL);
    a.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &a, NULL);
}

void os_stop(void)
{
    stop = 1;
}

bool os_should_stop(void)
{
    return stop != 0;
}

bool os_take_hangup(void)
{
    bool was = hangup != 0;

    hangup = 0;
    return was;
}
