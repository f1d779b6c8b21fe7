#include "rt/obj/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/mem/weak.h"
#include "rt/obj/hash.h"
#include "rt/obj/string.h"
#include "rt/os/crypto.h"
#include "rt/os/random.h"

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

/* A weak set of symbols by name. */
struct symbol_table {
    struct weak *symbols;
    uint8_t key[CRYPTO_SIPHASH_KEY_BYTES]; /* random: nobody outside can make many that have one place */
};

struct name {
    const void *bytes;
    size_t length;
};

static bool has_name(tt_word symbol, const void *key)
{
    const struct name *wanted = key;
    tt_word name = symbol_name(symbol);
    return string_length(name) == wanted->length &&
           memcmp(string_bytes(name), wanted->bytes, wanted->length) == 0;
}

static uint32_t place_of(const struct symbol_table *table, const struct name *name)
{
    uint8_t mac[CRYPTO_SIPHASH_BYTES];
    uint32_t place;
    crypto_siphash(table->key, name->bytes, name->length, mac);
    memcpy(&place, mac, sizeof place);
    return place;
}

/* Of two static symbols with one name the first counts. */
static void add_static(struct symbol_table *table, tt_word symbol)
{
    struct name name = {string_bytes(symbol_name(symbol)), string_length(symbol_name(symbol))};
    TT_OBJ(SYMBOL, symbol)->hash = hash_bytes(name.bytes, name.length);
    if (!weak_intern_static(table->symbols, place_of(table, &name), has_name, &name, symbol)) abort();
}

struct symbol_table *symbol_table_new(void)
{
    struct symbol_table *table = calloc(1, sizeof *table);
    if (table) table->symbols = weak_new();
    if (!table || !table->symbols) abort();
    random_bytes(table->key, sizeof table->key);
#define SYMBOL(id, text)                                                                                     \
    tt_sym_##id.name = tt_tagged(&name_##id, TT_TAG_OBJECT);                                                 \
    add_static(table, TT_SYM(id));
#include "rt/abi/symbols.def"
#undef SYMBOL
    return table;
}

void symbol_table_add(struct symbol_table *table, const tt_word *symbols, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_static(table, symbols[i]);
}

size_t symbol_table_count(struct symbol_table *table) { return weak_count(table->symbols); }

static tt_word new_symbol(struct worker *w, const void *bytes, size_t length)
{
    tt_word name = string_old(w, bytes, length);
    if (name == TT_FAIL) return TT_FAIL;
    struct tt_obj_SYMBOL *symbol = heap_alloc_old(w, sizeof *symbol);
    if (!symbol) return TT_FAIL;
    *symbol = (struct tt_obj_SYMBOL){
        .header = TT_HEADER(TT_TYPE_SYMBOL), .name = name, .hash = hash_bytes(bytes, length)};
    return tt_tagged(symbol, TT_TAG_OBJECT);
}

tt_word symbol_intern(struct worker *w, const void *bytes, size_t length)
{
    struct weak *symbols = w->node->symbols->symbols;
    struct name name = {bytes, length};
    uint32_t place = place_of(w->node->symbols, &name);
    tt_word found = weak_find(symbols, place, has_name, &name);
    if (found) return found;
    tt_word symbol = new_symbol(w, bytes, length);
    if (symbol == TT_FAIL) return TT_FAIL;
    tt_word interned = weak_intern(symbols, place, has_name, &name, symbol);
    if (interned) return interned;
    heap_fail(w);
    return TT_FAIL;
}

tt_word symbol_intern_text(struct worker *w, const char *text)
{
    return symbol_intern(w, text, strlen(text));
}
