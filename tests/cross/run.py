#!/usr/bin/env python3
"""Programs compiled for several machines, and clusters of them under qemu. Each function test_* of tests/cross/test_*.py
is a test. Machines without runtime, sysroot or qemu are left out, which is said; exit code 77 if fewer than two are left.

tests/cross/run.py [--build DIR] [--targets A,B,...] [--filter TEXT] [--long] [--jobs N] [--list]

Targets that are named, in the option or in TT_CROSS_TARGETS, are not left out: the run fails without them.
"""
import argparse
import importlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "node"), str(HERE.parent)]

import machines  # noqa: E402
from builds import Builds, Compiled  # noqa: E402
from harness.cluster import STARTED, Failure, Skip  # noqa: E402

SKIPPED = 77


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="build folder, with the compiler")
    parser.add_argument("--targets", default=os.environ.get("TT_CROSS_TARGETS", ""), help="first parts of triples; default: all that there are")
    parser.add_argument("--filter", default="", help="only tests whose name contains this")
    parser.add_argument("--long", action="store_true", help="the tests that take minutes, not the others")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print the tests and exit")
    return parser.parse_args()


def bring_up_to_date(target, build):
    """A runtime that was built before rt has changed is built again."""
    if target == os.uname().machine:
        return
    done = subprocess.run([str(machines.ROOT / "tools/runtime"), "--build=%s" % build, target], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=900)
    if done.returncode != 0:
        raise Failure("no runtime for %s:\n%s" % (target, done.stdout))


def choose_targets(asked, build):
    """The machines that take part. Failure: one that was asked for cannot."""
    chosen = []
    for target in asked or machines.MACHINES:
        reason = machines.missing(target, build)
        if reason and asked:
            raise Failure(reason)
        if reason:
            print("left out:", reason)
        else:
            bring_up_to_date(target, build)
            chosen.append(target)
    return chosen


def tests_of(options):
    for path in sorted(HERE.glob("test_*.py")):
        for name, function in list(vars(importlib.import_module(path.stem)).items()):
            full = path.stem[5:] + "." + name[5:]
            if name.startswith("test_") and options.filter in full and getattr(function, "long", False) == options.long:
                yield full, function


def run(name, function, builds):
    """(verdict, text)"""
    try:
        function(builds)
        return "pass", ""
    except Skip as reason:
        return "skip", str(reason)
    except Failure as failure:
        return "FAIL", str(failure)
    except Exception:
        return "FAIL", traceback.format_exc()


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
    if options.list:
        print(*(name for name, _ in tests_of(options)), sep="\n")
        return 0
    build = pathlib.Path(options.build).resolve()
    try:
        targets = choose_targets([word for word in options.targets.split(",") if word], build)
    except Failure as failure:
        print("FAIL", failure, "0 passed, 1 failed", sep="\n")
        return 1
    if len(targets) < 2:
        print("skipped: fewer than two machines")
        return SKIPPED
    print("machines:", *targets)
    counts = {"pass": 0, "FAIL": 0, "skip": 0}
    with tempfile.TemporaryDirectory(prefix="tt-cross-programs-") as folder:
        compiled = Compiled(folder)
        for name, function in tests_of(options):
            start = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="tt-cross-") as out:
                verdict, text = run(name, function, Builds(str(build / "tcc-termite"), targets, out, compiled, options.jobs))
            counts[verdict] += 1
            print("%s %s (%.1f s)" % (verdict, name, time.monotonic() - start), *("    " + line for line in text.splitlines()), sep="\n", flush=True)
    print("%d passed, %d failed" % (counts["pass"], counts["FAIL"]) + (", %d skipped" % counts["skip"] if counts["skip"] else ""))
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
