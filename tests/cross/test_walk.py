"""Processes that walk through nodes of all machines."""
import concurrent.futures
import pathlib

from builds import serve, start_main
from harness.cluster import Cluster

RESULT = pathlib.Path(__file__).with_name("ring.out").read_text().splitlines()


def test_ring(builds):
    """A process with one of everything goes around all machines; each of them is home once."""
    targets = builds.targets
    with Cluster(builds, 12.0) as cluster:
        nodes = [serve(cluster, "ring", target) for target in (targets if len(targets) > 2 else targets * 2)]
        ports = [node.address[1] for node in nodes]

        def walk(i):
            """The ring begins behind the node of home's own machine, which comes last."""
            main = start_main(cluster, "ring", targets[i % len(targets)], *ports[i + 1:], *ports[:i + 1])
            main.expect(*RESULT, seconds=60)
            main.exit(seconds=20)

        builds.program("ring")
        with concurrent.futures.ThreadPoolExecutor(builds.jobs) as pool:
            list(pool.map(walk, range(len(nodes))))
