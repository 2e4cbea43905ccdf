/* What the tokenizer has to know of a language. Another one is one more entry of `all`.
 */
#include "tokens_private.h"

struct token_lists {
    struct str language;
    /* Sorted; with a capital as written, or all in capitals. */
    const char *const *titles, *const *numbers, *const *any;
    size_t n_titles, n_numbers, n_any;
    const char *const *begins;
    size_t n_begins;
    const char *const *slugs;
    size_t n_slugs;
};

static const char *const en_titles[] = {
    "Adm",   "Alh", "Amb",  "Atty", "Brig", "Bros", "Capt", "Cmdr",   "Col",
    "Comdr", "Cpl", "Cpt",  "Det",  "Dr",   "Drs",  "Engr", "Fr",     "Ft",
    "Gen",   "Gov", "Hon",  "Insp", "Lt",   "Ma",   "Maj",  "Messrs", "Mlle",
    "Mme",   "Mr",  "Mrs",  "Ms",   "Msgr", "Mt",   "Pfc",  "Pres",   "Prof",
    "Pvt",   "Rep", "Reps", "Rev",  "SS",   "Sen",  "Sens", "Sgt",    "Spc",
    "St",    "Ste", "Supt", "al",   "cf",   "v",    "viz",  "vs",
};

static const char *const en_numbers[] = {"Art", "Fig", "No",  "Nos", "Vol", "art",
                                         "fig", "no",  "nos", "pp",  "vol"};

static const char *const en_any[] = {
    "Apr",  "Ariz", "Ark",  "Assn", "Aug",    "Ave",  "Blvd", "Calif", "Cia",  "Cie",
    "Co",   "Colo", "Conn", "Corp", "Cos",    "Dec",  "Dept", "Dist",  "Esq",  "Feb",
    "Fla",  "Ga",   "Govt", "Ill",  "Inc",    "Ind",  "Jan",  "Jr",    "Jul",  "Jun",
    "Kan",  "Ky",   "La",   "Ltd",  "Mass",   "Md",   "Mfg",  "Mich",  "Minn", "Mo",
    "Mont", "Neb",  "Nev",  "Nov",  "Oct",    "Okla", "Ont",  "Ore",   "Pa",   "Penn",
    "Plc",  "Pty",  "Que",  "Rd",   "Sep",    "Sept", "Sr",   "Tenn",  "Tex",  "Univ",
    "Va",   "Vt",   "Wis",  "Wyo",  "approx", "dept", "est",  "etc",   "ft",   "govt",
    "lb",   "lbs",  "oz",
};

static const char *const en_begins[] = {
    "A",      "After",   "Again",   "All",     "Also",   "Although", "An",
    "And",    "Another", "Any",     "As",      "At",     "Because",  "Before",
    "Both",   "But",     "By",      "Despite", "During", "Each",     "Earlier",
    "Even",   "Few",     "For",     "From",    "He",     "Her",      "Here",
    "His",    "How",     "However", "I",       "If",     "In",       "Instead",
    "Is",     "It",      "Its",     "Last",    "Later",  "Many",     "Meanwhile",
    "More",   "Most",    "Much",    "My",      "No",     "Nor",      "Not",
    "Now",    "Of",      "On",      "Once",    "One",    "Only",     "Or",
    "Other",  "Others",  "Our",     "Out",     "Over",   "Police",   "She",
    "Since",  "So",      "Some",    "Still",   "Such",   "That",     "The",
    "Their",  "Then",    "There",   "These",   "They",   "This",     "Those",
    "Though", "Thus",    "To",      "Two",     "Under",  "Until",    "We",
    "What",   "When",    "Where",   "Whether", "Which",  "While",    "Who",
    "Why",    "With",    "Without", "Yes",     "Yet",    "You",      "Your",
};

static const char *const en_slugs[] = {
    "Advisory",  "Alpine",    "Analysis",      "Athletics",  "Auto",
    "Badminton", "Baseball",  "Basketball",    "Biathlon",   "Boxing",
    "Breaking",  "Chess",     "Chronology",    "Cricket",    "Cycling",
    "Digest",    "Diving",    "Exclusive",     "Explainer",  "Factbox",
    "Feature",   "Fencing",   "Football",      "Golf",       "Gymnastics",
    "HR",        "HRs",       "Handball",      "Highlights", "Hockey",
    "Insight",   "Interview", "Judo",          "Jumping",    "League",
    "L",         "Markets",   "Motorcycling",  "Motorsport", "Newsmaker",
    "Obituary",  "Olympics",  "Opinion",       "Poll",       "Preview",
    "Profile",   "Racing",    "Rallying",      "Recap",      "Results",
    "Roundup",   "Rowing",    "Rugby",         "Sailing",    "Scenarios",
    "Skating",   "Skiing",    "Snooker",       "Soccer",     "Squash",
    "Stocks",    "Summary",   "Swimming",      "Table",      "Tennis",
    "Text",      "Timeline",  "Triathlon",     "Update",     "Volleyball",
    "W",         "Watch",     "Weightlifting", "Wrapup",     "Wrestling",
};

/* Where nothing is known. */
static const struct token_lists none = {.language = STR_INIT("")};

static const struct token_lists all[] = {
    {STR_INIT("en"), en_titles, en_numbers, en_any, ARRAY_LEN(en_titles),
     ARRAY_LEN(en_numbers), ARRAY_LEN(en_any), en_begins, ARRAY_LEN(en_begins), en_slugs,
     ARRAY_LEN(en_slugs)},
};

const struct token_lists *token_lists_get(struct str language)
{
    if (language.p == NULL)
        language = STR("en");
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct str l = all[i].language;

        if (str_has_prefix_nocase(language, l) &&
            (language.n == l.n || language.p[l.n] == '-'))
            return &all[i];
    }
    return &none;
}

/* As listed, or all in capitals. */
static bool is_word(struct str word, const char *listed)
{
    bool as_listed = true, capitals = true;

    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)listed[i];

        if (c == 0)
            return false;
        as_listed &= (unsigned char)word.p[i] == c;
        capitals &= (unsigned char)word.p[i] == (c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    return listed[word.n] == 0 && (as_listed || (capitals && word.n > 1));
}

static bool has(const char *const *list, size_t n, struct str word)
{
    unsigned char first;

    if (word.n == 0 || word.n > 12)
        return false;
    first = (unsigned char)word.p[0] | 0x20;
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)list[i][0] | 0x20) == first && is_word(word, list[i]))
            return true;
    return false;
}

enum abbreviation token_abbreviation(const struct token_lists *l, struct str word)
{
    if (has(l->titles, l->n_titles, word))
        return ABBREVIATION_TITLE;
    if (has(l->any, l->n_any, word))
        return ABBREVIATION_ANY;
    if (has(l->numbers, l->n_numbers, word))
        return ABBREVIATION_NUMBER;
    return ABBREVIATION_NONE;
}

bool token_begins(const struct token_lists *l, struct str word)
{
    return has(l->begins, l->n_begins, word);
}

bool token_is_slug(const struct token_lists *l, struct str word)
{
    for (size_t i = 0; i < l->n_slugs; i++)
        if (str_eq_nocase(word, str_of(l->slugs[i])))
            return true;
    return false;
}
