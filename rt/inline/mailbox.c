/* Receiving: the case of one message that is taken at once, which is most. */
#include "rt/actor/cursor.h"
#include "rt/actor/receive.h"
#include "rt/actor/sched.h"

tt_word tt_prim_mbox_start(struct worker *w) { return tt_fixnum(0); }

tt_word tt_prim_mbox_next(struct worker *w, tt_word cursor)
{
    struct mbox *m = &w->sched->running->mbox;
    if (m->live == 0) return TT_NONE;
    struct mbox_entry *first = &m->entries[m->head];
    if (cursor_seq(cursor) >= first->seq || tt_is_object(first->message)) return receive_next(w, cursor);
    m->place = m->head;
    m->last_seq = first->seq;
    return first->message;
}

tt_word tt_op_mbox_last(struct worker *w) { return cursor_of(w, w->sched->running->mbox.last_seq); }

bool tt_op_mbox_remove(struct worker *w, tt_word cursor)
{
    struct mbox *m = &w->sched->running->mbox;
    struct mbox_entry *first = &m->entries[m->head];
    if (m->live != 1 || first->seq != cursor_seq(cursor) || m->capacity > MBOX_KEEP_CAPACITY)
        return receive_remove(w, cursor);
    first->message = MBOX_TOMBSTONE;
    m->live = m->head = m->tail = m->scanned = 0;
    return true;
}
