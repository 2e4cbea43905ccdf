#include "topics.h"

#include <string.h>

#include "document.h"

#define SECTION "topics"

int topics_open(const struct model *m, struct topics *ret, struct err *e)
{
    struct str bytes = model_section(m, SECTION);
    struct topics_head head;

    *ret = (struct topics){0};
    if (bytes.p == NULL)
        return 0;
    if (bytes.n < sizeof head)
        return model_fault(m, SECTION, "is too short", e);
    memcpy(&head, bytes.p, sizeof head);
    if (head.topics == 0 || head.topics > TOPICS_MAX || head.topics % 16 != 0 ||
        bytes.n != sizeof head + (size_t)TOPICS_CLASSES * head.topics)
        return model_fault(m, SECTION, "does not fit its sizes", e);
    *ret =
        (struct topics){(const int8_t *)bytes.p + sizeof head, head.topics, head.least};
    return 0;
}

bool topics_counts(const struct word *w)
{
    return w->is == CASE_SMALL && w->number > TOPICS_COMMON;
}

static unsigned largest(const int32_t *sums, unsigned n)
{
    unsigned best = 0;

    for (unsigned k = 1; k < n; k++)
        if (sums[k] > sums[best])
            best = k;
    return best;
}

unsigned topics_choose(const struct topics *t, const struct document *d)
{
    int32_t sums[TOPICS_MAX] = {0};
    size_t words = 0;

    for (size_t k = 0; t->n > 0 && k < d->n; k++) {
        const struct sentence *s = &d->sentences[k];

        for (size_t i = 0; i < s->n; i++) {
            const struct word *w = s->spots[i].word;
            const int8_t *row;

            if (!topics_counts(w))
                continue;
            row = t->rows + (size_t)w->class2048 * t->n;
            words++;
            for (uint32_t y = 0; y < t->n; y++)
                sums[y] += row[y];
        }
    }
    return t->n == 0 || words < t->least ? 0 : largest(sums, t->n) + 1;
}
