/* What happens to a cluster: partitions, cut connections, killed and stopped
 * processes, workers that are busy. */
#ifndef TESTS_SIM_HARM_H
#define TESTS_SIM_HARM_H

#include "tests/sim/cluster.h"

void harm_for(struct cluster *c, int64_t ns);
void harm_mend_all(struct cluster *c);
void cluster_start_host(struct cluster *c, unsigned index);

#endif
