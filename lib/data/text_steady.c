/* Feeds count: "12 comments", "Views: 3,412", "5 minutes ago". When only that changes,
   nobody wrote anything. Here such phrases become one mark each, links lose what tracks
   readers, white space is folded, and what is left is hashed: two texts of one hash are
   the same to a reader.

   Only phrases that stand for counting pages and clocks are in the tables. "votes",
   "points", "shares" and years are not: there a new number is news. */
#include "newsmq/hash.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "text_private.h"

#define WORD_MAX 24

struct scan {
    const char *p, *end;
    struct strbuf *out;
};

static const char *const counters[] = {
    "comment",     "comments",     "reply",       "replies",      "response",
    "responses",   "view",         "views",       "pageviews",    "like",
    "likes",       "retweet",      "retweets",    "reposts",      "favorites",
    "favourites",  "upvotes",      "downloads",   "kommentar",    "kommentare",
    "aufrufe",     "antworten",    "commentaire", "commentaires", "vues",
    "comentario",  "comentarios",  "comentário",  "comentários",  "visitas",
    "commento",    "commenti",     "reactie",     "reacties",     "kommentarer",
    "komentarz",   "komentarze",   "komentarzy",  "yorum",        "комментарий",
    "комментария", "комментариев", "просмотр",    "просмотра",    "просмотров",
    "коментар",    "коментарі",    "коментарів",
};

static const char *const units[] = {
    "s",       "sec",    "secs",     "second", "seconds", "m",      "min",
    "mins",    "minute", "minutes",  "h",      "hr",      "hrs",    "hour",
    "hours",   "d",      "day",      "days",   "week",    "weeks",  "sekunden",
    "minuten", "stunde", "stunden",  "tag",    "tagen",   "wochen", "secondes",
    "heure",   "heures", "jour",     "jours",  "semaine", "minuto", "minutos",
    "hora",    "horas",  "día",      "días",   "dia",     "dias",   "minuti",
    "ora",     "ore",    "giorno",   "giorni", "uur",     "dagen",  "minuter",
    "timmar",  "dagar",  "minutter", "timer",  "dage",    "minut",  "godzin",
    "godziny", "dni",    "минуту",   "минуты", "минут",   "час",    "часа",
    "часов",   "день",   "дня",      "дней",   "dakika",  "saat",   "gün",
};

static const char *const after[] = {"ago",  "fa",    "geleden", "sedan", "siden",
                                    "temu", "назад", "atrás",   "önce"};
static const char *const before[] = {"vor", "hace", "há", "ha"};

static const struct str joined[] = {
    STR_INIT("分钟前"), STR_INIT("分鐘前"),  STR_INIT("小时前"), STR_INIT("小時前"),
    STR_INIT("天前"),   STR_INIT("分前"),    STR_INIT("時間前"), STR_INIT("日前"),
    STR_INIT("분 전"),  STR_INIT("시간 전"), STR_INIT("일 전"),
};

#define IS_IN(word, list) is_in((word), (list), ARRAY_LEN(list))

static bool is_in(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static const char *skip_blanks(const char *p, const char *end)
{
    size_t n;

    while (p < end && (n = text_space(p, end)) > 0)
        p += n;
    return p;
}

/* "3,412", "1.2k"; p itself when there is none. */
static const char *skip_number(const char *p, const char *end)
{
    const char *from = p;

    while (p < end && (is_digit(*p) || ((*p == '.' || *p == ',') && p > from &&
                                        p + 1 < end && is_digit(p[1]))))
        p++;
    if (p > from && p < end && (*p == 'k' || *p == 'K' || *p == 'M') &&
        (p + 1 == end || !is_letter(p[1])))
        p++;
    return p;
}

/* The word at p in lower case; "" when there is none or it is too long for a table. */
static const char *take_word(const char *p, const char *end, char word[WORD_MAX])
{
    size_t n = 0;

    for (; p < end && is_letter(*p) && text_space(p, end) == 0; p++, n++)
        if (n < WORD_MAX - 1)
            word[n] = *p >= 'A' && *p <= 'Z' ? (char)(*p + ('a' - 'A')) : *p;
    word[n < WORD_MAX ? n : 0] = '\0';
    return p;
}

static const char *next_word(const char *p, const char *end, char word[WORD_MAX])
{
    return take_word(skip_blanks(p, end), end, word);
}

/* Where "5 hours" after "vor" or before "ago" ends, with p at the number; NULL: none. */
static const char *skip_span(const char *p, const char *end)
{
    const char *number = skip_number(p, end);
    char word[WORD_MAX];

    if (number == p)
        return NULL;
    p = next_word(number, end, word);
    return IS_IN(word, units) ? p : NULL;
}

static const char *skip_joined(const char *p, const char *end)
{
    struct str rest;

    p = skip_blanks(p, end);
    rest = (struct str){p, (size_t)(end - p)};
    for (size_t i = 0; i < ARRAY_LEN(joined); i++)
        if (str_has_prefix(rest, joined[i]))
            return p + joined[i].n;
    return NULL;
}

/* A phrase that begins with a number: where it ends, or NULL. */
static const char *after_number(const char *p, const char *end)
{
    const char *number = skip_number(p, end), *span;
    char word[WORD_MAX];
    const char *to = next_word(number, end, word);

    if (IS_IN(word, counters))
        return to;
    to = skip_joined(number, end);
    if (to != NULL)
        return to;
    span = skip_span(p, end);
    if (span == NULL)
        return NULL;
    to = next_word(span, end, word);
    return IS_IN(word, after) ? to : NULL;
}

/* "Comments: 12", "Comments (12)" with p behind the word. */
static const char *after_label(const char *p, const char *end)
{
    const char *mark = skip_blanks(p, end), *number, *to;

    if (mark == end || (*mark != ':' && *mark != '('))
        return NULL;
    number = skip_blanks(mark + 1, end);
    to = skip_number(number, end);
    if (to == number)
        return NULL;
    return *mark == '(' && to < end && *to == ')' ? to + 1 : to;
}

/* "no comments", "just now", "an hour ago", "il y a 5 minutes", with p behind the first
   word. */
static const char *after_short(const char *word, const char *p, const char *end)
{
    bool is_article = strcmp(word, "a") == 0 || strcmp(word, "an") == 0;
    char second[WORD_MAX], third[WORD_MAX];
    const char *to, *last;

    if (!is_article && strcmp(word, "no") != 0 && strcmp(word, "just") != 0 &&
        strcmp(word, "il") != 0)
        return NULL;
    to = next_word(p, end, second);
    if (strcmp(word, "no") == 0)
        return IS_IN(second, counters) ? to : NULL;
    if (strcmp(word, "just") == 0)
        return strcmp(second, "now") == 0 ? to : NULL;
    last = next_word(to, end, third);
    if (is_article)
        return strcmp(third, "ago") == 0 && IS_IN(second, units) ? last : NULL;
    if (strcmp(second, "y") != 0 || strcmp(third, "a") != 0)
        return NULL;
    return skip_span(skip_blanks(last, end), end);
}

/* A phrase that begins with the word that ends at p: where it ends, or NULL. What stands
   behind the word is asked first, since most words are in no table. */
static const char *after_word(const char *word, const char *p, const char *end)
{
    const char *next = skip_blanks(p, end);

    if (next == end)
        return NULL;
    if (*next == ':' || *next == '(')
        return IS_IN(word, counters) ? after_label(p, end) : NULL;
    if (is_digit(*next))
        return IS_IN(word, before) ? skip_span(next, end) : NULL;
    return strlen(word) <= 4 ? after_short(word, p, end) : NULL;
}

static void put(struct scan *s, const char *p, const char *end)
{
    (void)strbuf_add(s->out, (struct str){p, (size_t)(end - p)}); /* never longer */
}

static const char *link_end(const char *p, const char *end)
{
    while (p < end && *p != '>' && *p != '"' && text_space(p, end) == 0)
        p++;
    return p;
}

static const char *put_link(struct scan *s, const char *p)
{
    const char *to = link_end(p, s->end);
    struct strbuf canonical = {.max = URL_MAX_BYTES};

    if (url_canonical((struct str){p, (size_t)(to - p)}, &canonical, NULL) == 0)
        (void)strbuf_add(s->out, strbuf_str(&canonical)); /* there is room for it */
    else
        put(s, p, to);
    strbuf_fini(&canonical);
    return to;
}

static const char *put_word(struct scan *s, const char *p)
{
    struct str rest = {p, (size_t)(s->end - p)};
    char word[WORD_MAX];
    const char *to, *phrase;

    if (str_has_prefix(rest, STR("https://")) || str_has_prefix(rest, STR("http://")))
        return put_link(s, p);
    to = take_word(p, s->end, word);
    phrase = after_word(word, to, s->end);
    if (phrase != NULL)
        put(s, "#", &"#"[1]);
    else
        put(s, p, to);
    return phrase != NULL ? phrase : to;
}

static const char *put_number(struct scan *s, const char *p)
{
    const char *to = skip_number(p, s->end), *phrase = after_number(p, s->end);

    if (phrase != NULL)
        put(s, "#", &"#"[1]);
    else
        put(s, p, to);
    return phrase != NULL ? phrase : to;
}

static void put_all(struct scan *s)
{
    while (s->p < s->end) {
        if (text_space(s->p, s->end) > 0) {
            s->p = skip_blanks(s->p, s->end);
            put(s, " ", &" "[1]);
        } else if (is_digit(*s->p)) {
            s->p = put_number(s, s->p);
        } else if (is_letter(*s->p)) {
            s->p = put_word(s, s->p);
        } else {
            put(s, s->p, s->p + 1);
            s->p++;
        }
    }
}

uint64_t text_steady_hash(struct str text, uint64_t seed)
{
    struct strbuf out = {.max = text.n * 4 + 64}; /* links grow when they are encoded */
    struct scan s = {text.p, NULL, &out};
    uint64_t hash;

    if (text.n > 0) {
        s.end = text.p + text.n;
        put_all(&s);
    }
    hash = hash_xxh64(str_trim(strbuf_str(&out)), seed);
    strbuf_fini(&out);
    return hash;
}
