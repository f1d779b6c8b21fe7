/* From a source file to the result that the options ask for. */
#ifndef TOOLS_TCC_TERMITE_PIPELINE_H
#define TOOLS_TCC_TERMITE_PIPELINE_H

#include "tools/tcc-termite/home.h"
#include "tools/tcc-termite/options.h"

/* `output` is the path of the result (with --dump, unused). Reports its own
 * errors; the exit code. */
int pipeline_run(const Options *options, const Home *home, const char *output);

#endif
