#include "rt/obj/equal.h"

#include <stdlib.h>
#include <string.h>

#include "rt/obj/arith.h"
#include "rt/obj/seen.h"
#include "rt/obj/string.h"
#include "rt/os/sizes.h"

static bool same_fields(tt_word a, tt_word b)
{
    /* NODE and SERVICE: two fields, whose values are atoms, strings or a NODE. */
    for (size_t i = 1; i <= 2; i++) {
        tt_word x = tt_words(a)[i], y = tt_words(b)[i];
        bool same = tt_is_type(x, TT_TYPE_STRING) && tt_is_type(y, TT_TYPE_STRING) ? string_equal(x, y)
                                                                                   : value_eqv(x, y);
        if (!same) return false;
    }
    return true;
}

bool value_eqv(tt_word a, tt_word b)
{
    if (a == b) return true;
    if (!tt_is_pointer(a) || tt_tag(a) != tt_tag(b)) return false;
    if (tt_is_flonum(a)) return num_eqv(a, b);
    if (!tt_is_object(a) || *tt_words(a) != *tt_words(b)) return false;
    switch (tt_header_type(*tt_words(a))) {
    case TT_TYPE_BIGNUM:
    case TT_TYPE_RATNUM: return num_eqv(a, b);
    case TT_TYPE_NODE:
    case TT_TYPE_SERVICE: return same_fields(a, b);
    case TT_TYPE_PORT:
        return TT_OBJ(PORT, a)->number == TT_OBJ(PORT, b)->number; /* came back from elsewhere */
    default: return false;
    }
}

/* -- equal? -------------------------------------------------------------- */

/* Words of two objects that are still to be compared. */
struct range {
    const tt_word *a, *b;
    size_t n;
};

#define INLINE_RANGES 64
/* Comparisons before cycles (and unfoldings of exponential size) are suspected. */
#define TRUSTED_STEPS ((size_t)1 << 20)

struct comparison {
    struct range *ranges; /* a stack */
    size_t n, capacity;
    size_t steps;
    struct seen classes; /* object -> another object of its class, 0 at the root of a class */
    struct range inline_ranges[INLINE_RANGES];
};

static void no_memory(void) { abort(); }

static void push(struct comparison *c, const tt_word *a, const tt_word *b, size_t n)
{
    if (n == 0) return;
    if (c->n == c->capacity) {
        bool is_inline = c->ranges == c->inline_ranges;
        struct range *ranges = items_resize(is_inline ? NULL : c->ranges, 2 * c->capacity, sizeof *ranges);
        if (!ranges) no_memory();
        if (is_inline) memcpy(ranges, c->inline_ranges, sizeof c->inline_ranges);
        c->ranges = ranges;
        c->capacity *= 2;
    }
    c->ranges[c->n++] = (struct range){a, b, n};
}

static tt_word class_of(struct comparison *c, tt_word v)
{
    for (;;) {
        tt_word *parent = seen_mark(&c->classes, v);
        if (!parent) no_memory();
        if (!*parent) return v;
        tt_word next = *parent, beyond = seen_get(&c->classes, next);
        if (beyond) seen_set(&c->classes, v, beyond); /* halve the path */
        v = next;
    }
}

/* Assumes from now on that a and b are equal; true if that was assumed already.
 * Sound: if they are not, the comparison under way will say so. */
static bool assume_equal(struct comparison *c, tt_word a, tt_word b)
{
    if (c->steps <= TRUSTED_STEPS) return false;
    tt_word class_a = class_of(c, a), class_b = class_of(c, b);
    if (class_a == class_b) return true;
    seen_set(&c->classes, class_a, class_b);
    return false;
}

static bool equal_objects(struct comparison *c, tt_word a, tt_word b)
{
    if (*tt_words(a) != *tt_words(b)) return false;
    switch (tt_header_type(*tt_words(a))) {
    case TT_TYPE_STRING: return string_equal(a, b);
    case TT_TYPE_BYTEVECTOR:
        return TT_OBJ(BYTEVECTOR, a)->length == TT_OBJ(BYTEVECTOR, b)->length &&
               memcmp(TT_OBJ(BYTEVECTOR, a)->byte, TT_OBJ(BYTEVECTOR, b)->byte,
                      TT_OBJ(BYTEVECTOR, a)->length) == 0;
    case TT_TYPE_VECTOR:
        if (TT_OBJ(VECTOR, a)->length != TT_OBJ(VECTOR, b)->length) return false;
        if (!assume_equal(c, a, b))
            push(c, TT_OBJ(VECTOR, a)->ref, TT_OBJ(VECTOR, b)->ref, TT_OBJ(VECTOR, a)->length);
        return true;
    case TT_TYPE_RECORD:
        if (TT_OBJ(RECORD, a)->length != TT_OBJ(RECORD, b)->length ||
            TT_OBJ(RECORD, a)->type != TT_OBJ(RECORD, b)->type)
            return false;
        if (!assume_equal(c, a, b))
            push(c, TT_OBJ(RECORD, a)->ref, TT_OBJ(RECORD, b)->ref, TT_OBJ(RECORD, a)->length);
        return true;
    default: return value_eqv(a, b);
    }
}

/* False: surely different. True: equal if what was pushed is. */
static bool compare_one(struct comparison *c, tt_word a, tt_word b)
{
    c->steps++;
    if (a == b) return true;
    if (tt_tag(a) != tt_tag(b)) return false;
    switch (tt_tag(a)) {
    case TT_TAG_PAIR:
        if (!assume_equal(c, a, b)) push(c, tt_words(a), tt_words(b), 2);
        return true;
    case TT_TAG_OBJECT: return equal_objects(c, a, b);
    default: return value_eqv(a, b);
    }
}

static bool compare_all(struct comparison *c)
{
    while (c->n > 0) {
        struct range *top = &c->ranges[c->n - 1];
        tt_word a = *top->a++, b = *top->b++;
        if (--top->n == 0) c->n--; /* before descending: a list takes one range */
        if (!compare_one(c, a, b)) return false;
    }
    return true;
}

bool value_equal(tt_word a, tt_word b)
{
    struct comparison c;
    c.ranges = c.inline_ranges;
    c.n = c.steps = 0;
    c.capacity = INLINE_RANGES;
    c.classes = (struct seen){0};
    bool equal = compare_one(&c, a, b) && compare_all(&c);
    if (c.ranges != c.inline_ranges) free(c.ranges);
    seen_free(&c.classes);
    return equal;
}

tt_word value_eqv_aside(struct worker *w, tt_word a, tt_word b) { return tt_bool(value_eqv(a, b)); }
tt_word value_equal_aside(struct worker *w, tt_word a, tt_word b) { return tt_bool(value_equal(a, b)); }
