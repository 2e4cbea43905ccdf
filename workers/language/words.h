/* words.h - the small words by which languages that share a script are told apart */
#ifndef NEWSMQ_WORKERS_LANGUAGE_WORDS_H
#define NEWSMQ_WORKERS_LANGUAGE_WORDS_H

#include <stddef.h>

enum script {
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_ARABIC,
    SCRIPT_DEVANAGARI,
    SCRIPTS, /* the others have one language each */
};

struct language_words {
    const char *code;
    enum script script;
    const char *words;   /* lower case, separated by spaces */
    const char *letters; /* lower-case letters that few others have */
};

#define LANGUAGES_MAX 64
extern const struct language_words language_words[];
extern const size_t n_language_words;

#endif
