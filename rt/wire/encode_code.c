/* Closures and continuations. */
#include <string.h>

#include "rt/code/frames.h"
#include "rt/wire/code.h"
#include "rt/wire/encoder.h"

/* Whole names, as many as fit. */
static void put_names(struct encoder *e, const char *names)
{
    char text[WIRE_MAX_NAMES_BYTES];
    size_t n = 0, length;
    for (; (length = strlen(names)) > 0 && n + (n > 0) + length <= sizeof text; names += length + 1) {
        if (n > 0) text[n++] = '\n';
        memcpy(text + n, names, length);
        n += length;
    }
    buf_put_varint(e->out, n);
    buf_put(e->out, text, n);
}

static bool put_code(struct encoder *e, const struct tt_code_desc *desc)
{
    uint32_t n;
    bool is_new;
    if (!enc_number(e, desc, &e->n_codes, &n, &is_new)) return false;
    buf_put_varint(e->out, is_new ? 0 : n);
    if (is_new) {
        buf_put(e->out, desc->id, WIRE_ID_BYTES);
        buf_put_byte(e->out, desc->kind);
        buf_put_varint(e->out, desc->n_slots);
        put_names(e, (const char *)desc + desc->name_off);
    }
    return true;
}

/* A place in a frozen stack, in front of a frame; stack #f: the bottom. */
struct position {
    tt_word stack;
    size_t offset;
};

/* The end of a STACK object is the place in the one below. */
static struct position normal(struct position p)
{
    while (p.stack != TT_FALSE && p.offset == TT_OBJ(STACK, p.stack)->length) {
        p.offset = (size_t)tt_fixnum_value(TT_OBJ(STACK, p.stack)->below_offset);
        p.stack = TT_OBJ(STACK, p.stack)->below;
    }
    return p;
}

static const tt_word *frame_at(struct position p) { return &TT_OBJ(STACK, p.stack)->word[p.offset]; }

static struct position next_position(struct position p)
{
    return normal((struct position){p.stack, p.offset + frame_words(frame_at(p))});
}

/* Numbers the frames from `p` on that are new; *tail_out: the number of the frame that follows, 0 at the
 * bottom. */
static bool number_frames(struct encoder *e, struct position p, size_t *n_out, uint32_t *tail_out)
{
    *n_out = 0;
    *tail_out = 0;
    for (; p.stack != TT_FALSE; p = next_position(p)) {
        bool is_new;
        uint32_t n;
        if (!enc_number(e, frame_at(p), &e->n_positions, &n, &is_new)) return false;
        if (!is_new) {
            *tail_out = n;
            break;
        }
        ++*n_out;
    }
    return true;
}

static bool put_frame_codes(struct encoder *e, tt_word k, struct position p, size_t n)
{
    for (; n > 0; n--, p = next_position(p)) {
        const tt_word *frame = frame_at(p);
        const struct tt_code_desc *desc = tt_desc_of(frame[0]);
        if (desc->kind != TT_CODE_RETURN && frame[0] != (tt_word)tt_special_exit) return enc_refuse(e, k);
        if (!put_code(e, desc)) return false;
    }
    return true;
}

static bool put_continuation(struct encoder *e, tt_word k)
{
    struct position p = {tt_closure(k)->slots[0], (size_t)tt_fixnum_value(tt_closure(k)->slots[1])};
    p = normal(p);
    buf_put_byte(e->out, WIRE_CONTINUATION);
    uint32_t *slot = p.stack == TT_FALSE ? NULL : share_slot(&e->share, frame_at(p));
    if (p.stack != TT_FALSE && !slot) return enc_fail(e, WIRE_NO_MEMORY);
    if (slot && *slot) {
        buf_put_varint(e->out, *slot);
        return true;
    }
    size_t n;
    uint32_t tail;
    if (!number_frames(e, p, &n, &tail)) return false;
    buf_put_byte(e->out, 0);
    buf_put_varint(e->out, n);
    buf_put_varint(e->out, tail);
    return put_frame_codes(e, k, p, n) &&
           (n == 0 ||
            enc_push(e,
                     (struct job){
                         .kind = JOB_FRAMES, .owner = p.stack, .offset = p.offset, .left = n, .total = n}));
}

bool enc_closure(struct encoder *e, tt_word v)
{
    bool is_new;
    if (!enc_begin_object(e, v, &is_new)) return false;
    if (!is_new) return true;
    if (tt_closure(v)->code == (tt_word)tt_continuation) return put_continuation(e, v);
    if (code_is_private(tt_closure(v)->code)) return enc_refuse(e, v);
    buf_put_byte(e->out, WIRE_CLOSURE);
    return put_code(e, tt_desc_of(tt_closure(v)->code)) &&
           enc_push_words(e, v, tt_closure(v)->slots, closure_slots(v));
}

/* The slots of the next frame. */
bool enc_step_frames(struct encoder *e)
{
    struct job *job = &e->jobs.items[e->jobs.n - 1];
    if (job->left == 0) {
        e->jobs.n--;
        return true;
    }
    struct position p = {job->owner, job->offset}, next = next_position(p);
    const tt_word *frame = frame_at(p);
    job->left--;
    job->owner = next.stack;
    job->offset = next.offset;
    return enc_push_words(e, TT_FALSE, frame + 1, frame_slots(frame));
}
