#include "rt/obj/flonum.h"

#include <float.h>
#include <math.h>

double flo_compose(uint64_t bits, bool sticky, int exponent)
{
    if (bits == 0) return 0;
    /* Bits below the 53 of a mantissa, or below the least subnormal. */
    int drop = 64 - __builtin_clzll(bits) - DBL_MANT_DIG;
    int least = DBL_MIN_EXP - DBL_MANT_DIG;
    if (exponent + drop < least) drop = least - exponent;
    if (drop > 64) return 0;
    if (drop > 0) {
        uint64_t kept = drop == 64 ? 0 : bits >> drop;
        uint64_t half = (uint64_t)1 << (drop - 1), rest = bits & (half * 2 - 1);
        bits = kept + (rest > half || (rest == half && (sticky || kept % 2)));
        exponent += drop;
    }
    return ldexp((double)bits, exponent);
}

bool flo_is_integer(double number) { return isfinite(number) && number == floor(number); }
