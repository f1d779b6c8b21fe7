"""Messages with bytes that no node writes: each is refused, counted and answered at most; the node goes on."""

import os
import pathlib
import random

from harness.cluster import Failure
from harness.marks import heavy, usual_limits
from harness.protocol import NodeIdentity, connect, counted
from harness.values import BIG, BYTEVECTOR, CLOSURE, CONTINUATION, INTEGERS, LIST, RECORD, REF, STRING, SYMBOL, VECTOR, Encoder, Sym, varint
from harness.victim import Victim
from harness.zstd import compress

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "wire"
MILLION = 1000000


class Attacker:
    """Sends values in raw form to a service, and notices when the node has had enough of it."""

    def __init__(self, victim):
        self.victim, self.session, self.lost = victim, None, 0
        self.connect()

    def connect(self):
        self.session = connect(self.victim.node, NodeIdentity())

    def send(self, encoded, service="print"):
        """`encoded`: with the byte of flags in front."""
        if self.session.ended.is_set():
            self.lost += 1
            self.session.close()
            self.connect()
        try:
            self.session.send("SEND_NAME", counted(service.encode()) + encoded)
        except Exception:
            pass

    def settle(self):
        """Everything that was sent has been looked at."""
        if not self.session.ended.is_set():
            try:
                self.session.call("echo", 1, self.victim.cluster.patient(30))
            except Exception:
                pass
        self.session.close()


def attack(cluster, values, service="print", memory_mb=24):
    victim = Victim(cluster)
    attacker = Attacker(victim)
    for value in values:
        attacker.send(value, service)
    attacker.settle()
    victim.sound(memory_mb)
    return victim


def test_bad_samples(cluster):
    """All of tests/wire/bad, as messages."""
    attack(cluster, (path.read_bytes()[12:] for path in sorted((SAMPLES / "bad").glob("*.bin"))))


def test_good_samples_cut_and_flipped(cluster):
    """The good samples: cut at every byte, then with a bit changed here and there."""
    rng = random.Random(3)

    def variants():
        for path in sorted((SAMPLES / "good").glob("*.bin")):
            data = path.read_bytes()[12:]
            if len(data) > 4000:
                continue
            yield from (data[:i] for i in range(0, len(data), max(1, len(data) // 60)))
            for _ in range(60):
                at = rng.randrange(len(data))
                yield data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]

    attack(cluster, variants(), "echo")


def test_random_bytes(cluster):
    rng = random.Random(4)
    attack(cluster, (b"\0" + rng.randbytes(rng.randrange(1, 200)) for _ in range(3000)), "echo")


CLAIMS = [bytes([tag]) + varint(n) for tag in (LIST, INTEGERS, VECTOR, STRING, SYMBOL, BYTEVECTOR, BIG, RECORD, 16, 17)
          for n in (1 << 20, 1 << 26, 1 << 31, 1 << 32, (1 << 32) - 1, (1 << 63), (1 << 64) - 1)]


def test_absurd_lengths(cluster):
    """A few bytes that claim to be much: nothing is allocated for the claim."""
    victim = attack(cluster, (b"\0" + claim + b"\x80\x80" for claim in CLAIMS), memory_mb=8)
    overlong = [b"\0" + bytes([VECTOR]) + b"\x80" * n + b"\1" for n in (1, 5, 9, 10, 11, 100)]
    attacker = Attacker(victim)
    for value in overlong:
        attacker.send(value)
    attacker.settle()
    victim.sound(8)


def nested(opening, closing, depth):
    return b"\0" + opening * depth + b"\x90" + closing * depth


@heavy
def test_deep_nesting(cluster):
    """10, 10^4 and 10^6 lists or vectors in each other: decoded without a stack that grows, or refused."""
    one_list, one_vector = bytes([LIST, 1]), bytes([VECTOR, 1])
    values = [nested(one_list, bytes([1, 2]), n) for n in (10, 10000, MILLION)]
    values += [nested(one_vector, b"", n) for n in (10, 10000, MILLION)]
    attack(cluster, values, "call", memory_mb=400)


def test_shared_levels(cluster):
    """Thirty levels, each twice the one below: as small in memory as in bytes; and it goes back as it came."""
    victim = Victim(cluster)
    session = connect(victim.node, NodeIdentity())
    body = b"".join(bytes([VECTOR, 2]) for _ in range(30)) + b"\x90"
    # Vector number k holds vector k + 1 twice; the innermost holds a number and itself not.
    tail = b"".join(bytes([REF]) + varint(k) for k in range(29, 0, -1))
    innermost = b"\x90"
    value = body[:-1] + innermost + innermost + tail
    me = session.pid()
    tag = session.pid(type(me))
    request = bytes([LIST, 3]) + Encoder(session.own, session.peer).value(me) + Encoder(session.own, session.peer).value(tag)
    # Two pids are objects 3 and 4, behind the three pairs of the list; so the vectors begin at 5.
    shifted = body[:-1] + innermost + innermost + b"".join(bytes([REF]) + varint(k + 5) for k in range(29, 0, -1))
    session.send("SEND_NAME", counted(b"echo") + b"\0" + request + shifted + bytes([1, 2]))
    message = session.next(cluster.patient(10))
    if message is None or len(message[1]) > 4 * len(value):
        raise Failure("came back as %s" % (message and len(message[1])))
    session.close()
    victim.sound()


def bombs():
    megabyte = Encoder().value(bytes(MILLION))
    huge = bytes([BYTEVECTOR]) + varint(300 * MILLION) + bytes(300 * MILLION)
    yield "300 MB of zeros", compress(huge)
    yield "no content size", compress(megabyte, content_size=False)
    yield "a window of 2^27", compress(megabyte + bytes(200), window_log=27)
    yield "two frames", compress(megabyte) + compress(megabyte)
    yield "a skippable frame", b"\x50\x2a\x4d\x18" + (100).to_bytes(4, "little") + bytes(100) + compress(megabyte)
    yield "cut", compress(os.urandom(5000))[:2000]
    yield "a frame of nothing", compress(b"")
    yield "bytes behind the value", compress(megabyte + b"\x90")
    size_lies = bytearray(compress(megabyte))
    size_lies[5] ^= 0xFF
    yield "another size than it says", bytes(size_lies)


@heavy
def test_zstd_bombs(cluster):
    victim = Victim(cluster)
    for name, bomb in bombs():
        attacker = Attacker(victim)
        attacker.send(b"\1" + bomb)
        attacker.settle()
        victim.sound(24, name)


@heavy
def test_counts_are_compared_first(cluster):
    """Few bytes that unfold into a value of many parts: refused with nothing but its bytes unfolded."""
    victim = Victim(cluster)
    for tag in (LIST, INTEGERS, VECTOR):
        attacker = Attacker(victim)
        attacker.send(b"\1" + compress(bytes([tag]) + varint(200 * MILLION) + bytes([0x90]) * (200 * MILLION) + b"\1\2"))
        attacker.settle()
    victim.sound(24)
    if victim.node.peak_memory() > victim.memory + 700 * (1 << 20):
        raise victim.node.failure("took %d MB" % (victim.node.peak_memory() >> 20))


@heavy
def test_many_symbols(cluster):
    """Half a million symbols that nobody knows: collected again."""
    victim = Victim(cluster)
    attacker = Attacker(victim)
    for start in range(0, MILLION // 2, 1000):
        names = [Sym("stranger-%d" % i) for i in range(start, start + 1000)]
        attacker.send(b"\0" + Encoder().value(names), "call")
    attacker.settle()
    victim.sound(64)


def code(id_bytes, kind, slots):
    return varint(0) + id_bytes + bytes([kind]) + varint(slots) + counted(b"frob")


@usual_limits
def test_unknown_code(cluster):
    """Closures and continuations of programs that nobody knows; the connection stays, the next message arrives."""
    victim = Victim(cluster)
    session = connect(victim.node, NodeIdentity())
    for i in range(200):
        session.send("SEND_NAME", counted(b"call") + b"\0" + bytes([CLOSURE]) + code(os.urandom(16), 1, i % 5) + b"\x90" * (i % 5))
        session.send("SEND_NAME", counted(b"call") + b"\0" + bytes([CONTINUATION, 0, 1, 0]) + code(os.urandom(16), 3, 1) + b"\x90")
    if session.call("echo", "next", cluster.patient(10)) != "next":
        raise Failure("the next message did not arrive")
    session.close()
    victim.sound()
