/* Data primitives on good and on bad arguments, and what happens at the heap's limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/bignum.h"
#include "rt/obj/equal.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

#define LIMIT_BYTES ((size_t)48 << 20)

#define PRIM_1(name) tt_word tt_prim_##name(struct worker *w, tt_word a)
#define PRIM_2(name) tt_word tt_prim_##name(struct worker *w, tt_word a, tt_word b)
#define PRIM_3(name) tt_word tt_prim_##name(struct worker *w, tt_word a, tt_word b, tt_word c)
/* clang-format off */
PRIM_1(length); PRIM_2(append2); PRIM_1(reverse); PRIM_2(list_tail); PRIM_2(list_ref); PRIM_2(memq); PRIM_2(member);
PRIM_2(assq); PRIM_2(assoc); PRIM_2(make_vector); PRIM_1(list_to_vector); PRIM_3(vector_to_list); PRIM_3(subvector);
PRIM_1(vector_concatenate); PRIM_2(make_bytevector); PRIM_3(utf8_to_string); PRIM_3(string_to_utf8); PRIM_3(substring);
PRIM_2(string_append2); PRIM_1(string_concatenate); PRIM_2(make_string); PRIM_3(string_to_list); PRIM_1(list_to_string);
PRIM_2(string_compare); PRIM_1(string_upcase); PRIM_1(string_downcase); PRIM_1(string_foldcase); PRIM_1(list_to_values);
PRIM_1(values_to_list); PRIM_1(symbol_to_string); PRIM_1(condition_kind); PRIM_2(trie_leaf);
tt_word tt_prim_trie_with(struct worker *w, tt_word node, tt_word hash, tt_word level, tt_word child, tt_word change);
/* clang-format on */

static struct node node;
static struct worker worker = {.node = &node};
static struct worker *w = &worker;
static tt_word stack[8];

static int set_up(void **state)
{
    heap_init_process(LIMIT_BYTES);
    worker.winds = worker.handlers = worker.params = TT_NIL;
    worker.stack_base = stack;
    worker.stack_top = stack + 8;
    heap_init_worker(w, NULL);
    node.symbols = symbol_table_new();
    return 0;
}

static tt_word list(size_t n, ...)
{
    va_list items;
    tt_word words[16], result = TT_NIL;
    va_start(items, n);
    for (size_t i = 0; i < n; i++)
        words[i] = va_arg(items, tt_word);
    va_end(items);
    while (n > 0)
        result = heap_cons(w, words[--n], result);
    return result;
}

static tt_word fix(tt_sword n) { return tt_fixnum(n); }

static tt_word string(const char *text) { return string_from_text(w, text); }

static void check_equal(tt_word a, tt_word b) { assert_true(a != TT_FAIL && value_equal(a, b)); }

static void check_fails(tt_word result, enum tt_condition condition, const char *operation, tt_word irritant)
{
    assert_true(result == TT_FAIL);
    assert_int_equal(w->failure.condition, condition);
    assert_string_equal(w->failure.operation, operation);
    check_equal(tt_car(w->failure.irritants), irritant);
}

static void lists(void **state)
{
    tt_word abc = list(3, fix(1), fix(2), fix(3));
    assert_true(tt_prim_length(w, abc) == fix(3));
    check_equal(tt_prim_append2(w, abc, list(1, fix(4))), list(4, fix(1), fix(2), fix(3), fix(4)));
    assert_true(tt_prim_append2(w, TT_NIL, fix(4)) == fix(4));
    check_equal(tt_prim_reverse(w, abc), list(3, fix(3), fix(2), fix(1)));
    check_equal(tt_prim_list_tail(w, abc, fix(2)), list(1, fix(3)));
    assert_true(tt_prim_list_tail(w, abc, fix(3)) == TT_NIL);
    assert_true(tt_prim_list_ref(w, abc, fix(1)) == fix(2));
    assert_true(tt_prim_memq(w, fix(2), abc) == tt_cdr(abc));
    assert_true(tt_prim_memq(w, fix(9), abc) == TT_FALSE);
    check_equal(tt_prim_member(w, string("b"), list(2, string("a"), string("b"))), list(1, string("b")));
    tt_word entry = list(2, string("k"), fix(1));
    assert_true(tt_prim_assoc(w, string("k"), list(1, entry)) == entry);
}

static void bad_lists(void **state)
{
    tt_word improper = heap_cons(w, fix(1), fix(2)), abc = list(3, fix(1), fix(2), fix(3));
    check_fails(tt_prim_length(w, improper), CONDITION_WRONG_TYPE, "length", improper);
    check_fails(tt_prim_append2(w, fix(5), TT_NIL), CONDITION_WRONG_TYPE, "append", fix(5));
    check_fails(tt_prim_list_tail(w, abc, fix(4)), CONDITION_OUT_OF_RANGE, "list-tail", fix(4));
    check_fails(tt_prim_list_tail(w, abc, fix(-1)), CONDITION_OUT_OF_RANGE, "list-tail", fix(-1));
    check_fails(tt_prim_list_tail(w, abc, TT_TRUE), CONDITION_WRONG_TYPE, "list-tail", TT_TRUE);
    check_fails(tt_prim_list_ref(w, abc, fix(3)), CONDITION_OUT_OF_RANGE, "list-ref", fix(3));
    check_fails(tt_prim_assq(w, fix(1), abc), CONDITION_WRONG_TYPE, "assq", fix(1));
    tt_word circle = list(1, fix(1));
    tt_pair(circle)->cdr = circle;
    assert_true(tt_prim_length(w, circle) == TT_FAIL);
    assert_true(tt_prim_reverse(w, circle) == TT_FAIL);
    assert_true(tt_prim_memq(w, fix(2), circle) == TT_FAIL);
    assert_true(tt_prim_list_ref(w, circle, fix(1000)) == fix(1));
}

static void vectors(void **state)
{
    tt_word v = tt_prim_list_to_vector(w, list(3, fix(1), fix(2), fix(3)));
    check_equal(tt_prim_vector_to_list(w, v, fix(1), fix(3)), list(2, fix(2), fix(3)));
    check_equal(tt_prim_subvector(w, v, fix(0), fix(3)), v);
    check_fails(tt_prim_subvector(w, v, fix(2), fix(1)), CONDITION_OUT_OF_RANGE, "vector-copy", fix(2));
    check_fails(tt_prim_subvector(w, v, fix(0), fix(4)), CONDITION_OUT_OF_RANGE, "vector-copy", fix(4));
    check_equal(tt_prim_vector_concatenate(w, list(2, v, v)),
                tt_prim_list_to_vector(w, list(6, fix(1), fix(2), fix(3), fix(1), fix(2), fix(3))));
    check_fails(tt_prim_make_vector(w, fix(-1), fix(0)), CONDITION_OUT_OF_RANGE, "make-vector", fix(-1));
    assert_true(tt_prim_make_vector(w, int_from_int64(w, 1000000000000000), fix(0)) == TT_FAIL);
    assert_int_equal(w->failure.condition, CONDITION_HEAP_EXHAUSTED);
    check_fails(tt_prim_make_bytevector(w, fix(1), fix(256)), CONDITION_OUT_OF_RANGE, "make-bytevector",
                fix(256));
}

static void strings(void **state)
{
    tt_word s = string("stra\xc3\x9f\x65");
    check_equal(tt_prim_string_upcase(w, s), string("STRASSE"));
    check_equal(tt_prim_string_foldcase(w, s), string("strasse"));
    check_equal(tt_prim_string_downcase(w, string("\xce\x9f\xce\xa3")),
                string("\xce\xbf\xcf\x82")); /* final sigma */
    check_equal(tt_prim_substring(w, s, fix(4), fix(6)), string("\xc3\x9f\x65"));
    check_fails(tt_prim_substring(w, s, fix(0), fix(7)), CONDITION_OUT_OF_RANGE, "substring", fix(7));
    check_equal(tt_prim_string_append2(w, s, string("!")), string("stra\xc3\x9f\x65!"));
    check_equal(tt_prim_string_concatenate(w, list(3, string("a"), string(""), string("b"))), string("ab"));
    check_equal(tt_prim_make_string(w, fix(3), tt_char(0x3b1)), string("\xce\xb1\xce\xb1\xce\xb1"));
    check_equal(tt_prim_list_to_string(w, tt_prim_string_to_list(w, s, fix(0), fix(6))), s);
    assert_true(tt_prim_string_compare(w, string("a"), string("ab")) == fix(-1));
    tt_word bytes = tt_prim_string_to_utf8(w, s, fix(4), fix(5));
    assert_int_equal(TT_OBJ(BYTEVECTOR, bytes)->length, 2);
    check_equal(tt_prim_utf8_to_string(w, bytes, fix(0), fix(2)), string("\xc3\x9f"));
    check_fails(tt_prim_utf8_to_string(w, bytes, fix(0), fix(1)), CONDITION_OUT_OF_RANGE, "utf8->string",
                bytes);
    check_fails(tt_prim_symbol_to_string(w, s), CONDITION_WRONG_TYPE, "symbol->string", s);
}

static void multiple_values(void **state)
{
    tt_word two = list(2, fix(1), fix(2));
    check_equal(tt_prim_values_to_list(w, tt_prim_list_to_values(w, two)), two);
    assert_true(tt_prim_list_to_values(w, list(1, fix(7))) == fix(7));
    assert_true(tt_prim_values_to_list(w, tt_prim_list_to_values(w, TT_NIL)) == TT_NIL);
}

/* A list that grows until the limit is noticed. A function of its own, so that no
 * variable that libgc sees still holds the list. */
__attribute__((noinline)) static void grow_to_the_limit(void)
{
    tt_word live = TT_NIL;
    size_t rounds = 0;
    do {
        for (int i = 0; i < 1000; i++) {
            tt_word v = tt_prim_make_vector(w, fix(100), live);
            assert_true(v != TT_FAIL);
            live = heap_cons(w, v, live);
        }
        heap_collect_minor(w, &live, 1, worker.stack_top);
        assert_true(++rounds < 1000);
    } while (heap_level(w, 0) == 0);
    assert_true(tt_prim_make_vector(w, fix(1000000), fix(0)) == TT_FAIL);
}

static tt_word vector(size_t n, tt_word a, tt_word b, tt_word c)
{
    tt_word v = tt_prim_make_vector(w, fix((tt_sword)n), fix(0)), items[] = {a, b, c};
    memcpy(TT_OBJ(VECTOR, v)->ref, items, n * sizeof *items);
    return v;
}

/* Nodes of a dictionary: (bitmap count child ...). One that came from elsewhere may be any vector. */
static void tries(void **state)
{
    tt_word entry = heap_cons(w, fix(1), fix(2)), inner = vector(3, fix(2), fix(1), entry);
    tt_word root = vector(3, fix(1), fix(1), inner);
    assert_true(tt_prim_trie_leaf(w, root, fix(0x10)) == entry);
    assert_true(tt_prim_trie_leaf(w, root, fix(0x20)) == TT_DEFAULT);
    assert_true(tt_prim_trie_leaf(w, root, fix(0x11)) == TT_DEFAULT);

    assert_true(tt_prim_trie_leaf(w, entry, fix(0)) == TT_FAIL);
    assert_true(tt_prim_trie_leaf(w, vector(1, fix(1), 0, 0), fix(0)) == TT_FAIL);
    assert_true(tt_prim_trie_leaf(w, vector(3, TT_NIL, fix(1), entry), fix(0)) == TT_FAIL);
    assert_true(tt_prim_trie_leaf(w, vector(3, fix(3), fix(1), entry), fix(1)) == TT_FAIL);
    assert_true(tt_prim_trie_leaf(w, vector(2, fix(-1), fix(1), 0), fix(15)) == TT_FAIL);
    assert_true(tt_prim_trie_leaf(w, root, TT_NIL) == TT_FAIL);
    tt_word circle = vector(3, fix(0xffff), fix(1), TT_NIL);
    TT_OBJ(VECTOR, circle)->ref[2] = circle;
    assert_true(tt_prim_trie_leaf(w, circle, fix(0)) == TT_FAIL);

    assert_true(tt_prim_trie_with(w, vector(3, fix(3), fix(1), entry), fix(1), fix(0), entry, fix(0)) ==
                TT_FAIL);
    assert_true(tt_prim_trie_with(w, vector(3, fix(0xffff), fix(1), entry), fix(9), fix(0), TT_DEFAULT,
                                  fix(-1)) == TT_FAIL);
    assert_true(tt_prim_trie_with(w, vector(3, fix(1), TT_NIL, entry), fix(0), fix(0), entry, fix(0)) ==
                TT_FAIL);
    assert_true(tt_prim_trie_with(w, root, fix(0), fix(8), entry, fix(0)) == TT_FAIL);
    tt_word other = tt_prim_trie_with(w, root, fix(5), fix(0), entry, fix(1));
    assert_true(tt_prim_trie_leaf(w, other, fix(5)) == entry);
    assert_true(TT_OBJ(VECTOR, other)->ref[1] == fix(2));
}

/* Noticed while there still is a reserve to report it; and all is well afterwards. */
static void the_limit_is_noticed(void **state)
{
    grow_to_the_limit();
    heap_collect_minor(w, NULL, 0, worker.stack_top);
    assert_int_equal(heap_level(w, 0), 0);
    assert_true(tt_prim_make_vector(w, fix(1000000), fix(0)) != TT_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),
        cmocka_unit_test(bad_lists),
        cmocka_unit_test(vectors),
        cmocka_unit_test(strings),
        cmocka_unit_test(multiple_values),
        cmocka_unit_test(tries),
        cmocka_unit_test(the_limit_is_noticed),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
