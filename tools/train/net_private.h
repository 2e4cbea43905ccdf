/* net_private.h - what the files of the network's training share */
#ifndef NEWSMQ_TRAIN_NET_PRIVATE_H
#define NEWSMQ_TRAIN_NET_PRIVATE_H

#include "augment.h"
#include "net.h"

#define NET_SLOPE 0.125F /* of what is negative in the sum of a token */

/* One sentence on its way through the network and back. States have a token of zeros at
   both ends. */
struct net_pass {
    const struct net *net;
    const struct net_data *data;
    const struct net_sentence *sentence;
    float drop;             /* 0: not in training */
    uint32_t set_row;       /* of its corpus; UINT32_MAX: none */
    bool *nameless;         /* of each token: which word it is is not told */
    float *vectors;         /* [n][dimensions] */
    float **states;         /* layers + 1 × [n][width] */
    float **kept;           /* the same after dropout, [n + 2][width] */
    unsigned char **second; /* layers × [n][width]: the second half was larger */
    float *wide;            /* [n][2 × width] */
    float *inputs;          /* [n + 2][3 × width] */
    float *back;            /* [n][width]: gradients of the sums of tokens in the end */
    float *scores;          /* [n][LABEL_LANES] */
    float *score_back;
};

void net_pass_init(struct net_pass *p, const struct net *net, const struct net_data *d);
void net_pass_fini(struct net_pass *p);

void net_forward(struct net_pass *p, const struct net_sentence *s, struct chance *c,
                 const struct net_plan *plan);

/* From p->score_back to gradients, which are added; those of rows stay in p->back.
   turned: the weights of the layers and of the output, transposed. */
void net_backward(struct net_pass *p, const float *turned, float *gradients);
size_t net_turned_size(const struct net *n);
void net_turn(const struct net *n, float *turned);

/* C[r][c] += the sum over d of A[r × a_row + d × a_step] × B[d][c]. */
struct net_product {
    const float *a, *b;
    float *c;
    size_t rows, depth, columns; /* columns: a multiple of 16 */
    size_t a_row, a_step, b_row, c_row;
};
void net_multiply(const struct net_product *p);

#endif
