/* The pretty-printer of every dump: S-expressions, broken into lines where they
 * do not fit. The layout depends on the text only. */
#ifndef FRONTEND_BASE_SEXP_OUT_H
#define FRONTEND_BASE_SEXP_OUT_H

#include <stddef.h>
#include <stdio.h>

#include "frontend/base/arena.h"

typedef struct SexpOut SexpOut;

/* A list whose items fill lines, as many as fit, instead of one a line. */
#define SEXP_FILL 0xffffffffu

SexpOut *sexp_out_new(Arena *arena, FILE *out);
/* `(`. When the list does not fit on a line, its first n_head items stay beside
 * the parenthesis and the others get a line each, indented by two; n_head 0: a
 * list of equals, each on a line, indented by one. */
void sexp_open(SexpOut *sexp, unsigned n_head);
/* `)`. Closing the outermost list prints it and ends the line. */
void sexp_close(SexpOut *sexp);
/* Anything without structure of its own; inside a list. */
void sexp_atom(SexpOut *sexp, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sexp_text(SexpOut *sexp, const char *text, size_t length);

#endif
