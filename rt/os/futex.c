#include "rt/os/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "rt/os/clock.h"

void futex_wait(_Atomic int *word, int expected, int64_t timeout_ns)
{
    struct timespec timeout = {
        .tv_sec = timeout_ns / CLOCK_SECOND_NS,
        .tv_nsec = timeout_ns % CLOCK_SECOND_NS,
    };
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout_ns < 0 ? NULL : &timeout, NULL, 0);
}

void futex_wake(_Atomic int *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0); }
