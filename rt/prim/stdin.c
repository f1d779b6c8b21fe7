/* Standard input: what is there, without waiting for more (lib-scm/input.scm waits, so that other processes
 * go on). */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "rt/mem/heap.h"
#include "rt/prim/arg.h"

#define READ_MAX_BYTES ((size_t)64 << 10)

/* Whether a read would give bytes, the end, or an error at once. */
tt_word tt_prim_stdin_readyp(struct worker *w)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return tt_bool(poll(&input, 1, 0) != 0);
}

/* The bytes that are there, at least one; the end of file also where standard input cannot be read. */
tt_word tt_prim_read_stdin(struct worker *w)
{
    uint8_t bytes[READ_MAX_BYTES];
    ssize_t got;
    do
        got = read(STDIN_FILENO, bytes, sizeof bytes);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return TT_EOF;
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(w, sizeof *v + (size_t)got);
    if (!v) return TT_FAIL;
    v->header = TT_HEADER(TT_TYPE_BYTEVECTOR);
    v->length = (tt_word)got;
    memcpy(v->byte, bytes, (size_t)got);
    return tt_tagged(v, TT_TAG_OBJECT);
}
