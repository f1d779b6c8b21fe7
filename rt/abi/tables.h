/* All tables that generated code and the runtime must agree on, as one text:
 * its hash (FNV-1a, 64 bits, cut to the target's word) stands in
 * tt_program.tables_hash, and a program whose hash is not the runtime's own is
 * refused at start. */
#ifndef RT_ABI_TABLES_H
#define RT_ABI_TABLES_H

#define TT_TABLES_HASH_START  UINT64_C(0xcbf29ce484222325)
#define TT_TABLES_HASH_FACTOR UINT64_C(0x100000001b3)

static const char tt_tables_text[] =
#define CLASS(name, number, text) #name #number
#include "rt/abi/classes.def"
#undef CLASS
#define CONDITION(id, kind, message) #id
#include "rt/abi/conditions.def"
#undef CONDITION
#define ENTRY_JUMP(symbol)               #symbol
#define ENTRY_CALL(symbol, result, args) #symbol #result #args
#include "rt/abi/entry.def"
#undef ENTRY_JUMP
#undef ENTRY_CALL
#define HOOK(id, name, n_args) #id #n_args
#include "rt/abi/hooks.def"
#undef HOOK
#define IMMEDIATE(name, payload, text) #name #payload
#include "rt/abi/immediates.def"
#undef IMMEDIATE
#define OBJECT(name, number, fields, tail) #name #number #fields #tail
#include "rt/abi/objects.def"
#undef OBJECT
#define PRIM(id, name, min, max, flags, class, lowering, symbol) #id #min #max #class #lowering #symbol
#include "rt/abi/prims.def"
#undef PRIM
#define PROC(id, name, min, max, symbol) #id #min #max #symbol
#include "rt/abi/procs.def"
#undef PROC
#define SYMBOL(id, text) #id text
#include "rt/abi/symbols.def"
#undef SYMBOL
#define WORKER_FIELD(name) #name
#include "rt/abi/worker.def"
#undef WORKER_FIELD
    ;

#endif
