/* Which legacy encoding unlabelled bytes are in, from the shape of their runs beyond
   ASCII: pairs of two bytes are East Asian, told apart by where the first bytes lie; long
   runs of single bytes are an alphabet, told apart by where its letters lie; lone bytes
   are accents of Western Europe. Text of a few words is enough; a wrong guess shows as
   mojibake, never as an error. */
#include "charset.h"

struct shape {
    unsigned high, runs; /* bytes beyond ASCII, and how many runs of them */
    unsigned pairs,
        odd_runs; /* taken as pairs of A1–FE; runs that do not come out even */
    unsigned hangul, kana, hanzi;
    unsigned lead_then_ascii;           /* A4–F9, then 40–7E: Big5 */
    unsigned sjis_kana;                 /* 82, 83, then anything */
    unsigned low_half, high_half, top5; /* C0–DF, E0–FF, FB–FF */
    unsigned hebrew, thai, thai_only;   /* thai_only: A1–BF, no letters elsewhere */
};

static bool in(unsigned char c, unsigned from, unsigned to)
{
    return c >= from && c <= to;
}

static void count_letter(struct shape *s, unsigned char c)
{
    s->high++;
    s->low_half += in(c, 0xC0, 0xDF);
    s->high_half += in(c, 0xE0, 0xFF);
    s->top5 += in(c, 0xFB, 0xFF);
    s->hebrew += in(c, 0xE0, 0xFA);
    s->thai += in(c, 0xA1, 0xDA) || in(c, 0xDF, 0xFB);
    s->thai_only += in(c, 0xA1, 0xBF);
}

static void count_pair(struct shape *s, unsigned char lead)
{
    s->pairs++;
    s->hangul += in(lead, 0xB0, 0xC8);
    s->kana += in(lead, 0xA4, 0xA5);
    s->hanzi += in(lead, 0xB0, 0xF7);
}

static void count_run(struct shape *s, struct str run, bool is_last)
{
    s->runs++;
    for (size_t i = 0; i < run.n; i++)
        count_letter(s, (unsigned char)run.p[i]);
    for (size_t i = 0; i + 1 < run.n; i += 2)
        count_pair(s, (unsigned char)run.p[i]);
    s->odd_runs += run.n % 2 != 0 && !is_last;
}

static struct shape shape_of(struct str b)
{
    struct shape s = {0};

    for (size_t i = 0; i < b.n;) {
        size_t from = i;

        while (i < b.n && (signed char)b.p[i] < 0)
            i++;
        if (i > from)
            count_run(&s, str_slice(b, from, i), i == b.n);
        else
            i++;
    }
    for (size_t i = 0; i + 1 < b.n; i++) {
        unsigned char lead = (unsigned char)b.p[i], trail = (unsigned char)b.p[i + 1];

        if (lead < 0x80)
            continue;
        s.lead_then_ascii +=
            in(lead, 0xA4, 0xF9) && in(trail, 0x40, 0x7E) && trail != '<';
        s.sjis_kana += in(lead, 0x82, 0x83) && trail >= 0x40;
        i++;
    }
    return s;
}

static bool most(unsigned part, unsigned whole)
{
    return part * 10 >= whole * 9;
}

static const char *guess_pairs(const struct shape *s)
{
    if (s->sjis_kana * 3 >= s->pairs)
        return "shift_jis";
    if (s->kana * 3 >= s->pairs && s->odd_runs == 0)
        return "euc-jp";
    if (s->lead_then_ascii * 6 >= s->pairs)
        return "big5";
    if (s->odd_runs > 0)
        return NULL;
    if (most(s->hangul, s->pairs))
        return "euc-kr";
    return s->hanzi * 10 >= s->pairs * 6 ? "gb18030" : NULL;
}

static const char *guess_letters(const struct shape *s)
{
    if (most(s->thai, s->high) && s->thai_only * 5 >= s->high)
        return "tis-620";
    if (most(s->hebrew, s->high) && s->top5 == 0 && s->high >= 12)
        return "windows-1255";
    if (!most(s->low_half + s->high_half, s->high))
        return NULL;
    return s->low_half > s->high_half ? "koi8-r" : "windows-1251";
}

const char *charset_guess(struct str bytes)
{
    struct shape s = shape_of(bytes);
    const char *found = NULL;

    if (s.runs > 0 && s.high >= 6 && s.high >= s.runs * 2) {
        found = guess_pairs(&s);
        if (found == NULL && s.high >= s.runs * 3)
            found = guess_letters(&s);
    }
    return found != NULL ? found : "windows-1252";
}
