/* What runs of a program have made: their pids, tags and ports.
 *
 * Of another run: objects that hold who made them, a number and a message
 * authentication code, which only the maker can check. Interned in a weak table,
 * so that eq? compares them. Of this run: pids and tags are immediates where a
 * word has room for their numbers, else such objects too, with boot 0 and a mac of
 * zeros (it is computed when they leave); ports are PORT objects. */
#ifndef RT_OBJ_FAR_H
#define RT_OBJ_FAR_H

#include "rt/mem/worker.h"
#include "rt/obj/value.h"

#define FAR_MAC_BYTES   16
#define FAR_SERIAL_BITS 56
#define FAR_TAIL_BYTES  24 /* of the objects: serial, mac */

enum far_kind { FAR_PID, FAR_TAG, FAR_PORT };

struct far {
    uint32_t boot;   /* index in node.boots; 0: this run */
    uint64_t serial; /* below 2^FAR_SERIAL_BITS */
    uint8_t mac[FAR_MAC_BYTES];
};

/* The sets of PID, TAG and FAR_PORT objects; NULL: no memory. */
struct far_table;
struct far_table *far_table_new(void);

/* The one object for it; TT_FAIL: no memory (failure is set). */
tt_word far_intern(struct worker *w, enum far_kind kind, const struct far *far);
/* Of such an object. */
enum far_kind far_kind(tt_word v);
void far_read(tt_word v, struct far *out);

/* Marks the runs whose objects there are (boots.h), some of which may be dead already.
 * Gives how many objects it has looked at. */
struct boots;
size_t far_mark_boots(const struct far_table *table, struct boots *boots);

/* The code of what this run has made: SipHash-2-4-128 of kind and serial under
 * the key of the run (node.mac_key). */
void near_mac(const struct worker *w, enum far_kind kind, uint64_t serial, uint8_t mac[FAR_MAC_BYTES]);
bool near_mac_is(const struct worker *w, enum far_kind kind, uint64_t serial,
                 const uint8_t mac[FAR_MAC_BYTES]);

/* Has this run made a pid with that serial and that code? Mostly the one that was asked for last. */
bool near_pid_is_ours(struct worker *w, uint64_t serial, const uint8_t mac[FAR_MAC_BYTES]);

/* A pid or tag of this run; its serial, and back (TT_FAIL: no memory, failure is set). */
#if UINTPTR_MAX > UINT32_MAX
static inline bool pid_is_own(tt_word v) { return tt_is_sub(v, TT_SUB_PID); }
static inline bool tag_is_own(tt_word v) { return tt_is_sub(v, TT_SUB_TAG); }
static inline uint64_t near_serial(tt_word v) { return (uint64_t)(v >> TT_IMM_SHIFT); }
static inline tt_word near_pid(struct worker *w, uint64_t serial)
{
    return TT_IMM(TT_SUB_PID, (tt_word)serial);
}
static inline tt_word near_tag(struct worker *w, uint64_t serial)
{
    return TT_IMM(TT_SUB_TAG, (tt_word)serial);
}
static inline bool pid_is_far(tt_word v) { return tt_is_type(v, TT_TYPE_PID); }
static inline bool tag_is_far(tt_word v) { return tt_is_type(v, TT_TYPE_TAG); }
#else
static inline bool pid_is_own(tt_word v) { return tt_is_type(v, TT_TYPE_PID) && TT_OBJ(PID, v)->boot == 0; }
static inline bool tag_is_own(tt_word v) { return tt_is_type(v, TT_TYPE_TAG) && TT_OBJ(TAG, v)->boot == 0; }
static inline uint64_t near_serial(tt_word v)
{
    uint64_t serial;
    __builtin_memcpy(&serial, TT_OBJ(PID, v)->byte, sizeof serial);
    return serial;
}
static inline tt_word near_pid(struct worker *w, uint64_t serial)
{
    return far_intern(w, FAR_PID, &(struct far){.serial = serial});
}
static inline tt_word near_tag(struct worker *w, uint64_t serial)
{
    return far_intern(w, FAR_TAG, &(struct far){.serial = serial});
}
static inline bool pid_is_far(tt_word v) { return tt_is_type(v, TT_TYPE_PID) && TT_OBJ(PID, v)->boot != 0; }
static inline bool tag_is_far(tt_word v) { return tt_is_type(v, TT_TYPE_TAG) && TT_OBJ(TAG, v)->boot != 0; }
#endif
static inline bool pid_is(tt_word v) { return tt_is_sub(v, TT_SUB_PID) || tt_is_type(v, TT_TYPE_PID); }
static inline bool tag_is(tt_word v) { return tt_is_sub(v, TT_SUB_TAG) || tt_is_type(v, TT_TYPE_TAG); }

#endif
