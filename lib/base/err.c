#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "newsmq/err.h"

int err_set(struct err *e, int code, const char *fmt, ...)
{
    va_list ap;

    if (e == NULL)
        return code;
    e->code = code;
    va_start(ap, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap); /* cut to fit is what we promise */
    va_end(ap);
    return code;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    char inner[sizeof e->text];
    va_list ap;
    int n;

    if (e == NULL)
        return ERR_FORMAT;
    memcpy(inner, e->text, sizeof inner);
    va_start(ap, fmt);
    n = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n + 2 < sizeof e->text) {
        size_t at = (size_t)n + 2, room = sizeof e->text - 1 - at;
        size_t len = strnlen(inner, room);

        memcpy(e->text + n, ": ", 2);
        memcpy(e->text + at, inner, len);
        e->text[at + len] = '\0';
    }
    return e->code;
}

const char *err_name(int code)
{
    switch (code) {
    case ERR_FORMAT:
        return "format";
    case ERR_LIMIT:
        return "limit";
    case ERR_GONE:
        return "gone";
    case ERR_LATER:
        return "later";
    case ERR_CONFIG:
        return "configuration";
    case ERR_CLOSED:
        return "closed";
    default:
        return strerror(-code);
    }
}
