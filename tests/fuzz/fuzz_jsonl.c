/* Any bytes as an output file and its sidecar, and good ones that are then spoilt: the
   recovery never crashes; what it leaves is a prefix of what was written, or nothing was
   touched. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/hash.h"
#include "newsmq/os.h"

#include "../../daemon/sink/recover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX ((size_t)1 << 20)

struct input {
    const uint8_t *p;
    size_t n;
};

static uint8_t draw(struct input *in)
{
    if (in->n == 0)
        return 0;
    in->n--;
    return *in->p++;
}

static char place[] = "/tmp/nmq-fuzz-XXXXXX";

static void tidy(void)
{
    char path[64];

    (void)snprintf(path, sizeof path, "%s/x.jsonl", place);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/x.jsonl" SUMS_SUFFIX, place);
    (void)unlink(path);
    (void)rmdir(place); /* a crash leaves them, with what crashed it */
}

static const char *folder(void)
{
    static const char *made;

    if (made == NULL) {
        made = mkdtemp(place);
        if (made == NULL || atexit(tidy) != 0)
            abort();
    }
    return made;
}

static void put(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");

    if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
        abort();
}

/* ---- what was written ---- */

static void build(struct input *in, struct strbuf *file, struct strbuf *sums)
{
    struct sums_head head = {
        .created_ms = draw(in), .epoch = "e", .first_seq = 1u + draw(in)};
    uint64_t seq = head.first_seq;
    unsigned batches = draw(in) % 12;

    sums_head_write(&head, sums);
    for (unsigned i = 0; i < batches; i++) {
        struct sums_line l = {SUMS_BATCH, file->n, 0, seq, seq, 0, 0, 0};
        unsigned bytes = 2 + draw(in) * (draw(in) % 8u);

        for (unsigned k = 0; k + 1 < bytes; k++)
            (void)strbuf_add_char(file, (char)('a' + (k + i) % 26));
        (void)strbuf_add_char(file, '\n');
        l.bytes = bytes;
        l.last += bytes > 10 ? draw(in) % 8u : 0;
        l.hash = hash_xxh64(str_slice(strbuf_str(file), l.offset, file->n), 0);
        sums_line_write(&head, &l, sums);
        seq = l.last + 1;
    }
}

static void spoil(struct input *in, struct strbuf *b)
{
    size_t at = b->n > 0 ? (size_t)(draw(in) << 8 | draw(in)) % b->n : 0;
    size_t n = draw(in);

    switch (draw(in) % 4) {
    case 0:
        b->n = at;
        break;
    case 1:
        for (size_t i = at; i < b->n; i++)
            b->p[i] = '\0';
        break;
    case 2:
        for (size_t i = at; i < b->n && i < at + n; i++)
            b->p[i] = (char)draw(in);
        break;
    default:
        while (n-- > 0)
            (void)strbuf_add_char(b, (char)draw(in));
    }
}

/* ---- what is left ---- */

static struct strbuf get(const char *path)
{
    struct strbuf b = {.max = MAX * 2};

    if (os_read_file(path, MAX, &b, NULL) < 0)
        abort();
    return b;
}

static void assert_prefix(const struct strbuf *part, const struct strbuf *of, uint64_t n)
{
    if (part->n != n || n > of->n || !str_has_prefix(strbuf_str(of), strbuf_str(part)))
        abort();
}

static void recover(const struct strbuf *file, const struct strbuf *sums,
                    const struct strbuf *written)
{
    char path[64], sums_path[80];
    struct sums s = {0}, again = {0};
    struct strbuf left, sums_left;
    uint64_t cut = 0;
    struct err e;
    int rc;

    (void)snprintf(path, sizeof path, "%s/x.jsonl", folder());
    (void)snprintf(sums_path, sizeof sums_path, "%s" SUMS_SUFFIX, path);
    put(path, strbuf_str(file));
    put(sums_path, strbuf_str(sums));
    rc = recover_file(path, &s, &cut, &e);
    if (rc == ERR_GONE) {
        if (access(path, F_OK) == 0 || access(sums_path, F_OK) == 0 || file->n > 0)
            abort();
        return;
    }
    left = get(path);
    sums_left = get(sums_path);
    assert_prefix(&left, file, rc == 0 ? s.bytes : file->n);
    assert_prefix(&sums_left, sums, rc == 0 ? s.text_bytes : sums->n);
    if (rc == 0 && written != NULL)
        assert_prefix(&left, written, s.bytes);
    if (rc == 0 && s.bytes > 0 && /* once more changes nothing */
        (recover_file(path, &again, &cut, &e) != 0 || again.last != s.last || cut > 0))
        abort();
    sums_fini(&s);
    sums_fini(&again);
    strbuf_fini(&left);
    strbuf_fini(&sums_left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf file = {.max = MAX}, sums = {.max = MAX}, written = {.max = MAX};
    struct input in = {data, size};

    if (draw(&in) % 4 == 0) { /* any bytes, parted at the first NUL */
        struct str rest = {(const char *)in.p, in.n}, first = str_cut(&rest, '\0');

        (void)strbuf_add(&sums, first);
        (void)strbuf_add(&file, rest.p != NULL ? rest : STR(""));
        recover(&file, &sums, NULL);
    } else {
        build(&in, &file, &sums);
        (void)strbuf_add(&written, strbuf_str(&file));
        while (in.n > 0)
            spoil(&in, draw(&in) % 2 == 0 ? &file : &sums);
        recover(&file, &sums, &written);
    }
    strbuf_fini(&file);
    strbuf_fini(&sums);
    strbuf_fini(&written);
    return 0;
}
