"""Large messages, which are written and read in steps."""

from harness.load import Timer
from harness.marks import heavy


def test_order(cluster):
    """Between small ones they keep their place; other receivers, and ends of processes, are not troubled."""
    other = cluster.serve("overtake")
    main = cluster.main("overtake", *other.ready(), 300000 if cluster.factor == 1 else 3000)
    for name in ("order", "last words", "end", "sender ended", "receiver ended", "cannot travel"):
        main.expect(name + " ok", seconds=60)
    main.exit(0)


@heavy
def test_latency(cluster):
    """72: small messages do not wait for large ones, nor do processes of the same node."""
    other = cluster.serve("latency")
    main = cluster.main("latency", *other.ready(), "bytes", 200000000, 3)
    main.expect_match("quiet .*", seconds=30)
    timer = Timer()
    for name, most_s in (("here", 0.02), ("across", 0.1)):
        p99 = int(main.expect_match(name + r" n \d+ p50 \d+ p99 (\d+) max \d+", seconds=60).group(1))
        timer.at_most(p99 / 1e6, most_s, name + ": 99 of 100 calls were answered")
    main.exit(0)
