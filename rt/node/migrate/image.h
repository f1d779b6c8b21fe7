/* What of a process travels when it moves, as one value:
 *
 *   #(continuation winds handlers params mail next-seq last-seq has-links)
 *   mail: #(seq message ...), in order; signals of links are among the messages
 *
 * Messages keep their numbers, as cursors of receives that are under way in the
 * continuation name them. */
#ifndef RT_NODE_MIGRATE_IMAGE_H
#define RT_NODE_MIGRATE_IMAGE_H

#include "rt/actor/process.h"

/* Of a process that is not running and whose stack is frozen. TT_FAIL: no memory. */
tt_word image_make(struct worker *w, const struct process *p, bool has_links);
/* The messages behind number `seq`, as in an image. */
tt_word image_mail_after(struct worker *w, const struct process *p, uint64_t seq);
/* A value from another node is one. */
bool image_is(tt_word v);
bool image_is_mail(tt_word v, uint64_t after);
uint64_t image_last_seq(tt_word image); /* of the numbers that it has given out */
bool image_has_links(tt_word image);
/* Makes p, which has no packets, what the image says; its mail is that of the image,
 * `late` (NONE: none) and what it has now. False: no memory for the mail. */
bool image_fill(struct worker *w, struct process *p, tt_word image, tt_word late);
/* Mail that came to the source after the image was made. False: no memory. */
bool image_add_late(struct process *p, tt_word late);
/* The process is not here any more: keeps only mail behind `seq`. */
void image_drop(struct process *p, uint64_t seq);

#endif
