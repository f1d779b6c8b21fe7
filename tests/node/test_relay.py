"""Somebody without the cookie between two nodes: he listens where a node dials, and passes its handshake on to another
node; or he is in a session already, and makes, changes, repeats, leaves out or moves frames."""

import os

from harness.cluster import Failure
from harness.protocol import Closed, Link, NodeIdentity, Refused, connect, frame, read_cookie
from harness.proxy import Proxy
from harness.seal import TAG_BYTES
from harness.values import counted
from harness.victim import Victim


def relay_to(cluster, address):
    relay = Proxy(address)
    cluster.at_end(relay.close)
    return relay


def test_relay(cluster):
    """A node that dials the relay is let in by nobody, and lets nobody in: both sides see that they are not connected."""
    victim = Victim(cluster)
    relay = relay_to(cluster, victim.address)
    main = cluster.main("bystander", *relay.address, 1)
    main.complains("auth-failed")
    victim.node.complains("auth-failed")
    main.find("^missing")
    main.kill()
    if any("calls" in line for line in main.out.all):
        raise main.failure("was served through the relay")
    victim.sound()


def test_relay_keeps_nothing(cluster):
    """A dialler that would take any answer: the acceptor is not taken in either."""
    victim = Victim(cluster)
    relay = relay_to(cluster, victim.address)
    try:
        Link.dial(relay.address).shake_hands(read_cookie(cluster.cookie))
        raise Failure("a handshake went through the relay")
    except Refused as reason:
        if str(reason) != "AUTH_FAILED":
            raise Failure("refused with %s" % reason) from None
    victim.sound()


# -- in a session

def saying(session, word):
    """A frame with its tag, as the session would send it next."""
    whole = frame("SEND_NAME", counted(b"print") + session.value(word))
    return whole + session.seal.tag(whole)


def no_tag(session):
    return saying(session, "good") + saying(session, "bad")[:-TAG_BYTES] + bytes(100)


def guessed_tag(session):
    return saying(session, "good") + saying(session, "bad")[:-TAG_BYTES] + os.urandom(TAG_BYTES)


def changed(session):
    return saying(session, "good") + saying(session, "mad").replace(b"mad", b"bad")


def repeated(session):
    return saying(session, "good") + saying(session, "bad") * 2


def left_out(session):
    good, _, bad = (saying(session, word) for word in ("good", "left out", "bad"))
    return good + bad


def moved(session):
    good, second, bad = (saying(session, word) for word in ("good", "bad", "bad"))
    return good + bad + second


def of_another_session(session):
    other = connect(session.node, NodeIdentity())
    good = saying(session, "good")
    other.seal.number = session.seal.number
    bad = saying(other, "bad")
    other.close()
    return good + bad


def of_the_other_side(session):
    good = saying(session, "good")
    session.seal = session.peer_seal
    session.seal.number = 1
    return good + saying(session, "bad")


def fragment_changed(session):
    opening = frame("FRAGMENT", b"\1\3\x11" + b"\x0d" + counted(b"print") + session.value("mad"))
    tag = session.seal.tag(opening)
    return opening.replace(b"mad", b"bad") + tag


ATTACKS = [no_tag, guessed_tag, changed, repeated, left_out, moved, of_another_session, of_the_other_side, fragment_changed]


def test_frames_of_others(cluster):
    """The connection ends, nothing of the frame is taken, and what was right before is."""
    victim = Victim(cluster)
    for attack in ATTACKS:
        session = connect(victim.node, NodeIdentity())
        session.node = victim.node
        try:
            session.send_raw(attack(session))
        except Closed:
            pass
        if not session.is_closed(cluster.patient(5)):
            raise Failure("%s: the connection stays" % attack.__name__)
        if session.goodbye not in ("PROTOCOL_ERROR", None):
            raise Failure("%s: the goodbye is %s" % (attack.__name__, session.goodbye))
        session.close()
    victim.sound()
    printed = [line for line in victim.node.out.all if line != '"good"']
    if printed.count('"bad"') > 1 or set(printed) - {'"bad"'}:
        raise Failure("taken: %s" % printed)
    if victim.node.out.all.count('"good"') != len(ATTACKS) - 1:
        raise Failure("lost what was right: %s" % victim.node.out.all)
