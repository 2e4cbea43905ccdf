/* A document compresses to a tenth, seldom to a fiftieth. What grows two hundredfold and
   more is made to fill somebody's memory, and is refused after the first megabyte. */
#include <stdlib.h>

#include <zlib.h>

#include "newsmq/mem.h"

#include "unpack.h"

#define PIECE       ((size_t)32 * 1024)
#define GROWTH_FREE ((uint64_t)1 << 20) /* bytes before growth is looked at */
#define GROWTH_MAX  200

struct unpack {
    z_stream z;
    uint64_t in, out, max;
    bool is_ended;    /* at the end of a member */
    bool is_complete; /* of one at least */
    bool is_over;     /* what comes is ignored */
    unsigned char piece[PIECE];
};

bool unpack_begins(struct str head)
{
    const unsigned char *p = (const unsigned char *)head.p;

    if (head.n < 2)
        return false;
    if (p[0] == 0x1F && p[1] == 0x8B)
        return true;
    return p[0] == 0x78 && (p[1] == 0x01 || p[1] == 0x9C || p[1] == 0xDA);
}

struct unpack *unpack_new(size_t max_bytes)
{
    struct unpack *u = mem_new(sizeof *u);

    u->max = max_bytes > 0 ? max_bytes : UINT64_MAX;
    if (inflateInit2(&u->z, MAX_WBITS + 32) != Z_OK) /* 32: gzip or zlib */
        abort();                                     /* out of memory */
    return u;
}

void unpack_free(struct unpack *u)
{
    if (u == NULL)
        return;
    (void)inflateEnd(&u->z); /* fails only for a stream that is none */
    free(u);
}

static int check_size(struct unpack *u, struct err *e)
{
    if (u->out > u->max)
        return err_set(e, ERR_LIMIT, "more than %.3g MB when unpacked",
                       (double)u->max / 1e6);
    if (u->out > GROWTH_FREE && u->out / GROWTH_MAX > u->in)
        return err_set(e, ERR_LIMIT,
                       "the compressed document grows more than %dfold, refused",
                       GROWTH_MAX);
    return 0;
}

/* After a member another may follow (RFC 1952 §2.2); anything else there is ignored. */
static void begin_member(struct unpack *u)
{
    if (u->z.next_in[0] != 0x1F || inflateReset(&u->z) != Z_OK)
        u->is_over = true;
    u->is_ended = false;
}

/* Unpacks one piece of what is in the stream. */
static int step(struct unpack *u, bool (*take)(void *ctx, struct str), void *ctx,
                struct err *e)
{
    int rc, limit;
    size_t n;

    u->z.next_out = u->piece;
    u->z.avail_out = sizeof u->piece;
    rc = inflate(&u->z, Z_NO_FLUSH);
    n = sizeof u->piece - u->z.avail_out;
    u->out += n;
    limit = check_size(u, e);
    if (limit < 0)
        return limit;
    if (n > 0 && !take(ctx, (struct str){(char *)u->piece, n}))
        u->is_over = true;
    if (rc == Z_STREAM_END)
        u->is_ended = u->is_complete = true;
    else if (rc != Z_OK && rc != Z_BUF_ERROR && u->is_complete)
        u->is_over = true; /* not a member after all */
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
        return err_set(e, ERR_FORMAT, "the compressed document is damaged: %s",
                       u->z.msg != NULL ? u->z.msg : zError(rc));
    return 0;
}

static int unpack_part(struct unpack *u, bool (*take)(void *ctx, struct str), void *ctx,
                       struct err *e)
{
    int rc = 0;

    while (rc == 0 && !u->is_over) {
        if (u->is_ended && u->z.avail_in == 0)
            return 0;
        if (u->is_ended)
            begin_member(u);
        else
            rc = step(u, take, ctx, e);
        if (u->z.avail_in == 0 && u->z.avail_out > 0)
            return rc;
    }
    return rc;
}

int unpack_push(struct unpack *u, struct str bytes, bool (*take)(void *ctx, struct str),
                void *ctx, struct err *e)
{
    int rc = 0;

    while (bytes.n > 0 && !u->is_over && rc == 0) {
        struct str part = str_slice(bytes, 0, bytes.n < PIECE ? bytes.n : PIECE);
        union {
            const char *bytes;
            unsigned char *zlib; /* which does not write there */
        } in = {part.p};

        u->in += part.n;
        u->z.next_in = in.zlib;
        u->z.avail_in = (unsigned)part.n;
        rc = unpack_part(u, take, ctx, e);
        bytes = str_slice(bytes, part.n, bytes.n);
    }
    if (rc < 0)
        u->is_over = true;
    return rc;
}

bool unpack_is_complete(const struct unpack *u)
{
    return u->is_complete;
}
