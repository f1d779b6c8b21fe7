/* Compile-time environments.
 *
 * Expansion goes depth first, so the local scopes that are open form a stack;
 * each identifier keeps its own stack of bindings, innermost first, tagged with
 * the depth of their scope (shallow binding). Looking up an identifier where
 * `depth` scopes are open is therefore a step or two, however deep the program
 * nests. A macro is used only inside the scope that defines it, so "the scope
 * where the template was written" is always one of the open ones, and its depth
 * identifies it. */
#ifndef FRONTEND_SCOPE_H
#define FRONTEND_SCOPE_H

#include "frontend/base/vec.h"
#include "frontend/core.h"
#include "frontend/syntax.h"

typedef struct Form Form;   /* forms.h */
typedef struct Macro Macro; /* rules.h */
typedef struct Guess Guess; /* undefined.h */

typedef enum BindingKind {
    BIND_FORM,      /* a special form */
    BIND_AUXILIARY, /* else, =>, ... */
    BIND_MUTATOR,   /* set! and its like: an error where it is used */
    BIND_ABSENT,    /* a form of other systems: an error where it is used */
    BIND_MACRO,
    BIND_LOCAL,
    BIND_GLOBAL,
    BIND_PRIM,
    BIND_PROC,
} BindingKind;

typedef enum AuxiliaryId {
#define AUXILIARY(id, name, where) AUX_##id,
#include "frontend/forms.def"
    N_AUXILIARIES
} AuxiliaryId;

/* What define-record-type says: for record patterns. */
typedef struct RecordInfo {
    uint32_t n_fields;
    Symbol **fields;
} RecordInfo;

typedef struct Binding {
    BindingKind kind;
    bool is_defined; /* by a definition of this environment: a second one is an error */
    Span span;       /* of the definition */
    union {
        const Form *form;
        AuxiliaryId auxiliary;
        Macro *macro;
        Var *var;
        Global *global;
        struct {
            PrimId id;
            Global *procedure;
        } prim; /* lib-scm's definition of the name, or NULL */
        ProcId proc;
        const char *advice; /* BIND_ABSENT; BIND_MUTATOR: or NULL */
    } as;
    const Guess *guess; /* BIND_GLOBAL that nothing defines: what was meant */
    RecordInfo *record; /* the variable names a record type */
    bool is_value;      /* the variable is used somewhere but as the operator of a call */
} Binding;

/* A top-level environment: lib-scm, the program, or a user's library. */
struct Environment {
    const char *module;
    Environment *fallback; /* its names are seen too, but for those that begin with % */
    VEC(Symbol *) names;   /* bound here, in order */
};

typedef struct Scopes {
    Arena *arena;
    Environment *top;      /* being expanded */
    uint32_t depth;        /* local scopes open */
    IdentifierInfo *infos; /* by index of the reader's symbols */
    size_t n_infos;
    VEC(IdentifierInfo *) bound; /* by the open scopes, for scope_leave */
} Scopes;

typedef struct ScopeMark {
    size_t n_bound;
} ScopeMark;

Environment *environment_new(Arena *arena, const char *module, Environment *fallback);
Binding *binding_new(Arena *arena, BindingKind kind, Span span);

ScopeMark scope_enter(Scopes *scopes);
void scope_leave(Scopes *scopes, ScopeMark mark);
/* In the innermost scope. False (and no effect) if it binds the identifier already. */
bool scope_bind(Scopes *scopes, Symbol *identifier, Binding *binding);
/* What the innermost open scope itself binds the identifier to, or NULL. */
Binding *scope_find_innermost(Scopes *scopes, Symbol *identifier);

/* Binds at top level, over an earlier binding of the same environment. */
void scope_bind_top(Scopes *scopes, Environment *environment, Symbol *identifier, Binding *binding);
/* The same for an import: a definition may take its place. */
void scope_bind_import(Scopes *scopes, Environment *environment, Symbol *identifier, Binding *binding);
/* Bound by this very environment, or NULL. */
Binding *scope_find_top(Scopes *scopes, const Environment *environment, Symbol *identifier);

/* The same, but for imports. */
Binding *scope_find_own(Scopes *scopes, const Environment *environment, Symbol *identifier);

/* What an identifier means here; NULL if nothing binds it. */
Binding *scope_lookup(Scopes *scopes, Symbol *identifier);
/* The same where a macro was written. */
Binding *scope_lookup_at(Scopes *scopes, Symbol *identifier, Environment *environment, uint32_t depth);
/* The innermost local binding of an identifier that an open scope binds, and the identifier. */
const Binding *scope_local_binding(const IdentifierInfo *info);
Symbol *scope_local_name(const IdentifierInfo *info);
/* For an identifier that nothing binds: the symbol and environment it would mean. */
void scope_origin(Scopes *scopes, Symbol *identifier, Symbol **symbol_out, Environment **environment_out);

#endif
