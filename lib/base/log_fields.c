#include "log_private.h"

static bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* "key=" at the start of s; its length, or 0. */
static size_t key_at(struct str s)
{
    size_t n = 0;

    while (n < s.n && is_key_char(s.p[n]))
        n++;
    return n > 0 && n < s.n && s.p[n] == '=' ? n + 1 : 0;
}

/* Where the value that starts behind a quote ends: at a quote with nothing or another
   pair behind it. */
static size_t quoted_end(struct str s)
{
    size_t last = s.n;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\'')
            continue;
        last = i;
        if (i + 1 == s.n || (s.p[i + 1] == ' ' && key_at(str_slice(s, i + 2, s.n)) > 0))
            return i;
    }
    return last;
}

bool log_next_field(struct str *rest, struct log_field *ret)
{
    struct str s = str_trim(*rest);
    size_t key = key_at(s), end;

    while (s.n > 0 && key == 0) { /* a word that is no pair */
        (void)str_cut(&s, ' ');
        key = key_at(s);
    }
    if (s.n == 0)
        return false;
    ret->key = str_slice(s, 0, key - 1);
    s = str_slice(s, key, s.n);
    if (s.n > 0 && s.p[0] == '\'') {
        s = str_slice(s, 1, s.n);
        end = quoted_end(s);
    } else {
        end = str_find_char(s, ' ', 0);
        end = end == SIZE_MAX ? s.n : end;
    }
    ret->value = str_slice(s, 0, end);
    *rest = str_slice(s, end < s.n ? end + 1 : end, s.n);
    return true;
}
