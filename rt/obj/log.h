/* What the runtime itself has to say, on standard error: the one way there for all of it. Nobody waits: what
 * does not fit, while nobody reads, is dropped and counted. Any thread may call. */
#ifndef RT_OBJ_LOG_H
#define RT_OBJ_LOG_H

#include "rt/mem/node.h"
#include "rt/obj/text.h"

struct log *log_new(void);

/* One line: what does not print is escaped, and a long one is cut. */
__attribute__((format(printf, 2, 3))) void log_line(struct node *node, const char *format, ...);
/* The same for what others can cause: at most 100 a second are shown. How many were not is said before the
 * next one, and at the end of the program. */
__attribute__((format(printf, 2, 3))) void log_event(struct node *node, const char *format, ...);

/* Whether one more exception of a process may be reported; the limit is that of events, counted apart. */
bool log_may_report(struct node *node);
/* Lines that are printable already (text_add_printable), as one piece. */
void log_text(struct node *node, const struct text *text);

/* Says how many events and reports were not shown, if any. */
void log_tell_left_out(struct node *node);

#endif
