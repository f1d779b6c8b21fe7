/* Descriptors of code points, failure sites and the code table. The byte layout
 * is rt/abi/code_desc.h; only this file and rt/code/frames.c know it.
 *
 * All references are 32-bit distances, so the data is read-only and needs no
 * relocation at load time. */
#include <stdlib.h>
#include <string.h>

#include "codegen/cg.h"
#include "ir/adopt.h"

/* Bytes of prefix data in front of a code point: the distance stands in the last
 * four, the others keep the code aligned. */
#define PREFIX_FILL(target) ((target)->code_align - 4)

static LLVMValueRef address_of(Cg *cg, LLVMValueRef value) { return LLVMConstPtrToInt(value, cg->word); }

/* i32 `to - from`, where `from` is the address of the table the field is in. */
static LLVMValueRef distance(Cg *cg, LLVMValueRef to, LLVMValueRef from)
{
    return LLVMConstTrunc(LLVMConstSub(address_of(cg, to), address_of(cg, from)), cg->i32);
}

static LLVMValueRef text_constant(Cg *cg, const char *text, size_t length)
{
    LLVMValueRef data = LLVMConstStringInContext2(cg->context, text, length, 0);
    LLVMValueRef global = LLVMAddGlobal(cg->module, LLVMTypeOf(data), "tt.name");
    LLVMSetInitializer(global, data);
    LLVMSetGlobalConstant(global, 1);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    LLVMSetAlignment(global, 1);
    return global;
}

LLVMValueRef frames_name(Cg *cg, const char *text, size_t length)
{
    Symbol *key = symbols_intern(cg->compilation->symbols, text, length);
    LLVMValueRef name = map_get(cg->names, key);
    if (!name) {
        name = text_constant(cg, text, length);
        map_set(cg->names, key, name);
    }
    return name;
}

/* -- names ------------------------------------------------------------------- */

#define NAMES_MAX   12
#define RETURNS_MAX 32
#define CALLED_MAX  6

typedef struct Names {
    Arena *arena;
    const Symbol *items[NAMES_MAX];
    unsigned n, n_returns;
    const CloCode *returns[RETURNS_MAX];
    VEC(const Clo *) work;
    /* An id covers the ids of what is called by its code, which a report may have to name too. */
    unsigned n_called;
    const Symbol *called[CALLED_MAX];
    VEC(const CloCode *) callees;
} Names;

static bool is_same(const Symbol *a, const Symbol *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void add_one_name(Names *names, const Symbol *name)
{
    for (unsigned i = 0; i < names->n; i++)
        if (is_same(names->items[i], name)) return;
    if (names->n < NAMES_MAX) names->items[names->n++] = name;
}

/* With those of the procedures around it: `loop` alone says little. */
static void add_name(Names *names, const Symbol *name)
{
    for (; name; name = name->outer)
        add_one_name(names, name);
}

/* A place where a call comes back: an id covers it, so an edit behind the call changes the id. */
static void add_return(Names *names, const CloFrame *frame)
{
    if (!frame || frame->ret->is_library || names->n_returns == RETURNS_MAX) return;
    for (unsigned i = 0; i < names->n_returns; i++)
        if (names->returns[i] == frame->ret) return;
    names->returns[names->n_returns++] = frame->ret;
    add_name(names, frame->ret->name);
    vec_push(names->arena, &names->work, frame->ret->body);
}

static void add_callee(Names *names, const CloCode *code)
{
    if (code->is_library) return;
    for (size_t i = 0; i < names->callees.count; i++)
        if (names->callees.items[i] == code) return;
    vec_push(names->arena, &names->callees, code);
}

static void add_node(Names *names, const Clo *node)
{
    if (node->proc) add_name(names, node->proc);
    if (node->kind == CLO_CALL) add_return(names, node->as.call.frame);
    if (node->kind == CLO_CALL_CODE) add_return(names, node->as.code.frame);
    if (node->kind == CLO_CALL_CODE || node->kind == CLO_JUMP_CODE) add_callee(names, node->as.code.code);
    if (node->kind == CLO_JOIN) vec_push(names->arena, &names->work, node->as.join.join_body);
    if (node->kind != CLO_IF) return;
    vec_push(names->arena, &names->work, node->as.branch.then);
    vec_push(names->arena, &names->work, node->as.branch.otherwise);
}

/* Procedures that were inlined into this body, and into what follows its calls. */
static void add_procs(Names *names, const Clo *body)
{
    vec_push(names->arena, &names->work, body);
    while (names->work.count)
        for (const Clo *node = vec_pop(&names->work); node; node = node->body)
            add_node(names, node);
}

static void add_code(Names *names, const CloCode *code)
{
    add_name(names, code->name);
    if (code->is_library) return;
    if (code->body) add_procs(names, code->body);
    for (uint32_t i = 0; i < code->n_clauses; i++)
        add_procs(names, code->clauses[i].direct->body);
}

/* Those that the code calls, and those that these call, which are not among the others. */
static void add_called(Names *names)
{
    Names all = *names;
    for (size_t i = 0; i < all.callees.count && all.n < NAMES_MAX; i++)
        add_code(&all, all.callees.items[i]);
    for (unsigned i = names->n; i < all.n && names->n_called < CALLED_MAX; i++)
        names->called[names->n_called++] = all.items[i];
}

static char *put_name(char *at, const Symbol *name)
{
    memcpy(at, name->text, name->length);
    at[name->length] = 0;
    return at + name->length + 1;
}

/* The name of the code point, those of other procedures in it, those of called ones behind a space, and an empty one. */
static LLVMValueRef names_of(Cg *cg, const CloCode *code)
{
    Names names = {.arena = cg->arena};
    add_code(&names, code);
    add_called(&names);
    size_t length = 0;
    for (unsigned i = 0; i < names.n; i++)
        length += names.items[i]->length + 1;
    for (unsigned i = 0; i < names.n_called; i++)
        length += names.called[i]->length + 2;
    char *text = arena_alloc(cg->arena, length), *at = text;
    for (unsigned i = 0; i < names.n; i++)
        at = put_name(at, names.items[i]);
    for (unsigned i = 0; i < names.n_called; i++) {
        *at++ = ' ';
        at = put_name(at, names.called[i]);
    }
    return frames_name(cg, text, length);
}

static Position position_of(Span span)
{
    return span.source ? source_position(span.source, span.start) : (Position){0, 0};
}

static LLVMValueRef file_name(Cg *cg, Span span)
{
    const char *name = span.source ? span.source->name : cg->program->name;
    return frames_name(cg, name, strlen(name));
}

static LLVMValueRef id_bytes(Cg *cg, const CloCode *code)
{
    return LLVMConstStringInContext2(cg->context, (const char *)code->id, sizeof code->id, 1);
}

/* What slots and parameters are known to hold, as it stands at the end of a descriptor. */
typedef struct Classes {
    LLVMTypeRef bytes_type, codes_type;
    char *bytes; /* filled up to a multiple of 4 */
    uint32_t n_bytes;
    const CloCode **codes; /* one for each class CODE */
    uint32_t n_codes;
} Classes;

static void add_class(Classes *classes, CloClass class, const CloCode *code)
{
    classes->bytes[classes->n_bytes++] = (char)class;
    if (class == CLASS_CODE) classes->codes[classes->n_codes++] = code;
}

/* A variable that nothing uses may be missing. */
static void add_vars(Classes *classes, CloVar *const *vars, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        add_class(classes, vars[i] ? vars[i]->class : CLASS_ANY, vars[i] ? vars[i]->code : NULL);
}

static Classes classes_of(Cg *cg, const CloCode *code)
{
    uint32_t n = code->n_free + code->n_slots + code->n_params;
    Classes classes = {.bytes = ARENA_ARRAY(cg->arena, char, n + 4),
                       .codes = ARENA_ARRAY(cg->arena, const CloCode *, n + 1)};
    for (uint32_t i = 0; i < code->n_free; i++)
        add_class(&classes, code->free_classes[i], code->free_codes[i]);
    add_vars(&classes, code->slots, code->n_slots);
    add_vars(&classes, code->params, code->n_params);
    if (classes.n_codes) classes.n_bytes = (classes.n_bytes + 3) / 4 * 4;
    classes.bytes_type = LLVMArrayType2(cg->i8, classes.n_bytes);
    classes.codes_type = LLVMArrayType2(cg->i32, classes.n_codes);
    return classes;
}

/* Distances from the places in `desc`, which is of `type`, to the codes. */
static LLVMValueRef distances(Cg *cg, const Classes *classes, LLVMTypeRef type, LLVMValueRef desc)
{
    LLVMValueRef *items = ARENA_ARRAY(cg->arena, LLVMValueRef, classes->n_codes + 1);
    for (uint32_t i = 0; i < classes->n_codes; i++) {
        LLVMValueRef index[] = {cg_i32(cg, 0), cg_i32(cg, LLVMCountStructElementTypes(type) - 1),
                                cg_i32(cg, i)};
        LLVMValueRef place = LLVMConstInBoundsGEP2(type, desc, index, 3);
        items[i] = distance(cg, cg_code(classes->codes[i])->fn, place);
    }
    return LLVMConstArray2(cg->i32, items, classes->n_codes);
}

/* Arities that one descriptor can say: fewest and most over all clauses. */
static void arity_range(const CloCode *code, unsigned *min_out, unsigned *max_out)
{
    *min_out = *max_out = 0;
    for (uint32_t i = 0; i < code->n_clauses; i++) {
        const CloArity *clause = &code->clauses[i];
        unsigned most = clause->has_rest ? 0xffff : clause->n_required;
        if (i == 0 || clause->n_required < *min_out) *min_out = clause->n_required;
        if (most > *max_out) *max_out = most;
    }
}

static uint8_t flags_of(const CloCode *code)
{
    return (uint8_t)((code->kind == CLO_CODE_DIRECT && code->self ? TT_DESC_USES_SELF : 0) |
                     (code->is_library ? TT_DESC_RUNTIME : 0));
}

static LLVMValueRef int_of(LLVMTypeRef type, uint64_t value) { return LLVMConstInt(type, value, 0); }

/* The table's type is known before its address, which the distances need. */
static LLVMTypeRef descriptor_type(Cg *cg, const Classes *classes)
{
    LLVMTypeRef id = LLVMArrayType2(cg->i8, 16);
    LLVMTypeRef fields[] = {cg->i8,
                            cg->i8,
                            cg->i16,
                            cg->i16,
                            cg->i16,
                            cg->i16,
                            cg->i16,
                            cg->i32,
                            cg->i32,
                            cg->i32,
                            cg->i32,
                            cg->i32,
                            cg->i32,
                            id,
                            classes->bytes_type,
                            classes->codes_type};
    return LLVMStructTypeInContext(cg->context, fields, sizeof fields / sizeof fields[0], 1);
}

static LLVMValueRef new_table(Cg *cg, LLVMTypeRef type, const char *name, unsigned align)
{
    LLVMValueRef table = LLVMAddGlobal(cg->module, type, name);
    LLVMSetGlobalConstant(table, 1);
    LLVMSetLinkage(table, LLVMInternalLinkage);
    LLVMSetAlignment(table, align);
    return table;
}

/* Prefix data: the distance from the code to its descriptor. */
static void set_prefix(Cg *cg, LLVMValueRef fn, LLVMValueRef descriptor)
{
    LLVMValueRef fields[] = {LLVMConstNull(LLVMArrayType2(cg->i8, PREFIX_FILL(cg->target))),
                             distance(cg, descriptor, fn)};
    LLVMSetPrefixData(fn, LLVMConstStructInContext(cg->context, fields, 2, 1));
}

static LLVMTypeRef site_type(Cg *cg)
{
    LLVMTypeRef types[] = {cg->i32, cg->i32, cg->i32, cg->i32, cg->i32};
    return LLVMStructTypeInContext(cg->context, types, 5, 0);
}

static void fill_site(Cg *cg, LLVMValueRef site, const Symbol *proc, Span span, LLVMValueRef inlined)
{
    bool is_library = span.source && span.source->is_system;
    Position at = is_library ? (Position){0, 0} : position_of(span);
    LLVMValueRef fields[] = {distance(cg, frames_name(cg, proc->text, proc->length), site),
                             distance(cg, file_name(cg, span), site), cg_i32(cg, at.line),
                             cg_i32(cg, at.column), inlined};
    LLVMSetInitializer(site, LLVMConstStructInContext(cg->context, fields, 5, 0));
}

/* i32 from `table` to the site of the call that the procedure `proc` is inlined at; 0: it is not. */
static LLVMValueRef inlined_distance(Cg *cg, const Symbol *proc, LLVMValueRef table)
{
    const CallPlace *call = proc->inlined;
    if (!call) return cg_i32(cg, 0);
    LLVMValueRef site = map_get(cg->call_sites, call);
    if (!site) {
        site = new_table(cg, site_type(cg), "tt.site", 4);
        map_set(cg->call_sites, call, site);
        fill_site(cg, site, call->proc, call->span, inlined_distance(cg, call->proc, site));
    }
    return distance(cg, site, table);
}

LLVMValueRef frames_site(Cg *cg, const Symbol *proc, Span span)
{
    LLVMValueRef site = new_table(cg, site_type(cg), "tt.site", 4);
    fill_site(cg, site, proc, span, inlined_distance(cg, proc, site));
    return site;
}

void frames_emit_descriptor(Cg *cg, const CloCode *code)
{
    CgCode *mine = cg_code(code);
    Classes classes = classes_of(cg, code);
    LLVMTypeRef type = descriptor_type(cg, &classes);
    LLVMValueRef desc = new_table(cg, type, "tt.desc", 8);
    mine->descriptor = desc;

    unsigned min, max;
    arity_range(code, &min, &max);
    uint32_t n_slots = code->kind == CLO_CODE_CLOSURE ? code->n_free : code->n_slots;
    Position at = position_of(code->span);
    LLVMValueRef fields[] = {
        int_of(cg->i8, code->kind),
        int_of(cg->i8, flags_of(code)),
        int_of(cg->i16, n_slots),
        int_of(cg->i16, code->n_params),
        int_of(cg->i16, min),
        int_of(cg->i16, max),
        int_of(cg->i16, 0),
        distance(cg, names_of(cg, code), desc),
        distance(cg, file_name(cg, code->span), desc),
        int_of(cg->i32, at.line),
        int_of(cg->i32, at.column),
        distance(cg, mine->fn, desc),
        inlined_distance(cg, code->name, desc),
        id_bytes(cg, code),
        LLVMConstStringInContext2(cg->context, classes.bytes, classes.n_bytes, 1),
        distances(cg, &classes, type, desc),
    };
    LLVMSetInitializer(desc,
                       LLVMConstStructInContext(cg->context, fields, sizeof fields / sizeof fields[0], 1));
    set_prefix(cg, mine->fn, desc);
}

static int by_id(const void *a, const void *b)
{
    const CloCode *x = *(const CloCode *const *)a, *y = *(const CloCode *const *)b;
    int order = memcmp(x->id, y->id, sizeof x->id);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

LLVMValueRef frames_code_table(Cg *cg)
{
    uint32_t n = cg->program->n_codes;
    CloCode **codes = ARENA_ARRAY(cg->arena, CloCode *, n + 1);
    memcpy(codes, cg->program->codes, n * sizeof *codes);
    qsort(codes, n, sizeof *codes, by_id);

    LLVMTypeRef type = LLVMArrayType2(cg->i32, n);
    LLVMValueRef table = new_table(cg, type, "tt_code_table", 4);
    LLVMValueRef *entries = ARENA_ARRAY(cg->arena, LLVMValueRef, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        LLVMValueRef index[] = {cg_i32(cg, 0), cg_i32(cg, i)};
        LLVMValueRef place = LLVMConstInBoundsGEP2(type, table, index, 2);
        entries[i] = distance(cg, cg_code(codes[i])->descriptor, place);
    }
    LLVMSetInitializer(table, LLVMConstArray2(cg->i32, entries, n));
    return table;
}
