#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "marked_kit.h"

static struct kit kit;
static struct marked marked;

static int open_kit(void **state)
{
    static const char *const names[] = {"acronyms", "aliases", NULL};

    (void)state;
    kit_open(&kit, names);
    return 0;
}

static int close_kit(void **state)
{
    (void)state;
    kit_close(&kit);
    marked_fini(&marked);
    return 0;
}

static const struct {
    const char *title, *text, *expected; /* all entities, the most important first */
} rows[] = {
    /* acronyms */
    {NULL,
     "The [Counter-Terrorism Implementation Task Force|ORG] ([CTITF|ORG]) met. CTITF is "
     "new.",
     "ORG Counter-Terrorism Implementation Task Force (CTITF) x3"},
    {NULL, "The [Zembla Kinetic Motor Agency|ORG] (ZKMA) was late.",
     "ORG Zembla Kinetic Motor Agency (ZKMA) x2"},
    {NULL,
     "A report by the ZKMA (Zembla Kinetic Motor Agency) was late. The [ZKMA|MISC] fell.",
     "ORG Zembla Kinetic Motor Agency (ZKMA) x3"},
    {NULL,
     "The [National Disaster Management Agency|ORG] ([BNPB|ORG]) said it. [BNPB|ORG] "
     "left.",
     "ORG National Disaster Management Agency (BNPB) x3"},
    {NULL, "[Zembla Farmers Party|ORG] won. The [ZFP|ORG] is old.",
     "ORG Zembla Farmers Party (ZFP) x2"},
    {NULL, "[Ann Lee|PER] (AL) met [Bonn Lions|ORG] (Saturday).",
     "PER Ann Lee x1|ORG Bonn Lions x1"},
    {NULL,
     "The [United Nations Counter-Terrorism Centre|ORG] ([UNCCT|ORG]) and the Centre "
     "(UNCCT).",
     "ORG United Nations Counter-Terrorism Centre (UNCCT, Centre) x4"},
    /* persons */
    {NULL, "[Jehangir Khan|PER] spoke. Mr. [Khan|PER] left.",
     "PER Jehangir Khan (Khan) x2"},
    {"[Guterres|PER] calls", "[Antonio Guterres|PER] called.",
     "PER Antonio Guterres (Guterres) x2"},
    {NULL, "[Maria Okonkwo|PER] met [Peter Okonkwo|PER]. [Okonkwo|PER] smiled.",
     "PER Peter Okonkwo (Okonkwo) x2|PER Maria Okonkwo x1"},
    {NULL, "Mr. [Raj Naidoo|PER] came. Mrs. [Naidoo|PER] did not. Mr. [Naidoo|PER] left.",
     "PER Raj Naidoo (Naidoo) x2|PER Naidoo x1"},
    {NULL,
     "Mr. [Raj Naidoo|PER] and Mrs. [Priya Naidoo|PER] came. Mr. [Naidoo|PER] left, "
     "Mrs. [Naidoo|PER] stayed.",
     "PER Raj Naidoo (Naidoo) x2|PER Priya Naidoo (Naidoo) x2"},
    {NULL, "[Raj Naidoo|PER] came with his wife, [Priya Naidoo|PER]. [Naidoo|PER] left.",
     "PER Raj Naidoo (Naidoo) x2|PER Priya Naidoo x1"},
    {NULL,
     "[Faith Naisula Sankale|PER] and [Will Sankale|PER]. [Faith|PER] won. [Faith "
     "Sankale|PER] left.",
     "PER Faith Naisula Sankale (Faith, Faith Sankale) x3|PER Will Sankale x1"},
    {NULL, "[Jaydev Rathod|PER] ran. [J. Rathod|PER] was third. [Rathod|PER] wept.",
     "PER Jaydev Rathod (J. Rathod, Rathod) x3"},
    {NULL,
     "[Fabrizio van den Brink|PER] left. [Van den Brink|PER] and [van den Brink|PER].",
     "PER Fabrizio van den Brink (Van den Brink, van den Brink) x3"},
    {NULL,
     "[Mary Sark Lee|PER] led [Sark, Moss|ORG]. [Lee|ORG] left [Sark|ORG]. [Sark|ORG] "
     "fell.",
     "ORG Sark, Moss (Sark) x3|PER Mary Sark Lee (Lee) x2"},
    {NULL, "[Xi Jinping|PER] came. [Xi|PER] spoke.", "PER Xi Jinping (Xi) x2"},
    {NULL, "[Élodie Čapek|PER] sang. [Capek|PER] bowed.", "PER Élodie Čapek (Capek) x2"},
    {NULL, "[Ann Lee|PER] said so. Then Lee left, Lee thought.", "PER Ann Lee (Lee) x3"},
    /* names found in part */
    {NULL,
     "R B [Sreekumar|PER] met R [B Kumar|PER]; J. [Richard West|PER] of [Zembla "
     "Trust|ORG], Inc., and [Ann Lee|PER], [Ltd|ORG].",
     "PER Sreekumar x1|PER R B Kumar x1|PER J. Richard West x1|ORG Zembla Trust, Inc. "
     "x1|ORG Ann Lee, Ltd. x1"},
    {NULL, "[Zembla Trust|ORG], [Inc|ORG] fell.", "ORG Zembla Trust, Inc x1"},
    {NULL, "A VENTURE OF SARK, [INC.|ORG], AND BONN TIMES, [INC.|ORG]",
     "ORG SARK, INC. x1|ORG BONN TIMES, INC. x1"},
    {NULL, "The cost, [Inc.|ORG] says, is high.", "ORG Inc. x1"},
    {NULL,
     "The two - thirds rule of [Lau Suk|PER] - han, [Zembla|ORG] - N and [Jean|PER] - "
     "[Luc Bo|PER] left [Zem|GPE] - which is far - and [Bonn|GPE] - led men.",
     "PER Lau Suk - han x1|ORG Zembla - N x1|PER Jean - Luc Bo x1|LOC/GPE Zem x1|LOC/GPE "
     "Bonn x1"},
    {NULL, "The two-thirds rule of [Lau Suk|PER] - han left.", "PER Lau Suk x1"},
    {NULL,
     "[Court of Justice|ORG] of [Zembla|GPE] and [Green Goods|ORG] of [Zembla|GPE].",
     "ORG Court of Justice of Zembla x1|ORG Green Goods x1|LOC/GPE Zembla x1"},
    {NULL,
     "The [Ministry of Trade|ORG], Industry and [Marine Resources|ORG] and the [Ministry "
     "of Energy|ORG] and [Blue Whale|ORG], left.",
     "ORG Ministry of Trade, Industry and Marine Resources x1|ORG Ministry of Energy "
     "x1|ORG Blue Whale x1"},
    {NULL, "[Ministry of Arts|ORG] and [Marine Trade Council|ORG] left.",
     "ORG Ministry of Arts x1|ORG Marine Trade Council x1"},
    /* titles in front */
    {NULL, "Weaver [Ann Lee|PER] met [Ustad Ghaus|PER].", "PER Ann Lee x1|PER Ghaus x1"},
    {NULL, "[Mme. Ann Lee|PER] met [Cst. Toivo Kangas|PER].",
     "PER Ann Lee x1|PER Toivo Kangas x1"},
    {NULL, "[Baker Toivo Kangas|PER] baked small bread when [Weaver Lee|PER] went.",
     "PER Toivo Kangas x1|PER Weaver Lee x1"},
    /* couples, kin and namesakes */
    {NULL,
     "Mayor [Wes Okonkwo|PER], whose wife, [Carmel Okonkwo|PER], was a nurse, left. Mrs. "
     "[Okonkwo|PER] stayed.",
     "PER Carmel Okonkwo (Okonkwo) x2|PER Wes Okonkwo x1"},
    {NULL,
     "[Zadie May|PER] won. Her husband, Dr. [Kwame May|PER], lost. [May|PER] smiled.",
     "PER Zadie May (May) x2|PER Kwame May x1"},
    {NULL, "[Pekka Aho|PER] met [Karin Lagercrantz-Aho|PER]. Mrs [Aho|PER] spoke.",
     "PER Karin Lagercrantz-Aho (Aho) x2|PER Pekka Aho x1"},
    {NULL,
     "[Souad Abi Rached|PER] and her father, [Elias Abi Rached|PER], a grocer. [Abi "
     "Rached|PER] taught.",
     "PER Souad Abi Rached (Abi Rached) x2|PER Elias Abi Rached x1"},
    {NULL, "[Hollis Young Sr.|PER] and [Hollis Young Jr.|PER] ran it.",
     "PER Hollis Young Sr. x1|PER Hollis Young Jr. x1"},
    {NULL,
     "By [Tigist Bekele|PER]\n\n\"It travels,\" said [Bekele Hundie|PER]. "
     "[Bekele|PER] left.",
     "PER Tigist Bekele x1|PER Bekele Hundie (Bekele) x2"},
    {NULL, "[Otavio Penteado|PER] left. The [Penteado|PER] family stayed.",
     "PER Otavio Penteado x1|PER Penteado x1"},
    {NULL, "His mother, [Montalvo|PER] said. [Daniel Montalvo|PER] left.",
     "PER Daniel Montalvo (Montalvo) x2"},
    /* what the text says */
    {NULL,
     "[Jan Kolar|PER], better known as [Sirkal|PER], sang. [Sirkal|PER] wept. [Sani "
     "Bello|PER] alias [Dogo|PER] left.",
     "PER Jan Kolar (Sirkal) x3|PER Sani Bello (Dogo) x2"},
    {NULL, "A group in [Zembla Church|ORG] called the [Sea Guard|ORG] met.",
     "ORG Zembla Church x1|ORG Sea Guard x1"},
    {NULL,
     "[Zembla Space Institute|ORG], known by its [Portuguese|NORP] acronym [IZPE|ORG], "
     "left.",
     "ORG Zembla Space Institute (IZPE) x2|MISC/NORP Portuguese x1"},
    {NULL,
     "The [Zembla Maritime Safety Authority|ORG] ([Zamsa|ORG]), [Cotu Works|ORG], or "
     "[CW|ORG], and [Li Wei|PER] ([李伟|PER]).",
     "ORG Zembla Maritime Safety Authority (Zamsa) x2|ORG Cotu Works (CW) x2|PER Li Wei "
     "(李伟) x2"},
    {NULL,
     "[Ida Mae Crutcher|PER] died. She was born [Ida Mae Willet|PER]. [Crutcher|PER] "
     "sang.",
     "PER Ida Mae Crutcher (Ida Mae Willet, Crutcher) x3"},
    /* what they are called */
    {NULL,
     "[Dukkan|PER] grew. [Dukkan|PER], a small shop in [Zembla|GPE], and the bakery "
     "[Hofgeir|GPE] left.",
     "ORG Dukkan x2|LOC/GPE Zembla x1|ORG Hofgeir x1"},
    {NULL, "The [Zembla|LOC] language and the [Bonda|PER] tribe. [Zembla|LOC] is old.",
     "MISC Zembla x2|MISC/NORP Bonda x1"},
    {NULL, "Its app, [Crisper|ORG], hears a ferry called [Solveig|PER].",
     "MISC/PROD Crisper x1|MISC/PROD Solveig x1"},
    {NULL,
     "A donkey called [Sibiri|LOC] is at [Lanterns|ORG], a festival, of the NGO "
     "[Latawiec|PER]; [Ngaro|GPE], a tribe, is not.",
     "MISC Sibiri x1|EVENT Lanterns x1|ORG Latawiec x1|MISC/NORP Ngaro x1"},
    {NULL, "They left the village of [Lemu|PER] for the village. [Ha Tiko|PER] too.",
     "LOC/GPE Lemu x1|PER Ha Tiko x1"},
    {NULL, "[Li Wei|PER], a maker of hats, and [Hats of Zem|GPE], a maker of hats.",
     "PER Li Wei x1|ORG Hats of Zem x1"},
    {NULL,
     "In the village, [Li Wei|PER], 40, left [Zem|GPE], the firm said, for Bonn of "
     "[Zem|GPE], a firm.",
     "LOC/GPE Zem x2|PER Li Wei x1"},
    {NULL, "[Zembla|GPE], a firm, and [Zembla|GPE], a town.", "LOC/GPE Zembla x2"},
    {NULL,
     "[Dukkan Denizcilik A.S.|PER] sailed. [Dukkan Denizcilik|PER] and [Dukkan|PER] did.",
     "ORG Dukkan Denizcilik A.S. (Dukkan Denizcilik, Dukkan) x3"},
    {NULL,
     "[Wei Hats Ltd|ORG] is of [Wei|PER], that is [Li Wei|PER]. [Zem Oil Ltd|ORG] left "
     "[Zem|GPE].",
     "PER Li Wei (Wei) x2|ORG Wei Hats Ltd x1|ORG Zem Oil Ltd x1|LOC/GPE Zem x1"},
    /* lists */
    {NULL, "[Larbi|PER], [Eshun|ORG?], [Kwofie|PER]; [Awuku|GPE?] and [Fosu|PER].",
     "PER Larbi x1|PER Eshun x1|PER Kwofie x1|PER Awuku x1|PER Fosu x1"},
    {NULL, "[Larbi|PER] and [Eshun|ORG?]. [Larbi|PER], [Zem|GPE] and [Larbi|PER].",
     "PER Larbi x3|ORG Eshun x1|LOC/GPE Zem x1"},
    /* bodies and places */
    {NULL, "[Mount Elgon|LOC] is high. [Mt. Elgon|LOC] is wet. [Elgon|LOC] is far.",
     "LOC Mount Elgon (Mt. Elgon, Elgon) x3"},
    {NULL, "[Port Zem|GPE] is in [Zem|GPE], and [Zem City|GPE] too.",
     "LOC/GPE Port Zem x1|LOC/GPE Zem x1|LOC/GPE Zem City x1"},
    {NULL, "[Macon|GPE], [Ky.|GPE], is in [Kentucky|GPE].",
     "LOC/GPE Kentucky (Ky.) x2|LOC/GPE Macon x1"},
    {NULL, "[Dick's Boat Works|ORG] won. [Dick's|ORG] fell.",
     "ORG Dick's Boat Works (Dick's) x2"},
    {NULL, "[Sao Bien Airlines JSC|ORG] flew. [Sao Bien|ORG] fell.",
     "ORG Sao Bien Airlines JSC (Sao Bien) x2"},
    {NULL, "[Asia-Zembla Economic Council|ORG] met. [AZEC|ORG] left.",
     "ORG Asia-Zembla Economic Council (AZEC) x2"},
    {NULL,
     "The [Zembla Fisheries Commission|ORG] voted. The [Commission|ORG] left. The "
     "Commission is right.",
     "ORG Zembla Fisheries Commission (Commission) x3"},
    {NULL, "[Thabeng Platinum Ltd|ORG] sold it. [Thabeng|ORG] fell.",
     "ORG Thabeng Platinum Ltd (Thabeng) x2"},
    {NULL, "The [ZARC Secretariat|ORG] of [ZARC|ORG].",
     "ORG ZARC Secretariat x1|ORG ZARC x1"},
    {NULL, "[Kogi State|GPE] is wet. [Kogi|GPE] and [KOGI|GPE].",
     "LOC/GPE Kogi State (Kogi, KOGI) x3"},
    {NULL, "[Biratnagar Airport|FAC] of [Biratnagar|GPE].",
     "LOC/FAC Biratnagar Airport x1|LOC/GPE Biratnagar x1"},
    {NULL, "The [U.N.|ORG], the [United Nations|ORG], the [UN|ORG].",
     "ORG United Nations (U.N., UN) x3"},
    {NULL, "[U.S.|GPE] troops left.", "LOC/GPE United States (U.S.) x1"},
    {NULL, "[Afghan|NORP] men and [Afghans|NORP] of [Afghanistan|GPE].",
     "MISC/NORP Afghan (Afghans) x2|LOC/GPE Afghanistan x1"},
    /* types and what was not seen */
    {NULL, "[Ann Lee|PER] ([PNG|ORG]) of [Papua New Guinea|GPE].",
     "LOC/GPE Papua New Guinea (PNG) x2|PER Ann Lee x1"},
    {NULL, "[Florentino Huamani Ccori|PER] left. [Huamani|ORG] spoke.",
     "PER Florentino Huamani Ccori (Huamani) x2"},
    {NULL, "[Bola Ahmed Danso|PER] left. [Bola Danso|ORG] spoke.",
     "PER Bola Ahmed Danso (Bola Danso) x2"},
    {NULL, "[Abbott|ORG] rose. [Abbott|ORG] fell. [Abbott|PER] stood.", "ORG Abbott x3"},
    {NULL, "The [Bonn Grand Hotel|FAC] burnt. The Bonn Grand Hotel is old.",
     "LOC/FAC Bonn Grand Hotel x2"},
};

static void names_of_one_thing_are_one_entity(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *found;

        marked_run(&kit, &marked, rows[i].title, rows[i].text);
        assert_int_equal(kit.result.status, NLP_OK);
        found = kit_entities(&kit);
        if (strcmp(found, rows[i].expected) != 0)
            fail_msg("%s\nfound  %s\nwanted %s", rows[i].text, found, rows[i].expected);
        free(found);
    }
}

static void the_name_is_the_longest_form_and_never_shouted(void **state)
{
    (void)state;
    marked_run(&kit, &marked, "[JEHANGIR KHAN|PER] IN [BONN|GPE]",
               "Mr. [Khan|PER] met [Jehangir Khan|PER] in [Bonn|GPE].");

    assert_true(str_eq(kit.result.entities[0].name, STR("Jehangir Khan")));
    assert_true(str_eq(kit.result.entities[1].name, STR("Bonn")));
}

static void what_title_and_beginning_name_is_what_the_text_is_about(void **state)
{
    (void)state;
    marked_run(&kit, &marked, "[Lee|PER] wins",
               "[Ann Lee|PER] won again.\n\nShe beat [Jo Rae|PER]. [Lee|PER] left.");

    assert_true(str_eq(kit.result.entities[0].name, STR("Ann Lee")));
    assert_true(kit.result.entities[0].is_about);
    assert_true(kit.result.entities[0].salience > kit.result.entities[1].salience);
    assert_false(kit.result.entities[1].is_about);
}

static void mentions_are_in_the_order_of_the_text(void **state)
{
    const struct entity *en;

    (void)state;
    marked_run(&kit, &marked, "[Lee|PER]",
               "Lee saw [Ann Lee|PER] and Lee saw [Lee|PER].");

    en = &kit.result.entities[0];
    assert_int_equal(en->n_mentions, 5);
    for (size_t i = 1; i < en->n_mentions; i++)
        assert_true(en->mentions[i].span.field > en->mentions[i - 1].span.field ||
                    en->mentions[i].span.start > en->mentions[i - 1].span.start);
}

/* Ten thousand persons of one surname, as many bodies that end alike, as many acronyms.
 */
static void many_names_alike_are_read_in_bounded_time(void **state)
{
    struct strbuf text = {.max = 1 << 22};

    (void)state;
    for (int i = 0; i < 5000; i++)
        (void)strbuf_addf(
            &text,
            "[Ann%c%c%c Lee|PER] of the [%c%c%c Trade Commission|ORG] (%c%cTC) and "
            "Lee of the Commission. ",
            'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676, 'A' + i % 26,
            'a' + i / 26 % 26, 'a' + i / 676, 'A' + i % 26, 'A' + i / 26 % 26);
    marked_run(&kit, &marked, NULL, strbuf_cstr(&text));

    assert_int_equal(kit.result.status, NLP_OK);
    assert_true(kit.result.n_entities >= 5000);
    strbuf_fini(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_one_thing_are_one_entity),
        cmocka_unit_test(the_name_is_the_longest_form_and_never_shouted),
        cmocka_unit_test(what_title_and_beginning_name_is_what_the_text_is_about),
        cmocka_unit_test(mentions_are_in_the_order_of_the_text),
        cmocka_unit_test(many_names_alike_are_read_in_bounded_time),
    };

    return cmocka_run_group_tests_name("aliases", tests, open_kit, close_kit);
}
