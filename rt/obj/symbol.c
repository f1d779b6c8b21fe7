#include "rt/obj/symbol.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/hash.h"
#include "rt/obj/string.h"

/* The names of symbols.def as static strings, laid out like tt_obj_STRING. */
#define SYMBOL(id, text_)                                                                                    \
    static struct {                                                                                          \
        tt_word header, length, chars;                                                                       \
        char text[sizeof text_];                                                                             \
    } name_##id __attribute__((aligned(TT_ALIGN))) = {TT_HEADER(TT_TYPE_STRING), sizeof text_ - 1,           \
                                                      sizeof text_ - 1, text_};
#include "rt/abi/symbols.def"
#undef SYMBOL
#define SYMBOL(id, text)                                                                                     \
    __attribute__((aligned(TT_ALIGN))) struct tt_obj_SYMBOL tt_sym_##id = {.header =                         \
                                                                               TT_HEADER(TT_TYPE_SYMBOL)};
#include "rt/abi/symbols.def"
#undef SYMBOL

#define INITIAL_CAPACITY 1024 /* a power of two, like every capacity */

/* Open addressing, linear probing, at most half full; 0 = free. */
struct symbol_table {
    pthread_mutex_t lock;
    tt_word *slots;
    size_t capacity, n;
};

static size_t symbol_hash(tt_word symbol) { return TT_OBJ(SYMBOL, symbol)->hash; }

/* The slot of the symbol with that name, or the free slot for it. */
static tt_word *find(const struct symbol_table *table, const void *bytes, size_t length, size_t hash)
{
    size_t mask = table->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        tt_word symbol = table->slots[i];
        if (!symbol) return &table->slots[i];
        tt_word name = symbol_name(symbol);
        if (symbol_hash(symbol) == hash && string_length(name) == length &&
            memcmp(string_bytes(name), bytes, length) == 0)
            return &table->slots[i];
    }
}

static tt_word *find_free(const struct symbol_table *table, size_t hash)
{
    size_t mask = table->capacity - 1, i = hash & mask;
    while (table->slots[i])
        i = (i + 1) & mask;
    return &table->slots[i];
}

static bool grow(struct symbol_table *table)
{
    struct symbol_table larger = {.capacity = 2 * table->capacity};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots) return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i]) *find_free(&larger, symbol_hash(table->slots[i])) = table->slots[i];
    /* The old slots are freed after the new ones are in place: libgc may look meanwhile. */
    tt_word *old = table->slots;
    table->slots = larger.slots;
    table->capacity = larger.capacity;
    free(old);
    return true;
}

static void push_slots(void *context)
{
    struct symbol_table *table = context;
    heap_push(table->slots, table->slots + table->capacity);
}

static void add_static(struct symbol_table *table, tt_word symbol)
{
    tt_word name = symbol_name(symbol);
    size_t hash = hash_bytes(string_bytes(name), string_length(name));
    TT_OBJ(SYMBOL, symbol)->hash = hash;
    tt_word *slot = find(table, string_bytes(name), string_length(name), hash);
    if (*slot) return;
    *slot = symbol;
    table->n++;
    if (2 * table->n > table->capacity && !grow(table)) abort();
}

struct symbol_table *symbol_table_new(void)
{
    struct symbol_table *table = calloc(1, sizeof *table);
    if (table) table->slots = calloc(INITIAL_CAPACITY, sizeof *table->slots);
    if (!table || !table->slots) abort();
    table->capacity = INITIAL_CAPACITY;
    pthread_mutex_init(&table->lock, NULL);
    heap_add_major_scanner(push_slots, table);
#define SYMBOL(id, text)                                                                                     \
    tt_sym_##id.name = tt_tagged(&name_##id, TT_TAG_OBJECT);                                                 \
    add_static(table, TT_SYM(id));
#include "rt/abi/symbols.def"
#undef SYMBOL
    return table;
}

void symbol_table_add(struct symbol_table *table, const tt_word *symbols, size_t n)
{
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < n; i++)
        add_static(table, symbols[i]);
    pthread_mutex_unlock(&table->lock);
}

size_t symbol_table_count(struct symbol_table *table)
{
    pthread_mutex_lock(&table->lock);
    size_t n = table->n;
    pthread_mutex_unlock(&table->lock);
    return n;
}

static tt_word new_symbol(struct worker *w, const void *bytes, size_t length, size_t hash)
{
    tt_word name = string_old(w, bytes, length);
    if (name == TT_FAIL) return TT_FAIL;
    struct tt_obj_SYMBOL *symbol = heap_alloc_old(w, sizeof *symbol);
    if (!symbol) return TT_FAIL;
    *symbol = (struct tt_obj_SYMBOL){.header = TT_HEADER(TT_TYPE_SYMBOL), .name = name, .hash = hash};
    return tt_tagged(symbol, TT_TAG_OBJECT);
}

static tt_word intern_locked(struct worker *w, struct symbol_table *table, const void *bytes, size_t length)
{
    size_t hash = hash_bytes(bytes, length);
    tt_word *slot = find(table, bytes, length, hash);
    if (*slot) return *slot;
    if (2 * (table->n + 1) > table->capacity && !grow(table)) {
        heap_fail(w);
        return TT_FAIL;
    }
    tt_word symbol = new_symbol(w, bytes, length, hash);
    if (symbol == TT_FAIL) return TT_FAIL;
    *find_free(table, hash) = symbol;
    table->n++;
    return symbol;
}

tt_word symbol_intern(struct worker *w, const void *bytes, size_t length)
{
    struct symbol_table *table = w->node->symbols;
    pthread_mutex_lock(&table->lock);
    tt_word symbol = intern_locked(w, table, bytes, length);
    pthread_mutex_unlock(&table->lock);
    return symbol;
}

tt_word symbol_intern_text(struct worker *w, const char *text)
{
    return symbol_intern(w, text, strlen(text));
}
