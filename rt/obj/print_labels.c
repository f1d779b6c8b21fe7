#include "rt/obj/print_labels.h"

#include <stdlib.h>

#include "rt/os/sizes.h"

#define SEEN 1
#define OPEN 2 /* the walk is inside it */
/* A datum of fewer parts than this is walked without remembering anything: if the
 * walk ends, there is no cycle. Some milliseconds are wasted if there is one. */
#define TRUSTED_PARTS ((size_t)1 << 20)
#define TRUSTED_DEPTH 64

size_t print_parts(tt_word v, const tt_word **words_out)
{
    if (tt_is_pair(v)) {
        *words_out = tt_words(v);
        return 2;
    }
    if (!tt_is_object(v)) return 0;
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_VECTOR: *words_out = TT_OBJ(VECTOR, v)->ref; return TT_OBJ(VECTOR, v)->length;
    case TT_TYPE_VALUES: *words_out = TT_OBJ(VALUES, v)->ref; return TT_OBJ(VALUES, v)->length;
    case TT_TYPE_RECORD: *words_out = TT_OBJ(RECORD, v)->ref; return TT_OBJ(RECORD, v)->length;
    case TT_TYPE_CONDITION: *words_out = &TT_OBJ(CONDITION, v)->kind; return 3; /* up to the irritants */
    default: return 0;
    }
}

/* Parts still to be walked; `owner` is left when there are none. */
struct visit {
    const tt_word *next;
    size_t n;
    tt_word owner;
};

/* Does a walk of bounded length and depth reach the end? */
static bool is_small_tree(tt_word v, size_t most_parts)
{
    struct visit stack[TRUSTED_DEPTH];
    size_t depth = 0, budget = most_parts < TRUSTED_PARTS ? most_parts : TRUSTED_PARTS;
    const tt_word *parts;
    size_t n = print_parts(v, &parts);
    if (n) stack[depth++] = (struct visit){parts, n, v};
    while (depth > 0) {
        struct visit *top = &stack[depth - 1];
        tt_word part = *top->next++;
        if (--top->n == 0) depth--;
        if (most_parts-- == 0) return false;
        n = print_parts(part, &parts);
        if (n == 0) continue;
        if (budget-- == 0 || depth == TRUSTED_DEPTH) return false;
        stack[depth++] = (struct visit){parts, n, part};
    }
    return true;
}

struct walk {
    struct visit *stack;
    size_t depth, capacity;
    struct seen *labels;
    size_t parts_left;
    bool shared, is_too_long;
};

static bool enter(struct walk *walk, tt_word v)
{
    const tt_word *parts;
    size_t n = print_parts(v, &parts);
    walk->is_too_long = walk->parts_left-- == 0;
    if (n == 0) return true;
    tt_word *mark = seen_mark(walk->labels, v);
    if (!mark) return false;
    if (*mark) {
        if (walk->shared || (*mark & OPEN)) *mark |= LABEL_WANTED;
        return true;
    }
    *mark = SEEN | OPEN;
    if (walk->depth == walk->capacity) {
        size_t capacity = walk->capacity ? 2 * walk->capacity : 256;
        struct visit *stack = items_resize(walk->stack, capacity, sizeof *stack);
        if (!stack) return false;
        walk->stack = stack;
        walk->capacity = capacity;
    }
    walk->stack[walk->depth++] = (struct visit){parts, n, v};
    return true;
}

static bool walk_all(struct walk *walk)
{
    while (walk->depth > 0 && !walk->is_too_long) {
        struct visit *top = &walk->stack[walk->depth - 1];
        if (top->n == 0) {
            seen_set(walk->labels, top->owner, seen_get(walk->labels, top->owner) & ~(tt_word)OPEN);
            walk->depth--;
            continue;
        }
        top->n--;
        if (!enter(walk, *top->next++)) return false;
    }
    return true;
}

/* Only objects that have a label are asked for again and again. */
static bool keep_wanted(struct seen *labels)
{
    struct seen wanted = {0};
    bool ok = true;
    for (size_t i = 0; i < labels->capacity && ok; i++) {
        if (!(labels->entries[i].mark & LABEL_WANTED)) continue;
        tt_word *mark = seen_mark(&wanted, labels->entries[i].object);
        ok = mark != NULL;
        if (ok) *mark = LABEL_WANTED;
    }
    seen_free(labels);
    *labels = wanted;
    return ok;
}

bool print_find_labels(tt_word v, bool shared, size_t most_parts, struct seen *labels)
{
    if (!shared && is_small_tree(v, most_parts)) return true;
    struct walk walk = {.labels = labels, .parts_left = most_parts, .shared = shared};
    bool ok = enter(&walk, v) && walk_all(&walk);
    free(walk.stack);
    if (walk.is_too_long) {
        seen_free(labels);
        *labels = (struct seen){0};
        return ok;
    }
    return ok && keep_wanted(labels);
}
