/* Identity and type predicates. Like everything in this folder: compiled to
 * bitcode only, and inlined into the programs that use it. */
#include "rt/inline/aside.h"
#include "rt/obj/equal.h"
#include "rt/obj/far.h"

bool tt_op_eq(struct worker *w, tt_word a, tt_word b) { return a == b; }

/* May two different words be equivalent? */
static inline bool may_be_same(tt_word a, tt_word b) { return tt_is_pointer(a) && tt_tag(a) == tt_tag(b); }

bool tt_op_eqv(struct worker *w, tt_word a, tt_word b)
{
    return a == b || (may_be_same(a, b) && call_aside(w, value_eqv_aside, a, b) == TT_TRUE);
}

bool tt_op_equal(struct worker *w, tt_word a, tt_word b)
{
    return a == b || (may_be_same(a, b) && call_aside(w, value_equal_aside, a, b) == TT_TRUE);
}

bool tt_op_not(struct worker *w, tt_word v) { return v == TT_FALSE; }
bool tt_op_null(struct worker *w, tt_word v) { return v == TT_NIL; }
bool tt_op_pairp(struct worker *w, tt_word v) { return tt_is_pair(v); }
bool tt_op_symbolp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_SYMBOL); }
bool tt_op_stringp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_STRING); }
bool tt_op_charp(struct worker *w, tt_word v) { return tt_is_sub(v, TT_SUB_CHAR); }
bool tt_op_booleanp(struct worker *w, tt_word v) { return v == TT_FALSE || v == TT_TRUE; }
bool tt_op_vectorp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_VECTOR); }
bool tt_op_bytevectorp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_BYTEVECTOR); }
bool tt_op_procedurep(struct worker *w, tt_word v) { return tt_is_closure(v); }
bool tt_op_eofp(struct worker *w, tt_word v) { return v == TT_EOF; }
bool tt_op_flonump(struct worker *w, tt_word v) { return tt_is_flonum(v); }
bool tt_op_fixnump(struct worker *w, tt_word v) { return tt_is_fixnum(v); }
bool tt_op_defaultp(struct worker *w, tt_word v) { return v == TT_DEFAULT; }
bool tt_op_nonep(struct worker *w, tt_word v) { return v == TT_NONE; }
bool tt_op_conditionp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_CONDITION); }
bool tt_op_promisep(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_PROMISE); }
bool tt_op_valuesp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_VALUES); }
bool tt_op_portp(struct worker *w, tt_word v)
{
    return tt_is_type(v, TT_TYPE_PORT) || tt_is_type(v, TT_TYPE_FAR_PORT);
}
bool tt_op_signalp(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_SIGNAL); }
bool tt_op_pidp(struct worker *w, tt_word v) { return pid_is(v) || tt_is_type(v, TT_TYPE_SERVICE); }
bool tt_op_nodep(struct worker *w, tt_word v) { return tt_is_type(v, TT_TYPE_NODE); }
bool tt_op_tagp(struct worker *w, tt_word v) { return tag_is(v); }

tt_word tt_op_void(struct worker *w) { return TT_VOID; }
tt_word tt_op_eof(struct worker *w) { return TT_EOF; }
tt_word tt_op_default(struct worker *w) { return TT_DEFAULT; }
tt_word tt_op_unbound(struct worker *w) { return TT_UNBOUND; }
