/* Bytes somewhere in memory. */
#ifndef RT_OS_SPAN_H
#define RT_OS_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct span {
    const uint8_t *bytes;
    size_t n;
};

#endif
