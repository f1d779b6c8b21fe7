/* How much memory the heap may take by default. */
#ifndef RT_MEM_LIMIT_H
#define RT_MEM_LIMIT_H

#include <stddef.h>

/* 80 % of the least of: physical memory, the limit of the control group, the
 * limit on address space, half of what a short address can name. */
size_t limit_default_bytes(void);

#endif
