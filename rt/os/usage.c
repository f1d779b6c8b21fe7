#include "rt/os/usage.h"

#include <sys/resource.h>

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec * 1e-6; }

struct usage usage_now(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (struct usage){seconds(r.ru_utime), seconds(r.ru_stime), (size_t)r.ru_maxrss};
}
