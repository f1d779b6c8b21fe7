/* The machines that --target names, and where what is linked for them stands. */
#ifndef TOOLS_TCC_TERMITE_MACHINES_H
#define TOOLS_TCC_TERMITE_MACHINES_H

#include "codegen/target.h"
#include "tools/tcc-termite/home.h"
#include "tools/tcc-termite/options.h"

typedef struct Machine {
    const Target *target;
    const char *runtime; /* directory of libtermite.a and inline.bc for it */
    const char *sysroot; /* NULL: this machine's own libraries */
} Machine;

/* Without --target: this machine. NULL: an error was reported; *exit_code_out. */
const Machine *machines_choose(Arena *arena, const Options *options, const Home *home, size_t *n_out,
                               int *exit_code_out);
/* The output for `machine`, when `output` was asked for: `app.aarch64`. */
const char *machine_output(Arena *arena, const Options *options, const Machine *machine, const char *output);

#endif
