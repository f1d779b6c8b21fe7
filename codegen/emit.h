/* Writing results: an output file appears whole or not at all. */
#ifndef CODEGEN_EMIT_H
#define CODEGEN_EMIT_H

#include "codegen/cg.h"

bool emit_module(Cg *cg, CgEmit emit, const char *path);

/* A name beside `path` for the result while it is being made. */
const char *emit_temporary_name(Compilation *compilation, const char *path);
/* Gives the finished temporary file its name, or removes it and reports why not. */
bool emit_commit(Compilation *compilation, const char *temporary, const char *path);

#endif
