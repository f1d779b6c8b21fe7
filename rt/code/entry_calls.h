/* Prototypes of the functions that generated code calls (ENTRY_CALL rows). */
#ifndef RT_CODE_ENTRY_CALLS_H
#define RT_CODE_ENTRY_CALLS_H

#include "rt/obj/value.h"

struct worker;

tt_word tt_rest_list(struct worker *w, tt_word argc, tt_word from, tt_word a0, tt_word a1, tt_word a2,
                     tt_word a3, tt_word a4, tt_word a5);
void tt_fail_unbound(struct worker *w, tt_word symbol);
void tt_define_global(struct worker *w, void *slot, tt_word value);

#endif
