/* Closures and continuations: code is what this program has under its id, and
 * slots are what that code says. */
#include <stdlib.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/code/modules.h"
#include "rt/mem/node.h"
#include "rt/os/sizes.h"
#include "rt/wire/code.h"
#include "rt/wire/decoder.h"

/* -- code ------------------------------------------------------------------ */

bool dec_code_entry(struct decoder *d, struct code_entry *out)
{
    size_t chars;
    if (!dec_bytes(d, WIRE_ID_BYTES, &out->id) || !dec_byte(d, &out->kind) || !dec_varint(d, &out->n_slots) ||
        !dec_text(d, &out->names, &out->n_names, &chars))
        return false;
    return out->n_names <= WIRE_MAX_NAMES_BYTES || dec_fail(d, WIRE_TOO_LARGE);
}

static bool fail_missing(struct decoder *d, const struct code_entry *entry, size_t n_behind)
{
    dec_fail(d, WIRE_UNKNOWN_CODE);
    dec_describe_missing(d, entry, n_behind);
    return false;
}

/* n_behind: so many codes follow, of which a report may speak too. */
static bool read_new_code(struct decoder *d, size_t n_behind, const struct tt_code_desc **out)
{
    struct code_entry entry;
    if (!dec_code_entry(d, &entry)) return false;
    const struct tt_code_desc *desc = module_find(d->w->node->program, entry.id);
    if (!desc) return fail_missing(d, &entry, n_behind);
    if (desc->kind != entry.kind || desc->n_slots != entry.n_slots) {
        memcpy(d->failure->code_id, entry.id, WIRE_ID_BYTES);
        return dec_fail(d, WIRE_WRONG_CODE);
    }
    if (!TABLE_ROOM(d, codes)) return false;
    *out = d->codes[d->n_codes++] = desc;
    return true;
}

static bool read_code(struct decoder *d, size_t n_behind, const struct tt_code_desc **out)
{
    uint64_t n;
    if (!dec_varint(d, &n)) return false;
    if (n > d->n_codes) return dec_fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return read_new_code(d, n_behind, out);
    *out = d->codes[n - 1];
    return true;
}

/* Continuations have a form of their own, which makes sure that theirs are a stack and a frame in it. */
static bool is_closure_code(const struct tt_code_desc *desc)
{
    tt_word code = code_of_desc(desc);
    return desc->kind == TT_CODE_CLOSURE && code != (tt_word)tt_continuation && !code_is_private(code);
}

static struct tt_closure *make_closure(struct decoder *d, tt_word code, size_t n_slots, tt_word *slot)
{
    struct tt_closure *closure = dec_allocate(d, sizeof *closure, n_slots);
    if (!closure) return NULL;
    closure->code = code;
    *slot = tt_tagged(closure, TT_TAG_CLOSURE);
    return closure;
}

bool dec_closure(struct decoder *d, tt_word *slot)
{
    const struct tt_code_desc *desc;
    if (!read_code(d, 0, &desc)) return false;
    if (!is_closure_code(desc)) return dec_fail(d, WIRE_WRONG_CODE);
    if (desc->n_slots > dec_bytes_left(d)) return dec_fail(d, WIRE_TRUNCATED);
    struct tt_closure *closure = make_closure(d, code_of_desc(desc), desc->n_slots, slot);
    return closure && dec_add_object(d, *slot) && dec_push_slots(d, closure->slots, desc);
}

/* -- continuations --------------------------------------------------------- */

static bool is_exit(const struct tt_code_desc *desc)
{
    return code_of_desc(desc) == (tt_word)tt_special_exit;
}

/* The codes of n frames. *words_out: what the frames take. The exit frame is the
 * last one, and is there exactly if nothing follows. */
static bool read_frame_codes(struct decoder *d, size_t n, bool is_bottom, const struct tt_code_desc **codes,
                             size_t *words_out)
{
    *words_out = n;
    for (size_t i = 0; i < n; i++) {
        if (!read_code(d, n - 1 - i, &codes[i])) return false;
        if (is_exit(codes[i]) != (is_bottom && i == n - 1)) return dec_fail(d, WIRE_BAD_STACK);
        if (codes[i]->kind != TT_CODE_RETURN && !is_exit(codes[i])) return dec_fail(d, WIRE_WRONG_CODE);
        if (!size_take(words_out, codes[i]->n_slots, n + dec_bytes_left(d)))
            return dec_fail(d, WIRE_TRUNCATED);
    }
    return true;
}

/* Gives the n frames of a stack the next numbers. */
static bool number_frames(struct decoder *d, tt_word stack, size_t n)
{
    size_t first = d->n_positions;
    if (!TABLE_RESERVE(d, positions, n) || !TABLE_ROOM(d, frame_runs)) return false;
    d->frame_runs[d->n_frame_runs++] = (struct run){(uint32_t)first, (uint32_t)n};
    d->positions[first] = (struct position){stack, 0};
    d->n_positions += n;
    return true;
}

/* Of frame number n, which there is. */
static struct position position_of(struct decoder *d, size_t n)
{
    struct run *run = dec_find_run(d->frame_runs, d->n_frame_runs, n);
    if (!run) return d->positions[n];
    tt_word stack = d->positions[run->first].stack;
    tt_word *frame = TT_OBJ(STACK, stack)->word;
    for (size_t i = 0; i < run->n; i++, frame = frame_next(frame))
        d->positions[run->first + i] = (struct position){stack, (size_t)(frame - TT_OBJ(STACK, stack)->word)};
    run->n = 0;
    return d->positions[n];
}

static void lay_frames(tt_word stack, size_t n, const struct tt_code_desc *const *codes)
{
    size_t offset = 0;
    for (size_t i = 0; i < n; i++) {
        TT_OBJ(STACK, stack)->word[offset] = code_of_desc(codes[i]);
        offset += 1 + codes[i]->n_slots;
        TT_OBJ(STACK, stack)->length = offset; /* covers what is a frame already */
    }
}

static bool make_stack(struct decoder *d, struct position below, size_t n,
                       const struct tt_code_desc *const *codes, size_t words, tt_word *slot)
{
    struct tt_obj_STACK *stack = dec_allocate(d, sizeof *stack, words);
    if (!stack) return false;
    stack->header = TT_HEADER((tt_word)TT_TYPE_STACK);
    stack->below = below.stack;
    stack->below_offset = tt_fixnum((tt_sword)below.offset);
    stack->depth = words + stack_depth_at(below.stack, below.offset);
    *slot = tt_tagged(stack, TT_TAG_OBJECT);
    lay_frames(*slot, n, codes);
    return number_frames(d, *slot, n) && dec_push(d, FILL_FRAMES, stack->word, n);
}

/* A run of new frames on top of an older one (number `tail`), which is complete
 * as far as its frames go: so there are no circular stacks. */
static bool read_frames(struct decoder *d, tt_word *slot)
{
    size_t n, words;
    uint64_t tail;
    if (!dec_count(d, &n)) return false;
    if (n > WIRE_MAX_OBJECTS - d->n_positions) return dec_fail(d, WIRE_TOO_LARGE);
    if (!dec_varint(d, &tail)) return false;
    if (tail > d->n_positions) return dec_fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return tail == 0 || dec_fail(d, WIRE_BAD_STACK);
    struct position below = tail ? position_of(d, tail - 1) : (struct position){TT_FALSE, 0};
    const struct tt_code_desc **codes = items_new(n, sizeof *codes);
    if (!codes) return dec_fail(d, WIRE_NO_MEMORY);
    bool ok = read_frame_codes(d, n, tail == 0, codes, &words) && make_stack(d, below, n, codes, words, slot);
    free(codes);
    return ok;
}

bool dec_continuation(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    struct tt_closure *k = make_closure(d, (tt_word)tt_continuation, 2, slot);
    if (!k || !dec_add_object(d, *slot)) return false;
    k->slots[0] = TT_FALSE;
    if (!dec_varint(d, &n)) return false;
    if (n > d->n_positions) return dec_fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return read_frames(d, &k->slots[0]);
    struct position p = position_of(d, n - 1);
    k->slots[0] = p.stack;
    k->slots[1] = tt_fixnum((tt_sword)p.offset);
    return true;
}
