#!/usr/bin/env python3
"""Random `match` and `recv` forms on random data, against a plain matcher written here.

$TCC is the compiler, $SEEDS as 1-10 (default 1-4). Exit code 1 and the seed's difference when results differ;
the program is kept as oracle-patterns-SEED.scm in the current directory.
"""
import difflib
import os
import random
import subprocess
import sys
from collections import namedtuple

# Data: Python ints, bools and strings stand for themselves, lists for proper lists; the rest:
Sym = namedtuple("Sym", "name")
Text = namedtuple("Text", "written")         # a character or flonum, by its written form
Vec = namedtuple("Vec", "items")
Dotted = namedtuple("Dotted", "items tail")
Rec = namedtuple("Rec", "items")             # of the record type `rec`, which has two fields

# Patterns.
Any = namedtuple("Any", "")
Var = namedtuple("Var", "name")
Quoted = namedtuple("Quoted", "datum")
Literal = namedtuple("Literal", "datum")
Unquoted = namedtuple("Unquoted", "name")
ListOf = namedtuple("ListOf", "items")
VecOf = namedtuple("VecOf", "items")
DottedOf = namedtuple("DottedOf", "items tail")
RecOf = namedtuple("RecOf", "items")
Is = namedtuple("Is", "predicate items")
And = namedtuple("And", "items")
Or = namedtuple("Or", "items")
Not = namedtuple("Not", "items")
COMPOUND = (ListOf, VecOf, DottedOf, RecOf, Is, And, Or, Not)
Clause = namedtuple("Clause", "pattern names guard guarded")

ATOMS = [0, 1, 2, 10 ** 20, True, False, "s1", "s2", [], Sym("a"), Sym("b"), Sym("c"), Text("1.5"), Text("#\\x")]
OUTER = {"outer-1": 1, "outer-a": Sym("a"), "outer-l": [1, Sym("a")], "outer-s": "s1"}
GUARDS = {"number?": lambda v: type(v) is int or v == Text("1.5"), "symbol?": lambda v: isinstance(v, Sym),
          "list?": lambda v: isinstance(v, list)}


def write(x):
    if x is True or x is False:
        return "#t" if x else "#f"
    if isinstance(x, int):
        return str(x)
    if isinstance(x, str):
        return f'"{x}"'
    if isinstance(x, list):
        return "(" + " ".join(map(write, x)) + ")"
    if isinstance(x, Vec):
        return "#(" + " ".join(map(write, x.items)) + ")"
    if isinstance(x, Dotted):
        return "(" + " ".join(map(write, x.items)) + " . " + write(x.tail) + ")"
    if isinstance(x, Rec):
        return "#<rec " + " ".join(map(write, x.items)) + ">"
    return x[0]


def quasi(x):
    """The datum as a template of quasiquote."""
    if isinstance(x, Rec):
        return ",(make-rec " + " ".join("`" + quasi(y) for y in x.items) + ")"
    if isinstance(x, list):
        return "(" + " ".join(map(quasi, x)) + ")"
    if isinstance(x, Vec):
        return "#(" + " ".join(map(quasi, x.items)) + ")"
    if isinstance(x, Dotted):
        return "(" + " ".join(map(quasi, x.items)) + " . " + quasi(x.tail) + ")"
    return write(x)


def has_record(x):
    return isinstance(x, Rec) or any(map(has_record, x if isinstance(x, list) else getattr(x, "items", ())))


def write_pattern(p):
    if isinstance(p, Any):
        return "_"
    if isinstance(p, Var):
        return p.name
    if isinstance(p, Literal):
        return write(p.datum)
    if isinstance(p, Quoted):
        return "'" + write(p.datum)
    if isinstance(p, Unquoted):
        return "," + p.name
    items = " ".join(map(write_pattern, p.items))
    if isinstance(p, DottedOf):
        return f"({items} . {write_pattern(p.tail)})"
    if isinstance(p, Is):
        return f"(is: {p.predicate} {items})"
    for kind, word in ((RecOf, "record: rec"), (And, "and:"), (Or, "or:"), (Not, "not:")):
        if isinstance(p, kind):
            return f"({word} {items})"
    return f"#({items})" if isinstance(p, VecOf) else f"({items})"


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def matches(p, x, bound):
    """Whether the pattern takes the datum; adds to the dictionary `bound`."""
    if isinstance(p, Any):
        return True
    if isinstance(p, Var):
        return same(bound.setdefault(p.name, x), x)
    if isinstance(p, (Quoted, Literal)):
        return same(p.datum, x)
    if isinstance(p, Unquoted):
        return same(OUTER[p.name], x)
    if isinstance(p, VecOf):
        return isinstance(x, Vec) and len(x.items) == len(p.items) and all(
            matches(q, y, bound) for q, y in zip(p.items, x.items))
    if isinstance(p, RecOf):
        return isinstance(x, Rec) and all(matches(q, y, bound) for q, y in zip(p.items, x.items))
    if isinstance(p, (Is, And)):
        return (isinstance(p, And) or GUARDS[p.predicate](x)) and all(matches(q, x, bound) for q in p.items)
    if isinstance(p, Not):
        return not matches(p.items[0], x, dict(bound))
    if isinstance(p, Or):
        for q in p.items:
            attempt = dict(bound)
            if matches(q, x, attempt):
                bound.update(attempt)
                return True
        return False
    for q in p.items:
        if isinstance(x, list) and x:
            first, x = x[0], x[1:]
        elif isinstance(x, Dotted):
            first, rest = x.items[0], x.items[1:]
            x = Dotted(rest, x.tail) if rest else x.tail
        else:
            return False
        if not matches(q, first, bound):
            return False
    return matches(p.tail, x, bound) if isinstance(p, DottedOf) else x == [] and isinstance(x, list)


def names_of(p, out):
    if isinstance(p, Var) and p.name not in out:
        out.append(p.name)
    for q in p.items if isinstance(p, COMPOUND) else ():
        names_of(q, out)
    if isinstance(p, DottedOf):
        names_of(p.tail, out)
    return out


def without(p, names):
    """The pattern with `_` in place of variables."""
    if isinstance(p, Var) and p.name in names:
        return Any()
    if not isinstance(p, COMPOUND):
        return p
    p = p._replace(items=[without(q, names) for q in p.items])
    return p._replace(tail=without(p.tail, names)) if isinstance(p, DottedOf) else p


def well_made(p, bound):
    """The pattern with variables only where they get a value; the names that it binds are added to the set."""
    if isinstance(p, Var):
        bound.add(p.name)
    if not isinstance(p, COMPOUND):
        return p
    if isinstance(p, Not):
        return without(p, set(names_of(p, [])) - bound)
    if isinstance(p, Or):
        sets = [set(names_of(q, [])) - bound for q in p.items]
        alternatives = [without(q, names - set.intersection(*sets)) for q, names in zip(p.items, sets)]
        alternatives = [well_made(q, set(bound)) for q in alternatives]
        # what is left in each may have lost variables to an inner `or:` or `not:`
        left = [set(names_of(q, [])) - bound for q in alternatives]
        if any(names != left[0] for names in left):
            alternatives = [without(q, names) for q, names in zip(alternatives, left)]
            left = [set()]
        bound |= left[0]
        return Or(alternatives)
    p = p._replace(items=[well_made(q, bound) for q in p.items])
    return p._replace(tail=well_made(p.tail, bound)) if isinstance(p, DottedOf) else p


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def some(self, low, high, make):
        return [make() for _ in range(self.r.randint(low, high))]

    def datum(self, depth):
        kind = self.r.random()
        if depth <= 0 or kind < 0.45:
            return self.r.choice(ATOMS)
        if kind < 0.8:
            return self.some(0, 3, lambda: self.datum(depth - 1))
        if kind < 0.9:
            return Dotted(self.some(1, 2, lambda: self.datum(depth - 1)), self.r.choice([1, Sym("a"), "s1"]))
        if kind < 0.95:
            return Rec(self.some(2, 2, lambda: self.datum(depth - 1)))
        return Vec(self.some(0, 3, lambda: self.datum(depth - 1)))

    def variable(self):
        return Var(self.r.choice("pquv"))

    def like(self, x, depth):
        """A pattern that might take `x`."""
        if depth <= 0 or self.r.random() < 0.4:
            return self.pattern(depth)
        if self.r.random() < 0.25:
            return self.word([self.like(x, depth - 1), self.pattern(depth - 1)])
        if isinstance(x, list) and len(x) > 1 and self.r.random() < 0.15:
            return self.places(x, depth)
        if isinstance(x, Rec):
            return RecOf([self.like(y, depth - 1) for y in x.items])
        if isinstance(x, list):
            items = [self.like(y, depth - 1) for y in x]
            if items and self.r.random() < 0.25:
                cut = self.r.randint(1, len(items))
                return DottedOf(items[:cut], self.like(x[cut:], depth - 1))
            return ListOf(items) if self.r.random() < 0.85 or has_record(x) else Quoted(x)
        if isinstance(x, Vec):
            return VecOf([self.like(y, depth - 1) for y in x.items])
        if isinstance(x, Dotted):
            return DottedOf([self.like(y, depth - 1) for y in x.items], self.like(x.tail, depth - 1))
        return Quoted(x) if isinstance(x, Sym) or self.r.random() < 0.3 else Literal(x)

    def places(self, x, depth):
        """One variable in two places of the list, in alternatives."""
        variable, alternatives = self.variable(), []
        for place in self.r.sample(range(len(x)), 2):
            items = [self.like(y, depth - 1) for y in x]
            items[place] = variable
            alternatives.append(ListOf(items))
        return Or(alternatives)

    def word(self, patterns):
        self.r.shuffle(patterns)
        return self.r.choice([lambda: Is(self.r.choice(list(GUARDS)), patterns[:1]), lambda: And(patterns),
                              lambda: Or(patterns), lambda: Or(patterns), lambda: Not(patterns[:1])])()

    def pattern(self, depth):
        if depth <= 0 or self.r.random() < 0.6:
            return self.r.choice([Any(), self.variable(), self.variable(), self.variable(), ListOf([]),
                                  Unquoted(self.r.choice(list(OUTER))), Quoted(Sym(self.r.choice("abc"))),
                                  Literal(self.r.choice([x for x in ATOMS if x != [] and not isinstance(x, Sym)]))])
        make = lambda: self.pattern(depth - 1)
        return self.r.choice([lambda: ListOf(self.some(0, 3, make)), lambda: VecOf(self.some(0, 2, make)),
                              lambda: RecOf(self.some(2, 2, make)), lambda: self.word(self.some(2, 3, make)),
                              lambda: DottedOf(self.some(1, 2, make), self.pattern(0))])()

    def clause(self, data):
        pattern = well_made(self.like(self.r.choice(data), 3), set())
        names = names_of(pattern, [])
        guard = self.r.choice(list(GUARDS)) if names and self.r.random() < 0.3 else None
        return Clause(pattern, names, guard, self.r.choice(names) if guard else None)


def write_clause(index, clause):
    guard = f" (where ({clause.guard} {clause.guarded}))" if clause.guard else ""
    return f"    ({write_pattern(clause.pattern)}{guard} (list {' '.join([str(index), *clause.names])}))\n"


def first_result(clauses, x):
    """What the clauses give for the datum, or None."""
    for index, clause in enumerate(clauses):
        bound = {}
        if matches(clause.pattern, x, bound) and (not clause.guard or GUARDS[clause.guard](bound[clause.guarded])):
            return write([index] + [bound[name] for name in clause.names])
    return None


def match_case(g, name, source, expected):
    data = g.some(5, 5, lambda: g.datum(3))
    clauses = g.some(1, 6, lambda: g.clause(data))
    source.append(f"(define ({name} x)\n  (match x\n{''.join(map(write_clause, range(6), clauses))}    (_ 'none)))")
    for x in data:
        source.append(f"(write ({name} `{quasi(x)})) (newline)")
        expected.append(first_result(clauses, x) or "none")


def recv_case(g, name, source, expected):
    mailbox = g.some(2, 6, lambda: g.datum(3))
    clauses = g.some(1, 6, lambda: g.clause(mailbox))
    source.append(f"(define ({name})\n  (recv\n{''.join(map(write_clause, range(6), clauses))}    (after 0 'none)))")
    source.append(f"(for-each (lambda (x) (! (self) x)) `{quasi(mailbox)})")
    result = ""
    while result != "none":
        results = [first_result(clauses, x) for x in mailbox]
        taken = next((i for i, r in enumerate(results) if r), None)
        result = "none" if taken is None else results[taken]
        if taken is not None:
            del mailbox[taken]
        source.append(f"(write ({name})) (newline)")
        expected.append(result)
    source.append(f"(let drain ((left {len(mailbox)})) (if (> left 0) (begin (?) (drain (- left 1)))))")


def program(seed):
    g, source, expected = Generator(seed), ["(define-record-type rec (make-rec x y) rec? (x rec-x) (y rec-y))"], []
    source += [f"(define {name} '{write(x)})" for name, x in OUTER.items()]
    for i in range(12):
        match_case(g, f"match-{i}", source, expected)
    for i in range(8):
        recv_case(g, f"recv-{i}", source, expected)
    return "\n".join(source) + "\n", expected


def main():
    first, _, last = os.environ.get("SEEDS", "1-4").partition("-")
    for seed in range(int(first), int(last or first) + 1):
        file = f"oracle-patterns-{seed}.scm"
        source, expected = program(seed)
        with open(file, "w") as out:
            out.write(source)
        subprocess.run([os.environ["TCC"], file, "-o", "program"], check=True, stderr=subprocess.DEVNULL)
        got = subprocess.run(["./program"], stdout=subprocess.PIPE, timeout=600).stdout.decode().splitlines()
        if got != expected:
            print(f"seed {seed}:", *difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=0), sep="\n")
            return 1
        os.remove(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
