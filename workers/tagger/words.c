#include <stdlib.h>

#include "newsmq/mem.h"

#include "attributes.h"
#include "mix.h"
#include "words.h"

#define CHUNK       256   /* words that are allocated at once */
#define KEPT        32768 /* words; with more, words_trim lets go of rare ones */
#define USES_KEPT   3
#define SLOTS_LEAST 4096
#define AHEAD       16 /* words that are on their way from memory at once */
#define CACHE_LINE  64

struct slot {
    uint64_t hash; /* of the text */
    struct word *word;
};

struct form_slot {
    uint64_t small;
    uint32_t number; /* + 1; 0: empty */
};

struct words {
    struct table numbers, lists, same, gaz;
    struct str same_text;
    const uint32_t *classes;
    size_t n_classes;
    struct topics topics;
    size_t word_bytes;
    words_fill *fill;
    void *ctx;

    struct slot *slots;
    size_t n, n_slots;
    struct form_slot *forms;
    size_t n_forms, forms_size;
    void **chunks;
    size_t n_chunks, chunks_cap, in_chunk;
    struct word *none;
};

/* ---- memory ---- */

static struct word *word_place(struct words *w)
{
    char *chunk;
    uintptr_t at;

    if (w->n_chunks == 0 || w->in_chunk == CHUNK) {
        w->chunks = mem_grow(w->chunks, &w->chunks_cap, w->n_chunks + 1, sizeof(void *));
        w->chunks[w->n_chunks++] = mem_new(CHUNK * w->word_bytes + _Alignof(struct word));
        w->in_chunk = 0;
    }
    chunk = w->chunks[w->n_chunks - 1];
    at = (uintptr_t)chunk % _Alignof(struct word);
    chunk += at == 0 ? 0 : _Alignof(struct word) - at;
    return (struct word *)(void *)(chunk + w->in_chunk++ * w->word_bytes);
}

static void free_chunks(void **chunks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(chunks[i]);
    free(chunks);
}

static void slots_put(struct slot *slots, size_t n, struct slot x)
{
    size_t i = (size_t)x.hash & (n - 1);

    while (slots[i].word != NULL)
        i = (i + 1) & (n - 1);
    slots[i] = x;
}

static void slots_grow(struct words *w)
{
    size_t size = w->n_slots == 0 ? SLOTS_LEAST : w->n_slots * 2;
    struct slot *bigger = mem_new_array(size, sizeof *bigger);

    for (size_t i = 0; i < w->n_slots; i++)
        if (w->slots[i].word != NULL)
            slots_put(bigger, size, w->slots[i]);
    free(w->slots);
    w->slots = bigger;
    w->n_slots = size;
}

/* ---- numbers of small forms ---- */

static size_t form_find(const struct form_slot *forms, size_t size, uint64_t small)
{
    size_t i = (size_t)small & (size - 1);

    while (forms[i].number != 0 && forms[i].small != small)
        i = (i + 1) & (size - 1);
    return i;
}

static void forms_grow(struct words *w)
{
    size_t size = w->forms_size == 0 ? SLOTS_LEAST : w->forms_size * 2;
    struct form_slot *bigger = mem_new_array(size, sizeof *bigger);

    for (size_t i = 0; i < w->forms_size; i++)
        if (w->forms[i].number != 0)
            bigger[form_find(bigger, size, w->forms[i].small)] = w->forms[i];
    free(w->forms);
    w->forms = bigger;
    w->forms_size = size;
}

static uint32_t form_number(struct words *w, uint64_t small)
{
    struct form_slot *f;

    if (w->n_forms * 2 >= w->forms_size)
        forms_grow(w);
    f = &w->forms[form_find(w->forms, w->forms_size, small)];
    if (f->number == 0)
        *f = (struct form_slot){small, (uint32_t)++w->n_forms};
    return f->number - 1;
}

/* ---- what the model knows ---- */

static struct str canonical_of(const struct words *w, struct str plain)
{
    uint32_t value;

    if (!table_get(&w->same, word_same_hash(plain), &value) ||
        (value & 0xFF) > WORD_BYTES_MAX || (value >> 8) + (value & 0xFF) > w->same_text.n)
        return plain;
    return str_slice(w->same_text, value >> 8, (value >> 8) + (value & 0xFF));
}

static int32_t number_of(const struct words *w, struct str small)
{
    uint32_t number = 0;
    size_t hyphen;
    bool known = table_get(&w->numbers, word_hash(small), &number);

    if (!known && small.n > 2 && small.p[small.n - 1] == '.')
        known =
            table_get(&w->numbers, word_hash(str_slice(small, 0, small.n - 1)), &number);
    for (hyphen = small.n; hyphen > 0 && small.p[hyphen - 1] != '-'; hyphen--)
        continue;
    if (!known && hyphen > 0 && hyphen < small.n)
        known =
            table_get(&w->numbers, word_hash(str_slice(small, hyphen, small.n)), &number);
    return known && number < w->n_classes ? (int32_t)number : -1;
}

static void set_known(const struct words *w, struct str small, struct word *word)
{
    uint32_t value;

    word->number = number_of(w, small);
    word->class64 = word->class512 = word->class2048 = -1;
    if (word->number >= 0) {
        value = w->classes[word->number];
        word->class64 = (int16_t)(value & 0x3F);
        word->class512 = (int16_t)(value >> 6 & 0x1FF);
        word->class2048 = (int16_t)(value >> 15 & 0x7FF);
    }
    if (table_get(&w->lists, word_hash(small), &value))
        word->lists = (uint16_t)value;
    word->lists |= (uint16_t)(str_eq(small, STR("-"))   ? LIST_HYPHEN
                              : str_eq(small, STR("(")) ? LIST_OPENS
                              : str_eq(small, STR(")")) ? LIST_CLOSES
                                                        : 0);
}

static struct word *word_make(struct words *w, struct str text)
{
    char plain_buf[FORM_BYTES_MAX], small_buf[FORM_BYTES_MAX];
    struct word *word = word_place(w);
    struct str small;
    uint32_t gaz;

    memset(word, 0, w->word_bytes);
    if (text.n > 0)
        memcpy(word->text, text.p, text.n);
    word->text_n = (uint8_t)text.n;
    small = form_read(canonical_of(w, form_plain(text, plain_buf)), word, small_buf);
    set_known(w, small, word);
    word->key = word_key(text);
    gaz = words_gaz(w, mix(GAZ_START, word->key));
    word->gaz = (uint16_t)(gaz & GAZ_MASK);
    word->goes_on = (gaz & GAZ_GOES_ON) != 0;
    word->form = form_number(w, word->small);
    return word;
}

/* ---- the cache ---- */

static struct word *word_add(struct words *w, size_t slot, uint64_t hash, struct str text)
{
    struct word *word = word_make(w, text);

    word->uses = 1;
    if (w->fill != NULL)
        w->fill(w->ctx, word);
    w->slots[slot] = (struct slot){hash, word};
    if (++w->n * 2 >= w->n_slots)
        slots_grow(w);
    return word;
}

static struct str head_of(struct str text)
{
    return text.n > WORD_BYTES_MAX ? str_head(text, WORD_BYTES_MAX) : text;
}

static struct word *get(struct words *w, struct str head, uint64_t hash)
{
    size_t i;

    for (i = (size_t)hash & (w->n_slots - 1); w->slots[i].word != NULL;
         i = (i + 1) & (w->n_slots - 1)) {
        struct word *word = w->slots[i].word;

        if (w->slots[i].hash == hash && word->text_n == head.n &&
            (head.n == 0 || memcmp(word->text, head.p, head.n) == 0)) {
            word->uses++;
            return word;
        }
    }
    return word_add(w, i, hash, head);
}

struct word *words_get(struct words *w, struct str text)
{
    struct str head = head_of(text);

    return get(w, head, mix_bytes(head, 0));
}

/* All of a word is read soon, and it is larger than what the processor fetches at once.
 */
static void fetch(const struct words *w, uint64_t hash)
{
    const char *word = (const char *)w->slots[hash & (w->n_slots - 1)].word;

    for (size_t at = 0; word != NULL && at < w->word_bytes; at += CACHE_LINE)
        __builtin_prefetch(word + at);
}

void words_get_all(struct words *w, const struct str *texts, size_t n,
                   const struct word **ret)
{
    struct str heads[AHEAD];
    uint64_t hashes[AHEAD];

    for (size_t from = 0, to; from < n; from = to) {
        to = n - from > AHEAD ? from + AHEAD : n;
        for (size_t i = from; i < to; i++) {
            heads[i - from] = head_of(texts[i]);
            hashes[i - from] = mix_bytes(heads[i - from], 0);
            __builtin_prefetch(&w->slots[hashes[i - from] & (w->n_slots - 1)]);
        }
        for (size_t i = from; i < to; i++)
            fetch(w, hashes[i - from]);
        for (size_t i = from; i < to; i++)
            ret[i] = get(w, heads[i - from], hashes[i - from]);
    }
}

struct word *words_none(struct words *w)
{
    return w->none;
}

size_t words_forms(const struct words *w)
{
    return w->n_forms;
}

const struct topics *words_topics(const struct words *w)
{
    return &w->topics;
}

uint32_t words_gaz(const struct words *w, uint64_t hash)
{
    uint32_t value;

    return table_get(&w->gaz, hash, &value) ? value : 0;
}

static void make_none(struct words *w)
{
    w->none = word_make(w, STR("<none>"));
    w->none->is = CASE_NONE;
    if (w->fill != NULL)
        w->fill(w->ctx, w->none);
}

static void keep_used(struct words *w, struct slot *old, size_t n)
{
    for (size_t i = 0; i < n && w->n < KEPT / 2; i++) {
        struct word *word;

        if (old[i].word == NULL || old[i].word->uses < USES_KEPT)
            continue;
        word = word_place(w);
        memcpy(word, old[i].word, w->word_bytes);
        word->uses = 0;
        word->form = form_number(w, word->small);
        slots_put(w->slots, w->n_slots, (struct slot){old[i].hash, word});
        w->n++;
    }
}

static void start(struct words *w, size_t n_slots)
{
    w->slots = mem_new_array(n_slots, sizeof *w->slots);
    w->n_slots = n_slots;
    w->n = 0;
    w->chunks = NULL;
    w->n_chunks = w->chunks_cap = 0;
    free(w->forms);
    w->forms = NULL;
    w->n_forms = w->forms_size = 0;
    make_none(w);
}

void words_trim(struct words *w)
{
    struct slot *old = w->slots;
    size_t n_old = w->n_slots, n_chunks = w->n_chunks;
    void **chunks = w->chunks;

    if (w->n <= KEPT)
        return;
    start(w, (size_t)KEPT * 2);
    keep_used(w, old, n_old);
    free(old);
    free_chunks(chunks, n_chunks);
}

static int open_tables(struct words *w, const struct model *m, struct err *e)
{
    struct str classes = model_section(m, "classes");
    int rc = table_open(m, "words", &w->numbers, e);

    if (rc == 0)
        rc = table_open(m, "lists", &w->lists, e);
    if (rc == 0)
        rc = table_open(m, "same", &w->same, e);
    if (rc == 0)
        rc = table_open(m, "gazetteer", &w->gaz, e);
    if (rc == 0)
        rc = topics_open(m, &w->topics, e);
    if (rc == 0 && classes.p == NULL)
        rc = model_fault(m, "classes", "is missing", e);
    if (rc < 0)
        return rc;
    w->same_text = model_section(m, "same_text");
    w->classes = (const uint32_t *)(const void *)classes.p;
    w->n_classes = classes.n / sizeof *w->classes;
    return 0;
}

int words_open(const struct model *m, size_t extra_bytes, words_fill *fill, void *ctx,
               struct words **ret, struct err *e)
{
    struct words *w = mem_new(sizeof *w);
    size_t align = _Alignof(struct word);
    int rc = open_tables(w, m, e);

    if (rc < 0) {
        free(w);
        return rc;
    }
    w->word_bytes = (sizeof(struct word) + extra_bytes + align - 1) / align * align;
    w->fill = fill;
    w->ctx = ctx;
    start(w, SLOTS_LEAST);
    *ret = w;
    return 0;
}

void words_close(struct words *w)
{
    if (w == NULL)
        return;
    free(w->slots);
    free(w->forms);
    free_chunks(w->chunks, w->n_chunks);
    free(w);
}
