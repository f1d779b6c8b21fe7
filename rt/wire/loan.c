#include "rt/wire/loan.h"

#include <assert.h>
#include <stdlib.h>

#include "rt/mem/heap.h"
#include "rt/wire/state.h"

#define SWEEP_MIN 16

/* Frees those that have been returned. */
static void sweep(struct loans *loans)
{
    for (struct loan **at = &loans->newest, *loan; (loan = *at);) {
        if (!atomic_load_explicit(&loan->is_returned, memory_order_acquire)) {
            at = &loan->older;
            continue;
        }
        *at = loan->older;
        loans->n--;
        free(loan);
    }
    loans->sweep_at = 2 * loans->n + SWEEP_MIN;
}

struct loan *loan_new(struct worker *w, tt_word object, const uint8_t *bytes, size_t n)
{
    assert(n > 0 && !heap_is_young(w, object));
    struct loans *loans = &w->wire->loans;
    if (loans->n >= loans->sweep_at) sweep(loans);
    struct loan *loan = malloc(sizeof *loan);
    if (!loan) return NULL;
    *loan = (struct loan){.bytes = bytes, .n = n, .object = object, .older = loans->newest};
    loans->newest = loan;
    loans->n++;
    return loan;
}

void loans_push(const struct loans *loans)
{
    for (const struct loan *loan = loans->newest; loan; loan = loan->older)
        if (!atomic_load_explicit(&loan->is_returned, memory_order_relaxed))
            heap_push(&loan->object, &loan->object + 1);
}
