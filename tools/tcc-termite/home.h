/* Where the compiler's own files are: libtermite.a, inline.bc and lib-scm. */
#ifndef TOOLS_TCC_TERMITE_HOME_H
#define TOOLS_TCC_TERMITE_HOME_H

#include <stdbool.h>

#include "frontend/base/arena.h"

typedef struct Home {
    const char *executable;   /* this compiler's own path, or NULL */
    const char *runtime;      /* directory of libtermite.a and inline.bc */
    const char *library;      /* directory of lib-scm's files */
    bool is_installed;        /* made by `cmake --install`; else a build tree, with the sources around it */
    const char *sysroot_tool; /* the script that fetches sysroots, as it is called */
} Home;

/* $TCC_TERMITE_HOME; else `lib` beside this executable (a build tree), or
 * ../lib/tcc-termite from it (installed). False: libtermite.a is not there;
 * *tried_out says where it was looked for last. */
bool home_find(Arena *arena, Home *home, const char **tried_out);

#endif
