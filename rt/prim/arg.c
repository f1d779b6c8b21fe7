#include "rt/prim/arg.h"

#include "rt/obj/list.h"
#include "rt/obj/string.h"

bool arg_new_length(struct worker *w, const char *operation, tt_word v, size_t element_bytes, size_t *out)
{
    bool is_huge = tt_is_type(v, TT_TYPE_BIGNUM) && !TT_OBJ(BIGNUM, v)->negative;
    if (is_huge || (tt_is_fixnum(v) && tt_fixnum_value(v) > (tt_sword)(OBJECT_MAX_BYTES / element_bytes))) {
        heap_fail(w);
        return false;
    }
    return arg_index(w, operation, v, OBJECT_MAX_BYTES / element_bytes, out);
}

bool arg_list_length(struct worker *w, const char *operation, tt_word list, size_t *out)
{
    struct list_cursor c = list_begin(list);
    while (list_next(&c))
        ;
    if (!list_ended_well(&c)) {
        fail_wrong_type(w, operation, list);
        return false;
    }
    *out = c.steps;
    return true;
}
