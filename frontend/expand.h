/* The expander: data to Core. This is its context and what the files that
 * implement forms use. */
#ifndef FRONTEND_EXPAND_H
#define FRONTEND_EXPAND_H

#include "frontend/base/map.h"
#include "frontend/core_make.h"
#include "frontend/frontend.h"
#include "frontend/scope.h"

typedef struct Libraries Libraries; /* library.h */

/* A macro use whose expansion is being expanded. What a template inserts has the use's span. */
typedef struct Expansion Expansion;
struct Expansion {
    const Expansion *outer;
    Span span;
    const Symbol *keyword;
    const Macro *macro;
};

/* A use of a global that was not defined yet when it was met. */
typedef struct Reference {
    Core *core;
    Binding *binding;
    Symbol *symbol;
    Environment *environment;
    bool in_pattern;            /* as `,name` */
    const Expansion *expansion; /* if a template inserted the name; or NULL */
} Reference;

/* A top-level definition of an alias: a name that a macro's template made up. */
typedef struct RenamedGlobal {
    Symbol *base;
    const Environment *environment;
    Global *global;
} RenamedGlobal;

typedef struct Expander {
    Compilation *compilation;
    Arena *arena;
    Diag *diag;
    const FrontendOptions *options;
    Scopes scopes;
    Environment *system;   /* lib-scm, and the primitives */
    const Source *program; /* libraries are looked for beside it first */
    Libraries *libraries;
    unsigned long fuel;  /* macro uses left */
    unsigned long nodes; /* data that templates may still make */
    unsigned long nesting, nesting_limit;
    unsigned errors;            /* reported by this expander */
    const Expansion *expansion; /* innermost, or NULL */
    Symbol *procedure;          /* around what is being expanded: the name of helpers that forms make */
    uint32_t n_vars;
    VEC(Global *) globals;
    VEC(Core *) forms;
    VEC(Reference) references;
    VEC(RenamedGlobal) renamed;
    VEC(Core *) calls;   /* checked at the end (calls.h) */
    Map *values;         /* Var -> Core that it is bound to */
    Map *misdefined;     /* Symbol that a misspelled definition form may have defined */
    Map *record_uids;    /* Symbol -> how many record types have that identity */
    Map *parameter_uids; /* the same of parameters */
    Map *included_by;    /* Source of an included file -> Source that includes it */
} Expander;

/* -- expressions ---------------------------------------------------------- */

Core *expand(Expander *x, Datum *form);
/* A procedure that the value turns out to be is called `name` in reports. */
Core *expand_named(Expander *x, Datum *form, Symbol *name);
/* The forms of a list, in order, as an array. */
Core **expand_each(Expander *x, Datum *forms, uint32_t *count_out);
/* A call of a procedure that was expanded by `expand`. */
Core *call_of(Expander *x, Span span, Core *fn, uint32_t n_args, Core **args);
/* One or more expressions; the value of the last. */
Core *expand_sequence(Expander *x, Datum *forms, Span span);
/* Binds the parameters `(a ... [. rest])` in the innermost scope. */
bool bind_formals(Expander *x, Datum *formals, CoreClause *out);
/* `(formals . body)` as a clause, with a scope of its own. */
bool expand_clause(Expander *x, Datum *formals, Datum *body, Span span, CoreClause *out);
Core *expand_lambda(Expander *x, Span span, Symbol *name, Datum *formals, Datum *body);
/* A procedure of lib-scm as a value. */
Core *expand_library_ref(Expander *x, Span span, const char *name);
void name_procedure(Core *value, Symbol *name);

/* What a macro use expands to, or NULL (and an error). x->expansion becomes this use: the caller restores it. */
Datum *expand_macro_use(Expander *x, Datum *form, const Binding *binding);
/* The macro use whose template inserted what stands at `span`, or NULL. */
const Expansion *expansion_at(const Expander *x, Span span);
/* Says which macro the text is from; nothing for NULL and for macros of lib-scm. */
void note_expansion(Expander *x, const Expansion *expansion);
/* The binding of the identifier in operator position, or NULL. */
Binding *head_binding(Expander *x, const Datum *form);

/* -- variables ------------------------------------------------------------ */

Var *var_new(Expander *x, Symbol *name, Span span);
/* A fresh variable that no program text can name. */
Var *var_temp(Expander *x, const char *name, Span span);
/* Binds an identifier in the innermost scope; reports a second binding there.
 * `what` is its role, as in "parameter". Returns the variable all the same. */
Var *bind_variable(Expander *x, const Datum *identifier, const char *what);
Global *global_new(Expander *x, Symbol *name, Span span, const char *module);

/* -- checks --------------------------------------------------------------- */

bool is_auxiliary(Expander *x, const Datum *datum, AuxiliaryId id);
/* The word is there, but the program has given it another meaning. */
bool is_shadowed(Expander *x, const Datum *datum, AuxiliaryId id);
/* `receive` is not what takes messages: what does. */
void note_recv(Expander *x, Span span);
/* Says where the identifier is bound, if in the program's text. */
void note_binding(Expander *x, const Datum *identifier);
/* Both mean the same: same binding, or both unbound with the same name. */
bool same_meaning(Expander *x, Symbol *a, Environment *a_environment, uint32_t a_depth, Symbol *b);
bool is_system_code(const Datum *form);
/* Depth of nesting: stops compilation with an error when it is exceeded. */
void nest(Expander *x, Span span);
static inline void unnest(Expander *x) { x->nesting--; }

/* Another file belongs to the program (FrontendOptions.on_file). */
void expand_report_file(Expander *x, const Source *file);
void expand_error(Expander *x, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* For an expression that is wrong and was reported. */
Core *error_core(Expander *x, Span span);

#endif
