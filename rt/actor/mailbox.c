#include "rt/actor/mailbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"

#define FIRST_CAPACITY 4

/* Arrays count against the limit of the heap. */
static void count_array(const struct mbox *m, ptrdiff_t sign)
{
    if (m->capacity > 1) heap_count_outside(sign * (ptrdiff_t)(m->capacity * sizeof *m->entries));
}

static void use_inline_entry(struct mbox *m)
{
    m->entries = &m->first;
    m->capacity = 1;
    m->head = m->tail = m->scanned = m->place = 0;
    m->first.message = MBOX_TOMBSTONE;
}

void mbox_init(struct mbox *m)
{
    use_inline_entry(m);
    m->next_seq = 1;
    m->last_seq = 0;
    m->live = 0;
}

void mbox_shrink(struct mbox *m)
{
    count_array(m, -1);
    if (m->entries != &m->first) free(m->entries);
    use_inline_entry(m);
}

void mbox_clear(struct mbox *m)
{
    mbox_shrink(m);
    m->live = 0;
}

/* Moves the live entries to the front of the array. */
static void compact(struct mbox *m)
{
    uint32_t to = 0, scanned = 0;
    for (uint32_t i = m->head; i < m->tail; i++) {
        if (i == m->scanned) scanned = to;
        if (m->entries[i].message != MBOX_TOMBSTONE) m->entries[to++] = m->entries[i];
    }
    m->scanned = m->scanned >= m->tail ? to : scanned;
    m->head = 0;
    m->tail = to;
    m->place = 0;
}

static bool grow(struct mbox *m)
{
    bool is_inline = m->entries == &m->first;
    if (m->capacity > UINT32_MAX / 2) return false;
    uint32_t capacity = is_inline ? FIRST_CAPACITY : 2 * m->capacity;
    struct mbox_entry *entries = realloc(is_inline ? NULL : m->entries, (size_t)capacity * sizeof *entries);
    if (!entries) return false;
    if (is_inline) {
        entries[0] = m->first;
        m->first.message = MBOX_TOMBSTONE;
    }
    count_array(m, -1);
    m->entries = entries;
    m->capacity = capacity;
    count_array(m, 1);
    return true;
}

/* Compacts when that frees at least half of the array, else doubles it: so there
 * are always about as many pushes between two moves as entries moved. */
bool mbox_make_room(struct mbox *m)
{
    assert(m->tail == m->capacity && mbox_is_sound(m));
    if (m->live <= m->capacity / 2) {
        compact(m);
        return true;
    }
    return grow(m);
}

uint32_t mbox_search(const struct mbox *m, uint64_t seq)
{
    assert(m->live > 0 && mbox_is_sound(m));
    uint32_t low = m->head, high = m->tail; /* the answer is in [low, high] */
    if (m->entries[high - 1].seq <= seq) return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->entries[middle].seq > seq)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Entry `index` has become a tombstone and others are alive. */
void mbox_after_remove(struct mbox *m, uint32_t index)
{
    assert(m->live > 0 && index >= m->head && index < m->tail && m->entries[index].message == MBOX_TOMBSTONE);
    if (index == m->head) {
        while (m->entries[m->head].message == MBOX_TOMBSTONE)
            m->head++;
    } else if (index == m->tail - 1) {
        while (m->entries[m->tail - 1].message == MBOX_TOMBSTONE)
            m->tail--;
    } else if (m->tail - m->head > 2 * m->live + FIRST_CAPACITY) {
        compact(m);
    }
    if (m->scanned > m->tail) m->scanned = m->tail;
    assert(mbox_is_sound(m));
}
