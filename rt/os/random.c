#include "rt/os/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "rt/os/check.h"

void random_bytes(void *out, size_t n)
{
    char *at = out;
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno != EINTR) tt_panic("no random numbers: %s", strerror(errno));
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
}
