"""Strangers at the door: whoever does not know the cookie, or does not keep to the handshake, gets nothing, and
takes nothing from those who do. Fault list A."""

import os
import socket
import threading
import time

from harness.cluster import Failure
from harness.load import Timer
from harness.marks import alone
from harness.protocol import Closed, Link, Listener, NodeIdentity, Refused, Session, connect, read_cookie
from harness.victim import Bystander, Victim, many

DEADLINE_S = 5


def refusal(attempt):
    """The reason with which the node ends a handshake; 'closed' without one; None: it went through."""
    try:
        attempt()
    except Refused as reason:
        return str(reason)
    except Closed:
        return "closed"
    return None


def expect_refusal(wanted, attempt, what=""):
    got = refusal(attempt)
    if got != wanted:
        raise Failure("%s: expected %s, got %s" % (what or wanted, wanted, got))


def test_wrong_cookie(cluster):
    victim = Victim(cluster)
    wrong = os.urandom(32)

    def attempt():
        link = Link.dial(victim.address)
        link.say_hello()
        link.hear_hello()
        link.send(link.auth(wrong))
        link.hear_auth(wrong)

    expect_refusal("AUTH_FAILED", attempt)
    victim.sound()


def test_replay(cluster):
    """What a good initiator once said is worth nothing a second time."""
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)
    recorded = []

    class Recorder(Link):
        def send(self, data):
            recorded.append(data)
            super().send(data)

    identity = NodeIdentity()
    link = Recorder.dial(victim.address, identity)
    link.shake_hands(cookie).close()

    def attempt():
        again = Link.dial(victim.address)
        again.send(recorded[0])
        again.own_hello = recorded[0]
        again.hear_hello()
        again.send(recorded[1])
        again.hear_auth(cookie)

    expect_refusal("AUTH_FAILED", attempt)
    victim.sound()


def test_reflection(cluster):
    """The node's own words, sent back to it, prove nothing: as its HELLO, as its AUTH, with the roles changed."""
    listener = Listener()
    cluster.at_end(listener.close)
    cluster.main("bystander", *listener.address, 1)

    def accept():
        listener.sock.settimeout(cluster.patient(10))
        link = Link(listener.sock.accept()[0], NodeIdentity(*listener.address), role=1)
        link.sock.settimeout(cluster.patient(10))
        link.hear_hello()
        return link

    def plain():
        link = accept()
        link.send(link.peer_hello)
        link._step(b"A")
        link.send(b"A" + link.receive(32))
        link._step(b"F")

    def role_changed():
        link = accept()
        hello = link.peer_hello[:12] + b"\1" + link.peer_hello[13:]
        link.send(hello)
        link._step(b"A")
        link.send(b"A" + link.receive(32))
        link._step(b"F")  # a frame would come next

    def auth_only():
        link = accept()
        link.say_hello()
        link._step(b"A")
        link.send(b"A" + link.receive(32))
        link._step(b"F")

    for attempt in (plain, role_changed, auth_only):
        got = refusal(attempt)
        if got is None:
            raise Failure("%s: the node took its own words" % attempt.__name__)


def test_other_protocols(cluster):
    """Whatever comes that is no HELLO: no answer, and the end within 5 seconds."""
    victim = Victim(cluster)
    cases = {
        "http": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
        "tls": bytes.fromhex("16030100c8010000c40303") + os.urandom(192),
        "random": os.urandom(1 << 20),
        "zeros": bytes(5000),
        "half a magic": b"TT",
        "nothing": b"",
        "refusal first": b"X\1",
        "auth first": b"A" + bytes(32),
        "newline": b"\n",
    }

    def attempt(i):
        name, data = list(cases.items())[i]
        timer = Timer()
        link = Link.dial(victim.address)
        try:
            link.send(data)
        except Closed:
            return
        answer = b""
        link.sock.settimeout(cluster.patient(DEADLINE_S))
        try:
            while part := link.sock.recv(4096):
                answer += part
        except ConnectionResetError:
            pass
        except TimeoutError:
            raise Failure("%s: not closed" % name) from None
        timer.within(0, cluster.scaled(DEADLINE_S + 2), name + ": closed")
        if answer:
            raise Failure("%s: was answered with %r" % (name, answer))

    for error in many(len(cases), attempt, len(cases)):
        raise error
    victim.sound()


def hello_with(identity, **changes):
    """A whole attempt with that HELLO."""
    def attempt(victim, cookie):
        link = Link.dial(victim.address, identity)
        link.say_hello(**changes)
        link.hear_hello()
        link.send(link.auth(cookie))
        link.hear_auth(cookie)
        link.close()
    return attempt


def raw(data):
    def attempt(victim, cookie):
        link = Link.dial(victim.address)
        link.send(data)
        link._step(b"T")
        link.receive(5)
        link.close()
    return attempt


def length_claimed(n):
    hello = NodeIdentity().hello(0)
    return hello[:4] + n.to_bytes(2, "little") + hello[6:]


ODD_HELLOS = [
    ("later versions only", hello_with(NodeIdentity(versions=(3, 4))), "VERSION_MISMATCH"),
    ("earlier versions only", hello_with(NodeIdentity(versions=(0, 1))), "VERSION_MISMATCH"),
    ("lowest above highest", hello_with(NodeIdentity(versions=(4, 1))), {"VERSION_MISMATCH", "PROTOCOL_ERROR"}),
    ("later versions too", hello_with(NodeIdentity(versions=(1, 255))), None),
    ("unknown features", hello_with(NodeIdentity(features=0xFFFFFFFF)), None),
    ("room for later versions", hello_with(NodeIdentity(extra=bytes(500))), None),
    ("the longest HELLO", hello_with(NodeIdentity(extra=bytes(1024 - 94))), None),
    ("a HELLO too long", hello_with(NodeIdentity(extra=bytes(1025))), "PROTOCOL_ERROR"),
    ("the wrong role", hello_with(NodeIdentity(), role=1), "PROTOCOL_ERROR"),
    ("no role", hello_with(NodeIdentity(), role=7), "PROTOCOL_ERROR"),
    ("T of 0", hello_with(NodeIdentity(tick_timeout_ms=0)), "PROTOCOL_ERROR"),
    ("a host of 256 bytes", hello_with(NodeIdentity(host="x" * 256, port=1)), "PROTOCOL_ERROR"),
    ("a host with control characters", hello_with(NodeIdentity(host="a\nb", port=1)), "PROTOCOL_ERROR"),
    ("a host that is no UTF-8", raw(NodeIdentity(host="abc", port=1).hello(0).replace(b"abc", b"a\xffc")), "PROTOCOL_ERROR"),
    ("length 0", raw(length_claimed(0)), "PROTOCOL_ERROR"),
    ("length 88", raw(length_claimed(88)), "PROTOCOL_ERROR"),
    ("length 65535", raw(length_claimed(65535)), "PROTOCOL_ERROR"),
]


def test_odd_hellos(cluster):
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)
    complaints = []
    for name, attempt, wanted in ODD_HELLOS:
        got = refusal(lambda: attempt(victim, cookie))
        if got not in wanted if isinstance(wanted, set) else got != wanted:
            complaints.append("%s: expected %s, got %s" % (name, wanted, got))
    if complaints:
        raise Failure("\n".join(complaints))
    victim.sound()


def test_cut_anywhere(cluster):
    """A session that ends at any byte of the handshake or of its first frames: nothing partial is delivered."""
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)

    def whole(limit):
        sent = 0
        link = Link.dial(victim.address)
        plain_send = link.send

        def send(data):
            nonlocal sent
            data, rest = data[:limit - sent], data[limit - sent:]
            plain_send(data)
            sent += len(data)
            if rest:
                link.close()
                raise EOFError
        link.send = send
        try:
            session = link.shake_hands(cookie)
            session.send_name("print", "a message of some length")
            session.close()
        except (EOFError, Closed, Refused):
            pass
        link.close()
        return sent

    session_bytes = 6 + 94 + 33 + 60 + 16

    def attempt(i):
        whole(i)

    for error in many(session_bytes, attempt, 6):
        raise error
    victim.sound()
    for line in victim.node.out.all:
        if line != '"a message of some length"':
            raise Failure("a part of a message was delivered: %r" % line)


def test_flipped_anywhere(cluster):
    """Every byte of a handshake, changed: refused or closed; the session goes through only if the byte has no meaning."""
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)
    through = []

    def attempt(i):
        link = Link.dial(victim.address, NodeIdentity())
        hello = link.identity.hello(0)
        link.own_hello = hello
        auth_at = i - len(hello)
        flipped = hello if auth_at >= 0 else hello[:i] + bytes([hello[i] ^ 0x10]) + hello[i + 1:]
        try:
            link.send(flipped)
            link.hear_hello()
            auth = link.auth(cookie)
            if auth_at >= 0:
                auth = auth[:auth_at] + bytes([auth[auth_at] ^ 0x10]) + auth[auth_at + 1:]
            link.send(auth)
            link.hear_auth(cookie)
            through.append(i)
        except (Refused, Closed, TimeoutError, Failure):
            pass
        link.close()

    hello_bytes = len(NodeIdentity().hello(0))
    for error in many(hello_bytes + 33, attempt, 6):
        raise error
    if through:
        raise Failure("bytes that may be changed on the way: %s" % through)
    victim.sound()


def test_node_that_does_not_listen(cluster):
    """A newcomer who waits for a node that stands still for longer than the handshake may last is not late."""
    node = cluster.serve("victim")
    before = node.descriptors()
    link = Link.dial(node.address)
    limit = cluster.deadline(5)
    while node.descriptors() == before and time.monotonic() < limit:
        time.sleep(0.001)
    node.pause()
    link.say_hello()
    time.sleep(DEADLINE_S + 1)
    node.resume()
    session_serves(link, cluster)


def session_serves(link, cluster):
    cookie = read_cookie(cluster.cookie)
    link.hear_hello()
    link.send(link.auth(cookie))
    link.hear_auth(cookie)
    if Session(link, cookie).call("echo", 1) != 1:
        raise Failure("not served")


def crowd(victim, kind, n):
    """So many connections that do not go on."""
    links = []
    for _ in range(n):
        link = Link.dial(victim.address)
        try:
            if kind != "silent":
                link.say_hello()
            if kind == "false":
                link.hear_hello()
                link.send(b"A" + bytes(31))
            if kind == "slow":
                link.hear_hello()
        except (Closed, Refused):
            pass
        links.append(link)
    return links


def test_crowd_at_the_door(cluster):
    """However many connections are half open, from the one address that all users of a machine have: who knows the cookie
    comes in at once, and those who are in stay."""
    victim = Victim(cluster)
    inside = connect(victim.node)
    for kind in ("silent", "hello", "slow", "false"):
        for n in (9, 64, 200):
            links = crowd(victim, kind, n)
            for _ in range(5):
                victim.greet()
            for link in links:
                link.close()
    main = cluster.main("bystander", *victim.address, 1)
    links = crowd(victim, "silent", 200)
    main.find("^20 calls$")
    main.kill()
    for link in links:
        link.close()
    if inside.call("echo", 1) != 1:
        raise Failure("who was inside is not served any more")
    inside.close()
    victim.sound()


def test_stream_of_newcomers(cluster):
    """One connection after the other, as fast as they can be made, none of which goes on: a node comes in."""
    victim = Victim(cluster)
    goes_on = True

    def attack(i):
        links = []
        while goes_on:
            try:
                links.append(Link.dial(victim.address))
            except OSError:
                pass
            if len(links) > 100:
                links.pop(0).close()
        for link in links:
            link.close()

    attackers = threading.Thread(target=many, args=(2, attack, 2))
    attackers.start()
    try:
        main = cluster.main("bystander", *victim.address, cluster.patient(5))
        main.find("^20 calls$", 20)
        main.kill()
    finally:
        goes_on = False
        attackers.join()
    victim.sound()


@alone
def test_slowloris(cluster):
    """1000 connections that say a byte a second: at most 64 wait at the door, and a peer inside is served as ever."""
    victim = Victim(cluster)
    bystander = Bystander(cluster, victim)
    socks = []
    hello = NodeIdentity().hello(0)
    most = 0
    for i in range(1000):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(victim.address)
        socks.append(sock)
    for second in range(4):
        for sock in socks:
            try:
                sock.send(hello[second:second + 1])
            except OSError:
                pass
        most = max(most, victim.node.descriptors())
        time.sleep(1)
    if most > victim.descriptors + 64 + 4:
        raise Failure("%d descriptors, %d before" % (most, victim.descriptors))
    for sock in socks:
        sock.close()
    bystander.check()
    victim.sound()


@alone
def test_connection_bursts(cluster):
    """10 000 connections that come and go at once: a real peer still joins, and the node does not burn a core."""
    victim = Victim(cluster)

    def attempt(i):
        for _ in range(100):
            try:
                socket.create_connection(victim.address, timeout=2).close()
            except OSError:
                pass

    before = victim.node.cpu_seconds()
    many(100, attempt, 8)
    spent = victim.node.cpu_seconds() - before
    if spent > cluster.scaled(5):
        raise Failure("10 000 connections cost %.1f s of computing" % spent)
    # A node tries again when it is pushed out of the crowd at the door.
    timer, limit = Timer(), cluster.deadline(10)
    while refusal(victim.greet) is not None:
        if time.monotonic() > limit:
            raise Failure("a real peer was not let in")
        time.sleep(0.1)
    timer.within(0, cluster.scaled(2), "a real peer was served")
    victim.sound()


@alone
def test_boot_id_in_use(cluster):
    """Who claims the boot id, or the address, of a peer that is alive is refused; the peer stays. Alone, as the peer
    has 2 seconds to show that it is."""
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)
    alive = connect(victim.node, NodeIdentity("127.0.0.1", 9))

    def same_boot():
        Link.dial(victim.address, NodeIdentity("127.0.0.1", 10, boot_id=alive.own)).shake_hands(cookie)

    def same_address():
        Link.dial(victim.address, NodeIdentity("127.0.0.1", 9)).shake_hands(cookie)

    def own_boot():
        Link.dial(victim.address, NodeIdentity(boot_id=alive.peer)).shake_hands(cookie)

    expect_refusal("CONNECTED", same_boot, "the boot id of a live peer")
    expect_refusal("NAME_IN_USE", same_address, "the address of a live peer")
    expect_refusal("SELF", own_boot, "the node's own boot id")
    if alive.call("echo", "still here") != "still here":
        raise Failure("the live peer was displaced")
    alive.close()
    victim.sound()


def test_displaced_when_dead(cluster):
    """A peer that does not answer any more makes room for its next run."""
    victim = Victim(cluster)
    dead = connect(victim.node, NodeIdentity("127.0.0.1", 9))
    dead.answers = False
    timer = Timer()
    again = connect(victim.node, NodeIdentity("127.0.0.1", 9), seconds=cluster.patient(10))
    if again.call("echo", 1) != 1:
        raise Failure("not served")
    timer.within(0, cluster.scaled(4), "the next run was served")
    if not dead.is_closed(cluster.patient(3)):
        raise Failure("the old connection is still there")
    again.close()
    victim.sound()
