/* term.h - writing for people: colour where it helps, nothing a stranger chose raw */
#ifndef NEWSMQ_CLI_TERM_H
#define NEWSMQ_CLI_TERM_H

#include <stdio.h>

#include "newsmq/str.h"
#include "newsmq/words.h"

enum colour {
    COLOUR_PLAIN,
    COLOUR_BOLD,
    COLOUR_DIM,
    COLOUR_RED,
    COLOUR_GREEN,
    COLOUR_YELLOW,
    COLOUR_BLUE,
    COLOUR_MAGENTA,
    COLOUR_CYAN,
};

/* Colour goes to a terminal only, and never when NO_COLOR is set or TERM is dumb. */
bool term_has_colour(FILE *to);
unsigned term_width(FILE *to); /* columns; 80 when it is no terminal */

/* Turns a colour on, COLOUR_PLAIN turns all off. Nothing when colour is false. */
void term_colour(FILE *to, bool colour, enum colour c);

/* Text from strangers: control characters, bidirectional overrides and bad UTF-8 are
   replaced, line breaks become spaces unless keep_lines, at most max columns (0: all; a
   code point counts as one) with "…" where cut. Answers the columns written. */
size_t term_text(FILE *to, struct str s, size_t max, bool keep_lines);

/* term_text in exactly width columns, cut or padded. */
void term_cell(FILE *to, struct str s, size_t width);

#endif
