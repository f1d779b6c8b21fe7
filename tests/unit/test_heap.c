/* Minor collections: what is reachable moves and keeps its shape, from every kind
 * of root; C code's objects and the old generation are told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/abi/code_desc.h"
#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"

/* Code of a closure, or return point of a frame, of n_slots slots: only what the
 * collector reads, the descriptor's place in front of it. */
struct fake_code {
    unsigned char desc[sizeof(struct tt_code_desc)];
    char padding[8 - sizeof(struct tt_code_desc) % 8 + 4];
    int32_t desc_offset;
    char code[8];
} __attribute__((aligned(8)));

static struct fake_code code_of_two_slots = {
    .desc = {[offsetof(struct tt_code_desc, n_slots)] = 2},
    .desc_offset = (int32_t)offsetof(struct fake_code, desc) - (int32_t)offsetof(struct fake_code, code),
};
#define CODE ((tt_word)code_of_two_slots.code)

static struct worker worker;
static tt_word stack[64];
static tt_word hp;

static int set_up(void **state)
{
    heap_init_process(0);
    worker.winds = worker.handlers = worker.params = TT_NIL;
    worker.stack_base = stack;
    worker.stack_top = stack + 64;
    heap_init_worker(&worker, &(struct heap_options){.nursery_bytes = 1 << 20});
    hp = heap_bottom(&worker);
    return 0;
}

static void collect(tt_word *regs, size_t n) { hp = heap_collect_minor(&worker, regs, n, worker.stack_top); }

/* What compiled code does; the caller has room. */
static tt_word nursery_cons(tt_word car, tt_word cdr)
{
    tt_word pair = hp | TT_TAG_PAIR;
    *tt_pair(pair) = (struct tt_pair){car, cdr};
    hp += sizeof(struct tt_pair);
    return pair;
}

static tt_word nursery_list(size_t n)
{
    tt_word list = TT_NIL;
    while (n > 0)
        list = nursery_cons(tt_fixnum((tt_sword)--n), list);
    return list;
}

static void check_list(tt_word list, size_t n)
{
    for (size_t i = 0; i < n; i++, list = tt_cdr(list)) {
        assert_true(tt_is_pair(list));
        assert_int_equal(tt_fixnum_value(tt_car(list)), i);
    }
    assert_true(list == TT_NIL);
}

static void list_moves_whole(void **state)
{
    tt_word regs[] = {nursery_list(60000), tt_fixnum(7)};
    assert_true(heap_is_young(&worker, regs[0]));
    collect(regs, 2);
    assert_false(heap_is_young(&worker, regs[0]));
    assert_true(regs[1] == tt_fixnum(7));
    check_list(regs[0], 60000);
}

static void sharing_is_kept(void **state)
{
    tt_word shared = nursery_list(3);
    tt_word regs[] = {nursery_cons(shared, shared), shared};
    collect(regs, 2);
    assert_true(tt_car(regs[0]) == regs[1] && tt_cdr(regs[0]) == regs[1]);
    check_list(regs[1], 3);
}

static void deep_cars_take_no_c_stack(void **state)
{
    tt_word nest = TT_NIL;
    for (size_t i = 0; i < 60000; i++)
        nest = nursery_cons(nest, TT_NIL);
    collect(&nest, 1);
    size_t depth = 0;
    for (; tt_is_pair(nest); nest = tt_car(nest))
        depth++;
    assert_int_equal(depth, 60000);
}

static void objects_of_c_move(void **state)
{
    struct tt_obj_VECTOR *vector = heap_alloc(&worker, sizeof *vector + 2 * TT_W);
    vector->header = TT_HEADER(TT_TYPE_VECTOR);
    vector->length = 2;
    vector->ref[0] = nursery_list(10);
    vector->ref[1] = string_from_text(&worker, "h\xc3\xa9llo");
    tt_word regs[] = {tt_tagged(vector, TT_TAG_OBJECT)};
    collect(regs, 1);
    assert_false(heap_is_young(&worker, regs[0]));
    assert_true(tt_is_type(regs[0], TT_TYPE_VECTOR));
    check_list(TT_OBJ(VECTOR, regs[0])->ref[0], 10);
    tt_word string = TT_OBJ(VECTOR, regs[0])->ref[1];
    assert_int_equal(TT_OBJ(STRING, string)->chars, 5);
    assert_string_equal((const char *)string_bytes(string), "h\xc3\xa9llo");
}

static void closures_and_flonums_move(void **state)
{
    tt_word *closure = (tt_word *)hp;
    hp += (3 * TT_W + TT_ALIGN - 1) / TT_ALIGN * TT_ALIGN;
    closure[0] = CODE;
    closure[1] = nursery_list(4);
    closure[2] = heap_flonum(&worker, 2.5);
    tt_word regs[] = {tt_tagged(closure, TT_TAG_CLOSURE), closure[2]};
    collect(regs, 2);
    struct tt_closure *moved = tt_closure(regs[0]);
    assert_true(moved->code == CODE);
    check_list(moved->slots[0], 4);
    assert_true(moved->slots[1] == regs[1]);
    assert_true(TT_OBJ(FLONUM, regs[1])->number == 2.5);
}

static void frames_are_roots(void **state)
{
    tt_word *sp = worker.stack_top - 6;
    for (size_t i = 0; i < 6; i += 3) {
        sp[i] = CODE;
        sp[i + 1] = nursery_list(5 + i);
        sp[i + 2] = tt_fixnum(1);
    }
    hp = heap_collect_minor(&worker, NULL, 0, sp);
    check_list(sp[1], 5);
    check_list(sp[4], 8);
}

static void old_objects_are_remembered(void **state)
{
    tt_word old = TT_NIL;
    while (!heap_wants_collection(&worker)) /* fill the C area */
        old = heap_cons(&worker, TT_NIL, TT_NIL);
    assert_true(worker.hp_limit == 0 && worker.sp_limit == UINTPTR_MAX);
    old = heap_cons(&worker, nursery_list(9), TT_NIL);
    assert_false(heap_is_young(&worker, old));
    collect(NULL, 0);
    assert_false(heap_wants_collection(&worker));
    check_list(tt_car(old), 9);
}

static void written_slots_are_remembered(void **state)
{
    tt_word old = nursery_cons(TT_NIL, TT_NIL);
    collect(&old, 1);
    heap_write(&worker, &tt_pair(old)->car, nursery_list(6));
    collect(NULL, 0);
    check_list(tt_car(old), 6);
}

static void a_great_wish_enlarges_the_nursery(void **state)
{
    worker.want_words = 1 << 20;
    collect(NULL, 0);
    assert_true(worker.hp_limit - hp >= worker.want_words * TT_W);
    memset((void *)hp, 0, worker.want_words * TT_W);
    worker.want_words = 0;
}

static void major_collections_keep_what_is_young(void **state)
{
    tt_word list = TT_NIL;
    for (int round = 0; round < 30; round++) {
        for (tt_sword i = 0; i < 20000; i++)
            list = nursery_cons(tt_fixnum(i), list);
        if (round % 3 == 0) heap_collect_major();
        collect(&list, 1);
    }
    size_t n = 0;
    for (tt_word at = list; at != TT_NIL; at = tt_cdr(at), n++)
        assert_int_equal(tt_fixnum_value(tt_car(at)), 19999 - n % 20000);
    assert_int_equal(n, 600000);
}

static void the_impossible_is_refused(void **state)
{
    assert_null(heap_alloc(&worker, OBJECT_MAX_BYTES + 4096));
    assert_int_equal(worker.failure.condition, CONDITION_HEAP_EXHAUSTED);
}

static void lists_without_end_are_noticed(void **state)
{
    tt_word pair = heap_cons(&worker, TT_NIL, TT_NIL);
    tt_pair(pair)->cdr = heap_cons(&worker, TT_NIL, pair);
    struct list_cursor c = list_begin(pair);
    while (list_next(&c))
        ;
    assert_false(list_ended_well(&c));
    c = list_begin(nursery_list(1000));
    while (list_next(&c))
        ;
    assert_true(list_ended_well(&c));
    assert_int_equal(c.steps, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_moves_whole),
        cmocka_unit_test(sharing_is_kept),
        cmocka_unit_test(deep_cars_take_no_c_stack),
        cmocka_unit_test(objects_of_c_move),
        cmocka_unit_test(closures_and_flonums_move),
        cmocka_unit_test(frames_are_roots),
        cmocka_unit_test(old_objects_are_remembered),
        cmocka_unit_test(written_slots_are_remembered),
        cmocka_unit_test(a_great_wish_enlarges_the_nursery),
        cmocka_unit_test(major_collections_keep_what_is_young),
        cmocka_unit_test(the_impossible_is_refused),
        cmocka_unit_test(lists_without_end_are_noticed),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
