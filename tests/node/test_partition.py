"""Nodes on hosts of their own that lose each other: killed, stopped, cut off in both directions or in one. What
G3 of the contract says is seen, and when. Fault list C."""

import time

from harness.cluster import Failure
from harness.lab import Lab
from harness.load import Timer

CLEARTEXT = "insecure-cleartext"
LOOPBACK_BOUND_S = 1.0
TICK_S = 2.0  # T, when it is what the test waits for; nodes that are not cut off must get along with it too


def pair(cluster, tick_s, hosts=None, ms=10, options=()):
    """Two nodes that watch each other, main first; on two hosts of a lab, or on loopback."""
    options = ["net-tick-timeout=%g" % tick_s, *options]
    places = [(cluster.host, ())] * 2 if hosts is None else [(host.address, host.prefix) for host in hosts[:2]]
    other = cluster.start("pair", serve=places[1][0] + ":0", prefix=places[1][1], options=options, name="other")
    main = cluster.start("pair", *other.ready(), ms, node=places[0][0] + ":0", prefix=places[0][1], options=options, name="main")
    main.expect("watched")
    other.find("^got 50$")
    return main, other


def expect_down(node, reason, seconds):
    node.find("^down %s$" % reason, seconds)


def clean(other):
    """Nothing came late or twice."""
    for line in other.out.all:
        if line.startswith(("late", "again")):
            raise other.failure("printed %r" % line)


def test_killed_peer(cluster):
    """41: the other side knows at once, and everything that watches or is linked hears it once."""
    main, other = pair(cluster, 15)
    timer = Timer()
    other.kill()
    lines = sorted(main.line(5) or "nothing" for _ in range(3))
    timer.within(0, LOOPBACK_BOUND_S * cluster.factor, "the end of the peer was seen")
    if lines != ["down closed", "link noconnection", "monitor noconnection"]:
        raise main.failure("saw %s" % lines)
    main.silent(0.5)
    main.kill()


def test_orderly_end(cluster):
    main, other = pair(cluster, 15)
    other.terminate()
    other.exit(0)
    expect_down(main, "shutdown", 2)
    main.kill()


def test_restarted_peer(cluster):
    """12: a new run at the same address: the old pids are dead, the new ones are served."""
    main, other = pair(cluster, 15)
    address = other.host_port
    other.kill()
    expect_down(main, "closed", 2)
    again = cluster.start("pair", serve=address, options=["net-tick-timeout=15"])
    again.ready()
    main.find("^back$", 15)
    again.silent(0.5)  # what goes to the old sink is dropped
    main.kill()


def test_stopped_for_less_than_t(cluster):
    """46: SIGSTOP for less than T is not seen."""
    main, other = pair(cluster, 8)
    other.pause()
    time.sleep(1.5)
    other.resume()
    other.find("^got ")
    other.find("^got ")
    clean(other)
    if any(line.startswith(("gap", "down")) for line in other.out.all + main.out.all):
        raise Failure("something was lost")
    main.kill()


def test_stopped_for_more_than_t(cluster):
    """46: the other side takes it for lost; when it goes on, it finds that out."""
    tick = TICK_S * cluster.factor
    main, other = pair(cluster, tick)
    timer = Timer(tick)
    other.pause()
    main.find("^down tick-timeout$", 3 * tick)
    timer.within(0.7 * tick, 1.5 * tick + 0.3, "the stopped peer was lost")
    time.sleep(0.5)
    other.resume()
    other.find("^down ", 3 * tick)
    main.find("^back$", 12)
    clean(other)
    main.kill()


def test_short_partition(cluster):
    """42: a silent partition of less than T heals without a loss."""
    lab = Lab(cluster, 2)
    main, other = pair(cluster, 8 * cluster.factor, lab.hosts, options=[CLEARTEXT])
    lab.cut(*lab.hosts)
    time.sleep(1.5)
    lab.heal(*lab.hosts)
    for _ in range(3):
        other.find("^got ", 10)
    for node in (main, other):
        if any(line.startswith(("gap", "down", "late", "again")) for line in node.out.all):
            raise node.failure("something was lost")
    main.kill()


def check_long_partition(cluster, cut, heal, options, reasons="tick-timeout|unreachable"):
    tick = TICK_S * cluster.factor
    lab = Lab(cluster, 2)
    main, other = pair(cluster, tick, lab.hosts, options=options)
    timer = Timer(tick)
    cut(lab)
    for node in (main, other):
        expect_down(node, "(%s)" % reasons, 3 * tick)
    timer.within(0.7 * tick, 1.5 * tick + 0.3 * cluster.factor, "the partition was seen on both sides")
    time.sleep(1)
    heal(lab)
    timer = Timer()
    main.find("^back$", 12)
    timer.within(0, 11 * cluster.factor, "connected again")
    other.find("^back$", 12)
    for line in ("monitor noconnection", "link noconnection"):
        if main.out.all.count(line) != 1:
            raise main.failure("expected %r once" % line)
    other.find("^got ", 10)
    if "gap" not in other.out.all:
        raise other.failure("nothing of what was sent into the partition is missing")
    clean(other)
    main.kill()


def test_long_partition(cluster):
    """43: both sides see it in 0.75 T to 1.25 T; healed, they connect again; nothing of before is delivered after."""
    check_long_partition(cluster, lambda lab: lab.cut(*lab.hosts), lambda lab: lab.heal(*lab.hosts), [CLEARTEXT])


def test_one_way_partition(cluster):
    """44: one direction is enough. Who is not heard may be told so by the other side, which still reaches it."""
    check_long_partition(cluster, lambda lab: lab.hosts[0].deaf_to(lab.hosts[1]), lambda lab: lab.hosts[0].hears(lab.hosts[1]),
                         [CLEARTEXT], "tick-timeout|unreachable|closed")


def test_overlapping_partition(cluster):
    """44: A and B are cut off from each other, both see C: C loses nobody."""
    tick = TICK_S * cluster.factor
    lab = Lab(cluster, 3)
    options = ["net-tick-timeout=%g" % tick, CLEARTEXT]
    third = cluster.start("pair", serve=lab.hosts[2].address + ":0", prefix=lab.hosts[2].prefix, options=options, name="third")
    third.ready()
    main, other = pair(cluster, tick, lab.hosts, options=[CLEARTEXT])
    friend = cluster.start("pair", *third.address, 10, node=lab.hosts[1].address + ":0", prefix=lab.hosts[1].prefix, options=options)
    friend.expect("watched")
    lab.cut(lab.hosts[0], lab.hosts[1])
    expect_down(main, "(tick-timeout|unreachable)", 3 * tick)
    time.sleep(tick)
    third.find("^got ", 5)
    if any("down" in line or "gap" in line for line in third.out.all + friend.out.all):
        raise third.failure("the third node was drawn in")
    main.kill()
    friend.kill()


def test_lost_host(cluster):
    """45: a host that is gone without FIN or RST."""
    tick = TICK_S * cluster.factor
    lab = Lab(cluster, 2)
    main, other = pair(cluster, tick, lab.hosts, options=[CLEARTEXT])
    timer = Timer(tick)
    lab.hosts[1].vanish()
    other.kill()
    expect_down(main, "(tick-timeout|unreachable)", 3 * tick)
    timer.within(0.7 * tick, 1.5 * tick + 0.3 * cluster.factor, "the lost host was seen")
    main.kill()


def test_cleartext_is_refused(cluster):
    """15: an address that is not loopback needs TLS, or the word that it may be without."""
    lab = Lab(cluster, 1)
    host = lab.hosts[0]
    bold = cluster.start("pair", serve=host.address + ":0", prefix=host.prefix, options=[CLEARTEXT])
    bold.ready()
    bold.complains("cleartext")


def test_tls_partition(cluster):
    """The same over TLS, which is what hosts use."""
    check_long_partition(cluster, lambda lab: lab.cut(*lab.hosts), lambda lab: lab.heal(*lab.hosts), [])


def test_groups_in_halves(cluster):
    """A partition leaves both halves of a group serving their own members; they are one group again when it ends."""
    tick = TICK_S * cluster.factor
    lab = Lab(cluster, 2)
    options = ["net-tick-timeout=%g" % tick, CLEARTEXT]
    other = cluster.start("halves", serve=lab.hosts[0].address + ":0", prefix=lab.hosts[0].prefix, options=options, name="other")
    main = cluster.start("halves", *other.ready(), node=lab.hosts[1].address + ":0", prefix=lab.hosts[1].prefix, options=options,
                         name="main")
    for node in (main, other):
        node.find("^known 2 heard 2$")
    lab.cut(*lab.hosts)
    for node in (main, other):
        node.find("^known 1 heard 1$", 4 * tick + 2)
    lab.heal(*lab.hosts)
    for node in (main, other):
        node.find("^known 2 heard 2$", 15)
    main.kill()
    other.find("^known 1 heard 1$", 5)
