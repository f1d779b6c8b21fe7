#include "frontend/frontend.h"

#include <string.h>

#include "frontend/calls.h"
#include "frontend/deep.h"
#include "frontend/forms.h"
#include "frontend/library.h"
#include "frontend/read.h"
#include "frontend/undefined.h"

#define DEFAULT_FUEL    1000000UL
#define MOST_NODES      10000000UL
#define DEFAULT_DEPTH   100000UL
#define STACK_PER_LEVEL 8192 /* bytes, more than any form takes */
#define LIBRARY_LIST    "library.list"

/* -- reading ---------------------------------------------------------------- */

static bool read_source(Expander *x, const Source *source, DatumList *out)
{
    if (read_all(x->compilation, source, out)) return true;
    x->errors++;
    return false;
}

static Source *read_library_file(Expander *x, const char *name)
{
    const char *path = arena_printf(x->arena, "%s/%s", x->options->lib_dir, name);
    const char *why = NULL;
    Source *source = source_read(x->arena, path, &why);
    if (!source) {
        expand_error(x, (Span){0}, "the library cannot be read: %s: %s", path, why);
        diag_stop(x->diag);
    }
    source->is_system = true;
    return source;
}

static void scan_library_file(Expander *x, Body *body, const char *name)
{
    DatumList data;
    if (!read_source(x, read_library_file(x, name), &data)) return;
    for (size_t i = 0; i < data.count; i++)
        body_scan(x, body, data.items[i]);
}

/* lib-scm's files in the order of its list: one file name a line, '#' begins a comment. */
static void expand_system(Expander *x)
{
    const Source *list = read_library_file(x, LIBRARY_LIST);
    Body body = {.is_top = true};
    x->scopes.top = x->system;
    const char *text = arena_strdup(x->arena, list->text, list->length);
    for (const char *line = text, *end = text + list->length; line < end;) {
        size_t line_length = strcspn(line, "\n");
        size_t length = strcspn(line, "# \t\r\n");
        if (length) scan_library_file(x, &body, arena_strdup(x->arena, line, length));
        line += line_length + (line[line_length] == '\n');
    }
    body_finish_top(x, &body);
}

/* -- the program ------------------------------------------------------------ */

static bool is_form(const Datum *datum, const char *name)
{
    return is_pair(datum) && is_spelled(car(datum), name);
}

/* The libraries and imports at the beginning of a program; the index of what follows. */
static size_t take_imports(Expander *x, const DatumList *data, Environment *environment)
{
    VEC(Datum *) imports = {0};
    size_t i = 0;
    for (; i < data->count; i++) {
        if (is_form(data->items[i], "define-library"))
            library_declare(x, data->items[i]);
        else if (is_form(data->items[i], "import"))
            vec_push(x->arena, &imports, data->items[i]);
        else
            break;
    }
    if (imports.count == 0) environment->fallback = x->system;
    library_import(x, environment, imports.items, imports.count);
    return i;
}

static Environment *expand_program(Expander *x, const Source *source)
{
    Environment *environment = environment_new(x->arena, "main", NULL);
    DatumList data;
    if (!read_source(x, source, &data)) return environment;
    x->scopes.top = environment;
    x->program = source;
    size_t i = take_imports(x, &data, environment);
    Body body = {.is_top = true};
    for (; i < data.count; i++)
        body_scan(x, &body, data.items[i]);
    body_finish_top(x, &body);
    return environment;
}

/* -- the whole -------------------------------------------------------------- */

static Global *find_global(Expander *x, const Environment *environment, const char *name)
{
    const Binding *binding =
        scope_find_top(&x->scopes, environment, symbol_of(x->compilation->symbols, name));
    return binding && binding->kind == BIND_GLOBAL && binding->is_defined ? binding->as.global : NULL;
}

static Global **find_hooks(Expander *x)
{
    static const char *const names[] = {
#define HOOK(id, name, n_args) name,
#include "rt/abi/hooks.def"
#undef HOOK
    };
    size_t n_hooks = sizeof names / sizeof *names;
    Global **hooks = ARENA_ARRAY(x->arena, Global *, n_hooks);
    for (size_t i = 0; i < n_hooks; i++) {
        hooks[i] = find_global(x, x->system, names[i]);
        if (!hooks[i])
            expand_error(x, (Span){0}, "the library does not define `%s`, which the runtime calls", names[i]);
    }
    return hooks;
}

static CoreProgram *make_program(Expander *x, const Source *source, const Environment *environment)
{
    CoreProgram *program = ARENA_NEW(x->arena, CoreProgram);
    program->name = source->name;
    program->n_forms = (uint32_t)x->forms.count;
    program->forms = x->forms.items;
    program->n_globals = (uint32_t)x->globals.count;
    program->globals = x->globals.items;
    program->hooks = find_hooks(x);
    program->main = find_global(x, environment, "main");
    if (program->main) program->usage = calls_usage(x, program->main);
    return program;
}

typedef struct Task {
    Expander *x;
    const Source *source;
    CoreProgram *program;
} Task;

static void expand_all(void *context)
{
    Task *task = context;
    Expander *x = task->x;
    expand_system(x);
    Environment *environment = expand_program(x, task->source);
    undefined_resolve(x);
    calls_check(x);
    CoreProgram *program = make_program(x, task->source, environment);
    if (x->errors == 0) task->program = program;
}

static void run_task(void *context, size_t stack_bytes)
{
    Task *task = context;
    unsigned long deepest = stack_bytes / STACK_PER_LEVEL;
    if (task->x->nesting_limit > deepest) task->x->nesting_limit = deepest;
    diag_catch(task->x->diag, expand_all, task);
}

static void init_expander(Expander *x, Compilation *compilation, const FrontendOptions *options)
{
    x->compilation = compilation;
    x->arena = compilation->arena;
    x->diag = compilation->diag;
    x->options = options;
    x->scopes.arena = compilation->arena;
    x->fuel = options->expansion_fuel ? options->expansion_fuel : DEFAULT_FUEL;
    x->nodes = MOST_NODES;
    x->nesting_limit = options->depth_limit ? options->depth_limit : DEFAULT_DEPTH;
    x->system = environment_new(x->arena, "lib", NULL);
    x->libraries = libraries_new(x->arena);
    x->included_by = map_new(x->arena);
    x->values = map_new(x->arena);
    x->misdefined = map_new(x->arena);
    x->record_uids = map_new(x->arena);
    x->parameter_uids = map_new(x->arena);
    x->procedure = symbol_of(compilation->symbols, "top level");
    forms_bind_all(x, x->system);
}

CoreProgram *front_program(Compilation *compilation, const Source *source, const FrontendOptions *options)
{
    Expander x = {0};
    init_expander(&x, compilation, options);
    unsigned errors_before = diag_error_count(compilation->diag);
    Task task = {&x, source, NULL};
    deep_call(run_task, &task);
    return diag_error_count(compilation->diag) == errors_before ? task.program : NULL;
}
