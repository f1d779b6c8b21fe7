/* Nodes of the hash trie behind the dictionaries of lib-scm/dict.scm: a vector
 *
 *   [ bitmap | count | child ... ]
 *
 * of bitmap (a fixnum, bit d: there is a child for the digit d), the number of
 * entries below, and the children in the order of their digits. The digit of a
 * hash at level n is its bits 4n to 4n + 3. What a child is only Scheme knows.
 * After P. Bagwell, Ideal Hash Trees, 2001. */
#ifndef RT_OBJ_TRIE_H
#define RT_OBJ_TRIE_H

#include "rt/obj/value.h"

#define TRIE_DIGIT_BITS 4
#define TRIE_LEVELS     8 /* more bits than a hash has */
#define TRIE_CHILDREN   2 /* index of the first child */

static inline unsigned trie_digit(tt_word hash, tt_word level)
{
    return (unsigned)(tt_fixnum_value(hash) >> TRIE_DIGIT_BITS * tt_fixnum_value(level)) & 15;
}

static inline bool trie_is_place(tt_word hash, tt_word level)
{
    return tt_is_fixnum(hash) && tt_is_fixnum(level) && (tt_word)tt_fixnum_value(level) < TRIE_LEVELS;
}

/* Index of the child with that digit in the vector, if it has one, or where it would be. */
static inline size_t trie_index(unsigned bitmap, unsigned digit)
{
    return TRIE_CHILDREN + (unsigned)__builtin_popcount(bitmap & ((1u << digit) - 1));
}

/* Is v a vector with a bitmap? That it has as many children as the bitmap says is not looked
 * at: who uses an index compares it with the length, so any vector is searched without harm. */
static inline bool trie_has_bitmap(tt_word v)
{
    return tt_is_type(v, TT_TYPE_VECTOR) && TT_OBJ(VECTOR, v)->length >= TRIE_CHILDREN &&
           tt_is_fixnum(TT_OBJ(VECTOR, v)->ref[0]);
}

static inline unsigned trie_bitmap(tt_word node)
{
    return (unsigned)tt_fixnum_value(TT_OBJ(VECTOR, node)->ref[0]) & 0xffff;
}

/* The child for a digit, or the default object. #f: it is no node. */
static inline bool trie_child(tt_word node, unsigned digit, tt_word *child)
{
    if (!trie_has_bitmap(node)) return false;
    unsigned bitmap = trie_bitmap(node);
    *child = TT_DEFAULT;
    if (!(bitmap >> digit & 1)) return true;
    size_t at = trie_index(bitmap, digit);
    if (at >= TT_OBJ(VECTOR, node)->length) return false;
    *child = TT_OBJ(VECTOR, node)->ref[at];
    return true;
}

#endif
