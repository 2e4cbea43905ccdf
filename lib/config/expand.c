#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "expand.h"
#include "faults.h"
#include "spell.h"

extern char **environ;

static bool is_name(struct str s)
{
    if (s.n == 0 || (s.p[0] >= '0' && s.p[0] <= '9'))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9') ||
              (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z')))
            return false;
    return true;
}

/* The name of a set variable that looks like this one; the caller frees. */
static char *similar_variable(struct str name)
{
    struct spell s = {.word = name};
    char *best = NULL;

    for (char **v = environ; v != NULL && *v != NULL; v++) {
        struct str rest = str_of(*v);
        char *candidate = mem_dup(str_cut(&rest, '='));

        spell_offer(&s, candidate);
        if (s.best == candidate) {
            free(best);
            best = candidate;
        } else {
            free(candidate);
        }
    }
    return best;
}

static bool fill_in(struct str inside, const struct config_place *at, struct strbuf *out,
                    struct config_faults *faults)
{
    size_t dash = str_find(inside, STR(":-"), 0);
    struct str name = dash == SIZE_MAX ? inside : str_slice(inside, 0, dash);
    char *z, *similar;
    const char *value;

    if (!is_name(name)) {
        fault_add(faults, at, "'${" STR_FMT "}' is not a variable",
                  STR_ARG(str_head(inside, 60)));
        fault_hint(faults, "write ${NAME} or ${NAME:-default}; for the text itself "
                           "write $${");
        return false;
    }
    z = mem_dup(name);
    value = getenv(z);
    free(z);
    if (value != NULL && (value[0] != '\0' || dash == SIZE_MAX))
        return strbuf_add_text(out, value) == 0;
    if (dash != SIZE_MAX)
        return strbuf_add(out, str_slice(inside, dash + 2, inside.n)) == 0;
    fault_add(faults, at, "the environment variable " STR_FMT " is not set",
              STR_ARG(str_head(name, 60)));
    similar = similar_variable(name);
    if (similar != NULL)
        fault_hint(faults, "did you mean ${%s}?", similar);
    else
        fault_hint(faults, "set it, or give a default: ${" STR_FMT ":-…}",
                   STR_ARG(str_head(name, 60)));
    free(similar);
    return false;
}

static struct config_place place_at(struct str text, size_t offset,
                                    const struct config_place *at)
{
    struct config_place p = *at;

    if (str_find_char(str_slice(text, 0, offset), '\n', 0) == SIZE_MAX)
        p.column += (unsigned)utf8_count(str_slice(text, 0, offset));
    return p;
}

bool expand_variables(struct str text, const struct config_place *at, struct strbuf *out,
                      struct config_faults *faults)
{
    size_t from = 0;
    bool ok = true;

    for (;;) {
        size_t open = str_find(text, STR("${"), from), end;
        struct config_place place;

        if (open == SIZE_MAX)
            return strbuf_add(out, str_slice(text, from, text.n)) == 0 && ok;
        if (open > from && text.p[open - 1] == '$') {
            ok = strbuf_add(out, str_slice(text, from, open - 1)) == 0 && ok;
            ok = strbuf_add_text(out, "${") == 0 && ok;
            from = open + 2;
            continue;
        }
        ok = strbuf_add(out, str_slice(text, from, open)) == 0 && ok;
        place = place_at(text, open, at);
        end = str_find_char(text, '}', open);
        if (end == SIZE_MAX) {
            fault_add(faults, &place, "'${' is not closed");
            fault_hint(faults, "write ${NAME}; for the text itself write $${");
            return false;
        }
        ok = fill_in(str_slice(text, open + 2, end), &place, out, faults) && ok;
        from = end + 1;
    }
}
