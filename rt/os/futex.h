/* Sleeping until a word changes. */
#ifndef RT_OS_FUTEX_H
#define RT_OS_FUTEX_H

#include <stdint.h>

/* Sleeps while *word == expected, at most timeout_ns (-1: no limit), or until a
 * signal; may return early for no reason. */
void futex_wait(_Atomic int *word, int expected, int64_t timeout_ns);
void futex_wake(_Atomic int *word);

#endif
