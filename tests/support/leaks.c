/* leaks.c - leaks that are not ours, for LeakSanitizer; part of each program that is
   built with it, since behind their walls they read no file of suppressions.

   libzmq's own thread now and then leaves a small block when a connection ends in the
   middle of traffic; it looks like zeromq/libzmq issue 2602, though that is not proved.
   It hides a message that a program forgets to close, too. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libzmq.so\n";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
