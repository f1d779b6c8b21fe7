/* Inline allocation: bump `hp`, write the object, tag the address.
 *
 * A code point reserves at entry what its largest path needs (func.c), so that
 * here no check is left: the only places where a collection can happen are
 * entries of code points. */
#include "codegen/cg.h"

static uint64_t build_words(const Clo *node)
{
    uint32_t n = node->as.prim.n_args;
    switch (node->as.prim.id) {
    case PRIM_CONS: return 2;
    case PRIM_BOX: return 1 + cg_object_fields(OBJECT_BOX);
    case PRIM_RECORD: return 1 + cg_object_fields(OBJECT_RECORD) + (n - 1);
    case PRIM_VECTOR: return 1 + cg_object_fields(OBJECT_VECTOR) + n;
    default: return 0;
    }
}

static uint64_t node_bytes(Cg *cg, const Clo *node)
{
    if (node->kind == CLO_PRIM) {
        uint64_t words = build_words(node);
        return words ? target_object_bytes(cg->target, words) : 0;
    }
    uint64_t bytes = 0;
    if (node->kind == CLO_CLOSURES)
        for (uint32_t i = 0; i < node->as.closures.n; i++)
            bytes += target_object_bytes(cg->target, 1 + (uint64_t)node->as.closures.items[i].n_slots);
    return bytes;
}

static uint64_t frame_words(const CloFrame *frame) { return frame ? 1 + (uint64_t)frame->n_slots : 0; }

typedef struct Path {
    const Clo *node;
    uint64_t bytes;
    const CloJoin *join;
} Path;
typedef VEC(Path) Paths;

/* Most bytes taken on a way into `join`; `joins` maps joins to them. */
static uint64_t *bytes_into(Cg *cg, Map *joins, const CloJoin *join)
{
    uint64_t *bytes = map_get(joins, join);
    if (!bytes) {
        bytes = ARENA_NEW(cg->arena, uint64_t);
        map_set(joins, join, bytes);
    }
    return bytes;
}

static uint64_t max_of(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Follows one path from `path.node` down to where it branches or ends; what is
 * left goes on the stack. A join's body is pushed below everything that can jump
 * to it, so its way in is complete when its turn comes. */
static void follow(Cg *cg, Path path, Paths *paths, Map *joins, Needs *needs)
{
    const Clo *node = path.node;
    uint64_t bytes = path.bytes;
    for (;;) {
        bytes += node_bytes(cg, node);
        needs->heap_bytes = max_of(needs->heap_bytes, bytes);
        switch (node->kind) {
        case CLO_PRIM:
        case CLO_GLOBAL:
        case CLO_DEFINE:
        case CLO_CLOSURES: break;
        case CLO_IF:
            vec_push(cg->arena, paths, ((Path){node->as.branch.otherwise, bytes, NULL}));
            node = node->as.branch.then;
            continue;
        case CLO_JOIN:
            vec_push(cg->arena, paths, ((Path){node->as.join.join_body, 0, node->as.join.join}));
            break;
        case CLO_JUMP: {
            uint64_t *in = bytes_into(cg, joins, node->as.jump.join);
            *in = max_of(*in, bytes);
            return;
        }
        case CLO_JUMP_CODE:
        case CLO_CALL_CODE:
            needs->stack_words = max_of(needs->stack_words, frame_words(node->as.code.frame));
            return;
        case CLO_TAIL_CALL:
        case CLO_CALL:
            needs->stack_words = max_of(needs->stack_words, frame_words(node->as.call.frame));
            return;
        case CLO_RETURN: return;
        }
        node = node->body;
    }
}

Needs alloc_needs(Cg *cg, const CloCode *code)
{
    Needs needs = {0, 0};
    Map *joins = map_new(cg->arena);
    Paths paths = {0};
    vec_push(cg->arena, &paths, ((Path){code->body, 0, NULL}));
    while (paths.count) {
        Path path = vec_pop(&paths);
        if (path.join) path.bytes = *bytes_into(cg, joins, path.join);
        follow(cg, path, &paths, joins, &needs);
    }
    return needs;
}

/* -- building ---------------------------------------------------------------- */

static void store_at(Point *p, LLVMValueRef base, uint64_t word, LLVMValueRef value)
{
    LLVMBuildStore(p->cg->builder, value, func_word_at(p, base, word));
}

/* p->hp and `bytes` behind it. Addresses are all made from the same base: LLVM
 * follows chains of them, which in a code point that builds thousands of objects
 * takes it quadratic time. */
static LLVMValueRef advanced(Point *p, uint64_t bytes)
{
    Cg *cg = p->cg;
    LLVMValueRef base = p->hp;
    bool is_ours = LLVMIsAGetElementPtrInst(base) && LLVMGetNumOperands(base) == 2 &&
                   LLVMGetGEPSourceElementType(base) == cg->i8 && LLVMIsAConstantInt(LLVMGetOperand(base, 1));
    if (is_ours) {
        bytes += LLVMConstIntGetZExtValue(LLVMGetOperand(base, 1));
        base = LLVMGetOperand(base, 0);
    }
    LLVMValueRef offset = cg_word(cg, bytes);
    return LLVMBuildInBoundsGEP2(cg->builder, cg->i8, base, &offset, 1, "hp");
}

/* Takes an object of `n_words` from the reserve: its address. */
static LLVMValueRef take(Point *p, uint64_t n_words)
{
    LLVMValueRef object = p->hp;
    p->hp = advanced(p, target_object_bytes(p->cg->target, n_words));
    return object;
}

/* `object` is aligned to TT_ALIGN, so the sum cannot carry into the tag. */
static LLVMValueRef tagged(Point *p, LLVMValueRef object, unsigned tag)
{
    LLVMBuilderRef b = p->cg->builder;
    LLVMValueRef address = LLVMBuildPtrToInt(b, object, p->cg->word, "");
    return LLVMBuildAdd(b, address, cg_word(p->cg, tag), "");
}

static LLVMValueRef build_cons(Point *p, LLVMValueRef *args)
{
    LLVMValueRef pair = take(p, 2);
    store_at(p, pair, 0, args[0]);
    store_at(p, pair, 1, args[1]);
    return tagged(p, pair, TT_TAG_PAIR);
}

static LLVMValueRef header(Point *p, ObjectType type) { return cg_word(p->cg, TT_HEADER((uint64_t)type)); }

static LLVMValueRef build_box(Point *p, LLVMValueRef *args)
{
    LLVMValueRef box = take(p, 2);
    store_at(p, box, 0, header(p, OBJECT_BOX));
    store_at(p, box, 1, args[0]);
    return tagged(p, box, TT_TAG_OBJECT);
}

/* args: type, fields ... */
static LLVMValueRef build_record(Point *p, LLVMValueRef *args, unsigned n_args)
{
    LLVMValueRef record = take(p, 2 + (uint64_t)n_args);
    store_at(p, record, 0, header(p, OBJECT_RECORD));
    store_at(p, record, 1, cg_word(p->cg, n_args - 1));
    for (unsigned i = 0; i < n_args; i++)
        store_at(p, record, 2 + i, args[i]);
    return tagged(p, record, TT_TAG_OBJECT);
}

static LLVMValueRef build_vector(Point *p, LLVMValueRef *args, unsigned n_args)
{
    LLVMValueRef vector = take(p, 2 + (uint64_t)n_args);
    store_at(p, vector, 0, header(p, OBJECT_VECTOR));
    store_at(p, vector, 1, cg_word(p->cg, n_args));
    for (unsigned i = 0; i < n_args; i++)
        store_at(p, vector, 2 + i, args[i]);
    return tagged(p, vector, TT_TAG_OBJECT);
}

LLVMValueRef alloc_build(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args)
{
    switch (id) {
    case PRIM_CONS: return build_cons(p, args);
    case PRIM_BOX: return build_box(p, args);
    case PRIM_RECORD: return build_record(p, args, n_args);
    case PRIM_VECTOR: return build_vector(p, args, n_args);
    default: ICE("primitive %d has no inline allocation", (int)id);
    }
}

/* All get their addresses first: slots may name any closure of the group. */
void alloc_closures(Point *p, const Clo *node)
{
    uint32_t n = node->as.closures.n;
    const CloClosure *items = node->as.closures.items;
    LLVMValueRef *objects = ARENA_ARRAY(p->cg->arena, LLVMValueRef, n);
    for (uint32_t i = 0; i < n; i++) {
        objects[i] = take(p, 1 + (uint64_t)items[i].n_slots);
        items[i].var->cg = tagged(p, objects[i], TT_TAG_CLOSURE);
    }
    for (uint32_t i = 0; i < n; i++) {
        store_at(p, objects[i], 0,
                 LLVMBuildPtrToInt(p->cg->builder, cg_code(items[i].code)->fn, p->cg->word, ""));
        for (uint32_t k = 0; k < items[i].n_slots; k++)
            store_at(p, objects[i], 1 + k, expr_atom(p, &items[i].slots[k]));
    }
}
