#include "frontend/suggest.h"

#include <string.h>

#define LONGEST_NAME 40
#define FAR          1000 /* farther than any name that is suggested */

/* A name without what is easily mistaken: case, hyphens, underscores. */
typedef struct Spelling {
    char text[LONGEST_NAME];
    size_t length;
} Spelling;

static bool spell(const Symbol *name, Spelling *out)
{
    out->length = 0;
    if (name->length > LONGEST_NAME) return false;
    for (size_t i = 0; i < name->length; i++) {
        char c = name->text[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c != '-' && c != '_') out->text[out->length++] = c;
    }
    return true;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* Insertions, deletions, replacements, and swaps of neighbours (bytes). */
static unsigned edit_distance(const Spelling *a, const Spelling *b)
{
    unsigned rows[3][LONGEST_NAME + 1];
    for (unsigned j = 0; j <= b->length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a->length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b->length; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a->text[i - 1] != b->text[j - 1]));
            bool is_swap =
                i > 1 && j > 1 && a->text[i - 1] == b->text[j - 2] && a->text[i - 2] == b->text[j - 1];
            if (is_swap && two_above[j - 2] + 1 < row[j]) row[j] = two_above[j - 2] + 1;
        }
    }
    return rows[a->length % 3][b->length];
}

static bool is_swap_of_two(const Spelling *a, const Spelling *b)
{
    return a->length == 2 && b->length == 2 && a->text[0] == b->text[1] && a->text[1] == b->text[0];
}

/* How far `name` is from `other`; FAR if too far to be suggested. */
static unsigned distance_of(const Symbol *name, const Symbol *other)
{
    Spelling a, b;
    if (name == other || other->text[0] == '%' || !spell(name, &a) || !spell(other, &b)) return FAR;
    unsigned limit = name->length < 3 ? 0 : name->length < 6 ? 1 : 2;
    size_t difference = a.length > b.length ? a.length - b.length : b.length - a.length;
    if (is_swap_of_two(&a, &b)) return 1;
    if (a.length == 0 || b.length == 0 || difference > limit) return FAR;
    unsigned distance = edit_distance(&a, &b);
    return distance <= limit ? distance : FAR;
}

static bool is_useful(const Binding *binding)
{
    switch (binding->kind) {
    case BIND_MUTATOR:
    case BIND_ABSENT: return false;
    case BIND_GLOBAL: return binding->is_defined;
    default: return true;
    }
}

/* A letter is sooner left out than mistaken: of two that are equally near, the longer. */
static bool is_better(Suggestion best, const Symbol *other, unsigned distance)
{
    if (distance == FAR || !best.name) return distance != FAR;
    return distance < best.distance || (distance == best.distance && other->length > best.name->length);
}

Suggestion suggest_of(const Symbol *name, const Symbol *other, const Binding *binding)
{
    unsigned distance = distance_of(name, other);
    return distance == FAR ? (Suggestion){0} : (Suggestion){other, binding, distance};
}

Suggestion suggest_local(const Scopes *scopes, const Symbol *name)
{
    Suggestion best = {0};
    for (size_t i = scopes->bound.count; i-- > 0;) {
        const IdentifierInfo *info = scopes->bound.items[i];
        Symbol *other = scope_local_name(info);
        if (symbol_alias(other)) continue;
        unsigned distance = distance_of(name, other);
        if (is_better(best, other, distance)) best = (Suggestion){other, scope_local_binding(info), distance};
    }
    return best;
}

Suggestion suggest_top(Scopes *scopes, const Environment *environment, const Symbol *name)
{
    Suggestion best = {0};
    for (; environment; environment = environment->fallback) {
        for (size_t i = 0; i < environment->names.count; i++) {
            Symbol *other = environment->names.items[i];
            if (symbol_alias(other)) continue;
            unsigned distance = distance_of(name, other);
            if (!is_better(best, other, distance)) continue;
            const Binding *binding = scope_find_top(scopes, environment, other);
            if (is_useful(binding)) best = (Suggestion){other, binding, distance};
        }
    }
    return best;
}

Suggestion suggest_nearer(Suggestion a, Suggestion b)
{
    if (!a.name || !b.name) return a.name ? a : b;
    return b.distance < a.distance ? b : a;
}
