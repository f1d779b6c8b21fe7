#!/usr/bin/env python3
"""Checks the tables of rt/abi: unique names and numbers, a C function and a test for every row of prims.def; and
frontend/foreign.def: names that do not exist here, advice of what does."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ABI = ROOT / "rt/abi"


def strip_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def rows(table, macro):
    text = strip_comments((ABI / table).read_text())
    return [[cell.strip() for cell in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', row)]
            for row in re.findall(macro + r"\((.*)\)", text)]


def duplicates(values):
    seen, twice = set(), []
    for value in values:
        if value in seen:
            twice.append(value)
        seen.add(value)
    return twice


def c_text(folder):
    return "".join(file.read_text(errors="replace") for file in (ROOT / folder).rglob("*")
                   if file.suffix in (".c", ".h"))


def scheme_text(folder):
    return "\n".join(f.read_text(errors="replace") for f in sorted((ROOT / folder).rglob("*.scm")))


def tokens(text):
    return set(re.split(r"[\s()'`,\"\[\];]+", text))


def defined_names():
    """What a program can use: primitives, procedures of the runtime, definitions of lib-scm, special forms."""
    names = {row[1].strip('"') for row in rows("prims.def", "PRIM") + rows("procs.def", "PROC")}
    names |= set(re.findall(r"^\(define(?:-inline|-syntax)? \(?([^\s()]+)", scheme_text("lib-scm"), re.M))
    names |= set(re.findall(r'^(?:EXPRESSION|DEFINITION)\(\w+, *"([^"]+)"', (ROOT / "frontend/forms.def").read_text(), re.M))
    return names


def check_foreign(problems):
    text = strip_comments((ROOT / "frontend/foreign.def").read_text())
    text = re.sub(r'"\s*\n\s*"', "", re.sub(r"^#.*$", "", text, flags=re.M))
    known, seen = defined_names(), set()
    for macro, names, advice in re.findall(r'^(\w+)\("([^"]*)",\s*(NULL|\w+|"(?:[^"\\]|\\.)*")\)', text, re.M):
        for name in names.split():
            if name in known:
                problems.append(f"foreign.def: {name} exists")
            if (name, macro == "FOREIGN") in seen:
                problems.append(f"foreign.def: {name} twice")
            seen.add((name, macro == "FOREIGN"))
        for call in re.findall(r"`\(([^\s()]+)", advice):
            if call not in known:
                problems.append(f"foreign.def: {names}: there is no {call}")
    if len(seen) < 100:
        problems.append("foreign.def: the rows are not found")


def main():
    problems = []
    check_foreign(problems)
    prims = rows("prims.def", "PRIM")
    for column, what in ((0, "id"), (1, "name")):
        for value in duplicates(row[column] for row in prims):
            problems.append(f"prims.def: {what} {value} twice")
    for table, macro, columns in (("objects.def", "OBJECT", (0, 1)), ("immediates.def", "IMMEDIATE", (0, 1)),
                                  ("classes.def", "CLASS", (0, 1)), ("symbols.def", "SYMBOL", (0, 1)),
                                  ("procs.def", "PROC", (0, 1)), ("hooks.def", "HOOK", (0, 1)),
                                  ("conditions.def", "CONDITION", (0, 2)), ("wire.def", "WIRE", (0, 1))):
        for column in columns:
            for value in duplicates(row[column] for row in rows(table, macro)):
                problems.append(f"{table}: {value} twice")

    wire = rows("wire.def", "WIRE")
    described = (ROOT / "rt/wire/FORMAT.md").read_text()
    for name, number, text in wire:
        if not re.search(r"^\| %s \| %s \|" % (number, text.strip('"')), described, re.M):
            problems.append(f"wire.def: {name}: not in rt/wire/FORMAT.md")

    runtime = c_text("rt")
    library = tokens(scheme_text("lib-scm"))
    compiler = c_text("frontend") + c_text("ir")
    tested = tokens(scheme_text("tests"))
    for row in prims:
        name, lowering, symbol = row[1].strip('"'), row[-2], row[-1]
        stem = re.sub(r"^tt_(op|prim)_", "", symbol)
        made = re.escape(re.sub(r"^set_", "", stem))  # by a macro that makes a reader and a writer
        if lowering != "BUILD" and not re.search(r"\b(%s|[A-Z_]+\(%s\b)" % (re.escape(symbol), made), runtime):
            problems.append(f"prims.def: {name}: no function {symbol} in rt/")
        if name.startswith("%") and name not in library and f"PRIM_{row[0]}" not in compiler:
            problems.append(f"prims.def: {name}: neither lib-scm nor the compiler uses it")
        if not name.startswith("%") and name not in tested:
            problems.append(f"prims.def: {name}: no test uses it")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
