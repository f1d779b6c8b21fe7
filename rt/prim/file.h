/* Open files. The number of a port of a file says which place of the table it has,
 * and how many files had that place before; numbers 0 to 2 are the console. */
#ifndef RT_PRIM_FILE_H
#define RT_PRIM_FILE_H

#include "rt/obj/port.h"

struct file_table;
struct file_table *file_table_new(void);

/* On the open output file whose port has that number; nothing if there is none. */
void file_write_number(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n);

bool file_is_open(struct worker *w, uint64_t number);
/* Closes the file of a port of this run. */
tt_word file_close(struct worker *w, tt_word port);

#endif
