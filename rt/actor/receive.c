/* Looking at messages and waiting for them. */
#include "rt/actor/receive.h"

#include "rt/actor/cursor.h"
#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"
#include "rt/obj/deadline.h"
#include "rt/os/clock.h"

/* The first message behind the cursor, or NONE. What comes from a link is a
 * SIGNAL, taken out: the receiver raises it, and goes on behind it. */
tt_word receive_next(struct worker *w, tt_word cursor)
{
    struct mbox *m = &w->sched->running->mbox;
    struct mbox_entry *entry = mbox_next(m, cursor_seq(cursor));
    if (!entry) return TT_NONE;
    tt_word message = entry->message;
    if (tt_is_type(message, TT_TYPE_SIGNAL)) mbox_remove(m, entry->seq);
    return message;
}

bool receive_remove(struct worker *w, tt_word cursor)
{
    return mbox_remove(&w->sched->running->mbox, cursor_seq(cursor));
}

/* (%wait-message cursor deadline): the frames at sp go on with #t when there is
 * a message behind the cursor, with #f when the deadline is past. The timer is
 * only set when the process really has to wait. */
POINT_CODE(tt_proc_wait_message)
{
    CHECK_ARGS(argc == 2);
    struct scheduler *s = w->sched;
    struct process *p = s->running;
    if (mbox_has_after(&p->mbox, cursor_seq(a0))) JUMP_RETURN(w, sp, hp, TT_TRUE);
    if (a1 == tt_fixnum(0)) /* a poll; any other deadline is the timers' business, and costs no clock here */
        JUMP_RETURN(w, sp, hp, TT_FALSE);
    w->saved_sp = sp;
    w->site = 0;
    if (!process_save(w, p, sp)) JUMP_RAISE(w, sp, hp);
    bool has_timer = deadline_is(a1) && deadline_ns(a1) < CLOCK_FOREVER;
    if (has_timer && !timers_add(&s->timers, p, deadline_ns(a1))) {
        heap_fail(w);
        JUMP_RAISE(w, process_load(w, p), hp);
    }
    p->state = PROCESS_WAITING;
    p->timed_out = false;
    JUMP_ON(sched_run_next);
}
