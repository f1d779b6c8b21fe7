/* Bytes of a large object that a message refers to instead of holding a copy: they
 * are sent from where they are. The object is old and data is immutable, so they stay
 * there as long as the loan keeps the object alive.
 *
 *   the worker: loan_new -> in a buffer, behind `at` of its own bytes -> the channel
 *   any thread: loan_return, when they are sent or dropped; the worker frees it later */
#ifndef RT_WIRE_LOAN_H
#define RT_WIRE_LOAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/mem/worker.h"
#include "rt/obj/value.h"

struct loan {
    struct loan *next; /* in its buffer */
    size_t at;         /* so many of the buffer's own bytes are in front of it */
    const uint8_t *bytes;
    size_t n;
    tt_word object;
    struct loan *older; /* of the worker */
    _Atomic bool is_returned;
};

/* All loans of a worker. */
struct loans {
    struct loan *newest;
    size_t n, sweep_at;
};

/* Of a worker that has a wire_state. */
struct loan *loan_new(struct worker *w, tt_word object, const uint8_t *bytes, size_t n); /* NULL: no memory */
/* Its bytes are not read any more. Partner: the worker, which frees it. */
static inline void loan_return(struct loan *loan)
{
    atomic_store_explicit(&loan->is_returned, true, memory_order_release);
}
/* For libgc, while it marks. */
void loans_push(const struct loans *loans);

#endif
