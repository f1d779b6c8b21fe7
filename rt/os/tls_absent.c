/* Stands in for the implementation in programs that want TLS, but are linked
 * without it (--no-tls): the linker takes the first library that has `tls_wanted`. */
#include "rt/os/tls.h"

const char tls_wanted = 0;
