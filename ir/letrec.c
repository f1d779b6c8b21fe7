/* Strongly connected components of a letrec's bindings. A binding depends on
 * those that its right side names; one that is no lambda also depends on the
 * one before it of that kind, because effects keep their order. */
#include "ir/letrec.h"

#include <stdlib.h>

#include "frontend/base/map.h"
#include "frontend/base/vec.h"
#include "ir/core_walk.h"

typedef VEC(uint32_t) IndexVec;

typedef struct Node {
    IndexVec edges;
    uint32_t order, low; /* Tarjan's; order 0 = not visited */
    uint32_t next_edge;
    bool is_on_stack;
    bool names_itself;
} Node;

typedef struct Components {
    Arena *arena;
    Node *nodes;
    uint32_t n_visited;
    IndexVec path;  /* nodes being visited */
    IndexVec stack; /* visited, component not yet known */
    LetrecGroup *groups;
    uint32_t n_groups;
} Components;

static void add_edges(Arena *arena, Node *nodes, uint32_t from, Core *init, const Map *index_of)
{
    CoreVec work = {0};
    vec_push(arena, &work, init);
    while (work.count) {
        Core *core = vec_pop(&work);
        core_push_parts(arena, &work, core);
        uintptr_t index = core->kind == CORE_LOCAL ? (uintptr_t)map_get(index_of, core->as.local) : 0;
        if (!index) continue;
        vec_push(arena, &nodes[from].edges, (uint32_t)index - 1);
        nodes[from].names_itself |= index - 1 == from;
    }
}

static void enter(Components *c, uint32_t node)
{
    c->nodes[node].order = c->nodes[node].low = ++c->n_visited;
    c->nodes[node].is_on_stack = true;
    vec_push(c->arena, &c->path, node);
    vec_push(c->arena, &c->stack, node);
}

static int by_index(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The component whose first node is `root`: what stands on the stack above it. */
static void close_component(Components *c, uint32_t root)
{
    size_t first = c->stack.count;
    while (c->stack.items[--first] != root)
        continue;
    LetrecGroup *group = &c->groups[c->n_groups++];
    group->n = (uint32_t)(c->stack.count - first);
    group->members = ARENA_ARRAY(c->arena, uint32_t, group->n);
    for (uint32_t i = 0; i < group->n; i++) {
        group->members[i] = c->stack.items[first + i];
        c->nodes[group->members[i]].is_on_stack = false;
    }
    qsort(group->members, group->n, sizeof *group->members, by_index);
    group->is_recursive = group->n > 1 || c->nodes[root].names_itself;
    c->stack.count = first;
}

/* Tarjan's algorithm with an explicit path. */
static void visit(Components *c, uint32_t start)
{
    enter(c, start);
    while (c->path.count) {
        uint32_t index = c->path.items[c->path.count - 1];
        Node *node = &c->nodes[index];
        if (node->next_edge < node->edges.count) {
            Node *to = &c->nodes[node->edges.items[node->next_edge++]];
            if (!to->order)
                enter(c, (uint32_t)(to - c->nodes));
            else if (to->is_on_stack && to->order < node->low)
                node->low = to->order;
            continue;
        }
        c->path.count--;
        if (c->path.count) {
            Node *from = &c->nodes[c->path.items[c->path.count - 1]];
            if (node->low < from->low) from->low = node->low;
        }
        if (node->low == node->order) close_component(c, index);
    }
}

LetrecGroup *letrec_groups(Arena *arena, const Core *letrec, uint32_t *n_out)
{
    uint32_t n = letrec->as.let.n_vars;
    Components c = {.arena = arena};
    c.nodes = ARENA_ARRAY(arena, Node, n + 1);
    c.groups = ARENA_ARRAY(arena, LetrecGroup, n + 1);
    Map *index_of = map_new(arena);
    for (uint32_t i = 0; i < n; i++)
        map_set(index_of, letrec->as.let.vars[i], (void *)(uintptr_t)(i + 1));
    uint32_t last_complex = 0;
    for (uint32_t i = 0; i < n; i++) {
        add_edges(arena, c.nodes, i, letrec->as.let.inits[i], index_of);
        if (letrec->as.let.inits[i]->kind == CORE_LAMBDA) continue;
        if (last_complex) vec_push(arena, &c.nodes[i].edges, last_complex - 1);
        last_complex = i + 1;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!c.nodes[i].order) visit(&c, i);
    *n_out = c.n_groups;
    return c.groups;
}
