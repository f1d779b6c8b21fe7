/* The bytes of a STRING: UTF-8, a NUL, and if the text is not ASCII an index.
 *
 *     | text (`length` bytes) | 0 | up to a multiple of 4 | entry 1 | entry 2 | ...
 *
 * Entry k, an unsigned integer of 4 bytes in the byte order of the machine, says at which byte
 * character number k * TT_TEXT_BLOCK begins. Text of one block needs no entry. Data only, as word.h. */
#ifndef RT_ABI_TEXT_H
#define RT_ABI_TEXT_H

#define TT_TEXT_BLOCK       32
#define TT_TEXT_ENTRY_BYTES 4

/* Bytes of the longest text that has an index. */
#define TT_TEXT_INDEXED_MAX 0xffffffffu

/* Where the entries begin, counted from the text; they end the object. */
#define TT_TEXT_INDEX_AT(length) (((length) / TT_TEXT_ENTRY_BYTES + 1) * TT_TEXT_ENTRY_BYTES)
#define TT_TEXT_ENTRIES(length, chars)                                                                       \
    ((chars) == (length) || (chars) == 0 ? 0 : ((chars) - 1) / TT_TEXT_BLOCK)
#define TT_TEXT_TAIL_BYTES(length, chars)                                                                    \
    (TT_TEXT_INDEX_AT(length) + TT_TEXT_ENTRIES(length, chars) * TT_TEXT_ENTRY_BYTES)

#endif
