"""Processes that move between nodes and keep their pid."""

import time

from harness.cluster import Failure
from harness.marks import heavy, long


def test_luggage(cluster):
    """What a process takes along; a main process too, whose end ends its program."""
    other = cluster.serve("luggage")
    main = cluster.main("luggage", *other.ready())
    main.find("^main done", seconds=40)
    other.find("^main is away", seconds=20)
    main.exit(0)
    for node in (main, other):
        if "WRONG" in node.out.text():
            raise Failure(node.failure("something was lost on the way"))


def test_ties(cluster):
    """Links, monitors, ends, timeouts of guests."""
    other = cluster.serve("ties")
    main = cluster.main("ties", *other.ready())
    main.expect("normal: normal", "exception: (exception (gone wrong))", "alive: #t", "terminated: killed",
                "dead: #f", "linked: thrown-there", "linked from there: also-thrown", "unlinked",
                "after unlink: (exception not-heard) nothing", "heard of home: normal",
                "heard of its neighbour: child-error", "heard of its child: linked-child",
                "heard of its far child: far-child", "the child heard: parent-error",
                "heard after the move: normal", "demonitored: nothing", "back: nothing-more", "timeout of a guest: ok", seconds=30)
    main.exit(0)


def test_guest_monitors_its_neighbours(cluster):
    """What a guest hears of processes of the node where it is, is what it would hear at home, in that order."""
    main = cluster.main("guest-monitors", *cluster.serve("guest-monitors").ready())
    main.expect("normal", "(exception boom)", "noproc", "killed", "((exception oops) then oops)", "quiet", "tour normal", seconds=30)
    main.exit(0)


def test_late_replies_do_not_follow(cluster):
    """The reply to a call that was given up is dropped wherever its process is when it comes."""
    main = cluster.main("late-replies", *cluster.serve("late-replies").ready(), *cluster.serve("late-replies").ready())
    twice = "(late late)"
    for name, places in (("away", 1), ("home", 1), ("further", 1), ("around", 4)):
        main.expect("(%s (%s) nothing (answer z))" % (name, " ".join([twice] * places)), seconds=30)
    main.exit(0)


def test_many_move_at_once(cluster):
    other = cluster.serve("movers")
    main = cluster.main("movers", 2000, *other.ready())
    main.expect("all came: #t", "a message more: none", seconds=30)
    main.exit(0)


@heavy
def test_ten_thousand_move_at_once(cluster):
    other = cluster.serve("movers")
    main = cluster.main("movers", 10000, *other.ready())
    main.expect("all came: #t", "a message more: none", seconds=60)
    main.exit(0)


def start_jumping(cluster, count, seconds, **keywords):
    others = [cluster.serve("jumpers", **keywords) for _ in range(2)]
    main = cluster.main("jumpers", count, *[word for node in others for word in node.ready()],
                        env={"SECONDS_TO_JUMP": str(seconds)}, **keywords)
    main.expect("jumping", seconds=20)
    return main, others


def settle(main, seconds):
    """Each process has been announced as lost, or answers; none was ever in two places. How many are lost."""
    got = main.expect_match(r"failed moves \d+, lost (\d+): (\d+) noconnection, (\d+) in doubt", seconds=seconds + 120)
    lost = int(got.group(1))
    if lost != int(got.group(2)) + int(got.group(3)):
        raise Failure("%d processes are lost for another reason" % lost)
    main.expect("doubled 0, silent ()")
    main.exit(0)
    return lost


def jump(cluster, count, seconds, kill_after, back):
    main, others = start_jumping(cluster, count, seconds)
    time.sleep(kill_after)
    if back is not None:
        others[back].kill()
    lost = settle(main, seconds)
    if back is None and lost:
        raise Failure("%d processes were lost" % lost)
    return lost


def test_jumpers(cluster):
    jump(cluster, 40, 2, 0, None)


@heavy
def test_jumpers_lose_a_node(cluster):
    """Fault list 55, 56: kill -9 of what is source, target, or host of many processes at any moment."""
    for kill_after in (0.5, 1, 2):  # on a slow machine little happens in half a second
        if jump(cluster, 60, 3, kill_after, 0) > 0:
            return
    raise Failure("nothing was on the nodes that were killed")


@heavy
def test_jumpers_while_a_node_stands_still(cluster):
    """Fault list 57: connections are lost at any moment of moves, the nodes live on."""
    main, others = start_jumping(cluster, 60, 8, options=("net-tick-timeout=1",))
    for node in others:
        time.sleep(1)
        node.pause()
        time.sleep(2)
        node.resume()
    settle(main, 8)


@long
@heavy
def test_jumpers_lose_nodes_at_any_moment(cluster):
    for round in range(12):
        jump(cluster, 30, 2, 0.15 * round, round % 2)


def test_refused_for_lack_of_code(cluster):
    """Fault list 59: the target has other code; the process goes on where it is."""
    other = cluster.serve("bystander")
    main = cluster.main("refusals", *other.ready())
    main.expect("unknown-code")
    main.expect_match(r".*the procedure try is not there.*: [0-9a-f]{32}")
    main.expect("still here", "home: fine", "in a message: fine")
    main.exit(0)


def test_home_is_lost(cluster):
    """A guest goes on under another pid when its home is killed; it is told, and so is who watches it."""
    home = cluster.serve("orphan")
    main = cluster.main("orphan", *home.ready())
    main.expect("the guest is here")
    home.kill()
    main.expect("the watcher heard noconnection", "the guest heard noconnection", "another pid: #t", "it answers: yes")
    main.exit(0)
