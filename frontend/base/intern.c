#include "frontend/base/intern.h"

#include <stdbool.h>
#include <string.h>

typedef struct Slot {
    Symbol *symbol; /* NULL = empty */
    uint64_t hash;
} Slot;

struct Symbols {
    Arena *arena;
    Slot *slots;    /* open addressing */
    size_t n_slots; /* a power of two, more than count */
    uint32_t count;
};

#define FIRST_SLOTS 1024

Symbols *symbols_new(Arena *arena)
{
    Symbols *symbols = ARENA_NEW(arena, Symbols);
    symbols->arena = arena;
    symbols->n_slots = FIRST_SLOTS;
    symbols->slots = ARENA_ARRAY(arena, Slot, FIRST_SLOTS);
    return symbols;
}

/* FNV-1a, with the high bits folded in since the table uses the low ones. */
static uint64_t hash_text(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash ^ (hash >> 32);
}

static bool has_spelling(const Symbol *symbol, const char *text, size_t length)
{
    return symbol->length == length && memcmp(symbol->text, text, length) == 0;
}

static Slot *find_slot(Symbols *symbols, uint64_t hash, const char *text, size_t length)
{
    size_t mask = symbols->n_slots - 1;
    size_t i = (size_t)hash & mask;
    while (symbols->slots[i].symbol) {
        Slot *slot = &symbols->slots[i];
        if (slot->hash == hash && has_spelling(slot->symbol, text, length)) break;
        i = (i + 1) & mask;
    }
    return &symbols->slots[i];
}

static void grow(Symbols *symbols)
{
    Slot *old = symbols->slots;
    size_t n_old = symbols->n_slots;
    symbols->n_slots *= 2;
    symbols->slots = ARENA_ARRAY(symbols->arena, Slot, symbols->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        const Symbol *symbol = old[i].symbol;
        if (symbol) *find_slot(symbols, old[i].hash, symbol->text, symbol->length) = old[i];
    }
}

Symbol *symbols_intern(Symbols *symbols, const char *text, size_t length)
{
    uint64_t hash = hash_text(text, length);
    Slot *slot = find_slot(symbols, hash, text, length);
    if (slot->symbol) return slot->symbol;
    if (symbols->count * 2u >= symbols->n_slots) {
        grow(symbols);
        slot = find_slot(symbols, hash, text, length);
    }
    Symbol *symbol = ARENA_NEW(symbols->arena, Symbol);
    symbol->text = arena_strdup(symbols->arena, text, length);
    symbol->length = length;
    symbol->index = symbols->count++;
    *slot = (Slot){symbol, hash};
    return symbol;
}

Symbol *symbol_of(Symbols *symbols, const char *text) { return symbols_intern(symbols, text, strlen(text)); }
