/* Stable identity of code points. */
#ifndef IR_CODE_ID_H
#define IR_CODE_ID_H

#include "ir/clo.h"

/* Fills CloCode.id of every code point of the program.
 *
 * The id is a hash of what the code point does and of the layout of its frame
 * or closure: binders are numbered, globals go by module and name, primitives
 * and procedures by name, other code points by their ids. Names of variables
 * and procedures, positions, and the rest of the program have no part in it. */
void code_ids(CloProgram *program);

/* A line for each code point, in program order: id in hex, kind, classes of the
 * slots (an id: a closure of that code; - if there are none), procedure. */
void code_ids_print(FILE *out, const CloProgram *program, bool with_library);

#endif
