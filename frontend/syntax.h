/* Syntax: data whose symbols may be aliases.
 *
 * Hygiene by renaming. An identifier is a Symbol: one of the reader's, or an
 * *alias* made when a macro's template inserts a symbol. Each use of a macro
 * makes fresh aliases. A binding form binds the identifier it is given, alias
 * or not, by address; an alias that nothing binds means what its base means
 * where the macro was defined (scope.h). So neither the macro's names capture
 * the user's, nor the user's the macro's. `quote` strips aliases. */
#ifndef FRONTEND_SYNTAX_H
#define FRONTEND_SYNTAX_H

#include "frontend/datum.h"

typedef struct LocalEntry LocalEntry;
typedef struct TopEntry TopEntry;
typedef struct Environment Environment;

/* What an identifier is bound to: filled and read by scope.c. */
typedef struct IdentifierInfo {
    LocalEntry *local; /* innermost first */
    TopEntry *top;     /* one per top-level environment that binds it */
} IdentifierInfo;

#define ALIAS_BIT 0x80000000u /* in Symbol.index: this symbol is an alias */

typedef struct Alias {
    Symbol symbol;            /* first, so that a Symbol * may point to an alias */
    Symbol *base;             /* as the template has it; may be an alias too */
    Environment *environment; /* where the template was written ... */
    uint32_t depth;           /* ... and how many scopes were open there */
    IdentifierInfo info;
} Alias;

static inline Alias *symbol_alias(Symbol *symbol)
{
    return symbol->index & ALIAS_BIT ? (Alias *)symbol : NULL;
}
/* The reader's symbol that an identifier was once. */
Symbol *symbol_base(Symbol *symbol);
Symbol *alias_new(Arena *arena, Symbol *base, Environment *environment, uint32_t depth);

static inline bool is_identifier(const Datum *datum) { return datum->kind == DATUM_SYMBOL; }
static inline bool is_pair(const Datum *datum) { return datum->kind == DATUM_PAIR; }
static inline bool is_nil(const Datum *datum) { return datum->kind == DATUM_NIL; }
static inline Datum *car(const Datum *datum) { return datum->as.pair.car; }
static inline Datum *cdr(const Datum *datum) { return datum->as.pair.cdr; }
static inline Datum *cadr(const Datum *datum) { return car(cdr(datum)); }
static inline Datum *cddr(const Datum *datum) { return cdr(cdr(datum)); }

/* An identifier spelled `text`, whatever it is bound to. */
bool is_spelled(const Datum *datum, const char *text);
/* Number of elements; -1 for what is no list (dotted, or cyclic). */
long list_length(const Datum *list);
/* Number of pairs before the end, dotted or not; -1 if cyclic. */
long list_pairs(const Datum *list);

Datum *syntax_pair(Arena *arena, Span span, Datum *first, Datum *rest);
Datum *syntax_nil(Arena *arena, Span span);
Datum *syntax_symbol(Arena *arena, Span span, Symbol *symbol);
Datum *syntax_string(Arena *arena, Span span, const char *text);
Datum *syntax_vector_to_list(Arena *arena, const Datum *vector);
Datum *syntax_list_to_vector(Arena *arena, Span span, const Datum *list);

/* The datum with aliases replaced by the symbols they were. Sharing and cycles
 * are kept; a datum without aliases is returned as it is. */
Datum *syntax_strip(Arena *arena, Datum *datum);

#endif
