#include "text_private.h"

#define NAME_MAX_BYTES 10

/* Sorted: found by halving. */
static const struct tag {
    char name[NAME_MAX_BYTES + 1];
    unsigned char kind;
} tags[] = {
    {"a", TAG_INLINE},       {"abbr", TAG_INLINE},      {"acronym", TAG_INLINE},
    {"address", TAG_BLOCK},  {"area", TAG_VOID},        {"article", TAG_BLOCK},
    {"aside", TAG_BLOCK},    {"audio", TAG_DROP},       {"b", TAG_INLINE},
    {"base", TAG_VOID},      {"bdi", TAG_INLINE},       {"bdo", TAG_INLINE},
    {"big", TAG_INLINE},     {"blockquote", TAG_BLOCK}, {"body", TAG_BLOCK},
    {"br", TAG_BREAK},       {"button", TAG_INLINE},    {"canvas", TAG_DROP},
    {"caption", TAG_BLOCK},  {"center", TAG_BLOCK},     {"cite", TAG_INLINE},
    {"code", TAG_INLINE},    {"col", TAG_VOID},         {"colgroup", TAG_INLINE},
    {"dd", TAG_BLOCK},       {"del", TAG_INLINE},       {"details", TAG_BLOCK},
    {"dfn", TAG_INLINE},     {"dir", TAG_LIST},         {"div", TAG_BLOCK},
    {"dl", TAG_BLOCK},       {"dt", TAG_BLOCK},         {"em", TAG_INLINE},
    {"embed", TAG_VOID},     {"fieldset", TAG_BLOCK},   {"figcaption", TAG_BLOCK},
    {"figure", TAG_BLOCK},   {"font", TAG_INLINE},      {"footer", TAG_BLOCK},
    {"form", TAG_BLOCK},     {"frameset", TAG_DROP},    {"h1", TAG_BLOCK},
    {"h2", TAG_BLOCK},       {"h3", TAG_BLOCK},         {"h4", TAG_BLOCK},
    {"h5", TAG_BLOCK},       {"h6", TAG_BLOCK},         {"head", TAG_DROP},
    {"header", TAG_BLOCK},   {"hgroup", TAG_BLOCK},     {"hr", TAG_BLOCK},
    {"html", TAG_BLOCK},     {"i", TAG_INLINE},         {"iframe", TAG_RAW},
    {"img", TAG_VOID},       {"input", TAG_VOID},       {"ins", TAG_INLINE},
    {"kbd", TAG_INLINE},     {"label", TAG_INLINE},     {"legend", TAG_BLOCK},
    {"li", TAG_ITEM},        {"link", TAG_VOID},        {"main", TAG_BLOCK},
    {"map", TAG_INLINE},     {"mark", TAG_INLINE},      {"menu", TAG_LIST},
    {"meta", TAG_VOID},      {"nav", TAG_BLOCK},        {"nobr", TAG_INLINE},
    {"noembed", TAG_RAW},    {"noframes", TAG_RAW},     {"noscript", TAG_DROP},
    {"object", TAG_INLINE},  {"ol", TAG_LIST},          {"optgroup", TAG_BLOCK},
    {"option", TAG_WORD},    {"p", TAG_PARAGRAPH},      {"param", TAG_VOID},
    {"picture", TAG_INLINE}, {"pre", TAG_PRE},          {"q", TAG_INLINE},
    {"rp", TAG_INLINE},      {"rt", TAG_INLINE},        {"ruby", TAG_INLINE},
    {"s", TAG_INLINE},       {"samp", TAG_INLINE},      {"script", TAG_RAW},
    {"section", TAG_BLOCK},  {"select", TAG_INLINE},    {"small", TAG_INLINE},
    {"source", TAG_VOID},    {"span", TAG_INLINE},      {"strike", TAG_INLINE},
    {"strong", TAG_INLINE},  {"style", TAG_RAW},        {"sub", TAG_INLINE},
    {"summary", TAG_BLOCK},  {"sup", TAG_INLINE},       {"svg", TAG_DROP},
    {"table", TAG_BLOCK},    {"tbody", TAG_BLOCK},      {"td", TAG_CELL},
    {"template", TAG_DROP},  {"textarea", TAG_BLOCK},   {"tfoot", TAG_BLOCK},
    {"th", TAG_CELL},        {"thead", TAG_BLOCK},      {"time", TAG_INLINE},
    {"title", TAG_BLOCK},    {"tr", TAG_ROW},           {"track", TAG_VOID},
    {"tt", TAG_INLINE},      {"u", TAG_INLINE},         {"ul", TAG_LIST},
    {"var", TAG_INLINE},     {"video", TAG_DROP},       {"wbr", TAG_VOID},
};

enum tag_kind text_tag_kind(struct str name)
{
    size_t lo = 0, hi = ARRAY_LEN(tags);
    char lower[NAME_MAX_BYTES + 1] = "";

    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return TAG_UNKNOWN;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int cmp = strcmp(lower, tags[mid].name);

        if (cmp == 0)
            return (enum tag_kind)tags[mid].kind;
        if (cmp < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return TAG_UNKNOWN;
}
