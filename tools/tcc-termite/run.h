/* `tcc-termite run`: compile into a cache, then become the program. */
#ifndef TOOLS_TCC_TERMITE_RUN_H
#define TOOLS_TCC_TERMITE_RUN_H

#include "tools/tcc-termite/home.h"
#include "tools/tcc-termite/options.h"

/* Returns only if something failed: the exit code. */
int run_program(const Options *options, const Home *home);

#endif
