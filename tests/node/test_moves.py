"""A process that moves while nodes are killed, stopped and cut off: it is never there twice, and never gone without
a word (fault list 55 to 57)."""

import random
import re
import time

from harness.lab import Lab
from harness.marks import heavy, long
from harness.protocol import Listener, NodeIdentity, far, read_cookie
from harness.values import Reader, varint

DOUBT_S = 30
GIVEN_UP = ("noconnection", "migration-in-doubt")


def numbers_of(nodes):
    return sorted(int(line) for node in nodes for line in list(node.out.all) if re.fullmatch(r"\d+", line))


def check(main, nodes, last, seconds):
    """It ends, and main says how; every number up to the largest was printed, and once. A process that was given up
    may yet go on where it is, up to its last number."""
    ended = main.find("^ended: (.*)$", seconds).group(1)
    main.exit(0)
    for node in nodes:
        if not node.killed:
            node.terminate()
            node.exit(0)
    numbers = numbers_of([main, *nodes])
    if numbers != list(range(1, len(numbers) + 1)):
        odd = [n for n in range(1, numbers[-1] + 1) if numbers.count(n) != 1]
        raise main.failure("numbers that were not printed once: %s" % odd[:20])
    if ended not in GIVEN_UP and (ended, numbers[-1]) != ("normal", last):
        raise main.failure("ended %s after %d of %d" % (ended, numbers[-1], last))
    return ended


def addresses(nodes):
    return [word for node in nodes for word in node.ready()]


def start(cluster, last, ms, count=2, options=()):
    nodes = [cluster.serve("wander", options=options) for _ in range(count)]
    main = cluster.main("wander", last, ms, *addresses(nodes), options=options)
    main.expect("1")
    return main, nodes


def test_nothing_happens(cluster):
    main, nodes = start(cluster, 600, 0)
    if check(main, nodes, 600, 20) != "normal":
        raise main.failure("it did not arrive")


def test_node_is_not_there(cluster):
    """A move to nowhere fails; the process goes on where it was."""
    other = cluster.serve("wander")
    address = other.ready()
    other.kill()
    main = cluster.main("wander", 3, 0, *address)
    main.find("^failed: migration-failed$", 20)
    check(main, [], 3, 20)


def test_killed_nodes(cluster):
    """Both other nodes are killed while it moves: it ends at home, or its end is announced."""
    main, nodes = start(cluster, 2000, 1)
    time.sleep(0.3)
    nodes[0].kill()
    time.sleep(0.2)
    nodes[1].kill()
    check(main, nodes, 2000, DOUBT_S + 30)


@long
def test_killed_nodes_many_times(cluster):
    rng = random.Random(9)
    for _ in range(8):
        main, nodes = start(cluster, 1000, 0)
        time.sleep(rng.uniform(0, 0.25))
        nodes[0].kill()
        time.sleep(rng.uniform(0, 0.1))
        nodes[1].kill()
        check(main, nodes, 1000, DOUBT_S + 30)


def test_home_is_killed(cluster):
    """Its home is lost while it is elsewhere: it goes on there, alone, and is never there twice."""
    main, nodes = start(cluster, 100000, 2)
    time.sleep(0.3)
    main.kill()
    time.sleep(1)
    for node in nodes:
        node.terminate()
        node.exit(0)
    numbers = numbers_of([main, *nodes])
    twice = [a for a, b in zip(numbers, numbers[1:]) if a == b]
    if twice:
        raise nodes[0].failure("numbers that were printed twice: %s" % twice[:20])


def test_stopped_target(cluster):
    """A node that is stopped for less than T: the process waits for it."""
    main, nodes = start(cluster, 300, 2)
    time.sleep(0.2)
    nodes[0].pause()
    time.sleep(1)
    nodes[0].resume()
    if check(main, nodes, 300, 20) != "normal":
        raise main.failure("it did not arrive")


def test_stopped_for_more_than_t(cluster):
    """A node that is stopped for longer than T, again and again, at any moment of a move."""
    main, nodes = start(cluster, 600, 1, options=["net-tick-timeout=%g" % (0.5 * cluster.factor)])
    for node in nodes:
        time.sleep(0.15)
        node.pause()
        time.sleep(0.9 * cluster.factor)
        node.resume()
    check(main, nodes, 600, DOUBT_S + 40)


@heavy
def test_partitions(cluster):
    """Cut off from each other and healed while it moves (57)."""
    lab = Lab(cluster, 3)
    options = ["net-tick-timeout=0.5", "insecure-cleartext"]
    nodes = [cluster.start("wander", serve=host.address + ":0", prefix=host.prefix, options=options) for host in lab.hosts[1:]]
    main = cluster.start("wander", 1500, 1, *addresses(nodes), node=lab.hosts[0].address + ":0", prefix=lab.hosts[0].prefix,
                         options=options)
    main.expect("1")
    for a, b in ((0, 1), (1, 2), (0, 2)):
        time.sleep(0.2)
        lab.cut(lab.hosts[a], lab.hosts[b])
        time.sleep(0.8)
        lab.heal(lab.hosts[a], lab.hosts[b])
    check(main, nodes, 1500, DOUBT_S + 40)


def test_doubt_ends_with_the_run(cluster):
    """A node is lost after COMMIT, and another run answers at its address: the doubt is over before its 30 seconds are."""
    cookie = read_cookie(cluster.cookie)
    listener = Listener()
    cluster.at_end(listener.close)
    main = cluster.main("doubt", *listener.address)
    first = listener.accept(cookie, NodeIdentity(*listener.address), cluster.patient(20))
    while (message := first.next(cluster.patient(20)))[0] != "MOVE_COMMIT":
        kind, body = message
        if kind == "ASK":
            first.send("ANSWER", varint(Reader(body).varint()) + b"\0" + first.value(True))
        elif kind == "MOVE_PREPARE":
            first.send("MOVE_PREPARED", body[:16] + far(first.pid()))
    first.close()
    second = listener.accept(cookie, NodeIdentity(*listener.address), cluster.patient(20))
    main.expect("migration-in-doubt", seconds=40)
    second.close()
    main.exit(0)
