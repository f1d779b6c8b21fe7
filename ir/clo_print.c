/* Clo as text, the inverse of clo_read.c:
 *
 *   (program "name")
 *   (globals main:x lib:y ...)                          in slot order
 *   (hooks atom ...)
 *   (main code)
 *   (closure f.0 (free any pair (code g.0)) (clauses (1 f.1) (2 rest f.2)))
 *   (direct f.1 (params x.0:pair y.1) (self self.2) (free a.3 _) checks-stack statement ...)
 *   (return f.2 (value v.0) (slots x.1 ...) statement ...)
 *
 * A variable that holds a closure of g.0 is bound as (x.1 (code g.0)), where the
 * code is not there anyway. Codes of lib-scm are called lib:f.0 and carry the word `library`; they, the
 * hooks and code ids are printed on request only. Statements:
 *
 *   (let x.1 (prim atom ...))  (do (prim atom ...))
 *   (global x.1 main:f [safe])  (define main:f atom)
 *   (closures (f.1 code atom ...) ...)
 *   (join j.0 (x.1 ...) statement ...)                  the block; what follows may jump to it
 *   (if (prim atom ...) (statement ...) (statement ...))  (if atom (...) (...))
 *   (jump j.0 atom ...)  (return atom)
 *   (jump-code code [(self atom)] atom ...)  (tail-call atom atom ...)
 *   (call-code (frame code atom ...) code [(self atom)] atom ...)
 *   (call (frame code atom ...) atom atom ...)
 *
 * Atoms: as in text.h, and (code f.0) for a static closure. */
#include <string.h>

#include "frontend/base/vec.h"
#include "ir/text.h"

/* Statements still to print, innermost last: bodies nest as deeply as the
 * program's conditionals, so there is no recursion. */
typedef enum WorkKind { WORK_CHAIN, WORK_OPEN, WORK_CLOSE } WorkKind;

typedef struct Work {
    WorkKind kind;
    const Clo *chain;
} Work;

typedef struct Printer {
    SexpOut *out;
    Arena *arena;
    bool with_library;
    TextGlobals globals;
    TextNames user_codes, library_codes;
    TextNames vars, joins; /* of the code point being printed */
    VEC(Work) work;
} Printer;

/* ---- Names and atoms ---- */

static void write_code(Printer *printer, const CloCode *code)
{
    if (!code->is_library) {
        text_write_name(printer->out, &printer->user_codes, code, "", code->name, "");
    } else if (printer->with_library) {
        text_write_name(printer->out, &printer->library_codes, code, "lib:", code->name, "");
    } else {
        /* without its number: a dump of the user's code must not change with the library */
        sexp_atom(printer->out, "lib:%s", code->name->text);
    }
}

static void write_code_atom(Printer *printer, const CloCode *code)
{
    text_open(printer->out, 2, "code");
    write_code(printer, code);
    sexp_close(printer->out);
}

/* A variable without a name is v.3. */
static void write_var_with(Printer *printer, const CloVar *var, const char *suffix)
{
    text_write_name(printer->out, &printer->vars, var, var->name ? "" : "v", var->name, suffix);
}

static void write_var(Printer *printer, const CloVar *var) { write_var_with(printer, var, ""); }

static void write_binding(Printer *printer, const CloVar *var)
{
    if (!var) {
        sexp_atom(printer->out, "_");
        return;
    }
    text_bind(&printer->vars, var);
    if (var->class != CLASS_CODE) {
        write_var_with(printer, var, text_class_suffix(var->class));
        return;
    }
    sexp_open(printer->out, SEXP_FILL);
    write_var(printer, var);
    write_code_atom(printer, var->code);
    sexp_close(printer->out);
}

static void write_bindings(Printer *printer, const char *head, uint32_t n, CloVar *const *vars)
{
    sexp_open(printer->out, SEXP_FILL);
    if (head) sexp_atom(printer->out, "%s", head);
    for (uint32_t i = 0; i < n; i++)
        write_binding(printer, vars[i]);
    sexp_close(printer->out);
}

static void write_join_name(Printer *printer, const CloJoin *join)
{
    text_write_name(printer->out, &printer->joins, join, "j", NULL, "");
}

static void write_atom(Printer *printer, CloAtom atom)
{
    switch (atom.kind) {
    case ATOM_VAR: write_var(printer, atom.as.var); return;
    case ATOM_CONST: text_write_const(printer->out, atom.as.datum); return;
    case ATOM_CODE: write_code_atom(printer, atom.as.code); return;
    case ATOM_PROC: text_write_proc(printer->out, atom.as.proc); return;
    }
    ICE("clo_print: atom kind %d", atom.kind);
}

static void write_atoms(Printer *printer, uint32_t n, const CloAtom *atoms)
{
    for (uint32_t i = 0; i < n; i++)
        write_atom(printer, atoms[i]);
}

static void write_prim(Printer *printer, PrimId id, uint32_t n_args, const CloAtom *args)
{
    text_open(printer->out, SEXP_FILL, prim_infos[id].name);
    write_atoms(printer, n_args, args);
    sexp_close(printer->out);
}

/* ---- Statements ---- */

static void push_work(Printer *printer, WorkKind kind, const Clo *chain)
{
    vec_push(printer->arena, &printer->work, ((Work){kind, chain}));
}

static void write_let(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 2, clo->as.prim.var ? "let" : "do");
    if (clo->as.prim.var) write_binding(printer, clo->as.prim.var);
    write_prim(printer, clo->as.prim.id, clo->as.prim.n_args, clo->as.prim.args);
    sexp_close(printer->out);
}

static void write_global(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 4, "global");
    write_binding(printer, clo->as.global.var);
    text_write_global(printer->out, &printer->globals, clo->as.global.global);
    if (clo->as.global.is_safe) sexp_atom(printer->out, "safe");
    sexp_close(printer->out);
}

static void write_define(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 2, "define");
    text_write_global(printer->out, &printer->globals, clo->as.define.global);
    write_atom(printer, clo->as.define.value);
    sexp_close(printer->out);
}

/* Slots may name any of the closures: all are bound before the first slot. */
static void write_closures(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 1, "closures");
    for (uint32_t i = 0; i < clo->as.closures.n; i++)
        text_bind(&printer->vars, clo->as.closures.items[i].var);
    for (uint32_t i = 0; i < clo->as.closures.n; i++) {
        const CloClosure *closure = &clo->as.closures.items[i];
        sexp_open(printer->out, SEXP_FILL);
        write_var_with(printer, closure->var, text_class_suffix(closure->var->class));
        write_code(printer, closure->code);
        write_atoms(printer, closure->n_slots, closure->slots);
        sexp_close(printer->out);
    }
    sexp_close(printer->out);
}

static void write_if(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 2, "if");
    if (clo->as.branch.is_truth)
        write_atom(printer, clo->as.branch.args[0]);
    else
        write_prim(printer, clo->as.branch.id, clo->as.branch.n_args, clo->as.branch.args);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_CHAIN, clo->as.branch.otherwise);
    push_work(printer, WORK_OPEN, NULL);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_CHAIN, clo->as.branch.then);
    push_work(printer, WORK_OPEN, NULL);
}

static void write_join(Printer *printer, const Clo *clo)
{
    const CloJoin *join = clo->as.join.join;
    text_open(printer->out, 3, "join");
    text_bind(&printer->joins, join);
    write_join_name(printer, join);
    write_bindings(printer, NULL, join->n_params, join->params);
    push_work(printer, WORK_CHAIN, clo->body);
    push_work(printer, WORK_CLOSE, NULL);
    push_work(printer, WORK_CHAIN, clo->as.join.join_body);
}

static void write_jump(Printer *printer, const Clo *clo)
{
    text_open(printer->out, SEXP_FILL, "jump");
    write_join_name(printer, clo->as.jump.join);
    write_atoms(printer, clo->as.jump.n_args, clo->as.jump.args);
    sexp_close(printer->out);
}

static void write_frame(Printer *printer, const CloFrame *frame)
{
    if (!frame) return;
    text_open(printer->out, SEXP_FILL, "frame");
    write_code(printer, frame->ret);
    write_atoms(printer, frame->n_slots, frame->slots);
    sexp_close(printer->out);
}

static void write_code_call(Printer *printer, const Clo *clo, const char *head)
{
    text_open(printer->out, SEXP_FILL, head);
    write_frame(printer, clo->as.code.frame);
    write_code(printer, clo->as.code.code);
    if (clo->as.code.has_self) {
        text_open(printer->out, 2, "self");
        write_atom(printer, clo->as.code.self);
        sexp_close(printer->out);
    }
    write_atoms(printer, clo->as.code.n_args, clo->as.code.args);
    sexp_close(printer->out);
}

static void write_call(Printer *printer, const Clo *clo, const char *head)
{
    text_open(printer->out, SEXP_FILL, head);
    write_frame(printer, clo->as.call.frame);
    write_atom(printer, clo->as.call.fn);
    write_atoms(printer, clo->as.call.n_args, clo->as.call.args);
    sexp_close(printer->out);
}

static void write_return(Printer *printer, const Clo *clo)
{
    text_open(printer->out, 2, "return");
    write_atom(printer, clo->as.ret.value);
    sexp_close(printer->out);
}

/* Prints one statement; what it nests is pushed as work. True when `body` is next. */
static bool write_statement(Printer *printer, const Clo *clo)
{
    switch (clo->kind) {
    case CLO_PRIM: write_let(printer, clo); return true;
    case CLO_GLOBAL: write_global(printer, clo); return true;
    case CLO_DEFINE: write_define(printer, clo); return true;
    case CLO_CLOSURES: write_closures(printer, clo); return true;
    case CLO_IF: write_if(printer, clo); return false;
    case CLO_JOIN: write_join(printer, clo); return false;
    case CLO_JUMP: write_jump(printer, clo); return false;
    case CLO_JUMP_CODE: write_code_call(printer, clo, "jump-code"); return false;
    case CLO_CALL_CODE: write_code_call(printer, clo, "call-code"); return false;
    case CLO_TAIL_CALL: write_call(printer, clo, "tail-call"); return false;
    case CLO_CALL: write_call(printer, clo, "call"); return false;
    case CLO_RETURN: write_return(printer, clo); return false;
    }
    ICE("clo_print: statement kind %d", clo->kind);
}

static void write_body(Printer *printer, const Clo *body)
{
    push_work(printer, WORK_CHAIN, body);
    while (printer->work.count) {
        Work work = vec_pop(&printer->work);
        if (work.kind == WORK_OPEN)
            sexp_open(printer->out, 0);
        else if (work.kind == WORK_CLOSE)
            sexp_close(printer->out);
        else
            for (const Clo *clo = work.chain; clo && write_statement(printer, clo);)
                clo = clo->body;
    }
}

/* ---- Code points ---- */

static void write_free_class(Printer *printer, CloClass class, const CloCode *code)
{
    if (class == CLASS_CODE)
        write_code_atom(printer, code);
    else
        sexp_atom(printer->out, "%s", class == CLASS_ANY ? "any" : text_class_suffix(class) + 1);
}

static void write_closure_code(Printer *printer, const CloCode *code)
{
    if (code->n_free) {
        text_open(printer->out, SEXP_FILL, "free");
        for (uint32_t i = 0; i < code->n_free; i++)
            write_free_class(printer, code->free_classes[i], code->free_codes[i]);
        sexp_close(printer->out);
    }
    text_open(printer->out, SEXP_FILL, "clauses");
    for (uint32_t i = 0; i < code->n_clauses; i++) {
        sexp_open(printer->out, 3);
        sexp_atom(printer->out, "%u", code->clauses[i].n_required);
        if (code->clauses[i].has_rest) sexp_atom(printer->out, "rest");
        write_code(printer, code->clauses[i].direct);
        sexp_close(printer->out);
    }
    sexp_close(printer->out);
}

static void write_direct_head(Printer *printer, const CloCode *code)
{
    write_bindings(printer, "params", code->n_params, code->params);
    if (code->self) {
        text_open(printer->out, 2, "self");
        write_binding(printer, code->self);
        sexp_close(printer->out);
        write_bindings(printer, "free", code->n_self_free, code->free);
    }
    if (code->checks_stack) sexp_atom(printer->out, "checks-stack");
}

static void write_id(Printer *printer, const CloCode *code)
{
    char hex[2 * sizeof code->id + 1];
    for (size_t i = 0; i < sizeof code->id; i++)
        snprintf(hex + 2 * i, 3, "%02x", code->id[i]);
    text_open(printer->out, 2, "id");
    sexp_atom(printer->out, "\"%s\"", hex);
    sexp_close(printer->out);
}

static void write_code_point(Printer *printer, const CloCode *code)
{
    static const char *const heads[] = {
        [CLO_CODE_CLOSURE] = "closure",
        [CLO_CODE_DIRECT] = "direct",
        [CLO_CODE_RETURN] = "return",
    };
    Arena *arena = arena_new();
    printer->vars = text_names(arena);
    printer->joins = text_names(arena);
    text_open(printer->out, code->is_library ? 4 : 3, heads[code->kind]);
    write_code(printer, code);
    if (code->is_library) sexp_atom(printer->out, "library");
    if (code->kind == CLO_CODE_CLOSURE) {
        write_closure_code(printer, code);
    } else if (code->kind == CLO_CODE_DIRECT) {
        write_direct_head(printer, code);
    } else {
        write_bindings(printer, "value", code->n_params, code->params);
        write_bindings(printer, "slots", code->n_slots, code->slots);
    }
    if (printer->with_library) write_id(printer, code);
    if (code->body) write_body(printer, code->body);
    sexp_close(printer->out);
    arena_free(arena);
}

/* ---- The program ---- */

static void write_globals(Printer *printer, const CloProgram *program)
{
    text_open(printer->out, SEXP_FILL, "globals");
    for (uint32_t i = 0; i < program->n_globals; i++) {
        bool is_library = text_is_library(program->globals[i]);
        if (printer->with_library || !is_library)
            text_write_global(printer->out, &printer->globals, program->globals[i]);
    }
    sexp_close(printer->out);
}

static void write_head(Printer *printer, const CloProgram *program)
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
    if (program->main) {
        text_open(printer->out, 2, "main");
        write_code(printer, program->main);
        sexp_close(printer->out);
    }
}

void clo_print(FILE *out, const CloProgram *program, bool with_library)
{
    Arena *arena = arena_new();
    Printer printer = {.out = sexp_out_new(arena, out), .arena = arena, .with_library = with_library};
    printer.globals = text_globals(arena);
    printer.user_codes = text_names(arena);
    printer.library_codes = text_names(arena);
    printer.vars = text_names(arena); /* of none: hooks are no variables */
    for (uint32_t i = 0; i < program->n_codes; i++) {
        const CloCode *code = program->codes[i];
        text_bind(code->is_library ? &printer.library_codes : &printer.user_codes, code);
    }
    write_head(&printer, program);
    for (uint32_t i = 0; i < program->n_codes; i++) {
        if (with_library || !program->codes[i]->is_library) write_code_point(&printer, program->codes[i]);
    }
    arena_free(arena);
}
