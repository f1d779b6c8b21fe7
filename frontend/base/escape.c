#include "frontend/base/escape.h"

#include <setjmp.h>
#include <stdlib.h>

typedef struct Catch {
    jmp_buf where;
    unsigned reasons;
    struct Catch *outer;
} Catch;

static _Thread_local Catch *innermost;

Escape escape_catch(unsigned reasons, void (*body)(void *context), void *context)
{
    Catch here = {.reasons = reasons, .outer = innermost};
    innermost = &here;
    Escape reason = (Escape)setjmp(here.where);
    if (reason == ESCAPE_NONE) body(context);
    innermost = here.outer;
    return reason;
}

_Noreturn void escape_to_catch(Escape reason)
{
    while (innermost && !(innermost->reasons & (unsigned)reason))
        innermost = innermost->outer;
    if (!innermost) abort();
    longjmp(innermost->where, (int)reason);
}
