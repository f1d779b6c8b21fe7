/* The command line. Tables: options.def, stages.def. */
#ifndef TOOLS_TCC_TERMITE_OPTIONS_H
#define TOOLS_TCC_TERMITE_OPTIONS_H

#include <stdbool.h>

#define EXIT_COMPILE_ERROR 1 /* also: no memory */
#define EXIT_BAD_OPTIONS   64
#define EXIT_ICE           70 /* the compiler's own mistake */

typedef enum Stage {
#define STAGE(id, name, help) STAGE_##id,
#include "tools/tcc-termite/stages.def"
#undef STAGE
    N_STAGES,
    STAGE_IR_PASS = N_STAGES, /* a pass of the ir, known by name */
    STAGE_NONE
} Stage;

typedef enum Output { OUTPUT_EXECUTABLE, OUTPUT_OBJECT, OUTPUT_ASSEMBLY, OUTPUT_LLVM, OUTPUT_BITCODE } Output;

typedef struct Options {
    bool is_run; /* the command is `run` */
    const char *input;
    char **program_args; /* for `run`, NULL-terminated */
    const char *output;  /* NULL: named after the input */
    Output kind;
    int level;
    bool debug_info, is_static, dump_library, verify, show_time, verbose;
    bool with_tls, without_tls; /* neither: the program decides */
    const char *target;         /* NULL: host */
    Stage dump, stop_after;
    const char *dump_name, *stop_name;
    const char *pass;
    int opt_limit;             /* passes to run, 0: all */
    const char **include_dirs; /* NULL-terminated */
} Options;

/* Reads the command line. When nothing is left to do (--help, --version, an
 * error) returns false and the exit code. */
bool options_parse(Options *options, int argc, char **argv, int *exit_code_out);

#endif
