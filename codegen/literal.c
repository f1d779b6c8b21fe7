/* Static data: quoted constants, symbols, closures without slots.
 *
 * A literal is an object laid out as the runtime would have allocated it
 * (objects.def), in the executable's data. It never changes and refers to other
 * static data only, so the collector need not look at it. Data with identity
 * (one Datum = one object) may share parts and contain themselves, hence two
 * steps: literal_value gives an object its address, literal_fill its content. */
#include <stdlib.h>
#include <string.h>

#include "codegen/cg.h"
#include "rt/abi/text.h"

#define LITERAL_ALIGN 16

static LLVMValueRef new_object(Cg *cg, LLVMTypeRef type, const char *name, bool is_constant)
{
    LLVMValueRef object = LLVMAddGlobal(cg->module, type, name);
    LLVMSetLinkage(object, LLVMInternalLinkage);
    LLVMSetGlobalConstant(object, is_constant);
    LLVMSetAlignment(object, LITERAL_ALIGN);
    return object;
}

/* Header, one word for each fixed field, and the tail (NULL: none). */
static LLVMValueRef object_content(Cg *cg, ObjectType type, LLVMValueRef *fields, unsigned n_fields,
                                   LLVMValueRef tail)
{
    LLVMValueRef parts[8] = {cg_word(cg, TT_HEADER((uint64_t)type))};
    if (n_fields != cg_object_fields(type)) ICE("object type %d built with %u fields", (int)type, n_fields);
    for (unsigned i = 0; i < n_fields; i++)
        parts[i + 1] = fields[i];
    unsigned n = n_fields + 1;
    if (tail) parts[n++] = tail;
    return LLVMConstStructInContext(cg->context, parts, n, 0);
}

static LLVMValueRef finished_object(Cg *cg, LLVMValueRef content, unsigned tag, bool is_constant)
{
    LLVMValueRef object = new_object(cg, LLVMTypeOf(content), "tt.literal", is_constant);
    LLVMSetInitializer(object, content);
    return cg_tagged(cg, object, tag);
}

/* A tail of bytes, filled up with zeros to whole words. */
static LLVMValueRef byte_tail(Cg *cg, const void *bytes, size_t count)
{
    size_t W = cg->target->word_bytes;
    size_t padded = (count + W - 1) / W * W;
    char *copy = arena_alloc(cg->arena, padded + 1);
    if (count) memcpy(copy, bytes, count);
    return LLVMConstStringInContext2(cg->context, copy, padded, 1);
}

/* Of valid text: bytes of the character, characters of the bytes. */
static size_t utf8_size(const char *text)
{
    size_t n = 1;
    while (((unsigned char)text[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static size_t utf8_length(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* The index of rt/abi/text.h. */
static LLVMValueRef text_index(Cg *cg, const char *text, size_t entries)
{
    LLVMTypeRef type = LLVMInt32TypeInContext(cg->context);
    LLVMValueRef *index = ARENA_ARRAY(cg->arena, LLVMValueRef, entries + 1);
    size_t at = 0;
    for (size_t i = 0; i < entries; i++) {
        for (size_t chars = 0; chars < TT_TEXT_BLOCK; chars++)
            at += utf8_size(text + at);
        index[i] = LLVMConstInt(type, at, 0);
    }
    return LLVMConstArray2(type, index, entries);
}

static LLVMValueRef text_tail(Cg *cg, const char *text, size_t length, size_t chars)
{
    size_t entries = TT_TEXT_ENTRIES(length, chars), index_at = TT_TEXT_INDEX_AT(length);
    char *padded = arena_alloc(cg->arena, index_at);
    memset(padded + length, 0, index_at - length);
    if (length) memcpy(padded, text, length);
    LLVMValueRef bytes = LLVMConstStringInContext2(cg->context, padded, index_at, 1);
    if (entries == 0) return bytes;
    LLVMValueRef parts[] = {bytes, text_index(cg, text, entries)};
    return LLVMConstStructInContext(cg->context, parts, 2, 0);
}

static LLVMValueRef string_object(Cg *cg, const char *text, size_t length)
{
    size_t chars = utf8_length(text, length);
    if (chars != length && length > TT_TEXT_INDEXED_MAX) ICE("a string of %zu bytes", length);
    LLVMValueRef fields[] = {cg_word(cg, length), cg_word(cg, chars)};
    LLVMValueRef tail = text_tail(cg, text, length, chars);
    return finished_object(cg, object_content(cg, OBJECT_STRING, fields, 2, tail), TT_TAG_OBJECT, true);
}

static LLVMValueRef bytevector_object(Cg *cg, const uint8_t *bytes, size_t count)
{
    LLVMValueRef fields[] = {cg_word(cg, count)};
    return finished_object(cg, object_content(cg, OBJECT_BYTEVECTOR, fields, 1, byte_tail(cg, bytes, count)),
                           TT_TAG_OBJECT, true);
}

/* The number stands right behind the header, wherever the target would align a double. */
static LLVMValueRef flonum_object(Cg *cg, double number)
{
    uint64_t bits; /* LLVMConstReal would lose the sign and payload of a NaN */
    memcpy(&bits, &number, sizeof bits);
    LLVMValueRef parts[] = {cg_word(cg, TT_HEADER((uint64_t)OBJECT_FLONUM)),
                            LLVMConstInt(LLVMInt64TypeInContext(cg->context), bits, 0)};
    return finished_object(cg, LLVMConstStructInContext(cg->context, parts, 2, 1), TT_TAG_FLONUM, true);
}

/* Limbs are words, least significant first; LLVM stores them in target order. */
static LLVMValueRef bignum_object(Cg *cg, mpz_srcptr number)
{
    size_t W = cg->target->word_bytes;
    size_t n = (mpz_sizeinbase(number, 2) + W * 8 - 1) / (W * 8);
    LLVMValueRef *limbs = ARENA_ARRAY(cg->arena, LLVMValueRef, n);
    unsigned char *bytes = arena_alloc(cg->arena, n * W);
    mpz_export(bytes, NULL, -1, 1, -1, 0, number);
    for (size_t i = 0; i < n; i++) {
        uint64_t limb = 0;
        for (size_t k = W; k-- > 0;)
            limb = limb << 8 | bytes[i * W + k];
        limbs[i] = cg_word(cg, limb);
    }
    LLVMValueRef fields[] = {cg_word(cg, n * W), cg_word(cg, mpz_sgn(number) < 0)};
    return finished_object(cg,
                           object_content(cg, OBJECT_BIGNUM, fields, 2, LLVMConstArray2(cg->word, limbs, n)),
                           TT_TAG_OBJECT, true);
}

static LLVMValueRef integer_value(Cg *cg, mpz_srcptr number)
{
    if (mpz_fits_slong_p(number)) {
        long n = mpz_get_si(number);
        int64_t max = target_fixnum_max(cg->target);
        if (n <= max && n >= -max - 1) return cg_word(cg, (uint64_t)n << TT_TAG_BITS);
    }
    return bignum_object(cg, number);
}

static LLVMValueRef rational_object(Cg *cg, mpq_srcptr number)
{
    LLVMValueRef fields[] = {integer_value(cg, mpq_numref(number)), integer_value(cg, mpq_denref(number))};
    return finished_object(cg, object_content(cg, OBJECT_RATNUM, fields, 2, NULL), TT_TAG_OBJECT, true);
}

/* -- symbols -------------------------------------------------------------- */

/* A symbol that C code of the runtime knows is the runtime's object. */
static LLVMValueRef runtime_symbol(Cg *cg, Symbol *symbol)
{
    static const struct {
        const char *name, *object;
    } rows[] = {
#define SYMBOL(id, text) {text, "tt_sym_" #id},
#include "rt/abi/symbols.def"
#undef SYMBOL
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strlen(rows[i].name) != symbol->length || memcmp(rows[i].name, symbol->text, symbol->length) != 0)
            continue;
        LLVMValueRef object = LLVMAddGlobal(cg->module, cg->word, rows[i].object);
        LLVMSetAlignment(object, TT_ALIGN);
        LLVMSetVisibility(object, LLVMHiddenVisibility);
        return cg_tagged(cg, object, TT_TAG_OBJECT);
    }
    return NULL;
}

/* The runtime fills in the hash when it interns the symbol at start, so the
 * object is writable. */
static LLVMValueRef own_symbol(Cg *cg, Symbol *symbol)
{
    LLVMValueRef fields[] = {string_object(cg, symbol->text, symbol->length), cg_word(cg, 0)};
    LLVMValueRef value =
        finished_object(cg, object_content(cg, OBJECT_SYMBOL, fields, 2, NULL), TT_TAG_OBJECT, false);
    vec_push(cg->arena, &cg->own_symbols, value);
    return value;
}

LLVMValueRef literal_symbol(Cg *cg, Symbol *symbol)
{
    LLVMValueRef value = map_get(cg->symbols, symbol);
    if (value) return value;
    value = runtime_symbol(cg, symbol);
    if (!value) value = own_symbol(cg, symbol);
    map_set(cg->symbols, symbol, value);
    return value;
}

/* -- pairs and vectors ----------------------------------------------------- */

static LLVMTypeRef pair_type(Cg *cg)
{
    LLVMTypeRef fields[] = {cg->word, cg->word};
    return LLVMStructTypeInContext(cg->context, fields, 2, 0);
}

static LLVMTypeRef vector_type(Cg *cg, size_t count)
{
    LLVMTypeRef fields[] = {cg->word, cg->word, LLVMArrayType2(cg->word, count)};
    return LLVMStructTypeInContext(cg->context, fields, 3, 0);
}

/* Address without content; literal_fill comes back to it. */
static LLVMValueRef reserve(Cg *cg, Datum *datum, LLVMTypeRef type, unsigned tag)
{
    LLVMValueRef object = new_object(cg, type, "tt.literal", true);
    vec_push(cg->arena, &cg->unfilled, ((Unfilled){datum, object}));
    return cg_tagged(cg, object, tag);
}

static LLVMValueRef pair_content(Cg *cg, const Datum *datum)
{
    LLVMValueRef fields[] = {literal_value(cg, datum->as.pair.car), literal_value(cg, datum->as.pair.cdr)};
    return LLVMConstStructInContext(cg->context, fields, 2, 0);
}

static LLVMValueRef vector_content(Cg *cg, const Datum *datum)
{
    size_t n = datum->as.vector.count;
    LLVMValueRef *items = ARENA_ARRAY(cg->arena, LLVMValueRef, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = literal_value(cg, datum->as.vector.items[i]);
    LLVMValueRef fields[] = {cg_word(cg, n)};
    return object_content(cg, OBJECT_VECTOR, fields, 1, LLVMConstArray2(cg->word, items, n));
}

void literal_fill(Cg *cg)
{
    while (cg->unfilled.count) {
        Unfilled next = vec_pop(&cg->unfilled);
        bool is_pair = next.datum->kind == DATUM_PAIR;
        LLVMSetInitializer(next.object,
                           is_pair ? pair_content(cg, next.datum) : vector_content(cg, next.datum));
    }
}

/* -- any datum ------------------------------------------------------------- */

static LLVMValueRef immediate_value(Cg *cg, const Datum *datum)
{
    switch (datum->kind) {
    case DATUM_NIL: return cg_immediate(cg, IMMEDIATE_NIL);
    case DATUM_BOOLEAN: return cg_immediate(cg, datum->as.boolean ? IMMEDIATE_TRUE : IMMEDIATE_FALSE);
    case DATUM_CHAR: return cg_word(cg, TT_IMM(TT_SUB_CHAR, (uint64_t)datum->as.character));
    case DATUM_EOF: return cg_immediate(cg, IMMEDIATE_EOF);
    case DATUM_VOID: return cg_immediate(cg, IMMEDIATE_VOID);
    case DATUM_DEFAULT: return cg_immediate(cg, IMMEDIATE_DEFAULT);
    default: return NULL;
    }
}

static LLVMValueRef object_value(Cg *cg, Datum *datum)
{
    switch (datum->kind) {
    case DATUM_INTEGER: return integer_value(cg, datum->as.integer);
    case DATUM_RATIONAL: return rational_object(cg, datum->as.rational);
    case DATUM_FLONUM: return flonum_object(cg, datum->as.flonum);
    case DATUM_STRING: return string_object(cg, datum->as.string.text, datum->as.string.length);
    case DATUM_SYMBOL: return literal_symbol(cg, datum->as.symbol);
    case DATUM_BYTEVECTOR:
        return bytevector_object(cg, datum->as.bytevector.bytes, datum->as.bytevector.count);
    case DATUM_PAIR: return reserve(cg, datum, pair_type(cg), TT_TAG_PAIR);
    case DATUM_VECTOR: return reserve(cg, datum, vector_type(cg, datum->as.vector.count), TT_TAG_OBJECT);
    default: ICE("no literal for datum kind %d", (int)datum->kind);
    }
}

LLVMValueRef literal_value(Cg *cg, Datum *datum)
{
    LLVMValueRef value = immediate_value(cg, datum);
    if (value) return value;
    value = map_get(cg->literals, datum);
    if (value) return value;
    value = object_value(cg, datum);
    map_set(cg->literals, datum, value);
    return value;
}

LLVMValueRef literal_closure(Cg *cg, const CloCode *code)
{
    CgCode *mine = cg_code(code);
    if (!mine->closure) {
        mine->closure = new_object(cg, cg->ptr, "tt.closure", true);
        LLVMSetInitializer(mine->closure, mine->fn);
    }
    return cg_tagged(cg, mine->closure, TT_TAG_CLOSURE);
}
