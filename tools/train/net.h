/* net.h - the network as it is trained: the sums of workers/tagger/network.h in floats */
#ifndef NEWSMQ_TRAIN_NET_H
#define NEWSMQ_TRAIN_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newsmq/str.h"

#include "tagger/labels.h"

#define NET_TOKENS_MAX 150 /* of a sentence; longer ones are left out */

struct net_shape {
    size_t width, layers;
    size_t rows;       /* of features; a power of 2 */
    size_t dimensions; /* of word vectors */
};

/* Where each kind of parameter begins among the dense ones. */
struct net_places {
    size_t vector;      /* [dimensions][width] */
    size_t bias;        /* [width] */
    size_t layer;       /* [layers][3 × width][2 × width] */
    size_t layer_bias;  /* [layers][2 × width] */
    size_t output;      /* [width][LABEL_LANES] */
    size_t output_bias; /* [LABEL_LANES] */
    size_t transitions; /* [LABELS][LABELS] */
    size_t starts;      /* [LABELS] */
    size_t n;
};

struct net {
    struct net_shape shape;
    struct net_places at;
    float *dense;
    float *rows; /* [rows][width] */
};

/* What is trained on: tokens of sentences, each with the rows of its features. */
struct net_word {
    uint32_t from, naming, to; /* rows of net_data; [from, naming) say which word it is */
    int32_t vector;            /* -1: none */
};

struct net_token {
    uint32_t word;     /* of net_data */
    uint32_t from, to; /* rows of net_data: what its place says */
    uint16_t mask;     /* bits of the labels that may be right */
    uint8_t distance;  /* from the next capital */
};

struct net_sentence {
    uint32_t from, n; /* tokens */
    float weight;
    float share;  /* how often it is looked at, once an epoch is 1 */
    uint32_t set; /* its corpus; 0: ours, whose scheme the model should learn */
};

struct net_data {
    uint32_t *rows;
    size_t n_rows, rows_cap;
    struct net_word *words;
    size_t n_words, words_cap;
    struct net_token *tokens;
    size_t n_tokens, tokens_cap;
    struct net_sentence *sentences;
    size_t n_sentences, sentences_cap;
    float *vectors; /* [words of the model][dimensions], each of one length */
    size_t n_vectors;
};

struct net_plan {
    unsigned epochs, averaged, batch, threads;
    float rate, row_rate;
    float drop, drop_name, drop_set;
    uint64_t seed;
};

void net_init(struct net *n, const struct net_shape *shape, uint64_t seed);
void net_fini(struct net *n);
void net_data_fini(struct net_data *d);

/* Trains n; a line on stderr after each epoch. The same with the same seed and the same
   number of threads. */
void net_fit(struct net *n, const struct net_data *d, const struct net_plan *plan);

/* The section "network" with the first n_vectors word vectors; the caller frees it.
   near: tokens farther from every capital get the mean of their scores; 0: all are looked
   at, for languages without capitals. */
struct str net_pack(const struct net *n, const struct net_data *d, size_t n_vectors,
                    uint32_t near);
struct str net_pack_steps(const struct net *n); /* the section "network-steps" */

/* Scores of a sentence, n × LABEL_LANES, in log-odds. */
void net_scores(const struct net *n, const struct net_data *d,
                const struct net_sentence *s, float *ret);

#endif
