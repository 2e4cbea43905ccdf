/* The network in floats: forward, and back along the gradients. */
#include "net_private.h"

#include <math.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#define NOWHERE     UINT32_MAX
#define ROW_SCATTER 0.05F

/* ---- parameters ---- */

static size_t place(size_t *at, size_t n)
{
    size_t here = *at;

    *at += (n + 15) / 16 * 16;
    return here;
}

static struct net_places places_of(const struct net_shape *s)
{
    struct net_places p = {0};
    size_t at = 0;

    p.vector = place(&at, s->dimensions * s->width);
    p.bias = place(&at, s->width);
    p.layer = place(&at, s->layers * 6 * s->width * s->width);
    p.layer_bias = place(&at, s->layers * 2 * s->width);
    p.output = place(&at, s->width * LABEL_LANES);
    p.output_bias = place(&at, LABEL_LANES);
    p.transitions = place(&at, (size_t)LABELS * LABELS);
    p.starts = place(&at, LABELS);
    p.n = at;
    return p;
}

static void scatter(float *to, size_t n, float scale, struct chance *c)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (chance_unit(c) * 2 - 1) * scale;
}

void net_init(struct net *n, const struct net_shape *shape, uint64_t seed)
{
    struct chance c = chance_of(seed + 5);
    size_t width = shape->width;
    float *d;

    *n = (struct net){.shape = *shape, .at = places_of(shape)};
    d = n->dense = mem_new_array(n->at.n, sizeof *d);
    n->rows = mem_new_array(shape->rows * width, sizeof *n->rows);
    scatter(n->rows, shape->rows * width, ROW_SCATTER, &c);
    scatter(d + n->at.vector, shape->dimensions * width,
            0.7F * sqrtf(3.0F / (float)shape->dimensions), &c);
    scatter(d + n->at.layer, shape->layers * 6 * width * width,
            0.5F * sqrtf(1.0F / (float)width), &c);
    for (size_t i = 0; i < width; i++)
        scatter(d + n->at.output + i * LABEL_LANES, LABELS,
                0.5F * sqrtf(3.0F / (float)width), &c);
}

void net_fini(struct net *n)
{
    free(n->dense);
    free(n->rows);
    *n = (struct net){0};
}

void net_data_fini(struct net_data *d)
{
    free(d->rows);
    free(d->words);
    free(d->tokens);
    free(d->sentences);
    free(d->vectors);
    *d = (struct net_data){0};
}

/* ---- one pass ---- */

void net_pass_init(struct net_pass *p, const struct net *net, const struct net_data *d)
{
    size_t tokens = NET_TOKENS_MAX, states = (tokens + 2) * net->shape.width;

    *p = (struct net_pass){.net = net, .data = d};
    p->nameless = mem_new_array(tokens, sizeof *p->nameless);
    p->vectors = mem_new_array(tokens * net->shape.dimensions, sizeof(float));
    p->states = mem_new_array(net->shape.layers + 1, sizeof *p->states);
    p->kept = mem_new_array(net->shape.layers + 1, sizeof *p->kept);
    p->second = mem_new_array(net->shape.layers, sizeof *p->second);
    for (size_t i = 0; i <= net->shape.layers; i++) {
        p->states[i] = mem_new_array(states, sizeof(float));
        p->kept[i] = mem_new_array(states, sizeof(float));
        if (i < net->shape.layers)
            p->second[i] = mem_new_array(states, 1);
    }
    p->wide = mem_new_array(2 * states, sizeof(float));
    p->inputs = mem_new_array(3 * states, sizeof(float));
    p->back = mem_new_array(states, sizeof(float));
    p->scores = mem_new_array(tokens * LABEL_LANES, sizeof(float));
    p->score_back = mem_new_array(tokens * LABEL_LANES, sizeof(float));
}

void net_pass_fini(struct net_pass *p)
{
    for (size_t i = 0; i <= p->net->shape.layers; i++) {
        free(p->states[i]);
        free(p->kept[i]);
        if (i < p->net->shape.layers)
            free(p->second[i]);
    }
    free(p->nameless);
    free(p->vectors);
    free(p->states);
    free(p->kept);
    free(p->second);
    free(p->wide);
    free(p->inputs);
    free(p->back);
    free(p->scores);
    free(p->score_back);
}

static void add_row(float *to, const struct net *n, uint32_t row)
{
    const float *from = n->rows + (size_t)row * n->shape.width;

    for (size_t d = 0; d < n->shape.width; d++)
        to[d] += from[d];
}

static void add_rows(float *to, const struct net_pass *p, uint32_t from, uint32_t end)
{
    for (; from < end; from++)
        add_row(to, p->net, p->data->rows[from]);
}

/* The sum of token i: all but its vector. */
static void sum_token(struct net_pass *p, size_t i)
{
    const struct net *n = p->net;
    const struct net_token *t = &p->data->tokens[p->sentence->from + i];
    const struct net_word *w = &p->data->words[t->word];
    size_t dimensions = n->shape.dimensions;
    float *to = p->states[0] + i * n->shape.width, *vector = p->vectors + i * dimensions;

    memcpy(to, n->dense + n->at.bias, n->shape.width * sizeof *to);
    add_rows(to, p, p->nameless[i] ? w->naming : w->from, w->to);
    add_rows(to, p, t->from, t->to);
    if (p->set_row != NOWHERE)
        add_row(to, n, p->set_row);
    if (w->vector >= 0)
        memcpy(vector, p->data->vectors + (size_t)w->vector * dimensions,
               dimensions * sizeof *vector);
    else
        memset(vector, 0, dimensions * sizeof *vector);
}

static void read_tokens(struct net_pass *p)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, tokens = p->sentence->n;

    for (size_t i = 0; i < tokens; i++)
        sum_token(p, i);
    net_multiply(&(struct net_product){
        .a = p->vectors,
        .b = n->dense + n->at.vector,
        .c = p->states[0],
        .rows = tokens,
        .depth = n->shape.dimensions,
        .columns = width,
        .a_row = n->shape.dimensions,
        .a_step = 1,
        .b_row = width,
        .c_row = width,
    });
    for (size_t i = 0; i < tokens * width; i++)
        p->states[0][i] *= p->states[0][i] < 0 ? NET_SLOPE : 1;
}

/* What is kept of the states of a layer, scaled up for what is dropped. */
static void drop(struct net_pass *p, size_t layer, struct chance *c)
{
    size_t width = p->net->shape.width, n = p->sentence->n * width;
    uint32_t least = (uint32_t)(p->drop * 65536);
    float scale = 1 / (1 - p->drop);
    float *to = p->kept[layer] + width;

    memset(p->kept[layer], 0, width * sizeof *to);
    memset(to + n, 0, width * sizeof *to);
    if (p->drop > 0)
        for (size_t i = 0; i < n; i++)
            to[i] = (chance_next(c) & 0xFFFF) < least ? 0 : p->states[layer][i] * scale;
    else
        memcpy(to, p->states[layer], n * sizeof *to);
}

static void run_layer(struct net_pass *p, size_t layer)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, tokens = p->sentence->n;
    const float *bias = n->dense + n->at.layer_bias + layer * 2 * width;

    for (size_t i = 0; i < tokens; i++)
        memcpy(p->wide + i * 2 * width, bias, 2 * width * sizeof *bias);
    net_multiply(&(struct net_product){
        .a = p->kept[layer],
        .b = n->dense + n->at.layer + layer * 6 * width * width,
        .c = p->wide,
        .rows = tokens,
        .depth = 3 * width,
        .columns = 2 * width,
        .a_row = width,
        .a_step = 1,
        .b_row = 2 * width,
        .c_row = 2 * width,
    });
    for (size_t i = 0; i < tokens; i++)
        for (size_t d = 0; d < width; d++) {
            float a = p->wide[i * 2 * width + d], b = p->wide[i * 2 * width + width + d];

            p->second[layer][i * width + d] = b > a;
            p->states[layer + 1][i * width + d] =
                p->states[layer][i * width + d] + (b > a ? b : a);
        }
}

void net_forward(struct net_pass *p, const struct net_sentence *s, struct chance *c,
                 const struct net_plan *plan)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, layers = n->shape.layers;

    p->sentence = s;
    p->drop = plan != NULL ? plan->drop : 0;
    p->set_row = NOWHERE;
    if (plan != NULL && s->set > 0 && chance_unit(c) > plan->drop_set)
        p->set_row = (uint32_t)(s->set * UINT64_C(2654435761) & (n->shape.rows - 1));
    for (size_t i = 0; i < s->n; i++)
        p->nameless[i] = plan != NULL && chance_unit(c) < plan->drop_name;
    read_tokens(p);
    for (size_t layer = 0; layer < layers; layer++) {
        drop(p, layer, c);
        run_layer(p, layer);
    }
    drop(p, layers, c);
    for (size_t i = 0; i < s->n; i++)
        memcpy(p->scores + i * LABEL_LANES, n->dense + n->at.output_bias,
               LABEL_LANES * sizeof(float));
    net_multiply(&(struct net_product){
        .a = p->kept[layers] + width,
        .b = n->dense + n->at.output,
        .c = p->scores,
        .rows = s->n,
        .depth = width,
        .columns = LABEL_LANES,
        .a_row = width,
        .a_step = 1,
        .b_row = LABEL_LANES,
        .c_row = LABEL_LANES,
    });
}

void net_scores(const struct net *n, const struct net_data *d,
                const struct net_sentence *s, float *ret)
{
    struct net_pass p;

    net_pass_init(&p, n, d);
    net_forward(&p, s, NULL, NULL);
    memcpy(ret, p.scores, s->n * LABEL_LANES * sizeof *ret);
    net_pass_fini(&p);
}
