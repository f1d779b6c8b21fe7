/* Where the running process is: the user's frames, innermost first. */
#ifndef RT_CODE_BACKTRACE_H
#define RT_CODE_BACKTRACE_H

#include "rt/code/frames.h"

struct place {
    const char *procedure, *file; /* NULL file: not known */
    unsigned line, column;
};

/* worker.site for a failure at the entry of a code point: its descriptor, marked by
 * the lowest bit (a struct tt_site is aligned to 4, a descriptor to 8). */
static inline tt_word site_of_code(const struct tt_code_desc *desc) { return (tt_word)desc | 1; }

/* worker.site as a value, #f if there is none: how far it is from a place of this
 * program, as an address has more bits than a fixnum. */
static inline tt_word site_value(tt_word site)
{
    return site ? tt_fixnum((tt_sword)(site - (tt_word)tt_special_exit)) : TT_FALSE;
}

/* The place where a condition arose (its `site`), if that is in the user's code. */
bool place_of_site(tt_word site, struct place *out);
/* Frames of library code that was inlined stand at the place of its call: one of
 * them is enough for a report. */
bool place_is_same(const struct place *a, const struct place *b);
/* Places of the user's frames from sp up to the chunk's top, and on in the STACK
 * objects below. Returns how many there are, at most `limit`; *more_out says
 * whether there are others. */
size_t backtrace(struct worker *w, tt_word *sp, struct place *out, size_t limit, bool *more_out);

#endif
