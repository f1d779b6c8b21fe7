#include "rt/code/failure.h"

#include <stdio.h>

#include "rt/mem/heap.h"
#include "rt/obj/record_type.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

tt_word fail_condition(struct worker *w, enum tt_condition condition, const char *operation,
                       tt_word irritants)
{
    if (irritants != TT_FAIL) /* else heap_fail has spoken */
        w->failure = (struct tt_failure){
            .condition = condition, .operation = operation, .irritants = irritants, .raise = TT_NONE};
    return TT_FAIL;
}

static tt_word fail_with(struct worker *w, enum tt_condition condition, const char *operation,
                         tt_word irritant)
{
    return fail_condition(w, condition, operation, heap_cons(w, irritant, TT_NIL));
}

tt_word fail_wrong_type(struct worker *w, const char *operation, tt_word value)
{
    return fail_with(w, CONDITION_WRONG_TYPE, operation, value);
}

tt_word fail_out_of_range(struct worker *w, const char *operation, tt_word value)
{
    return fail_with(w, CONDITION_OUT_OF_RANGE, operation, value);
}

tt_word fail_index(struct worker *w, const char *operation, tt_word index)
{
    bool is_integer = tt_is_fixnum(index) || tt_is_type(index, TT_TYPE_BIGNUM);
    return is_integer ? fail_out_of_range(w, operation, index) : fail_wrong_type(w, operation, index);
}

tt_word fail_note_range(struct worker *w, tt_sword low, tt_sword high)
{
    if (w->failure.condition == CONDITION_OUT_OF_RANGE) {
        w->failure.has_range = true;
        w->failure.low = low;
        w->failure.high = high;
    }
    return TT_FAIL;
}

tt_word fail_element(struct worker *w, tt_word container, tt_word index)
{
    size_t length;
    if (tt_is_type(container, TT_TYPE_VECTOR)) {
        length = TT_OBJ(VECTOR, container)->length;
        fail_index(w, "vector-ref", index);
    } else if (tt_is_type(container, TT_TYPE_STRING)) {
        length = string_length(container);
        fail_index(w, "string-ref", index);
    } else {
        length = TT_OBJ(BYTEVECTOR, container)->length;
        fail_index(w, "bytevector-u8-ref", index);
    }
    return fail_note_range(w, 0, (tt_sword)length - 1);
}

tt_word fail_divide_by_zero(struct worker *w, const char *operation, tt_word dividend)
{
    return fail_with(w, CONDITION_DIVIDE_BY_ZERO, operation, dividend);
}

tt_word fail_too_large(struct worker *w, const char *operation)
{
    return fail_condition(w, CONDITION_TOO_LARGE, operation, TT_NIL);
}

tt_word fail_used_early(struct worker *w, const char *operation, tt_word unused)
{
    return fail_condition(w, CONDITION_USED_EARLY, operation, TT_NIL);
}

/* The symbol that names field `index` of a record type; #f if there is none. */
static tt_word field_name(tt_word type, tt_word index)
{
    tt_word fields = record_type_fields(type);
    for (tt_sword i = tt_fixnum_value(index); i > 0 && tt_is_pair(fields); i--)
        fields = tt_cdr(fields);
    return tt_is_pair(fields) && tt_is_type(tt_car(fields), TT_TYPE_SYMBOL) ? tt_car(fields) : TT_FALSE;
}

static int text_length(tt_word symbol)
{
    size_t length = string_length(symbol_name(symbol));
    return length < 100 ? (int)length : 100;
}

tt_word fail_record_ref(struct worker *w, tt_word object, tt_word type, tt_word index)
{
    tt_word field = field_name(type, index), name = record_type_name(type);
    if (field == TT_FALSE || !tt_is_type(name, TT_TYPE_SYMBOL))
        return fail_wrong_type(w, "record field", object);
    char text[256];
    snprintf(text, sizeof text, "field %.*s of %.*s", text_length(field), string_bytes(symbol_name(field)),
             text_length(name), string_bytes(symbol_name(name)));
    /* Symbols live as long as the node does, their text with them. */
    tt_word operation = symbol_intern_text(w, text);
    if (operation == TT_FAIL) return TT_FAIL;
    return fail_wrong_type(w, (const char *)string_bytes(symbol_name(operation)), object);
}
