#include "frontend/syntax.h"

#include <string.h>

#include "frontend/base/map.h"
#include "frontend/base/vec.h"

Symbol *symbol_base(Symbol *symbol)
{
    while (symbol->index & ALIAS_BIT)
        symbol = ((Alias *)symbol)->base;
    return symbol;
}

Symbol *alias_new(Arena *arena, Symbol *base, Environment *environment, uint32_t depth)
{
    Alias *alias = ARENA_NEW(arena, Alias);
    alias->symbol = *base;
    alias->symbol.index = ALIAS_BIT;
    alias->base = base;
    alias->environment = environment;
    alias->depth = depth;
    return &alias->symbol;
}

bool is_spelled(const Datum *datum, const char *text)
{
    return datum->kind == DATUM_SYMBOL && strcmp(datum->as.symbol->text, text) == 0;
}

/* Brent: the hare goes on, the tortoise jumps to it at powers of two. */
static long count_pairs(const Datum *list, const Datum **end_out)
{
    const Datum *tortoise = list;
    long count = 0, next_jump = 2;
    while (is_pair(list)) {
        list = cdr(list);
        count++;
        if (list == tortoise && is_pair(list)) return -1;
        if (count == next_jump) {
            tortoise = list;
            next_jump *= 2;
        }
    }
    *end_out = list;
    return count;
}

long list_length(const Datum *list)
{
    const Datum *end = NULL;
    long count = count_pairs(list, &end);
    return count >= 0 && is_nil(end) ? count : -1;
}

long list_pairs(const Datum *list)
{
    const Datum *end = NULL;
    return count_pairs(list, &end);
}

static Datum *new_datum(Arena *arena, DatumKind kind, Span span)
{
    Datum *datum = ARENA_NEW(arena, Datum);
    datum->kind = kind;
    datum->span = span;
    return datum;
}

Datum *syntax_pair(Arena *arena, Span span, Datum *first, Datum *rest)
{
    Datum *datum = new_datum(arena, DATUM_PAIR, span);
    datum->as.pair.car = first;
    datum->as.pair.cdr = rest;
    return datum;
}

Datum *syntax_nil(Arena *arena, Span span) { return new_datum(arena, DATUM_NIL, span); }

Datum *syntax_symbol(Arena *arena, Span span, Symbol *symbol)
{
    Datum *datum = new_datum(arena, DATUM_SYMBOL, span);
    datum->as.symbol = symbol;
    return datum;
}

Datum *syntax_string(Arena *arena, Span span, const char *text)
{
    Datum *datum = new_datum(arena, DATUM_STRING, span);
    datum->as.string.text = text;
    datum->as.string.length = strlen(text);
    return datum;
}

Datum *syntax_vector_to_list(Arena *arena, const Datum *vector)
{
    Datum *list = syntax_nil(arena, vector->span);
    for (size_t i = vector->as.vector.count; i-- > 0;)
        list = syntax_pair(arena, vector->span, vector->as.vector.items[i], list);
    return list;
}

Datum *syntax_list_to_vector(Arena *arena, Span span, const Datum *list)
{
    Datum *vector = new_datum(arena, DATUM_VECTOR, span);
    long count = list_length(list);
    vector->as.vector.count = (size_t)count;
    vector->as.vector.items = ARENA_ARRAY(arena, Datum *, count);
    for (long i = 0; i < count; i++, list = cdr(list))
        vector->as.vector.items[i] = car(list);
    return vector;
}

static bool has_parts(const Datum *datum) { return datum->kind == DATUM_PAIR || datum->kind == DATUM_VECTOR; }

typedef VEC(Datum *) DatumVec;

static void push_parts(Arena *arena, DatumVec *work, const Datum *datum)
{
    if (datum->kind == DATUM_PAIR) {
        vec_push(arena, work, cdr(datum));
        vec_push(arena, work, car(datum));
    } else {
        for (size_t i = datum->as.vector.count; i-- > 0;)
            vec_push(arena, work, datum->as.vector.items[i]);
    }
}

typedef enum AliasSearch { NO_ALIAS, HAS_ALIAS, TOO_LARGE } AliasSearch;

/* Without a record of what was seen, so only for small data. */
static AliasSearch search_small(const Datum *datum, int *steps_left)
{
    for (;;) {
        if (--*steps_left < 0) return TOO_LARGE;
        if (datum->kind == DATUM_SYMBOL) return datum->as.symbol->index & ALIAS_BIT ? HAS_ALIAS : NO_ALIAS;
        if (datum->kind == DATUM_VECTOR) {
            for (size_t i = 0; i < datum->as.vector.count; i++) {
                AliasSearch found = search_small(datum->as.vector.items[i], steps_left);
                if (found != NO_ALIAS) return found;
            }
            return NO_ALIAS;
        }
        if (datum->kind != DATUM_PAIR) return NO_ALIAS;
        AliasSearch found = search_small(car(datum), steps_left);
        if (found != NO_ALIAS) return found;
        datum = cdr(datum);
    }
}

static bool search_large(Arena *arena, Datum *datum)
{
    Map *seen = map_new(arena);
    DatumVec work = {0};
    vec_push(arena, &work, datum);
    while (work.count) {
        Datum *part = vec_pop(&work);
        if (part->kind == DATUM_SYMBOL && part->as.symbol->index & ALIAS_BIT) return true;
        if (!has_parts(part) || map_has(seen, part)) continue;
        map_set(seen, part, part);
        push_parts(arena, &work, part);
    }
    return false;
}

static bool has_alias(Arena *arena, Datum *datum)
{
    int steps_left = 300;
    AliasSearch found = search_small(datum, &steps_left);
    return found == TOO_LARGE ? search_large(arena, datum) : found == HAS_ALIAS;
}

/* The copy of one part: made when first met, its own parts filled in later. */
static Datum *copy_of(Arena *arena, Map *copies, DatumVec *work, Datum *part)
{
    if (part->kind == DATUM_SYMBOL) {
        Symbol *base = symbol_base(part->as.symbol);
        return base == part->as.symbol ? part : syntax_symbol(arena, part->span, base);
    }
    if (!has_parts(part)) return part;
    Datum *copy = map_get(copies, part);
    if (copy) return copy;
    copy = new_datum(arena, part->kind, part->span);
    map_set(copies, part, copy);
    vec_push(arena, work, part);
    return copy;
}

Datum *syntax_strip(Arena *arena, Datum *datum)
{
    if (!has_alias(arena, datum)) return datum;
    Map *copies = map_new(arena);
    DatumVec work = {0};
    Datum *result = copy_of(arena, copies, &work, datum);
    while (work.count) {
        Datum *part = vec_pop(&work);
        Datum *copy = map_get(copies, part);
        if (part->kind == DATUM_PAIR) {
            copy->as.pair.car = copy_of(arena, copies, &work, car(part));
            copy->as.pair.cdr = copy_of(arena, copies, &work, cdr(part));
            continue;
        }
        size_t count = part->as.vector.count;
        copy->as.vector.count = count;
        copy->as.vector.items = ARENA_ARRAY(arena, Datum *, count);
        for (size_t i = 0; i < count; i++)
            copy->as.vector.items[i] = copy_of(arena, copies, &work, part->as.vector.items[i]);
    }
    return result;
}
