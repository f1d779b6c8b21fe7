/* Libraries: the standard ones (library.def), which are views of lib-scm, and
 * those that programs define with `define-library`. */
#ifndef FRONTEND_LIBRARY_H
#define FRONTEND_LIBRARY_H

#include "frontend/expand.h"

Libraries *libraries_new(Arena *arena);
/* Makes `(define-library name ...)` known; it is expanded when first imported. */
void library_declare(Expander *x, Datum *form);
/* Binds what the `(import set ...)` forms ask for. Expands the libraries that
 * were not imported before. */
void library_import(Expander *x, Environment *into, Datum *const *forms, size_t n_forms);
bool library_exists(Expander *x, const Datum *name);
/* A library that exports the name, as in "(srfi 1)", and what it stands for there; NULL if none does. */
const char *library_exporting(Expander *x, Symbol *name, const Binding **binding_out);
bool library_has_feature(const char *name);
/* The features that `cond-expand` knows, by number; NULL behind the last. */
const char *library_feature(size_t index);

#endif
