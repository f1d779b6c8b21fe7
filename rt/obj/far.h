/* What another run of a program has made: its pids, tags and ports, as objects
 * that hold who made them, a number and a message authentication code, which only
 * the maker can check. Interned in a weak table, so that eq? compares them.
 *
 * Those that this run has made are immediates (pids, tags) and PORT objects. */
#ifndef RT_OBJ_FAR_H
#define RT_OBJ_FAR_H

#include "rt/mem/worker.h"
#include "rt/obj/value.h"

#define FAR_MAC_BYTES   16
#define FAR_SERIAL_BITS 56
#define FAR_TAIL_BYTES  24 /* of the objects: serial, mac */

enum far_kind { FAR_PID, FAR_TAG, FAR_PORT };

struct far {
    uint32_t boot;   /* index in node.boots, never 0 */
    uint64_t serial; /* below 2^FAR_SERIAL_BITS */
    uint8_t mac[FAR_MAC_BYTES];
};

/* The sets of PID, TAG and FAR_PORT objects; NULL: no memory. */
struct far_table;
struct far_table *far_table_new(void);

/* The one object for it; TT_FAIL: no memory (failure is set). */
tt_word far_intern(struct worker *w, enum far_kind kind, const struct far *far);
static inline bool far_is(tt_word v)
{
    return tt_is_type(v, TT_TYPE_PID) || tt_is_type(v, TT_TYPE_TAG) || tt_is_type(v, TT_TYPE_FAR_PORT);
}
/* Of such an object. */
enum far_kind far_kind(tt_word v);
void far_read(tt_word v, struct far *out);

/* The code of what this run has made: SipHash-2-4-128 of kind and serial under
 * the key of the run (node.mac_key). */
void near_mac(const struct worker *w, enum far_kind kind, uint64_t serial, uint8_t mac[FAR_MAC_BYTES]);
bool near_mac_is(const struct worker *w, enum far_kind kind, uint64_t serial, const uint8_t mac[FAR_MAC_BYTES]);

/* Serial of a pid or tag of this run (an immediate), and back. */
static inline uint64_t near_serial(tt_word v) { return (uint64_t)(v >> TT_IMM_SHIFT); }
static inline tt_word near_pid(uint64_t serial) { return TT_IMM(TT_SUB_PID, (tt_word)serial); }

#endif
