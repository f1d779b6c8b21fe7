/* zstd: bodies of messages, compressed, at once or in steps. */
#ifndef RT_WIRE_ZIP_H
#define RT_WIRE_ZIP_H

#include "rt/wire/buf.h"

enum zip_progress { ZIP_FAILED, ZIP_DONE, ZIP_GOES_ON };

/* Would bytes be compressed that are like these? Looks at a part of them. */
bool zip_is_worth_trying(const uint8_t *bytes, size_t n);

/* Compresses the bytes of `message` from `start` on. False: they are as they were; it is not worth
 * it, or there is no memory. The same bytes as in steps. */
bool zip_body(struct wire_buf *message, size_t start);

/* The same in steps: NULL as false. The message stays as it is until DONE: then it is compressed. */
struct zip;
struct zip *zip_begin(const struct wire_buf *message, size_t start);
enum zip_progress zip_step(struct zip *z, struct wire_buf *message);
void zip_end(struct zip *z);

/* Bytes that the frame says it holds; SIZE_MAX: more than a size, or it does not say. */
size_t zip_content_size(const uint8_t *bytes, size_t n);

/* Appends what these n bytes hold, if they are one frame of at most `most` bytes.
 * False: they are not (out->failed: no memory; *too_large_out: they are more). */
bool unzip_body(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out, bool *too_large_out);

/* The same in steps; the bytes stay until the end. NULL as false; then out->failed is set, or *too_large_out.
 */
struct unzip;
struct unzip *unzip_begin(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out,
                          bool *too_large_out);
enum zip_progress unzip_step(struct unzip *u, struct wire_buf *out);
void unzip_end(struct unzip *u);

#endif
