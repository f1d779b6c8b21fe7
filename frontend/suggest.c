#include "frontend/suggest.h"

#include <string.h>

#define LONGEST_NAME 40

static unsigned min3(unsigned a, unsigned b, unsigned c) {
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* Insertions, deletions, replacements, and swaps of neighbours (bytes). */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    unsigned rows[3][LONGEST_NAME + 1];
    for (unsigned j = 0; j <= b_length; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (is_swap && two_above[j - 2] + 1 < row[j]) row[j] = two_above[j - 2] + 1;
        }
    }
    return rows[a_length % 3][b_length];
}

static size_t length_difference(size_t a, size_t b) { return a > b ? a - b : b - a; }

const char *suggest_name(const Environment *environment, const Symbol *name) {
    if (name->length < 3 || name->length > LONGEST_NAME) return NULL;
    unsigned best_distance = name->length < 6 ? 2 : 3; /* to be below */
    const char *best = NULL;
    for (; environment; environment = environment->fallback) {
        for (size_t i = 0; i < environment->names.count; i++) {
            const Symbol *other = environment->names.items[i];
            if (other == name || other->text[0] == '%' || other->length > LONGEST_NAME) continue;
            if (length_difference(other->length, name->length) > best_distance) continue;
            unsigned distance = edit_distance(name->text, name->length, other->text, other->length);
            bool is_nearer = distance < best_distance;
            bool is_longer = best && distance == best_distance && other->length > strlen(best);
            if (!is_nearer && !is_longer) continue; /* a letter is sooner left out than mistaken */
            best_distance = distance;
            best = other->text;
        }
    }
    return best;
}
