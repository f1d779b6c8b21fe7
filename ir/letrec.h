/* Order of the bindings of a letrec* (Ghuloum and Dybvig, "Fixing letrec
 * (reloaded)"). */
#ifndef IR_LETREC_H
#define IR_LETREC_H

#include "frontend/core.h"

/* Strongly connected bindings, in an order in which they can be made. */
typedef struct LetrecGroup {
    uint32_t n;
    uint32_t *members; /* indices into the letrec's vars, ascending */
    bool is_recursive; /* names itself */
} LetrecGroup;

/* Returns the groups of `letrec` and their number; *letrec is a CORE_LETREC. */
LetrecGroup *letrec_groups(Arena *arena, const Core *letrec, uint32_t *n_out);

#endif
