/* Values of primitive operations that are known when compiling. Nothing here
 * may depend on the word size of the target, nor drop a failing operation. */
#include "ir/fold.h"

#include <gmp.h>

#include "ir/prim.h"

/* Larger results are left to run time. */
#define FOLD_BITS_MAX     1024
#define LIST_ELEMENTS_MAX 32
/* Fixnums of 32-bit words have 29 bits, sign included. */
#define SMALL_INTEGER_BITS 28

static const Datum *constant(CpsAtom atom) { return atom.kind == CPS_CONST ? atom.as.datum : NULL; }

static const Datum *integer(CpsAtom atom)
{
    const Datum *datum = constant(atom);
    return datum && datum->kind == DATUM_INTEGER ? datum : NULL;
}

/* The operation that made the value, where the pass keeps that. */
static const Cps *definition(CpsAtom atom) { return atom.kind == CPS_VAR ? atom.as.var->def : NULL; }

static bool is_procedure(CpsAtom atom)
{
    return atom.kind == CPS_PROC || (atom.kind == CPS_VAR && atom.as.var->fun);
}

/* Class of a value; CLASS_ANY when it is not known. */
static CloClass class_of(CpsAtom atom)
{
    if (is_procedure(atom)) return CLASS_CLOSURE;
    const Cps *def = definition(atom);
    if (def && def->kind == CPS_PRIM) return prim_infos[def->as.prim.id].class;
    return CLASS_ANY;
}

/* -- tests -------------------------------------------------------------- */

bool fold_truth(CpsAtom atom, bool *result_out)
{
    const Datum *datum = constant(atom);
    CloClass class = class_of(atom);
    if (!datum && (class == CLASS_ANY || class == CLASS_BOOLEAN)) return false;
    *result_out = !datum || datum->kind != DATUM_BOOLEAN || datum->as.boolean;
    return true;
}

static bool is_number(DatumKind kind)
{
    return kind == DATUM_INTEGER || kind == DATUM_RATIONAL || kind == DATUM_FLONUM;
}

/* Type predicates of a constant. */
static bool fold_type_of_datum(PrimId id, const Datum *d, bool *out)
{
    switch (id) {
    case PRIM_NULLP: *out = d->kind == DATUM_NIL; return true;
    case PRIM_PAIRP: *out = d->kind == DATUM_PAIR; return true;
    case PRIM_SYMBOLP: *out = d->kind == DATUM_SYMBOL; return true;
    case PRIM_STRINGP: *out = d->kind == DATUM_STRING; return true;
    case PRIM_CHARP: *out = d->kind == DATUM_CHAR; return true;
    case PRIM_BOOLEANP: *out = d->kind == DATUM_BOOLEAN; return true;
    case PRIM_VECTORP: *out = d->kind == DATUM_VECTOR; return true;
    case PRIM_BYTEVECTORP: *out = d->kind == DATUM_BYTEVECTOR; return true;
    case PRIM_EOFP: *out = d->kind == DATUM_EOF; return true;
    case PRIM_DEFAULTP: *out = d->kind == DATUM_DEFAULT; return true;
    case PRIM_NUMBERP: *out = is_number(d->kind); return true;
    case PRIM_EXACTINTP: *out = d->kind == DATUM_INTEGER; return true;
    case PRIM_FLONUMP: *out = d->kind == DATUM_FLONUM; return true;
    case PRIM_PROCEDUREP:
    case PRIM_RECORDP:
    case PRIM_VALUESP:
    case PRIM_CONDITIONP:
    case PRIM_PIDP:
    case PRIM_TAGP:
    case PRIM_NONEP:
    case PRIM_SIGNALP:
    case PRIM_PROMISEP:
    case PRIM_PORTP: *out = false; return true;
    default: return false;
    }
}

/* Type predicates of a value of known class. */
static bool fold_type_of_class(PrimId id, CloClass class, bool *out)
{
    static const struct {
        PrimId id;
        CloClass class;
    } exact[] = {
        {PRIM_PAIRP, CLASS_PAIR},     {PRIM_PROCEDUREP, CLASS_CLOSURE}, {PRIM_BOOLEANP, CLASS_BOOLEAN},
        {PRIM_FLONUMP, CLASS_FLONUM}, {PRIM_VECTORP, CLASS_VECTOR},     {PRIM_STRINGP, CLASS_STRING},
        {PRIM_SYMBOLP, CLASS_SYMBOL}, {PRIM_EXACTINTP, CLASS_INTEGER},
    };
    if (class == CLASS_ANY) return false;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (exact[i].id == id) {
            *out = exact[i].class == class;
            return true;
        }
    if (id == PRIM_NULLP || id == PRIM_EOFP || id == PRIM_DEFAULTP) {
        *out = false;
        return true;
    }
    return false;
}

/* Data that eq? tells apart by their value, on every node. */
static bool is_immediate(const Datum *d)
{
    switch (d->kind) {
    case DATUM_NIL:
    case DATUM_BOOLEAN:
    case DATUM_CHAR:
    case DATUM_SYMBOL:
    case DATUM_EOF:
    case DATUM_VOID:
    case DATUM_DEFAULT: return true;
    default: return false;
    }
}

static bool is_atomic(const Datum *d) { return d->kind != DATUM_PAIR && d->kind != DATUM_VECTOR; }

static bool fold_equality(PrimId id, CpsAtom a, CpsAtom b, bool *out)
{
    const Datum *x = constant(a), *y = constant(b);
    if (a.kind == CPS_VAR && b.kind == CPS_VAR && a.as.var == b.as.var) {
        *out = true; /* one word compared with itself */
        return true;
    }
    if (!x || !y) return false;
    if (is_immediate(x) || is_immediate(y) || (id == PRIM_EQUAL && is_atomic(x) && is_atomic(y))) {
        *out = datum_equal(x, y);
        return true;
    }
    return false;
}

static bool fold_compare(PrimId id, const Datum *x, const Datum *y, bool *out)
{
    int order = mpz_cmp(x->as.integer, y->as.integer);
    switch (id) {
    case PRIM_NUM_EQ: *out = order == 0; return true;
    case PRIM_LT: *out = order < 0; return true;
    case PRIM_GT: *out = order > 0; return true;
    case PRIM_LE: *out = order <= 0; return true;
    case PRIM_GE: *out = order >= 0; return true;
    default: return false;
    }
}

static bool fold_test1(PrimId id, CpsAtom arg, bool *out)
{
    if (id == PRIM_NOT) {
        if (!fold_truth(arg, out)) return false;
        *out = !*out;
        return true;
    }
    if (id == PRIM_ZEROP && integer(arg)) {
        *out = mpz_sgn(integer(arg)->as.integer) == 0;
        return true;
    }
    const Cps *def = definition(arg);
    if (id == PRIM_VALUESP && def && def->kind == CPS_PRIM && def->as.prim.id == PRIM_LIST_TO_VALUES) {
        *out = true;
        return true;
    }
    if (constant(arg)) return fold_type_of_datum(id, constant(arg), out);
    return fold_type_of_class(id, class_of(arg), out);
}

bool fold_test(PrimId id, const CpsAtom *args, uint32_t n_args, bool *result_out)
{
    if (n_args == 1) return fold_test1(id, args[0], result_out);
    if (n_args != 2) return false;
    if (id == PRIM_EQ || id == PRIM_EQV || id == PRIM_EQUAL)
        return fold_equality(id, args[0], args[1], result_out);
    if (integer(args[0]) && integer(args[1]))
        return fold_compare(id, integer(args[0]), integer(args[1]), result_out);
    return false;
}

/* -- values ------------------------------------------------------------- */

static CpsAtom new_integer(CpsProgram *program, const mpz_t value)
{
    Arena *arena = program->compilation->arena;
    Datum *datum = ARENA_NEW(arena, Datum);
    size_t n = mpz_size(value);
    mp_limb_t *limbs = ARENA_ARRAY(arena, mp_limb_t, n + 1);
    for (size_t i = 0; i < n; i++)
        limbs[i] = mpz_getlimbn(value, (mp_size_t)i);
    __mpz_struct *copy = ARENA_NEW(arena, __mpz_struct);
    mpz_roinit_n(copy, limbs, mpz_sgn(value) < 0 ? -(mp_size_t)n : (mp_size_t)n);
    datum->kind = DATUM_INTEGER;
    datum->as.integer = copy;
    return cps_const(datum);
}

static bool compute(PrimId id, mpz_t out, mpz_srcptr x, mpz_srcptr y)
{
    bool is_division = id == PRIM_QUOTIENT || id == PRIM_REMAINDER || id == PRIM_MODULO;
    if (is_division && mpz_sgn(y) == 0) return false;
    switch (id) {
    case PRIM_ADD: mpz_add(out, x, y); return true;
    case PRIM_SUB: mpz_sub(out, x, y); return true;
    case PRIM_MUL: mpz_mul(out, x, y); return true;
    case PRIM_QUOTIENT: mpz_tdiv_q(out, x, y); return true;
    case PRIM_REMAINDER: mpz_tdiv_r(out, x, y); return true;
    case PRIM_MODULO: mpz_fdiv_r(out, x, y); return true;
    default: return false;
    }
}

static bool fold_arithmetic(CpsProgram *program, PrimId id, const Datum *x, const Datum *y, CpsAtom *out)
{
    if (mpz_sizeinbase(x->as.integer, 2) + mpz_sizeinbase(y->as.integer, 2) > FOLD_BITS_MAX) return false;
    mpz_t result;
    mpz_init(result);
    bool is_known = compute(id, result, x->as.integer, y->as.integer);
    if (is_known) *out = new_integer(program, result);
    mpz_clear(result);
    return is_known;
}

static bool fold_negation(CpsProgram *program, const Datum *x, CpsAtom *out)
{
    if (mpz_sizeinbase(x->as.integer, 2) > FOLD_BITS_MAX) return false;
    mpz_t result;
    mpz_init(result);
    mpz_neg(result, x->as.integer);
    *out = new_integer(program, result);
    mpz_clear(result);
    return true;
}

/* (car (cons a b)) and (car '(x . y)). Pairs never change. */
static bool fold_field(PrimId id, CpsAtom pair, CpsAtom *out)
{
    const Datum *datum = constant(pair);
    if (datum && datum->kind == DATUM_PAIR) {
        *out = cps_const(id == PRIM_CAR ? datum->as.pair.car : datum->as.pair.cdr);
        return true;
    }
    const Cps *def = definition(pair);
    if (def && def->kind == CPS_PRIM && def->as.prim.id == PRIM_CONS) {
        *out = cps_resolve(def->as.prim.args[id == PRIM_CAR ? 0 : 1]);
        return true;
    }
    return false;
}

/* Values that are eq? to all that are equal? to them, on every target: what is
 * no pointer. Integers of this size are fixnums everywhere. */
static bool is_eq_comparable(CpsAtom atom)
{
    const Datum *datum = constant(atom);
    if (!datum) return false;
    return is_immediate(datum) ||
           (datum->kind == DATUM_INTEGER && mpz_sizeinbase(datum->as.integer, 2) < SMALL_INTEGER_BITS);
}

PrimId fold_cheaper(PrimId id, const CpsAtom *args, uint32_t n_args)
{
    bool is_equality = (id == PRIM_EQUAL || id == PRIM_EQV) && n_args == 2;
    return is_equality && (is_eq_comparable(args[0]) || is_eq_comparable(args[1])) ? PRIM_EQ : id;
}

int fold_list(CpsAtom list, CpsAtom *elements_out, int max)
{
    int n = 0;
    CpsAtom rest = cps_resolve(list);
    while (!constant(rest) || constant(rest)->kind != DATUM_NIL) {
        if (n == max || !fold_field(PRIM_CAR, rest, &elements_out[n])) return -1;
        fold_field(PRIM_CDR, rest, &rest);
        n++;
    }
    return n;
}

bool fold_succeeds(PrimId id, const CpsAtom *args)
{
    CpsAtom elements[LIST_ELEMENTS_MAX];
    return id == PRIM_LIST_TO_VALUES && fold_list(args[0], elements, LIST_ELEMENTS_MAX) >= 0;
}

/* The operation that made `value`, if that is `id`. */
static const Cps *made_by(CpsAtom value, PrimId id)
{
    const Cps *def = definition(value);
    return def && def->kind == CPS_PRIM && def->as.prim.id == id ? def : NULL;
}

static CpsAtom simple_constant(CpsProgram *program, DatumKind kind)
{
    Datum *datum = ARENA_NEW(program->compilation->arena, Datum);
    datum->kind = kind;
    return cps_const(datum);
}

bool fold_prim(CpsProgram *program, PrimId id, const CpsAtom *args, uint32_t n_args, CpsAtom *result_out)
{
    bool truth;
    if (prim_is_test(id)) {
        if (!fold_test(id, args, n_args, &truth)) return false;
        *result_out = cps_boolean(program, truth);
        return true;
    }
    switch (id) {
    case PRIM_VOID: *result_out = simple_constant(program, DATUM_VOID); return true;
    case PRIM_EOF: *result_out = simple_constant(program, DATUM_EOF); return true;
    case PRIM_DEFAULT: *result_out = simple_constant(program, DATUM_DEFAULT); return true;
    case PRIM_CAR:
    case PRIM_CDR: return fold_field(id, args[0], result_out);
    case PRIM_VALUES_TO_LIST: {
        const Cps *def = made_by(args[0], PRIM_LIST_TO_VALUES);
        if (def) *result_out = cps_resolve(def->as.prim.args[0]);
        return def != NULL;
    }
    case PRIM_NEG: return integer(args[0]) && fold_negation(program, integer(args[0]), result_out);
    case PRIM_ADD:
    case PRIM_SUB:
    case PRIM_MUL:
    case PRIM_QUOTIENT:
    case PRIM_REMAINDER:
    case PRIM_MODULO:
        return integer(args[0]) && integer(args[1]) &&
               fold_arithmetic(program, id, integer(args[0]), integer(args[1]), result_out);
    default: return false;
    }
}
