"""Runs programs, one at a time, on one core, and reads their figures.

Each kind of measurement (suite.py) gives {metric: (figure, result)}: nanoseconds or
bytes, and what the program computed, which must be the same for all peers (None:
nothing to compare).
"""

import os
import re
import subprocess
import tempfile
import threading
import time


class RunError(Exception):
    pass


def _one_core(core=-1):
    """One core (the last), and before other work on it where that is allowed."""
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except PermissionError:
        pass


class Run:
    """A started program: its lines of output, its memory, its end.

    After finish(): `peak_bytes` of resident memory; `share`, the part of its life in
    which it had the core. The programs never wait, so on a busy machine the time that
    they measure, times the share, is the time that they needed.
    """

    def __init__(self, command, timeout, core=-1, env=None, stderr=None):
        self.command = command
        self.start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=stderr,
                                        text=True, env=env, preexec_fn=lambda: _one_core(core))
        self.killer = threading.Timer(timeout, self.process.kill)
        self.killer.start()

    def lines(self):
        for line in self.process.stdout:  # `yield from` would close it
            yield line

    def resident_bytes(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise RunError("no VmRSS of " + " ".join(self.command))

    def finish(self):
        self.process.stdout.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.killer.cancel()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != 0:
            raise RunError("exit code %d: %s" % (self.process.returncode, " ".join(self.command)))
        self.peak_bytes = usage.ru_maxrss * 1024
        self.share = min(1, (usage.ru_utime + usage.ru_stime) / (time.monotonic() - self.start))


def _figures(lines):
    """Of lines `metric nanoseconds operations result`: nanoseconds per operation."""
    figures = {}
    for line in lines:
        metric, nanoseconds, operations, result = line.split()
        figures[metric] = (int(nanoseconds) / int(operations), result)
    return figures


def _timed(command, timeout):
    run = Run(command, timeout)
    figures = _figures(run.lines())
    run.finish()
    return {metric: (time_ns * run.share, result) for metric, (time_ns, result) in figures.items()}, run.peak_bytes


def timed(command, benchmark, timeout):
    return _timed(command, timeout)[0]


def timed_with_peak(command, benchmark, timeout):
    figures, peak_bytes = _timed(command, timeout)
    return {**figures, benchmark.program + "-peak": (peak_bytes, None)}


READY = re.compile(r"^node (.*):(\d+) ready$|^ready (.*)$")


class Serving:
    """The node that serves, and what it needs: the cookie of ours, the port mapper of Erlang's. Killed at the end."""

    def __init__(self, command, core, timeout):
        self.folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.env = {**os.environ, "HOME": self.folder.name, "XDG_CONFIG_HOME": self.folder.name}
        self.mapper = self._start_mapper() if command[0] == "erl" else None
        self.run = Run(command, timeout, core, self.env, subprocess.STDOUT)

    def _start_mapper(self):
        self.env.update(ERL_EPMD_PORT="28999", ERL_EPMD_ADDRESS="127.0.0.1")
        mapper = subprocess.Popen(["epmd", "-port", "28999", "-address", "127.0.0.1"], stdin=subprocess.DEVNULL)
        time.sleep(0.3)
        return mapper

    def address(self):
        """The arguments by which the other node finds it."""
        for line in self.run.lines():
            ready = READY.match(line.rstrip())
            if ready:
                return [ready.group(1), ready.group(2)] if ready.group(1) else ready.group(3).split()
        raise RunError("does not serve: " + " ".join(self.run.command))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.run.killer.cancel()
        self.run.process.kill()
        self.run.process.stdout.close()
        self.run.process.wait()
        if self.mapper:
            self.mapper.kill()
            self.mapper.wait()
        self.folder.cleanup()


def _two_nodes(commands, arguments, suffix, serving_core, timeout):
    """Figures of the node that runs main, their metrics with the suffix. Plain times: two OS processes that wait for
    each other have no share of a core."""
    serve, main = commands
    with Serving(serve, serving_core, timeout) as serving:
        run = Run(main + serving.address() + arguments, timeout, -1, serving.env)
        figures = _figures(run.lines())
        run.finish()
    return {metric + suffix: figure for metric, figure in figures.items()}


def nodes_on_one_core(commands, arguments, timeout):
    return _two_nodes(commands, arguments, "-one", -1, timeout)


def nodes_on_two_cores(commands, arguments, timeout):
    return _two_nodes(commands, arguments, "-two", 0, timeout)


def _resident_at_marks(command, timeout):
    """Of lines `mark name`: the resident memory shortly after each."""
    run = Run(command, timeout)
    marks = {}
    for line in run.lines():
        _, name = line.split()
        time.sleep(0.1)
        marks[name] = run.resident_bytes()
    run.finish()
    return marks


def idle_memory(command, benchmark, timeout):
    marks = _resident_at_marks(command, timeout)
    processes = int(command[-len(benchmark.arguments)])
    return {"idle-memory": ((marks["after"] - marks["before"]) / processes, None)}


def steady_memory(command, benchmark, timeout):
    marks = _resident_at_marks(command, timeout)
    return {"steady-" + benchmark.arguments[-1]: (max(0, marks["end"] - marks["warm"]), None)}


START_REPEATS = 20


def _start_to_exit(command):
    """Nanoseconds, and the output. Not by a Run: to fork Python takes longer than the program."""
    reader, writer = os.pipe()
    start = time.perf_counter_ns()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)])
    os.waitpid(process, 0)
    elapsed = time.perf_counter_ns() - start
    os.close(writer)
    with os.fdopen(reader) as output:
        return elapsed, output.read().strip()


def start_to_exit(command, benchmark, timeout):
    """The median of several starts: one alone is too short to trust."""
    starts = sorted(_start_to_exit(command) for _ in range(START_REPEATS))
    return {benchmark.program + "-start": starts[START_REPEATS // 2]}


def compile(command, benchmark, timeout):
    """`command` is the compiler's."""
    start = time.perf_counter_ns()
    run = Run(command, timeout)
    for _ in run.lines():
        pass
    run.finish()
    return {benchmark.program + "-compile": ((time.perf_counter_ns() - start) * run.share, None)}
