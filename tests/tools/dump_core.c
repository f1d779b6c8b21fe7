/* dump-core LIB_DIR FILE [--library]: prints the Core of a program, after its checker. */
#include <stdio.h>
#include <string.h>

#include "frontend/frontend.h"

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: dump-core LIB_DIR FILE [--library]\n");
        return 64;
    }
    Arena *arena = arena_new();
    Compilation compilation = {arena, symbols_new(arena), diag_new(arena, stderr, 100)};
    const char *why = NULL;
    Source *source = source_read(arena, argv[2], &why);
    if (!source) {
        fprintf(stderr, "%s: %s\n", argv[2], why);
        return 1;
    }
    const char *const search[] = {".", NULL};
    FrontendOptions options = {.lib_dir = argv[1], .search = search};
    CoreProgram *program = front_program(&compilation, source, &options);
    if (program) {
        core_check(program);
        core_print(stdout, program, argc > 3 && strcmp(argv[3], "--library") == 0);
    }
    int code = program ? 0 : 1;
    arena_free(arena);
    return code;
}
