/* The process table: slots and pids; saving frames of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/actor/cursor.h"
#include "rt/actor/receive.h"
#include "rt/actor/sched.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"

#define MAX_PROCESSES 2048

static struct node node;
static struct worker worker = {.node = &node}, *w = &worker;

static void a_slot_is_used_again_with_another_pid(void **state)
{
    struct process *p = process_new(w);
    tt_word pid = p->pid;
    assert_true(pid_is_own(pid));
    assert_ptr_equal(process_find(node.processes, pid), p);
    process_clear(w, p);
    assert_null(process_find(node.processes, pid));
    process_free(w, p);
    struct process *again = process_new(w);
    assert_ptr_equal(again, p);
    assert_int_not_equal(again->pid, pid);
    assert_null(process_find(node.processes, pid));
    process_clear(w, again);
    process_free(w, again);
    assert_int_equal(w->sched->n_processes, 0);
}

static void the_limit_is_kept(void **state)
{
    static struct process *all[MAX_PROCESSES];
    for (size_t i = 0; i < MAX_PROCESSES; i++)
        assert_non_null(all[i] = process_new(w));
    assert_null(process_new(w));
    assert_int_equal(w->failure.condition, CONDITION_PROCESS_LIMIT);
    for (size_t i = 0; i < MAX_PROCESSES; i++) {
        assert_ptr_equal(process_find(node.processes, all[i]->pid), all[i]);
        process_clear(w, all[i]);
        process_free(w, all[i]);
    }
    assert_non_null(all[0] = process_new(w));
    process_clear(w, all[0]);
    process_free(w, all[0]);
}

/* n frames of one slot above the exit frame. */
static tt_word *push_frames(size_t n)
{
    tt_word *sp = stack_empty(w);
    for (size_t i = 0; i < n; i++) {
        sp -= 2;
        sp[0] = (tt_word)tt_special_start;
        sp[1] = tt_fixnum((tt_sword)i);
    }
    return sp;
}

static void check_frames(tt_word *sp, size_t n)
{
    for (size_t i = n; i-- > 0; sp += 2) {
        while (sp[0] == (tt_word)tt_special_underflow)
            sp = stack_thaw(w, sp[1], sp[2]);
        assert_int_equal(sp[0], (tt_word)tt_special_start);
        assert_int_equal(sp[1], tt_fixnum((tt_sword)i));
    }
    while (sp[0] == (tt_word)tt_special_underflow)
        sp = stack_thaw(w, sp[1], sp[2]);
    assert_int_equal(sp[0], (tt_word)tt_special_exit);
}

/* Through the record, the buffer, and a frozen stack; and back to the record. */
static void frames_come_back_as_they_were(void **state)
{
    static const size_t sizes[] = {0, 1, 6, 7, 20, 31, 32, 100, 127, 128, 5000, 3, 60, 1};
    struct process *p = process_new(w);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        w->winds = tt_fixnum((tt_sword)i);
        assert_true(process_save(w, p, push_frames(sizes[i])));
        assert_true(p->n_saved <= PROCESS_SAVE_MAX_WORDS);
        memset(w->stack_base, 0, (size_t)(w->stack_top - w->stack_base) * TT_W);
        w->winds = TT_NIL;
        check_frames(process_load(w, p), sizes[i]);
        assert_int_equal(w->winds, tt_fixnum((tt_sword)i));
        assert_int_equal(w->self_pid, p->pid);
    }
    assert_int_equal(p->buffer_words, 0);
    process_clear(w, p);
    process_free(w, p);
}

static void a_waiting_process_is_small(void **state) { assert_true(sizeof(struct process) <= 296); }

/* Numbers of messages go on where fixnums end. */
static void cursors_grow_beyond_fixnums(void **state)
{
    struct process *p = process_new(w);
    w->sched->running = p;
    uint64_t first = (uint64_t)TT_FIXNUM_MAX - 1;
    if (TT_W == 8) first = (UINT64_C(1) << 56) - 5;
    p->mbox.next_seq = first;
    for (tt_sword i = 0; i < 4; i++)
        assert_true(mbox_push(&p->mbox, tt_fixnum(i)));
    tt_word cursor = cursor_of(w, 0);
    for (tt_sword i = 0; i < 4; i++) {
        assert_int_equal(receive_next(w, cursor), tt_fixnum(i));
        cursor = cursor_of(w, p->mbox.last_seq);
        assert_int_equal(cursor_seq(cursor), first + (uint64_t)i);
        assert_true(int_is(cursor));
    }
    assert_int_equal(receive_next(w, cursor), TT_NONE);
    assert_true(receive_remove(w, cursor));
    assert_false(receive_remove(w, cursor));
    assert_int_equal(p->mbox.live, 3);
    w->sched->running = NULL;
    process_clear(w, p);
    process_free(w, p);
}

/* What C keeps of a process outlives it, and does not keep its pid alive. */
static void serials_name_processes(void **state)
{
    struct process *p = process_new(w);
    uint64_t serial = process_serial(p);
    assert_int_equal(near_serial(p->pid), serial);
    assert_ptr_equal(process_at(node.processes, serial), p);
    assert_int_equal(near_pid(w, serial), p->pid);
    process_clear(w, p);
    assert_null(process_at(node.processes, serial));
    process_free(w, p);
    assert_null(process_at(node.processes, serial));
}

/* (tag 1), as the reply to the call. */
static tt_word reply_to(tt_word tag) { return heap_cons(w, tag, heap_cons(w, tt_fixnum(1), TT_NIL)); }

static tt_word give_up_call(struct process *p)
{
    w->sched->running = p;
    tt_word tag = calls_tag(w);
    assert_false(p->calls != TT_FALSE && calls_drop(p, reply_to(tag)));
    calls_open(w, p, tag);
    calls_end(w, p, tag);
    assert_true(calls_drop(p, reply_to(tag)));
    return tag;
}

static size_t count_ranges(const struct process *p)
{
    size_t n = 0;
    for (tt_word l = tt_cdr(p->calls); tt_is_pair(l); l = tt_cdr(l))
        n++;
    return n;
}

/* A process that gives up calls, each of a run of its own, as many others do so, too: it knows the newest ones
 * in little memory, and those of the others are not taken for its own. */
static void calls_that_were_given_up_take_little_memory(void **state)
{
    enum { N = CALLS_MAX_RANGES + 500, N_RECENT = CALLS_MAX_RANGES };
    static uint64_t mine[N_RECENT], others[N_RECENT];
    struct process *p = process_new(w), *q = process_new(w);
    for (size_t i = 0; i < N; i++) {
        p->next_call = q->next_call = 0; /* the run is at its end */
        mine[i % N_RECENT] = near_serial(give_up_call(p));
        others[i % N_RECENT] = near_serial(give_up_call(q));
    }
    assert_int_equal(count_ranges(p), CALLS_MAX_RANGES);
    assert_true(calls_are(p->calls));
    for (size_t i = 0; i < N_RECENT; i++) {
        assert_true(calls_drop(p, reply_to(near_tag(w, mine[i]))));
        assert_false(calls_drop(q, reply_to(near_tag(w, mine[i]))));
        assert_false(calls_drop(p, reply_to(near_tag(w, others[i]))));
    }
    w->sched->running = NULL;
    process_clear(w, p);
    process_free(w, p);
    process_clear(w, q);
    process_free(w, q);
}

/* A call that is open is not given up with one that was begun later; what is no reply of two elements stays. */
static void open_calls_get_their_replies(void **state)
{
    struct process *p = process_new(w);
    w->sched->running = p;
    tt_word outer = calls_tag(w);
    calls_open(w, p, outer);
    tt_word before = give_up_call(p), inner = give_up_call(p);
    calls_end(w, p, before); /* again: nothing */
    assert_false(calls_drop(p, reply_to(outer)));
    assert_false(calls_drop(p, heap_cons(w, inner, TT_NIL)));
    assert_false(calls_drop(p, heap_cons(w, inner, reply_to(outer))));
    assert_true(sched_deliver(w->sched, p, reply_to(inner)));
    assert_int_equal(p->mbox.live, 0);
    assert_true(sched_deliver(w->sched, p, reply_to(outer)));
    assert_int_equal(p->mbox.live, 1);
    calls_end(w, p, outer); /* the reply that has come is taken out */
    assert_int_equal(p->mbox.live, 0);
    w->sched->running = NULL;
    process_clear(w, p);
    assert_int_equal(p->calls, TT_FALSE);
    process_free(w, p);
}

static int set_up(void **state)
{
    heap_init_process(0);
    stack_init(w);
    heap_init_worker(w, &(struct heap_options){0});
    node.processes = process_table_new(MAX_PROCESSES);
    node.far = far_table_new();
    sched_init_worker(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_is_used_again_with_another_pid),
        cmocka_unit_test(the_limit_is_kept),
        cmocka_unit_test(frames_come_back_as_they_were),
        cmocka_unit_test(a_waiting_process_is_small),
        cmocka_unit_test(cursors_grow_beyond_fixnums),
        cmocka_unit_test(serials_name_processes),
        cmocka_unit_test(calls_that_were_given_up_take_little_memory),
        cmocka_unit_test(open_calls_get_their_replies),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
