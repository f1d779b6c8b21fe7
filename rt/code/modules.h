/* Code points by their id: what a frame or closure names that was made by
 * another process of this OS, or another node. */
#ifndef RT_CODE_MODULES_H
#define RT_CODE_MODULES_H

#include "rt/abi/code_desc.h"
#include "rt/abi/program.h"
#include "rt/obj/value.h"

/* The descriptor of the program's or the runtime's code point with that id, or NULL. */
const struct tt_code_desc *module_find(const struct tt_program *program, const uint8_t id[16]);
/* Some code point of the program in which there is code of the procedure of that name, or NULL. Slow. */
const struct tt_code_desc *module_find_named(const struct tt_program *program, const void *name, size_t n);
/* Number i of program->n_codes, in the order of their ids. */
const struct tt_code_desc *module_at(const struct tt_program *program, size_t i);
/* A hash of the ids of all code points and of what the decoder checks of them, the
 * same on every architecture: in HELLO, to tell nodes that run different builds.
 * Reads all descriptors. */
void module_digest(const struct tt_program *program, uint8_t out[32]);
static inline tt_word code_of_desc(const struct tt_code_desc *desc)
{
    return (tt_word)desc + (tt_word)(tt_sword)desc->code_off;
}

#endif
