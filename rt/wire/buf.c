#include "rt/wire/buf.h"

#include <stdlib.h>
#include <string.h>

#include "rt/os/discard.h"
#include "rt/wire/format.h"

#define INITIAL_BYTES 256

bool buf_grow(struct wire_buf *buf, size_t more)
{
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
    uint8_t *at = buf_room(buf, n);
    if (!at || n == 0) return;
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
    discard(buf->bytes, buf->capacity);
    *buf = (struct wire_buf){0};
}

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
