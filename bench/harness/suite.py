"""What is measured: one Benchmark per program run, one Row per line of the table.

A row's `targets` are limits of our figure: a peer's name with the largest ratio to
its figure, or `LIMIT` with an absolute one, or `ROW` with another row's metric.
"""

from collections import namedtuple

LIMIT = "limit"

# How a program's figure comes about: `kind` is a function of measure.py.
Benchmark = namedtuple("Benchmark", "program kind arguments quick_arguments peers")
Row = namedtuple("Row", "metric title unit targets")
Target = namedtuple("Target", "peer factor")

SEQUENTIAL = ["chez", "erlang", "gambit", "gambit_block", "c"]
CALLS = SEQUENTIAL + ["c_calls"]
ACTORS = ["erlang", "gambit_block"]


def _node_benchmarks():
    for kind in ("nodes_on_one_core", "nodes_on_two_cores"):
        yield Benchmark("node-pingpong", kind, ["50000"], ["500"], ["erlang", "c"])
        yield Benchmark("node-stream", kind, ["500", "50", "1000000"], ["5", "2", "2000"], ["erlang"])
        yield Benchmark("node-migrate", kind, ["10000", "10000"], ["100", "100"], [])


BENCHMARKS = [
    Benchmark("fib", "timed", ["40", "1"], ["30", "1"], CALLS),
    Benchmark("tak", "timed", ["27", "18", "9", "20"], ["18", "12", "6", "20"], CALLS),
    Benchmark("nrev", "timed", ["5000", "10"], ["1000", "5"], SEQUENTIAL),
    Benchmark("qsort", "timed", ["250000", "10"], ["20000", "3"], SEQUENTIAL),
    Benchmark("smith", "timed", ["600", "50"], ["100", "3"], SEQUENTIAL),
    Benchmark("spawn", "timed", ["1000000"], ["20000"], ACTORS),
    Benchmark("send", "timed", ["10000000"], ["100000"], ACTORS),
    Benchmark("ring", "timed", ["250000", "0"], ["5000", "0"], ACTORS),
    Benchmark("ring", "timed", ["250000", "1000000"], ["5000", "20000"], ACTORS),
    Benchmark("pingpong", "timed", ["200000"], ["2000"], ACTORS),
    Benchmark("rpc", "timed", ["500000", "10000"], ["5000", "1000"], ["erlang"]),
    Benchmark("server", "timed", ["500000"], ["5000"], ["erlang"]),
    Benchmark("dict", "timed", ["1000000"], ["10000"], ["erlang"]),
    Benchmark("supervised", "timed", ["100000"], ["2000"], ["erlang"]),
    Benchmark("idle", "idle_memory", ["1000000", "2"], ["20000", "1"], ACTORS),
    Benchmark("deep", "timed_with_peak", ["10000000", "1"], ["100000", "1"], ["chez", "erlang", "gambit_block", "c"]),
    Benchmark("steady", "steady_memory", ["100000000", "plain"], ["200000", "plain"], []),
    Benchmark("steady", "steady_memory", ["100000000", "after"], ["200000", "after"], []),
    Benchmark("capture", "timed", ["3000000"], ["10000"], []),
    *_node_benchmarks(),
    Benchmark("hello", "start_to_exit", [], [], ["erlang", "c"]),
    Benchmark("hello", "compile", [], [], []),
]

PINGPONG_SIZES = [0, 10, 20, 50, 100, 200, 500, 1000]


def _pingpong_rows():
    yield Row("pingpong-0", "ping-pong, list of 0", "ns", [Target("erlang", 0.3)])
    for size in PINGPONG_SIZES[1:]:
        # Flat: messages go by reference.
        yield Row("pingpong-%d" % size, "ping-pong, list of %d" % size, "ns", [Target("row:pingpong-0", 1.1)])


NODE_CORES = [("one", "one core"), ("two", "two cores")]


def _node_rows():
    for suffix, cores in NODE_CORES:
        message = "row:node-pingpong-0-" + suffix
        yield Row("node-pingpong-0-" + suffix, "ping-pong between nodes, list of 0, %s" % cores, "µs",
                  [Target("erlang", 0.8), Target("c", 1.5)])
        yield Row("node-pingpong-1000-" + suffix, "the same, list of 1000", "µs", [Target("erlang", 0.7)])
        yield Row("node-megabytes-" + suffix, "bytevectors to another node, %s, per MB" % cores, "µs", [Target("erlang", 1.0)])
        yield Row("node-lists-" + suffix, "lists of 200 000 small integers, per element", "ns", [Target("erlang", 1 / 1.5)])
        yield Row("node-oneway-" + suffix, "small messages one way", "ns", [Target("erlang", 0.5)])
        yield Row("node-task-" + suffix, "migrate-task, %s, one way" % cores, "µs", [Target(message, 2)])
        yield Row("node-migrate-" + suffix, "migrate, one way", "µs", [Target(message, 4)])
        yield Row("node-many-tasks-" + suffix, "10 000 processes moved by migrate-task, each", "µs", [Target(LIMIT, 20)])
        yield Row("node-many-moves-" + suffix, "10 000 processes moved by migrate, each", "µs", [Target(LIMIT, 20)])


ROWS = [
    Row("fib", "fib(40)", "ms", [Target("chez", 0.65), Target("erlang", 0.45), Target("c", 1.0),
                                 Target("c_calls", 1.0)]),
    Row("tak", "tak(27, 18, 9)", "ms", [Target("chez", 0.65), Target("erlang", 0.45), Target("c", 1.0),
                                 Target("c_calls", 1.0)]),
    Row("nrev", "nrev(5000)", "ms", [Target("chez", 1.0), Target("erlang", 0.6)]),
    Row("qsort", "qsort(250 000)", "ms", [Target("chez", 1.0), Target("erlang", 0.6)]),
    Row("smith", "smith(600)", "ms", [Target("chez", 1.0), Target("erlang", 0.6)]),
    Row("spawn", "spawn chain, per process", "ns", [Target("erlang", 0.1)]),
    Row("send", "send to self and receive", "ns", [Target("erlang", 0.3)]),
    Row("ring-0", "ring of 250 000, K = 0, per process", "ns", [Target("erlang", 0.2)]),
    Row("ring-1000000", "ring of 250 000, K = 1 000 000", "ns", [Target("erlang", 0.4)]),
    *_pingpong_rows(),
    Row("rpc-empty", "!? with an empty mailbox", "ns", []),
    Row("rpc-backlog", "!? with 10 000 messages queued", "ns", [Target("row:rpc-empty", 2.0)]),
    Row("server-bare", "the same, next to which a generic server stands", "ns", []),
    Row("server-call", "generic-server-call (gen_server:call)", "ns", [Target("row:server-bare", 1.5), Target("erlang", 0.5)]),
    Row("dict-insert", "persistent dictionary to 1 000 000 keys, insert", "ns", [Target("erlang", 1.0)]),
    Row("dict-lookup", "the same, lookup", "ns", [Target("erlang", 1.0)]),
    Row("supervised-start", "100 000 children of simple-one-for-one, each", "ns", [Target("erlang", 0.5)]),
    Row("idle-memory", "memory of an idle process", "bytes", [Target(LIMIT, 400)]),
    Row("deep", "recursion 10 000 000 deep", "ms", []),
    Row("deep-peak", "the same: peak memory", "MB", [Target(LIMIT, 1024)]),
    Row("steady-plain", "server loop, growth over 10^8 messages", "MB", [Target(LIMIT, 1)]),
    Row("steady-after", "the same with `after`", "MB", [Target(LIMIT, 1)]),
    Row("capture", "continuation captured, resumed in a new process", "ns", [Target(LIMIT, 300)]),
    *_node_rows(),
    Row("hello-start", "hello: start to exit", "ms", [Target(LIMIT, 10)]),
    Row("hello-compile", "hello: compile and link at -O2", "ms", [Target(LIMIT, 700)]),
]

# Unit -> how many of it make one of what the programs report (ns, bytes).
UNITS = {"ns": 1, "µs": 1e3, "ms": 1e6, "bytes": 1, "MB": 1 << 20}
