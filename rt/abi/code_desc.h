/* The descriptor of a code point: the stack map, the closure map and what
 * crash reports print. The compiler emits one per code point in read-only data
 * and, as LLVM prefix data, the 32-bit distance `descriptor - code` in the four
 * bytes in front of the code. All fields are in the target's byte order.
 *
 * Layout, in bytes from the start (a multiple of 8):
 *    0  u8   kind          TT_CODE_*
 *    1  u8   flags         TT_DESC_*
 *    2  u16  n_slots       RETURN: live slots of the frame (frame = 1 + n_slots words,
 *                          word 0 the return point); CLOSURE: slots of the closure
 *    4  u16  n_params      DIRECT: parameters; RETURN: 1; CLOSURE: 0
 *    6  u16  min_args      CLOSURE: fewest arguments
 *    8  u16  max_args      CLOSURE: most arguments, 0xffff = any number
 *   10  u16  reserved
 *   12  i32  name_off      from the descriptor to its name, NUL-terminated UTF-8; behind that
 *                          the names of other procedures of the program whose code is part of
 *                          it, or of what its calls return to, the same; then, behind a space,
 *                          names of what it calls; an empty one ends the list
 *   16  i32  file_off      same, source file
 *   20  u32  line          1-based, 0 = unknown
 *   24  u32  column        1-based
 *   28  i32  code_off      from the descriptor to the code
 *   32  i32  inlined_off   from the descriptor to the site (struct tt_site) of the call that the
 *                          procedure's body stands for, where it is inlined; 0 = it is not
 *   36  u8   id[16]        code id
 *   52  u8   classes[]     n_slots classes of the slots, then n_params of the parameters
 *       then, at the next multiple of 4, an i32 for each class CODE among them, in
 *       their order: the distance from the i32 itself to the code of the closure
 *
 * All code points of a program are listed in the array of i32 at
 * `tt_code_table` (`tt_code_table_size` entries): distance from the entry itself
 * to the descriptor, sorted by id. */
#ifndef RT_ABI_CODE_DESC_H
#define RT_ABI_CODE_DESC_H

#include <stdint.h>

#define TT_CODE_CLOSURE 1 /* entered with self, argc and arguments */
#define TT_CODE_DIRECT  2 /* entered by known callers with n_params parameters */
#define TT_CODE_RETURN  3 /* entered by a return, with one value; sp points to its frame */
#define TT_CODE_SPECIAL 4 /* a return point of the runtime, see rt/code/special.def */

#define TT_DESC_USES_SELF 1 /* DIRECT: `self` holds a closure that is live at entry */
#define TT_DESC_RUNTIME   2 /* part of the runtime or library: left out of backtraces */

struct tt_code_desc {
    uint8_t kind;
    uint8_t flags;
    uint16_t n_slots;
    uint16_t n_params;
    uint16_t min_args;
    uint16_t max_args;
    uint16_t reserved;
    int32_t name_off;
    int32_t file_off;
    uint32_t line;
    uint32_t column;
    int32_t code_off;
    int32_t inlined_off;
    uint8_t id[16];
    uint8_t classes[];
};

/* Where a check failed, for reports; emitted beside the descriptors and stored
 * in worker.site by the failing path. The procedure is the one that the operation
 * was written in, which inlining may have moved into another code point; the call
 * that it was inlined at is a site, too. Offsets from the site itself. */
struct tt_site {
    int32_t name_off; /* to the name of the procedure */
    int32_t file_off; /* to the name of the source file */
    uint32_t line;    /* 0: in the library or unknown */
    uint32_t column;
    int32_t inlined_off; /* to the site of the call; 0: not inlined */
};

#endif
