/* Compression of bodies, by zstd. */
#ifndef RT_WIRE_ZIP_H
#define RT_WIRE_ZIP_H

#include "rt/wire/buf.h"

/* Replaces what stands from byte `start` on by its compressed form if that is a
 * good deal smaller: true. Never fails: at worst the bytes stay as they are. */
bool zip_body(struct wire_buf *message, size_t start);

/* Whether a sample of these bytes shrinks well. */
bool zip_is_worth_trying(const uint8_t *bytes, size_t n);

/* Appends the body that these bytes, one zstd frame, are the compressed form of.
 * False: damaged, or larger than `most` bytes (*too_large_out). Takes no more
 * memory than the data that has come out so far asks for. */
bool unzip_body(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out, bool *too_large_out);

#endif
