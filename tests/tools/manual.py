#!/usr/bin/env python3
"""Runs the examples of the manuals: fenced ```scheme blocks that are whole programs, which say in comments
`; prints: text` what they print, line by line. A block without such a line is not run.

manual.py --build DIR FILE.md...
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```scheme\n(.*?)^```$", re.M | re.S)
PRINTS = re.compile(r";+ prints: (.*)$", re.M)
SECONDS = 600


def examples(path):
    """(line number, program, lines that it prints) of each block."""
    text = path.read_text()
    for block in BLOCK.finditer(text):
        wanted = PRINTS.findall(block.group(1))
        if wanted:
            yield text.count("\n", 0, block.start()) + 1, block.group(1), wanted


def run(compiler, program, folder):
    """What the program prints, or why it does not run."""
    source, binary = os.path.join(folder, "example.scm"), os.path.join(folder, "example")
    pathlib.Path(source).write_text(program)
    # A cookie of its own for the nodes that an example starts.
    env = {"ASAN_OPTIONS": "detect_leaks=0", **os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder}
    for command in ([compiler, source, "-o", binary], [binary]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder, env=env)
        except subprocess.TimeoutExpired:
            return None, "no end after %d seconds" % SECONDS
        if done.returncode != 0:
            return done.stdout, "exit code %d\n%s" % (done.returncode, done.stderr)
    return done.stdout, None


def check(compiler, path):
    """The number of examples, and of those that fail."""
    total = failed = 0
    for line, program, wanted in examples(path):
        total += 1
        with tempfile.TemporaryDirectory(prefix="tt-manual-") as folder:
            out, problem = run(compiler, program, folder)
        got = (out or "").splitlines()
        if problem or got != wanted:
            failed += 1
            print("FAIL %s:%d%s\n  wanted %r\n  got    %r" % (path, line, ": " + problem if problem else "", wanted, got))
    return total, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    compiler = str(pathlib.Path(options.build).resolve() / "tcc-termite")
    counts = [check(compiler, path) for path in options.files]
    total, failed = (sum(column) for column in zip(*counts))
    print("%d examples, %d failed" % (total, failed))
    return 1 if failed or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
