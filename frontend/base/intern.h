/* Symbols: one object per spelling, compared by address. */
#ifndef FRONTEND_BASE_INTERN_H
#define FRONTEND_BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "frontend/base/arena.h"

typedef struct Symbol {
    const char *text; /* NUL-terminated UTF-8; may hold NULs, see length */
    size_t length;
    uint32_t index; /* in order of first use */
    const struct Symbol
        *outer; /* of a local procedure's name, which is not interned: the procedure around it */
    const struct CallPlace *
        inlined; /* of a procedure's name in the ir: the call that its body stands for (ir/adopt.h), or NULL */
} Symbol;

typedef struct Symbols Symbols;

Symbols *symbols_new(Arena *arena);
Symbol *symbols_intern(Symbols *symbols, const char *text, size_t length);
Symbol *symbol_of(Symbols *symbols, const char *text); /* NUL-terminated */

#endif
