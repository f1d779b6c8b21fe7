#include "rt/code/backtrace.h"

#include <string.h>

/* Frames looked at before giving up: a library loop can be as deep as memory. */
#define FRAMES_MAX 100000
/* The same, each time that a condition is made. */
#define FRAMES_NEAR_MAX 1000

static const struct tt_site *site_at(const void *table, int32_t distance)
{
    return distance ? (const struct tt_site *)((const char *)table + distance) : NULL;
}

static struct place place_of_code(const struct tt_code_desc *desc)
{
    return (struct place){(const char *)desc + desc->name_off, (const char *)desc + desc->file_off,
                          desc->line, desc->column, site_at(desc, desc->inlined_off)};
}

static struct place place_of_static_site(const struct tt_site *s)
{
    return (struct place){(const char *)s + s->name_off, (const char *)s + s->file_off, s->line, s->column,
                          site_at(s, s->inlined_off)};
}

static bool is_user_code(const struct tt_code_desc *desc)
{
    return !(desc->flags & TT_DESC_RUNTIME) && desc->line != 0;
}

bool place_is_same(const struct place *a, const struct place *b)
{
    return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0;
}

static bool place_of_address(tt_word address, struct place *out)
{
    if (address & 1) {
        const struct tt_code_desc *desc = (const struct tt_code_desc *)(address - 1);
        *out = place_of_code(desc);
        return is_user_code(desc);
    }
    *out = place_of_static_site((const struct tt_site *)address);
    return out->line != 0;
}

bool site_is_program(tt_word site)
{
    struct place place;
    return place_of_address(site, &place);
}

bool place_of_site(tt_word site, struct place *out)
{
    return tt_is_fixnum(site) &&
           place_of_address((tt_word)tt_special_exit + (tt_word)tt_fixnum_value(site), out);
}

bool place_step_out(struct place *place)
{
    if (!place->inlined) return false;
    *place = place_of_static_site(place->inlined);
    return true;
}

static void add_one(struct places *places, const struct place *place)
{
    if (places->n && place_is_same(place, &places->items[places->n - 1])) return;
    if (places->n < places->limit)
        places->items[places->n++] = *place;
    else
        places->are_more = true;
}

void places_add(struct places *places, struct place place)
{
    do
        add_one(places, &place);
    while (place_step_out(&place));
}

/* A walk over the chunk, then over frozen stacks. */
struct walk {
    tt_word *frame, *end;
    tt_word below, below_offset;
};

static bool enter_below(struct walk *walk, tt_word stack, tt_word offset)
{
    if (stack == TT_FALSE) return false;
    struct tt_obj_STACK *s = TT_OBJ(STACK, stack);
    *walk = (struct walk){s->word + tt_fixnum_value(offset), s->word + s->length, s->below, s->below_offset};
    return true;
}

/* Steps to the next frame; false at the bottom. */
static bool step(struct walk *walk)
{
    walk->frame = frame_next(walk->frame);
    return walk->frame < walk->end || enter_below(walk, walk->below, walk->below_offset);
}

static bool is_underflow(const tt_word *frame) { return frame[0] == (tt_word)tt_special_underflow; }

/* Descriptors of the user's frames. */
struct frames {
    struct walk walk;
    size_t left; /* frames that will be looked at */
};

static const struct tt_code_desc *next_user_frame(struct frames *frames)
{
    struct walk *walk = &frames->walk;
    for (; frames->left; frames->left--) {
        if (is_underflow(walk->frame)) {
            if (!enter_below(walk, walk->frame[1], walk->frame[2])) break;
            continue;
        }
        const struct tt_code_desc *desc = tt_desc_of(walk->frame[0]);
        if (!step(walk)) frames->left = 1;
        if (is_user_code(desc)) {
            frames->left--;
            return desc;
        }
    }
    return NULL;
}

static struct frames frames_from(struct worker *w, tt_word *sp, size_t limit)
{
    return (struct frames){{sp, w->stack_top, TT_FALSE, 0}, limit};
}

tt_word site_of_frames(struct worker *w, tt_word *sp)
{
    struct frames frames = frames_from(w, sp, FRAMES_NEAR_MAX);
    const struct tt_code_desc *desc = next_user_frame(&frames);
    return desc ? site_of_code(desc) : 0;
}

void places_add_frames(struct places *places, struct worker *w, tt_word *sp)
{
    struct frames frames = frames_from(w, sp, FRAMES_MAX);
    const struct tt_code_desc *desc;
    while (!places->are_more && (desc = next_user_frame(&frames)))
        places_add(places, place_of_code(desc));
}
