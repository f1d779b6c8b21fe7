#include "rt/actor/calls.h"

#include "rt/actor/sched.h"
#include "rt/obj/list.h"

/* Serials of a run, which begins at a multiple of it. */
#define RUN_BITS 12
#define RUN_SIZE (UINT64_C(1) << RUN_BITS)
/* A range may go over runs that follow one another; its length is a fixnum everywhere. */
#define RANGE_MAX (UINT64_C(1) << 24)

struct call {
    uint32_t boot; /* 0: this run of the program */
    uint64_t serial;
};

static bool read_call(tt_word tag, struct call *out)
{
    if (tag_is_own(tag)) {
        *out = (struct call){0, near_serial(tag)};
        return true;
    }
    if (!tag_is_far(tag)) return false;
    struct far far;
    far_read(tag, &far);
    *out = (struct call){far.boot, far.serial};
    return true;
}

/* -- replies ------------------------------------------------------------------ */

static bool is_reply(tt_word message, tt_word tag)
{
    return tt_is_pair(message) && tt_car(message) == tag && tt_is_pair(tt_cdr(message)) &&
           tt_cdr(tt_cdr(message)) == TT_NIL;
}

tt_word calls_tag(struct worker *w)
{
    struct process *p = w->sched->running;
    if (p->next_call % RUN_SIZE == 0) {
        p->next_call = (w->sched->next_tag / RUN_SIZE + 1) * RUN_SIZE;
        w->sched->next_tag = p->next_call + RUN_SIZE - 1;
    }
    tt_word tag = near_tag(w, p->next_call);
    if (tag == TT_FAIL) return TT_FAIL;
    p->next_call++;
    p->tag = tag;
    p->tag_seq = p->mbox.next_seq - 1;
    return tag;
}

/* NONE: it is not there, or behind a signal that is to be raised. */
static tt_word take_reply(struct process *p, tt_word tag, bool passes_signals)
{
    uint64_t cursor = tag == p->tag ? p->tag_seq : 0;
    for (struct mbox_entry *e; (e = mbox_next(&p->mbox, cursor)); cursor = e->seq) {
        tt_word message = e->message;
        if (is_reply(message, tag)) {
            mbox_remove(&p->mbox, e->seq);
            return tt_car(tt_cdr(message));
        }
        if (!passes_signals && tt_is_type(message, TT_TYPE_SIGNAL)) break;
    }
    return TT_NONE;
}

tt_word calls_take(struct process *p, tt_word tag) { return take_reply(p, tag, false); }

/* -- ranges ------------------------------------------------------------------- */

static tt_word open_of(const struct process *p) { return p->calls == TT_FALSE ? TT_NIL : tt_car(p->calls); }
static tt_word ranges_of(const struct process *p) { return p->calls == TT_FALSE ? TT_NIL : tt_cdr(p->calls); }

static void set(struct worker *w, struct process *p, tt_word open, tt_word ranges)
{
    bool is_none = open == TT_NIL && ranges == TT_NIL;
    if (open == TT_FAIL || ranges == TT_FAIL) return;
    tt_word both = is_none ? TT_FALSE : heap_cons(w, open, ranges);
    if (both == TT_FAIL) return;
    p->calls = both;
    process_touch(w->sched, p);
}

static uint64_t last_of(tt_word range, struct call first)
{
    return first.serial + (uint64_t)tt_fixnum_value(tt_cdr(range));
}

/* The range with the call in it; TT_FAIL: the call's run does not touch it. */
static tt_word join(struct worker *w, tt_word range, tt_word tag, struct call c)
{
    struct call first;
    if (!read_call(tt_car(range), &first) || first.boot != c.boot) return TT_FAIL;
    uint64_t last = last_of(range, first), run = c.serial / RUN_SIZE;
    if (run < first.serial / RUN_SIZE || run > last / RUN_SIZE + 1) return TT_FAIL;
    bool is_before = c.serial < first.serial;
    uint64_t n = is_before ? last - c.serial : (c.serial > last ? c.serial : last) - first.serial;
    return n > RANGE_MAX ? TT_FAIL : heap_cons(w, is_before ? tag : tt_car(range), tt_fixnum((tt_sword)n));
}

/* The first ones of a list. */
static tt_word first_of(struct worker *w, tt_word list, size_t n)
{
    struct list_builder b = list_build();
    for (; tt_is_pair(list) && n > 0; list = tt_cdr(list), n--)
        list_add(w, &b, tt_car(list));
    return b.list;
}

static bool goes_before(struct call c, tt_word range)
{
    struct call first;
    return c.boot == 0 && read_call(tt_car(range), &first) && first.boot == 0 && first.serial < c.serial;
}

/* The ranges, and the call that the tag is of. */
static tt_word add(struct worker *w, tt_word ranges, tt_word tag)
{
    struct list_builder b = list_build();
    struct call c;
    size_t n = 0;
    if (!read_call(tag, &c)) return ranges;
    for (; tt_is_pair(ranges); ranges = tt_cdr(ranges), n++) {
        tt_word joined = join(w, tt_car(ranges), tag, c);
        if (joined != TT_FAIL) {
            list_add(w, &b, joined);
            list_end_with(&b, tt_cdr(ranges));
            return b.list;
        }
        if (goes_before(c, tt_car(ranges))) break;
        list_add(w, &b, tt_car(ranges));
    }
    if (n >= CALLS_MAX_RANGES) return b.list; /* older than all that are known */
    list_add(w, &b, heap_cons(w, tag, tt_fixnum(0)));
    size_t n_behind = 0;
    for (tt_word rest = ranges; tt_is_pair(rest); rest = tt_cdr(rest))
        n_behind++;
    bool is_full = n + 1 + n_behind > CALLS_MAX_RANGES;
    list_end_with(&b, is_full ? first_of(w, ranges, n_behind - 1) : ranges);
    return b.list;
}

bool calls_drop(const struct process *p, tt_word message)
{
    struct call c, first;
    if (!tt_is_pair(message) || !read_call(tt_car(message), &c) || !is_reply(message, tt_car(message)))
        return false;
    for (tt_word l = ranges_of(p); tt_is_pair(l); l = tt_cdr(l)) {
        if (!read_call(tt_car(tt_car(l)), &first) || first.boot != c.boot) continue;
        uint64_t last = last_of(tt_car(l), first);
        if (c.serial > last && c.boot == 0) return false;
        if (c.serial < first.serial || c.serial > last) continue;
        for (tt_word open = open_of(p); tt_is_pair(open); open = tt_cdr(open))
            if (tt_car(open) == tt_car(message)) return false;
        return true;
    }
    return false;
}

/* -- calls ---------------------------------------------------------------------- */

void calls_open(struct worker *w, struct process *p, tt_word tag)
{
    set(w, p, heap_cons(w, tag, open_of(p)), ranges_of(p));
}

/* The list without the tag; *was_there_out: whether that was in it. */
static tt_word without(struct worker *w, tt_word list, tt_word tag, bool *was_there_out)
{
    struct list_builder b = list_build();
    *was_there_out = false;
    for (; tt_is_pair(list); list = tt_cdr(list)) {
        if (tt_car(list) == tag) {
            *was_there_out = true;
            list_end_with(&b, tt_cdr(list));
            return b.list;
        }
        list_add(w, &b, tt_car(list));
    }
    return b.list;
}

void calls_answered(struct worker *w, struct process *p, tt_word tag)
{
    bool was_open;
    tt_word open = without(w, open_of(p), tag, &was_open);
    if (was_open) set(w, p, open, ranges_of(p));
}

void calls_end(struct worker *w, struct process *p, tt_word tag)
{
    bool was_open;
    tt_word open = without(w, open_of(p), tag, &was_open);
    if (!was_open) return;
    bool has_come = take_reply(p, tag, true) != TT_NONE;
    set(w, p, open, has_come ? ranges_of(p) : add(w, ranges_of(p), tag));
}

/* -- of a process that comes ----------------------------------------------------- */

static bool are_tags(tt_word v)
{
    struct list_cursor c = list_begin(v);
    while (list_next(&c))
        if (!tag_is(c.item)) return false;
    return list_ended_well(&c);
}

static bool is_range(tt_word v)
{
    return tt_is_pair(v) && tag_is(tt_car(v)) && tt_is_fixnum(tt_cdr(v)) && tt_fixnum_value(tt_cdr(v)) >= 0;
}

bool calls_are(tt_word v)
{
    if (v == TT_FALSE) return true;
    if (!tt_is_pair(v) || !are_tags(tt_car(v))) return false;
    struct list_cursor c = list_begin(tt_cdr(v));
    size_t n = 0;
    while (list_next(&c))
        if (!is_range(c.item) || ++n > CALLS_MAX_RANGES) return false;
    return list_ended_well(&c);
}
