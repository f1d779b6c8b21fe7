/* The encoder's state and the parts that its files share.
 *
 *   encode_atom.c  numbers, text, symbols, what a run has made
 *   encode_code.c  closures and continuations
 *   encode.c       everything else, and the loop
 *
 * A function that gives bool has called enc_fail when it gives false. */
#ifndef RT_WIRE_ENCODER_H
#define RT_WIRE_ENCODER_H

#include "rt/wire/format.h"
#include "rt/wire/jobs.h"
#include "rt/wire/share.h"
#include "rt/wire/wire.h"

struct encoder {
    struct worker *w;
    struct wire_buf *out;
    const struct wire_ends *ends; /* NULL: a file */
    struct share share; /* numbers of objects, positions, codes, symbols, boots: which, the address tells */
    struct jobs jobs;
    uint32_t n_objects, n_positions, n_codes, n_symbols, n_boots;
    size_t n_slots; /* of all objects and frames, the first words of pairs included */
    struct wire_failure *failure;
    /* In steps (wire.h); else both are SIZE_MAX. */
    size_t pause_at;    /* a step ends when `out` has so many bytes */
    size_t run_max;     /* pairs of a list that get their numbers in one step */
    size_t start, most; /* of `out`: where the body begins, how many bytes it may have */
    struct wire_buf
        boots; /* may_pause: indices of the runs that have numbers: they must not be forgotten meanwhile */
    bool may_pause; /* else there is one step only: what needs more is LARGE */
    bool hurries;   /* no minor collection will come: nothing moves */
    bool waits;     /* met a young object: goes on after a minor collection */
};

bool enc_fail(struct encoder *e, enum wire_status status);
bool enc_refuse(struct encoder *e, tt_word object); /* it cannot travel */
bool enc_push(struct encoder *e, struct job job);
bool enc_push_words(struct encoder *e, tt_word owner, const tt_word *words, size_t n);

/* Gives the address the next number of `counter` if it has none: *is_new. */
bool enc_number(struct encoder *e, const void *address, uint32_t *counter, uint32_t *number_out,
                bool *is_new);
/* Writes a reference if the object was met before; else *is_new, and the caller writes it. */
bool enc_begin_object(struct encoder *e, tt_word v, bool *is_new);

void enc_sized(struct encoder *e, const void *bytes, size_t n);
/* Whether an exact integer fits INTEGER, which is a fixnum where words are long enough. */
bool enc_is_short_big(tt_word v, int64_t *out);
static inline bool enc_is_short(tt_word v, int64_t *out)
{
    *out = tt_fixnum_value(v);
    return tt_is_fixnum(v) || enc_is_short_big(v, out);
}
void enc_integer(struct encoder *e, int64_t n);
void enc_exact_integer(struct encoder *e, tt_word v);
void enc_flonum(struct encoder *e, double number);
bool enc_symbol(struct encoder *e, tt_word symbol);
bool enc_immediate(struct encoder *e, tt_word v);
bool enc_port(struct encoder *e, tt_word port); /* of this run, met for the first time */
bool enc_far(struct encoder *e, tt_word v);     /* PID, TAG, FAR_PORT, the same */
bool enc_deadline(struct encoder *e, tt_word v);

bool enc_closure(struct encoder *e, tt_word v);
bool enc_step_frames(struct encoder *e); /* a step of the innermost job, which is JOB_FRAMES */

/* The body for `v`, behind what is in `out`. The value at once, or its first step; then further steps. e->out, ends, failure and
 * what says how far a step goes are set. */
enum wire_progress encode_begin(struct encoder *e, tt_word v);
enum wire_progress encode_more(struct encoder *e);
/* Makes it ready for the next one; tables that have become large go. */
void encoder_reset(struct encoder *e);

#endif
