#!/usr/bin/env python3
"""Checks the direction of includes against tools/layers.txt, and that no headers include each other in a cycle."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("frontend", "ir", "codegen", "rt", "tools")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_rules():
    chains, foreign = [], []
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("foreign "):
            _, prefix, *rooms = line.split()
            foreign.append((prefix, rooms))
        elif line:
            chains.append([layer.strip() for layer in line.split("<")])
    return chains, foreign


def layer_of(chain, path):
    """Index of the most specific layer that holds `path`, or None."""
    best = None
    for index, layer in enumerate(chain):
        if path == layer or path.startswith(layer + "/"):
            if best is None or len(layer) > len(chain[best]):
                best = index
    return best


def find_cycle(graph):
    state, stack = {}, []

    def visit(node):
        state[node] = "open"
        stack.append(node)
        for successor in graph.get(node, ()):
            if state.get(successor) == "open":
                return stack[stack.index(successor):] + [successor]
            if successor not in state:
                cycle = visit(successor)
                if cycle:
                    return cycle
        state[node] = "done"
        stack.pop()
        return None

    for node in sorted(graph):
        if node not in state:
            cycle = visit(node)
            if cycle:
                return cycle
    return None


def main():
    chains, foreign = read_rules()
    problems, header_graph = [], {}
    files = sorted(f for folder in FOLDERS for f in (ROOT / folder).rglob("*")
                   if f.suffix in (".c", ".h", ".def"))
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        text = file.read_text(errors="replace")
        for kind, name in INCLUDE.findall(text):
            for prefix, rooms in foreign:
                if name.startswith(prefix) and not any(path.startswith(room) for room in rooms):
                    problems.append(f"{path}: includes {name}, which only {' '.join(rooms)} may")
            if kind != '"':
                continue
            target = ROOT / name
            if not target.exists():
                if not (file.parent / name).exists() and "/" in name:
                    problems.append(f"{path}: {name} is not written from the repository root")
                continue
            if path.endswith(".h") and name.endswith(".h"):
                header_graph.setdefault(path, []).append(name)
            levels = [(layer_of(c, path), layer_of(c, name)) for c in chains]
            levels = [(a, b) for a, b in levels if a is not None]
            if levels and not any(b is not None and b <= a for a, b in levels):
                problems.append(f"{path}: may not include {name} (tools/layers.txt)")
    cycle = find_cycle(header_graph)
    if cycle:
        problems.append("header cycle: " + " -> ".join(cycle))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
