#include "rt/os/huge.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* A line of /proc/self/maps: `start-end perms offset device inode [name]`. */
struct part {
    uintptr_t start, end;
    char access[5];
    bool is_anonymous;
};

static bool read_part(const char *line, struct part *part)
{
    unsigned long start, end, inode;
    int rest = 0;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %lu %n", &start, &end, part->access, &inode, &rest) != 4)
        return false;
    part->start = start;
    part->end = end;
    part->is_anonymous = inode == 0 && line[rest] == '\0';
    return true;
}

void huge_pages_ask(size_t min_bytes)
{
#ifdef MADV_HUGEPAGE
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps) return;
    char line[512];
    struct part part;
    uintptr_t guard_end = 0; /* behind memory that nobody may touch: a thread's stack follows */
    while (fgets(line, sizeof line, maps)) {
        if (!read_part(line, &part)) continue;
        if (strcmp(part.access, "---p") == 0) guard_end = part.end;
        if (part.is_anonymous && strcmp(part.access, "rw-p") == 0 && part.start != guard_end &&
            part.end - part.start >= min_bytes)
            (void)madvise((void *)part.start, part.end - part.start,
                          MADV_HUGEPAGE); /* refused: it is as it was */
    }
    fclose(maps);
#else
    (void)min_bytes;
#endif
}
