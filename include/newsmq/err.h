/* err.h - what went wrong, in one line that an operator can act on */
#ifndef NEWSMQ_ERR_H
#define NEWSMQ_ERR_H

/* Codes are -errno where an errno fits; else one of these. */
enum {
    ERR_FORMAT = -10001, /* the bytes are not what they claim to be */
    ERR_LIMIT = -10002,  /* larger, deeper or more than is allowed */
    ERR_GONE = -10003,   /* was there once, is no longer kept */
    ERR_LATER = -10004,  /* not now: send the same again later */
    ERR_CONFIG = -10005, /* the configuration says something impossible */
    ERR_CLOSED = -10006, /* the other side is not there */
};

struct err {
    int code;
    char text[512];
};

/* Sets code and text (cut to fit) and returns the code. A NULL e only returns the code.
 */
int err_set(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " in front of the text and returns the code that is already there. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The name of a code of this file ("format", "limit", …) or strerror's text. */
const char *err_name(int code);

#endif
