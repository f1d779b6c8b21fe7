/* Open files. The number of a port of a file says which place of the table it has,
 * and how many files had that place before; numbers 0 to 2 are the console. */
#ifndef RT_PRIM_FILE_H
#define RT_PRIM_FILE_H

#include "rt/obj/port.h"

struct file_table;
struct file_table *file_table_new(void);

static inline bool port_is_file(tt_word port)
{
    return port_number(port) >= PORT_FIRST_FILE;
}

#endif
