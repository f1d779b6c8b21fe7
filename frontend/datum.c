#include "frontend/datum.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/base/map.h"
#include "rt/lexical/utf8.h"
#include "frontend/base/vec.h"
#include "frontend/lex_text.h"
#include "rt/lexical/atom.h"
#include "rt/lexical/decimal.h"

static bool is_compound(const Datum *datum)
{
    return datum->kind == DATUM_PAIR || (datum->kind == DATUM_VECTOR && datum->as.vector.count > 0);
}

static size_t n_children(const Datum *datum)
{
    return datum->kind == DATUM_PAIR ? 2 : datum->as.vector.count;
}

static const Datum *child_at(const Datum *datum, size_t index)
{
    if (datum->kind == DATUM_VECTOR) return datum->as.vector.items[index];
    return index == 0 ? datum->as.pair.car : datum->as.pair.cdr;
}

/* ---- equal? ---- */

/* Below this many comparisons nothing is remembered; above, pairs of compound
 * data that were compared once count as equal, so that cycles end and shared
 * parts are not compared again and again. */
#define STEPS_WITHOUT_MEMORY 10000

typedef struct Two {
    const Datum *a, *b;
} Two;

typedef struct Comparison {
    Arena *arena; /* of this comparison, made when it is needed */
    VEC(Two) rest;
    size_t n_steps;
    Map *parents; /* union-find over compound data */
} Comparison;

static bool same_bytes(const void *a, size_t n_a, const void *b, size_t n_b)
{
    return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a) == 0);
}

/* Everything but the children. */
static bool same_atom(const Datum *a, const Datum *b)
{
    if (a == b) return true;
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case DATUM_BOOLEAN: return a->as.boolean == b->as.boolean;
    case DATUM_CHAR: return a->as.character == b->as.character;
    case DATUM_INTEGER: return mpz_cmp(a->as.integer, b->as.integer) == 0;
    case DATUM_RATIONAL: return mpq_equal(a->as.rational, b->as.rational) != 0;
    case DATUM_FLONUM: /* by bits: 0.0 and -0.0 differ, a NaN equals itself */
        return memcmp(&a->as.flonum, &b->as.flonum, sizeof(double)) == 0;
    case DATUM_STRING:
        return same_bytes(a->as.string.text, a->as.string.length, b->as.string.text, b->as.string.length);
    case DATUM_SYMBOL: return a->as.symbol == b->as.symbol;
    case DATUM_BYTEVECTOR:
        return same_bytes(a->as.bytevector.bytes, a->as.bytevector.count, b->as.bytevector.bytes,
                          b->as.bytevector.count);
    case DATUM_VECTOR: return a->as.vector.count == b->as.vector.count;
    case DATUM_NIL:
    case DATUM_PAIR:
    case DATUM_EOF:
    case DATUM_VOID:
    case DATUM_DEFAULT: return true;
    }
    ICE("datum: kind %d", a->kind);
}

static Arena *arena_of(Comparison *comparison)
{
    if (!comparison->arena) comparison->arena = arena_new();
    return comparison->arena;
}

static const Datum *representative(const Map *parents, const Datum *datum)
{
    for (const Datum *parent; (parent = map_get(parents, datum));)
        datum = parent;
    return datum;
}

/* Whether a and b were compared before; if not, they are from now on. */
static bool was_compared(Comparison *comparison, const Datum *a, const Datum *b)
{
    if (++comparison->n_steps < STEPS_WITHOUT_MEMORY) return false;
    if (!comparison->parents) comparison->parents = map_new(arena_of(comparison));
    a = representative(comparison->parents, a);
    b = representative(comparison->parents, b);
    if (a != b) map_set(comparison->parents, a, (void *)b);
    return a == b;
}

static bool compare_children(Comparison *comparison, const Datum *a, const Datum *b)
{
    for (size_t i = n_children(a); i-- > 0;) {
        Two two = {child_at(a, i), child_at(b, i)};
        if (two.a == two.b) continue;
        if (!same_atom(two.a, two.b)) return false;
        if (is_compound(two.a)) vec_push(arena_of(comparison), &comparison->rest, two);
    }
    return true;
}

bool datum_equal(const Datum *a, const Datum *b)
{
    if (!same_atom(a, b)) return false;
    if (a == b || !is_compound(a)) return true;
    Comparison comparison = {0};
    bool is_equal = compare_children(&comparison, a, b);
    while (is_equal && comparison.rest.count) {
        Two two = vec_pop(&comparison.rest);
        is_equal = was_compared(&comparison, two.a, two.b) || compare_children(&comparison, two.a, two.b);
    }
    if (comparison.arena) arena_free(comparison.arena);
    return is_equal;
}

/* ---- Printing: atoms ---- */

static void print_escape(FILE *out, uint32_t c, char quote)
{
    static const char letters[] = "abtnr", values[] = "\a\b\t\n\r";
    const char *value = c && c < 0x80 ? strchr(values, (int)c) : NULL;
    if (value)
        fprintf(out, "\\%c", letters[value - values]);
    else if (c == (uint32_t)quote || c == '\\')
        fprintf(out, "\\%c", (int)c);
    else
        fprintf(out, "\\x%x;", c);
}

static void print_quoted(FILE *out, const char *text, size_t length, char quote)
{
    fputc(quote, out);
    for (unsigned size; length; text += size, length -= size) {
        uint32_t c = utf8_read(text, length, &size);
        if (c < 0x20 || c == 0x7f || c == (uint32_t)quote || c == '\\')
            print_escape(out, c, quote);
        else
            fwrite(text, 1, size, out);
    }
    fputc(quote, out);
}

static void print_symbol(FILE *out, const Symbol *symbol)
{
    if (lex_is_plain_symbol(symbol->text, symbol->length))
        fwrite(symbol->text, 1, symbol->length, out);
    else
        print_quoted(out, symbol->text, symbol->length, '|');
}

static void print_character(FILE *out, uint32_t c)
{
    char bytes[UTF8_MAX_BYTES];
    const char *name = atom_character_name(c);
    fputs("#\\", out);
    if (name)
        fputs(name, out);
    else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || lex_is_whitespace(c))
        fprintf(out, "x%x", c);
    else
        fwrite(bytes, 1, utf8_encode(c, (uint8_t *)bytes), out);
}

static void print_flonum(FILE *out, double value)
{
    char text[DECIMAL_MAX];
    fwrite(text, 1, decimal_of_double(text, value), out);
}

static void print_bytevector(FILE *out, const Datum *datum)
{
    fputs("#u8(", out);
    for (size_t i = 0; i < datum->as.bytevector.count; i++) {
        fprintf(out, i ? " %u" : "%u", datum->as.bytevector.bytes[i]);
    }
    fputc(')', out);
}

static void print_atom(FILE *out, const Datum *datum)
{
    switch (datum->kind) {
    case DATUM_NIL: fputs("()", out); return;
    case DATUM_BOOLEAN: fputs(datum->as.boolean ? "#t" : "#f", out); return;
    case DATUM_CHAR: print_character(out, datum->as.character); return;
    case DATUM_INTEGER: mpz_out_str(out, 10, datum->as.integer); return;
    case DATUM_RATIONAL: mpq_out_str(out, 10, datum->as.rational); return;
    case DATUM_FLONUM: print_flonum(out, datum->as.flonum); return;
    case DATUM_STRING: print_quoted(out, datum->as.string.text, datum->as.string.length, '"'); return;
    case DATUM_SYMBOL: print_symbol(out, datum->as.symbol); return;
    case DATUM_VECTOR: fputs("#()", out); return;
    case DATUM_BYTEVECTOR: print_bytevector(out, datum); return;
    case DATUM_EOF: fputs("#!eof", out); return;
    case DATUM_VOID: fputs("#!void", out); return;
    case DATUM_DEFAULT: fputs("#!default", out); return;
    case DATUM_PAIR: break;
    }
    ICE("datum: kind %d", datum->kind);
}

/* ---- Printing: cycles ---- */

/* What is known of a compound datum, as a map value: bits. */
#define ON_PATH     1 /* between the root and where the walk is now */
#define DONE        2
#define IN_CYCLE    4 /* reached again from within itself: gets a label */
#define LABEL_SHIFT 3 /* above: the label's number plus 1 once it is printed */

typedef struct Step {
    const Datum *datum;
    size_t next; /* child to look at */
} Step;

static uintptr_t flags_of(const Map *marks, const Datum *datum) { return (uintptr_t)map_get(marks, datum); }
static void set_flags(Map *marks, const Datum *datum, uintptr_t flags)
{
    map_set(marks, datum, (void *)flags);
}

/* Depth-first; a datum met again while ON_PATH closes a cycle. */
static Map *find_cycles(Arena *arena, const Datum *root)
{
    Map *marks = map_new(arena);
    VEC(Step) path = {0};
    set_flags(marks, root, ON_PATH);
    vec_push(arena, &path, ((Step){root, 0}));
    while (path.count) {
        Step *top = &path.items[path.count - 1];
        if (top->next == n_children(top->datum)) {
            set_flags(marks, top->datum, (flags_of(marks, top->datum) & IN_CYCLE) | DONE);
            path.count--;
            continue;
        }
        const Datum *child = child_at(top->datum, top->next++);
        if (!is_compound(child)) continue;
        uintptr_t flags = flags_of(marks, child);
        if (flags & ON_PATH) {
            set_flags(marks, child, flags | IN_CYCLE);
        } else if (!flags) {
            set_flags(marks, child, ON_PATH);
            vec_push(arena, &path, ((Step){child, 0}));
        }
    }
    return marks;
}

/* ---- Printing: lists and vectors ---- */

typedef struct Printer {
    FILE *out;
    Arena *arena;
    Map *marks;
    uintptr_t n_labels;
    VEC(Step) path; /* compound data being printed; a list moves along its pairs */
} Printer;

static bool has_label(const Printer *printer, const Datum *datum)
{
    return is_compound(datum) && (flags_of(printer->marks, datum) & IN_CYCLE);
}

/* `'` for (quote x) and so on, or NULL. */
static const char *prefix_of(const Printer *printer, const Datum *datum)
{
    static const char *const prefixes[][2] = {
        {"quote", "'"},
        {"quasiquote", "`"},
        {"unquote", ","},
        {"unquote-splicing", ",@"},
    };
    if (datum->kind != DATUM_PAIR || datum->as.pair.car->kind != DATUM_SYMBOL) return NULL;
    const Datum *rest = datum->as.pair.cdr;
    if (rest->kind != DATUM_PAIR || rest->as.pair.cdr->kind != DATUM_NIL || has_label(printer, rest))
        return NULL;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strcmp(datum->as.pair.car->as.symbol->text, prefixes[i][0]) == 0) return prefixes[i][1];
    }
    return NULL;
}

/* Prints #n# and returns true when the datum was begun before; prints #n= in
 * front of one that will be referred to. */
static bool print_label(Printer *printer, const Datum *datum)
{
    if (!has_label(printer, datum)) return false;
    uintptr_t flags = flags_of(printer->marks, datum);
    bool is_reference = flags >> LABEL_SHIFT;
    if (!is_reference) {
        flags |= ++printer->n_labels << LABEL_SHIFT;
        set_flags(printer->marks, datum, flags);
    }
    fprintf(printer->out, "#%zu%c", (size_t)(flags >> LABEL_SHIFT) - 1, is_reference ? '#' : '=');
    return is_reference;
}

static void print_start(Printer *printer, const Datum *datum)
{
    for (;;) {
        if (print_label(printer, datum)) return;
        const char *prefix = prefix_of(printer, datum);
        if (!prefix) break;
        fputs(prefix, printer->out);
        datum = datum->as.pair.cdr->as.pair.car;
    }
    if (is_compound(datum)) {
        fputs(datum->kind == DATUM_VECTOR ? "#(" : "(", printer->out);
        vec_push(printer->arena, &printer->path, ((Step){datum, 0}));
    } else {
        print_atom(printer->out, datum);
    }
}

static void print_end(Printer *printer)
{
    fputc(')', printer->out);
    printer->path.count--;
}

static void print_vector_step(Printer *printer, Step *step)
{
    if (step->next == step->datum->as.vector.count) {
        print_end(printer);
        return;
    }
    if (step->next) fputc(' ', printer->out);
    print_start(printer, child_at(step->datum, step->next++));
}

/* next: 0 the car of the current pair, 1 what follows it, 2 the end. */
static void print_list_step(Printer *printer, Step *step)
{
    const Datum *rest = step->datum->as.pair.cdr;
    if (step->next == 0) {
        step->next = 1;
        print_start(printer, step->datum->as.pair.car);
    } else if (step->next == 2 || rest->kind == DATUM_NIL) {
        print_end(printer);
    } else if (rest->kind == DATUM_PAIR && !has_label(printer, rest)) {
        *step = (Step){rest, 0};
        fputc(' ', printer->out);
    } else {
        step->next = 2;
        fputs(" . ", printer->out);
        print_start(printer, rest);
    }
}

void datum_print(FILE *out, const Datum *datum)
{
    if (!is_compound(datum)) {
        print_atom(out, datum);
        return;
    }
    Arena *arena = arena_new();
    Printer printer = {.out = out, .arena = arena, .marks = find_cycles(arena, datum)};
    print_start(&printer, datum);
    while (printer.path.count) {
        Step *step = &printer.path.items[printer.path.count - 1];
        if (step->datum->kind == DATUM_VECTOR)
            print_vector_step(&printer, step);
        else
            print_list_step(&printer, step);
    }
    arena_free(arena);
}

/* ---- Printing into a dump ---- */

void datum_print_atom(SexpOut *sexp, const Datum *datum)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory) ICE("datum: no memory to print");
    datum_print(memory, datum);
    fclose(memory);
    sexp_text(sexp, text, length);
    free(text);
}

void symbol_print_atom(SexpOut *sexp, const Symbol *symbol)
{
    Datum datum = {.kind = DATUM_SYMBOL, .as.symbol = (Symbol *)symbol};
    datum_print_atom(sexp, &datum);
}
