/* Runs the passes in rounds: each one makes work for the others, and what is
 * left after a few rounds is not worth the compile time. */
#include "ir/passes.h"

#include <stdlib.h>
#include <string.h>

typedef enum PassId {
#define PASS(id, name, function, description) PASS_##id,
#include "ir/passes.def"
#undef PASS
    N_PASSES
} PassId;

typedef struct PassRow {
    const char *name;
    bool (*run)(CpsProgram *program);
} PassRow;

static const PassRow rows[] = {
#define PASS(id, name, function, description) {name, function},
#include "ir/passes.def"
#undef PASS
};

#define N_ROUNDS   4
#define N_CLEANUPS 4 /* runs of known and shrink at the end */

/* Whether the options say to stop here. Dumps show the last run of a pass. */
static bool finish_pass(CpsProgram *program, const IrOptions *options, const PassRow *pass,
                        bool is_last_round)
{
    if (options->verify) cps_check(program, pass->name);
    if (!is_last_round) return false;
    if (options->dump && !strcmp(options->dump, pass->name))
        cps_print(options->dump_out, program, options->with_library);
    return options->stop_after && !strcmp(options->stop_after, pass->name);
}

/* Whether some pass is dumped or stopped at: then every round runs. */
static bool names_pass(const char *name)
{
    for (size_t i = 0; name && i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, name)) return true;
    return false;
}

static bool is_over_limit(const IrOptions *options, int n_run)
{
    return options->opt_limit && n_run >= options->opt_limit;
}

static void clean_up(CpsProgram *program, const IrOptions *options, int n_run)
{
    bool changed = true;
    for (int i = 0; changed && i < N_CLEANUPS && !is_over_limit(options, n_run + i); i++) {
        changed = pass_known(program);
        changed |= pass_shrink(program);
        if (options->verify) cps_check(program, "cleanup");
    }
}

bool passes_run(CpsProgram *program, const IrOptions *options)
{
    int n_rounds = options->level == 0 ? 0 : options->level == 1 ? 2 : N_ROUNDS;
    bool all_rounds = names_pass(options->dump) || names_pass(options->stop_after);
    program->level = options->level;
    program->trace = options->dump && !strcmp(options->dump, "inline") ? options->dump_out : NULL;
    program->trace_library = options->with_library;
    bool changed = true;
    int n_run = 0;
    for (int round = 0; round < n_rounds && (changed || all_rounds); round++) {
        changed = false;
        for (size_t i = 0; i < sizeof rows / sizeof *rows && !is_over_limit(options, n_run); i++) {
            n_run++;
            changed |= rows[i].run(program);
            if (finish_pass(program, options, &rows[i], round == n_rounds - 1)) return false;
        }
    }
    if (n_rounds && changed) clean_up(program, options, n_run);
    return true;
}

bool pass_run_by_name(CpsProgram *program, const char *name)
{
    program->level = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, name)) {
            rows[i].run(program);
            return true;
        }
    return false;
}
