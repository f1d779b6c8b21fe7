/* Broken invariants of the runtime itself: say so and abort. */
#ifndef RT_OS_CHECK_H
#define RT_OS_CHECK_H

__attribute__((noreturn, format(printf, 1, 2))) void tt_panic(const char *format, ...);

#endif
