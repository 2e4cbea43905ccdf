/* net_read.h - annotated texts as the network is trained on them */
#ifndef NEWSMQ_TRAIN_NET_READ_H
#define NEWSMQ_TRAIN_NET_READ_H

#include "examples.h"
#include "net.h"

/* Fills d with the sentences of all sources and, by `copies`, some of them in capitals.
   The vectors are there already. rows: of features. */
int net_read(const struct model *m, const struct source *sources, size_t n, double copies,
             uint64_t seed, size_t rows, struct net_data *d, struct err *e);

/* Vectors of floats, one after the other; each is brought to one length. */
int net_read_vectors(struct net_data *d, const char *path, size_t dimensions,
                     struct err *e);

#endif
