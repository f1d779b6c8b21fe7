#include "frontend/library.h"

#include <string.h>

#include "frontend/body.h"
#include "frontend/forms.h"
#include "frontend/read.h"
#include "frontend/suggest.h"

/* -- tables ------------------------------------------------------------------- */

typedef struct StandardLibrary {
    const char *name;
    const char *exports;
} StandardLibrary;

static const StandardLibrary standard_libraries[] = {
#define LIBRARY(name, exports) {name, exports},
#include "frontend/library.def"
};

static const char *const features[] = {
#define FEATURE(name) name,
#include "frontend/library.def"
};

#define N_STANDARD (sizeof standard_libraries / sizeof *standard_libraries)

const char *library_feature(size_t index)
{
    return index < sizeof features / sizeof *features ? features[index] : NULL;
}

bool library_has_feature(const char *name)
{
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (strcmp(features[i], name) == 0) return true;
    return false;
}

static const StandardLibrary *find_standard(const char *name)
{
    for (size_t i = 0; i < N_STANDARD; i++)
        if (strcmp(standard_libraries[i].name, name) == 0) return &standard_libraries[i];
    return NULL;
}

/* -- libraries of programs ---------------------------------------------------- */

typedef enum LibraryState { LIBRARY_DECLARED, LIBRARY_OPEN, LIBRARY_READY } LibraryState;

typedef struct Export {
    Datum *external, *internal;
} Export;

typedef struct Library {
    const char *name; /* "a b 1" for (a b 1) */
    Datum *form;
    LibraryState state;
    Environment *environment;
    VEC(Export) exports;
} Library;

struct Libraries {
    VEC(Library *) items;
};

Libraries *libraries_new(Arena *arena) { return ARENA_NEW(arena, Libraries); }

/* The parts of a library's name with spaces between; NULL if it is no name. */
static const char *name_text(Expander *x, const Datum *name)
{
    const char *text = NULL;
    if (list_length(name) < 1) return NULL;
    for (; is_pair(name); name = cdr(name)) {
        const Datum *part = car(name);
        const char *piece;
        if (is_identifier(part))
            piece = part->as.symbol->text;
        else if (part->kind == DATUM_INTEGER && mpz_fits_ulong_p(part->as.integer))
            piece = arena_printf(x->arena, "%lu", mpz_get_ui(part->as.integer));
        else
            return NULL;
        text = text ? arena_printf(x->arena, "%s %s", text, piece) : piece;
    }
    return text;
}

static Library *find_declared(const Expander *x, const char *name)
{
    for (size_t i = 0; i < x->libraries->items.count; i++)
        if (strcmp(x->libraries->items.items[i]->name, name) == 0) return x->libraries->items.items[i];
    return NULL;
}

static Library *declare(Expander *x, const char *name, Datum *form)
{
    Library *library = ARENA_NEW(x->arena, Library);
    library->name = name;
    library->form = form;
    vec_push(x->arena, &x->libraries->items, library);
    return library;
}

void library_declare(Expander *x, Datum *form)
{
    if (list_length(form) < 2) {
        expand_error(x, form->span, "define-library: a name is needed");
        return;
    }
    const char *name = name_text(x, cadr(form));
    if (!name) {
        expand_error(x, cadr(form)->span, "define-library: the name must be a list of symbols and integers");
        return;
    }
    const Library *first = find_declared(x, name);
    if (!first) {
        declare(x, name, form);
        return;
    }
    expand_error(x, cadr(form)->span, "library (%s) is defined a second time", name);
    diag_note(x->diag, first->form->span, "the first definition is here");
}

/* -- the search path ---------------------------------------------------------- */

static const char *file_of_library(Expander *x, const char *directory, const char *name)
{
    char *path = arena_printf(x->arena, "%s/%s.sld", directory, name);
    for (char *p = path + strlen(directory); *p; p++)
        if (*p == ' ') *p = '/';
    return path;
}

static const char *directory_of(Expander *x, const Source *source)
{
    const char *slash = strrchr(source->name, '/');
    return slash ? arena_strdup(x->arena, source->name, (size_t)(slash - source->name)) : ".";
}

static Source *find_source(Expander *x, const char *name)
{
    const char *why;
    if (strstr(name, "..") || strchr(name, '/')) return NULL; /* stays below the directory */
    Source *beside = source_read(x->arena, file_of_library(x, directory_of(x, x->program), name), &why);
    if (beside) {
        expand_report_file(x, beside);
        return beside;
    }
    for (const char *const *directory = x->options->search; directory && *directory; directory++) {
        Source *source = source_read(x->arena, file_of_library(x, *directory, name), &why);
        if (!source) continue;
        expand_report_file(x, source);
        return source;
    }
    return NULL;
}

static Library *load_library(Expander *x, const char *name, Source *source)
{
    DatumList data;
    if (!read_all(x->compilation, source, &data)) {
        x->errors++;
        return NULL;
    }
    for (size_t i = 0; i < data.count; i++) {
        Datum *form = data.items[i];
        if (is_pair(form) && is_spelled(car(form), "define-library"))
            library_declare(x, form);
        else
            expand_error(x, form->span, "a library file must hold only `define-library` forms");
    }
    return find_declared(x, name);
}

static Library *find_library(Expander *x, const char *name)
{
    Library *library = find_declared(x, name);
    if (library) return library;
    Source *source = find_source(x, name);
    return source ? load_library(x, name, source) : NULL;
}

static Binding *standard_binding(Expander *x, const char *name, size_t length)
{
    Symbols *symbols = x->compilation->symbols;
    Symbol *alternate = symbol_of(symbols, arena_printf(x->arena, "%%r7rs:%.*s", (int)length, name));
    Binding *binding = scope_find_top(&x->scopes, x->system, alternate);
    return binding ? binding : scope_find_top(&x->scopes, x->system, symbols_intern(symbols, name, length));
}

/* The first name of the export list, its length; moves on to the next. NULL at the end. */
static const char *next_export(const char **exports, size_t *length_out)
{
    const char *name = *exports;
    if (!*name) return NULL;
    *length_out = strcspn(name, " ");
    *exports = name + *length_out + strspn(name + *length_out, " ");
    return name;
}

/* A name that the library is to export and that lib-scm does not have: then the library is not there. */
static const char *missing_export(Expander *x, const StandardLibrary *library)
{
    const char *exports = library->exports, *name;
    size_t length;
    while ((name = next_export(&exports, &length)))
        if (!standard_binding(x, name, length)) return arena_strdup(x->arena, name, length);
    return NULL;
}

bool library_exists(Expander *x, const Datum *name_datum)
{
    const char *name = name_text(x, name_datum);
    if (!name) return false;
    const StandardLibrary *standard = find_standard(name);
    return strcmp(name, "termite") == 0 || (standard && !missing_export(x, standard)) ||
           find_declared(x, name) || find_source(x, name);
}

static bool exports_name(const StandardLibrary *library, const Symbol *symbol)
{
    const char *exports = library->exports, *name;
    size_t length;
    while ((name = next_export(&exports, &length)))
        if (length == symbol->length && memcmp(name, symbol->text, length) == 0) return true;
    return false;
}

static const Binding *exported_binding(Expander *x, const Library *library, const Symbol *symbol)
{
    for (size_t i = 0; library->environment && i < library->exports.count; i++) {
        const Export *export = &library->exports.items[i];
        if (export->external->as.symbol == symbol)
            return scope_find_top(&x->scopes, library->environment, export->internal->as.symbol);
    }
    return NULL;
}

/* A definition that was not reached yet, or that is another name for an error, is nothing to import. */
static bool is_importable(const Binding *binding)
{
    if (!binding || binding->kind == BIND_MUTATOR || binding->kind == BIND_ABSENT) return false;
    return binding->kind != BIND_GLOBAL || binding->is_defined;
}

const char *library_exporting(Expander *x, Symbol *name, const Binding **binding_out)
{
    for (size_t i = 0; i < x->libraries->items.count; i++) {
        const Library *library = x->libraries->items.items[i];
        *binding_out = exported_binding(x, library, name);
        if (is_importable(*binding_out) && library->environment != x->scopes.top)
            return arena_printf(x->arena, "(%s)", library->name);
    }
    *binding_out = standard_binding(x, name->text, name->length);
    if (!is_importable(*binding_out) || name->text[0] == '%') return NULL;
    for (size_t i = 0; i < N_STANDARD; i++)
        if (exports_name(&standard_libraries[i], name) && !missing_export(x, &standard_libraries[i]))
            return arena_printf(x->arena, "(%s)", standard_libraries[i].name);
    *binding_out = scope_find_top(&x->scopes, x->system, name);
    return "(termite)";
}

/* -- import sets ---------------------------------------------------------------- */

typedef struct Imported {
    Symbol *name;
    Binding *binding;
    bool is_termite; /* from (termite): wins where it differs from R7RS */
} Imported;

typedef VEC(Imported) ImportSet;

static void add_import(Expander *x, ImportSet *set, Symbol *name, Binding *binding, bool is_termite)
{
    Imported imported = {name, binding, is_termite};
    vec_push(x->arena, set, imported);
}

static void import_everything(Expander *x, ImportSet *set)
{
    for (size_t i = 0; i < x->system->names.count; i++) {
        Symbol *name = x->system->names.items[i];
        Binding *binding = scope_find_top(&x->scopes, x->system, name);
        if (name->text[0] == '%' || symbol_alias(name) || !is_importable(binding)) continue;
        add_import(x, set, name, binding, true);
    }
}

static void import_standard(Expander *x, ImportSet *set, const StandardLibrary *library, Span span)
{
    const char *missing = missing_export(x, library);
    if (missing) {
        expand_error(x, span, "import: library (%s) is not there", library->name);
        diag_note(x->diag, span, "it exports `%s`, which does not exist in Termite", missing);
        return;
    }
    const char *exports = library->exports, *name;
    size_t length;
    while ((name = next_export(&exports, &length)))
        add_import(x, set, symbols_intern(x->compilation->symbols, name, length),
                   standard_binding(x, name, length), false);
}

static bool open_library(Expander *x, Library *library, Span span);

static void import_library(Expander *x, ImportSet *set, Library *library, Span span)
{
    if (!open_library(x, library, span)) return;
    for (size_t i = 0; i < library->exports.count; i++) {
        const Export *export = &library->exports.items[i];
        Binding *binding = scope_find_top(&x->scopes, library->environment, export->internal->as.symbol);
        if (binding) add_import(x, set, export->external->as.symbol, binding, false);
    }
}

static void take_near_library(Expander *x, Suggestion *nearest, Symbol *name, const char *other)
{
    static const Binding library = {.kind = BIND_FORM};
    Symbol *symbol = symbol_of(x->compilation->symbols, other);
    *nearest = suggest_nearer(*nearest, suggest_of(name, symbol, &library));
}

static const char *names_of_srfis(Expander *x)
{
    const char *text = "";
    for (size_t i = 0; i < N_STANDARD; i++)
        if (strncmp(standard_libraries[i].name, "srfi ", 5) == 0)
            text = arena_printf(x->arena, "%s %s", text, standard_libraries[i].name + 5);
    return text;
}

static void report_no_library(Expander *x, const Datum *datum, const char *name)
{
    expand_error(x, datum->span, "import: there is no library (%s)", name);
    Suggestion nearest = {0};
    Symbol *symbol = symbol_of(x->compilation->symbols, name);
    for (size_t i = 0; i < x->libraries->items.count; i++)
        take_near_library(x, &nearest, symbol, x->libraries->items.items[i]->name);
    for (size_t i = 0; i < N_STANDARD; i++)
        if (!missing_export(x, &standard_libraries[i]))
            take_near_library(x, &nearest, symbol, standard_libraries[i].name);
    take_near_library(x, &nearest, symbol, "termite");
    if (strncmp(name, "srfi ", 5) == 0) {
        diag_note(x->diag, datum->span, "the SRFIs that are there:%s", names_of_srfis(x));
        return;
    }
    if (nearest.name) {
        diag_note(x->diag, datum->span, "did you mean (%s)?", nearest.name->text);
        return;
    }
    diag_note(x->diag, datum->span, "there is no such file: %s",
              file_of_library(x, directory_of(x, x->program), name));
    for (const char *const *directory = x->options->search; directory && *directory; directory++)
        diag_note(x->diag, datum->span, "nor this: %s", file_of_library(x, *directory, name));
}

static void report_no_set(Expander *x, const Datum *datum)
{
    expand_error(x, datum->span, "import: this is no library name and no import set");
    diag_note(x->diag, datum->span, "the name of a library is a list: (import (scheme base))");
}

static void import_named(Expander *x, ImportSet *set, const Datum *datum)
{
    const char *name = name_text(x, datum);
    if (!name) {
        report_no_set(x, datum);
        return;
    }
    if (strcmp(name, "termite") == 0) {
        import_everything(x, set);
        return;
    }
    Library *library = find_library(x, name);
    const StandardLibrary *standard = find_standard(name);
    if (library)
        import_library(x, set, library, datum->span);
    else if (standard)
        import_standard(x, set, standard, datum->span);
    else
        report_no_library(x, datum, name);
}

static Imported *find_import(const ImportSet *set, const Datum *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].name == name->as.symbol) return &set->items[i];
    return NULL;
}

static void report_not_exported(Expander *x, const ImportSet *set, const Datum *name)
{
    expand_error(x, name->span, "import: the library does not export `%s`", name->as.symbol->text);
    Suggestion nearest = {0};
    for (size_t i = 0; i < set->count; i++)
        nearest =
            suggest_nearer(nearest, suggest_of(name->as.symbol, set->items[i].name, set->items[i].binding));
    const Binding *binding;
    const char *library = library_exporting(x, name->as.symbol, &binding);
    if (library)
        diag_note(x->diag, name->span, "it is in the library %s", library);
    else if (nearest.name)
        diag_note(x->diag, name->span, "did you mean `%s`?", nearest.name->text);
}

static Imported *require_import(Expander *x, const ImportSet *set, const Datum *name)
{
    Imported *imported = is_identifier(name) ? find_import(set, name) : NULL;
    if (imported) return imported;
    if (!is_identifier(name))
        expand_error(x, name->span, "import: an identifier is needed here");
    else
        report_not_exported(x, set, name);
    return NULL;
}

static void import_set(Expander *x, ImportSet *set, const Datum *datum);

static void import_only(Expander *x, ImportSet *set, const ImportSet *inner, const Datum *names)
{
    for (; is_pair(names); names = cdr(names)) {
        const Imported *imported = require_import(x, inner, car(names));
        if (imported) vec_push(x->arena, set, *imported);
    }
}

static void import_except(Expander *x, ImportSet *set, const ImportSet *inner, const Datum *names)
{
    for (; is_pair(names); names = cdr(names)) {
        Imported *imported = require_import(x, inner, car(names));
        if (imported) imported->binding = NULL;
    }
    for (size_t i = 0; i < inner->count; i++)
        if (inner->items[i].binding) vec_push(x->arena, set, inner->items[i]);
}

static void import_prefix(Expander *x, ImportSet *set, const ImportSet *inner, const Datum *prefix)
{
    if (!is_pair(prefix) || !is_identifier(car(prefix)) || !is_nil(cdr(prefix))) {
        expand_error(x, prefix->span, "import: a set must be (prefix set identifier)");
        return;
    }
    for (size_t i = 0; i < inner->count; i++) {
        Imported imported = inner->items[i];
        const char *text = arena_printf(x->arena, "%s%s", car(prefix)->as.symbol->text, imported.name->text);
        imported.name = symbol_of(x->compilation->symbols, text);
        vec_push(x->arena, set, imported);
    }
}

/* Found by the old names before any is changed, so that names can be swapped. */
static void import_rename(Expander *x, ImportSet *set, const ImportSet *inner, const Datum *renamings)
{
    Symbol **names = ARENA_ARRAY(x->arena, Symbol *, inner->count);
    for (; is_pair(renamings); renamings = cdr(renamings)) {
        const Datum *renaming = car(renamings);
        if (list_length(renaming) != 2 || !is_identifier(cadr(renaming))) {
            expand_error(x, renaming->span, "import: a renaming must be (old new)");
            continue;
        }
        const Imported *imported = require_import(x, inner, car(renaming));
        if (!imported) continue;
        Symbol **name = &names[imported - inner->items];
        if (*name)
            expand_error(x, car(renaming)->span, "import: `%s` is renamed twice", imported->name->text);
        *name = cadr(renaming)->as.symbol;
    }
    for (size_t i = 0; i < inner->count; i++) {
        Imported imported = inner->items[i];
        if (names[i]) imported.name = names[i];
        vec_push(x->arena, set, imported);
    }
}

typedef void Modifier(Expander *x, ImportSet *set, const ImportSet *inner, const Datum *operands);

static Modifier *find_modifier(const Datum *datum)
{
    if (list_length(datum) < 3 || !is_pair(cadr(datum))) return NULL;
    if (is_spelled(car(datum), "only")) return import_only;
    if (is_spelled(car(datum), "except")) return import_except;
    if (is_spelled(car(datum), "prefix")) return import_prefix;
    if (is_spelled(car(datum), "rename")) return import_rename;
    return NULL;
}

static void import_set(Expander *x, ImportSet *set, const Datum *datum)
{
    nest(x, datum->span);
    if (is_pair(datum) && list_length(datum) == 2 && is_spelled(car(datum), "only") && is_pair(cadr(datum))) {
        ImportSet nothing = {0}; /* (only set): for the library's effects */
        import_set(x, &nothing, cadr(datum));
    } else {
        Modifier *modifier = is_pair(datum) ? find_modifier(datum) : NULL;
        if (modifier) {
            ImportSet inner = {0};
            unsigned errors = x->errors;
            import_set(x, &inner, cadr(datum));
            if (x->errors == errors) modifier(x, set, &inner, cddr(datum));
        } else {
            import_named(x, set, datum);
        }
    }
    unnest(x);
}

static void bind_import(Expander *x, Environment *into, Map *bound, Imported *imported, Span span)
{
    const Imported *other = map_get(bound, imported->name);
    if (other && other->binding != imported->binding) {
        if (other->is_termite && !imported->is_termite) return;
        if (other->is_termite == imported->is_termite) {
            expand_error(x, span, "import: `%s` is imported twice with different meanings",
                         imported->name->text);
            diag_note(x->diag, span,
                      "leave one of them out with `except`, or give it another name with `rename`");
            return;
        }
    }
    map_set(bound, imported->name, imported);
    scope_bind_import(&x->scopes, into, imported->name, imported->binding);
}

void library_import(Expander *x, Environment *into, Datum *const *forms, size_t n_forms)
{
    Map *bound = map_new(x->arena);
    for (size_t i = 0; i < n_forms; i++) {
        if (list_length(forms[i]) < 1) {
            expand_error(x, forms[i]->span, "import: this is not a proper list");
            continue;
        }
        for (const Datum *rest = cdr(forms[i]); is_pair(rest); rest = cdr(rest)) {
            if (!is_pair(car(rest))) {
                report_no_set(x, car(rest));
                break;
            }
            ImportSet set = {0};
            import_set(x, &set, car(rest));
            for (size_t k = 0; k < set.count; k++)
                bind_import(x, into, bound, &set.items[k], car(rest)->span);
        }
    }
}

/* -- expanding a library -------------------------------------------------------- */

typedef struct Declarations {
    VEC(Datum *) imports;
    VEC(Datum *) bodies; /* `begin`, `include`, in order */
} Declarations;

static void add_export(Expander *x, Library *library, Export export)
{
    for (size_t i = 0; i < library->exports.count; i++) {
        const Export *first = &library->exports.items[i];
        if (first->external->as.symbol != export.external->as.symbol) continue;
        if (first->internal->as.symbol == export.internal->as.symbol) return;
        expand_error(x, export.external->span, "export: `%s` is exported twice with different meanings",
                     export.external->as.symbol->text);
        diag_note(x->diag, first->external->span, "the first one is here");
    }
    vec_push(x->arena, &library->exports, export);
}

static void declare_exports(Expander *x, Library *library, const Datum *specs)
{
    for (; is_pair(specs); specs = cdr(specs)) {
        Datum *spec = car(specs);
        Export export = {spec, spec};
        if (list_length(spec) == 3 && is_spelled(car(spec), "rename")) {
            export.internal = cadr(spec);
            export.external = car(cddr(spec));
        }
        if (is_identifier(export.internal) && is_identifier(export.external))
            add_export(x, library, export);
        else
            expand_error(x, spec->span, "export: an identifier or (rename internal external) is needed here");
    }
}

static void collect(Expander *x, Library *library, Declarations *out, Datum *declarations);

static void collect_one(Expander *x, Library *library, Declarations *out, Datum *form)
{
    if (list_length(form) < 1 || !is_identifier(car(form))) {
        expand_error(x, form->span, "define-library: a declaration is needed here");
    } else if (is_spelled(car(form), "export")) {
        declare_exports(x, library, cdr(form));
    } else if (is_spelled(car(form), "import")) {
        vec_push(x->arena, &out->imports, form);
    } else if (is_spelled(car(form), "begin")) {
        vec_push(x->arena, &out->bodies, cdr(form));
    } else if (is_spelled(car(form), "include") || is_spelled(car(form), "include-ci")) {
        Datum *forms = include_forms(x, form, is_spelled(car(form), "include-ci"));
        if (forms) vec_push(x->arena, &out->bodies, forms);
    } else if (is_spelled(car(form), "include-library-declarations")) {
        Datum *forms = include_forms(x, form, false);
        if (forms) collect(x, library, out, forms);
    } else if (is_spelled(car(form), "cond-expand")) {
        Datum *forms = cond_expand_forms(x, form);
        if (forms) collect(x, library, out, forms);
    } else {
        expand_error(x, form->span, "define-library: `%s` is no declaration", car(form)->as.symbol->text);
        diag_note(x->diag, form->span, "code of a library stands in (begin ...)");
    }
}

static void collect(Expander *x, Library *library, Declarations *out, Datum *declarations)
{
    nest(x, library->form->span);
    for (; is_pair(declarations); declarations = cdr(declarations))
        collect_one(x, library, out, car(declarations));
    unnest(x);
}

static void check_exports(Expander *x, const Library *library)
{
    for (size_t i = 0; i < library->exports.count; i++) {
        const Datum *name = library->exports.items[i].internal;
        const Binding *binding = scope_find_top(&x->scopes, library->environment, name->as.symbol);
        if (binding && (binding->kind != BIND_GLOBAL || binding->is_defined)) continue;
        expand_error(x, name->span, "export: the library does not define `%s`", name->as.symbol->text);
    }
}

static void expand_library(Expander *x, Library *library)
{
    Environment *outer = x->scopes.top;
    Declarations declarations = {0};
    collect(x, library, &declarations, cddr(library->form));
    library->environment = environment_new(x->arena, library->name, NULL);
    library_import(x, library->environment, declarations.imports.items, declarations.imports.count);
    x->scopes.top = library->environment;
    Body body = {.is_top = true};
    for (size_t i = 0; i < declarations.bodies.count; i++)
        body_scan_list(x, &body, declarations.bodies.items[i]);
    body_finish_top(x, &body);
    check_exports(x, library);
    x->scopes.top = outer;
}

static bool open_library(Expander *x, Library *library, Span span)
{
    if (library->state == LIBRARY_OPEN) {
        expand_error(x, span, "import: library (%s) imports itself", library->name);
        return false;
    }
    if (library->state == LIBRARY_DECLARED) {
        library->state = LIBRARY_OPEN;
        expand_library(x, library);
        library->state = LIBRARY_READY;
    }
    return true;
}
