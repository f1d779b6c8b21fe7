/* The stages of the ir in order, with dumps and checks between them. */
#include "ir/ir.h"

#include <string.h>

#include "ir/call_places.h"
#include "ir/closure_convert.h"
#include "ir/code_id.h"
#include "ir/cps.h"
#include "ir/cut.h"
#include "ir/from_core.h"
#include "ir/passes.h"

static void dump_cps(const IrOptions *options, const CpsProgram *program, const char *stage)
{
    if (options->dump && !strcmp(options->dump, stage))
        cps_print(options->dump_out, program, options->with_library);
}

static bool is_last(const IrOptions *options, const char *stage)
{
    return options->stop_after && !strcmp(options->stop_after, stage);
}

CloProgram *ir_lower(Compilation *compilation, CoreProgram *core, const IrOptions *options)
{
    CpsProgram *program = cps_from_core(compilation, core);
    dump_cps(options, program, "cps");
    if (options->verify) cps_check(program, "cps");
    if (is_last(options, "cps") || !passes_run(program, options)) return NULL;
    call_places_add(program);
    if (options->verify) cps_check(program, "call places");
    cut_large_bodies(program);
    CloProgram *clo = closure_convert(program);
    code_ids(clo);
    if (options->verify) clo_check(clo);
    if (options->dump && !strcmp(options->dump, "clo"))
        clo_print(options->dump_out, clo, options->with_library);
    return clo;
}

bool ir_run_pass_on_text(Compilation *compilation, const Source *source, const char *pass, FILE *out)
{
    CpsProgram *program = cps_read(compilation, source);
    if (!program) return false;
    cps_count(program);
    cps_check(program, "input");
    if (!pass_run_by_name(program, pass)) {
        diag_error(compilation->diag, (Span){0}, "there is no pass named %s", pass);
        return false;
    }
    cps_check(program, pass);
    cps_print(out, program, true);
    return true;
}

const char *ir_stage_name(unsigned index, const char **description_out)
{
    static const struct {
        const char *name, *description;
    } stages[] = {
        {"cps", "Core converted to continuation-passing style"},
#define PASS(id, name, function, description) {name, description},
#include "ir/passes.def"
#undef PASS
        {"clo", "closure-converted code points"},
    };
    if (index >= sizeof stages / sizeof *stages) return NULL;
    if (description_out) *description_out = stages[index].description;
    return stages[index].name;
}
