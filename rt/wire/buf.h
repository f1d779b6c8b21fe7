/* A growing buffer of bytes, and the numbers that are written to it. When memory
 * runs out, `failed` is set and nothing more is added. */
#ifndef RT_WIRE_BUF_H
#define RT_WIRE_BUF_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/os/span.h"

struct loan; /* loan.h */

/* Its own bytes, and in between those that are lent to it: only in a buffer whose user
 * asked for that (wire_ends.lends). */
struct wire_buf {
    uint8_t *bytes;
    size_t n, capacity;
    bool failed;
    struct loan *loans, *last_loan;
    size_t n_lent;
};

/* Makes room for `more` bytes behind the end. */
bool buf_grow(struct wire_buf *buf, size_t more);
void buf_put(struct wire_buf *buf, const void *bytes, size_t n);
void buf_free(struct wire_buf *buf);

/* Bytes behind those that are there; the loan is the buffer's. */
void buf_lend(struct wire_buf *buf, struct loan *loan);
/* Without all that has been lent. */
void buf_return_loans(struct wire_buf *buf);

/* A place in all the bytes of a buffer, its own and those that are lent. */
struct buf_place {
    size_t own;              /* behind so many of its own, */
    const struct loan *loan; /* in front of this loan, or, */
    size_t within;           /* if not 0, behind so many bytes of it */
};
struct buf_place buf_place(const struct wire_buf *buf, size_t own);
/* The next n bytes, which are there, as spans; moves the place behind them. Returns the number of
 * spans: at most two for each loan that is touched, and one; spans NULL: just moves. */
size_t buf_spans(const struct wire_buf *buf, struct buf_place *place, size_t n, struct span *spans);

/* Where to write up to `more` bytes, at least one, or NULL. The caller moves `n`. */
static inline uint8_t *buf_room(struct wire_buf *buf, size_t more)
{
    assert(more > 0);
    if (__builtin_expect(buf->capacity - buf->n < more, 0) && !buf_grow(buf, more)) return NULL;
    return buf->bytes + buf->n;
}

/* Seven bits a byte, lowest first. `at` has room; returns the end. */
static inline uint8_t *varint_write(uint8_t *at, uint64_t number)
{
    while (number >= 0x80) {
        *at++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *at++ = (uint8_t)number;
    return at;
}

void buf_put_byte(struct wire_buf *buf, uint8_t byte);
void buf_put_varint(struct wire_buf *buf, uint64_t number);

/* Reads a varint of the shortest form. Returns its end, or NULL: too long, or
 * cut short (then `*number_out` is 0, else 1). */
const uint8_t *varint_read(const uint8_t *at, const uint8_t *end, uint64_t *number_out);

#endif
