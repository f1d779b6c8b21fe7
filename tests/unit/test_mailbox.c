/* A mailbox against a model: a plain array of what should be in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rt/actor/mailbox.h"
#include "rt/mem/heap.h"

static ptrdiff_t outside_bytes;
void heap_count_outside(ptrdiff_t bytes) { outside_bytes += bytes; }

static tt_word message(uint64_t seq) { return tt_fixnum((tt_sword)seq * 7 + 1); }

static void empty_has_nothing(void **state)
{
    struct mbox m;
    mbox_init(&m);
    assert_null(mbox_next(&m, 0));
    assert_false(mbox_has_after(&m, 0));
    assert_false(mbox_remove(&m, 1));
    mbox_clear(&m);
}

static void fifo_of_one_needs_no_array(void **state)
{
    struct mbox m;
    mbox_init(&m);
    for (uint64_t seq = 1; seq < 1000; seq++) {
        assert_true(mbox_push(&m, message(seq)));
        assert_int_equal(mbox_next(&m, 0)->message, message(seq));
        assert_int_equal(m.last_seq, seq);
        assert_true(mbox_remove(&m, seq));
        assert_false(mbox_remove(&m, seq));
        assert_ptr_equal(m.entries, &m.first);
    }
    mbox_clear(&m);
}

static void memory_of_a_burst_is_given_back(void **state)
{
    struct mbox m;
    mbox_init(&m);
    for (int i = 0; i < 100000; i++)
        assert_true(mbox_push(&m, TT_TRUE));
    struct mbox_entry *e;
    while ((e = mbox_next(&m, 0)))
        assert_true(mbox_remove(&m, e->seq));
    assert_int_equal(m.capacity, 1);
    mbox_clear(&m);
}

/* A backlog that nobody takes, and traffic behind it: the array does not grow. */
static void traffic_behind_a_backlog_keeps_its_size(void **state)
{
    struct mbox m;
    mbox_init(&m);
    for (int i = 0; i < 1000; i++)
        mbox_push(&m, TT_FALSE);
    uint64_t mark = m.next_seq - 1;
    for (int i = 0; i < 100000; i++) {
        mbox_push(&m, TT_TRUE);
        struct mbox_entry *e = mbox_next(&m, mark);
        assert_int_equal(e->message, TT_TRUE);
        assert_true(mbox_remove(&m, e->seq));
    }
    assert_int_equal(m.live, 1000);
    assert_true(m.capacity <= 4096);
    mbox_clear(&m);
}

#define MODEL_MAX 400
struct model {
    uint64_t seqs[MODEL_MAX];
    size_t n;
};

static uint64_t first_after(const struct model *model, uint64_t cursor)
{
    for (size_t i = 0; i < model->n; i++)
        if (model->seqs[i] > cursor) return model->seqs[i];
    return 0;
}

static bool take_out(struct model *model, uint64_t seq)
{
    for (size_t i = 0; i < model->n; i++) {
        if (model->seqs[i] != seq) continue;
        for (model->n--; i < model->n; i++)
            model->seqs[i] = model->seqs[i + 1];
        return true;
    }
    return false;
}

static void check_scan(struct mbox *m, const struct model *model)
{
    uint64_t cursor = 0;
    struct mbox_entry *e;
    for (size_t i = 0; i < model->n; i++) {
        e = mbox_next(m, cursor);
        assert_non_null(e);
        assert_int_equal(e->seq, model->seqs[i]);
        assert_int_equal(e->message, message(e->seq));
        cursor = e->seq;
    }
    assert_null(mbox_next(m, cursor));
}

/* What the minor collector relies on: entries in front of `scanned` were seen. */
static void check_scanned(struct mbox *m, uint64_t seen_seq)
{
    assert_true(m->scanned <= m->tail);
    for (uint32_t i = m->head; i < m->scanned; i++)
        assert_true(m->entries[i].seq <= seen_seq);
}

static void random_steps_agree_with_the_model(void **state)
{
    struct mbox m;
    struct model model = {.n = 0};
    uint64_t seen_seq = 0;
    mbox_init(&m);
    srand(1);
    for (int step = 0; step < 200000; step++) {
        uint64_t place = (uint64_t)rand() % (m.next_seq + 2);
        if (model.n && rand() % 2) place = model.seqs[(size_t)rand() % model.n];
        switch (rand() % 8) {
        case 0:
        case 1:
        case 2:
            if (model.n == MODEL_MAX) break;
            model.seqs[model.n++] = m.next_seq;
            assert_true(mbox_push(&m, message(m.next_seq)));
            break;
        case 3:
        case 4: assert_int_equal(mbox_remove(&m, place), take_out(&model, place)); break;
        case 5: {
            struct mbox_entry *e = mbox_next(&m, place);
            assert_int_equal(e ? e->seq : 0, first_after(&model, place));
            break;
        }
        case 6: assert_int_equal(mbox_has_after(&m, place), first_after(&model, place) != 0); break;
        default: m.scanned = m.tail; seen_seq = m.next_seq - 1;
        }
        assert_int_equal(m.live, model.n);
        check_scanned(&m, seen_seq);
        if (step % 1000 == 0) check_scan(&m, &model);
    }
    mbox_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_has_nothing),
        cmocka_unit_test(fifo_of_one_needs_no_array),
        cmocka_unit_test(memory_of_a_burst_is_given_back),
        cmocka_unit_test(traffic_behind_a_backlog_keeps_its_size),
        cmocka_unit_test(random_steps_agree_with_the_model),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed || outside_bytes != 0; /* what was counted has been given back */
}
