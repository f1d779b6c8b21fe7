"""Starts node processes, watches what they print, stops them, and looks at what must hold for all of them:
no end by a signal that the test did not send, no report of a sanitizer, an end in time, nobody left behind."""

import io
import itertools
import os
import queue
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|MemorySanitizer|ThreadSanitizer")
PATIENCE = 6  # a wait for what must happen ends only when it surely does not happen any more
READY = re.compile(r"^node (.*):(\d+) ready$")


_number = itertools.count()
STARTED = []  # the process groups of all nodes, for a runner that is stopped itself


class Failure(Exception):
    """What a test expected did not happen."""


class Skip(Exception):
    """The machine cannot do what the test needs; the text says what."""


class Lines:
    """A stream of a process: its lines so far, and those that nobody has asked for."""

    def __init__(self, stream):
        self.all, self.fresh, self.closed = [], queue.Queue(), threading.Event()
        self.thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.thread.start()

    def _read(self, stream):
        for line in stream:
            line = line.decode(errors="replace").rstrip("\n")
            self.all.append(line)
            self.fresh.put(line)
        stream.close()
        self.closed.set()
        self.fresh.put(None)

    def next(self, seconds):
        """The next line; None after the end or the time."""
        try:
            line = self.fresh.get(timeout=max(0, seconds))
        except queue.Empty:
            return None
        if line is None:
            self.fresh.put(None)
        return line

    def text(self):
        return "\n".join(self.all)


class Node:
    """A started program. `address` is (host, port) once it is ready."""

    def __init__(self, cluster, name, command, env, folder, stdout=None, stderr=None):
        """stdout, stderr: descriptors that somebody else reads, or nobody."""
        self.cluster, self.name = cluster, name
        self.killed = self.ended = False
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout or subprocess.PIPE, stderr=stderr or subprocess.PIPE,
                                        env=env, cwd=folder, start_new_session=True, preexec_fn=_no_core)
        STARTED.append(self.process.pid)
        self.out, self.err = Lines(self.process.stdout or io.BytesIO()), Lines(self.process.stderr or io.BytesIO())
        self.address = None

    # -- what it says

    def ready(self, seconds=10):
        """Waits until it can be reached; gives its address."""
        limit = self.cluster.deadline(seconds)
        while self.address is None:
            line = self.err.next(limit - time.monotonic())
            if line is None:
                raise self.failure("is not ready")
            match = READY.match(line)
            if match:
                self.address = (match.group(1), int(match.group(2)))
        return self.address

    @property
    def host_port(self):
        return "%s:%d" % self.ready()

    def expect(self, *lines, seconds=10):
        """The next lines of standard output are these."""
        for wanted in lines:
            line = self.line(seconds)
            if line != wanted:
                raise self.failure("printed %r, expected %r" % (line, wanted))

    def expect_match(self, pattern, seconds=10):
        """The next line of standard output matches; gives the match."""
        line = self.line(seconds)
        match = re.fullmatch(pattern, line or "")
        if not match:
            raise self.failure("printed %r, expected a match of %r" % (line, pattern))
        return match

    def line(self, seconds=10):
        return self.out.next(self.cluster.patient(seconds))

    def find(self, pattern, seconds=10):
        """Skips lines of standard output until one matches; gives the match."""
        limit = self.cluster.deadline(seconds)
        while True:
            line = self.out.next(limit - time.monotonic())
            if line is None:
                raise self.failure("never printed a match of %r" % pattern)
            match = re.search(pattern, line)
            if match:
                return match

    def complains(self, text, seconds=10, times=1):
        """Standard error has this somewhere, now or soon; so many times."""
        limit = self.cluster.deadline(seconds)
        while self.err.text().count(text) < times:
            if time.monotonic() > limit or (self.err.closed.is_set() and self.err.text().count(text) < times):
                raise self.failure("standard error lacks %r" % text)
            time.sleep(0.02)

    def silent(self, seconds):
        """It prints nothing for so long (not scaled: this is what is measured)."""
        line = self.out.next(seconds)
        if line is not None:
            raise self.failure("printed %r, expected nothing" % line)

    def say(self, text):
        """A line for its standard input."""
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    # -- what is done to it

    def kill(self):
        self.killed = True
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.read_all()

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def terminate(self):
        self.signal(signal.SIGTERM)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def exit(self, code=0, seconds=10):
        """It ends by itself, with this exit code."""
        try:
            got = self.process.wait(self.cluster.patient(seconds))
        except subprocess.TimeoutExpired:
            raise self.failure("does not end") from None
        self.ended = True
        self.read_all()
        if got != code:
            raise self.failure("ended with %s, expected %d" % (got, code))

    def read_all(self):
        """It has ended: all that it wrote is in `out` and `err`."""
        for lines in (self.out, self.err):
            if not lines.closed.wait(self.cluster.patient(10)):
                raise self.failure("its output has no end")

    def running(self):
        return self.process.poll() is None

    # -- what it uses

    def memory(self):
        """Resident bytes; 0 when it has just ended."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS:")), 0)

    def peak_memory(self):
        """The most resident bytes there ever were."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:"))

    def descriptors(self):
        """How many are open; standard output and error, which are opened again at their first use, count once."""
        folder = "/proc/%d/fd" % self.process.pid
        files = {}
        for number in os.listdir(folder):
            try:
                files[number] = os.readlink(os.path.join(folder, number))
            except FileNotFoundError:  # closed meanwhile
                pass
        standard = [files.get(number) for number in ("1", "2")]
        return sum(number in ("1", "2") or file not in standard for number, file in files.items())

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def failure(self, text):
        tail = ["%s: %s" % (self.name, text)]
        for title, lines in (("stdout", self.out), ("stderr", self.err)):
            tail += ["  %s | %s" % (title, line[:300]) for line in list(lines.all)[-12:]]
        return Failure("\n".join(tail))


def _no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Cluster:
    """The nodes of one test, in a folder of their own with a cookie of their own. As a context manager it stops
    them at the end and checks what must hold for every node."""

    def __init__(self, programs, factor=1.0):
        self.programs, self.factor = programs, factor
        self.nodes, self.closers = [], []
        self.folder = tempfile.mkdtemp(prefix="tt-node-")
        self.cookie = os.path.join(self.folder, "cookie")
        # The sanitizer's own exit code would be lost among the others: its report is looked for instead.
        self.env = {"PATH": os.environ["PATH"], "HOME": self.folder, "XDG_CONFIG_HOME": os.path.join(self.folder, "config"),
                    "XDG_RUNTIME_DIR": self.folder, "ASAN_OPTIONS": "detect_leaks=0", "TERMITE_COOKIE_FILE": self.cookie}
        write_cookie(self.cookie)
        # Nobody else is at this address: a port of it that was free is still free when it is used, or used again.
        number, run = next(_number), os.getpid()
        self.host = "127.%d.%d.%d" % (1 + run % 254, 1 + run // 254 % 254, 1 + number % 254)

    # -- time

    def scaled(self, seconds):
        """What takes so long in a release build."""
        return seconds * self.factor

    def patient(self, seconds):
        """How long a test waits for what must happen, and takes so long at most when nothing else runs."""
        return seconds * (PATIENCE + self.factor)

    def deadline(self, seconds):
        return time.monotonic() + self.patient(seconds)

    # -- nodes

    def start(self, program, *arguments, serve=None, node=None, options=(), env=None, name=None, prefix=(), stdout=None,
              stderr=None):
        """A process of tests/node/prog/PROGRAM.scm. serve, node: its address, "HOST:PORT"; port 0: a free one."""
        command = [*prefix, self.programs.binary(program)]
        if serve:
            command.append("--termite-serve=" + serve)
        if node:
            command.append("--termite-node=" + node)
        command += ["--termite-" + option for option in options]
        command += [str(argument) for argument in arguments]
        started = Node(self, name or "%s#%d" % (program, len(self.nodes)), command, {**self.env, **(env or {})}, self.folder,
                       stdout, stderr)
        self.nodes.append(started)
        return started

    def serve(self, program, *arguments, **keywords):
        """A node that serves on loopback, and can be reached when this returns."""
        started = self.start(program, *arguments, serve="127.0.0.1:0", **keywords)
        started.ready()
        return started

    def free_ports(self, n):
        """Ports of `host` that are not in use."""
        sockets = [socket.create_server((self.host, 0)) for _ in range(n)]
        ports = [sock.getsockname()[1] for sock in sockets]
        for sock in sockets:
            sock.close()
        return ports

    def main(self, program, *arguments, **keywords):
        """A node on loopback that runs `main`."""
        return self.start(program, *arguments, node="127.0.0.1:0", **keywords)

    def at_end(self, function):
        self.closers.append(function)

    # -- the end

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        complaints = []
        try:
            for node in self.nodes:
                complaints += self._end(node, kind is None)
        finally:
            for function in reversed(self.closers):
                function()
            shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None and complaints:
            raise Failure("\n".join(complaints))
        if complaints and kind is not Skip:
            raise Failure("%s\n%s" % (error, "\n".join(complaints))) from error

    def _end(self, node, orderly):
        """Stops a node that still runs; what is wrong with it."""
        complaints = []
        if node.running():
            node.resume()
            node.terminate()
            try:
                node.process.wait(self.patient(10))
            except subprocess.TimeoutExpired:
                complaints.append(str(node.failure("does not end on SIGTERM")))
        left = _kill_group(node.process.pid)
        STARTED.remove(node.process.pid)
        node.process.wait()
        node.err.closed.wait(self.patient(10))
        node.process.stdin.close()
        if left and not complaints:
            complaints.append("%s: left processes behind" % node.name)
        code = node.process.returncode
        if code < 0 and not node.killed and not complaints and not (code == -signal.SIGTERM and not orderly):
            complaints.append(str(node.failure("was ended by %s" % signal.Signals(-code).name)))
        if SANITIZER.search(node.err.text()):
            complaints.append("%s:\n%s" % (node.name, node.err.text()[:6000]))
        return complaints


def _kill_group(group):
    """Whether anything of the process group was still alive, which now is not."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return any(_alive(pid) for pid in _members(group))


def _members(group):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) == group:
                yield int(pid)
        except ProcessLookupError:
            pass


def _alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def write_cookie(path, text=None, mode=0o600):
    """A cookie file; without a text, a random one."""
    import base64
    if text is None:
        text = base64.b64encode(os.urandom(32)).decode() + "\n"
    with open(path, "w", opener=lambda p, flags: os.open(p, flags, mode)) as file:
        file.write(text)
    os.chmod(path, mode)
    return text


class Programs:
    """Compiles tests/node/prog/*.scm, each once."""

    def __init__(self, compiler, sources, out):
        self.compiler, self.sources, self.out = compiler, sources, out
        self.lock, self.built = threading.Lock(), {}

    def binary(self, program):
        with self.lock:
            future = self.built.setdefault(program, threading.Lock())
        with future:
            path = os.path.join(self.out, program)
            if not os.path.exists(path):
                self._compile(os.path.join(self.sources, program + ".scm"), path)
            return path

    def _compile(self, source, path):
        done = subprocess.run([self.compiler, source, "-o", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, timeout=1500)
        if done.returncode != 0:
            raise Failure("the compiler refuses %s:\n%s" % (source, done.stdout))
