"""Tail calls in constant space, on every machine."""
import resource
import subprocess

import machines
from harness.cluster import Failure

STACK_BYTES = 512 << 10
CALLS, MANY = 1000000, 10000000
RESULT = "(2 3 4 5 6 7 8 9 1)\n"


def mutual(builds, calls):
    """The stack has room for a byte a call, at most; qemu gives the program one of that size too."""
    def limit():
        resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, STACK_BYTES))
    for target, file in builds.program("mutual").items():
        done = subprocess.run([*machines.runner(target), file, str(calls // CALLS), str(CALLS)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, preexec_fn=limit, timeout=3000)
        if done.returncode != 0 or done.stdout != RESULT:
            raise Failure("%s: exit code %d, printed %r" % (target, done.returncode, done.stdout))


def test_mutual(builds):
    """Mutual recursion with more arguments than registers: 10^7 calls."""
    mutual(builds, MANY)


def test_mutual_all(builds):
    """The same, 10^9 calls."""
    mutual(builds, 100 * MANY)


test_mutual_all.long = True
