"""Programs compiled for several machines, each by one run of the compiler, and started where they belong."""
import os
import pathlib
import subprocess
import threading

import machines
from harness.cluster import Failure

HERE = pathlib.Path(__file__).resolve().parent
COMPILE_SECONDS, RUN_SECONDS = 600, 300


class Compiled:
    """The programs of this folder that were compiled, in a folder that all tests of a run share."""

    def __init__(self, folder):
        self.folder, self.lock, self.names = folder, threading.Lock(), set()


class Builds:
    """What Cluster asks for a program: the name is that of a source in this folder, a dot, and the machine. `out` is the
    test's own folder."""

    def __init__(self, compiler, targets, out, compiled, jobs=2):
        self.compiler, self.targets, self.out, self.compiled, self.jobs = compiler, targets, out, compiled, jobs

    @property
    def host(self):
        return os.uname().machine

    def compile(self, source, name, targets=None, folder=None):
        """One run of the compiler for all machines; gives the files."""
        targets = targets or self.targets
        path = os.path.join(folder or self.out, name)
        done = subprocess.run([self.compiler, "--static", "--target=" + ",".join(targets), str(source), "-o", path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=COMPILE_SECONDS)
        if done.returncode != 0:
            raise Failure("the compiler refuses %s:\n%s" % (source, done.stdout))
        # One machine alone is named as well.
        return {target: path + "." + target for target in targets}

    def program(self, name):
        """tests/cross/NAME.scm for all machines, compiled once a run."""
        with self.compiled.lock:
            if name not in self.compiled.names:
                self.compile(HERE / (name + ".scm"), name, folder=self.compiled.folder)
                self.compiled.names.add(name)
        return {target: os.path.join(self.compiled.folder, name + "." + target) for target in self.targets}

    def binary(self, name):
        source, _, target = name.rpartition(".")
        return self.program(source)[target]

    def run_on(self, target, file, *arguments):
        done = subprocess.run([*machines.runner(target), file, *arguments], capture_output=True, timeout=RUN_SECONDS)
        if done.returncode != 0:
            raise Failure("%s: exit code %d\n%s" % (target, done.returncode, done.stderr.decode(errors="replace")))
        return done.stdout


def serve(cluster, program, target, **keywords):
    """A node of that machine."""
    return cluster.serve(program + "." + target, prefix=machines.runner(target), name=target, **keywords)


def start_main(cluster, program, target, *arguments, **keywords):
    return cluster.main(program + "." + target, *arguments, prefix=machines.runner(target), name=target, **keywords)
