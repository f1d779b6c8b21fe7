"""Links, monitors and requests between nodes: as on one node; and when a node is lost."""

import os

from harness.marks import long

ALIKE = [
    "raised first no-more",
    "raised second no-more",
    "returned quietly",
    "terminated killed",
    "ended reason",
    "unlinked quietly",
    "unlinked there quietly",
    "heard (heard ours)",
    "heard (heard (error no good:))",
]
DEAD = [
    "inbound (noproc #t)",
    "outbound (noproc #t)",
    "full (noproc #t) no-more",
    "alive #f",
    "down (#t #t normal)",
    "down (#t #t (exception (1 two 3)))",
    "down (#t #t killed)",
    "down (#t #t normal)",
    "down (#t #t (exception (a reason)))",
    "wait noproc",
    "demonitored quietly",
    "two of three #t no-more",
    "on 6",
    "raised (out-of-range vector-ref: argument out of range)",
    "raised (any object)",
    "late default never",
    "timeout timeout",
    "no value (error on: the process ended without a value)",
    "killed (killed on: the process was terminated)",
    "meanwhile heard no-more",
    "behind value 5000000",
    "moved #t",
    "moved and raised elsewhere",
    "moved and ended (error on: the process ended without a value)",
    "moved child moved-child",
    "child of a moved one grandchild",
    "nested deep",
    "procedure 42",
    "linked child child",
    'written ("from there" #\\x)',
    "open (#t #f #t #f wrong-type)",
    "closed #f",
    "file #u8(1 2 3 255)",
    "resolved #t",
    "service synced #t #t",
    "gone #f #f #!void",
    "faults (0 0 0 0 0 0 0 0 0 0 0 0)",
]


def test_here(cluster):
    main = cluster.main("links")
    main.expect(*ALIKE, "long 100000", *DEAD, seconds=30)
    main.exit(0)


def test_there(cluster):
    other = cluster.serve("links")
    main = cluster.main("links", *other.ready())
    main.expect(*ALIKE, "long exception", *DEAD, seconds=30)
    main.exit(0)


def lost(cluster, lose, reason):
    other = cluster.serve("lost")
    main = cluster.main("lost", *other.ready())
    main.expect("lose it")
    lose(other)
    main.expect(
        "(monitor (down noconnection) once)",
        "(inbound (noconnection pid) once)",
        "(outbound (noconnection pid) once)",
        "(full (noconnection pid) once)",
        "(child (noconnection pid) once)",
        "(parent (condition noconnection) once)",
        "(waiting noconnection once)",
        "(node (node-down #t %s 1) once)" % reason,
        "name #f",
        seconds=20,
    )
    main.expect(
        "(condition noconnection)",
        "sent #t alive #f ping no-reply",
        "(noconnection pid) once",
        "noconnection",
        "noconnection",
        "unreachable",
        "(condition noconnection)",
        seconds=60,
    )
    main.exit(0)


def test_node_is_killed(cluster):
    """Fault list 41."""
    lost(cluster, lambda node: node.kill(), "closed")


def test_node_stops(cluster):
    lost(cluster, lambda node: node.terminate(), "shutdown")


def storm(cluster, seed, processes, operations):
    other = cluster.serve("storm")
    main = cluster.main("storm", seed, processes, operations, *other.ready())
    main.expect("storm is over", "all have ended", "records 0 0", "left nothing, requests 0", seconds=120)
    main.exit(0)


def test_storm(cluster):
    """Fault list 50: links, ends and monitors at random, until all is quiet."""
    for seed in range(1, 4):
        storm(cluster, seed, 20, 200)


@long
def test_storm_of_a_million(cluster):
    storm(cluster, 99, 100, 5000)


def stalled(cluster, *work):
    tick = min(cluster.scaled(2), 5)
    options = ["net-tick-timeout=%g" % tick]
    other = cluster.serve("stalled", options=options)
    main = cluster.main("stalled", *other.ready(), *work, tick, options=options)
    main.expect("pong")
    return main, tick


def test_node_is_stuck(cluster):
    """For as long as it takes: it is told after 4 T, and goes on afterwards."""
    fifo = os.path.join(cluster.folder, "fifo")
    os.mkfifo(fifo)
    main, tick = stalled(cluster, "open", fifo)
    main.expect("stalled #t", seconds=6 * tick)
    with open(fifo, "w") as writer:
        writer.write("x")
    main.expect("done", "quiet")
    main.exit(0)


def test_node_computes(cluster):
    """Neither a process that never waits nor one that waits for long is a node that is stuck."""
    main, tick = stalled(cluster, "compute", 5)
    main.expect("done", "quiet", seconds=10 * tick)
    main.exit(0)


def test_another_run_at_the_address(cluster):
    """Fault list 12: pids of the run that was killed are those of dead processes."""
    other = cluster.start("reborn", serve=cluster.host + ":0")
    main = cluster.main("reborn", *other.ready())
    main.expect("kill it")
    other.kill()
    main.expect("(noconnection #t)", "closed", "start it", seconds=20)
    cluster.start("reborn", serve=other.host_port).ready()
    main.expect("monitor (#t noproc)", "link (noproc #t)", "wait noproc alive #f", "new #t #f #t", "killed", seconds=40)
    main.exit(0)
