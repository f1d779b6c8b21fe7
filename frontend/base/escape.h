/* Leaving a compilation early. The compiler never ends the process that it is in: who calls it says which reasons
 * to leave are caught. What was made since is in arenas, which the catcher frees. */
#ifndef FRONTEND_BASE_ESCAPE_H
#define FRONTEND_BASE_ESCAPE_H

typedef enum Escape {
    ESCAPE_NONE,
    ESCAPE_STOPPED = 1,  /* errors of the program were reported */
    ESCAPE_ICE = 2,      /* a mistake of the compiler was reported */
    ESCAPE_NO_MEMORY = 4 /* reported, too */
} Escape;

/* Runs `body(context)`. The reason for which it was left early, one of `reasons` (a sum); ESCAPE_NONE: it was not. */
Escape escape_catch(unsigned reasons, void (*body)(void *context), void *context);
/* Goes to the innermost escape_catch of this thread that takes the reason. The process is aborted if there is none. */
_Noreturn void escape_to_catch(Escape reason);

#endif
