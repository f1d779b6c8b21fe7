"""Nodes of one user on one machine talk over Unix-domain sockets; everybody else over TCP, whoever has the name."""

import os
import re
import socket

from harness.cluster import Failure, write_cookie
from harness.lab import Lab
from harness.local import CONNECTS, LISTENS, LocalLink, Namesake, OtherUser, ends_of, name_of
from harness.protocol import Closed, NodeIdentity, Refused, auth_of, read_cookie
from harness.victim import Victim

NOBODY = 65534


def reach(cluster, host, port, wanted, **keywords):
    """A program that asks that node for an answer, and gets it over `wanted`: "local", "TCP", "TLS"."""
    options = ["stats", *keywords.pop("options", ())]
    main = cluster.start("reach", host, port, **{"node": "127.0.0.1:0", **keywords}, options=options)
    main.expect("pong", seconds=20)
    main.exit()
    counts = re.search(r"connections +(\d+) by Unix-domain sockets, (\d+) by TCP, (\d+) by TLS", main.err.text())
    ways = dict(zip(("local", "TCP", "TLS"), map(int, counts.groups())))
    if ways != {"local": 0, "TCP": 0, "TLS": 0, wanted: 1}:
        raise main.failure("connections: %s, expected one by %s" % (ways, wanted))
    return main


def test_ways(cluster):
    tcp, always = ["local=tcp"], ["tls=always"]
    for server, client, wanted in (([], [], "local"), (tcp, [], "TCP"), ([], tcp, "TCP"), (always, always, "TLS")):
        node = cluster.serve("reach", options=server)
        reach(cluster, *node.address, wanted, options=client)


def test_all_addresses(cluster):
    """A node that listens at all addresses has a name for all; one that listens elsewhere on loopback has another."""
    port, = cluster.free_ports(1)
    node = cluster.start("reach", serve="0.0.0.0:%d" % port)
    node.ready()
    for host in ("127.0.0.1", cluster.host):
        reach(cluster, host, port, "local")
    reach(cluster, "127.0.0.1", port, "local", node="0.0.0.0:0")


def test_hosts(cluster):
    """The address of an interface of this machine is local, the same port of another one is not. Who listens at all
    addresses comes by the one that others know."""
    lab = Lab(cluster, 2)
    here, there = lab.hosts
    nodes = [cluster.start("reach", serve="%s:4000" % host.address, prefix=host.prefix) for host in lab.hosts]
    for node in nodes:
        node.ready()
    reach(cluster, here.address, 4000, "local", node=here.address + ":0", prefix=here.prefix)
    reach(cluster, there.address, 4000, "TLS", node=here.address + ":0", prefix=here.prefix)
    reach(cluster, here.address, 4000, "TLS", node="0.0.0.0:0", prefix=here.prefix)


def test_namespaces(cluster):
    """Two hosts with the same address on loopback: names belong to the host."""
    lab = Lab(cluster, 2)
    port = 4000
    cluster.start("reach", serve="127.0.0.1:%d" % port, prefix=lab.hosts[0].prefix).ready()
    main = cluster.start("reach", "127.0.0.1", port, node="127.0.0.1:0", prefix=lab.hosts[1].prefix)
    main.expect("no-reply", seconds=20)
    main.exit()


def test_name_of_another_user(cluster):
    """He hears nothing; the node is reached by TCP, and says that its name is taken."""
    port, = cluster.free_ports(1)
    address = (cluster.host, port)
    other = OtherUser(cluster, LISTENS, NOBODY, name_of(address))
    other.expect("listens")
    node = cluster.start("reach", serve="%s:%d" % address)
    node.ready()
    node.complains("somebody has this node's name")
    reach(cluster, *address, "TCP")
    other.expect("got 0")


def test_newcomer_of_another_user(cluster):
    """He is turned away unheard."""
    victim = Victim(cluster)
    OtherUser(cluster, CONNECTS, NOBODY, name_of(victim.address), NodeIdentity().hello(0)).expect("heard 0")
    victim.sound()
    reach(cluster, *victim.address, "local")


# -- of the same user, without the cookie

def silent(sock):
    pass


def closing(sock):
    sock.close()


def talking(sock):
    sock.sendall(b"220 smtp ready\r\n")


def half(sock):
    sock.sendall(NodeIdentity().hello(1)[:20])


def greeting(sock):
    sock.sendall(NodeIdentity().hello(1))


def guessing(sock):
    sock.sendall(NodeIdentity().hello(1) + b"A" + os.urandom(32))


def refusing(sock):
    sock.sendall(NodeIdentity().hello(1) + b"X\1")


def test_namesakes(cluster):
    """Whatever they do, the node is reached by TCP."""
    for number, serve in enumerate((silent, closing, talking, half, greeting, guessing, refusing)):
        port, = cluster.free_ports(1)
        address = (cluster.host, port)
        namesake = Namesake(cluster, address, serve)
        cluster.start("reach", serve="%s:%d" % address).ready()
        reach(cluster, *address, "TCP")
        if namesake.served != 1:
            raise Failure("%s was asked %d times" % (serve.__name__, namesake.served))


def test_relay(cluster):
    """A handshake that somebody passes on to another node, over its Unix-domain socket or its TCP, lets nobody in."""
    victim = Victim(cluster)

    def relay(sock):
        try:
            target.sendall(sock.recv(4096))
            sock.sendall(target.recv(4096))
            target.sendall(sock.recv(4096))
            answers.append(target.recv(4096))
        except OSError as error:
            answers.append(error)
        sock.close()

    for way in ("local", "TCP"):
        port, = cluster.free_ports(1)
        answers = []
        target = LocalLink.dial_node(victim.address).sock if way == "local" else socket.create_connection(victim.address)
        target.settimeout(cluster.patient(10))
        Namesake(cluster, (cluster.host, port), relay)
        cluster.start("reach", serve="%s:%d" % (cluster.host, port)).ready()
        reach(cluster, cluster.host, port, "TCP")
        if answers != [b"X\1"]:  # auth-failed
            raise Failure("by %s the node said %r" % (way, answers))
        target.close()
    victim.sound()


# -- who has the cookie

def test_protocol(cluster):
    """What PROTOCOL.md says: the AUTH is bound to both processes and the name; frames have no tags."""
    victim = Victim(cluster)
    cookie = read_cookie(cluster.cookie)
    session = LocalLink.dial_node(victim.address).shake_hands(cookie)
    if session.call("echo", [1, "two"], cluster.patient(5)) != [1, "two"]:
        raise Failure("the echo is not what was sent")
    session.close()
    own, other = os.getpid(), victim.node.process.pid
    wrong = {"processes": ends_of(other, own, victim.address), "initiator": ends_of(own + 1, other, victim.address),
             "acceptor": ends_of(own, other + 1, victim.address), "address": ends_of(own, other, ("127.0.0.1", 1)), "none": None}
    for name, ends in wrong.items():
        link = LocalLink.dial_node(victim.address)
        link.say_hello()
        link.hear_hello()
        link.send(auth_of(cookie, 0, link.hellos(), ends))
        try:
            link.hear_auth(cookie)
            raise Failure("taken: AUTH with a wrong %s" % name)
        except (Refused, Closed) as reason:
            if str(reason) != "AUTH_FAILED":
                raise Failure("wrong %s: %s" % (name, reason)) from None
        link.close()
    victim.sound()


def test_half_open(cluster):
    """Programs of this user that say nothing, or stop in the middle, keep no node out, on either way."""
    victim = Victim(cluster)
    links = []
    for i in range(200):
        links.append(LocalLink.dial_node(victim.address))
        if i % 2:
            links[-1].send(NodeIdentity().hello(0)[:i])
    reach(cluster, *victim.address, "local")
    reach(cluster, *victim.address, "TCP", options=["local=tcp"])
    for link in links:
        link.close()
    victim.sound()


def test_another_cookie(cluster):
    """The reason is told, once for both ways."""
    server = cluster.serve("reach")
    other = os.path.join(cluster.folder, "other")
    write_cookie(other)
    main = cluster.main("reach", *server.address, env={"TERMITE_COOKIE_FILE": other})
    main.complains("auth-failed, it says")
    main.expect("no-reply", seconds=20)
    main.exit()


def test_peer_comes_back(cluster):
    """Killed, and started again at the same address: the next connection is local as well."""
    port, = cluster.free_ports(1)
    at = "%s:%d" % (cluster.host, port)
    server = cluster.start("pair", serve=at)
    server.ready()
    main = cluster.main("pair", cluster.host, port, 5, options=["stats"])
    for _ in range(3):
        main.find("^watched|^back")
        server.kill()
        main.find("^down ")
        server = cluster.start("pair", serve=at)
        server.ready()
    main.find("^back")
    main.terminate()
    main.exit(143)
    counts = re.search(r"connections +(\d+) by Unix-domain sockets, (\d+) by TCP", main.err.text())
    if int(counts.group(1)) < 4 or int(counts.group(2)):
        raise main.failure("connections: %s" % counts.group(0))
