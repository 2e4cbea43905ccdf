#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "extract_kit.h"

static const struct {
    const char *code; /* NULL: not told */
    const char *text;
} texts[] = {
    {"en", "The ministers said on Monday that they would not vote for the new law."},
    {"de",
     "Die Minister sagten am Montag, dass sie nicht für das neue Gesetz stimmen werden."},
    {"fr",
     "Les ministres ont déclaré lundi qu'ils ne voteraient pas pour la nouvelle loi."},
    {"es",
     "Los ministros dijeron el lunes que no votarían a favor de la nueva ley, según la "
     "agencia."},
    {"it", "I ministri hanno detto lunedì che non voteranno per la nuova legge della "
           "regione."},
    {"pt",
     "Os ministros disseram na segunda-feira que não vão votar a favor da nova lei."},
    {"nl", "De ministers zeiden maandag dat ze niet voor de nieuwe wet zullen stemmen."},
    {"sv",
     "Ministrarna sade på måndagen att de inte kommer att rösta för den nya lagen."},
    {"da",
     "Ministrene sagde mandag, at de ikke vil stemme for den nye lov, siger de også "
     "hvad det er."},
    {"no",
     "Ministrene sa mandag at de ikke vil stemme for den nye loven, etter det som ble "
     "sagt nå."},
    {"fi",
     "Ministerit sanoivat maanantaina, että he eivät äänestä uuden lain puolesta, mutta "
     "se on jo mukana."},
    {"pl",
     "Ministrowie powiedzieli w poniedziałek, że nie będą głosować za nową ustawą, która "
     "już jest."},
    {"cs",
     "Ministři v pondělí řekli, že pro nový zákon hlasovat nebudou, protože však už je "
     "pozdě."},
    {"hu",
     "A miniszterek hétfőn azt mondták, hogy nem szavaznak az új törvényre, és ez már "
     "biztos."},
    {"ro",
     "Miniștrii au spus luni că nu vor vota pentru noua lege, care este în dezbatere."},
    {"tr",
     "Bakanlar pazartesi günü yeni yasa için oy vermeyeceklerini söyledi ve bu çok daha "
     "önemli."},
    {"ru", "Министры заявили в понедельник, что они не будут голосовать за новый закон."},
    {"uk",
     "Міністри заявили в понеділок, що вони не будуть голосувати за новий закон, який "
     "є."},
    {"bg", "Министрите казаха в понеделник, че няма да гласуват за новия закон, който е "
           "готов."},
    {"el", "Οι υπουργοί είπαν τη Δευτέρα ότι δεν θα ψηφίσουν τον νέο νόμο."},
    {"ar",
     "قال الوزراء يوم الاثنين إنهم لن يصوتوا على القانون الجديد في البرلمان من بعد"},
    {"he", "השרים אמרו ביום שני שהם לא יצביעו בעד החוק החדש"},
    {"fa", "وزیران روز دوشنبه گفتند که به قانون جدید رای نمی دهند و این را می گویند"},
    {"hi", "मंत्रियों ने सोमवार को कहा कि वे नए कानून के लिए मतदान नहीं करेंगे"},
    {"zh", "部长们星期一表示，他们不会投票支持新法律。"},
    {"ja", "大臣たちは月曜日、新しい法律に賛成票を投じないと述べた。"},
    {"ko", "장관들은 월요일에 새 법안에 찬성하지 않겠다고 말했다."},
    {"id", "Para menteri mengatakan pada hari Senin bahwa mereka tidak akan memilih "
           "undang-undang "
           "baru itu karena tidak bisa."},
    {"vi", "Các bộ trưởng cho biết hôm thứ Hai rằng họ sẽ không bỏ phiếu cho luật mới."},
    {"th", "รัฐมนตรีกล่าวเมื่อวันจันทร์ว่าจะไม่ลงคะแนน"},
    {NULL, "Temperature Sean Paul 2005 Atlantic Records"},
    {NULL, "1234567 – 89 %"},
    {NULL, "x"},
    {NULL, ""},
};

static struct kit kit;

static int open_kit(void **state)
{
    static const char *const names[] = {"language", NULL};

    (void)state;
    kit_open(&kit, names);
    return 0;
}

static int close_kit(void **state)
{
    (void)state;
    kit_close(&kit);
    return 0;
}

static void a_sentence_is_enough_to_tell_the_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        kit_run(&kit, NULL, texts[i].text);
        if (!str_eq(kit.result.language, str_of(texts[i].code)))
            fail_msg("'" STR_FMT "' (%.2f) for: %s", STR_ARG(kit.result.language),
                     (double)kit.result.language_score, texts[i].text);
        assert_true(texts[i].code == NULL || kit.result.language_score >= 0.5F);
        assert_true(kit.result.language_score <= 1);
    }
}

/* Titles; those that could be in several languages have none. */
static void titles_are_told_or_left_open(void **state)
{
    static const struct {
        const char *language, *title;
    } titles[] = {
        {"en", "Striking workers close 12 schools in two counties"},
        {"en", "Farmers' prices: what the government's plan means"},
        {"en", "Lawmakers vote to delay election by a month"},
        {"de", "Minister wollen nicht über das neue Gesetz abstimmen"},
        {"fr", "Les ministres n'ont pas voté la loi"},
        {"ur", "امریکی عسکری امداد کی بندش کی وجوہات: جوہری پروگرام اور"},
        {"fa", "وزیران گفتند که به این قانون رای نمی دهند"},
        {"", "Giant, 28mm Ghoul"},
        {"", "Pine64 Type-C, PNY Elite-X"},
        {"", "Ajax - PSV 2-1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        struct str language;

        kit_run(&kit, titles[i].title, "");
        language = kit.result.language;
        if (!str_eq(language, str_of(titles[i].language)))
            fail_msg("%s is '" STR_FMT "', not '%s'", titles[i].title, STR_ARG(language),
                     titles[i].language);
    }
}

static void capitals_do_not_matter(void **state)
{
    (void)state;
    kit_run(&kit, "THE MINISTERS SAID ON MONDAY THAT THEY WOULD NOT VOTE", "");
    assert_true(str_eq(kit.result.language, STR("en")));
    kit_run(&kit, "МИНИСТРЫ ЗАЯВИЛИ, ЧТО ОНИ НЕ БУДУТ ГОЛОСОВАТЬ ЗА ЭТО", "");
    assert_true(str_eq(kit.result.language, STR("ru")));
}

static void bytes_that_are_no_text_have_no_language(void **state)
{
    (void)state;
    kit_run(&kit, "\xFF\xFE\xC0", "\x80\x80\x80\xF0\x90");
    assert_null(kit.result.language.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_enough_to_tell_the_language),
        cmocka_unit_test(titles_are_told_or_left_open),
        cmocka_unit_test(capitals_do_not_matter),
        cmocka_unit_test(bytes_that_are_no_text_have_no_language),
    };

    return cmocka_run_group_tests(tests, open_kit, close_kit);
}
