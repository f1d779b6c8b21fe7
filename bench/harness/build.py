"""Builds the benchmark programs, each peer with its own compiler.

A builder takes the program's name and gives the command that runs it (a list to
which the program's arguments are added), or None where the peer has no such
program. Everything goes into the folder `out`. A program of two nodes has a second
command, that of the node which serves: Builder.serve_command.
"""

import os
import shutil
import subprocess

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
LOOPBACK = "127.0.0.1:0"

GAMBIT_SAFE = "(declare (standard-bindings) (extended-bindings))"
GAMBIT_BLOCK = "(declare (standard-bindings) (extended-bindings) (block) (not safe))"


class BuildError(Exception):
    pass


def _run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise BuildError("%s\n%s" % (" ".join(command), done.stdout))


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def is_of_nodes(program):
    return program.startswith("node-")


class Builder:
    """One folder of programs; each is built once."""

    def __init__(self, out, driver):
        self.out = out
        self.driver = driver
        self.built = {}
        os.makedirs(out, exist_ok=True)

    def command(self, peer, program):
        key = (peer, program)
        if key not in self.built:
            self.built[key] = getattr(self, "_build_" + peer)(program)
        return self.built[key]

    def serve_command(self, peer, program):
        """What the node that serves is started with, once `command` has built it."""
        main = self.command(peer, program)
        if peer == "termite":
            return [main[0], "--termite-serve=" + LOOPBACK]
        if peer == "erlang":
            return [word.replace("bench_main", "bench_serve") for word in main[:-1]] + ["serve"]
        return [main[0], "serve"]

    def _path(self, name):
        return os.path.join(self.out, name)

    def compile_termite(self, program):
        """The command that compiles a program (its time is a benchmark itself), and its output."""
        output = self._path("termite-" + program)
        return [self.driver, "-O2", os.path.join(BENCH, "prog", program + ".scm"), "-o", output], output

    def _build_termite(self, program):
        command, output = self.compile_termite(program)
        _run(command)
        return [output, "--termite-node=" + LOOPBACK] if is_of_nodes(program) else [output]

    def _build_chez(self, program):
        if shutil.which("scheme") is None:
            return None
        source = _write(self._path("chez-%s.ss" % program),
                        '(import (chezscheme))\n(include "%s/peers/chez/prelude.ss")\n(include "%s/prog/%s.scm")\n'
                        '(apply main (command-line-arguments))\n' % (BENCH, BENCH, program))
        output = self._path("chez-%s.so" % program)
        # Top-level programs: known definitions, as in the other compilers.
        script = ('(optimize-level 2) (source-directories \'("%s/prog"))'
                  '(compile-program "%s" "%s")' % (BENCH, source, output))
        _run(["scheme", "-q"], input=script)
        if not os.path.exists(output):
            raise BuildError("Chez Scheme could not compile " + source)
        return ["scheme", "--program", output]

    def _gambit(self, peer, program, declaration):
        if shutil.which("gsc") is None:
            return None
        own = os.path.join(BENCH, "peers", "gambit", program + ".scm")
        portable = os.path.join(BENCH, "prog", program + ".scm")
        includes = [os.path.join(BENCH, "peers", "gambit", "prelude.scm")]
        # A program of bench/prog includes measure.scm itself.
        includes += [os.path.join(BENCH, "prog", "measure.scm"), own] if os.path.exists(own) else [portable]
        text = declaration + "\n" + "".join('(include "%s")\n' % path for path in includes)
        source = _write(self._path("%s-%s.scm" % (peer, program)),
                        text + "(apply main (cdr (command-line)))\n")
        output = self._path("%s-%s" % (peer, program))
        _run(["gsc", "-exe", "-o", output, source])
        return [output]

    def _build_gambit(self, program):
        return self._gambit("gambit", program, GAMBIT_SAFE)

    def _build_gambit_block(self, program):
        return self._gambit("gambit_block", program, GAMBIT_BLOCK)

    def _build_erlang(self, program):
        if shutil.which("erlc") is None:
            return None
        module = "bench_" + program.replace("-", "_")
        names = ["bench", module] + (["bench_node"] if is_of_nodes(program) else [])
        _run(["erlc", "-o", self.out] + [os.path.join(BENCH, "peers", "erlang", name + ".erl") for name in names])
        # One scheduler, room for a million processes.
        command = ["erl", "+S", "1:1", "+P", "4000000", "-noshell", "-pa", self.out]
        if is_of_nodes(program):
            command += ["-name", "bench_main@127.0.0.1", "-setcookie", "bench",
                        "-kernel", "inet_dist_use_interface", "{127,0,0,1}"]
        return command + ["-run", module, "main"]

    def _gcc(self, peer, program, *options):
        if shutil.which("gcc") is None:
            return None
        output = self._path("%s-%s" % (peer, program))
        _run(["gcc", "-O2", *options, "-o", output, os.path.join(BENCH, "peers", "c", program + ".c")])
        return [output, "main"] if is_of_nodes(program) else [output]

    def _build_c(self, program):
        return self._gcc("c", program)

    def _build_c_calls(self, program):
        """gcc copies fib into itself ten deep; here it may not, so that calls are measured."""
        return self._gcc("c_calls", program, "-fno-inline")
