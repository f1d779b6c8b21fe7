/* The reader: source text to data. */
#ifndef FRONTEND_READ_H
#define FRONTEND_READ_H

#include "frontend/datum.h"

typedef struct Reader Reader;

Reader *reader_new(Compilation *compilation, const Source *source);
/* The next datum; NULL at the end of the source. Mistakes are reported and read
 * over (#!void stands for an atom that is none), so the result may be used only
 * while diag_error_count has not grown. Data with labels may be cyclic. */
Datum *read_datum(Reader *reader);

typedef struct DatumList {
    Datum **items;
    size_t count;
} DatumList;

/* All data of the source; false when errors were reported. */
bool read_all(Compilation *compilation, const Source *source, DatumList *out);

#endif
