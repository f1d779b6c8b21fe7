/* The timer heap: order, removal from the middle, equal deadlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rt/actor/timer.h"
#include "rt/mem/heap.h"

#define N 500

void heap_count_outside(ptrdiff_t bytes) { (void)bytes; }

static struct process processes[N];

static void due_ones_come_in_order(void **state)
{
    struct timers t;
    timers_init(&t);
    srand(2);
    for (int i = 0; i < N; i++)
        assert_true(timers_add(&t, &processes[i], rand() % 100));
    int64_t now = 0, popped = 0;
    for (; now <= 100; now++)
        for (struct process *p; (p = timers_pop_due(&t, now)); popped++)
            assert_int_equal(p->timer, 0);
    assert_int_equal(popped, N);
    assert_int_equal(t.first_ns, INT64_MAX);
    free(t.heap);
}

static void removed_ones_do_not_come(void **state)
{
    struct timers t;
    timers_init(&t);
    int64_t deadline[N];
    srand(3);
    for (int round = 0; round < 200; round++) {
        int present = 0;
        for (int i = 0; i < N; i++)
            timers_add(&t, &processes[i], deadline[i] = rand() % 50);
        for (int i = 0; i < N; i++) {
            if (rand() % 3)
                timers_remove(&t, &processes[i]);
            else
                present++;
        }
        int64_t last = -1;
        for (struct process *p; (p = timers_pop_due(&t, 1000)); present--) {
            int64_t d = deadline[p - processes];
            assert_true(d >= last);
            last = d;
        }
        assert_int_equal(present, 0);
    }
    free(t.heap);
}

static void nothing_is_due_early(void **state)
{
    struct timers t;
    timers_init(&t);
    timers_add(&t, &processes[0], 10);
    assert_null(timers_pop_due(&t, 9));
    assert_ptr_equal(timers_pop_due(&t, 10), &processes[0]);
    free(t.heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_ones_come_in_order),
        cmocka_unit_test(removed_ones_do_not_come),
        cmocka_unit_test(nothing_is_due_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
