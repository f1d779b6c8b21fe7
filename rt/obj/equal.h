/* Equivalence. */
#ifndef RT_OBJ_EQUAL_H
#define RT_OBJ_EQUAL_H

#include "rt/obj/value.h"

/* eqv?: numbers by exactness and value, flonums by their bits, remote pids, tags
 * and nodes by identity of what they name, everything else by identity. */
bool value_eqv(tt_word a, tt_word b);
/* equal?: also pairs, strings, vectors, bytevectors and records of one type by
 * content. Ends on cyclic data: equal iff the unfoldings are. Takes no C stack. */
bool value_equal(tt_word a, tt_word b);

/* The same for rt/inline/aside.h: TT_TRUE or TT_FALSE. */
struct worker;
tt_word value_eqv_aside(struct worker *w, tt_word a, tt_word b);
tt_word value_equal_aside(struct worker *w, tt_word a, tt_word b);

#endif
