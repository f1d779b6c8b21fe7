/* A time of the monotonic clock as a value, in microseconds: when a `recv` with
 * `after` gives up. An immediate, or an object where words are short. It stands in
 * frames, never where a program could see it. On the wire it is the time that remains. */
#ifndef RT_OBJ_DEADLINE_H
#define RT_OBJ_DEADLINE_H

#include "rt/mem/heap.h"

#if UINTPTR_MAX > UINT32_MAX
static inline tt_word deadline_of_us(struct worker *w, uint64_t us, bool is_old)
{
    return TT_IMM(TT_SUB_TIME, (tt_word)us);
}
static inline bool deadline_is(tt_word v) { return tt_is_sub(v, TT_SUB_TIME); }
static inline uint64_t deadline_us(tt_word v) { return v >> TT_IMM_SHIFT; }
#else
static inline tt_word deadline_of_us(struct worker *w, uint64_t us, bool is_old)
{
    struct tt_obj_DEADLINE *deadline;
    deadline = is_old ? heap_alloc_old_atomic(w, sizeof *deadline) : heap_alloc_atomic(w, sizeof *deadline);
    if (!deadline) return TT_FAIL;
    *deadline = (struct tt_obj_DEADLINE){TT_HEADER(TT_TYPE_DEADLINE), (tt_word)us, (tt_word)(us >> 32)};
    return tt_tagged(deadline, TT_TAG_OBJECT);
}
static inline bool deadline_is(tt_word v) { return tt_is_type(v, TT_TYPE_DEADLINE); }
static inline uint64_t deadline_us(tt_word v)
{
    return (uint64_t)TT_OBJ(DEADLINE, v)->high << 32 | TT_OBJ(DEADLINE, v)->low;
}
#endif

/* Rounded up: nothing ends early. ns is not negative. TT_FAIL: no memory (failure is set). */
static inline tt_word deadline_at(struct worker *w, int64_t ns, bool is_old)
{
    return deadline_of_us(w, (uint64_t)(ns + 999) / 1000, is_old);
}

/* INT64_MAX: beyond what the clock can say. */
static inline int64_t deadline_ns(tt_word v)
{
    uint64_t us = deadline_us(v);
    return us > INT64_MAX / 1000 ? INT64_MAX : (int64_t)us * 1000;
}

#endif
