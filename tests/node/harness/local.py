"""Unix-domain sockets between nodes of one user (rt/node/PROTOCOL.md): their names, and who is at their ends."""

import os
import socket
import struct
import subprocess
import sys
import threading

from .cluster import Failure, Skip
from .protocol import INITIATOR, Link, packed


def name_of(address, uid=None):
    return b"\0termite-node %d %s %d" % (os.geteuid() if uid is None else uid, address[0].encode(), address[1])


def ends_of(initiator, acceptor, address):
    """What an AUTH is bound to: the ids of both processes, and where the acceptor listens."""
    return b"unix" + struct.pack("<II", initiator, acceptor) + bytes(6) + packed(address)


class LocalLink(Link):
    """A Link over the socket of a node that listens at `address`."""

    tagged = False

    @classmethod
    def dial_node(cls, address, identity=None, seconds=600):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(seconds)
        sock.connect(name_of(address))
        link = cls(sock, identity)
        link.address = address
        return link

    def ends(self):
        other = struct.unpack("iii", self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        both = (os.getpid(), other) if self.role == INITIATOR else (other, os.getpid())
        return ends_of(*both, self.address)


BECOMES = """
import os, socket, sys
os.setgroups([])
os.setgid(%d)
os.setuid(%d)
"""
LISTENS = """
sock = socket.socket(socket.AF_UNIX)
sock.bind(bytes.fromhex(sys.argv[1]))
sock.listen()
while True:
    print("listens", flush=True)
    conn, _ = sock.accept()
    n = 0
    while data := conn.recv(4096):
        n += len(data)
    print("got", n, flush=True)
    conn.close()
"""
CONNECTS = """
n = 0
for _ in range(100):
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(bytes.fromhex(sys.argv[1]))
    try:
        sock.sendall(bytes.fromhex(sys.argv[2]))
        n += len(sock.recv(4096))
    except ConnectionError:
        pass
    sock.close()
print("heard", n, flush=True)
"""


class OtherUser:
    """A process of the user `uid` that runs one of the programs above, and what it prints."""

    def __init__(self, cluster, program, uid, *arguments):
        if os.geteuid() != 0:
            raise Skip("only root can be another user")
        self.process = subprocess.Popen([sys.executable, "-c", BECOMES % (uid, uid) + program, *(a.hex() for a in arguments)],
                                        stdout=subprocess.PIPE, text=True)
        cluster.at_end(self.close)

    def expect(self, line):
        got = self.process.stdout.readline().strip()
        if got != line:
            raise Failure("the other user printed %r, expected %r" % (got, line))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Namesake:
    """Somebody of this user who has the name of a node that is not there yet. `serve` is called with each connection."""

    def __init__(self, cluster, address, serve):
        self.serve, self.served, self.open = serve, 0, []
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.bind(name_of(address))
        self.sock.listen()
        cluster.at_end(self.close)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            self.served += 1
            self.open.append(sock)
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def close(self):
        for sock in [self.sock, *self.open]:
            try:
                sock.shutdown(socket.SHUT_RDWR)  # wakes who waits
            except OSError:
                pass
            sock.close()
