/* Large pages for large data: where memory is read in no order, most of the time of a
 * miss is the search for the page. Any thread. */
#ifndef RT_OS_HUGE_H
#define RT_OS_HUGE_H

#include <stddef.h>

/* Asks for large pages in the private memory of this process, in all of its parts that are
 * at least so long; not in the stacks of threads, which would only grow by that. What has
 * been touched before stays as it is for the time being. Costs some tens of microseconds. */
void huge_pages_ask(size_t min_bytes);

#endif
