#include "rt/obj/port.h"

#include "rt/mem/heap.h"
#include "rt/obj/far.h"

static const struct tt_obj_PORT console[] __attribute__((aligned(TT_ALIGN))) = {
    {TT_HEADER(TT_TYPE_PORT), (tt_word)PORT_INPUT << TT_TAG_BITS},
    {TT_HEADER(TT_TYPE_PORT), (tt_word)PORT_OUTPUT << TT_TAG_BITS},
    {TT_HEADER(TT_TYPE_PORT), (tt_word)PORT_ERROR << TT_TAG_BITS},
};

tt_word port_of_number(struct worker *w, uint64_t number, bool is_old)
{
    if (number < PORT_FIRST_FILE) return tt_tagged(&console[number], TT_TAG_OBJECT);
    struct tt_obj_PORT *port = is_old ? heap_alloc_old(w, sizeof *port) : heap_alloc(w, sizeof *port);
    if (!port) return TT_FAIL;
    *port = (struct tt_obj_PORT){TT_HEADER(TT_TYPE_PORT), tt_fixnum((tt_sword)number)};
    return tt_tagged(port, TT_TAG_OBJECT);
}

unsigned port_kind(tt_word v)
{
    if (tt_is_type(v, TT_TYPE_PORT)) return port_kind_of_number(port_number(v));
    if (!tt_is_type(v, TT_TYPE_FAR_PORT)) return 0;
    struct far far;
    far_read(v, &far);
    return port_kind_of_number(far.serial);
}
