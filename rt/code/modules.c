#include "rt/code/modules.h"

#include <string.h>

#include "rt/code/jump.h"

const struct tt_code_desc *module_at(const struct tt_program *program, size_t i)
{
    const int32_t *entry = &program->code_table[i];
    return (const struct tt_code_desc *)((const char *)entry + *entry);
}

/* The program's table is sorted by id. */
static const struct tt_code_desc *find_in_program(const struct tt_program *program, const uint8_t id[16])
{
    size_t low = 0, high = program->n_codes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tt_code_desc *desc = module_at(program, middle);
        int order = memcmp(id, desc->id, 16);
        if (order == 0) return desc;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const struct tt_code_desc *find_in_runtime(const uint8_t id[16])
{
    static tt_code_fn *const points[] = {
#define PROC(id, text, min, max, name) name,
#include "rt/abi/procs.def"
#undef PROC
#define SPECIAL(name, number, n_slots) tt_special_##name,
#include "rt/code/special.def"
#undef SPECIAL
        tt_continuation,
    };
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        const struct tt_code_desc *desc = tt_desc_of((tt_word)points[i]);
        if (memcmp(desc->id, id, 16) == 0) return desc;
    }
    return NULL;
}

static bool has_name(const struct tt_code_desc *desc, const void *name, size_t n)
{
    for (const char *its = (const char *)desc + desc->name_off; *its; its += strlen(its) + 1)
        if (strncmp(its, name, n) == 0 && its[n] == 0) return true;
    return false;
}

/* The user's procedures before the library's; their beginnings, which stand in their
 * own files, before places behind calls, which may be within something inlined. */
static int fitness(const struct tt_code_desc *desc)
{
    return 2 * !(desc->flags & TT_DESC_RUNTIME) + (desc->kind != TT_CODE_RETURN);
}

const struct tt_code_desc *module_find_named(const struct tt_program *program, const void *name, size_t n)
{
    const struct tt_code_desc *best = NULL;
    for (size_t i = 0; i < program->n_codes; i++) {
        const struct tt_code_desc *desc = module_at(program, i);
        if (has_name(desc, name, n) && (!best || fitness(desc) > fitness(best))) best = desc;
    }
    return best;
}

const struct tt_code_desc *module_find(const struct tt_program *program, const uint8_t id[16])
{
    const struct tt_code_desc *desc = find_in_program(program, id);
    return desc ? desc : find_in_runtime(id);
}
