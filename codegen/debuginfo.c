/* DWARF: a subprogram per code point with its Scheme name, a line for every
 * node, so that gdb, perf and addr2line speak of the Scheme source. Line tables
 * always; -g adds the descriptions of subprograms. */
#include <string.h>
#include <unistd.h>

#include "codegen/cg.h"

#define PRODUCER "tcc-termite"

static LLVMMetadataRef new_file(Cg *cg, const char *name)
{
    char directory[4096];
    if (!getcwd(directory, sizeof directory)) strcpy(directory, ".");
    return LLVMDIBuilderCreateFile(cg->di, name, strlen(name), directory, strlen(directory));
}

static LLVMMetadataRef file_of(Cg *cg, Span span)
{
    if (!span.source) return map_get(cg->di_files, cg->program);
    LLVMMetadataRef file = map_get(cg->di_files, span.source);
    if (!file) {
        file = new_file(cg, span.source->name);
        map_set(cg->di_files, span.source, file);
    }
    return file;
}

static void add_flag(Cg *cg, LLVMModuleFlagBehavior behavior, const char *name, uint32_t value)
{
    LLVMAddModuleFlag(cg->module, behavior, name, strlen(name), LLVMValueAsMetadata(cg_i32(cg, value)));
}

void debug_init(Cg *cg)
{
    cg->di = LLVMCreateDIBuilder(cg->module);
    cg->di_files = map_new(cg->arena);
    LLVMMetadataRef file = new_file(cg, cg->program->name);
    map_set(cg->di_files, cg->program, file);
    LLVMDWARFEmissionKind kind =
        cg->options->debug_info ? LLVMDWARFEmissionFull : LLVMDWARFEmissionLineTablesOnly;
    /* DWARF has no number for Scheme; as C, gdb takes the names as they are. */
    cg->di_unit =
        LLVMDIBuilderCreateCompileUnit(cg->di, LLVMDWARFSourceLanguageC99, file, PRODUCER, strlen(PRODUCER),
                                       cg->options->level > 0, "", 0, 0, "", 0, kind, 0, 0, 0, "", 0, "", 0);
    cg->di_type = LLVMDIBuilderCreateSubroutineType(cg->di, file, NULL, 0, LLVMDIFlagZero);
    add_flag(cg, LLVMModuleFlagBehaviorWarning, "Debug Info Version", LLVMDebugMetadataVersion());
    add_flag(cg, LLVMModuleFlagBehaviorWarning, "Dwarf Version", 4);
}

static Position position_of(Span span)
{
    return span.source ? source_position(span.source, span.start) : (Position){0, 0};
}

void debug_function(Cg *cg, const CloCode *code)
{
    CgCode *mine = cg_code(code);
    size_t length;
    const char *symbol = LLVMGetValueName2(mine->fn, &length);
    unsigned line = position_of(code->span).line;
    LLVMMetadataRef file = file_of(cg, code->span);
    mine->subprogram =
        LLVMDIBuilderCreateFunction(cg->di, file, code->name->text, code->name->length, symbol, length, file,
                                    line, cg->di_type, 1, 1, line, LLVMDIFlagZero, cg->options->level > 0);
    LLVMSetSubprogram(mine->fn, mine->subprogram);
}

void debug_location(Point *p, Span span)
{
    Cg *cg = p->cg;
    /* Code that came from another file (a library macro) has no line here. */
    Position at = span.source == p->code->span.source ? position_of(span) : (Position){0, 0};
    LLVMMetadataRef scope = cg_code(p->code)->subprogram;
    LLVMMetadataRef location = LLVMDIBuilderCreateDebugLocation(cg->context, at.line, at.column, scope, NULL);
    LLVMSetCurrentDebugLocation2(cg->builder, location);
}

void debug_finish(Cg *cg)
{
    LLVMSetCurrentDebugLocation2(cg->builder, NULL);
    LLVMDIBuilderFinalize(cg->di);
}
