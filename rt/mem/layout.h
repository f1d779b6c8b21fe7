/* What is inside an object, by type number: objects.def as data, for code that
 * walks objects of any type (collector, equality, hash, printer). */
#ifndef RT_MEM_LAYOUT_H
#define RT_MEM_LAYOUT_H

#include "rt/obj/value.h"

enum layout_tail { LAYOUT_NO_TAIL, LAYOUT_REFS, LAYOUT_BYTES, LAYOUT_TEXT, LAYOUT_FRAMES, LAYOUT_DOUBLE };

struct layout {
    uint8_t header_words; /* header and fields: words in front of the tail; 0 = no such type */
    uint8_t is_ref[6];    /* by word: a value? */
    uint8_t tail;         /* enum layout_tail */
    bool is_atomic;       /* holds no values at all */
    const char *name;
};

#define LAYOUT_TYPES 32
extern const struct layout layouts[LAYOUT_TYPES];

static inline const struct layout *layout_of(tt_word header)
{
    return &layouts[tt_header_type(header) % LAYOUT_TYPES];
}

/* Number of values in the tail (for LAYOUT_FRAMES: words). */
static inline size_t layout_tail_words(const struct layout *layout, const tt_word *object)
{
    return layout->tail == LAYOUT_REFS || layout->tail == LAYOUT_FRAMES ? object[1] : 0;
}

/* Size of an object in words, rounded up. */
size_t layout_size_words(const tt_word *object);

#endif
