/* Four files, read once and kept mapped, so that worker processes share their pages:

   names.txt    letters TAB word: c common, g given name, s surname, l link inside names
   phrases.tsv  kind TAB name [TAB other names, ';' between]
   titles.txt   one title or role a line weights.tsv  feature TAB one number for
   each class

   Private memory holds hashes only; names are slices of the mapped files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "lexicon.h"
#include "spans.h"

enum { FILE_NAMES, FILE_PHRASES, FILE_TITLES, FILE_WEIGHTS, FILES };

static const char *const file_names[FILES] = {
    [FILE_NAMES] = "gazetteer/names.txt",
    [FILE_PHRASES] = "gazetteer/phrases.tsv",
    [FILE_TITLES] = "gazetteer/titles.txt",
    [FILE_WEIGHTS] = "gazetteer/weights.tsv",
};

struct lexicon {
    void *maps[FILES];
    struct str files[FILES]; /* the same as text */
    char sha256[SHA256_TEXT_MAX];
    uint32_t
        *words; /* the hash's upper bits, and the lists in the lowest byte; 0: free */
    size_t n_words, words_size;
    struct phrase *phrases;
    size_t n_phrases, phrases_cap;
    uint32_t *phrase_index; /* number + 1; 0: free */
    size_t phrase_size;
    struct weights *weights; /* check 0: free */
    size_t n_weights, weights_size;
    struct words scratch; /* while loading */
};

/* ---- files ---- */

static int map_file(const char *path, void **ret_map, size_t *ret_n, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > (off_t)256 << 20) {
        close(fd);
        return err_set(e, ERR_FORMAT, "%s: empty, or not a file", path);
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    *ret_map = p;
    *ret_n = (size_t)st.st_size;
    return 0;
}

static int map_files(struct lexicon *l, struct err *e)
{
    for (size_t i = 0; i < FILES; i++) {
        char *path = os_data_path(file_names[i]);
        char *dir;
        int rc;

        if (path == NULL) {
            dir = os_program_dir();
            rc = err_set(e, -ENOENT,
                         "no %s in $NEWSMQ_DATA, %s/../share/newsmq or the installed data"
                         " folder; install the data, or point NEWSMQ_DATA at it",
                         file_names[i], dir);
            free(dir);
            return rc;
        }
        rc = map_file(path, &l->maps[i], &l->files[i].n, e);
        free(path);
        if (rc < 0)
            return rc;
        l->files[i].p = l->maps[i];
    }
    (void)hash_sha256_text(l->files, FILES, l->sha256);
    return 0;
}

static bool next_line(struct str *rest, struct str *ret)
{
    do {
        if (rest->p == NULL || rest->n == 0)
            return false;
        *ret = str_cut(rest, '\n');
    } while (ret->n == 0 || ret->p[0] == '#');
    return true;
}

static size_t count_lines(struct str text)
{
    size_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static size_t table_size(size_t n)
{
    size_t size = 64;

    while (size < n + n / 2)
        size *= 2;
    return size;
}

static int bad_line(const struct lexicon *l, int file, struct str line, struct err *e)
{
    size_t at = 1;

    for (const char *p = l->files[file].p; p < line.p; p++)
        at += *p == '\n';
    return err_set(e, ERR_FORMAT, "%s:%zu: cannot be read: '" STR_FMT "'",
                   file_names[file], at, STR_ARG(str_head(line, 60)));
}

/* ---- words ---- */

#define LISTS_MASK UINT32_C(0xFF)

/* 24 bits beside the place: one unknown word in ten million is taken for a known one. */
static uint32_t *word_slot(const struct lexicon *l, uint64_t hash)
{
    size_t i = (size_t)(hash >> 20) & (l->words_size - 1);
    uint32_t upper = (uint32_t)(hash >> 32);

    while (l->words[i] != 0 && ((l->words[i] ^ upper) & ~LISTS_MASK) != 0)
        i = (i + 1) & (l->words_size - 1);
    return &l->words[i];
}

static void add_word(struct lexicon *l, uint64_t hash, uint32_t lists)
{
    uint32_t *slot = word_slot(l, hash);

    *slot = ((uint32_t)(hash >> 32) & ~LISTS_MASK) | (*slot & LISTS_MASK) | lists;
}

static int load_words(struct lexicon *l, struct err *e)
{
    struct str rest = l->files[FILE_NAMES], line;

    l->words_size = table_size(count_lines(rest) + count_lines(l->files[FILE_TITLES]));
    l->words = mem_new_array(l->words_size, sizeof *l->words);
    while (next_line(&rest, &line)) {
        struct str word = line, letters = str_cut(&word, '\t');
        uint32_t lists = 0;

        for (size_t i = 0; i < letters.n; i++)
            lists |= letters.p[i] == 'c'   ? LIST_COMMON
                     : letters.p[i] == 'g' ? LIST_GIVEN
                     : letters.p[i] == 's' ? LIST_SURNAME
                     : letters.p[i] == 'l' ? LIST_LINK
                                           : 0;
        if (word.p == NULL || word.n == 0 || lists == 0)
            return bad_line(l, FILE_NAMES, line, e);
        add_word(l, key_hash(word), lists);
    }
    return 0;
}

/* ---- phrases ---- */

static uint64_t hash_of_text(struct lexicon *l, struct str text)
{
    uint64_t h = 0;

    words_read(&l->scratch, text);
    for (size_t i = 0; i < l->scratch.n; i++)
        h = phrase_hash(h, l->scratch.list[i].hash);
    return l->scratch.n <= PHRASE_TOKENS_MAX ? h : 0;
}

static uint32_t *phrase_slot(const struct lexicon *l, uint64_t hash)
{
    size_t i = (size_t)(hash >> 20) & (l->phrase_size - 1);

    while (l->phrase_index[i] != 0 && l->phrases[l->phrase_index[i] - 1].hash != hash)
        i = (i + 1) & (l->phrase_size - 1);
    return &l->phrase_index[i];
}

/* The first line that has a name says what it is; later ones add kinds. */
static void add_phrase(struct lexicon *l, struct str text, const struct phrase *like)
{
    uint64_t hash = hash_of_text(l, text);
    uint32_t *slot;

    if (hash == 0)
        return;
    slot = phrase_slot(l, hash);
    if (*slot != 0) {
        l->phrases[*slot - 1].kinds |= like->kinds;
        return;
    }
    l->phrases = mem_grow(l->phrases, &l->phrases_cap, l->n_phrases + 1, sizeof *like);
    l->phrases[l->n_phrases] = *like;
    l->phrases[l->n_phrases].hash = hash;
    *slot = (uint32_t)++l->n_phrases;
}

static bool find_kind(struct str name, uint32_t *ret)
{
    static const struct str names[PHRASE_KINDS] = {
        [PHRASE_COUNTRY] = STR_INIT("country"), [PHRASE_CITY] = STR_INIT("city"),
        [PHRASE_TOWN] = STR_INIT("town"),       [PHRASE_PROVINCE] = STR_INIT("province"),
        [PHRASE_REGION] = STR_INIT("region"),   [PHRASE_PEOPLE] = STR_INIT("people"),
        [PHRASE_ORG] = STR_INIT("org"),         [PHRASE_FACILITY] = STR_INIT("facility"),
        [PHRASE_LAW] = STR_INIT("law"),         [PHRASE_EVENT] = STR_INIT("event"),
        [PHRASE_WORK] = STR_INIT("work"),       [PHRASE_PRODUCT] = STR_INIT("product"),
        [PHRASE_MISC] = STR_INIT("misc"),       [PHRASE_TITLE] = STR_INIT("title"),
    };

    for (unsigned i = 0; i < PHRASE_KINDS; i++) {
        if (str_eq(names[i], name)) {
            *ret = UINT32_C(1) << i;
            return true;
        }
    }
    return false;
}

static int load_phrases(struct lexicon *l, struct err *e)
{
    struct str rest = l->files[FILE_PHRASES], line;
    size_t n = count_lines(rest) + count_lines(l->files[FILE_TITLES]);

    for (size_t i = 0; i < rest.n; i++)
        n += rest.p[i] == ';';
    l->phrase_size = table_size(n);
    l->phrase_index = mem_new_array(l->phrase_size, sizeof *l->phrase_index);
    while (next_line(&rest, &line)) {
        struct str part = line, kind = str_cut(&part, '\t');
        struct phrase p = {.name = str_cut(&part, '\t')};
        struct str others = str_cut(&part, '\t');

        if (!find_kind(kind, &p.kinds) || p.name.n == 0)
            return bad_line(l, FILE_PHRASES, line, e);
        add_phrase(l, p.name, &p);
        while (others.p != NULL && others.n > 0)
            add_phrase(l, str_cut(&others, ';'), &p);
    }
    return 0;
}

static void load_titles(struct lexicon *l)
{
    static const struct phrase title = {.kinds = UINT32_C(1) << PHRASE_TITLE};
    struct str rest = l->files[FILE_TITLES], line;

    while (next_line(&rest, &line)) {
        add_phrase(l, line, &title);
        words_read(&l->scratch, line);
        if (l->scratch.n > 0)
            add_word(l, l->scratch.list[0].hash, LIST_TITLE);
    }
}

/* ---- weights ---- */

static struct weights *weights_slot(const struct lexicon *l, uint64_t hash)
{
    size_t i = (size_t)hash & (l->weights_size - 1);
    uint32_t check = (uint32_t)(hash >> 32) | 1;

    while (l->weights[i].check != 0 && l->weights[i].check != check)
        i = (i + 1) & (l->weights_size - 1);
    return &l->weights[i];
}

static int load_weights(struct lexicon *l, struct err *e)
{
    struct str rest = l->files[FILE_WEIGHTS], line;

    l->weights_size = table_size(count_lines(rest));
    l->weights = mem_new_array(l->weights_size, sizeof *l->weights);
    while (next_line(&rest, &line)) {
        struct str numbers = line, feature = str_cut(&numbers, '\t');
        uint64_t hash = feature_hash(feature);
        struct weights *w = weights_slot(l, hash);
        size_t i;

        w->check = (uint32_t)(hash >> 32) | 1;
        for (i = 0; i < CLASSES && numbers.p != NULL; i++) {
            int64_t v;

            if (!str_to_i64(str_cut(&numbers, ' '), &v) || v < -127 || v > 127)
                break;
            w->of[i] = (int8_t)v;
        }
        if (i < CLASSES || hash == 0)
            return bad_line(l, FILE_WEIGHTS, line, e);
    }
    return 0;
}

/* ---- the whole ---- */

int lexicon_open(struct lexicon **ret, struct err *e)
{
    struct lexicon *l = mem_new(sizeof *l);
    int rc = map_files(l, e);

    if (rc == 0)
        rc = load_words(l, e);
    if (rc == 0)
        rc = load_phrases(l, e);
    if (rc == 0) {
        load_titles(l);
        rc = load_weights(l, e);
    }
    words_fini(&l->scratch);
    if (rc < 0) {
        lexicon_close(l);
        return rc;
    }
    *ret = l;
    return 0;
}

void lexicon_close(struct lexicon *l)
{
    if (l == NULL)
        return;
    for (size_t i = 0; i < FILES; i++)
        if (l->maps[i] != NULL)
            (void)munmap(l->maps[i], l->files[i].n); /* what map_file mapped */
    free(l->words);
    free(l->phrases);
    free(l->phrase_index);
    free(l->weights);
    free(l);
}

const char *lexicon_sha256(const struct lexicon *l)
{
    return l->sha256;
}

const struct phrase *lexicon_phrase(const struct lexicon *l, uint64_t hash)
{
    uint32_t number = *phrase_slot(l, hash);

    return number != 0 ? &l->phrases[number - 1] : NULL;
}

const struct weights *lexicon_weights(const struct lexicon *l, uint64_t feature)
{
    const struct weights *w = weights_slot(l, feature);

    return w->check != 0 ? w : NULL;
}

/* The longest title that begins at token i. */
static size_t title_length(const struct lexicon *l, const struct words *t, size_t i)
{
    uint64_t h = 0;
    size_t longest = 0;

    for (size_t n = 0; n < 4 && i + n < t->n; n++) {
        const struct phrase *p;

        h = phrase_hash(h, t->list[i + n].hash);
        p = lexicon_phrase(l, h);
        if (p != NULL && (p->kinds & UINT32_C(1) << PHRASE_TITLE) != 0)
            longest = n + 1;
    }
    return longest;
}

void lexicon_mark(const struct lexicon *l, struct words *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->list[i].lists = (uint8_t)(*word_slot(l, t->list[i].hash) & LISTS_MASK);
    for (size_t i = 0; i < t->n; i++) {
        size_t n = (t->list[i].lists & LIST_TITLE) != 0 ? title_length(l, t, i) : 0;

        for (size_t k = 0; k < n; k++)
            t->list[i + k].flags |= WORD_TITLE;
        i += n > 0 ? n - 1 : 0;
    }
}
