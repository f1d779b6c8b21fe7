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
 * hooks and code ids are printed on request only. Statements are the rows of clo.def:
 *
 *   (let x.1 (prim atom ...))  (let _ (prim atom ...))
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
typedef enum WorkKind { WORK_CHAIN, WORK_BLOCK, WORK_CLOSE } WorkKind;

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
    VEC(Work) nested; /* of the statement being printed, first to last */
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

static void add_nested(Printer *printer, WorkKind kind, const Clo *chain)
{
    vec_push(printer->arena, &printer->nested, ((Work){kind, chain}));
}

/* Slots may name any of the closures: all are bound before the first slot. */
static void write_closures(Printer *printer, uint32_t n, const CloClosure *closures)
{
    for (uint32_t i = 0; i < n; i++)
        text_bind(&printer->vars, closures[i].var);
    for (uint32_t i = 0; i < n; i++) {
        const CloClosure *closure = &closures[i];
        sexp_open(printer->out, SEXP_FILL);
        write_var_with(printer, closure->var, text_class_suffix(closure->var->class));
        write_code(printer, closure->code);
        write_atoms(printer, closure->n_slots, closure->slots);
        sexp_close(printer->out);
    }
}

static void write_join(Printer *printer, const CloJoin *join)
{
    text_bind(&printer->joins, join);
    write_join_name(printer, join);
    write_bindings(printer, NULL, join->n_params, join->params);
}

static void write_frame(Printer *printer, const CloFrame *frame)
{
    text_open(printer->out, SEXP_FILL, "frame");
    write_code(printer, frame->ret);
    write_atoms(printer, frame->n_slots, frame->slots);
    sexp_close(printer->out);
}

static void write_self(Printer *printer, CloAtom self)
{
    text_open(printer->out, 2, "self");
    write_atom(printer, self);
    sexp_close(printer->out);
}

static void write_fields(Printer *printer, const Clo *clo)
{
#define F_BIND(path)            write_binding(printer, clo->as.path);
#define F_PRIM(id, args, count) write_prim(printer, clo->as.id, clo->as.count, clo->as.args);
#define F_GLOBAL(path)          text_write_global(printer->out, &printer->globals, clo->as.path);
#define F_FLAG(path, word)                                                                                   \
    if (clo->as.path) sexp_atom(printer->out, word);
#define F_ATOM(path)            write_atom(printer, clo->as.path);
#define F_ATOMS(path, count)    write_atoms(printer, clo->as.count, clo->as.path);
#define F_CLOSURES(path, count) write_closures(printer, clo->as.count, clo->as.path);
#define F_TEST(path)                                                                                         \
    if (clo->as.path.is_truth)                                                                               \
        write_atom(printer, clo->as.path.args[0]);                                                           \
    else                                                                                                     \
        write_prim(printer, clo->as.path.id, clo->as.path.n_args, clo->as.path.args);
#define F_BLOCK(path) add_nested(printer, WORK_BLOCK, clo->as.path);
#define F_JOIN(path)  write_join(printer, clo->as.path);
#define F_REST(path)  add_nested(printer, WORK_CHAIN, clo->as.path);
#define F_USE(path)   write_join_name(printer, clo->as.path);
#define F_CODE(path)  write_code(printer, clo->as.path);
#define F_SELF(has, path)                                                                                    \
    if (clo->as.has) write_self(printer, clo->as.path);
#define F_FRAME(path) write_frame(printer, clo->as.path);
#define F_BODY
    switch (clo->kind) {
#define CLO_NODE(id, keyword, fields)                                                                        \
    case CLO_##id: fields break;
#include "ir/clo.def"
#undef CLO_NODE
    }
#undef F_BIND
#undef F_PRIM
#undef F_GLOBAL
#undef F_FLAG
#undef F_ATOM
#undef F_ATOMS
#undef F_CLOSURES
#undef F_TEST
#undef F_BLOCK
#undef F_JOIN
#undef F_REST
#undef F_USE
#undef F_CODE
#undef F_SELF
#undef F_FRAME
#undef F_BODY
}

static const char *const keywords[] = {
#define CLO_NODE(id, keyword, fields) keyword,
#include "ir/clo.def"
#undef CLO_NODE
};

/* How many elements stay on the statement's first line. */
static unsigned n_head_of(const Clo *clo)
{
    switch (clo->kind) {
    case CLO_CLOSURES: return 1;
    case CLO_PRIM:
    case CLO_DEFINE:
    case CLO_IF:
    case CLO_RETURN: return 2;
    case CLO_JOIN: return 3;
    case CLO_GLOBAL: return 4;
    default: return SEXP_FILL;
    }
}

/* Prints one statement; what it nests is pushed as work, before what follows it in the same list. True when `body` is
 * next. */
static bool write_statement(Printer *printer, const Clo *clo)
{
    printer->nested.count = 0;
    text_open(printer->out, n_head_of(clo), keywords[clo->kind]);
    write_fields(printer, clo);
    if (!printer->nested.count) {
        sexp_close(printer->out);
        return clo->body != NULL;
    }
    if (clo->body) push_work(printer, WORK_CHAIN, clo->body);
    push_work(printer, WORK_CLOSE, NULL);
    while (printer->nested.count) {
        Work work = vec_pop(&printer->nested);
        push_work(printer, work.kind, work.chain);
    }
    return false;
}

static void write_chain(Printer *printer, const Clo *clo)
{
    while (write_statement(printer, clo))
        clo = clo->body;
}

static void write_body(Printer *printer, const Clo *body)
{
    push_work(printer, WORK_CHAIN, body);
    while (printer->work.count) {
        Work work = vec_pop(&printer->work);
        if (work.kind == WORK_CLOSE) {
            sexp_close(printer->out);
        } else if (work.kind == WORK_BLOCK) {
            sexp_open(printer->out, 0);
            push_work(printer, WORK_CLOSE, NULL);
            write_chain(printer, work.chain);
        } else {
            write_chain(printer, work.chain);
        }
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
