#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/record.h"

static struct result r;

static struct span at(uint32_t start, uint32_t end)
{
    return (struct span){start, end, FIELD_CONTENT_TEXT};
}

static void add(enum entity_type type, uint32_t start, uint32_t end)
{
    struct entity *en = result_add_entity(&r);

    en->type = type;
    (void)result_add_mention(&r, en, at(start, end), 0.5F);
}

static int empty(void **state)
{
    (void)state;
    result_reset(&r);
    return 0;
}

static void a_mention_is_added_only_where_none_is(void **state)
{
    (void)state;
    add(ENTITY_PER, 10, 20);

    assert_false(result_mention_free(&r, 0, at(19, 25), 1));
    assert_false(result_mention_free(&r, 0, at(0, 11), 1));
    assert_false(result_mention_free(&r, 0, at(30, 30), 1));
    assert_true(result_mention_free(&r, 0, at(20, 25), 1));
    assert_true(result_mention_free(&r, 0, at(1000, 1300), 1));
    assert_false(result_mention_free(&r, 0, at(1128, 1129), 1));
    assert_true(result_mention_free(&r, 0, (struct span){10, 20, FIELD_TITLE}, 1));
    assert_int_equal(r.entities[0].n_mentions, 4);
}

static void seats_are_in_the_order_of_the_text(void **state)
{
    const struct seat *list;
    size_t n;

    (void)state;
    add(ENTITY_PER, 50, 60);
    add(ENTITY_ORG, 5, 9);
    (void)result_add_mention(&r, &r.entities[0], at(20, 30), 1);

    list = result_seats(&r, &n);

    assert_int_equal(n, 3);
    assert_int_equal(list[0].entity, 1);
    assert_int_equal(list[1].entity, 0);
    assert_int_equal(list[1].mention, 1);
    assert_int_equal(list[2].span.start, 50);
}

static void the_seat_at_a_place_is_the_one_that_reaches_furthest_into_it(void **state)
{
    size_t n, i;

    (void)state;
    add(ENTITY_PER, 10, 20);
    add(ENTITY_ORG, 20, 40);

    i = result_seat_at(&r, at(18, 30));
    assert_int_equal(result_seats(&r, &n)[i].entity, 1);
    i = result_seat_at(&r, at(5, 21));
    assert_int_equal(result_seats(&r, &n)[i].entity, 0);
    assert_true(result_seat_at(&r, at(40, 50)) == SIZE_MAX);
    assert_true(result_seat_at(&r, at(0, 10)) == SIZE_MAX);
}

static void what_was_joined_is_tidied_away_and_quotes_follow(void **state)
{
    (void)state;
    add(ENTITY_PER, 0, 5);
    add(ENTITY_PER, 10, 15);
    add(ENTITY_ORG, 20, 25);
    result_add_quote(&r)->speaker = 1;
    result_add_quote(&r)->speaker = 2;
    result_add_quote(&r)->speaker = -1;

    result_join(&r, 0, 1);
    result_tidy(&r);

    assert_int_equal(r.n_entities, 2);
    assert_int_equal(r.entities[0].n_mentions, 2);
    assert_int_equal(r.entities[1].type, ENTITY_ORG);
    assert_int_equal(r.quotes[0].speaker, 0);
    assert_int_equal(r.quotes[1].speaker, 1);
    assert_int_equal(r.quotes[2].speaker, -1);
}

static void a_moved_or_dropped_mention_leaves_its_entity(void **state)
{
    (void)state;
    add(ENTITY_PER, 0, 5);
    add(ENTITY_PER, 10, 15);
    (void)result_add_mention(&r, &r.entities[0], at(30, 35), 1);
    assert_false(result_is_free(&r, at(0, 1)));

    result_move_mention(&r, 0, 0, 1);
    result_drop_mention(&r, 0, 0);
    result_tidy(&r);

    assert_int_equal(r.n_entities, 1);
    assert_int_equal(r.entities[0].n_mentions, 2);
    assert_int_equal(r.entities[0].mentions[1].span.start, 0);
    assert_true(result_is_free(&r, at(30, 35)));
    assert_false(result_is_free(&r, at(0, 1)));
}

static void tokens_are_divided_once_or_given(void **state)
{
    struct item it = {.title = STR_INIT("He didn't."), .content_text = STR_INIT("a.b c")};
    const struct tokens *t;

    (void)state;
    t = result_tokens(&r, &it, FIELD_TITLE);
    assert_int_equal(t->n, 4);
    assert_ptr_equal(result_tokens(&r, &it, FIELD_TITLE), t);
    assert_int_equal(t->n, 4);
    result_give_tokens(&r, FIELD_TITLE, STR("He didn't."));
    assert_int_equal(result_tokens(&r, &it, FIELD_TITLE)->n, 2);

    result_reset(&r);
    assert_int_equal(result_tokens(&r, &it, FIELD_TITLE)->n, 4);
}

static int end(void **state)
{
    (void)state;
    result_fini(&r);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_mention_is_added_only_where_none_is, empty),
        cmocka_unit_test_setup(seats_are_in_the_order_of_the_text, empty),
        cmocka_unit_test_setup(
            the_seat_at_a_place_is_the_one_that_reaches_furthest_into_it, empty),
        cmocka_unit_test_setup(tokens_are_divided_once_or_given, empty),
        cmocka_unit_test_setup(what_was_joined_is_tidied_away_and_quotes_follow, empty),
        cmocka_unit_test_setup(a_moved_or_dropped_mention_leaves_its_entity, empty),
    };

    return cmocka_run_group_tests_name("result", tests, NULL, end);
}
