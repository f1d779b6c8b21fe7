/* CPS as text, the inverse of cps_read.c. The kinds of terms are printed from
 * their rows in cps.def; around them:
 *
 *   (program "name")
 *   (globals main:x ...)                         in slot order
 *   (hooks atom ...)
 *   (main @top.0)
 *   (fun @fact.1 main:fact inline
 *     (clause (n.0) term ...)
 *     (clause (n.2 more.3) rest term ...))       more.3 is the rest list
 *
 * @fact.1 are the functions of the top, @lib:f.0 those of lib-scm; a global
 * function names its global. In terms:
 *
 *   (fix (f.4 (clause ...) ...) ...)
 *   (cont (k.5 (x.6) term ...))  (cont loop (k.5 (x.6) term ...) ...)
 *   (jump ret x.6)                               ret: the clause's own continuation
 *   (known k.5 f.4 x.6)  (known k.5 (f.4 1) x.6) clause 1 of several
 *   (if x.6 (term ...) (term ...))               the truth of an atom */
#include <string.h>

#include "frontend/base/vec.h"
#include "ir/cps.h"
#include "ir/text.h"

/* What is still to print, innermost last (no recursion: terms nest as deeply
 * as the program). */
typedef enum WorkKind { WORK_TERM, WORK_BRANCH, WORK_FUN, WORK_CLAUSE, WORK_CONT, WORK_CLOSE } WorkKind;

typedef struct Work {
    WorkKind kind;
    const void *thing; /* Cps, Cps, CpsFun, CpsClause, CpsCont, - */
} Work;

typedef struct Printer {
    SexpOut *out;
    Arena *arena;
    bool with_library;
    TextGlobals globals;
    TextNames user_funs, library_funs;
    TextNames names; /* of variables, continuations, functions inside one of the top */
    VEC(Work) work;
    VEC(Work) nested; /* parts of the term being printed, in order of text */
} Printer;

/* ---- Names and atoms ---- */

static void write_fun_name(Printer *printer, const CpsFun *fun)
{
    if (!fun->is_top) {
        text_write_name(printer->out, &printer->names, fun->var, fun->name ? "" : "f", fun->name, "");
    } else if (!fun->is_library) {
        text_write_name(printer->out, &printer->user_funs, fun, "@", fun->name, "");
    } else if (printer->with_library) {
        text_write_name(printer->out, &printer->library_funs, fun, "@lib:", fun->name, "");
    } else {
        /* without its number: a dump of the user's code must not change with the library */
        sexp_atom(printer->out, "@lib:%s", fun->name ? fun->name->text : "");
    }
}

static void write_var(Printer *printer, const CpsVar *var)
{
    if (var->fun)
        write_fun_name(printer, var->fun);
    else
        text_write_name(printer->out, &printer->names, var, var->name ? "" : "v", var->name, "");
}

static void write_binding(Printer *printer, const CpsVar *var)
{
    if (!var) {
        sexp_atom(printer->out, "_");
        return;
    }
    text_bind(&printer->names, var);
    write_var(printer, var);
}

static void write_params(Printer *printer, uint32_t n, CpsVar *const *params)
{
    sexp_open(printer->out, SEXP_FILL);
    for (uint32_t i = 0; i < n; i++)
        write_binding(printer, params[i]);
    sexp_close(printer->out);
}

static void write_cont_name(Printer *printer, CpsCont *cont)
{
    cont = cps_resolve_cont(cont);
    if (cont->ret_of)
        sexp_atom(printer->out, "ret");
    else
        text_write_name(printer->out, &printer->names, cont, cont->name ? "" : "k", cont->name, "");
}

static void write_clause_name(Printer *printer, const CpsClause *clause)
{
    if (clause->fun->n_clauses == 1) {
        write_fun_name(printer, clause->fun);
        return;
    }
    sexp_open(printer->out, 2);
    write_fun_name(printer, clause->fun);
    sexp_atom(printer->out, "%u", clause->index);
    sexp_close(printer->out);
}

static void write_atom(Printer *printer, CpsAtom atom)
{
    atom = cps_resolve(atom);
    if (atom.kind == CPS_VAR)
        write_var(printer, atom.as.var);
    else if (atom.kind == CPS_CONST)
        text_write_const(printer->out, atom.as.datum);
    else
        text_write_proc(printer->out, atom.as.proc);
}

static void write_atoms(Printer *printer, uint32_t n, const CpsAtom *atoms)
{
    for (uint32_t i = 0; i < n; i++)
        write_atom(printer, atoms[i]);
}

static void write_prim(Printer *printer, PrimId id, uint32_t n_args, const CpsAtom *args)
{
    text_open(printer->out, SEXP_FILL, prim_infos[id].name);
    write_atoms(printer, n_args, args);
    sexp_close(printer->out);
}

/* ---- Terms ---- */

static void add_nested(Printer *printer, WorkKind kind, const void *thing)
{
    vec_push(printer->arena, &printer->nested, ((Work){kind, thing}));
}

/* Functions see each other, so all are bound before the first is printed. */
static void add_funs(Printer *printer, uint32_t n, CpsFun *const *funs)
{
    for (uint32_t i = 0; i < n; i++)
        text_bind(&printer->names, funs[i]->var);
    for (uint32_t i = 0; i < n; i++)
        add_nested(printer, WORK_FUN, funs[i]);
}

static void add_conts(Printer *printer, uint32_t n, bool is_loop, CpsCont *const *conts)
{
    if (is_loop) sexp_atom(printer->out, "loop");
    for (uint32_t i = 0; i < n; i++)
        text_bind(&printer->names, conts[i]);
    for (uint32_t i = 0; i < n; i++)
        add_nested(printer, WORK_CONT, conts[i]);
}

static void write_fields(Printer *printer, const Cps *term)
{
#define F_BIND(path)   write_binding(printer, term->as.path);
#define F_GLOBAL(path) text_write_global(printer->out, &printer->globals, term->as.path);
#define F_FLAG(path, word)                                                                                   \
    if (term->as.path) sexp_atom(printer->out, word);
#define F_ATOM(path)                  write_atom(printer, term->as.path);
#define F_ATOMS(path, count)          write_atoms(printer, term->as.count, term->as.path);
#define F_PRIM(id, args, count)       write_prim(printer, term->as.id, term->as.count, term->as.args);
#define F_USE(path)                   write_cont_name(printer, term->as.path);
#define F_CLAUSE(path)                write_clause_name(printer, term->as.path);
#define F_FUNS(path, count)           add_funs(printer, term->as.count, term->as.path);
#define F_CONTS(path, count, is_loop) add_conts(printer, term->as.count, term->as.is_loop, term->as.path);
#define F_TEST(path)                                                                                         \
    if (term->as.path.is_truth)                                                                              \
        write_atom(printer, term->as.path.args[0]);                                                          \
    else                                                                                                     \
        write_prim(printer, term->as.path.id, term->as.path.n_args, term->as.path.args);
#define F_TERM(path) add_nested(printer, WORK_BRANCH, term->as.path);
#define F_BODY
    switch (term->kind) {
#define CPS_NODE(id, keyword, fields)                                                                        \
    case CPS_##id: fields break;
#include "ir/cps.def"
#undef CPS_NODE
    }
#undef F_BIND
#undef F_GLOBAL
#undef F_FLAG
#undef F_ATOM
#undef F_ATOMS
#undef F_PRIM
#undef F_USE
#undef F_CLAUSE
#undef F_FUNS
#undef F_CONTS
#undef F_TEST
#undef F_TERM
#undef F_BODY
}

static const char *const keywords[] = {
#define CPS_NODE(id, keyword, fields) keyword,
#include "ir/cps.def"
#undef CPS_NODE
};

static unsigned n_head_of(const Cps *term)
{
    switch (term->kind) {
    case CPS_FIX: return 1;
    case CPS_CONT: return term->as.cont.is_loop ? 2 : 1;
    case CPS_IF:
    case CPS_PRIM: return 2;
    default: return SEXP_FILL;
    }
}

static void push_work(Printer *printer, WorkKind kind, const void *thing)
{
    vec_push(printer->arena, &printer->work, ((Work){kind, thing}));
}

/* `body` follows the term in the same list. */
static void write_term(Printer *printer, const Cps *term)
{
    printer->nested.count = 0;
    text_open(printer->out, n_head_of(term), keywords[term->kind]);
    write_fields(printer, term);
    if (cps_has_body(term)) push_work(printer, WORK_TERM, term->body);
    push_work(printer, WORK_CLOSE, NULL);
    while (printer->nested.count) {
        Work work = vec_pop(&printer->nested);
        push_work(printer, work.kind, work.thing);
    }
}

static void write_branch(Printer *printer, const Cps *term)
{
    sexp_open(printer->out, 0);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_TERM, term);
}

static void write_cont(Printer *printer, CpsCont *cont)
{
    sexp_open(printer->out, 2);
    write_cont_name(printer, cont);
    write_params(printer, cont->n_params, cont->params);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_TERM, cont->body);
}

static void write_clause(Printer *printer, const CpsClause *clause)
{
    text_open(printer->out, clause->has_rest ? 3 : 2, "clause");
    write_params(printer, clause->n_params, clause->params);
    if (clause->has_rest) sexp_atom(printer->out, "rest");
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_TERM, clause->body);
}

/* After `(fun` for one of the top, a list of its own for an inner one. */
static void write_fun(Printer *printer, const CpsFun *fun)
{
    bool is_library = fun->is_library && fun->is_top;
    unsigned n_head = 1u + (fun->global != NULL) + is_library + fun->is_inline + fun->no_inline;
    if (fun->is_top)
        text_open(printer->out, n_head + 1, "fun");
    else
        sexp_open(printer->out, n_head);
    write_fun_name(printer, fun);
    if (fun->global) text_write_global(printer->out, &printer->globals, fun->global);
    if (is_library) sexp_atom(printer->out, "library");
    if (fun->is_inline) sexp_atom(printer->out, "inline");
    if (fun->no_inline) sexp_atom(printer->out, "no-inline");
    push_work(printer, WORK_CLOSE, NULL);
    for (uint32_t i = fun->n_clauses; i-- > 0;)
        push_work(printer, WORK_CLAUSE, fun->clauses[i]);
}

static void write_work(Printer *printer, Work work)
{
    switch (work.kind) {
    case WORK_TERM: write_term(printer, work.thing); return;
    case WORK_BRANCH: write_branch(printer, work.thing); return;
    case WORK_FUN: write_fun(printer, work.thing); return;
    case WORK_CLAUSE: write_clause(printer, work.thing); return;
    case WORK_CONT: write_cont(printer, (CpsCont *)work.thing); return;
    case WORK_CLOSE: sexp_close(printer->out); return;
    }
}

static void write_top_fun(Printer *printer, const CpsFun *fun)
{
    Arena *arena = arena_new();
    printer->names = text_names(arena);
    push_work(printer, WORK_FUN, fun);
    while (printer->work.count)
        write_work(printer, vec_pop(&printer->work));
    arena_free(arena);
}

/* ---- The program ---- */

static void write_globals(Printer *printer, const CpsProgram *program)
{
    text_open(printer->out, SEXP_FILL, "globals");
    for (uint32_t i = 0; i < program->n_globals; i++) {
        bool is_library = text_is_library(program->globals[i]);
        if (printer->with_library || !is_library)
            text_write_global(printer->out, &printer->globals, program->globals[i]);
    }
    sexp_close(printer->out);
}

static void write_head(Printer *printer, const CpsProgram *program)
{
    Datum name = {.kind = DATUM_STRING, .as.string = {program->name, strlen(program->name)}};
    text_open(printer->out, 2, "program");
    datum_print_atom(printer->out, &name);
    sexp_close(printer->out);
    write_globals(printer, program);
    if (printer->with_library && program->hooks) {
        text_open(printer->out, SEXP_FILL, "hooks");
        write_atoms(printer, CLO_N_HOOKS, program->hooks);
        sexp_close(printer->out);
    }
    text_open(printer->out, 2, "main");
    write_fun_name(printer, program->main);
    sexp_close(printer->out);
}

void cps_print(FILE *out, const CpsProgram *program, bool with_library)
{
    Arena *arena = arena_new();
    Printer printer = {.out = sexp_out_new(arena, out), .arena = arena, .with_library = with_library};
    printer.globals = text_globals(arena);
    printer.user_funs = text_names(arena);
    printer.library_funs = text_names(arena);
    printer.names = text_names(arena);
    for (size_t i = 0; i < program->funs.count; i++) {
        const CpsFun *fun = program->funs.items[i];
        text_bind(fun->is_library ? &printer.library_funs : &printer.user_funs, fun);
    }
    write_head(&printer, program);
    for (size_t i = 0; i < program->funs.count; i++) {
        const CpsFun *fun = program->funs.items[i];
        if (with_library || !fun->is_library) write_top_fun(&printer, fun);
    }
    arena_free(arena);
}
