/* Inside codegen: what all its files share. `Cg` is one module being made;
 * `Point` is the code point (LLVM function) being filled. See README.md for the
 * calling convention and the layout of the module. */
#ifndef CODEGEN_CG_H
#define CODEGEN_CG_H

#include <llvm-c/DebugInfo.h>
#include <llvm-c/TargetMachine.h>

#include "codegen/codegen.h"
#include "codegen/llvm_shim.h"
#include "codegen/target.h"
#include "frontend/base/map.h"
#include "frontend/base/vec.h"
#include "rt/abi/code_desc.h"
#include "rt/abi/word.h"

typedef enum EntryId {
#define ENTRY_JUMP(symbol)               ENTRY_##symbol,
#define ENTRY_CALL(symbol, result, args) ENTRY_##symbol,
#include "rt/abi/entry.def"
#undef ENTRY_JUMP
#undef ENTRY_CALL
    N_ENTRIES
} EntryId;

typedef enum WorkerField {
#define WORKER_FIELD(name) WORKER_##name,
#include "rt/abi/worker.def"
#undef WORKER_FIELD
    N_WORKER_FIELDS
} WorkerField;

typedef enum ObjectType {
#define OBJECT(name, number, fields, tail) OBJECT_##name = number,
#include "rt/abi/objects.def"
#undef OBJECT
} ObjectType;

typedef enum Immediate {
#define IMMEDIATE(name, payload, text) IMMEDIATE_##name = payload,
#include "rt/abi/immediates.def"
#undef IMMEDIATE
} Immediate;

/* What a code point is entered with. On some targets not all of them are
 * parameters of its LLVM function (cg_is_param); the others stand in the worker. */
typedef enum Reg {
    REG_W,
    REG_SP,
    REG_HP,
    REG_SELF,
    REG_ARGC,
    REG_ARG0,
    N_REGS = REG_ARG0 + TT_REG_ARGS_MAX
} Reg;

typedef struct CgFunction {
    LLVMValueRef fn; /* NULL: not declared yet */
    LLVMTypeRef type;
    bool is_inline; /* its body is in the module and goes into every caller */
} CgFunction;

/* What codegen attaches to a CloCode. */
typedef struct CgCode {
    LLVMValueRef fn;
    LLVMValueRef descriptor;
    LLVMValueRef closure; /* CLOSURE without slots: its static closure, or NULL if not yet used */
    LLVMMetadataRef subprogram;
} CgCode;

/* A static pair or vector whose initializer is still to be made. */
typedef struct Unfilled {
    Datum *datum;
    LLVMValueRef object;
} Unfilled;

typedef VEC(LLVMValueRef) ValueVec;

typedef struct Cg {
    Compilation *compilation;
    Arena *arena;
    const CloProgram *program;
    const CgOptions *options;
    const Target *target;
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMTargetMachineRef machine;

    LLVMTypeRef void_type, ptr, word, i1, i8, i16, i32;
    LLVMTypeRef code_type; /* the uniform signature */
    LLVMValueRef thunk;    /* jumps to worker.jump, where the target needs that */
    CgFunction entries[N_ENTRIES];
    CgFunction prims[N_PRIMS];

    LLVMValueRef globals; /* slots of CloProgram.globals */
    Map *global_slots;    /* Global -> slot + 1 */
    Map *literals;        /* Datum -> LLVMValueRef, for the kinds with identity */
    Map *symbols;         /* Symbol -> LLVMValueRef of its value */
    ValueVec own_symbols; /* values of the symbols that this module defines */
    VEC(Unfilled) unfilled;
    Map *names;      /* interned text -> NUL-terminated string in the module */
    Map *call_sites; /* CallPlace -> its site in the module */

    LLVMDIBuilderRef di;
    LLVMMetadataRef di_unit, di_type;
    Map *di_files; /* Source -> DIFile */
} Cg;

/* A join's block and what flows into it. */
typedef struct CgJoin {
    LLVMBasicBlockRef block;
    LLVMValueRef hp;      /* phi */
    LLVMValueRef *params; /* phis */
    unsigned n_incoming;
} CgJoin;

/* A subtree still to be emitted, at the start of `block`. */
typedef struct Work {
    const Clo *node;
    LLVMBasicBlockRef block;
    LLVMValueRef hp;
    const CloJoin *join; /* the subtree is this join's body; dropped if nothing jumped to it */
} Work;

typedef struct Point {
    Cg *cg;
    const CloCode *code;
    const Symbol *proc; /* procedure that the node being emitted was written in */
    LLVMValueRef fn;
    LLVMValueRef regs[N_REGS];             /* NULL: stands in the worker, see func_reg */
    LLVMValueRef sp;                       /* behind the point's own frame (RETURN), else as entered */
    LLVMValueRef hp;                       /* next free word, at the builder's position */
    LLVMBasicBlockRef entry;               /* holds the allocas */
    LLVMValueRef shared_word, shared_bool; /* out parameters of C calls that are not inlined */
    VEC(Work) work;
} Point;

/* types.c */
void types_init(Cg *cg);
bool cg_is_param(const Cg *cg, Reg reg);
LLVMValueRef cg_word(Cg *cg, uint64_t value);
LLVMValueRef cg_i32(Cg *cg, uint32_t value);
LLVMValueRef cg_immediate(Cg *cg, Immediate immediate);
LLVMValueRef cg_tagged(Cg *cg, LLVMValueRef address, unsigned tag); /* constant word: address + tag */
unsigned cg_object_fields(ObjectType type);                         /* fixed fields of a row of objects.def */

/* entry.c: functions and data of the runtime */
CgFunction *cg_entry(Cg *cg, EntryId id);
LLVMValueRef cg_call_entry(Point *p, EntryId id, LLVMValueRef *args, unsigned n_args); /* w is added */
LLVMValueRef cg_proc_closure(Cg *cg, ProcId id);
LLVMValueRef cg_worker_field(Point *p, WorkerField field); /* its address */
LLVMValueRef cg_load_worker(Point *p, WorkerField field);
void cg_store_worker(Point *p, WorkerField field, LLVMValueRef value);

/* inline_bc.c: the runtime's small operations as bitcode */
bool inline_bc_link(Cg *cg);
void inline_bc_drop_unused(Cg *cg);

/* frames.c: descriptors, sites, the code table */
void frames_emit_descriptor(Cg *cg, const CloCode *code);
LLVMValueRef frames_site(Cg *cg, const Symbol *proc, Span span);
LLVMValueRef frames_code_table(Cg *cg);
LLVMValueRef frames_name(Cg *cg, const char *text, size_t length); /* NUL-terminated, shared */

/* literal.c: static data */
LLVMValueRef literal_value(Cg *cg, Datum *datum);
LLVMValueRef literal_symbol(Cg *cg, Symbol *symbol);
LLVMValueRef literal_closure(Cg *cg, const CloCode *code);
void literal_fill(Cg *cg); /* makes the initializers of all pairs and vectors asked for so far */

/* alloc.c: inline allocation */
typedef struct Needs {
    uint64_t heap_bytes;
    uint64_t stack_words;
} Needs;
Needs alloc_needs(Cg *cg, const CloCode *code); /* on the largest path */
LLVMValueRef alloc_build(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args);
void alloc_closures(Point *p, const Clo *node);

/* func.c: code points */
void func_declare(Cg *cg, CloCode *code);
void func_emit(Cg *cg, const CloCode *code);
/* The call instruction. */
LLVMValueRef func_tail_call(Point *p, LLVMValueRef fn, LLVMValueRef sp, LLVMValueRef self, LLVMValueRef argc,
                            LLVMValueRef *args, unsigned n_args);
LLVMBasicBlockRef func_new_block(Point *p, const char *name);
void func_enter_block(Point *p, LLVMBasicBlockRef block);
/* Branches to a new block when `condition` holds, which is rare; leaves the
 * builder there. The caller ends that block and enters the returned one. */
LLVMBasicBlockRef func_begin_cold(Point *p, LLVMValueRef condition, const char *name);
/* worker.failure is filled: raises it, from `span`. Ends the block. */
void func_raise(Point *p, Span span);
/* If `failed`, the operation at `span` has filled worker.failure: raises it. */
void func_fail_if(Point *p, LLVMValueRef failed, Span span);
void func_store_site(Point *p, Span span);
/* Address of the word at `index` from `base`. */
LLVMValueRef func_word_at(Point *p, LLVMValueRef base, uint64_t index);
/* A variable of the machine stack, made at entry. */
LLVMValueRef func_local(Point *p, LLVMTypeRef type);

/* expr.c: bodies */
void expr_emit_body(Point *p);
LLVMValueRef expr_atom(Point *p, const CloAtom *atom);
LLVMValueRef *expr_atoms(Point *p, const CloAtom *atoms, unsigned n);

/* prim_call.c */
LLVMValueRef prim_value(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args, Span span);
LLVMValueRef prim_condition(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args, Span span); /* i1 */

/* debuginfo.c */
void debug_init(Cg *cg);
void debug_function(Cg *cg, const CloCode *code);
void debug_location(Point *p, Span span);
void debug_finish(Cg *cg);

/* program.c */
LLVMValueRef program_global_slot(Cg *cg, const Global *global);

/* opt.c */
void opt_init(void);
/* Should the jump from `caller` to the DIRECT `callee` become the callee's body? */
bool opt_wants_inline(Cg *cg, const CloCode *caller, const CloCode *callee);
void opt_run(Cg *cg);

static inline CgCode *cg_code(const CloCode *code) { return code->cg; }

#endif
