"""Connections that end in the middle of large messages, which are being written, sent, read on either side: senders
go on, links and monitors hear of it, what comes later is in order, and nothing stays behind."""

import os
import random
import time

from harness.protocol import read_cookie
from harness.proxy import TO_DIALLER, TO_TARGET, Proxy

SIZE = 12000000
SLOW_SIZE = 60000  # where a step is a few bytes
T, SHORT_T = 15, 6  # no loss but those that the test makes; where it waits for T


class Line:
    """Two nodes that send each other large messages over a proxy. Only the first can dial."""

    def __init__(self, cluster, mortal="immortal", tick=T):
        self.cluster, self.mortal = cluster, mortal
        self.size = SIZE if cluster.factor == 1 else SLOW_SIZE
        self.options = ["net-tick-timeout=%g" % (tick * cluster.factor)]
        self.other = cluster.serve("severed", options=self.options, name="other")
        self.proxy = Proxy(self.other.ready(), read_cookie(cluster.cookie))
        cluster.at_end(self.proxy.close)
        self.first = 1
        self.main = self.begin()
        self.descriptors = self.other.descriptors()

    def begin(self):
        main = self.cluster.start("severed", *self.proxy.address, self.size, self.first, self.mortal, options=self.options, name="main")
        main.expect("begun", seconds=20)
        self.first += 1000000
        return main

    def wait_for_bytes(self, rng):
        """Until somewhere in a large message or near one, in either direction."""
        self.main.expect("watching", seconds=40)
        start, wanted = self.through(), rng.randrange(10, 3 * self.size)
        limit = self.cluster.deadline(30)
        while self.through() - start < wanted:
            if time.monotonic() > limit:
                raise self.main.failure("sends nothing any more")
            time.sleep(0.001)

    def through(self):
        return sum(len(record[direction]) for record in self.proxy.records for direction in record)

    def lost(self):
        self.main.find("^lost noconnection noconnection once$", 20)

    def finish(self):
        """What came was in order, and what was sent last came. Nothing is left of all the rest."""
        self.stop()
        self.main.find("^here #t .*", 60)
        self.main.expect_match("there #t .*", seconds=60)
        for node in (self.main, self.other):
            self.settle(node)
        if self.main.out.next(0.1) is not None:
            raise self.main.failure("had more to say")

    def stop(self):
        open(os.path.join(self.cluster.folder, "stop"), "w").close()

    def settle(self, node):
        """Without any loss it needs up to 200 MB: what is written, read, and garbage at that moment. Main may have ended."""
        most, limit = 400 << 20 if self.cluster.factor == 1 else 1 << 30, self.cluster.deadline(10)
        while node.running() and (node.memory() > most or node.descriptors() > self.descriptors + 2):
            if time.monotonic() > limit:
                raise node.failure("%d MB, %d descriptors after the end" % (node.memory() >> 20, node.descriptors()))
            time.sleep(0.1)


def cut(cluster, how, rounds=24):
    line = Line(cluster)
    rng = random.Random(how)
    for _ in range(rounds if cluster.factor == 1 else 4):
        line.wait_for_bytes(rng)
        getattr(line.proxy, how)()
        line.lost()
    line.finish()


def test_cut(cluster):
    cut(cluster, "drop")


def test_reset(cluster):
    cut(cluster, "reset")


def test_silence(cluster):
    """Nothing goes through any more: in one direction, in the other one, in both."""
    line = Line(cluster, tick=SHORT_T)
    rng = random.Random(1)
    for directions in ((TO_TARGET,), (TO_DIALLER,), (TO_TARGET, TO_DIALLER)):
        line.wait_for_bytes(rng)
        for direction in directions:
            line.proxy.plans[direction].open.clear()
        line.lost()
        line.proxy.drop()
        for direction in directions:
            line.proxy.plans[direction].open.set()
    line.finish()


def test_receiver_is_killed(cluster):
    """41 and 12 in the middle of a message: a new run takes the place of the one that was killed."""
    line = Line(cluster)
    rng = random.Random(2)
    host_port = line.other.host_port
    for _ in range(4):  # the sender that was there dies the first time
        line.wait_for_bytes(rng)
        line.other.kill()
        line.proxy.drop()
        line.main.find("^lost noconnection noconnection once$", 20)
        line.other = cluster.start("severed", serve=host_port, options=line.options, name="other")
        line.other.ready()
    line.stop()
    line.main.find("^here #f .* none", 60)
    line.main.expect_match("there #t .*", seconds=60)
    line.settle(line.main)
    line.settle(line.other)


def test_sender_is_killed(cluster):
    """What the dead run was sending, and what was being sent to it, goes; its successor is served."""
    line = Line(cluster, "mortal")
    rng = random.Random(3)
    for _ in range(4):
        line.wait_for_bytes(rng)
        line.main.kill()
        line.proxy.drop()
        line.main = line.begin()
    line.wait_for_bytes(rng)
    line.stop()
    line.main.find("^here #t .*", 60)
    line.main.expect_match("there #t .*", seconds=60)
    line.settle(line.main)
    line.settle(line.other)
