/* Ids of code points, strongly connected groups of references first-to-last.
 *
 * A code point that is in no cycle: the hash of its form, with the ids of those
 * it refers to. A group of code points that refer to each other: numbered from
 * one of them in the order in which references lead to the others; the hash of
 * all forms in that order, with numbers for references inside the group, is the
 * hash of the group, and each id is the hash of that and the member's number.
 *
 * The first one must not depend on anything but the group. Hashes that leave
 * out references inside the group, then are refined a few times with those of
 * the neighbours, tell members apart; of the members that the rarest hash is
 * shared by (nearly always one), the one is taken that gives the least group
 * hash. Members that still tie are alike in every respect. */
#include "ir/code_id.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "ir/code_form.h"

#define N_REFINEMENTS 3

typedef struct Hash {
    uint8_t bytes[CODE_ID_BYTES];
} Hash;

typedef struct Node {
    CodeForm form;
    Hash hash;           /* refined, inside its group */
    uint32_t order, low; /* Tarjan's; order 0 = not visited */
    uint32_t next_ref;
    uint32_t group;     /* from 1 when known */
    uint32_t number;    /* in the group, in the numbering being tried */
    uint32_t numbering; /* which numbering that was */
} Node;

typedef VEC(uint32_t) IndexVec;

typedef struct Ids {
    Arena *arena;
    CloProgram *program;
    Node *nodes; /* by CloCode.index */
    IndexVec path, stack;
    uint32_t n_visited, n_groups, n_numberings;
} Ids;

static Node *target_of(Ids *ids, const CodeRef *ref) { return &ids->nodes[ref->target->index]; }

static uint8_t *id_of(Ids *ids, const Node *node) { return ids->program->codes[node - ids->nodes]->id; }

/* -- hashing ------------------------------------------------------------ */

/* BLAKE2b with a result of 128 bits (RFC 7693), from libsodium: a runtime has that too, and can check what it is sent. */
typedef crypto_generichash_state Hasher;

static void begin(Hasher *hasher) { crypto_generichash_init(hasher, NULL, 0, CODE_ID_BYTES); }

static Hash finish(Hasher *hasher)
{
    Hash hash;
    crypto_generichash_final(hasher, hash.bytes, sizeof hash.bytes);
    return hash;
}

/* What a reference inside the group counts as. */
typedef enum Inside { INSIDE_NOTHING, INSIDE_HASH, INSIDE_NUMBER } Inside;

static void put_number(uint8_t bytes[4], uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
}

static void fill_ref(Ids *ids, const Node *node, const CodeRef *ref, Inside inside)
{
    uint8_t *hole = &node->form.bytes.items[ref->offset];
    const Node *target = target_of(ids, ref);
    memset(hole, 0, CODE_ID_BYTES);
    if (target->group != node->group)
        memcpy(hole, id_of(ids, target), CODE_ID_BYTES);
    else if (inside == INSIDE_HASH)
        memcpy(hole, target->hash.bytes, CODE_ID_BYTES);
    else if (inside == INSIDE_NUMBER)
        put_number(hole, target->number);
}

static void add_form(Ids *ids, Hasher *hasher, const Node *node, Inside inside)
{
    for (size_t i = 0; i < node->form.refs.count; i++)
        fill_ref(ids, node, &node->form.refs.items[i], inside);
    crypto_generichash_update(hasher, node->form.bytes.items, node->form.bytes.count);
}

static Hash hash_form(Ids *ids, const Node *node, Inside inside)
{
    Hasher hasher;
    begin(&hasher);
    add_form(ids, &hasher, node, inside);
    return finish(&hasher);
}

/* -- groups ------------------------------------------------------------- */

static int compare_hash(const Hash *a, const Hash *b) { return memcmp(a->bytes, b->bytes, sizeof a->bytes); }

static void refine(Ids *ids, const uint32_t *members, uint32_t n)
{
    Hash *next = ARENA_ARRAY(ids->arena, Hash, n);
    for (unsigned round = 0; round <= N_REFINEMENTS; round++) {
        for (uint32_t i = 0; i < n; i++)
            next[i] = hash_form(ids, &ids->nodes[members[i]], round ? INSIDE_HASH : INSIDE_NOTHING);
        for (uint32_t i = 0; i < n; i++)
            ids->nodes[members[i]].hash = next[i];
    }
}

typedef struct Ranked {
    Hash hash;
    uint32_t member;
} Ranked;

static int by_hash(const void *a, const void *b)
{
    return compare_hash(&((const Ranked *)a)->hash, &((const Ranked *)b)->hash);
}

/* The members that share the rarest hash (the least one of those): moved to
 * the front of `ranked`; returns how many they are. */
static uint32_t rarest(Ids *ids, const uint32_t *members, uint32_t n, Ranked *ranked)
{
    for (uint32_t i = 0; i < n; i++)
        ranked[i] = (Ranked){ids->nodes[members[i]].hash, members[i]};
    qsort(ranked, n, sizeof *ranked, by_hash);
    uint32_t best = 0, n_best = n + 1;
    for (uint32_t i = 0; i < n;) {
        uint32_t end = i + 1;
        while (end < n && !compare_hash(&ranked[i].hash, &ranked[end].hash))
            end++;
        if (end - i < n_best) best = i, n_best = end - i;
        i = end;
    }
    memmove(ranked, &ranked[best], n_best * sizeof *ranked);
    return n_best;
}

/* Numbers the group from `first` in the order of references; its hash. */
static Hash number_from(Ids *ids, uint32_t first)
{
    IndexVec queue = {0};
    uint32_t numbering = ++ids->n_numberings;
    ids->nodes[first].number = 0;
    ids->nodes[first].numbering = numbering;
    vec_push(ids->arena, &queue, first);
    for (size_t q = 0; q < queue.count; q++) {
        const Node *node = &ids->nodes[queue.items[q]];
        for (size_t r = 0; r < node->form.refs.count; r++) {
            Node *target = target_of(ids, &node->form.refs.items[r]);
            if (target->group != node->group || target->numbering == numbering) continue;
            target->number = (uint32_t)queue.count;
            target->numbering = numbering;
            vec_push(ids->arena, &queue, (uint32_t)(target - ids->nodes));
        }
    }
    Hasher hasher;
    begin(&hasher);
    for (size_t q = 0; q < queue.count; q++)
        add_form(ids, &hasher, &ids->nodes[queue.items[q]], INSIDE_NUMBER);
    return finish(&hasher);
}

static void set_group_ids(Ids *ids, const uint32_t *members, uint32_t n)
{
    refine(ids, members, n);
    Ranked *ranked = ARENA_ARRAY(ids->arena, Ranked, n);
    uint32_t n_candidates = rarest(ids, members, n, ranked);
    uint32_t first = ranked[0].member;
    Hash group = number_from(ids, first);
    for (uint32_t i = 1; i < n_candidates; i++) {
        Hash other = number_from(ids, ranked[i].member);
        if (compare_hash(&other, &group) < 0) group = other, first = ranked[i].member;
    }
    if (n_candidates > 1) number_from(ids, first);
    for (uint32_t i = 0; i < n; i++) {
        const Node *node = &ids->nodes[members[i]];
        uint8_t number[4];
        put_number(number, node->number);
        Hasher hasher;
        begin(&hasher);
        crypto_generichash_update(&hasher, group.bytes, sizeof group.bytes);
        crypto_generichash_update(&hasher, number, sizeof number);
        memcpy(id_of(ids, node), finish(&hasher).bytes, CODE_ID_BYTES);
    }
}

/* -- strongly connected components, those referred to first -------------- */

static void enter(Ids *ids, uint32_t index)
{
    ids->nodes[index].order = ids->nodes[index].low = ++ids->n_visited;
    vec_push(ids->arena, &ids->path, index);
    vec_push(ids->arena, &ids->stack, index);
}

static bool refers_to_itself(Ids *ids, const Node *node)
{
    for (size_t i = 0; i < node->form.refs.count; i++)
        if (target_of(ids, &node->form.refs.items[i]) == node) return true;
    return false;
}

static void close_group(Ids *ids, uint32_t root)
{
    size_t first = ids->stack.count;
    while (ids->stack.items[--first] != root)
        continue;
    uint32_t n = (uint32_t)(ids->stack.count - first);
    ids->n_groups++;
    for (uint32_t i = 0; i < n; i++)
        ids->nodes[ids->stack.items[first + i]].group = ids->n_groups;
    Node *node = &ids->nodes[root];
    if (n > 1 || refers_to_itself(ids, node))
        set_group_ids(ids, &ids->stack.items[first], n);
    else
        memcpy(id_of(ids, node), hash_form(ids, node, INSIDE_NOTHING).bytes, CODE_ID_BYTES);
    ids->stack.count = first;
}

static void visit(Ids *ids, uint32_t start)
{
    enter(ids, start);
    while (ids->path.count) {
        uint32_t index = ids->path.items[ids->path.count - 1];
        Node *node = &ids->nodes[index];
        if (node->next_ref < node->form.refs.count) {
            Node *target = target_of(ids, &node->form.refs.items[node->next_ref++]);
            if (!target->order)
                enter(ids, (uint32_t)(target - ids->nodes));
            else if (!target->group && target->order < node->low)
                node->low = target->order;
            continue;
        }
        ids->path.count--;
        if (ids->path.count) {
            Node *from = &ids->nodes[ids->path.items[ids->path.count - 1]];
            if (node->low < from->low) from->low = node->low;
        }
        if (node->low == node->order) close_group(ids, index);
    }
}

void code_ids(CloProgram *program)
{
    Ids ids = {.arena = arena_new(), .program = program};
    ids.nodes = ARENA_ARRAY(ids.arena, Node, program->n_codes);
    for (uint32_t i = 0; i < program->n_codes; i++)
        ids.nodes[i].form = code_form(ids.arena, program->codes[i]);
    for (uint32_t i = 0; i < program->n_codes; i++)
        if (!ids.nodes[i].order) visit(&ids, i);
    arena_free(ids.arena);
}

static void print_id(FILE *out, const CloCode *code)
{
    for (size_t k = 0; k < sizeof code->id; k++)
        fprintf(out, "%02x", code->id[k]);
}

static void print_class(FILE *out, bool is_first, CloClass class, const CloCode *code)
{
    static const char *const names[] = {
#define CLASS(name, number, text) [number] = text,
#include "rt/abi/classes.def"
#undef CLASS
    };
    fputs(is_first ? "" : ",", out);
    if (class == CLASS_CODE)
        print_id(out, code);
    else
        fputs(names[class], out);
}

static void print_classes(FILE *out, const CloCode *code)
{
    for (uint32_t i = 0; i < code->n_free; i++)
        print_class(out, i == 0, code->free_classes[i], code->free_codes[i]);
    for (uint32_t i = 0; i < code->n_slots; i++) {
        const CloVar *var = code->slots[i];
        print_class(out, i == 0, var ? var->class : CLASS_ANY, var ? var->code : NULL);
    }
    if (!code->n_free && !code->n_slots) fputs("-", out);
}

void code_ids_print(FILE *out, const CloProgram *program, bool with_library)
{
    static const char *const kinds[] = {
        [CLO_CODE_CLOSURE] = "closure", [CLO_CODE_DIRECT] = "direct", [CLO_CODE_RETURN] = "return"};
    for (uint32_t i = 0; i < program->n_codes; i++) {
        const CloCode *code = program->codes[i];
        if (code->is_library && !with_library) continue;
        print_id(out, code);
        fprintf(out, " %s ", kinds[code->kind]);
        print_classes(out, code);
        fprintf(out, " %s\n", code->name->text);
    }
}
