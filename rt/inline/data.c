/* Access to pairs, characters, strings, vectors, bytevectors, records, boxes, promises. */
#include "rt/code/failure.h"
#include "rt/inline/aside.h"
#include "rt/obj/string.h"
#include "rt/obj/trie.h"

bool tt_op_car(struct worker *w, tt_word v, tt_word *out)
{
    if (!tt_is_pair(v)) return FAIL_ASIDE(w, fail_wrong_type, "car", v);
    *out = tt_car(v);
    return true;
}

bool tt_op_cdr(struct worker *w, tt_word v, tt_word *out)
{
    if (!tt_is_pair(v)) return FAIL_ASIDE(w, fail_wrong_type, "cdr", v);
    *out = tt_cdr(v);
    return true;
}

bool tt_op_char_to_integer(struct worker *w, tt_word v, tt_word *out)
{
    if (!tt_is_sub(v, TT_SUB_CHAR)) return FAIL_ASIDE(w, fail_wrong_type, "char->integer", v);
    *out = tt_fixnum((tt_sword)tt_char_value(v));
    return true;
}

bool tt_op_integer_to_char(struct worker *w, tt_word v, tt_word *out)
{
    if (!tt_is_fixnum(v) || !string_is_scalar((tt_word)tt_fixnum_value(v)))
        return FAIL_ASIDE(w, fail_index, "integer->char", v);
    *out = tt_char((uint32_t)tt_fixnum_value(v));
    return true;
}

/* Is `index` a fixnum from 0 to length - 1? Negative ones are huge as unsigned. */
static inline bool index_fits(tt_word index, tt_word length)
{
    return tt_is_fixnum(index) && index < length << TT_TAG_BITS;
}

#define LENGTH_OP(function, TYPE, scheme_name, field)                                                        \
    bool function(struct worker *w, tt_word v, tt_word *out)                                                 \
    {                                                                                                        \
        if (!tt_is_type(v, TT_TYPE_##TYPE)) return FAIL_ASIDE(w, fail_wrong_type, scheme_name, v);           \
        *out = tt_fixnum((tt_sword)TT_OBJ(TYPE, v)->field);                                                  \
        return true;                                                                                         \
    }
LENGTH_OP(tt_op_string_length, STRING, "string-length", chars)
LENGTH_OP(tt_op_vector_length, VECTOR, "vector-length", length)
LENGTH_OP(tt_op_bytevector_length, BYTEVECTOR, "bytevector-length", length)

LENGTH_OP(tt_op_string_bytes, STRING, "string-length", length)

bool tt_op_string_ref(struct worker *w, tt_word v, tt_word index, tt_word *out)
{
    if (!tt_is_type(v, TT_TYPE_STRING)) return FAIL_ASIDE(w, fail_wrong_type, "string-ref", v);
    if (!index_fits(index, TT_OBJ(STRING, v)->chars)) return FAIL_ASIDE(w, fail_element, v, index);
    *out = string_is_ascii(v) ? tt_char(TT_OBJ(STRING, v)->byte[index >> TT_TAG_BITS])
                              : call_aside(w, string_ref_aside, v, index);
    return true;
}

bool tt_op_string_char(struct worker *w, tt_word v, tt_word place, tt_word *out)
{
    if (!tt_is_type(v, TT_TYPE_STRING)) return FAIL_ASIDE(w, fail_wrong_type, "string", v);
    if (!index_fits(place, TT_OBJ(STRING, v)->length)) return FAIL_ASIDE(w, fail_index, "string", place);
    uint8_t byte = TT_OBJ(STRING, v)->byte[place >> TT_TAG_BITS];
    if (utf8_is_inner(byte)) return FAIL_ASIDE(w, fail_index, "string", place);
    *out = byte < 0x80 ? tt_char(byte) : call_aside(w, string_char_aside, v, place);
    return true;
}

bool tt_op_char_bytes(struct worker *w, tt_word c, tt_word *out)
{
    if (!tt_is_sub(c, TT_SUB_CHAR)) return FAIL_ASIDE(w, fail_wrong_type, "char", c);
    uint32_t code = tt_char_value(c);
    *out = tt_fixnum(code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
    return true;
}

bool tt_op_vector_ref(struct worker *w, tt_word v, tt_word index, tt_word *out)
{
    if (!tt_is_type(v, TT_TYPE_VECTOR)) return FAIL_ASIDE(w, fail_wrong_type, "vector-ref", v);
    if (!index_fits(index, TT_OBJ(VECTOR, v)->length)) return FAIL_ASIDE(w, fail_element, v, index);
    *out = TT_OBJ(VECTOR, v)->ref[index >> TT_TAG_BITS];
    return true;
}

bool tt_op_trie_ref(struct worker *w, tt_word node, tt_word hash, tt_word level, tt_word *out)
{
    if (!trie_is_place(hash, level)) return FAIL_ASIDE(w, fail_wrong_type, "trie", level);
    return trie_child(node, trie_digit(hash, level), out) ? true
                                                          : FAIL_ASIDE(w, fail_wrong_type, "trie", node);
}

bool tt_op_bytevector_ref(struct worker *w, tt_word v, tt_word index, tt_word *out)
{
    if (!tt_is_type(v, TT_TYPE_BYTEVECTOR)) return FAIL_ASIDE(w, fail_wrong_type, "bytevector-u8-ref", v);
    if (!index_fits(index, TT_OBJ(BYTEVECTOR, v)->length)) return FAIL_ASIDE(w, fail_element, v, index);
    *out = tt_fixnum(TT_OBJ(BYTEVECTOR, v)->byte[index >> TT_TAG_BITS]);
    return true;
}

bool tt_op_recordp(struct worker *w, tt_word v, tt_word type)
{
    return tt_is_type(v, TT_TYPE_RECORD) && TT_OBJ(RECORD, v)->type == type;
}

bool tt_op_record_ref(struct worker *w, tt_word v, tt_word type, tt_word index, tt_word *out)
{
    if (!tt_op_recordp(w, v, type) || !index_fits(index, TT_OBJ(RECORD, v)->length)) {
        fail_record_ref(w, v, type, index);
        return false;
    }
    *out = TT_OBJ(RECORD, v)->ref[index >> TT_TAG_BITS];
    return true;
}

bool tt_op_unbox(struct worker *w, tt_word box, tt_word *out)
{
    if (!tt_is_type(box, TT_TYPE_BOX)) return FAIL_ASIDE(w, fail_wrong_type, "variable", box);
    tt_word value = TT_OBJ(BOX, box)->value;
    if (value == TT_UNBOUND) return FAIL_ASIDE(w, fail_used_early, NULL, TT_NIL);
    *out = value;
    return true;
}

bool tt_op_promise_done(struct worker *w, tt_word promise, bool *out)
{
    if (!tt_is_type(promise, TT_TYPE_PROMISE)) return FAIL_ASIDE(w, fail_wrong_type, "force", promise);
    *out = TT_OBJ(PROMISE, promise)->done != TT_FALSE;
    return true;
}

bool tt_op_promise_value(struct worker *w, tt_word promise, tt_word *out)
{
    if (!tt_is_type(promise, TT_TYPE_PROMISE)) return FAIL_ASIDE(w, fail_wrong_type, "force", promise);
    *out = TT_OBJ(PROMISE, promise)->value;
    return true;
}

bool tt_op_signal_payload(struct worker *w, tt_word signal, tt_word *out)
{
    if (!tt_is_type(signal, TT_TYPE_SIGNAL)) return FAIL_ASIDE(w, fail_wrong_type, "signal", signal);
    *out = TT_OBJ(SIGNAL, signal)->payload;
    return true;
}
