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
    home->sysroot_tool = arena_printf(arena, "%s/tools/sysroot", directory);
    home->is_installed = access(home->sysroot_tool, X_OK) == 0;
    if (!home->is_installed) home->sysroot_tool = "tools/sysroot";
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
    const char *directory = arena_strdup(arena, home->executable, n), *parent = strrchr(directory, '/');
    if (use(arena, home, arena_printf(arena, "%s/lib", directory), tried_out)) return true;
    return parent &&
           use(arena, home, arena_printf(arena, "%.*s/lib/tcc-termite", (int)(parent - directory), directory),
               tried_out);
}
