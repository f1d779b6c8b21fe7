/* Names that nothing defines: what they may have meant, the warnings of them. */
#ifndef FRONTEND_UNDEFINED_H
#define FRONTEND_UNDEFINED_H

#include "frontend/expand.h"

typedef enum GuessKind {
    GUESS_NOTHING,
    GUESS_NEAR,    /* a visible name of that spelling, about */
    GUESS_LIBRARY, /* a library exports it */
    GUESS_FOREIGN, /* a procedure of other systems */
} GuessKind;

/* Made at the first use of the name, while the scopes around it are open. */
typedef struct Guess {
    GuessKind kind;
    const char *text; /* NEAR: the name; LIBRARY: the library's; FOREIGN: the advice */
    const Form *form; /* the name means this special form, or NULL */
    bool is_syntax;   /* it means a special form or a macro */
} Guess;

const Guess *undefined_guess(Expander *x, const Datum *identifier);
/* A call of such a name that means syntax: the operands are no expressions, so nothing is said of them, nor of names that
 * they may define. */
void undefined_note_form(Expander *x, const Guess *guess, const Datum *form);
/* After everything is expanded: uses of macro-made globals by their plain names; warnings of what stays undefined. */
void undefined_resolve(Expander *x);
/* The one global of that name that a macro's template defined, or NULL. */
Global *undefined_find_renamed(const Expander *x, const Symbol *symbol, const Environment *environment);

#endif
