#!/usr/bin/env python3
"""Checks the direction of includes against tools/layers.txt, and that no headers include each other in a cycle.

With `--objects BUILD` (a build folder, for its object files) also the direction of the symbols that they
define and use: who declares a function of a layer to its right by himself is found, too; and names that the compiler and the
runtime both define, as a node may hold both."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNTIME_OBJECTS = "rt/CMakeFiles/termite.dir"
FOLDERS = ("frontend", "ir", "codegen", "rt", "tools")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_rules():
    chains, foreign, linked = [], [], []
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("foreign "):
            _, prefix, *rooms = line.split()
            foreign.append((prefix, rooms))
        elif line.startswith("linked "):
            linked.append(tuple(line.split()[1:]))
        elif line:
            chains.append([layer.strip() for layer in line.split("<")])
    return chains, foreign, linked


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


def symbols_of(folder, objects):
    """Source path -> (symbols that it defines, symbols that it uses)."""
    found = {}
    files = {file: f"{folder}/{file.relative_to(objects).as_posix()}".removesuffix(".o").replace(f"{folder}/__/", "") for file in sorted(objects.rglob("*.o"))}
    files = {file: path for file, path in files.items() if (ROOT / path).exists()}  # not what is left of a former name
    if not files:
        return found
    nm = subprocess.run(["nm", "-A", "--format=posix", *files], check=True, capture_output=True, text=True)
    for line in nm.stdout.splitlines():
        file, symbol, kind = line.split()[:3]
        defined, used = found.setdefault(files[pathlib.Path(file.rstrip(":"))], (set(), set()))
        if kind in "BCDRTVW":
            defined.add(symbol)
        elif kind == "U":
            used.add(symbol)
    return found


def may_link(linked, path, target):
    return any(path == user and target.startswith(folder) for user, folder in linked)


def check_symbols(chains, linked, objects):
    """A layer of the runtime uses symbols of itself and of what is to its left. Single files that stand in a chain of their
    own are there for what they declare; what they define counts with their folder."""
    chain = next([layer for layer in c if "." not in layer] for c in chains if "rt/os" in c)
    found = symbols_of("rt", objects)
    if not found:
        return [f"{objects}: no object files"]
    definer = {symbol: path for path, (defined, _) in found.items() for symbol in defined}
    problems = []
    for path, (_, used) in found.items():
        level = layer_of(chain, path)
        for symbol in sorted(used):
            target = definer.get(symbol)
            other = layer_of(chain, target) if target else None
            if level is not None and other is not None and other > level and not may_link(linked, path, target):
                problems.append(f"{path}: uses {symbol} of {target} (tools/layers.txt)")
    return problems


def check_names(build):
    """The compiler and the runtime may be linked into one process: no name has two meanings there."""
    runtime = {symbol: path for path, (defined, _) in symbols_of("rt", build / RUNTIME_OBJECTS).items() for symbol in defined}
    problems = []
    for folder in ("frontend", "ir", "codegen"):
        for path, (defined, _) in symbols_of(folder, build / folder / "CMakeFiles" / f"tt_{folder}.dir").items():
            problems += [f"{path}: {symbol} is also in {runtime[symbol]}" for symbol in sorted(defined)
                         if runtime.get(symbol, path) != path]
    return problems


def main():
    chains, foreign, linked = read_rules()
    problems, header_graph = [], {}
    if sys.argv[1:2] == ["--objects"]:
        build = pathlib.Path(sys.argv[2])
        problems = check_symbols(chains, linked, build / RUNTIME_OBJECTS) + check_names(build)
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
