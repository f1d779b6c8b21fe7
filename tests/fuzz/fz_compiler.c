/* Any program text gives diagnostics or code: the front end with lib-scm, then
 * the whole ir with its checkers. An ICE ends the process, which counts as a
 * crash. TERMITE_LIB names the folder of lib-scm, if not that of the source tree. */
#include <stdlib.h>

#include "frontend/frontend.h"
#include "ir/ir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Job {
    Compilation compilation;
    const Source *source;
} Job;

static void compile(void *context)
{
    Job *job = context;
    const char *lib_dir = getenv("TERMITE_LIB");
    FrontendOptions front = {.lib_dir = lib_dir ? lib_dir : LIB_DIR, .expansion_fuel = 2000};
    CoreProgram *core = front_program(&job->compilation, job->source, &front);
    if (!core) return;
    core_check(core);
    for (int level = 0; level <= 2; level += 2) {
        IrOptions options = {.level = level, .verify = true};
        /* The ir writes into what the front end made: each level starts from text. */
        if (level) core = front_program(&job->compilation, job->source, &front);
        ir_lower(&job->compilation, core, &options);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    Job job = {.compilation.arena = arena_new()};
    job.compilation.symbols = symbols_new(job.compilation.arena);
    job.compilation.diag = diag_new(job.compilation.arena, nowhere, 20);
    job.source = source_from_text(job.compilation.arena, "fuzz", (const char *)data, size);
    diag_catch(job.compilation.diag, compile, &job);
    arena_free(job.compilation.arena);
    return 0;
}
