#include "rt/node/migrate/image.h"

#include <stdlib.h>
#include <string.h>

#include "rt/actor/cursor.h"
#include "rt/actor/sched.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/os/sizes.h"

enum {
    IMAGE_K,
    IMAGE_WINDS,
    IMAGE_HANDLERS,
    IMAGE_PARAMS,
    IMAGE_MAIL,
    IMAGE_NEXT,
    IMAGE_LAST,
    IMAGE_LINKS,
    IMAGE_CALLS,
    IMAGE_WORDS
};

/* Of the frame that a process has which stopped with a frozen stack. */
enum { FRAME_CODE, FRAME_STACK, FRAME_OFFSET, FRAME_WORDS };

static struct tt_obj_VECTOR *new_vector(struct worker *w, size_t n)
{
    size_t bytes;
    struct tt_obj_VECTOR *v = size_of_items(sizeof *v, n, TT_W, &bytes) ? heap_alloc(w, bytes) : NULL;
    if (!v) return NULL;
    v->header = TT_HEADER((tt_word)TT_TYPE_VECTOR);
    v->length = n;
    return v;
}

static tt_word *words(tt_word vector) { return TT_OBJ(VECTOR, vector)->ref; }
static size_t length(tt_word vector) { return TT_OBJ(VECTOR, vector)->length; }

/* -- making ---------------------------------------------------------------- */

tt_word image_mail_after(struct worker *w, const struct process *p, uint64_t seq)
{
    const struct mbox *m = &p->mbox;
    uint32_t first = m->live ? mbox_index_after(m, seq) : m->tail;
    size_t n = 0;
    for (uint32_t i = first; i < m->tail; i++)
        n += m->entries[i].message != MBOX_TOMBSTONE;
    struct tt_obj_VECTOR *v = new_vector(w, 2 * n);
    if (!v) return TT_FAIL;
    size_t at = 0;
    for (uint32_t i = first; i < m->tail; i++) {
        if (m->entries[i].message == MBOX_TOMBSTONE) continue;
        v->ref[at++] = cursor_of(w, m->entries[i].seq);
        v->ref[at++] = m->entries[i].message;
    }
    return tt_tagged(v, TT_TAG_OBJECT);
}

tt_word image_make(struct worker *w, const struct process *p, bool has_links)
{
    const tt_word *frame = process_saved((struct process *)p);
    tt_word k = stack_continuation(w, frame[FRAME_STACK], frame[FRAME_OFFSET]);
    tt_word mail = image_mail_after(w, p, 0);
    struct tt_obj_VECTOR *v = new_vector(w, IMAGE_WORDS);
    if (k == TT_FAIL || mail == TT_FAIL || !v) return TT_FAIL;
    v->ref[IMAGE_K] = k;
    v->ref[IMAGE_WINDS] = p->winds;
    v->ref[IMAGE_HANDLERS] = p->handlers;
    v->ref[IMAGE_PARAMS] = p->params;
    v->ref[IMAGE_MAIL] = mail;
    v->ref[IMAGE_NEXT] = cursor_of(w, p->mbox.next_seq);
    v->ref[IMAGE_LAST] = cursor_of(w, p->mbox.last_seq);
    v->ref[IMAGE_LINKS] = tt_bool(has_links);
    v->ref[IMAGE_CALLS] = p->calls;
    return tt_tagged(v, TT_TAG_OBJECT);
}

/* -- looking at what came --------------------------------------------------- */

static bool is_seq(tt_word v) { return int_is(v) && int_sign(v) >= 0 && int_bit_length(v) <= 56; }

bool image_is_mail(tt_word v, uint64_t after)
{
    if (!tt_is_type(v, TT_TYPE_VECTOR) || length(v) % 2 != 0) return false;
    for (size_t i = 0; i < length(v); i += 2) {
        if (!is_seq(words(v)[i]) || cursor_seq(words(v)[i]) <= after) return false;
        after = cursor_seq(words(v)[i]);
    }
    return true;
}

uint64_t image_last_seq(tt_word image) { return cursor_seq(words(image)[IMAGE_NEXT]) - 1; }
bool image_has_links(tt_word image) { return words(image)[IMAGE_LINKS] != TT_FALSE; }

static bool is_list_of(tt_word v, bool (*is_item)(tt_word))
{
    struct list_cursor c = list_begin(v);
    while (list_next(&c))
        if (!is_item(c.item)) return false;
    return list_ended_well(&c);
}

static bool is_pair(tt_word v) { return tt_is_pair(v); }
static bool is_procedure(tt_word v) { return tt_is_closure(v); }

/* ((before . after) . (handlers . params)), see lib-scm/control.scm. */
static bool is_wind(tt_word v)
{
    return tt_is_pair(v) && tt_is_pair(tt_car(v)) && tt_is_pair(tt_cdr(v)) &&
           is_list_of(tt_car(tt_cdr(v)), is_procedure) && is_list_of(tt_cdr(tt_cdr(v)), is_pair);
}

bool image_is(tt_word v)
{
    if (!tt_is_type(v, TT_TYPE_VECTOR) || length(v) != IMAGE_WORDS) return false;
    const tt_word *part = words(v);
    if (!tt_is_closure(part[IMAGE_K]) || tt_closure(part[IMAGE_K])->code != (tt_word)tt_continuation)
        return false;
    if (!calls_are(part[IMAGE_CALLS])) return false;
    if (!is_seq(part[IMAGE_NEXT]) || part[IMAGE_NEXT] == tt_fixnum(0) || !is_seq(part[IMAGE_LAST]))
        return false;
    if (!is_list_of(part[IMAGE_WINDS], is_wind) || !is_list_of(part[IMAGE_HANDLERS], is_procedure) ||
        !is_list_of(part[IMAGE_PARAMS], is_pair) || !image_is_mail(part[IMAGE_MAIL], 0))
        return false;
    size_t n = length(part[IMAGE_MAIL]);
    return n == 0 || cursor_seq(words(part[IMAGE_MAIL])[n - 2]) < cursor_seq(part[IMAGE_NEXT]);
}

/* -- becoming ----------------------------------------------------------------- */

/* Whatever numbers another node gives, those in a mailbox grow. */
static bool push_mail(struct mbox *m, tt_word mail)
{
    for (size_t i = 0; i < length(mail); i += 2) {
        uint64_t seq = cursor_seq(words(mail)[i]);
        if (seq > m->next_seq) m->next_seq = seq;
        if (!mbox_push(m, words(mail)[i + 1])) return false;
    }
    return true;
}

/* The messages as an array; *n_out of them. NULL: none, or no memory. */
static tt_word *take_mail(struct mbox *m, size_t *n_out)
{
    tt_word *kept = m->live ? items_new(m->live, sizeof *kept) : NULL;
    *n_out = 0;
    for (uint32_t i = m->head; kept && i < m->tail; i++)
        if (m->entries[i].message != MBOX_TOMBSTONE) kept[(*n_out)++] = m->entries[i].message;
    return kept;
}

/* What came when its calls were not known here. */
static bool is_late_reply(const struct process *p, tt_word message)
{
    return p->calls != TT_FALSE && calls_drop(p, message);
}

static bool fill_mail(struct process *p, tt_word image, tt_word late)
{
    struct mbox *m = &p->mbox;
    size_t n_kept, n_live = m->live;
    tt_word *kept = take_mail(m, &n_kept);
    mbox_clear(m);
    m->next_seq = 1;
    bool ok = n_kept == n_live && push_mail(m, words(image)[IMAGE_MAIL]);
    m->next_seq = cursor_seq(words(image)[IMAGE_NEXT]);
    ok = ok && (late == TT_NONE || push_mail(m, late));
    for (size_t i = 0; ok && i < n_kept; i++)
        ok = is_late_reply(p, kept[i]) || mbox_push(m, kept[i]);
    m->last_seq = cursor_seq(words(image)[IMAGE_LAST]);
    free(kept);
    return ok;
}

bool image_add_late(struct process *p, tt_word late) { return push_mail(&p->mbox, late); }

bool image_fill(struct worker *w, struct process *p, tt_word image, tt_word late)
{
    const tt_word *part = words(image);
    const struct tt_closure *k = tt_closure(part[IMAGE_K]);
    tt_word frame[FRAME_WORDS] = {(tt_word)tt_special_underflow, k->slots[0], k->slots[1]};
    memcpy(p->saved, frame, sizeof frame);
    p->n_saved = FRAME_WORDS;
    p->winds = part[IMAGE_WINDS];
    p->handlers = part[IMAGE_HANDLERS];
    p->params = part[IMAGE_PARAMS];
    p->calls = part[IMAGE_CALLS];
    p->timed_out = false;
    p->tag = 0;
    process_touch(w->sched, p);
    return fill_mail(p, image, late);
}

void image_drop(struct process *p, uint64_t seq)
{
    struct mbox *m = &p->mbox;
    while (m->live && m->entries[m->head].seq <= seq)
        mbox_remove(m, m->entries[m->head].seq);
    if (p->buffer_words) free(p->buffer);
    p->buffer_words = 0;
    p->n_saved = 0;
    p->winds = p->handlers = p->params = TT_NIL;
    p->calls = TT_FALSE;
    p->tag = 0;
}
