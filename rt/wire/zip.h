/* Compression of messages, by zstd. */
#ifndef RT_WIRE_ZIP_H
#define RT_WIRE_ZIP_H

#include "rt/wire/buf.h"

/* Replaces a message by its compressed form if that is a good deal smaller.
 * Never fails: at worst the message stays as it is. */
void zip_message(struct wire_buf *message);

/* The body of a zipped message, with a header in front that says so no more, in
 * `out`. False: damaged, or larger than `most` bytes (*too_large_out). Takes no
 * more memory than the data that has come out so far asks for. */
bool unzip_message(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out, bool *too_large_out);

#endif
