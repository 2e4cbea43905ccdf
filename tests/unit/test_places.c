#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/extractor.h"
#include "newsmq/hash.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "../../workers/places/gazetteer.h"

/* The extractor alone, on entities that the text marks: "[Paris], [France]" are places,
   "[Lebanese/MISC]" has another type. A name that comes again is the same entity. */
struct marked {
    const struct extractor *extractor;
    void *state;
    struct result result;
    struct item item;
    struct strbuf text;
};

static void open_it(struct marked *m)
{
    static char name[] = "places";
    static const struct config_extractor config = {.name = name};
    struct err e = {0};

    *m = (struct marked){.extractor = extractor_find(STR("places")),
                         .text = {.max = 1 << 24}};
    if (m->extractor->open(&config, &m->state, &e) < 0)
        fail_msg("%s", e.text);
}

static void close_it(struct marked *m)
{
    m->extractor->close(m->state);
    result_fini(&m->result);
    strbuf_fini(&m->text);
}

static struct entity *entity_named(struct result *r, struct str name)
{
    for (size_t i = 0; i < r->n_entities; i++)
        if (str_eq(r->entities[i].name, name))
            return &r->entities[i];
    return NULL;
}

static enum entity_type type_of(struct str mark)
{
    for (int t = ENTITY_PER; t <= ENTITY_MISC; t++)
        if (str_eq(mark, str_of(entity_type_name((enum entity_type)t))))
            return (enum entity_type)t;
    return ENTITY_LOC;
}

static void add_marked(struct marked *m, struct str mark)
{
    struct str type = mark, name = str_cut(&type, '/');
    uint32_t start = (uint32_t)m->text.n;
    struct entity *en = entity_named(&m->result, name);

    if (en == NULL) {
        en = result_add_entity(&m->result);
        en->type = type_of(type);
        en->name = name;
    }
    assert_int_equal(strbuf_add(&m->text, name), 0);
    (void)result_add_mention(
        &m->result, en, (struct span){start, (uint32_t)m->text.n, FIELD_CONTENT_TEXT}, 1);
}

static void run_it(struct marked *m, const char *marked)
{
    struct str rest = str_of(marked);
    struct err e = {0};

    result_reset(&m->result);
    strbuf_reset(&m->text);
    while (rest.p != NULL) {
        assert_int_equal(strbuf_add(&m->text, str_cut(&rest, '[')), 0);
        if (rest.p != NULL)
            add_marked(m, str_cut(&rest, ']'));
    }
    m->item = (struct item){.content_text = strbuf_str(&m->text)};
    (void)result_add_run(&m->result);
    assert_int_equal(m->extractor->run(m->state, &m->item, &m->result, &e), 0);
}

/* "2988507 FR FR-IDF city", "- US - country", "-". */
static char *place_of(struct marked *m, const char *name)
{
    const struct entity *en = entity_named(&m->result, str_of(name));
    struct str id = {NULL, 0};

    if (en == NULL)
        return mem_strdup("no entity");
    if (en->uri.n > 0)
        id = str_slice(en->uri, strlen("https://sws.geonames.org/"), en->uri.n - 1);
    if (!en->has_geo)
        return mem_printf("%s" STR_FMT, id.n > 0 ? "" : "-", STR_ARG(id));
    return mem_printf("%s" STR_FMT " " STR_FMT " %s" STR_FMT " " STR_FMT,
                      id.n > 0 ? "" : "-", STR_ARG(id), STR_ARG(en->country),
                      en->admin1.n > 0 ? "" : "-", STR_ARG(en->admin1),
                      STR_ARG(en->precision));
}

static const struct {
    const char *text, *name, *place;
} cases[] = {
    {"They met in [Paris].", "Paris", "2988507 FR FR-IDF city"},
    {"The mayor of [Paris], [Texas], said so.", "Paris", "4717560 US US-TX city"},
    {"The mayor of [Paris, Texas] said so.", "Paris, Texas", "4717560 US US-TX city"},
    {"A shop in [Portland], Ore., was robbed.", "Portland", "5746545 US US-OR city"},
    {"The school of [London] (Ontario) is new.", "London", "6058560 CA CA-ON city"},
    {"A fire in the [Lebanese/MISC] city of [Tripoli].", "Tripoli",
     "266826 LB LB-AS city"},
    {"[Tripoli] is the capital of [Libya].", "Tripoli", "2210247 LY LY-TB city"},
    {"[France] and [Germany] agreed.", "France", "3017382 FR - country"},
    {"The [U.S.] and the [UK] agreed.", "U.S.", "6252001 US - country"},
    {"The [U.S.] and the [UK] agreed.", "UK", "2635167 GB - country"},
    {"Doctors in the [DRC] left.", "DRC", "203312 CD - country"},
    {"[Bavaria] voted.", "Bavaria", "2951839 DE DE-BY admin1"},
    {"[England] won.", "England", "6269131 GB GB-ENG admin1"},
    {"Farmers in [northern Nigeria] fled.", "northern Nigeria", "- NG - country"},
    {"A boat sank off [Java].", "Java", "- ID - country"},
    {"Growth in [Europe] was slow.", "Europe", "6255148"},
    {"A ship in the [Black Sea] sank.", "Black Sea", "-"},
    {"He left [Springfield] at once.", "Springfield", "- US - country"},
    {"He left [Nowherebury] at once.", "Nowherebury", "-"},
    {"A barn in [Nowherebury], [Wyoming], burned.", "Nowherebury", "- US US-WY admin1"},
    {"A barn in [Nowherebury], [Wyoming], and one in [Utah].", "Nowherebury",
     "- US US-WY admin1"},
    {"He saw [Nowherebury], [France] and [Spain].", "Nowherebury", "-"},
    {"He went from [Rome], [New York] and [Tokyo] to [Milan].", "Rome",
     "3169070 IT IT-62 city"},
    {"[KYIV] was hit.", "KYIV", "703448 UA UA-30 city"},
    {"[Kiev] was hit.", "Kiev", "703448 UA UA-30 city"},
    {"[São Paulo] grows.", "São Paulo", "3448439 BR BR-SP city"},
    {"[Sao Paulo] grows.", "Sao Paulo", "3448439 BR BR-SP city"},
    {"[St. Petersburg] froze, and so did [Moscow].", "St. Petersburg",
     "498817 RU RU-SPE city"},
    {"[Jordan/PER] scored.", "Jordan", "-"},
    {"[Paris/ORG] won.", "Paris", "-"},
    {"[Texas/EVENT] it is.", "Texas", "-"},
};

static void places_are_told_by_what_stands_around_them(void **state)
{
    struct marked m;

    (void)state;
    open_it(&m);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *place;

        run_it(&m, cases[i].text);
        place = place_of(&m, cases[i].name);
        if (strcmp(place, cases[i].place) != 0)
            fail_msg("%s: %s is %s, not %s", cases[i].text, cases[i].name, place,
                     cases[i].place);
        free(place);
    }
    close_it(&m);
}

static void a_country_has_its_wikidata_id_and_a_place_its_coordinates(void **state)
{
    struct marked m;
    const struct entity *en;

    (void)state;
    open_it(&m);
    run_it(&m, "The senate of [France] sat in [Nice] in May.");
    en = entity_named(&m.result, STR("France"));
    assert_true(str_eq(en->wikidata, STR("Q142")));
    en = entity_named(&m.result, STR("Nice"));
    assert_int_equal(en->wikidata.n, 0);
    assert_true(fabs(en->lat - 43.7) < 0.1 && fabs(en->lon - 7.27) < 0.1);
    assert_true(en->link_score > 0.6F && en->link_score <= 1);
    close_it(&m);
}

static void any_number_of_names_is_read(void **state)
{
    static const char *const names[] = {
        "Springfield", "San Antonio", "Paris",         "\xFF\xFE", "",
        "the",         "....",        "Ünïted Kingdom"};
    struct strbuf text = {.max = 1 << 22};
    struct marked m;

    (void)state;
    open_it(&m);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(strbuf_addf(&text, "In [%s %d], [%s], ", names[i % 8], i / 3,
                                     names[(i + 3) % 8]),
                         0);
    run_it(&m, strbuf_cstr(&text));
    assert_true(m.result.n_entities > 1000);
    close_it(&m);
    strbuf_fini(&text);
}

/* ---- names as keys ---- */

static void names_are_folded_to_keys(void **state)
{
    static const struct {
        const char *name, *key;
    } rows[] = {{"The Hague", "hague"},
                {"THE HAGUE", "hague"},
                {"Côte d’Ivoire", "cote divoire"},
                {"Cote d'Ivoire", "cote divoire"},
                {"St. Louis", "saint louis"},
                {"Guinea-Bissau", "guinea bissau"},
                {"U.S.", "us"},
                {"  Łódź ", "lodz"},
                {"Tórshavn", "torshavn"},
                {"İstanbul", "istanbul"},
                {"Straße", "strasse"},
                {"Washington, D.C.", "washington dc"},
                {"the", "the"},
                {"Київ", "киів"},
                {"...", ""},
                {"", ""}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char key[GAZETTEER_KEY_MAX];
        size_t n = gazetteer_fold(str_of(rows[i].name), key, 0);

        if (!str_eq((struct str){key, n}, str_of(rows[i].key)))
            fail_msg("%s is %.*s, not %s", rows[i].name, (int)n, key, rows[i].key);
    }
}

static void every_key_is_as_the_program_folds_it_and_every_id_is_there(void **state)
{
    char *path = os_data_path("places/names.tsv"), last[128] = "";
    struct strbuf file = {.max = 64 << 20};
    struct gazetteer *g = NULL;
    struct str rest;

    (void)state;
    assert_int_equal(gazetteer_open(&g, NULL), 0);
    assert_int_equal(os_read_file(path, file.max, &file, NULL), 0);
    rest = strbuf_str(&file);
    (void)str_cut(&rest, '\n');
    while (rest.n > 0) {
        struct str refs = str_cut(&rest, '\n'), key = str_cut(&refs, '\t'), name = key;
        char folded[GAZETTEER_KEY_MAX];
        struct place p;

        assert_true(str_cmp(str_of(last), key) < 0);
        (void)snprintf(last, sizeof last, STR_FMT, STR_ARG(key));
        if (name.p[0] == ',' || name.p[0] == '=')
            name = str_slice(name, 1, name.n);
        if (!str_eq((struct str){folded, gazetteer_fold(name, folded, 0)}, name))
            fail_msg("%s", last);
        assert_true(str_eq(gazetteer_find(g, key), refs));
        while (refs.p != NULL) {
            struct str ref = str_cut(&refs, ' ');

            if (str_has_prefix(ref, STR("in:")))
                ref = str_slice(ref, 3, ref.n);
            if (str_has_suffix(ref, STR("~")))
                ref.n--;
            if (!str_eq(ref, STR("-")) && !gazetteer_place(g, ref, &p))
                fail_msg("%s: no " STR_FMT, last, STR_ARG(ref));
        }
    }
    gazetteer_close(g);
    strbuf_fini(&file);
    free(path);
}

/* ---- files that do not fit ---- */

static void write_file(const char *folder, const char *name, struct str bytes)
{
    char *path = mem_printf("%s/places/%s", folder, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
    free(path);
}

static void write_whole(const char *folder, const char *name, const char *body)
{
    char *file = mem_printf("#%s 1 %zu %016llx\n%s", name, strlen(body),
                            (unsigned long long)hash_xxh64(str_of(body), 0), body);

    write_file(folder, name, str_of(file));
    free(file);
}

static char *make_folder(void)
{
    char *folder = mem_strdup("/tmp/newsmq-places-XXXXXX"), *places;

    assert_non_null(mkdtemp(folder));
    places = mem_printf("%s/places", folder);
    assert_int_equal(mkdir(places, 0700), 0);
    setenv("NEWSMQ_DATA", folder, 1);
    free(places);
    return folder;
}

static void remove_folder(char *folder)
{
    static const char *const names[] = {"/places/places.tsv", "/places/names.tsv",
                                        "/places", ""};

    unsetenv("NEWSMQ_DATA");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char *path = mem_printf("%s%s", folder, names[i]);

        assert_int_equal(remove(path), 0);
        free(path);
    }
    free(folder);
}

static void data_that_does_not_fit_is_refused(void **state)
{
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"", "empty"},
        {"id\tkind\tname\tcountry\n1\tcity\n", "no data of places"},
        {"#names.tsv 1 4 0000000000000000\nabc\n", "no data of places"},
        {"#places.tsv 2 4 0000000000000000\nabc\n",
         "has version 2, this program reads 1"},
        {"#places.tsv 1 five 0000000000000000\nabc\n", "first line is damaged"},
        {"#places.tsv 1 900 0000000000000000\nabc\n", "is cut off"},
        {"#places.tsv 1 4 0000000000000000\nabc\n", "its checksum is another"},
        {"#places.tsv 1 4 0000000000000000", "no data of places"},
    };
    char *folder = make_folder();

    (void)state;
    write_whole(folder, "names.tsv", "a\t1\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct gazetteer *g = NULL;
        struct err e = {0};

        write_file(folder, "places.tsv", str_of(rows[i].file));
        assert_true(gazetteer_open(&g, &e) < 0);
        if (strstr(e.text, rows[i].says) == NULL || strstr(e.text, "places.tsv") == NULL)
            fail_msg("%s", e.text);
    }
    remove_folder(folder);
}

/* The checksum fits, the lines do not. */
static void a_file_with_anything_in_it_gives_no_place(void **state)
{
    static const char *const bodies[] = {
        "\n\n\n",
        "\t\t\t\n",
        "paris",
        "1\tcity\n1\tcity\n",
        "1\tnothing\tx\tFR\n",
        "1\tcity\tx\tfrance\t\t9\t1\t1\t1\t\t\n",
        "1\tcity\tx\t\xFF\xFF\t\t9\t1\t1\t1\t\t\n",
        "1\tcity\tx\tFR\tFR\t99999999999999999999999\t1e99\t-999\t1234567890123456\t\t",
        "1\tcity\tx\tFR\t\t99999999\t95\t1\t1\t\t\n",
        "1\tcountry\tx\t\t\t9\t1\t1\t1\t\t\n",
    };
    char *folder = make_folder();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies) * 2; i++) {
        struct marked m;

        write_whole(folder, "places.tsv", bodies[i / 2]);
        write_whole(folder, "names.tsv",
                    i % 2 == 0 ? "paris\t1 1~ ~ FR in: -  \n"
                               : "paris\tin:1\ntexas\tin:\n");
        open_it(&m);
        run_it(&m, "In [Paris], [Texas], and [Nowhere], Ore., it rained.");
        close_it(&m);
    }
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_told_by_what_stands_around_them),
        cmocka_unit_test(a_country_has_its_wikidata_id_and_a_place_its_coordinates),
        cmocka_unit_test(any_number_of_names_is_read),
        cmocka_unit_test(names_are_folded_to_keys),
        cmocka_unit_test(every_key_is_as_the_program_folds_it_and_every_id_is_there),
        cmocka_unit_test(data_that_does_not_fit_is_refused),
        cmocka_unit_test(a_file_with_anything_in_it_gives_no_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
