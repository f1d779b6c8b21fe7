/* Rules about locks, as assertions. */
#ifndef RT_OS_LOCKED_H
#define RT_OS_LOCKED_H

#include <assert.h>
#include <errno.h>
#include <pthread.h>

/* Somebody holds the lock: by the rule that is asserted so, the caller. */
#define ASSERT_LOCKED(mutex) assert(pthread_mutex_trylock(mutex) == EBUSY)

#endif
