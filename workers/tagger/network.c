#include "network.h"

#include <stdlib.h>

#include "network_features.h"
#include "network_format.h"
#include "network_kernel.h"

#include "newsmq/mem.h"

#define CHUNK     256   /* tokens whose states are in hand at a time */
#define WORD_MAX  16383 /* of the sum of a word: leaves room for that of its place */
#define SHIFT_MAX 30
#define ROWS_MAX  (UINT32_C(1) << 20)

/* A chunk with what the layers see in front of it and behind. */
#define TOKENS (CHUNK + (size_t)2 * NETWORK_LAYERS_MAX)
#define STATES (TOKENS + 2) /* with one of zeros at both ends */

struct network {
    struct network_rows rows;
    uint32_t vectors;
    const int8_t *vector_rows;
    const uint16_t *vector_scales; /* of 1/256 */
    const int16_t *input_bias;
    uint32_t layers;
    struct network_layer layer[NETWORK_LAYERS_MAX];
    struct network_layer output;
    const struct network_kernel *kernel;
    uint8_t near; /* 0: all tokens are looked at */
    const int32_t *far;
    int16_t *from, *to;       /* states */
    uint8_t distance[TOKENS]; /* to the next token that is asked for */
    uint32_t list[TOKENS];
};

/* ---- the section ---- */

/* False when no network has these sizes. */
static bool head_is_sound(const struct network_head *h)
{
    bool sound = h->version == NETWORK_VERSION && h->width > 0 && h->width % 16 == 0 &&
                 h->width <= NETWORK_WIDTH_MAX && h->layers > 0 &&
                 h->layers <= NETWORK_LAYERS_MAX && h->near <= NETWORK_NEAR_MAX &&
                 h->rows > 0 && h->rows <= ROWS_MAX && (h->rows & (h->rows - 1)) == 0 &&
                 h->vectors <= ROWS_MAX && h->output_shift > 0 &&
                 h->output_shift <= SHIFT_MAX;

    for (uint32_t i = 0; sound && i < h->layers; i++)
        sound = h->shift[i] > 0 && h->shift[i] <= SHIFT_MAX;
    return sound;
}

static size_t part_bytes(const struct network_head *h, unsigned part)
{
    size_t width = h->width;

    switch (part) {
    case NETWORK_ROWS:
        return h->rows * width;
    case NETWORK_VECTORS:
        return h->vectors * width;
    case NETWORK_SCALES:
        return h->vectors * sizeof(uint16_t);
    case NETWORK_INPUT_BIAS:
        return width * sizeof(int16_t);
    case NETWORK_OUTPUT:
        return width * LABEL_LANES * sizeof(int16_t);
    case NETWORK_OUTPUT_BIAS:
    case NETWORK_FAR:
        return (size_t)LABEL_LANES * sizeof(int32_t);
    default: /* weights and bias of the layers in turn */
        return part % 2 == NETWORK_LAYER_WEIGHTS % 2 ? 6 * width * width * sizeof(int16_t)
                                                     : 2 * width * sizeof(int32_t);
    }
}

size_t network_part_at(const struct network_head *h, unsigned part)
{
    size_t at = sizeof *h;

    for (unsigned before = 0; before < part; before++)
        at = (at + part_bytes(h, before) + NETWORK_ALIGN - 1) / NETWORK_ALIGN *
             NETWORK_ALIGN;
    return at;
}

static void point(struct network *n, const struct network_head *h, const char *bytes)
{
    n->rows.rows = (const void *)(bytes + network_part_at(h, NETWORK_ROWS));
    n->vector_rows = (const void *)(bytes + network_part_at(h, NETWORK_VECTORS));
    n->vector_scales = (const void *)(bytes + network_part_at(h, NETWORK_SCALES));
    n->input_bias = (const void *)(bytes + network_part_at(h, NETWORK_INPUT_BIAS));
    n->output.weights = (const void *)(bytes + network_part_at(h, NETWORK_OUTPUT));
    n->output.bias = (const void *)(bytes + network_part_at(h, NETWORK_OUTPUT_BIAS));
    n->output.shift = h->output_shift;
    n->far = (const void *)(bytes + network_part_at(h, NETWORK_FAR));
    for (unsigned i = 0; i < h->layers; i++) {
        unsigned part = NETWORK_LAYER_WEIGHTS + 2 * i;

        n->layer[i].weights = (const void *)(bytes + network_part_at(h, part));
        n->layer[i].bias = (const void *)(bytes + network_part_at(h, part + 1));
        n->layer[i].shift = h->shift[i];
    }
}

static struct network *network_new(const struct network_head *h, const char *bytes)
{
    size_t states = STATES * h->width * sizeof(int16_t);
    struct network *n = mem_new(sizeof *n);

    *n = (struct network){
        .rows = {.width = h->width, .mask = h->rows - 1},
        .vectors = h->vectors,
        .layers = h->layers,
        .near = (uint8_t)h->near,
        .kernel = network_avx2(),
        .from = mem_new(states),
        .to = mem_new(states),
    };
    if (n->kernel == NULL)
        n->kernel = &network_portable;
    point(n, h, bytes);
    return n;
}

int network_open(const struct model *m, struct network **ret, struct err *e)
{
    struct str section = model_section(m, NETWORK_SECTION);
    struct network_head head;

    if (section.p == NULL) {
        *ret = NULL;
        return 0;
    }
    if (section.n < sizeof head)
        return model_fault(m, NETWORK_SECTION, "is too short", e);
    memcpy(&head, section.p, sizeof head);
    if (head.version != NETWORK_VERSION)
        return model_fault(m, NETWORK_SECTION, "is of another version", e);
    if (!head_is_sound(&head) ||
        network_part_at(&head, NETWORK_PARTS(head.layers)) != section.n)
        return model_fault(m, NETWORK_SECTION, "does not fit its sizes", e);
    *ret = network_new(&head, section.p);
    return 0;
}

uint8_t network_near(const struct model *m)
{
    struct str section = model_section(m, NETWORK_SECTION);
    struct network_head head = {.near = 0};

    if (section.p != NULL && section.n >= sizeof head)
        memcpy(&head, section.p, sizeof head);
    return head.near > 0 && head_is_sound(&head) ? (uint8_t)head.near : UINT8_MAX;
}

void network_close(struct network *n)
{
    if (n == NULL)
        return;
    free(n->from);
    free(n->to);
    free(n);
}

/* ---- words ---- */

size_t network_extra_bytes(const struct network *n)
{
    return n->rows.width * sizeof(int16_t);
}

static void add_vector(const struct network *n, int32_t number, int32_t *sums)
{
    const int8_t *row;
    int32_t scale;

    if (number < 0 || (uint32_t)number >= n->vectors)
        return;
    row = n->vector_rows + (size_t)number * n->rows.width;
    scale = n->vector_scales[number];
    for (size_t d = 0; d < n->rows.width; d++)
        sums[d] += (row[d] * scale + 128) >> 8;
}

_Static_assert(NETWORK_WORD_FEATURES *INT8_MAX < INT16_MAX, "sums of rows are small");

/* The rows lie anywhere in the model: all are on their way before the first is added. */
static void add_rows(const struct network *n, const uint64_t *features, size_t count,
                     int16_t *sums)
{
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < n->rows.width; at += NETWORK_ALIGN)
            __builtin_prefetch(network_row(&n->rows, features[i]) + at);
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = network_row(&n->rows, features[i]);

        for (size_t d = 0; d < n->rows.width; d++)
            sums[d] = (int16_t)(sums[d] + row[d]);
    }
}

void network_fill(const struct network *n, const struct word *w, void *extra)
{
    uint64_t features[NETWORK_WORD_FEATURES];
    size_t width = n->rows.width;
    int16_t rows[NETWORK_WIDTH_MAX] = {0}, *ret = extra;
    int32_t sums[NETWORK_WIDTH_MAX];

    add_rows(n, features, network_word_features(w, features), rows);
    for (size_t d = 0; d < width; d++)
        sums[d] = n->input_bias[d] + rows[d];
    add_vector(n, w->number, sums);
    for (size_t d = 0; d < width; d++)
        ret[d] = (int16_t)(sums[d] > WORD_MAX    ? WORD_MAX
                           : sums[d] < -WORD_MAX ? -WORD_MAX
                                                 : sums[d]);
}

/* ---- sentences ---- */

/* A part of a sentence on its way through the layers. */
struct part {
    const struct network_kernel *kernel;
    const struct sentence *sentence;
    size_t extra_at;
    size_t from, tokens; /* with what the layers see around it */
    size_t before, n;    /* those in front of it; those that get scores */
    const bool *asked;   /* of those: which are looked at; NULL: all */
};

static bool is_asked(const struct network *n, const struct part *p, size_t i)
{
    const struct spot *spot = &p->sentence->spots[p->from + p->before + i];

    return (n->near == 0 || spot->from_capital <= n->near) &&
           (p->asked == NULL || p->asked[i]);
}

/* Of each token to the next that is asked for; UINT8_MAX when that is farther than any
   layer sees. */
static void find_distances(struct network *n, const struct part *p)
{
    memset(n->distance, UINT8_MAX, p->tokens);
    for (size_t i = 0; i < p->n; i++) {
        size_t at = p->before + i;

        if (!is_asked(n, p, i))
            continue;
        n->distance[at] = 0;
        for (size_t d = 1; d <= n->layers; d++) {
            if (d <= at && n->distance[at - d] > d)
                n->distance[at - d] = (uint8_t)d;
            if (at + d < p->tokens)
                n->distance[at + d] = (uint8_t)d;
        }
    }
}

/* Lists the tokens not farther than `reach` from what is asked for. Each layer sees one
   token to both sides, so what it needs of the one before reaches one further. */
static size_t list_tokens(struct network *n, const struct part *p, size_t reach)
{
    size_t count = 0;

    for (size_t i = 0; i < p->tokens; i++) {
        n->list[count] = (uint32_t)i;
        count += n->distance[i] <= reach;
    }
    return count;
}

static void read_tokens(struct network *n, const struct part *p, size_t count)
{
    uint64_t features[NETWORK_SPOT_FEATURES];

    for (size_t k = 0; k < count; k++) {
        size_t i = p->from + n->list[k];
        const struct word *w = p->sentence->spots[i].word;
        size_t of_spot = network_spot_features(p->sentence, i, features);

        p->kernel->token(&n->rows, (const void *)(w->extra + p->extra_at), features,
                         of_spot, n->from + (n->list[k] + (size_t)1) * n->rows.width);
    }
}

static void clear(int16_t *state, size_t width)
{
    memset(state, 0, width * sizeof *state);
}

static void run_layer(struct network *n, const struct part *p, uint32_t layer,
                      size_t count)
{
    size_t width = n->rows.width;
    int16_t *done = n->from;

    clear(n->from, width);
    clear(n->from + (p->tokens + 1) * width, width);
    p->kernel->layer(&n->layer[layer], width, n->from, n->list, count, n->to);
    n->from = n->to;
    n->to = done;
}

static void write_scores(struct network *n, const struct part *p, size_t count,
                         int32_t (*ret)[LABEL_LANES])
{
    for (size_t i = 0; i < p->n; i++)
        memcpy(ret[i], n->far, sizeof ret[i]);
    for (size_t k = 0; k < count; k++)
        n->list[k] -= (uint32_t)p->before;
    if (count > 0)
        p->kernel->output(&n->output, n->rows.width, n->from + p->before * n->rows.width,
                          n->list, count, ret);
}

static void run_part(struct network *n, const struct part *p, int32_t (*ret)[LABEL_LANES])
{
    size_t count, reach = n->layers;

    find_distances(n, p);
    count = list_tokens(n, p, reach);
    read_tokens(n, p, count);
    for (uint32_t i = 0; i < n->layers && count > 0; i++) {
        count = list_tokens(n, p, --reach);
        run_layer(n, p, i, count);
    }
    write_scores(n, p, count, ret);
}

void network_scores(struct network *n, const struct sentence *s, size_t from, size_t to,
                    size_t extra_at, const bool *asked, int32_t (*ret)[LABEL_LANES],
                    bool portable)
{
    struct part p = {.kernel = portable ? &network_portable : n->kernel,
                     .sentence = s,
                     .extra_at = extra_at};

    for (size_t first = from; first < to; first += p.n) {
        size_t end;

        p.n = to - first > CHUNK ? CHUNK : to - first;
        end = first + p.n;
        p.before = first < n->layers ? first : n->layers;
        p.from = first - p.before;
        p.tokens = (s->n - end > n->layers ? end + n->layers : s->n) - p.from;
        p.asked = asked != NULL ? asked + (first - from) : NULL;
        run_part(n, &p, ret + (first - from));
    }
}
