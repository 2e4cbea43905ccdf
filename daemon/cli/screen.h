/* screen.h - the whole terminal for one program, and back as it was on every way out */
#ifndef NEWSMQ_CLI_SCREEN_H
#define NEWSMQ_CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether standard input and output are a terminal that can be drawn on. */
bool screen_is_possible(void);

/* Takes the terminal: another screen, keys as they come, no cursor. Signals that end the
   program, exit() and faults give it back; after Ctrl-Z and fg it is taken again. */
bool screen_open(void);
void screen_close(void);

void screen_size(unsigned *ret_columns, unsigned *ret_lines);

/* Keys that are not letters. */
enum {
    KEY_NONE = 0,
    KEY_UP = 0x110000,
    KEY_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_ESCAPE,
    KEY_ENTER,
    KEY_BACKSPACE,
    KEY_REDRAW, /* the size is another, or the terminal was away */
    KEY_CLOSED, /* nobody types any more */
};

/* Waits for a key up to timeout_ms: a code point, one of the above, or KEY_NONE. */
int screen_key(int timeout_ms);

/* Shows text, whose lines end in \n and fit, from the top; what was below is erased. */
void screen_draw(const char *text, size_t n);

#endif
