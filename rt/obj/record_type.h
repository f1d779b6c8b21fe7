/* Record types of the top level, by their uid: the same on every node that has
 * the definition, so that a record that comes from outside is of the type that
 * the program's own procedures know. The table belongs to the node. */
#ifndef RT_OBJ_RECORD_TYPE_H
#define RT_OBJ_RECORD_TYPE_H

#include "rt/mem/worker.h"

struct record_type_table;
struct record_type_table *record_type_table_new(void);

/* What a definition gives: name a symbol, fields a list of symbols. With a uid (a
 * string, else #f) it is the type that exists already under it, if that has the
 * same name and fields. These and the uid of a new type must not be young. */
tt_word record_type_define(struct worker *w, tt_word name, tt_word fields, tt_word uid);
/* The same for a type from outside, with copies of what may be young. TT_FAIL with
 * *mismatch: the uid belongs to a type with another name or fields. */
tt_word record_type_import(struct worker *w, tt_word name, const tt_word *fields, size_t n_fields,
                           const void *uid, size_t uid_length, bool *mismatch);
size_t record_type_size(tt_word type); /* number of fields */
/* Its name and its list of fields; #f and () of anything else: the type of a record
 * comes from a variable of compiled code, which may be another node's. */
tt_word record_type_name(tt_word type);
tt_word record_type_fields(tt_word type);

#endif
