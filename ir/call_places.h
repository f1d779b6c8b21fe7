/* A place in the program for every call that a report may have to name. */
#ifndef IR_CALL_PLACES_H
#define IR_CALL_PLACES_H

#include "ir/cps.h"

/* The frame of a call is what a report knows of it, so the call needs a return point of its own:
 *
 *  - a call of the library in tail position gets one that only returns (else the library fails on behalf of a call
 *    that has left no trace), if that costs no loop its constant space: the called procedure must not itself end in
 *    a call of a procedure that it does not know, as `apply` does;
 *  - calls at different places that go on alike get one each, which goes on there.
 *
 * Last of all: the passes would take these continuations away again. Keeps the use counts exact. */
void call_places_add(CpsProgram *program);

#endif
