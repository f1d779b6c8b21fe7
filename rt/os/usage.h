/* What this OS process has used so far. */
#ifndef RT_OS_USAGE_H
#define RT_OS_USAGE_H

#include <stddef.h>

struct usage {
    double user_s, system_s;
    size_t peak_kb;
};
struct usage usage_now(void);

#endif
