/* Values of the host's word size: tagging, and structs from objects.def. */
#ifndef RT_OBJ_VALUE_H
#define RT_OBJ_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/abi/word.h"

typedef uintptr_t tt_word;
typedef intptr_t tt_sword;

#define TT_W sizeof(tt_word)

enum {
#define IMMEDIATE(name, payload, text) TT_PAYLOAD_##name = payload,
#include "rt/abi/immediates.def"
#undef IMMEDIATE
};
#define TT_CONST(name) ((tt_word)TT_IMM(TT_SUB_CONSTANT, (tt_word)TT_PAYLOAD_##name))
#define TT_FALSE       TT_CONST(FALSE)
#define TT_TRUE        TT_CONST(TRUE)
#define TT_NIL         TT_CONST(NIL)
#define TT_EOF         TT_CONST(EOF)
#define TT_VOID        TT_CONST(VOID)
#define TT_DEFAULT     TT_CONST(DEFAULT)
#define TT_UNBOUND     TT_CONST(UNBOUND)
#define TT_FORWARD     TT_CONST(FORWARD)
#define TT_FAIL        TT_CONST(FAIL)
#define TT_NONE        TT_CONST(NONE)

enum tt_type {
#define OBJECT(name, number, fields, tail) TT_TYPE_##name = number,
#include "rt/abi/objects.def"
#undef OBJECT
};

static inline unsigned tt_tag(tt_word v) { return (unsigned)(v & TT_TAG_MASK); }
static inline bool tt_is_fixnum(tt_word v) { return tt_tag(v) == TT_TAG_FIXNUM; }
static inline bool tt_is_pair(tt_word v) { return tt_tag(v) == TT_TAG_PAIR; }
static inline bool tt_is_object(tt_word v) { return tt_tag(v) == TT_TAG_OBJECT; }
static inline bool tt_is_closure(tt_word v) { return tt_tag(v) == TT_TAG_CLOSURE; }
static inline bool tt_is_flonum(tt_word v) { return tt_tag(v) == TT_TAG_FLONUM; }
static inline bool tt_is_immediate(tt_word v) { return tt_tag(v) == TT_TAG_IMMEDIATE; }
/* A value that refers to memory: pair, object, closure, flonum. */
static inline bool tt_is_pointer(tt_word v) { return tt_tag(v) - 1u < 4u; }
static inline bool tt_is_sub(tt_word v, unsigned sub)
{
    return (v & TT_IMM_SUBTAG_MASK) == ((sub << TT_TAG_BITS) | TT_TAG_IMMEDIATE);
}

static inline tt_word tt_fixnum(tt_sword n) { return (tt_word)n << TT_TAG_BITS; }
static inline tt_sword tt_fixnum_value(tt_word v) { return (tt_sword)v >> TT_TAG_BITS; }
#define TT_FIXNUM_MAX ((tt_sword)(UINTPTR_MAX >> 1 >> TT_TAG_BITS))
#define TT_FIXNUM_MIN (-TT_FIXNUM_MAX - 1)
static inline tt_word tt_bool(bool b) { return b ? TT_TRUE : TT_FALSE; }
static inline tt_word tt_char(uint32_t c) { return TT_IMM(TT_SUB_CHAR, (tt_word)c); }
static inline uint32_t tt_char_value(tt_word v) { return (uint32_t)(v >> TT_IMM_SHIFT); }

/* Address of the first word behind a tagged value. */
static inline tt_word *tt_words(tt_word v) { return (tt_word *)(v & ~(tt_word)TT_TAG_MASK); }
static inline tt_word tt_tagged(const void *p, unsigned tag) { return (tt_word)p | tag; }

struct tt_pair {
    tt_word car, cdr;
};
static inline struct tt_pair *tt_pair(tt_word v) { return (struct tt_pair *)(v - TT_TAG_PAIR); }
static inline tt_word tt_car(tt_word v) { return tt_pair(v)->car; }
static inline tt_word tt_cdr(tt_word v) { return tt_pair(v)->cdr; }

struct tt_closure {
    tt_word code;
    tt_word slots[];
};
static inline struct tt_closure *tt_closure(tt_word v) { return (struct tt_closure *)(v - TT_TAG_CLOSURE); }

/* struct tt_obj_VECTOR { header, fields..., tail } and so on; tails by name:
 * `.ref[]` values, `.byte[]`, `.word[]` frames, `.number` the double. */
#define FIELD(name, kind) tt_word name;
#define NO_TAIL
#define TAIL_REF    tt_word ref[];
#define TAIL_BYTES  uint8_t byte[];
#define TAIL_TEXT   uint8_t byte[];
#define TAIL_FRAMES tt_word word[];
#define TAIL_DOUBLE tt_double number;
/* Behind a word, whatever the size of that. */
typedef double tt_double __attribute__((aligned(sizeof(tt_word))));
#define OBJECT(name, number_, fields, tail)                                                                  \
    struct tt_obj_##name {                                                                                   \
        tt_word header;                                                                                      \
        fields tail                                                                                          \
    };
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
#undef NO_TAIL
#undef TAIL_REF
#undef TAIL_BYTES
#undef TAIL_TEXT
#undef TAIL_FRAMES
#undef TAIL_DOUBLE

static inline unsigned tt_header_type(tt_word header) { return (unsigned)(header >> TT_TAG_BITS) & 0xff; }
static inline bool tt_is_type(tt_word v, enum tt_type type)
{
    return tt_is_object(v) && *tt_words(v) == TT_HEADER((tt_word)type);
}
/* TT_OBJ(VECTOR, v)->length, for a v known to have the type. */
#define TT_OBJ(name, v) ((struct tt_obj_##name *)tt_words(v))

#endif
