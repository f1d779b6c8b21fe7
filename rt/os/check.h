/* Broken invariants of the runtime itself: say so and abort. */
#ifndef RT_OS_CHECK_H
#define RT_OS_CHECK_H

#include <stddef.h>

__attribute__((noreturn, format(printf, 1, 2))) void tt_panic(const char *format, ...);

/* Who says that, for output to be at its end too (output.h); in its place: standard error. */
void tt_on_panic(void (*say)(const char *text, size_t n));

#endif
