#include "rt/mem/limit.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t saturated(unsigned long long n) { return n < SIZE_MAX ? (size_t)n : SIZE_MAX; }

/* First line of a control file as a number; SIZE_MAX for "max" or no such file. */
static size_t read_limit(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) return SIZE_MAX;
    char line[64];
    unsigned long long value = ULLONG_MAX;
    if (fgets(line, sizeof line, file) && line[0] >= '0' && line[0] <= '9') value = strtoull(line, NULL, 10);
    fclose(file);
    return saturated(value);
}

/* The path of this process in the unified hierarchy ("0::/path"). */
static size_t own_group_limit(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) return SIZE_MAX;
    char line[512], path[600];
    size_t value = SIZE_MAX;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", line + 3);
        value = read_limit(path);
    }
    fclose(file);
    return value;
}

static size_t physical_bytes(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? saturated((unsigned long long)pages * (unsigned long long)size) : SIZE_MAX;
}

static size_t address_space_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
    return saturated(limit.rlim_cur);
}

/* Where addresses are short, the heap shares what a process can have at all (3 GB on
 * some kernels) with its mailboxes, buffers and libraries. */
static size_t addressable(void) { return SIZE_MAX > UINT32_MAX ? SIZE_MAX : SIZE_MAX / 2; }

size_t limit_default_bytes(void)
{
    size_t bytes = physical_bytes();
    bytes = least(bytes, own_group_limit());
    bytes = least(bytes, read_limit("/sys/fs/cgroup/memory.max"));
    bytes = least(bytes, read_limit("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    bytes = least(bytes, address_space_limit());
    bytes = least(bytes, addressable());
    return bytes / 5 * 4;
}
