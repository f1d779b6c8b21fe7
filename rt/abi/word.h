/* The machine word: tags, immediates, headers, limits.
 *
 * Data only. Every formula that depends on the word size takes it as a
 * parameter (`W`, bytes in a word of the *target*), so that the compiler can
 * use this header for a target that is not its host.
 *
 *   ..............ttt   low three bits of a value
 *   000  fixnum          value << 3
 *   001  pair            no header: [car][cdr]
 *   010  object          header word first, see objects.def
 *   011  closure         no header: [code][slot 0][slot 1]...; the descriptor in
 *                        front of the code says how many slots (code_desc.h)
 *   100  flonum          an object of type FLONUM, tagged so that the test needs no load
 *   110  header          first word of an object; never a value
 *   111  immediate       sub-tag in bits 3..7, payload above
 *
 * Forwarding during a minor collection: a pair whose car is TT_IMM_FORWARD has
 * its new address in its cdr; a closure whose code word has a non-zero tag, and
 * an object whose header word has not the header tag, hold their new (tagged)
 * address there. */
#ifndef RT_ABI_WORD_H
#define RT_ABI_WORD_H

#define TT_TAG_BITS      3
#define TT_TAG_MASK      7
#define TT_TAG_FIXNUM    0
#define TT_TAG_PAIR      1
#define TT_TAG_OBJECT    2
#define TT_TAG_CLOSURE   3
#define TT_TAG_FLONUM    4
#define TT_TAG_HEADER    6
#define TT_TAG_IMMEDIATE 7

/* Fixnums have W*8-3 bits, sign included. */
#define TT_FIXNUM_BITS(W) ((W) * 8 - TT_TAG_BITS)

/* Immediates: payload << 8 | sub-tag << 3 | 111. */
#define TT_IMM_SHIFT       8
#define TT_IMM_SUBTAG_MASK 0xff
#define TT_SUB_CONSTANT    0 /* immediates.def */
#define TT_SUB_CHAR        1 /* payload: Unicode scalar value */
/* These three with words of 8 bytes only: with shorter ones they are objects. */
#define TT_SUB_PID           2 /* serial << 28 | index, 28 bits each (rt/obj/far.h) */
#define TT_SUB_TAG           3 /* 56-bit counter */
#define TT_SUB_TIME          4 /* a deadline: microseconds of the monotonic clock (rt/obj/deadline.h) */
#define TT_IMM(sub, payload) (((payload) << TT_IMM_SHIFT) | ((sub) << TT_TAG_BITS) | TT_TAG_IMMEDIATE)
#define TT_PID_INDEX_BITS    28
#define TT_PID_SERIAL_BITS   28

/* Header word: type << 3 | 110. Lengths stand in a slot of their own, so that
 * they do not depend on the word size. */
#define TT_HEADER(type) (((type) << TT_TAG_BITS) | TT_TAG_HEADER)

/* Objects, pairs and closures begin at multiples of 8 bytes. */
#define TT_ALIGN 8

/* Arguments of a call that travel in registers, per convention of the target
 * (targets.def); the others stand in worker.xargs[i] at their own index i. */
#define TT_REG_ARGS_MAX 6

/* A function entry guarantees this many free words below sp; a code point whose
 * frames are larger checks for them itself. */
#define TT_STACK_REDZONE_WORDS 64

/* Arguments of one call, and parameters of one code point, in compiled code:
 * worker.xargs has room for them from the start. */
#define TT_MAX_DIRECT_ARGS 4096

/* Most parameters of a code point and arguments of a call in the IR (`apply` passes any number), and
 * most slots of a frame or closure. */
#define TT_MAX_ARGS  (1 << 20)
#define TT_MAX_SLOTS 65535

#endif
