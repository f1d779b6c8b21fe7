#define _GNU_SOURCE /* memrchr, stpcpy */
#include "ir/text.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/base/vec.h"

static const char *const class_names[] = {
#define CLASS(name, number, text) [number] = text,
#include "rt/abi/classes.def"
#undef CLASS
};
#define N_CLASSES (sizeof class_names / sizeof *class_names)

static const char *const proc_names[N_PROCS] = {
#define PROC(id, name, min, max, symbol) [PROC_##id] = name,
#include "rt/abi/procs.def"
#undef PROC
};

/* ---- Writing ---- */

TextNames text_names(Arena *arena) { return (TextNames){arena, map_new(arena), 0}; }

void text_bind(TextNames *names, const void *thing)
{
    map_set(names->numbers, thing, (void *)(uintptr_t)++names->next);
}

void text_write_name(SexpOut *out, const TextNames *names, const void *thing, const char *prefix,
                     const Symbol *name, const char *suffix)
{
    uintptr_t number = (uintptr_t)map_get(names->numbers, thing);
    char digits[24];
    if (number)
        snprintf(digits, sizeof digits, ".%zu", (size_t)number - 1);
    else
        snprintf(digits, sizeof digits, ".?");
    size_t n_name = name ? name->length : 0;
    size_t length = strlen(prefix) + n_name + strlen(digits) + strlen(suffix);
    char *text = malloc(length + 1);
    if (!text) ICE("text: no memory for a name");
    char *p = stpcpy(text, prefix);
    if (n_name) memcpy(p, name->text, n_name);
    stpcpy(stpcpy(p + n_name, digits), suffix);
    symbol_print_atom(out, &(Symbol){.text = text, .length = length});
    free(text);
}

const char *text_class_suffix(CloClass class)
{
    static const char *const suffixes[] = {
#define CLASS(name, number, text) [number] = ":" text,
#include "rt/abi/classes.def"
#undef CLASS
    };
    return class == CLASS_ANY ? "" : suffixes[class];
}

TextGlobals text_globals(Arena *arena)
{
    return (TextGlobals){arena, map_new(arena), map_new(arena), map_new(arena)};
}

bool text_is_library(const Global *global) { return strcmp(global->module, "lib") == 0; }

static size_t rank_of(TextGlobals *globals, const Global *global)
{
    uintptr_t rank = (uintptr_t)map_get(globals->ranks, global);
    if (rank) return rank;
    Map *counts = text_is_library(global) ? globals->n_library : globals->n_user;
    rank = (uintptr_t)map_get(counts, global->name) + 1;
    map_set(counts, global->name, (void *)rank);
    map_set(globals->ranks, global, (void *)rank);
    return rank;
}

void text_write_global(SexpOut *out, TextGlobals *globals, const Global *global)
{
    size_t rank = rank_of(globals, global);
    size_t n_module = strlen(global->module), n_name = global->name->length;
    char *text = arena_alloc(globals->arena, n_module + n_name + 32);
    char *p = stpcpy(stpcpy(text, global->module), ":");
    memcpy(p, global->name->text, n_name);
    p += n_name;
    if (rank > 1) p += sprintf(p, "~%zu", rank);
    symbol_print_atom(out, &(Symbol){.text = text, .length = (size_t)(p - text)});
}

static bool is_self_evaluating(const Datum *datum)
{
    return datum->kind != DATUM_SYMBOL && datum->kind != DATUM_PAIR && datum->kind != DATUM_NIL &&
           datum->kind != DATUM_VECTOR;
}

void text_write_const(SexpOut *out, const Datum *datum)
{
    if (is_self_evaluating(datum)) {
        datum_print_atom(out, datum);
        return;
    }
    /* the reader's 'x, built here */
    Symbol quote = {.text = "quote", .length = 5};
    Datum head = {.kind = DATUM_SYMBOL, .as.symbol = &quote};
    Datum end = {.kind = DATUM_NIL};
    Datum rest = {.kind = DATUM_PAIR, .as.pair = {(Datum *)datum, &end}};
    Datum whole = {.kind = DATUM_PAIR, .as.pair = {&head, &rest}};
    datum_print_atom(out, &whole);
}

void text_open(SexpOut *out, unsigned n_head, const char *head)
{
    sexp_open(out, n_head);
    sexp_text(out, head, strlen(head));
}

void text_write_proc(SexpOut *out, ProcId id)
{
    text_open(out, 2, "proc");
    sexp_text(out, proc_names[id], strlen(proc_names[id]));
    sexp_close(out);
}

/* ---- Reading ---- */

static void add_name(const TextReader *reader, Map *map, const char *name, uintptr_t number)
{
    map_set(map, symbol_of(reader->compilation->symbols, name), (void *)(number + 1));
}

TextReader text_reader(Compilation *compilation)
{
    Arena *arena = compilation->arena;
    TextReader reader = {compilation, map_new(arena), map_new(arena), map_new(arena)};
    for (unsigned i = 0; i < N_PRIMS; i++)
        add_name(&reader, reader.prims, prim_infos[i].name, i);
    for (unsigned i = 0; i < N_PROCS; i++)
        add_name(&reader, reader.procs, proc_names[i], i);
    return reader;
}

_Noreturn void text_fail(const TextReader *reader, const Datum *at, const char *message)
{
    diag_error(reader->compilation->diag, at->span, "%s", message);
    diag_stop(reader->compilation->diag);
}

/* A cyclic list is longer than anything that the reader makes of a text. */
#define MAX_LIST ((size_t)1 << 26)

Datum **text_list(const TextReader *reader, const Datum *datum, size_t at_least, size_t *count_out)
{
    VEC(Datum *) items = {0};
    const Datum *rest = datum;
    for (; rest->kind == DATUM_PAIR && items.count < MAX_LIST; rest = rest->as.pair.cdr) {
        vec_push(reader->compilation->arena, &items, rest->as.pair.car);
    }
    if (rest->kind != DATUM_NIL) text_fail(reader, datum, "a list is expected here");
    if (items.count < at_least) text_fail(reader, datum, "this list is too short");
    *count_out = items.count;
    return items.items;
}

Symbol *text_symbol(const TextReader *reader, const Datum *datum)
{
    if (datum->kind != DATUM_SYMBOL) text_fail(reader, datum, "a symbol is expected here");
    return datum->as.symbol;
}

bool text_is_symbol(const Datum *datum, const char *text)
{
    return datum->kind == DATUM_SYMBOL && strcmp(datum->as.symbol->text, text) == 0;
}

bool text_has_head(const Datum *datum, const char *head)
{
    return datum->kind == DATUM_PAIR && text_is_symbol(datum->as.pair.car, head);
}

uint32_t text_number(const TextReader *reader, const Datum *datum)
{
    if (datum->kind != DATUM_INTEGER || mpz_sgn(datum->as.integer) < 0 ||
        mpz_cmp_ui(datum->as.integer, 1u << 30) > 0) {
        text_fail(reader, datum, "a small number is expected here");
    }
    return (uint32_t)mpz_get_ui(datum->as.integer);
}

static CloClass class_of_suffix(const char *text, size_t length)
{
    for (unsigned i = 0; i < N_CLASSES; i++) {
        if (strlen(class_names[i]) == length && memcmp(class_names[i], text, length) == 0) return (CloClass)i;
    }
    return CLASS_ANY;
}

/* The name may hold dots and colons itself: both marks are looked for from the end. */
TextName text_name(const TextReader *reader, const Datum *datum)
{
    const Symbol *symbol = text_symbol(reader, datum);
    const char *dot = memrchr(symbol->text, '.', symbol->length);
    if (!dot) text_fail(reader, datum, "a name with a number is expected here, like x.1");
    const char *end = symbol->text + symbol->length;
    const char *colon = memchr(dot, ':', (size_t)(end - dot));
    Symbols *symbols = reader->compilation->symbols;
    TextName name = {.class = CLASS_ANY};
    if (colon) name.class = class_of_suffix(colon + 1, (size_t)(end - colon - 1));
    name.key = symbols_intern(symbols, symbol->text, (size_t)((colon ? colon : end) - symbol->text));
    if (dot > symbol->text) name.name = symbols_intern(symbols, symbol->text, (size_t)(dot - symbol->text));
    return name;
}

PrimId text_prim(const TextReader *reader, const Datum *datum)
{
    uintptr_t found = (uintptr_t)map_get(reader->prims, text_symbol(reader, datum));
    if (!found) text_fail(reader, datum, "not the name of a primitive");
    return (PrimId)(found - 1);
}

static const char *const modules[] = {"main", "lib"};

static Global *new_global(const TextReader *reader, const Datum *datum, const Symbol *symbol)
{
    const char *colon = memchr(symbol->text, ':', symbol->length);
    size_t n_module = colon ? (size_t)(colon - symbol->text) : 0;
    Global *global = ARENA_NEW(reader->compilation->arena, Global);
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (strlen(modules[i]) == n_module && memcmp(modules[i], symbol->text, n_module) == 0)
            global->module = modules[i];
    }
    if (!global->module) text_fail(reader, datum, "a global variable is expected here, like main:f or lib:f");
    global->name = symbols_intern(reader->compilation->symbols, colon + 1, symbol->length - n_module - 1);
    global->span = datum->span;
    global->id = (uint32_t)map_count(reader->globals);
    return global;
}

Global *text_global(TextReader *reader, const Datum *datum)
{
    Symbol *symbol = text_symbol(reader, datum);
    Global *global = map_get(reader->globals, symbol);
    if (!global) {
        global = new_global(reader, datum, symbol);
        map_set(reader->globals, symbol, global);
    }
    return global;
}

bool text_const(const Datum *datum, Datum **out)
{
    bool is_quoted = text_has_head(datum, "quote") && datum->as.pair.cdr->kind == DATUM_PAIR;
    *out = is_quoted ? datum->as.pair.cdr->as.pair.car : (Datum *)datum;
    return is_quoted || is_self_evaluating(datum);
}

bool text_proc(const TextReader *reader, const Datum *datum, ProcId *out)
{
    if (!text_has_head(datum, "proc") || datum->as.pair.cdr->kind != DATUM_PAIR) return false;
    const Datum *name = datum->as.pair.cdr->as.pair.car;
    uintptr_t found = (uintptr_t)map_get(reader->procs, text_symbol(reader, name));
    if (!found) text_fail(reader, name, "not the name of a procedure of the runtime");
    *out = (ProcId)(found - 1);
    return true;
}
