"""Nodes that talk over TLS: programs as before, what others can read and change, certificates, strangers."""

import os
import shutil
import socket
import ssl
import subprocess
import time

import test_programs
from harness.cluster import Failure, Skip
from harness.load import Timer
from harness.marks import heavy, usual_limits
from harness.protocol import Link, Refused, read_cookie
from harness.proxy import TO_DIALLER, TO_TARGET, Proxy
from harness.victim import Victim, many

ALWAYS = {"TERMITE_TLS": "always"}


def with_tls(test):
    def wrapped(cluster):
        cluster.env.update(ALWAYS)
        test(cluster)
    return wrapped


test_ring = with_tls(test_programs.test_ring)
test_pool_loses_nodes = heavy(with_tls(test_programs.test_pool_loses_nodes))
test_store = with_tls(test_programs.test_store)
test_chat = with_tls(test_programs.test_chat)
test_receiver_moves = heavy(with_tls(test_programs.test_receiver_moves))
test_supervisor = with_tls(test_programs.test_supervisor_goes_to_the_next_node)


# -- on the way

def talk_through_proxy(cluster, word):
    """What goes through the network when somebody says a word to himself in the room."""
    room = cluster.serve("chat")
    proxy = Proxy(room.ready(), read_cookie(cluster.cookie))
    cluster.at_end(proxy.close)
    ann = cluster.main("chat", *proxy.address, "ann", word)
    ann.expect("welcome 0", "(said ann %s)" % word)
    return b"".join(bytes(data) for record in proxy.records for data in record.values())


@usual_limits
def test_nothing_is_readable(cluster):
    if b"abracadabra" not in talk_through_proxy(cluster, "abracadabra"):
        raise Failure("without TLS the word should be on the network")
    cluster.env.update(ALWAYS)
    seen = talk_through_proxy(cluster, "abracadabra")
    for word in (b"abracadabra", b"TTN1", b"welcome"):
        if word in seen:
            raise Failure("%r can be read" % word)
    if not seen.startswith(b"\x16"):
        raise Failure("this is not TLS")


@heavy
def test_changed_on_the_way(cluster):
    """A bit changes, somewhere in the first bytes of each connection: an error, on both sides, never a wrong message."""
    cluster.env.update(ALWAYS)
    room = cluster.serve("chat")
    attempts = []
    for direction in (TO_TARGET, TO_DIALLER):
        for offset in (0, 3, 5, 30, 77, 130, 210, 290, 400, 600, 800):
            proxy = Proxy(room.ready(), read_cookie(cluster.cookie))
            cluster.at_end(proxy.close)
            proxy.plans[direction].flips[offset] = 4
            attempts.append((direction, offset, cluster.main("chat", *proxy.address, "eve", "bye")))
    time.sleep(cluster.scaled(6))
    for direction, offset, eve in attempts:
        for line in eve.out.all:
            if line not in ("welcome %d" % n for n in range(len(attempts) + 1)) and not line.startswith(("(said eve bye)", "(joined eve)", "(left eve")):
                raise eve.failure("printed %r with a change at %s %d" % (line, direction, offset))
        eve.kill()
    ann = cluster.main("chat", *room.ready(), "ann", "bye")
    ann.find(r"^welcome \d+$")
    ann.find(r"^\(said ann bye\)$")
    ann.exit(0)


# -- other secrets

def test_another_cookie(cluster):
    cluster.env.update(ALWAYS)
    room = cluster.serve("chat")
    other = os.path.join(cluster.folder, "other")
    with open(other, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write("b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=\n")
    eve = cluster.main("chat", *room.ready(), "eve", "hi", env={"TERMITE_COOKIE_FILE": other})
    eve.complains("the other side refuses")
    room.complains("the peer has another cookie")
    eve.silent(0.5)
    eve.kill()


def test_two_cookies(cluster):
    """The cookie is being changed: who has the old one, or the new one, can talk to those that know both."""
    cluster.env.update(ALWAYS)
    old = open(cluster.cookie).read().strip()
    new = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU="
    paths = {}
    for name, text in (("both", new + "\n" + old + "\n"), ("new", new + "\n")):
        paths[name] = os.path.join(cluster.folder, name)
        with open(paths[name], "w") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    room = cluster.serve("chat", env={"TERMITE_COOKIE_FILE": paths["both"]})
    for env in ({}, {"TERMITE_COOKIE_FILE": paths["new"]}, {"TERMITE_COOKIE_FILE": paths["both"]}):
        ann = cluster.main("chat", *room.ready(), "ann", "bye", env=env)
        ann.find(r"^welcome \d+$")  # the room need not have seen yet that she left before
        ann.find(r"^\(said ann bye\)$")
        ann.exit(0)


# -- certificates

class Certificates:
    """A CA, and files NAME.pem and NAME.key."""

    def __init__(self, folder):
        if not shutil.which("openssl"):
            raise Skip("needs the program openssl")
        self.folder = folder
        self.run("req", "-x509", *self.new_key("ca"), "-days", "2", "-subj", "/CN=ca", "-out", "ca.pem")
        self.run("req", "-x509", *self.new_key("wrong"), "-days", "2", "-subj", "/CN=wrong", "-out", "wrong.pem")

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @staticmethod
    def new_key(name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key"]

    def issue(self, name, ca="ca", days="2"):
        self.run("req", *self.new_key(name), "-subj", "/CN=" + name, "-out", name + ".csr")
        self.run("x509", "-req", "-in", name + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key", "-CAcreateserial", "-days", days,
                 "-out", name + ".pem")
        os.chmod(self.path(name + ".key"), 0o400)

    def path(self, name):
        return os.path.join(self.folder, name)

    def env(self, name, ca="ca"):
        return {**ALWAYS, "TERMITE_TLS_CERT": self.path(name + ".pem"), "TERMITE_TLS_KEY": self.path(name + ".key"),
                "TERMITE_TLS_CA": self.path(ca + ".pem")}


def test_certificates(cluster):
    files = Certificates(cluster.folder)
    for name in ("one", "two"):
        files.issue(name)
    files.issue("stranger", "wrong")
    room = cluster.serve("chat", env=files.env("one"))
    ann = cluster.main("chat", *room.ready(), "ann", "bye", env=files.env("two"))
    ann.expect("welcome 0", "(said ann bye)")
    ann.exit(0)
    for env, complaint in ((files.env("stranger", "wrong"), "unknown ca"), (ALWAYS, "unknown ca"), ({}, "it does not use TLS")):
        times = room.err.text().count(complaint) + 1
        eve = cluster.main("chat", *room.ready(), "eve", "hi", env=env)
        room.complains(complaint, times=times)
        eve.silent(1)
        eve.kill()
    lost = cluster.start("chat", node="127.0.0.1:0", env=files.env("stranger"))
    lost.exit(78)


def dial_tls(address, certificate=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate + ".pem", certificate + ".key")
    return context.wrap_socket(socket.create_connection(address, timeout=60))


def is_closed_without_a_word(sock):
    try:
        return sock.recv(1) == b""
    except (ssl.SSLError, ConnectionError):
        return True


def test_strangers_with_certificates(cluster):
    """No certificate, one of another CA, one that is too old: refused before any word of ours. And with a good one
    the cookie is still asked for, in this very TLS session."""
    files = Certificates(cluster.folder)
    for name in ("one", "two"):
        files.issue(name)
    files.issue("stranger", "wrong")
    files.issue("old", days="-1")
    cluster.env.update(files.env("one"))
    victim = TlsVictim(cluster)
    for name, complaint in ((None, "did not return a certificate"), ("stranger", "certificate verify failed"),
                            ("old", "certificate has expired")):
        time.sleep(0.2)  # the node does not write more often than people can read
        try:
            sock = dial_tls(victim.address, name and files.path(name))
            sock.sendall(b"TTN1")
            if not is_closed_without_a_word(sock):
                raise Failure("%s: was answered" % name)
        except (ssl.SSLError, ConnectionError):
            pass
        victim.node.complains(complaint)
    link = Link(dial_tls(victim.address, files.path("two")))
    link.say_hello()
    link.hear_hello()
    link.send(link.auth(read_cookie(cluster.cookie)))  # right, but for no TLS session, or another one
    try:
        link.hear_auth(read_cookie(cluster.cookie))
        raise Failure("an AUTH that is not bound to the session was taken")
    except Refused as reason:
        if str(reason) != "AUTH_FAILED":
            raise
    victim.sound()


# -- strangers

class TlsVictim(Victim):
    """Speaks TLS only: whether it serves, another node finds out."""

    program = "chat"

    def greet(self):
        guest = self.cluster.main("chat", *self.address, "ann", "bye")
        guest.find(r"^welcome \d+$")
        guest.find(r"^\(said ann bye\)$")
        guest.exit(0)


def test_strangers(cluster):
    """Whatever comes that is no TLS of ours ends within 5 seconds."""
    cluster.env.update(ALWAYS)
    victim = TlsVictim(cluster)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(incoming, outgoing, server_hostname="x").do_handshake()
    except ssl.SSLWantReadError:
        pass
    client_hello = outgoing.read()
    cases = {
        "a HELLO": b"TTN1\x5a\0\1\1" + bytes(88),
        "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "random": os.urandom(1 << 20),
        "random TLS": b"\x16\3\1\2\0\1\0\1\xfc\3\3" + os.urandom(1 << 20),
        "a ClientHello without our key": client_hello,
        "half a ClientHello": client_hello[:100],
        "a long ClientHello": (b"\x16\3\1\x03\xe8\1\0\xff\xff" + bytes(996)) + 200 * (b"\x16\3\1\x03\xe8" + bytes(1000)),
        "nothing": b"",
        "one byte": b"\x16",
        "application data first": b"\x17\3\3\0\x20" + bytes(32),
        "an alert": b"\x15\3\3\0\2\2\x28",
    }

    def attempt(i):
        name, data = list(cases.items())[i]
        timer = Timer()
        sock = socket.create_connection(victim.address, timeout=cluster.patient(7))
        try:
            sock.sendall(data)
            while sock.recv(4096):
                pass
        except TimeoutError:
            raise Failure("%s: not closed" % name) from None
        except OSError:
            pass
        finally:
            sock.close()
        timer.within(0, cluster.scaled(7), name + ": closed")

    for error in many(len(cases), attempt, 8):
        raise error
    victim.sound()


@heavy
def test_many_strangers(cluster):
    """Half-open TLS handshakes do not keep others out."""
    cluster.env.update(ALWAYS)
    victim = TlsVictim(cluster)

    def attempt(i):
        sock = socket.create_connection(victim.address, timeout=5)
        try:
            sock.sendall(b"\x16\3\1\2\0\1\0\1\xfc\3\3")
            time.sleep(0.2)
        except OSError:
            pass
        finally:
            sock.close()

    many(400, attempt, 40)
    victim.sound()
