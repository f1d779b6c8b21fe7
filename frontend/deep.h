/* Recursion over programs of any depth: on a stack of its own, large enough for
 * the depth that the expander lets through. */
#ifndef FRONTEND_DEEP_H
#define FRONTEND_DEEP_H

#include <stddef.h>

/* Calls body(context) on a large stack and waits for it. `body` must not leave
 * by diag_stop: catch inside of it. Returns the size of the stack in bytes
 * (smaller than asked when memory is limited). */
size_t deep_call(void (*body)(void *context, size_t stack_bytes), void *context);

#endif
