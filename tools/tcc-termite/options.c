#include "tools/tcc-termite/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"
#include "version_config.h"

enum { NONE = no_argument, REQUIRED = required_argument };

/* Long options without a letter get codes above all letters. */
enum OptionCode {
    CODE_BASE = 256,
#define OPTION(id, letter, name, arg, arg_name, help) CODE_##id,
#include "tools/tcc-termite/options.def"
#undef OPTION
};

typedef struct OptionRow {
    int code, letter;
    const char *name;
    int arg;
    const char *arg_name, *help;
} OptionRow;

static const OptionRow rows[] = {
#define OPTION(id, letter, name, arg, arg_name, help) {CODE_##id, letter, name, arg, arg_name, help},
#include "tools/tcc-termite/options.def"
#undef OPTION
};
#define N_ROWS (sizeof rows / sizeof rows[0])

static const struct {
    const char *name, *help;
} stages[] = {
#define STAGE(id, name, help) {name, help},
#include "tools/tcc-termite/stages.def"
#undef STAGE
};

static void print_stages(FILE *out)
{
    fprintf(out, "\nStages:\n");
    for (int i = 0; i < N_STAGES; i++) {
        fprintf(out, "  %-22s %s\n", stages[i].name, stages[i].help);
        if (i != STAGE_CORE) continue;
        const char *help;
        for (unsigned k = 0; ir_stage_name(k, &help); k++)
            if (strcmp(ir_stage_name(k, &help), "clo") != 0)
                fprintf(out, "  %-22s %s\n", ir_stage_name(k, &help), help);
    }
}

static void print_help(FILE *out)
{
    fprintf(out,
            "Usage: tcc-termite [option ...] FILE.scm -o PROGRAM\n"
            "       tcc-termite run [option ...] FILE.scm [--] [argument ...]\n"
            "Compiles Termite Scheme to a native executable; `run` compiles into a cache and runs it.\n\n"
            "Options:\n");
    for (size_t i = 0; i < N_ROWS; i++) {
        const OptionRow *row = &rows[i];
        char left[64];
        const char *arg = row->arg_name ? row->arg_name : "";
        if (!row->name)
            snprintf(left, sizeof left, "-%c%s", row->letter, arg);
        else if (row->letter)
            snprintf(left, sizeof left, "-%c, --%s%s%s", row->letter, row->name, *arg ? "=" : "", arg);
        else
            snprintf(left, sizeof left, "--%s%s%s", row->name, *arg ? "=" : "", arg);
        fprintf(out, "  %-22s %s\n", left, row->help);
    }
    print_stages(out);
    fprintf(out,
            "\nEnvironment: TCC_TERMITE_HOME (directory with lib/), XDG_CACHE_HOME (for `run`), TMPDIR.\n"
            "Exit codes: 0; 1 the program has errors; 64 bad options; 70 an error in the compiler.\n");
}

static bool bad(int *exit_code_out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "tcc-termite: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, " (try --help)\n");
    va_end(args);
    *exit_code_out = EXIT_BAD_OPTIONS;
    return false;
}

static bool done(int *exit_code_out)
{
    bool ok = fflush(stdout) == 0;
    *exit_code_out = ok ? 0 : EXIT_COMPILE_ERROR;
    return false;
}

/* -- option values ---------------------------------------------------------- */

static Stage stage_named(const char *name)
{
    for (int i = 0; i < N_STAGES; i++)
        if (strcmp(stages[i].name, name) == 0) return (Stage)i;
    const char *help;
    for (unsigned k = 0; ir_stage_name(k, &help); k++)
        if (strcmp(ir_stage_name(k, &help), name) == 0) return STAGE_IR_PASS;
    return STAGE_NONE;
}

static bool set_emit(Options *o, const char *kind, int *exit_code_out)
{
    static const struct {
        const char *name;
        Output kind;
    } kinds[] = {
        {"llvm", OUTPUT_LLVM}, {"bitcode", OUTPUT_BITCODE}, {"asm", OUTPUT_ASSEMBLY}, {"obj", OUTPUT_OBJECT}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, kind) != 0) continue;
        o->kind = kinds[i].kind;
        return true;
    }
    return bad(exit_code_out, "--emit=%s: must be llvm, bitcode, asm or obj", kind);
}

static bool set_level(Options *o, const char *text, int *exit_code_out)
{
    if (text[0] < '0' || text[0] > '3' || text[1])
        return bad(exit_code_out, "-O%s: must be 0, 1, 2 or 3", text);
    o->level = text[0] - '0';
    return true;
}

static bool set_limit(Options *o, const char *text, int *exit_code_out)
{
    char *end;
    long limit = strtol(text, &end, 10);
    if (end == text || *end || limit < 1 || limit > INT_MAX)
        return bad(exit_code_out, "--opt-limit=%s: must be a number of passes", text);
    o->opt_limit = (int)limit;
    return true;
}

static bool set_stage(const char *option, const char *name, Stage *stage_out, const char **name_out,
                      int *exit_code_out)
{
    *stage_out = stage_named(name);
    *name_out = name;
    return *stage_out != STAGE_NONE || bad(exit_code_out, "--%s=%s: no such stage", option, name);
}

static bool set_tls(Options *o, bool with, int *exit_code_out)
{
    *(with ? &o->with_tls : &o->without_tls) = true;
    return !(o->with_tls && o->without_tls) || bad(exit_code_out, "--tls and --no-tls exclude each other");
}

static bool apply(Options *o, int code, const char *value, size_t *n_dirs, int *exit_code_out)
{
    switch (code) {
    case CODE_OUTPUT: o->output = value; return true;
    case CODE_OBJECT: o->kind = OUTPUT_OBJECT; return true;
    case CODE_LEVEL: return set_level(o, value, exit_code_out);
    case CODE_DEBUG: o->debug_info = true; return true;
    case CODE_STATIC: o->is_static = true; return true;
    case CODE_TLS: return set_tls(o, true, exit_code_out);
    case CODE_NO_TLS: return set_tls(o, false, exit_code_out);
    case CODE_TARGET: o->target = value; return true;
    case CODE_EMIT: return set_emit(o, value, exit_code_out);
    case CODE_DUMP: return set_stage("dump", value, &o->dump, &o->dump_name, exit_code_out);
    case CODE_DUMP_LIB: o->dump_library = true; return true;
    case CODE_STOP_AFTER: return set_stage("stop-after", value, &o->stop_after, &o->stop_name, exit_code_out);
    case CODE_OPT_LIMIT: return set_limit(o, value, exit_code_out);
    case CODE_PASS: o->pass = value; return true;
    case CODE_VERIFY: o->verify = true; return true;
    case CODE_INCLUDE: o->include_dirs[(*n_dirs)++] = value; return true;
    case CODE_TIME: o->show_time = true; return true;
    case CODE_VERBOSE: o->verbose = true; return true;
    case CODE_VERSION: printf("tcc-termite %s\n", TT_VERSION); return done(exit_code_out);
    case CODE_HELP: print_help(stdout); return done(exit_code_out);
    default: return bad(exit_code_out, "unknown or incomplete option");
    }
}

/* -- getopt's tables ----------------------------------------------------------- */

static int code_of_letter(int letter)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].letter == letter) return rows[i].code;
    return letter;
}

static void make_tables(char *letters, struct option *longs)
{
    *letters++ = '+'; /* options end at the input of `run` */
    for (size_t i = 0; i < N_ROWS; i++) {
        if (rows[i].letter) *letters++ = (char)rows[i].letter;
        if (rows[i].letter && rows[i].arg == REQUIRED) *letters++ = ':';
        if (rows[i].name) *longs++ = (struct option){rows[i].name, rows[i].arg, NULL, rows[i].code};
    }
    *letters = 0;
    *longs = (struct option){0};
}

/* Options may stand before and after the input file, except with `run`, where
 * everything after the file belongs to the program. */
static bool parse_words(Options *o, int argc, char **argv, int *exit_code_out)
{
    char letters[2 * N_ROWS + 2];
    struct option longs[N_ROWS + 1];
    size_t n_dirs = 0;
    make_tables(letters, longs);
    while (optind < argc) {
        int code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == '?') {
            *exit_code_out = EXIT_BAD_OPTIONS; /* getopt has said what is wrong */
            return false;
        }
        if (code != -1) {
            if (!apply(o, code < CODE_BASE ? code_of_letter(code) : code, optarg, &n_dirs, exit_code_out))
                return false;
            continue;
        }
        if (optind == argc) break;
        if (o->input) return bad(exit_code_out, "more than one input file: %s", argv[optind]);
        o->input = argv[optind++];
        if (!o->is_run) continue;
        if (optind < argc && strcmp(argv[optind], "--") == 0) optind++;
        o->program_args = argv + optind;
        return true;
    }
    return true;
}

bool options_parse(Options *o, int argc, char **argv, int *exit_code_out)
{
    static char *no_args[] = {NULL};
    *o = (Options){.level = 2, .dump = STAGE_NONE, .stop_after = STAGE_NONE, .program_args = no_args};
    o->include_dirs = calloc((size_t)argc + 1, sizeof *o->include_dirs);
    if (!o->include_dirs) return bad(exit_code_out, "out of memory");
    if (argc > 1 && strcmp(argv[1], "run") == 0) {
        o->is_run = true;
        optind = 2;
    }
    if (!parse_words(o, argc, argv, exit_code_out)) return false;
    if (!o->input) return bad(exit_code_out, "no input file");
    if (o->is_run && o->target) return bad(exit_code_out, "run: the program runs here, so no --target");
    return true;
}
