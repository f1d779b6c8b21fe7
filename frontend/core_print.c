/* Core as S-expressions. (call f x) is a call, (car x) a primitive, @f a global
 * of the program, @lib:f one of lib-scm; x.1, x.2 are the second and third
 * variable called x in a top-level form. */
#include <stdlib.h>
#include <string.h>

#include "frontend/base/map.h"
#include "frontend/base/vec.h"
#include "frontend/core_make.h"
#include "frontend/deep.h"

#define LINE_WIDTH  100
#define INDENT      2
#define MOST_INDENT 80 /* a deep tree would otherwise print as mostly spaces */

/* What is to be printed: an atom, or a list whose first `n_inline` parts stay on
 * the line of the parenthesis when it does not fit on one. */
typedef struct Doc Doc;
struct Doc {
    const char *text; /* NULL: a list */
    Doc **parts;
    uint32_t n_parts, n_inline;
    size_t width; /* on one line */
};

typedef struct Printer {
    Arena *arena;
    FILE *out;
    Map *names;   /* Var -> text, of this top-level form */
    Map *n_named; /* Symbol -> how many variables of this form have that name */
} Printer;

static Doc *doc_text(Printer *p, const char *text)
{
    Doc *doc = ARENA_NEW(p->arena, Doc);
    doc->text = text;
    doc->width = strlen(text);
    return doc;
}

typedef VEC(Doc *) Parts;

static Doc *doc_list(Printer *p, const Parts *parts, uint32_t n_inline)
{
    Doc *doc = ARENA_NEW(p->arena, Doc);
    doc->parts = parts->items;
    doc->n_parts = (uint32_t)parts->count;
    doc->n_inline = n_inline;
    doc->width = 1 + (parts->count ? parts->count : 1);
    for (size_t i = 0; i < parts->count; i++)
        doc->width += parts->items[i]->width;
    return doc;
}

static void add(Printer *p, Parts *parts, Doc *doc) { vec_push(p->arena, parts, doc); }

static void add_text(Printer *p, Parts *parts, const char *text) { add(p, parts, doc_text(p, text)); }

/* -- names ------------------------------------------------------------------ */

static const char *var_name(Printer *p, const Var *var)
{
    const char *name = map_get(p->names, var);
    if (name) return name;
    size_t n_before = (size_t)map_get(p->n_named, var->name);
    map_set(p->n_named, var->name, (void *)(n_before + 1));
    name = n_before ? arena_printf(p->arena, "%s.%zu", var->name->text, n_before) : var->name->text;
    map_set(p->names, var, (void *)name);
    return name;
}

static const char *global_name(Printer *p, const Global *global)
{
    if (strcmp(global->module, "main") == 0) return arena_printf(p->arena, "@%s", global->name->text);
    return arena_printf(p->arena, "@%s:%s", global->module, global->name->text);
}

static const char *datum_text(Printer *p, const Datum *datum)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) ICE("no memory to print a constant");
    bool is_self_evaluating =
        datum->kind != DATUM_NIL && datum->kind != DATUM_SYMBOL && datum->kind != DATUM_PAIR;
    if (!is_self_evaluating) fputc('\'', out);
    datum_print(out, datum);
    fclose(out);
    const char *copy = arena_strdup(p->arena, text, size);
    free(text);
    return copy;
}

/* -- nodes ------------------------------------------------------------------ */

static Doc *doc_core(Printer *p, const Core *core);

static void add_each(Printer *p, Parts *parts, Core *const *cores, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add(p, parts, doc_core(p, cores[i]));
}

static Doc *doc_form(Printer *p, const char *head, Core *const *cores, uint32_t count, uint32_t n_inline)
{
    Parts parts = {0};
    add_text(p, &parts, head);
    add_each(p, &parts, cores, count);
    return doc_list(p, &parts, n_inline);
}

static Doc *doc_params(Printer *p, const CoreClause *clause)
{
    Parts parts = {0};
    for (uint32_t i = 0; i < clause->n_params; i++)
        add_text(p, &parts, var_name(p, clause->params[i]));
    if (clause->rest && clause->n_params == 0) return doc_text(p, var_name(p, clause->rest));
    if (clause->rest) {
        add_text(p, &parts, ".");
        add_text(p, &parts, var_name(p, clause->rest));
    }
    return doc_list(p, &parts, (uint32_t)parts.count);
}

static Doc *doc_case_clause(Printer *p, const CoreClause *clause)
{
    Parts parts = {0};
    add(p, &parts, doc_params(p, clause));
    add(p, &parts, doc_core(p, clause->body));
    return doc_list(p, &parts, 1);
}

static Doc *doc_lambda(Printer *p, const Core *core)
{
    Parts parts = {0};
    bool is_single = core->as.lambda.n_clauses == 1;
    add_text(p, &parts, is_single ? "lambda" : "case-lambda");
    if (core->as.lambda.name) add_text(p, &parts, arena_printf(p->arena, "#:%s", core->as.lambda.name->text));
    uint32_t n_inline = (uint32_t)parts.count + is_single;
    if (is_single) {
        add(p, &parts, doc_params(p, core->as.lambda.clauses));
        add(p, &parts, doc_core(p, core->as.lambda.clauses->body));
    } else {
        for (uint32_t i = 0; i < core->as.lambda.n_clauses; i++)
            add(p, &parts, doc_case_clause(p, &core->as.lambda.clauses[i]));
    }
    return doc_list(p, &parts, n_inline);
}

static Doc *doc_binding(Printer *p, const Var *var, const Core *init)
{
    Parts parts = {0};
    add_text(p, &parts, var_name(p, var));
    add(p, &parts, doc_core(p, init));
    return doc_list(p, &parts, 1);
}

static Doc *doc_let(Printer *p, const Core *core)
{
    Parts parts = {0}, bindings = {0};
    for (uint32_t i = 0; i < core->as.let.n_vars; i++)
        add(p, &bindings, doc_binding(p, core->as.let.vars[i], core->as.let.inits[i]));
    add_text(p, &parts, core->kind == CORE_LET ? "let" : "letrec");
    add(p, &parts, doc_list(p, &bindings, 1));
    add(p, &parts, doc_core(p, core->as.let.body));
    return doc_list(p, &parts, 2);
}

static Doc *doc_define(Printer *p, const Core *core)
{
    Parts parts = {0};
    const Global *global = core->as.define.global;
    add_text(p, &parts, global->is_inline ? "define-inline" : "define");
    add_text(p, &parts, global_name(p, global));
    add(p, &parts, doc_core(p, core->as.define.value));
    return doc_list(p, &parts, 2);
}

static Doc *doc_call(Printer *p, const Core *core)
{
    Parts parts = {0};
    add_text(p, &parts, "call");
    add(p, &parts, doc_core(p, core->as.call.fn));
    add_each(p, &parts, core->as.call.args, core->as.call.n_args);
    return doc_list(p, &parts, 2);
}

static Doc *doc_core(Printer *p, const Core *core)
{
    switch (core->kind) {
    case CORE_CONST: return doc_text(p, datum_text(p, core->as.datum));
    case CORE_LOCAL: return doc_text(p, var_name(p, core->as.local));
    case CORE_GLOBAL: return doc_text(p, global_name(p, core->as.global));
    case CORE_PRIM:
        return doc_form(p, core_prims[core->as.prim.id].name, core->as.prim.args, core->as.prim.n_args, 1);
    case CORE_PROC: return doc_text(p, arena_printf(p->arena, "(proc %s)", core_procs[core->as.proc].name));
    case CORE_PRIM_REF:
        return doc_text(p, arena_printf(p->arena, "(prim %s)", core_prims[core->as.prim_ref].name));
    case CORE_CALL: return doc_call(p, core);
    case CORE_IF: {
        Core *const parts[] = {core->as.branch.test, core->as.branch.then, core->as.branch.otherwise};
        return doc_form(p, "if", parts, 3, 2);
    }
    case CORE_LAMBDA: return doc_lambda(p, core);
    case CORE_LET:
    case CORE_LETREC: return doc_let(p, core);
    case CORE_SEQ: return doc_form(p, "begin", core->as.seq.exprs, core->as.seq.n_exprs, 1);
    case CORE_DEFINE: return doc_define(p, core);
    }
    ICE("core: node of kind %d", (int)core->kind);
}

/* -- layout ----------------------------------------------------------------- */

static void print_flat(FILE *out, const Doc *doc)
{
    if (doc->text) {
        fputs(doc->text, out);
        return;
    }
    fputc('(', out);
    for (uint32_t i = 0; i < doc->n_parts; i++) {
        if (i) fputc(' ', out);
        print_flat(out, doc->parts[i]);
    }
    fputc(')', out);
}

/* The column behind what was printed is not tracked: a part on the line of its
 * parenthesis is laid out as if it began `INDENT` behind it for each before. */
static void print_doc(FILE *out, const Doc *doc, size_t column)
{
    if (doc->text || column + doc->width <= LINE_WIDTH) {
        print_flat(out, doc);
        return;
    }
    fputc('(', out);
    size_t inner = column + 1;
    for (uint32_t i = 0; i < doc->n_parts; i++) {
        if (i && i < doc->n_inline) {
            fputc(' ', out);
            inner += 1;
        } else if (i) {
            /* Bindings line up; the parts of other forms are indented. */
            inner = column + (doc->n_inline == 1 && !doc->parts[0]->text ? 1 : INDENT);
            if (inner > MOST_INDENT) inner = MOST_INDENT;
            fprintf(out, "\n%*s", (int)inner, "");
        }
        print_doc(out, doc->parts[i], inner);
        inner += doc->parts[i]->width;
    }
    fputc(')', out);
}

typedef struct PrintTask {
    FILE *out;
    const CoreProgram *program;
    bool with_library;
} PrintTask;

static bool is_of_library(const Core *form)
{
    if (form->kind == CORE_DEFINE) return strcmp(form->as.define.global->module, "lib") == 0;
    return form->span.source && form->span.source->is_system;
}

static void print_program(void *context, size_t stack_bytes)
{
    const PrintTask *task = context;
    for (uint32_t i = 0; i < task->program->n_forms; i++) {
        const Core *form = task->program->forms[i];
        if (!task->with_library && is_of_library(form)) continue;
        Arena *arena = arena_new();
        Printer p = {arena, task->out, map_new(arena), map_new(arena)};
        print_doc(task->out, doc_core(&p, form), 0);
        fputc('\n', task->out);
        arena_free(arena);
    }
}

void core_print(FILE *out, const CoreProgram *program, bool with_library)
{
    PrintTask task = {out, program, with_library};
    deep_call(print_program, &task);
}
