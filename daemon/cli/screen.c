/* The terminal is one thing of the whole process, and signal handlers must find it: so
   this file has state of its own. What handlers call is safe in them (signal-safety(7)).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "newsmq/os.h"
#include "newsmq/text.h"

#include "screen.h"

/* Another screen, no cursor, no wrapping; and back. */
#define TAKE "\033[?1049h\033[?25l\033[?7l\033[2J"
#define GIVE "\033[?7h\033[?25h\033[?1049l"

static struct termios before;
static volatile sig_atomic_t is_taken, was_resized, was_stopped;
static char keys[64];
static size_t n_keys;

static void put(const char *text, size_t n)
{
    while (n > 0) {
        ssize_t wrote = write(STDOUT_FILENO, text, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return; /* the terminal is gone; reading keys tells */
        text += wrote;
        n -= (size_t)wrote;
    }
}

static void give_back(void)
{
    if (!is_taken)
        return;
    is_taken = 0;
    put(GIVE, sizeof GIVE - 1);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &before); /* nothing is left to try */
}

static bool take(void)
{
    struct termios raw = before;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
        return false;
    is_taken = 1;
    put(TAKE, sizeof TAKE - 1);
    return true;
}

static void on_resize(int number)
{
    (void)number;
    was_resized = 1;
}

static void on_stop(int number)
{
    (void)number;
    was_stopped = 1;
}

/* A fault, or a signal that nobody waits for: as it would have ended without us. */
static void on_end(int number)
{
    give_back();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void set_handler(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    (void)sigemptyset(&action.sa_mask); /* these cannot fail */
    (void)sigaction(number, &action, NULL);
}

bool screen_is_possible(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && kind != NULL &&
           strcmp(kind, "dumb") != 0;
}

bool screen_open(void)
{
    static const int ends[] = {SIGQUIT, SIGSEGV, SIGBUS, SIGFPE,
                               SIGILL,  SIGABRT, SIGALRM};

    if (tcgetattr(STDIN_FILENO, &before) < 0 || !take())
        return false;
    (void)atexit(give_back);
    os_catch_signals();
    set_handler(SIGWINCH, on_resize);
    set_handler(SIGTSTP, on_stop);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        set_handler(ends[i], on_end);
    return true;
}

void screen_close(void)
{
    give_back();
}

void screen_size(unsigned *ret_columns, unsigned *ret_lines)
{
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 ||
        size.ws_row == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    *ret_columns = size.ws_col;
    *ret_lines = size.ws_row;
}

/* ---- keys ---- */

static const struct {
    const char *bytes;
    int key;
} sequences[] = {
    {"\033[A", KEY_UP},      {"\033OA", KEY_UP},       {"\033[B", KEY_DOWN},
    {"\033OB", KEY_DOWN},    {"\033[5~", KEY_PAGE_UP}, {"\033[6~", KEY_PAGE_DOWN},
    {"\033[H", KEY_HOME},    {"\033OH", KEY_HOME},     {"\033[1~", KEY_HOME},
    {"\033[F", KEY_END},     {"\033OF", KEY_END},      {"\033[4~", KEY_END},
    {"\177", KEY_BACKSPACE}, {"\b", KEY_BACKSPACE},    {"\r", KEY_ENTER},
    {"\n", KEY_ENTER},
};

static void drop_bytes(size_t n)
{
    n_keys -= n;
    memmove(keys, keys + n, n_keys);
}

/* The bytes of an escape sequence that means nothing to us. */
static size_t unknown_sequence(void)
{
    size_t n = 2;

    if (n_keys < 2 || (keys[1] != '[' && keys[1] != 'O'))
        return 1;
    while (n < n_keys && (keys[n] < '@' || keys[n] > '~'))
        n++;
    return n < n_keys ? n + 1 : n;
}

static int next_key(void)
{
    size_t n = 0;
    uint32_t cp;

    for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
        n = strlen(sequences[i].bytes);
        if (n_keys < n || memcmp(keys, sequences[i].bytes, n) != 0)
            continue;
        drop_bytes(n);
        return sequences[i].key;
    }
    if (keys[0] == '\033') {
        n = unknown_sequence();
        drop_bytes(n);
        return n == 1 ? KEY_ESCAPE : KEY_NONE;
    }
    cp = utf8_decode(keys, keys + n_keys, &n);
    drop_bytes(n);
    return (int)cp;
}

static void stop_and_come_back(void)
{
    sigset_t stop;

    give_back();
    set_handler(SIGTSTP, SIG_DFL);
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTSTP);
    (void)raise(SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &stop, NULL); /* here it stands until fg */
    set_handler(SIGTSTP, on_stop);
    (void)take(); /* without a terminal the next read tells */
}

int screen_key(int timeout_ms)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    ssize_t n;

    if (n_keys > 0)
        return next_key();
    if (was_stopped) {
        was_stopped = 0;
        stop_and_come_back();
        return KEY_REDRAW;
    }
    if (was_resized) {
        was_resized = 0;
        return KEY_REDRAW;
    }
    if (os_should_stop() || os_take_hangup())
        return KEY_CLOSED;
    if (poll(&in, 1, timeout_ms) <= 0)
        return KEY_NONE;
    n = read(STDIN_FILENO, keys, sizeof keys);
    if (n <= 0)
        return n < 0 && errno == EINTR ? KEY_NONE : KEY_CLOSED;
    n_keys = (size_t)n;
    return next_key();
}

void screen_draw(const char *text, size_t n)
{
    static const char home[] = "\033[H", rest[] = "\033[J", line[] = "\033[K\r\n";
    struct strbuf out = {.max = 1 << 20};
    struct str left = {text, n};

    (void)strbuf_add_text(&out, home); /* over the bound less is shown */
    while (left.p != NULL && left.n > 0) {
        struct str one = str_cut(&left, '\n');

        (void)strbuf_add(&out, one);
        (void)strbuf_add_text(&out, left.n > 0 ? line : "\033[K");
    }
    (void)strbuf_add_text(&out, rest);
    put(strbuf_cstr(&out), out.n);
    strbuf_fini(&out);
}
