#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/date.h"

struct row {
    const char *in, *want; /* NULL: not known */
    enum date_note note;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct date d = date_read(str_of(rows[i].in));
        char text[CLOCK_TEXT_MAX] = "not known";

        if (d.known)
            (void)clock_text(d.ms, text);
        if (rows[i].want == NULL ? d.known : strcmp(text, rows[i].want) != 0)
            print_message("row %zu: %s\n", i, rows[i].in);
        assert_string_equal(text, rows[i].want != NULL ? rows[i].want : "not known");
        if (d.note != rows[i].note)
            print_message("row %zu: %s\n", i, rows[i].in);
        assert_string_equal(date_note_name(d.note), date_note_name(rows[i].note));
    }
}

static void date_read_knows_the_standard_formats(void **state)
{
    static const struct row rows[] = {
        {"Sat, 02 May 2020 07:08:09 GMT", "2020-05-02T07:08:09.000Z", DATE_OK},
        {"Sat, 2 May 2020 07:08:09 +0530", "2020-05-02T01:38:09.000Z", DATE_OK},
        {"02 May 20 07:08 EST", "2020-05-02T12:08:00.000Z", DATE_OK},
        {"Sat, 02 May 2020 07:08:09 -0000", "2020-05-02T07:08:09.000Z", DATE_OK},
        {"Sat, 02 May 2020 07:08:09 PDT (summer (there))", "2020-05-02T14:08:09.000Z",
         DATE_OK},
        {"2020-05-02T07:08:09Z", "2020-05-02T07:08:09.000Z", DATE_OK},
        {"2020-05-02t07:08:09z", "2020-05-02T07:08:09.000Z", DATE_OK},
        {"2020-05-02T07:08:09.12345+02:00", "2020-05-02T05:08:09.123Z", DATE_OK},
        {"2020-05-02T07:08-03:30", "2020-05-02T10:38:00.000Z", DATE_OK},
        {"  2020-02-29T23:59:60Z\n", "2020-03-01T00:00:00.000Z", DATE_OK},
        {"Fri, 28 May 99 21:03:38 GMT", "1999-05-28T21:03:38.000Z", DATE_OK},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void date_read_says_when_there_is_no_zone(void **state)
{
    static const struct row rows[] = {
        {"2020-05-02", "2020-05-02T00:00:00.000Z", DATE_NO_ZONE},
        {"2020-05", "2020-05-01T00:00:00.000Z", DATE_NO_ZONE},
        {"2020", "2020-01-01T00:00:00.000Z", DATE_NO_ZONE},
        {"20200502", "2020-05-02T00:00:00.000Z", DATE_NO_ZONE},
        {"20200502070809", "2020-05-02T07:08:09.000Z", DATE_NO_ZONE},
        {"2020-05-02 07:08:09.5", "2020-05-02T07:08:09.500Z", DATE_NO_ZONE},
        {"Sat, 02 May 2020 07:08", "2020-05-02T07:08:00.000Z", DATE_NO_ZONE},
        {"Sat May  2 07:08:09 2020", "2020-05-02T07:08:09.000Z", DATE_NO_ZONE},
        {"May 2, 2020 - 7:08pm", "2020-05-02T19:08:00.000Z", DATE_NO_ZONE},
        {"May 2, 2020 12:08 a.m.", "2020-05-02T00:08:00.000Z", DATE_NO_ZONE},
        {"2 mai 2020 à 14h08", "2020-05-02T14:08:00.000Z", DATE_NO_ZONE},
        {"2020年5月2日 下午7:08", "2020-05-02T19:08:00.000Z", DATE_NO_ZONE},
        {"２０２０年５月２日", "2020-05-02T00:00:00.000Z", DATE_NO_ZONE},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void date_read_knows_forms_of_no_standard(void **state)
{
    static const struct row rows[] = {
        {"Sat May 02 07:08:09 PDT 2020", "2020-05-02T14:08:09.000Z", DATE_NON_STANDARD},
        {"Saturday, 02-May-20 07:08:09 GMT", "2020-05-02T07:08:09.000Z",
         DATE_NON_STANDARD},
        {"Wed, 02 May 2020 07:08:09 GMT", "2020-05-02T07:08:09.000Z", DATE_NON_STANDARD},
        {"2020-05-02 07:08:09 +0200", "2020-05-02T05:08:09.000Z", DATE_NON_STANDARD},
        {"2020-5-2T7:08:09Z", "2020-05-02T07:08:09.000Z", DATE_NON_STANDARD},
        {"20200502T070809Z", "2020-05-02T07:08:09.000Z", DATE_NON_STANDARD},
        {"2020-123T07:08:09Z", "2020-05-02T07:08:09.000Z", DATE_NON_STANDARD},
        {"2020-05-02T24:00:00Z", "2020-05-03T00:00:00.000Z", DATE_NON_STANDARD},
        {"Sat, 2nd May 2020 07:08 PM CEST", "2020-05-02T17:08:00.000Z",
         DATE_NON_STANDARD},
        {"May 2 2020 07:08:09 GMT+0200 (Central European)", "2020-05-02T05:08:09.000Z",
         DATE_NON_STANDARD},
        {"Sat, 02 May 2020 07:08:09 MST -07:00", "2020-05-02T14:08:09.000Z",
         DATE_NON_STANDARD},
        {"2 May 2020 GMT", "2020-05-02T00:00:00.000Z", DATE_NON_STANDARD},
        {"1588403289", "2020-05-02T07:08:09.000Z", DATE_NON_STANDARD},
        {"1588403289123", "2020-05-02T07:08:09.123Z", DATE_NON_STANDARD},
        {"2 May 2020 07:08 Etc/GMT", "2020-05-02T07:08:00.000Z", DATE_NON_STANDARD},
        {"2 January 2020 07:08 PT", "2020-01-02T15:08:00.000Z", DATE_NON_STANDARD},
        {"2 June 2020 07:08 BST", "2020-06-02T06:08:00.000Z", DATE_NON_STANDARD},
        {"2 May 2020 07:08:09 QQQ", "2020-05-02T07:08:09.000Z", DATE_ZONE_GUESSED},
        {"2020년 5월 2일 07:08", "2020-05-01T22:08:00.000Z", DATE_ZONE_GUESSED},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void date_read_knows_the_months_of_many_languages(void **state)
{
    static const char *const fifth[] = {
        "2 Mai 2020",        "2. května 2020",   "2 maja 2020",      "2 de mayo de 2020",
        "2 maggio 2020",     "2 maio 2020",      "2 mei 2020",       "2 мая 2020",
        "2 травня 2020",     "2 Μαΐου 2020",     "2 Mayıs 2020",     "2. toukokuuta 2020",
        "2 maj 2020",        "2020. május 2",    "2 svibnja 2020",   "2 gegužės 2020",
        "2 مايو 2020",       "2 मई 2020",        "2 במאי 2020",      "2 maijs 2020",
        "sabato 2 mag 2020", "sáb, 2 MAYO 2020", "Σάβ, 02 Μάι 2020", "sob., 2 maja 2020",
    };
    static const struct row rows[] = {
        {"mar, 03 mar 2020 00:00 GMT", "2020-03-03T00:00:00.000Z", DATE_OK},
        {"mar., 02 avril 2020 00:00 GMT", "2020-04-02T00:00:00.000Z", DATE_NON_STANDARD},
        {"2 listopada 2020", NULL, DATE_UNPARSABLE}, /* October or November */
        {"2 Mia 2020", NULL, DATE_UNPARSABLE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fifth); i++) {
        struct date d = date_read(str_of(fifth[i]));

        if (!d.known || d.ms != date_days(2020, 5, 2) * 86400000)
            print_message("row %zu: %s\n", i, fifth[i]);
        assert_true(d.known);
        assert_int_equal(d.ms, date_days(2020, 5, 2) * 86400000);
    }
    check_rows(rows, ARRAY_LEN(rows));
}

static void date_read_knows_numbers_only_when_they_have_one_reading(void **state)
{
    static const struct row rows[] = {
        {"03/04/2024", NULL, DATE_UNPARSABLE},
        {"3-4-2024 10:00", NULL, DATE_UNPARSABLE},
        {"04/04/2024", "2024-04-04T00:00:00.000Z", DATE_NO_ZONE},
        {"13/04/2024", "2024-04-13T00:00:00.000Z", DATE_NO_ZONE},
        {"04/13/2024", "2024-04-13T00:00:00.000Z", DATE_NO_ZONE},
        {"Wed, 03/04/2024", "2024-04-03T00:00:00.000Z", DATE_NO_ZONE},
        {"Mon, 03/04/2024", "2024-03-04T00:00:00.000Z", DATE_NO_ZONE},
        {"Tue, 03/04/2024", NULL, DATE_UNPARSABLE},
        {"3.4.2024 10:00", "2024-04-03T10:00:00.000Z", DATE_NO_ZONE},
        {"03-04-05", NULL, DATE_UNPARSABLE},
        {"13.04.24", NULL, DATE_UNPARSABLE}, /* 2013 in Korea */
        {"04/30/24", "2024-04-30T00:00:00.000Z", DATE_NO_ZONE},
        {"Sat, 11 04 2020 08:51", NULL, DATE_UNPARSABLE},
        {"2024/04/03", "2024-04-03T00:00:00.000Z", DATE_NO_ZONE},
        {"2024/13/03", NULL, DATE_UNPARSABLE},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

static void date_read_does_not_guess(void **state)
{
    static const struct row rows[] = {
        {NULL, NULL, DATE_MISSING},
        {"", NULL, DATE_MISSING},
        {" \n", NULL, DATE_MISSING},
        {"yesterday", NULL, DATE_UNPARSABLE},
        {"2020-", NULL, DATE_UNPARSABLE},
        {"-2020-05-02", NULL, DATE_UNPARSABLE},
        {"020502", NULL, DATE_UNPARSABLE},
        {"31 Apr 2020 10:00 GMT", NULL, DATE_UNPARSABLE},
        {"29 Feb 2021 10:00 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 2020 25:00 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:60 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00:61 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00:60 GMT", NULL, DATE_UNPARSABLE}, /* no leap second */
        {"43953.25", NULL, DATE_UNPARSABLE},                /* days of a spreadsheet */
        {"2 May 2020 10:00 -700", NULL, DATE_UNPARSABLE},
        {"2 May 2020 14:00 AM", NULL, DATE_UNPARSABLE},
        {"2 May 202 10:00 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 10:00:00 GMT", NULL, DATE_UNPARSABLE},
        {"May 2020", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 IST", NULL, DATE_UNPARSABLE},
        {"2 January 2020 10:00 BST", NULL, DATE_UNPARSABLE},
        {"2 May 2012 10:00 MSK", NULL, DATE_UNPARSABLE},
        {"2 April 2020 10:00 PT", NULL, DATE_UNPARSABLE},
        {"Sat May 02 07:08:09 CST 2020", NULL, DATE_UNPARSABLE}, /* Chicago, Shanghai */
        {"2 May 2020 10:00 EST -0800", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 +0100 +0200", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 +zz:00", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 +2500", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 Etc/GMT+5", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 11:00 GMT", NULL, DATE_UNPARSABLE},
        {"2 May Jun 2020 10:00 GMT", NULL, DATE_UNPARSABLE},
        {"2 May 2020 10:00 (never closed", NULL, DATE_UNPARSABLE},
        {"Mon, 01 Jan 0001 00:00:00 GMT", NULL, DATE_UNPARSABLE},
        {"Thu, 01 Jan 1970 00:00:00 GMT", NULL, DATE_UNPARSABLE},
        {"2020050210", NULL, DATE_UNPARSABLE}, /* 10 h, or seconds since 1970 */
        {"2 May 2020 \xFF", NULL, DATE_UNPARSABLE},
    };

    (void)state;
    check_rows(rows, ARRAY_LEN(rows));
}

/* The names as they stand in a date: in the genitive where a language does so. */
static const struct {
    const char *language, *months;
} calendars[] = {
    {"en", "january february march april may june july august september october november "
           "december"},
    {"de", "januar februar märz april mai juni juli august september oktober november "
           "dezember"},
    {"fr", "janvier février mars avril mai juin juillet août septembre octobre novembre "
           "décembre"},
    {"es", "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
           "noviembre diciembre"},
    {"it", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
           "novembre dicembre"},
    {"pt", "janeiro fevereiro março abril maio junho julho agosto setembro outubro "
           "novembro dezembro"},
    {"ca",
     "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre"},
    {"nl", "januari februari maart april mei juni juli augustus september oktober "
           "november december"},
    {"sv", "januari februari mars april maj juni juli augusti september oktober november "
           "december"},
    {"da", "januar februar marts april maj juni juli august september oktober november "
           "december"},
    {"no", "januar februar mars april mai juni juli august september oktober november "
           "desember"},
    {"is",
     "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember"},
    {"fi", "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta "
           "elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"},
    {"et", "jaanuar veebruar märts aprill mai juuni juuli august september oktoober "
           "november detsember"},
    {"lv", "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī "
           "novembrī decembrī"},
    {"lt", "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo "
           "spalio lapkričio gruodžio"},
    {"pl", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
           "października listopada grudnia"},
    {"cs", "ledna února března dubna května června července srpna září října listopadu "
           "prosince"},
    {"sk", "januára februára marca apríla mája júna júla augusta septembra októbra "
           "novembra decembra"},
    {"sl", "januarja februarja marca aprila maja junija julija avgusta septembra oktobra "
           "novembra decembra"},
    {"hr", "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna "
           "listopada studenoga prosinca"},
    {"sr",
     "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar"},
    {"ro", "ianuarie februarie martie aprilie mai iunie iulie august septembrie "
           "octombrie noiembrie decembrie"},
    {"hu", "január február március április május június július augusztus szeptember "
           "október november december"},
    {"tr", "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık"},
    {"id", "januari februari maret april mei juni juli agustus september oktober "
           "november desember"},
    {"el", "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου "
           "Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"},
    {"ru",
     "января февраля марта апреля май июня июля августа сентября октября ноября декабря"},
    {"uk", "січня лютого березня квітня травня червня липня серпня вересня жовтня "
           "листопада грудня"},
    {"be", "студзеня лютага сакавіка красавіка траўня чэрвеня ліпеня жніўня верасня "
           "кастрычніка лістапада снежня"},
    {"bg",
     "януари февруари март април май юни юли август септември октомври ноември декември"},
    {"ar", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"},
    {"he", "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר"},
    {"hi", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"},
};

static const struct {
    const char *language, *days; /* Monday first */
} weeks[] = {
    {"en", "monday tuesday wednesday thursday friday saturday sunday"},
    {"de", "montag dienstag mittwoch donnerstag freitag samstag sonntag"},
    {"fr", "lundi mardi mercredi jeudi vendredi samedi dimanche"},
    {"es", "lunes martes miércoles jueves viernes sábado domingo"},
    {"it", "lunedì martedì mercoledì giovedì venerdì sabato domenica"},
    {"pt", "segunda terça quarta quinta sexta sábado domingo"},
    {"ca", "dilluns dimarts dimecres dijous divendres dissabte diumenge"},
    {"nl", "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"},
    {"sv", "måndag tisdag onsdag torsdag fredag lördag söndag"},
    {"da", "mandag tirsdag onsdag torsdag fredag lørdag søndag"},
    {"fi", "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai"},
    {"et", "esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev"},
    {"pl", "poniedziałek wtorek środa czwartek piątek sobota niedziela"},
    {"cs", "pondělí úterý středa čtvrtek pátek sobota neděle"},
    {"sk", "pondelok utorok streda štvrtok piatok sobota nedeľa"},
    {"hr", "ponedjeljak utorak srijeda četvrtak petak subota nedjelja"},
    {"ro", "luni marți miercuri joi vineri sâmbătă duminică"},
    {"hu", "hétfő kedd szerda csütörtök péntek szombat vasárnap"},
    {"tr", "pazartesi salı çarşamba perşembe cuma cumartesi pazar"},
    {"id", "senin selasa rabu kamis jumat sabtu minggu"},
    {"el", "Δευτέρα Τρίτη Τετάρτη Πέμπτη Παρασκευή Σάββατο Κυριακή"},
    {"ru", "понедельник вторник среда четверг пятница суббота воскресенье"},
    {"uk", "понеділок вівторок середа четвер п'ятниця субота неділя"},
    {"bg", "понеделник вторник сряда четвъртък петък събота неделя"},
};

static void date_read_knows_each_month_of_each_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(calendars); i++) {
        struct str rest = str_of(calendars[i].months);

        for (unsigned month = 1; month <= 12; month++) {
            struct strbuf text = {.max = 200};
            struct str name = str_cut(&rest, ' ');
            int64_t want = date_days(2021, month, 14) * 86400000;
            struct date d;

            (void)strbuf_addf(&text, "14 " STR_FMT " 2021", STR_ARG(name));
            d = date_read(strbuf_str(&text));
            if (str_eq(name, STR("listopada"))) { /* October or November */
                assert_false(d.known);
            } else {
                if (!d.known || d.ms != want)
                    print_message("%s: %s\n", calendars[i].language, strbuf_cstr(&text));
                assert_true(d.known);
                assert_int_equal(d.ms, want);
            }
            strbuf_fini(&text);
        }
        assert_null(rest.p);
    }
}

/* A weekday that is right changes nothing, in front of a month of the same language. */
static void date_read_knows_each_weekday_of_each_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(weeks); i++) {
        struct str rest = str_of(weeks[i].days);

        for (unsigned day = 7; day <= 13; day++) { /* 7 June 2021 was a Monday */
            struct strbuf text = {.max = 200};
            struct str name = str_cut(&rest, ' ');
            struct date d;

            (void)strbuf_addf(&text, STR_FMT ", %02u/06/2021", STR_ARG(name), day);
            d = date_read(strbuf_str(&text));
            if (!d.known || d.ms != date_days(2021, 6, day) * 86400000)
                print_message("%s: %s\n", weeks[i].language, strbuf_cstr(&text));
            assert_true(d.known);
            assert_int_equal(d.ms, date_days(2021, 6, day) * 86400000);
            strbuf_fini(&text);
        }
    }
}

/* ---- day and month in numbers ---- */

static enum date_order order_of(const char *const *dates, size_t n, const char *asked)
{
    struct date_orders o = {0};
    struct date d = date_read(str_of(asked));

    for (size_t i = 0; i < n; i++) {
        struct date other = date_read(str_of(dates[i]));

        date_orders_add(&o, &other);
    }
    date_orders_add(&o, &d);
    return date_is_open(&d) ? date_orders_of(&o, d.form) : DATE_ORDER_NONE;
}

#define ORDER(asked, ...)                        \
    order_of((const char *const[]){__VA_ARGS__}, \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), asked)

static void date_orders_settle_what_one_date_leaves_open(void **state)
{
    (void)state;
    assert_int_equal(ORDER("03/04/2024", "13/04/2024"), DATE_ORDER_DMY);
    assert_int_equal(ORDER("03/04/2024 10:00", "04/13/2024 9:00 AM"), DATE_ORDER_MDY);
    assert_int_equal(ORDER("3-4-2024", "Wed, 03-04-2024"), DATE_ORDER_DMY);
    assert_int_equal(ORDER("03-04-05", "99-12-31"), DATE_ORDER_YMD);
    assert_int_equal(ORDER("03.04.05", "31.12.99"), DATE_ORDER_DMY);
    /* Both are open alone: one is no YMD, the other no MDY. */
    assert_int_equal(ORDER("13/04/24", "05/06/61"), DATE_ORDER_DMY);
}

static void date_orders_leave_open_what_nothing_settles(void **state)
{
    (void)state;
    assert_int_equal(ORDER("03/04/2024", "05/06/2024"), DATE_ORDER_NONE);
    assert_int_equal(ORDER("03/04/2024", "04/04/2024"), DATE_ORDER_NONE);
    assert_int_equal(ORDER("03/04/2024", "2024-04-13"), DATE_ORDER_NONE);
    assert_int_equal(ORDER("03/04/2024", "13-04-2024"), DATE_ORDER_NONE); /* other form */
    assert_int_equal(ORDER("03/04/2024", "13/04/24"), DATE_ORDER_NONE);
    assert_int_equal(ORDER("03/04/2024", "13/04/2024", "04/13/2024"), DATE_ORDER_NONE);
}

static void date_read_in_reads_numbers_in_the_order_it_is_told(void **state)
{
    static const struct {
        const char *in;
        enum date_order order;
        const char *want;
    } rows[] = {
        {"03/04/2024", DATE_ORDER_DMY, "2024-04-03T00:00:00.000Z"},
        {"03/04/2024", DATE_ORDER_MDY, "2024-03-04T00:00:00.000Z"},
        {"3/4/2024 2:05 PM PST", DATE_ORDER_MDY, "2024-03-04T22:05:00.000Z"},
        {"03-04-05", DATE_ORDER_YMD, "2003-04-05T00:00:00.000Z"},
        {"13/04/2024", DATE_ORDER_MDY, NULL},
        {"03/04/2024", DATE_ORDER_YMD, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct date d = date_read_in(str_of(rows[i].in), rows[i].order);
        char text[CLOCK_TEXT_MAX];

        assert_int_equal(d.known, rows[i].want != NULL);
        if (!d.known)
            continue;
        assert_string_equal(clock_text(d.ms, text), rows[i].want);
        assert_int_equal(d.note, DATE_ORDER_OF_FEED);
    }
    assert_int_equal(date_read_in(STR("2024-05-06T07:08:09Z"), DATE_ORDER_MDY).note,
                     DATE_OK);
}

/* Each day of two centuries, written in four ways. */
static void date_read_agrees_with_the_calendar(void **state)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun",
                                           "Mon", "Tue", "Wed"};
    int64_t last = date_days(2100, 1, 1);

    (void)state;
    for (int64_t day = date_days(1900, 1, 1); day < last; day += 3) {
        int64_t ms = day * 86400000 + 45296000; /* 12:34:56 */
        char iso[CLOCK_TEXT_MAX];
        struct strbuf mail = {.max = 64};
        int year, month, date;

        (void)clock_text(ms, iso);
        year = (iso[0] - '0') * 1000 + (iso[1] - '0') * 100 + (iso[2] - '0') * 10 +
               iso[3] - '0';
        month = (iso[5] - '0') * 10 + iso[6] - '0';
        date = (iso[8] - '0') * 10 + iso[9] - '0';
        (void)strbuf_addf(&mail, "%s, %02d %s %04d 12:34:56 GMT",
                          weekdays[((day % 7) + 7) % 7], date, months[month - 1], year);
        assert_int_equal(date_read(str_of(iso)).ms, ms);
        assert_int_equal(date_read(strbuf_str(&mail)).ms, ms);
        assert_int_equal(date_read(strbuf_str(&mail)).note, DATE_OK);
        strbuf_fini(&mail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_read_knows_the_standard_formats),
        cmocka_unit_test(date_read_says_when_there_is_no_zone),
        cmocka_unit_test(date_read_knows_forms_of_no_standard),
        cmocka_unit_test(date_read_knows_the_months_of_many_languages),
        cmocka_unit_test(date_read_knows_each_month_of_each_language),
        cmocka_unit_test(date_read_knows_each_weekday_of_each_language),
        cmocka_unit_test(date_orders_settle_what_one_date_leaves_open),
        cmocka_unit_test(date_orders_leave_open_what_nothing_settles),
        cmocka_unit_test(date_read_in_reads_numbers_in_the_order_it_is_told),
        cmocka_unit_test(date_read_knows_numbers_only_when_they_have_one_reading),
        cmocka_unit_test(date_read_does_not_guess),
        cmocka_unit_test(date_read_agrees_with_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
