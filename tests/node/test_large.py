"""Large messages, which are written and read in steps."""

from harness.marks import heavy


def test_order(cluster):
    """Between small ones they keep their place; other receivers, and ends of processes, are not troubled."""
    other = cluster.serve("overtake")
    main = cluster.main("overtake", *other.ready(), 300000 if cluster.factor == 1 else 3000)
    for name in ("order", "last words", "end", "sender ended", "receiver ended"):
        main.expect(name + " ok", seconds=60)
    main.exit(0)


@heavy
def test_latency(cluster):
    """72: small messages do not wait for large ones, nor do processes of the same node."""
    other = cluster.serve("latency")
    main = cluster.main("latency", *other.ready(), "bytes", 200000000, 3)
    main.expect_match("quiet .*", seconds=30)
    calls = {name: int(main.expect_match(name + r" n (\d+) .*", seconds=60).group(1)) for name in ("here", "across")}
    # A call that waits for a large message is answered once for each of them.
    sent = int(main.expect_match(r"sent (\d+)", seconds=60).group(1))
    if min(calls.values()) < 4 * (sent + 1):
        raise main.failure("answered %r while %d large messages were sent" % (calls, sent))
    main.exit(0)


@heavy
def test_ways(cluster):
    """Every way that carries a value: processes of both nodes run again and again meanwhile."""
    other = cluster.serve("ways")
    main = cluster.main("ways", *other.ready(), 3000000)
    for way in ("send", "zeros", "spawn", "on", "answer", "migrate", "moved", "back"):
        for where in ("here", "there"):
            times = int(main.expect_match("%s %s (\\d+) times.*" % (way, where), seconds=120).group(1))
            if times < 20:
                raise main.failure("%s: %d turns %s" % (way, times, where))
    for way in ("bytes", "object"):
        times = int(main.expect_match("%s here (\\d+) times.*" % way, seconds=120).group(1))
        if times < 20:
            raise main.failure("%s: %d turns" % (way, times))
        main.expect_match("%s there.*" % way, seconds=60)
    main.exit(0)


@heavy
def test_steps(cluster):
    """What is written and read in steps, on either node; an exception that goes to another node is short, or replaced."""
    main = cluster.main("steps", *cluster.serve("steps").ready(), 3000000)
    main.expect("answer 3000000 here 1 there 1", "guest 3000000 here 2 there 2", "late 3000000 here 2 there 2", seconds=120)
    for name in ("there", "moved", "watcher"):
        main.expect("%s ((text 4096) (text 4096)) here 0 there 0" % name, seconds=60)
    main.expect("local (3000000 3000000) here 0 there 0", seconds=60)
    main.exit(0)


@heavy
def test_refused(cluster):
    """What turns out to be too large when a part of it is written already: its sender hears of it."""
    other = cluster.serve("ways")
    main = cluster.main("ways", *other.ready(), "refused")
    for way in ("send", "spawn", "on", "answer"):
        main.expect("refused %s too-large" % way, seconds=120)
    main.expect("refused migrate (migration-failed 300001 #t)", seconds=120)
    main.expect("still there 3", seconds=60)
    main.exit(0)
