#include "tools/tcc-termite/home.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *own_path(Arena *arena)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    return n > 0 && n < (ssize_t)sizeof path ? arena_strdup(arena, path, (size_t)n) : NULL;
}

static bool use(Arena *arena, Home *home, const char *directory, const char **tried_out)
{
    *tried_out = directory;
    if (access(arena_printf(arena, "%s/libtermite.a", directory), R_OK) != 0) return false;
    home->runtime = directory;
    home->library = arena_printf(arena, "%s/lib-scm", directory);
    return true;
}

bool home_find(Arena *arena, Home *home, const char **tried_out)
{
    home->executable = own_path(arena);
    const char *given = getenv("TCC_TERMITE_HOME");
    if (given && *given) return use(arena, home, given, tried_out);
    *tried_out = "the directory of tcc-termite";
    if (!home->executable) return false;
    size_t n = (size_t)(strrchr(home->executable, '/') - home->executable);
    return use(arena, home, arena_printf(arena, "%.*s/lib", (int)n, home->executable), tried_out) ||
           use(arena, home, arena_printf(arena, "%.*s/../lib/tcc-termite", (int)n, home->executable),
               tried_out);
}
