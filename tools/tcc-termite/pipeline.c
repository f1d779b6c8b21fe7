#include "tools/tcc-termite/pipeline.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "codegen/codegen.h"
#include "frontend/frontend.h"
#include "ir/code_id.h"
#include "ir/ir.h"
#include "tools/tcc-termite/machines.h"
#include "tools/tcc-termite/together.h"

#define ERROR_LIMIT 50

typedef struct Job {
    Compilation compilation;
    const Options *options;
    const Home *home;
    const char *asked_output;
    const char *output;     /* for `machine` */
    const Machine *machine; /* that code is generated for */
    const FileWatcher *watcher;
    const Machine *machines;
    size_t n_machines;
    const CloProgram *clo; /* when the front half is done */
    bool failed;
    double stage_start;
} Job;

/* -- what is asked for ------------------------------------------------------------ */

static bool dumps(const Job *job, Stage stage) { return job->options->dump == stage; }

/* A dump that no output file was asked for beside ends the compilation. */
static bool ends_after(const Job *job, Stage stage)
{
    return job->options->stop_after == stage || (dumps(job, stage) && !job->options->output);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void begin_stage(Job *job) { job->stage_start = now(); }

static void end_stage(Job *job, const char *name)
{
    if (!job->options->show_time) return;
    fprintf(stderr, "%-10s %7.1f ms", name, (now() - job->stage_start) * 1e3);
    if (job->n_machines > 1 && job->machine) fprintf(stderr, " %s", job->machine->target->arch);
    fputc('\n', stderr);
}

static bool has_errors(const Job *job) { return diag_error_count(job->compilation.diag) > 0; }

/* -- stages --------------------------------------------------------------------------- */

static const Source *read_source(Job *job)
{
    const char *error = NULL;
    const Source *source = source_read(job->compilation.arena, job->options->input, &error);
    if (!source) diag_error(job->compilation.diag, (Span){0}, "%s: %s", job->options->input, error);
    return source;
}

static CoreProgram *expand(Job *job, const Source *source)
{
    FrontendOptions options = {.lib_dir = job->home->library, .search = job->options->include_dirs};
    if (job->watcher) {
        options.on_file = job->watcher->on_file;
        options.on_file_context = job->watcher->context;
    }
    begin_stage(job);
    CoreProgram *core = front_program(&job->compilation, source, &options);
    end_stage(job, "expand");
    if (!core || has_errors(job)) return NULL;
    if (job->options->verify) core_check(core);
    if (dumps(job, STAGE_CORE)) core_print(stdout, core, job->options->dump_library);
    return core;
}

static CloProgram *lower(Job *job, CoreProgram *core)
{
    const Options *o = job->options;
    IrOptions options = {
        .level = o->level,
        .opt_limit = o->opt_limit,
        .dump = o->dump == STAGE_IR_PASS ? o->dump_name : NULL,
        .stop_after = o->stop_after == STAGE_IR_PASS           ? o->stop_name
                      : o->dump == STAGE_IR_PASS && !o->output ? o->dump_name
                                                               : NULL,
        .dump_out = stdout,
        .with_library = o->dump_library,
        .verify = o->verify,
    };
    begin_stage(job);
    CloProgram *clo = ir_lower(&job->compilation, core, &options);
    end_stage(job, "ir");
    if (!clo || has_errors(job)) return NULL;
    if (o->verify) clo_check(clo);
    return clo;
}

static CgOptions codegen_options(const Job *job)
{
    const Options *o = job->options;
    return (CgOptions){.triple = job->machine->target->triple,
                       .level = o->level,
                       .debug_info = o->debug_info,
                       .runtime_dir = job->machine->runtime,
                       .sysroot = job->machine->sysroot,
                       .sysroot_tool = job->home->sysroot_tool,
                       .tls = o->with_tls      ? CG_TLS_ALWAYS
                              : o->without_tls ? CG_TLS_NEVER
                                               : CG_TLS_AUTO};
}

static bool generate(Job *job, const CloProgram *clo, CgEmit emit, const char *path)
{
    CgOptions options = codegen_options(job);
    begin_stage(job);
    bool ok = cg_program(&job->compilation, clo, &options, emit, path);
    end_stage(job, "codegen");
    return ok;
}

static bool link_object(Job *job, const char *object, const char *output)
{
    CgOptions options = codegen_options(job);
    begin_stage(job);
    bool ok = cg_link(&job->compilation, object, output, &options, job->options->is_static);
    end_stage(job, "link");
    return ok;
}

static bool link_executable(Job *job, const CloProgram *clo)
{
    const char *object = cg_temporary_name(&job->compilation, job->output, "o");
    if (!generate(job, clo, CG_EMIT_OBJECT, object)) return false;
    bool ok = link_object(job, object, job->output);
    unlink(object);
    return ok;
}

/* What the code generator writes: an executable is linked from an object file. */
static CgEmit emit_kind(const Options *options)
{
    switch (options->kind) {
    case OUTPUT_EXECUTABLE:
    case OUTPUT_OBJECT: return CG_EMIT_OBJECT;
    case OUTPUT_ASSEMBLY: return CG_EMIT_ASSEMBLY;
    case OUTPUT_LLVM: return CG_EMIT_LLVM;
    case OUTPUT_BITCODE: return CG_EMIT_BITCODE;
    }
    ICE("output kind %d", (int)options->kind);
}

static bool finish(Job *job, const CloProgram *clo)
{
    if (job->options->kind == OUTPUT_EXECUTABLE) return link_executable(job, clo);
    return generate(job, clo, emit_kind(job->options), job->output);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

/* text -> datum -> core -> ir -> clo; a file of Clo text enters at the end. NULL:
 * stopped, by an error or because no more was asked for. */
static CloProgram *front_half(Job *job, const Source *source)
{
    if (ends_with(source->name, ".clo")) return clo_read(&job->compilation, source);
    if (dumps(job, STAGE_DATUM) && !front_dump_datums(&job->compilation, source, stdout)) return NULL;
    if (ends_after(job, STAGE_DATUM)) return NULL;
    CoreProgram *core = expand(job, source);
    if (!core || ends_after(job, STAGE_CORE)) return NULL;
    return lower(job, core);
}

/* LLVM -> object -> executable, for one machine. */
static void generate_for(Job *job, const CloProgram *clo, const Machine *machine)
{
    job->machine = machine;
    job->output = machine_output(job->compilation.arena, job->options, machine, job->asked_output);
    if (dumps(job, STAGE_LLVM) && !generate(job, clo, CG_EMIT_LLVM, "-")) return;
    if (dumps(job, STAGE_ASM) && !generate(job, clo, CG_EMIT_ASSEMBLY, "-")) return;
    if (ends_after(job, STAGE_LLVM) || ends_after(job, STAGE_ASM)) return;
    job->failed = !finish(job, clo);
}

static bool is_to_stdout(const Job *job) { return job->output && strcmp(job->output, "-") == 0; }

/* -- several machines: each step in a process of its own ------------------------------ */

static const char *object_of(Job *job, const char *place)
{
    return arena_printf(job->compilation.arena, "%s.o", place);
}

static bool step_generate(void *context, const Machine *machine, const char *place)
{
    Job *job = context;
    job->machine = machine;
    return generate(job, job->clo, emit_kind(job->options), place);
}

static bool step_object(void *context, const Machine *machine, const char *place)
{
    return step_generate(context, machine, object_of(context, place));
}

static bool step_link(void *context, const Machine *machine, const char *place)
{
    Job *job = context;
    job->machine = machine;
    return link_object(job, object_of(job, place), place);
}

static bool generate_together(Job *job)
{
    static TogetherStep *const steps[] = {step_object, step_link}, *const step[] = {step_generate};
    bool links = job->options->kind == OUTPUT_EXECUTABLE;
    const char **outputs = ARENA_ARRAY(job->compilation.arena, const char *, job->n_machines);
    for (size_t i = 0; i < job->n_machines; i++)
        outputs[i] =
            machine_output(job->compilation.arena, job->options, &job->machines[i], job->asked_output);
    Together work = {
        .compilation = &job->compilation,
        .machines = job->machines,
        .n_machines = job->n_machines,
        .outputs = outputs,
        .steps = links ? steps : step,
        .n_steps = links ? 2 : 1,
        .context = job,
    };
    return together_run(&work);
}

/* clo -> executables */
static void back_half(Job *job, const CloProgram *clo)
{
    if (dumps(job, STAGE_CLO)) clo_print(stdout, clo, job->options->dump_library);
    if (ends_after(job, STAGE_CLO)) return;
    if (dumps(job, STAGE_IDS)) code_ids_print(stdout, clo, job->options->dump_library);
    if (ends_after(job, STAGE_IDS)) return;
    if (job->n_machines == 1 || job->options->dump != STAGE_NONE || is_to_stdout(job))
        for (size_t i = 0; i < job->n_machines && !job->failed; i++)
            generate_for(job, clo, &job->machines[i]);
    else
        job->failed = !generate_together(job);
}

static void compile(void *context)
{
    Job *job = context;
    const Source *source = read_source(job);
    if (!source) return;
    if (job->options->pass) {
        job->failed = !ir_run_pass_on_text(&job->compilation, source, job->options->pass, stdout);
        return;
    }
    job->clo = front_half(job, source);
    if (job->clo && !has_errors(job)) back_half(job, job->clo);
}

int pipeline_run(const Options *options, const Home *home, const char *output, const FileWatcher *watcher)
{
    Arena *arena = arena_new();
    Job job = {
        .compilation = {.arena = arena,
                        .symbols = symbols_new(arena),
                        .diag = diag_new(arena, stderr, ERROR_LIMIT)},
        .options = options,
        .home = home,
        .asked_output = output,
        .output = output,
        .watcher = watcher,
    };
    int exit_code;
    job.machines = machines_choose(arena, options, home, &job.n_machines, &exit_code);
    if (!job.machines) {
        arena_free(arena);
        return exit_code;
    }
    double start = now();
    bool completed = diag_catch(job.compilation.diag, compile, &job);
    bool ok = completed && !job.failed && !has_errors(&job);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "tcc-termite: error: cannot write to standard output\n");
        ok = false;
    }
    job.machine = NULL;
    job.stage_start = start;
    end_stage(&job, "total");
    arena_free(arena);
    return ok ? 0 : EXIT_COMPILE_ERROR;
}
