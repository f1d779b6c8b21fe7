/* The constants of the wire format: see FORMAT.md. */
#ifndef RT_WIRE_FORMAT_H
#define RT_WIRE_FORMAT_H

#include <stdint.h>

/* In front of the body in a file: 'T' 'T' 'W', version, checksum, flags. */
#define WIRE_VERSION        3
#define WIRE_VERSION_AT     3
#define WIRE_CHECKSUM_AT    4
#define WIRE_CHECKSUM_BYTES 8
#define WIRE_FLAGS_AT       12
#define WIRE_HEADER_BYTES   13
#define WIRE_FLAG_ZIPPED    1 /* the body is one zstd frame */

enum wire_tag {
#define WIRE(name, number, text) WIRE_##name = number,
#include "rt/abi/wire.def"
#undef WIRE
};

/* Bytes from WIRE_SMALL up are the integers from WIRE_SMALL_MIN. */
#define WIRE_SMALL     0x80
#define WIRE_SMALL_MIN (-16)
#define WIRE_SMALL_MAX (WIRE_SMALL_MIN + 0x7f)

/* INTEGER holds what fits 61 bits, whatever the word size of the node. */
#define WIRE_INTEGER_MAX (((int64_t)1 << 60) - 1)
#define WIRE_INTEGER_MIN (-((int64_t)1 << 60))

#define WIRE_NAN              UINT64_C(0x7ff8000000000000)
#define WIRE_ID_BYTES         16 /* code ids, boot ids */
#define WIRE_MAC_BYTES        16 /* FAR_MAC_BYTES */
#define WIRE_VARINT_MAX_BYTES 10

#define WIRE_MAX_OBJECTS  ((size_t)64 << 20)
#define WIRE_MAX_UNZIPPED ((size_t)256 << 20)
/* Words of a value in the memory of its reader, headers and all: two of each pair. */
#define WIRE_MAX_WORDS ((size_t)128 << 20)
/* Most characters of a symbol, bytes of a host's name. */
#define WIRE_MAX_SYMBOL_CHARS ((size_t)1000000)
#define WIRE_MAX_HOST_BYTES   ((size_t)255)
#define WIRE_MAX_NAMES_BYTES  ((size_t)255) /* of the procedures of a code */
/* A deadline lies at most so many microseconds ahead: the clock has 63 bits of nanoseconds. */
#define WIRE_MAX_DEADLINE_US (((uint64_t)1 << 52) - 1)

/* What a table may take between two messages. */
#define WIRE_KEEP_BYTES ((size_t)64 << 10)

static inline uint64_t wire_zigzag(int64_t n) { return (uint64_t)n << 1 ^ (uint64_t)(n >> 63); }
static inline int64_t wire_unzigzag(uint64_t z) { return (int64_t)(z >> 1) ^ -(int64_t)(z & 1); }

#endif
