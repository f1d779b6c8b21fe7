#include "frontend/foreign.h"

#include <string.h>

typedef struct ForeignRow {
    BindingKind kind;
    const char *names, *advice;
} ForeignRow;

static const ForeignRow foreign_rows[] = {
#define MUTATION(names, advice)     {BIND_MUTATOR, names, advice},
#define FOREIGN_FORM(names, advice) {BIND_ABSENT, names, advice},
#define FOREIGN(names, advice)      {BIND_GLOBAL, names, advice},
#include "frontend/foreign.def"
};

#define N_ROWS (sizeof foreign_rows / sizeof *foreign_rows)

/* The first of the names, its length; moves on to the next. NULL at the end. */
static const char *next_name(const char **names, size_t *length_out)
{
    const char *name = *names + strspn(*names, " ");
    *length_out = strcspn(name, " ");
    *names = name + *length_out;
    return *length_out ? name : NULL;
}

static void bind_row(Expander *x, Environment *environment, const ForeignRow *row)
{
    const char *names = row->names, *name;
    for (size_t length; (name = next_name(&names, &length));) {
        Binding *binding = binding_new(x->arena, row->kind, (Span){0});
        binding->as.advice = row->advice;
        scope_bind_top(&x->scopes, environment, symbols_intern(x->compilation->symbols, name, length),
                       binding);
    }
}

void foreign_bind_all(Expander *x, Environment *environment)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (foreign_rows[i].kind != BIND_GLOBAL) bind_row(x, environment, &foreign_rows[i]);
}

const char *foreign_advice(const Symbol *name)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (foreign_rows[i].kind != BIND_GLOBAL) continue;
        const char *names = foreign_rows[i].names, *other;
        for (size_t length; (other = next_name(&names, &length));)
            if (length == name->length && memcmp(other, name->text, length) == 0)
                return foreign_rows[i].advice;
    }
    return NULL;
}
