/* Diagnostics: `file:line:col: error: text`, the source line, a caret, notes. */
#ifndef FRONTEND_BASE_DIAG_H
#define FRONTEND_BASE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "frontend/base/source.h"

typedef struct Diag Diag;

/* Messages go to `out`; the error after `limit` ones stops the compilation (0 = no limit). */
Diag *diag_new(Arena *arena, FILE *out, unsigned limit);
/* A span without a source prints no position. Text of the user's may stand in
 * messages as it is: what is not printable is replaced. */
void diag_error(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_warning(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Belongs to the error or warning before it; a line that was shown for that is not shown again. */
void diag_note(Diag *diag, Span span, const char *format, ...) __attribute__((format(printf, 3, 4)));
unsigned diag_error_count(const Diag *diag);
/* Runs `body(context)`; false when diag_stop or the error limit left it early. */
bool diag_catch(Diag *diag, void (*body)(void *context), void *context);
/* Leaves the innermost diag_catch, as ESCAPE_STOPPED (escape.h); errors were reported. */
_Noreturn void diag_stop(Diag *diag);

/* Our own mistake: prints where in the compiler, asks for a report, leaves as ESCAPE_ICE. */
#define ICE(...) ice_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void ice_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
