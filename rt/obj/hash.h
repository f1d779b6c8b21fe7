/* Hashes of 28 bits, so that they are fixnums on every node, and the same on
 * every node for data that can travel as data. */
#ifndef RT_OBJ_HASH_H
#define RT_OBJ_HASH_H

#include "rt/obj/value.h"

#define HASH_BITS 28

uint32_t hash_bytes(const void *bytes, size_t n);
/* Values that are equal? have equal hashes. Looks at a bounded part of the value. */
uint32_t hash_value(tt_word v);

#endif
