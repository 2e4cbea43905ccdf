/* What a text is about: found by newsmq-train topics among texts of two sorts, told by
   the words of a text that was not among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "commands.h"
#include "tagger/document.h"
#include "toymodel.h"

#define WORDS 600
#define CLASSES \
    8 /* the first half is used by one sort of texts, the others by the other */
#define FIRST  160
#define LENGTH 40

/* A word of letters only: digits would be one word. */
static void write_word(char ret[8], unsigned number)
{
    (void)snprintf(ret, 8, "w%c%c%c", 'a' + number / 676 % 26, 'a' + number / 26 % 26,
                   'a' + number % 26);
}

static FILE *create(const char *folder, const char *name, char *path)
{
    FILE *f;

    (void)snprintf(path, 256, "%s/%s", folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    return f;
}

/* words.txt, k*.txt and vec.f32: the vectors of two directions. */
static void write_words(const char *folder)
{
    static const char *const classes[] = {"k64.txt", "k512.txt", "k2048.txt"};
    char path[256], word[8];
    FILE *f = create(folder, "words.txt", path);

    for (unsigned i = 0; i < WORDS; i++) {
        write_word(word, i);
        fprintf(f, "%s\n", word);
    }
    fclose(f);
    for (size_t k = 0; k < ARRAY_LEN(classes); k++) {
        f = create(folder, classes[k], path);
        for (unsigned i = 0; i < WORDS; i++)
            fprintf(f, "%u\n", i % CLASSES);
        fclose(f);
    }
    f = create(folder, "vec.f32", path);
    for (unsigned i = 0; i < WORDS; i++) {
        bool second = i % CLASSES >= CLASSES / 2;
        float v[4] = {second ? 0.1F : 1, second ? 1 : 0.1F, (float)(i % 7) / 50,
                      (float)(i % 5) / 50};

        assert_int_equal(fwrite(v, sizeof v, 1, f), 1);
    }
    fclose(f);
}

static unsigned word_of(bool second, unsigned seed)
{
    return FIRST + (seed * 37 % 50) * CLASSES + seed % (CLASSES / 2) +
           (second ? CLASSES / 2 : 0);
}

static void write_texts(const char *folder)
{
    char path[256], word[8];
    FILE *f = create(folder, "texts.tsv", path);

    for (unsigned text = 0; text < 60; text++) {
        fputs("-DOCSTART-\tO\tO\n\n", f);
        for (unsigned i = 0; i < LENGTH; i++) {
            write_word(word, word_of(text % 2, text * 41 + i));
            fprintf(f, "%s\tO\tO\n", word);
        }
        fputs("\n", f);
    }
    fclose(f);
}

struct kit {
    char folder[64], base[256], model[256];
};

static int run_topics(struct kit *k, const char *topics)
{
    char vectors[256], texts[256];
    char *argv[] = {"topics",       "--model",  k->base,        "--vectors", vectors,
                    "--dimensions", "4",        "--out",        k->model,    "--train",
                    texts,          "--topics", (char *)topics, NULL};

    (void)snprintf(vectors, sizeof vectors, "%s/vec.f32", k->folder);
    (void)snprintf(texts, sizeof texts, "%s/texts.tsv", k->folder);
    return command_topics((int)ARRAY_LEN(argv) - 1, argv);
}

static int open_kit(void **state)
{
    struct kit *k = mem_new(sizeof *k);
    struct parts p = {.head = {"toy", "7", "en"}};
    struct lexicon_sources from = {.words = k->folder};
    struct err e;

    (void)snprintf(k->folder, sizeof k->folder, "/tmp/newsmq-topics-XXXXXX");
    assert_non_null(mkdtemp(k->folder));
    (void)snprintf(k->base, sizeof k->base, "%s/base.model", k->folder);
    (void)snprintf(k->model, sizeof k->model, "%s/topics.model", k->folder);
    write_words(k->folder);
    write_texts(k->folder);
    toy_must(lexicon_make(&from, &p, &e), &e);
    toy_must(parts_write(&p, k->base, &e), &e);
    parts_fini(&p);
    *state = k;
    return 0;
}

static int close_kit(void **state)
{
    static const char *const files[] = {"words.txt",  "k64.txt",     "k512.txt",
                                        "k2048.txt",  "vec.f32",     "texts.tsv",
                                        "base.model", "topics.model"};
    struct kit *k = *state;
    char path[256];

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", k->folder, files[i]);
        unlink(path);
    }
    rmdir(k->folder);
    free(k);
    return 0;
}

/* The topic of a text of n words of one sort, all sentences of which say the same. */
static unsigned topic_of(struct words *words, bool second, unsigned seed, size_t n)
{
    struct document d = {.n = 0};
    struct str tokens[LENGTH];
    char text[LENGTH][8];
    uint32_t ends[] = {3, 5};
    unsigned topic;

    for (unsigned i = 0; i < n; i++) {
        write_word(text[i], word_of(second, seed * 13 + i));
        tokens[i] = str_of(text[i]);
    }
    tagger_document_read(&d, words, tokens, n, ends, 2);
    topic = d.sentences[0].topic;
    for (size_t k = 1; k < d.n; k++)
        assert_int_equal(d.sentences[k].topic, topic);
    tagger_document_fini(&d);
    return topic;
}

static struct words *open_words(const char *path, struct model **m)
{
    struct words *words;
    struct err e;

    toy_must(model_open(path, m, &e), &e);
    toy_must(words_open(*m, 0, NULL, NULL, &words, &e), &e);
    return words;
}

static void texts_of_one_sort_never_have_a_topic_of_the_other(void **state)
{
    struct kit *k = *state;
    bool seen[2][TOPICS_MAX + 1] = {{false}};
    struct words *words;
    struct model *m;

    assert_int_equal(run_topics(k, "16"), 0);
    words = open_words(k->model, &m);
    for (unsigned seed = 1000; seed < 1050; seed++)
        for (unsigned second = 0; second < 2; second++) {
            unsigned topic = topic_of(words, second, seed, LENGTH);

            assert_in_range(topic, 1, 16);
            seen[second][topic] = true;
        }
    for (unsigned topic = 1; topic <= TOPICS_MAX; topic++)
        assert_false(seen[0][topic] && seen[1][topic]);
    words_close(words);
    model_close(m);
}

static void few_words_have_no_topic(void **state)
{
    struct kit *k = *state;
    struct words *words;
    struct model *m;

    assert_int_equal(run_topics(k, "16"), 0);
    words = open_words(k->model, &m);
    assert_int_equal(topic_of(words, false, 1, 7), 0);
    assert_int_not_equal(topic_of(words, false, 1, 8), 0);
    words_close(words);
    model_close(m);
}

static void a_model_without_topics_has_none(void **state)
{
    struct kit *k = *state;
    struct model *m;
    struct words *words = open_words(k->base, &m);

    assert_int_equal(topic_of(words, false, 1, LENGTH), 0);
    words_close(words);
    model_close(m);
}

static void topics_that_do_not_fit_are_told(void **state)
{
    static const size_t cuts[] = {0, 8, 63, 64, 1000};
    struct kit *k = *state;

    assert_int_equal(run_topics(k, "16"), 0);
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        struct parts p = {.n = 0};
        struct words *words;
        struct model *m;
        struct err e;

        toy_must(parts_read(&p, k->model, &e), &e);
        for (size_t s = 0; s < p.n; s++)
            if (strcmp(p.list[s].name, "topics") == 0)
                p.list[s].bytes.n = cuts[i];
        toy_must(parts_write(&p, k->model, &e), &e);
        parts_fini(&p);
        toy_must(model_open(k->model, &m, &e), &e);
        assert_true(words_open(m, 0, NULL, NULL, &words, &e) < 0);
        assert_non_null(strstr(e.text, "section 'topics'"));
        model_close(m);
        assert_int_equal(run_topics(k, "16"), 0);
    }
}

static void numbers_of_topics_that_cannot_be_are_refused(void **state)
{
    assert_int_not_equal(run_topics(*state, "0"), 0);
    assert_int_not_equal(run_topics(*state, "20"), 0);
    assert_int_not_equal(run_topics(*state, "80"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_one_sort_never_have_a_topic_of_the_other),
        cmocka_unit_test(few_words_have_no_topic),
        cmocka_unit_test(a_model_without_topics_has_none),
        cmocka_unit_test(topics_that_do_not_fit_are_told),
        cmocka_unit_test(numbers_of_topics_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
