#include "rt/wire/buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/os/discard.h"
#include "rt/wire/format.h"
#include "rt/wire/loan.h"

#define INITIAL_BYTES 256

bool buf_grow(struct wire_buf *buf, size_t more)
{
    assert(buf->n <= buf->capacity);
    size_t capacity = buf->capacity ? buf->capacity : INITIAL_BYTES;
    while (capacity - buf->n < more) {
        if (capacity > SIZE_MAX / 2) {
            buf->failed = true;
            return false;
        }
        capacity *= 2;
    }
    uint8_t *bytes = buf->failed ? NULL : realloc(buf->bytes, capacity);
    if (!bytes) {
        buf->failed = true;
        return false;
    }
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void buf_put(struct wire_buf *buf, const void *bytes, size_t n)
{
    if (n == 0) return; /* also in front of the first bytes, when there is no buffer yet */
    uint8_t *at = buf_room(buf, n);
    if (!at) return;
    memcpy(at, bytes, n);
    buf->n += n;
}

void buf_put_byte(struct wire_buf *buf, uint8_t byte)
{
    uint8_t *at = buf_room(buf, 1);
    if (!at) return;
    *at = byte;
    buf->n++;
}

void buf_put_varint(struct wire_buf *buf, uint64_t number)
{
    uint8_t *at = buf_room(buf, WIRE_VARINT_MAX_BYTES);
    if (at) buf->n = (size_t)(varint_write(at, number) - buf->bytes);
}

void buf_free(struct wire_buf *buf)
{
    buf_return_loans(buf);
    discard(buf->bytes, buf->capacity);
    *buf = (struct wire_buf){0};
}

/* -- loans ----------------------------------------------------------------- */

void buf_lend(struct wire_buf *buf, struct loan *loan)
{
    assert(loan->n > 0 && (!buf->last_loan || buf->last_loan->at <= buf->n));
    loan->at = buf->n;
    *(buf->loans ? &buf->last_loan->next : &buf->loans) = loan;
    buf->last_loan = loan;
    buf->n_lent += loan->n;
}

void buf_return_loans(struct wire_buf *buf)
{
    for (struct loan *loan = buf->loans, *next; loan; loan = next) {
        next = loan->next;
        loan_return(loan);
    }
    buf->loans = buf->last_loan = NULL;
    buf->n_lent = 0;
}

struct buf_place buf_place(const struct wire_buf *buf, size_t own)
{
    return (struct buf_place){.own = own, .loan = buf->loans};
}

/* The bytes that lie side by side there. */
static struct span side_by_side(const struct wire_buf *buf, const struct buf_place *place)
{
    const struct loan *loan = place->loan;
    if (loan && loan->at == place->own)
        return (struct span){loan->bytes + place->within, loan->n - place->within};
    return (struct span){buf->bytes + place->own, (loan ? loan->at : buf->n) - place->own};
}

static void move_place(struct buf_place *place, size_t n)
{
    assert(!place->loan || place->loan->at >= place->own);
    if (!place->loan || place->loan->at != place->own) {
        place->own += n;
        return;
    }
    place->within += n;
    if (place->within < place->loan->n) return;
    place->within = 0;
    place->loan = place->loan->next;
}

size_t buf_spans(const struct wire_buf *buf, struct buf_place *place, size_t n, struct span *spans)
{
    size_t n_spans = 0;
    while (n > 0) {
        struct span span = side_by_side(buf, place);
        if (span.n > n) span.n = n;
        if (spans) spans[n_spans] = span;
        n_spans++;
        n -= span.n;
        move_place(place, span.n);
    }
    return n_spans;
}

/* -- varints --------------------------------------------------------------- */

const uint8_t *varint_read(const uint8_t *at, const uint8_t *end, uint64_t *number_out)
{
    uint64_t number = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
        uint8_t byte = *at++;
        bool overflows = shift == 63 && byte > 1, is_padded = byte == 0 && shift > 0;
        if (overflows || is_padded) {
            *number_out = 1;
            return NULL;
        }
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *number_out = number;
            return at;
        }
    }
    *number_out = 0;
    return NULL;
}
