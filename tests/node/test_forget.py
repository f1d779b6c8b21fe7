"""Nodes that come and go: whoever has gone is forgotten in the end, unless something still refers to him."""

import os
import threading

from harness.cluster import Failure
from harness.protocol import Closed, NodeIdentity, Refused, connect
from harness.values import Pid
from harness.victim import Victim, many

REMEMBERED = 1024  # FORGET_REMEMBERED


class Acquainted(Victim):
    program = "acquaintances"

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


def test_memory(cluster):
    """What is remembered of others has a bound, whoever they are and whatever they tell: twice what the last look
    left, and a look after a collection leaves little."""
    victim = Acquainted(cluster)
    count, names = (REMEMBERED, 2) if cluster.factor == 1 else (60, 12)
    met, seen = 0, []
    while not seen or len(seen) < 10 and (seen[-1][0] > 2 * REMEMBERED or met < 6 * count):
        meet(victim, count, names=names, first=met)
        met += count
        seen.append(victim.ask(True))
    peers, runs = seen[-1]
    if peers > 2 * REMEMBERED or runs >= (names + 1) * met:
        raise Failure("of %d who came and %d that they named: %r" % (met, names * met, seen))
    victim.sound()


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
