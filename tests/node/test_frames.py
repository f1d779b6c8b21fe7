"""What a peer with the right cookie can say that no node would: the connection ends, or the frame is dropped; the
node goes on. Fault list B."""

import os
import random
import time

from harness.cluster import Failure
from harness.load import Timer
from harness.marks import heavy, usual_limits
from harness.protocol import (ABORTED, FIRST, FRAMES, LAST, NAMES, Closed, NodeIdentity, connect, counted, far,
                              frame, fragments)
from harness.junk import plausible
from harness.values import Pid, Sym, Tag, varint
from harness.victim import Victim

LINK_LAYER = ("TICK", "CREDIT", "FRAGMENT", "GOODBYE", "PROBE", "PROBED")
BODY_MAX = 81920
MESSAGE_MAX = 256 << 20



def session_with(victim):
    return connect(victim.node, NodeIdentity())


def expect_cut(victim, what, *parts):
    """The connection ends with protocol-error after these bytes."""
    session = session_with(victim)
    try:
        for part in parts:
            session.send_bytes(part)
    except Closed:
        pass
    if not session.is_closed(victim.cluster.patient(5)):
        raise Failure("%s: the connection stays" % what)
    if session.goodbye not in ("PROTOCOL_ERROR", None):
        raise Failure("%s: the goodbye is %s" % (what, session.goodbye))
    session.close()


def expect_kept(victim, what, *parts):
    """The connection stays after these bytes, and serves."""
    session = session_with(victim)
    for part in parts:
        session.send_bytes(part)
    try:
        answer = session.call("echo", "kept", victim.cluster.patient(10))
    except Closed as error:
        raise Failure("%s: the connection has ended: %s" % (what, error)) from None
    if answer != "kept":
        raise Failure("%s: not served" % what)
    session.close()


def test_unknown_types(cluster):
    victim = Victim(cluster)
    for kind in sorted(set(range(256)) - set(NAMES)):
        expect_cut(victim, "type %d" % kind, frame(kind, b"abc"))
    victim.sound()


def test_bad_lengths(cluster):
    victim = Victim(cluster)
    for n in (BODY_MAX + 1, 1 << 20, (1 << 24) - 1):
        expect_cut(victim, "a body of %d bytes" % n, bytes([FRAMES["SEND"]]) + n.to_bytes(3, "little") + bytes(100))
    for kind in FRAMES:
        session = session_with(victim)
        session.send_bytes(frame(kind, b""))
        session.close()
    victim.sound()


def test_random_bodies(cluster):
    """Each type with random bodies, and with what its fields would be but wrong."""
    victim = Victim(cluster)
    rng = random.Random(5)
    for kind in FRAMES:
        for _ in range(25):
            session = session_with(victim)
            try:
                for _ in range(4):
                    session.send_bytes(frame(kind, rng.randbytes(rng.choice((1, 2, 17, 40, 300)))))
            except Closed:
                pass
            session.close()
    victim.sound()


def test_varints(cluster):
    """Numbers that are too long, too large, or not in their shortest form."""
    victim = Victim(cluster)
    for bad in (b"\x80\x00", b"\xff" * 9 + b"\x02", b"\xff" * 20, b"\x80"):
        for kind in ("PROBE", "CREDIT", "TICK"):
            expect_cut(victim, "%s with %s" % (kind, bad.hex()), frame(kind, bad))
    victim.sound()


SEND = FRAMES["SEND_NAME"]


def fragment(stream, flags, rest=b""):
    return frame("FRAGMENT", varint(stream) + bytes([flags]) + rest)


def opening(stream, size, data=b"", kind=SEND, flags=FIRST):
    return fragment(stream, flags, bytes([kind]) + varint(size) + data)


BAD_FRAGMENTS = [
    ("the middle of nothing", [fragment(1, 0, b"abc")]),
    ("the end of nothing", [fragment(1, LAST, b"abc")]),
    ("the abortion of nothing", [fragment(1, ABORTED)]),
    ("a stream twice", [opening(1, 100000, b"a"), opening(1, 100000, b"a")]),
    ("a number again", [opening(1, 100000, b"a"), fragment(1, ABORTED), opening(1, 100000, b"a")]),
    ("number 0", [opening(0, 100000, b"a")]),
    ("number 2 first", [opening(2, 100000, b"a")]),
    ("unknown flags", [opening(1, 100000, b"a", flags=FIRST | 8)]),
    ("aborted with bytes", [opening(1, 100000, b"a"), fragment(1, ABORTED, b"abc")]),
    ("more than it said", [opening(1, 10, b"a" * 100)]),
    ("less than it said", [opening(1, 100000, b"a", flags=FIRST | LAST)]),
    ("size 2^63", [opening(1, 1 << 63, b"a")]),
    ("size 2^64 - 1", [opening(1, (1 << 64) - 1, b"a")]),
    ("one byte too many", [opening(1, MESSAGE_MAX + 1, b"a")]),
    ("fragments of a tick", [opening(1, 100000, b"a", FRAMES["TICK"])]),
    ("fragments of fragments", [opening(1, 100000, b"a", FRAMES["FRAGMENT"])]),
    ("fragments of an unknown type", [opening(1, 100000, b"a", 99)]),
    ("1025 streams", [b"".join(opening(n, 100000, b"a") for n in range(1, 1026))]),
    ("three streams of 256 MiB", [b"".join(opening(n, MESSAGE_MAX, b"a") for n in range(1, 4))]),
]


def test_bad_fragments(cluster):
    victim = Victim(cluster)
    for what, parts in BAD_FRAGMENTS:
        expect_cut(victim, what, *parts)
    victim.sound()


@usual_limits
def test_fragments_interleaved(cluster):
    """A hundred messages in pieces at once, one of them aborted, one never finished: the others arrive whole."""
    victim = Victim(cluster)
    session = session_with(victim)
    me, tags = session.pid(), {}
    pieces = []
    for stream in range(1, 101):
        tag = session.pid(Tag)
        tags[tag.key()] = stream
        body = counted(b"echo") + session.value([me, tag, bytes([stream]) * 3000])
        pieces.append(list(fragments(SEND, body, stream, piece_bytes=1000)))
    for round_number in range(len(pieces[0])):
        for stream, mine in enumerate(pieces, 1):
            if stream == 50 and round_number == 2:
                session.send_bytes(fragment(50, ABORTED))
            elif not (stream == 50 and round_number > 2) and not (stream == 51 and mine[round_number] is mine[-1]):
                session.send_bytes(frame("FRAGMENT", mine[round_number]))
    missing = set(range(1, 101)) - {50, 51}
    while missing:
        _, (tag, data) = session.next_send(cluster.patient(10))
        stream = tags[tag.key()]
        if data != bytes([stream]) * 3000:
            raise Failure("message %d is damaged" % stream)
        missing.remove(stream)
    if session.next(0.3) is not None:
        raise Failure("a message that was never whole was delivered")
    session.close()
    victim.sound()


@heavy
def test_unfinished_messages(cluster):
    """Messages that begin and never end are freed with their connection: all of them are 72 MB."""
    victim = Victim(cluster)
    for _ in range(20):
        session = session_with(victim)
        size = 64 << 20
        session.send_bytes(opening(1, size, bytes(60000)))
        for _ in range(60):
            session.send_bytes(fragment(1, 0, bytes(60000)))
        session.close()
    victim.sound(32)


def test_credit(cluster):
    """More credit than was used, and senders who do not wait for any."""
    victim = Victim(cluster)
    for amount in (1, 1 << 22, 1 << 32, (1 << 63), (1 << 64) - 1):
        expect_cut(victim, "credit of %d" % amount, frame("CREDIT", varint(amount)))
    # Who takes no answers: the node's own sender waits, not the node.
    greedy = session_with(victim)
    greedy.answers = False
    me, tag = greedy.pid(), greedy.pid(Tag)
    request = greedy.value([me, tag, bytes(30000)])
    try:
        for _ in range(400):
            greedy.send("SEND_NAME", counted(b"echo") + request)
    except Closed:
        pass
    greedy.close()
    victim.sound(40)


def forged_pids(session):
    """Frames about processes that the sender cannot know of."""
    for serial in (0, 1, 2, 3, 10, 1 << 40, (1 << 56) - 1, (1 << 64) - 1):
        body = varint(serial) + bytes(16)
        yield "SEND", body + session.value("forged")
        yield "TERMINATE", body + session.value(Sym("killed"))
        yield "WATCH", varint(serial + 1) + b"\1" + body + far(session.pid())
        yield "TELL", varint(serial + 2) + b"\0" + far(session.pid()) + body
        yield "TELL", varint(serial + 3) + b"\1" + far(session.pid()) + body + far(session.pid())


def test_forged_pids(cluster):
    victim = Victim(cluster)
    session = session_with(victim)
    for kind, body in forged_pids(session):
        try:
            session.send(kind, body)
        except Closed:
            session.close()
            session = session_with(victim)
    session.close()
    victim.sound()
    if victim.node.out.all:
        raise Failure("a forged message was delivered: %s" % victim.node.out.all)


@usual_limits
def test_guessed_codes(cluster):
    """The number of a process is easily guessed, its code is not: not one of 2^15 guesses is taken."""
    victim = Victim(cluster)
    session = session_with(victim)
    rng = random.Random(6)
    message = session.value("guessed")
    for start in range(0, 1 << 15, 256):
        session.send_bytes(b"".join(frame("SEND", varint(rng.randrange(1, 30)) + rng.randbytes(16) + message) for _ in range(256)))
    if session.call("echo", 1, cluster.patient(20)) != 1:
        raise Failure("not served")
    session.close()
    if victim.node.out.all:
        raise Failure("a guess was right: %s" % victim.node.out.all)
    victim.sound()


def test_other_nodes_pid(cluster):
    """A pid of a third node can be carried in a message; it comes back as it was."""
    victim = Victim(cluster)
    session = session_with(victim)
    stranger = Pid(bytes(range(16)), 77, bytes(range(16, 32)))
    if session.call("echo", [stranger, session.pid(), stranger])[0] != stranger:
        raise Failure("the pid changed on the way")
    session.close()
    victim.sound()


def test_structured_junk(cluster):
    """Every type with bodies that have its fields, and nonsense in them: answers to nothing, moves that nobody makes,
    links that nobody has. Dropped, or the end of that connection: never of the node, never of a process."""
    victim = Victim(cluster)
    rng = random.Random(7)
    for kind in sorted(set(FRAMES) - set(LINK_LAYER)):
        session = session_with(victim)
        for _ in range(60):
            try:
                session.send(kind, plausible(rng, session, kind))
            except Closed:
                session.close()
                session = session_with(victim)
        session.close()
    victim.sound()
    if victim.node.out.all:
        raise Failure("something was delivered: %s" % victim.node.out.all)


def test_junk_requests(cluster):
    """Requests and spawns of things that cannot be run, and services that do not exist."""
    victim = Victim(cluster)
    junk = [[], "text", 5, [Sym("no-such-thing")], [[]], (1, 2), [Sym("ping"), 1, 2, 3], [Sym("resolve"), 5], Sym("x"), 1.5, b"\0"]
    for i, value in enumerate(junk):
        session = session_with(victim)
        try:
            session.send("ASK", varint(i) + far(session.pid()) + session.value(value))
            session.send("SPAWN", varint(i + 100) + b"\0" + varint(0) + far(session.pid()) + session.value(value))
            session.send("SPAWN", varint(i + 200) + b"\1" + varint(2 * i + 2) + far(session.pid()) + session.value([value, []]))
            session.send_name("no such service", value)
            session.send_name("", value)
            session.send_name("echo" * 10000, value)
        except Closed:
            pass
        session.close()
    victim.sound()


def test_floods(cluster):
    """Frames that cost the sender nothing and must not pile up: probes, ticks, watches, forgets, aborted streams."""
    victim = Victim(cluster)
    floods = [
        lambda i: frame("PROBE", varint(i + 1)),
        lambda i: frame("TICK", varint(i)),
        lambda i: frame("FORGET", b"\0" + varint(i)),
        lambda i: opening(i + 1, 100, b"") + fragment(i + 1, ABORTED),
        lambda i: frame("WATCH", varint(i + 1) + b"\1" + varint(5) + bytes(16) + varint(i + 1) + bytes(16)),
    ]
    for number, flood in enumerate(floods):
        session = session_with(victim)
        session.answers = False
        try:
            for start in range(0, 20000, 200):
                session.send_bytes(b"".join(map(flood, range(start, start + 200))))
        except Closed:
            pass
        session.close()
        victim.sound(24, "flood %d" % number)


@usual_limits
def test_runs_that_nobody_has_met(cluster):
    """More boot ids than there may be of runs that are only named: the node can still be reached by new ones."""
    victim = Victim(cluster)
    session = session_with(victim)
    for start in range(0, 70000, 1000):
        named = [session.pid() for _ in range(1000)]
        for pid in named:
            pid.boot = os.urandom(16)
        session.send_name("echo", named)
    session.close()
    victim.sound(32, "many runs")


def test_goodbyes(cluster):
    """Nothing is delivered that comes behind a goodbye, whatever its reason."""
    victim = Victim(cluster)
    for reason in (0, 1, 2, 3, 4, 31, 32, 255):
        session = session_with(victim)
        behind = frame("SEND_NAME", counted(b"print") + session.value("behind"))
        try:
            session.send_bytes(frame("GOODBYE", bytes([reason])) + behind)
        except Closed:
            pass
        if not session.is_closed(cluster.patient(5)):
            raise Failure("goodbye %d: the connection stays" % reason)
        session.close()
    victim.sound()
    if victim.node.out.all:
        raise Failure("delivered behind a goodbye")


def test_silent_peer(cluster):
    """Who says nothing for T is lost; who ticks is not."""
    tick = cluster.scaled(2)
    victim = Victim(cluster, "net-tick-timeout=%g" % tick)
    silent, ticking = session_with(victim), session_with(victim)
    silent.answers = False
    timer, limit, longest, last = Timer(), cluster.deadline(tick), 0, time.monotonic()
    while not silent.ended.is_set() and time.monotonic() < limit:
        if not ticking.ended.is_set():
            ticking.send("TICK", varint(1))
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        time.sleep(tick / 10)
    longest = max(longest, time.monotonic() - last)
    timer.within(0.7 * tick, 1.6 * tick, "the silent peer was lost")
    if ticking.ended.is_set() and longest < tick / 2:
        raise victim.node.failure("the peer that ticks was lost: %s, %s" % (ticking.goodbye, ticking.error))
    ticking.close()
    silent.close()
    victim.sound()


def test_probe_is_answered(cluster):
    victim = Victim(cluster)
    session = session_with(victim)
    session.send("PROBE", varint(77))
    message = session.next(cluster.patient(5))
    if message != ("PROBED", varint(77)):
        raise Failure("got %r" % (message,))
    session.close()


@usual_limits
def test_large_message_and_small_ones(cluster):
    """While a message of 100 MB is on its way, small ones get answers."""
    victim = Victim(cluster)
    session = session_with(victim)
    session.serials += 1
    body = counted(b"call") + session.value(bytes(100 << 20))
    for i, piece in enumerate(fragments(SEND, body, 1)):
        session.send_bytes(frame("FRAGMENT", piece))
        if i % 200 == 0:
            timer = Timer()
            session.call("echo", i, cluster.patient(5))
            timer.within(0, cluster.scaled(0.5), "a small message was answered")
    session.close()
    victim.sound(400)
