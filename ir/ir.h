/* The ir's public door: Core to Clo. */
#ifndef IR_IR_H
#define IR_IR_H

#include "ir/clo.h"

typedef struct IrOptions {
    int level;              /* 0 no optimisation, 1 cheap, 2 default, 3 more inlining */
    int opt_limit;          /* passes to run over the program, 0: all */
    const char *dump;       /* pass or stage whose result is printed to dump_out, or NULL */
    const char *stop_after; /* stage to stop after, or NULL */
    FILE *dump_out;
    bool with_library; /* dumps include lib-scm */
    bool verify;       /* run the checkers after every pass */
} IrOptions;

CloProgram *ir_lower(Compilation *compilation, CoreProgram *core, const IrOptions *options);
/* Reads CPS text, runs one pass by name, prints CPS (tests/ir). False on errors. */
bool ir_run_pass_on_text(Compilation *compilation, const Source *source, const char *pass, FILE *out);
/* Names and one-line descriptions of the stages, for --help; NULL at the end. */
const char *ir_stage_name(unsigned index, const char **description_out);

#endif
