/* Strings, symbols, equality, hashes and the printer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/char.h"
#include "rt/obj/equal.h"
#include "rt/obj/hash.h"
#include "rt/obj/list.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

static struct node node;
static struct worker worker = {.node = &node};

static int set_up(void **state)
{
    heap_init_process(0);
    heap_init_worker(&worker, NULL);
    node.symbols = symbol_table_new();
    return 0;
}

static tt_word cons(tt_word car, tt_word cdr) { return heap_cons(&worker, car, cdr); }

static tt_word string(const char *text) { return string_from_text(&worker, text); }

static tt_word symbol(const char *text) { return symbol_intern_text(&worker, text); }

static tt_word vector(tt_word a, tt_word b)
{
    struct tt_obj_VECTOR *v = heap_alloc(&worker, sizeof *v + 2 * TT_W);
    v->header = TT_HEADER(TT_TYPE_VECTOR);
    v->length = 2;
    v->ref[0] = a;
    v->ref[1] = b;
    return tt_tagged(v, TT_TAG_OBJECT);
}

static tt_word circle(tt_sword n, size_t length)
{
    tt_word last = cons(tt_fixnum(n), TT_NIL), list = last;
    for (size_t i = 1; i < length; i++)
        list = cons(tt_fixnum(n), list);
    tt_pair(last)->cdr = list;
    return list;
}

static void check_print(tt_word v, enum print_style style, const char *expected)
{
    struct text text = {0};
    assert_true(print_value(&worker, &text, v, style));
    text_add(&text, "", 1);
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

static void strings_are_checked_utf8(void **state)
{
    tt_word v = string("na\xc3\xafve \xf0\x9f\x98\x80!");
    assert_int_equal(TT_OBJ(STRING, v)->chars, 8);
    assert_int_equal(string_char_at(v, 6), 0x1f600);
    assert_int_equal(string_char_at(v, 7), '!');
    assert_true(string_equal(string_copy(&worker, v, 2, 4), string("\xc3\xafv")));
    v = string("\xff"
               "a\xc3");
    assert_int_equal(TT_OBJ(STRING, v)->chars, 3);
    assert_int_equal(string_char_at(v, 0), UTF8_REPLACEMENT);
    size_t chars;
    assert_false(utf8_count((const uint8_t *)"\xed\xa0\x80", 3, &chars)); /* a surrogate */
    assert_false(utf8_count((const uint8_t *)"\xc0\x80", 2, &chars));     /* too long */
    assert_false(utf8_count((const uint8_t *)"\xf4\x90\x80\x80", 4, &chars));
}

static void symbols_are_unique(void **state)
{
    assert_true(symbol("timeout") == TT_SYM(TIMEOUT));
    assert_true(symbol("a") == symbol("a") && symbol("a") != symbol("b"));
    tt_word first = symbol("s0");
    char name[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        symbol(name);
    }
    heap_collect_major();
    assert_true(symbol("s0") == first);
}

static void equality(void **state)
{
    tt_word a = cons(string("x"), vector(tt_fixnum(1), TT_NIL)),
            b = cons(string("x"), vector(tt_fixnum(1), TT_NIL));
    assert_true(value_equal(a, b));
    assert_false(value_eqv(a, b));
    assert_int_equal(hash_value(a), hash_value(b));
    assert_false(value_equal(a, cons(string("x"), vector(tt_fixnum(2), TT_NIL))));
    assert_true(value_eqv(heap_flonum(&worker, 1.5), heap_flonum(&worker, 1.5)));
    assert_false(value_eqv(heap_flonum(&worker, 0.0), heap_flonum(&worker, -0.0)));
    assert_false(value_equal(tt_fixnum(1), heap_flonum(&worker, 1.0)));
    assert_true(value_equal(circle(1, 2), circle(1, 3)));
    assert_false(value_equal(circle(1, 2), circle(2, 3)));
}

/* A tree of 2^64 leaves that shares all its halves. */
static void equality_of_shared_structure_is_linear(void **state)
{
    tt_word a = TT_NIL, b = TT_NIL;
    for (int i = 0; i < 64; i++) {
        a = cons(a, a);
        b = cons(b, b);
    }
    assert_true(value_equal(a, b));
    assert_int_equal(hash_value(a), hash_value(b));
}

static void printing(void **state)
{
    tt_word list = cons(string("a\"\n\x7f"), cons(tt_char('x'), cons(tt_char(' '), symbol("two words"))));
    check_print(list, PRINT_WRITE, "(\"a\\\"\\n\\x7f;\" #\\x #\\space . |two words|)");
    check_print(list, PRINT_DISPLAY, "(a\"\n\x7f x   . two words)");
    check_print(cons(TT_SYM(QUOTE), cons(symbol("x"), TT_NIL)), PRINT_WRITE, "'x");
    check_print(cons(TT_SYM(QUOTE), TT_NIL), PRINT_WRITE, "(quote)");
    check_print(vector(TT_TRUE, vector(TT_NIL, tt_fixnum(-3))), PRINT_WRITE, "#(#t #(() -3))");
    check_print(symbol("1+"), PRINT_WRITE, "1+");
    check_print(symbol("-1"), PRINT_WRITE, "|-1|");
    check_print(symbol("+i"), PRINT_DISPLAY, "+i");
    check_print(symbol(""), PRINT_WRITE, "||");
    check_print(heap_flonum(&worker, 0.5), PRINT_DISPLAY, "0.5");
}

static void printing_labels(void **state)
{
    tt_word shared = cons(tt_fixnum(1), TT_NIL), twice = cons(shared, shared);
    check_print(twice, PRINT_WRITE, "((1) 1)");
    check_print(twice, PRINT_SHARED, "(#0=(1) . #0#)");
    check_print(circle(7, 2), PRINT_WRITE, "#0=(7 7 . #0#)");
    check_print(cons(circle(7, 1), shared), PRINT_DISPLAY, "(#0=(7 . #0#) 1)");
}

static void printing_is_not_recursive(void **state)
{
    tt_word nest = TT_NIL;
    for (int i = 0; i < 1000000; i++)
        nest = cons(nest, TT_NIL);
    struct text text = {0};
    assert_true(print_value(&worker, &text, nest, PRINT_WRITE));
    assert_int_equal(text.n, 2000002);
    text_free(&text);
}

/* The front of a value: no more than is asked for, but for the end of a piece; labels where there are few parts. */
static void check_front(tt_word v, size_t most, const char *expected)
{
    struct text text = {0};
    text_add_c(&text, "v: ");
    assert_true(print_front(&worker, &text, v, PRINT_WRITE, most));
    text_add(&text, "", 1);
    assert_string_equal(text.bytes, expected);
    assert_in_range(text.capacity, 0, 1000);
    text_free(&text);
}

static void the_front_of_a_large_value_prints(void **state)
{
    tt_word list = TT_NIL, nest = TT_NIL;
    for (int i = 0; i < 1000000; i++) {
        list = cons(tt_fixnum(7), list);
        nest = cons(nest, nest);
    }
    struct tt_obj_STRING *text = string_alloc(&worker, 1000000, 1000000);
    memset(text->byte, 'x', 1000000);
    tt_word long_string = string_finish(text);
    struct tt_obj_BYTEVECTOR *bytes = heap_alloc_atomic(&worker, sizeof *bytes + 1000000);
    bytes->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    bytes->length = 1000000;
    check_front(list, 6, "v: (7 7 7");
    check_front(nest, 6, "v: ((((((");
    check_front(circle(7, 1000000), 4, "v: (7 7");
    check_front(circle(7, 2), 40, "v: #0=(7 7 . #0#)");
    check_front(cons(long_string, TT_NIL), 4, "v: (\"xxx\"");
    check_front(cons(tt_tagged(bytes, TT_TAG_OBJECT), TT_NIL), 60, "v: (#<bytevector of 1000000 bytes>)");
    check_front(string("whole"), 60, "v: \"whole\"");
}

static void records_and_conditions_print(void **state)
{
    struct tt_obj_RECORD_TYPE *type = heap_alloc(&worker, sizeof *type);
    *type = (struct tt_obj_RECORD_TYPE){TT_HEADER(TT_TYPE_RECORD_TYPE), symbol("<point>"), TT_NIL, TT_FALSE};
    struct tt_obj_RECORD *record = heap_alloc(&worker, sizeof *record + 2 * TT_W);
    record->header = TT_HEADER(TT_TYPE_RECORD);
    record->length = 2;
    record->type = tt_tagged(type, TT_TAG_OBJECT);
    record->ref[0] = tt_fixnum(1);
    record->ref[1] = string("y");
    check_print(tt_tagged(record, TT_TAG_OBJECT), PRINT_WRITE, "#<point 1 \"y\">");
    struct tt_obj_CONDITION *condition = heap_alloc(&worker, sizeof *condition);
    *condition = (struct tt_obj_CONDITION){TT_HEADER(TT_TYPE_CONDITION), symbol("error"), string("bad"),
                                           cons(tt_fixnum(1), TT_NIL), TT_FALSE};
    check_print(tt_tagged(condition, TT_TAG_OBJECT), PRINT_DISPLAY, "#<condition error bad (1)>");
}

static void characters(void **state)
{
    assert_int_equal(char_class('a'), CHAR_ALPHABETIC | CHAR_LOWER);
    assert_int_equal(char_class(0x0416), CHAR_ALPHABETIC | CHAR_UPPER);
    assert_int_equal(char_class(0x2003), CHAR_WHITESPACE);
    assert_int_equal(char_class('7'), CHAR_NUMERIC);
    assert_int_equal(char_digit_value(0x0665), 5);
    assert_int_equal(char_digit_value(0x1d7e3), 1);
    assert_int_equal(char_digit_value('x'), -1);
    assert_int_equal(char_foldcase(0x3c2), 0x3c3);
    size_t n;
    uint8_t *upper = char_text_in_case(CHAR_UPCASE, (const uint8_t *)"\xc3\x9f", 2, &n);
    assert_non_null(upper);
    assert_int_equal(n, 2);
    assert_memory_equal(upper, "SS", 2);
    free(upper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_checked_utf8),
        cmocka_unit_test(symbols_are_unique),
        cmocka_unit_test(equality),
        cmocka_unit_test(equality_of_shared_structure_is_linear),
        cmocka_unit_test(printing),
        cmocka_unit_test(printing_labels),
        cmocka_unit_test(printing_is_not_recursive),
        cmocka_unit_test(the_front_of_a_large_value_prints),
        cmocka_unit_test(records_and_conditions_print),
        cmocka_unit_test(characters),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
