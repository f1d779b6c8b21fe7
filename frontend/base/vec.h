/* Growable array in an arena: VEC(Type) v = {0}; vec_push(arena, &v, x);
 * v.items[i], v.count. */
#ifndef FRONTEND_BASE_VEC_H
#define FRONTEND_BASE_VEC_H

#include <stddef.h>
#include <string.h>

#include "frontend/base/arena.h"

#define VEC(Type)                                                                                            \
    struct {                                                                                                 \
        Type *items;                                                                                         \
        size_t count;                                                                                        \
        size_t capacity;                                                                                     \
    }

#define vec_push(arena, v, item)                                                                             \
    do {                                                                                                     \
        if ((v)->count == (v)->capacity) {                                                                   \
            size_t vec_cap_ = (v)->capacity ? (v)->capacity * 2 : 8;                                         \
            void *vec_new_ = arena_alloc((arena), vec_cap_ * sizeof *(v)->items);                            \
            if ((v)->count) memcpy(vec_new_, (v)->items, (v)->count * sizeof *(v)->items);                   \
            (v)->items = vec_new_;                                                                           \
            (v)->capacity = vec_cap_;                                                                        \
        }                                                                                                    \
        (v)->items[(v)->count++] = (item);                                                                   \
    } while (0)

#define vec_pop(v) ((v)->items[--(v)->count])

#endif
