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
        cmocka_unit_test(date_read_knows_numbers_only_when_they_have_one_reading),
        cmocka_unit_test(date_read_does_not_guess),
        cmocka_unit_test(date_read_agrees_with_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
