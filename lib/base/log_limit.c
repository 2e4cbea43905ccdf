#include <stdio.h>
#include <string.h>

#include "log_private.h"

/* What a limited line is about; absent: it is not limited. */
static struct log_field subject_of(struct str pairs)
{
    static const struct str subjects[] = {STR_INIT("feed"), STR_INIT("extractor")};
    struct log_field f;

    while (log_next_field(&pairs, &f))
        for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
            if (str_eq(f.key, subjects[i]))
                return f;
    return (struct log_field){{NULL, 0}, {NULL, 0}};
}

static bool is_free(const struct log_kind *k, int64_t now_ms)
{
    return k->text[0] == '\0' ||
           (k->n_left_out == 0 && now_ms - k->since_ms > LOG_BURST * LOG_EVERY_MS);
}

/* The kind's place: its own, else one that nobody needs any more, else the oldest of
   those that leave nothing untold. NULL: all are in use, then nothing is limited. */
static struct log_kind *place_of(struct log_limit *l, const char *text, int64_t now_ms)
{
    struct log_kind *best = NULL;

    for (size_t i = 0; i < ARRAY_LEN(l->kinds); i++) {
        struct log_kind *k = &l->kinds[i];

        if (strcmp(k->text, text) == 0)
            return k;
        if (k->n_left_out > 0 || (best != NULL && is_free(best, now_ms)))
            continue;
        if (best == NULL || is_free(k, now_ms) || k->since_ms < best->since_ms)
            best = k;
    }
    if (best != NULL) {
        *best = (struct log_kind){.since_ms = now_ms, .n_tokens = LOG_BURST};
        (void)snprintf(best->text, sizeof best->text, "%s", text); /* as long as it */
    }
    return best;
}

static void refill(struct log_kind *k, int64_t now_ms)
{
    int64_t more = (now_ms - k->since_ms) / LOG_EVERY_MS;

    if (more <= 0)
        return;
    k->n_tokens = k->n_tokens + more > LOG_BURST ? LOG_BURST : k->n_tokens + more;
    k->since_ms += more * LOG_EVERY_MS;
}

bool log_limit_takes(struct log_limit *l, enum log_level level, const char *message,
                     struct str pairs, int64_t now_ms)
{
    struct log_field subject = subject_of(pairs);
    char text[sizeof l->kinds[0].text];
    struct log_kind *k;

    if (level > LOG_LEVEL_WARN || subject.key.p == NULL)
        return true;
    (void)snprintf(text, sizeof text, "%.80s: " STR_FMT "=" STR_FMT, message,
                   STR_ARG(subject.key), STR_ARG(str_head(subject.value, 64)));
    k = place_of(l, text, now_ms);
    if (k == NULL)
        return true;
    refill(k, now_ms);
    if (k->n_tokens > 0) {
        k->n_tokens--;
        return true;
    }
    k->n_left_out++;
    return false;
}

const struct log_kind *log_limit_due(struct log_limit *l, int64_t now_ms, bool at_once,
                                     uint64_t *ret_n)
{
    for (size_t i = 0; i < ARRAY_LEN(l->kinds); i++) {
        struct log_kind *k = &l->kinds[i];

        if (k->n_left_out == 0 || (!at_once && now_ms - k->since_ms < LOG_EVERY_MS))
            continue;
        *ret_n = k->n_left_out;
        k->n_left_out = 0;
        return k;
    }
    return NULL;
}
