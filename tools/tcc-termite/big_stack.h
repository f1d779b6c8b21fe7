/* The compiler walks trees as deep as the program nests. It runs on a thread
 * with a stack far larger than any limit on nesting needs, and a stack that
 * overflows all the same ends in a message, not a crash. */
#ifndef TOOLS_TCC_TERMITE_BIG_STACK_H
#define TOOLS_TCC_TERMITE_BIG_STACK_H

#include <stdbool.h>

/* Runs `body(context)` there and waits for it. False: no thread or no memory. */
bool big_stack_run(void (*body)(void *context), void *context);

#endif
