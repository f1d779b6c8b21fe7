/* Writing results: an output file appears whole or not at all. */
#ifndef CODEGEN_EMIT_H
#define CODEGEN_EMIT_H

#include "codegen/cg.h"

bool emit_module(Cg *cg, CgEmit emit, const char *path);

#endif
