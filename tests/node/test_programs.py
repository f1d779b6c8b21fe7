"""Programs as users write them, and what they see when nodes come and go."""

import os
import re
import tempfile
import time

from harness.cluster import Failure
from harness.marks import heavy, long
from harness.protocol import read_cookie
from harness.proxy import TO_TARGET, Proxy


def addresses(*nodes):
    return [word for node in nodes for word in node.ready()]


def test_ring(cluster):
    others = [cluster.serve("ring3") for _ in range(2)]
    main = cluster.main("ring3", 30, 20, *addresses(*others))
    main.expect("visited 600", seconds=20)
    main.exit(0)


def test_pool(cluster):
    workers = [cluster.serve("pool") for _ in range(3)]
    main = cluster.main("pool", 100, 1, *addresses(*workers))
    main.expect("working", "sum 338350", seconds=20)
    main.exit(0)


def test_pool_loses_nodes(cluster):
    """Two of three nodes are killed while they work: no piece is lost, none counts twice."""
    workers = [cluster.serve("pool") for _ in range(3)]
    main = cluster.main("pool", 60, 500, *addresses(*workers))  # ten seconds of work
    main.expect("working")
    time.sleep(0.2)
    workers[0].kill()
    main.expect("lost a worker: noconnection")
    workers[2].kill()
    main.expect("lost a worker: noconnection", "sum 73810", seconds=60)
    main.exit(0)


def test_store(cluster):
    stores = [cluster.serve("store") for _ in range(3)]
    main = cluster.main("store", *addresses(*stores))
    main.expect("sizes add up to 300", "key-17 is (17 289)", "a procedure from the store gives 300", "nothing is absent", seconds=20)
    main.exit(0)


def test_chat(cluster):
    room = cluster.serve("chat")
    bob = cluster.main("chat", *room.ready(), "bob", "hi")
    bob.expect("welcome 0", "(said bob hi)")
    eve = cluster.main("chat", *room.ready(), "eve", "hello")
    eve.expect("welcome 1", "(said eve hello)")
    bob.expect("(joined eve)", "(said eve hello)")
    eve.kill()
    bob.expect("(left eve noconnection)")
    ann = cluster.main("chat", *room.ready(), "ann", "bye")
    ann.expect("welcome 1", "(said ann bye)")
    bob.expect("(joined ann)", "(said ann bye)")
    bob.exit(0)
    ann.exit(0)


def test_supervisor_goes_to_the_next_node(cluster):
    nodes = [cluster.serve("restart") for _ in range(3)]
    main = cluster.main("restart", *addresses(*nodes))
    main.expect("started at 1", "10")
    nodes[0].kill()
    main.find("^lost: ")
    first = int(main.find(r"^started at (\d+)$").group(1))
    main.find("^[0-9]+0$")
    nodes[1].kill()
    main.find("^lost: ")
    second = int(main.find(r"^started at (\d+)$").group(1))
    if not 10 < first < second:
        raise main.failure("it did not go on from the last count")
    nodes[2].terminate()
    main.find("^lost: ")
    main.expect("no node is left")
    main.exit(0)


def moves(cluster, nodes, senders, messages, between, seconds):
    others = [cluster.serve("moves") for _ in range(nodes - 1)]
    main = cluster.main("moves", senders, messages, between, *addresses(*others))
    got = main.expect_match(r"moved (\d+) times", seconds=seconds)
    total = nodes * senders * messages
    if not total // between - 2 <= int(got.group(1)) <= total // between + 1:
        raise Failure("moved %s times" % got.group(1))
    main.expect("faults ()", "then normal")
    main.exit(0)


def test_receiver_moves(cluster):
    """Fault list 58: numbered messages from many senders while their receiver moves."""
    moves(cluster, 2, 5, 200, 20, 30)


@heavy
def test_receiver_moves_between_three(cluster):
    moves(cluster, 3, 10, 400, 12, 60)


@long
@heavy
def test_receiver_moves_a_thousand_times(cluster):
    moves(cluster, 3, 20, 1700, 100, 300)


def test_groups(cluster):
    b, c = cluster.serve("groups"), cluster.serve("groups")
    main = cluster.main("groups", *b.ready(), *c.ready())
    main.expect("members: 2", "sent to 2", "both heard", "members: 1", "ready")
    c.kill()
    main.expect("members: 0")
    main.exit(0)


def test_supervised_children_on_other_nodes(cluster):
    """A node killed under a supervised child leads to a restart on the next one; a supervisor killed with its node takes
    its children along, also one that never receives."""
    nodes = [cluster.serve("supervised") for _ in range(3)]
    main = cluster.main("supervised", *addresses(*nodes))
    main.expect("on 0")
    time.sleep(0.2)
    nodes[0].kill()
    main.expect("then on 1, busy #t", "(echo busy here)", "ready", seconds=20)
    main.kill()
    ended = {nodes[1].line(), nodes[1].line()}
    if ended != {"echo has ended", "busy has ended"}:
        raise nodes[1].failure("printed %s" % ended)


def test_server_moves_and_is_lost(cluster):
    """A generic server is called while it moves: each call gets its own answer. Lost with its node, calls end when that is known, or by their time."""
    a, b = cluster.serve("moved"), cluster.serve("moved")
    main = cluster.main("moved", *a.ready(), *b.ready())
    main.expect("in-order", "in-order", "ready", seconds=30)
    b.kill()
    main.expect("late", seconds=20)
    main.expect_match("noproc|timeout", seconds=20)  # whichever is known first
    main.expect("in-order", seconds=20)
    main.exit(0)


def test_orderly_end(cluster):
    """A node that serves is asked to end: its servers end in order, who monitors them hears of it, the exit code is 0. One
    that works has 143."""
    server = cluster.serve("stops")
    main = cluster.main("stops", *server.ready())
    main.expect("last", "asked")
    server.terminate()
    server.expect("(terminate a normal)", "(terminate last normal)")
    server.exit(0)
    main.expect("(down normal)", "gone")
    main.terminate()
    main.exit(143)


def test_kit(cluster):
    main = cluster.main("kit")
    main.expect("5 passed, 0 failed")
    main.exit(0)


def test_both_dial_at_once(cluster):
    """10: two nodes dial each other: one connection stays, nothing is lost or out of order."""
    for _ in range(6):
        ports, folder = cluster.free_ports(2), tempfile.mkdtemp(dir=cluster.folder)
        nodes = [cluster.start("crossing", cluster.host, ports[1 - i], 300, folder, node="%s:%d" % (cluster.host, ports[i]))
                 for i in range(2)]
        for node in nodes:
            node.expect("here")
        open(os.path.join(folder, "go"), "w").close()
        for node in nodes:
            node.expect("faults ()", seconds=20)
        for node in nodes:
            node.exit(0)


def test_another_program(cluster):
    """32: code that the other node does not have is refused, with its name; data still travels."""
    other = cluster.serve("victim")
    main = cluster.main("other", *other.ready())
    main.expect("unknown-code", "unknown-code", "still-here")
    main.exit(0)
    other.expect('(data "arrives" 1.5 #(1 2))', "next")


@heavy
def test_flood(cluster):
    """63: 200 MB to a process that sleeps: its sender waits, the node of the sleeper keeps what it must and answers."""
    other = cluster.serve("sleeper")
    main = cluster.main("sleeper", *other.ready(), 200000, 2)
    main.expect("answers 42")
    time.sleep(1)
    if main.memory() > (200 << 20) * cluster.factor:
        raise main.failure("the sender has %d MB" % (main.memory() >> 20))
    main.expect("all", seconds=60)
    main.exit(0)


@heavy
def test_large_and_small(cluster):
    """72: small messages pass a message of 200 MB."""
    other = cluster.serve("large")
    main = cluster.main("large", *other.ready(), 200)
    main.expect("begins")
    # One that waits for the large message is the only one.
    answers = int(main.expect_match(r"answers (\d+) worst \d+", seconds=60).group(1))
    if answers < 3:
        raise main.failure("%d small messages passed the large one" % answers)
    other.expect("200000000")
    main.exit(0)


def test_last_words(cluster):
    """A node that ends says first what it was told to say."""
    other = cluster.serve("farewell")
    main = cluster.main("farewell", *other.ready(), 20000)
    main.expect("through the port", "(string port)")
    other.expect("where it runs", "heard 20000")
    main.exit(0)


def flood(cluster, *how, size, options):
    other = cluster.serve("flood", options=options)
    main = cluster.main("flood", *other.ready(), size, *how, options=["net-tick-timeout=60"])
    main.expect("begins")
    return other, main


def drowned(main):
    main.expect("lost: mailbox-overflow", "the node: serves", seconds=30)
    main.exit(0)


def test_mailbox_of_many(cluster):
    for how in ("pid", "name"):
        drowned(flood(cluster, how, size=1, options=["max-mailbox=5000"])[1])


@heavy
def test_mailbox_of_much(cluster):
    """The program keeps an eighth of the heap."""
    for how in ("pid", "name"):
        drowned(flood(cluster, how, size=100000, options=["max-heap=160M"])[1])


@heavy
def test_mail_that_cannot_be_passed_on(cluster):
    """A process has moved to a node that takes nothing for a while: its home does not keep all of its mail."""
    patience = ["net-tick-timeout=60"]
    third = cluster.serve("flood", options=patience)
    proxy = Proxy(third.ready(), read_cookie(cluster.cookie))
    cluster.at_end(proxy.close)
    other, main = flood(cluster, *proxy.address, size=100000, options=patience)
    proxy.plans[TO_TARGET].open.clear()
    other.complains("mailbox-overflow", 40)
    if other.memory() > 250 << 20:
        raise other.failure("keeps %d MB" % (other.memory() >> 20))
    proxy.plans[TO_TARGET].open.set()
    drowned(main)
    if other.err.text().count("mailbox-overflow") != 1:
        raise other.failure("said more than once that the mailbox is full")


def test_several_names(cluster):
    """Other addresses of a node lead to the connection that there is, with all that waits; monitors of each hear of the end."""
    names = ["127.0.0.2", "127.1.2.3", "::ffff:127.0.0.3"]
    other = cluster.start("names", serve="0.0.0.0:0")
    other.address = ("127.0.0.1", other.ready()[1])
    main = cluster.main("names", *other.address, *names)
    for _ in names:
        main.expect("(value pong raised 42 sent)", seconds=40)
    main.expect("kill it")
    for _ in names:
        for wanted in ("first", "5000000", "last"):
            other.expect("got " + wanted, seconds=20)
    other.kill()
    downs = sorted(main.line(30) for _ in range(4))
    if downs != sorted("#<node %s:%d>" % (name, other.address[1]) for name in [other.address[0], *names]):
        raise main.failure("heard of %s" % downs)
    main.expect("nothing", seconds=20)
    main.exit(0)


def test_other_tick_timeout(cluster):
    """A node that waits for signs of life for 2 seconds only, beside one with the usual T: nobody is lost."""
    short = 2 * cluster.factor
    other = cluster.serve("quiet")
    main = cluster.main("quiet", *other.ready(), 4 * short, options=["net-tick-timeout=%g" % short])
    main.expect("nothing", seconds=5 * short)
    main.exit(0)


def test_first_connection_of_a_busy_node(cluster):
    """One process that computes does not keep the node from connecting."""
    other = cluster.serve("busy")
    main = cluster.main("busy", *other.ready())
    main.expect("42", seconds=40)
    main.exit(0)


def test_unreachable_for_a_busy_node(cluster):
    """Attempts to reach a node end, though one process computes and the worker hardly ever looks at its sockets."""
    main = cluster.main("nobody", cluster.host, str(cluster.free_ports(1)[0]))
    main.expect("node-down unreachable", seconds=60)
    main.exit(0)


def test_last_message(cluster):
    other = cluster.serve("last-message")
    for _ in range(3):
        cluster.main("last-message", *other.ready()).exit(0)
        other.expect("(got x)")
