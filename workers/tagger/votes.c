#include "votes.h"

#include <stdlib.h>

#include "newsmq/mem.h"

#define WEIGHT  (3 * LABEL_UNIT / 2) /* of a text that agrees in all places */
#define IN_LONG 2                    /* votes of a word in a name of several */
#define KINDS   (1 + LABEL_TYPES)    /* no name, and the types */

struct form_votes {
    uint32_t turn; /* of the text that it was last in */
    uint32_t all, of[KINDS];
};

static unsigned kind_of(int label)
{
    return label == LABEL_O ? 0 : 1 + (unsigned)label_type(label);
}

void votes_begin(struct votes *v, size_t forms)
{
    if (forms > v->cap) {
        free(v->forms);
        v->cap = forms + forms / 2;
        v->forms = mem_new_array(v->cap, sizeof *v->forms);
        v->turn = 0;
    }
    if (++v->turn == 0) { /* all turns were used: forget them */
        memset(v->forms, 0, v->cap * sizeof *v->forms);
        v->turn = 1;
    }
}

void votes_fini(struct votes *v)
{
    free(v->forms);
    *v = (struct votes){0};
}

static uint32_t vote_of(const uint8_t *labels, size_t i, size_t n)
{
    bool goes_on = i + 1 < n && label_is_inside(labels[i + 1]);

    if (labels[i] == LABEL_O)
        return 1;
    return label_is_inside(labels[i]) || goes_on ? IN_LONG : 1;
}

void votes_count(struct votes *v, const struct spot *spots, const uint8_t *labels,
                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct form_votes *f;
        uint32_t vote;

        if (!word_is_capital(spots[i].word))
            continue;
        f = &v->forms[spots[i].word->form];
        if (f->turn != v->turn)
            *f = (struct form_votes){.turn = v->turn};
        vote = vote_of(labels, i, n);
        f->all += vote;
        f->of[kind_of(labels[i])] += vote;
    }
}

/* votes / (votes + 1): one other place says less than many. */
static int32_t weigh(uint32_t votes, uint32_t all)
{
    return (int32_t)((uint64_t)WEIGHT * votes / ((uint64_t)all + 1));
}

bool votes_apply(const struct votes *v, const struct spot *spots, const uint8_t *labels,
                 int32_t (*scores)[LABEL_LANES], size_t n)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        const struct form_votes *f = &v->forms[spots[i].word->form];
        uint32_t own;
        int32_t of[KINDS];

        if (!word_is_capital(spots[i].word))
            continue;
        own = vote_of(labels, i, n);
        if (f->all <= own)
            continue;
        for (unsigned k = 0; k < KINDS; k++)
            of[k] = weigh(f->of[k] - (k == kind_of(labels[i]) ? own : 0), f->all - own);
        for (int y = 0; y < LABELS; y++)
            scores[i][y] += of[kind_of(y)];
        any = true;
    }
    return any;
}
