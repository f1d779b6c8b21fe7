/* The special forms as the expander sees them: one row each from forms.def. */
#ifndef FRONTEND_FORMS_H
#define FRONTEND_FORMS_H

#include "frontend/body.h"
#include "frontend/expand.h"

typedef enum FormId {
#define EXPRESSION(id, name, min, max, handler, usage) FORM_##id,
#define DEFINITION(id, name, min, max, handler, usage) FORM_##id,
#include "frontend/forms.def"
    N_FORMS
} FormId;

struct Form {
    FormId id;
    const char *name;
    const char *usage;
    int min, max;                                         /* operands */
    Core *(*expand)(Expander *x, Datum *form);            /* NULL for a definition */
    void (*define)(Expander *x, Body *body, Datum *form); /* NULL for an expression */
};

extern const Form forms_table[N_FORMS];
extern const char *const forms_auxiliary_names[N_AUXILIARIES];
/* Where each of them may stand, for messages. */
extern const char *const forms_auxiliary_places[N_AUXILIARIES];

/* Binds every form, auxiliary word, mutator, primitive and procedure of the runtime. */
void forms_bind_all(Expander *x, Environment *environment);

/* The forms that `(include file ...)` stands for, as a list; NULL on errors. */
Datum *include_forms(Expander *x, Datum *form, bool fold_case);
/* The forms of the first clause of `cond-expand` whose requirement holds (the
 * empty list if there is none); NULL on errors. */
Datum *cond_expand_forms(Expander *x, Datum *form);

/* The clauses of `cond`, as `guard` has them too; `otherwise` (NULL: unspecified) is the value when
 * none is chosen. */
Core *cond_clauses(Expander *x, Datum *clauses, Span span, const char *form_name, Core *otherwise);
/* The value of a top-level definition; of a parameter with a key that is the same in every run. */
Core *form_name_parameter(Expander *x, const Global *global, Core *value);
/* Data for which equal? is eq? whatever the target's word size. */
bool datum_is_eq_comparable(const Datum *datum);

#define EXPRESSION(id, name, min, max, handler, usage) Core *handler(Expander *x, Datum *form);
#define DEFINITION(id, name, min, max, handler, usage) void handler(Expander *x, Body *body, Datum *form);
#include "frontend/forms.def"

/* As --dump=datum prints the datum. */
const char *datum_text(Expander *x, const Datum *datum);
/* The same for messages: on one line, cut where it is long. */
const char *datum_brief(Expander *x, const Datum *datum);

#endif
