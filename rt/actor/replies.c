#include "rt/actor/replies.h"

#include <stdlib.h>

#include "rt/obj/far.h"

/* Serials of tags, each at a place that the serial itself says; 0: none. Serials are given in
 * order, so that calls made one after the other do not meet. */
struct replies {
    uint64_t tags[REPLIES_MAX];
};

static uint64_t *place_of(struct replies *all, uint64_t serial) { return &all->tags[serial % REPLIES_MAX]; }

void replies_drop(struct replies **all, tt_word tag)
{
    if (!*all && !(*all = calloc(1, sizeof **all))) return;
    *place_of(*all, near_serial(tag)) = near_serial(tag);
}

bool replies_take(struct replies *all, tt_word message)
{
    if (!all || !tt_is_pair(message) || !tag_is_own(tt_car(message))) return false;
    uint64_t serial = near_serial(tt_car(message)), *place = place_of(all, serial);
    if (*place != serial || serial == 0) return false;
    *place = 0;
    return true;
}
