/* Vectors and bytevectors. */
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/obj/trie.h"
#include "rt/prim/arg.h"

static struct tt_obj_VECTOR *vector_alloc(struct worker *w, size_t n)
{
    struct tt_obj_VECTOR *vector = heap_alloc(w, sizeof *vector + n * TT_W);
    if (!vector) return NULL;
    vector->header = TT_HEADER(TT_TYPE_VECTOR);
    vector->length = n;
    return vector;
}

static tt_word vector_from(struct worker *w, const tt_word *items, size_t n)
{
    struct tt_obj_VECTOR *vector = vector_alloc(w, n);
    if (!vector) return TT_FAIL;
    memcpy(vector->ref, items, n * TT_W);
    return tt_tagged(vector, TT_TAG_OBJECT);
}

tt_word tt_prim_make_vector(struct worker *w, tt_word k, tt_word fill)
{
    size_t n;
    if (!arg_new_length(w, "make-vector", k, TT_W, &n)) return TT_FAIL;
    struct tt_obj_VECTOR *vector = vector_alloc(w, n);
    if (!vector) return TT_FAIL;
    for (size_t i = 0; i < n; i++)
        vector->ref[i] = fill;
    return tt_tagged(vector, TT_TAG_OBJECT);
}

tt_word tt_prim_list_to_vector(struct worker *w, tt_word list)
{
    size_t n;
    if (!arg_list_length(w, "list->vector", list, &n)) return TT_FAIL;
    struct tt_obj_VECTOR *vector = vector_alloc(w, n);
    if (!vector) return TT_FAIL;
    struct list_cursor c = list_begin(list);
    for (size_t i = 0; list_next(&c); i++)
        vector->ref[i] = c.item;
    return tt_tagged(vector, TT_TAG_OBJECT);
}

tt_word tt_prim_vector_to_list(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to;
    if (!arg_is_type(w, "vector->list", v, TT_TYPE_VECTOR) ||
        !arg_range(w, "vector->list", start, end, TT_OBJ(VECTOR, v)->length, &from, &to))
        return TT_FAIL;
    tt_word list = TT_NIL;
    while (to > from && list != TT_FAIL)
        list = heap_cons(w, TT_OBJ(VECTOR, v)->ref[--to], list);
    return list;
}

tt_word tt_prim_subvector(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to;
    if (!arg_is_type(w, "vector-copy", v, TT_TYPE_VECTOR) ||
        !arg_range(w, "vector-copy", start, end, TT_OBJ(VECTOR, v)->length, &from, &to))
        return TT_FAIL;
    return vector_from(w, TT_OBJ(VECTOR, v)->ref + from, to - from);
}

tt_word tt_prim_vector_with(struct worker *w, tt_word v, tt_word index, tt_word element)
{
    size_t i;
    if (!arg_is_type(w, "vector-with", v, TT_TYPE_VECTOR)) return TT_FAIL;
    if (TT_OBJ(VECTOR, v)->length == 0) return fail_index(w, "vector-with", index);
    if (!arg_index(w, "vector-with", index, TT_OBJ(VECTOR, v)->length - 1, &i)) return TT_FAIL;
    tt_word copy = vector_from(w, TT_OBJ(VECTOR, v)->ref, TT_OBJ(VECTOR, v)->length);
    if (copy != TT_FAIL) TT_OBJ(VECTOR, copy)->ref[i] = element;
    return copy;
}

/* A node is longer than a line of the cache: the lines of its children come while its bitmap,
 * which says which child is wanted, comes too. Any word will do. */
static inline void fetch_node(tt_word v)
{
    __builtin_prefetch((const void *)(v + 64));
    __builtin_prefetch((const void *)(v + 128));
}

/* What stands at the end of the way of a hash from `node` down: no vector, but an entry, or
 * what else Scheme has put there, or the default object. */
tt_word tt_prim_trie_leaf(struct worker *w, tt_word node, tt_word hash)
{
    if (!tt_is_fixnum(hash)) return fail_wrong_type(w, "trie", hash);
    uint64_t rest = (uint64_t)tt_fixnum_value(hash);
    for (unsigned level = 0; level < TRIE_LEVELS; level++, rest >>= TRIE_DIGIT_BITS) {
        tt_word child;
        if (!trie_child(node, (unsigned)rest & 15, &child)) return fail_wrong_type(w, "trie", node);
        fetch_node(child);
        if (!tt_is_type(child, TT_TYPE_VECTOR)) return child;
        node = child;
    }
    return fail_wrong_type(w, "trie", node);
}

/* The node with another child for a digit; without it when `child` is the default object. */
tt_word tt_prim_trie_with(struct worker *w, tt_word node, tt_word hash, tt_word level, tt_word child,
                          tt_word change)
{
    if (!trie_has_bitmap(node) || !trie_is_place(hash, level) || !tt_is_fixnum(change))
        return fail_wrong_type(w, "trie", node);
    const tt_word *old = TT_OBJ(VECTOR, node)->ref;
    unsigned bitmap = trie_bitmap(node), digit = trie_digit(hash, level);
    bool had = bitmap >> digit & 1, has = child != TT_DEFAULT;
    size_t n = TT_OBJ(VECTOR, node)->length, at = trie_index(bitmap, digit);
    if (at + had > n || !tt_is_fixnum(old[1])) return fail_wrong_type(w, "trie", node);
    struct tt_obj_VECTOR *copy = vector_alloc(w, n - had + has);
    if (!copy) return TT_FAIL;
    memcpy(copy->ref, old, at * TT_W);
    copy->ref[0] = tt_fixnum((tt_sword)(has ? bitmap | 1u << digit : bitmap & ~(1u << digit)));
    copy->ref[1] = tt_fixnum(tt_fixnum_value(old[1]) + tt_fixnum_value(change));
    if (has) copy->ref[at] = child;
    memcpy(copy->ref + at + has, old + at + had, (n - at - had) * TT_W);
    return tt_tagged(copy, TT_TAG_OBJECT);
}

/* Sum of the lengths (field 1) of a list of objects of that type. */
static bool total_length(struct worker *w, const char *operation, tt_word list, enum tt_type type,
                         size_t *out)
{
    uint64_t total = 0; /* the same one may be there often */
    struct list_cursor c = list_begin(list);
    while (list_next(&c)) {
        if (!arg_is_type(w, operation, c.item, type)) return false;
        total += tt_words(c.item)[1];
    }
    if (!list_ended_well(&c)) {
        fail_wrong_type(w, operation, list);
        return false;
    }
    if (total > OBJECT_MAX_BYTES / TT_W) {
        heap_fail(w);
        return false;
    }
    *out = (size_t)total;
    return true;
}

tt_word tt_prim_vector_concatenate(struct worker *w, tt_word list)
{
    size_t n;
    if (!total_length(w, "vector-append", list, TT_TYPE_VECTOR, &n)) return TT_FAIL;
    struct tt_obj_VECTOR *vector = vector_alloc(w, n);
    if (!vector) return TT_FAIL;
    tt_word *to = vector->ref;
    for (struct list_cursor c = list_begin(list); list_next(&c); to += TT_OBJ(VECTOR, c.item)->length)
        memcpy(to, TT_OBJ(VECTOR, c.item)->ref, TT_OBJ(VECTOR, c.item)->length * TT_W);
    return tt_tagged(vector, TT_TAG_OBJECT);
}

/* -- bytevectors ----------------------------------------------------------- */

static struct tt_obj_BYTEVECTOR *bytevector_alloc(struct worker *w, size_t n)
{
    struct tt_obj_BYTEVECTOR *bytevector = heap_alloc_atomic(w, sizeof *bytevector + n);
    if (!bytevector) return NULL;
    bytevector->header = TT_HEADER(TT_TYPE_BYTEVECTOR);
    bytevector->length = n;
    return bytevector;
}

static tt_word bytevector_from(struct worker *w, const uint8_t *bytes, size_t n)
{
    struct tt_obj_BYTEVECTOR *bytevector = bytevector_alloc(w, n);
    if (!bytevector) return TT_FAIL;
    memcpy(bytevector->byte, bytes, n);
    return tt_tagged(bytevector, TT_TAG_OBJECT);
}

static bool arg_byte(struct worker *w, const char *operation, tt_word v, uint8_t *out)
{
    size_t byte;
    if (!arg_index(w, operation, v, 255, &byte)) return false;
    *out = (uint8_t)byte;
    return true;
}

tt_word tt_prim_make_bytevector(struct worker *w, tt_word k, tt_word fill)
{
    size_t n;
    uint8_t byte;
    if (!arg_new_length(w, "make-bytevector", k, 1, &n) || !arg_byte(w, "make-bytevector", fill, &byte))
        return TT_FAIL;
    struct tt_obj_BYTEVECTOR *bytevector = bytevector_alloc(w, n);
    if (!bytevector) return TT_FAIL;
    memset(bytevector->byte, byte, n);
    return tt_tagged(bytevector, TT_TAG_OBJECT);
}

tt_word tt_prim_list_to_bytevector(struct worker *w, tt_word list)
{
    size_t n;
    if (!arg_list_length(w, "bytevector", list, &n)) return TT_FAIL;
    struct tt_obj_BYTEVECTOR *bytevector = bytevector_alloc(w, n);
    if (!bytevector) return TT_FAIL;
    struct list_cursor c = list_begin(list);
    for (size_t i = 0; list_next(&c); i++)
        if (!arg_byte(w, "bytevector", c.item, &bytevector->byte[i])) return TT_FAIL;
    return tt_tagged(bytevector, TT_TAG_OBJECT);
}

static bool bytevector_range(struct worker *w, const char *operation, tt_word v, tt_word start, tt_word end,
                             size_t *from, size_t *to)
{
    return arg_is_type(w, operation, v, TT_TYPE_BYTEVECTOR) &&
           arg_range(w, operation, start, end, TT_OBJ(BYTEVECTOR, v)->length, from, to);
}

tt_word tt_prim_subbytevector(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to;
    if (!bytevector_range(w, "bytevector-copy", v, start, end, &from, &to)) return TT_FAIL;
    return bytevector_from(w, TT_OBJ(BYTEVECTOR, v)->byte + from, to - from);
}

tt_word tt_prim_bytevector_concatenate(struct worker *w, tt_word list)
{
    size_t n;
    if (!total_length(w, "bytevector-append", list, TT_TYPE_BYTEVECTOR, &n)) return TT_FAIL;
    struct tt_obj_BYTEVECTOR *bytevector = bytevector_alloc(w, n);
    if (!bytevector) return TT_FAIL;
    uint8_t *to = bytevector->byte;
    for (struct list_cursor c = list_begin(list); list_next(&c); to += TT_OBJ(BYTEVECTOR, c.item)->length)
        memcpy(to, TT_OBJ(BYTEVECTOR, c.item)->byte, TT_OBJ(BYTEVECTOR, c.item)->length);
    return tt_tagged(bytevector, TT_TAG_OBJECT);
}

tt_word tt_prim_utf8_to_string(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to, chars;
    if (!bytevector_range(w, "utf8->string", v, start, end, &from, &to)) return TT_FAIL;
    if (!utf8_count(TT_OBJ(BYTEVECTOR, v)->byte + from, to - from, &chars))
        return fail_out_of_range(w, "utf8->string", v);
    return string_make(w, TT_OBJ(BYTEVECTOR, v)->byte + from, to - from, chars);
}

tt_word tt_prim_string_to_utf8(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to;
    if (!arg_is_type(w, "string->utf8", v, TT_TYPE_STRING) ||
        !arg_range(w, "string->utf8", start, end, TT_OBJ(STRING, v)->chars, &from, &to))
        return TT_FAIL;
    from = string_offset(v, from);
    to = string_offset(v, to);
    return bytevector_from(w, string_bytes(v) + from, to - from);
}
