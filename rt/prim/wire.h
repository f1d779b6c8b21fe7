/* Failures of the codec as conditions. */
#ifndef RT_PRIM_WIRE_H
#define RT_PRIM_WIRE_H

#include "rt/wire/wire.h"

/* A value could not be written: fills worker.failure, frees what `failure` has. TT_FAIL. */
tt_word wire_fail_encode(struct worker *w, const char *operation, struct wire_failure *failure);

#endif
