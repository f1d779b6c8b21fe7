/* A time of the monotonic clock as a value, in microseconds: when a `recv` with
 * `after` gives up. It stands in frames, never where a program could see it. On
 * the wire it is the time that remains. */
#ifndef RT_OBJ_DEADLINE_H
#define RT_OBJ_DEADLINE_H

#include "rt/obj/value.h"

/* Rounded up: nothing ends early. ns is not negative. */
static inline tt_word deadline_at(int64_t ns) { return TT_IMM(TT_SUB_TIME, (tt_word)((ns + 999) / 1000)); }
static inline bool deadline_is(tt_word v) { return tt_is_sub(v, TT_SUB_TIME); }
/* INT64_MAX: beyond what the clock can say. */
static inline int64_t deadline_ns(tt_word v)
{
    uint64_t us = v >> TT_IMM_SHIFT;
    return us > INT64_MAX / 1000 ? INT64_MAX : (int64_t)us * 1000;
}

#endif
