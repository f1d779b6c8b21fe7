/* Freezing and thawing, with frames made by hand of the runtime's own return
 * points: `start` has one slot, `resume` three. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rt/code/stack.h"
#include "rt/mem/heap.h"

static struct worker worker, *w = &worker;

static tt_word *push_small(tt_word *sp, tt_sword n)
{
    sp -= 2;
    sp[0] = (tt_word)tt_special_start;
    sp[1] = tt_fixnum(n);
    return sp;
}

static tt_word *push_large(tt_word *sp, tt_sword n)
{
    sp -= 4;
    sp[0] = (tt_word)tt_special_resume;
    sp[1] = sp[2] = sp[3] = tt_fixnum(n);
    return sp;
}

/* Frames number 0 ... n-1, the last one innermost; room is made as entry checks do. */
static tt_word *push_frames(tt_word *sp, tt_sword n)
{
    for (tt_sword i = 0; i < n; i++) {
        sp = stack_make_room(w, sp, 0);
        assert_non_null(sp);
        sp = i % 3 ? push_small(sp, i) : push_large(sp, i);
    }
    return sp;
}

/* Returns through all frames; they must be those that were pushed. */
static void pop_frames(tt_word *sp, tt_sword n)
{
    for (tt_sword i = n - 1; i >= 0; i--) {
        while (sp[0] == (tt_word)tt_special_underflow)
            sp = stack_thaw(w, sp[1], sp[2]);
        assert_true(sp - TT_STACK_REDZONE_WORDS >= w->stack_base);
        assert_int_equal(sp[0], i % 3 ? (tt_word)tt_special_start : (tt_word)tt_special_resume);
        for (size_t k = 1; k <= frame_slots(sp); k++)
            assert_int_equal(sp[k], tt_fixnum(i));
        sp = frame_next(sp);
    }
    while (sp[0] == (tt_word)tt_special_underflow)
        sp = stack_thaw(w, sp[1], sp[2]);
    assert_int_equal(sp[0], (tt_word)tt_special_exit);
    assert_ptr_equal(sp + 1, w->stack_top);
}

static void shallow_stack_is_not_touched(void **state) { pop_frames(push_frames(stack_empty(w), 5), 5); }

static void deep_recursion_overflows_into_the_heap(void **state)
{
    pop_frames(push_frames(stack_empty(w), 1000000), 1000000);
}

static void freezing_an_empty_chunk_again_changes_nothing(void **state)
{
    tt_word *sp = stack_freeze(w, push_frames(stack_empty(w), 10));
    tt_word stack = sp[1];
    assert_ptr_equal(stack_freeze(w, sp), sp);
    assert_int_equal(sp[1], stack);
    pop_frames(sp, 10);
}

static void a_captured_stack_returns_many_times(void **state)
{
    tt_word *sp = stack_freeze(w, push_frames(stack_empty(w), 1000));
    tt_word stack = sp[1], offset = sp[2];
    for (int i = 0; i < 3; i++)
        pop_frames(stack_thaw(w, stack, offset), 1000);
}

/* A loop at the bottom of which there is a deep stack: capturing again and again
 * must copy little. */
static void capture_in_a_loop_copies_pieces(void **state)
{
    tt_word *sp = push_frames(stack_empty(w), 3000);
    for (int i = 0; i < 1000; i++) {
        sp = stack_freeze(w, sp);
        assert_non_null(sp);
        struct tt_obj_STACK *stack = TT_OBJ(STACK, sp[1]);
        assert_true(i == 0 || stack->length <= 2 * STACK_PIECE_WORDS + 4);
        sp = stack_thaw(w, sp[1], sp[2]);
    }
    pop_frames(sp, 3000);
}

static void a_large_demand_gets_a_larger_chunk(void **state)
{
    tt_word *sp = push_frames(stack_empty(w), 10);
    sp = stack_make_room(w, sp, 1000000);
    assert_non_null(sp);
    assert_true(sp - w->stack_base >= 1000000 + TT_STACK_REDZONE_WORDS);
    pop_frames(sp, 10);
}

static void nothing_below_is_the_exit_frame(void **state)
{
    assert_int_equal(stack_thaw(w, TT_FALSE, 0)[0], (tt_word)tt_special_exit);
}

static int set_up(void **state)
{
    heap_init_process(0);
    stack_init(w);
    heap_init_worker(w, &(struct heap_options){0});
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shallow_stack_is_not_touched),
        cmocka_unit_test(deep_recursion_overflows_into_the_heap),
        cmocka_unit_test(freezing_an_empty_chunk_again_changes_nothing),
        cmocka_unit_test(a_captured_stack_returns_many_times),
        cmocka_unit_test(capture_in_a_loop_copies_pieces),
        cmocka_unit_test(a_large_demand_gets_a_larger_chunk),
        cmocka_unit_test(nothing_below_is_the_exit_frame),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
