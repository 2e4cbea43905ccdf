/* All queries stand in one trie by the folded bytes of their first words. Each word of a
   text walks into it once; what it meets there is compared further, word by word. So the
   time is that of the text, however many queries there are that do not begin like it. */
#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/mem.h"
#include "newsmq/watch.h"

#define WORD_BYTES 256 /* of a longer word of a text only so much is looked at */
#define NONE       UINT32_MAX

struct word {               /* of a text */
    uint32_t start, end;    /* its bytes there */
    uint32_t fold, n_fold;  /* in watch.folded */
    bool is_caps, is_fresh; /* fresh: begins a paragraph */
};

struct wanted {         /* of a query */
    char *fold, *exact; /* exact: with its accents; NULL when it has none */
    size_t n;
    bool is_caps, is_prefix;
};

struct part { /* one phrase of a query */
    struct wanted *words;
    size_t n;
    uint32_t next; /* at the same place in the trie */
};

struct query {
    uint32_t number;
    unsigned near; /* 0: one phrase only */
    struct part parts[2];
    uint64_t stamp; /* of the text that `from` and `to` are of */
    uint32_t from[2], to[2];
    bool has[2];
};

struct place { /* in the trie */
    uint32_t child, sibling;
    uint32_t exact, prefix; /* first part that ends here: 2 * query + which */
    unsigned char byte;
};

struct watch {
    struct query *queries;
    size_t n, cap;
    struct place *places;
    size_t n_places, cap_places;
    struct word *words;
    size_t n_words, cap_words;
    char *folded;
    size_t n_folded, cap_folded;
    uint64_t stamp;
};

/* ---- folding ---- */

static size_t fold_ascii(struct str s, bool has_letters, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '\'' || (c == '.' && has_letters))
            continue;
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return n;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static bool has_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 || (s.p[i] | 0x20) >= 'a')
            return true;
    return false;
}

/* Into out, which holds 4 * WORD_BYTES. */
static size_t fold(struct str s, bool keep_accents, char *out)
{
    utf8proc_uint8_t *map = NULL;
    utf8proc_option_t how =
        keep_accents ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK;
    utf8proc_ssize_t n;
    size_t used = 0;

    s = str_head(s, WORD_BYTES);
    if (is_ascii(s))
        return fold_ascii(s, has_letters(s), out);
    n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &map,
                     UTF8PROC_STABLE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | how);
    for (utf8proc_ssize_t i = 0; i < n && used < (size_t)4 * WORD_BYTES; i++) {
        if (n - i >= 3 && memcmp(map + i, "\xE2\x80\x99", 3) == 0)
            i += 2;
        else if (map[i] != '.' && map[i] != '\'')
            out[used++] = (char)map[i];
    }
    free(map);
    return used;
}

/* Two letters or more, and none of them small. */
static bool is_caps(struct str s)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p, *end = p + s.n;
    size_t large = 0;

    while (p < end) {
        utf8proc_int32_t cp;
        utf8proc_ssize_t n = utf8proc_iterate(p, end - p, &cp);

        if (n <= 0)
            return false;
        if (utf8proc_islower(cp))
            return false;
        large += utf8proc_isupper(cp) != 0;
        p += n;
    }
    return large >= 2;
}

/* ---- words out of tokens ---- */

/* The bytes of a hyphen or the like at i, or 0. */
static size_t breaks_at(struct str s, size_t i)
{
    if (s.p[i] == '-' || s.p[i] == '/' || s.p[i] == '_' || s.p[i] == '#' || s.p[i] == '@')
        return 1;
    if (s.n - i >= 3 && memcmp(s.p + i, "\xE2\x80", 2) == 0 &&
        (unsigned char)s.p[i + 2] >= 0x90 && (unsigned char)s.p[i + 2] <= 0x95)
        return 3;
    return 0;
}

/* 's and n't */
static bool is_clitic(struct str s)
{
    return s.p[0] == '\'' || str_has_prefix(s, STR("\xE2\x80\x99")) ||
           str_eq_nocase(s, STR("n't")) || str_eq_nocase(s, STR("n\xE2\x80\x99t"));
}

/* Calls fn for each word in token i. */
static void words_of(const struct tokens *t, size_t i,
                     void (*fn)(void *ctx, uint32_t start, uint32_t end, bool fresh),
                     void *ctx)
{
    struct str s = token_text(t, i);
    uint32_t flags = t->list[i].flags;
    bool fresh = (flags & TOKEN_PARAGRAPH) != 0;
    size_t from = 0;

    if ((flags & (TOKEN_WORD | TOKEN_NUMBER | TOKEN_TAG)) == 0 || is_clitic(s))
        return;
    for (size_t at = 0; at <= s.n;) {
        size_t n = at < s.n ? breaks_at(s, at) : 1;

        if (n == 0) {
            at++;
            continue;
        }
        if (at > from) {
            fn(ctx, t->list[i].start + (uint32_t)from, t->list[i].start + (uint32_t)at,
               fresh);
            fresh = false;
        }
        at += n;
        from = at;
    }
}

struct reading {
    struct watch *w;
    struct str text;
    bool is_fresh;
};

static void add_word(void *ctx, uint32_t start, uint32_t end, bool fresh)
{
    struct reading *r = ctx;
    struct watch *w = r->w;
    struct str s = str_slice(r->text, start, end);
    struct word *word;
    size_t n;

    w->folded =
        mem_grow(w->folded, &w->cap_folded, w->n_folded + (size_t)4 * WORD_BYTES, 1);
    n = fold(s, false, w->folded + w->n_folded);
    if (n == 0)
        return;
    w->words = mem_grow(w->words, &w->cap_words, w->n_words + 1, sizeof *w->words);
    word = &w->words[w->n_words++];
    *word = (struct word){start,       end,        (uint32_t)w->n_folded,
                          (uint32_t)n, is_caps(s), fresh || r->is_fresh};
    w->n_folded += n;
    r->is_fresh = false;
}

static void read_words(struct watch *w, const struct tokens *t)
{
    struct reading r = {w, t->text, false};

    w->n_words = w->n_folded = 0;
    for (size_t i = 0; i < t->n; i++) {
        /* a paragraph that begins with a quotation mark */
        r.is_fresh |= (t->list[i].flags & TOKEN_PARAGRAPH) != 0;
        words_of(t, i, add_word, &r);
    }
}

/* ---- queries ---- */

static void part_fini(struct part *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->words[i].fold);
        free(p->words[i].exact);
    }
    free(p->words);
}

static void query_fini(struct query *q)
{
    part_fini(&q->parts[0]);
    part_fini(&q->parts[1]);
}

struct parsing {
    struct part *part;
    struct str text;
    size_t n_words; /* of the query */
};

static void add_wanted(void *ctx, uint32_t start, uint32_t end, bool fresh)
{
    struct parsing *p = ctx;
    struct str s = str_slice(p->text, start, end);
    char plain[4 * WORD_BYTES], exact[4 * WORD_BYTES];
    size_t n = fold(s, false, plain), n_exact = fold(s, true, exact);
    struct wanted *word;

    (void)fresh;
    if (n == 0)
        return;
    p->n_words++;
    p->part->words = mem_resize(p->part->words, p->part->n + 1, sizeof *word);
    word = &p->part->words[p->part->n++];
    *word = (struct wanted){
        .fold = mem_dup((struct str){plain, n}), .n = n, .is_caps = is_caps(s)};
    if (n != n_exact || memcmp(plain, exact, n) != 0)
        word->exact = mem_dup((struct str){exact, n_exact});
}

/* What stands between blanks, as words of the part. */
static int parse_piece(struct parsing *p, struct str piece, struct err *e)
{
    struct tokens t = {0};
    bool is_prefix = piece.n > 0 && piece.p[piece.n - 1] == '*';
    size_t before = p->part->n;

    if (is_prefix)
        piece.n--;
    if (memchr(piece.p, '*', piece.n) != NULL)
        return err_set(e, ERR_FORMAT, "'*' stands only at the end of a word");
    p->text = piece;
    tokens_read(&t, piece);
    for (size_t i = 0; i < t.n; i++)
        words_of(&t, i, add_wanted, p);
    tokens_fini(&t);
    if (!is_prefix)
        return 0;
    if (p->part->n == before || p->part->words[p->part->n - 1].n < 2)
        return err_set(e, ERR_FORMAT, "two letters or more before '*'");
    p->part->words[p->part->n - 1].is_prefix = true;
    return 0;
}

static int parse_near(struct query *q, struct str piece, struct err *e)
{
    uint64_t n = 0;

    if (q->near > 0)
        return err_set(e, ERR_FORMAT, "'~' twice");
    if (!str_to_u64(str_slice(piece, 1, piece.n), &n) || n < 1 || n > WATCH_NEAR_MAX)
        return err_set(e, ERR_FORMAT,
                       "behind '~' a number of words from 1 to %d, then a blank",
                       WATCH_NEAR_MAX);
    q->near = (unsigned)n;
    return 0;
}

static int parse(struct str text, struct query *q, struct err *e)
{
    struct parsing p = {.part = &q->parts[0]};
    struct str rest = str_trim(text);
    int rc = 0;

    if (text.n > WATCH_QUERY_BYTES)
        return err_set(e, ERR_FORMAT, "longer than %d bytes", WATCH_QUERY_BYTES);
    while (rc == 0 && rest.p != NULL) {
        struct str piece = str_cut(&rest, ' ');

        if (piece.n == 0)
            continue;
        if (piece.p[0] == '~') {
            rc = parse_near(q, piece, e);
            p.part = &q->parts[1];
        } else {
            rc = parse_piece(&p, piece, e);
        }
    }
    if (rc < 0)
        return rc;
    if (q->parts[0].n == 0 || (q->near > 0 && q->parts[1].n == 0))
        return err_set(e, ERR_FORMAT,
                       q->near > 0 ? "a word is missing beside '~'"
                                   : "there is no word in it");
    if (p.n_words > WATCH_QUERY_WORDS)
        return err_set(e, ERR_FORMAT, "more than %d words", WATCH_QUERY_WORDS);
    return 0;
}

int watch_check(struct str query, struct err *e)
{
    struct query q = {0};
    int rc = parse(query, &q, e);

    query_fini(&q);
    return rc;
}

/* ---- the trie ---- */

static uint32_t new_place(struct watch *w, unsigned char byte)
{
    w->places = mem_grow(w->places, &w->cap_places, w->n_places + 1, sizeof *w->places);
    w->places[w->n_places] = (struct place){
        .child = NONE, .sibling = NONE, .exact = NONE, .prefix = NONE, .byte = byte};
    return (uint32_t)w->n_places++;
}

static uint32_t child_of(const struct watch *w, uint32_t at, unsigned char byte)
{
    uint32_t child = w->places[at].child;

    while (child != NONE && w->places[child].byte != byte)
        child = w->places[child].sibling;
    return child;
}

static void plant(struct watch *w, uint32_t number)
{
    struct part *part = &w->queries[number / 2].parts[number % 2];
    uint32_t at = 0, *head;

    for (size_t i = 0; i < part->words[0].n; i++) {
        unsigned char byte = (unsigned char)part->words[0].fold[i];
        uint32_t child = child_of(w, at, byte);

        if (child == NONE) {
            child = new_place(w, byte);
            w->places[child].sibling = w->places[at].child;
            w->places[at].child = child;
        }
        at = child;
    }
    head = part->words[0].is_prefix ? &w->places[at].prefix : &w->places[at].exact;
    part->next = *head;
    *head = number;
}

struct watch *watch_new(void)
{
    struct watch *w = mem_new(sizeof *w);

    (void)new_place(w, 0);
    return w;
}

void watch_free(struct watch *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->n; i++)
        query_fini(&w->queries[i]);
    free(w->queries);
    free(w->places);
    free(w->words);
    free(w->folded);
    free(w);
}

int watch_add(struct watch *w, struct str query, uint32_t number, struct err *e)
{
    struct query q = {.number = number};
    int rc = parse(query, &q, e);

    if (rc < 0) {
        query_fini(&q);
        return rc;
    }
    w->queries = mem_grow(w->queries, &w->cap, w->n + 1, sizeof *w->queries);
    w->queries[w->n++] = q;
    plant(w, (uint32_t)(w->n - 1) * 2);
    if (q.near > 0)
        plant(w, (uint32_t)(w->n - 1) * 2 + 1);
    return 0;
}

/* ---- finding ---- */

struct search {
    struct watch *w;
    struct str text;
    void (*fn)(void *ctx, const struct watch_hit *hit);
    void *ctx;
};

static bool is_word(const struct search *s, const struct word *word,
                    const struct wanted *want)
{
    const char *folded = s->w->folded + word->fold;
    char exact[4 * WORD_BYTES];
    size_t n;

    if ((want->is_caps && !word->is_caps) || word->n_fold < want->n ||
        (!want->is_prefix && word->n_fold != want->n) ||
        memcmp(folded, want->fold, want->n) != 0)
        return false;
    if (want->exact == NULL)
        return true;
    n = fold(str_slice(s->text, word->start, word->end), true, exact);
    return want->is_prefix ? str_has_prefix((struct str){exact, n}, str_of(want->exact))
                           : str_eq((struct str){exact, n}, str_of(want->exact));
}

static void tell(const struct search *s, const struct query *q, uint32_t from,
                 uint32_t to)
{
    const struct word *words = s->w->words;
    struct watch_hit hit = {q->number, words[from].start, words[to].end,
                            to - from + 1 == s->w->n_words};

    s->fn(s->ctx, &hit);
}

/* The words behind `from` up to `to` are in one paragraph. */
static bool go_on(const struct watch *w, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i <= to; i++)
        if (w->words[i].is_fresh)
            return false;
    return true;
}

static void found_near(const struct search *s, struct query *q, unsigned which,
                       uint32_t from, uint32_t to)
{
    unsigned other = 1 - which;

    if (q->stamp != s->w->stamp) {
        q->stamp = s->w->stamp;
        q->has[0] = q->has[1] = false;
    }
    if (q->has[other] && q->to[other] < from && from - q->to[other] - 1 <= q->near &&
        go_on(s->w, q->from[other], to))
        tell(s, q, q->from[other], to);
    q->has[which] = true;
    q->from[which] = from;
    q->to[which] = to;
}

static void try_part(const struct search *s, uint32_t number, uint32_t at)
{
    struct query *q = &s->w->queries[number / 2];
    const struct part *part = &q->parts[number % 2];
    uint32_t to = at + (uint32_t)part->n - 1;

    if (part->n > s->w->n_words - at || !go_on(s->w, at, to))
        return;
    for (size_t i = 0; i < part->n; i++)
        if (!is_word(s, &s->w->words[at + i], &part->words[i]))
            return;
    if (q->near > 0)
        found_near(s, q, number % 2, at, to);
    else
        tell(s, q, at, to);
}

static void try_list(const struct search *s, uint32_t number, uint32_t at)
{
    while (number != NONE) {
        try_part(s, number, at);
        number = s->w->queries[number / 2].parts[number % 2].next;
    }
}

void watch_find(struct watch *w, const struct tokens *t,
                void (*fn)(void *ctx, const struct watch_hit *hit), void *ctx)
{
    struct search s = {w, t->text, fn, ctx};

    if (w->n == 0)
        return;
    w->stamp++;
    read_words(w, t);
    for (size_t i = 0; i < w->n_words; i++) {
        const struct word *word = &w->words[i];
        uint32_t at = 0;

        for (size_t b = 0; at != NONE && b < word->n_fold; b++) {
            at = child_of(w, at, (unsigned char)w->folded[word->fold + b]);
            if (at != NONE)
                try_list(&s, w->places[at].prefix, (uint32_t)i);
        }
        if (at != NONE && word->n_fold > 0)
            try_list(&s, w->places[at].exact, (uint32_t)i);
    }
}
