#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "newsmq/startup.h"
#include "newsmq/str.h"

#include "words.h"

static const struct {
    int code;
    const char *text;
} codes[] = {
    {0, "it ended in order"},
    {EX_USAGE, "it was called wrongly"},
    {EX_DATAERR, "its data is damaged"},
    {EX_NOINPUT, "a file is missing"},
    {EX_UNAVAILABLE, "something that it needs is not there"},
    {EX_SOFTWARE, "an internal fault"},
    {EX_OSERR, "the system refused something"},
    {EX_OSFILE, "a system file is missing"},
    {EX_CANTCREAT, "a file cannot be created"},
    {EX_IOERR, "a file cannot be read or written"},
    {EX_TEMPFAIL, "something took too long"},
    {EX_NOPERM, "not permitted"},
    {EX_CONFIG, "the configuration is bad"},
    {EXIT_ANEW, "it wants to begin anew with another sandbox"},
    {127, "it cannot be run"},
};

const char *exit_words(int status, char buf[EXIT_WORDS_MAX])
{
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));

        if (name != NULL)
            (void)snprintf(buf, EXIT_WORDS_MAX, "killed by SIG%s%s", name,
                           WCOREDUMP(status) ? " (core dumped)" : "");
        else
            (void)snprintf(buf, EXIT_WORDS_MAX, "killed by signal %d", WTERMSIG(status));
        return buf;
    }
    (void)snprintf(buf, EXIT_WORDS_MAX, "exit %d", WEXITSTATUS(status));
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i].code == WEXITSTATUS(status))
            (void)snprintf(buf, EXIT_WORDS_MAX, "exit %d: %s", codes[i].code,
                           codes[i].text);
    return buf;
}
