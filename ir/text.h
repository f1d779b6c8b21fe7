/* What the texts of CPS and Clo have in common.
 *
 *   x.3  x.3:pair     a variable; where it is bound with its class, if that says anything
 *   main:f  lib:map   a global variable, with its module
 *   main:t~2          the second of that name: macros may define several
 *   5 "s" #t '(a b)   constants, quoted where they would read as something else
 *   (proc apply)      a procedure of procs.def
 *
 * Numbers are given in the order of printing, so a text does not depend on how
 * the pass numbered its variables, and reading it back prints the same. */
#ifndef IR_TEXT_H
#define IR_TEXT_H

#include "frontend/base/map.h"
#include "frontend/base/sexp_out.h"
#include "ir/prim.h"

/* -- writing ------------------------------------------------------------ */

/* Things numbered as they are first bound: variables of a code point, joins ... */
typedef struct TextNames {
    Arena *arena;
    Map *numbers; /* thing to number + 1 */
    uint32_t next;
} TextNames;

TextNames text_names(Arena *arena);
void text_bind(TextNames *names, const void *thing);
/* `prefix` `name` . number [suffix]; `?` for the number of a thing that was never bound. */
void text_write_name(SexpOut *out, const TextNames *names, const void *thing, const char *prefix,
                     const Symbol *name, const char *suffix);
/* ":pair" and so on; "" for ANY. */
const char *text_class_suffix(CloClass class);
typedef struct TextGlobals {
    Arena *arena;
    Map *ranks;              /* Global to its rank among those of its name, from 1 */
    Map *n_user, *n_library; /* name to how many there are */
} TextGlobals;

TextGlobals text_globals(Arena *arena);
void text_write_global(SexpOut *out, TextGlobals *globals, const Global *global);
bool text_is_library(const Global *global);
void text_write_const(SexpOut *out, const Datum *datum);
void text_write_proc(SexpOut *out, ProcId id);
/* `(head` */
void text_open(SexpOut *out, unsigned n_head, const char *head);

/* -- reading ------------------------------------------------------------ */

typedef struct TextReader {
    Compilation *compilation;
    Map *prims;   /* symbol to PrimId + 1 */
    Map *procs;   /* symbol to ProcId + 1 */
    Map *globals; /* symbol `main:f` to Global */
} TextReader;

TextReader text_reader(Compilation *compilation);
/* Reports the error and leaves the innermost diag_catch. */
_Noreturn void text_fail(const TextReader *reader, const Datum *at, const char *message);
/* Elements of a proper list; fails when it is none or has fewer than `at_least`. */
Datum **text_list(const TextReader *reader, const Datum *datum, size_t at_least, size_t *count_out);
Symbol *text_symbol(const TextReader *reader, const Datum *datum);
bool text_is_symbol(const Datum *datum, const char *text);
/* Whether a list begins with this symbol. */
bool text_has_head(const Datum *datum, const char *head);
uint32_t text_number(const TextReader *reader, const Datum *datum);
/* `x.3:pair` to the name x and the class; the key x.3 is what uses say. */
typedef struct TextName {
    Symbol *name, *key;
    CloClass class;
} TextName;
TextName text_name(const TextReader *reader, const Datum *datum);
PrimId text_prim(const TextReader *reader, const Datum *datum);
Global *text_global(TextReader *reader, const Datum *datum);
/* A constant: fills *out; false when the datum is no constant. */
bool text_const(const Datum *datum, Datum **out);
/* `(proc name)`: fills *out; false when the datum is something else. */
bool text_proc(const TextReader *reader, const Datum *datum, ProcId *out);

#endif
