/* A byte order mark or zero bytes are certain. Then the HTTP header, then the XML
   declaration (RFC 7303 §3). Either may be wrong, so text that is valid UTF-8 is taken
   for UTF-8 whatever the label says: no other encoding looks like it by chance. */
#include <stdio.h>
#include <strings.h>

#include "charset.h"

static void set_name(char out[CHARSET_NAME_MAX], struct str label)
{
    size_t n = 0;

    for (size_t i = 0; i < label.n && n + 1 < CHARSET_NAME_MAX; i++) {
        char c = label.p[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
            c == ':' || c == '.')
            out[n++] = c;
    }
    out[n] = '\0';
}

struct mark {
    struct str bytes;
    const char *name;
    bool is_bom;
};

static bool find_mark(struct str head, struct charset *ret)
{
    static const struct mark marks[] = {
        {STR_INIT("\xEF\xBB\xBF"), "utf-8", true},
        {STR_INIT("\0\0\xFE\xFF"), "utf-32be", true},
        {STR_INIT("\xFF\xFE\0\0"), "utf-32le", true},
        {STR_INIT("\xFE\xFF"), "utf-16be", true},
        {STR_INIT("\xFF\xFE"), "utf-16le", true},
        {STR_INIT("\0\0\0<"), "utf-32be", false},
        {STR_INIT("<\0\0\0"), "utf-32le", false},
        {STR_INIT("\0<\0"), "utf-16be", false},
        {STR_INIT("<\0"), "utf-16le", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (!str_has_prefix(head, marks[i].bytes))
            continue;
        set_name(ret->name, str_of(marks[i].name));
        ret->bom_bytes = marks[i].is_bom ? marks[i].bytes.n : 0;
        ret->is_certain = true;
        ret->may_be_utf8 = ret->bom_bytes == 3;
        return true;
    }
    return false;
}

/* charset=… of a Content-Type, encoding="…" of a declaration. */
static struct str value_after(struct str text, struct str key)
{
    for (size_t at = 0; at + key.n < text.n; at++) {
        struct str rest = str_slice(text, at, text.n);
        size_t end = 0;

        if (!str_has_prefix_nocase(rest, key))
            continue;
        rest = str_trim(str_slice(rest, key.n, rest.n));
        if (rest.n == 0 || rest.p[0] != '=')
            continue;
        rest = str_trim(str_slice(rest, 1, rest.n));
        while (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\''))
            rest = str_slice(rest, 1, rest.n);
        while (end < rest.n && strchr("\"';> \t\r\n?,", rest.p[end]) == NULL)
            end++;
        return str_slice(rest, 0, end);
    }
    return (struct str){NULL, 0};
}

static struct str declared(struct str head)
{
    size_t from = str_find(head, STR("<?xml"), 0), to;

    if (from == SIZE_MAX)
        return (struct str){NULL, 0};
    to = str_find(head, STR("?>"), from);
    return value_after(str_slice(head, from, to == SIZE_MAX ? head.n : to),
                       STR("encoding"));
}

struct alias {
    const char *name, *iconv;
};

/* As browsers take them (WHATWG Encoding): the labels mean the larger Windows sets. */
static const struct alias aliases[] = {
    {"utf-8", "UTF-8"},        {"utf8", "UTF-8"},
    {"us-ascii", "CP1252"},    {"ascii", "CP1252"},
    {"iso-8859-1", "CP1252"},  {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},  {"latin1", "CP1252"},
    {"latin-1", "CP1252"},     {"windows-1252", "CP1252"},
    {"iso-8859-9", "CP1254"},  {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},      {"gb2312", "GB18030"},
    {"gbk", "GB18030"},        {"x-gbk", "GB18030"},
    {"gb_2312-80", "GB18030"}, {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},    {"euc-kr", "UHC"},
    {"ks_c_5601-1987", "UHC"}, {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},    {"x-sjis", "CP932"},
    {"sjis", "CP932"},         {"x-mac-roman", "MACINTOSH"},
};

const char *charset_iconv_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcmp(aliases[i].name, name) == 0)
            return aliases[i].iconv;
    return name[0] != '\0' ? name : NULL;
}

/* Bytes that begin like ASCII are in none of these, whatever a label says. */
static bool is_impossible(const char *name)
{
    return strncmp(name, "utf-16", 6) == 0 || strncmp(name, "utf-32", 6) == 0 ||
           strncmp(name, "utf16", 5) == 0 || strncmp(name, "ucs-2", 5) == 0 ||
           strncmp(name, "ucs-4", 5) == 0 || strncmp(name, "iso-10646", 9) == 0 ||
           strncmp(name, "utf-7", 5) == 0;
}

void charset_find(struct str head, struct str content_type, struct charset *ret)
{
    char http[CHARSET_NAME_MAX], xml[CHARSET_NAME_MAX];

    *ret = (struct charset){.may_be_utf8 = true};
    if (find_mark(head, ret))
        return;
    set_name(http, value_after(content_type, STR("charset")));
    set_name(xml, declared(head));
    if (is_impossible(http))
        http[0] = '\0';
    if (is_impossible(xml))
        xml[0] = '\0';
    if (http[0] == '\0')
        (void)snprintf(http, sizeof http, "%s", xml[0] != '\0' ? xml : "utf-8");
    (void)snprintf(ret->name, sizeof ret->name, "%s", http);
    if (strcmp(charset_iconv_name(http), "UTF-8") != 0)
        (void)snprintf(ret->fallback, sizeof ret->fallback, "%s", http);
    else if (xml[0] != '\0' && strcmp(charset_iconv_name(xml), "UTF-8") != 0)
        (void)snprintf(ret->fallback, sizeof ret->fallback, "%s", xml);
    if (strcmp(charset_iconv_name(ret->name), "GB18030") == 0)
        set_name(ret->name, STR("gb18030"));
}
