/* The canonical form of a code point, as bytes: what code_id.c hashes. */
#ifndef IR_CODE_FORM_H
#define IR_CODE_FORM_H

#include "frontend/base/vec.h"
#include "ir/clo.h"

#define CODE_ID_BYTES 16

/* A reference to another code point: CODE_ID_BYTES to be filled in. */
typedef struct CodeRef {
    size_t offset;
    const CloCode *target;
} CodeRef;

typedef struct CodeForm {
    VEC(uint8_t) bytes;
    VEC(CodeRef) refs;
} CodeForm;

CodeForm code_form(Arena *arena, const CloCode *code);

#endif
