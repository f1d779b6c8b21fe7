/* The arguments beyond the registers, worker.xargs: argument i at xargs[i]. The
 * words for the register arguments are scratch space, as is one word in front
 * (for self), so that a whole call can be laid out in a row:
 *
 *   xargs[-1] self   xargs[0..5] a0 ... a5   xargs[6...]                    */
#ifndef RT_CODE_XARGS_H
#define RT_CODE_XARGS_H

#include "rt/mem/worker.h"

static inline tt_word *xargs_of(const struct worker *w) { return (tt_word *)w->xargs; }

/* Room for n arguments; keeps what is there. False: no memory, or none within the limit of
 * the heap. */
bool xargs_reserve(struct worker *w, size_t n);
/* When the arguments of a large call have gone into a list: gives the room back, but for
 * the first TT_MAX_DIRECT_ARGS. */
void xargs_shrink(struct worker *w);

static inline void xargs_put_registers(struct worker *w, tt_word self, tt_word a0, tt_word a1, tt_word a2,
                                       tt_word a3, tt_word a4, tt_word a5)
{
    tt_word *x = xargs_of(w);
    x[-1] = self;
    x[0] = a0, x[1] = a1, x[2] = a2, x[3] = a3, x[4] = a4, x[5] = a5;
}

#endif
