/* Writing results: an output file appears whole or not at all. */
#ifndef CODEGEN_EMIT_H
#define CODEGEN_EMIT_H

#include "codegen/cg.h"

bool emit_module(Cg *cg, CgEmit emit, const char *path);

/* Makes the finished temporary file (cg_temporary_name) the result, or removes it
 * and reports why not. */
bool emit_commit(Compilation *compilation, const char *temporary, const char *path);

#endif
