/* Data as the reader gives them: quoted constants of the program, and (with
 * marks, syntax.h) its syntax. Immutable. */
#ifndef FRONTEND_DATUM_H
#define FRONTEND_DATUM_H

#include <stdbool.h>
#include <stdio.h>
/* behind stdio.h, so that it declares its output functions */
#include <gmp.h>

#include "frontend/base/compilation.h"
#include "frontend/base/sexp_out.h"

typedef enum DatumKind {
    DATUM_NIL,
    DATUM_BOOLEAN,
    DATUM_CHAR,
    DATUM_INTEGER,
    DATUM_RATIONAL,
    DATUM_FLONUM,
    DATUM_STRING,
    DATUM_SYMBOL,
    DATUM_PAIR,
    DATUM_VECTOR,
    DATUM_BYTEVECTOR,
    DATUM_EOF,
    DATUM_VOID,
    DATUM_DEFAULT,
} DatumKind;

typedef struct Datum Datum;
struct Datum {
    DatumKind kind;
    Span span;
    union {
        bool boolean;
        uint32_t character;  /* Unicode scalar value */
        mpz_srcptr integer;  /* exact integer of any size */
        mpq_srcptr rational; /* canonical, denominator > 1 */
        double flonum;
        struct {
            const char *text;
            size_t length;
        } string; /* UTF-8 */
        Symbol *symbol;
        struct {
            Datum *car, *cdr;
        } pair;
        struct {
            Datum **items;
            size_t count;
        } vector;
        struct {
            const uint8_t *bytes;
            size_t count;
        } bytevector;
    } as;
};

bool datum_equal(const Datum *a, const Datum *b); /* equal? */
/* Prints as `write` does (with labels for cycles: `#0=(a . #0#)` is a legal literal). */
void datum_print(FILE *out, const Datum *datum);
/* The same as an atom of a dump. */
void datum_print_atom(SexpOut *sexp, const Datum *datum);
void symbol_print_atom(SexpOut *sexp, const Symbol *symbol);

#endif
