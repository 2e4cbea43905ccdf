/* Gradients of the network, layer by layer from the scores back to the sums of tokens. */
#include "net_private.h"

size_t net_turned_size(const struct net *n)
{
    size_t width = n->shape.width;

    return n->shape.layers * 6 * width * width + LABEL_LANES * width;
}

static void turn(const float *from, size_t rows, size_t columns, float *to)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            to[c * rows + r] = from[r * columns + c];
}

void net_turn(const struct net *n, float *turned)
{
    size_t width = n->shape.width, size = 6 * width * width;

    for (size_t i = 0; i < n->shape.layers; i++)
        turn(n->dense + n->at.layer + i * size, 3 * width, 2 * width, turned + i * size);
    turn(n->dense + n->at.output, width, LABEL_LANES, turned + n->shape.layers * size);
}

static void add_columns(const float *from, size_t rows, size_t columns, float *to)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            to[c] += from[r * columns + c];
}

/* Weights that turned `in` (rows × depth, each in_row apart) into sums of which the
   gradients are back (rows × columns). */
static void back_weights(const float *in, size_t in_row, size_t depth, const float *back,
                         size_t columns, size_t rows, float *gradients)
{
    net_multiply(&(struct net_product){
        .a = in,
        .b = back,
        .c = gradients,
        .rows = depth,
        .depth = rows,
        .columns = columns,
        .a_row = 1,
        .a_step = in_row,
        .b_row = columns,
        .c_row = columns,
    });
}

static void back_output(struct net_pass *p, const float *turned, float *gradients)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, layers = n->shape.layers, tokens = p->sentence->n;
    const float *kept = p->kept[layers] + width;
    float scale = 1 / (1 - p->drop);

    back_weights(kept, width, width, p->score_back, LABEL_LANES, tokens,
                 gradients + n->at.output);
    add_columns(p->score_back, tokens, LABEL_LANES, gradients + n->at.output_bias);
    memset(p->back, 0, tokens * width * sizeof *p->back);
    net_multiply(&(struct net_product){
        .a = p->score_back,
        .b = turned,
        .c = p->back,
        .rows = tokens,
        .depth = LABEL_LANES,
        .columns = width,
        .a_row = LABEL_LANES,
        .a_step = 1,
        .b_row = width,
        .c_row = width,
    });
    for (size_t i = 0; i < tokens * width; i++)
        p->back[i] = kept[i] == 0 ? 0 : p->back[i] * scale;
}

/* Gradients go to the half that was larger. */
static void spread(struct net_pass *p, size_t layer)
{
    size_t width = p->net->shape.width;

    for (size_t i = 0; i < p->sentence->n; i++)
        for (size_t d = 0; d < width; d++) {
            bool second = p->second[layer][i * width + d] != 0;
            float back = p->back[i * width + d];

            p->wide[i * 2 * width + d] = second ? 0 : back;
            p->wide[i * 2 * width + width + d] = second ? back : 0;
        }
}

/* Each token was seen by itself and by both its neighbours. */
static void gather(struct net_pass *p, size_t layer)
{
    size_t width = p->net->shape.width, tokens = p->sentence->n;
    const float *kept = p->kept[layer] + width;
    float scale = 1 / (1 - p->drop);

    for (size_t i = 0; i < tokens; i++) {
        const float *own = p->inputs + i * 3 * width + width;
        const float *next = i + 1 < tokens ? own + 2 * width : NULL;
        const float *before = i > 0 ? own - 2 * width : NULL;

        for (size_t d = 0; d < width; d++) {
            float sum =
                own[d] + (next != NULL ? next[d] : 0) + (before != NULL ? before[d] : 0);

            p->back[i * width + d] += kept[i * width + d] == 0 ? 0 : sum * scale;
        }
    }
}

static void back_layer(struct net_pass *p, size_t layer, const float *turned,
                       float *gradients)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, tokens = p->sentence->n;

    spread(p, layer);
    back_weights(p->kept[layer], width, 3 * width, p->wide, 2 * width, tokens,
                 gradients + n->at.layer + layer * 6 * width * width);
    add_columns(p->wide, tokens, 2 * width,
                gradients + n->at.layer_bias + layer * 2 * width);
    memset(p->inputs, 0, tokens * 3 * width * sizeof *p->inputs);
    net_multiply(&(struct net_product){
        .a = p->wide,
        .b = turned,
        .c = p->inputs,
        .rows = tokens,
        .depth = 2 * width,
        .columns = 3 * width,
        .a_row = 2 * width,
        .a_step = 1,
        .b_row = 3 * width,
        .c_row = 3 * width,
    });
    gather(p, layer);
}

void net_backward(struct net_pass *p, const float *turned, float *gradients)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, tokens = p->sentence->n, size = 6 * width * width;

    back_output(p, turned + n->shape.layers * size, gradients);
    for (size_t layer = n->shape.layers; layer-- > 0;)
        back_layer(p, layer, turned + layer * size, gradients);
    for (size_t i = 0; i < tokens * width; i++)
        if (p->states[0][i] < 0)
            p->back[i] *= NET_SLOPE;
    back_weights(p->vectors, n->shape.dimensions, n->shape.dimensions, p->back, width,
                 tokens, gradients + n->at.vector);
    add_columns(p->back, tokens, width, gradients + n->at.bias);
}
