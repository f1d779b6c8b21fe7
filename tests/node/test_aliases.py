"""One node by several names: it is one receiver, whatever it is called."""

import pathlib
import socket

from harness.cluster import Failure
from harness.lab import Lab

LOOPBACK = ["localhost", "127.0.0.1", "::ffff:127.0.0.1"]


def in_order(cluster, what, names, count):
    node = cluster.serve("aliases")
    main = cluster.main("aliases", what, node.address[1], *names)
    main.expect("(%s)" % " ".join(map(str, range(1, count + 1))), seconds=30)
    main.exit()


def test_order(cluster):
    """Of what one process sends by several spellings of an address (G1): while the node is dialled, or when it is there."""
    listed = [name for line in pathlib.Path("/etc/hosts").read_text().splitlines() if line.startswith("127.0.0.1")
              for name in line.split()[1:] if name != "localhost"]
    for alias in ["::ffff:127.0.0.1", "::ffff:7f00:1", *listed[:1]]:
        for names in (["localhost", alias], [alias, "127.0.0.1"]):
            in_order(cluster, "fresh", names, 4)
            in_order(cluster, "known", names, 3)


def uses_itself(cluster, at, port, names, **keywords):
    main = cluster.start("itself", port, *names, node="%s:%d" % (at, port), **keywords)
    for _ in names:
        main.expect("(pong #t 42 raised)", seconds=20)
    main.expect("(%s)" % " ".join(names))
    main.exit()
    if "connecting" in main.err.text():
        raise Failure("it dials itself: " + main.err.text())


def test_itself(cluster):
    """A node that listens at all addresses, or at one, by all names that lead there."""
    own = socket.gethostname()
    listed = [own] if own in pathlib.Path("/etc/hosts").read_text().split() else []
    for at, names in (("0.0.0.0", [*LOOPBACK, "127.0.0.2", *listed]), ("127.0.0.1", LOOPBACK), ("localhost", LOOPBACK)):
        with socket.create_server(("0.0.0.0", 0)) as sock:
            port = sock.getsockname()[1]
        uses_itself(cluster, at, port, names)


def test_itself_on_a_network(cluster):
    """By the address of an interface; not by loopback, unless it listens there."""
    host, = Lab(cluster, 1).hosts
    uses_itself(cluster, "0.0.0.0", 4000, ["127.0.0.1", host.address, "::ffff:" + host.address], prefix=host.prefix)
    uses_itself(cluster, host.address, 4000, [host.address, "::ffff:" + host.address], prefix=host.prefix)
    other = cluster.start("itself", serve="127.0.0.1:4000", prefix=host.prefix)
    other.ready()
    main = cluster.start("reach", "127.0.0.1", 4000, node=host.address + ":4000", options=["stats"], prefix=host.prefix)
    main.expect("pong", seconds=20)
    main.exit()
    main.complains("connections        1 by Unix-domain sockets")
