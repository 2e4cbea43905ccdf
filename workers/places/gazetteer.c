/* Two text files, mapped and searched where they lie, so that nothing is read at start
   and all worker processes share the pages. Both are sorted by the bytes of their first
   column. What a line lacks is taken as empty, so that no file, whatever is in it, can do
   more than give no place. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utf8proc.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/text.h"

#include "gazetteer.h"

#define VERSION    1
#define FILE_LEAST 16
#define FILE_MOST  (256 << 20)

enum { FILE_PLACES, FILE_NAMES, FILES };

static const char *const file_names[FILES] = {
    [FILE_PLACES] = "places.tsv",
    [FILE_NAMES] = "names.tsv",
};

/* News come back to the same places: what was looked up is kept until another key wants
   its slot. A slot with n == 0 is empty; keys that do not fit are looked up each time. */
#define SLOTS    2048 /* a power of 2 */
#define SLOT_KEY 31

struct slot_key {
    uint8_t n;
    char bytes[SLOT_KEY];
};

struct slots {
    struct {
        struct slot_key key;
        struct str refs;
    } names[SLOTS];
    struct {
        struct slot_key id;
        bool is_there;
        struct place place;
    } places[SLOTS];
};

/* Where some lines begin, one in each stretch of the file, and the first bytes of their
   keys: the search begins there, in little memory. */
#define STRETCH 1024

struct index {
    uint64_t *keys;
    uint32_t *starts;
    size_t n, cap_keys, cap_starts;
};

struct gazetteer {
    void *maps[FILES];
    struct index indexes[FILES];
    struct str files[FILES]; /* the same as text */
    struct str body[FILES];  /* behind the first line */
    char sha256[SHA256_TEXT_MAX];
    struct slots *slots;
};

/* ---- opening ---- */

static int map_file(const char *path, void **ret_map, size_t *ret_n, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < FILE_LEAST ||
        st.st_size > FILE_MOST) {
        close(fd);
        return err_set(e, ERR_FORMAT, "%s: empty, too large or not a file", path);
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    *ret_map = p;
    *ret_n = (size_t)st.st_size;
    return 0;
}

/* "#places.tsv 1 BYTES XXH64" */
static int check_file(struct str file, const char *name, struct str *ret_body,
                      struct err *e)
{
    struct str rest = file, head = str_cut(&rest, '\n'), version;
    uint64_t number = 0, bytes = 0, hash = 0;

    if (rest.p == NULL || head.n == 0 || head.p[0] != '#')
        return err_set(e, ERR_FORMAT, "it is no data of places");
    head = str_slice(head, 1, head.n);
    if (!str_eq(str_cut(&head, ' '), str_of(name)))
        return err_set(e, ERR_FORMAT, "it is no data of places");
    version = str_cut(&head, ' ');
    if (!str_to_u64(version, &number) || number != VERSION)
        return err_set(e, ERR_FORMAT, "it has version " STR_FMT ", this program reads %d",
                       STR_ARG(str_head(version, 20)), VERSION);
    if (!str_to_u64(str_cut(&head, ' '), &bytes) || !str_hex_to_u64(head, &hash))
        return err_set(e, ERR_FORMAT, "its first line is damaged");
    if (bytes != rest.n)
        return err_set(e, ERR_FORMAT, "%zu bytes where %llu belong: it is cut off",
                       rest.n, (unsigned long long)bytes);
    if (hash_xxh64(rest, 0) != hash)
        return err_set(e, ERR_FORMAT, "it is damaged: its checksum is another");
    *ret_body = rest;
    return 0;
}

/* Eight bytes, the first of them weigh most. */
static uint64_t key_start(struct str key)
{
    uint64_t start = 0;

    for (size_t i = 0; i < 8; i++)
        start = start << 8 | (i < key.n ? (unsigned char)key.p[i] : 0);
    return start;
}

static void make_index(struct index *x, struct str body)
{
    for (size_t at = 0, next; at < body.n; at = next) {
        struct str line = str_slice(body, at, body.n);

        x->keys = mem_grow(x->keys, &x->cap_keys, x->n + 1, sizeof *x->keys);
        x->starts = mem_grow(x->starts, &x->cap_starts, x->n + 1, sizeof *x->starts);
        x->keys[x->n] = key_start(str_cut(&line, '\t'));
        x->starts[x->n++] = (uint32_t)at; /* below FILE_MOST */
        next = str_find_char(body, '\n', at + STRETCH);
        next = next == SIZE_MAX ? body.n : next + 1;
    }
}

static int open_file(struct gazetteer *g, size_t i, struct err *e)
{
    char *name = mem_printf("places/%s", file_names[i]), *path = os_data_path(name);
    int rc;

    if (path == NULL) {
        rc = err_set(e, -ENOENT,
                     "no %s in $NEWSMQ_DATA, beside the program or in the installed data "
                     "folder; install the data, or point NEWSMQ_DATA at it",
                     name);
    } else {
        rc = map_file(path, &g->maps[i], &g->files[i].n, e);
        g->files[i].p = g->maps[i];
        if (rc == 0 && check_file(g->files[i], file_names[i], &g->body[i], e) < 0)
            rc = err_wrap(e, "%s", path);
        if (rc == 0)
            make_index(&g->indexes[i], g->body[i]);
    }
    free(name);
    free(path);
    return rc;
}

int gazetteer_open(struct gazetteer **ret, struct err *e)
{
    struct gazetteer *g = mem_new(sizeof *g);

    g->slots = mem_new(sizeof *g->slots);
    for (size_t i = 0; i < FILES; i++) {
        int rc = open_file(g, i, e);

        if (rc < 0) {
            gazetteer_close(g);
            return rc;
        }
    }
    (void)hash_sha256_text(g->files, FILES, g->sha256);
    *ret = g;
    return 0;
}

void gazetteer_close(struct gazetteer *g)
{
    if (g == NULL)
        return;
    for (size_t i = 0; i < FILES; i++)
        if (g->maps[i] != NULL)
            (void)munmap(g->maps[i], g->files[i].n); /* what map_file mapped */
    for (size_t i = 0; i < FILES; i++) {
        free(g->indexes[i].keys);
        free(g->indexes[i].starts);
    }
    free(g->slots);
    free(g);
}

const char *gazetteer_sha256(const struct gazetteer *g)
{
    return g->sha256;
}

/* ---- names as keys; tools/gen_places does the same ---- */

static const char *special_letter(utf8proc_int32_t cp)
{
    switch (cp) {
    case 0xE6:
        return "ae";
    case 0xF0:
    case 0x111:
        return "d";
    case 0xF8:
        return "o";
    case 0xFE:
        return "th";
    case 0x127:
        return "h";
    case 0x131:
        return "i";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    case 0x259:
        return "a";
    default:
        return NULL;
    }
}

static bool is_left_out(utf8proc_int32_t cp)
{
    return cp == '\'' || cp == '.' || cp == '`' || cp == 0xB4 || cp == 0x2018 ||
           cp == 0x2019 || cp == 0x2BB || cp == 0x2BC;
}

static bool is_of_word(utf8proc_int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);

    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
           (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

struct folding {
    char *key;
    size_t n, word; /* word: where the last one begins */
    bool overflow, gap;
};

static void put(struct folding *f, const char *p, size_t n)
{
    if (f->n + n > GAZETTEER_KEY_MAX) {
        f->overflow = true;
        return;
    }
    memcpy(f->key + f->n, p, n);
    f->n += n;
}

/* What stands for a word that is not the last. */
static void end_word(struct folding *f, size_t first)
{
    static const struct {
        struct str is, becomes;
    } words[] = {{STR_INIT("st"), STR_INIT("saint")},
                 {STR_INIT("ste"), STR_INIT("sainte")},
                 {STR_INIT("mt"), STR_INIT("mount")},
                 {STR_INIT("ft"), STR_INIT("fort")}};
    struct str word = {f->key + f->word, f->n - f->word};

    if (f->word == first && str_eq(word, STR("the"))) {
        f->n = f->word;
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!str_eq(word, words[i].is))
            continue;
        f->n = f->word;
        put(f, words[i].becomes.p, words[i].becomes.n);
        break;
    }
}

static void put_point(struct folding *f, utf8proc_int32_t cp, size_t first)
{
    const char *other = special_letter(cp);
    char bytes[4];

    if (is_left_out(cp))
        return;
    if (!is_of_word(cp)) {
        f->gap = f->n > f->word;
        return;
    }
    if (f->gap) {
        end_word(f, first);
        if (f->n > first)
            put(f, " ", 1);
        f->word = f->n;
        f->gap = false;
    }
    if (other != NULL)
        put(f, other, strlen(other));
    else
        put(f, bytes, utf8_encode((uint32_t)cp, bytes));
}

/* Decomposed, in small letters, without marks; how many, 0 when it cannot be. */
static size_t points_of(struct str name, utf8proc_int32_t *points, size_t max)
{
    utf8proc_ssize_t n;
    size_t i = 0;

    for (; i < name.n && (unsigned char)name.p[i] < 0x80; i++)
        points[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i];
    if (i == name.n)
        return i;
    n = utf8proc_decompose((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n,
                           points, (utf8proc_ssize_t)max,
                           UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                               UTF8PROC_STRIPMARK);
    return n <= 0 || (size_t)n > max ? 0 : (size_t)n;
}

size_t gazetteer_fold(struct str name, char key[GAZETTEER_KEY_MAX], size_t from)
{
    utf8proc_int32_t points[GAZETTEER_KEY_MAX * 2];
    struct folding f = {.key = key, .n = from, .word = from};
    size_t n;

    if (name.n == 0 || name.n > ARRAY_LEN(points))
        return 0;
    n = points_of(name, points, ARRAY_LEN(points));
    for (size_t i = 0; i < n; i++)
        put_point(&f, points[i], from);
    return f.overflow || f.n == from ? 0 : f.n;
}

/* ---- searching ---- */

/* The rest of the line whose first column is key. */
static struct str find_line(struct str body, struct str key)
{
    size_t from = 0, to = body.n;

    while (from < to) {
        size_t start = from + (to - from) / 2, end;
        struct str line, first;
        int order;

        while (start > from && body.p[start - 1] != '\n')
            start--;
        end = str_find_char(str_slice(body, 0, to), '\n', start);
        if (end == SIZE_MAX)
            end = to;
        line = str_slice(body, start, end);
        first = str_cut(&line, '\t');
        order = str_cmp(first, key);
        if (order == 0)
            return line;
        if (order < 0)
            from = end + 1;
        else
            to = start;
    }
    return (struct str){NULL, 0};
}

/* How many of the index are in front of a key; or_equal: or begin as it does. */
static size_t in_front(const struct index *x, uint64_t key, bool or_equal)
{
    size_t lo = 0, hi = x->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (x->keys[mid] < key || (or_equal && x->keys[mid] == key))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static struct str find_in(const struct gazetteer *g, int file, struct str key)
{
    const struct index *x = &g->indexes[file];
    size_t before = in_front(x, key_start(key), false);
    size_t behind = in_front(x, key_start(key), true);
    size_t from = before > 0 ? x->starts[before - 1] : 0;
    size_t to = behind < x->n ? x->starts[behind] : g->body[file].n;

    if (from >= to)
        return (struct str){NULL, 0};
    return find_line(str_slice(g->body[file], from, to), key);
}

static size_t slot_of(struct str key)
{
    return (size_t)hash_xxh64(key, 0) & (SLOTS - 1);
}

static bool slot_has(const struct slot_key *slot, struct str key)
{
    return key.n > 0 && slot->n == key.n && memcmp(slot->bytes, key.p, key.n) == 0;
}

static void slot_set(struct slot_key *slot, struct str key)
{
    slot->n = key.n <= SLOT_KEY ? (uint8_t)key.n : 0;
    memcpy(slot->bytes, key.p, slot->n);
}

struct str gazetteer_find(const struct gazetteer *g, struct str key)
{
    size_t i = slot_of(key);

    if (!slot_has(&g->slots->names[i].key, key)) {
        g->slots->names[i].refs = find_in(g, FILE_NAMES, key);
        slot_set(&g->slots->names[i].key, key);
    }
    return g->slots->names[i].refs;
}

static bool find_kind(struct str s, enum place_kind *ret)
{
    static const struct str names[] = {
        [PLACE_COUNTRY] = STR_INIT("country"),
        [PLACE_PROVINCE] = STR_INIT("province"),
        [PLACE_CAPITAL] = STR_INIT("capital"),
        [PLACE_SEAT] = STR_INIT("seat"),
        [PLACE_CITY] = STR_INIT("city"),
        [PLACE_PART] = STR_INIT("part"),
        [PLACE_CONTINENT] = STR_INIT("continent"),
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(s, names[i])) {
            *ret = (enum place_kind)i;
            return true;
        }
    }
    return false;
}

/* "-33.87"; 0 for what is none. */
static double read_degrees(struct str s)
{
    double value = 0, unit = 0;
    bool minus = s.n > 0 && s.p[0] == '-';

    for (size_t i = minus ? 1 : 0; i < s.n && i < 12; i++) {
        if (s.p[i] == '.') {
            unit = 1;
        } else if (s.p[i] >= '0' && s.p[i] <= '9') {
            value = value * 10 + (s.p[i] - '0');
            unit *= 10;
        }
    }
    value = unit > 0 ? value / unit : value;
    if (value > 180)
        return 0;
    return minus ? -value : value;
}

/* A column; never absent. */
static struct str next(struct str *rest)
{
    struct str s = str_cut(rest, '\t');

    return s.p != NULL ? s : STR("");
}

static bool read_place(const struct gazetteer *g, struct str id, struct place *ret)
{
    struct str line = find_in(g, FILE_PLACES, id);
    struct place p = {.id = id};

    if (line.p == NULL || !find_kind(next(&line), &p.kind))
        return false;
    (void)next(&line); /* its name is for people */
    p.country = next(&line);
    p.province = next(&line);
    if (!str_to_u64(next(&line), &p.inhabitants))
        p.inhabitants = 0;
    p.lat = read_degrees(next(&line));
    p.lon = read_degrees(next(&line));
    p.geonames = next(&line);
    p.iso2 = next(&line);
    p.wikidata = next(&line);
    if (p.country.n != 0 && p.country.n != 2)
        return false;
    if (p.lat > 90 || p.lat < -90)
        return false;
    *ret = p;
    return true;
}

bool gazetteer_place(const struct gazetteer *g, struct str id, struct place *ret)
{
    size_t i = slot_of(id);

    if (!slot_has(&g->slots->places[i].id, id)) {
        g->slots->places[i].is_there = read_place(g, id, &g->slots->places[i].place);
        slot_set(&g->slots->places[i].id, id);
    }
    if (!g->slots->places[i].is_there)
        return false;
    *ret = g->slots->places[i].place;
    ret->id = id; /* the slot's may have been given by another */
    return true;
}
