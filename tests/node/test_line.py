"""A line between two nodes that changes bytes, cuts the connection anywhere, or is slow."""

import random
import time

from harness.marks import heavy
from harness.protocol import read_cookie
from harness.proxy import TO_DIALLER, TO_TARGET, Proxy
from harness.victim import Victim, many

USUAL = ["on 6", "spawn 6", "link raised", "service 1", "done"]


class Line(Victim):
    """The node at the end of the line."""

    program = "through"

    def run(self, spoil, usual=False):
        """A program that talks to it over a proxy which `spoil` has prepared; gives the proxy. Nobody waits for long for
        what a spoilt line has lost."""
        proxy = Proxy(self.address, read_cookie(self.cluster.cookie))
        self.cluster.at_end(proxy.close)
        spoil(proxy.plans)
        limit_s = self.cluster.patient(10) if usual else self.cluster.scaled(2)
        main = self.cluster.main("through", *proxy.address, limit_s, options=["net-tick-timeout=%g" % limit_s])
        main.exit(0, seconds=40)
        if main.out.all[-1:] != ["done"] or (usual and main.out.all != USUAL):
            raise main.failure("said something else")
        proxy.close()
        return proxy


def session_bytes(line, direction):
    """How much goes that way when nothing is spoilt."""
    proxy = line.run(lambda plans: None, usual=True)
    return len(proxy.records[0][direction])


def spoil_everywhere(cluster, count, spoil):
    line = Line(cluster)
    rng = random.Random(10)
    lengths = {direction: session_bytes(line, direction) for direction in (TO_TARGET, TO_DIALLER)}
    cases = [(direction, rng.randrange(lengths[direction])) for direction in lengths for _ in range(count)]
    for error in many(len(cases), lambda i: line.run(lambda plans: spoil(plans[cases[i][0]], cases[i][1], rng)), 6):
        raise error
    line.sound()


def test_slow_line(cluster):
    """20 ms each way, in pieces of 100 bytes: slow, and nothing else."""
    line = Line(cluster)

    def spoil(plans):
        for plan in plans.values():
            plan.delay_s, plan.piece_bytes = 0.005, 100
    line.run(spoil, usual=True)
    line.sound()


@heavy
def test_changed_bytes(cluster):
    def spoil(plan, at, rng):
        plan.flips = {at: 1 << rng.randrange(8)}
    spoil_everywhere(cluster, 12, spoil)


@heavy
def test_cut_anywhere(cluster):
    def spoil(plan, at, rng):
        plan.cut_at = at
    spoil_everywhere(cluster, 12, spoil)


def test_reset(cluster):
    """A connection that ends with RST in the middle: seen at once, made again."""
    line = Line(cluster)
    proxy = Proxy(line.address, read_cookie(cluster.cookie))
    cluster.at_end(proxy.close)
    main = cluster.main("bystander", *proxy.address, 1)
    for _ in range(3):
        main.find(r"^\d+ calls$")
        connections, limit = len(proxy.records), cluster.deadline(10)
        proxy.reset()
        while len(proxy.records) == connections:
            if time.monotonic() > limit:
                raise main.failure("the connection was not made again")
            time.sleep(0.01)
    main.find(r"^\d+ calls$")
    main.find(r"^\d+ calls$")
    main.kill()
    line.sound()
