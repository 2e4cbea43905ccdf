/* record.h - what the extractors found in one item: the "nlp" of a record */
#ifndef NEWSMQ_RECORD_H
#define NEWSMQ_RECORD_H

#include "newsmq/err.h"
#include "newsmq/item.h"
#include "newsmq/mem.h"
#include "newsmq/tokens.h"

enum field { FIELD_CONTENT_TEXT, FIELD_TITLE };
enum entity_type { ENTITY_PER, ENTITY_ORG, ENTITY_LOC, ENTITY_EVENT, ENTITY_MISC };
enum nlp_status { NLP_OK, NLP_PARTIAL, NLP_FAILED, NLP_SKIPPED };

/* Half-open byte offsets into item.content_text or item.title. Code points are counted
   when the record is written. */
struct span {
    uint32_t start, end;
    enum field field;
};

struct mention {
    struct span span;
    float score; /* 0–1; negative: unknown */
};

struct entity {
    enum entity_type type;
    struct str subtype; /* GPE, LOC, FAC, NORP, LAW, PROD, WORK; absent when not known */
    struct str name;    /* canonical: the longest full form */
    struct str *aliases;
    size_t n_aliases;
    struct str uri;      /* absent when not linked */
    float link_score;    /* 0–1, how sure uri and geo are; 0: not said */
    struct str wikidata; /* "Q142"; absent when not known for certain */
    bool is_about;       /* ninjs rel: about, else mentions */
    float salience, score;
    bool has_geo;
    double lat, lon;
    struct str country; /* ISO 3166-1 alpha-2 */
    struct str admin1;  /* ISO 3166-2, "US-TX"; absent when not known */
    struct str precision;
    struct mention *mentions;
    size_t n_mentions, cap_mentions;
};

struct quote {
    struct span span;
    int speaker; /* index of an entity; -1 unknown */
    struct str cue;
};

/* A standing query that hit, and where; a rule that hit by nothing but its name has no
   spans. */
struct watch_note {
    struct str rule; /* borrowed from the extractor */
    struct span *spans;
    size_t n_spans, cap_spans;
};

/* One extractor's run. */
struct extractor_run {
    const char *name, *version;
    struct str model, model_sha256, error; /* absent when none */
    struct str skipped; /* why it did not look at this item; absent when it did */
    double duration_ms;
};

struct form; /* workers/document/names.h */

/* What is found lives in its arena. Extractors run in order on the same result: a later
   one sees and may change what the earlier ones found. */
struct result {
    struct arena arena;
    enum nlp_status status;
    struct str error;
    struct str language; /* BCP 47; absent when not identified */
    float language_score;
    struct entity *entities;
    size_t n_entities, cap_entities;
    struct quote *quotes;
    size_t n_quotes, cap_quotes;
    struct watch_note *watch;
    size_t n_watch, cap_watch;
    struct extractor_run *runs; /* the one that runs is the last */
    size_t n_runs, cap_runs;
    uint32_t attempt;        /* of the item; 0: the first */
    struct tokens tokens[2]; /* by enum field; ask result_tokens for them */
    bool has_tokens[2];
    struct form *forms[2]; /* of the tokens, for those who read the text as a whole */
    size_t forms_cap[2];
    bool has_forms[2];
    struct seats *seats; /* who sits where in the texts; made when asked for */
};

void result_reset(struct result *r); /* as new, memory kept */
void result_fini(struct result *r);

/* The tokens of a text of the item: divided when first asked for, then shared by all
   extractors. */
const struct tokens *result_tokens(struct result *r, const struct item *it,
                                   enum field field);

/* The text is divided already, as tokens_given reads it; it is the item's own. */
void result_give_tokens(struct result *r, enum field field, struct str text);

/* ---- filling ---- */

/* A new zeroed element at the end, valid until the next add. Salience and scores start
   at 0, speaker at -1. */
struct entity *result_add_entity(struct result *r);
struct mention *result_add_mention(struct result *r, struct entity *en, struct span span,
                                   float score);
struct quote *result_add_quote(struct result *r);
struct watch_note *result_add_watch(struct result *r);
void result_add_watch_span(struct result *r, struct watch_note *w, struct span span);
struct extractor_run *result_add_run(struct result *r);

/* This extractor does not look at the item; reason is a constant or in the arena. */
void result_skip(struct result *r, struct str reason);

/* ---- changing what others found: entities by their number ---- */

/* A mention at a place that none has: true when there is one now. */
bool result_mention_free(struct result *r, size_t entity, struct span span, float score);
bool result_is_free(struct result *r, struct span span);

/* All mentions by field and place, valid until something is added or changed. */
struct seat {
    struct span span;
    float score;
    uint32_t entity, mention; /* number of the entity, and of its mention */
};
const struct seat *result_seats(struct result *r, size_t *ret_n);

/* The number of the seat that reaches furthest into the span; SIZE_MAX when none does. */
size_t result_seat_at(struct result *r, struct span span);

/* The mentions of b become mentions of a, and b is left without any. */
void result_join(struct result *r, size_t a, size_t b);

/* One mention becomes another entity's; the order of the others stays. */
void result_move_mention(struct result *r, size_t from, size_t mention, size_t to);
void result_drop_mention(struct result *r, size_t entity, size_t mention);

/* Takes out entities without mentions; quotes keep their speakers. The chain does so
   behind every extractor, so an entity is dropped by dropping its mentions. */
void result_tidy(struct result *r);

/* ---- writing ---- */

/* The "nlp" object as JSON (ids e1, e2, … by order). The spans are checked against the
   item: one that is out of range or cuts a code point is a bug of its extractor and gives
   ERR_FORMAT. 0, ERR_FORMAT or -E2BIG. */
int result_write_nlp(const struct result *r, const struct item *it, struct strbuf *out,
                     struct err *e);

const char *entity_type_name(enum entity_type t);
const char *nlp_status_name(enum nlp_status s);

#endif
