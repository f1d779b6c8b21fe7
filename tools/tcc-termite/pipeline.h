/* From a source file to the result that the options ask for. */
#ifndef TOOLS_TCC_TERMITE_PIPELINE_H
#define TOOLS_TCC_TERMITE_PIPELINE_H

#include "frontend/base/source.h"
#include "tools/tcc-termite/home.h"
#include "tools/tcc-termite/options.h"

/* Told of the files that a program is made of besides the one named. */
typedef struct FileWatcher {
    void (*on_file)(void *context, const Source *file);
    void *context;
} FileWatcher;

/* `output` is the path of the result (with --dump, unused), `watcher` may be
 * NULL. Reports its own errors; the exit code. */
int pipeline_run(const Options *options, const Home *home, const char *output, const FileWatcher *watcher);

#endif
