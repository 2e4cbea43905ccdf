/* decode.h - any encoding to UTF-8, as the bytes arrive */
#ifndef NEWSMQ_PARSE_DECODE_H
#define NEWSMQ_PARSE_DECODE_H

#include <iconv.h>

#include "charset.h"

#define DECODE_DECIDE_BYTES 256 /* looked at before a label is believed or not */

struct decode {
    struct charset charset;
    enum { DECODE_UNDECIDED, DECODE_UTF8, DECODE_ICONV } how;
    iconv_t cd;
    struct strbuf in; /* held back: an undecided run, a cut character */
    struct strbuf out;
    char said[CHARSET_NAME_MAX]; /* the label that was believed at first */
    bool saw_non_ascii;          /* anything beyond ASCII so far */
    bool was_wrong;              /* the label did not fit the bytes */
    bool had_bad_bytes;          /* of no character in the encoding used */
};

void decode_init(struct decode *d, const struct charset *charset);
void decode_fini(struct decode *d);

uint32_t windows_1252(unsigned char c); /* the code point */

/* The next bytes as UTF-8 that ends between characters; a slice of bytes or of *d, valid
   until the next call. is_last: nothing is held back. */
struct str decode_push(struct decode *d, struct str bytes, bool is_last);

#endif
