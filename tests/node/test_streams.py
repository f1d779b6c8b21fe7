"""Many writers on several nodes, and a nemesis (fault list 53): nothing twice, nothing out of order, and no gap that
its sender was not told of."""

import random
import time

from harness.marks import heavy, long


class Nemesis:
    """Kills nodes and starts them again, stops them for less and for more than T."""

    def __init__(self, cluster, seed, nodes, writers, ms, tick_s):
        self.cluster, self.rng = cluster, random.Random(seed)
        self.writers, self.ms, self.tick_s = writers, ms, tick_s
        self.ports = cluster.free_ports(nodes)
        self.running = {port: self.start(port) for port in self.ports}
        self.all = list(self.running.values())

    def start(self, port):
        others = [other for other in self.ports if other != port]
        return self.cluster.start("streams", self.writers, self.ms, *others, node="%s:%d" % (self.cluster.host, port),
                                  options=["net-tick-timeout=%g" % self.tick_s], name="port %d" % port)

    def strike(self):
        port = self.rng.choice(self.ports)
        node = self.running[port]
        what = self.rng.randrange(3)
        if what == 0:
            node.kill()
            time.sleep(self.rng.uniform(0, 0.6))
            self.running[port] = self.start(port)
            self.all.append(self.running[port])
        else:
            node.pause()
            time.sleep(self.rng.uniform(0, 0.5 * self.tick_s) if what == 1 else 1.6 * self.tick_s)
            node.resume()
        time.sleep(self.rng.uniform(0, 0.5))

    def check(self):
        """All hear something again, and nobody has ever complained."""
        for node in self.running.values():
            heard = sum(line.startswith("heard") for line in node.out.all)
            limit = self.cluster.deadline(30)
            while sum(line.startswith("heard") for line in node.out.all) <= heard:
                if time.monotonic() > limit:
                    raise node.failure("hears nothing any more")
                time.sleep(0.05)
        for node in self.all:
            for line in node.out.all:
                if not line.startswith("heard"):
                    raise node.failure(line)
        for node in self.running.values():
            node.kill()


def torment(cluster, seed, seconds, nodes, writers):
    nemesis = Nemesis(cluster, seed, nodes, writers, 1, 1.0 * cluster.factor)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        nemesis.strike()
    nemesis.check()


def test_streams(cluster):
    torment(cluster, 1, 5, 3, 3)


@long
@heavy
def test_streams_for_two_minutes(cluster):
    torment(cluster, 2, 120, 5, 10)
