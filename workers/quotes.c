/* What was said, and who said it. A quotation stands between quotation marks within a
   paragraph. Its speaker stands beside a verb of saying in the same sentence, behind the
   quotation (“…,” said X; X said) or in front of it (X said: “…”). Without one it goes on
   with whoever spoke before in the paragraph, or belongs to the one of whom the sentence
   before is. Of a few words it is a quotation only when somebody is known to have said
   them. Persons and bodies are those that extractors before this one found. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"

#include "document/said.h"

#define FIELD      FIELD_CONTENT_TEXT
#define WORDS_MIN  4
#define TOKENS_IN  700 /* of a quotation, at most */
#define QUOTES_MAX 500

struct quotes {
    struct speaking s;
    struct said *list; /* of one paragraph */
    size_t n, cap;
};

/* ---- marks ---- */

enum mark { MARK_NONE, MARK_OPEN, MARK_CLOSE, MARK_STRAIGHT, MARK_SINGLE };

static enum mark mark_at(const struct quotes *q, size_t token)
{
    static const struct {
        struct str text;
        enum mark mark;
    } marks[] = {{STR_INIT("\""), MARK_STRAIGHT},   {STR_INIT("“"), MARK_OPEN},
                 {STR_INIT("”"), MARK_CLOSE},       {STR_INIT("„"), MARK_OPEN},
                 {STR_INIT("«"), MARK_OPEN},        {STR_INIT("»"), MARK_CLOSE},
                 {STR_INIT("``"), MARK_OPEN},       {STR_INIT("''"), MARK_CLOSE},
                 {STR_INIT("‘"), MARK_SINGLE},      {STR_INIT("&ldquo;"), MARK_OPEN},
                 {STR_INIT("&rdquo;"), MARK_CLOSE}, {STR_INIT("&quot;"), MARK_STRAIGHT}};
    struct str text = token_text(q->s.names.texts[FIELD], token);

    if ((said_form(&q->s, token)->flags & FORM_WORD) != 0 && text.p[0] != '&')
        return MARK_NONE;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (str_eq(text, marks[i].text))
            return marks[i].mark;
    return MARK_NONE;
}

/* ’ ends what ‘ began when a mark of a sentence stands before it; else it is an
   apostrophe. */
static bool closes_single(const struct quotes *q, size_t token)
{
    struct str text = token_text(q->s.names.texts[FIELD], token);

    return str_eq(text, STR("’")) && (names_is_mark(&q->s.names, FIELD, token - 1, ',') ||
                                      names_is_mark(&q->s.names, FIELD, token - 1, '.') ||
                                      names_is_mark(&q->s.names, FIELD, token - 1, '!') ||
                                      names_is_mark(&q->s.names, FIELD, token - 1, '?'));
}

static bool closes(const struct quotes *q, enum mark open, size_t token)
{
    if (open == MARK_SINGLE)
        return closes_single(q, token);
    return mark_at(q, token) == (open == MARK_STRAIGHT ? MARK_STRAIGHT : MARK_CLOSE);
}

static size_t count_words(const struct quotes *q, size_t from, size_t to)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += (said_form(&q->s, i)->flags & FORM_WORD) != 0;
    return n;
}

static void add_said(struct quotes *q, size_t open, size_t close)
{
    if (close <= open + 1 || count_words(q, open + 1, close) == 0)
        return;
    q->list = mem_grow(q->list, &q->cap, q->n + 1, sizeof *q->list);
    q->list[q->n++] =
        (struct said){.open = open, .close = close, .speaker = -1, .cue = SIZE_MAX};
}

/* A curly mark that nothing closes: it goes on in the next paragraph. */
static void find_quotes(struct quotes *q, size_t from, size_t to)
{
    size_t open = SIZE_MAX;
    enum mark how = MARK_NONE;

    q->n = 0;
    for (size_t i = from; i < to; i++) {
        enum mark m;

        if (open != SIZE_MAX && closes(q, how, i)) {
            add_said(q, open, i);
            open = SIZE_MAX;
            continue;
        }
        m = mark_at(q, i);
        if (open != SIZE_MAX && i - open > TOKENS_IN)
            open = SIZE_MAX;
        if ((open == SIZE_MAX && m != MARK_NONE && m != MARK_CLOSE) ||
            (open != SIZE_MAX && how == MARK_SINGLE && m == MARK_OPEN)) {
            open = i;
            how = m;
        }
    }
    if (open != SIZE_MAX && how == MARK_OPEN)
        add_said(q, open, to);
}

/* ---- who ---- */

static bool is_stop(const struct quotes *q, size_t token)
{
    const struct names *d = &q->s.names;

    return names_is_mark(d, FIELD, token, '.') || names_is_mark(d, FIELD, token, '!') ||
           names_is_mark(d, FIELD, token, '?');
}

static size_t sentence_end(const struct quotes *q, size_t from, size_t to)
{
    while (from < to && !is_stop(q, from))
        from++;
    return from;
}

static size_t sentence_start(const struct quotes *q, size_t least, size_t to)
{
    while (to > least && !is_stop(q, to - 1))
        to--;
    return to;
}

/* "“….” He said": a full stop inside ends the sentence, unless what follows is small. */
static bool may_go_on(const struct quotes *q, size_t close, size_t to)
{
    if (close + 1 >= to)
        return false;
    return !names_is_mark(&q->s.names, FIELD, close - 1, '.') ||
           (said_form(&q->s, close + 1)->flags & (FORM_WORD | FORM_CAP)) == FORM_WORD;
}

struct around {
    size_t from, to; /* the text before and behind, without other quotations */
    size_t paragraph;
    const struct said *before; /* in the paragraph; NULL: the first */
};

/* Without a word of saying: who spoke before, or of whom the sentence before is. */
static void follow(struct quotes *q, const struct around *a, struct said *x)
{
    size_t end = x->open, start;

    while (end > a->from &&
           (is_stop(q, end - 1) || names_is_mark(&q->s.names, FIELD, end - 1, ':')))
        end--;
    start = sentence_start(q, a->from, end);
    if (end > start && !(a->before != NULL && start == a->from)) {
        if (end < x->open) /* it is a sentence by itself */
            x->speaker = speaking_subject(&q->s, start, end);
    } else if (a->before != NULL && (end < x->open || end == start)) {
        x->speaker = a->before->speaker;
    }
}

static void find_speaker(struct quotes *q, const struct around *a, struct said *x)
{
    struct said behind = {.speaker = -1, .cue = SIZE_MAX}, before = behind;
    int last = a->before != NULL ? a->before->speaker : -1;

    if (may_go_on(q, x->close, a->to) &&
        speaking_behind(&q->s, x->close + 1, sentence_end(q, x->close + 1, a->to),
                        &behind)) {
        x->speaker = behind.speaker;
        x->cue = behind.cue;
        x->is_named = behind.speaker >= 0;
    } else if (speaking_before(&q->s, sentence_start(q, a->from, x->open), x->open, last,
                               &before)) {
        x->speaker = before.speaker;
        x->cue = before.cue;
        x->is_named = before.speaker >= 0;
    } else {
        follow(q, a, x);
    }
}

/* “champions” … “…,” Mr. Khan said: of one paragraph in which one person speaks. */
static void look_back(struct quotes *q)
{
    int speaker = -1;

    for (size_t i = 0; i < q->n; i++) {
        if (q->list[i].speaker < 0)
            continue;
        if (speaker >= 0 && speaker != q->list[i].speaker)
            return;
        speaker = q->list[i].speaker;
    }
    for (size_t i = 0; i < q->n && speaker >= 0; i++)
        if (q->list[i].speaker < 0 && q->list[i].cue == SIZE_MAX)
            q->list[i].speaker = speaker;
}

static void write_quotes(struct quotes *q, struct result *out)
{
    const struct tokens *t = q->s.names.texts[FIELD];

    for (size_t i = 0; i < q->n && out->n_quotes < QUOTES_MAX; i++) {
        const struct said *x = &q->list[i];
        struct quote *found;

        if (x->speaker < 0 && count_words(q, x->open + 1, x->close) < WORDS_MIN)
            continue;
        found = result_add_quote(out);
        found->span =
            (struct span){t->list[x->open + 1].start, t->list[x->close - 1].end, FIELD};
        found->speaker = x->speaker;
        if (x->cue != SIZE_MAX)
            found->cue = token_text(t, x->cue);
    }
}

static void read_paragraph(struct quotes *q, size_t from, size_t to, struct result *out)
{
    size_t at = from;

    find_quotes(q, from, to);
    for (size_t i = 0; i < q->n; i++) {
        struct said *x = &q->list[i];
        struct around a = {.from = at,
                           .to = i + 1 < q->n ? q->list[i + 1].open : to,
                           .paragraph = from,
                           .before = i > 0 ? x - 1 : NULL};

        speaking_tell(&q->s, at, x->open);
        find_speaker(q, &a, x);
        speaking_set(&q->s, x->speaker);
        at = x->close < to ? x->close + 1 : to;
    }
    speaking_tell(&q->s, at, to);
    look_back(q);
    write_quotes(q, out);
}

/* ---- */

static void quotes_close(void *state)
{
    struct quotes *q = state;

    if (q == NULL)
        return;
    speaking_fini(&q->s);
    terms_close((struct terms *)q->s.terms);
    free(q->list);
    free(q);
}

static int quotes_open(const struct config_extractor *c, void **ret_state, struct err *e)
{
    struct terms *terms = NULL;
    struct quotes *q;

    (void)c;
    if (terms_open(&terms, e) < 0)
        return e->code;
    q = mem_new(sizeof *q);
    q->s.terms = terms;
    *ret_state = q;
    return 0;
}

static int quotes_run(void *state, const struct item *it, struct result *out,
                      struct err *e)
{
    struct quotes *q = state;
    const struct tokens *t;

    (void)e;
    speaking_start(&q->s, it, out);
    t = q->s.names.texts[FIELD];
    for (size_t from = 0, to; from < t->n; from = to) {
        for (to = from + 1; to < t->n; to++)
            if ((t->list[to].flags & TOKEN_LINE) != 0)
                break;
        read_paragraph(q, from, to, out);
    }
    return 0;
}

const struct extractor extractor_quotes = {
    .name = "quotes",
    .version = "2",
    .help = "quotations and their speakers; put it behind those that find names",
    .open = quotes_open,
    .run = quotes_run,
    .close = quotes_close,
};
