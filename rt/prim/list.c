/* Lists. */
#include "rt/obj/list.h"

#include "rt/obj/equal.h"
#include "rt/prim/arg.h"

bool tt_op_listp(struct worker *w, tt_word v)
{
    struct list_cursor c = list_begin(v);
    while (list_next(&c))
        ;
    return list_ended_well(&c);
}

tt_word tt_prim_length(struct worker *w, tt_word list)
{
    size_t length;
    return arg_list_length(w, "length", list, &length) ? tt_fixnum((tt_sword)length) : TT_FAIL;
}

tt_word tt_prim_append2(struct worker *w, tt_word list, tt_word tail)
{
    struct list_builder b = list_build();
    struct list_cursor c = list_begin(list);
    while (b.list != TT_FAIL && list_next(&c))
        list_add(w, &b, c.item);
    if (b.list != TT_FAIL && !list_ended_well(&c)) return fail_wrong_type(w, "append", list);
    list_end_with(&b, tail);
    return b.list;
}

tt_word tt_prim_reverse(struct worker *w, tt_word list)
{
    tt_word reversed = TT_NIL;
    struct list_cursor c = list_begin(list);
    while (reversed != TT_FAIL && list_next(&c))
        reversed = heap_cons(w, c.item, reversed);
    if (reversed != TT_FAIL && !list_ended_well(&c)) return fail_wrong_type(w, "reverse", list);
    return reversed;
}

/* *rest := the list without its first k pairs, which may be its end or not; k need not be small: it may go round a cycle. */
static bool skip(struct worker *w, const char *operation, tt_word list, tt_word k, bool may_be_end,
                 tt_word *rest)
{
    size_t n;
    if (!arg_index(w, operation, k, (size_t)TT_FIXNUM_MAX, &n)) return false;
    tt_word at = list;
    size_t length = n;
    for (; n > 0 && tt_is_pair(at); n--)
        at = tt_cdr(at);
    length -= n;
    if (n > 0) {
        if (at == TT_NIL) {
            fail_out_of_range(w, operation, k);
            fail_note_range(w, 0, (tt_sword)length - !may_be_end);
        } else
            fail_wrong_type(w, operation, list);
        return false;
    }
    *rest = at;
    return true;
}

tt_word tt_prim_list_tail(struct worker *w, tt_word list, tt_word k)
{
    tt_word rest;
    return skip(w, "list-tail", list, k, true, &rest) ? rest : TT_FAIL;
}

tt_word tt_prim_list_ref(struct worker *w, tt_word list, tt_word k)
{
    tt_word rest;
    if (!skip(w, "list-ref", list, k, false, &rest)) return TT_FAIL;
    if (tt_is_pair(rest)) return tt_car(rest);
    if (rest != TT_NIL) return fail_wrong_type(w, "list-ref", list);
    fail_out_of_range(w, "list-ref", k); /* the length, as there was no pair left */
    return fail_note_range(w, 0, tt_fixnum_value(k) - 1);
}

/* -- searching ------------------------------------------------------------- */

typedef bool same_fn(tt_word a, tt_word b);

static bool same_eq(tt_word a, tt_word b) { return a == b; }

static inline tt_word find_member(struct worker *w, const char *operation, tt_word v, tt_word list,
                                  same_fn *same)
{
    struct list_cursor c = list_begin(list);
    for (tt_word here = list; list_next(&c); here = c.rest)
        if (same(v, c.item)) return here;
    return list_ended_well(&c) ? TT_FALSE : fail_wrong_type(w, operation, list);
}

static inline tt_word find_entry(struct worker *w, const char *operation, tt_word key, tt_word list,
                                 same_fn *same)
{
    struct list_cursor c = list_begin(list);
    while (list_next(&c)) {
        if (!tt_is_pair(c.item)) return fail_wrong_type(w, operation, c.item);
        if (same(key, tt_car(c.item))) return c.item;
    }
    return list_ended_well(&c) ? TT_FALSE : fail_wrong_type(w, operation, list);
}

tt_word tt_prim_memq(struct worker *w, tt_word v, tt_word list)
{
    return find_member(w, "memq", v, list, same_eq);
}

tt_word tt_prim_memv(struct worker *w, tt_word v, tt_word list)
{
    return find_member(w, "memv", v, list, value_eqv);
}

tt_word tt_prim_member(struct worker *w, tt_word v, tt_word list)
{
    return find_member(w, "member", v, list, value_equal);
}

tt_word tt_prim_assq(struct worker *w, tt_word key, tt_word list)
{
    return find_entry(w, "assq", key, list, same_eq);
}

tt_word tt_prim_assv(struct worker *w, tt_word key, tt_word list)
{
    return find_entry(w, "assv", key, list, value_eqv);
}

tt_word tt_prim_assoc(struct worker *w, tt_word key, tt_word list)
{
    return find_entry(w, "assoc", key, list, value_equal);
}
