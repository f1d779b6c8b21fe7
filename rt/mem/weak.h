/* A set of old objects that does not keep its members alive: what the collector
 * finds unreachable is gone from it. For interning (symbols, what other nodes have
 * made). Members are old objects with a header, or static ones, which stay.
 *
 * Any worker may use a set: everything here runs under libgc's lock, so no
 * collection can begin between finding a member and giving it to the caller, whose
 * stack keeps it alive from then on. */
#ifndef RT_MEM_WEAK_H
#define RT_MEM_WEAK_H

#include "rt/obj/value.h"

struct weak;
/* NULL: no memory. Sets are never freed. */
struct weak *weak_new(void);

/* Whether the member is the one that `key` describes. Must not allocate. */
typedef bool weak_same(tt_word member, const void *key);

/* The member with that hash and key; 0: there is none. */
tt_word weak_find(struct weak *set, uint32_t hash, weak_same *same, const void *key);
/* The member with that key, or else `object`, which is a member then; 0: no memory. */
tt_word weak_intern(struct weak *set, uint32_t hash, weak_same *same, const void *key, tt_word object);
/* A static object, which libgc knows nothing of. As weak_intern. */
tt_word weak_intern_static(struct weak *set, uint32_t hash, weak_same *same, const void *key, tt_word object);
/* The member with that key is none any more. */
void weak_remove(struct weak *set, uint32_t hash, weak_same *same, const void *key);
/* Calls `visit` with each member, some of which may be dead already. It must not allocate. */
void weak_each(struct weak *set, void (*visit)(tt_word member, void *context), void *context);
/* Members, some of which may be dead already. */
size_t weak_count(struct weak *set);

#endif
