"""A TCP proxy on loopback between two nodes: it records, delays, cuts, flips and holds back what goes through.

Nodes refuse to talk over one, unless they use TLS: their AUTHs are bound to the two ends of the connection. One that
knows the cookie makes AUTHs of its own in place of theirs; the frames behind these are none of its business."""

import socket
import threading
import time

from .protocol import auth_of, refusal_of

TO_TARGET, TO_DIALLER = "to target", "to dialler"


class Plan:
    """What a proxy does to one direction of its connections. Offsets count from the begin of the connection."""

    def __init__(self):
        self.delay_s = 0.0      # each piece comes so much later
        self.cut_at = None      # both sockets are closed before this byte
        self.flips = {}         # offset -> bits to change
        self.piece_bytes = 65536
        self.open = threading.Event()  # cleared: nothing goes through
        self.open.set()


class Signer:
    """Puts right AUTHs in place of those that go through one connection: `ends` are those of the part where they go."""

    def __init__(self, cookie):
        self.cookie, self.hellos = cookie, {}

    def pass_on(self, direction, ends):
        """A coroutine: bytes in, bytes out. TLS, a refusal, and all behind the AUTH stay as they are."""
        pending, out, hello = b"", b"", None
        while True:
            pending += yield out
            out = b""
            if hello is None and pending[:1] == b"T" and len(pending) >= 6 + int.from_bytes(pending[4:6], "little"):
                end = 6 + int.from_bytes(pending[4:6], "little")
                out = hello = self.hellos[direction] = pending[:end]
                pending = pending[end:]
            if hello and pending[:1] == b"A" and len(pending) >= 33:
                out += auth_of(self.cookie, direction == TO_DIALLER, (self.hellos[TO_TARGET], self.hellos[TO_DIALLER]), ends)
                pending = pending[33:]
                break
            if hello and pending[:1] == b"R" and len(pending) >= 34:
                hellos = (self.hellos[TO_TARGET], self.hellos[TO_DIALLER])
                out += pending[:2] + refusal_of(self.cookie, pending[1], hellos, ends)
                pending = pending[34:]
                break
            if pending and pending[0] not in (b"AR" if hello else b"T"):
                break
        while True:
            out += pending
            pending = yield out
            out = b""


def as_it_is():
    data = yield b""
    while True:
        data = yield data


class Proxy:
    def __init__(self, target, cookie=None):
        self.target, self.cookie = target, cookie
        self.plans = {TO_TARGET: Plan(), TO_DIALLER: Plan()}
        self.records = []  # per connection: {direction: bytearray}
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def host_port(self):
        return "%s:%d" % self.address

    def close(self):
        self.listener.close()
        self.drop()

    def drop(self):
        """Ends all connections."""
        for sock in self.sockets:
            _shut(sock)

    def reset(self):
        """Ends all connections as a host does that knows nothing of them: RST."""
        for sock in self.sockets:
            try:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                sock.close()
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                dialler, _ = self.listener.accept()
            except OSError:
                if self.listener.fileno() < 0:
                    return
                continue
            try:
                self._join(dialler, socket.create_connection(self.target, timeout=60))
            except OSError:
                dialler.close()

    def _join(self, dialler, target):
        """Passes on what comes from either. OSError: one of them has gone already, and the other is closed too."""
        try:
            target.settimeout(None)
            for sock in (dialler, target):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ends = {TO_TARGET: (target.getsockname(), target.getpeername()), TO_DIALLER: (dialler.getpeername(), dialler.getsockname())}
        except OSError:
            target.close()
            raise
        record = {TO_TARGET: bytearray(), TO_DIALLER: bytearray()}
        self.records.append(record)
        self.sockets += [dialler, target]
        signer = Signer(self.cookie)
        for source, sink, direction in ((dialler, target, TO_TARGET), (target, dialler, TO_DIALLER)):
            change = signer.pass_on(direction, ends[direction]) if self.cookie else as_it_is()
            next(change)
            threading.Thread(target=self._pump, args=(source, sink, change, self.plans[direction], record[direction]), daemon=True).start()

    def _pump(self, source, sink, change, plan, record):
        try:
            while True:
                data = source.recv(plan.piece_bytes)
                if not data:
                    break
                data = bytearray(change.send(data))
                if not data:
                    continue
                plan.open.wait()
                if plan.delay_s:
                    time.sleep(plan.delay_s)
                for offset, bits in plan.flips.items():
                    if 0 <= offset - len(record) < len(data):
                        data[offset - len(record)] ^= bits
                room = None if plan.cut_at is None else plan.cut_at - len(record)
                record += data
                sink.sendall(data if room is None else data[:max(0, room)])
                if room is not None and len(data) >= room:
                    break
        except OSError:
            pass
        _shut(source)
        _shut(sink)


def _shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
