/* Open files. The number of a port of a file says which place of the table it has,
 * and how many files had that place before; numbers 0 to 2 are the console. */
#ifndef RT_PRIM_FILE_H
#define RT_PRIM_FILE_H

#include "rt/mem/worker.h"

struct file_table;
struct file_table *file_table_new(void);

#define FILE_FIRST_NUMBER 3
static inline bool port_is_file(tt_word port)
{
    return TT_OBJ(PORT, port)->number >= tt_fixnum(FILE_FIRST_NUMBER);
}

#endif
