/* Symbols: interned, so that eq? is identity. The table belongs to the node;
 * symbols of the program and of symbols.def are static objects, others live in
 * the old generation, never move, and go when nothing refers to them but the
 * table: what keeps one outside of the heap and the C stack has to show it to
 * the collector. Any worker may intern. */
#ifndef RT_OBJ_SYMBOL_H
#define RT_OBJ_SYMBOL_H

#include "rt/mem/worker.h"

#define SYMBOL(id, text) extern struct tt_obj_SYMBOL tt_sym_##id;
#include "rt/abi/symbols.def"
#undef SYMBOL
/* TT_SYM(TIMEOUT): the value. */
#define TT_SYM(id) tt_tagged(&tt_sym_##id, TT_TAG_OBJECT)

struct symbol_table;

/* With the symbols of symbols.def in it. */
struct symbol_table *symbol_table_new(void);
/* Static symbols of the program: fills in their hashes. */
void symbol_table_add(struct symbol_table *table, const tt_word *symbols, size_t n);
size_t symbol_table_count(struct symbol_table *table);

/* The symbol of that name (valid UTF-8), or TT_FAIL when memory is exhausted. */
tt_word symbol_intern(struct worker *w, const void *bytes, size_t length);
tt_word symbol_intern_text(struct worker *w, const char *text);

static inline tt_word symbol_name(tt_word symbol) { return TT_OBJ(SYMBOL, symbol)->name; }

#endif
