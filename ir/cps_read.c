/* Text to CPS, the inverse of cps_print.c, which describes the text. It checks
 * the form of the text; whether the program keeps the rules, cps_check says.
 * Spans point into the text. */
#include <string.h>

#include "frontend/read.h"
#include "ir/cps.h"
#include "ir/text.h"

/* A list of terms still to read. */
typedef struct Work {
    Datum *list;
    size_t skip;       /* elements in front that are not terms */
    Cps **where;       /* gets the first term */
    CpsClause *clause; /* around it */
} Work;

typedef struct CpsReader {
    Compilation *compilation;
    Arena *arena;
    const Source *source;
    CpsProgram *program;
    TextReader text;
    Map *top_funs; /* symbol @f.1 to CpsFun */
    Map *vars;     /* of one function of the top: symbol x.3 to CpsVar; also of functions */
    Map *conts;    /* symbol k.4 to CpsCont */
    VEC(Work) work;
} CpsReader;

/* What is left of a list while its fields are read. */
typedef struct Items {
    const Datum *whole;
    Datum **items;
    size_t n;
} Items;

static _Noreturn void fail(const CpsReader *reader, const Datum *at, const char *message)
{
    text_fail(&reader->text, at, message);
}

static Items items_of(const CpsReader *reader, const Datum *datum, size_t at_least)
{
    Items list = {.whole = datum};
    list.items = text_list(&reader->text, datum, at_least, &list.n);
    return list;
}

static Datum *take(const CpsReader *reader, Items *list)
{
    if (!list->n) fail(reader, list->whole, "this list is too short");
    list->n--;
    return *list->items++;
}

static bool take_word(Items *list, const char *word)
{
    if (!list->n || !text_is_symbol(list->items[0], word)) return false;
    list->n--;
    list->items++;
    return true;
}

static void push_work(CpsReader *reader, Datum *list, size_t skip, Cps **where, CpsClause *clause)
{
    vec_push(reader->arena, &reader->work, ((Work){list, skip, where, clause}));
}

/* ---- Names and atoms ---- */

static CpsVar *read_binding(CpsReader *reader, const Datum *datum)
{
    if (text_is_symbol(datum, "_")) return NULL;
    TextName name = text_name(&reader->text, datum);
    if (map_has(reader->vars, name.key)) fail(reader, datum, "this variable is bound twice");
    CpsVar *var = cps_new_var(reader->program, name.name);
    map_set(reader->vars, name.key, var);
    return var;
}

static void read_params(CpsReader *reader, CpsVar **params, Items list)
{
    for (size_t i = 0; i < list.n; i++) {
        params[i] = read_binding(reader, list.items[i]);
        if (!params[i]) fail(reader, list.items[i], "a parameter needs a name");
    }
}

static CpsVar *read_var(const CpsReader *reader, const Datum *datum)
{
    const Symbol *symbol = text_symbol(&reader->text, datum);
    CpsVar *var = map_get(reader->vars, symbol);
    const CpsFun *fun = var ? NULL : map_get(reader->top_funs, symbol);
    if (!var && !fun) fail(reader, datum, "this variable is not bound");
    return var ? var : fun->var;
}

static CpsFun *read_fun_name(const CpsReader *reader, const Datum *datum)
{
    CpsFun *fun = read_var(reader, datum)->fun;
    if (!fun) fail(reader, datum, "this is not bound as a function");
    return fun;
}

static CpsCont *read_cont_name(const CpsReader *reader, const Datum *datum, CpsClause *clause)
{
    if (text_is_symbol(datum, "ret")) return clause->ret;
    CpsCont *cont = map_get(reader->conts, text_symbol(&reader->text, datum));
    if (!cont) fail(reader, datum, "no continuation has this name");
    return cont;
}

/* `f.4`, or `(f.4 1)` for a clause of several. */
static CpsClause *read_clause_name(const CpsReader *reader, const Datum *datum)
{
    uint32_t index = 0;
    const Datum *name = datum;
    if (datum->kind == DATUM_PAIR) {
        Items list = items_of(reader, datum, 2);
        name = list.items[0];
        index = text_number(&reader->text, list.items[1]);
    }
    const CpsFun *fun = read_fun_name(reader, name);
    if (index >= fun->n_clauses) fail(reader, datum, "the function has no such clause");
    return fun->clauses[index];
}

static CpsAtom read_atom(const CpsReader *reader, const Datum *datum)
{
    CpsAtom atom = {.kind = CPS_CONST};
    if (datum->kind == DATUM_SYMBOL) {
        atom = cps_var(read_var(reader, datum));
    } else if (text_proc(&reader->text, datum, &atom.as.proc)) {
        atom.kind = CPS_PROC;
    } else if (!text_const(datum, &atom.as.datum)) {
        fail(reader, datum, "an atom is expected here");
    }
    return atom;
}

/* All that is left of the list. */
static CpsAtom *read_atoms(const CpsReader *reader, Items *list, uint32_t *count_out)
{
    CpsAtom *atoms = cps_new_atoms(reader->program, (uint32_t)list->n);
    *count_out = (uint32_t)list->n;
    for (uint32_t i = 0; i < *count_out; i++)
        atoms[i] = read_atom(reader, take(reader, list));
    return atoms;
}

static CpsAtom *read_prim(const CpsReader *reader, const Datum *datum, PrimId *id_out, uint32_t *count_out)
{
    Items list = items_of(reader, datum, 1);
    *id_out = text_prim(&reader->text, take(reader, &list));
    return read_atoms(reader, &list, count_out);
}

/* ---- Functions and continuations ---- */

static const char *const flags[] = {"library", "inline", "no-inline", NULL};

static void read_flag(CpsFun *fun, const Datum *datum)
{
    fun->is_library |= text_is_symbol(datum, "library");
    fun->is_inline |= text_is_symbol(datum, "inline");
    fun->no_inline |= text_is_symbol(datum, "no-inline");
}

static bool is_flag(const Datum *datum)
{
    for (size_t i = 0; flags[i]; i++) {
        if (text_is_symbol(datum, flags[i])) return true;
    }
    return false;
}

/* A function with its clauses, still without parameters and bodies. `form`
 * holds its name, flags, and clauses. */
static CpsFun *declare_fun(CpsReader *reader, Items form, Symbol *name)
{
    size_t first = 1;
    while (first < form.n && !text_has_head(form.items[first], "clause"))
        first++;
    CpsFun *fun = cps_new_fun(reader->program, name, form.whole->span, (uint32_t)(form.n - first));
    for (size_t i = 1; i < first; i++) {
        if (is_flag(form.items[i]))
            read_flag(fun, form.items[i]);
        else
            fun->global = text_global(&reader->text, form.items[i]);
    }
    for (size_t i = first; i < form.n; i++) {
        Items clause = items_of(reader, form.items[i], 3);
        Items params = items_of(reader, clause.items[1], 0);
        cps_new_clause(reader->program, fun, (uint32_t)(i - first), (uint32_t)params.n,
                       text_is_symbol(clause.items[2], "rest"));
    }
    return fun;
}

static void fill_fun(CpsReader *reader, CpsFun *fun, Items form)
{
    size_t first = form.n - fun->n_clauses;
    for (uint32_t i = 0; i < fun->n_clauses; i++) {
        CpsClause *clause = fun->clauses[i];
        Datum *text = form.items[first + i];
        read_params(reader, clause->params, items_of(reader, items_of(reader, text, 3).items[1], 0));
        push_work(reader, text, clause->has_rest ? 3 : 2, &clause->body, clause);
    }
}

/* The functions of a `fix`: all are bound before the first is read. */
static CpsFun **read_funs(CpsReader *reader, Items *list, uint32_t *count_out)
{
    *count_out = (uint32_t)list->n;
    CpsFun **funs = ARENA_ARRAY(reader->arena, CpsFun *, list->n);
    for (size_t i = 0; i < list->n; i++) {
        Items form = items_of(reader, list->items[i], 2);
        TextName name = text_name(&reader->text, form.items[0]);
        if (map_has(reader->vars, name.key)) fail(reader, form.items[0], "this variable is bound twice");
        funs[i] = declare_fun(reader, form, name.name);
        map_set(reader->vars, name.key, funs[i]->var);
    }
    for (size_t i = 0; i < list->n; i++)
        fill_fun(reader, funs[i], items_of(reader, list->items[i], 2));
    return funs;
}

static CpsCont *declare_cont(CpsReader *reader, Items form)
{
    TextName name = text_name(&reader->text, form.items[0]);
    if (map_has(reader->conts, name.key)) fail(reader, form.items[0], "this continuation is bound twice");
    Items params = items_of(reader, form.items[1], 0);
    CpsCont *cont = cps_new_cont(reader->program, name.name, form.whole->span, (uint32_t)params.n);
    map_set(reader->conts, name.key, cont);
    return cont;
}

static CpsCont **read_conts(CpsReader *reader, Items *list, CpsClause *clause, uint32_t *count_out,
                            bool *is_loop_out)
{
    *is_loop_out = take_word(list, "loop");
    *count_out = (uint32_t)list->n;
    CpsCont **conts = ARENA_ARRAY(reader->arena, CpsCont *, list->n);
    for (size_t i = 0; i < list->n; i++) {
        conts[i] = declare_cont(reader, items_of(reader, list->items[i], 3));
        conts[i]->is_loop = *is_loop_out;
    }
    for (size_t i = 0; i < list->n; i++) {
        read_params(reader, conts[i]->params,
                    items_of(reader, items_of(reader, list->items[i], 3).items[1], 0));
        push_work(reader, list->items[i], 2, &conts[i]->body, clause);
    }
    return conts;
}

/* ---- Terms ---- */

/* No primitive is called quote or proc. */
static bool is_atom(const Datum *datum)
{
    return datum->kind != DATUM_PAIR || text_has_head(datum, "quote") || text_has_head(datum, "proc");
}

static void read_test(const CpsReader *reader, Cps *term, Items *list)
{
    Datum *test = take(reader, list);
    term->as.branch.is_truth = is_atom(test);
    if (!term->as.branch.is_truth) {
        term->as.branch.args = read_prim(reader, test, &term->as.branch.id, &term->as.branch.n_args);
        return;
    }
    term->as.branch.n_args = 1;
    term->as.branch.args = cps_new_atoms(reader->program, 1);
    term->as.branch.args[0] = read_atom(reader, test);
}

/* The fields of a term from the rest of its list, as its row in cps.def says. */
static void read_fields(CpsReader *reader, Cps *term, Items *list, CpsClause *clause)
{
#define F_BIND(path)         term->as.path = read_binding(reader, take(reader, list));
#define F_GLOBAL(path)       term->as.path = text_global(&reader->text, take(reader, list));
#define F_FLAG(path, word)   term->as.path = take_word(list, word);
#define F_ATOM(path)         term->as.path = read_atom(reader, take(reader, list));
#define F_ATOMS(path, count) term->as.path = read_atoms(reader, list, &term->as.count);
#define F_PRIM(id, args, count)                                                                              \
    term->as.args = read_prim(reader, take(reader, list), &term->as.id, &term->as.count);
#define F_USE(path)         term->as.path = read_cont_name(reader, take(reader, list), clause);
#define F_CLAUSE(path)      term->as.path = read_clause_name(reader, take(reader, list));
#define F_FUNS(path, count) term->as.path = read_funs(reader, list, &term->as.count);
#define F_CONTS(path, count, is_loop)                                                                        \
    term->as.path = read_conts(reader, list, clause, &term->as.count, &term->as.is_loop);
#define F_TEST(path) read_test(reader, term, list);
#define F_TERM(path) push_work(reader, take(reader, list), 0, &term->as.path, clause);
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

static CpsKind kind_of(const CpsReader *reader, const Datum *datum)
{
#define CPS_NODE(id, keyword, fields)                                                                        \
    if (text_has_head(datum, keyword)) return CPS_##id;
#include "ir/cps.def"
#undef CPS_NODE
    fail(reader, datum, "a term is expected here");
}

static Cps *read_term(CpsReader *reader, Datum *datum, CpsClause *clause)
{
    Cps *term = cps_new(reader->program, kind_of(reader, datum), datum->span, clause->fun->name);
    Items list = items_of(reader, datum, 1);
    take(reader, &list);
    read_fields(reader, term, &list, clause);
    return term;
}

/* A list of terms, of which only the last one is a terminator. */
static void read_terms(CpsReader *reader, Work work)
{
    Items list = items_of(reader, work.list, work.skip + 1);
    Cps **where = work.where;
    for (size_t i = work.skip; i < list.n; i++) {
        Cps *term = read_term(reader, list.items[i], work.clause);
        if (cps_has_body(term) != (i + 1 < list.n)) {
            fail(reader, list.items[i],
                 cps_has_body(term) ? "a term must follow this" : "nothing may follow this term");
        }
        *where = term;
        where = &term->body;
    }
}

/* ---- The program ---- */

static const char lib_prefix[] = "lib:";

/* @fact.1 is fact, @lib:map.2 is map, @.3 has no name. */
static Symbol *name_of_top_fun(const CpsReader *reader, const Datum *datum, bool is_library)
{
    const Symbol *symbol = text_name(&reader->text, datum).name;
    if (!symbol || symbol->text[0] != '@')
        fail(reader, datum, "a function of the top is expected here, like @f.1");
    const char *text = symbol->text + 1;
    size_t length = symbol->length - 1, n_prefix = sizeof lib_prefix - 1;
    if (is_library && length >= n_prefix && memcmp(text, lib_prefix, n_prefix) == 0) {
        text += n_prefix;
        length -= n_prefix;
    }
    return length ? symbols_intern(reader->compilation->symbols, text, length) : NULL;
}

static Items fun_form(const CpsReader *reader, const Datum *form)
{
    Items list = items_of(reader, form, 3);
    take(reader, &list);
    return list;
}

static void declare_top_fun(CpsReader *reader, const Datum *form)
{
    Items list = fun_form(reader, form);
    CpsFun *fun = declare_fun(reader, list, NULL);
    const Symbol *key = text_name(&reader->text, list.items[0]).key;
    if (map_has(reader->top_funs, key)) fail(reader, list.items[0], "two functions have this name");
    fun->name = fun->var->name = name_of_top_fun(reader, list.items[0], fun->is_library);
    fun->is_top = true;
    map_set(reader->top_funs, key, fun);
    vec_push(reader->arena, &reader->program->funs, fun);
}

static void fill_top_fun(CpsReader *reader, CpsFun *fun, const Datum *form)
{
    reader->vars = map_new(reader->arena);
    reader->conts = map_new(reader->arena);
    fill_fun(reader, fun, fun_form(reader, form));
    while (reader->work.count)
        read_terms(reader, vec_pop(&reader->work));
}

static void read_globals(CpsReader *reader, Items list)
{
    CpsProgram *program = reader->program;
    program->n_globals = (uint32_t)(list.n - 1);
    program->globals = ARENA_ARRAY(reader->arena, Global *, list.n);
    for (size_t i = 1; i < list.n; i++)
        program->globals[i - 1] = text_global(&reader->text, list.items[i]);
}

static void read_hooks(CpsReader *reader, Items list)
{
    if (list.n - 1 != CLO_N_HOOKS)
        fail(reader, list.whole, "there must be as many hooks as in rt/abi/hooks.def");
    uint32_t n;
    take(reader, &list);
    reader->vars = map_new(reader->arena);
    reader->program->hooks = read_atoms(reader, &list, &n);
}

static void read_program_form(CpsReader *reader, const Datum *form)
{
    Items list = items_of(reader, form, 1);
    if (text_has_head(form, "globals")) {
        read_globals(reader, list);
    } else if (text_has_head(form, "hooks")) {
        read_hooks(reader, list);
    } else if (text_has_head(form, "main") && list.n == 2) {
        reader->vars = map_new(reader->arena);
        reader->program->main = read_fun_name(reader, list.items[1]);
    } else if (text_has_head(form, "program") && list.n == 2 && list.items[1]->kind == DATUM_STRING) {
        reader->program->name = list.items[1]->as.string.text;
    } else {
        fail(reader, form, "a part of a program is expected here");
    }
}

static void read_program(void *context)
{
    CpsReader *reader = context;
    DatumList forms;
    if (!read_all(reader->compilation, reader->source, &forms)) diag_stop(reader->compilation->diag);
    for (size_t i = 0; i < forms.count; i++) {
        if (text_has_head(forms.items[i], "fun")) declare_top_fun(reader, forms.items[i]);
    }
    size_t next_fun = 0;
    for (size_t i = 0; i < forms.count; i++) {
        if (text_has_head(forms.items[i], "fun")) {
            fill_top_fun(reader, reader->program->funs.items[next_fun++], forms.items[i]);
        } else {
            read_program_form(reader, forms.items[i]);
        }
    }
    if (!reader->program->main) {
        diag_error(reader->compilation->diag, (Span){reader->source, 0, 0}, "the program has no main");
        diag_stop(reader->compilation->diag);
    }
}

CpsProgram *cps_read(Compilation *compilation, const Source *source)
{
    CpsProgram *program = ARENA_NEW(compilation->arena, CpsProgram);
    program->compilation = compilation;
    program->name = source->name;
    CpsReader reader = {
        .compilation = compilation,
        .arena = compilation->arena,
        .source = source,
        .program = program,
        .text = text_reader(compilation),
        .top_funs = map_new(compilation->arena),
    };
    if (!diag_catch(compilation->diag, read_program, &reader)) return NULL;
    return program;
}
