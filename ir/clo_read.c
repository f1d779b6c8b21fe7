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

typedef struct Items {
    Datum **items;
    size_t n;
} Items;

static void push_work(CloReader *reader, Datum *list, size_t skip, Clo **where)
{
    vec_push(reader->arena, &reader->work, ((Work){list, skip, where}));
}

static Items read_prim(CloReader *reader, const Datum *datum, PrimId *id_out)
{
    Items list;
    list.items = list_of(reader, datum, 1, &list.n);
    *id_out = text_prim(&reader->text, list.items[0]);
    return (Items){list.items + 1, list.n - 1};
}

static void read_let(CloReader *reader, Clo *clo, Items list)
{
    bool has_var = text_is_symbol(list.items[0], "let");
    Items args = read_prim(reader, list.items[has_var ? 2 : 1], &clo->as.prim.id);
    clo->kind = CLO_PRIM;
    clo->as.prim.n_args = (uint32_t)args.n;
    clo->as.prim.args = read_atoms(reader, args.items, args.n);
    if (has_var) clo->as.prim.var = read_binding(reader, list.items[1]);
}

static void read_global(CloReader *reader, Clo *clo, Items list)
{
    clo->kind = CLO_GLOBAL;
    clo->as.global.global = text_global(&reader->text, list.items[2]);
    clo->as.global.is_safe = list.n > 3 && text_is_symbol(list.items[3], "safe");
    clo->as.global.var = read_binding_or_none(reader, list.items[1]);
}

static void read_define(CloReader *reader, Clo *clo, Items list)
{
    clo->kind = CLO_DEFINE;
    clo->as.define.global = text_global(&reader->text, list.items[1]);
    clo->as.define.value = read_atom(reader, list.items[2]);
}

static void read_closures(CloReader *reader, Clo *clo, Items list)
{
    clo->kind = CLO_CLOSURES;
    clo->as.closures.n = (uint32_t)(list.n - 1);
    clo->as.closures.items = ARENA_ARRAY(reader->arena, CloClosure, list.n);
    for (size_t i = 1; i < list.n; i++) {
        size_t n;
        Datum **parts = list_of(reader, list.items[i], 2, &n);
        clo->as.closures.items[i - 1].var = read_binding(reader, parts[0]);
    }
    for (size_t i = 1; i < list.n; i++) {
        size_t n;
        Datum **parts = list_of(reader, list.items[i], 2, &n);
        CloClosure *closure = &clo->as.closures.items[i - 1];
        closure->code = read_code(reader, parts[1]);
        if (closure->var->class == CLASS_CODE) closure->var->code = closure->code;
        closure->n_slots = (uint32_t)(n - 2);
        closure->slots = read_atoms(reader, parts + 2, n - 2);
    }
}

/* No primitive is called quote, code or proc. */
static bool is_atom(const Datum *datum)
{
    return datum->kind != DATUM_PAIR || text_has_head(datum, "quote") || text_has_head(datum, "code") ||
           text_has_head(datum, "proc");
}

static void read_if(CloReader *reader, Clo *clo, Items list)
{
    clo->kind = CLO_IF;
    clo->as.branch.is_truth = is_atom(list.items[1]);
    Items args = {list.items + 1, 1};
    if (!clo->as.branch.is_truth) args = read_prim(reader, list.items[1], &clo->as.branch.id);
    clo->as.branch.n_args = (uint32_t)args.n;
    clo->as.branch.args = read_atoms(reader, args.items, args.n);
    push_work(reader, list.items[3], 0, &clo->as.branch.otherwise);
    push_work(reader, list.items[2], 0, &clo->as.branch.then);
}

static void read_join(CloReader *reader, Clo *clo, Items list, Datum *whole)
{
    const Symbol *name = text_symbol(&reader->text, list.items[1]);
    if (map_has(reader->joins, name)) fail(reader, list.items[1], "this join is bound twice");
    size_t n_params;
    Datum **params = list_of(reader, list.items[2], 0, &n_params);
    CloJoin *join = ARENA_NEW(reader->arena, CloJoin);
    join->id = reader->next_join++;
    join->n_params = (uint32_t)n_params;
    join->params = read_bindings(reader, params, n_params);
    map_set(reader->joins, name, join);
    clo->kind = CLO_JOIN;
    clo->as.join.join = join;
    push_work(reader, whole, 3, &clo->as.join.join_body);
}

static void read_jump(CloReader *reader, Clo *clo, Items list)
{
    clo->kind = CLO_JUMP;
    clo->as.jump.join = read_join_name(reader, list.items[1]);
    clo->as.jump.n_args = (uint32_t)(list.n - 2);
    clo->as.jump.args = read_atoms(reader, list.items + 2, list.n - 2);
}

static CloFrame *read_frame(const CloReader *reader, const Datum *datum)
{
    size_t n;
    if (!text_has_head(datum, "frame")) fail(reader, datum, "a frame is expected here");
    Datum **parts = list_of(reader, datum, 2, &n);
    CloFrame *frame = ARENA_NEW(reader->arena, CloFrame);
    frame->ret = read_code(reader, parts[1]);
    frame->n_slots = (uint32_t)(n - 2);
    frame->slots = read_atoms(reader, parts + 2, n - 2);
    return frame;
}

/* Of a call, the frame stands first. */
static Items take_frame(const CloReader *reader, Items list, bool is_call, CloFrame **frame_out)
{
    if (is_call) *frame_out = read_frame(reader, list.items[1]);
    size_t skip = is_call ? 2 : 1;
    return (Items){list.items + skip, list.n - skip};
}

static void read_code_call(CloReader *reader, Clo *clo, Items list, bool is_call)
{
    clo->kind = is_call ? CLO_CALL_CODE : CLO_JUMP_CODE;
    Items rest = take_frame(reader, list, is_call, &clo->as.code.frame);
    clo->as.code.code = read_code(reader, rest.items[0]);
    size_t first = 1;
    if (rest.n > 1 && text_has_head(rest.items[1], "self")) {
        size_t n;
        clo->as.code.has_self = true;
        clo->as.code.self = read_atom(reader, list_of(reader, rest.items[1], 2, &n)[1]);
        first = 2;
    }
    clo->as.code.n_args = (uint32_t)(rest.n - first);
    clo->as.code.args = read_atoms(reader, rest.items + first, rest.n - first);
}

static void read_call(CloReader *reader, Clo *clo, Items list, bool is_call)
{
    clo->kind = is_call ? CLO_CALL : CLO_TAIL_CALL;
    Items rest = take_frame(reader, list, is_call, &clo->as.call.frame);
    clo->as.call.fn = read_atom(reader, rest.items[0]);
    clo->as.call.n_args = (uint32_t)(rest.n - 1);
    clo->as.call.args = read_atoms(reader, rest.items + 1, rest.n - 1);
}

typedef enum Head {
    HEAD_LET,
    HEAD_DO,
    HEAD_GLOBAL,
    HEAD_DEFINE,
    HEAD_CLOSURES,
    HEAD_IF,
    HEAD_JOIN,
    HEAD_JUMP,
    HEAD_JUMP_CODE,
    HEAD_CALL_CODE,
    HEAD_TAIL_CALL,
    HEAD_CALL,
    HEAD_RETURN,
    N_HEADS
} Head;

typedef struct HeadInfo {
    const char *word;
    size_t min_items; /* the word included */
    bool is_end;      /* no statement follows in this list */
} HeadInfo;

static const HeadInfo heads[N_HEADS] = {
    [HEAD_LET] = {"let", 3, false},
    [HEAD_DO] = {"do", 2, false},
    [HEAD_GLOBAL] = {"global", 3, false},
    [HEAD_DEFINE] = {"define", 3, false},
    [HEAD_CLOSURES] = {"closures", 1, false},
    [HEAD_IF] = {"if", 4, true},
    [HEAD_JOIN] = {"join", 4, false},
    [HEAD_JUMP] = {"jump", 2, true},
    [HEAD_JUMP_CODE] = {"jump-code", 2, true},
    [HEAD_CALL_CODE] = {"call-code", 3, true},
    [HEAD_TAIL_CALL] = {"tail-call", 2, true},
    [HEAD_CALL] = {"call", 3, true},
    [HEAD_RETURN] = {"return", 2, true},
};

static Head head_of(const CloReader *reader, const Datum *datum)
{
    for (unsigned i = 0; i < N_HEADS; i++) {
        if (text_has_head(datum, heads[i].word)) return (Head)i;
    }
    fail(reader, datum, "a statement is expected here");
}

static Head read_statement(CloReader *reader, Clo *clo, Datum *datum)
{
    Head head = head_of(reader, datum);
    Items list;
    list.items = list_of(reader, datum, heads[head].min_items, &list.n);
    clo->span = datum->span;
    switch (head) {
    case HEAD_LET:
    case HEAD_DO: read_let(reader, clo, list); break;
    case HEAD_GLOBAL: read_global(reader, clo, list); break;
    case HEAD_DEFINE: read_define(reader, clo, list); break;
    case HEAD_CLOSURES: read_closures(reader, clo, list); break;
    case HEAD_IF: read_if(reader, clo, list); break;
    case HEAD_JOIN: read_join(reader, clo, list, datum); break;
    case HEAD_JUMP: read_jump(reader, clo, list); break;
    case HEAD_JUMP_CODE:
    case HEAD_CALL_CODE: read_code_call(reader, clo, list, head == HEAD_CALL_CODE); break;
    case HEAD_TAIL_CALL:
    case HEAD_CALL: read_call(reader, clo, list, head == HEAD_CALL); break;
    case HEAD_RETURN:
        clo->kind = CLO_RETURN;
        clo->as.ret.value = read_atom(reader, list.items[1]);
        break;
    case N_HEADS: break;
    }
    return head;
}

/* A list of statements, of which only the last one may be an end. */
static void read_chain(CloReader *reader, Work work)
{
    size_t n;
    Datum **items = list_of(reader, work.list, work.skip + 1, &n);
    Clo **where = work.where;
    for (size_t i = work.skip; i < n; i++) {
        Clo *clo = ARENA_NEW(reader->arena, Clo);
        Head head = read_statement(reader, clo, items[i]);
        if (heads[head].is_end != (i + 1 == n)) {
            fail(reader, items[i],
                 heads[head].is_end ? "nothing may follow this statement"
                                    : "something must follow this statement");
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
    Items list;
    list.items = list_of(reader, datum, 1, &list.n);
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
        code->name = symbol_intern(reader->compilation->symbols, code->name->text + n_prefix,
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
    Items list;
    list.items = list_of(reader, form, 1, &list.n);
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
