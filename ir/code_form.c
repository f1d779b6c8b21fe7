/* Writes a code point as bytes. Numbers are little-endian, sequences have
 * their length in front, so that no two different codes have one form. Tags are
 * those of clo.h's enums; changing their order changes all ids. */
#include "ir/code_form.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/base/map.h"
#include "ir/prim.h"

typedef struct Former {
    Arena *arena;
    CodeForm form;
    VEC(const Clo *) work;     /* terms still to be written */
    VEC(const Datum *) data;   /* parts of a constant still to be written */
    Map *seen;                 /* parts of the constant written, to their numbers */
} Former;

static const char *const proc_names[] = {
#define PROC(id, name, min, max, symbol) name,
#include "rt/abi/procs.def"
#undef PROC
};

/* -- bytes -------------------------------------------------------------- */

static void put_byte(Former *f, unsigned byte)
{
    vec_push(f->arena, &f->form.bytes, (uint8_t)byte);
}

static void put_number(Former *f, uint64_t number, unsigned n_bytes)
{
    for (unsigned i = 0; i < n_bytes; i++)
        put_byte(f, (unsigned)(number >> (8 * i)) & 0xff);
}

static void put_count(Former *f, size_t count)
{
    put_number(f, count, 4);
}

static void put_text(Former *f, const char *text, size_t length)
{
    put_count(f, length);
    for (size_t i = 0; i < length; i++)
        put_byte(f, (unsigned char)text[i]);
}

static void put_name(Former *f, const char *name)
{
    put_text(f, name, strlen(name));
}

static void put_ref(Former *f, const CloCode *target)
{
    CodeRef ref = {f->form.bytes.count, target};
    vec_push(f->arena, &f->form.refs, ref);
    for (unsigned i = 0; i < CODE_ID_BYTES; i++)
        put_byte(f, 0);
}

/* -- constants ---------------------------------------------------------- */

static void put_integer(Former *f, mpz_srcptr integer)
{
    size_t n_bytes = (mpz_sizeinbase(integer, 2) + 7) / 8, written = 0;
    unsigned char *bytes = arena_alloc(f->arena, n_bytes + 1);
    mpz_export(bytes, &written, -1, 1, 0, 0, integer);
    put_byte(f, mpz_sgn(integer) < 0);
    put_text(f, (const char *)bytes, written);
}

static void put_flonum(Former *f, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put_number(f, bits, 8);
}

/* Parts that are seen again are written by number: literals may be cyclic. */
static bool put_seen(Former *f, const Datum *datum)
{
    uintptr_t number = (uintptr_t)map_get(f->seen, datum);
    put_byte(f, number != 0);
    if (number)
        put_count(f, number);
    else
        map_set(f->seen, datum, (void *)(map_count(f->seen) + 1));
    return number != 0;
}

static void put_compound(Former *f, const Datum *datum)
{
    if (put_seen(f, datum))
        return;
    if (datum->kind == DATUM_PAIR) {
        vec_push(f->arena, &f->data, datum->as.pair.cdr);
        vec_push(f->arena, &f->data, datum->as.pair.car);
        return;
    }
    put_count(f, datum->as.vector.count);
    for (size_t i = datum->as.vector.count; i-- > 0;)
        vec_push(f->arena, &f->data, datum->as.vector.items[i]);
}

static void put_datum_node(Former *f, const Datum *datum)
{
    put_byte(f, datum->kind);
    switch (datum->kind) {
    case DATUM_BOOLEAN: put_byte(f, datum->as.boolean); break;
    case DATUM_CHAR: put_number(f, datum->as.character, 4); break;
    case DATUM_INTEGER: put_integer(f, datum->as.integer); break;
    case DATUM_RATIONAL:
        put_integer(f, mpq_numref(datum->as.rational));
        put_integer(f, mpq_denref(datum->as.rational));
        break;
    case DATUM_FLONUM: put_flonum(f, datum->as.flonum); break;
    case DATUM_STRING: put_text(f, datum->as.string.text, datum->as.string.length); break;
    case DATUM_SYMBOL: put_text(f, datum->as.symbol->text, datum->as.symbol->length); break;
    case DATUM_BYTEVECTOR:
        put_text(f, (const char *)datum->as.bytevector.bytes, datum->as.bytevector.count);
        break;
    case DATUM_PAIR:
    case DATUM_VECTOR: put_compound(f, datum); break;
    case DATUM_NIL:
    case DATUM_EOF:
    case DATUM_VOID:
    case DATUM_DEFAULT: break;
    }
}

static void put_datum(Former *f, const Datum *datum)
{
    bool is_compound = datum->kind == DATUM_PAIR || datum->kind == DATUM_VECTOR;
    if (is_compound)
        f->seen = map_new(f->arena);
    vec_push(f->arena, &f->data, datum);
    while (f->data.count)
        put_datum_node(f, vec_pop(&f->data));
}

/* -- operands ----------------------------------------------------------- */

static void put_class(Former *f, CloClass class, const CloCode *code)
{
    put_byte(f, class);
    if (class == CLASS_CODE)
        put_ref(f, code);
}

static void put_binder(Former *f, const CloVar *var)
{
    put_byte(f, var != NULL);
    if (!var)
        return;
    put_number(f, var->id, 4);
    put_class(f, var->class, var->code);
}

static void put_binders(Former *f, CloVar *const *vars, uint32_t n)
{
    put_count(f, n);
    for (uint32_t i = 0; i < n; i++)
        put_binder(f, vars[i]);
}

static void put_atom(Former *f, const CloAtom *atom)
{
    put_byte(f, atom->kind);
    switch (atom->kind) {
    case ATOM_VAR: put_number(f, atom->as.var->id, 4); break;
    case ATOM_CONST: put_datum(f, atom->as.datum); break;
    case ATOM_CODE: put_ref(f, atom->as.code); break;
    case ATOM_PROC: put_name(f, proc_names[atom->as.proc]); break;
    }
}

static void put_atoms(Former *f, const CloAtom *atoms, uint32_t n)
{
    put_count(f, n);
    for (uint32_t i = 0; i < n; i++)
        put_atom(f, &atoms[i]);
}

static void put_prim(Former *f, PrimId id, const CloAtom *args, uint32_t n)
{
    put_name(f, prim_infos[id].name);
    put_atoms(f, args, n);
}

static void put_global(Former *f, const Global *global)
{
    put_name(f, global->module);
    put_text(f, global->name->text, global->name->length);
}

static void put_frame(Former *f, const CloFrame *frame)
{
    put_byte(f, frame != NULL);
    if (!frame)
        return;
    put_ref(f, frame->ret);
    put_atoms(f, frame->slots, frame->n_slots);
}

/* -- terms -------------------------------------------------------------- */

static void put_closures(Former *f, const Clo *term)
{
    put_count(f, term->as.closures.n);
    for (uint32_t i = 0; i < term->as.closures.n; i++) {
        const CloClosure *item = &term->as.closures.items[i];
        put_binder(f, item->var);
        put_ref(f, item->code);
        put_atoms(f, item->slots, item->n_slots);
    }
}

static void put_branch(Former *f, const Clo *term)
{
    put_byte(f, term->as.branch.is_truth);
    if (term->as.branch.is_truth)
        put_atom(f, &term->as.branch.args[0]);
    else
        put_prim(f, term->as.branch.id, term->as.branch.args, term->as.branch.n_args);
    vec_push(f->arena, &f->work, term->as.branch.otherwise);
    vec_push(f->arena, &f->work, term->as.branch.then);
}

static void put_join(Former *f, const Clo *term)
{
    put_number(f, term->as.join.join->id, 4);
    put_binders(f, term->as.join.join->params, term->as.join.join->n_params);
    vec_push(f->arena, &f->work, term->as.join.join_body);
}

static void put_code_jump(Former *f, const Clo *term)
{
    put_ref(f, term->as.code.code);
    put_byte(f, term->as.code.has_self);
    if (term->as.code.has_self)
        put_atom(f, &term->as.code.self);
    put_atoms(f, term->as.code.args, term->as.code.n_args);
    put_frame(f, term->as.code.frame);
}

static void put_term(Former *f, const Clo *term)
{
    put_byte(f, term->kind);
    if (term->body)
        vec_push(f->arena, &f->work, term->body);
    switch (term->kind) {
    case CLO_PRIM:
        put_binder(f, term->as.prim.var);
        put_prim(f, term->as.prim.id, term->as.prim.args, term->as.prim.n_args);
        break;
    case CLO_GLOBAL:
        put_binder(f, term->as.global.var);
        put_global(f, term->as.global.global);
        put_byte(f, term->as.global.is_safe);
        break;
    case CLO_DEFINE:
        put_global(f, term->as.define.global);
        put_atom(f, &term->as.define.value);
        break;
    case CLO_CLOSURES: put_closures(f, term); break;
    case CLO_IF: put_branch(f, term); break;
    case CLO_JOIN: put_join(f, term); break;
    case CLO_JUMP:
        put_number(f, term->as.jump.join->id, 4);
        put_atoms(f, term->as.jump.args, term->as.jump.n_args);
        break;
    case CLO_JUMP_CODE:
    case CLO_CALL_CODE: put_code_jump(f, term); break;
    case CLO_TAIL_CALL:
    case CLO_CALL:
        put_atom(f, &term->as.call.fn);
        put_atoms(f, term->as.call.args, term->as.call.n_args);
        put_frame(f, term->as.call.frame);
        break;
    case CLO_RETURN: put_atom(f, &term->as.ret.value); break;
    }
}

/* -- code points -------------------------------------------------------- */

static void put_closure_code(Former *f, const CloCode *code)
{
    put_count(f, code->n_clauses);
    for (uint32_t i = 0; i < code->n_clauses; i++) {
        put_count(f, code->clauses[i].n_required);
        put_byte(f, code->clauses[i].has_rest);
        put_ref(f, code->clauses[i].direct);
    }
    put_count(f, code->n_free);
    for (uint32_t i = 0; i < code->n_free; i++)
        put_class(f, code->free_classes[i], code->free_codes[i]);
}

CodeForm code_form(Arena *arena, const CloCode *code)
{
    Former f = {.arena = arena};
    put_byte(&f, code->kind);
    if (code->kind == CLO_CODE_CLOSURE) {
        put_closure_code(&f, code);
        return f.form;
    }
    put_binders(&f, code->params, code->n_params);
    put_binder(&f, code->self);
    put_binders(&f, code->free, code->n_self_free);
    put_binders(&f, code->slots, code->n_slots);
    put_byte(&f, code->checks_stack);
    vec_push(arena, &f.work, code->body);
    while (f.work.count)
        put_term(&f, vec_pop(&f.work));
    return f.form;
}
