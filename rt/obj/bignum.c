#include "rt/obj/bignum.h"

#include <math.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/flonum.h"
#include "rt/obj/string.h"
#include "rt/os/check.h"

#define LIMB_BITS GMP_NUMB_BITS
#define MAX_LIMBS ((mp_size_t)(INT_MAX_BITS / LIMB_BITS))

static mp_limb_t *bignum_limbs(struct tt_obj_BIGNUM *b) { return (mp_limb_t *)b->byte; }

tt_word num_fail_too_large(struct worker *w)
{
    w->failure = (struct tt_failure){
        .condition = CONDITION_INTEGER_TOO_LARGE, .operation = NULL, .irritants = TT_NIL, .raise = TT_NONE};
    return TT_FAIL;
}

void int_view(struct int_view *out, tt_word v)
{
    if (tt_is_fixnum(v)) {
        tt_sword n = tt_fixnum_value(v);
        out->negative = n < 0;
        out->small = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
        out->limbs = &out->small;
        out->n = n != 0;
    } else {
        struct tt_obj_BIGNUM *b = TT_OBJ(BIGNUM, v);
        out->negative = b->negative != 0;
        out->limbs = bignum_limbs(b);
        out->n = (mp_size_t)(b->length / sizeof(mp_limb_t));
    }
}

/* Room for n limbs, to be completed by int_finish; NULL: failed. Also serves as
 * scratch space. A little more than MAX_LIMBS is allowed for intermediate results. */
static struct tt_obj_BIGNUM *int_room(struct worker *w, mp_size_t n)
{
    if (n > MAX_LIMBS + 2) {
        num_fail_too_large(w);
        return NULL;
    }
    struct tt_obj_BIGNUM *b = heap_alloc_atomic(w, sizeof *b + (size_t)n * sizeof(mp_limb_t));
    if (!b) return NULL;
    b->header = TT_HEADER((tt_word)TT_TYPE_BIGNUM);
    b->length = (tt_word)n * sizeof(mp_limb_t);
    return b;
}

/* The integer in the first n limbs of `b`, made canonical. */
static tt_word int_finish(struct worker *w, struct tt_obj_BIGNUM *b, mp_size_t n, bool negative)
{
    const mp_limb_t *limbs = bignum_limbs(b);
    while (n > 0 && limbs[n - 1] == 0)
        n--;
    if (n == 0) return tt_fixnum(0);
    if (n == 1 && limbs[0] <= (mp_limb_t)TT_FIXNUM_MAX + negative)
        return tt_fixnum(negative ? (tt_sword)-limbs[0] : (tt_sword)limbs[0]);
    if (n > MAX_LIMBS) return num_fail_too_large(w);
    b->length = (tt_word)n * sizeof(mp_limb_t);
    b->negative = negative;
    return tt_tagged(b, TT_TAG_OBJECT);
}

/* -- conversions -------------------------------------------------------- */

tt_word int_from_sword(struct worker *w, tt_sword n)
{
    if (n >= TT_FIXNUM_MIN && n <= TT_FIXNUM_MAX) return tt_fixnum(n);
    struct tt_obj_BIGNUM *b = int_room(w, 1);
    if (!b) return TT_FAIL;
    bignum_limbs(b)[0] = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
    return int_finish(w, b, 1, n < 0);
}

static tt_word int_from_uint64(struct worker *w, uint64_t n, bool negative)
{
    enum { LIMBS = sizeof(uint64_t) / sizeof(mp_limb_t) };
    struct tt_obj_BIGNUM *b = int_room(w, LIMBS);
    if (!b) return TT_FAIL;
    for (int i = 0; i < LIMBS; i++)
        bignum_limbs(b)[i] = (mp_limb_t)(n >> (i * LIMB_BITS % 64));
    return int_finish(w, b, LIMBS, negative);
}

tt_word int_from_int64(struct worker *w, int64_t n)
{
    if (n >= TT_FIXNUM_MIN && n <= TT_FIXNUM_MAX) return tt_fixnum((tt_sword)n);
    return int_from_uint64(w, n < 0 ? -(uint64_t)n : (uint64_t)n, n < 0);
}

tt_word int_certain(struct worker *w, int64_t n)
{
    tt_word v = int_from_int64(w, n);
    if (v == TT_FAIL) tt_panic("no memory for an integer");
    return v;
}

uint64_t int_low_bits(tt_word v)
{
    if (!int_is(v)) return 0;
    struct int_view view;
    int_view(&view, v);
    uint64_t bits = 0;
    for (mp_size_t i = 0; i < view.n && i * LIMB_BITS < 64; i++)
        bits |= (uint64_t)view.limbs[i] << i * LIMB_BITS;
    return bits;
}

tt_word int_from_double(struct worker *w, double number)
{
    int exponent;
    double mantissa = frexp(fabs(number), &exponent);
    tt_word digits = int_from_uint64(w, (uint64_t)ldexp(mantissa, 53), number < 0);
    if (digits == TT_FAIL) return TT_FAIL;
    /* The number is integral, so a right shift loses no one bits. */
    return int_shift(w, digits, exponent - 53);
}

double int_to_double(tt_word v)
{
    if (tt_is_fixnum(v)) return (double)tt_fixnum_value(v);
    struct int_view view;
    int_view(&view, v);
    /* The highest 64 bits, and whether anything below them is not zero. */
    size_t bits = int_bit_length(v);
    size_t drop = bits > 64 ? bits - 64 : 0;
    uint64_t high = 0;
    for (size_t i = drop / LIMB_BITS; i < (size_t)view.n; i++) {
        tt_sword at = (tt_sword)(i * LIMB_BITS) - (tt_sword)drop;
        high |= at < 0 ? (uint64_t)view.limbs[i] >> -at : (uint64_t)view.limbs[i] << at;
    }
    bool sticky = mpn_scan1(view.limbs, 0) < drop;
    double magnitude = flo_compose(high, sticky, drop > 4096 ? 4096 : (int)drop);
    return view.negative ? -magnitude : magnitude;
}

/* -- comparison --------------------------------------------------------- */

int int_sign(tt_word v)
{
    if (tt_is_fixnum(v)) return ((tt_sword)v > 0) - ((tt_sword)v < 0);
    return TT_OBJ(BIGNUM, v)->negative ? -1 : 1;
}

static int compare_magnitudes(const struct int_view *a, const struct int_view *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    int order = a->n == 0 ? 0 : mpn_cmp(a->limbs, b->limbs, a->n);
    return (order > 0) - (order < 0);
}

int int_compare(tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return ((tt_sword)a > (tt_sword)b) - ((tt_sword)a < (tt_sword)b);
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    if (x.negative != y.negative) return x.negative ? -1 : 1;
    int order = compare_magnitudes(&x, &y);
    return x.negative ? -order : order;
}

bool int_is_even(tt_word v)
{
    struct int_view view;
    int_view(&view, v);
    return view.n == 0 || (view.limbs[0] & 1) == 0;
}

static size_t view_bit_length(const struct int_view *view)
{
    return view->n == 0 ? 0 : mpn_sizeinbase(view->limbs, view->n, 2);
}

size_t int_bit_length(tt_word v)
{
    struct int_view view;
    int_view(&view, v);
    return view_bit_length(&view);
}

size_t int_trailing_zeros(tt_word v)
{
    struct int_view view;
    int_view(&view, v);
    return mpn_scan1(view.limbs, 0);
}

/* -- sums and products -------------------------------------------------- */

static tt_word add_magnitudes(struct worker *w, const struct int_view *a, const struct int_view *b,
                              bool negative)
{
    const struct int_view *large = a->n >= b->n ? a : b, *small = large == a ? b : a;
    struct tt_obj_BIGNUM *sum = int_room(w, large->n + 1);
    if (!sum) return TT_FAIL;
    mp_limb_t *limbs = bignum_limbs(sum);
    limbs[large->n] = mpn_add(limbs, large->limbs, large->n, small->limbs, small->n);
    return int_finish(w, sum, large->n + 1, negative);
}

/* |a| - |b|, negated if `negative`. */
static tt_word sub_magnitudes(struct worker *w, const struct int_view *a, const struct int_view *b,
                              bool negative)
{
    int order = compare_magnitudes(a, b);
    if (order == 0) return tt_fixnum(0);
    const struct int_view *large = order > 0 ? a : b, *small = order > 0 ? b : a;
    struct tt_obj_BIGNUM *difference = int_room(w, large->n);
    if (!difference) return TT_FAIL;
    mpn_sub(bignum_limbs(difference), large->limbs, large->n, small->limbs, small->n);
    return int_finish(w, difference, large->n, negative != (order < 0));
}

static tt_word add_views(struct worker *w, const struct int_view *a, const struct int_view *b,
                         bool b_negative)
{
    return a->negative == b_negative ? add_magnitudes(w, a, b, a->negative)
                                     : sub_magnitudes(w, a, b, a->negative);
}

tt_word int_add(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return int_from_sword(w, tt_fixnum_value(a) + tt_fixnum_value(b));
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    return add_views(w, &x, &y, y.negative);
}

tt_word int_sub(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return int_from_sword(w, tt_fixnum_value(a) - tt_fixnum_value(b));
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    return add_views(w, &x, &y, !y.negative);
}

tt_word int_neg(struct worker *w, tt_word v) { return int_sub(w, tt_fixnum(0), v); }

tt_word int_abs(struct worker *w, tt_word v) { return int_sign(v) < 0 ? int_neg(w, v) : v; }

static tt_word mul_views(struct worker *w, const struct int_view *a, const struct int_view *b)
{
    if (a->n == 0 || b->n == 0) return tt_fixnum(0);
    struct tt_obj_BIGNUM *product = int_room(w, a->n + b->n);
    if (!product) return TT_FAIL;
    if (a->limbs == b->limbs)
        mpn_sqr(bignum_limbs(product), a->limbs, a->n);
    else if (a->n >= b->n)
        mpn_mul(bignum_limbs(product), a->limbs, a->n, b->limbs, b->n);
    else
        mpn_mul(bignum_limbs(product), b->limbs, b->n, a->limbs, a->n);
    return int_finish(w, product, a->n + b->n, a->negative != b->negative);
}

tt_word int_mul(struct worker *w, tt_word a, tt_word b)
{
    tt_sword product;
    if (tt_is_fixnum(a) && tt_is_fixnum(b) &&
        !__builtin_mul_overflow(tt_fixnum_value(a), tt_fixnum_value(b), &product))
        return int_from_sword(w, product);
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    return mul_views(w, &x, &y);
}

tt_word int_expt(struct worker *w, tt_word base, size_t exponent)
{
    if (exponent == 0) return tt_fixnum(1);
    if (base == tt_fixnum(0) || base == tt_fixnum(1)) return base;
    if (base == tt_fixnum(-1)) return tt_fixnum(exponent % 2 ? -1 : 1);
    /* |base| >= 2^(bits-1), so the result has more than (bits-1) * exponent bits. */
    size_t least_bits;
    if (__builtin_mul_overflow(int_bit_length(base) - 1, exponent, &least_bits) || least_bits >= INT_MAX_BITS)
        return num_fail_too_large(w);
    tt_word result = base;
    for (int bit = (int)(sizeof exponent * 8) - 2 - __builtin_clzl(exponent); bit >= 0; bit--) {
        result = int_mul(w, result, result);
        if (result == TT_FAIL) return TT_FAIL;
        if (exponent >> bit & 1) result = int_mul(w, result, base);
        if (result == TT_FAIL) return TT_FAIL;
    }
    return result;
}

/* -- division ----------------------------------------------------------- */

static bool divide_fixnums(struct worker *w, tt_sword a, tt_sword b, tt_word *quotient, tt_word *remainder)
{
    if (quotient) *quotient = int_from_sword(w, a / b);
    if (remainder) *remainder = tt_fixnum(a % b);
    return !quotient || *quotient != TT_FAIL;
}

bool int_divide(struct worker *w, tt_word a, tt_word b, tt_word *quotient, tt_word *remainder)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b))
        return divide_fixnums(w, tt_fixnum_value(a), tt_fixnum_value(b), quotient, remainder);
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    if (x.n < y.n) {
        if (quotient) *quotient = tt_fixnum(0);
        if (remainder) *remainder = a;
        return true;
    }
    struct tt_obj_BIGNUM *q = int_room(w, x.n - y.n + 1), *r = q ? int_room(w, y.n) : NULL;
    if (!r) return false;
    mpn_tdiv_qr(bignum_limbs(q), bignum_limbs(r), 0, x.limbs, x.n, y.limbs, y.n);
    if (quotient) *quotient = int_finish(w, q, x.n - y.n + 1, x.negative != y.negative);
    if (remainder) *remainder = int_finish(w, r, y.n, x.negative);
    return true;
}

bool int_divide_floor(struct worker *w, tt_word a, tt_word b, tt_word *quotient, tt_word *remainder)
{
    tt_word rest;
    if (!int_divide(w, a, b, quotient, &rest)) return false;
    bool adjust = rest != tt_fixnum(0) && (int_sign(rest) < 0) != (int_sign(b) < 0);
    if (adjust && quotient) *quotient = int_sub(w, *quotient, tt_fixnum(1));
    if (adjust && remainder) rest = int_add(w, rest, b);
    if (remainder) *remainder = rest;
    return rest != TT_FAIL && (!quotient || *quotient != TT_FAIL);
}

static tt_sword gcd_fixnums(tt_sword a, tt_sword b)
{
    while (b != 0) {
        tt_sword rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* A copy of v's magnitude shifted right by `zeros`, its trailing zero bits. */
static mp_limb_t *copy_odd_part(struct worker *w, const struct int_view *v, size_t zeros, mp_size_t *n_out)
{
    struct tt_obj_BIGNUM *copy = int_room(w, v->n);
    if (!copy) return NULL;
    mp_limb_t *limbs = bignum_limbs(copy);
    mp_size_t skip = (mp_size_t)(zeros / LIMB_BITS), n = v->n - skip;
    if (zeros % LIMB_BITS)
        mpn_rshift(limbs, v->limbs + skip, n, zeros % LIMB_BITS);
    else
        mpn_copyi(limbs, v->limbs + skip, n);
    while (limbs[n - 1] == 0)
        n--;
    *n_out = n;
    return limbs;
}

tt_word int_gcd(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b))
        return int_from_sword(w, gcd_fixnums(tt_fixnum_value(a), tt_fixnum_value(b)));
    if (a == tt_fixnum(0)) return int_abs(w, b);
    if (b == tt_fixnum(0)) return int_abs(w, a);
    /* mpn_gcd destroys its arguments and wants odd ones, the longer first. */
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    size_t x_zeros = mpn_scan1(x.limbs, 0), y_zeros = mpn_scan1(y.limbs, 0);
    mp_size_t xn, yn;
    mp_limb_t *xs = copy_odd_part(w, &x, x_zeros, &xn), *ys = xs ? copy_odd_part(w, &y, y_zeros, &yn) : NULL;
    struct tt_obj_BIGNUM *gcd = ys ? int_room(w, xn < yn ? xn : yn) : NULL;
    if (!gcd) return TT_FAIL;
    bool x_longer = xn > yn || (xn == yn && mpn_cmp(xs, ys, xn) >= 0);
    mp_size_t n =
        x_longer ? mpn_gcd(bignum_limbs(gcd), xs, xn, ys, yn) : mpn_gcd(bignum_limbs(gcd), ys, yn, xs, xn);
    tt_word odd = int_finish(w, gcd, n, false);
    return int_shift(w, odd, (tt_sword)(x_zeros < y_zeros ? x_zeros : y_zeros));
}

tt_word int_sqrt(struct worker *w, tt_word v, bool *exact)
{
    struct int_view view;
    int_view(&view, v);
    *exact = true;
    if (view.n == 0) return tt_fixnum(0);
    struct tt_obj_BIGNUM *root = int_room(w, (view.n + 1) / 2), *rest = root ? int_room(w, view.n) : NULL;
    if (!rest) return TT_FAIL;
    *exact = mpn_sqrtrem(bignum_limbs(root), bignum_limbs(rest), view.limbs, view.n) == 0;
    return int_finish(w, root, (view.n + 1) / 2, false);
}

/* -- bits --------------------------------------------------------------- */

static tt_word shift_left(struct worker *w, const struct int_view *v, size_t count)
{
    if (v->n == 0) return tt_fixnum(0);
    if (count > INT_MAX_BITS) return num_fail_too_large(w);
    mp_size_t skip = (mp_size_t)(count / LIMB_BITS);
    struct tt_obj_BIGNUM *result = int_room(w, v->n + skip + 1);
    if (!result) return TT_FAIL;
    mp_limb_t *limbs = bignum_limbs(result);
    mpn_zero(limbs, skip);
    limbs[v->n + skip] = 0;
    if (count % LIMB_BITS)
        limbs[v->n + skip] = mpn_lshift(limbs + skip, v->limbs, v->n, count % LIMB_BITS);
    else
        mpn_copyi(limbs + skip, v->limbs, v->n);
    return int_finish(w, result, v->n + skip + 1, v->negative);
}

static tt_word shift_right(struct worker *w, const struct int_view *v, size_t count)
{
    mp_size_t skip = (mp_size_t)(count / LIMB_BITS), n = v->n - skip;
    if (n <= 0) return tt_fixnum(v->negative ? -1 : 0);
    struct tt_obj_BIGNUM *result = int_room(w, n + 1);
    if (!result) return TT_FAIL;
    mp_limb_t *limbs = bignum_limbs(result);
    if (count % LIMB_BITS)
        mpn_rshift(limbs, v->limbs + skip, n, count % LIMB_BITS);
    else
        mpn_copyi(limbs, v->limbs + skip, n);
    limbs[n] = 0;
    /* Towards minus infinity: a negative number that lost a one bit moves away from zero. */
    if (v->negative && mpn_scan1(v->limbs, 0) < count) limbs[n] = mpn_add_1(limbs, limbs, n, 1);
    return int_finish(w, result, n + 1, v->negative);
}

tt_word int_shift(struct worker *w, tt_word v, tt_sword count)
{
    struct int_view view;
    int_view(&view, v);
    if (count == 0) return v;
    return count > 0 ? shift_left(w, &view, (size_t)count) : shift_right(w, &view, -(size_t)count);
}

/* Limbs of the two's complement, lowest first: ~|v| + 1 for a negative v. */
struct complement {
    const struct int_view *view;
    mp_size_t next;
    mp_limb_t carry;
};

static mp_limb_t complement_limb(struct complement *c)
{
    mp_limb_t limb = c->next < c->view->n ? c->view->limbs[c->next] : 0;
    c->next++;
    if (!c->view->negative) return limb;
    limb = ~limb + c->carry;
    c->carry = c->carry && limb == 0;
    return limb;
}

enum bit_operation { BIT_AND, BIT_IOR, BIT_XOR };

static mp_limb_t combine(enum bit_operation op, mp_limb_t a, mp_limb_t b)
{
    switch (op) {
    case BIT_AND: return a & b;
    case BIT_IOR: return a | b;
    case BIT_XOR: return a ^ b;
    }
    __builtin_unreachable();
}

static tt_word int_bitwise(struct worker *w, enum bit_operation op, tt_word a, tt_word b)
{
    struct int_view x, y;
    int_view(&x, a);
    int_view(&y, b);
    mp_size_t n = (x.n > y.n ? x.n : y.n) + 1; /* one limb more for the sign */
    struct tt_obj_BIGNUM *result = int_room(w, n);
    if (!result) return TT_FAIL;
    mp_limb_t *limbs = bignum_limbs(result);
    struct complement cx = {&x, 0, 1}, cy = {&y, 0, 1};
    for (mp_size_t i = 0; i < n; i++) {
        mp_limb_t limb = complement_limb(&cx);
        limbs[i] = combine(op, limb, complement_limb(&cy));
    }
    bool negative = limbs[n - 1] >> (LIMB_BITS - 1);
    if (negative) mpn_neg(limbs, limbs, n);
    return int_finish(w, result, n, negative);
}

tt_word int_and(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return a & b;
    return int_bitwise(w, BIT_AND, a, b);
}

tt_word int_ior(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return a | b;
    return int_bitwise(w, BIT_IOR, a, b);
}

tt_word int_xor(struct worker *w, tt_word a, tt_word b)
{
    if (tt_is_fixnum(a) && tt_is_fixnum(b)) return a ^ b;
    return int_bitwise(w, BIT_XOR, a, b);
}

/* -- text --------------------------------------------------------------- */

tt_word num_ascii_string(struct worker *w, const char *text, size_t n)
{
    struct tt_obj_STRING *s = string_alloc(w, n, n);
    if (!s) return TT_FAIL;
    memcpy(s->byte, text, n);
    return tt_tagged(s, TT_TAG_OBJECT);
}

tt_word int_to_string(struct worker *w, tt_word v, int radix)
{
    struct int_view view;
    int_view(&view, v);
    if (view.n == 0) return num_ascii_string(w, "0", 1);
    /* mpn_get_str destroys its source, wants one limb more of it, and may need
     * one byte more than there are digits. */
    struct tt_obj_BIGNUM *copy = int_room(w, view.n + 1);
    size_t most = mpn_sizeinbase(view.limbs, view.n, radix) + 1;
    struct tt_obj_STRING *s = copy ? string_alloc(w, most + 1, most + 1) : NULL;
    if (!s) return TT_FAIL;
    mpn_copyi(bignum_limbs(copy), view.limbs, view.n);
    uint8_t *digits = s->byte + view.negative;
    size_t n = mpn_get_str(digits, radix, bignum_limbs(copy), view.n);
    size_t zeros = 0;
    while (zeros < n - 1 && digits[zeros] == 0)
        zeros++;
    n -= zeros;
    for (size_t i = 0; i < n; i++)
        digits[i] = (uint8_t)"0123456789abcdefghijklmnopqrstuvwxyz"[digits[i + zeros]];
    if (view.negative) s->byte[0] = '-';
    s->length = s->chars = n + view.negative;
    return tt_tagged(s, TT_TAG_OBJECT);
}

tt_word int_from_digits(struct worker *w, const uint8_t *digits, size_t n, int radix)
{
    while (n > 0 && digits[0] == 0)
        digits++, n--;
    if (n == 0) return tt_fixnum(0);
    double bits = (double)n * log2(radix);
    if (bits > (double)INT_MAX_BITS) return num_fail_too_large(w);
    struct tt_obj_BIGNUM *b = int_room(w, (mp_size_t)(bits / LIMB_BITS) + 2);
    if (!b) return TT_FAIL;
    mp_size_t used = mpn_set_str(bignum_limbs(b), digits, n, radix);
    return int_finish(w, b, used, false);
}
