/* Products of matrices, in tiles that stay in registers. */
#include "net_private.h"

#define TILE_ROWS    4
#define TILE_COLUMNS 16

typedef float lanes __attribute__((vector_size(8 * sizeof(float))));

/* By address: how a vector is passed depends on the processor. */
static inline void get(lanes *to, const float *from)
{
    memcpy(to, from, sizeof *to);
}

static inline void put(float *to, const lanes *from)
{
    memcpy(to, from, sizeof *from);
}

/* Rows [row, row + rows) of 16 columns. */
static inline __attribute__((always_inline)) void tile(const struct net_product *p,
                                                       size_t row, size_t rows,
                                                       size_t column)
{
    const float *a = p->a + row * p->a_row, *b = p->b + column;
    lanes low[TILE_ROWS], high[TILE_ROWS];

    for (size_t r = 0; r < rows; r++) {
        get(&low[r], p->c + (row + r) * p->c_row + column);
        get(&high[r], p->c + (row + r) * p->c_row + column + 8);
    }
    for (size_t d = 0; d < p->depth; d++, a += p->a_step, b += p->b_row) {
        lanes left, right;

        get(&left, b);
        get(&right, b + 8);
        for (size_t r = 0; r < rows; r++) {
            low[r] += a[r * p->a_row] * left;
            high[r] += a[r * p->a_row] * right;
        }
    }
    for (size_t r = 0; r < rows; r++) {
        put(p->c + (row + r) * p->c_row + column, &low[r]);
        put(p->c + (row + r) * p->c_row + column + 8, &high[r]);
    }
}

void net_multiply(const struct net_product *p)
{
    for (size_t column = 0; column < p->columns; column += TILE_COLUMNS) {
        size_t row = 0;

        for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS)
            tile(p, row, TILE_ROWS, column);
        for (; row < p->rows; row++)
            tile(p, row, 1, column);
    }
}
