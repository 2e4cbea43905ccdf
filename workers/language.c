/* Which language a text is in. Letters are counted by script; where a script belongs to
   one language that is the answer. Else the small words of the languages that share it
   are counted, each the less the more languages have it, and letters that few have. What
   is near a draw, or too little, stays without an answer: a wrong language is worse than
   none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "language/words.h"

#define READ_MAX   4096 /* bytes of the text that are looked at */
#define TABLE_SIZE 8192 /* a power of two, over twice the words and letters */
#define WORD_MAX   24
#define NEEDED     0.5F /* of the score, to say anything */

struct slot {
    uint64_t hash;
    uint64_t languages; /* a bit for each */
};

struct language {
    struct slot words[TABLE_SIZE];
    struct slot letters[1024];
    float weight[LANGUAGES_MAX + 1]; /* of a word that so many languages have */
};

/* The scripts that have one language each, and ranges of code points. */
enum lone {
    LONE_EL,
    LONE_HE,
    LONE_TH,
    LONE_HY,
    LONE_KA,
    LONE_BN,
    LONE_TA,
    LONE_TE,
    LONE_KN,
    LONE_ML,
    LONE_GU,
    LONE_PA,
    LONE_SI,
    LONE_MY,
    LONE_KM,
    LONE_LO,
    LONE_AM,
    LONE_KO,
    LONE_HAN,
    LONE_KANA,
    LONES
};

static const char *const lone_codes[LONES] = {
    [LONE_EL] = "el", [LONE_HE] = "he", [LONE_TH] = "th",  [LONE_HY] = "hy",
    [LONE_KA] = "ka", [LONE_BN] = "bn", [LONE_TA] = "ta",  [LONE_TE] = "te",
    [LONE_KN] = "kn", [LONE_ML] = "ml", [LONE_GU] = "gu",  [LONE_PA] = "pa",
    [LONE_SI] = "si", [LONE_MY] = "my", [LONE_KM] = "km",  [LONE_LO] = "lo",
    [LONE_AM] = "am", [LONE_KO] = "ko", [LONE_HAN] = "zh", [LONE_KANA] = "ja",
};

struct range {
    uint32_t from, to;
    int script; /* enum script, or SCRIPTS + enum lone */
};

static const struct range ranges[] = {
    /* sorted */
    {0x0041, 0x024F, SCRIPT_LATIN},         {0x0370, 0x03FF, SCRIPTS + LONE_EL},
    {0x0400, 0x052F, SCRIPT_CYRILLIC},      {0x0531, 0x058F, SCRIPTS + LONE_HY},
    {0x0590, 0x05FF, SCRIPTS + LONE_HE},    {0x0600, 0x06FF, SCRIPT_ARABIC},
    {0x0750, 0x077F, SCRIPT_ARABIC},        {0x0900, 0x097F, SCRIPT_DEVANAGARI},
    {0x0980, 0x09FF, SCRIPTS + LONE_BN},    {0x0A00, 0x0A7F, SCRIPTS + LONE_PA},
    {0x0A80, 0x0AFF, SCRIPTS + LONE_GU},    {0x0B80, 0x0BFF, SCRIPTS + LONE_TA},
    {0x0C00, 0x0C7F, SCRIPTS + LONE_TE},    {0x0C80, 0x0CFF, SCRIPTS + LONE_KN},
    {0x0D00, 0x0D7F, SCRIPTS + LONE_ML},    {0x0D80, 0x0DFF, SCRIPTS + LONE_SI},
    {0x0E00, 0x0E7F, SCRIPTS + LONE_TH},    {0x0E80, 0x0EFF, SCRIPTS + LONE_LO},
    {0x1000, 0x109F, SCRIPTS + LONE_MY},    {0x10A0, 0x10FF, SCRIPTS + LONE_KA},
    {0x1100, 0x11FF, SCRIPTS + LONE_KO},    {0x1200, 0x137F, SCRIPTS + LONE_AM},
    {0x1780, 0x17FF, SCRIPTS + LONE_KM},    {0x1E00, 0x1EFF, SCRIPT_LATIN},
    {0x1F00, 0x1FFF, SCRIPTS + LONE_EL},    {0x3040, 0x30FF, SCRIPTS + LONE_KANA},
    {0x3400, 0x9FFF, SCRIPTS + LONE_HAN},   {0xAC00, 0xD7AF, SCRIPTS + LONE_KO},
    {0xFB50, 0xFEFC, SCRIPT_ARABIC},        {0xFF66, 0xFF9D, SCRIPTS + LONE_KANA},
    {0x20000, 0x2FA1F, SCRIPTS + LONE_HAN},
};

static int script_of(uint32_t cp)
{
    size_t lo = 0, hi = ARRAY_LEN(ranges);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (cp > ranges[mid].to)
            lo = mid + 1;
        else if (cp < ranges[mid].from)
            hi = mid;
        else
            return ranges[mid].script;
    }
    return -1;
}

/* Enough lower case for the letters that the words are written in. */
static uint32_t lower(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    if (cp <= 0xDE)
        return cp >= 0xC0 && cp != 0xD7 ? cp + 32 : cp;
    if (cp >= 0x100 && cp <= 0x17F) {
        if (cp == 0x130)
            return 'i';
        if ((cp >= 0x139 && cp <= 0x148) || cp >= 0x179)
            return cp + (cp & 1);
        return cp | 1;
    }
    if (cp == 0x18F)
        return 0x259;
    if (cp == 0x1A0 || cp == 0x1AF || (cp >= 0x218 && cp <= 0x21B))
        return cp == 0x1AF ? 0x1B0 : cp | 1;
    if (cp >= 0x410 && cp <= 0x42F)
        return cp + 32;
    if (cp >= 0x400 && cp <= 0x40F)
        return cp + 80;
    if ((cp >= 0x490 && cp <= 0x4FF) || (cp >= 0x1EA0 && cp <= 0x1EFF))
        return cp | 1;
    return cp;
}

/* ---- the table of words ---- */

static uint64_t hash_next(uint64_t h, uint32_t cp)
{
    return (h ^ cp) * UINT64_C(0x9E3779B97F4A7C15) ^ h >> 29;
}

static struct slot *slot_of(struct slot *table, size_t size, uint64_t hash)
{
    size_t i = (size_t)(hash >> 20) & (size - 1);

    while (table[i].languages != 0 && table[i].hash != hash)
        i = (i + 1) & (size - 1);
    return &table[i];
}

static void note(struct slot *table, size_t size, uint64_t hash, size_t language)
{
    struct slot *s = slot_of(table, size, hash);

    s->hash = hash;
    s->languages |= UINT64_C(1) << language;
}

static void add_words(struct language *l, size_t language)
{
    struct str rest = str_of(language_words[language].words);
    struct str letters = str_of(language_words[language].letters);

    while (rest.p != NULL) {
        struct str word = str_cut(&rest, ' ');
        uint64_t hash = 0;

        for (size_t i = 0, len; i < word.n; i += len)
            hash = hash_next(hash, utf8_decode(word.p + i, word.p + word.n, &len));
        if (word.n > 0)
            note(l->words, TABLE_SIZE, hash, language);
    }
    for (size_t i = 0, len; i < letters.n; i += len) {
        uint32_t cp = utf8_decode(letters.p + i, letters.p + letters.n, &len);

        note(l->letters, ARRAY_LEN(l->letters), hash_next(0, cp), language);
    }
}

static int language_open(const struct config_extractor *c, void **ret_state,
                         struct err *e)
{
    struct language *l = mem_new(sizeof *l);

    (void)c;
    (void)e;
    for (size_t i = 0; i < n_language_words; i++)
        add_words(l, i);
    for (size_t i = 1; i <= LANGUAGES_MAX; i++)
        l->weight[i] = 1.0F / (float)i;
    *ret_state = l;
    return 0;
}

static void language_close(void *state)
{
    free(state);
}

/* ---- counting ---- */

struct count {
    float score[LANGUAGES_MAX];
    size_t letters[SCRIPTS + LONES];
    size_t words;
};

static void add_to_all(const struct language *l, struct count *c, uint64_t languages,
                       float weight)
{
    weight *= l->weight[__builtin_popcountll(languages)];
    for (; languages != 0; languages &= languages - 1)
        c->score[__builtin_ctzll(languages)] += weight;
}

struct word {
    uint64_t hash;
    size_t n;
    uint32_t before, last; /* the code point in front of it, and its last one */
};

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019;
}

/* "15mm", and the C of "Type C": words of one such letter are French "c'" and "d'". */
static bool is_no_word(const struct word *w, uint32_t behind)
{
    static const char letters[] = "cdjlmnt";

    if (w->before >= '0' && w->before <= '9')
        return true;
    return w->n == 1 && w->last < 0x80 && strchr(letters, (int)w->last) != NULL &&
           !is_apostrophe(behind);
}

static void end_word(struct language *l, struct count *c, const struct word *w,
                     uint32_t behind)
{
    uint64_t hash = w->hash;

    if (w->n == 0 || is_no_word(w, behind))
        return;
    if (w->n == 1 && w->last == 's' && is_apostrophe(w->before))
        hash = hash_next(hash_next(0, '\''), 's');
    c->words++;
    if (w->n <= WORD_MAX)
        add_to_all(l, c, slot_of(l->words, TABLE_SIZE, hash)->languages, 1.0F);
}

static bool is_mark(uint32_t cp) /* vowel signs and joiners inside words */
{
    return (cp >= 0x300 && cp <= 0x36F) || cp == 0x200C || cp == 0x200D;
}

static void count_letter(struct language *l, struct count *c, uint32_t cp, int script)
{
    if (script >= 0)
        c->letters[script]++;
    if (cp >= 0x80 && script >= 0 && script < SCRIPTS)
        add_to_all(
            l, c, slot_of(l->letters, ARRAY_LEN(l->letters), hash_next(0, cp))->languages,
            0.5F);
}

static void count_text(struct language *l, struct str text, struct count *c)
{
    const char *end = text.n > 0 ? text.p + text.n : NULL;
    struct word w = {0};

    for (const char *p = text.n > 0 ? text.p : NULL; p < end;) {
        size_t len;
        uint32_t cp = lower(utf8_decode(p, end, &len));
        int script =
            cp < 0x80 ? (cp >= 'a' && cp <= 'z' ? SCRIPT_LATIN : -1) : script_of(cp);

        p += len;
        if (script < 0 && !is_mark(cp)) {
            end_word(l, c, &w, cp);
            w = (struct word){.before = cp};
            continue;
        }
        count_letter(l, c, cp, script);
        w.hash = hash_next(w.hash, cp);
        w.last = cp;
        w.n++;
    }
    end_word(l, c, &w, 0);
}

/* ---- deciding ---- */

static int biggest_script(struct count *c, size_t *ret_all)
{
    int best = -1;

    *ret_all = 0;
    c->letters[SCRIPTS + LONE_HAN] *= 2; /* a character is about half a word */
    c->letters[SCRIPTS + LONE_KANA] *= 2;
    c->letters[SCRIPTS + LONE_KO] *= 2;
    if (c->letters[SCRIPTS + LONE_KANA] * 12 > c->letters[SCRIPTS + LONE_HAN]) {
        c->letters[SCRIPTS + LONE_KANA] += c->letters[SCRIPTS + LONE_HAN];
        c->letters[SCRIPTS + LONE_HAN] = 0;
    }
    for (int i = 0; i < SCRIPTS + LONES; i++) {
        *ret_all += c->letters[i];
        if (best < 0 || c->letters[i] > c->letters[best])
            best = i;
    }
    return best;
}

/* What languages share cancels out in the difference; the rest is the evidence. */
static float sureness(float best, float second, size_t words)
{
    if (best < (float)words * 0.06F) /* names and numbers, or a language not here */
        return 0;
    return (1 - expf((second - best) * 1.2F)) * (1 - expf(-best * 0.9F));
}

static const char *decide(struct count *c, float *ret_score)
{
    size_t all, best = 0, second = 0;
    int script = biggest_script(c, &all);
    float share = all > 0 ? (float)c->letters[script] / (float)all : 0;
    bool any = false;

    *ret_score = share > 0.5F ? share : 0;
    if (all < 3)
        return NULL;
    if (script >= SCRIPTS)
        return lone_codes[script - SCRIPTS];
    for (size_t i = 0; i < n_language_words; i++) {
        if ((int)language_words[i].script != script)
            continue;
        if (!any || c->score[i] > c->score[best]) {
            second = best;
            best = i;
        } else if (second == best || c->score[i] > c->score[second]) {
            second = i;
        }
        any = true;
    }
    *ret_score *=
        sureness(c->score[best], second != best ? c->score[second] : 0, c->words);
    return language_words[best].code;
}

static int language_run(void *state, const struct item *it, struct result *out,
                        struct err *e)
{
    struct language *l = state;
    struct count c = {0};
    float score;
    const char *code;

    (void)e;
    count_text(l, str_head(it->title, READ_MAX), &c);
    count_text(l, str_head(it->content_text, READ_MAX), &c);
    code = decide(&c, &score);
    if (code == NULL || score < NEEDED)
        return 0;
    out->language = str_of(code);
    out->language_score = score > 0.99F ? 0.99F : score;
    return 0;
}

const struct extractor extractor_language = {
    .name = "language",
    .version = "1",
    .help = "the language of the text, by its script and small words",
    .open = language_open,
    .run = language_run,
    .close = language_close,
};
