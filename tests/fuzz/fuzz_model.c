/* A model that the test trained, some of its bytes changed and its checksum made right:
   it is refused, or reads a text without touching what is not its own. */
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "../../workers/tagger/tagger.h"
#include "toymodel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 136 /* bytes of the head; see docs/models.md */

static const char *const words[] = {
    "Ana", "Bolt", "of",   "Dorin", "met", "Hugo", "Sato",  "in",     "Vesk",
    ",",   "The",  "Pell", "Party", "won", "the",  "Amora", "River",  "vote",
    ".",   "U.N.", "(",    "UN",    ")",   "Mr",   "2024",  "al-Din", "said",
};

static struct str whole_model(void)
{
    static struct strbuf bytes = {.max = 1 << 24};
    char *path;
    struct err e;

    if (bytes.n > 0)
        return strbuf_str(&bytes);
    path = toy_model();
    if (os_read_file(path, bytes.max, &bytes, &e) < 0)
        abort();
    unlink(path);
    free(path);
    return strbuf_str(&bytes);
}

/* Five bytes each: where (four) and what. */
static void change(char *bytes, size_t n, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 5 <= size; i += 5) {
        uint32_t at;

        memcpy(&at, data + i, sizeof at);
        bytes[data[i] % 2 == 0 ? at % n : at % (8 * HEAD) % n] = (char)data[i + 4];
    }
    model_seal(bytes, n);
}

static void read_text(struct model *m, enum tagger_mode mode)
{
    struct str tokens[ARRAY_LEN(words)];
    const struct name_span *s;
    struct tagger *t;
    struct err e;
    size_t n;

    if (tagger_open_model(m, mode, &t, &e) < 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        tokens[i] = str_of(words[i]);
    n = tagger_run(t, tokens, ARRAY_LEN(tokens), NULL, 0, &s);
    for (size_t i = 0; i < n; i++)
        if (s[i].from >= s[i].to || s[i].to > ARRAY_LEN(tokens) ||
            s[i].subtype >= SUBTYPES)
            abort();
    tagger_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str whole = whole_model();
    char *bytes = aligned_alloc(MODEL_ALIGN, (whole.n + 63) / 64 * 64);
    struct model *m;
    struct err e;

    if (bytes == NULL)
        abort();
    memcpy(bytes, whole.p, whole.n);
    change(bytes, whole.n, data, size);
    if (model_read((struct str){bytes, whole.n}, "fuzz", &m, &e) == 0)
        read_text(m, TAGGER_FAST);
    free(bytes);
    return 0;
}
