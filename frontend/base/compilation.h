/* What every stage of one compilation shares. No globals: a context argument. */
#ifndef FRONTEND_BASE_COMPILATION_H
#define FRONTEND_BASE_COMPILATION_H

#include "frontend/base/arena.h"
#include "frontend/base/diag.h"
#include "frontend/base/intern.h"

typedef struct Compilation {
    Arena *arena;
    Symbols *symbols;
    Diag *diag;
} Compilation;

#endif
