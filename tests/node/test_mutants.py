"""Closures and continuations that a node has really sent, with bytes changed, cut, and exchanged: the decoder
checks every slot of every frame against the code's own description, so whatever it takes can be run."""

import random

from harness.cluster import Failure
from harness.protocol import Closed, Listener, NodeIdentity, connect, read_cookie
from harness.values import CLOSURE, CONTINUATION
from harness.victim import Victim

SHAPES = 11


def recorded(cluster):
    """The bodies of the SPAWN frames of prog/mutants.scm."""
    listener = Listener()
    cluster.at_end(listener.close)
    main = cluster.main("mutants", *listener.address)
    session = listener.accept(read_cookie(cluster.cookie), seconds=cluster.patient(10))
    bodies = []
    while len(bodies) < SHAPES:
        message = session.next(cluster.patient(10))
        if message is None:
            raise Failure("only %d of %d shapes came" % (len(bodies), SHAPES))
        if message[0] == "SPAWN":
            bodies.append(message[1])
    session.close()
    main.kill()
    return bodies


class Target(Victim):
    program = "mutants"


def mutants(rng, bodies, count):
    ids = [body[i + 2:i + 18] for body in bodies for i in range(len(body) - 20)
           if body[i] in (CLOSURE, CONTINUATION) and body[i + 1] == 0]
    for _ in range(count):
        body = bytearray(rng.choice(bodies))
        at = rng.randrange(len(body))
        what = rng.randrange(6)
        if what == 0:
            body[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            body[at] = rng.choice((0, 1, 2, 7, 10, 11, 21, 22, 0x7F, 0x80, 0x81, 0xFF))
        elif what == 2:
            del body[at:at + rng.randrange(1, 4)]
        elif what == 3:
            body[at:at] = rng.choice((b"\0", b"\1\0", b"\x90", b"\x0a\0", b"\x0a\3"))
        elif what == 4:
            other = rng.choice(bodies)
            start = rng.randrange(len(other))
            body[at:at + 20] = other[start:start + 20]
        elif len(body) > 40 and ids:
            body[at:at + 16] = rng.choice(ids)
        yield bytes(body)


def test_changed_code(cluster):
    rng = random.Random(8)
    bodies = recorded(cluster)
    victim = Target(cluster)
    session = connect(victim.node, NodeIdentity())
    for i, body in enumerate(mutants(rng, bodies, 4000)):
        try:
            session.send("SPAWN", body)
        except Closed:
            session.close()
            session = connect(victim.node, NodeIdentity())
        if i % 500 == 499:
            victim.sound(64, "up to mutant %d" % i, sessions=1)
    session.close()
    victim.sound(64)


def test_cut_code(cluster):
    """Each recorded body, cut at every byte."""
    bodies = recorded(cluster)
    victim = Target(cluster)
    session = connect(victim.node, NodeIdentity())
    for body in bodies:
        for n in range(len(body)):
            try:
                session.send("SPAWN", body[:n])
            except Closed:
                session.close()
                session = connect(victim.node, NodeIdentity())
    session.close()
    victim.sound(32)
