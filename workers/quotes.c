/* What was said, and who said it. A quotation stands between quotation marks within a
   paragraph and has more than three words. Its speaker is named beside a verb of saying
   in the same sentence, behind the quotation (“…,” said X; X said) or in front of it (X
   said: “…”); "he said" and "adding that" go on with whoever spoke last, and so does a
   quotation without a word of saying that follows another in its paragraph. Persons and
   bodies are those that an extractor before this one found. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#define WORDS_MIN   4
#define NEAR_BYTES  160 /* how far from a quotation its speaker is looked for */
#define MEANT_BYTES 600 /* how far "he" reaches back */
#define QUOTE_MAX   4000
#define QUOTES_MAX  500

struct who {
    uint32_t start, end;
    int entity;
    enum entity_type type;
};

struct quoting {
    struct str text;
    struct result *out;
    struct who *who; /* by place */
    size_t n_who, who_cap;
    int last;        /* speaker of the quotation before; -1 none */
    size_t last_end; /* where it ended */
    size_t paragraph;
};

/* ---- marks ---- */

enum mark { MARK_NONE, MARK_OPEN, MARK_CLOSE, MARK_STRAIGHT };

static enum mark mark_at(struct str s, size_t i, size_t *ret_len)
{
    static const struct {
        struct str bytes;
        enum mark mark;
    } marks[] = {
        {STR_INIT("\xE2\x80\x9C"), MARK_OPEN}, {STR_INIT("\xE2\x80\x9D"), MARK_CLOSE},
        {STR_INIT("\xE2\x80\x9E"), MARK_OPEN}, {STR_INIT("\xC2\xAB"), MARK_OPEN},
        {STR_INIT("\xC2\xBB"), MARK_CLOSE},    {STR_INIT("\""), MARK_STRAIGHT}};

    unsigned char first = (unsigned char)s.p[i];

    *ret_len = 1;
    if (first != '"' && first != 0xE2 && first != 0xC2)
        return MARK_NONE; /* nearly always */
    for (size_t k = 0; k < ARRAY_LEN(marks); k++) {
        *ret_len = marks[k].bytes.n;
        if (s.n - i >= *ret_len && memcmp(s.p + i, marks[k].bytes.p, *ret_len) == 0)
            return marks[k].mark;
    }
    *ret_len = 1;
    return MARK_NONE;
}

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static size_t count_words(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += is_letter(s.p[i]) && (i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '\n');
    return n;
}

/* ---- words of saying ---- */

static const char *const verbs[] =
    {/* sorted */
     "acknowledged", "added",    "adding",     "adds",       "admits",     "admitted",
     "announced",    "answered", "argued",     "argues",     "asked",      "asks",
     "claimed",      "claims",   "commented",  "complained", "concluded",  "confirmed",
     "continued",    "declared", "declares",   "emphasised", "emphasized", "explained",
     "explains",     "insisted", "insists",    "joked",      "muttered",   "noted",
     "notes",        "observed", "posted",     "predicted",  "promised",   "read",
     "recalled",     "recalls",  "reiterated", "remarked",   "replied",    "said",
     "say",          "saying",   "says",       "shouted",    "stated",     "states",
     "stressed",     "stresses", "suggested",  "telling",    "tells",      "testified",
     "told",         "tweeted",  "urged",      "urges",      "warned",     "warns",
     "writes",       "wrote"};

static int by_word(const void *key, const void *verb)
{
    return strcmp(key, *(const char *const *)verb);
}

static bool is_verb(struct str word)
{
    char key[16];

    if (word.n < 3 || word.n > 12)
        return false;
    for (size_t i = 0; i < word.n; i++)
        key[i] = (char)((unsigned char)word.p[i] | 0x20);
    key[word.n] = '\0';
    return bsearch(key, verbs, ARRAY_LEN(verbs), sizeof *verbs, by_word) != NULL;
}

static bool is_pronoun(struct str word)
{
    return str_eq_nocase(word, STR("he")) || str_eq_nocase(word, STR("she")) ||
           str_eq_nocase(word, STR("they"));
}

/* The words of a stretch of text, one after the other. */
static bool next_word(struct str s, size_t *at, struct str *ret)
{
    while (*at < s.n && !is_letter(s.p[*at]))
        ++*at;
    if (*at == s.n)
        return false;
    for (size_t from = *at;;) {
        if (*at < s.n && is_letter(s.p[*at])) {
            ++*at;
            continue;
        }
        *ret = str_slice(s, from, *at);
        return true;
    }
}

/* ---- who stands where ---- */

static int by_place(const void *a, const void *b)
{
    const struct who *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

static void gather_who(struct quoting *q)
{
    for (size_t i = 0; i < q->out->n_entities; i++) {
        const struct entity *en = &q->out->entities[i];

        if (en->type != ENTITY_PER && en->type != ENTITY_ORG)
            continue;
        for (size_t k = 0; k < en->n_mentions; k++) {
            struct span s = en->mentions[k].span;

            if (s.field != FIELD_CONTENT_TEXT)
                continue;
            q->who = mem_grow(q->who, &q->who_cap, q->n_who + 1, sizeof *q->who);
            q->who[q->n_who++] = (struct who){s.start, s.end, (int)i, en->type};
        }
    }
    if (q->n_who > 1)
        qsort(q->who, q->n_who, sizeof *q->who, by_place);
}

/* The number of the first that begins at or behind the byte. */
static size_t who_from(const struct quoting *q, size_t byte)
{
    size_t lo = 0, hi = q->n_who;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (q->who[mid].start < byte)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The one nearest to the verb in [from, to), persons first; -1 when there is none. */
static int nearest(const struct quoting *q, size_t from, size_t to, size_t verb)
{
    int best = -1;
    size_t best_far = SIZE_MAX;

    for (size_t i = who_from(q, from); i < q->n_who && q->who[i].end <= to; i++) {
        const struct who *w = &q->who[i];
        size_t far = w->start > verb ? w->start - verb : verb - w->end;

        if (w->end > verb && w->start < verb)
            continue;
        far += w->type == ENTITY_PER ? 0 : NEAR_BYTES;
        if (far < best_far) {
            best_far = far;
            best = w->entity;
        }
    }
    return best;
}

/* Whom "he" or "she" is: the person named since the quotation before, else its speaker.
 */
static int meant_before(const struct quoting *q, size_t byte)
{
    size_t least = q->last >= 0 ? q->last_end : 0;

    if (q->who == NULL)
        return -1;
    for (size_t i = who_from(q, byte); i > 0 && q->who[i - 1].start >= least; i--)
        if (q->who[i - 1].type == ENTITY_PER)
            return byte - q->who[i - 1].end < MEANT_BYTES ? q->who[i - 1].entity
                                                          : q->last;
    return q->last;
}

/* A verb of saying in [from, to) and who is beside it. */
static bool said_in(struct quoting *q, size_t open, size_t from, size_t to, int *ret_who,
                    struct str *ret_cue)
{
    struct str s = str_slice(q->text, from, to), word;
    bool has_pronoun = false, found = false;
    size_t verb = 0;

    for (size_t at = 0; next_word(s, &at, &word);) {
        has_pronoun |= is_pronoun(word);
        if (!is_verb(word) || (found && to != open))
            continue; /* the one next to the quotation counts */
        found = true;
        verb = (size_t)(word.p - q->text.p);
        *ret_cue = word;
    }
    if (!found)
        return false;
    *ret_who = nearest(q, from, to, verb);
    if (has_pronoun && (*ret_who < 0 || q->out->entities[*ret_who].type != ENTITY_PER))
        *ret_who = meant_before(q, open);
    else if (*ret_who < 0)
        *ret_who = q->last; /* "adding that" */
    return true;
}

/* ---- one quotation ---- */

static bool is_stop(struct str s, size_t i)
{
    return (s.p[i] == '.' || s.p[i] == '!' || s.p[i] == '?') &&
           (i + 1 == s.n || s.p[i + 1] == ' ' || s.p[i + 1] == '\n');
}

/* From a quotation's end to the end of its sentence, the next quotation or paragraph. */
static size_t end_of_sentence(const struct quoting *q, size_t from)
{
    size_t to = from, len;

    while (to < q->text.n && to - from < NEAR_BYTES && q->text.p[to] != '\n') {
        enum mark m = mark_at(q->text, to, &len);

        if (m == MARK_OPEN || m == MARK_STRAIGHT)
            break;
        /* "Mr." and initials do not end a sentence. */
        if (is_stop(q->text, to) && (to < from + 4 || q->text.p[to - 3] != ' ') &&
            (to < from + 3 || q->text.p[to - 2] != ' '))
            break;
        to++;
    }
    while (to < q->text.n && ((unsigned char)q->text.p[to] & 0xC0) == 0x80)
        to++;
    return to;
}

static size_t start_of_sentence(const struct quoting *q, size_t to)
{
    size_t least = q->last_end > q->paragraph ? q->last_end : q->paragraph;
    size_t from = to;

    while (from > least && to - from < NEAR_BYTES) {
        if (from + 1 < to && is_stop(q->text, from - 1) && q->text.p[from] == ' ' &&
            (from < 4 || q->text.p[from - 4] != ' '))
            break;
        from--;
    }
    while (from < to && ((unsigned char)q->text.p[from] & 0xC0) == 0x80)
        from++;
    return from;
}

static void take_quote(struct quoting *q, size_t open, size_t start, size_t end,
                       size_t close_end)
{
    struct str text = str_slice(q->text, start, end), cue = {NULL, 0};
    struct quote *found;
    int who = -1;
    bool is_next = q->last_end > q->paragraph; /* another stands before it */

    if (end == start || count_words(text) < WORDS_MIN || q->out->n_quotes == QUOTES_MAX)
        return;
    if (!said_in(q, open, close_end, end_of_sentence(q, close_end), &who, &cue) &&
        !said_in(q, open, start_of_sentence(q, open), open, &who, &cue) && is_next)
        who = q->last;
    found = result_add_quote(q->out);
    found->span = (struct span){(uint32_t)start, (uint32_t)end, FIELD_CONTENT_TEXT};
    found->speaker = who;
    found->cue = cue;
    if (who >= 0)
        q->last = who;
    q->last_end = close_end;
}

/* ---- the text ---- */

/* A straight mark opens when nothing is open. */
static void read_paragraph(struct quoting *q, size_t from, size_t to)
{
    struct str s = str_slice(q->text, 0, to);
    size_t open = SIZE_MAX, start = 0, len;
    bool straight = false;

    q->paragraph = from;
    for (size_t i = from; i < to; i += len) {
        enum mark m = mark_at(s, i, &len);

        if (open == SIZE_MAX && (m == MARK_OPEN || m == MARK_STRAIGHT)) {
            open = i;
            start = i + len;
            straight = m == MARK_STRAIGHT;
        } else if (open != SIZE_MAX && m == (straight ? MARK_STRAIGHT : MARK_CLOSE)) {
            take_quote(q, open, start, i, i + len);
            open = SIZE_MAX;
        } else if (open != SIZE_MAX && i - open > QUOTE_MAX) {
            open = SIZE_MAX;
        }
    }
    if (open != SIZE_MAX && !straight)
        take_quote(q, open, start, to, to); /* it goes on in the next paragraph */
}

static int quotes_run(void *state, const struct item *it, struct result *out,
                      struct err *e)
{
    struct quoting q = {.text = it->content_text, .out = out, .last = -1};

    (void)state;
    (void)e;
    gather_who(&q);
    for (size_t from = 0; from < q.text.n;) {
        size_t to = str_find_char(q.text, '\n', from);

        if (to == SIZE_MAX)
            to = q.text.n;
        read_paragraph(&q, from, to);
        from = to + 1;
    }
    free(q.who);
    return 0;
}

const struct extractor extractor_quotes = {
    .name = "quotes",
    .version = "1",
    .help = "quotations and their speakers; put it behind entities",
    .run = quotes_run,
};
