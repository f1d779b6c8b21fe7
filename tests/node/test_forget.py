"""Nodes that come and go: whoever has gone is forgotten in the end, unless something still refers to him."""

import os
import threading

from harness.cluster import Failure
from harness.marks import alone, usual_limits
from harness.protocol import Closed, NodeIdentity, Refused, connect
from harness.values import Pid
from harness.victim import Victim, many

REMEMBERED = 1024  # FORGET_REMEMBERED


class Acquainted(Victim):
    program = "acquaintances"

    def __init__(self, cluster):
        """Its heap has grown to what its answers take before anybody measures it."""
        super().__init__(cluster)
        self.ask(True)
        self.memory = self.node.memory()

    def ask(self, what):
        session = connect(self.node)
        try:
            return session.call("ask", what, self.cluster.patient(60))
        finally:
            session.close()


def meet(victim, count, names=0, first=0):
    """So many runs come, one after the other, are served and go; each names others, whom nobody has ever met. The
    addresses where they say that they listen are all different."""
    def come(i):
        n = first + i
        me = NodeIdentity("10.%d.%d.%d" % (n >> 16, n >> 8 & 255, n & 255), 1 + n % 1000)
        try:
            session = connect(victim.node, me)
        except (Closed, Refused, OSError):
            return come(i)  # too many newcomers from one address at this moment
        strangers = [Pid(os.urandom(16), 1, os.urandom(16)) for _ in range(names)]
        try:
            if session.call("echo", strangers, victim.cluster.patient(20)) != strangers:
                raise Failure("the echo is not what was sent")
        finally:
            session.close()

    errors = many(count, come, threads=4)
    if errors:
        raise victim.node.failure("%d were not served: %r" % (len(errors), errors[0]))


@usual_limits
@alone
def test_memory(cluster):
    """What is remembered of others has a bound, however many come and whatever they tell. A look leaves FORGET_REMEMBERED
    and what the last collections have not found, which is less than two rounds: each ends with one. The next look is at
    twice as many. The second half of the rounds needs no more memory than the first."""
    victim = Acquainted(cluster)
    count, half = (128, 10) if cluster.factor == 1 else (60, 5)
    names = 24
    most_runs = 2 * (2 * count * (names + 1) + REMEMBERED)
    most_peers = REMEMBERED + most_runs // (names + 1) + 2 * count
    seen, memory = [], []
    for i in range(2 * half):
        meet(victim, count, names=names, first=i * count)
        seen.append(victim.ask(True))
        memory.append(victim.node.memory())
    if any(peers > most_peers or runs > most_runs for peers, runs in seen):
        raise Failure("peers and runs after each round: %r, expected at most %d and %d" % (seen, most_peers, most_runs))
    victim.memory = max(memory[:half])
    victim.sound(memory_mb=8, what="(bytes after each round: %r)" % memory)


@alone
def test_kept_pid(cluster):
    """A pid that somebody keeps is still one of a run that is lost, after thousands of others; once nobody keeps
    it, the run can come back as it was never met."""
    victim = Acquainted(cluster)
    friend = NodeIdentity()
    session = connect(victim.node, friend)
    mine = session.pid()
    session.send_name("keep", mine)
    session.call("echo", 1)
    session.close()
    meet(victim, 3 * REMEMBERED if cluster.factor == 1 else 100)
    if victim.ask(False) != ["noconnection"]:
        raise Failure("the kept pid has not become one of a lost run")
    meet(victim, 3 * REMEMBERED if cluster.factor == 1 else 100)
    victim.ask(True)
    again = connect(victim.node, friend)
    again.send_name("keep", mine)
    if again.call("echo", 2) != 2:
        raise Failure("who was forgotten is not served")
    asked = []
    asking = threading.Thread(target=lambda: asked.append(victim.ask(False)))
    asking.start()
    if again.next_send() != (mine.serial, "hello"):
        raise Failure("a kept pid does not reach its run that is back")
    again.close()
    asking.join()
    if asked != [["noconnection"]]:
        raise Failure("a monitor of a run that was back said %r" % asked)
    victim.sound()
