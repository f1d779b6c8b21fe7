/* The frontend's public door: source text to Core. */
#ifndef FRONTEND_FRONTEND_H
#define FRONTEND_FRONTEND_H

#include "frontend/core.h"

typedef struct FrontendOptions {
    const char *lib_dir;          /* where lib-scm's files are (base.scm ...) */
    const char *const *search;    /* directories for define-library files of the user, NULL-terminated */
    unsigned long expansion_fuel; /* macro uses before "endless expansion"; 0 = default */
    unsigned long depth_limit;    /* nesting of syntax before an error; 0 = default */
    /* Told of every file that the program is made of besides `source`: included ones, libraries. May be NULL. */
    void (*on_file)(void *context, const Source *file);
    void *on_file_context;
} FrontendOptions;

/* Reads and expands lib-scm and `source`. NULL when errors were reported. */
CoreProgram *front_program(Compilation *compilation, const Source *source, const FrontendOptions *options);
/* For --dump=datum: prints and returns false on error. */
bool front_dump_datums(Compilation *compilation, const Source *source, FILE *out);

#endif
