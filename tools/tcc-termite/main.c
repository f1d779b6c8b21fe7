/* tcc-termite: the driver. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/base/escape.h"
#include "tools/tcc-termite/big_stack.h"
#include "tools/tcc-termite/home.h"
#include "tools/tcc-termite/options.h"
#include "tools/tcc-termite/pipeline.h"
#include "tools/tcc-termite/run.h"

typedef struct Driver {
    int argc;
    char **argv;
    int exit_code;
} Driver;

/* app.scm -> app, app.o, app.s, app.ll, app.bc, in the current directory. */
static const char *output_name(Arena *arena, const Options *options)
{
    static const char *const suffixes[] = {
        [OUTPUT_EXECUTABLE] = "", [OUTPUT_OBJECT] = ".o",   [OUTPUT_ASSEMBLY] = ".s",
        [OUTPUT_LLVM] = ".ll",    [OUTPUT_BITCODE] = ".bc",
    };
    if (options->output) return options->output;
    const char *slash = strrchr(options->input, '/');
    const char *base = slash ? slash + 1 : options->input;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot != base ? (size_t)(dot - base) : strlen(base);
    bool is_same = options->kind == OUTPUT_EXECUTABLE && !(dot && dot != base);
    return arena_printf(arena, "%.*s%s", (int)length, base, is_same ? ".out" : suffixes[options->kind]);
}

static void drive(Driver *driver)
{
    Options options;
    if (!options_parse(&options, driver->argc, driver->argv, &driver->exit_code)) {
        free(options.include_dirs);
        return;
    }
    Arena *arena = arena_new();
    Home home;
    const char *tried;
    if (!home_find(arena, &home, &tried)) {
        fprintf(stderr, "tcc-termite: error: no libtermite.a in %s (set TCC_TERMITE_HOME)\n", tried);
        driver->exit_code = EXIT_COMPILE_ERROR;
    } else if (options.is_run) {
        driver->exit_code = run_program(&options, &home);
    } else {
        driver->exit_code = pipeline_run(&options, &home, output_name(arena, &options), NULL);
    }
    arena_free(arena);
    free(options.include_dirs);
}

static void drive_caught(void *context) { drive(context); }

/* On the large stack. What the catches below did not take ends here: no memory, and mistakes of the compiler. */
static void drive_to_the_end(void *context)
{
    Driver *driver = context;
    switch (escape_catch(ESCAPE_STOPPED | ESCAPE_ICE | ESCAPE_NO_MEMORY, drive_caught, driver)) {
    case ESCAPE_NONE: return;
    case ESCAPE_ICE: driver->exit_code = EXIT_ICE; return;
    default: driver->exit_code = EXIT_COMPILE_ERROR; return;
    }
}

int main(int argc, char **argv)
{
    Driver driver = {argc, argv, EXIT_COMPILE_ERROR};
    if (!big_stack_run(drive_to_the_end, &driver)) {
        fprintf(stderr, "tcc-termite: error: out of memory\n");
        return EXIT_COMPILE_ERROR;
    }
    return driver.exit_code;
}
