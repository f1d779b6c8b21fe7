/* Where the running process is: the user's frames, innermost first. */
#ifndef RT_CODE_BACKTRACE_H
#define RT_CODE_BACKTRACE_H

#include "rt/code/frames.h"

struct tt_site;

struct place {
    const char *procedure, *file; /* NULL file: not known */
    unsigned line, column;
    const struct tt_site *inlined; /* the call that the procedure is inlined at, or NULL */
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

/* Whether worker.site is a place in the program's own text. */
bool site_is_program(tt_word site);
/* worker.site for what fails in the innermost frame of the program; 0: there is none near sp. */
tt_word site_of_frames(struct worker *w, tt_word *sp);
/* The place where a condition arose (its `site`), if that is in the user's code. */
bool place_of_site(tt_word site, struct place *out);
bool place_is_same(const struct place *a, const struct place *b);
/* The call that the procedure of a place is inlined at becomes the place; false when it is not inlined. */
bool place_step_out(struct place *place);

/* Places, innermost first; one that is the same as the one before is left out, as frames of library code that was
 * inlined stand at the place of its call. */
struct places {
    struct place *items;
    size_t n, limit;
    bool are_more; /* than `limit` */
};
/* A place and the calls that it is inlined at. */
void places_add(struct places *places, struct place place);
/* Of the user's frames from sp up to the chunk's top, and on in the STACK objects below. */
void places_add_frames(struct places *places, struct worker *w, tt_word *sp);

#endif
