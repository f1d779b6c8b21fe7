/* Text to Clo, the inverse of clo_print.c, which describes the text. It checks
 * the form of the text; whether the program keeps the rules, clo_check says.
 * Spans point into the text. */
#include <string.h>

#include "frontend/base/vec.h"
#include "frontend/read.h"
#include "ir/text.h"

/* A statement list still to read. */
typedef struct Work {
    Datum *list;
    size_t skip; /* elements in front that are not statements */
    Clo **where; /* gets the first statement */
} Work;

typedef struct CloReader {
    Compilation *compilation;
    Arena *arena;
    const Source *source;
    CloProgram *program;
    TextReader text;
    Map *codes;        /* symbol f.0 to CloCode */
    Map *vars, *joins; /* of the code point: symbol x.1 to CloVar or CloJoin */
    uint32_t next_var, next_join;
    VEC(Work) work;
} CloReader;

static _Noreturn void fail(const CloReader *reader, const Datum *at, const char *message)
{
    text_fail(&reader->text, at, message);
}

static Datum **list_of(const CloReader *reader, const Datum *datum, size_t at_least, size_t *count_out)
{
    return text_list(&reader->text, datum, at_least, count_out);
}

/* ---- Names and atoms ---- */

static CloCode *read_code(const CloReader *reader, const Datum *datum)
{
    CloCode *code = map_get(reader->codes, text_symbol(&reader->text, datum));
    if (!code) fail(reader, datum, "no code point has this name");
    return code;
}

static CloVar *read_name(CloReader *reader, const Datum *datum)
{
    TextName name = text_name(&reader->text, datum);
    if (map_has(reader->vars, name.key)) fail(reader, datum, "this variable is bound twice");
    CloVar *var = ARENA_NEW(reader->arena, CloVar);
    var->name = name.name;
    var->id = reader->next_var++;
    var->class = name.class;
    map_set(reader->vars, name.key, var);
    return var;
}

/* (code f.0) */
static CloCode *read_code_atom(const CloReader *reader, const Datum *datum)
{
    size_t n;
    if (!text_has_head(datum, "code")) fail(reader, datum, "a code is expected here");
    return read_code(reader, list_of(reader, datum, 2, &n)[1]);
}

/* x.1, or (x.1 (code f.0)). */
static CloVar *read_binding(CloReader *reader, const Datum *datum)
{
    if (datum->kind != DATUM_PAIR) return read_name(reader, datum);
    size_t n;
    Datum **parts = list_of(reader, datum, 2, &n);
    CloVar *var = read_name(reader, parts[0]);
    var->class = CLASS_CODE;
    var->code = read_code_atom(reader, parts[1]);
    return var;
}

/* `_`: nothing is bound. */
static CloVar *read_binding_or_none(CloReader *reader, const Datum *datum)
{
    return text_is_symbol(datum, "_") ? NULL : read_binding(reader, datum);
}

static CloVar **read_bindings(CloReader *reader, Datum **items, size_t n)
{
    CloVar **vars = ARENA_ARRAY(reader->arena, CloVar *, n);
    for (size_t i = 0; i < n; i++)
        vars[i] = read_binding_or_none(reader, items[i]);
    return vars;
}

static CloJoin *read_join_name(const CloReader *reader, const Datum *datum)
{
    CloJoin *join = map_get(reader->joins, text_symbol(&reader->text, datum));
    if (!join) fail(reader, datum, "no join has this name");
    return join;
}

static CloAtom read_atom(const CloReader *reader, const Datum *datum)
{
    CloAtom atom = {.kind = ATOM_CONST};
    if (datum->kind == DATUM_SYMBOL) {
        atom.kind = ATOM_VAR;
        atom.as.var = map_get(reader->vars, datum->as.symbol);
        if (!atom.as.var) fail(reader, datum, "this variable is not bound");
    } else if (text_has_head(datum, "code")) {
        atom.kind = ATOM_CODE;
        atom.as.code = read_code_atom(reader, datum);
    } else if (text_proc(&reader->text, datum, &atom.as.proc)) {
        atom.kind = ATOM_PROC;
    } else if (!text_const(datum, &atom.as.datum)) {
        fail(reader, datum, "an atom is expected here");
    }
    return atom;
}

static CloAtom *read_atoms(const CloReader *reader, Datum **items, size_t n)
{
    CloAtom *atoms = ARENA_ARRAY(reader->arena, CloAtom, n);
    for (size_t i = 0; i < n; i++)
        atoms[i] = read_atom(reader, items[i]);
    return atoms;
}

/* ---- Statements ---- */

/* What is left of a list while its parts are read. */
typedef struct Items {
    const Datum *whole;
    Datum **items;
    size_t n;
} Items;

static Items items_of(const CloReader *reader, const Datum *datum, size_t at_least)
{
    Items list = {.whole = datum};
    list.items = list_of(reader, datum, at_least, &list.n);
    return list;
}

static Datum *take(const CloReader *reader, Items *list)
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

static CloAtom *take_atoms(const CloReader *reader, Items *list, uint32_t *count_out)
{
    CloAtom *atoms = read_atoms(reader, list->items, list->n);
    *count_out = (uint32_t)list->n;
    list->n = 0;
    return atoms;
}

static void push_work(CloReader *reader, Datum *list, size_t skip, Clo **where)
{
    vec_push(reader->arena, &reader->work, ((Work){list, skip, where}));
}

static CloAtom *read_prim(const CloReader *reader, const Datum *datum, PrimId *id_out, uint32_t *count_out)
{
    Items list = items_of(reader, datum, 1);
    *id_out = text_prim(&reader->text, take(reader, &list));
    return take_atoms(reader, &list, count_out);
}

/* All variables are bound before the first slot is read. */
static CloClosure *read_closures(CloReader *reader, Items *list, uint32_t *count_out)
{
    CloClosure *closures = ARENA_ARRAY(reader->arena, CloClosure, list->n);
    for (size_t i = 0; i < list->n; i++)
        closures[i].var = read_binding(reader, items_of(reader, list->items[i], 2).items[0]);
    for (size_t i = 0; i < list->n; i++) {
        Items parts = items_of(reader, list->items[i], 2);
        CloClosure *closure = &closures[i];
        take(reader, &parts);
        closure->code = read_code(reader, take(reader, &parts));
        if (closure->var->class == CLASS_CODE) closure->var->code = closure->code;
        closure->slots = take_atoms(reader, &parts, &closure->n_slots);
    }
    *count_out = (uint32_t)list->n;
    list->n = 0;
    return closures;
}

/* No primitive is called quote, code or proc. */
static bool is_atom(const Datum *datum)
{
    return datum->kind != DATUM_PAIR || text_has_head(datum, "quote") || text_has_head(datum, "code") ||
           text_has_head(datum, "proc");
}

static void read_test(const CloReader *reader, Clo *clo, const Datum *datum)
{
    clo->as.branch.is_truth = is_atom(datum);
    if (!clo->as.branch.is_truth) {
        clo->as.branch.args = read_prim(reader, datum, &clo->as.branch.id, &clo->as.branch.n_args);
        return;
    }
    clo->as.branch.n_args = 1;
    clo->as.branch.args = ARENA_NEW(reader->arena, CloAtom);
    clo->as.branch.args[0] = read_atom(reader, datum);
}

static CloJoin *read_join(CloReader *reader, Items *list)
{
    const Datum *at = take(reader, list);
    const Symbol *name = text_symbol(&reader->text, at);
    if (map_has(reader->joins, name)) fail(reader, at, "this join is bound twice");
    Items params = items_of(reader, take(reader, list), 0);
    CloJoin *join = ARENA_NEW(reader->arena, CloJoin);
    join->id = reader->next_join++;
    join->n_params = (uint32_t)params.n;
    join->params = read_bindings(reader, params.items, params.n);
    map_set(reader->joins, name, join);
    return join;
}

/* The rest of the list is statements. */
static void read_rest(CloReader *reader, Datum *whole, Items *list, Clo **where)
{
    size_t n;
    list_of(reader, whole, 0, &n);
    push_work(reader, whole, n - list->n, where);
    list->n = 0;
}

static bool read_self(const CloReader *reader, Items *list, CloAtom *self_out)
{
    if (!list->n || !text_has_head(list->items[0], "self")) return false;
    *self_out = read_atom(reader, items_of(reader, take(reader, list), 2).items[1]);
    return true;
}

static CloFrame *read_frame(const CloReader *reader, const Datum *datum)
{
    if (!text_has_head(datum, "frame")) fail(reader, datum, "a frame is expected here");
    Items parts = items_of(reader, datum, 2);
    CloFrame *frame = ARENA_NEW(reader->arena, CloFrame);
    take(reader, &parts);
    frame->ret = read_code(reader, take(reader, &parts));
    frame->slots = take_atoms(reader, &parts, &frame->n_slots);
    return frame;
}

/* The fields of a statement from the rest of its list, as its row in clo.def says. What is bound in `body` is bound
 * after the operands were read. */
static void read_fields(CloReader *reader, Clo *clo, Datum *whole, Items *list)
{
    const Datum *bound = NULL;
    CloVar **where = NULL;
    Work blocks[2];
    unsigned n_blocks = 0;
#define F_BIND(path) bound = take(reader, list), where = &clo->as.path;
#define F_PRIM(id, args, count)                                                                              \
    clo->as.args = read_prim(reader, take(reader, list), &clo->as.id, &clo->as.count);
#define F_GLOBAL(path)          clo->as.path = text_global(&reader->text, take(reader, list));
#define F_FLAG(path, word)      clo->as.path = take_word(list, word);
#define F_ATOM(path)            clo->as.path = read_atom(reader, take(reader, list));
#define F_ATOMS(path, count)    clo->as.path = take_atoms(reader, list, &clo->as.count);
#define F_CLOSURES(path, count) clo->as.path = read_closures(reader, list, &clo->as.count);
#define F_TEST(path)            read_test(reader, clo, take(reader, list));
#define F_BLOCK(path)           blocks[n_blocks++] = (Work){take(reader, list), 0, &clo->as.path};
#define F_JOIN(path)            clo->as.path = read_join(reader, list);
#define F_REST(path)            read_rest(reader, whole, list, &clo->as.path);
#define F_USE(path)             clo->as.path = read_join_name(reader, take(reader, list));
#define F_CODE(path)            clo->as.path = read_code(reader, take(reader, list));
#define F_SELF(has, path)       clo->as.has = read_self(reader, list, &clo->as.path);
#define F_FRAME(path)           clo->as.path = read_frame(reader, take(reader, list));
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
    if (list->n) fail(reader, list->items[0], "nothing is expected here");
    if (where) *where = read_binding_or_none(reader, bound);
    while (n_blocks)
        vec_push(reader->arena, &reader->work, blocks[--n_blocks]);
}

static CloKind kind_of(const CloReader *reader, const Datum *datum)
{
#define CLO_NODE(id, keyword, fields)                                                                        \
    if (text_has_head(datum, keyword)) return CLO_##id;
#include "ir/clo.def"
#undef CLO_NODE
    fail(reader, datum, "a statement is expected here");
}

static void read_statement(CloReader *reader, Clo *clo, Datum *datum)
{
    Items list = items_of(reader, datum, 1);
    clo->kind = kind_of(reader, datum);
    clo->span = datum->span;
    take(reader, &list);
    read_fields(reader, clo, datum, &list);
}

/* A list of statements, of which only the last one may be an end. */
static void read_chain(CloReader *reader, Work work)
{
    size_t n;
    Datum **items = list_of(reader, work.list, work.skip + 1, &n);
    Clo **where = work.where;
    for (size_t i = work.skip; i < n; i++) {
        Clo *clo = ARENA_NEW(reader->arena, Clo);
        read_statement(reader, clo, items[i]);
        if (clo_has_body(clo->kind) != (i + 1 < n)) {
            fail(reader, items[i],
                 clo_has_body(clo->kind) ? "something must follow this statement"
                                         : "nothing may follow this statement");
        }
        *where = clo;
        where = &clo->body;
    }
}

/* Blocks come after the rest of the list that they stand in, so everything that
 * they can see is bound by then. */
static Clo *read_body(CloReader *reader, Datum *list, size_t skip)
{
    Clo *body = NULL;
    push_work(reader, list, skip, &body);
    while (reader->work.count)
        read_chain(reader, vec_pop(&reader->work));
    return body;
}

/* ---- Code points ---- */

static void read_id(const CloReader *reader, CloCode *code, const Datum *datum)
{
    size_t n;
    const Datum *text = list_of(reader, datum, 2, &n)[1];
    if (text->kind != DATUM_STRING || text->as.string.length != 2 * sizeof code->id) {
        fail(reader, text, "an id of 32 hexadecimal digits is expected here");
    }
    for (size_t i = 0; i < sizeof code->id; i++) {
        unsigned byte = 0;
        if (sscanf(text->as.string.text + 2 * i, "%2x", &byte) != 1)
            fail(reader, text, "not a hexadecimal number");
        code->id[i] = (uint8_t)byte;
    }
}

static CloClass read_class(const CloReader *reader, const Datum *datum)
{
    static const char *const names[] = {
#define CLASS(name, number, text) [number] = text,
#include "rt/abi/classes.def"
#undef CLASS
    };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (text_is_symbol(datum, names[i])) return (CloClass)i;
    }
    fail(reader, datum, "no class has this name");
}

static void read_free_classes(CloReader *reader, CloCode *code, Items list)
{
    code->n_free = (uint32_t)(list.n - 1);
    code->free_classes = ARENA_ARRAY(reader->arena, CloClass, list.n);
    code->free_codes = ARENA_ARRAY(reader->arena, CloCode *, list.n);
    for (size_t i = 1; i < list.n; i++) {
        bool is_code = list.items[i]->kind == DATUM_PAIR;
        code->free_classes[i - 1] = is_code ? CLASS_CODE : read_class(reader, list.items[i]);
        if (is_code) code->free_codes[i - 1] = read_code_atom(reader, list.items[i]);
    }
}

static void read_clauses(CloReader *reader, CloCode *code, Items list)
{
    code->n_clauses = (uint32_t)(list.n - 1);
    code->clauses = ARENA_ARRAY(reader->arena, CloArity, list.n);
    for (size_t i = 1; i < list.n; i++) {
        size_t n;
        Datum **parts = list_of(reader, list.items[i], 2, &n);
        CloArity *clause = &code->clauses[i - 1];
        clause->n_required = text_number(&reader->text, parts[0]);
        clause->has_rest = n == 3 && text_is_symbol(parts[1], "rest");
        clause->direct = read_code(reader, parts[n - 1]);
    }
}

/* One part of the head of a code point; false when the statements begin. */
static bool read_head_part(CloReader *reader, CloCode *code, const Datum *datum)
{
    if (text_is_symbol(datum, "library")) return true; /* seen when the name was */
    if (text_is_symbol(datum, "checks-stack")) {
        code->checks_stack = true;
        return true;
    }
    if (datum->kind != DATUM_PAIR || datum->as.pair.car->kind != DATUM_SYMBOL) return false;
    const char *head = datum->as.pair.car->as.symbol->text;
    Items list = items_of(reader, datum, 1);
    uint32_t n_vars = (uint32_t)(list.n - 1);
    if (strcmp(head, "id") == 0) {
        read_id(reader, code, datum);
    } else if (strcmp(head, "params") == 0 || strcmp(head, "value") == 0) {
        code->n_params = n_vars;
        code->params = read_bindings(reader, list.items + 1, n_vars);
    } else if (strcmp(head, "slots") == 0) {
        code->n_slots = n_vars;
        code->slots = read_bindings(reader, list.items + 1, n_vars);
    } else if (strcmp(head, "self") == 0 && n_vars == 1) {
        code->self = read_binding(reader, list.items[1]);
    } else if (strcmp(head, "clauses") == 0) {
        read_clauses(reader, code, list);
    } else if (strcmp(head, "free") != 0) {
        return false;
    } else if (code->kind == CLO_CODE_CLOSURE) {
        read_free_classes(reader, code, list);
    } else {
        code->n_self_free = n_vars;
        code->free = read_bindings(reader, list.items + 1, n_vars);
    }
    return true;
}

static void fill_code(CloReader *reader, CloCode *code, Datum *form)
{
    size_t n, i = 2;
    Datum **items = list_of(reader, form, 2, &n);
    reader->vars = map_new(reader->arena);
    reader->joins = map_new(reader->arena);
    reader->next_var = reader->next_join = 0;
    while (i < n && read_head_part(reader, code, items[i]))
        i++;
    if (code->kind != CLO_CODE_CLOSURE)
        code->body = read_body(reader, form, i);
    else if (i < n)
        fail(reader, items[i], "a closure has no statements");
}

static const char lib_prefix[] = "lib:";

/* Enters a code point by its name, so that others may refer to it. */
static CloCode *declare_code(CloReader *reader, const Datum *form, CloCodeKind kind)
{
    size_t n;
    Datum **items = list_of(reader, form, 2, &n);
    TextName name = text_name(&reader->text, items[1]);
    CloCode *code = ARENA_NEW(reader->arena, CloCode);
    code->kind = kind;
    code->span = form->span;
    code->name = name.name ? name.name : symbol_of(reader->compilation->symbols, "lambda");
    code->is_library = n > 2 && text_is_symbol(items[2], "library");
    size_t n_prefix = sizeof lib_prefix - 1;
    if (code->is_library && code->name->length > n_prefix &&
        memcmp(code->name->text, lib_prefix, n_prefix) == 0) {
        code->name = symbols_intern(reader->compilation->symbols, code->name->text + n_prefix,
                                    code->name->length - n_prefix);
    }
    if (map_has(reader->codes, name.key)) fail(reader, items[1], "two code points have this name");
    map_set(reader->codes, name.key, code);
    return code;
}

/* ---- The program ---- */

static bool code_kind_of(const Datum *form, CloCodeKind *kind_out)
{
    if (text_has_head(form, "closure"))
        *kind_out = CLO_CODE_CLOSURE;
    else if (text_has_head(form, "direct"))
        *kind_out = CLO_CODE_DIRECT;
    else if (text_has_head(form, "return"))
        *kind_out = CLO_CODE_RETURN;
    else
        return false;
    return true;
}

static void declare_codes(CloReader *reader, DatumList forms)
{
    VEC(CloCode *) codes = {0};
    for (size_t i = 0; i < forms.count; i++) {
        CloCodeKind kind;
        if (!code_kind_of(forms.items[i], &kind)) continue;
        CloCode *code = declare_code(reader, forms.items[i], kind);
        code->index = (uint32_t)codes.count;
        vec_push(reader->arena, &codes, code);
    }
    reader->program->codes = codes.items;
    reader->program->n_codes = (uint32_t)codes.count;
}

static void read_globals(CloReader *reader, Items list)
{
    reader->program->n_globals = (uint32_t)(list.n - 1);
    reader->program->globals = ARENA_ARRAY(reader->arena, Global *, list.n);
    for (size_t i = 1; i < list.n; i++)
        reader->program->globals[i - 1] = text_global(&reader->text, list.items[i]);
}

static void read_hooks(CloReader *reader, const Datum *form, Items list)
{
    if (list.n - 1 != CLO_N_HOOKS) fail(reader, form, "there must be as many hooks as in rt/abi/hooks.def");
    reader->vars = map_new(reader->arena);
    reader->program->hooks = read_atoms(reader, list.items + 1, CLO_N_HOOKS);
}

static void read_program_form(CloReader *reader, const Datum *form)
{
    Items list = items_of(reader, form, 1);
    if (text_has_head(form, "globals")) {
        read_globals(reader, list);
    } else if (text_has_head(form, "hooks")) {
        read_hooks(reader, form, list);
    } else if (text_has_head(form, "main") && list.n == 2) {
        reader->program->main = read_code(reader, list.items[1]);
    } else if (text_has_head(form, "program") && list.n == 2 && list.items[1]->kind == DATUM_STRING) {
        reader->program->name = list.items[1]->as.string.text;
    } else {
        fail(reader, form, "a part of a program is expected here");
    }
}

static void read_program(void *context)
{
    CloReader *reader = context;
    DatumList forms;
    if (!read_all(reader->compilation, reader->source, &forms)) diag_stop(reader->compilation->diag);
    CloProgram *program = ARENA_NEW(reader->arena, CloProgram);
    program->name = reader->source->name;
    reader->program = program;
    declare_codes(reader, forms);
    uint32_t next_code = 0;
    for (size_t i = 0; i < forms.count; i++) {
        CloCodeKind kind;
        if (code_kind_of(forms.items[i], &kind))
            fill_code(reader, program->codes[next_code++], forms.items[i]);
        else
            read_program_form(reader, forms.items[i]);
    }
}

CloProgram *clo_read(Compilation *compilation, const Source *source)
{
    CloReader reader = {
        .compilation = compilation,
        .arena = compilation->arena,
        .source = source,
        .text = text_reader(compilation),
    };
    reader.codes = map_new(reader.arena);
    return diag_catch(compilation->diag, read_program, &reader) ? reader.program : NULL;
}
