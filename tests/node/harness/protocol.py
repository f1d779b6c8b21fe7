"""The protocol of rt/node/PROTOCOL.md, spoken by Python: one end of a connection that can say what no node would.

Written from that page, not from the runtime: so it also tries whether the page is true."""

import base64
import hashlib
import hmac
import ipaddress
import os
import pathlib
import queue
import re
import socket
import struct
import threading

from .cluster import Failure
from .seal import TAG_BYTES, NoSeal, Seal
from .values import Decoder, Encoder, Pid, Reader, Tag, counted, varint

ROOT = pathlib.Path(__file__).resolve().parents[3]
INITIATOR, ACCEPTOR = 0, 1
FRAGMENT_BYTES = 65536
FIRST, LAST, ABORTED = 1, 2, 4


def table(path, macro):
    """{name: number} of a .def table."""
    text = (ROOT / path).read_text()
    return {name: int(number) for name, number in re.findall(r"^%s\((\w+),\s*(\d+)," % macro, text, re.M)}


FRAMES = table("rt/abi/control.def", "CONTROL")
NAMES = {number: name for name, number in FRAMES.items()}
REFUSALS = {number: name for name, number in table("rt/node/net/refusals.def", "REFUSAL").items()}
GOODBYES = {number: name for name, number in table("rt/node/channel/goodbyes.def", "GOODBYE").items()}
USES_CREDIT = set(re.findall(r"^CONTROL\((\w+),\s*\d+,\s*CREDIT\b", (ROOT / "rt/abi/control.def").read_text(), re.M))


def cookie_key(cookie, use):
    """HKDF-SHA256, no salt."""
    extracted = hmac.digest(bytes(32), cookie, hashlib.sha256)
    return hmac.digest(extracted, b"tt2 " + use + b"\x01", hashlib.sha256)


def packed(address):
    """An address (host, port) as the handshake has it."""
    host = ipaddress.ip_address(address[0])
    raw = host.packed if host.version == 6 else bytes(10) + b"\xff\xff" + host.packed
    return raw + struct.pack("<H", address[1])


def proof_of(cookie, role, hellos, ends, behind=b""):
    if not isinstance(ends, bytes):
        ends = b"".join(map(packed, ends)) if ends else bytes(36)
    binding = bytes(32) + ends
    return hmac.digest(cookie_key(cookie, b"hmac"), bytes([role]) + b"".join(hellos) + binding + behind, hashlib.sha256)


def auth_of(cookie, role, hellos, ends):
    """The AUTH of a role. ends: the addresses of initiator and acceptor on loopback; 36 bytes; else None."""
    return b"A" + proof_of(cookie, role, hellos, ends)


def refusal_of(cookie, reason, hellos, ends):
    """What proves an acceptor's refusal."""
    return proof_of(cookie, ACCEPTOR, hellos, ends, b"R" + bytes([reason]))


def seal_of(cookie, role, hellos):
    """What makes the tags of that role's frames."""
    return Seal(hmac.digest(cookie_key(cookie, b"frames"), bytes([role]) + b"".join(hellos), hashlib.sha256))


def read_cookie(path):
    """The secret that a cookie file holds: the bytes of its first line."""
    return base64.b64decode(pathlib.Path(path).read_text().split()[0])


class Closed(Exception):
    """The other side has ended the connection."""


class Refused(Exception):
    """The other side has ended the handshake, and said why."""


class NodeIdentity:
    """What a node says of itself; every field can be set to something else."""

    def __init__(self, host="", port=0, boot_id=None, versions=(2, 2), features=0, digest=bytes(32), extra=b"", tick_timeout_ms=15000):
        self.boot_id, self.tick_timeout_ms = boot_id or os.urandom(16), tick_timeout_ms
        self.host, self.port, self.versions, self.features, self.digest, self.extra = host, port, versions, features, digest, extra

    def hello(self, role, nonce=None):
        body = bytes(self.versions) + struct.pack("<I", self.features) + bytes([role]) + self.boot_id
        body += (nonce or os.urandom(32)) + self.digest + struct.pack("<HI", self.port, self.tick_timeout_ms) + counted(self.host.encode()) + self.extra
        return b"TTN1" + struct.pack("<H", len(body)) + body


def boot_id_of(hello):
    return hello[13:29]


def tick_timeout_of(hello):
    """T of a node, in seconds."""
    return struct.unpack("<I", hello[95:99])[0] / 1000


class Link:
    """A socket, and the handshake on it step by step."""

    tagged = True  # its frames have tags

    def __init__(self, sock, identity=None, role=INITIATOR):
        self.sock, self.identity, self.role = sock, identity or NodeIdentity(), role
        self.own_hello = self.peer_hello = b""
        self.cookie = None
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def dial(cls, address, identity=None, seconds=600):
        return cls(socket.create_connection(address, timeout=seconds), identity)

    def close(self):
        self.sock.close()

    # -- bytes

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed from error

    def receive(self, n):
        data = b""
        while len(data) < n:
            try:
                part = self.sock.recv(n - len(data))
            except ConnectionResetError as error:
                raise Closed from error
            if not part:
                raise Closed(data)
            data += part
        return data

    def is_closed(self, seconds):
        """Whether the other side ends the connection within so long; what it still sends is dropped."""
        self.sock.settimeout(seconds)
        try:
            while self.sock.recv(65536):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True

    # -- steps

    def say_hello(self, **changes):
        self.own_hello = self.identity.hello(changes.pop("role", self.role), **changes)
        self.send(self.own_hello)

    def hear_hello(self):
        head = self._step(b"T")
        head += self.receive(5)
        self.peer_hello = head + self.receive(struct.unpack("<H", head[4:6])[0])
        return self.peer_hello

    def hellos(self):
        """The initiator's, the acceptor's."""
        return (self.own_hello, self.peer_hello) if self.role == INITIATOR else (self.peer_hello, self.own_hello)

    def ends(self):
        """The addresses of initiator and acceptor."""
        both = (self.sock.getsockname()[:2], self.sock.getpeername()[:2])
        return both if self.role == INITIATOR else both[::-1]

    def auth(self, cookie, role=None):
        """The AUTH of a role."""
        return auth_of(cookie, self.role if role is None else role, self.hellos(), self.ends())

    def hear_auth(self, cookie):
        got = self._step(b"A") + self.receive(32)
        if got != self.auth(cookie, 1 - self.role):
            raise Failure("the node's AUTH is wrong")

    def _step(self, wanted):
        first = self.receive(1)
        if first == b"R":
            reason, proof = self.receive(1)[0], self.receive(32)
            if self.cookie is not None and proof != refusal_of(self.cookie, reason, self.hellos(), self.ends()):
                raise Failure("the proof of a refusal is wrong")
        elif first == b"X":
            reason = self.receive(1)[0]
        if first in (b"R", b"X"):
            raise Refused(REFUSALS.get(reason, reason))
        if first != wanted:
            raise Failure("expected a step %r, got %r" % (wanted, first))
        return first

    def shake_hands(self, cookie):
        self.cookie = cookie
        if self.role == INITIATOR:
            self.say_hello()
            self.hear_hello()
            self.send(self.auth(cookie))
            self.hear_auth(cookie)
        else:
            self.hear_hello()
            self.say_hello()
            self.hear_auth(cookie)
            self.send(self.auth(cookie))
        return Session(self, cookie)


def frame(kind, body):
    number = FRAMES[kind] if isinstance(kind, str) else kind
    return bytes([number]) + len(body).to_bytes(3, "little") + body


class Session:
    """A link after the handshake. A thread takes frames off it, answers probes, gives credit back, and keeps the
    messages for `next`; another one ticks by the node's T."""

    def __init__(self, link, cookie):
        self.link, self.own, self.peer = link, link.identity.boot_id, boot_id_of(link.peer_hello)
        self.seal, self.peer_seal = (seal_of(cookie, role, link.hellos()) if link.tagged else NoSeal()
                                     for role in (link.role, 1 - link.role))
        self.serials, self.streams = 0, {}
        self.lock, self.credit = threading.Lock(), threading.Semaphore(0)
        self.messages, self.goodbye, self.answers, self.error = queue.Queue(), None, True, None
        self.ended = threading.Event()
        link.sock.settimeout(None)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.ticker = threading.Thread(target=self._tick, daemon=True)
        self.ticker.start()

    # -- sending

    def send_bytes(self, data):
        """Frames, each of which gets its tag; what is behind the last whole one goes as it is."""
        with self.lock:
            out, at = [], 0
            while len(data) >= at + 4 and len(data) >= (end := at + 4 + int.from_bytes(data[at + 1:at + 4], "little")):
                out += [data[at:end], self.seal.tag(data[at:end])]
                at = end
            self.link.send(b"".join(out) + data[at:])

    def send_raw(self, data):
        """Bytes without a tag."""
        with self.lock:
            self.link.send(data)

    def send(self, kind, body=b""):
        """A message, in fragments when it is long. Credit is not looked at."""
        if len(body) <= FRAGMENT_BYTES:
            self.send_bytes(frame(kind, body))
            return
        self.serials += 1
        for piece in fragments(FRAMES[kind], body, self.serials):
            self.send_bytes(frame("FRAGMENT", piece))

    def value(self, v):
        """As it stands in a frame: not compressed."""
        return b"\0" + Encoder(self.own, self.peer).value(v)

    def send_name(self, service, v):
        self.send("SEND_NAME", counted(service.encode()) + self.value(v))

    def send_pid(self, pid, v):
        self.send("SEND", near(pid) + self.value(v))

    # -- own processes, which are only numbers

    def pid(self, kind=Pid):
        self.serials += 1
        return kind(self.own, self.serials, os.urandom(16))

    # -- receiving

    def next(self, seconds=600):
        """The next message as (name, body); None after so long. Closed when there is none any more."""
        try:
            message = self.messages.get(timeout=seconds)
        except queue.Empty:
            return None
        if message is None:
            self.messages.put(None)
            if self.error:
                raise Failure(self.error)
            raise Closed(self.goodbye)
        return message

    def next_send(self, seconds=600):
        """The next message for one of our processes: (serial, value)."""
        while True:
            message = self.next(seconds)
            if message is None:
                raise Failure("no answer in %g s" % seconds)
            if message[0] == "SEND":
                reader = Reader(message[1])
                serial, _ = reader.varint(), reader.take(16)
                return serial, self.decode(message[1][reader.at:])

    def decode(self, data):
        if data[0] != 0:
            raise Failure("a compressed value: not for this test")
        return Decoder(data[1:], self.peer, self.own).value()

    def call(self, service, request, seconds=600):
        """Sends (me tag request) to a service; what it answers."""
        me, tag = self.pid(), self.pid(Tag)
        self.send_name(service, [me, tag, request])
        while True:
            serial, answer = self.next_send(seconds)
            if serial == me.serial and answer[0] == tag:
                return answer[1]

    def is_closed(self, seconds):
        """Whether the node ends the connection within so long; `goodbye` says why."""
        return self.ended.wait(seconds)

    def close(self):
        self.answers = False
        try:
            self.link.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.reader.join()
        self.ticker.join()  # or what it still writes goes to the connection that gets this descriptor next
        self.link.close()

    # -- the thread

    def _read(self):
        try:
            while True:
                head = self.link.receive(4)
                body = self.link.receive(int.from_bytes(head[1:], "little"))
                if self.link.receive(TAG_BYTES if self.link.tagged else 0) != self.peer_seal.tag(head + body):
                    self.error = "the tag of a frame %s is wrong" % NAMES.get(head[0])
                    break
                self._take(head[0], body)
        except (Closed, OSError, ValueError):
            pass
        finally:
            self.ended.set()
            self.messages.put(None)

    def _tick(self):
        steps = 0
        while not self.ended.wait(tick_timeout_of(self.link.peer_hello) / 4):
            steps += 1
            try:
                if self.answers:
                    self.send_bytes(frame("TICK", varint(steps)))
            except (Closed, OSError):
                return

    def _take(self, kind, body):
        name = NAMES.get(kind, kind)
        if name == "PROBE" and self.answers:
            self.send_bytes(frame("PROBED", body))
        elif name == "GOODBYE":
            self.goodbye = GOODBYES.get(body[0], body[0])
        elif name == "FRAGMENT":
            self._fragment(Reader(body))
        elif name not in ("TICK", "CREDIT", "PROBE"):
            self.messages.put((name, body))
        if name in USES_CREDIT and body and self.answers:
            self.send_bytes(frame("CREDIT", varint(len(body))))

    def _fragment(self, reader):
        stream, flags = reader.varint(), reader.u8()
        if flags & FIRST:
            kind, size = reader.u8(), reader.varint()
            self.streams[stream] = (kind, size, bytearray())
        if flags & ABORTED:
            del self.streams[stream]
            return
        kind, size, body = self.streams[stream]
        body += reader.data[reader.at:]
        if flags & LAST:
            del self.streams[stream]
            self.messages.put((NAMES[kind], bytes(body)))


def near(identity):
    """A process of the receiver, in a frame."""
    return varint(identity.serial) + identity.mac


def far(identity):
    return near(identity)


def fragments(kind, body, stream, size=None, piece_bytes=FRAGMENT_BYTES - 64):
    """The bodies of the FRAGMENT frames of a message."""
    for start in range(0, len(body), piece_bytes):
        piece = body[start:start + piece_bytes]
        flags = (FIRST if start == 0 else 0) | (LAST if start + piece_bytes >= len(body) else 0)
        head = varint(stream) + bytes([flags])
        if flags & FIRST:
            head += bytes([kind]) + varint(len(body) if size is None else size)
        yield head + piece


def connect(node, identity=None, cookie=None, **keywords):
    """A session with a node of the cluster, under its cookie."""
    link = Link.dial(node.ready(), identity, **keywords)
    return link.shake_hands(cookie or read_cookie(node.cluster.cookie))


class Listener:
    """A place where nodes can connect to Python."""

    def __init__(self, host="127.0.0.1"):
        self.sock = socket.create_server((host, 0))
        self.address = self.sock.getsockname()

    def accept(self, cookie, identity=None, seconds=600):
        self.sock.settimeout(seconds)
        sock, _ = self.sock.accept()
        sock.settimeout(seconds)
        link = Link(sock, identity or NodeIdentity(*self.address), ACCEPTOR)
        return link.shake_hands(cookie)

    def close(self):
        self.sock.close()
