/* Files that hold a secret: read only if nobody else could have read or written
 * them, created so that nobody else can. What went wrong is told as one line of
 * text that names the file. */
#ifndef RT_OS_SECRET_H
#define RT_OS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#define SECRET_REPORT_MAX 600

/* Reads a regular file of at most `capacity` bytes, which belongs to this user or
 * root and is closed to others. False: `report` says why not. True: it is empty,
 * or a warning. Never waits, whatever stands at `path`. */
bool secret_read(const char *path, char *out, size_t capacity, size_t *n_out, char report[SECRET_REPORT_MAX]);

/* Makes the file (mode 0400) with all of its bytes, unless there is one: also when
 * several do so at once, one of them wins and no one sees half a file. */
bool secret_create(const char *path, const char *bytes, size_t n, char report[SECRET_REPORT_MAX]);

#endif
