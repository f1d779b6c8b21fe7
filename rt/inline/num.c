/* Arithmetic on fixnums, in line; everything else is rt/prim/num.c's.
 * A fixnum is its value times 8, so sums, differences and comparisons need no
 * untagging, and the machine's overflow flag is the fixnum's. */
#include "rt/code/failure.h"
#include "rt/inline/aside.h"
#include "rt/prim/num.h"

#define LIKELY(condition) __builtin_expect(condition, 1)
static inline bool both_fixnums(tt_word a, tt_word b) { return LIKELY(((a | b) & TT_TAG_MASK) == 0); }

/* The general operation, out of line. */
static inline bool slow(struct worker *w, aside_fn *general, tt_word a, tt_word b, tt_word *out)
{
    *out = call_aside(w, general, a, b);
    return *out != TT_FAIL;
}

static inline bool slow_test(struct worker *w, aside_fn *general, tt_word a, tt_word b, bool *out)
{
    tt_word result = call_aside(w, general, a, b);
    *out = result == TT_TRUE;
    return result != TT_FAIL;
}

bool tt_op_add(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    tt_sword sum;
    if (both_fixnums(a, b) && LIKELY(!__builtin_add_overflow((tt_sword)a, (tt_sword)b, &sum))) {
        *out = (tt_word)sum;
        return true;
    }
    return slow(w, tt_add_slow, a, b, out);
}

bool tt_op_sub(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    tt_sword difference;
    if (both_fixnums(a, b) && LIKELY(!__builtin_sub_overflow((tt_sword)a, (tt_sword)b, &difference))) {
        *out = (tt_word)difference;
        return true;
    }
    return slow(w, tt_sub_slow, a, b, out);
}

bool tt_op_mul(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    tt_sword product;
    if (both_fixnums(a, b) && LIKELY(!__builtin_mul_overflow(tt_fixnum_value(a), (tt_sword)b, &product))) {
        *out = (tt_word)product;
        return true;
    }
    return slow(w, tt_mul_slow, a, b, out);
}

/* Division by 0 fails, and by -1 may overflow: both go the slow way. */
static inline bool plain_division(tt_word a, tt_word b)
{
    return LIKELY(both_fixnums(a, b) && b != tt_fixnum(0) && b != tt_fixnum(-1));
}

bool tt_op_quotient(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    if (!plain_division(a, b)) return slow(w, tt_quotient_slow, a, b, out);
    *out = tt_fixnum((tt_sword)a / (tt_sword)b);
    return true;
}

bool tt_op_remainder(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    if (!plain_division(a, b)) return slow(w, tt_remainder_slow, a, b, out);
    *out = (tt_word)((tt_sword)a % (tt_sword)b);
    return true;
}

bool tt_op_modulo(struct worker *w, tt_word a, tt_word b, tt_word *out)
{
    if (!plain_division(a, b)) return slow(w, tt_modulo_slow, a, b, out);
    tt_sword rest = (tt_sword)a % (tt_sword)b;
    if (rest != 0 && (rest ^ (tt_sword)b) < 0) rest += (tt_sword)b;
    *out = (tt_word)rest;
    return true;
}

#define COMPARE_OP(function, OPERATOR, general)                                                              \
    bool function(struct worker *w, tt_word a, tt_word b, bool *out)                                         \
    {                                                                                                        \
        if (!both_fixnums(a, b)) return slow_test(w, general, a, b, out);                                    \
        *out = (tt_sword)a OPERATOR(tt_sword) b;                                                             \
        return true;                                                                                         \
    }
COMPARE_OP(tt_op_num_eq, ==, tt_num_eq_slow)
COMPARE_OP(tt_op_lt, <, tt_lt_slow)
COMPARE_OP(tt_op_gt, >, tt_gt_slow)
COMPARE_OP(tt_op_le, <=, tt_le_slow)
COMPARE_OP(tt_op_ge, >=, tt_ge_slow)

bool tt_op_zerop(struct worker *w, tt_word v, bool *out)
{
    if (!LIKELY(tt_is_fixnum(v))) return slow_test(w, tt_zerop_slow, v, tt_fixnum(0), out);
    *out = v == tt_fixnum(0);
    return true;
}

static inline bool is_exact_integer(tt_word v) { return tt_is_fixnum(v) || tt_is_type(v, TT_TYPE_BIGNUM); }
static inline bool is_exact(tt_word v) { return is_exact_integer(v) || tt_is_type(v, TT_TYPE_RATNUM); }
static inline double number_of(tt_word flonum) { return TT_OBJ(FLONUM, flonum)->number; }

bool tt_op_exact_integerp(struct worker *w, tt_word v) { return is_exact_integer(v); }
bool tt_op_numberp(struct worker *w, tt_word v) { return is_exact(v) || tt_is_flonum(v); }

bool tt_op_integerp(struct worker *w, tt_word v)
{
    return is_exact_integer(v) || (tt_is_flonum(v) && __builtin_isfinite(number_of(v)) &&
                                   __builtin_trunc(number_of(v)) == number_of(v));
}

bool tt_op_rationalp(struct worker *w, tt_word v)
{
    return is_exact(v) || (tt_is_flonum(v) && __builtin_isfinite(number_of(v)));
}

#define FLONUM_TEST(function, scheme_name, of_exact, of_flonum)                                              \
    bool function(struct worker *w, tt_word v, bool *out)                                                    \
    {                                                                                                        \
        if (tt_is_flonum(v)) {                                                                               \
            *out = of_flonum;                                                                                \
            return true;                                                                                     \
        }                                                                                                    \
        if (!is_exact(v)) return FAIL_ASIDE(w, fail_wrong_type, scheme_name, v);                             \
        *out = of_exact;                                                                                     \
        return true;                                                                                         \
    }
FLONUM_TEST(tt_op_exactp, "exact?", true, false)
FLONUM_TEST(tt_op_nanp, "nan?", false, __builtin_isnan(number_of(v)))
FLONUM_TEST(tt_op_infinitep, "infinite?", false, __builtin_isinf(number_of(v)))
