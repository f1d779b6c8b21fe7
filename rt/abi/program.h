/* What a compiled program hands to the runtime: one `struct tt_program` named
 * `tt_program`, emitted by codegen/program.c, read by rt/start.c. Word-sized
 * fields are in the target's word. */
#ifndef RT_ABI_PROGRAM_H
#define RT_ABI_PROGRAM_H

#include <stdint.h>

#define TT_ABI_VERSION 1

struct tt_program {
    uintptr_t abi_version; /* TT_ABI_VERSION */
    uintptr_t tables_hash; /* hash of all tables in rt/abi, checked at start */
    const char *name;      /* the program's source file */
    uintptr_t main;        /* closure of the top level, no arguments */
    uintptr_t *hooks;      /* closures in the order of hooks.def */
    uintptr_t *globals;    /* slots of globals that are not constant closures */
    uintptr_t n_globals;
    uintptr_t *symbols; /* the program's symbols: values, static objects, to be interned at start */
    uintptr_t n_symbols;
    const int32_t *code_table; /* see code_desc.h */
    uintptr_t n_codes;
};

extern const struct tt_program tt_program;

#endif
