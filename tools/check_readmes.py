#!/usr/bin/env python3
"""Checks the documents against the tree.

Every .c, .h, .def and .scm file is named in the README nearest above it. A name stands between
backquotes: `heap.c`, `heap.[ch]`, `pass_*.c`, `otp/server.scm`, or `tls/` for a whole folder that
has no README of its own. Every file that a document names exists; names whose stem is or ends in
x (`test_x.c`) stand for any. READMEs of folders fit one screen.

Usage: check_readmes.py [ROOT]
"""
import fnmatch
import os
import re
import subprocess
import sys

ROOMS = ("frontend", "ir", "codegen", "rt", "lib-scm", "tools", "bench/micro")
NAMED = (".c", ".h", ".def", ".scm")
MOST_LINES, MOST_COLUMNS = 92, 130  # tables count as lines, but may be wider; generated ones do not count
FILE_NAME = re.compile(r"^[\w./*\[\]{},-]+\.(c|h|\[ch\]|def|scm|py|md|sh)$")
PLACEHOLDER = re.compile(r"(^|[/_])x\.\S+$")


def tokens(text):
    """The words between backquotes outside of indented and fenced blocks."""
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    text = re.sub(r"(?m)^(    |\t).*$", "", text)
    words = set()
    for quoted in re.findall(r"`([^`\n]+)`", text):
        words.update(word.rstrip(":;,") for word in quoted.split())
    words.update(re.findall(r"\]\(([\w./-]+)\)", text))  # links
    return words


def matches(path, folder, token):
    """The token of a document in `folder` means the file `path`."""
    for name in {path, os.path.relpath(path, folder or "."), os.path.basename(path)}:
        if fnmatch.fnmatchcase(name, token):
            return True
    return "/" in token and path.endswith("/" + token)


def tracked(root):
    out = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True)
    if out.returncode == 0 and out.stdout:
        return [f for f in out.stdout.splitlines() if os.path.exists(os.path.join(root, f))]
    files = [os.path.relpath(os.path.join(d, f), root) for d, _, fs in os.walk(root) for f in fs]
    return [f for f in files if not f.startswith((".", "build"))]


def readme_above(path, documents):
    folder = os.path.dirname(path)
    while folder and folder + "/README.md" not in documents:
        folder = os.path.dirname(folder)
    return (folder + "/" if folder else "") + "README.md"


def unnamed(files, documents):
    for path in files:
        if not path.endswith(NAMED) or not path.startswith(tuple(room + "/" for room in ROOMS)):
            continue
        readme = readme_above(path, documents)
        folder = os.path.dirname(readme)
        inner = os.path.relpath(os.path.dirname(path), folder or ".") + "/"
        if inner in documents[readme] and inner != "./":
            continue
        if not any(matches(path, folder, token) for token in documents[readme]):
            yield f"{readme}: does not name {os.path.relpath(path, folder or '.')}"


def missing(files, documents):
    known = set(files) | {os.path.basename(f) for f in files}
    for document, words in sorted(documents.items()):
        folder = os.path.dirname(document)
        for word in sorted(words):
            if not FILE_NAME.match(word) or PLACEHOLDER.search(word) or "**" in word:
                continue
            near = os.path.normpath(os.path.join(folder, word))
            if word in known or near in known:
                continue
            if not any(matches(f, folder, word) for f in files):
                yield f"{document}: {word}: no such file"


def too_long(document, text):
    if os.path.basename(document) != "README.md" or document == "README.md":
        return
    text = re.sub(r"(?s)<!-- table -->.*<!-- end of table -->", "", text)
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{document}: {len(lines)} lines, at most {MOST_LINES}"
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_COLUMNS and not line.startswith("|"):
            yield f"{document}:{number}: {len(line)} columns, at most {MOST_COLUMNS}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    files = tracked(root)
    documents, faults = {}, []
    for path in files:
        if path.endswith(".md"):
            with open(os.path.join(root, path), encoding="utf-8") as f:
                text = f.read()
            documents[path] = tokens(text)
            faults += too_long(path, text)
    faults += unnamed(files, documents)
    faults += missing(files, documents)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
