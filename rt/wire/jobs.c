#include "rt/wire/jobs.h"

#include <stdlib.h>

#include "rt/code/frames.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/sizes.h"

#define INITIAL_CAPACITY 32
/* A longer path is cut: the innermost steps say most. */
#define PATH_STEPS_MAX 12

bool jobs_push(struct jobs *jobs, struct job job)
{
    if (jobs->n == jobs->capacity) {
        size_t capacity = jobs->capacity ? 2 * jobs->capacity : INITIAL_CAPACITY;
        struct job *items = items_resize(jobs->items, capacity, sizeof *items);
        if (!items) return false;
        jobs->items = items;
        jobs->capacity = capacity;
    }
    jobs->items[jobs->n++] = job;
    return true;
}

void jobs_free(struct jobs *jobs)
{
    free(jobs->items);
    *jobs = (struct jobs){0};
}

static void add_symbol(struct text *out, tt_word symbol)
{
    text_add(out, string_bytes(symbol_name(symbol)), string_length(symbol_name(symbol)));
}

static void describe_record(struct text *out, tt_word record, size_t index)
{
    const struct tt_obj_RECORD_TYPE *type = TT_OBJ(RECORD_TYPE, TT_OBJ(RECORD, record)->type);
    tt_word fields = type->fields;
    for (size_t i = 0; i < index && tt_is_pair(fields); i++)
        fields = tt_cdr(fields);
    text_add_c(out, "field ");
    if (tt_is_pair(fields)) add_symbol(out, tt_car(fields));
    text_add_c(out, " of a record ");
    add_symbol(out, type->name);
}

static void describe_words(struct text *out, tt_word owner, size_t index)
{
    if (owner == TT_FALSE) {
        text_addf(out, "variable %zu of a frame", index);
    } else if (tt_is_closure(owner)) {
        const struct tt_code_desc *desc = tt_desc_of(tt_closure(owner)->code);
        text_addf(out, "variable %zu of the procedure ", index);
        text_add_c(out, (const char *)desc + desc->name_off);
    } else if (tt_is_type(owner, TT_TYPE_RECORD)) {
        describe_record(out, owner, index);
    } else if (tt_is_type(owner, TT_TYPE_VECTOR)) {
        text_addf(out, "element %zu of a vector", index);
    } else if (tt_is_type(owner, TT_TYPE_BOX)) {
        text_add_c(out, "a variable");
    } else if (tt_is_type(owner, TT_TYPE_PROMISE)) {
        text_add_c(out, "a promise");
    } else if (tt_is_type(owner, TT_TYPE_CONDITION)) {
        text_add_c(out, "a condition");
    } else {
        text_addf(out, "value %zu of several", index);
    }
}

static void describe_job(struct text *out, const struct job *job)
{
    size_t index = job->total - job->left - 1;
    switch (job->kind) {
    case JOB_LIST: text_addf(out, "element %zu of a list", index); break;
    case JOB_FRAMES: text_addf(out, "frame %zu of a continuation", index); break;
    default: describe_words(out, job->owner, index);
    }
}

void jobs_describe(const struct jobs *jobs, struct text *out)
{
    size_t steps = 0;
    for (size_t i = jobs->n; i-- > 0 && steps < PATH_STEPS_MAX;) {
        if (jobs->items[i].left == jobs->items[i].total) continue; /* nothing of it is written yet */
        if (steps++ > 0) text_add_c(out, " in ");
        describe_job(out, &jobs->items[i]);
    }
    if (steps == 0) text_add_c(out, "the value itself");
    if (steps == PATH_STEPS_MAX) text_add_c(out, " in ...");
}
