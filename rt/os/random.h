/* Random bytes from the kernel. */
#ifndef RT_OS_RANDOM_H
#define RT_OS_RANDOM_H

#include <stddef.h>

/* Never fails: a machine without randomness ends the program. */
void random_bytes(void *out, size_t n);

#endif
