/* Numbers of messages (rt/actor/mailbox.h) as values: exact integers below 2^56, which
 * are fixnums where words are long enough. */
#ifndef RT_ACTOR_CURSOR_H
#define RT_ACTOR_CURSOR_H

#include "rt/obj/bignum.h"

static inline tt_word cursor_of(struct worker *w, uint64_t seq)
{
    return TT_W == 8 || seq <= (uint64_t)TT_FIXNUM_MAX ? tt_fixnum((tt_sword)seq)
                                                       : int_certain(w, (int64_t)seq);
}

/* Of any value: some number, if it is no cursor. */
static inline uint64_t cursor_seq(tt_word v)
{
    return TT_W == 8 || tt_is_fixnum(v) ? (uint64_t)tt_fixnum_value(v) : int_low_bits(v);
}

#endif
