"""The programs of tests/run, whose processes go on to another machine whenever they receive (hops.py)."""
import concurrent.futures
import os
import subprocess
import tempfile

import hops
import machines
from harness.cluster import Cluster, Failure
from harness.marks import long
from run_tests import Expectations

COMPILE_SECONDS, FACTOR = 300, 20.0
SECONDS = 5  # that a program hops at every receive
# Of the machines that there are: the one that compiles, a big-endian one, one of 32 bits.
SAMPLE = [os.uname().machine, "s390x", "arm"]
SAMPLE_AREAS = ["paper", "control", "demo", "process", "fault"]


class Hopping:
    """One program, compiled for the machines; what Cluster asks for a program."""

    def __init__(self, compiler, home, source, targets, folder):
        self.folder, self.targets, self.wanted = folder, targets, Expectations(source)
        main = hops.make_program(source, folder)
        done = subprocess.run([compiler, "--static", "--target=" + ",".join(sorted(set(targets))), str(main), "-o", self.binary("program")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=COMPILE_SECONDS,
                              env={**os.environ, "TCC_TERMITE_HOME": str(home)})
        if done.returncode != 0:
            raise Failure("the compiler refuses the program that hops:\n" + done.stdout)

    def binary(self, name):
        return os.path.join(self.folder, name)

    def start(self, cluster, target, terminal, method, *arguments, env=None):
        return method("program." + target, *arguments, prefix=machines.runner(target), name=target, stdout=terminal.slave,
                      env={**self.wanted.env, **(env or {})})

    def run(self):
        """What is wrong with what it printed, on all nodes."""
        terminal = hops.Terminal()
        with Cluster(self, FACTOR) as cluster:
            nodes = [self.start(cluster, target, terminal, cluster.serve) for target in self.targets[1:]]
            ports = " ".join(str(node.address[1]) for node in nodes)
            main = self.start(cluster, self.targets[0], terminal, cluster.main, *self.wanted.args, env={"TT_HOP_PORTS": ports, "TT_HOP_SECONDS": str(SECONDS)})
            main.process.stdin.write(self.wanted.input.encode())
            main.process.stdin.close()
            main.exit(self.wanted.exit_code, self.wanted.timeout)
        out, err = terminal.close(), "\n".join(node.err.text() for node in cluster.nodes)
        complaints = [] if out.splitlines() == self.wanted.out else ["it printed:", *out.splitlines()[:40]]
        complaints += ["stderr lacks: " + text for text in self.wanted.err if text not in err]
        complaints += ["stderr has: " + text for text in self.wanted.not_err if text in err]
        return complaints + (["stderr:", *err.splitlines()[:30]] if complaints else [])


def attempt(compiler, home, source, targets):
    try:
        with tempfile.TemporaryDirectory(prefix="tt-hop-") as folder:
            return Hopping(compiler, home, source, targets, folder).run()
    except (Failure, subprocess.SubprocessError) as failure:
        return str(failure).splitlines()


def sources(areas):
    """The programs of these folders that receive, and are not among the exceptions; only those of TT_HOP_FILTER."""
    rows, only = hops.exceptions(), os.environ.get("TT_HOP_FILTER", "")
    for area in areas:
        for path in sorted((hops.RUN / area).rglob("*.scm")):
            wanted = Expectations(path)
            if hops.receives(path) and not wanted.long and not hops.reason_for(path, rows) and only in str(path):
                yield path


def run_all(builds, targets, areas):
    home = hops.make_home(os.path.dirname(builds.compiler), os.path.join(builds.out, "home"))
    jobs, failed = list(sources(areas)), []
    with concurrent.futures.ThreadPoolExecutor(builds.jobs) as pool:
        # Each machine is home in its turn.
        rounds = [targets[i % len(targets):] + targets[:i % len(targets)] for i in range(len(jobs))]
        for path, complaints in zip(jobs, pool.map(lambda job: attempt(builds.compiler, home, *job), zip(jobs, rounds))):
            if complaints:
                failed += ["%s:" % path.relative_to(hops.RUN), *("    " + line for line in complaints)]
    if failed:
        raise Failure("\n".join(failed))


def test_sample(builds):
    """Some folders, over the machines that differ most."""
    sample = [target for target in SAMPLE if target in builds.targets]
    run_all(builds, sample if len(sample) > 1 else builds.targets[:3], SAMPLE_AREAS)


@long
def test_all_machines(builds):
    run_all(builds, builds.targets, sorted(path.name for path in hops.RUN.iterdir() if path.is_dir()))
