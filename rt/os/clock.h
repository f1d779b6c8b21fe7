/* The monotonic clock. */
#ifndef RT_OS_CLOCK_H
#define RT_OS_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND_NS INT64_C(1000000000)
/* A time that never comes: about 36 years of uptime, and a fixnum of 61 bits. */
#define CLOCK_FOREVER (INT64_MAX >> 3)

int64_t clock_now_ns(void);

#endif
