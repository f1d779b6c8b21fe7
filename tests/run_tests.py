#!/usr/bin/env python3
"""Runs the suites that are programs or texts; tests/README.md says how to write one.

  run     tests/run/**/x.scm: compile, run, compare with the expectations in the comments
  long    those of tests/run that are marked `;; long`
  errors  tests/errors/**/x.scm: compile, compare the errors, warnings, notes
  golden  tests/golden/**/x.scm with x.STAGE: compare with --dump=STAGE
  driver  tests/driver/*.sh: shell scripts that must exit with 0; $TCC is the compiler
  oracle  tests/oracle/*.py: random programs whose results something else predicts; $SEEDS as 1-10
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile

from cross import machines

SKIPPED = 77
TESTS = pathlib.Path(__file__).resolve().parent
COMPILE_SECONDS = 60
MEMORY_BYTES = 8 << 30
MARK = re.compile(r"^;; (expect-error|expect-no-error|expect|exit|args|timeout|memory-mb|input|env):(?: (.*))?$|^;; (heavy|long)$")


class Expectations:
    """What the comments of a test program say."""

    def __init__(self, path):
        self.out, self.err, self.not_err, self.args, self.input, self.env = [], [], [], [], "", {}
        self.exit_code, self.timeout, self.memory, self.heavy, self.long = 0, 20.0, MEMORY_BYTES, False, False
        for line in path.read_text(errors="replace").splitlines():
            match = MARK.match(line)
            if match:
                self.take(match.group(1) or match.group(3), match.group(2) or "")

    def take(self, mark, text):
        if mark == "expect":
            self.out.append(text)
        elif mark == "expect-error":
            self.err.append(text)
        elif mark == "expect-no-error":
            self.not_err.append(text)
        elif mark == "exit":
            self.exit_code = int(text)
        elif mark == "args":
            self.args = text.split()
        elif mark == "timeout":
            self.timeout = float(text)
        elif mark == "memory-mb":
            self.memory = int(text) << 20
        elif mark == "input":
            self.input += text + "\n"
        elif mark == "env":
            name, _, value = text.partition("=")
            self.env[name] = value
        else:
            setattr(self, mark, True)


class Suite:
    def __init__(self, options):
        self.options = options
        self.build = pathlib.Path(options.build).resolve()
        self.compiler = str(self.build / "tcc-termite")
        # What a short-lived process leaves to the system is no leak; libgc's heap is unknown to the checker.
        self.env = {"ASAN_OPTIONS": "detect_leaks=0", **os.environ}
        for setting in options.flavour:
            name, _, value = setting.partition("=")
            self.env[name] = value
        self.slow = self.is_slow_build()
        self.target_options, self.runner, self.suffix = [], [], ""
        if options.target:
            self.target_options, self.suffix = ["--target=" + options.target, "--static"], "." + options.target
            self.runner = machines.runner(options.target)
        self.factor = options.timeout_factor or (30.0 if self.slow or self.runner else 6.0)

    def is_slow_build(self):
        """Whether this is a sanitizer or hostile build, by its CMake cache."""
        cache = self.build / "CMakeCache.txt"
        text = cache.read_text() if cache.exists() else ""
        return bool(re.search(r"^(TT_HOSTILE:BOOL=(ON|1|TRUE)|TT_SANITIZE:STRING=.+)$", text, re.M))

    def execute(self, command, seconds, env=None, text_in="", memory=None, cwd=None):
        """Returns (exit code or None after a timeout, stdout, stderr)."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if memory and not self.slow and not self.runner:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**self.env, **(env or {})}, preexec_fn=limit, start_new_session=True, cwd=cwd)
        try:
            out, err = child.communicate(text_in.encode(), seconds * self.factor)
            code = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            code = None
        return code, out.decode(errors="replace"), err.decode(errors="replace")

    # -- each returns a list of complaints, empty when the test passes ------

    def run_program(self, path):
        wanted = Expectations(path)
        with tempfile.TemporaryDirectory(prefix="tt-test-") as folder:
            binary = os.path.join(folder, "program")
            level = ["-O" + self.options.opt_level] if self.options.opt_level else []
            code, out, err = self.execute([self.compiler, *level, *self.target_options, str(path), "-o", binary],
                                          COMPILE_SECONDS)
            if code != 0:
                return [f"compiler: {describe(code)}", *clip(err)]
            code, out, err = self.execute([*self.runner, binary + self.suffix, *wanted.args], wanted.timeout,
                                          wanted.env, wanted.input, wanted.memory, folder)
        complaints = []
        if code != wanted.exit_code:
            complaints.append(f"{describe(code)}, expected exit code {wanted.exit_code}")
        if out.splitlines() != wanted.out:
            complaints += clip("\n".join(difflib.unified_diff(wanted.out, out.splitlines(), "expected", "stdout", lineterm="", n=1)))
        complaints += [f"stderr lacks: {text}" for text in wanted.err if text not in err]
        complaints += [f"stderr has: {text}" for text in wanted.not_err if text in err]
        if complaints and err:
            complaints += ["stderr:", *clip(err)]
        return complaints

    def check_errors(self, path):
        """`;; error L:C text` lines: exactly these errors, in this order, and exit code 1. With a `;; warning L:C text`
        or `;; note L:C text`: the warnings, or the notes, too; without an error the program compiles."""
        text = path.read_text(errors="replace")
        kinds = "|".join(kind for kind in ("error", "warning", "note") if kind == "error" or f";; {kind} " in text)
        wanted = re.findall(rf"^;;\s*({kinds}) (\d+:\d+) (.*)$", text, re.M)
        exit_code = 1 if any(kind == "error" for kind, *_ in wanted) else 0
        with tempfile.TemporaryDirectory(prefix="tt-test-") as folder:
            binary = os.path.join(folder, "program")
            code, _, err = self.execute([self.compiler, str(path), "-o", binary], COMPILE_SECONDS)
            complaints = ["left an output file"] if exit_code and os.path.exists(binary) else []
        got = [(kind, place, text) for place, kind, text in
               re.findall(rf"^[^\n:]*:(\d+:\d+): (?:fatal )?({kinds}): (.*)$", err, re.M)]
        if code != exit_code:
            complaints.append(f"{describe(code)}, expected exit code {exit_code}")
        for index in range(max(len(wanted), len(got))):
            want = wanted[index] if index < len(wanted) else None
            have = got[index] if index < len(got) else None
            if not want or not have or want[:2] != have[:2] or want[2] not in have[2]:
                complaints.append(f"diagnostic {index + 1}: expected {want}, got {have}")
        return complaints + (clip(err) if complaints else [])

    def check_golden(self, path):
        complaints = []
        for golden in sorted(path.parent.glob(path.stem + ".*")):
            stage = golden.suffix[1:]
            if stage in ("scm", "args"):
                continue
            arguments = path.with_suffix(".args")
            extra = arguments.read_text().split() if arguments.exists() else []
            code, out, err = self.execute([self.compiler, "--dump=" + stage, *extra, path.name], COMPILE_SECONDS, cwd=path.parent)
            if code != 0:
                complaints += [f"--dump={stage}: {describe(code)}", *clip(err)]
            elif out != golden.read_text():
                if self.options.promote:
                    golden.write_text(out)
                    continue
                complaints += clip("\n".join(difflib.unified_diff(golden.read_text().splitlines(), out.splitlines(),
                                                                  golden.name, "--dump=" + stage, lineterm="", n=2)))
        return complaints

    def run_script(self, path):
        with tempfile.TemporaryDirectory(prefix="tt-test-") as folder:
            interpreter = ["sh", "-eu"] if path.suffix == ".sh" else [sys.executable]
            code, out, err = self.execute([*interpreter, str(path)], 120,
                                          {"TCC": self.compiler, "BUILD": str(self.build), "TESTS": str(TESTS)}, cwd=folder)
        return [] if code == 0 else [describe(code), *clip(out + err)]


def describe(code):
    if code is None:
        return "timeout"
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def clip(text, limit=30):
    lines = [line[:300] for line in text.splitlines()]
    return lines if len(lines) <= limit else lines[:limit] + [f"... {len(lines) - limit} more lines"]


def tests_of(suite, mode):
    """The test function of a mode and the files it applies to."""
    if mode == "errors":
        return suite.check_errors, sorted((TESTS / "errors").rglob("*.scm"))
    if mode == "golden":
        return suite.check_golden, sorted((TESTS / "golden").rglob("*.scm"))
    if mode == "driver":
        return suite.run_script, sorted((TESTS / "driver").glob("*.sh"))
    if mode == "oracle":
        return suite.run_script, sorted((TESTS / "oracle").glob("*.py"))
    files = []
    for path in sorted((TESTS / "run").rglob("*.scm")):
        wanted = Expectations(path)
        if wanted.long == (mode == "long") and not (wanted.heavy and suite.slow):
            files.append(path)
    return suite.run_program, files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["run", "long", "errors", "golden", "driver", "oracle"], nargs="?", default="run")
    parser.add_argument("--build", default="build", help="build folder, with the compiler")
    parser.add_argument("--filter", default="", help="only tests whose path contains this")
    parser.add_argument("--target", default="", help="run: compile for that machine, run under qemu (or skip, with the reason)")
    parser.add_argument("--opt-level", default="", help="compile with -O0 ... -O3")
    parser.add_argument("--flavour", action="append", default=[], metavar="NAME=VALUE", help="environment of compiler and programs")
    parser.add_argument("--timeout-factor", type=float, default=0, help="multiply all time limits, which are for a machine that does nothing else (default 6; 30 for sanitizer and hostile builds)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--promote", action="store_true", help="golden: rewrite the files that differ")
    parser.add_argument("--list", action="store_true", help="print the tests and exit")
    options = parser.parse_args()
    reason = machines.missing(options.target, options.build) if options.target else None
    if reason:
        print("skipped:", reason)
        return SKIPPED
    suite = Suite(options)
    function, files = tests_of(suite, options.mode)
    files = [path for path in files if options.filter in str(path.relative_to(TESTS))]
    if options.list:
        print(*(path.relative_to(TESTS) for path in files), sep="\n")
        return 0
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, complaints in zip(files, pool.map(function, files)):
            if complaints:
                failed += 1
                print(f"FAIL {path.relative_to(TESTS)}", *("    " + line for line in complaints), sep="\n", flush=True)
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
