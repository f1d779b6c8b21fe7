#!/usr/bin/env python3
"""Programs compiled for several machines: the same images from all, a process that walks through all, the same bytes
from the same input. Machines without runtime, sysroot or qemu are left out, which is said; exit code 77 if none is left.

tests/cross/run.py [--build DIR] [--targets A,B,...]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "node")]

import machines  # noqa: E402
from harness.cluster import Cluster, Failure  # noqa: E402

SKIPPED = 77
TAILS_RESULT = "5\n(2 3 4 5 6 7 8 9 10 11 1)\n(1000 1001)\n(1 2 3 4 5 6 7 8 1)\nend\n"
RING_RESULT = HERE / "ring.out"


class Builds:
    """tests/cross/*.scm for all machines; what Cluster asks for a program."""

    def __init__(self, compiler, targets, out):
        self.compiler, self.targets, self.out = compiler, targets, out

    def compile(self, program, name):
        """One run of the compiler for all machines; gives the files."""
        path = os.path.join(self.out, name)
        subprocess.run([self.compiler, "--static", "--target=" + ",".join(self.targets), str(HERE / (program + ".scm")), "-o", path],
                       check=True, timeout=300)
        return {target: path + "." + target for target in self.targets}

    def binary(self, name):
        return os.path.join(self.out, name)


def run_on(target, file):
    done = subprocess.run([*machines.runner(target), file], capture_output=True, timeout=120)
    if done.returncode != 0:
        raise Failure("%s: exit code %d\n%s" % (target, done.returncode, done.stderr.decode(errors="replace")))
    return done.stdout


def test_images(builds):
    """Code ids, descriptors and values are the same bytes from every machine's program."""
    images = {target: run_on(target, file).splitlines() for target, file in builds.compile("images", "images").items()}
    first = builds.targets[0]
    for target, lines in images.items():
        if lines == images[first]:
            continue
        line = next((i for i, (a, b) in enumerate(zip(lines, images[first])) if a != b), min(len(lines), len(images[first])))
        raise Failure("line %d of images.scm: %s and %s differ" % (line + 1, first, target))


def test_same_bytes(builds):
    """The same input gives the same executables."""
    first, second = builds.compile("images", "again"), builds.compile("images", "again2")
    for target in builds.targets:
        if pathlib.Path(first[target]).read_bytes() != pathlib.Path(second[target]).read_bytes():
            raise Failure("two executables for %s differ" % target)


def walk(builds, home):
    with Cluster(builds, 6.0) as cluster:
        ports = [cluster.serve("ring." + target, prefix=machines.runner(target), name=target).ready()[1]
                 for target in builds.targets if target != home]
        main = cluster.main("ring." + home, *ports, prefix=machines.runner(home), name=home)
        main.expect(*RING_RESULT.read_text().splitlines(), seconds=20)
        main.exit(seconds=20)


def test_ring(builds):
    """A process with one of everything goes around all machines; each of them is home once."""
    builds.compile("ring", "ring")
    for home in builds.targets:
        walk(builds, home)


def test_tails(builds):
    """Tail calls of all kinds take no room."""
    results = {target: run_on(target, file) for target, file in builds.compile("tails", "tails").items()}
    for target, text in results.items():
        if text.decode() != TAILS_RESULT:
            raise Failure("%s printed %r" % (target, text))


def bring_up_to_date(target, build):
    """A runtime that was built before rt has changed is built again."""
    if machines.runner(target):
        subprocess.run([str(HERE.parent.parent / "tools/runtime"), "--build=%s" % build, target], check=True,
                       stdout=subprocess.DEVNULL, timeout=900)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="build folder, with the compiler")
    parser.add_argument("--targets", default=",".join(machines.MACHINES), help="first parts of triples")
    options = parser.parse_args()
    build = pathlib.Path(options.build).resolve()
    targets = []
    for target in options.targets.split(","):
        reason = machines.missing(target, build)
        if reason:
            print("left out:", reason)
        else:
            bring_up_to_date(target, build)
            targets.append(target)
    if len(targets) < 2:
        return SKIPPED
    failed = 0
    tests = [(name[5:], function) for name, function in globals().items() if name.startswith("test_")]
    with tempfile.TemporaryDirectory(prefix="tt-cross-") as out:
        for name, function in tests:
            try:
                function(Builds(str(build / "tcc-termite"), targets, out))
                print("pass", name, flush=True)
            except (Failure, subprocess.SubprocessError) as failure:
                failed += 1
                print("FAIL", name, *("    " + line for line in str(failure).splitlines()), sep="\n", flush=True)
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
