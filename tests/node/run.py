#!/usr/bin/env python3
"""Tests of several node processes. Each function test_* of tests/node/test_*.py is one; it gets a Cluster.

tests/node/run.py [--build DIR] [--filter TEXT] [--long] [--jobs N] [--list]
"""

import argparse
import concurrent.futures
import importlib
import os
import pathlib
import re
import signal
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness.cluster import STARTED, Cluster, Failure, Programs, Skip  # noqa: E402


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="build folder, with the compiler")
    parser.add_argument("--filter", default="", help="only tests whose name contains this, or one of several with commas between")
    parser.add_argument("--long", action="store_true", help="the tests that take minutes, not the others")
    parser.add_argument("--timeout-factor", type=float, default=0, help="multiply time limits (default 1; 6 in sanitizer builds)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print the tests and exit")
    return parser.parse_args()


def kind_of(build):
    """(whether this is a sanitizer or hostile build, whether it is a hostile one), by its CMake cache."""
    cache = build / "CMakeCache.txt"
    text = cache.read_text() if cache.exists() else ""
    is_hostile = bool(re.search(r"^TT_HOSTILE:BOOL=(ON|1|TRUE)$", text, re.M))
    return is_hostile or bool(re.search(r"^TT_SANITIZE:STRING=.+$", text, re.M)), is_hostile


def tests_of(options, slow, hostile):
    """(name, function) of each test that applies. Marks are attributes of the function: see harness/marks.py."""
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for name, function in vars(module).items():
            if not name.startswith("test_") or not callable(function):
                continue
            full = path.stem[5:] + "." + name[5:]
            excluded = (slow and getattr(function, "heavy", False)) or (hostile and getattr(function, "usual_limits", False))
            wanted = getattr(function, "long", False) == options.long and not excluded
            if wanted and any(text in full for text in options.filter.split(",")):
                yield full, function


def run(function, programs, factor):
    """(verdict, text, seconds)"""
    start = time.monotonic()
    try:
        with Cluster(programs, factor) as cluster:
            function(cluster)
        verdict, text = "pass", ""
    except Skip as reason:
        verdict, text = "skip", str(reason)
    except Failure as failure:
        verdict, text = "FAIL", str(failure)
    except Exception:
        verdict, text = "FAIL", traceback.format_exc()
    return verdict, text, time.monotonic() - start


def stopped(number, frame):
    """Leaves no node behind when the runner is told to end, as by a time limit."""
    for group in list(STARTED):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(1)


def main():
    signal.signal(signal.SIGTERM, stopped)
    options = parse_options()
    build = pathlib.Path(options.build).resolve()
    slow, hostile = kind_of(build)
    tests = list(tests_of(options, slow, hostile))
    if options.list:
        print(*(name for name, _ in tests), sep="\n")
        return 0
    counts = {"pass": 0, "FAIL": 0, "skip": 0}
    with tempfile.TemporaryDirectory(prefix="tt-node-programs-") as out:
        programs = Programs(str(build / "tcc-termite"), str(HERE / "prog"), out)
        factor = options.timeout_factor or (6.0 if slow else 1.0)

        def report(name, function):
            verdict, text, seconds = run(function, programs, factor)
            counts[verdict] += 1
            print("%s %s (%.1f s)" % (verdict, name, seconds), *("    " + line for line in text.splitlines()), sep="\n", flush=True)

        together = [test for test in tests if not getattr(test[1], "alone", False)]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(lambda test: report(*test), together))
        for name, function in tests:
            if getattr(function, "alone", False):
                report(name, function)
    skipped = ", %d skipped" % counts["skip"] if counts["skip"] else ""
    print("%d passed, %d failed%s" % (counts["pass"], counts["FAIL"], skipped))
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
