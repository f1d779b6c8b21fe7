/* --dump=datum: what the reader made of a source, one datum a line. */
#include "frontend/frontend.h"
#include "frontend/read.h"

bool front_dump_datums(Compilation *compilation, const Source *source, FILE *out)
{
    DatumList data;
    if (!read_all(compilation, source, &data)) return false;
    for (size_t i = 0; i < data.count; i++) {
        datum_print(out, data.items[i]);
        fputc('\n', out);
    }
    return true;
}
