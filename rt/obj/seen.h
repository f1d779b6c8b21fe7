/* A map from objects to words, for walks that must notice an object they meet
 * again. Lives during one call; objects do not move meanwhile. */
#ifndef RT_OBJ_SEEN_H
#define RT_OBJ_SEEN_H

#include "rt/obj/value.h"

struct seen_entry {
    tt_word object, mark;
};
struct seen {
    struct seen_entry *entries;
    size_t capacity, n;
};

/* The mark of the object, 0 when it is new; valid until the next call. NULL: no memory. */
tt_word *seen_mark(struct seen *seen, tt_word object);
/* 0 when it is not there. */
tt_word seen_get(const struct seen *seen, tt_word object);
void seen_set(struct seen *seen, tt_word object, tt_word mark); /* it is there */
void seen_free(struct seen *seen);

#endif
