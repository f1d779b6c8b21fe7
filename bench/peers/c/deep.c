/* Recursion as deep as the others', on a native stack made large enough. */
#include <sys/resource.h>
#include <unistd.h>

#include "measure.h"

static __attribute__((noinline)) long count(long n)
{
    if (n == 0) return 0;
    long rest = count(n - 1);
    __asm__ volatile("" : "+r"(rest)); /* else gcc makes a loop of it */
    return 1 + rest;
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    if (limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_STACK, &limit);
        execv("/proc/self/exe", argv);
    }
    MEASURE("deep", atol(argv[2]), count(atol(argv[1])));
}
