#include "spell.h"

#define WORD_MAX 31

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c == '-' || c == ' ' ? '_' : c;
}

size_t spell_distance(struct str a, struct str b)
{
    size_t d[WORD_MAX + 1][WORD_MAX + 1];

    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i <= a.n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= b.n; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a.n; i++)
        for (size_t j = 1; j <= b.n; j++) {
            char x = folded(a.p[i - 1]), y = folded(b.p[j - 1]);

            d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
                            d[i - 1][j - 1] + (x == y ? 0 : 1));
            if (i > 1 && j > 1 && x == folded(b.p[j - 2]) && y == folded(a.p[i - 2]))
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.n][b.n];
}

void spell_offer(struct spell *s, const char *candidate)
{
    size_t distance = spell_distance(s->word, str_of(candidate));
    size_t bound = s->word.n <= 2 ? 0 : s->word.n <= 4 ? 1 : s->word.n <= 8 ? 2 : 3;

    if (distance > bound || (s->best != NULL && distance >= s->distance))
        return;
    s->best = candidate;
    s->distance = distance;
}
