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
    VEC(const Clo *) work;   /* statements still to be written */
    VEC(const Datum *) data; /* parts of a constant still to be written */
    Map *seen;               /* parts of the constant written, to their numbers */
} Former;

static const char *const proc_names[] = {
#define PROC(id, name, min, max, symbol) name,
#include "rt/abi/procs.def"
#undef PROC
};

/* -- bytes -------------------------------------------------------------- */

static void put_byte(Former *f, unsigned byte) { vec_push(f->arena, &f->form.bytes, (uint8_t)byte); }

static void put_number(Former *f, uint64_t number, unsigned n_bytes)
{
    for (unsigned i = 0; i < n_bytes; i++)
        put_byte(f, (unsigned)(number >> (8 * i)) & 0xff);
}

static void put_count(Former *f, size_t count) { put_number(f, count, 4); }

static void put_text(Former *f, const char *text, size_t length)
{
    put_count(f, length);
    for (size_t i = 0; i < length; i++)
        put_byte(f, (unsigned char)text[i]);
}

static void put_name(Former *f, const char *name) { put_text(f, name, strlen(name)); }

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
    if (put_seen(f, datum)) return;
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
    if (is_compound) f->seen = map_new(f->arena);
    vec_push(f->arena, &f->data, datum);
    while (f->data.count)
        put_datum_node(f, vec_pop(&f->data));
}

/* -- operands ----------------------------------------------------------- */

static void put_class(Former *f, CloClass class, const CloCode *code)
{
    put_byte(f, class);
    if (class == CLASS_CODE) put_ref(f, code);
}

static void put_binder(Former *f, const CloVar *var)
{
    put_byte(f, var != NULL);
    if (!var) return;
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
    put_ref(f, frame->ret);
    put_atoms(f, frame->slots, frame->n_slots);
}

static void put_closures(Former *f, const CloClosure *closures, uint32_t n)
{
    put_count(f, n);
    for (uint32_t i = 0; i < n; i++) {
        put_binder(f, closures[i].var);
        put_ref(f, closures[i].code);
        put_atoms(f, closures[i].slots, closures[i].n_slots);
    }
}

static void put_test(Former *f, bool is_truth, PrimId id, const CloAtom *args, uint32_t n)
{
    put_byte(f, is_truth);
    if (is_truth)
        put_atom(f, &args[0]);
    else
        put_prim(f, id, args, n);
}

static void put_join(Former *f, const CloJoin *join)
{
    put_number(f, join->id, 4);
    put_binders(f, join->params, join->n_params);
}

static void put_self(Former *f, bool has_self, const CloAtom *self)
{
    put_byte(f, has_self);
    if (has_self) put_atom(f, self);
}

/* -- statements --------------------------------------------------------- */

/* The fields of its row in clo.def; blocks come after them, first to last, and then what follows the statement. */
static void put_statement(Former *f, const Clo *clo)
{
    const Clo *blocks[2];
    unsigned n_blocks = 0;
    put_byte(f, clo->kind);
#define F_BIND(path)            put_binder(f, clo->as.path);
#define F_PRIM(id, args, count) put_prim(f, clo->as.id, clo->as.args, clo->as.count);
#define F_GLOBAL(path)          put_global(f, clo->as.path);
#define F_FLAG(path, word)      put_byte(f, clo->as.path);
#define F_ATOM(path)            put_atom(f, &clo->as.path);
#define F_ATOMS(path, count)    put_atoms(f, clo->as.path, clo->as.count);
#define F_CLOSURES(path, count) put_closures(f, clo->as.path, clo->as.count);
#define F_TEST(path)                                                                                         \
    put_test(f, clo->as.path.is_truth, clo->as.path.id, clo->as.path.args, clo->as.path.n_args);
#define F_BLOCK(path)     blocks[n_blocks++] = clo->as.path;
#define F_JOIN(path)      put_join(f, clo->as.path);
#define F_REST(path)      blocks[n_blocks++] = clo->as.path;
#define F_USE(path)       put_number(f, clo->as.path->id, 4);
#define F_CODE(path)      put_ref(f, clo->as.path);
#define F_SELF(has, path) put_self(f, clo->as.has, &clo->as.path);
#define F_FRAME(path)     put_frame(f, clo->as.path);
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
    if (clo->body) vec_push(f->arena, &f->work, clo->body);
    while (n_blocks)
        vec_push(f->arena, &f->work, blocks[--n_blocks]);
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

static void put_names(Former *f, const Symbol *name)
{
    for (; name; name = name->outer)
        put_text(f, name->text, name->length);
    put_count(f, 0);
}

/* Codes that only say where a call stands do the same, and must not be taken for each other: a report on another
 * node would name another call. They are told apart by what does not change when the rest of the program does. */
static void put_place(Former *f, const CloCode *code)
{
    put_count(f, code->place);
    if (!code->place) return;
    put_names(f, code->name);
    put_names(f, code->place_fun);
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
    put_place(&f, code);
    vec_push(arena, &f.work, code->body);
    while (f.work.count)
        put_statement(&f, vec_pop(&f.work));
    return f.form;
}
