"""The node that is attacked, and what must still be true of it afterwards."""

import gc
import re
import threading
import time

from .cluster import Failure
from .load import LOAD
from .protocol import Closed, connect

HANDSHAKE_S = 5


class Victim:
    """A node that runs prog/victim.scm, or another program with the service `echo`. `sound` looks whether an attack has left anything behind."""

    program = "victim"

    def __init__(self, cluster, *options, **keywords):
        self.cluster = cluster
        self.node = cluster.serve(self.program, options=options, **keywords)
        self.address = self.node.ready()
        self.greet()
        self.memory, self.descriptors = self.node.memory(), self._at_rest(self.node.descriptors)

    def _at_rest(self, figure):
        """What it is when it has not changed for a while: the node has noticed that its guest has gone."""
        while True:
            before = figure()
            time.sleep(0.1 * self.cluster.factor)
            if figure() == before:
                return before

    def greet(self):
        """A stranger with the right cookie comes, is served, and goes."""
        session = self._arrive()
        try:
            for x in (1, "text", [1, 2, 3]):
                if session.call("echo", x, self.cluster.patient(5)) != x:
                    raise Failure("the echo is not what was sent")
        finally:
            session.close()

    def _arrive(self):
        """A session. Who needs longer than the 5 seconds that a handshake may take is sent away, rightly, and comes again."""
        deadline = self.cluster.deadline(10)
        while True:
            start = time.monotonic()
            try:
                return connect(self.node)
            except Closed:
                if time.monotonic() - start < HANDSHAKE_S or time.monotonic() > deadline:
                    raise

    def sound(self, memory_mb=24, what="", sessions=0):
        """It runs, serves, and needs no more than before, but for so many sessions that the test still has."""
        if not self.node.running():
            raise self.node.failure("ended during the attack " + what)
        try:
            self.greet()
        except Exception as error:
            raise self.node.failure("does not serve after the attack %s: %r" % (what, error)) from error
        self._settles("descriptors", self.node.descriptors, self.descriptors + sessions, what)
        self._settles("memory", self.node.memory, self.memory + int(memory_mb * self.cluster.factor) * (1 << 20), what)

    def _settles(self, name, figure, limit, what):
        deadline = self.cluster.deadline(8)
        while figure() > limit:
            if time.monotonic() > deadline:
                raise self.node.failure("%s: %d after the attack %s, expected at most %d" % (name, figure(), what, limit))
            time.sleep(0.05)


class Bystander:
    """A real node that goes on being served during an attack; `check` says whether it was."""

    def __init__(self, cluster, victim, limit_s=1.0):
        self.limit_ms = cluster.scaled(limit_s) * 1000
        self.node = cluster.main("bystander", *victim.address, cluster.patient(10))
        self.node.find(r"^\d+ calls$")
        self.start = time.monotonic()

    def check(self):
        self.node.find(r"^\d+ calls$")  # still, after the attack
        lost_ms = LOAD.lost(self.start) * 1000
        for line in self.node.out.all:
            late = re.fullmatch(r"late (\d+)", line)
            if "missing" in line or (late and int(late.group(1)) > self.limit_ms + lost_ms):
                raise self.node.failure("a bystander was not served (%d ms lost to others)" % lost_ms)
        self.node.kill()


def many(count, function, threads=16):
    """Runs function(i) for all i below count, some at a time; the errors that they raised."""
    errors, numbers, lock = [], iter(range(count)), threading.Lock()

    def work():
        while True:
            with lock:
                i = next(numbers, None)
            if i is None:
                return
            try:
                function(i)
            except Exception as error:
                errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    gc.collect()
    return errors
