/* One hash of all code points. A file of its own: what is no node does not link it. */
#include <stdlib.h>
#include <string.h>

#include "rt/code/jump.h"
#include "rt/code/modules.h"
#include "rt/os/crypto.h"

#define CLASS(name, number, text) CLASS_##name = number,
enum {
#include "rt/abi/classes.def"
};
#undef CLASS

/* What must be the same on both sides, lowest byte first. */
#define FIXED_BYTES (16 + 1 + 2 + 2)

struct writer {
    uint8_t *bytes; /* NULL: only counts */
    size_t n;
};

static void put(struct writer *out, const void *bytes, size_t n)
{
    if (out->bytes) memcpy(out->bytes + out->n, bytes, n);
    out->n += n;
}

static void put_desc(struct writer *out, const struct tt_code_desc *desc)
{
    uint8_t fixed[FIXED_BYTES] = {[16] = desc->kind,
                                  (uint8_t)desc->n_slots,
                                  (uint8_t)(desc->n_slots >> 8),
                                  (uint8_t)desc->n_params,
                                  (uint8_t)(desc->n_params >> 8)};
    memcpy(fixed, desc->id, sizeof desc->id);
    put(out, fixed, sizeof fixed);
    size_t n = (size_t)desc->n_slots + desc->n_params;
    put(out, desc->classes, n);
    const int32_t *code = tt_desc_codes(desc);
    for (size_t i = 0; i < n; i++)
        if (desc->classes[i] == CLASS_CODE) put(out, tt_desc_of(tt_desc_code(code++))->id, sizeof desc->id);
}

/* The table is sorted by id. */
static void put_all(struct writer *out, const struct tt_program *program)
{
    for (size_t i = 0; i < program->n_codes; i++)
        put_desc(out, module_at(program, i));
}

void module_digest(const struct tt_program *program, uint8_t out[32])
{
    static const char key[] = "tt1 code points";
    struct writer writer = {0};
    put_all(&writer, program);
    writer.bytes = malloc(writer.n + 1);
    if (!writer.bytes) abort();
    writer.n = 0;
    put_all(&writer, program);
    crypto_hmac(key, sizeof key - 1, &(struct crypto_part){writer.bytes, writer.n}, 1, out);
    free(writer.bytes);
}
