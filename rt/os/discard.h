/* Freeing what is large: the kernel takes a tenth of a millisecond for each megabyte
 * that it gets back, for which a worker should not wait. Any thread may give blocks
 * away; one that has time frees them. */
#ifndef RT_OS_DISCARD_H
#define RT_OS_DISCARD_H

#include <stdbool.h>
#include <stddef.h>

/* A block of malloc, or NULL; it is freed at once if it is small, or nobody frees
 * others (discard_begin). */
void discard(void *block, size_t n);
/* There is a thread from now on that calls discard_all now and then. */
void discard_begin(void);
void discard_all(void);

#endif
