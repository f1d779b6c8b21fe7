/* Messages of one process, in order of arrival.
 *
 *   entries:  . . . | 7:m | 8:- | 9:m | 12:m | . . .        seq:message
 *                   ^head   removed      ^last  ^tail
 *
 * Each message has a sequence number; a receive's cursor is the number of the
 * message it looked at last (0: none yet), so it stays valid whatever nested
 * receives remove. Entries are sorted by number. The first and the last entry
 * are always live; a removed one in between is a tombstone until the array is
 * compacted, which happens when at most half of it is alive: push, remove and
 * next are O(1) amortised. A mailbox of one message needs no array.
 *
 * Owned by the worker of its process; never moves. Its messages are roots. */
#ifndef RT_ACTOR_MAILBOX_H
#define RT_ACTOR_MAILBOX_H

#include "rt/obj/value.h"

#define MBOX_TOMBSTONE TT_UNBOUND
/* Larger arrays grow only within the heap's limit (sched_deliver); when one of the middle
 * grows, the limit is looked at soon. */
#define MBOX_LARGE_CAPACITY  (1u << 16)
#define MBOX_MIDDLE_CAPACITY (1u << 8)
/* An empty mailbox with a larger array gives it back. */
#define MBOX_KEEP_CAPACITY 64

struct mbox_entry {
    uint64_t seq;
    tt_word message;
};

struct mbox {
    struct mbox_entry *entries; /* &first, or malloc'd when capacity > 1 */
    uint64_t next_seq;          /* of the next message, from 1 */
    uint64_t last_seq;          /* of the message that mbox_next gave last */
    uint32_t head, tail, capacity;
    uint32_t live;    /* entries that are no tombstones */
    uint32_t scanned; /* entries in front hold no young values */
    uint32_t place;   /* index of last_seq, if that is still true */
    struct mbox_entry first;
};

void mbox_init(struct mbox *m);
/* Frees all; the mailbox is empty afterwards. */
void mbox_clear(struct mbox *m);

/* Out of line parts of the functions below. */
bool mbox_make_room(struct mbox *m);
uint32_t mbox_search(const struct mbox *m, uint64_t seq);
void mbox_after_remove(struct mbox *m, uint32_t index);
/* Gives the memory of a burst back. */
void mbox_shrink(struct mbox *m);

/* What holds between two operations. */
static inline bool mbox_is_sound(const struct mbox *m)
{
    if (m->head > m->tail || m->tail > m->capacity || m->live > m->tail - m->head || m->scanned > m->tail)
        return false;
    if (m->live == 0) return m->head == m->tail;
    return m->entries[m->head].message != MBOX_TOMBSTONE &&
           m->entries[m->tail - 1].message != MBOX_TOMBSTONE && m->entries[m->tail - 1].seq < m->next_seq;
}

/* False: no memory. */
static inline bool mbox_push(struct mbox *m, tt_word message)
{
    if (__builtin_expect(m->tail == m->capacity, 0) && !mbox_make_room(m)) return false;
    m->entries[m->tail++] = (struct mbox_entry){m->next_seq++, message};
    m->live++;
    return true;
}

static inline bool mbox_place_is(const struct mbox *m, uint64_t seq)
{
    return m->place >= m->head && m->place < m->tail && m->entries[m->place].seq == seq;
}

/* Index of the first entry whose number is greater than seq; tail if none. */
static inline uint32_t mbox_index_after(const struct mbox *m, uint64_t seq)
{
    if (m->live == 0 || seq < m->entries[m->head].seq) return m->head;
    if (mbox_place_is(m, seq)) return m->place + 1;
    return mbox_search(m, seq);
}

/* The first message behind `cursor`, or NULL; it becomes the last one given. */
static inline struct mbox_entry *mbox_next(struct mbox *m, uint64_t cursor)
{
    uint32_t i = mbox_index_after(m, cursor);
    while (i < m->tail && m->entries[i].message == MBOX_TOMBSTONE)
        i++;
    if (i == m->tail) return NULL;
    m->place = i;
    m->last_seq = m->entries[i].seq;
    return &m->entries[i];
}

/* Is there a message behind `cursor`? The last entry is live. */
static inline bool mbox_has_after(const struct mbox *m, uint64_t cursor)
{
    return m->live > 0 && m->entries[m->tail - 1].seq > cursor;
}

/* Takes message number seq out; false when it is not there any more. */
static inline bool mbox_remove(struct mbox *m, uint64_t seq)
{
    uint32_t i = mbox_place_is(m, seq) ? m->place : mbox_index_after(m, seq - 1);
    if (m->live == 0 || i == m->tail || m->entries[i].seq != seq || m->entries[i].message == MBOX_TOMBSTONE)
        return false;
    m->entries[i].message = MBOX_TOMBSTONE;
    if (--m->live == 0) {
        m->head = m->tail = m->scanned = 0;
        if (__builtin_expect(m->capacity > MBOX_KEEP_CAPACITY, 0)) mbox_shrink(m);
    } else {
        mbox_after_remove(m, i);
    }
    return true;
}

#endif
