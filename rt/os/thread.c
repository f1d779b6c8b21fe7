#define _GNU_SOURCE
#include "rt/os/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The shortest turn that Linux knows. */
#define BRIEF_NS    100000
#define STACK_BYTES (256 * 1024)

bool thread_start(void *(*main)(void *context), void *context)
{
    sigset_t all, before;
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&thread, &attributes, main, context) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return ok;
}

/* What sched_setattr takes (sched_setattr(2)); the C library has no type for it. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/* Since Linux 6.12 a thread may ask for shorter turns than the usual 3 ms; then it
 * gets the next one earlier. Elsewhere nothing changes. */
void thread_is_brief(void)
{
    struct attributes a = {.size = sizeof a, .policy = SCHED_OTHER, .runtime = BRIEF_NS};
    a.nice = getpriority(PRIO_PROCESS, 0);
    syscall(SYS_sched_setattr, 0, &a, 0);
}
